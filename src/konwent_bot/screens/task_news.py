"""What notices about tasks say: that an institution has one, and that its day comes near."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from konwent_bot.i18n import Translator
from konwent_bot.office.occasion import Message
from konwent_bot.office.task_news import TaskNews
from konwent_bot.screens.archive_intents import NoteTask, SeeTask
from konwent_bot.screens.ballot_intents import FinishTask
from konwent_bot.screens.decisions import task_words
from konwent_bot.screens.screen import Action, Screen


def news(message: TaskNews, t: Translator) -> Screen:
    """Say what is to be done and until when; in a chat one press says that it is done."""
    task = message.task
    match message.what:
        case "given":
            title = t("A task for {institution}", institution=task.institution)
        case _ if message.left < 0:
            title = t("A task of {institution} is overdue", institution=task.institution)
        case _ if message.left == 0:
            title = t("Today: a task of {institution}", institution=task.institution)
        case _:
            title = t.plural(
                "In {n} day: a task of {institution}",
                "In {n} days: a task of {institution}",
                message.left,
                institution=task.institution,
            )
    return Screen(
        title,
        context=(task.body_name,),
        paragraphs=(task.what,),
        facts=((t("Until"), t.day(task.due_on)), (t("Comes of"), task_words.origin(task, t))),
        actions=(
            (Action(t("Done"), FinishTask(task.id), only="chat"),),
            (Action(t("Done, and say what was done"), NoteTask(task.id), only="chat"),),
            (Action(t("See the task"), SeeTask(task.id)),),
        ),
    )


SCREENS: Final[Mapping[type[Message], Callable[[Any, Translator], Screen]]] = {TaskNews: news}
