"""Two networks with people in every position, made through office acts: whoever may not, stands here beside whoever may."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import select
from tests.conversations.network import ILAWA, JANOW, Network, make
from tests.screens.archived import Archived, make_archived
from tests.screens.balloted import Balloted, make_balloted
from tests.screens.convened import Convened, make_convened
from tests.screens.gathered import Gathering, make_gathering
from tests.screens.minuted import Minuted, make_minuted
from tests.screens.planned import Plan, make_plan
from tests.screens.polled import Polled, make_polled
from tests.screens.proposed import Proposed, make_proposed

from konwent_bot.office import dialogues, invitations, opening, people, privacy, seats, sessions
from konwent_bot.office.dialogues import Talk, Touch
from konwent_bot.office.door import Door
from konwent_bot.office.rights import OPERATOR
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import DIALOGUE, PERSON, POST, SEAT

GOPS, OPS, LIBRARY = JANOW
#: What Anna wrote, and nobody else may read.
WRITTEN = "Chcemy wspólnego kalendarza"

#: Telegram ids by position.
ANNA, BOGDAN, CELINA, KINGA, IDA, IGOR, FORMER, GONE, STRANGER = range(1001, 1010)
NAMES = {
    ANNA: "head of GOPS, with a draft", BOGDAN: "delegate of GOPS", CELINA: "head of another institution of the network",
    KINGA: "coordinator of the network", IDA: "head in another network, with a draft of her own",
    IGOR: "coordinator of another network", FORMER: "former head of the library", GONE: "somebody who has left",
    STRANGER: "a stranger",
}  # fmt: skip


@dataclass
class Stage:
    """What was made."""

    janow: Network
    ilawa: Network
    #: Conversation and turn of Anna and of Ida.
    drafts: dict[int, tuple[int, int]] = field(default_factory=dict)
    #: Telegram id -> person.
    persons: dict[int, int] = field(default_factory=dict)
    #: ("GOPS Modliborzyce", "head") -> seat; ("", body) -> the coordinator's post.
    seats: dict[tuple[str, str], int] = field(default_factory=dict)
    posts: dict[int, int] = field(default_factory=dict)
    #: Telegram id -> the cookie of the browser each was let in by, before anything else happened; a stranger's opens nothing.
    cookies: dict[int, str] = field(default_factory=dict)
    #: The plan of Anna's network: body -> what is on it.
    plans: dict[int, Plan] = field(default_factory=dict)

    #: The meetings of Anna's network ahead, on the plan and over, unless it was to have none.
    called: list[Convened] = field(default_factory=list)
    #: The meeting of Anna's network, unless it was to have none.
    gatherings: list[Gathering] = field(default_factory=list)
    #: The polls and the group chat of Anna's network, unless it was to have none.
    polls: list[Polled] = field(default_factory=list)
    #: The ballots and decisions of Anna's network, unless it was to have none.
    ballots: list[Balloted] = field(default_factory=list)
    #: Its minutes that went out, and its archive, likewise.
    archives: list[Archived] = field(default_factory=list)
    #: Its proposals and rounds of consensus, likewise.
    motions: list[Proposed] = field(default_factory=list)

    #: Its minutes being written, answered and final, likewise.
    minutes: list[Minuted] = field(default_factory=list)

    @property
    def gathering(self) -> Gathering:
        """Give the meeting of Anna's network that begins in half an hour."""
        return self.gatherings[0]

    @property
    def convened(self) -> Convened:
        """Give the meetings of Anna's network ahead, on the plan, and over."""
        return self.called[0]

    @property
    def polled(self) -> Polled:
        """Give the polls and the group chat of Anna's network."""
        return self.polls[0]

    @property
    def plan(self) -> Plan:
        """Give the plan of Anna's network."""
        return self.plans[self.janow.body]

    @property
    def balloted(self) -> Balloted:
        """Give the ballots and decisions of Anna's network."""
        return self.ballots[0]

    @property
    def minuted(self) -> Minuted:
        """Give the minutes of Anna's network."""
        return self.minutes[0]

    @property
    def archived(self) -> Archived:
        """Give the minutes of Anna's network that went out."""
        return self.archives[0]

    @property
    def proposed(self) -> Proposed:
        """Give the proposals and rounds of Anna's network."""
        return self.motions[0]

    def secrets(self) -> tuple[str, ...]:
        """Give the words that stand in anybody's matters."""
        return (*JANOW, *ILAWA, "lsr-janow", "lsr-ilawa", WRITTEN)


async def let_in(door: Door, token: str, telegram: int) -> None:
    """Accept an invitation in Polish."""
    await door.act(lambda uow: invitations.accept(uow, token, caller=telegram, language="pl"))


