"""Proposed days: what a rule of recurrence says, and where it moves from a day off."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from konwent_bot.domain.meetings.days_off import is_day_off, is_public_holiday
from konwent_bot.domain.meetings.periods import Length, period_of
from konwent_bot.domain.meetings.recurrence import EVERY_MONTH, LAST, NTHS, DayOfMonth, NthWeekday, Proposal, Rule, propose

MONDAY, TUESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = 0, 1, 3, 4, 5, 6
#: "Second Tuesday of February, May, August and November": a strategic meeting in every quarter.
QUARTERLY = NthWeekday(2, TUESDAY, (2, 5, 8, 11))


def year(rule: Rule, of: int, within: Length = "month") -> tuple[Proposal, ...]:
    return propose(rule, date(of, 1, 1), date(of, 12, 31), within=within)


def test_second_tuesdays_of_four_months() -> None:
    """The strategic meetings of 2027 fall on four Tuesdays, one in every quarter."""
    found = year(QUARTERLY, 2027)
    assert [one.day for one in found] == [date(2027, 2, 9), date(2027, 5, 11), date(2027, 8, 10), date(2027, 11, 9)]
    assert {one.shifted_because for one in found} == {None}


def test_first_thursdays_move_from_new_year_and_corpus_christi() -> None:
    """In 2026 the first Thursdays of January and June are holidays: the meetings are on the Fridays after."""
    found = year(NthWeekday(1, THURSDAY), 2026)
    assert len(found) == 12
    assert [one for one in found if one.shifted_because] == [
        Proposal(date(2026, 1, 2), date(2026, 1, 1), "holiday"),
        Proposal(date(2026, 6, 5), date(2026, 6, 4), "holiday"),
    ]


def test_last_fridays() -> None:
    """The last Friday of a month is its fourth or fifth; from Christmas Day it moves to the Monday after."""
    found = year(NthWeekday(LAST, FRIDAY), 2026)
    assert [one.day.day for one in found[:6]] == [30, 27, 27, 24, 29, 26]
    assert found[-1] == Proposal(date(2026, 12, 28), date(2026, 12, 25), "holiday")


def test_the_end_of_the_month_is_its_last_day_however_long_it_is() -> None:
    """The 31st stands for the end of the month: 28 February, 30 April; and from a Sunday it goes back to Friday."""
    found = {one.ruled_day: one for one in year(DayOfMonth(31), 2027)}
    assert list(found)[:4] == [date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30)]
    assert found[date(2027, 1, 31)] == Proposal(date(2027, 1, 29), date(2027, 1, 31), "weekend")
    assert found[date(2027, 4, 30)].day == date(2027, 4, 30)
    assert year(DayOfMonth(30, (2,)), 2028)[0].ruled_day == date(2028, 2, 29)


@pytest.mark.parametrize(("within", "day"), [("month", date(2027, 1, 29)), ("quarter", date(2027, 2, 1))])
def test_a_moved_day_stays_in_its_month_or_in_its_quarter(within: Length, day: date) -> None:
    """Sunday 31 January: a monthly meeting goes back to Friday, a quarterly one may go on to Monday."""
    assert year(DayOfMonth(31, (1,)), 2027, within)[0].day == day


def test_a_quarterly_meeting_does_not_leave_its_quarter() -> None:
    """Saturday 31 March 2029: the Monday after is another quarter (and Easter), so the Friday before it is."""
    assert year(DayOfMonth(31, (3,)), 2029, "quarter") == (Proposal(date(2029, 3, 30), date(2029, 3, 31), "weekend"),)


def test_the_first_of_november_is_a_holiday_before_it_is_a_sunday() -> None:
    """All Saints' Day 2026 is a Sunday; the reason told is the holiday."""
    assert year(DayOfMonth(1, (11,)), 2026) == (Proposal(date(2026, 11, 2), date(2026, 11, 1), "holiday"),)


def test_who_asks_for_saturdays_gets_saturdays() -> None:
    """An association that meets on first Saturdays means them; 3 May and 1 November still are days off."""
    found = year(NthWeekday(1, SATURDAY), 2025)
    assert {one.day.weekday() for one in found if one.shifted_because is None} == {SATURDAY}
    assert year(NthWeekday(2, SUNDAY, (2,)), 2027) == (Proposal(date(2027, 2, 14), date(2027, 2, 14)),)
    assert [one for one in found if one.shifted_because] == [
        Proposal(date(2025, 5, 5), date(2025, 5, 3), "holiday"),
        Proposal(date(2025, 11, 3), date(2025, 11, 1), "holiday"),
    ]


def test_days_to_avoid_and_days_already_taken_are_left_free() -> None:
    """Nobody meets in the week of the training, nor twice on one day; the reason is told."""
    week = {date(2027, 2, 8) + timedelta(days=n) for n in range(4)}
    found = propose(QUARTERLY, date(2027, 1, 1), date(2027, 6, 30), avoid=week, taken=[date(2027, 5, 11)])
    assert found == (
        Proposal(date(2027, 2, 12), date(2027, 2, 9), "avoided"),
        Proposal(date(2027, 5, 12), date(2027, 5, 11), "taken"),
    )


