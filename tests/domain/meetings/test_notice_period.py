"""The notice period: whether people were called early enough, and by how much not."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from konwent_bot.domain.meetings.notice_period import DEFAULT_NOTICE, notice_period

STRATEGIC = date(2026, 1, 13)


@pytest.mark.parametrize(
    ("called", "given_days", "short"),
    [
        (date(2025, 12, 30), 8, 0),
        (date(2025, 12, 31), 7, 0),
        (date(2026, 1, 2), 6, 1),  # Friday after New Year
        (date(2026, 1, 5), 5, 2),
        (date(2026, 1, 6), 4, 3),  # Epiphany: as good as the day after
        (date(2026, 1, 12), 1, 6),
        (date(2026, 1, 13), 0, 7),
        (date(2026, 1, 20), 0, 7),  # entered afterwards
    ],
)
def test_short_notice_is_told_in_working_days(called: date, given_days: int, short: int) -> None:
    """For a meeting on Tuesday 13 January 2026 people must be called by New Year's Eve."""
    found = notice_period(called, STRATEGIC)
    assert (found.given, found.short_by, found.latest) == (given_days, short, date(2025, 12, 31))


def test_a_body_may_ask_for_another_notice_or_none() -> None:
    """With no notice asked for, a meeting called for today is in order."""
    assert DEFAULT_NOTICE == 7
    assert notice_period(STRATEGIC, STRATEGIC, required=0).short_by == 0
    assert notice_period(date(2026, 1, 12), STRATEGIC, required=3).short_by == 2


@given(
    called=st.dates(date(2025, 1, 1), date(2028, 1, 1)),
    meets=st.dates(date(2025, 1, 1), date(2028, 1, 1)),
    required=st.integers(0, 30),
)
def test_it_is_long_enough_exactly_up_to_the_latest_day(called: date, meets: date, required: int) -> None:
    """Whoever calls by the day we name is in time; whoever calls on the next working day is not."""
    found = notice_period(called, meets, required)
    assert (found.short_by == 0) == (called <= found.latest) or required == 0
    assert notice_period(found.latest, meets, required).short_by == 0
