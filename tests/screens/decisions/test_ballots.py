"""Ballots on screens: who may vote for whom, what is shown before the close, what is never shown; and what leaders do with one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from tests.conversations.house import dump
from tests.screens.balloted import OPS, TEXT, Balloted
from tests.screens.personas import ANNA, BOGDAN, CELINA, GOPS, KINGA, LIBRARY, Stage, let_in, stage
from tests.screens.test_refusals import heard, is_refusal, visit, words

from konwent_bot import i18n
from konwent_bot.clock import FixedClock
from konwent_bot.domain.decisions.tally import CHOICES
from konwent_bot.i18n import Translator
from konwent_bot.office import invitations
from konwent_bot.office.decisions import ballot_news, ballots, register
from konwent_bot.office.decisions.ballot_news import BallotNews, DecisionNews
from konwent_bot.office.door import Door
from konwent_bot.office.people import Reader
from konwent_bot.office.rights import OPERATOR
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens import ballot_intents as b
from konwent_bot.screens import messages, reception
from konwent_bot.screens.archive_intents import SeeTask
from konwent_bot.screens.intents import Home, Intent
from konwent_bot.screens.meeting_intents import SeeMeeting
from konwent_bot.screens.reception import Reply, Visitor
from konwent_bot.screens.screen import Screen
from konwent_bot.screens.visiting import Given
from konwent_bot.store.tables import PAPER, TURNOUT, VOTE

PL = i18n.translator("pl")
#: What a choice is called anywhere on a screen, in the languages of the readers.
CHOICES_IN_WORDS = ("Za", "Przeciw", "Wstrzymuję się")


def offered(screen: Screen) -> list[Intent]:
    """Give every intent a screen leads to, in a chat or on a page."""
    found = [one.intent for row in screen.actions for one in row] + [row.action.intent for row in screen.rows if row.action]
    found += [] if screen.form is None else [screen.form.intent]
    return [one for one in found if one is not None]


async def sent(door: Door, made: Stage, who: int, intent: Intent, **fields: str) -> tuple[Reply, Translator]:
    """Send a form of a page as somebody who is signed in."""
    visitor = Visitor(Reader(made.persons[who]), "pl", given=Given(fields=fields), browser=made.cookies[who])
    return await door.act(lambda uow: reception.answer(uow, visitor, intent))


async def also_speaks_for(door: Door, made: Stage, name: str) -> int:
    """Let Anna accept a place of another institution too; give the institution."""
    seat = made.seats[name, "delegate" if name == OPS else "head"]
    token = await door.act(lambda uow: invitations.issue(uow, OPERATOR, seat=seat).token)
    await let_in(door, token, ANNA)
    return made.janow.memberships[name]


async def cast(door: Door, ballot: int) -> dict[int, str]:
    """Give the votes of an open ballot as stored."""
    rows = await door.look(lambda uow: uow.execute(select(VOTE).where(VOTE.c.ballot_id == ballot)).all())
    return {row.membership_id: row.choice for row in rows}


# --- an open ballot ---------------------------------------------------------------------------------------------------


async def test_one_press_votes_and_another_one_changes_it(door: Door) -> None:
    """Anna presses "Za", reads her vote back, and presses "Przeciw"; the live count says how many have voted, and nothing of the result."""
    made = await stage(door)
    v = made.balloted
    reply, t = await visit(door, ANNA, b.SeeBallot(v.open))
    assert [b.Vote(v.open, v.gops, choice) for choice in CHOICES] == [
        one for one in offered(reply.screen) if isinstance(one, b.Vote)
    ][:3]
    said = words(reply.screen, t)
    for shown in (TEXT, "Kworum: co najmniej połowa", "0 z 3", "głos jeszcze nieoddany"):
        assert shown in said
    reply, t = await visit(door, ANNA, b.Vote(v.open, v.gops, "for"))
    assert reply.screen.notice == "Zapisano: GOPS Modliborzyce, za."
    assert "1 z 3" in words(reply.screen, t)
    await visit(door, CELINA, b.Vote(v.open, made.janow.memberships[OPS], "against"))
    reply, t = await visit(door, ANNA, b.Vote(v.open, v.gops, "abstain"))
    assert "✓ Wstrzymuję się" in words(reply.screen, t)
    assert await cast(door, v.open) == {v.gops: "abstain", made.janow.memberships[OPS]: "against"}
    for who in (ANNA, BOGDAN, KINGA):
        reply, t = await visit(door, who, b.SeeBallot(v.open))
        said = words(reply.screen, t)
        assert "2 z 3" in said
        assert OPS not in said, "nobody learns before the close how others voted"
        assert "Przyjęto" not in said


async def test_the_proper_person_s_vote_stands(door: Door) -> None:
    """Anna, who heads GOPS, has voted; her colleague Bogdan is told why his vote does not count, and sees hers."""
    made = await stage(door)
    v = made.balloted
    await visit(door, BOGDAN, b.Vote(v.open, v.gops, "against"))
    await visit(door, ANNA, b.Vote(v.open, v.gops, "for"))
    reply, _ = await visit(door, BOGDAN, b.Vote(v.open, v.gops, "against"))
    assert reply.refusal is not None
    assert reply.screen.problem == PL(
        "The person who represents the institution here in the first place has voted, and that vote counts."
    )
    assert (GOPS, "za") in reply.screen.facts
    assert await cast(door, v.open) == {v.gops: "for"}


async def test_whoever_speaks_for_two_institutions_votes_for_one_at_a_time(door: Door) -> None:
    """Anna also speaks for OPS: the ballot asks which of the two she votes for, and each vote names its institution."""
    made = await stage(door)
    v, ops = made.balloted, await also_speaks_for(door, made, OPS)
    reply, _ = await visit(door, ANNA, b.SeeBallot(v.open))
    assert [one for one in offered(reply.screen) if isinstance(one, b.Vote)] == []
    assert {b.SeeVote(v.open, v.gops), b.SeeVote(v.open, ops)} <= set(offered(reply.screen))
    reply, t = await visit(door, ANNA, b.SeeVote(v.open, ops))
    assert OPS in reply.screen.context
    assert GOPS not in words(reply.screen, t)
    reply, _ = await visit(door, ANNA, b.Vote(v.open, ops, "for"))
    assert (reply.screen.notice, await cast(door, v.open)) == ("Zapisano: OPS Janów Lubelski, za.", {ops: "for"})
    assert {(GOPS, "głos jeszcze nieoddany"), (OPS, "za")} <= set(reply.screen.facts)


async def test_typed_words_vote_where_nothing_else_can_be_meant(door: Door) -> None:
    """With two ballots waiting "za" means nothing; with one, and it open, it is a vote that is read back; a secret one never takes it."""
    made = await stage(door)
    v = made.balloted
    await visit(door, ANNA, Home())  # her card is not what she sees any more
    reply, _ = await heard(door, "za")
    assert reply.at == Home(), "an open and a secret ballot wait"
    await visit(door, ANNA, b.CastPaper(v.secret, v.gops, "against"))
    reply, _ = await heard(door, "Wstrzymuję się!")
    assert reply.screen.notice == "Zapisano: GOPS Modliborzyce, wstrzymuje się."
    assert await cast(door, v.open) == {v.gops: "abstain"}
    reply, _ = await heard(door, "za")
    assert (reply.at, await cast(door, v.open)) == (Home(), {v.gops: "abstain"}), "nothing waits any more"


async def test_a_secret_ballot_takes_no_typed_word(door: Door) -> None:
    """Only the secret ballot waits for Anna: what she types is no vote, wherever it would stay."""
    made = await stage(door)
    v = made.balloted
    await visit(door, ANNA, b.Vote(v.open, v.gops, "for"))
    before = await dump(door.store, but=frozenset({"seen_update", "person"}))
    reply, _ = await heard(door, "za")
    assert reply.at == Home()
    assert await dump(door.store, but=frozenset({"seen_update", "person"})) == before


async def test_a_vote_that_comes_late_is_told_so(door: Door, clock: FixedClock) -> None:
    """After the deadline a press changes nothing and says that it came too late, before and after the clock has closed the ballot."""
    made = await stage(door)
    v = made.balloted
    clock.move(timedelta(days=8))
    reply, t = await visit(door, ANNA, b.Vote(v.open, v.gops, "for"))
    assert reply.refusal is not None
    assert "Czas na głosowanie minął" in words(reply.screen, t)
    await visit(door, KINGA, b.CloseBallot(v.open))
    reply, t = await visit(door, ANNA, b.Vote(v.open, v.gops, "for"))
    assert isinstance(reply.at, b.SeeDecision)
    assert reply.screen.problem
    assert await cast(door, v.open) == {}


# --- a secret one -----------------------------------------------------------------------------------------------------


async def test_before_a_secret_vote_it_is_said_what_it_is(door: Door) -> None:
    """First paper counts, unchangeable, not shown; nothing before the close; until then the operator is trusted; Telegram carries the press."""
    made = await stage(door)
    v = made.balloted
    reply, t = await visit(door, ANNA, b.SeeVote(v.secret, v.gops))
    said = words(reply.screen, t)
    for told in (
        "Liczy się pierwszy głos",
        "nie widzi, ile instytucji zagłosowało",
        "operatora serwera",
        "przez Telegram",
        "Kworum:",
    ):
        assert told in said
    page, _ = await sent(door, made, ANNA, b.SeeVote(v.secret, v.gops))
    assert page.screen.form is not None
    assert page.screen.form.intent == b.AskPaper(v.secret, v.gops, ""), "the address of the form says nothing of the choice"


async def test_whoever_opens_a_secret_ballot_among_three_is_told_that_they_are_hardly_a_crowd(door: Door) -> None:
    """Before choosing how to vote Kinga reads what a result can tell."""
    made = await stage(door)
    reply, t = await visit(door, KINGA, b.AskBallot(made.balloted.ready))
    said = words(reply.screen, t)
    assert "wszyscy zagłosują tak samo" in said
    assert "trudno o tajność" in said


@pytest.mark.parametrize("choice", CHOICES)
async def test_a_secret_vote_is_asked_about_and_then_shown_nowhere(door: Door, choice: str) -> None:
    """A slip is no vote; once it is cast no screen of anybody's and no button says what it was, and it cannot be cast again."""
    made = await stage(door)
    v = made.balloted
    empty = await dump(door.store, but=frozenset({"seen_update", "person"}))
    reply, t = await visit(door, ANNA, b.AskPaper(v.secret, v.gops, choice))
    assert await dump(door.store, but=frozenset({"seen_update", "person"})) == empty, "asking keeps nothing"
    assert b.CastPaper(v.secret, v.gops, choice) in offered(reply.screen)
    reply, t = await visit(door, ANNA, b.CastPaper(v.secret, v.gops, choice))
    assert reply.screen.notice == "Głos oddany: GOPS Modliborzyce. Dziękujemy."
    first = words(reply.screen, t)
    async for screen, said in everything(door, made):
        assert not [one for one in offered(screen) if isinstance(one, b.AskPaper | b.CastPaper) and one.choice]
        assert "Przewodnictwo w sieci" not in said or not any(f">{word}<" in said for word in CHOICES_IN_WORDS)
    for again in CHOICES:
        reply, t = await visit(door, BOGDAN, b.CastPaper(v.secret, v.gops, again))
        assert reply.screen.problem == PL("This institution has voted already. Its first vote counts and cannot be changed.")
    papers = await door.look(lambda uow: uow.execute(select(PAPER.c.choice).where(PAPER.c.ballot_id == v.secret)).scalars().all())
    assert papers == [choice]
    assert not any(f"{word}" in first for word in ("Wstrzymuję się", ">Przeciw<", ">Za<"))