async def stage(door: Door, *, meets: bool = True) -> Stage:
    """Make both networks, let everybody in, let Anna and Ida begin their cards; and (``meets``) call Anna's network to a meeting."""
    made = Stage(await make(door, slug="lsr-janow"), await make(door, slug="lsr-ilawa", names=ILAWA))
    for telegram, network, key in (
        (ANNA, made.janow, (GOPS, "head")), (BOGDAN, made.janow, (GOPS, "delegate")), (CELINA, made.janow, (OPS, "head")),
        (KINGA, made.janow, ("", "coordinator")), (FORMER, made.janow, (LIBRARY, "head")), (GONE, made.janow, (LIBRARY, "delegate")),
        (IDA, made.ilawa, (ILAWA[0], "head")), (IGOR, made.ilawa, ("", "coordinator")),
    ):  # fmt: skip
        await let_in(door, network.tokens[key], telegram)

    def finish(uow: UnitOfWork) -> None:
        made.cookies[STRANGER] = sessions.new_cookie()
        made.persons.update((row.telegram_id, row.id) for row in uow.execute(select(PERSON.c.telegram_id, PERSON.c.id)))
        for who in NAMES.keys() - {STRANGER}:
            made.cookies[who] = sessions.begin(uow, made.persons[who], browser="", came_by=f"invitation:{who}")
        for network in (made.janow, made.ilawa):
            for name, membership in network.memberships.items():
                for row in uow.execute(select(SEAT.c.id, SEAT.c.role).where(SEAT.c.membership_id == membership)):
                    made.seats[name, row.role] = row.id
            made.posts[network.body] = uow.execute(select(POST.c.id).where(POST.c.body_id == network.body)).scalar_one()
        for telegram, network, name in ((ANNA, made.janow, GOPS), (IDA, made.ilawa, ILAWA[0])):
            person = people.by_telegram(uow, telegram)
            assert person is not None
            talk = opening.open_card(uow, person, network.round, network.memberships[name])
            assert isinstance(talk, Talk)
            moved = dialogues.touch(uow, telegram, Touch(talk.id, 1, "answer", "2"))
            made.drafts[telegram] = (talk.id, moved.state.turn)
        made.plans[made.janow.body] = make_plan(uow, made.janow.body, made.seats[GOPS, "delegate"])
        if meets:
            gops = made.janow.memberships[GOPS]
            made.called.append(make_convened(uow, made.janow, made.persons[KINGA], made.persons[ANNA], gops))
            made.gatherings.append(make_gathering(uow, made.janow, made.persons[KINGA], made.persons[ANNA]))
            made.polls.append(make_polled(uow, made.janow, made.persons[ANNA]))
            heads = {GOPS: made.persons[ANNA], OPS: made.persons[CELINA], LIBRARY: made.persons[FORMER]}
            made.ballots.append(make_balloted(uow, made.janow, made.persons[KINGA], heads))
            made.archives.append(make_archived(uow, made.janow, made.persons[KINGA], heads))
            made.motions.append(make_proposed(uow, made.janow, made.persons[KINGA], made.persons[ANNA]))
            made.minutes.append(make_minuted(uow, made.janow, made.persons[KINGA], heads))
        seats.hand_over(uow, OPERATOR, made.seats[LIBRARY, "head"], name="Nowa Osoba", email="nowa@biblioteka.example")
        gone = people.by_telegram(uow, GONE)
        assert gone is not None
        privacy.leave(uow, gone.id)

    await door.act(finish)
    return made


async def write_conclusion(door: Door, made: Stage) -> None:
    """Let Anna answer everything up to the review, with a text of her own in it."""
    dialogue, turn = made.drafts[ANNA]

    def work(uow: UnitOfWork) -> int:
        now = turn
        for _ in range(14):
            now = dialogues.touch(uow, ANNA, Touch(dialogue, now, "answer", "4")).state.turn
        for choice in ("phone", "time"):
            now = dialogues.touch(uow, ANNA, Touch(dialogue, now, "mark", choice)).state.turn
            now = dialogues.touch(uow, ANNA, Touch(dialogue, now, "done")).state.turn
        talk = dialogues.say(uow, ANNA, WRITTEN, lambda _, polish: polish, message=10**9, written_at=uow.now)
        assert talk is not None
        assert talk.state.mode == "review"
        return talk.state.turn

    made.drafts[ANNA] = (dialogue, await door.act(work))


async def draft_state(door: Door, dialogue: int) -> str:
    """Give a conversation's state as stored."""
    return str(await door.look(lambda uow: uow.execute(select(DIALOGUE.c.state).where(DIALOGUE.c.id == dialogue)).scalar_one()))
