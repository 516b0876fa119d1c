"""Tasks: when an institution is reminded of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from konwent_bot.domain.meetings.days_off import is_day_off

#: How long before its day a task is reminded of for the first time (issue 6 says that it is, not when).
BEFORE: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Reminders:
    """The local days on which an institution is reminded."""

    soon: date
    #: The day of the task; where that is a day off, on which nobody is disturbed, the last day before it that is none.
    last: date


def reminders(due_on: date) -> Reminders:
    """Give the days on which an institution is reminded of a task that is due on a local day."""
    last = due_on
    while is_day_off(last):
        last -= timedelta(days=1)
    return Reminders(due_on - BEFORE, last)
