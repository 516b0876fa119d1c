"""Single meetings and changes of the plan: entered, moved, dropped before anybody is called; working groups and their terms."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update
from tests.office.meetings.planners import Desk, announced, body, confirm, enter, meetings, plan, sent
from tests.office.rosters import dump

from konwent_bot.clock import FixedClock
from konwent_bot.errors import Invalid, NotFound, Refused
from konwent_bot.office.door import Door
from konwent_bot.office.meetings import entering, facts, plans, working_groups
from konwent_bot.office.meetings.entering import MeetingAdjusted
from konwent_bot.office.meetings.working_groups import GroupSetUp
from konwent_bot.office.rights import Actor
from konwent_bot.office.subjects import Outcome, Subject
from konwent_bot.store.tables import MEETING


async def adjust(door: Door, made: Desk, meeting: int, **changed: Any) -> Outcome:
    """Change a meeting of the plan as the flow does: what is not named stays."""
    now = await door.look(lambda uow: entering.answers_of(facts.get(uow, meeting)))
    given = MeetingAdjusted.model_validate(dict(now) | changed)
    subject = Subject("meeting.adjust", made.body, meeting=meeting)
    return await door.act(lambda uow: entering.adjust(uow, Actor(made.ewa), subject, given))


async def group(door: Door, made: Desk, *seats: int, term: str = "2027-06-30", name: str = "Praca", monthly: bool = True) -> int:
    """Set up a working group of some seats."""
    values = {"name": name, "scope": "Staże", "term": term, "seats": tuple(str(seat) for seat in seats), "monthly": monthly}
    given = GroupSetUp.model_validate(values)
    subject = Subject("working_group.set_up", made.body)
    done = await door.act(lambda uow: working_groups.set_up(uow, Actor(made.ewa), subject, given))
    assert done.made is not None
    return done.made


async def test_a_single_meeting_stands_on_the_plan_and_nobody_is_told_yet(door: Door) -> None:
    """It is planned at once; the clock calls people 28 days before at nine, local time, and no notice of the plan is written."""
    made = await body(door)
    number = await enter(door, made)
    (row,) = await meetings(door)
    assert (row.id, row.kind, row.status, row.day) == (number, "networking", "planned", date(2027, 3, 16))
    assert row.next_step_at == datetime(2027, 2, 16, 8, tzinfo=UTC)
    assert await announced(door) == []


async def test_a_meeting_entered_late_waits_for_the_next_morning(door: Door) -> None:
    """Inside the days of calling there is time till nine of the next day to add an agenda; the notice is short, which is a warning only."""
    made = await body(door)
    number = await enter(door, made, when="2026-11-26T12:00")
    assert (await meetings(door))[0].next_step_at == datetime(2026, 11, 23, 8, tzinfo=UTC)
    found = await door.look(lambda uow: plans.proposal(uow, Actor(made.ewa), number))
    assert found.notice.short_by == 4


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"when": "2026-11-22T09:30"}, "has passed already"),
        ({"when": "2027-03-28T02:30"}, "clocks are put forward"),
        ({"link": "ftp://spotkania.example"}, "must begin with https://"),
        ({"mode": "hybrid"}, "Say where people are to meet"),
    ],
)
async def test_what_cannot_be_entered_is_refused_in_words(door: Door, changed: dict[str, Any], said: str) -> None:
    """An hour that has passed, one the clocks skip, a wrong link, no place: one sentence, and nothing is half done."""
    made = await body(door)
    before = await dump(door)
    with pytest.raises((Refused, Invalid)) as refusal:
        await enter(door, made, **changed)
    assert said in str(refusal.value)
    assert await dump(door) == before


async def test_a_proposal_is_changed_and_still_nobody_hears(door: Door) -> None:
    """Day, hour, length, place and chair of a proposal change; the rule's day stays known, no step is due."""
    made = await body(door)
    await plan(door, made)
    first = (await meetings(door, "strategic"))[0]
    await adjust(
        door,
        made,
        first.id,
        when="2027-02-16T11:30",
        length="m180",
        mode="hybrid",
        link="https://a.example",
        chair="chair",
        topic="Start",
    )
    meeting = await door.look(lambda uow: facts.get(uow, first.id))
    assert (meeting.day, f"{meeting.hour:%H:%M}", meeting.minutes, meeting.mode) == (date(2027, 2, 16), "11:30", 180, "hybrid")
    assert (meeting.chair, meeting.topic, meeting.status) == ("chair", "Start", "proposed")
    assert meeting.starts_at == datetime(2027, 2, 16, 10, 30, tzinfo=UTC)
    row = (await meetings(door, "strategic"))[0]
    assert (row.ruled_on, row.next_step_at) == (date(2027, 2, 9), None)
    assert await announced(door) == []


async def test_a_change_of_the_confirmed_plan_is_told_once_to_whoever_is_called(door: Door, clock: FixedClock) -> None:
    """Those called to the meeting get one notice more, whether the first one was sent or not; who is called to others only gets none."""
    made = await body(door)
    await plan(door, made)
    await confirm(door, made)
    strategic, operational = (await meetings(door, "strategic"))[0], (await meetings(door, "operational"))[0]
    clock.move(timedelta(minutes=5))
    await adjust(door, made, operational.id, when="2027-01-14T12:30")
    told = await announced(door)
    jan = f"seat:{made.jan}"
    assert [(revision, outcome) for whom, revision, outcome in told if whom == jan] == [(1, "unwanted"), (2, None)]
    await sent(door)
    clock.move(timedelta(minutes=5))
    await adjust(door, made, strategic.id, length="m240")
    await adjust(door, made, strategic.id, length="m240")
    assert [revision for whom, revision, _ in await announced(door) if whom == jan] == [1, 2]
    assert (await meetings(door, "strategic"))[0].next_step_at == datetime(2027, 1, 12, 8, tzinfo=UTC)


