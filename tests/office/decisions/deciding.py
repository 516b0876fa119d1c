"""What the tests of ballots share: a network of ten institutions at a meeting (or deciding by circulation), somebody who objected, a ballot.

Everything a ballot is about is made through office acts. What leads to one (a proposal, its round of consensus with an objection) has tests
of its own and is written straight into the store here, as are the Telegram accounts of twenty people.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import insert, select, update
from tests.office.rosters import bring_in, enter

from konwent_bot.clock import FixedClock
from konwent_bot.domain.decisions.rule import DEFAULT_RULE, DecisionRule, written
from konwent_bot.office import housekeeping, seats
from konwent_bot.office.decisions import ballot_opening, ballots, closing, papers, votes
from konwent_bot.office.decisions.ballots import Ballot
from konwent_bot.office.door import Door
from konwent_bot.office.meetings import attendance, facts
from konwent_bot.office.rights import Actor
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import (
    CONSENSUS_ROUND,
    DECISION,
    DECISION_RULE,
    INSTITUTION,
    MEETING,
    MEMBERSHIP,
    PERSON,
    POST,
    PROPOSAL,
    PROPOSAL_TEXT,
    ROUND_PLACE,
    SEAT,
    STANCE,
)

#: A Tuesday, ten o'clock in Warsaw.
MORNING: Final = datetime(2026, 12, 15, 9, 0, tzinfo=UTC)
NAMES: Final = (
    "Biblioteka", "Dom Kultury", "Fundacja", "GOPS", "Ośrodek Zdrowia", "Parafia", "PCPR", "Policja", "Stowarzyszenie", "Szkoła",
)  # fmt: skip


@dataclass
class Deciding:
    """A network, its people by institution, and what they do."""

    door: Door
    clock: FixedClock
    body: int
    #: Whoever coordinates.
    ewa: Actor
    #: The meeting that is under way; ``None``: they decide by circulation.
    meeting: int | None
    memberships: dict[str, int] = field(default_factory=dict)
    heads: dict[str, Actor] = field(default_factory=dict)
    delegates: dict[str, Actor] = field(default_factory=dict)

    # --- what leads to a ballot ---

    async def objected(self, title: str = "Wspólny kalendarz", **given: Any) -> int:
        """Make a proposal to which somebody objected; give its number."""
        return await self.door.act(lambda uow: objected(uow, self, title, **given))

    async def opened(self, method: str = "open", *, proposal: int | None = None, **given: Any) -> Ballot:
        """Open a ballot on a proposal to which somebody objected."""
        number = proposal if proposal is not None else await self.objected()
        return await self.door.act(lambda uow: ballot_opening.open_ballot(uow, self.ewa, number, method, **given))

    async def rule(self, **given: Any) -> None:
        """Let the body decide by another rule from now on."""
        await self.door.act(lambda uow: adopted_rule(uow, self, DecisionRule(**given)))

    # --- voting ---

    async def vote(self, ballot: Ballot, name: str, choice: str, *, by: Actor | None = None) -> None:
        """Let an institution vote, by its head unless somebody else is named."""
        actor, whose = by or self.heads[name], self.memberships[name]
        cast = papers.cast_secret if ballot.secret else votes.cast
        await self.door.act(lambda uow: cast(uow, actor, ballot.id, whose, choice) and None)

    async def vote_all(self, ballot: Ballot, choices: Iterable[str]) -> None:
        """Let the institutions vote one after another: the first says the first, and so on."""
        for name, choice in zip(NAMES, choices, strict=False):
            await self.vote(ballot, name, choice)

    async def close(self, ballot: Ballot, *, by: Actor | None = None) -> Ballot:
        """Close a ballot."""
        return await self.door.act(lambda uow: closing.close(uow, by or self.ewa, ballot.id))

    async def ended(self, ballot: Ballot) -> Ballot:
        """Let a ballot's deadline come, and the clock with it."""
        self.at(ballot.closes_at)
        await self.tick()
        return await self.door.look(lambda uow: ballots.get(uow, ballot.id))

    # --- who is there, and time ---

    async def come(self, names: Collection[str]) -> None:
        """Tick institutions at the meeting."""
        await self.door.act(lambda uow: come(uow, self, names))

    async def leave(self, *names: str) -> None:
        """Let institutions leave the meeting."""

        def work(uow: UnitOfWork) -> None:
            for name in names:
                attendance.leave(uow, self.ewa, self.meeting or 0, self.memberships[name])

        await self.door.act(work)

    async def hand_over(self, name: str, role: str) -> None:
        """Give a place of an institution to somebody else."""
        found = select(SEAT.c.id).where(SEAT.c.membership_id == self.memberships[name], SEAT.c.role == role)
        seat = await self.door.look(lambda uow: uow.execute(found).scalar_one())
        await self.door.act(
            lambda uow: seats.hand_over(uow, self.ewa, seat, name="Nowa Osoba", email="nowa@nowa.example") and None
        )

    def at(self, instant: datetime) -> None:
        """Let it be this instant."""
        self.clock.move(instant - self.clock.now())

    def wait(self, **step: float) -> None:
        """Let time pass."""
        self.clock.move(timedelta(**step))

    async def tick(self) -> None:
        """Let the clock do everything that is due now."""
        while (await self.door.act(housekeeping.tick)).more:
            pass

    async def state(self, proposal: int) -> str:
        """Give where a proposal stands."""
        found = select(PROPOSAL.c.state).where(PROPOSAL.c.id == proposal)
        return str(await self.door.look(lambda uow: uow.execute(found).scalar_one()))