async def everything(door: Door, made: Stage) -> AsyncIterator[tuple[Screen, str]]:
    """Give what every reader sees of the ballot, its meeting and at home."""
    v = made.balloted
    for who in (ANNA, BOGDAN, CELINA, KINGA):
        for intent in (b.SeeBallot(v.secret), Home(), b.SeeRegister(v.body)):
            reply, t = await visit(door, who, intent)
            yield reply.screen, words(reply.screen, t)


async def test_the_screen_after_a_secret_vote_is_the_same_whatever_it_was(door: Door) -> None:
    """Two institutions vote differently; but for their own names they read the same, letter for letter."""
    made = await stage(door)
    v, ops = made.balloted, made.janow.memberships[OPS]
    anna, t = await visit(door, ANNA, b.CastPaper(v.secret, v.gops, "for"))
    celina, _ = await visit(door, CELINA, b.CastPaper(v.secret, ops, "against"))
    assert words(anna.screen, t).replace(GOPS, "X") == words(celina.screen, t).replace(OPS, "X")


async def test_nobody_sees_who_has_voted_in_secret(door: Door) -> None:
    """Two have voted: the coordinator and the third institution see the very screen they saw before."""
    made = await stage(door)
    v = made.balloted
    library = await door.look(lambda uow: ballots.get(uow, v.secret))
    assert library.present == 3
    before = {who: words(*await shown(door, who, b.SeeBallot(v.secret))) for who in (KINGA, CELINA)}
    await visit(door, ANNA, b.CastPaper(v.secret, v.gops, "for"))
    after = {who: words(*await shown(door, who, b.SeeBallot(v.secret))) for who in (KINGA, CELINA)}
    assert after == before
    rows = await door.look(lambda uow: uow.execute(select(TURNOUT.c.membership_id)).scalars().all())
    assert rows == [v.gops], "somebody has voted, so it could have shown"


