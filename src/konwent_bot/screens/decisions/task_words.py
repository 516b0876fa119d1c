"""How a task of a decision is shown in a list, with the one thing to do about it."""

from __future__ import annotations

from collections.abc import Collection

from konwent_bot.i18n import Translator
from konwent_bot.office.decisions import tasks
from konwent_bot.office.decisions.tasks import Task
from konwent_bot.office.people import Known
from konwent_bot.office.rights import Actor, offices
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.ballot_intents import FinishTask, ReopenTask
from konwent_bot.screens.meetings.offering import may
from konwent_bot.screens.screen import Action, Row
from konwent_bot.screens.words import until


def row(uow: UnitOfWork, person: Known, task: Task, held: Collection[str], t: Translator, *, of: bool = False) -> Row:
    """Show a task. ``held``: the reader's offices in its body. ``of``: with the decision it follows from."""
    label = f"{task.institution}: {task.what}"
    if of:
        label = t("{task} (decision {number})", task=label, number=task.name)
    return Row(label, when(uow, task, t), _about(uow, person, task, held, t))


def when(uow: UnitOfWork, task: Task, t: Translator) -> str:
    """Say until when, that its day has passed, or when it was done."""
    if task.done_at is not None:
        return t("done, {day}", day=t.day(task.done_at))
    due = until(t, task.due_on, uow.today)
    return t("overdue: {until}", until=due) if task.is_late(uow.today) else t("due {until}", until=due)


def _about(uow: UnitOfWork, person: Known, task: Task, held: Collection[str], t: Translator) -> Action | None:
    leads = may(held, tasks.TASK)
    if task.done_at is not None:
        return Action(t("Not done after all"), ReopenTask(task.id)) if leads else None
    if leads or "representative" in offices(uow, Actor(person.id), task.body, task.membership):
        return Action(t("Done"), FinishTask(task.id))
    return None
