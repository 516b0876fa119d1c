"""What the tests of the plan share: a network with its coordinator, the answers of a plan, and what stands in the store."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import select, update
from tests.office.rosters import GOPS, KIS, SCHOOL, accept, bring_in
from tests.office.rosters import enter as enter_body
from tests.office.test_uploads import coordinator

from konwent_bot.office import seats
from konwent_bot.office.door import Door
from konwent_bot.office.meetings import confirming, entering, planning
from konwent_bot.office.meetings.entering import MeetingEntered
from konwent_bot.office.meetings.planning import PlanAnswers
from konwent_bot.office.rights import OPERATOR, Actor
from konwent_bot.office.subjects import Outcome, Subject
from konwent_bot.store.tables import BODY, MEETING, NOTICE

#: Second Tuesday of February, May, August and November; first Thursday of every month.
ANSWERS: Final[dict[str, Any]] = {
    "year": 2027, "strategic_nth": "second", "strategic_weekday": "tuesday", "strategic_cycle": "february", "strategic_hour": "10:00",
    "strategic_length": "m120", "operational_nth": "first", "operational_weekday": "thursday", "operational_hour": "12:30",
    "operational_length": "m90", "mode": "in_person", "place": "KIS Janów, ul. Zamoyskiego 1", "chair": "coordinator",
}  # fmt: skip
#: A single meeting, well ahead.
SINGLE: Final[dict[str, Any]] = {
    "kind": "networking", "when": "2027-03-16T10:00", "length": "m120", "mode": "online", "link": "https://spotkania.example/siec",
}  # fmt: skip


#: The school has a head only, without an address; the KIS nobody but its coordinator.
ROSTER: Final = (
    f"{GOPS};zwierzchnik;kierownik;Anna Nowak;anna@gops.example",
    f"{GOPS};osoba wskazana;asystent rodziny;Jan Kos;jan@gops.example",
    f"{SCHOOL};zwierzchnik;dyrektor;Maria Wilk;",
    f"{KIS};koordynator;case manager;Ewa Lis;ewa@kis.example",
)


@dataclass
class Desk:
    """A network and its coordinator, by number."""

    body: int
    ewa: int
    #: "GOPS Modliborzyce head" -> seat.
    seats: dict[str, int] = field(default_factory=dict)

    @property
    def jan(self) -> int:
        """Give the seat of the delegate of GOPS, who has not accepted yet."""
        return self.seats["GOPS Modliborzyce delegate"]


@dataclass(frozen=True)
class Row:
    """A meeting as the tests speak of it."""

    id: int
    kind: str
    status: str
    day: date
    hour: str
    ruled_on: date | None
    next_step_at: datetime | None


async def body(door: Door, slug: str = "lsr-janow", telegram: int = 2001) -> Desk:
    """Enter a network that has been there since January, with its coordinator; the head of GOPS has accepted in the first one."""
    number = await enter_body(door, slug)
    await bring_in(door, number, *ROSTER)
    ewa = (await coordinator(door, number, telegram)).person
    assert ewa is not None
    made = Desk(number, ewa)
    for one in await door.look(lambda uow: seats.seats_of(uow, OPERATOR, number)):
        made.seats[f"{one.short_name} {one.role}"] = one.id
    await door.act(lambda uow: uow.execute(update(BODY).values(created_at=datetime.fromisoformat("2026-01-15T09:00+00:00"))))
    if slug == "lsr-janow":
        await accept(door, 2002, seat=made.seats["GOPS Modliborzyce head"])
    return made


async def plan(door: Door, made: Desk, **changed: Any) -> Outcome:
    """Submit the answers of a plan."""
    given = PlanAnswers.model_validate(ANSWERS | changed)
    return await door.act(lambda uow: planning.plan(uow, Actor(made.ewa), Subject("meeting.plan", made.body), given))


async def enter(door: Door, made: Desk, **changed: Any) -> int:
    """Enter a single meeting; give its number."""
    given = MeetingEntered.model_validate({key: value for key, value in (SINGLE | changed).items() if value is not None})
    done = await door.act(lambda uow: entering.enter(uow, Actor(made.ewa), Subject("meeting.enter", made.body), given))
    assert done.meeting is not None
    return done.meeting


async def confirm(door: Door, made: Desk, year: int = 2027) -> confirming.Confirmed:
    """Confirm the plan of a year."""
    return await door.act(lambda uow: confirming.confirm(uow, Actor(made.ewa), made.body, year))


async def meetings(door: Door, kind: str = "", body: int | None = None) -> list[Row]:
    """Give the meetings there are, in order of time."""
    rows = await door.look(lambda uow: uow.execute(select(MEETING).order_by(MEETING.c.starts_at, MEETING.c.id)).all())
    found = [row for row in rows if kind in ("", row.kind) and body in (None, row.body_id)]
    return [Row(row.id, row.kind, row.status, row.day, row.hour, row.ruled_on, row.next_step_at) for row in found]


async def announced(door: Door, occasion: str = "meeting.plan") -> list[tuple[str, int, str | None]]:
    """Give the notices of an occasion: to whom, which revision, how it ended."""
    wanted = select(NOTICE).where(NOTICE.c.occasion == occasion).order_by(NOTICE.c.id)
    rows = await door.look(lambda uow: uow.execute(wanted).all())
    return [(row.recipient, row.revision, row.outcome) for row in rows]


async def sent(door: Door, occasion: str = "meeting.plan") -> None:
    """Let everything of an occasion that waits be sent."""
    done = update(NOTICE).where(NOTICE.c.occasion == occasion, NOTICE.c.settled_at.is_(None))
    await door.act(lambda uow: uow.execute(done.values(settled_at=uow.now, outcome="sent")))
