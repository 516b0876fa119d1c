"""What is held about one person beside meetings: where they were called, what they answered, proposed and noted. Part of ``own_data``.

Reading only, and nothing about anybody else: what they noted of an institution names the institution.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, RowMapping, Select, bindparam, func, literal, null, select

from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import (
    AGENDA_ITEM,
    ATTENDANCE,
    BODY,
    CALENDAR_FEED,
    CHAT_GROUP,
    INSTITUTION,
    MATERIAL,
    MEETING,
    MEETING_ANSWER,
    MEETING_CALL,
    MEMBERSHIP,
    POLL_ANSWER,
    POLL_DATE,
    REMINDER_RUN,
    SEAT,
    STATUS_REPORT,
)


@dataclass(frozen=True, slots=True)
class HeldMeeting:
    """One thing held about a person and a meeting (or, for ``group``, a body's group chat)."""

    #: ``called``, ``answer``, ``poll``, ``agenda``, ``attendance``, ``material``, ``report``, ``reminder``, ``entered`` or ``group``.
    kind: str
    body: str
    #: Local day of the meeting.
    day: date | None
    #: The institution it was done for or about; empty where it was for none.
    institution: str
    #: When; ``None`` where only the state is kept.
    at: datetime | None
    #: What exactly, by names of columns.
    said: Mapping[str, object]


def of(uow: UnitOfWork, person: int) -> tuple[HeldMeeting, ...]:
    """Give what is held about a person and meetings, kind by kind, the oldest first in each."""
    found = []
    for kind, statement in _KINDS.items():
        found += [_held(kind, row) for row in uow.execute(statement, person=person).mappings()]
    return tuple(found)


def calendar_since(uow: UnitOfWork, person: int) -> datetime | None:
    """Say when the secret address of a person's calendar was made, if there is one."""
    found: datetime | None = uow.execute(_FEED, person=person).scalar_one_or_none()
    return found


# --- inside -----------------------------------------------------------------------------------------------------------

_BESIDE: Final = ("body", "day", "institution", "at")


def _held(kind: str, row: RowMapping) -> HeldMeeting:
    said = {name: value for name, value in row.items() if name not in _BESIDE}
    if kind == "report":
        said["answers"] = json.loads(row["answers"])
    return HeldMeeting(kind, row["body"], row["day"], row["institution"] or "", row["at"], said)


def _of(
    at: Any, order: Any, *said: ColumnElement[Any], membership: Column[Any] | None = None, meeting: Any = None
) -> Select[Any]:
    """Select what one table holds of a person. ``order`` is its number, ``meeting`` how it is joined where not directly."""
    table = order.table
    begun = table if table is MEETING else table.join(MEETING, MEETING.c.id == table.c.meeting_id) if meeting is None else meeting
    whose = begun.join(BODY, BODY.c.id == MEETING.c.body_id)
    institution: Any = null().label("institution")
    if membership is not None:
        whose = whose.outerjoin(MEMBERSHIP, MEMBERSHIP.c.id == membership).outerjoin(
            INSTITUTION, INSTITUTION.c.id == MEMBERSHIP.c.institution_id
        )
        institution = INSTITUTION.c.name.label("institution")
    return (
        select(BODY.c.name.label("body"), MEETING.c.day, institution, at.label("at"), *said)
        .select_from(whose)
        .where(table.c.person_id == bindparam("person"))
        .order_by(order)
    )


#: A call is to a seat, which says whose; guests are no persons of ours.
_CALLED = MEETING_CALL.join(MEETING, MEETING.c.id == MEETING_CALL.c.meeting_id).join(SEAT, SEAT.c.id == MEETING_CALL.c.seat_id)
_POLLED = POLL_ANSWER.join(POLL_DATE, POLL_DATE.c.id == POLL_ANSWER.c.date_id).join(
    MEETING, MEETING.c.id == POLL_DATE.c.meeting_id
)
_KINDS: Final[Mapping[str, Select[Any]]] = {
    "called": _of(
        MEETING_CALL.c.withdrawn_at, MEETING_CALL.c.id, SEAT.c.role, MEETING_CALL.c.email, MEETING_CALL.c.told,
        membership=SEAT.c.membership_id, meeting=_CALLED,
    ),
    "answer": _of(
        MEETING_ANSWER.c.answered_at, MEETING_ANSWER.c.meeting_id, MEETING_ANSWER.c.answer, MEETING_ANSWER.c.reason,
        membership=MEETING_ANSWER.c.membership_id,
    ),
    "poll": _of(
        POLL_ANSWER.c.answered_at, POLL_ANSWER.c.date_id, POLL_DATE.c.day.label("asked_day"), POLL_DATE.c.hour, POLL_ANSWER.c.answer,
        membership=POLL_ANSWER.c.membership_id, meeting=_POLLED,
    ),
    "agenda": _of(
        AGENDA_ITEM.c.created_at, AGENDA_ITEM.c.id, AGENDA_ITEM.c.title, AGENDA_ITEM.c.detail, AGENDA_ITEM.c.state,
        membership=AGENDA_ITEM.c.membership_id,
    ),
    "attendance": _of(
        ATTENDANCE.c.arrived_at, ATTENDANCE.c.id, ATTENDANCE.c.role, ATTENDANCE.c.left_at, ATTENDANCE.c.source,
        membership=ATTENDANCE.c.membership_id,
    ),
    "material": _of(MATERIAL.c.added_at, MATERIAL.c.id, MATERIAL.c.name, func.length(MATERIAL.c.content).label("bytes")),
    "report": _of(STATUS_REPORT.c.submitted_at, STATUS_REPORT.c.meeting_id, STATUS_REPORT.c.version, STATUS_REPORT.c.answers),
    "reminder": _of(REMINDER_RUN.c.at, REMINDER_RUN.c.id),
    "entered": _of(MEETING.c.created_at, MEETING.c.id, MEETING.c.kind.label("meeting_kind"), MEETING.c.topic),
    "group": (
        select(
            BODY.c.name.label("body"), null().label("day"), literal("").label("institution"), CHAT_GROUP.c.linked_at.label("at"),
            CHAT_GROUP.c.title, CHAT_GROUP.c.unlinked_at,
        )
        .join_from(CHAT_GROUP, BODY)
        .where(CHAT_GROUP.c.person_id == bindparam("person"))
        .order_by(CHAT_GROUP.c.id)
    ),
}  # fmt: skip
_FEED = select(CALENDAR_FEED.c.created_at).where(CALENDAR_FEED.c.person_id == bindparam("person"))
