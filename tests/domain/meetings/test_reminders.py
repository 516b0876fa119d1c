"""Reminders: when each is due, across the changes of clocks, and what is sent when the program stood still."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from konwent_bot.domain.meetings.days_off import is_day_off
from konwent_bot.domain.meetings.local_time import to_utc, to_wall
from konwent_bot.domain.meetings.quiet_hours import DEFAULT_QUIET, QuietHours
from konwent_bot.domain.meetings.reminders import DEFAULT_PLAN, ON_TIME, Due, Offset, Plan, due, now

WARSAW: Final = ZoneInfo("Europe/Warsaw")
#: Nobody is ever left alone: for what has nothing to do with quiet hours.
NEVER_QUIET: Final = QuietHours(time(7), time(7), days_off=False)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
#: A Tuesday.
STRATEGIC: Final = datetime.fromisoformat("2027-02-09T10:00")


def warsaw(text: str) -> datetime:
    return to_utc(datetime.fromisoformat(text), WARSAW)


def wall(instant: datetime) -> str:
    return to_wall(instant, WARSAW).isoformat(timespec="minutes")


def reminders(
    starts: str, called: str = "2025-01-02T12:00", plan: Plan = DEFAULT_PLAN, quiet: QuietHours = DEFAULT_QUIET
) -> list[str]:
    """Give the local times of a meeting's reminders."""
    return [wall(one.at) for one in due(plan, datetime.fromisoformat(starts), WARSAW, called=warsaw(called), quiet=quiet)]


def test_reminders_come_fourteen_three_and_one_day_and_two_hours_before() -> None:
    """The strategic meeting of Tuesday 9 February 2027 at 10:00: the day before it is a Monday, three before a Saturday."""
    assert reminders("2027-02-11T10:00") == ["2027-01-28T10:00", "2027-02-08T10:00", "2027-02-10T10:00", "2027-02-11T08:00"]
    assert reminders("2027-02-09T10:00") == ["2027-01-26T10:00", "2027-02-08T10:00", "2027-02-09T08:00"]


@pytest.mark.parametrize(
    ("starts", "utc"),
    [
        # spring: the meeting is at 8:00 UTC, the days before the change were at 9:00 UTC
        ("2026-03-30T10:00", ["03-16T09:00", "03-27T09:00", "03-29T08:00", "03-30T06:00"]),
        ("2027-03-29T10:00", ["03-15T09:00", "03-26T09:00", "03-28T08:00", "03-29T06:00"]),
        ("2028-03-27T10:00", ["03-13T09:00", "03-24T09:00", "03-26T08:00", "03-27T06:00"]),
        # autumn: the other way round
        ("2026-10-26T10:00", ["10-12T08:00", "10-23T08:00", "10-25T09:00", "10-26T07:00"]),
        ("2027-11-01T10:00", ["10-18T08:00", "10-29T08:00", "10-31T09:00", "11-01T07:00"]),
        ("2028-10-30T10:00", ["10-16T08:00", "10-27T08:00", "10-29T09:00", "10-30T07:00"]),
        # on the night itself two hours are two hours that pass, and days are days
        ("2026-03-29T03:30", ["03-15T02:30", "03-26T02:30", "03-28T02:30", "03-28T23:30"]),
        ("2026-10-25T03:30", ["10-11T01:30", "10-22T01:30", "10-24T01:30", "10-25T00:30"]),
    ],
)
def test_days_are_local_days_and_hours_are_hours_that_pass(starts: str, utc: list[str]) -> None:
    """A reminder for 10:00 comes at 10:00, whatever clocks do in between."""
    found = due(DEFAULT_PLAN, datetime.fromisoformat(starts), WARSAW, called=warsaw("2025-01-02T12:00"), quiet=NEVER_QUIET)
    assert [one.at.strftime("%m-%dT%H:%M") for one in found] == utc


def test_a_reminder_in_the_hour_that_is_skipped_comes_an_hour_later_by_the_clock() -> None:
    """The day before 2:30 on 30 March 2026 has no 2:30."""
    assert "2026-03-29T03:30" in reminders("2026-03-30T02:30", quiet=NEVER_QUIET)


