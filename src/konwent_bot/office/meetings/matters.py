"""What meetings ask of a person now, and what their institutions have answered: a few statements, however many meetings there are."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Row, bindparam, exists, func, or_, select

from konwent_bot.office.meetings import answers, facts
from konwent_bot.office.meetings.answers import Answered
from konwent_bot.office.meetings.facts import Meeting
from konwent_bot.office.rights import RIGHTS
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.columns import UtcInstant
from konwent_bot.store.tables import (
    AGENDA_ITEM,
    ATTENDANCE,
    GROUP_SEAT,
    INSTITUTION,
    MEETING,
    MEETING_ANSWER,
    MEMBERSHIP,
    POST,
    SEAT,
)


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A meeting that one of a person's institutions has not answered."""

    meeting: Meeting
    membership: int
    name: str


def unanswered(uow: UnitOfWork, person: int) -> list[Unanswered]:
    """Give the convened meetings ahead that an institution the person speaks for has not answered nor come to, in order of time."""
    rows = _once(uow.execute(_UNANSWERED, person=person, now=uow.now).all())
    if not rows:
        return []
    meetings = {row.id: facts.read(row) for row in uow.execute(_THESE, meetings=list({row.meeting for row in rows}))}
    return [Unanswered(meetings[row.meeting], row.membership, row.short_name) for row in rows]


def answered(uow: UnitOfWork, person: int, meetings: Collection[int]) -> Mapping[int, tuple[Answered | None, ...]]:
    """Give what the institutions a person speaks for have answered, by meeting: for each of them, in alphabetical order."""
    found: dict[int, tuple[Answered | None, ...]] = {}
    for row in _once(uow.execute(_OF_THESE, person=person, meetings=list(meetings)).all()):
        found[row.meeting] = (*found.get(row.meeting, ()), answers.read(row) if row.answer is not None else None)
    return found


def not_closed(uow: UnitOfWork, person: int) -> list[Meeting]:
    """Give the meetings of the bodies a person coordinates that have had their time, and of which nobody said whether they took place."""
    return [facts.read(row) for row in uow.execute(_OVER, person=person, now=uow.now)]


@dataclass(frozen=True, slots=True)
class Proposals:
    """A meeting ahead with proposals for its agenda that wait for an answer."""

    meeting: Meeting
    waiting: int


def proposals(uow: UnitOfWork, person: int) -> list[Proposals]:
    """Give the meetings whose agenda a person orders and to which members have proposed something that waits, in order of time."""
    rows = uow.execute(_PROPOSED, person=person, now=uow.now).all()
    return [Proposals(facts.read(row), row.waiting) for row in rows]


# --- inside -----------------------------------------------------------------------------------------------------------

_COLLEAGUE: Final = SEAT.alias()
#: Institutions a person speaks for at meetings, by their places; whoever has two places of one stands here twice.
_MINE: Final = (
    select(
        MEETING.c.id.label("meeting"), MEMBERSHIP.c.id.label("membership"), INSTITUTION.c.short_name, MEETING_ANSWER.c.membership_id,
        MEETING_ANSWER.c.answer, MEETING_ANSWER.c.reason, MEETING_ANSWER.c.seat_id, MEETING_ANSWER.c.answered_at,
    )
    .select_from(
        SEAT.join(MEMBERSHIP, MEMBERSHIP.c.id == SEAT.c.membership_id)
        .join(INSTITUTION, INSTITUTION.c.id == MEMBERSHIP.c.institution_id)
        .join(MEETING, MEETING.c.body_id == MEMBERSHIP.c.body_id)
        .outerjoin(
            MEETING_ANSWER, (MEETING_ANSWER.c.meeting_id == MEETING.c.id) & (MEETING_ANSWER.c.membership_id == MEMBERSHIP.c.id)
        )
    )
    .where(
        SEAT.c.person_id == bindparam("person"),
        MEMBERSHIP.c.left_on.is_(None),
        or_(SEAT.c.meeting_id.is_(None), SEAT.c.meeting_id == MEETING.c.id),
        or_(
            MEETING.c.group_id.is_(None),
            exists(
                select(GROUP_SEAT.c.seat_id)
                .join(_COLLEAGUE, _COLLEAGUE.c.id == GROUP_SEAT.c.seat_id)
                .where(GROUP_SEAT.c.group_id == MEETING.c.group_id, _COLLEAGUE.c.membership_id == MEMBERSHIP.c.id)
            ),
        ),
    )
    .order_by(MEETING.c.starts_at, MEETING.c.id, INSTITUTION.c.short_name, MEMBERSHIP.c.id)
)  # fmt: skip
_UNANSWERED = _MINE.where(
    MEETING.c.status == "convened",
    MEETING.c.starts_at > bindparam("now", type_=UtcInstant),
    MEETING_ANSWER.c.membership_id.is_(None),
    # Whoever came early is there, whatever they answered.
    ~exists().where(
        ATTENDANCE.c.meeting_id == MEETING.c.id, ATTENDANCE.c.membership_id == MEMBERSHIP.c.id, ATTENDANCE.c.left_at.is_(None)
    ),
)
_OF_THESE = _MINE.where(MEETING.c.id.in_(bindparam("meetings", expanding=True)))
_THESE = facts.MEETINGS.where(MEETING.c.id.in_(bindparam("meetings", expanding=True)))
_OVER = facts.MEETINGS.where(
    MEETING.c.status == "convened",
    MEETING.c.ends_at <= bindparam("now", type_=UtcInstant),
    exists(
        select(POST.c.id).where(
            POST.c.body_id == MEETING.c.body_id, POST.c.kind == "coordinator", POST.c.person_id == bindparam("person")
        )
    ),
).order_by(MEETING.c.starts_at, MEETING.c.id)

_ORDERING: Final = sorted(RIGHTS["agenda.order"] - {"operator"})
_WAITING: Final = (
    select(func.count())
    .where(AGENDA_ITEM.c.meeting_id == MEETING.c.id, AGENDA_ITEM.c.state == "proposed")
    .correlate(MEETING)
    .scalar_subquery()
)
_PROPOSED = (
    facts.MEETINGS.join(
        POST, POST.c.body_id == MEETING.c.body_id
    )  # from the few posts of a person on, not from all meetings ahead
    .add_columns(_WAITING.label("waiting"))
    .where(
        POST.c.person_id == bindparam("person"),
        POST.c.kind.in_(_ORDERING),
        MEETING.c.status.in_(("planned", "convened")),
        MEETING.c.starts_at > bindparam("now", type_=UtcInstant),
        _WAITING > 0,
    )
    .order_by(MEETING.c.starts_at, MEETING.c.id)
    .distinct()
)


def _once(rows: Collection[Row[Any]]) -> list[Row[Any]]:
    return list({(row.meeting, row.membership): row for row in rows}.values())
