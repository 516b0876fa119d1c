"""The notice period: how many working days before a meeting its people must be called (domain.md G11: not in the sources)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from konwent_bot.domain.meetings.days_off import working_days_before, working_days_between

#: Working days between calling a meeting and holding it, unless a body chose otherwise.
DEFAULT_NOTICE: Final = 7


@dataclass(frozen=True, slots=True)
class NoticePeriod:
    """How long before a meeting its people are called, in working days. Short notice is a warning, never a refusal."""

    #: What the body's rule asks for.
    required: int
    #: What there is. Called on Monday for Tuesday is one working day; the day of the meeting is not counted.
    given: int
    #: The last local date on which calling it would have been in time.
    latest: date

    @property
    def short_by(self) -> int:
        """Working days that are missing; 0 when the notice is long enough."""
        return max(self.required - self.given, 0)


def notice_period(called_on: date, meets_on: date, required: int = DEFAULT_NOTICE) -> NoticePeriod:
    """Weigh the notice of a meeting that is called and held on these local dates; one called after it was held gives none."""
    return NoticePeriod(required, working_days_between(called_on, meets_on), working_days_before(meets_on, required))