@pytest.mark.parametrize(
    ("called", "found"),
    [
        ("2027-01-28T09:59", ["2027-02-08T10:00", "2027-02-10T10:00", "2027-02-11T08:00"]),  # the call itself is fresh
        ("2027-01-28T10:00", ["2027-02-08T10:00", "2027-02-10T10:00", "2027-02-11T08:00"]),
        ("2027-02-07T14:00", ["2027-02-08T10:00", "2027-02-10T10:00", "2027-02-11T08:00"]),  # exactly 20 hours
        ("2027-02-09T10:00", ["2027-02-10T10:00", "2027-02-11T08:00"]),
        ("2027-02-10T12:00", ["2027-02-11T08:00"]),
        ("2027-02-11T07:59", ["2027-02-11T08:00"]),
        ("2027-02-11T08:00", []),
        ("2027-02-11T12:00", []),  # entered when it was over
    ],
)
def test_only_what_lies_ahead_of_the_call_and_not_right_after_it_is_a_reminder(called: str, found: list[str]) -> None:
    """Called late, one is not reminded of what one has just been told."""
    plan = Plan((*DEFAULT_PLAN.offsets,))
    assert [one for one in reminders("2027-02-11T10:00", called, plan) if one != "2027-01-28T10:00"] == found
    if called == "2027-01-28T09:59":
        assert "2027-01-28T10:00" not in reminders("2027-02-11T10:00", called, plan)


@pytest.mark.parametrize(
    ("starts", "found"),
    [
        # Monday: the day before is a Sunday, and on the day itself the two hours before are enough
        ("2027-02-15T10:00", ["2027-02-01T10:00", "2027-02-12T10:00", "2027-02-15T08:00"]),
        # Tuesday: Saturday's waits for Monday, three hours before Monday's own, which stays
        ("2027-02-16T10:00", ["2027-02-02T10:00", "2027-02-15T10:00", "2027-02-16T08:00"]),
        # early on a Tuesday: two hours before is in quiet hours, and is sent all the same
        ("2027-02-16T08:00", ["2027-02-02T08:00", "2027-02-15T08:00", "2027-02-16T06:00"]),
        # in the evening: 20:00 is quiet, the next morning comes the reminder
        ("2027-02-18T20:00", ["2027-02-05T07:00", "2027-02-16T07:00", "2027-02-18T18:00"]),
        # a Sunday meeting of people who said they mean it
        ("2027-02-14T10:00", ["2027-02-01T07:00", "2027-02-11T10:00", "2027-02-14T08:00"]),
        # an hour past midnight: two hours before is another day, and its morning is too late
        ("2027-02-18T01:00", ["2027-02-04T07:00", "2027-02-15T07:00", "2027-02-17T07:00"]),
    ],
)
def test_quiet_hours_and_days_off_put_reminders_off(starts: str, found: list[str]) -> None:
    """Nobody hears from us at night or on a Sunday, unless the meeting is that very day."""
    assert reminders(starts) == found


def test_a_reminder_of_the_morning_stays_where_no_other_comes_that_day() -> None:
    """A body without the two-hour reminder meets on Monday: Sunday's reminder comes on Monday at 7:00."""
    plan = Plan((Offset(3), Offset(2), Offset(1)))
    assert reminders("2027-02-15T10:00", plan=plan) == ["2027-02-12T10:00", "2027-02-15T07:00"]
    assert reminders("2027-02-15T07:00", plan=plan) == ["2027-02-12T07:00"]  # when it begins it is too late


def test_of_two_that_are_too_near_the_one_nearer_to_the_meeting_stays() -> None:
    """A plan of 30 and 24 hours and one day before: at most one of them in 20 hours."""
    plan = Plan((Offset(30, "hours"), Offset(24, "hours"), Offset(1)))
    assert reminders("2027-02-11T10:00", plan=plan) == ["2027-02-10T10:00"]
    loose = Plan((Offset(30, "hours"), Offset(24, "hours")), spacing=timedelta(0))
    assert reminders("2027-02-11T10:00", plan=loose) == ["2027-02-10T07:00", "2027-02-10T10:00"]
    exact = Plan((Offset(44, "hours"), Offset(24, "hours")))
    assert reminders("2027-02-11T10:00", plan=exact) == ["2027-02-09T14:00", "2027-02-10T10:00"]


def test_there_are_never_more_than_the_most() -> None:
    """Somebody plans a reminder on each of 20 days: the last ones are kept."""
    plan = Plan((*(Offset(number) for number in range(1, 21)), Offset(2, "hours")), most=3)
    assert reminders("2027-02-11T10:00", plan=plan) == ["2027-02-09T10:00", "2027-02-10T10:00", "2027-02-11T08:00"]
    assert len(reminders("2027-02-11T10:00", plan=Plan(plan.offsets))) == 4
    assert reminders("2027-02-11T10:00", plan=Plan(())) == []


