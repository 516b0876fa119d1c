"""The plan of a year: proposed by two rules, once, with nobody told; refused in words where it cannot be."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from sqlalchemy import delete, select, update
from tests.office.meetings.planners import ANSWERS, announced, body, enter, meetings, plan
from tests.office.rosters import dump
from tests.office.rosters import enter as enter_body

from konwent_bot.clock import FixedClock
from konwent_bot.domain.meetings.days_off import is_day_off
from konwent_bot.domain.meetings.periods import period_of
from konwent_bot.errors import Invalid, NotFound, Refused
from konwent_bot.office.door import Door
from konwent_bot.office.meetings import details, planning
from konwent_bot.office.meetings.planning import PlanAnswers
from konwent_bot.office.rights import OPERATOR, Actor
from konwent_bot.office.subjects import Subject
from konwent_bot.office.unit import House
from konwent_bot.store.engines import open_store
from konwent_bot.store.tables import BODY, MEETING, MEMBERSHIP


@pytest.fixture
async def second_door(database_url: str, clock: FixedClock, house: House) -> AsyncIterator[Door]:
    """A second process at the same database."""
    store = open_store(database_url)
    yield Door(store, clock, house)
    await store.close()


async def test_a_year_is_planned_by_two_rules_and_nobody_hears_of_it(door: Door) -> None:
    """Four strategic and twelve operational meetings are proposed on the days the rules say; no notice is written."""
    made = await body(door)
    assert (await plan(door, made)).made == 2027
    strategic = await meetings(door, "strategic")
    assert [one.day for one in strategic] == [date(2027, 2, 9), date(2027, 5, 11), date(2027, 8, 10), date(2027, 11, 9)]
    assert {(one.status, one.hour, one.next_step_at) for one in strategic} == {("proposed", "10:00", None)}
    operational = await meetings(door, "operational")
    assert [one.day.month for one in operational] == list(range(1, 13))
    assert operational[0].day == date(2027, 1, 7)
    assert await announced(door) == []


async def test_instants_follow_the_clocks_of_both_halves_of_the_year(door: Door) -> None:
    """Ten o'clock in February is nine in UTC, ten o'clock in August is eight."""
    await plan(door, await body(door))
    found = select(MEETING.c.starts_at).where(MEETING.c.kind == "strategic").order_by(MEETING.c.starts_at)
    hours = await door.look(lambda uow: [row.starts_at.hour for row in uow.execute(found)])
    assert hours == [9, 8, 8, 9]


async def test_a_holiday_moves_a_meeting_and_the_rule_s_day_is_kept(door: Door) -> None:
    """3 May is a holiday, so a meeting ruled onto it is proposed for the 4th, and it is known from where it moved."""
    made = await body(door)
    await plan(door, made, strategic_nth="day", strategic_weekday=None, strategic_day=3)
    may = next(one for one in await meetings(door, "strategic") if one.ruled_on == date(2027, 5, 3))
    assert may.day == date(2027, 5, 4)


async def test_the_same_plan_twice_makes_no_second_set(door: Door) -> None:
    """Submitted again it is refused in words, and so is another rule for months that have their meeting; nothing is added."""
    made = await body(door)
    await plan(door, made)
    before = await dump(door)
    for changed in ({}, {"strategic_nth": "last", "operational_weekday": "monday"}):
        with pytest.raises(Refused, match="Nothing is left to propose"):
            await plan(door, made, **changed)
    assert await dump(door) == before


async def test_only_what_is_missing_is_proposed(door: Door, clock: FixedClock) -> None:
    """A month whose strategic meeting was entered by hand, or moved there by hand, gets no other one."""
    made = await body(door)
    await enter(door, made, kind="strategic", when="2027-02-24T09:00")
    await plan(door, made)
    assert [one.day.month for one in await meetings(door, "strategic")] == [2, 5, 8, 11]
    moved = (await meetings(door, "strategic"))[1]
    await door.act(lambda uow: uow.execute(update(MEETING).where(MEETING.c.id == moved.id).values(day=date(2027, 6, 1))))
    with pytest.raises(Refused, match="Nothing is left to propose"):
        await plan(door, made)


async def test_two_coordinators_at_once_make_one_plan(door: Door, second_door: Door) -> None:
    """Of two who submit at the same moment one is told that nothing is left."""
    made = await body(door)
    done = await asyncio.gather(*(plan(one, made) for one in (door, second_door, door, second_door)), return_exceptions=True)
    assert sorted(type(one).__name__ for one in done) == ["Outcome", "Refused", "Refused", "Refused"]
    assert len(await meetings(door)) == 16


async def test_a_meeting_s_day_is_not_taken_twice(door: Door) -> None:
    """Operational meetings ruled onto the strategic ones' days move aside."""
    made = await body(door)
    await plan(door, made, operational_nth="second", operational_weekday="tuesday")
    days = [one.day for one in await meetings(door)]
    assert len(days) == len(set(days)) == 16
    assert date(2027, 2, 10) in days


