"""Calendar months and quarters (domain.md G12, G13: "at least once a quarter" is read as once in each calendar quarter)."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Final, Literal, NamedTuple, TypeAlias

Length: TypeAlias = Literal["month", "quarter"]
_MONTHS: Final[Mapping[Length, int]] = {"month": 1, "quarter": 3}


class Period(NamedTuple):
    """From one local date to another, both included."""

    start: date
    end: date


def period_of(day: date, length: Length) -> Period:
    """Give the calendar month or quarter a local date lies in."""
    months = _MONTHS[length]
    first = day.month - (day.month - 1) % months
    last = first + months - 1
    return Period(date(day.year, first, 1), date(day.year, last, monthrange(day.year, last)[1]))


def periods(first: date, last: date, length: Length) -> Iterator[Period]:
    """Give the whole months or quarters that have a day from ``first`` to ``last``, in order; none the wrong way round."""
    while first <= last:
        period = period_of(first, length)
        yield period
        if period.end >= last:
            return
        first = period.end + timedelta(days=1)