async def shown(door: Door, who: int, intent: Intent) -> tuple[Screen, Translator]:
    """Give what somebody sees."""
    reply, t = await visit(door, who, intent)
    return reply.screen, t


@pytest.mark.parametrize("kind", [b.Vote, b.AskPaper, b.CastPaper])
async def test_on_a_page_a_choice_never_stands_in_an_address(door: Door, kind: type[b.Vote | b.AskPaper | b.CastPaper]) -> None:
    """An address with a choice in it is like one that does not exist; the choice comes in the form, and an unknown one is none."""
    made = await stage(door)
    v = made.balloted
    ballot = v.open if kind is b.Vote else v.secret
    before = await dump(door.store)
    for intent, fields in ((kind(ballot, v.gops, "for"), {}), (kind(ballot, v.gops, ""), {"choice": "perhaps"})):
        reply, t = await sent(door, made, ANNA, intent, **fields)
        assert is_refusal(reply.screen, t)
    assert await dump(door.store) == before
    reply, _ = await sent(door, made, ANNA, kind(ballot, v.gops, ""), choice="for")
    assert reply.refusal is None


async def test_an_open_vote_pressed_after_the_ballot_became_secret_counts_for_nothing(door: Door) -> None:
    """Kinga makes the ballot secret while Anna still looks at the open one: her press is refused and kept nowhere."""
    made = await stage(door)
    v = made.balloted
    await visit(door, KINGA, b.TightenBallot(v.open, 1, 0))
    before = await dump(door.store)
    reply, t = await visit(door, ANNA, b.Vote(v.open, v.gops, "for"))
    assert reply.screen.problem
    assert "✓" not in words(reply.screen, t)
    assert {name for name, rows in (await dump(door.store)).items() if rows != before[name]} <= {"person"}


