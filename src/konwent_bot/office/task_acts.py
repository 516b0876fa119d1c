"""Giving tasks and doing them: attached to a decision, written into minutes, said to be done, or not done after all.

The institution is told at once, and reminded. These notices are written when the task is given; whether one is still wanted, and who is
proper by then, is asked when it is sent (``task_news``).
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Final

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import String, and_, bindparam, case, func, insert, or_, select, update

from konwent_bot.domain.tasks import reminders
from konwent_bot.errors import N_, Invalid, NotFound, Refused
from konwent_bot.office import notices, tasks
from konwent_bot.office.decisions import register
from konwent_bot.office.decisions.recipients import each_once
from konwent_bot.office.decisions.register import Entry
from konwent_bot.office.meetings import facts as meetings
from konwent_bot.office.meetings.facts import NOT_HERE
from konwent_bot.office.minutes import facts as minutes
from konwent_bot.office.minutes.facts import Minutes
from konwent_bot.office.rights import Actor, require
from konwent_bot.office.subjects import Outcome, Subject
from konwent_bot.office.tasks import DECISION_TASK, DUE, GIVEN, MINUTES_TASK, SOON, Task
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.columns import UtcInstant
from konwent_bot.store.tables import AGENDA_ITEM, DECISION, TASK

DONE: Final = "task.done"
#: Tasks that one decision, or the minutes of one meeting, may have.
MOST: Final = 50
#: Characters of a task, and of what is said when it is done.
MOST_CHARACTERS: Final = 500
MOST_NOTE: Final = 1000
#: Local time at which reminders are due.
REMINDED_AT: Final = time(9)


class TaskSet(BaseModel):
    """What the acts ``decision.task`` and ``minutes.task`` take."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    what: str = Field(min_length=1, max_length=MOST_CHARACTERS)
    #: The institution that does it, as the flow offers it.
    institution: tuple[str, ...] = Field(min_length=1, max_length=1)
    #: The last local day.
    due: date