def test_a_month_without_a_free_day_is_left_out() -> None:
    """If the whole of August is holidays for everybody, there is no proposal in August."""
    august = [date(2027, 8, 1) + timedelta(days=n) for n in range(31)]
    assert [one.day.month for one in propose(QUARTERLY, date(2027, 1, 1), date(2027, 12, 31), avoid=august)] == [2, 5, 11]


@pytest.mark.parametrize("free", [1, 30])
def test_the_first_and_the_last_day_of_a_month_are_found_when_only_they_are_free(free: int) -> None:
    """In June 2027 everybody is away but on Tuesday the 1st, or on Wednesday the 30th."""
    away = {date(2027, 6, number) for number in range(1, 31)} - {date(2027, 6, free)}
    found = propose(NthWeekday(3, TUESDAY, (6,)), date(2027, 1, 1), date(2027, 12, 31), avoid=away)
    assert found == (Proposal(date(2027, 6, free), date(2027, 6, 15), "avoided"),)


@pytest.mark.parametrize(("nth", "day"), [(1, 1), (2, 8), (3, 15), (4, 22), (LAST, 29)])
def test_weekdays_are_counted_from_the_first_of_the_month(nth: int, day: int) -> None:
    """June 2027 begins with a Tuesday and has five."""
    assert NthWeekday(nth, TUESDAY).day_in(2027, 6) == date(2027, 6, day)


def test_two_meetings_never_move_onto_one_day() -> None:
    """Both the end of May and the first of June would be Tuesday 1 June: the second goes on to Wednesday."""
    found = propose(DayOfMonth(1, (6,)), date(2027, 5, 1), date(2027, 6, 30), taken=[date(2027, 6, 1)])
    assert found == (Proposal(date(2027, 6, 2), date(2027, 6, 1), "taken"),)


def test_a_span_within_a_month_and_one_the_wrong_way_round() -> None:
    """Planning may begin in the middle of a month: the days before it are not proposed; from December to January nothing is."""
    assert [one.day for one in propose(QUARTERLY, date(2027, 2, 10), date(2027, 5, 11))] == [date(2027, 5, 11)]
    assert propose(QUARTERLY, date(2027, 12, 1), date(2027, 1, 1)) == ()


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: NthWeekday(5, MONDAY),
        lambda: NthWeekday(0, MONDAY),
        lambda: NthWeekday(1, 7),
        lambda: NthWeekday(1, MONDAY, ()),
        lambda: NthWeekday(1, MONDAY, (2, 1)),
        lambda: DayOfMonth(32),
        lambda: DayOfMonth(0),
        lambda: DayOfMonth(1, (13,)),
    ],
)
def test_a_rule_no_month_can_keep_is_our_mistake(wrong: object) -> None:
    """A fifth Monday is not in every month, and a thirteenth month in no year."""
    assert callable(wrong)
    with pytest.raises(ValueError, match=r"month"):
        wrong()


months = st.sets(st.sampled_from(EVERY_MONTH), min_size=1).map(lambda chosen: tuple(sorted(chosen)))
rules: st.SearchStrategy[Rule] = st.one_of(
    st.builds(NthWeekday, st.sampled_from(NTHS), st.integers(0, 6), months),
    st.builds(DayOfMonth, st.integers(1, 31), months),
)
starts = st.dates(date(2024, 1, 1), date(2033, 12, 31))
lengths: st.SearchStrategy[Length] = st.sampled_from(["month", "quarter"])


@given(
    rule=rules,
    first=starts,
    length=st.integers(0, 800),
    within=lengths,
    avoid=st.sets(st.integers(0, 800), max_size=60),
    taken=st.sets(st.integers(0, 800), max_size=30),
)
def test_proposals_are_allowed_ordered_and_single(
    rule: Rule, first: date, length: int, within: Length, avoid: set[int], taken: set[int]
) -> None:
    """Whatever is asked for: days in order, none twice, none off, in the span and in the month or quarter that was asked."""
    last = first + timedelta(days=length)
    avoided, used = ({first + timedelta(days=n) for n in numbers} for numbers in (avoid, taken))
    found = propose(rule, first, last, within=within, avoid=avoided, taken=used)
    proposed = [one.day for one in found]
    assert proposed == sorted(set(proposed))
    assert not {*proposed} & (avoided | used)
    weekends = isinstance(rule, NthWeekday) and rule.weekday in {SATURDAY, SUNDAY}
    for one in found:
        assert first <= one.day <= last
        assert one.ruled_day.month in rule.months
        assert period_of(one.day, within) == period_of(one.ruled_day, within)
        assert one.ruled_day == rule.day_in(one.ruled_day.year, one.ruled_day.month)
        assert (one.shifted_because is None) == (one.day == one.ruled_day)
        assert not is_public_holiday(one.day)
        assert not is_day_off(one.day) or (weekends and one.day == one.ruled_day)


@given(rule=rules, first=starts, length=st.integers(0, 1200), within=lengths)
def test_no_month_is_forgotten(rule: Rule, first: date, length: int, within: Length) -> None:
    """Every asked month of a whole span has its meeting: no month is all days off."""
    start = date(first.year, 1, 1)
    found = propose(rule, start, date(first.year + length // 400, 12, 31), within=within)
    assert len(found) == len(rule.months) * (length // 400 + 1)
