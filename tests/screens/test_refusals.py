"""What belongs to one person, institution, body or round does nothing and shows nothing in other hands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final, get_args

import pytest
from sqlalchemy import update
from tests.conversations.house import dump
from tests.screens import archived, balloted, convened, gathered, minuted, planned, polled, proposed
from tests.screens.personas import (
    ANNA,
    BOGDAN,
    CELINA,
    FORMER,
    GONE,
    GOPS,
    IDA,
    IGOR,
    KINGA,
    LIBRARY,
    NAMES,
    STRANGER,
    Stage,
    stage,
    write_conclusion,
)  # fmt: skip

from konwent_bot import i18n
from konwent_bot.clock import FixedClock
from konwent_bot.i18n import Translator
from konwent_bot.office import invitations, seats
from konwent_bot.office.dialogues import Fill, Touch, Verb
from konwent_bot.office.door import Door
from konwent_bot.office.rights import OPERATOR
from konwent_bot.screens import reception, telegram
from konwent_bot.screens.intents import (
    AcceptInvitation,
    AcceptNotice,
    Accessibility,
    AskDiscard,
    AskEmail,
    AskErase,
    AskGivePost,
    AskHandOver,
    AskLeave,
    AskLink,
    AskName,
    AskPrint,
    AskVacate,
    Begin,
    ChangeCard,
    ChangeEmail,
    ChangeName,
    ChooseLanguage,
    ConfirmEmail,
    ConfirmRoster,
    Connect,
    DeclineInvitation,
    Discard,
    DownloadMine,
    Enter,
    Erase,
    GivePost,
    HandOver,
    Help,
    Home,
    Intent,
    IssueInvitation,
    Leave,
    OpenCard,
    OpenChat,
    OpenPage,
    Pause,
    PreviewRoster,
    PrintInvitations,
    Privacy,
    Resume,
    SeeCard,
    SeeCoverage,
    SeeDesk,
    SeeEmailLink,
    SeeEntry,
    SeeImport,
    SeeInstitution,
    SeeInvitation,
    SeeInvitations,
    SeeMembers,
    SeeMine,
    SeeMonth,
    SeePost,
    SeePosts,
    SeeSeat,
    SeeSignIn,
    SendInvitation,
    SendInvitations,
    Settings,
    SignOut,
    Stay,
    TakeOver,
    Vacate,
    decode,
    encode,
)
from konwent_bot.screens.meeting_intents import SeeMeetings
from konwent_bot.screens.reception import Reply, Visitor
from konwent_bot.screens.screen import Screen
from konwent_bot.store.tables import MEMBERSHIP

EVERYBODY: Final = frozenset(NAMES)

#: What a person asks about themselves only: nothing in it names a thing of anybody's.
OWN: Final[frozenset[type[Intent]]] = frozenset(
    {
        Home,
        Help,
        Privacy,
        Settings,
        AskLeave,
        ChooseLanguage,
        Leave,
        Pause,
        DeclineInvitation,
        AcceptNotice,
        Accessibility,
        SeeSignIn,
        AskLink,
        SignOut,
        OpenPage,
        OpenChat,
        Stay,
        SeeMine,
        DownloadMine,
        AskName,
        ChangeName,
        AskEmail,
        ChangeEmail,
        AskErase,
        Erase,
        SeeMeetings,
    }
).union(polled.OWN, archived.ANYBODYS)

OPS_HEAD = ("OPS Janów Lubelski", "head")
OPS_DELEGATE = ("OPS Janów Lubelski", "delegate")

#: What lets in whoever holds the link, in a browser or with one Telegram account: see test_entering.py.
BEARER: Final[frozenset[type[Intent]]] = frozenset({SeeEntry, Enter, Connect, SeeEmailLink, ConfirmEmail, *polled.BEARER})
#: What an own intent with fields is sent with.
ARGUMENTS: Final[dict[type[Intent], Intent]] = {
    ChooseLanguage: ChooseLanguage("uk"), OpenPage: OpenPage("h"), OpenChat: OpenChat(0), Stay: Stay("h"),
}  # fmt: skip
ARGUMENTS.update(polled.OWN)
ARGUMENTS.update(archived.ANYBODYS)


def _on_plan(make: Callable[[planned.Plan], list[Intent]]) -> Callable[[Stage], list[Intent]]:
    return lambda s: make(s.plan)


def _at_meeting(make: Callable[[gathered.Gathering], list[Intent]]) -> Callable[[Stage], list[Intent]]:
    return lambda s: make(s.gathering)


def _asked(make: Callable[[polled.Polled], list[Intent]]) -> Callable[[Stage], list[Intent]]:
    return lambda s: make(s.polled)


def _voting(make: Callable[[balloted.Balloted], list[Intent]]) -> Callable[[Stage], list[Intent]]:
    return lambda s: make(s.balloted)


def _deciding(make: Callable[[proposed.Proposed], list[Intent]]) -> Callable[[Stage], list[Intent]]:
    return lambda s: make(s.proposed)


def _writing(make: Callable[[minuted.Minuted], list[Intent]]) -> Callable[[Stage], list[Intent]]:
    return lambda s: make(s.minuted)


def _reading(make: Callable[[archived.Archived], list[Intent]]) -> Callable[[Stage], list[Intent]]:
    return lambda s: make(s.archived)


def _called(make: Callable[[convened.Convened], list[Intent]]) -> Callable[[Stage], list[Intent]]:
    return lambda s: make(s.convened)


#: Who may press the buttons of a meeting that are not its coordinator's alone.
_MEETS: Final[dict[type[Intent], frozenset[int]]] = {
    **dict.fromkeys(convened.OPEN, frozenset({ANNA, BOGDAN, CELINA, KINGA})),
    **dict.fromkeys(convened.OF_GOPS, frozenset({ANNA, BOGDAN})),
    **dict.fromkeys(gathered.OPEN, frozenset({ANNA, BOGDAN, CELINA, KINGA})),
    **dict.fromkeys(gathered.OF_MEMBERS, frozenset({ANNA, BOGDAN, CELINA})),
    **dict.fromkeys(gathered.OF_GOPS, frozenset({ANNA, BOGDAN})),
    **dict.fromkeys(polled.OPEN, frozenset({ANNA, BOGDAN, CELINA, KINGA})),
    **dict.fromkeys(polled.OF_GOPS, frozenset({ANNA, BOGDAN})),
    **dict.fromkeys(proposed.OPEN, frozenset({ANNA, BOGDAN, CELINA, KINGA})),
    **dict.fromkeys(proposed.OF_GOPS, frozenset({ANNA, BOGDAN})),
    **dict.fromkeys(proposed.OF_GOPS_OR_LED, frozenset({ANNA, BOGDAN, KINGA})),
    **dict.fromkeys(archived.OPEN, frozenset({ANNA, BOGDAN, CELINA, KINGA})),
    **dict.fromkeys(archived.OF_GOPS, frozenset({ANNA, BOGDAN})),
    **dict.fromkeys(archived.OF_GOPS_OR_LED, frozenset({ANNA, BOGDAN, KINGA})),
    **dict.fromkeys(balloted.OPEN, frozenset({ANNA, BOGDAN, CELINA, KINGA})),
    **dict.fromkeys(balloted.OF_GOPS, frozenset({ANNA, BOGDAN})),
    **dict.fromkeys(balloted.OF_GOPS_OR_LED, frozenset({ANNA, BOGDAN, KINGA})),
}

#: Everything else: intents that are valid for Anna, head of GOPS, and her network; and who else may send them.
#: Written by hand from conversation.md and domain.md, not from the code.
HERS: Final[dict[type[Intent], tuple[Callable[[Stage], list[Intent]], frozenset[int]]]] = {
    OpenCard: (lambda s: [OpenCard(s.janow.round, s.janow.memberships[GOPS])], frozenset({ANNA, BOGDAN})),
    ChangeCard: (lambda s: [ChangeCard(s.janow.round, s.janow.memberships[GOPS])], frozenset({ANNA, BOGDAN})),
    Resume: (lambda s: [Resume(s.drafts[ANNA][0])], frozenset({ANNA})),
    AskDiscard: (lambda s: [AskDiscard(*s.drafts[ANNA])], frozenset({ANNA})),
    Discard: (lambda s: [Discard(*s.drafts[ANNA])], frozenset({ANNA})),
    SeeMonth: (lambda s: [SeeMonth(*s.drafts[ANNA], 24324), SeeMonth(*s.drafts[ANNA], 36**12 - 1)], frozenset({ANNA})),
    Begin: (lambda s: [Begin(s.drafts[ANNA][0])], frozenset({ANNA})),
    Fill: (lambda s: [Fill(*s.drafts[ANNA])], frozenset({ANNA})),
    TakeOver: (lambda s: [TakeOver(*s.drafts[ANNA])], frozenset({ANNA})),
    SeeCard: (lambda s: [SeeCard(s.janow.round, s.janow.memberships[GOPS])], frozenset({ANNA, BOGDAN})),
    Touch: (lambda s: _touches(*s.drafts[ANNA]), frozenset({ANNA})),
    SeeCoverage: (lambda s: [SeeCoverage(s.janow.round), SeeCoverage(s.janow.round, 7)], frozenset({KINGA})),
    SeeInvitation: (lambda s: [SeeInvitation(s.janow.tokens[GOPS, "head"], "uk")], frozenset()),
    AcceptInvitation: (lambda s: [AcceptInvitation(s.janow.tokens[GOPS, "head"], "uk")], frozenset({ANNA})),
    # The desk of her network. What ends links or takes somebody's place stands last, and is not Anna's own.
    SeeDesk: (lambda s: [SeeDesk(s.janow.body)], frozenset({KINGA})),
    SeeMembers: (lambda s: [SeeMembers(s.janow.body), SeeMembers(s.janow.body, 7)], frozenset({KINGA})),
    SeeInstitution: (lambda s: [SeeInstitution(s.janow.memberships[GOPS])], frozenset({KINGA})),
    SeeSeat: (lambda s: [SeeSeat(s.seats[GOPS, "head"])], frozenset({KINGA})),
    SeePosts: (lambda s: [SeePosts(s.janow.body)], frozenset({KINGA})),
    SeePost: (lambda s: [SeePost(s.posts[s.janow.body])], frozenset({KINGA})),
    SeeInvitations: (lambda s: [SeeInvitations(s.janow.body), SeeInvitations(s.janow.body, 7)], frozenset({KINGA})),
    AskPrint: (lambda s: [AskPrint(s.janow.body)], frozenset({KINGA})),
    AskHandOver: (lambda s: [AskHandOver(s.seats[GOPS, "head"])], frozenset({KINGA})),
    HandOver: (lambda s: [HandOver(s.seats[GOPS, "head"])], frozenset({KINGA})),
    AskVacate: (lambda s: [AskVacate(s.seats[GOPS, "head"])], frozenset({KINGA})),
    AskGivePost: (lambda s: [AskGivePost(s.posts[s.janow.body])], frozenset({KINGA})),
    GivePost: (lambda s: [GivePost(s.posts[s.janow.body])], frozenset({KINGA})),
    SeeImport: (lambda s: [SeeImport(s.janow.body)], frozenset({KINGA})),
    PreviewRoster: (lambda s: [PreviewRoster(s.janow.body)], frozenset({KINGA})),
    ConfirmRoster: (lambda s: [ConfirmRoster(s.janow.body, 1)], frozenset({KINGA})),
    PrintInvitations: (lambda s: [PrintInvitations(s.janow.body)], frozenset({KINGA})),
    SendInvitations: (lambda s: [SendInvitations(s.janow.body)], frozenset({KINGA})),
    SendInvitation: (lambda s: [SendInvitation(s.seats[OPS_DELEGATE], 0)], frozenset({KINGA})),
    IssueInvitation: (lambda s: [IssueInvitation(s.seats[OPS_DELEGATE], 0)], frozenset({KINGA})),
    Vacate: (lambda s: [Vacate(s.seats[OPS_DELEGATE])], frozenset({KINGA})),
}
# The plan of her network; what all its members may see comes first.
for _kind, _plan in planned.BUTTONS.items():
    HERS[_kind] = (_on_plan(_plan), frozenset({ANNA, BOGDAN, CELINA, KINGA} if _kind in planned.OPEN else {KINGA}))
# The meeting of her network: what all its members may see, what people say for their institution, and the rest.
for _kind, _held in gathered.BUTTONS.items():
    HERS[_kind] = (_at_meeting(_held), _MEETS.get(_kind, frozenset({KINGA})))
# Meetings people are called to.
for _kind, _call in convened.BUTTONS.items():
    HERS[_kind] = (_called(_call), _MEETS.get(_kind, frozenset({KINGA})))
# Dates people are asked about, and the group chat.
for _kind, _poll in polled.BUTTONS.items():
    HERS[_kind] = (_asked(_poll), _MEETS.get(_kind, frozenset({KINGA})))
# Proposals, their discussion and the search for consensus.
for _kind, _motion in proposed.BUTTONS.items():
    HERS[_kind] = (_deciding(_motion), _MEETS.get(_kind, frozenset({KINGA})))
# Minutes that went out, answers to them, the archive, tasks.
for _kind, _sent in archived.BUTTONS.items():
    HERS[_kind] = (_reading(_sent), _MEETS.get(_kind, frozenset({KINGA})))
# Minutes, as whoever writes them has them.
for _kind, _draft in minuted.BUTTONS.items():
    HERS[_kind] = (_writing(_draft), frozenset({KINGA}))
# Ballots, the register and its tasks.
for _kind, _ballot in balloted.BUTTONS.items():
    HERS[_kind] = (_voting(_ballot), _MEETS.get(_kind, frozenset({KINGA})))


#: What uses up the turn, or needs more on the stage; that it works is seen elsewhere. (Sets are joined by a call: mypy compares every two
#: of the kinds of intents where several of their collections stand in one literal.)
_ONCE: Final[frozenset[type[Intent]]] = frozenset[type[Intent]]((Touch, Fill, Discard, SeeCard, TakeOver)).union(
    balloted.ONCE, proposed.ONCE, minuted.ONCE, archived.ONCE
)


def _touches(dialogue: int, turn: int) -> list[Intent]:
    arguments: dict[Verb, str] = {"answer": "5", "mark": "time", "unmark": "time", "edit": "goals"}
    return [Touch(dialogue, turn, verb, arguments.get(verb, "")) for verb in get_args(Verb)]


async def visit(door: Door, who: int, intent: Intent) -> tuple[Reply, Translator]:
    """Send an intent as this account, by the way every button goes."""
    read = decode(encode(intent))
    assert read == intent
    return await door.act(lambda uow: reception.answer(uow, Visitor(who, "pl"), read))


async def heard(door: Door, text: str) -> tuple[Reply, Translator]:
    """Let Anna type a text now."""
    return await door.act(lambda uow: reception.hear(uow, Visitor(ANNA), text, message=10**9, written_at=uow.now))


def words(screen: Screen, t: Translator) -> str:
    """Give everything a person reads on a screen, labels of buttons included."""
    message = telegram.render(screen, t)
    return message.html + " ".join(button.text for row in message.keyboard for button in row)


def is_refusal(screen: Screen, t: Translator) -> bool:
    """Whether a screen says that nothing was done, with a way out."""
    says_no = screen.title in (t("This was not done"), t("Secretariat of cooperation bodies"))
    return says_no and bool(screen.actions) and bool(screen.problem or screen.paragraphs)


async def refused(door: Door, made: Stage, who: int, intent: Intent) -> str:
    """Send what this person may not: see that nothing changes and nothing is shown; give what was said."""
    before = await dump(door.store)
    reply, t = await visit(door, who, intent)
    case = f"{NAMES[who]}: {intent}"
    assert await dump(door.store) == before, case
    assert reply.talk is None, case
    said = words(reply.screen, t)
    assert is_refusal(reply.screen, t), f"{case}: {said}"
    for secret in made.secrets():
        assert secret not in said, f"{case} shows {secret}"
    return said


def test_every_kind_of_intent_is_looked_at() -> None:
    """Somebody who adds a button must say here in whose hands it works."""
    assert OWN | BEARER | set(HERS) == set(reception.VISITS) == set(get_args(Intent))
    assert len(OWN) + len(BEARER) + len(HERS) == len(reception.VISITS)


async def test_what_is_annas_is_refused_to_everybody_else(door: Door) -> None:
    """Buttons of a head's conversation, card and network, sent by each other person: refused, nothing changed, nothing shown."""
    made = await stage(door)
    for kind, (intents, allowed) in HERS.items():
        for who in sorted(EVERYBODY - allowed):
            for intent in intents(made):
                assert isinstance(intent, kind)
                await refused(door, made, who, intent)


