"""The network of the tests of decisions: ten institutions with two people each, at a meeting or deciding by circulation.

Everything comes of office acts. What is the same in each test (a roster whose people have all accepted) is made once and copied.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar

from sqlalchemy import Table, func, select
from tests.conftest import NOW, migrated
from tests.office.rosters import bring_in, enter

from konwent_bot.clock import FixedClock
from konwent_bot.office import housekeeping, invitations, seats
from konwent_bot.office.decisions import consensus, discussion, facts, proposals, rule_proposals
from konwent_bot.office.door import Door
from konwent_bot.office.meetings import attendance, convening, entering
from konwent_bot.office.rights import OPERATOR, Actor
from konwent_bot.office.subjects import Subject
from konwent_bot.office.unit import House, UnitOfWork
from konwent_bot.store.engines import open_store
from konwent_bot.store.tables import INSTITUTION, MEMBERSHIP, POST, SEAT

T = TypeVar("T")
N = TypeVar("N", bound="Network")

#: A Tuesday, ten o'clock in Warsaw.
MORNING: Final = datetime(2026, 12, 15, 9, 0, tzinfo=UTC)
#: The meeting began a quarter of an hour ago.
SINCE: Final = timedelta(minutes=15)
NAMES: Final = (
    "Biblioteka", "Dom Kultury", "Fundacja", "GOPS", "Ośrodek Zdrowia", "Parafia", "PCPR", "Policja", "Stowarzyszenie", "Szkoła",
)  # fmt: skip
TITLE: Final = "Dyżur we wtorki"
TEXT: Final = "Od marca w każdy wtorek ktoś z nas dyżuruje w urzędzie gminy."
OBJECTION: Final = consensus.Objection(reason="Za drogo", remedy="Raz w miesiącu")


async def make(url: str, house: House) -> None:
    """Make the network in an empty database: a roster is imported, and everybody accepts."""
    await migrated(url)
    store = open_store(url)
    door = Door(store, FixedClock(NOW), house)
    body = await enter(door, "lsr-lublin")
    rows = [
        f"{name};{name};B;;Janów;{role};;{name} {word};{word}@{number}.example"
        for number, name in enumerate(NAMES)
        for role, word in (("zwierzchnik", "Zwierzchnik"), ("osoba wskazana", "Wskazana"))
    ]
    await bring_in(door, body, "PCPR;PCPR;B;;Janów;koordynator;;Ewa Lis;ewa@pcpr.example", *rows)

    def accept(uow: UnitOfWork) -> None:
        for number, place in enumerate(invitations.vacant(uow, body)):
            issued = invitations.issue(uow, OPERATOR, seat=place.seat, post=place.post)
            invitations.accept(uow, issued.token, caller=10**6 + number, language="pl")

    await door.act(accept)
    await store.close()


@dataclass
class Network:
    """A network, its people by institution, and what they do up to a decision."""

    door: Door
    clock: FixedClock
    body: int
    #: Whoever coordinates.
    ewa: Actor
    #: The meeting that is under way; ``None``: they decide by circulation.
    meeting: int | None = None
    memberships: dict[str, int] = field(default_factory=dict)
    heads: dict[str, Actor] = field(default_factory=dict)
    delegates: dict[str, Actor] = field(default_factory=dict)

    async def act(self, work: Callable[[UnitOfWork], T]) -> T:
        """Do something."""
        return await self.door.act(work)

    async def look(self, work: Callable[[UnitOfWork], T]) -> T:
        """Look at something."""
        return await self.door.look(work)

    # --- proposals ---

    async def enter(self, name: str = "GOPS", *, by: Actor | None = None, post: bool = False, **said: Any) -> int:
        """Let an institution (or, with ``post``, the coordinator) enter a proposal; give its number."""
        whose = None if post else self.memberships[name]
        actor = by or (self.ewa if post else self.heads[name])
        return await self.act(lambda uow: entered(uow, self, actor, whose, **said))

    async def discussed(self, name: str = "GOPS", **said: Any) -> int:
        """Let an institution enter a proposal that is discussed at once; give its number."""
        proposal = await self.enter(name, **said)
        await self.act(lambda uow: discussion.close(uow, self.ewa, proposal))
        return proposal

    async def objected(self, title: str = TITLE, *, post: bool = True, **said: Any) -> int:
        """Let a proposal be entered (by the coordinator; else by GOPS) that the library objects to; give its number."""
        actor, whose = (self.ewa, None) if post else (self.heads["GOPS"], self.memberships["GOPS"])
        return await self.act(lambda uow: objected(uow, self, entered(uow, self, actor, whose, title=title, **said)))

    async def choose_rule(self, proposal: int | None = None, **said: Any) -> int:
        """Let the coordinator propose a rule, or another one in a proposal that is there; give the proposal."""
        meeting = self.meeting if proposal is None else None
        subject = Subject("rule.propose", self.body, meeting=meeting, proposal=proposal)
        given = chosen(**said)
        done = await self.act(lambda uow: rule_proposals.propose(uow, self.ewa, subject, given))
        assert done.proposal is not None
        return done.proposal

    async def adopt(self, proposal: int) -> None:
        """Let nobody object to a proposal."""
        await self.act(lambda uow: _settle(uow, self, proposal, None))

    async def state(self, proposal: int) -> str:
        """Give where a proposal stands."""
        return (await self.look(lambda uow: facts.get(uow, proposal))).state

    # --- who is there, and time ---

    async def meet(self, begins: datetime) -> None:
        """Call everybody to a strategic meeting of two hours, and let it have begun a quarter of an hour ago; nobody has come yet."""
        local = begins.astimezone(self.door.house.zone)
        given = entering.MeetingEntered.model_validate(
            {"kind": "strategic", "when": f"{local:%Y-%m-%dT%H:%M}", "length": "m120", "mode": "in_person", "place": "Sala 7"}
        )

        def call(uow: UnitOfWork) -> int:
            made = entering.enter(uow, self.ewa, Subject("meeting.enter", self.body), given).meeting
            assert made is not None
            return convening.convene(uow, self.ewa, made).id

        self.meeting = await self.act(call)
        self.at(begins + SINCE)

    async def come(self, names: Collection[str]) -> None:
        """Tick institutions at the meeting."""

        def work(uow: UnitOfWork) -> None:
            for name in names:
                attendance.come(uow, self.ewa, self.meeting or 0, self.memberships[name], "head")

        await self.act(work)

    async def leave(self, *names: str) -> None:
        """Let institutions leave the meeting."""

        def work(uow: UnitOfWork) -> None:
            for name in names:
                attendance.leave(uow, self.ewa, self.meeting or 0, self.memberships[name])

        await self.act(work)

    async def hand_over(self, name: str, role: str) -> None:
        """Give a place of an institution to somebody else."""
        found = select(SEAT.c.id).where(SEAT.c.membership_id == self.memberships[name], SEAT.c.role == role)
        seat = await self.look(lambda uow: uow.execute(found).scalar_one())
        await self.act(lambda uow: seats.hand_over(uow, self.ewa, seat, name="Nowa Osoba", email="nowa@nowa.example") and None)

    def at(self, instant: datetime) -> None:
        """Let it be this instant."""
        self.clock.move(instant - self.clock.now())

    def wait(self, **step: float) -> None:
        """Let time pass."""
        self.clock.move(timedelta(**step))

    async def tick(self) -> None:
        """Let the clock do everything that is due now."""
        while (await self.act(housekeeping.tick)).more:
            pass

    async def count(self, table: Table) -> int:
        """Count rows."""
        return int(await self.look(lambda uow: uow.execute(select(func.count()).select_from(table)).scalar_one()))


def chosen(**said: Any) -> rule_proposals.RuleChosen:
    """Give a rule as it is chosen by its flow: half of all for a quorum and a simple majority, unless said otherwise."""
    return rule_proposals.RuleChosen.model_validate({"quorum": "half", "majority": "simple"} | said)


# --- in one unit of work ----------------------------------------------------------------------------------------------


def entered(
    uow: UnitOfWork, net: Network, actor: Actor, whose: int | None, *, supersedes: int | None = None, **said: Any
) -> int:  # fmt: skip
    """Enter a proposal where the network decides now; give its number."""
    subject = Subject("proposal.enter", net.body, meeting=net.meeting, membership=whose)
    marked = () if supersedes is None else (str(supersedes),)
    given = proposals.Entered.model_validate({"title": TITLE, "text": TEXT, "supersedes": marked} | said)
    made = proposals.enter(uow, actor, subject, given).proposal
    assert made is not None
    return made


def objected(uow: UnitOfWork, net: Network, proposal: int) -> int:
    """Let the library object to a proposal; give its number."""
    _settle(uow, net, proposal, "Biblioteka")
    return proposal


def _settle(uow: UnitOfWork, net: Network, proposal: int, objects: str | None) -> None:
    """Close the discussion and hold a round in which one institution objects, or nobody; by circulation all others agree."""
    discussion.close(uow, net.ewa, proposal)
    held = consensus.open_round(uow, net.ewa, proposal)
    names = {number: name for name, number in net.memberships.items()}
    for place in held.places:
        whose = place.membership
        actor = net.heads[names[whose]]
        if names[whose] == objects:
            subject = Subject("stance.object", net.body, proposal=proposal, consensus=held.id, membership=whose)
            consensus.object_(uow, actor, subject, OBJECTION)
        elif net.meeting is None:
            consensus.take(uow, actor, held.id, whose, "agree")
    if net.meeting is not None:
        consensus.call(uow, net.ewa, held.id)
    assert consensus.close(uow, net.ewa, held.id).outcome == ("objected" if objects else "adopted")


# --- making it --------------------------------------------------------------------------------------------------------


async def gather(kind: type[N], door: Door, clock: FixedClock, *, meets: bool, present: Collection[str]) -> N:
    """Give the network on a Tuesday morning; with ``meets`` it is at a meeting, and these institutions are present."""

    def find(uow: UnitOfWork) -> N:
        post = uow.execute(select(POST.c.body_id, POST.c.person_id)).one()
        made = kind(door, clock, post.body_id, Actor(post.person_id))
        found = (
            select(INSTITUTION.c.short_name, MEMBERSHIP.c.id, SEAT.c.role, SEAT.c.person_id)
            .select_from(SEAT.join(MEMBERSHIP, MEMBERSHIP.c.id == SEAT.c.membership_id).join(INSTITUTION))
            .where(MEMBERSHIP.c.body_id == made.body)
        )
        for row in uow.execute(found):
            made.memberships[row.short_name] = row.id
            (made.heads if row.role == "head" else made.delegates)[row.short_name] = Actor(row.person_id)
        return made

    made = await door.look(find)
    if meets:
        await made.meet(MORNING - SINCE)
        await made.come(present)
    made.at(MORNING)
    return made
