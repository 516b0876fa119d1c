"""How a task is shown in a list, with the one thing to do about it."""

from __future__ import annotations

from collections.abc import Collection

from konwent_bot.i18n import Translator
from konwent_bot.office import tasks
from konwent_bot.office.people import Known
from konwent_bot.office.rights import Actor
from konwent_bot.office.tasks import Task
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.ballot_intents import FinishTask, ReopenTask
from konwent_bot.screens.meetings.offering import may
from konwent_bot.screens.screen import Action, Row
from konwent_bot.screens.words import until


def row(uow: UnitOfWork, person: Known, task: Task, held: Collection[str], t: Translator, *, of: bool = False) -> Row:
    """Show a task. ``held``: the reader's offices in its body. ``of``: with what it comes of."""
    label = f"{task.institution}: {task.what}"
    if of and task.decision is not None:
        label = t("{task} (decision {number})", task=label, number=task.name)
    elif of:
        label = t("{task} (minutes {number})", task=label, number=task.name)
    return Row(label, when(uow, task, t), _about(uow, person, task, held, t))


def origin(task: Task, t: Translator) -> str:
    """Say what a task comes of: "Decyzja 3/2026, Wspólny kalendarz", "Protokół 3/2026"."""
    if task.decision is None:
        return t("Minutes {number}", number=task.name)
    return t("{decision}, {title}", decision=t("Decision {number}", number=task.name), title=task.title)


def when(uow: UnitOfWork, task: Task, t: Translator) -> str:
    """Say until when, that its day has passed, or when it was done."""
    if task.done_at is not None:
        return t("done, {day}", day=t.day(task.done_at))
    due = until(t, task.due_on, uow.today)
    return t("overdue: {until}", until=due) if task.is_late(uow.today) else t("due {until}", until=due)


def _about(uow: UnitOfWork, person: Known, task: Task, held: Collection[str], t: Translator) -> Action | None:
    leads = may(held, task.act)
    if task.done_at is not None:
        return Action(t("Not done after all"), ReopenTask(task.id)) if leads else None
    if tasks.may_finish(uow, Actor(person.id), task):
        return Action(t("Done"), FinishTask(task.id))
    return None
