"""Quiet hours: when people are left alone, and when what waits for them comes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from konwent_bot.domain.meetings.local_time import to_utc, to_wall
from konwent_bot.domain.meetings.quiet_hours import DEFAULT_QUIET, QuietHours, postponed

WARSAW: Final = ZoneInfo("Europe/Warsaw")


def warsaw(text: str) -> datetime:
    return to_utc(datetime.fromisoformat(text), WARSAW)


def comes(text: str, quiet: QuietHours = DEFAULT_QUIET) -> str:
    return to_wall(postponed(warsaw(text), quiet, WARSAW), WARSAW).isoformat(timespec="minutes")


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("2027-02-09T07:00", "2027-02-09T07:00"),  # a Tuesday
        ("2027-02-09T06:59", "2027-02-09T07:00"),
        ("2027-02-09T19:59", "2027-02-09T19:59"),
        ("2027-02-09T20:00", "2027-02-10T07:00"),
        ("2027-02-09T00:00", "2027-02-09T07:00"),
        ("2027-02-12T20:00", "2027-02-15T07:00"),  # Friday evening, Monday morning
        ("2027-02-13T12:00", "2027-02-15T07:00"),  # Saturday noon
        ("2027-02-15T05:00", "2027-02-15T07:00"),
        ("2027-12-23T21:00", "2027-12-27T07:00"),  # Christmas Eve is off too
        ("2026-04-03T20:30", "2026-04-07T07:00"),  # Good Friday evening, after Easter
        ("2026-10-23T23:00", "2026-10-26T07:00"),  # over the night with 25 hours
        ("2027-03-26T23:00", "2027-03-30T07:00"),  # over Easter and the night with 23 hours
    ],
)
def test_what_would_come_at_night_or_on_a_day_off_comes_in_the_morning(wanted: str, found: str) -> None:
    """Between 20:00 and 7:00, at weekends and on holidays nobody hears from us of our own accord."""
    assert comes(wanted) == found


def test_a_person_may_have_hours_of_their_own() -> None:
    """A nurse sleeps from 9:00 to 15:00; somebody wants no quiet hours; somebody reads on Sundays."""
    nurse = QuietHours(time(9), time(15))
    assert comes("2027-02-09T09:00", nurse) == "2027-02-09T15:00"
    assert comes("2027-02-09T23:00", nurse) == "2027-02-09T23:00"
    never = QuietHours(time(7), time(7))
    assert comes("2027-02-09T03:00", never) == "2027-02-09T03:00"
    assert comes("2027-02-13T12:00", never) == "2027-02-15T00:00"
    assert comes("2027-02-13T12:00", nurse) == "2027-02-15T00:00"  # who is awake at night is written to at night
    sunday_reader = QuietHours(days_off=False)
    assert comes("2027-02-14T12:00", sunday_reader) == "2027-02-14T12:00"
    assert comes("2027-02-14T22:00", sunday_reader) == "2027-02-15T07:00"


def test_quiet_hours_may_end_in_the_hour_that_comes_twice() -> None:
    """Whoever wakes at 2:30 on the night of the autumn change is written to once it is 2:30 again, never back in time."""
    early = QuietHours(time(20), time(2, 30), days_off=False)
    second = datetime(2026, 10, 25, 1, 15, tzinfo=UTC)  # 2:15 for the second time
    assert postponed(second, early, WARSAW) == second + timedelta(minutes=15)


hours = st.times().map(lambda hour: hour.replace(tzinfo=None))
quiets = st.builds(QuietHours, hours, hours, st.booleans())
instants = st.datetimes(
    datetime.combine(date(2026, 1, 1), time()), datetime.combine(date(2028, 12, 31), time()), timezones=st.just(UTC)
)


@given(instant=instants, quiet=quiets)
def test_nothing_is_sent_in_quiet_hours_nor_before_its_time(instant: datetime, quiet: QuietHours) -> None:
    """Whatever hours a person chose: it comes when they allow, at once if they do, and postponing again changes nothing."""
    found = postponed(instant, quiet, WARSAW)
    assert found >= instant
    assert not quiet.hold_at(to_wall(found, WARSAW)) or found == instant
    assert (found == instant) == (not quiet.hold_at(to_wall(instant, WARSAW)))
    assert found - instant < timedelta(days=7)


@given(first=instants, later=st.timedeltas(timedelta(0), timedelta(days=9)), quiet=quiets)
def test_what_was_first_stays_first(first: datetime, later: timedelta, quiet: QuietHours) -> None:
    """Postponing never lets a later message overtake an earlier one."""
    assert postponed(first, quiet, WARSAW) <= postponed(first + later, quiet, WARSAW)