async def test_the_rest_of_this_year_is_planned_from_tomorrow_on(door: Door) -> None:
    """On 22 November only December's dates are still ahead; those of months that are over are not made up."""
    made = await body(door)
    await plan(door, made, year=2026, strategic_cycle="march")
    assert [(one.kind, one.day) for one in await meetings(door)] == [
        ("operational", date(2026, 12, 3)), ("strategic", date(2026, 12, 8)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"year": 2025}, "for the years 2026 to 2028, not for 2025"),
        ({"year": 2029}, "for the years 2026 to 2028, not for 2029"),
        ({"mode": "online", "link": "spotkania.example"}, "must begin with https://"),
        ({"mode": "online", "link": "javascript:alert(1)"}, "must begin with https://"),
        ({"mode": "online", "link": "https://spotkania.example/a b"}, "must begin with https://"),
        ({"mode": "online"}, "must begin with https://"),
        ({"place": "   "}, "Say where people are to meet"),
    ],
)
async def test_what_cannot_be_planned_is_refused_in_words(door: Door, changed: dict[str, Any], said: str) -> None:
    """A year that is over, a link that is none, no place: one sentence, and nothing is half done."""
    made = await body(door)
    before = await dump(door)
    with pytest.raises((Refused, Invalid)) as refusal:
        await plan(door, made, **changed)
    assert said in str(refusal.value)
    assert await dump(door) == before


def test_a_place_of_5000_characters_and_a_length_out_of_range_are_bounded() -> None:
    """The bounds are said, wherever the values come from."""
    with pytest.raises(ValidationError):
        PlanAnswers.model_validate(ANSWERS | {"place": "x" * 5000})
    with pytest.raises(Invalid, match="5000 characters; at most 300 fit"):
        details.checked(details.Details(60, "in_person", "x" * 5000))
    for minutes in (0, 14, 721, -1):
        with pytest.raises(Invalid, match="from 15 to 720 minutes"):
            details.checked(details.Details(minutes, "in_person", "tu"))


def test_emoji_and_right_to_left_text_stay_as_they_are() -> None:
    """A place in any script is kept; only its white space is put in order."""
    kept = details.checked(details.Details(60, "hybrid", "  Sala  🌻 مركز ", "https://a.example", topic="\nшколи\t"))
    assert (kept.place, kept.topic) == ("Sala 🌻 مركز", "школи")


async def test_a_body_without_institutions_is_not_planned(door: Door) -> None:
    """Nobody could be called, so the coordinator is told to import the roster."""
    empty = await enter_body(door, "lsr-pusta")
    given = PlanAnswers.model_validate(ANSWERS)
    with pytest.raises(Refused, match="no institutions yet"):
        await door.act(lambda uow: planning.plan(uow, OPERATOR, Subject("meeting.plan", empty), given))
    made = await body(door)
    await door.act(lambda uow: uow.execute(update(MEMBERSHIP).values(left_on=uow.today)))
    with pytest.raises(Refused, match="no institutions yet"):
        await plan(door, made)


async def test_another_network_s_coordinator_plans_nothing_here(door: Door) -> None:
    """Whoever coordinates elsewhere, or only represents an institution, is answered as if there were no such body."""
    made = await body(door)
    other = await body(door, "lsr-ilawa", 2003)
    given = PlanAnswers.model_validate(ANSWERS)
    for actor in (Actor(other.ewa), Actor(0)):
        with pytest.raises(NotFound):
            await door.act(lambda uow, actor=actor: planning.plan(uow, actor, Subject("meeting.plan", made.body), given))  # type: ignore[misc]  # mypy sees no default
    assert await meetings(door) == []


async def planned_body(door: Door) -> int:
    """Give the body of this test, made at its first example."""
    found = await door.look(lambda uow: uow.execute(select(BODY.c.id)).scalar_one_or_none())
    return (await body(door)).body if found is None else int(found)


NTHS = st.sampled_from(["first", "second", "third", "fourth", "last", "day"])
DAYS = st.sampled_from(["monday", "tuesday", "wednesday", "thursday", "friday"])


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    nth=NTHS,
    weekday=DAYS,
    day=st.integers(1, 31),
    other=NTHS,
    cycle=st.sampled_from(["january", "february", "march"]),
    ahead=st.integers(0, 600),
)
async def test_any_rules_give_working_days_one_a_quarter_and_one_a_month(
    door: Door, clock: FixedClock, nth: str, weekday: str, day: int, other: str, cycle: str, ahead: int
) -> None:
    """Whatever is ruled: no day off, no day twice, every quarter and month of next year has its meeting; a second time nothing is left."""
    clock.move(datetime(2026, 1, 20, 9, tzinfo=UTC) + timedelta(days=ahead) - clock.now())
    key = {"strategic_nth": nth, "strategic_weekday": weekday, "strategic_day": day, "strategic_cycle": cycle, "operational_nth": other,
           "operational_weekday": weekday, "operational_day": 32 - day}  # fmt: skip
    given = PlanAnswers.model_validate(ANSWERS | key | {"year": clock.now().year + 1})
    subject = Subject("meeting.plan", await planned_body(door))
    await door.act(lambda uow: planning.plan(uow, OPERATOR, subject, given))
    found = await meetings(door)
    days = [one.day for one in found]
    assert len(set(days)) == len(days)
    assert not any(is_day_off(one) for one in days)
    assert all(one.day > clock.now().date() for one in found)
    assert len({period_of(one.day, "quarter") for one in found if one.kind == "strategic"}) == 4
    assert len({one.day.month for one in found if one.kind == "operational"}) == 12
    with pytest.raises(Refused):
        await door.act(lambda uow: planning.plan(uow, OPERATOR, subject, given))
    await door.act(lambda uow: uow.execute(delete(MEETING)))