# --- leading ----------------------------------------------------------------------------------------------------------


async def test_closing_too_early_says_the_same_of_every_ballot(door: Door) -> None:
    """The button is always there; whether somebody has voted or not, the answer is one and the same sentence."""
    made = await stage(door)
    v = made.balloted
    said = set()
    for ballot in (v.open, v.secret):
        for vote in (None, b.Vote(v.open, v.gops, "for"), b.CastPaper(v.secret, v.gops, "for")):
            if vote is not None and vote.ballot == ballot:
                await visit(door, ANNA, vote)
            screen, _ = await shown(door, KINGA, b.SeeBallot(ballot))
            assert b.CloseBallot(ballot) in offered(screen)
            screen, _ = await shown(door, KINGA, b.CloseBallot(ballot))
            said.add(screen.problem)
    assert len(said) == 1
    assert "jeszcze" in said.pop()


async def test_a_settled_ballot_closes_with_its_rule_its_numbers_and_who_voted_how(door: Door) -> None:
    """All three have voted for: the decision says the rule, the sentence of the result and each institution's vote."""
    made = await stage(door)
    reply, t = await visit(door, KINGA, b.CloseBallot(made.balloted.full))
    assert isinstance(reply.at, b.SeeDecision)
    said = words(reply.screen, t)
    for told in (
        "3/2026: przyjęto",
        "Kworum: co najmniej połowa",
        "Za 3, przeciw 0, wstrzymało się 0. Kworum: 3 z 3",
        "głosowanie jawne",
    ):
        assert told in said
    assert reply.screen.items == tuple(f"{name}: za" for name in sorted((GOPS, OPS, LIBRARY)))


