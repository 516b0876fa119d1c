"""The case manager's report: who writes it, what all see of it, and whoever is reminded that it is missing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import insert, update
from tests.conversations.house import dump
from tests.office.meetings.gathering import BEGINS, at, called, held, kinga, notices_of, planned, told
from tests.screens.personas import ANNA, CELINA, FORMER, IDA, IGOR, KINGA, Stage, stage

from konwent_bot.clock import FixedClock
from konwent_bot.domain.meetings.status_report import ShownCounts
from konwent_bot.errors import NotFound, Refused
from konwent_bot.office.door import Door
from konwent_bot.office.meetings import agenda, convening, facts, status_reports
from konwent_bot.office.meetings.convening import MeetingCancelled, MeetingChange
from konwent_bot.office.meetings.status_reports import Answers
from konwent_bot.office.rights import Actor
from konwent_bot.office.subjects import Subject
from konwent_bot.store.tables import POST

WEEK_BEFORE = BEGINS - timedelta(days=7)


async def report(door: Door, made: Stage, meeting: int, numbers: tuple[int, int, int], *, who: int = KINGA) -> None:
    """Write a report of these numbers: in process, joined, finished."""
    actor, about = Actor(made.persons[who]), Subject("status.report", made.janow.body, meeting=meeting)
    said = Answers(
        in_process=numbers[0], joined=numbers[1], finished=numbers[2], problems=("transport",), requests="Dwa miejsca na kursie"
    )

    def work(uow):  # type: ignore[no-untyped-def]  # a unit of work
        status_reports.may_report(uow, actor, about)
        return status_reports.report(uow, actor, about, said)

    await door.act(work)


async def seen(door: Door, made: Stage, meeting: int, who: int) -> status_reports.Report | None:
    return await door.look(lambda uow: status_reports.see(uow, Actor(made.persons[who]), meeting))


async def test_small_numbers_are_seen_by_whoever_writes_them_only(door: Door) -> None:
    """Numbers under 3 are hidden from members; the writer sees them, and what the members see."""
    made = await stage(door, meets=False)
    meeting = await called(door, made)
    assert await seen(door, made, meeting, ANNA) is None
    await report(door, made, meeting, (7, 2, 1))
    for who, exact in ((ANNA, False), (CELINA, False), (KINGA, True)):
        found = await seen(door, made, meeting, who)
        assert found is not None
        assert found.shown == ShownCounts(7, "few", "few")
        assert (found.exact is not None) == exact
    await report(door, made, meeting, (8, 3, 0))
    found = await seen(door, made, meeting, ANNA)
    assert found is not None
    assert (found.shown, found.version, found.requests) == (ShownCounts(8, 3, 0), 2, "Dwa miejsca na kursie")


async def test_a_hidden_number_cannot_be_computed_from_the_report_before(door: Door, clock: FixedClock) -> None:
    """Ten before, nine now, three finished: whoever sees these three knows how many joined, so one of them is withheld."""
    made = await stage(door, meets=False)
    first = await called(door, made)
    await report(door, made, first, (10, 4, 0))
    at(clock, BEGINS)
    await held(door, made, first)
    second = await called(door, made, day=date(2027, 3, 9))
    await report(door, made, second, (9, 2, 3))
    found = await seen(door, made, second, ANNA)
    assert found is not None
    assert found.shown == ShownCounts("withheld", "few", 3)
    assert (found.since, found.until) == (date(2026, 12, 15), date(2027, 3, 9))


async def test_only_case_manager_and_coordinator_write_and_only_for_strategic_meetings(door: Door, clock: FixedClock) -> None:
    """A member, somebody of another network and the coordinator of another network are refused; so is an operational meeting."""
    made = await stage(door, meets=False)
    meeting = await called(door, made)
    other = await called(door, made, kind="operational", hour="14:00")
    before = await dump(door.store)
    for who in (ANNA, CELINA, FORMER, IDA, IGOR):
        with pytest.raises(NotFound):
            await report(door, made, meeting, (5, 5, 5), who=who)
    with pytest.raises(NotFound):
        await report(door, made, other, (5, 5, 5))
    for who in (FORMER, IDA, IGOR):
        with pytest.raises(NotFound):
            await seen(door, made, meeting, who)
    assert await dump(door.store) == before
    manager = {
        "body_id": made.janow.body,
        "kind": "case_manager",
        "number": 1,
        "title": "",
        "name": "",
        "email": "",
        "person_id": made.persons[CELINA],
    }
    await door.act(lambda uow: uow.execute(insert(POST).values(manager)))
    await report(door, made, meeting, (5, 5, 5), who=CELINA)
    at(clock, BEGINS + timedelta(days=31))
    with pytest.raises(Refused, match="can no longer be written"):
        await report(door, made, meeting, (6, 5, 5))


async def test_whoever_writes_it_is_told_a_week_before_that_it_is_missing(door: Door, clock: FixedClock) -> None:
    """The case manager, or the coordinator where there is none, has one message a week before; none once the report is there."""
    made = await stage(door, meets=False)
    meeting = await called(door, made)
    post = made.posts[made.janow.body]
    assert await notices_of(door, "status.missing") == [(f"post:{post}", f"meeting:{meeting}", WEEK_BEFORE)]
    await door.act(lambda uow: agenda.settle(uow, facts.get(uow, meeting)))
    assert len(await notices_of(door, "status.missing")) == 1
    assert await told(door, "status.missing") == []
    at(clock, WEEK_BEFORE)
    ((_, said),) = await told(door, "status.missing")
    assert "wtorek, 15 grudnia 2026" in said
    later = await called(door, made, day=date(2026, 12, 29))
    await report(door, made, later, (5, 0, 0))
    at(clock, "2026-12-23T09:00+00:00")
    assert await told(door, "status.missing") == []


async def test_a_meeting_that_moves_takes_its_notice_along(door: Door, clock: FixedClock) -> None:
    """Moved, it is told a week before the new day and not before the old one; called off, not at all."""
    made = await stage(door, meets=False)
    meeting = await called(door, made)
    about = Subject("meeting.change", made.janow.body, meeting=meeting)
    moved = MeetingChange.model_validate({"what": ("moment",), "moment": "2027-01-12T10:00", "reason": "Choroba"})
    await door.act(lambda uow: convening.change(uow, kinga(made), about, moved))
    post = made.posts[made.janow.body]
    assert await notices_of(door, "status.missing") == [(f"post:{post}", f"meeting:{meeting}", WEEK_BEFORE + timedelta(days=28))]
    cancelled = MeetingCancelled(reason="Brak sali")
    await door.act(
        lambda uow: convening.cancel(uow, kinga(made), Subject("meeting.cancel", made.janow.body, meeting=meeting), cancelled)
    )
    at(clock, "2027-01-06T09:00+00:00")
    assert await told(door, "status.missing") == []


async def test_the_report_is_a_matter_at_home_until_it_is_written(door: Door, clock: FixedClock) -> None:
    """Four weeks before the meeting it stands at the coordinator's home; at the case manager's once there is one; then it goes."""
    made = await stage(door, meets=False)
    meeting = await planned(door, made.janow.body, day=date(2026, 12, 29))

    async def awaited(who: int) -> list[int]:
        return [one.meeting for one in await door.look(lambda uow: status_reports.awaited(uow, made.persons[who]))]

    assert await awaited(KINGA) == []
    at(clock, "2026-12-02T09:00+00:00")
    assert await awaited(KINGA) == [meeting]
    assert await awaited(ANNA) == []
    manager = {
        "body_id": made.janow.body,
        "kind": "case_manager",
        "number": 1,
        "title": "",
        "name": "",
        "email": "",
        "person_id": made.persons[CELINA],
    }
    await door.act(lambda uow: uow.execute(insert(POST).values(manager)))
    assert (await awaited(KINGA), await awaited(CELINA)) == ([], [meeting])
    await door.act(lambda uow: uow.execute(update(POST).where(POST.c.kind == "case_manager").values(person_id=None)))
    await report(door, made, meeting, (5, 5, 5))
    assert await awaited(KINGA) == []
