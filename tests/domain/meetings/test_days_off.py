"""Days off in Poland, and working days: which days nobody is called on."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from konwent_bot.domain.meetings.days_off import (
    is_day_off,
    is_public_holiday,
    is_weekend,
    next_working_day,
    working_days_before,
    working_days_between,
)

DAY: Final = timedelta(days=1)
#: Month and day of the holidays that do not move (Act of 18 January 1951, art. 1).
FIXED: Final = ((1, 1), (1, 6), (5, 1), (5, 3), (8, 15), (11, 1), (11, 11), (12, 25), (12, 26))
#: Easter Sundays, copied from a church calendar and not computed.
EASTER: Final = {
    2024: (3, 31), 2025: (4, 20), 2026: (4, 5), 2027: (3, 28), 2028: (4, 16), 2029: (4, 1),
    2030: (4, 21), 2031: (4, 13), 2032: (3, 28), 2033: (4, 17), 2034: (4, 9), 2035: (3, 25),
}  # fmt: skip
days = st.dates(date(2024, 1, 1), date(2035, 12, 31))


def by_hand(year: int) -> set[date]:
    """The public holidays of a year by the Act: Easter and its Monday, Pentecost, Corpus Christi, and 24 December since 2025."""
    easter = date(year, *EASTER[year])
    moving = {easter, easter + DAY, easter + 49 * DAY, easter + 60 * DAY}
    return {date(year, *day) for day in FIXED} | moving | ({date(year, 12, 24)} if year >= 2025 else set())


@pytest.mark.parametrize("year", EASTER)
def test_the_holidays_of_a_year_are_those_of_the_act(year: int) -> None:
    """Every day of the year: the library and a table written by hand say the same."""
    whole = [date(year, 1, 1) + n * DAY for n in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)]
    assert {day for day in whole if is_public_holiday(day)} == by_hand(year)


def test_christmas_eve_is_a_day_off_since_2025() -> None:
    """On Tuesday 24 December 2024 offices worked; on Wednesday 24 December 2025 they do not."""
    assert not is_day_off(date(2024, 12, 24))
    assert is_day_off(date(2025, 12, 24))


@pytest.mark.parametrize(
    ("day", "off"),
    [
        (date(2026, 1, 5), False),  # a Monday
        (date(2026, 1, 6), True),  # Epiphany, a Tuesday
        (date(2026, 6, 4), True),  # Corpus Christi, a Thursday
        (date(2026, 6, 6), True),  # a Saturday
        (date(2026, 6, 7), True),  # a Sunday
    ],
)
def test_weekends_and_holidays_are_days_off(day: date, off: bool) -> None:
    """Offices are closed on Saturdays, Sundays and holidays."""
    assert is_day_off(day) is off


@pytest.mark.parametrize(
    ("meeting", "count", "latest"),
    [
        (date(2026, 1, 13), 7, date(2025, 12, 31)),  # over the New Year, a weekend and Epiphany
        (date(2026, 1, 13), 0, date(2026, 1, 13)),
        (date(2026, 4, 7), 1, date(2026, 4, 3)),  # over Easter
        (date(2026, 5, 4), 1, date(2026, 4, 30)),  # over a long weekend
        (date(2026, 1, 17), 1, date(2026, 1, 16)),  # before a Saturday
    ],
)
def test_working_days_are_counted_back_over_days_off(meeting: date, count: int, latest: date) -> None:
    """Seven working days before 13 January 2026 is New Year's Eve."""
    assert working_days_before(meeting, count) == latest


def test_a_negative_number_of_days_is_our_mistake() -> None:
    """Counting back by less than nothing would give a day after the meeting."""
    with pytest.raises(ValueError, match="-1"):
        working_days_before(date(2026, 1, 13), -1)


@given(day=days, count=st.integers(0, 60))
def test_counting_back_and_counting_between_agree(day: date, count: int) -> None:
    """Called exactly so many working days before: so many working days lie between."""
    assert working_days_between(working_days_before(day, count), day) == count


@given(first=days, length=st.integers(-30, 400))
def test_counting_is_looking_at_every_day(first: date, length: int) -> None:
    """The quick count is the count of somebody with a calendar and a pencil."""
    before = first + length * DAY
    assert working_days_between(first, before) == sum(not is_day_off(first + n * DAY) for n in range(max(length, 0)))


@given(days)
def test_the_next_working_day_is_the_nearest_one_after(day: date) -> None:
    """Nothing between a day and its next working day is a working day."""
    found = next_working_day(day)
    assert found > day
    assert not is_day_off(found)
    assert all(is_day_off(day + n * DAY) for n in range(1, (found - day).days))


def test_a_holiday_on_a_weekend_is_counted_once() -> None:
    """1 and 2 November 2026 are a Sunday and a Monday: only the Monday is worked."""
    assert is_public_holiday(date(2026, 11, 1))
    assert is_weekend(date(2026, 11, 1))
    assert working_days_between(date(2026, 10, 31), date(2026, 11, 3)) == 1


def test_the_rules_can_be_loaded_without_the_holidays() -> None:
    """A command that asks for no holiday does not wait for their library."""
    program = (
        "import sys; from konwent_bot.domain.meetings import cadence, days_off, recurrence, reminders; from datetime import date\n"
        "assert 'holidays' not in sys.modules; days_off.is_day_off(date(2026, 1, 6)); assert 'holidays' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
