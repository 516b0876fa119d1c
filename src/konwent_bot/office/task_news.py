"""What the secretariat says of tasks: that one was given, and that its day comes near. Nobody is reminded of what is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from konwent_bot.errors import NotFound
from konwent_bot.office import tasks
from konwent_bot.office.decisions.recipients import each_once
from konwent_bot.office.occasion import Due, Message, Occasion, Reader
from konwent_bot.office.tasks import DUE, GIVEN, SOON, Task
from konwent_bot.office.unit import UnitOfWork

What: TypeAlias = Literal["given", "soon", "due"]


@dataclass(frozen=True, slots=True)
class TaskNews(Message):
    """News of a task, for its institution."""

    what: What
    task: Task
    #: Days from today to its day; below 0 once that has passed.
    left: int


def _made(name: str, what: What, *, most: int) -> Occasion:
    """Make an occasion. ``most``: how many people of the institution are told."""

    def wanted(uow: UnitOfWork, due: Due) -> bool:
        task = _open(uow, due)
        return task is not None and due.recipient in each_once(tasks.nearest(uow, task))[:most]

    def make(uow: UnitOfWork, due: Due, _reader: Reader) -> TaskNews | None:
        task = _open(uow, due)
        return None if task is None else TaskNews(what, task, (task.due_on - uow.today).days)

    return Occasion(name, make, wanted, digestible=what != "due", unsubscribable=what != "given")


def _open(uow: UnitOfWork, due: Due) -> Task | None:
    try:
        task = tasks.get(uow, due.about)
    except NotFound:
        return None
    return task if task.done_at is None else None


OCCASIONS: Final = (_made(GIVEN, "given", most=1), _made(SOON, "soon", most=1), _made(DUE, "due", most=2))