async def test_her_review_is_shown_to_nobody_else(door: Door) -> None:
    """The same when her draft holds a text of her own and stands in the review, ready to be sent."""
    made = await stage(door)
    await write_conclusion(door, made)
    for kind in (Touch, Resume, AskDiscard, Discard):
        for who in sorted(EVERYBODY - {ANNA}):
            for intent in HERS[kind][0](made):
                await refused(door, made, who, intent)


async def test_whoever_may_is_not_refused(door: Door) -> None:
    """The same buttons work in the hands they were made for: the tests above would notice if nothing worked at all."""
    made = await stage(door)
    for kind, (intents, allowed) in HERS.items():
        if kind in _ONCE:
            continue
        for who in sorted(allowed):
            reply, t = await visit(door, who, intents(made)[0])
            assert not reply.screen.problem, (NAMES[who], kind)
            assert reply.screen.title != t("This was not done")
    reply, _ = await visit(door, ANNA, Touch(*made.drafts[ANNA], "answer", "5"))
    assert reply.talk is not None
    assert reply.talk.state.answers == {"goals": 2, "composition": 5}


async def test_what_one_asks_about_oneself_shows_nobody_elses(door: Door) -> None:
    """Home, help, settings and the rest show each person their own networks and no other."""
    made = await stage(door)
    theirs = {
        ANNA: {GOPS, "lsr-janow"}, BOGDAN: {GOPS, "lsr-janow"}, CELINA: {"OPS Janów Lubelski", "lsr-janow"}, KINGA: {"lsr-janow"},
        IDA: {"GOPS Iława", "lsr-ilawa"}, IGOR: {"lsr-ilawa"},
    }  # fmt: skip
    for kind in sorted(OWN - {Leave, Erase}, key=lambda one: one.__name__):
        for who in sorted(EVERYBODY):
            reply, t = await visit(door, who, ARGUMENTS.get(kind) or kind())  # type: ignore[call-arg]
            said = words(reply.screen, t)
            for secret in set(made.secrets()) - theirs.get(who, set()):
                assert secret not in said, (NAMES[who], kind, secret)


