"""The plan of a body's year as it is seen: by members what was confirmed, by its coordinator the proposals too and what speaks against them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Row, bindparam, exists, func, select

from konwent_bot.domain.meetings.days_off import is_public_holiday, is_weekend
from konwent_bot.domain.meetings.notice_period import NoticePeriod, notice_period
from konwent_bot.domain.meetings.recurrence import Obstacle
from konwent_bot.errors import NotFound
from konwent_bot.office import dialogues, opening
from konwent_bot.office.dialogues import Talk
from konwent_bot.office.meetings import belonging, cadence, facts, plan_news, planning, rules
from konwent_bot.office.meetings.cadence import BodyYear
from konwent_bot.office.meetings.facts import Meeting
from konwent_bot.office.people import Known
from konwent_bot.office.rights import RIGHTS, Actor, offices, require
from konwent_bot.office.subjects import Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.columns import UtcInstant
from konwent_bot.store.tables import BODY, MEETING, POST


@dataclass(frozen=True, slots=True)
class YearPlan:
    """A year of a body."""

    body: int
    body_name: str
    year: int
    #: The reader may plan it.
    steers: bool
    #: In order of time: confirmed, called, held, and called off after members knew of them; no proposals.
    meetings: tuple[Meeting, ...]
    #: Proposals that wait for the coordinator, in order of time; nobody else is shown any.
    proposed: tuple[Meeting, ...]
    owed: BodyYear


@dataclass(frozen=True, slots=True)
class Proposal:
    """A meeting of the plan nobody was called to yet, and what speaks against its date."""

    meeting: Meeting
    #: The day of the rule it comes from, where that could not be, and why; empty where it stands or there is no rule.
    ruled_on: date | None
    obstacle: Obstacle | None
    #: Working days of notice there would be if people were called today.
    notice: NoticePeriod
    #: The body meets for something else on that day too.
    same_day: bool
    #: Members know of it already.
    known: bool
    #: Its date has passed: it can be changed or dropped, not confirmed.
    is_over: bool


@dataclass(frozen=True, slots=True)
class Proposals:
    """The proposals of a year."""

    body: int
    body_name: str
    year: int
    proposals: tuple[Proposal, ...]
    owed: BodyYear
    #: How many people would be told of the plan if all were confirmed now.
    told: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """Proposals of a year that wait for the coordinator of a body."""

    body: int
    body_name: str
    year: int
    proposals: int
    #: When the first of them would begin.
    first: datetime


def see(uow: UnitOfWork, actor: Actor, body: int, year: int) -> YearPlan:
    """Give the plan of a year; year 0 is the one of the first proposal ahead, else the present one.

    Raises:
        NotFound: the actor does not belong to this body.
    """
    belonging.require(uow, actor, body)
    steers = bool(RIGHTS["meeting.plan"] & offices(uow, actor, body))
    year = year or (_year(uow, body) if steers else uow.today.year)
    rows = _rows(uow, body, year)
    shown = tuple(facts.read(row) for row in rows if _is_shown(row))
    proposed = tuple(facts.read(row) for row in rows if steers and row.status == "proposed" and row.poll_until is None)
    return YearPlan(body, _name(uow, body), year, steers, shown, proposed, cadence.year_of(uow, body, year, proposed=steers))


def proposals(uow: UnitOfWork, actor: Actor, body: int, year: int) -> Proposals:
    """Give the proposals of a year (0: as ``see``), in order of time.

    Raises:
        NotFound: the actor does not plan this body's meetings.
    """
    require(uow, actor, "meeting.plan", body=body)
    name = _name(uow, body)
    year = year or _year(uow, body)
    rows = _rows(uow, body, year)
    required = rules.of(uow, body).notice_days
    found = tuple(_proposal(uow, row, rows, required) for row in rows if row.status == "proposed" and row.poll_until is None)
    ahead = [one.meeting for one in found if one.meeting.starts_at > uow.now]
    told = len(plan_news.recipients_of(uow, ahead))
    return Proposals(body, name, year, found, cadence.year_of(uow, body, year, proposed=True), told)


def proposal(uow: UnitOfWork, actor: Actor, meeting: int) -> Proposal:
    """Give one meeting of the plan with what speaks against its date.

    Raises:
        NotFound: there is no such meeting for this actor.
    """
    found = facts.get(uow, meeting)
    require(uow, actor, "meeting.plan", body=found.body)
    rows = _rows(uow, found.body, found.day.year)
    row = next(row for row in rows if row.id == meeting)
    return _proposal(uow, row, rows, rules.of(uow, found.body).notice_days)


def waiting(uow: UnitOfWork, person: int) -> list[Waiting]:
    """Give the years with proposals ahead in the bodies a person coordinates, the nearest first."""
    found: dict[tuple[int, int], Waiting] = {}
    for row in uow.execute(_WAITING, person=person, now=uow.now):
        key = (row.body_id, row.day.year)
        before = found.get(key, Waiting(row.body_id, row.body_name, row.day.year, 0, row.starts_at))
        found[key] = replace(before, proposals=before.proposals + 1)
    return list(found.values())


def begin(uow: UnitOfWork, person: Known, body: int, year: int, *, page: bool) -> Talk:
    """Begin or go on with planning a year. A draft that was about another year keeps everything but that.

    Raises:
        NotFound: the person does not plan this body's meetings.
    """
    subject = Subject("meeting.plan", body)
    require(uow, Actor(person.id), "meeting.plan", body=body)
    talk = opening.begin(uow, person, subject, {"body": _name(uow, body)}, answers={"year": year}, page=page)
    if talk.state.answers.get("year") in (None, year):
        return talk
    state = replace(talk.state, turn=talk.state.turn + 1, answers={**talk.state.answers, "year": year})
    dialogues.write(uow, talk.id, state, "open")
    return replace(talk, state=state)


# --- inside -----------------------------------------------------------------------------------------------------------


def _is_shown(row: Row[Any]) -> bool:
    if row.status == "cancelled":
        return row.planned_at is not None or row.revision > 0
    return bool(row.status != "proposed")


def _proposal(uow: UnitOfWork, row: Row[Any], rows: list[Row[Any]], required: int) -> Proposal:
    meeting = facts.read(row)
    moved = row.ruled_on is not None and row.ruled_on != row.day
    same_day = any(other.day == row.day and other.id != row.id and other.status != "cancelled" for other in rows)
    return Proposal(
        meeting, row.ruled_on if moved else None, _obstacle(row.ruled_on) if moved else None,
        notice_period(uow.today, meeting.day, required), same_day, row.planned_at is not None, meeting.starts_at <= uow.now,
    )  # fmt: skip


def _obstacle(ruled: date) -> Obstacle:
    if is_public_holiday(ruled):
        return "holiday"
    return "weekend" if is_weekend(ruled) else "taken"


def _rows(uow: UnitOfWork, body: int, year: int) -> list[Row[Any]]:
    first, last = planning.span(year)
    return list(uow.execute(_OF_YEAR, body=body, first=first, last=last).all())


def _year(uow: UnitOfWork, body: int) -> int:
    first = uow.execute(_FIRST, body=body, today=uow.today).scalar_one()
    return uow.today.year if first is None else int(first.year)


def _name(uow: UnitOfWork, body: int) -> str:
    found = uow.execute(_NAME, body=body).scalar_one_or_none()
    if found is None:  # the operator may everything, also where nothing is
        raise NotFound(facts.NOT_HERE)
    return str(found)


_NAME: Final = select(BODY.c.name).where(BODY.c.id == bindparam("body"))
_OF_YEAR = facts.MEETINGS.where(
    MEETING.c.body_id == bindparam("body"), MEETING.c.day >= bindparam("first"), MEETING.c.day <= bindparam("last")
).order_by(MEETING.c.starts_at, MEETING.c.id)
_WAITING = facts.MEETINGS.where(
    MEETING.c.status == "proposed", MEETING.c.poll_until.is_(None), MEETING.c.starts_at > bindparam("now", type_=UtcInstant),
    exists().where(POST.c.body_id == MEETING.c.body_id, POST.c.kind == "coordinator", POST.c.person_id == bindparam("person")),
).order_by(MEETING.c.starts_at, MEETING.c.id)  # fmt: skip
_FIRST = select(func.min(MEETING.c.day)).where(
    MEETING.c.body_id == bindparam("body"), MEETING.c.status == "proposed", MEETING.c.day >= bindparam("today")
)
