"""What a body owes and whether it has met it: strategic meetings every quarter, operational ones every month."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from time import perf_counter
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from konwent_bot.domain.meetings.cadence import (
    Compliance,
    Danger,
    Gap,
    GroupTerm,
    MeetingFact,
    Obligation,
    comply,
    gaps,
    in_danger,
    obligations,
)
from konwent_bot.domain.meetings.periods import period_of, periods
from konwent_bot.domain.meetings.words import MEETING_KINDS, MEETING_STATUSES, MeetingStatus

NEW_YEAR, EVE = date(2027, 1, 1), date(2027, 12, 31)
#: The convent of Janów Lubelski has been there for long; its working group on transport began in spring.
FOUNDED = date(2024, 5, 20)
TRANSPORT: Final = 7
#: How good it is.
RANK: Final = {"overdue": 0, "due": 1, "met": 2}


def year(began: date = FOUNDED, groups: Sequence[GroupTerm] = ()) -> tuple[Obligation, ...]:
    return obligations(NEW_YEAR, EVE, began=began, groups=groups)


def strategic(day: date, status: MeetingStatus = "held", number: int = 1) -> MeetingFact:
    return MeetingFact(number, "strategic", day, status)


def operational(day: date, status: MeetingStatus = "held", group: int | None = None, number: int = 1) -> MeetingFact:
    return MeetingFact(number, "operational", day, status, group)


def quarter(number: int) -> Obligation:
    return year()[number - 1]


def month(number: int) -> Obligation:
    return year()[3 + number]


def test_a_year_owes_four_strategic_and_twelve_operational_meetings() -> None:
    """Without anything planned, the year already says what must happen in it."""
    owed = year()
    assert [(one.kind, one.start, one.end) for one in owed[:4]] == [
        ("strategic", date(2027, 1, 1), date(2027, 3, 31)),
        ("strategic", date(2027, 4, 1), date(2027, 6, 30)),
        ("strategic", date(2027, 7, 1), date(2027, 9, 30)),
        ("strategic", date(2027, 10, 1), date(2027, 12, 31)),
    ]
    assert [one.kind for one in owed[4:]] == ["operational"] * 12
    assert (owed[5].start, owed[5].end) == (date(2027, 2, 1), date(2027, 2, 28))


def test_a_body_is_not_blamed_for_the_time_before_it_began() -> None:
    """Founded on 20 May: the second quarter and May are the first it owes."""
    owed = year(began=date(2027, 5, 20))
    assert [one.start for one in owed] == [date(2027, 4, 1), date(2027, 7, 1), date(2027, 10, 1)] + [
        date(2027, number, 1) for number in range(5, 13)
    ]
    assert obligations(NEW_YEAR, EVE, began=date(2028, 1, 1)) == ()


def test_a_body_that_ended_owes_only_whole_periods() -> None:
    """Ended on 15 August: the third quarter and August are demanded of nobody."""
    owed = obligations(NEW_YEAR, EVE, began=FOUNDED, ended=date(2027, 8, 15))
    assert (owed[1].end, owed[-1].end, len(owed)) == (date(2027, 6, 30), date(2027, 7, 31), 9)
    groups = [GroupTerm(TRANSPORT, NEW_YEAR, EVE)]
    whole = obligations(NEW_YEAR, EVE, began=FOUNDED, ended=date(2027, 6, 30), groups=groups)
    assert [(one.group, one.end.month) for one in whole] == [
        *((None, number) for number in (3, 6, 1, 2, 3, 4, 5, 6)),
        *((TRANSPORT, number) for number in (1, 2, 3, 4, 5, 6)),
    ]


def test_a_working_group_owes_the_whole_months_of_its_term() -> None:
    """A group from 15 March to 30 June owes April, May and June, beside what the convent owes."""
    owed = year(groups=[GroupTerm(TRANSPORT, date(2027, 3, 15), date(2027, 6, 30))])
    assert owed[:16] == year()
    assert owed[16:] == tuple(
        Obligation("operational", date(2027, number, 1), period_of(date(2027, number, 1), "month").end, TRANSPORT)
        for number in (4, 5, 6)
    )


@pytest.mark.parametrize(
    ("meetings", "today", "state"),
    [
        ([], date(2027, 3, 31), "due"),
        ([], date(2027, 4, 1), "overdue"),
        ([strategic(date(2027, 3, 31))], date(2027, 4, 1), "met"),
        ([strategic(date(2027, 4, 1))], date(2027, 4, 2), "overdue"),
        ([strategic(date(2027, 2, 9), "convened")], date(2027, 2, 1), "due"),
        ([strategic(date(2027, 2, 9), "convened")], date(2027, 4, 1), "overdue"),
        ([strategic(date(2027, 2, 9), "cancelled")], date(2027, 4, 1), "overdue"),
        ([operational(date(2027, 2, 9))], date(2027, 4, 1), "overdue"),
        ([MeetingFact(1, "networking", date(2027, 2, 9), "held")], date(2027, 4, 1), "overdue"),
        ([MeetingFact(1, "central", date(2027, 2, 9), "held")], date(2027, 4, 1), "overdue"),
    ],
)
def test_only_a_strategic_meeting_that_was_held_meets_the_quarter(meetings: list[MeetingFact], today: date, state: str) -> None:
    """The first quarter of 2027: planned is not held, operational is not strategic, and 1 April is too late."""
    assert comply([quarter(1)], meetings, today)[0].state == state


def test_a_strategic_meeting_does_not_stand_for_the_operational_one() -> None:
    """In February the heads met; the designated persons still owe their meeting (G14)."""
    found = comply([quarter(1), month(2)], [strategic(date(2027, 2, 9))], date(2027, 3, 1))
    assert [one.state for one in found] == ["met", "overdue"]


def test_a_meeting_of_a_group_counts_for_the_month_of_the_body_too() -> None:
    """The transport group met in April: so did the convent, and not the other group."""
    groups = [GroupTerm(TRANSPORT, NEW_YEAR, EVE), GroupTerm(8, NEW_YEAR, EVE)]
    met = operational(date(2027, 4, 13), group=TRANSPORT)
    april = [one for one in year(groups=groups) if one.start == date(2027, 4, 1) and one.kind == "operational"]
    assert [(one.obligation.group, one.state, one.met_by) for one in comply(april, [met], date(2027, 5, 3))] == [
        (None, "met", met),
        (TRANSPORT, "met", met),
        (8, "overdue", None),
    ]
    whole = operational(date(2027, 4, 13))
    assert [one.state for one in comply(april, [whole], date(2027, 5, 3))] == ["met", "overdue", "overdue"]


def test_the_meeting_that_met_it_is_the_first_and_what_is_planned_is_shown() -> None:
    """Two were held in the first quarter: the earlier met it. For the second, the next to come is shown."""
    held = [strategic(date(2027, 3, 9), number=2), strategic(date(2027, 2, 9), number=1)]
    planned = [
        strategic(date(2027, 4, 6), "convened", 3),  # over, and nobody noted whether it was held
        strategic(date(2027, 5, 11), "planned", 4),
        strategic(date(2027, 6, 8), "planned", 5),
        strategic(date(2027, 4, 30), "proposed", 6),  # only thought of
    ]
    first, second = comply([quarter(1), quarter(2)], held + planned, date(2027, 4, 20))
    assert (first.met_by, first.planned) == (held[1], None)
    assert (second.state, second.met_by, second.planned) == ("due", None, planned[1])
    assert comply([quarter(2)], planned, date(2027, 5, 11))[0].planned == planned[1]  # it is today
    assert comply([quarter(2)], planned[:1], date(2027, 4, 20))[0].planned == planned[0]


def test_more_than_ninety_two_days_between_strategic_meetings_are_told() -> None:
    """January and June meet their quarters; the 152 days between them are told when planning, and nothing is overdue."""
    days = [date(2027, 6, 9), date(2027, 1, 8), date(2027, 9, 9), date(2027, 9, 9)]
    assert gaps(days) == (Gap(date(2027, 1, 8), date(2027, 6, 9)),)
    assert gaps(days)[0].days == 152
    assert gaps([date(2027, 7, 1), date(2027, 10, 1)]) == ()  # 92 days: the longest quarter
    assert len(gaps([date(2027, 7, 1), date(2027, 10, 2)])) == 1
    assert gaps([]) == gaps([date(2027, 1, 8)]) == ()


@pytest.mark.parametrize(
    ("today", "told"),
    [
        (date(2027, 2, 28), None),
        (date(2027, 3, 1), 30),
        (date(2027, 3, 23), 30),
        (date(2027, 3, 24), 7),
        (date(2027, 3, 31), 7),
        (date(2027, 4, 1), None),  # overdue: another matter
    ],
)
def test_the_coordinator_is_told_thirty_and_seven_days_before_the_end(today: date, told: int | None) -> None:
    """Nothing is planned for the first quarter of 2027: told on 1 March, and again on 24 March."""
    found = in_danger(comply([quarter(1)], [], today), today)
    assert found == (() if told is None else (Danger(quarter(1), told),))


@pytest.mark.parametrize(("status", "told"), [("planned", 0), ("convened", 0), ("held", 0), ("proposed", 1), ("cancelled", 1)])
def test_what_is_planned_is_in_no_danger(status: MeetingStatus, told: int) -> None:
    """A meeting on the plan is enough not to be told; one that was cancelled, or only thought of, is not."""
    today = date(2027, 3, 24)
    assert len(in_danger(comply([quarter(1)], [strategic(date(2027, 3, 30), status)], today), today)) == told


days = st.dates(date(2026, 6, 1), date(2028, 3, 1))
facts = st.builds(
    MeetingFact,
    st.integers(1, 10**6),
    st.sampled_from(MEETING_KINDS),
    days,
    st.sampled_from(MEETING_STATUSES),
    st.sampled_from([None, TRANSPORT, 8]),
)
lists = st.lists(facts, max_size=25, unique_by=lambda fact: fact.id)
OWED: Final = year(groups=[GroupTerm(TRANSPORT, date(2027, 2, 1), date(2027, 9, 30)), GroupTerm(8, NEW_YEAR, EVE)])


@given(data=st.data(), meetings=lists, today=days)
def test_the_order_of_meetings_is_of_no_importance(data: st.DataObject, meetings: list[MeetingFact], today: date) -> None:
    """Entered in January or in December, sorted or not: a body owes and has met the same."""
    shuffled = data.draw(st.permutations(meetings))
    assert comply(OWED, shuffled, today) == comply(OWED, meetings, today)


@given(meetings=lists, extra=facts, today=days)
def test_holding_one_more_meeting_never_makes_anything_worse(
    meetings: list[MeetingFact], extra: MeetingFact, today: date
) -> None:
    """Whatever else is there, a meeting that was held helps or changes nothing."""
    held = MeetingFact(10**7, extra.kind, extra.day, "held", extra.group)
    before, after = comply(OWED, meetings, today), comply(OWED, [*meetings, held], today)
    assert all(RANK[now.state] >= RANK[was.state] for was, now in zip(before, after, strict=True))
    assert {one.obligation for one in in_danger(after, today)} <= {one.obligation for one in in_danger(before, today)}


@given(meetings=lists, today=days)
def test_every_judgement_can_be_checked_by_hand(meetings: list[MeetingFact], today: date) -> None:
    """For each thing owed, somebody who looks through all meetings finds what we found."""

    def fits(one: MeetingFact, owed: Obligation) -> bool:
        return one.kind == owed.kind and owed.start <= one.day <= owed.end and owed.group in {None, one.group}

    for found in comply(OWED, meetings, today):
        owed = found.obligation
        held = [one for one in meetings if one.status == "held" and fits(one, owed)]
        coming = [one for one in meetings if one.status in {"planned", "convened"} and fits(one, owed)]
        assert (found.state == "met") == bool(held)
        assert (found.met_by in held) if held else (found.met_by is None)
        if not held:
            assert found.state == ("due" if today <= owed.end else "overdue")
            assert (found.planned in coming) if coming else (found.planned is None)


@given(first=days, length=st.integers(0, 900), began=st.dates(date(2020, 1, 1), date(2028, 1, 1)))
def test_what_is_owed_joins_without_holes(first: date, length: int, began: date) -> None:
    """Each kind's periods follow one another, from the one the body began in, and cover what was asked about."""
    last = first + timedelta(days=length)
    owed = obligations(first, last, began=began)
    for kind in ("strategic", "operational"):
        mine = [one for one in owed if one.kind == kind]
        assert all(later.start - earlier.end == timedelta(days=1) for earlier, later in pairwise(mine))
        if max(first, began) <= last:
            assert mine[0].start <= max(first, began) <= mine[0].end
            assert mine[-1].start <= last <= mine[-1].end
        else:
            assert mine == []


def test_periods_reach_to_the_end_of_the_calendar() -> None:
    """The last quarter there is ends on the last day there is."""
    assert period_of(date.max, "quarter") == (date(9999, 10, 1), date.max)
    assert list(periods(date(9999, 12, 30), date.max, "month")) == [(date(9999, 12, 1), date.max)]


def judged(years: int) -> tuple[Compliance, ...]:
    """Judge a body with a meeting in every month of so many years."""
    span = [date(2000 + n, number, 11) for n in range(years) for number in range(1, 13)]
    meetings = [operational(day, number=n) for n, day in enumerate(span)]
    return comply(obligations(span[0], span[-1], began=span[0]), meetings, span[-1])


def test_a_long_life_is_judged_as_fast_as_a_short_one_per_year() -> None:
    """Ten times the years take about ten times the time, not a hundred."""

    def seconds(years: int) -> float:
        times = []
        for _ in range(5):
            start = perf_counter()
            judged(years)
            times.append(perf_counter() - start)
        return min(times)

    seconds(20)
    assert seconds(1000) < 30 * seconds(100)