async def test_a_secret_ballot_that_is_closed_names_nobody(door: Door) -> None:
    """All have voted and Kinga closes it: the numbers stand in the decision, and no name."""
    made = await stage(door)
    v = made.balloted
    whose = made.janow.memberships
    await visit(door, ANNA, b.CastPaper(v.secret, v.gops, "for"))
    await visit(door, CELINA, b.CastPaper(v.secret, whose[OPS], "against"))
    await also_speaks_for(door, made, LIBRARY)
    await visit(door, ANNA, b.CastPaper(v.secret, whose[LIBRARY], "for"))
    reply, t = await visit(door, KINGA, b.CloseBallot(v.secret))
    said = words(reply.screen, t)
    assert "Za 2, przeciw 1, wstrzymało się 0." in said
    assert reply.screen.items == ()
    assert not any(name in said for name in whose)


async def test_the_chair_decides_a_tie_that_was_said_beforehand(door: Door) -> None:
    """The rule lets the chair decide: Kinga says "przeciw", takes it back, and the result names the casting vote."""
    made = await stage(door)
    v = made.balloted
    for choice in ("against", "for"):
        screen, t = await shown(door, KINGA, b.CastingVote(v.open, choice))
    assert "✓ Przy remisie: za" in words(screen, t)
    screen, t = await shown(door, ANNA, b.SeeBallot(v.open))
    assert "Przy remisie" not in words(screen, t), "members see no button of the chair's"


