"""What a body owes and has planned, and the clock's daily look: the coordinator hears of a gap 30 and 7 days before it is one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event, select, update
from sqlalchemy.engine import Engine
from tests.office.meetings.planners import Desk, announced, body, confirm, enter, plan
from tests.office.meetings.test_entering import group

from konwent_bot.clock import FixedClock
from konwent_bot.office import housekeeping
from konwent_bot.office.door import Door
from konwent_bot.office.meetings import cadence, duties
from konwent_bot.office.meetings.cadence import BodyYear
from konwent_bot.office.meetings.duties import OCCASIONS, ObligationNews
from konwent_bot.office.occasion import Due, Reader
from konwent_bot.office.unit import House, UnitOfWork
from konwent_bot.store.engines import open_store
from konwent_bot.store.tables import BODY, MEETING, NOTICE

NOBODY = Reader(None, "", "pl", "mail", "a@b.example", may_enter=False)


@pytest.fixture
async def second_door(database_url: str, clock: FixedClock, house: House) -> AsyncIterator[Door]:
    """A second process at the same database."""
    store = open_store(database_url)
    yield Door(store, clock, house)
    await store.close()


def at(clock: FixedClock, *when: int) -> None:
    """Move the clock to an instant."""
    clock.move(datetime(*when, tzinfo=UTC) - clock.now())  # type: ignore[misc,arg-type]  # the parts of a date


async def year(door: Door, made: Desk, number: int = 2026) -> BodyYear:
    """Give the year of a body with its proposals."""
    return await door.look(lambda uow: cadence.year_of(uow, made.body, number, proposed=True))


async def held(door: Door, meeting: int) -> None:
    """Note that a meeting took place."""
    done = update(MEETING).where(MEETING.c.id == meeting)
    await door.act(lambda uow: uow.execute(done.values(status="held", revision=1, convened_at=uow.now, closed_at=uow.now)))


async def says(door: Door) -> list[ObligationNews | str | None]:
    """Give what the waiting notices of obligations would say now."""
    (occasion,) = OCCASIONS

    def work(uow: UnitOfWork) -> list[ObligationNews | str | None]:
        wanted = select(NOTICE).where(NOTICE.c.occasion == occasion.name, NOTICE.c.settled_at.is_(None)).order_by(NOTICE.c.id)
        found: list[ObligationNews | str | None] = []
        for row in uow.execute(wanted):
            due = Due(row.id, row.recipient, row.occasion, row.subject, row.revision, row.body_id, "", row.created_at, row.due_at)
            said = occasion.make(uow, due, NOBODY) if occasion.wanted(uow, due) else "unwanted"
            assert isinstance(said, ObligationNews | str | None)
            found.append(said)
        return found

    return await door.look(work)


async def test_each_quarter_and_month_is_met_due_or_overdue(door: Door, clock: FixedClock) -> None:
    """A held meeting meets its quarter and names itself; a planned one does not; what is over without one is overdue."""
    made = await body(door)
    at(clock, 2026, 2, 1, 9)
    first = await enter(door, made, kind="strategic", when="2026-02-10T10:00")
    later = await enter(door, made, kind="strategic", when="2026-05-12T10:00")
    at(clock, 2026, 7, 2, 9)
    await held(door, first)
    found = await year(door, made)
    assert [one.state for one in found.strategic] == ["met", "overdue", "due", "due"]
    assert found.strategic[0].met_by is not None
    assert found.strategic[0].met_by.id == first
    assert found.strategic[1].planned is not None
    assert found.strategic[1].planned.id == later
    assert [one.state for one in found.operational] == ["overdue"] * 6 + ["due"] * 6
    assert await year(door, made, 2025) == BodyYear((), (), {}, ())


async def test_a_working_group_that_meets_monthly_has_months_of_its_own(door: Door) -> None:
    """Its meeting counts for the group and for the network; one that need not meet monthly owes nothing."""
    made = await body(door)
    number = await group(door, made, made.jan, term="2027-03-31")
    await group(door, made, made.jan, name="Inna", monthly=False)
    await enter(door, made, kind="operational", group=(str(number),), when="2027-02-02T10:00")
    found = await year(door, made, 2027)
    assert list(found.groups) == ["Praca"]
    assert [one.planned is not None for one in found.groups["Praca"]] == [False, True, False]
    assert found.operational[1].planned is not None


async def test_the_coordinator_is_told_30_and_7_days_before_and_not_in_between(door: Door, clock: FixedClock) -> None:
    """Nothing is planned for the last quarter: one notice on 1 December, one on 24 December, however often the clock looks."""
    made = await body(door)
    at(clock, 2026, 11, 30, 9)
    await enter(door, made, kind="operational", when="2026-12-03T12:00")
    told: list[tuple[date, int]] = []
    for _ in range(60):
        for _ in range(2):
            await door.act(housekeeping.tick)
        told += [(clock.now().date(), revision) for _, revision, _ in (await announced(door, "obligation"))[len(told) :]]
        clock.move(timedelta(days=1))
    in_2026 = [one for one in told if one[0].year == 2026]
    # 30 November is the last day of a month without an operational meeting; December has one, its quarter has no strategic one.
    assert in_2026 == [(date(2026, 11, 30), 2), (date(2026, 12, 1), 1), (date(2026, 12, 24), 2)]
    assert {whom for whom, _, _ in await announced(door, "obligation")} == {(await announced(door, "obligation"))[0][0]}


async def test_what_was_planned_meanwhile_is_not_told(door: Door, clock: FixedClock) -> None:
    """The notice waits for the morning; by then a meeting is on the plan, and nobody needs to hear. A proposal is no plan."""
    made = await body(door)
    at(clock, 2026, 12, 1, 9)
    await door.act(duties.look)
    (strategic, operational) = await says(door)
    assert isinstance(strategic, ObligationNews)
    assert (strategic.kind, strategic.end, strategic.left, strategic.group) == ("strategic", date(2026, 12, 31), 30, "")
    assert isinstance(operational, ObligationNews)
    await plan(door, made, year=2026, strategic_cycle="march")
    assert all(isinstance(one, ObligationNews) for one in await says(door))
    await confirm(door, made, 2026)
    assert await says(door) == ["unwanted", "unwanted"]
    at(clock, 2027, 1, 2, 9)
    assert await says(door) == ["unwanted", "unwanted"]


async def test_two_clocks_look_at_each_body_once_a_day(door: Door, second_door: Door, clock: FixedClock) -> None:
    """Both look at the same moment: every notice exists once, and on the same day there is nothing left to look at."""
    for number in range(3):
        await body(door, f"lsr-{number}", 3000 + number)
    at(clock, 2026, 12, 1, 9)
    await asyncio.gather(*(one.act(duties.look) for one in (door, second_door, door, second_door)))
    told = await announced(door, "obligation")
    assert len(told) == len({whom for whom, _, _ in told}) * 2 == 6
    assert await door.act(duties.look) == 0


def set_checked(due: int) -> Callable[[UnitOfWork], None]:
    """Let the first so many bodies have been looked at last year, and all others today."""

    def work(uow: UnitOfWork) -> None:
        uow.execute(update(BODY).values(checked_on=uow.today))
        uow.execute(update(BODY).where(BODY.c.id <= due).values(checked_on=date(2026, 1, 1)))

    return work


async def test_a_look_costs_what_is_due_and_not_what_there_is(door: Door) -> None:
    """Looking at three bodies that owe nothing takes as many statements as looking at one, and looking again takes one."""
    for number in range(3):
        made = await body(door, f"lsr-{number}", 3000 + number)
        await plan(door, made)
        await enter(door, made, kind="operational", when="2026-11-26T10:00")
        await enter(door, made, kind="strategic", when="2026-12-08T10:00")
    asked: list[str] = []

    def listen(*given: object) -> None:
        asked.append(str(given[2]))

    event.listen(Engine, "before_cursor_execute", listen)
    try:
        counts = []
        for due in (1, 3, 0):
            await door.act(set_checked(due))
            asked.clear()
            assert await door.act(duties.look) == due
            counts.append(len([one for one in asked if one.lstrip().lower().startswith(("select", "update"))]))
    finally:
        event.remove(Engine, "before_cursor_execute", listen)
    assert counts[0] == counts[1]
    assert counts[2] == 1