class TaskDone(BaseModel):
    """What the act ``task.done`` takes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    note: str | None = Field(default=None, max_length=MOST_NOTE)


# --- giving -----------------------------------------------------------------------------------------------------------


def may_attach(uow: UnitOfWork, actor: Actor, subject: Subject) -> None:
    """Refuse unless the actor may give tasks, and the decision is one that was adopted and stands."""
    _attachable(uow, actor, subject)


def attach(uow: UnitOfWork, actor: Actor, subject: Subject, given: TaskSet) -> Outcome:
    """Attach a task to a decision, and tell its institution.

    Raises:
        NotFound: there is no such decision for this actor, or no such institution in its body.
        Refused: the decision was not adopted, another one took its place, or it has too many tasks.
        Invalid: its day has passed.
    """
    entry = _attachable(uow, actor, subject)
    uow.execute(_LOCK, decision=entry.id).one()  # whoever counts to the limit at the same moment waits
    if len(tasks.of(uow, entry.id)) >= MOST:
        raise Refused(N_("This decision has {most} tasks already."), most=MOST)
    made = _give(uow, actor, entry.body, given, decision_id=entry.id)
    uow.audit(DECISION_TASK, body=entry.body, person=actor.person, decision=entry.id, task=made)
    return Outcome(entry.body, entry.meeting, made=made, decision=entry.id)


def may_write(uow: UnitOfWork, actor: Actor, subject: Subject) -> None:
    """Refuse unless the actor may give tasks in the minutes, and these are not final."""
    _writable(uow, actor, subject)


def write(uow: UnitOfWork, actor: Actor, subject: Subject, given: TaskSet) -> Outcome:
    """Write a task into the minutes of a meeting, under a point of its agenda or at the end, and tell its institution.

    Raises:
        NotFound: there are no such minutes for this actor, no such point in them, or no such institution in their body.
        Refused: the minutes are final, or have too many tasks.
        Invalid: its day has passed.
    """
    found = _writable(uow, actor, subject, lock=True)
    if len(tasks.of_minutes(uow, found.id)) >= MOST:
        raise Refused(N_("These minutes have {most} tasks already."), most=MOST)
    made = _give(uow, actor, found.body, given, minutes_id=found.id, point=minutes.point_of(subject.item or 0))
    minutes.raise_edition(uow, found.id)
    uow.audit(MINUTES_TASK, body=found.body, person=actor.person, minutes=found.id, task=made)
    return Outcome(found.body, found.meeting, made=made, minutes=found.id)


# --- doing ------------------------------------------------------------------------------------------------------------


def done(uow: UnitOfWork, actor: Actor, task: int) -> Task:
    """Say that a task is done. Twice is once.

    Raises:
        NotFound: there is no such task for this actor.
    """
    _finish(uow, actor, _finishable(uow, actor, task), "")
    return tasks.get(uow, task)


def may_say_done(uow: UnitOfWork, actor: Actor, subject: Subject) -> None:
    """Refuse unless the actor may say that the task is done, and nobody has said anything of that yet."""
    if _finishable(uow, actor, subject.task or 0).done_note:
        raise Refused(_SAID)


def say_done(uow: UnitOfWork, actor: Actor, subject: Subject, said: TaskDone) -> Outcome:
    """Say that a task is done, and how; of one that is done already, only how.

    Raises:
        NotFound: there is no such task for this actor.
        Refused: somebody has said already how it was done.
    """
    found = _finishable(uow, actor, subject.task or 0)
    note = (said.note or "").strip()
    if not _finish(uow, actor, found, note) and note:
        raise Refused(_SAID)
    return Outcome(found.body, found.meeting, made=found.id, decision=found.decision, minutes=found.minutes)


def reopen(uow: UnitOfWork, actor: Actor, task: int) -> Task:
    """Say that a task is not done after all. What was said of it goes.

    Raises:
        NotFound: there is no such task for this actor.
    """
    found = tasks.get(uow, task)
    require(uow, actor, found.act, body=found.body)
    if uow.execute(_REOPEN, task=task).rowcount:
        uow.audit("task.reopen", body=found.body, person=actor.person, task=task)
    return tasks.get(uow, task)


# --- inside -----------------------------------------------------------------------------------------------------------

_SAID: Final = N_("Somebody has already said how this task was done.")


def _attachable(uow: UnitOfWork, actor: Actor, subject: Subject) -> Entry:
    entry = register.get(uow, subject.decision or 0)
    if entry.body != subject.body:
        raise NotFound(NOT_HERE)
    require(uow, actor, DECISION_TASK, body=entry.body)
    if not entry.stands:
        raise Refused(N_("Tasks belong to a decision that was adopted and that no other one has replaced."))
    return entry


def _writable(uow: UnitOfWork, actor: Actor, subject: Subject, *, lock: bool = False) -> Minutes:
    found = minutes.get(uow, subject.minutes or 0, lock=lock)
    if found.body != subject.body:
        raise NotFound(NOT_HERE)
    require(uow, actor, MINUTES_TASK, body=found.body)
    if subject.item and uow.execute(_POINT, item=subject.item, meeting=found.meeting).first() is None:
        raise NotFound(NOT_HERE)
    minutes.require_open(found)
    return found


def _give(
    uow: UnitOfWork, actor: Actor, body: int, given: TaskSet, *, decision_id: int | None = None, minutes_id: int | None = None,
    point: str = "",
) -> int:  # fmt: skip
    if given.due < uow.today:
        raise Invalid(N_("The day of a task cannot have passed."))
    members = {str(one.membership): one for one in meetings.members_of_body(uow, body)}
    member = members.get(given.institution[0])
    if member is None:
        raise NotFound(NOT_HERE)
    made = int(
        uow.execute(
            _NEW, body_id=body, decision_id=decision_id, minutes_id=minutes_id, point=point, what=given.what.strip(),
            membership_id=member.membership, due_on=given.due, person_id=actor.person, created_at=uow.now,
        ).scalar_one()
    )  # fmt: skip
    task = tasks.get(uow, made)
    for recipient in each_once(dict(list(tasks.nearest(uow, task).items())[:1]), but=actor):
        notices.announce(uow, recipient=recipient, occasion=GIVEN, subject=task.subject, body=body, revision=1)
    days = reminders(task.due_on)
    for occasion, day in ((SOON, days.soon), (DUE, days.last)):
        at = datetime.combine(day, REMINDED_AT, tzinfo=uow.house.zone)
        for place in member.places if at > uow.now else ():  # who is proper by then is asked then
            notices.announce(
                uow, recipient=f"seat:{place.id}", occasion=occasion, subject=task.subject, body=body, revision=1, due_at=at
            )  # fmt: skip
    return made


def _finishable(uow: UnitOfWork, actor: Actor, task: int) -> Task:
    found = tasks.get(uow, task)
    if not tasks.may_finish(uow, actor, found):
        raise NotFound(NOT_HERE)
    return found


def _finish(uow: UnitOfWork, actor: Actor, task: Task, note: str) -> bool:
    """Say that a task is done, or add what was not said yet; tell whether that changed anything."""
    changed = bool(uow.execute(_DONE, task=task.id, at=uow.now, note=note).rowcount)
    if changed:
        uow.audit(DONE, body=task.body, person=actor.person, task=task.id)
    return changed


_T: Final = TASK.c
_LOCK = select(DECISION.c.id).where(DECISION.c.id == bindparam("decision")).with_for_update(key_share=True)
_POINT = select(AGENDA_ITEM.c.id).where(
    AGENDA_ITEM.c.id == bindparam("item"), AGENDA_ITEM.c.meeting_id == bindparam("meeting"), AGENDA_ITEM.c.state == "accepted"
)
_NEW = (
    insert(TASK)
    .values(
        {
            name: bindparam(name)
            for name in (
                "body_id", "decision_id", "minutes_id", "point", "what", "membership_id", "due_on", "person_id", "created_at"
            )
        }
    )
    .returning(_T.id)
)  # fmt: skip
_THIS = update(TASK).where(_T.id == bindparam("task"))
_NOTE = bindparam("note", type_=String)
#: One statement for the press and for what is said with it: the first word stands, and a note can still be added to a press.
_DONE = _THIS.where(or_(_T.done_at.is_(None), and_(_T.done_note == "", _NOTE != ""))).values(
    done_at=func.coalesce(_T.done_at, bindparam("at", type_=UtcInstant)),
    done_note=case((_T.done_note == "", _NOTE), else_=_T.done_note),
)
_REOPEN = _THIS.where(_T.done_at.is_not(None)).values(done_at=None, done_note="")