@pytest.mark.parametrize(("how", "fields"), [("totals", {"in_favour": "2", "against": "1", "abstain": "0"}), ("names", {})])
async def test_hands_are_read_back_before_they_are_a_decision(door: Door, how: str, fields: dict[str, str]) -> None:
    """What Kinga writes down is shown to her once more; only then it is entered, through the same rule."""
    made = await stage(door)
    v = made.balloted
    if how == "names":
        fields = {
            f"m{number}": choice
            for number, choice in zip(made.janow.memberships.values(), ("for", "for", "against"), strict=True)
        }
    before = await dump(door.store)
    reply, t = await sent(door, made, KINGA, b.NoteHands(v.shown, how, 0), **fields, chair="")
    assert await dump(door.store) == before
    assert "Czy tak policzono?" in words(reply.screen, t)
    assert reply.screen.form is not None
    again = {one.name: one.value for one in reply.screen.form.fields}
    reply, t = await sent(door, made, KINGA, reply.screen.form.intent, **again)
    said = words(reply.screen, t)
    assert "Za 2, przeciw 1, wstrzymało się 0. Kworum: 3 z 3" in said
    assert "podniesienie ręki" in said
    assert len(reply.screen.items) == (3 if how == "names" else 0)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"in_favour": "dwa", "against": "1", "abstain": ""}, "Proszę wpisać liczbę"),
        ({"in_favour": "3", "against": "1", "abstain": "0"}, "4"),
        ({"in_favour": "99999", "against": "1", "abstain": "0"}, "Proszę wpisać liczbę"),
    ],
)
async def test_hands_that_cannot_be_are_refused_in_the_form(door: Door, fields: dict[str, str], told: str) -> None:
    """No number, or more hands than institutions: nothing is entered, and what was written stays in the form."""
    made = await stage(door)
    before = await dump(door.store)
    reply, t = await sent(door, made, KINGA, b.NoteHands(made.balloted.shown, "totals", 1), **fields, chair="")
    assert reply.refusal is not None
    assert told in words(reply.screen, t)
    assert reply.screen.form is not None
    assert {one.name: one.value for one in reply.screen.form.fields if one.name in fields} == fields
    assert await dump(door.store) == before


async def test_forged_lengths_open_nothing(door: Door) -> None:
    """Lengths nobody offered, up to the largest number a button holds, are answered with a sentence."""
    made = await stage(door)
    v = made.balloted
    before = await dump(door.store)
    for proposal in (v.ready, v.shown):
        for length in (500, 10**4, 36**12 - 1):
            reply, _ = await visit(door, KINGA, b.OpenBallot(proposal, "open", length))
            assert reply.screen.problem, (proposal, length)
    for intent in (
        b.OpenBallot(v.ready, "by_hand", 7),
        b.AskLength(v.ready, "loud"),
        b.AskHands(v.shown, "feet"),
        b.TakeRegister(v.body, "exe"),
    ):
        reply, t = await visit(door, KINGA, intent)
        assert is_refusal(reply.screen, t)
    changed = {name for name, rows in (await dump(door.store)).items() if rows != before[name]}
    assert changed <= {"person"}


async def test_where_nobody_objected_no_ballot_is_offered(door: Door) -> None:
    """A proposal that was decided, and one a ballot is open on, lead to a sentence and not to a ballot."""
    made = await stage(door)
    v = made.balloted
    open_one = await door.look(lambda uow: ballots.get(uow, v.open).proposal.id)
    decided = await door.look(lambda uow: register.get(uow, v.former).proposal)
    for proposal in (open_one, decided):
        for intent in (
            b.AskBallot(proposal),
            b.OpenBallot(proposal, "open", 7),
            b.AskLength(proposal, "secret"),
            b.AskHands(proposal, "totals"),
        ):
            reply, t = await visit(door, KINGA, intent)
            assert is_refusal(reply.screen, t), intent


# --- where it is found ------------------------------------------------------------------------------------------------


async def test_home_asks_for_votes_and_tasks_until_they_are_given(door: Door) -> None:
    """Two ballots and a task await Anna; what she has done is gone from the list, what her colleague has done from both."""
    made = await stage(door)
    v = made.balloted
    screen, _ = await shown(door, ANNA, Home())
    for line in (
        "głosowanie jawne, „Wspólny kalendarz szkoleń”",
        "głosowanie tajne, „Przewodnictwo w sieci”",
        "Rezerwacja hali na targi",
    ):
        assert sum(line in item for item in screen.items) == 1
    assert {b.SeeBallot(v.open), b.SeeBallot(v.secret), SeeTask(v.task)} <= set(offered(screen))
    await visit(door, ANNA, b.Vote(v.open, v.gops, "for"))
    await visit(door, BOGDAN, b.CastPaper(v.secret, v.gops, "for"))
    await visit(door, BOGDAN, b.FinishTask(v.task))
    screen, _ = await shown(door, ANNA, Home())
    assert not any("głosowanie" in item or "Rezerwacja" in item for item in screen.items)