async def test_leaving_takes_nothing_of_anybody_else(door: Door) -> None:
    """Whoever leaves takes their own drafts and account with them; another's draft, seats and cards stay."""
    made = await stage(door)
    ida = made.drafts[IDA][0]
    for who in (STRANGER, GONE, CELINA, BOGDAN, ANNA):
        await visit(door, who, Leave())
    found = await dump(door.store)
    assert [row for row in found["dialogue"] if row.startswith(f"({ida},")]
    assert len(found["dialogue"]) == 1
    reply, _ = await visit(door, IDA, Resume(ida))
    assert reply.talk is not None


@pytest.mark.parametrize("how", ["handed over", "vacated", "left", "institution left"])
async def test_a_former_holder_has_no_access_at_once(door: Door, how: str) -> None:
    """From the moment a seat changes hands its former holder's buttons, typed texts and edits do nothing and show nothing."""
    made = await stage(door)
    theirs = [intent for kind, (intents, allowed) in HERS.items() if ANNA in allowed for intent in intents(made)]
    match how:
        case "handed over":
            await door.act(
                lambda uow: seats.hand_over(uow, OPERATOR, made.seats[GOPS, "head"], name="Nowa", email="n@gops.example")
            )
        case "vacated":
            await door.act(lambda uow: seats.vacate(uow, OPERATOR, made.seats[GOPS, "head"]))
        case "left":
            await visit(door, ANNA, Leave())
        case _:
            gone = update(MEMBERSHIP).where(MEMBERSHIP.c.id == made.janow.memberships[GOPS])
            await door.act(lambda uow: uow.execute(gone.values(left_on=uow.today)))
    for intent in theirs:
        await refused(door, made, ANNA, intent)
    before = await dump(door.store)
    reply, t = await door.act(
        lambda uow: reception.hear(uow, Visitor(ANNA), "4", message=10**9, written_at=uow.now + timedelta(hours=1))
    )
    assert not set(made.secrets()) & set(words(reply.screen, t).split("\n"))
    for secret in made.secrets():
        assert secret not in words(reply.screen, t)
    await door.act(lambda uow: reception.amend(uow, Visitor(ANNA), "4", message=10**9))
    after = await dump(door.store)
    assert {name for name in after if after[name] != before[name]} <= {"person"}, "at most what they see now"


