"""What answers to minutes come to, and when the silent are reminded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from konwent_bot.domain.meetings.days_off import is_day_off
from konwent_bot.domain.minutes.answering import (
    ANSWERS,
    REMARK_STATES,
    SPACING,
    AnswerWord,
    Outcome,
    RemarkState,
    comes_to,
    next_step,
    reminders,
)

WARSAW = ZoneInfo("Europe/Warsaw")


@pytest.mark.parametrize(
    ("answers", "remarks", "over", "outcome"),
    [
        (["", ""], [], False, "waiting"),
        (["accepted", ""], [], False, "waiting"),
        (["remarks", ""], ["open"], False, "waiting"),
        (["remarks", ""], ["accepted"], False, "waiting"),  # who is silent may have a remark as well
        (["accepted", "accepted"], [], False, "final"),  # nobody is waited for: no need to wait for the day
        (["accepted", ""], [], True, "final"),  # silence is acceptance
        (["", ""], [], True, "final"),
        (["deemed", "accepted"], [], True, "final"),
        (["remarks", "accepted"], ["open"], False, "settle"),
        (["remarks", ""], ["declined", "open"], True, "settle"),
        (["remarks", ""], ["accepted", "open"], True, "settle"),
        (["remarks", ""], ["declined"], True, "final"),
        (["remarks", "accepted"], ["declined", "declined"], False, "final"),
        (["remarks", ""], ["declined", "accepted"], True, "amend"),
        (["accepted", "accepted"], ["accepted"], False, "amend"),  # it accepts by now, and its remark was taken up all the same
    ],
)
def test_what_a_version_comes_to(
    answers: Sequence[AnswerWord], remarks: Sequence[RemarkState], over: bool, outcome: Outcome
) -> None:
    """It is waited for whoever may still answer; then remarks are settled; then it is final, or a new version is due."""
    assert comes_to(answers, remarks, over=over) == outcome


@given(answers=st.lists(st.sampled_from(ANSWERS)), remarks=st.lists(st.sampled_from(REMARK_STATES)), over=st.booleans())
def test_nothing_is_final_over_a_remark(answers: list[AnswerWord], remarks: list[RemarkState], over: bool) -> None:
    """While a remark is open or was taken up, and while somebody silent has time, no version is the final one; in any order."""
    found = comes_to(answers, remarks, over=over)
    may_not = {"open", "accepted"} & set(remarks) or ("" in answers and not over)
    assert (found == "final") == (not may_not)
    assert comes_to(answers[::-1], remarks[::-1], over=over) == found


def wall(text: str) -> datetime:
    """Give the instant of a wall time in Warsaw."""
    return datetime.fromisoformat(text).replace(tzinfo=WARSAW).astimezone(UTC)


@pytest.mark.parametrize(
    ("sent", "until", "expected"),
    [
        # a week, as is usual: the middle is at night, so the morning after; the day before the last one is a Sunday
        ("2026-12-07T10:00", "2026-12-15T00:00", ["1 2026-12-11T07:00", "2 2026-12-14T07:00"]),
        ("2026-12-09T10:00", "2026-12-17T00:00", ["1 2026-12-14T07:00", "2 2026-12-15T12:00"]),
        ("2026-12-09T10:00", "2026-12-19T00:00", ["1 2026-12-14T07:00", "2 2026-12-17T12:00"]),
        # the middle is a Saturday, and Monday morning is too near to Monday noon
        ("2026-12-01T12:00", "2026-12-09T00:00", ["2 2026-12-07T12:00"]),
        # two days leave room for one
        ("2026-12-07T10:00", "2026-12-10T00:00", ["2 2026-12-08T12:00"]),
        # the day after tomorrow begins: only half of the time is left to remind in
        ("2026-12-07T10:00", "2026-12-09T00:00", ["1 2026-12-08T07:00"]),
        # Friday to Sunday: nobody is reminded on days off, and on Monday it is over
        ("2026-12-11T15:00", "2026-12-14T00:00", []),
        # over Christmas: what would come on days off comes when they end
        ("2026-12-22T10:00", "2026-12-30T00:00", ["2 2026-12-28T12:00"]),
    ],
)
def test_reminders_of_a_version(sent: str, until: str, expected: list[str]) -> None:
    """After half of the time the proper person, on the day before the last one the second as well."""
    found = [f"{one.number} {one.at.astimezone(WARSAW):%Y-%m-%dT%H:%M}" for one in reminders(wall(sent), wall(until), WARSAW)]
    assert found == expected


@given(
    sent=st.integers(0, 2 * 365 * 24 * 60).map(lambda passed: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=passed)),
    days=st.integers(0, 30),
)
def test_reminders_leave_people_alone(sent: datetime, days: int) -> None:
    """However minutes are sent: at most two reminders, never at night or on a day off, never close together, none after the deadline."""
    last = sent.astimezone(WARSAW).date() + timedelta(days=days)
    until = datetime.combine(last + timedelta(days=1), time(), WARSAW).astimezone(UTC)
    found = reminders(sent, until, WARSAW)
    assert [one.number for one in found] in ([], [1], [2], [1, 2])
    moments = [sent, *(one.at for one in found)]
    assert all(after - before >= SPACING for before, after in pairwise(moments))
    for one in found:
        local = one.at.astimezone(WARSAW)
        assert time(7) <= local.time() < time(20)
        assert not is_day_off(local.date())
        assert one.at < until
    steps, now = [], sent
    while now < until:
        now = next_step(now, sent, until, WARSAW)
        steps.append(now)
    assert steps == [*(one.at for one in found), until]