async def gather(door: Door, clock: FixedClock, *, meets: bool = True, present: Collection[str] = NAMES) -> Deciding:
    """Make the network; with ``meets`` it is at a strategic meeting since a quarter of an hour, and these institutions are present."""
    clock.move(MORNING - clock.now())
    body = await enter(door)
    rows = [
        f"{name};{name};B;;Janów;{role};;{name} {word};{word}@{number}.example"
        for number, name in enumerate(NAMES)
        for role, word in (("zwierzchnik", "Zwierzchnik"), ("osoba wskazana", "Wskazana"))
    ]
    await bring_in(door, body, "PCPR;PCPR;B;;Janów;koordynator;;Ewa Lis;ewa@pcpr.example", *rows)

    def finish(uow: UnitOfWork) -> Deciding:
        known = {row.id for row in uow.execute(select(PERSON.c.id))}
        for person in known:
            uow.execute(
                update(PERSON).where(PERSON.c.id == person).values(accepted_at=uow.now, telegram_id=10**6 + person, language="pl")
            )
        ewa = uow.execute(select(POST.c.person_id).where(POST.c.body_id == body)).scalar_one()
        made = Deciding(door, clock, body, Actor(ewa), meeting_under_way(uow, body) if meets else None)
        found = (
            select(INSTITUTION.c.short_name, MEMBERSHIP.c.id, SEAT.c.role, SEAT.c.person_id)
            .select_from(SEAT.join(MEMBERSHIP, MEMBERSHIP.c.id == SEAT.c.membership_id).join(INSTITUTION))
            .where(MEMBERSHIP.c.body_id == body)
        )
        for row in uow.execute(found):
            made.memberships[row.short_name] = row.id
            (made.heads if row.role == "head" else made.delegates)[row.short_name] = Actor(row.person_id)
        if meets:
            come(uow, made, present)
        return made

    return await door.act(finish)


