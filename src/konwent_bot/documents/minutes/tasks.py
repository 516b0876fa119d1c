"""Tasks in minutes: a table of those the meeting gave, and one of those that were open when it began."""

from __future__ import annotations

from konwent_bot.documents.minutes.draft import Paragraph, Row
from konwent_bot.documents.minutes.facts import MeetingFacts, Task
from konwent_bot.documents.minutes.writing import name, words
from konwent_bot.i18n import Translator


def given(facts: MeetingFacts, t: Translator) -> tuple[Paragraph, ...]:
    """Give the table of tasks, or say that there are none."""
    if not facts.tasks:
        return (Paragraph("tasks", "text", t("The meeting gave nobody a task.")),)
    rows = tuple(Row(f"task:{task.id}", (*_of(task, t), _basis(task, t))) for task in facts.tasks)
    return (Paragraph("tasks", "table", columns=(*_columns(t), t("Comes of")), rows=rows),)


def reviewed(facts: MeetingFacts, t: Translator) -> tuple[Paragraph, ...]:
    """Give the table of tasks that were open when the meeting began, with what became of them."""
    if not facts.reviewed:
        return (Paragraph("reviewed", "text", t("No task was open.")),)
    rows = tuple(Row(f"reviewed:{task.id}", (*_of(task, t), _state(task, t))) for task in facts.reviewed)
    title = t("Tasks that were open when the meeting began")
    return (Paragraph("reviewed", "table", title=title, columns=(*_columns(t), t("State")), rows=rows),)


def _columns(t: Translator) -> tuple[str, str, str]:
    return (t("Task"), t("Institution"), t("Due"))


def _of(task: Task, t: Translator) -> tuple[str, str, str]:
    return (words(task.what), name(task.institution), t.day_and_year(task.due))


def _basis(task: Task, t: Translator) -> str:
    return t("decision {number}", number=task.decision) if task.decision else t("these minutes")


def _state(task: Task, t: Translator) -> str:
    if task.done_on is None:
        return t("not done yet")
    done = t("done {day}", day=t.day_and_year(task.done_on))
    return f"{done}: {words(task.done_note)}" if task.done_note else done
