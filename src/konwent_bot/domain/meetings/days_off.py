"""Days on which nobody is called to a meeting or reminded of one, and how working days are counted.

A day off is a public holiday (Act of 18 January 1951 on days off work; 24 December is one since 2025), a Sunday or a Saturday:
offices are closed, and a term does not end on it (Code of Administrative Procedure, art. 57 §4). Holidays are known for
1925-2100.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

_DAY = timedelta(days=1)
_SATURDAY = 5


def is_public_holiday(day: date) -> bool:
    """Whether a local date is a public holiday in Poland, whatever its weekday; an ordinary Sunday is none."""
    return day in _holidays(day.year)


def is_weekend(day: date) -> bool:
    """Whether a local date is a Saturday or a Sunday."""
    return day.weekday() >= _SATURDAY


def is_day_off(day: date) -> bool:
    """Whether a local date is no working day: a Saturday, a Sunday or a public holiday."""
    return is_weekend(day) or is_public_holiday(day)


def next_working_day(day: date) -> date:
    """Give the first working day after a local date, never that date itself."""
    day += _DAY
    while is_day_off(day):
        day += _DAY
    return day


def working_days_before(day: date, count: int) -> date:
    """Step back from a local date by so many working days: "7 working days before". The date itself is not counted.

    Raises:
        ValueError: the count is negative.
    """
    if count < 0:
        raise ValueError(f"{count} working days before is no day")
    for _ in range(count):
        day -= _DAY
        while is_day_off(day):
            day -= _DAY
    return day


def working_days_between(first: date, before: date) -> int:
    """Count the working days from a local date on, it included, to before another; none when they are the wrong way round.

    So that ``working_days_between(working_days_before(day, n), day) == n``.
    """
    weeks, rest = divmod(max((before - first).days, 0), 7)
    weekdays = 5 * weeks + sum(not is_weekend(first + n * _DAY) for n in range(rest))
    holidays = (day for year in range(first.year, before.year + 1) for day in _holidays(year))
    return weekdays - sum(first <= day < before and not is_weekend(day) for day in holidays)


@lru_cache(maxsize=256)
def _holidays(year: int) -> frozenset[date]:
    # Imported by the first question and not with the room: 33 ms that most commands need not pay.
    from holidays import country_holidays

    return frozenset(country_holidays("PL", years=year))
