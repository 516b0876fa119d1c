"""Tasks of a decision: what is to be done because of it, by which institution, until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Row, and_, bindparam, insert, select, update

from konwent_bot.errors import N_, Invalid, NotFound, Refused
from konwent_bot.office.decisions import facts, register
from konwent_bot.office.decisions.register import Entry
from konwent_bot.office.meetings import facts as meetings
from konwent_bot.office.meetings.facts import NOT_HERE
from konwent_bot.office.rights import RIGHTS, Actor, offices, require
from konwent_bot.office.subjects import Outcome, Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.columns import UtcInstant
from konwent_bot.store.tables import BODY, DECISION, INSTITUTION, MEMBERSHIP, PROPOSAL_TEXT, SEAT
from konwent_bot.store.tables import TASK as ALL_TASKS

TASK: Final = "decision.task"
#: Tasks one decision may have.
MOST: Final = 50
#: Characters of a task.
MOST_CHARACTERS: Final = 500


class TaskSet(BaseModel):
    """What the act ``decision.task`` takes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    what: str = Field(min_length=1, max_length=MOST_CHARACTERS)
    #: The institution that does it, as the flow offers it.
    institution: tuple[str, ...] = Field(min_length=1, max_length=1)
    #: The last local day.
    due: date


@dataclass(frozen=True, slots=True)
class Task:
    """A task of a decision."""

    id: int
    decision: int
    #: The decision as people call it: "3/2026".
    name: str
    title: str
    body: int
    body_name: str
    what: str
    membership: int
    institution: str
    due_on: date
    #: When somebody said that it is done.
    done_at: datetime | None

    def is_late(self, today: date) -> bool:
        """Tell whether its day has passed and it is not done."""
        return self.done_at is None and self.due_on < today


def may_attach(uow: UnitOfWork, actor: Actor, subject: Subject) -> None:
    """Refuse unless the actor may give tasks, and the decision is one that was adopted and stands."""
    _attachable(uow, actor, subject)


def attach(uow: UnitOfWork, actor: Actor, subject: Subject, given: TaskSet) -> Outcome:
    """Attach a task to a decision.

    Raises:
        NotFound: there is no such decision for this actor, or no such institution in its body.
        Refused: the decision was not adopted, another one took its place, or it has too many tasks.
        Invalid: its day has passed.
    """
    entry = _attachable(uow, actor, subject)
    if given.due < uow.today:
        raise Invalid(N_("The day of a task cannot have passed."))
    wanted = given.institution[0]
    whose = {str(one.membership): one.membership for one in meetings.members_of_body(uow, entry.body)}
    if wanted not in whose:
        raise NotFound(NOT_HERE)
    uow.execute(_LOCK, decision=entry.id).one()  # whoever counts to the limit at the same moment waits
    if len(of(uow, entry.id)) >= MOST:
        raise Refused(N_("This decision has {most} tasks already."), most=MOST)
    made = int(
        uow.execute(
            _NEW, body_id=entry.body, decision_id=entry.id, what=given.what.strip(), membership_id=whose[wanted], due_on=given.due, person_id=actor.person,
            created_at=uow.now,
        ).scalar_one()
    )  # fmt: skip
    uow.audit("decision.task", body=entry.body, person=actor.person, decision=entry.id, task=made)
    return Outcome(entry.body, entry.meeting, made=made, decision=entry.id)


def done(uow: UnitOfWork, actor: Actor, task: int) -> Task:
    """Say that a task is done: somebody of its institution, or whoever may give tasks. Twice is once.

    Raises:
        NotFound: there is no such task for this actor.
    """
    found = get(uow, task)
    if not (RIGHTS[TASK] | {"representative"}) & offices(uow, actor, found.body, found.membership):
        raise NotFound(NOT_HERE)
    if uow.execute(_DONE, task=task, at=uow.now).rowcount:
        uow.audit("decision.task_done", body=found.body, person=actor.person, decision=found.decision, task=task)
    return get(uow, task)


def reopen(uow: UnitOfWork, actor: Actor, task: int) -> Task:
    """Say that a task is not done after all.

    Raises:
        NotFound: there is no such task for this actor.
    """
    found = get(uow, task)
    require(uow, actor, TASK, body=found.body)
    if uow.execute(_REOPEN, task=task).rowcount:
        uow.audit("decision.task_reopened", body=found.body, person=actor.person, decision=found.decision, task=task)
    return get(uow, task)


