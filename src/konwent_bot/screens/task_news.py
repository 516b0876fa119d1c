"""What notices about tasks say: that an institution has one, and that its day comes near."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from konwent_bot.i18n import Translator
from konwent_bot.office.occasion import Message
from konwent_bot.office.task_news import TaskNews
from konwent_bot.screens.ballot_intents import FinishTask, SeeDecision, SeeTasks
from konwent_bot.screens.intents import Intent
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
    where: Intent = SeeTasks(task.body)
    follows = t("Minutes {number}", number=task.name)
    if task.decision is not None:
        where, follows = SeeDecision(task.decision), f"{t('Decision {number}', number=task.name)}, {task.title}"
    return Screen(
        title,
        context=(task.body_name,),
        paragraphs=(task.what,),
        facts=((t("Until"), t.day(task.due_on)), (t("Comes of"), follows)),
        actions=((Action(t("Done"), FinishTask(task.id), only="chat"),), (Action(t("See the task"), where),)),
    )


SCREENS: Final[Mapping[type[Message], Callable[[Any, Translator], Screen]]] = {TaskNews: news}
