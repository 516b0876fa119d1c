"""What the secretariat says of a meeting of its own accord: when it is still wanted, and what it says.

Calling, changing and calling off are the meeting itself: they are said at once, at any hour, where it is on the next day or nearer, are
repeated where it is not known whether they arrived, and cannot be switched off. A reminder can, waits for the morning unless it is the
meeting's own, and is never said twice.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select

from konwent_bot.domain.meetings.reminders import ON_TIME
from konwent_bot.errors import NotFound
from konwent_bot.office.enclosures import Enclosure
from konwent_bot.office.meetings import agenda, answers, calls, facts, materials, reminding
from konwent_bot.office.meetings.agenda import Line
from konwent_bot.office.meetings.answers import Answered
from konwent_bot.office.meetings.facts import Meeting
from konwent_bot.office.occasion import Due, Message, Occasion, Reader, no_files
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import SEAT

What = Literal["invitation", "changed", "cancelled", "withdrawn", "reminder", "agenda"]
#: Later than this after its time a reminder says that it is late, whatever held it up; no night is longer.
LATE: Final = timedelta(hours=12)


#: What waits for no morning where the meeting is so many days ahead or fewer.
_AT_ONCE: Final = {"invitation": 1, "changed": 1, "cancelled": 1, "withdrawn": 1, "reminder": 0, "agenda": 0}


@dataclass(frozen=True, slots=True)
class MeetingNews(Message):
    """News of a meeting for one reader."""

    what: What
    meeting: Meeting
    #: The institution it is for, by number and name; empty for a guest or where the place is gone.
    membership: int | None
    institution: str
    #: By which place the reader is told ("head"...); empty for a guest.
    role: str
    #: What the institution has answered.
    answered: Answered | None
    agenda: tuple[Line, ...]
    #: Names of the meeting's files, with an agenda and with what asks for an answer.
    materials: tuple[str, ...]
    #: It comes later than it should.
    late: bool
    guest: bool
    #: Nobody has taken the place it goes to: whoever reads it cannot come in, and answers by a letter.
    outside: bool


def _materials(uow: UnitOfWork, due: Due) -> tuple[Enclosure, ...]:
    """Give what people should have read: guests have no page to find it on."""
    found = materials.contents(uow, due.about)
    return tuple(Enclosure(one.name, one.media_type, one.content, hashlib.sha256(one.content).hexdigest()) for one in found)


def _made(what: What) -> Occasion:
    def make(uow: UnitOfWork, due: Due, reader: Reader) -> Message | str | None:  # noqa: ARG001 - a meeting is the same for every reader
        try:
            meeting = facts.get(uow, due.about)
        except NotFound:
            return None
        seat = uow.execute(_SEAT, seat=due.number).one_or_none() if due.kind == "seat" else None
        whose = None if seat is None else next(
            (one for one in facts.members(uow, meeting) if one.membership == seat.membership_id), None
        )  # fmt: skip
        said = None if whose is None else answers.of(uow, meeting.id).get(whose.membership)
        lines = agenda.lines(uow, meeting) if what in ("invitation", "reminder", "agenda") else ()
        names = tuple(one.name for one in materials.listed(uow, meeting.id)) if lines else ()
        late = what == "reminder" and (due.created_at - due.due_at > ON_TIME or uow.now - due.due_at > LATE)
        # Who was told that they are not called any more must not learn from it that a meeting takes place which has been called off since.
        told = "cancelled" if meeting.status == "cancelled" and what == "withdrawn" else what
        outside = whose is not None and whose.holders[due.number][0] is None
        return MeetingNews(
            told, meeting, None if whose is None else whose.membership, "" if whose is None else whose.name,
            "" if seat is None else seat.role, said, lines, names, late, due.kind == "guest", outside,
        )  # fmt: skip

    def wanted(uow: UnitOfWork, due: Due) -> bool:
        try:
            meeting = facts.get(uow, due.about)
        except NotFound:
            return False
        match what:
            case "cancelled":
                return True
            case "withdrawn":
                return not (meeting.status == "convened" and _called_again(uow, meeting, due))
            case "reminder":
                return _ahead(uow, meeting) and not _answered(uow, meeting, due)
            case _:
                return _ahead(uow, meeting) and _called(uow, meeting, due)

    def urgent(uow: UnitOfWork, due: Due) -> bool:
        try:
            meeting = facts.get(uow, due.about)
        except NotFound:
            return False
        # Whoever sets out for a meeting that was moved to another day must learn it before the former one.
        moments = [one for one in (meeting.starts_at, meeting.moved_from) if one is not None and one > uow.now]
        ahead = min(moments, default=meeting.starts_at).astimezone(ZoneInfo(meeting.zone)).date() - uow.today
        return ahead.days <= _AT_ONCE[what]

    return Occasion(
        f"meeting.{what}", make, wanted, repeat_uncertain=what in ("invitation", "changed", "cancelled"), urgent=urgent,
        digestible=what == "agenda", unsubscribable=what == "reminder", files=_materials if what == "agenda" else no_files,
    )  # fmt: skip


OCCASIONS: Final = tuple(
    _made(what) for what in ("invitation", "changed", "cancelled", "withdrawn", "reminder", "agenda")
)  # fmt: skip
assert {one.name for one in OCCASIONS} == {
    calls.INVITATION, calls.CHANGED, calls.CANCELLED, calls.WITHDRAWN, reminding.REMINDER, reminding.AGENDA
}, "an occasion by another name"  # fmt: skip


def _ahead(uow: UnitOfWork, meeting: Meeting) -> bool:
    return meeting.status == "convened" and meeting.starts_at > uow.now


def _called(uow: UnitOfWork, meeting: Meeting, due: Due) -> bool:
    """Tell whether the recipient is called still: the place may have been left, or given to somebody else, since."""
    return (due.kind, due.number) in calls.living(uow, meeting.id)


def _called_again(uow: UnitOfWork, meeting: Meeting, due: Due) -> bool:
    """Tell whether somebody who was not to come any more is called after all, by whatever place."""
    for (kind, number), row in calls.living(uow, meeting.id).items():
        match due.kind:
            case "guest" if kind == "guest" and number == due.number:
                return True
            case "person" if row.person_id == due.number:
                return True
            case "seat" if row.email == due.address:
                return True
    return False


def _answered(uow: UnitOfWork, meeting: Meeting, due: Due) -> bool:
    seat = uow.execute(_SEAT, seat=due.number).one_or_none()
    return seat is None or seat.membership_id in answers.of(uow, meeting.id)


_SEAT = select(SEAT.c.membership_id, SEAT.c.role).where(SEAT.c.id == bindparam("seat"))