async def test_a_former_coordinator_sees_no_coverage(door: Door) -> None:
    """A post given to somebody else shows its former holder nothing from that moment on."""
    made = await stage(door)
    await door.act(lambda uow: seats.give_post(uow, OPERATOR, made.janow.body, "coordinator", seat=made.seats[OPS_HEAD]))
    await refused(door, made, KINGA, SeeCoverage(made.janow.round))
    reply, _ = await visit(door, CELINA, SeeCoverage(made.janow.round))
    assert not reply.screen.problem


async def test_after_the_round_closed_nothing_moves(door: Door, clock: FixedClock) -> None:
    """Every button of a conversation and card is refused after the last day, also to those it belonged to."""
    made = await stage(door)
    await write_conclusion(door, made)
    clock.move(timedelta(days=31))
    closing = i18n.translator("pl").day(clock.now() - timedelta(days=1))
    for kind in (Touch, Resume, AskDiscard, Discard, OpenCard, ChangeCard):
        for intent in HERS[kind][0](made):
            said = await refused(door, made, ANNA, intent)
            assert closing in said, "the sentence says when it closed"
    before = await dump(door.store)
    for text in ("4", "Jeszcze jedno zdanie"):
        reply, t = await heard(door, text)
        assert is_refusal(reply.screen, t)
    amended = await door.act(lambda uow: reception.amend(uow, Visitor(ANNA), "Inny tekst", message=10**9))
    assert amended is None or is_refusal(amended[0].screen, amended[1])
    assert await dump(door.store) == before


