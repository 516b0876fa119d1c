"""A task: whose it is, what it comes of, until when; said to be done by a press, and in words if somebody likes."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Final

from konwent_bot.dialogue import limits
from konwent_bot.i18n import Translator
from konwent_bot.office import opening, task_acts, tasks
from konwent_bot.office.meetings import facts as meetings
from konwent_bot.office.minutes import facts as minutes
from konwent_bot.office.people import Known
from konwent_bot.office.rights import Actor
from konwent_bot.office.subjects import Subject
from konwent_bot.office.tasks import Task
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens import words
from konwent_bot.screens.archive_intents import NoteTask, SeeMinutes, SeeTask
from konwent_bot.screens.ballot_intents import FinishTask, ReopenTask, SeeDecision, SeeTasks
from konwent_bot.screens.decisions import task_words
from konwent_bot.screens.home import to_home
from konwent_bot.screens.intents import Intent
from konwent_bot.screens.let_in import let_in
from konwent_bot.screens.meetings.beginning import begun
from konwent_bot.screens.meetings.words import heading
from konwent_bot.screens.screen import Action, Screen
from konwent_bot.screens.visiting import Reply, Visit, Visited, Visitor, go_home


def shown(uow: UnitOfWork, person: Known, task: Task, t: Translator, *, notice: str = "") -> Reply:
    """Show a task to a member of its body."""
    said = (t("What was done"), task.done_note)
    screen = Screen(
        t("Task: {institution}", institution=task.institution),
        context=(task.body_name,),
        notice=notice,
        paragraphs=(task.what, *((t("The day of this task has passed."),) if task.is_late(uow.today) else ())),
        facts=(
            (t("Until"), words.until(t, task.due_on, uow.today)),
            *(((t("Done"), t.day(task.done_at)),) if task.done_at is not None else ()),
            (t("Comes of"), task_words.origin(task, t)),
            *(((t("Meeting"), heading(t, meetings.get(uow, task.meeting))),) if task.meeting is not None else ()),
            *((said,) if task.done_note else ()),
        ),
        actions=(*_acts(uow, person, task, t), *_origin(uow, task, t), (Action(t("Tasks to be done"), SeeTasks(task.body)),)),
        trail=(to_home(t),),
    )
    return Reply(screen, at=SeeTask(task.id))


def _acts(uow: UnitOfWork, person: Known, task: Task, t: Translator) -> list[tuple[Action, ...]]:
    actor, rows = Actor(person.id), list[tuple[Action, ...]]()
    if tasks.may_finish(uow, actor, task):
        if task.done_at is None:
            rows.append((Action(t("Done"), FinishTask(task.id), weight="main"),))
        if not task.done_note:
            label = t("Done, and say what was done") if task.done_at is None else t("Say what was done")
            rows.append((Action(label, NoteTask(task.id)),))
    if task.done_at is not None and tasks.leads(uow, actor, task):
        rows.append((Action(t("Not done after all"), ReopenTask(task.id)),))
    return rows


def _origin(uow: UnitOfWork, task: Task, t: Translator) -> list[tuple[Action, ...]]:
    """Lead to what a task comes of; to minutes once they went out."""
    if task.decision is not None:
        return [(Action(t("See the decision"), SeeDecision(task.decision)),)]
    if task.minutes is not None and minutes.get(uow, task.minutes).version:
        return [(Action(t("See the minutes"), SeeMinutes(task.minutes)),)]
    return []


# --- visits -----------------------------------------------------------------------------------------------------------


def _see(uow: UnitOfWork, _v: Visitor, person: Known, intent: SeeTask, t: Translator) -> Reply:
    return shown(uow, person, tasks.see(uow, Actor(person.id), intent.task), t)


def _finish(uow: UnitOfWork, _v: Visitor, person: Known, intent: FinishTask, t: Translator) -> Reply:
    task = task_acts.done(uow, Actor(person.id), intent.task)
    return shown(uow, person, task, t, notice=t("Saved: the task is done. Thank you."))


def _reopen(uow: UnitOfWork, _v: Visitor, person: Known, intent: ReopenTask, t: Translator) -> Reply:
    task = task_acts.reopen(uow, Actor(person.id), intent.task)
    return shown(uow, person, task, t, notice=t("Saved: the task is not done yet."))


def _note(uow: UnitOfWork, visitor: Visitor, person: Known | None, intent: NoteTask, t: Translator) -> Visited:
    if person is None:
        return go_home(uow, visitor, None, t), t
    task = tasks.see(uow, Actor(person.id), intent.task)
    subject = Subject(task_acts.DONE, task.body, task=task.id)
    named = textwrap.shorten(f"{task.institution}: {task.what}", limits.MAX_TEXT_FACT, placeholder=" …")
    talk = opening.begin(uow, person, subject, {"body": task.body_name, "task": named}, page=visitor.page)
    return begun(uow, visitor, talk, t, opens=False), t


VISITS: Final[Mapping[type[Intent], Visit]] = {
    SeeTask: let_in(_see),
    FinishTask: let_in(_finish),
    ReopenTask: let_in(_reopen),
    NoteTask: _note,
}