def meeting_under_way(uow: UnitOfWork, body: int) -> int:
    """Write a strategic meeting of two hours that began a quarter of an hour ago."""
    begins = uow.now - timedelta(minutes=15)
    local = begins.astimezone(uow.house.zone)
    values = {
        "body_id": body, "kind": "strategic", "status": "convened", "day": local.date(), "hour": f"{local:%H:%M}", "minutes": 120,
        "zone": "Europe/Warsaw", "starts_at": begins, "ends_at": begins + timedelta(hours=2), "mode": "in_person", "place": "Sala 7",
        "link": "", "chair": "coordinator", "topic": "", "revision": 1, "sequence": 0, "reason": "", "code": "", "reminded": 0,
        "uid": facts.new_uid("x"), "created_at": uow.now, "convened_at": uow.now - timedelta(days=20),
    }  # fmt: skip
    return int(uow.execute(insert(MEETING).values(**values).returning(MEETING.c.id)).scalar_one())


def come(uow: UnitOfWork, made: Deciding, names: Collection[str]) -> None:
    """Tick institutions at the meeting."""
    for name in names:
        attendance.come(uow, made.ewa, made.meeting or 0, made.memberships[name], "head")


def proposed(
    uow: UnitOfWork, made: Deciding, title: str, *, state: str, supersedes: int | None = None, rule: str = "", text: str = "Uchwala się."
) -> int:  # fmt: skip
    """Write a proposal with its text."""
    values = {
        "body_id": made.body, "meeting_id": made.meeting, "kind": "rule" if rule else "matter", "state": state, "version": 1,
        "rule": rule, "answer_until": None if made.meeting is not None else uow.now + timedelta(days=5), "created_at": uow.now,
        "supersedes_id": supersedes,
    }  # fmt: skip
    number = int(uow.execute(insert(PROPOSAL).values(**values).returning(PROPOSAL.c.id)).scalar_one())
    words = {"proposal_id": number, "version": 1, "title": title, "body": text, "reason": "", "created_at": uow.now}
    uow.execute(insert(PROPOSAL_TEXT).values(**words))
    return number


def objected(uow: UnitOfWork, made: Deciding, title: str = "Wspólny kalendarz", **given: Any) -> int:
    """Write a proposal to which Biblioteka objected in its round of consensus; give its number."""
    number = proposed(uow, made, title, state="objected", **given)
    whose = made.memberships["Biblioteka"]
    values = {
        "proposal_id": number, "number": 1, "version": 1, "tacit": False, "rule": json.dumps(written(DEFAULT_RULE)), "entitled": 10,
        "opened_at": uow.now, "closed_at": uow.now, "outcome": "objected", "result": "{}",
    }  # fmt: skip
    round_ = uow.execute(insert(CONSENSUS_ROUND).values(**values).returning(CONSENSUS_ROUND.c.id)).scalar_one()
    uow.execute(insert(ROUND_PLACE).values(round_id=round_, membership_id=whose))
    said = {"stance": "object", "reason": "Za drogo", "remedy": "Taniej", "rank": 0, "taken_at": uow.now}
    uow.execute(insert(STANCE).values(round_id=round_, membership_id=whose, **said))
    return number


def adopted_rule(uow: UnitOfWork, made: Deciding, rule: DecisionRule) -> None:
    """Write a rule the body decided on, in an earlier year."""
    number = proposed(uow, made, "Zasady głosowania", state="adopted", rule=json.dumps(written(rule)))
    values = {
        "proposal_id": number, "number": 1, "version": 1, "tacit": False, "rule": json.dumps(written(DEFAULT_RULE)), "entitled": 10,
        "opened_at": uow.now, "closed_at": uow.now, "outcome": "adopted", "result": "{}",
    }  # fmt: skip
    round_ = uow.execute(insert(CONSENSUS_ROUND).values(**values).returning(CONSENSUS_ROUND.c.id)).scalar_one()
    taken = {
        "body_id": made.body, "year": 2020, "number": number, "proposal_id": number, "version": 1, "method": "consensus",
        "verdict": "passed", "round_id": round_, "taken_at": uow.now,
    }  # fmt: skip
    decision = uow.execute(insert(DECISION).values(**taken).returning(DECISION.c.id)).scalar_one()
    uow.execute(
        insert(DECISION_RULE).values(body_id=made.body, decision_id=decision, rule=json.dumps(written(rule)), since=uow.now)
    )