async def test_a_change_nobody_was_told_the_former_of_is_told_to_nobody(door: Door) -> None:
    """A meeting entered by itself is heard of when people are called; its changes before that are nobody's matter."""
    made = await body(door)
    number = await enter(door, made)
    await adjust(door, made, number, when="2027-03-17T10:00")
    await door.act(lambda uow: entering.drop(uow, Actor(made.ewa), number))
    assert await announced(door) == []
    assert [one.status for one in await meetings(door)] == ["cancelled"]


async def test_what_people_were_called_to_is_not_changed_this_way(door: Door) -> None:
    """Once people have been called, the plan's way of changing is closed; the meeting's own way tells them."""
    made = await body(door)
    number = await enter(door, made)
    called = update(MEETING).where(MEETING.c.id == number)
    await door.act(lambda uow: uow.execute(called.values(status="convened", revision=1, convened_at=uow.now)))
    for work in (
        lambda uow: entering.drop(uow, Actor(made.ewa), number),
        lambda uow: entering.may_adjust(uow, Actor(made.ewa), Subject("meeting.adjust", made.body, meeting=number)),
    ):
        with pytest.raises(Refused, match="People have been called"):
            await door.act(work)
    with pytest.raises(Refused):
        await adjust(door, made, number, topic="Inny")


async def test_proposals_are_dropped_one_by_one_or_all_at_once(door: Door) -> None:
    """A dropped proposal is gone for good and may be proposed anew; confirmed meetings stay when all proposals are dropped."""
    made = await body(door)
    await plan(door, made)
    first = (await meetings(door, "strategic"))[0]
    for _ in range(2):
        await door.act(lambda uow: entering.drop(uow, Actor(made.ewa), first.id))
    await plan(door, made)
    assert sum(one.status == "proposed" for one in await meetings(door)) == 16
    await confirm(door, made)
    await plan(door, made, year=2028)
    assert await door.act(lambda uow: entering.drop_proposals(uow, Actor(made.ewa), made.body, 2028)) == 16
    assert await door.act(lambda uow: entering.drop_proposals(uow, Actor(made.ewa), made.body, 2027)) == 0
    assert sum(one.status == "planned" for one in await meetings(door)) == 16


async def test_a_meeting_of_another_network_is_not_there(door: Door) -> None:
    """A valid number of another network's meeting or group is answered like one that does not exist, to every act."""
    made, other = await body(door), await body(door, "lsr-ilawa", 2003)
    foreign = await enter(door, other)
    theirs = await group(door, other, *other.seats.values())
    for work in (
        lambda uow: entering.drop(uow, Actor(made.ewa), foreign),
        lambda uow: plans.proposal(uow, Actor(made.ewa), foreign),
        lambda uow: plans.see(uow, Actor(made.ewa), other.body, 2027),
        lambda uow: plans.proposals(uow, Actor(made.ewa), other.body, 2027),
        lambda uow: working_groups.see(uow, Actor(made.ewa), theirs),
        lambda uow: working_groups.extend(uow, Actor(made.ewa), theirs, 3),
        lambda uow: working_groups.close(uow, Actor(made.ewa), theirs),
    ):
        with pytest.raises(NotFound):
            await door.act(work)
    with pytest.raises(NotFound):
        await adjust(door, made, foreign, topic="Nasze")
    with pytest.raises(NotFound):
        await enter(door, made, kind="operational", group=(str(theirs),))


# --- working groups ---------------------------------------------------------------------------------------------------


async def test_a_working_group_meets_within_its_term(door: Door) -> None:
    """A meeting after the last day of the term is refused in words (R15); with the term extended it is entered."""
    made = await body(door)
    number = await group(door, made, made.jan, term="2027-03-01")
    late: dict[str, Any] = {"kind": "operational", "group": (str(number),), "when": "2027-03-02T10:00"}
    with pytest.raises(Refused, match="term of this working group ends on"):
        await enter(door, made, **late)
    extended = await door.act(lambda uow: working_groups.extend(uow, Actor(made.ewa), number, 3))
    assert extended.term_on == date(2027, 6, 1)
    meeting = await enter(door, made, **late)
    with pytest.raises(Refused, match="term of this working group ends on"):
        await adjust(door, made, meeting, when="2027-06-02T10:00")


async def test_a_group_ends_today_and_can_be_taken_up_again(door: Door) -> None:
    """Ended twice it ended once; extended later it works from that day on."""
    made = await body(door)
    number = await group(door, made, made.jan)
    for _ in range(2):
        ended = await door.act(lambda uow: working_groups.close(uow, Actor(made.ewa), number))
        assert ended.term_on == date(2026, 11, 21)
    assert await door.look(lambda uow: working_groups.at_work(uow, made.body)) == []
    again = await door.act(lambda uow: working_groups.extend(uow, Actor(made.ewa), number, 12))
    assert again.term_on == date(2027, 11, 22)
    with pytest.raises(Invalid):
        await door.act(lambda uow: working_groups.extend(uow, Actor(made.ewa), number, 7))


async def test_a_group_is_made_of_places_of_its_own_network(door: Door) -> None:
    """A place of another network, a word that is no number, a name that is taken, a term that is over: refused, nothing is made."""
    made, other = await body(door), await body(door, "lsr-ilawa", 2003)
    await group(door, made, made.jan)
    before = await dump(door)
    with pytest.raises(Invalid):
        await group(door, made, other.jan, name="Inna")
    with pytest.raises(Refused, match="already"):
        await group(door, made, made.jan, name="PRACA")
    with pytest.raises(Invalid, match="in the past"):
        await group(door, made, made.jan, name="Dawna", term="2026-11-21")
    assert await dump(door) == before
