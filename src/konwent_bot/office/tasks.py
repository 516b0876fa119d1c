"""Tasks: what is to be done because of a decision or of a meeting, by which institution, until when.

A task of a decision is attached to it; one of a meeting is written into its minutes (``task_acts``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Row, and_, bindparam, func, or_, select

from konwent_bot.domain.meetings.representation import call_order
from konwent_bot.domain.meetings.words import MeetingKind
from konwent_bot.errors import NotFound
from konwent_bot.office.decisions import facts as decisions
from konwent_bot.office.decisions.facts import BY_CIRCULATION
from konwent_bot.office.decisions.recipients import Recipients
from konwent_bot.office.meetings import facts as meetings
from konwent_bot.office.meetings.facts import NOT_HERE
from konwent_bot.office.rights import RIGHTS, Actor, offices
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.columns import UtcInstant
from konwent_bot.store.tables import BODY, DECISION, INSTITUTION, MEETING, MEMBERSHIP, MINUTES, PROPOSAL_TEXT, SEAT, TASK

#: Acts under which tasks are given: of a decision, and of a meeting.
DECISION_TASK: Final = "decision.task"
MINUTES_TASK: Final = "minutes.task"
#: Occasions: told at once; a week before its day; on its day.
GIVEN: Final = "task.given"
SOON: Final = "task.soon"
DUE: Final = "task.due"


@dataclass(frozen=True, slots=True)
class Task:
    """A task as it stands."""

    id: int
    body: int
    body_name: str
    #: The decision it comes of, or the minutes it was written into.
    decision: int | None
    minutes: int | None
    #: The meeting of either; ``None``: the decision was taken by circulation.
    meeting: int | None
    meeting_kind: MeetingKind | None
    #: Local day of the meeting.
    day: date | None
    #: The point of the minutes it stands under ("item:12", "end"); empty for a decision's.
    point: str
    #: The decision or the minutes as people call them: "3/2026".
    name: str
    #: What the decision is called; empty for one of minutes.
    title: str
    what: str
    membership: int
    institution: str
    due_on: date
    #: When somebody said that it is done, and what they said of it.
    done_at: datetime | None
    done_note: str
    created_at: datetime

    @property
    def subject(self) -> str:
        """What notices name it by."""
        return f"task:{self.id}"

    @property
    def act(self) -> str:
        """Under which act such tasks are given: who may, leads this one."""
        return DECISION_TASK if self.decision is not None else MINUTES_TASK

    def is_late(self, today: date) -> bool:
        """Tell whether its day has passed and it is not done."""
        return self.done_at is None and self.due_on < today


def get(uow: UnitOfWork, task: int) -> Task:
    """Give a task. Asks no rights. Raises ``NotFound`` where there is none."""
    row = uow.execute(_ONE, task=task).one_or_none()
    if row is None:
        raise NotFound(NOT_HERE)
    return _read(row)


def see(uow: UnitOfWork, actor: Actor, task: int) -> Task:
    """Give a task to a member of its body.

    Raises:
        NotFound: there is no such task for this actor.
    """
    found = get(uow, task)
    decisions.require_member(uow, actor, found.body)
    return found


def of(uow: UnitOfWork, decision: int) -> tuple[Task, ...]:
    """Give the tasks of a decision, the nearest day first. Asks no rights."""
    return tuple(_read(row) for row in uow.execute(_OF_DECISION, decision=decision))


def of_minutes(uow: UnitOfWork, number: int) -> tuple[Task, ...]:
    """Give the tasks written into minutes, the nearest day first. Asks no rights."""
    return tuple(_read(row) for row in uow.execute(_OF_MINUTES, minutes=number))


def open_of(uow: UnitOfWork, actor: Actor, body: int) -> tuple[Task, ...]:
    """Give the tasks of a body that are not done, the nearest day first.

    Raises:
        NotFound: there is no such body for this actor.
    """
    decisions.require_member(uow, actor, body)
    return tuple(_read(row) for row in uow.execute(_OPEN_OF_BODY, body=body))


def open_at(uow: UnitOfWork, body: int, at: datetime) -> tuple[Task, ...]:
    """Give the tasks of a body that were open at an instant: given before it, and not done before it. Asks no rights."""
    return tuple(_read(row) for row in uow.execute(_OPEN_AT, body=body, at=at))


def how_many_open(uow: UnitOfWork, body: int, at: datetime) -> int:
    """Give how many those are. Asks no rights."""
    return int(uow.execute(_HOW_MANY, body=body, at=at).scalar_one())


def own_open(uow: UnitOfWork, person: int) -> list[Task]:
    """Give the tasks that are not done of the institutions a person represents, the nearest day first."""
    return [_read(row) for row in uow.execute(_OWN_OPEN, person=person)]


def nearest(uow: UnitOfWork, task: Task) -> Recipients:
    """Give the places of its institution that can be told of a task now, the proper one first; none where it has left the body.

    Who is proper follows the kind of meeting it comes of (R2).
    """
    member = next((one for one in meetings.members_of_body(uow, task.body) if one.membership == task.membership), None)
    if member is None:
        return {}
    order = call_order(task.meeting_kind or BY_CIRCULATION, member.places)
    return {f"seat:{place.id}": member.holders[place.id][0] for place in order}


def leads(uow: UnitOfWork, actor: Actor, task: Task) -> bool:
    """Tell whether an actor may give such tasks, and so may take back that this one is done."""
    return bool(RIGHTS[task.act] & offices(uow, actor, task.body))


def may_finish(uow: UnitOfWork, actor: Actor, task: Task) -> bool:
    """Tell whether an actor may say that a task is done: somebody of its institution, or whoever may give such tasks."""
    return bool((RIGHTS[task.act] | {"representative"}) & offices(uow, actor, task.body, task.membership))


# --- inside -----------------------------------------------------------------------------------------------------------


def _read(row: Row[Any]) -> Task:
    return Task(
        id=row.id, body=row.body_id, body_name=row.body_name, decision=row.decision_id, minutes=row.minutes_id, meeting=row.meeting_id,
        meeting_kind=row.kind, day=row.day, point=row.point, name=f"{row.number}/{row.year}", title=row.title or "", what=row.what,
        membership=row.membership_id, institution=row.short_name, due_on=row.due_on, done_at=row.done_at, done_note=row.done_note,
        created_at=row.created_at,
    )  # fmt: skip


_T: Final = TASK.c
_TASKS: Final = (
    select(
        TASK, BODY.c.name.label("body_name"), PROPOSAL_TEXT.c.title, INSTITUTION.c.short_name,
        MEETING.c.id.label("meeting_id"), MEETING.c.kind, MEETING.c.day,
        func.coalesce(DECISION.c.number, MINUTES.c.number).label("number"),
        func.coalesce(DECISION.c.year, MINUTES.c.year).label("year"),
    )
    .select_from(
        TASK.join(BODY, BODY.c.id == _T.body_id)
        .join(MEMBERSHIP, MEMBERSHIP.c.id == _T.membership_id)
        .join(INSTITUTION, INSTITUTION.c.id == MEMBERSHIP.c.institution_id)
        .outerjoin(DECISION, DECISION.c.id == _T.decision_id)
        .outerjoin(
            PROPOSAL_TEXT,
            and_(PROPOSAL_TEXT.c.proposal_id == DECISION.c.proposal_id, PROPOSAL_TEXT.c.version == DECISION.c.version),
        )
        .outerjoin(MINUTES, MINUTES.c.id == _T.minutes_id)
        .outerjoin(MEETING, MEETING.c.id == func.coalesce(DECISION.c.meeting_id, MINUTES.c.meeting_id))
    )
    .order_by(_T.due_on, _T.id)
)  # fmt: skip
_ONE = _TASKS.where(_T.id == bindparam("task"))
_OF_DECISION = _TASKS.where(_T.decision_id == bindparam("decision"))
_OF_MINUTES = _TASKS.where(_T.minutes_id == bindparam("minutes"))
_OPEN = _TASKS.where(_T.done_at.is_(None))
_OPEN_OF_BODY = _OPEN.where(_T.body_id == bindparam("body"))
_AT = bindparam("at", type_=UtcInstant)
_THEN: Final = (_T.body_id == bindparam("body"), _T.created_at < _AT, or_(_T.done_at.is_(None), _T.done_at >= _AT))
_OPEN_AT = _TASKS.where(*_THEN)
_HOW_MANY = select(func.count()).select_from(TASK).where(*_THEN)
_MINE = (
    select(SEAT.c.membership_id)
    .join_from(SEAT, MEMBERSHIP, MEMBERSHIP.c.id == SEAT.c.membership_id)
    .where(SEAT.c.person_id == bindparam("person"), SEAT.c.meeting_id.is_(None), MEMBERSHIP.c.left_on.is_(None))
)
_OWN_OPEN = _OPEN.where(_T.membership_id.in_(_MINE))