@pytest.mark.parametrize("count", [0, -3])
def test_a_reminder_comes_before_the_meeting(count: int) -> None:
    """Nobody is reminded of what is over."""
    with pytest.raises(ValueError, match="before"):
        Offset(count)


def at(text: str, ahead: tuple[Due, ...]) -> tuple[str | None, bool, int]:
    found = now(ahead, warsaw(text), datetime.fromisoformat("2027-02-11T10:00"), WARSAW)
    return (wall(found.send.at) if found.send else None, found.late, found.over)


@pytest.mark.parametrize(
    ("instant", "send", "late", "over"),
    [
        ("2027-01-28T09:59", None, False, 0),
        ("2027-01-28T10:00", "2027-01-28T10:00", False, 1),
        ("2027-01-28T10:15", "2027-01-28T10:00", False, 1),
        ("2027-01-28T10:16", "2027-01-28T10:00", True, 1),
        ("2027-02-09T11:00", "2027-02-08T10:00", True, 2),  # one that was missed is passed over
        ("2027-02-09T22:00", None, False, 1),  # the other waits for the morning
        ("2027-02-10T07:00", "2027-02-08T10:00", True, 2),
        ("2027-02-11T01:00", None, False, 2),  # also on the night before the meeting
        ("2027-02-11T07:30", "2027-02-10T10:00", True, 3),
        ("2027-02-11T08:00", "2027-02-11T08:00", False, 4),
        ("2027-02-11T09:59", "2027-02-11T08:00", True, 4),
        ("2027-02-11T10:00", None, False, 4),  # it has begun
    ],
)
def test_after_standing_still_the_newest_is_sent_once_and_late(instant: str, send: str | None, late: bool, over: int) -> None:
    """The program comes back at some moment, with all four reminders of Thursday's meeting still to be done."""
    ahead = due(DEFAULT_PLAN, datetime.fromisoformat("2027-02-11T10:00"), WARSAW, called=warsaw("2027-01-04T12:00"))
    assert len(ahead) == 4
    assert at(instant, ahead) == (send, late, over)


def test_what_is_late_on_the_meeting_s_own_day_is_sent_in_quiet_hours_too() -> None:
    """A meeting at 8:00: its reminder of 6:00, an hour late, is still of use at 6:45, and quiet hours end at 7:00."""
    starts = datetime.fromisoformat("2027-02-16T08:00")
    ahead = due(DEFAULT_PLAN, starts, WARSAW, called=warsaw("2027-01-04T12:00"))
    found = now(ahead, warsaw("2027-02-16T06:45"), starts, WARSAW)
    assert (found.send, found.late, found.over) == (ahead[-1], True, len(ahead))
    assert now((), warsaw("2027-02-16T06:45"), starts, WARSAW).send is None


starts_walls = st.datetimes(datetime.combine(date(2026, 1, 20), time(7)), datetime.combine(date(2028, 12, 31), time(19))).map(
    lambda moment: moment.replace(second=0, microsecond=0)
)
offsets = st.one_of(st.builds(Offset, st.integers(1, 40)), st.builds(Offset, st.integers(1, 72), st.just("hours")))
plans = st.builds(
    Plan,
    st.lists(offsets, max_size=8).map(tuple),
    st.sampled_from([timedelta(0), timedelta(hours=20), timedelta(hours=48)]),
    st.integers(0, 6),
)
quiets = st.sampled_from([DEFAULT_QUIET, NEVER_QUIET, QuietHours(time(16), time(9)), QuietHours(time(9), time(15))])


@given(plan=plans, starts=starts_walls, before=st.integers(0, 60 * 24), quiet=quiets)
def test_nobody_is_nagged(plan: Plan, starts: datetime, before: int, quiet: QuietHours) -> None:
    """Whatever the plan: in order, never after the meeting begins, never too near, too many, at night or before the call."""
    begins = to_utc(starts, WARSAW)
    called = begins - before * HOUR
    found = due(plan, starts, WARSAW, called=called, quiet=quiet)
    assert len(found) <= plan.most
    assert [one.at for one in found] == sorted(one.at for one in found)
    assert all(called < one.at < begins for one in found)
    spaced = [one for one in found if not one.same_day]
    assert all(later.at - earlier.at >= plan.spacing for earlier, later in pairwise(spaced))
    assert all(one.at - called >= plan.spacing for one in spaced)
    for one in found:
        moment = to_wall(one.at, WARSAW)
        if one.same_day:
            assert moment.date() == starts.date()
        else:
            assert not quiet.hold_at(moment)
            assert not (quiet.days_off and is_day_off(moment.date()))