async def test_a_meeting_leads_to_the_ballot_that_is_open_there(door: Door) -> None:
    """Kinga opens a ballot at the meeting; its own screen shows it first to everybody."""
    made = await stage(door)
    v = made.balloted
    reply, _ = await visit(door, KINGA, b.OpenBallot(v.shown, "open", 10))
    assert isinstance(reply.at, b.SeeBallot)
    opened = reply.at
    meeting = await door.look(lambda uow: ballots.get(uow, opened.ballot).proposal.meeting)
    assert meeting is not None
    screen, _ = await shown(door, ANNA, SeeMeeting(meeting))
    assert opened in offered(screen)
    screen, t = await shown(door, ANNA, opened)
    assert "(za 10 minut)" in words(screen, t)


# --- what notices say -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["pl", "en", "uk"])
async def test_notices_of_a_secret_ballot_name_no_voter_and_no_choice(door: Door, language: str) -> None:
    """Every notice about it, when two have voted and after it is closed: no institution of the network stands in any, and no choice of any."""
    made = await stage(door)
    v, t = made.balloted, i18n.translator(language)
    await visit(door, ANNA, b.CastPaper(v.secret, v.gops, "for"))
    await visit(door, CELINA, b.CastPaper(v.secret, made.janow.memberships[OPS], "abstain"))
    names = tuple(made.janow.memberships)

    def told(uow: UnitOfWork) -> list[Screen]:
        ballot = ballots.get(uow, v.secret)
        places = ballots.roll(uow, ballot)
        kinds = [one.name.partition(".")[2] for one in ballot_news.OCCASIONS if one.name.startswith("ballot.")]
        assert set(kinds) == {"opened", "reminder"}
        news = [
            BallotNews("opened" if kind == "opened" else "reminder", ballot, one.membership, one.name)
            for kind in kinds
            for one in places
        ]
        return [messages.SCREENS[BallotNews](one, t) for one in news]

    asked = await door.look(told)
    assert len(asked) == 6
    for screen in asked:
        said = words(screen, t)
        assert not any(name in said for name in names)
        assert {type(one) for one in offered(screen)} == {b.SeeBallot}
    await also_speaks_for(door, made, LIBRARY)
    await visit(door, ANNA, b.CastPaper(v.secret, made.janow.memberships[LIBRARY], "for"))
    reply, _ = await visit(door, KINGA, b.CloseBallot(v.secret))
    assert isinstance(reply.at, b.SeeDecision)
    number = reply.at.decision
    entry, result = await door.look(lambda uow: (register.get(uow, number), ballots.get(uow, v.secret).result))
    said = words(messages.SCREENS[DecisionNews](DecisionNews(entry, result), t), t)
    assert not any(name in said for name in names)
    assert "2" in said


async def test_a_notice_of_an_open_ballot_can_be_answered_by_a_press(door: Door) -> None:
    """The three choices hang on the message, for the institution it is for; the rule and the deadline stand in it."""
    made = await stage(door)
    v: Balloted = made.balloted
    ballot = await door.look(lambda uow: ballots.get(uow, v.open))
    screen = messages.SCREENS[BallotNews](BallotNews("opened", ballot, v.gops, GOPS), PL)
    said = words(screen, PL)
    for told in (GOPS, "Kworum: co najmniej połowa", "niedziela, 29 listopada 2026"):
        assert told in said
    assert [one for one in offered(screen) if isinstance(one, b.Vote)] == [b.Vote(v.open, v.gops, choice) for choice in CHOICES]
