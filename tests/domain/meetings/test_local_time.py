"""Wall time and instants in Warsaw, on ordinary days and on the nights when clocks are changed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from konwent_bot.domain.meetings.local_time import is_skipped, to_utc, to_wall

WARSAW = ZoneInfo("Europe/Warsaw")
#: The nights on which clocks are changed (Directive 2000/84/EC: last Sundays of March and October).
FORWARD = {2026: (3, 29), 2027: (3, 28), 2028: (3, 26)}
BACK = {2026: (10, 25), 2027: (10, 31), 2028: (10, 29)}


def wall(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime.combine(date(year, month, day), time(hour, minute))


@pytest.mark.parametrize("year", FORWARD)
def test_ten_o_clock_stays_ten_o_clock(year: int) -> None:
    """A meeting at 10:00 is at 9:00 UTC before the spring change and after the autumn one, at 8:00 between them."""
    spring, autumn = wall(year, *FORWARD[year], 10), wall(year, *BACK[year], 10)
    day = timedelta(days=1)
    hours = [to_utc(morning, WARSAW).hour for morning in (spring - day, spring, autumn - day, autumn)]
    assert hours == [9, 8, 8, 9]


@pytest.mark.parametrize("year", FORWARD)
def test_a_skipped_hour_is_known_and_read_from_the_old_watch(year: int) -> None:
    """2:30 on the night of the spring change does not exist; it is taken for 3:30."""
    night = wall(year, *FORWARD[year], 2, 30)
    assert is_skipped(night, WARSAW)
    assert to_wall(to_utc(night, WARSAW), WARSAW) == night + timedelta(hours=1)
    assert not is_skipped(night - timedelta(hours=1), WARSAW)
    assert not is_skipped(night + timedelta(hours=1), WARSAW)


@pytest.mark.parametrize("year", BACK)
def test_an_hour_that_comes_twice_is_meant_the_first_time(year: int) -> None:
    """2:30 on the night of the autumn change comes twice, an hour apart; unless said otherwise the first is meant."""
    night = wall(year, *BACK[year], 2, 30)
    assert not is_skipped(night, WARSAW)
    assert to_utc(night, WARSAW) == datetime(year, *BACK[year], 0, 30, tzinfo=UTC)
    assert to_utc(night.replace(fold=1), WARSAW) == datetime(year, *BACK[year], 1, 30, tzinfo=UTC)


@given(st.datetimes(wall(2026, 1, 1), wall(2028, 12, 31), timezones=st.just(UTC)))
def test_every_instant_survives_the_way_through_wall_time(instant: datetime) -> None:
    """An instant told as wall time and read back is the same instant, also in the hour that comes twice."""
    assert to_utc(to_wall(instant, WARSAW), WARSAW) == instant