def get(uow: UnitOfWork, task: int) -> Task:
    """Give a task. Asks no rights. Raises ``NotFound`` where there is none."""
    row = uow.execute(_ONE, task=task).one_or_none()
    if row is None:
        raise NotFound(NOT_HERE)
    return _read(row)


def of(uow: UnitOfWork, decision: int) -> tuple[Task, ...]:
    """Give the tasks of a decision, the nearest day first. Asks no rights."""
    return tuple(_read(row) for row in uow.execute(_OF_DECISION, decision=decision))


def open_of(uow: UnitOfWork, actor: Actor, body: int) -> tuple[Task, ...]:
    """Give the tasks of a body that are not done, the nearest day first.

    Raises:
        NotFound: there is no such body for this actor.
    """
    facts.require_member(uow, actor, body)
    return tuple(_read(row) for row in uow.execute(_OPEN_OF_BODY, body=body))


def own_open(uow: UnitOfWork, person: int) -> list[Task]:
    """Give the tasks that are not done of the institutions a person represents, the nearest day first."""
    return [_read(row) for row in uow.execute(_OWN_OPEN, person=person)]


# --- inside -----------------------------------------------------------------------------------------------------------


def _attachable(uow: UnitOfWork, actor: Actor, subject: Subject) -> Entry:
    entry = register.get(uow, subject.decision or 0)
    if entry.body != subject.body:
        raise NotFound(NOT_HERE)
    require(uow, actor, TASK, body=entry.body)
    if not entry.stands:
        raise Refused(N_("Tasks belong to a decision that was adopted and that no other one has replaced."))
    return entry


def _read(row: Row[Any]) -> Task:
    return Task(
        id=row.id, decision=row.decision_id, name=f"{row.number}/{row.year}", title=row.title, body=row.body_id, body_name=row.body_name,
        what=row.what, membership=row.membership_id, institution=row.short_name, due_on=row.due_on, done_at=row.done_at,
    )  # fmt: skip


_T: Final = ALL_TASKS.c
_LOCK = select(DECISION.c.id).where(DECISION.c.id == bindparam("decision")).with_for_update(key_share=True)
_NEW = (
    insert(ALL_TASKS)
    .values(
        {name: bindparam(name) for name in ("body_id", "decision_id", "what", "membership_id", "due_on", "person_id", "created_at")}
    )
    .returning(_T.id)
)  # fmt: skip
_THIS = update(ALL_TASKS).where(_T.id == bindparam("task"))
_DONE = _THIS.where(_T.done_at.is_(None)).values(done_at=bindparam("at", type_=UtcInstant))
_REOPEN = _THIS.where(_T.done_at.is_not(None)).values(done_at=None)
_TASKS: Final = (
    select(
        ALL_TASKS, DECISION.c.year, DECISION.c.number, BODY.c.name.label("body_name"),
        PROPOSAL_TEXT.c.title, INSTITUTION.c.short_name,
    )
    .select_from(
        ALL_TASKS.join(DECISION, DECISION.c.id == _T.decision_id)
        .join(BODY, BODY.c.id == DECISION.c.body_id)
        .join(
            PROPOSAL_TEXT,
            and_(PROPOSAL_TEXT.c.proposal_id == DECISION.c.proposal_id, PROPOSAL_TEXT.c.version == DECISION.c.version),
        )
        .join(MEMBERSHIP, MEMBERSHIP.c.id == _T.membership_id)
        .join(INSTITUTION, INSTITUTION.c.id == MEMBERSHIP.c.institution_id)
    )
    .order_by(_T.due_on, _T.id)
)  # fmt: skip
_ONE = _TASKS.where(_T.id == bindparam("task"))
_OF_DECISION = _TASKS.where(_T.decision_id == bindparam("decision"))
_OPEN = _TASKS.where(_T.done_at.is_(None))
_OPEN_OF_BODY = _OPEN.where(DECISION.c.body_id == bindparam("body"))
_MINE = (
    select(SEAT.c.membership_id)
    .join_from(SEAT, MEMBERSHIP, MEMBERSHIP.c.id == SEAT.c.membership_id)
    .where(SEAT.c.person_id == bindparam("person"), SEAT.c.meeting_id.is_(None), MEMBERSHIP.c.left_on.is_(None))
)
_OWN_OPEN = _OPEN.where(_T.membership_id.in_(_MINE))
