"""Gathering what minutes say by themselves: everything that is known of a meeting, in as many statements whatever its size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Row, and_, bindparam, func, or_, select

from konwent_bot.documents.minutes import facts as told
from konwent_bot.domain.meetings.local_time import to_wall
from konwent_bot.domain.meetings.quorum import Presence, Roll, present_at, quorum_spans
from konwent_bot.office import tasks
from konwent_bot.office.meetings import agenda, attendance, rules, status_reports
from konwent_bot.office.meetings import facts as meetings
from konwent_bot.office.meetings.agenda import Item
from konwent_bot.office.meetings.facts import Meeting
from konwent_bot.office.minutes import decided, files, notes
from konwent_bot.office.minutes.facts import Minutes, point_of
from konwent_bot.office.rights import OPERATOR
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.columns import UtcInstant
from konwent_bot.store.tables import (
    AGENDA_ITEM,
    ATTENDANCE,
    DECISION,
    GROUP_SEAT,
    INSTITUTION,
    MEETING,
    MEETING_ANSWER,
    MEETING_GUEST,
    MEMBERSHIP,
    SEAT,
    TASK,
)

#: So long an opening waits for its quorum before it counts who is there.
QUORUM_AWAITED: Final = timedelta(minutes=30)
#: A meeting that is closed later than this after its planned end was not at work until then.
CLOSED_AFTER: Final = timedelta(minutes=30)
#: The point of the tasks that were open when the meeting began: computed, and on no agenda as an item.
OPEN_TASKS: Final = "open_tasks"


@dataclass(frozen=True, slots=True)
class _Institutions:
    """The institutions of a meeting by number, in alphabetical order, and who of them was there."""

    names: Mapping[int, str]
    #: Of these: those that were entitled.
    entitled: frozenset[int]
    presences: Mapping[int, Sequence[Row[Any]]]
    #: Those that had said that they would not come.
    announced: frozenset[int]


def of(uow: UnitOfWork, minutes: Minutes) -> told.MeetingFacts:
    """Give the facts of the meeting as they are known now, with what was written into its minutes. Asks no rights."""
    meeting = meetings.get(uow, minutes.meeting)
    zone = ZoneInfo(meeting.zone)
    closed = uow.execute(_CLOSED, meeting=meeting.id).scalar_one()
    over = meeting.ends_at + attendance.OVERRUN
    until = over if closed is None else min(closed, over)
    who = _institutions(uow, meeting)
    items = agenda.shown(uow, meeting)
    proposals = decided.by_item(uow, meeting, until)
    points = _points(uow, meeting, in_order(items, minutes.points), proposals)
    report = status_reports.see(uow, OPERATOR, meeting.id) if meeting.kind == "strategic" else None
    return told.MeetingFacts(
        body=minutes.body_name, kind=meeting.kind, mode=meeting.mode, number=minutes.name, day=meeting.day, starts=meeting.hour,
        ends=meeting.wall_end.time(), attended=_attended(who, zone), absent=_absent(who), quorum=_quorum(uow, meeting, who, zone),
        points=points, place=meeting.place, group=meeting.group_name, topic=meeting.topic, chair=meeting.chair,
        ended=None if closed is None else _ended(meeting, closed, zone), guests=tuple(uow.execute(_GUESTS, meeting=meeting.id).scalars()),
        report=None if report is None else told.Report(
            report.since, report.until, report.shown.in_process, report.shown.joined, report.shown.finished, report.problems,
            report.problems_other, report.requests,
        ),
        proposals=proposals.get(None, ()), tasks=_tasks(uow, minutes),
        reviewed=_reviewed(uow, meeting, until) if any(one.kind == OPEN_TASKS for one in items) else (),
        next_meeting=_next(uow, meeting),
        notes=tuple(told.Note(one.id, one.point, one.body) for one in notes.of(uow, minutes.id)),
        files=tuple(told.File(one.name, one.sha256) for one in files.of(uow, minutes.id)),
    )  # fmt: skip


def key_of(item: Item) -> str:
    """Give the point of a line of the agenda as it is shown (``agenda.shown``)."""
    return point_of(item.id) if item.id else item.kind


def in_order(items: Sequence[Item], order: Sequence[str]) -> list[Item]:
    """Give the lines of an agenda in the order in which they were held; one that it does not know follows the one before it."""
    by_key = {key_of(item): item for item in items}
    found = [key for key in order if key in by_key]
    before: str | None = None
    for key in by_key:
        if key not in found:
            found.insert(0 if before is None else found.index(before) + 1, key)
        before = key
    return [by_key[key] for key in found]


# --- who was there ----------------------------------------------------------------------------------------------------


def _institutions(uow: UnitOfWork, meeting: Meeting) -> _Institutions:
    """Read them as they were on the day: who left the body since was entitled all the same."""
    rows = uow.execute(_MEMBERS, body=meeting.body).all()
    entitled = {row.id for row in rows if row.joined_on <= meeting.day and (row.left_on is None or row.left_on > meeting.day)}
    if meeting.group is not None:
        entitled &= set(uow.execute(_COMPOSITION, group=meeting.group).scalars())
    presences: dict[int, list[Row[Any]]] = {}
    for row in uow.execute(_PRESENCES, meeting=meeting.id):
        presences.setdefault(row.membership_id, []).append(row)
    names = {row.id: row.short_name for row in rows if row.id in entitled or row.id in presences}
    announced = frozenset(uow.execute(_ANNOUNCED, meeting=meeting.id).scalars())
    return _Institutions(names, frozenset(entitled), presences, announced)


def _attended(who: _Institutions, zone: ZoneInfo) -> tuple[told.Attended, ...]:
    return tuple(
        told.Attended(
            number, name,
            tuple(
                told.Span(_hour(row.arrived_at, zone), None if row.left_at is None else _hour(row.left_at, zone), row.role)
                for row in who.presences[number]
            ),
        )
        for number, name in who.names.items()
        if number in who.presences
    )  # fmt: skip


def _absent(who: _Institutions) -> tuple[told.Absent, ...]:
    return tuple(
        told.Absent(number, name, number in who.announced) for number, name in who.names.items() if number not in who.presences
    )


def _quorum(uow: UnitOfWork, meeting: Meeting, who: _Institutions, zone: ZoneInfo) -> told.Quorum:
    roll = Roll(who.entitled, rules.quorum_at(uow, meeting.body, meeting.starts_at))
    counted = [Presence(number, row.arrived_at, row.left_at) for number, rows in who.presences.items() for row in rows]
    spans = quorum_spans(roll, counted)
    waits = meeting.starts_at + QUORUM_AWAITED
    opens = next((max(span.start, meeting.starts_at) for span in spans if _reaches(span.end, meeting.starts_at)), waits)
    return told.Quorum(
        len(present_at(roll, counted, min(opens, waits))), len(roll.entitled), roll.needed,
        tuple((_hour(span.start, zone), None if span.end is None else _hour(span.end, zone)) for span in spans),
    )  # fmt: skip


def _reaches(until: datetime | None, instant: datetime) -> bool:
    return until is None or until > instant


# --- what was done ----------------------------------------------------------------------------------------------------


def _points(
    uow: UnitOfWork, meeting: Meeting, items: Sequence[Item], proposals: Mapping[int | None, tuple[told.Proposal, ...]]
) -> tuple[told.Point, ...]:
    carried = {row.id: row.day for row in uow.execute(_CARRIED_FROM, meeting=meeting.id)}
    return tuple(
        told.Point(
            key_of(item), item.kind, "" if item.kind == OPEN_TASKS else item.title, item.detail, item.institution, item.outcome,
            carried.get(item.id), proposals.get(item.id, ()),
        )
        for item in items
    )  # fmt: skip


def _tasks(uow: UnitOfWork, minutes: Minutes) -> tuple[told.Task, ...]:
    """Give what the meeting gave somebody to do: by its decisions, and by its minutes. That it was done later is told by later ones."""
    return tuple(
        told.Task(
            row.id, row.what, row.short_name, row.due_on, "" if row.number is None else f"{row.number}/{row.year}", row.point
        )
        for row in uow.execute(_TASKS, minutes=minutes.id, meeting=minutes.meeting)
    )  # fmt: skip


def _reviewed(uow: UnitOfWork, meeting: Meeting, until: datetime) -> tuple[told.Task, ...]:
    """Give what earlier meetings had given and was open when this one began, as it was when this one was over."""
    zone = ZoneInfo(meeting.zone)
    found = []
    for one in tasks.open_at(uow, meeting.body, meeting.starts_at):
        decision = one.name if one.decision is not None else ""
        told_of = told.Task(one.id, one.what, one.institution, one.due_on, decision, one.point)
        if one.done_at is not None and one.done_at <= until:
            told_of = replace(told_of, done_on=to_wall(one.done_at, zone).date(), done_note=one.done_note)
        found.append(told_of)
    return tuple(found)


def _next(uow: UnitOfWork, meeting: Meeting) -> told.NextMeeting | None:
    row = uow.execute(_NEXT, body=meeting.body, group=meeting.group or 0, starts=meeting.starts_at).first()
    if row is None:
        return None
    found = meetings.read(row)
    return told.NextMeeting(found.kind, found.day, found.hour, found.wall_end.time(), found.place, found.group_name)


def _ended(meeting: Meeting, closed: datetime, zone: ZoneInfo) -> time | None:
    """Give the hour at which it was closed, if that was noted while people were leaving and not when somebody came to it."""
    if closed > meeting.ends_at + CLOSED_AFTER or to_wall(closed, zone).date() != meeting.day:
        return None
    return _hour(closed, zone)


def _hour(instant: datetime, zone: ZoneInfo) -> time:
    return to_wall(instant, zone).time().replace(second=0, microsecond=0)


# --- inside -----------------------------------------------------------------------------------------------------------

_MEETING: Final = bindparam("meeting", type_=MEETING.c.id.type)
_CLOSED = select(MEETING.c.closed_at).where(MEETING.c.id == _MEETING)
_MEMBERS = (
    select(MEMBERSHIP.c.id, INSTITUTION.c.short_name, MEMBERSHIP.c.joined_on, MEMBERSHIP.c.left_on)
    .join_from(MEMBERSHIP, INSTITUTION, INSTITUTION.c.id == MEMBERSHIP.c.institution_id)
    .where(MEMBERSHIP.c.body_id == bindparam("body"))
    .order_by(INSTITUTION.c.short_name, MEMBERSHIP.c.id)
)
_COMPOSITION = (
    select(SEAT.c.membership_id)
    .join_from(GROUP_SEAT, SEAT, SEAT.c.id == GROUP_SEAT.c.seat_id)
    .where(GROUP_SEAT.c.group_id == bindparam("group"))
)
_PRESENCES = select(ATTENDANCE).where(ATTENDANCE.c.meeting_id == _MEETING).order_by(ATTENDANCE.c.arrived_at, ATTENDANCE.c.id)
_ANNOUNCED = select(MEETING_ANSWER.c.membership_id).where(
    MEETING_ANSWER.c.meeting_id == _MEETING, MEETING_ANSWER.c.answer == "no"
)
_GUESTS = (
    select(MEETING_GUEST.c.function)
    .where(
        MEETING_GUEST.c.meeting_id == _MEETING, MEETING_GUEST.c.removed_at.is_(None), MEETING_GUEST.c.answer == "yes",
        MEETING_GUEST.c.function != "",
    )
    .order_by(MEETING_GUEST.c.id)
)  # fmt: skip
_FORMER: Final = AGENDA_ITEM.alias("former")
_CARRIED_FROM = (
    select(AGENDA_ITEM.c.id, MEETING.c.day)
    .select_from(
        AGENDA_ITEM.join(_FORMER, _FORMER.c.id == AGENDA_ITEM.c.from_id).join(MEETING, MEETING.c.id == _FORMER.c.meeting_id)
    )
    .where(AGENDA_ITEM.c.meeting_id == _MEETING)
)
_TASKS = (
    select(TASK, INSTITUTION.c.short_name, DECISION.c.number, DECISION.c.year)
    .select_from(
        TASK.join(MEMBERSHIP, MEMBERSHIP.c.id == TASK.c.membership_id)
        .join(INSTITUTION, INSTITUTION.c.id == MEMBERSHIP.c.institution_id)
        .outerjoin(DECISION, DECISION.c.id == TASK.c.decision_id)
    )
    .where(or_(TASK.c.minutes_id == bindparam("minutes"), DECISION.c.meeting_id == _MEETING))
    .order_by(TASK.c.due_on, TASK.c.id)
)
#: The next one that took place or is to, of the body or of the same group.
_NEXT = (
    meetings.MEETINGS.where(
        and_(
            MEETING.c.body_id == bindparam("body"),
            func.coalesce(MEETING.c.group_id, 0) == bindparam("group"),
            MEETING.c.status.in_(("planned", "convened", "held")),
            MEETING.c.starts_at > bindparam("starts", type_=UtcInstant),
        )
    )
    .order_by(MEETING.c.starts_at, MEETING.c.id)
    .limit(1)
)