async def test_forged_numbers_open_nothing(door: Door) -> None:
    """Numbers that were never given out, zero and the largest that fit are answered like anything that is not there."""
    made = await stage(door)
    for number in (0, 77, 36**12 - 1):
        for intent in (
            OpenCard(number, made.janow.memberships[GOPS]), OpenCard(made.janow.round, number), ChangeCard(number, number),
            Resume(number), AskDiscard(number, number), Discard(number, number), Touch(number, 1, "answer", "4"), SeeCoverage(number),
            # a pair that each exist, but not together
            OpenCard(made.ilawa.round, made.janow.memberships[GOPS]), OpenCard(made.janow.round, made.ilawa.memberships["GOPS Iława"]),
        ):  # fmt: skip
            for who in (ANNA, KINGA, STRANGER):
                await refused(door, made, who, intent)


async def test_links_that_were_used_replaced_or_ran_out_open_nothing(door: Door, clock: FixedClock) -> None:
    """A used, a replaced, an expired and an invented invitation say what to do, to everybody, and change nothing."""
    made = await stage(door)
    replaced = made.janow.tokens[OPS_DELEGATE]
    fresh = await door.act(lambda uow: invitations.issue(uow, OPERATOR, seat=made.seats[OPS_DELEGATE]).token)
    said = {}
    for name, token in (("used", made.janow.tokens[GOPS, "head"]), ("replaced", replaced), ("forged", "A" * 24)):
        for who in (STRANGER, CELINA, IDA, FORMER):
            for intent in (SeeInvitation(token, "pl"), AcceptInvitation(token, "pl")):
                said[name] = await refused(door, made, who, intent)
    clock.move(timedelta(days=30))
    for who in (STRANGER, CELINA, IDA):
        said["expired"] = await refused(door, made, who, AcceptInvitation(fresh, "pl"))
    assert len(set(said.values())) == 4, "each says its own reason"


async def test_an_invitation_is_good_for_its_own_place_only(door: Door) -> None:
    """Accepting a delegate's link gives that seat, in that institution, in that body, and nothing beside it."""
    made = await stage(door)
    await visit(door, STRANGER, AcceptInvitation(made.janow.tokens[OPS_DELEGATE], "uk"))
    t = i18n.translator("uk")
    reply, _ = await visit(door, STRANGER, Home())
    said = words(reply.screen, t)
    assert "OPS Janów Lubelski" in said
    for foreign in (GOPS, LIBRARY, "lsr-ilawa", "GOPS Iława"):
        assert foreign not in said
    await refused(door, made, STRANGER, OpenCard(made.janow.round, made.janow.memberships[GOPS]))
    await refused(door, made, STRANGER, SeeCoverage(made.janow.round))
