"""Confirming the plan: one message to everybody who will be called, with what is new to them; never a second one for the same."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update
from tests.office.meetings.planners import Desk, announced, body, confirm, enter, meetings, plan, sent
from tests.office.meetings.test_entering import adjust, group

from konwent_bot.clock import FixedClock
from konwent_bot.errors import NotFound, Refused
from konwent_bot.office.door import Door
from konwent_bot.office.meetings import confirming, entering, plans
from konwent_bot.office.meetings.plan_news import OCCASIONS, PlanNews
from konwent_bot.office.occasion import Due, Reader
from konwent_bot.office.rights import Actor
from konwent_bot.office.unit import House, UnitOfWork
from konwent_bot.store.engines import open_store
from konwent_bot.store.tables import MEETING, NOTICE

NOBODY = Reader(None, "", "pl", "mail", "a@b.example", may_enter=False)


@pytest.fixture
async def second_door(database_url: str, clock: FixedClock, house: House) -> AsyncIterator[Door]:
    """A second process at the same database."""
    store = open_store(database_url)
    yield Door(store, clock, house)
    await store.close()


async def says(door: Door, recipient: str) -> PlanNews | str | None:
    """Give what the newest notice of the plan would say to a recipient now; ``unwanted`` where it is not wanted any more."""
    (occasion,) = OCCASIONS

    def work(uow: UnitOfWork) -> PlanNews | str | None:
        wanted = select(NOTICE).where(NOTICE.c.recipient == recipient, NOTICE.c.occasion == occasion.name)
        row = uow.execute(wanted.order_by(NOTICE.c.id.desc())).first()
        assert row is not None
        due = Due(row.id, row.recipient, row.occasion, row.subject, row.revision, row.body_id, "", row.created_at, row.due_at)
        said = occasion.make(uow, due, NOBODY) if occasion.wanted(uow, due) else "unwanted"
        assert isinstance(said, PlanNews | str | None)
        return said

    return await door.look(work)


async def anna(door: Door, made: Desk) -> str:
    """Give what notices name the head of GOPS by: she has accepted."""
    found = await announced(door)
    (person,) = {whom for whom, _, _ in found if whom.startswith("person:")}
    return person


async def test_everybody_called_to_any_of_them_is_told_once(door: Door) -> None:
    """Heads hear of strategic and designated persons of operational meetings, one notice each, whatever the number of dates."""
    made = await body(door)
    await plan(door, made)
    done = await confirm(door, made)
    assert done.meetings == 16
    told = await announced(door)
    assert len(told) == len({whom for whom, _, _ in told}) == done.told
    assert f"seat:{made.jan}" in {whom for whom, _, _ in told}
    assert {(one.status, one.next_step_at is None) for one in await meetings(door)} == {("planned", False)}
    head = await says(door, await anna(door, made))
    assert isinstance(head, PlanNews)
    assert [one.day for one in head.dates] == [one.day for one in await meetings(door, "strategic")]
    delegate = await says(door, f"seat:{made.jan}")
    assert isinstance(delegate, PlanNews)
    assert len(delegate.dates) == 12


async def test_confirming_twice_or_at_once_tells_once(door: Door, second_door: Door) -> None:
    """Of four confirmations at the same moment one does it, the others are told that nothing is left."""
    made = await body(door)
    await plan(door, made)
    done = await asyncio.gather(*(confirm(one, made) for one in (door, second_door, door, second_door)), return_exceptions=True)
    assert sorted(type(one).__name__ for one in done) == ["Confirmed", "Refused", "Refused", "Refused"]
    assert {revision for _, revision, _ in await announced(door)} == {1}
    with pytest.raises(Refused, match="no proposal ahead"):
        await confirm(door, made)


async def test_a_later_confirmation_tells_of_the_new_dates_only(door: Door, clock: FixedClock) -> None:
    """One proposal confirmed first and told, then the rest: the second message has the rest; pressed again it tells nobody."""
    made = await body(door)
    await plan(door, made)
    first, second, *_ = await meetings(door, "strategic")
    done = await door.act(lambda uow: confirming.confirm_one(uow, Actor(made.ewa), first.id))
    again = await door.act(lambda uow: confirming.confirm_one(uow, Actor(made.ewa), first.id))
    assert (done.meetings, again) == (1, confirming.Confirmed(0, 0))
    await sent(door)
    clock.move(timedelta(hours=1))
    await confirm(door, made)
    head = await says(door, await anna(door, made))
    assert isinstance(head, PlanNews)
    assert head.dates[0].day == second.day
    assert len(head.dates) == 3


async def test_a_message_that_was_not_sent_gives_way_to_one_that_says_all(door: Door, clock: FixedClock) -> None:
    """While the first message waits for the morning the second takes its place and has the dates of both."""
    made = await body(door)
    await plan(door, made)
    first = (await meetings(door, "strategic"))[0]
    await door.act(lambda uow: confirming.confirm_one(uow, Actor(made.ewa), first.id))
    clock.move(timedelta(hours=1))
    await confirm(door, made)
    whom = await anna(door, made)
    assert [outcome for who, _, outcome in await announced(door) if who == whom] == ["unwanted", None]
    head = await says(door, whom)
    assert isinstance(head, PlanNews)
    assert len(head.dates) == 4


async def test_a_changed_date_is_marked_and_a_dropped_one_is_named(door: Door, clock: FixedClock) -> None:
    """After the plan was told, a change and a date taken off are told in one message, and nothing else is repeated."""
    made = await body(door)
    await plan(door, made)
    await confirm(door, made)
    await sent(door)
    clock.move(timedelta(hours=1))
    first, second, third, _ = await meetings(door, "strategic")
    await adjust(door, made, first.id, when="2027-02-10T09:00")
    await door.act(lambda uow: entering.drop(uow, Actor(made.ewa), second.id))
    head = await says(door, await anna(door, made))
    assert isinstance(head, PlanNews)
    assert [(one.day, one.changed) for one in head.dates] == [(date(2027, 2, 10), True)]
    assert [one.day for one in head.dropped] == [second.day]
    assert third.day not in [one.day for one in (*head.dates, *head.dropped)]


async def test_dates_dropped_before_anybody_was_told_are_not_mentioned(door: Door, clock: FixedClock) -> None:
    """Confirmed in the evening and dropped before the message goes out: whoever never heard of a date is not told that it is off."""
    made = await body(door)
    await plan(door, made)
    only = (await meetings(door, "strategic"))[0]
    await door.act(lambda uow: confirming.confirm_one(uow, Actor(made.ewa), only.id))
    clock.move(timedelta(hours=1))
    await door.act(lambda uow: entering.drop(uow, Actor(made.ewa), only.id))
    assert await says(door, await anna(door, made)) is None


async def test_a_group_s_meeting_is_told_to_the_group_only(door: Door) -> None:
    """Of a confirmed meeting of a working group only the places of its composition hear."""
    made = await body(door)
    number = await group(door, made, made.jan)
    await enter(door, made, kind="operational", group=(str(number),), when="2027-02-02T10:00")
    await door.act(lambda uow: uow.execute(update(MEETING).values(status="proposed", next_step_at=None)))
    assert await confirm(door, made) == confirming.Confirmed(1, 1)
    assert [whom for whom, _, _ in await announced(door)] == [f"seat:{made.jan}"]


async def test_proposals_whose_day_has_come_are_not_confirmed(door: Door, clock: FixedClock) -> None:
    """What is over stays for the coordinator to change or drop; the rest is confirmed. One whose call is late is called at once."""
    made = await body(door)
    await plan(door, made)
    clock.move(datetime(2027, 2, 9, 12, tzinfo=UTC) - clock.now())
    found = await door.look(lambda uow: plans.proposals(uow, Actor(made.ewa), made.body, 2027))
    assert sum(one.is_over for one in found.proposals) == 3
    done = await confirm(door, made)
    assert done.meetings == 13
    left = [one for one in await meetings(door) if one.status == "proposed"]
    assert len(left) == 3
    with pytest.raises(Refused):
        await door.act(lambda uow: confirming.confirm_one(uow, Actor(made.ewa), left[0].id))
    march = next(one for one in await meetings(door, "operational") if one.day.month == 3)
    assert march.next_step_at == clock.now()


async def test_what_speaks_against_a_date_is_told(door: Door) -> None:
    """Shifted because of a holiday, and from where; short notice; the same day; a gap of more than 92 days between strategic meetings."""
    made = await body(door)
    await plan(
        door,
        made,
        strategic_nth="day",
        strategic_weekday=None,
        strategic_day=3,
        strategic_cycle="other",
        strategic_months=("may", "november"),
    )
    found = await door.look(lambda uow: plans.proposals(uow, Actor(made.ewa), made.body, 0))
    may = next(one for one in found.proposals if one.meeting.kind == "strategic")
    assert (may.ruled_on, may.obstacle) == (date(2027, 5, 3), "holiday")
    assert [gap.days for gap in found.owed.gaps] == [183]
    other = await enter(door, made, kind="central", when="2027-05-04T15:00")
    assert (await door.look(lambda uow: plans.proposal(uow, Actor(made.ewa), other))).same_day
    moved = next(one for one in found.proposals if one.meeting.kind == "operational")
    await adjust(door, made, moved.meeting.id, when="2026-11-25T10:00")
    short = await door.look(lambda uow: plans.proposal(uow, Actor(made.ewa), moved.meeting.id))
    assert short.notice.short_by == 5


async def test_members_see_the_plan_and_no_proposals(door: Door) -> None:
    """Who belongs to the network sees confirmed dates; proposals are the coordinator's alone, and who confirms is asked for rights."""
    made = await body(door)
    await plan(door, made)
    first = (await meetings(door, "strategic"))[0]
    await door.act(lambda uow: confirming.confirm_one(uow, Actor(made.ewa), first.id))
    member = int((await anna(door, made)).partition(":")[2])
    seen = await door.look(lambda uow: plans.see(uow, Actor(member), made.body, 2027))
    assert [one.id for one in seen.meetings] == [first.id]
    assert (seen.steers, seen.proposed) == (False, ())
    for work in (
        lambda uow: plans.proposals(uow, Actor(member), made.body, 2027),
        lambda uow: plans.proposal(uow, Actor(member), first.id),
        lambda uow: confirming.confirm(uow, Actor(member), made.body, 2027),
        lambda uow: confirming.confirm_one(uow, Actor(member), first.id),
        lambda uow: entering.drop(uow, Actor(member), first.id),
    ):
        with pytest.raises(NotFound):
            await door.act(work)
