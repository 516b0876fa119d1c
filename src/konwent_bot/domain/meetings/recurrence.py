"""Which days a rule like "second Tuesday of February, May, August and November" proposes, and where to they move from a day off.

A rule only proposes: the coordinator changes days one by one, and what is planned are single days (issue 4). The documents name
no days.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal, TypeAlias

from konwent_bot.domain.meetings.days_off import is_public_holiday, is_weekend
from konwent_bot.domain.meetings.periods import Length, Period, period_of

EVERY_MONTH: Final = tuple(range(1, 13))
#: As the ``nth`` of a weekday: the last one of its month.
LAST: Final = -1
#: A fifth weekday is not in every month, so a rule cannot ask for it.
NTHS: Final = (1, 2, 3, 4, LAST)

#: Why a ruled day was not free.
Obstacle: TypeAlias = Literal["weekend", "holiday", "avoided", "taken"]


@dataclass(frozen=True, slots=True)
class NthWeekday:
    """The first to fourth, or last, of a weekday in each of some months. Weekdays count from Monday, 0."""

    nth: int
    weekday: int
    months: tuple[int, ...] = EVERY_MONTH

    def __post_init__(self) -> None:
        if self.nth not in NTHS or self.weekday not in range(7):
            raise ValueError(f"no month has such a weekday: {self}")
        _check(self.months)

    def day_in(self, year: int, month: int) -> date:
        """Give the ruled day of a month."""
        first, last = date(year, month, 1), _last_day(year, month)
        if self.nth == LAST:
            return last - timedelta(days=(last.weekday() - self.weekday) % 7)
        return first + timedelta(days=(self.weekday - first.weekday()) % 7 + 7 * (self.nth - 1))


@dataclass(frozen=True, slots=True)
class DayOfMonth:
    """A day of each of some months, 1-31; where a month is shorter, its last day. So 31 is the end of the month."""

    day: int
    months: tuple[int, ...] = EVERY_MONTH

    def __post_init__(self) -> None:
        if self.day not in range(1, 32):
            raise ValueError(f"no month has such a day: {self}")
        _check(self.months)

    def day_in(self, year: int, month: int) -> date:
        """Give the ruled day of a month."""
        return min(date(year, month, 1) + timedelta(days=self.day - 1), _last_day(year, month))


Rule: TypeAlias = NthWeekday | DayOfMonth


@dataclass(frozen=True, slots=True)
class Proposal:
    """A day to meet on."""

    day: date
    #: What the rule says; another day than ``day`` where that one could not be.
    ruled_day: date
    #: Why the ruled day could not be; empty where it stands.
    shifted_because: Obstacle | None = None


def propose(
    rule: Rule,
    first: date,
    last: date,
    *,
    within: Length = "month",
    avoid: Collection[date] = (),
    taken: Collection[date] = (),
) -> tuple[Proposal, ...]:
    """Propose the days of a rule from ``first`` to ``last``, both included, in their order and each at most once.

    A ruled day off moves to the next working day of the same month, or of the same quarter (``within``), and if there is none
    left to the one before: so the meeting still meets the obligation it was meant for (``cadence``). A rule that names
    Saturdays or Sundays means them, and only holidays move those. A month in which no day is left is left out, for the
    coordinator to see.

    Args:
        rule: what is asked for.
        first: the first local date that may be proposed.
        last: the last.
        within: what a moved day must stay in.
        avoid: further days on which nobody meets.
        taken: days on which there is a meeting already.
    """
    avoided, used = frozenset(avoid), set(taken)
    proposals = []
    for ruled in _ruled(rule, first, last):
        obstacle = _obstacle(ruled, avoided, used, weekends=_means_weekends(rule))
        if obstacle is None:
            found: date | None = ruled
        else:
            candidates = _beside(ruled, _clipped(period_of(ruled, within), first, last))
            found = next((day for day in candidates if _obstacle(day, avoided, used) is None), None)
        if found is not None:
            used.add(found)
            proposals.append(Proposal(found, ruled, obstacle))
    return tuple(sorted(proposals, key=lambda proposal: proposal.day))


def _ruled(rule: Rule, first: date, last: date) -> Iterator[date]:
    for year in range(first.year, last.year + 1):
        for month in rule.months:
            if first <= (day := rule.day_in(year, month)) <= last:
                yield day


def _obstacle(day: date, avoided: Collection[date], used: Collection[date], *, weekends: bool = False) -> Obstacle | None:
    if is_public_holiday(day):
        return "holiday"
    if not weekends and is_weekend(day):
        return "weekend"
    if day in avoided:
        return "avoided"
    return "taken" if day in used else None


def _beside(day: date, period: Period) -> Iterator[date]:
    """Give the days after one in its period, then those before it, nearest first."""
    yield from (day + timedelta(days=n) for n in range(1, (period.end - day).days + 1))
    yield from (day - timedelta(days=n) for n in range(1, (day - period.start).days + 1))


def _clipped(period: Period, first: date, last: date) -> Period:
    return Period(max(period.start, first), min(period.end, last))


def _means_weekends(rule: Rule) -> bool:
    return isinstance(rule, NthWeekday) and rule.weekday in {5, 6}


def _last_day(year: int, month: int) -> date:
    return period_of(date(year, month, 1), "month").end


def _check(months: tuple[int, ...]) -> None:
    if not months or list(months) != sorted(set(months)) or not set(months) <= set(EVERY_MONTH):
        raise ValueError(f"months are 1-12, each once and in order, and at least one: {months}")
