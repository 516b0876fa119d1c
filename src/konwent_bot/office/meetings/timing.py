"""When something is next to be done for a meeting without anybody asking."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select, update

from konwent_bot.domain.meetings import reminders
from konwent_bot.domain.meetings.local_time import to_utc
from konwent_bot.domain.meetings.quiet_hours import DEFAULT_QUIET, postponed
from konwent_bot.domain.meetings.reminders import Due
from konwent_bot.office.meetings import facts, rules
from konwent_bot.office.meetings.facts import Meeting
from konwent_bot.office.meetings.rules import MeetingRules
from konwent_bot.office.rights import Actor
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.columns import UtcInstant
from konwent_bot.store.tables import MEETING

#: Local hour at which the clock calls people to a planned meeting.
CALL_HOUR: Final = time(9)


def plan_next(uow: UnitOfWork, meeting_id: int) -> Meeting:
    """Compute when something is next to be done for a meeting, and give it as it stands. The meeting's row is locked by the caller."""
    meeting = facts.get(uow, meeting_id)
    uow.execute(_NEXT, meeting=meeting.id, next=_next(uow, meeting))
    return meeting


def call_instant(day: date, zone: str, call_days: int) -> datetime:
    """Give the instant at which the clock calls people to a planned meeting on a local day."""
    return to_utc(datetime.combine(day - timedelta(days=call_days), CALL_HOUR), ZoneInfo(zone))


def next_morning(uow: UnitOfWork) -> datetime:
    """Give the instant at which the clock calls people tomorrow."""
    return to_utc(datetime.combine(uow.today + timedelta(days=1), CALL_HOUR), uow.house.zone)


def ahead(uow: UnitOfWork, meeting: Meeting) -> tuple[Due, ...]:
    """Give the automatic reminders of a meeting that have not had their time."""
    return _reminders(uow, meeting)[meeting.reminded :]


def choose_rules(uow: UnitOfWork, actor: Actor, body: int, given: Mapping[str, str]) -> MeetingRules:
    """Choose rules of a body's meetings (``rules.change``); those ahead follow them from now on. Nobody is reminded of what has passed.

    Raises:
        NotFound, Invalid: as ``rules.change``.
    """
    chosen = rules.change(uow, actor, body, given)
    for number in list(uow.execute(_AHEAD, body=body, now=uow.now).scalars()):
        meeting = facts.get(uow, number)
        if meeting.status == "convened":
            uow.execute(_RECOUNT, meeting=number, over=sum(one.at <= uow.now for one in _reminders(uow, meeting)))
        plan_next(uow, number)
    return chosen


# --- inside -----------------------------------------------------------------------------------------------------------


def _reminders(uow: UnitOfWork, meeting: Meeting) -> tuple[Due, ...]:
    assert meeting.convened_at is not None
    plan = rules.of(uow, meeting.body).reminders
    return reminders.due(plan, meeting.wall, ZoneInfo(meeting.zone), called=meeting.convened_at)


def _next(uow: UnitOfWork, meeting: Meeting) -> datetime | None:
    """Give the next instant, or nothing where everything has been done."""
    if meeting.starts_at <= uow.now:
        return None
    if meeting.poll_until is not None:
        return meeting.poll_until if meeting.poll_until > uow.now else None
    match meeting.status:
        case "planned":
            return call_instant(meeting.day, meeting.zone, rules.of(uow, meeting.body).call_days)
        case "convened":
            times = [one.at for one in ahead(uow, meeting)]
            if meeting.agenda_until is not None and meeting.agenda_sent_at is None and meeting.agenda_until < meeting.starts_at:
                times.append(meeting.agenda_until)
            first = min(times, default=None)
            if first is None or first > uow.now:
                return first
            return postponed(uow.now, DEFAULT_QUIET, ZoneInfo(meeting.zone))  # a late reminder waits for the end of the night
        case _:
            return None


_THIS = update(MEETING).where(MEETING.c.id == bindparam("meeting"))
_NEXT = _THIS.values(next_step_at=bindparam("next", type_=UtcInstant))
_RECOUNT = _THIS.values(reminded=bindparam("over"))
_AHEAD = (
    select(MEETING.c.id)
    .where(
        MEETING.c.body_id == bindparam("body"),
        MEETING.c.status.in_(("planned", "convened")),
        MEETING.c.starts_at > bindparam("now", type_=UtcInstant),
    )
    .order_by(MEETING.c.id)
    .with_for_update()
)