@given(data=st.data(), plan=plans, starts=starts_walls, quiet=quiets)
def test_the_order_of_a_plan_is_of_no_importance(data: st.DataObject, plan: Plan, starts: datetime, quiet: QuietHours) -> None:
    """Entered as 1, 3, 14 or 14, 3, 1, or one of them twice: the same reminders come."""
    shuffled = Plan((*data.draw(st.permutations(plan.offsets)), *plan.offsets[:1]), plan.spacing, plan.most)
    called = to_utc(starts, WARSAW) - timedelta(days=60)
    found, again = (due(one, starts, WARSAW, called=called, quiet=quiet) for one in (plan, shuffled))
    assert [one.at for one in found] == [one.at for one in again]


def ticking(
    ahead: tuple[Due, ...], starts: datetime, quiet: QuietHours, first: datetime, step: timedelta
) -> Iterator[tuple[Due, bool]]:
    """Tick from an instant on until the meeting began, and give what is sent: what, and whether late."""
    instant, left = first, ahead
    end = to_utc(starts, WARSAW) + 2 * step
    while left:
        assert instant <= end
        found = now(left, instant, starts, WARSAW, quiet)
        left = left[found.over :]
        if found.send is not None:
            yield found.send, found.late
        # Between two reminders nothing happens, however often one looks: go on to the last tick before the next.
        waits = max((left[0].at - instant) // step - 1, 0) if left else 0
        instant += step * max(waits, 1)


@given(plan=plans, starts=starts_walls, quiet=quiets, phase=st.integers(0, 14))
def test_the_schedule_does_not_depend_on_how_often_one_looks(plan: Plan, starts: datetime, quiet: QuietHours, phase: int) -> None:
    """Every minute or every quarter of an hour: the same reminders, each once, none late."""
    begins = to_utc(starts, WARSAW)
    ahead = due(plan, starts, WARSAW, called=begins - timedelta(days=45), quiet=quiet)
    # With no spacing asked for, two may come within a quarter of an hour, and then only the newer is of use. The meeting ends all.
    instants = [*(one.at for one in ahead), begins]
    assume(all(later - earlier > ON_TIME for earlier, later in pairwise(instants)))
    first = begins - timedelta(days=45) - phase * MINUTE
    assert [*ticking(ahead, starts, quiet, first, MINUTE)] == [(one, False) for one in ahead]
    assert [*ticking(ahead, starts, quiet, first, ON_TIME)] == [(one, False) for one in ahead]


@given(starts=starts_walls, phase=st.integers(0, 7 * 60 - 1), days=st.sets(st.integers(1, 30), max_size=5))
def test_looking_every_seven_hours_loses_nothing_that_is_not_overtaken(starts: datetime, phase: int, days: set[int]) -> None:
    """A clock that ticks every seven hours, for people who may be written to at any time: the same reminders, some of them late."""
    plan = Plan((*(Offset(number) for number in days), Offset(8, "hours")), most=9)
    begins = to_utc(starts, WARSAW)
    ahead = due(plan, starts, WARSAW, called=begins - timedelta(days=45), quiet=NEVER_QUIET)
    first = begins - timedelta(days=45) - phase * MINUTE
    assert [one for one, _ in ticking(ahead, starts, NEVER_QUIET, first, 7 * HOUR)] == list(ahead)


@given(plan=plans, starts=starts_walls, quiet=quiets, gaps=st.lists(st.integers(1, 30 * 24), max_size=30))
def test_nothing_comes_twice_nor_after_the_meeting_began(
    plan: Plan, starts: datetime, quiet: QuietHours, gaps: list[int]
) -> None:
    """However the program stood still: each reminder at most once, newer ones after older ones, never once it has begun."""
    begins = to_utc(starts, WARSAW)
    left = ahead = due(plan, starts, WARSAW, called=begins - timedelta(days=45), quiet=quiet)
    instant, sent = begins - timedelta(days=45), []
    for hours in gaps:
        instant += hours * HOUR
        found = now(left, instant, starts, WARSAW, quiet)
        left = left[found.over :]
        if found.send is not None:
            assert instant < begins
            assert instant >= found.send.at
            sent.append(found.send)
    assert sent == [one for one in ahead if one in sent]
