"""Reminders of a meeting: only to the silent, at their time, once each; by the clock, and by the coordinator's press."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from tests.office.meetings.calling import (
    ANNA,
    BOGDAN,
    GOPS_M,
    KIS_J,
    LIBRARY_M,
    OLGA,
    OPS_J,
    PARISH_M,
    SCHOOL_M,
    Calling,
    elsewhere,
)
from tests.office.meetings.test_convening import second_door

from konwent_bot.errors import NotFound, Refused
from konwent_bot.office import dispatch, housekeeping
from konwent_bot.office.door import Door
from konwent_bot.office.meetings import materials, reminding, timing
from konwent_bot.office.rights import Actor

__all__ = ["second_door"]

#: A Friday with working days before it, so that every reminder of the plan has its own time: 4, 15, 17 and 18 December.
FRIDAY = "2026-12-18T10:00"
FIRST, SECOND, THIRD, LAST = "2026-12-04T10:00", "2026-12-15T10:00", "2026-12-17T10:00", "2026-12-18T08:00"
PROPER = [f"{LIBRARY_M} delegate", f"{GOPS_M} head", f"{OPS_J} delegate", f"{SCHOOL_M} head"]


def reminders(*whom: str) -> list[tuple[str, str]]:
    """Give what these people are told."""
    return sorted((who, "reminder") for who in whom)


async def at(network: Calling, when: str) -> list[tuple[str, str]]:
    """Let it be some instant: the clock does its work, the courier its own; give who was told what."""
    network.at(when)
    await network.tick()
    return await network.told()


async def test_the_silent_are_reminded_four_times_and_the_second_person_from_the_second_time_on(network: Calling) -> None:
    """14, 3 and 1 days and 2 hours before; the first time only the one who was called, then the institution's other person too."""
    await network.called(FRIDAY)
    assert await at(network, "2026-12-04T09:59") == []
    assert await at(network, FIRST) == reminders(*PROPER)
    for when in (SECOND, THIRD, LAST):
        assert await at(network, when) == reminders(*PROPER, f"{GOPS_M} delegate")
    assert await at(network, "2026-12-18T10:00") == []
    assert await at(network, "2026-12-19T12:00") == []


async def test_whoever_has_answered_is_never_reminded(network: Calling) -> None:
    """Yes, no, or a substitute: an answer is an answer, whoever of the institution gave it."""
    meeting = await network.called(FRIDAY)
    await network.answer(meeting, GOPS_M, "no", BOGDAN)
    await network.substitute(meeting, OPS_J, OLGA, "zofia@ops.example")
    await network.deliver()
    assert await at(network, FIRST) == reminders(f"{LIBRARY_M} delegate", f"{SCHOOL_M} head")
    await network.answer(meeting, SCHOOL_M, "yes")
    assert await at(network, "2026-12-14T10:00") == []
    assert await at(network, SECOND) == sorted(
        [
            *reminders(f"{LIBRARY_M} delegate"),
            (f"{SCHOOL_M} head", "agenda"),
            (f"{OPS_J} delegate", "agenda"),
            (f"{OPS_J} substitute", "agenda"),
        ]
    )


async def test_an_answer_between_taking_up_a_reminder_and_sending_it_stops_it(network: Calling) -> None:
    """The courier has the reminder in hand when the answer comes: it is not sent."""
    meeting = await network.called(FRIDAY)
    network.at(FIRST)
    await network.tick()
    found = await network.door.act(lambda uow: dispatch.claim(uow, real=uow.now, most=50, channel="telegram"))
    claims = [one for one in found if one.toward in (f"person:{network.persons[ANNA]}", f"person:{network.persons[OLGA]}")]
    assert len(claims) == 2
    await network.answer(meeting, GOPS_M, "yes", BOGDAN)
    made = [await network.door.act(lambda uow, one=one: dispatch.prepare(uow, one, real=uow.now)) for one in claims]  # type: ignore[misc]  # mypy sees no default
    assert [one is None for one in made].count(True) == 1
    assert next(one for one in made if one is not None).reader.address == str(OLGA)


async def test_a_moved_meeting_has_reminders_of_its_own(network: Calling) -> None:
    """What was reminded of the former date does not count for the new one; the former one's reminders never come."""
    meeting = await network.called(FRIDAY)
    assert await at(network, FIRST) == reminders(*PROPER)
    await network.change(meeting, moment="2027-01-15T10:00")
    await network.deliver()
    for former in (SECOND, THIRD, LAST):
        assert await at(network, former) == []
    assert await at(network, "2027-01-01T10:00") == []  # a day off
    assert await at(network, "2027-01-04T07:00") == reminders(*PROPER)
    assert await at(network, "2027-01-12T10:00") == reminders(*PROPER, f"{GOPS_M} delegate")


async def test_a_reminder_that_waits_when_the_meeting_is_moved_is_not_sent(network: Calling) -> None:
    """It would remind of a date that is none any more."""
    meeting = await network.called(FRIDAY)
    network.at(FIRST)
    await network.tick()
    await network.change(meeting, moment="2027-01-15T10:00")
    assert {occasion for _, occasion in await network.told()} == {"changed"}


async def test_after_a_standstill_one_reminder_comes_and_says_that_it_is_late(network: Calling) -> None:
    """The program was away over two reminders: the silent get one, not two; the next one is on time and says nothing of it."""
    await network.called(FRIDAY)
    network.at("2026-12-16T09:00")
    await network.tick()
    sent = await network.deliver()
    assert Counter(one.occasion for one in sent) == {"meeting.reminder": 5}
    assert all("później" in one.said for one in sent)
    network.at(THIRD)
    await network.tick()
    sent = await network.deliver()
    assert len(sent) == 5
    assert not any("później" in one.said for one in sent)


async def test_a_courier_that_stood_still_says_it_too(network: Calling) -> None:
    """The reminder was written in time and lay for a day."""
    await network.called(FRIDAY)
    network.at(FIRST)
    await network.tick()
    network.at("2026-12-07T10:00")
    assert all("później" in one.said for one in await network.deliver())


async def test_a_standstill_that_ends_at_night_waits_for_the_morning(network: Calling) -> None:
    """Nobody is woken for a reminder that is late anyway; at seven it comes."""
    await network.called(FRIDAY)
    assert await at(network, "2026-12-15T23:00") == []
    assert await at(network, "2026-12-16T06:59") == []
    assert await at(network, "2026-12-16T07:00") == reminders(*PROPER, f"{GOPS_M} delegate")


async def test_a_standstill_over_the_meeting_reminds_of_nothing(network: Calling) -> None:
    """What has begun is not reminded of, nor asked about."""
    await network.called(FRIDAY)
    assert await at(network, "2026-12-18T10:01") == []


async def test_a_clock_that_jumps_back_reminds_nobody_twice(network: Calling) -> None:
    """Set back by a day and set right again: everybody has each reminder once."""
    await network.called(FRIDAY)
    assert len(await at(network, FIRST)) == 4
    for when in ("2026-12-03T10:00", "2026-12-04T10:01", "2026-12-05T10:00", "2026-12-07T12:00"):
        assert await at(network, when) == []
    assert len(await at(network, SECOND)) == 5


async def test_the_reminder_of_the_same_day_comes_also_in_quiet_hours(network: Calling) -> None:
    """Two hours before eight is six; a reminder at seven would be no help."""
    await network.called("2026-12-18T08:00")
    assert len(await at(network, "2026-12-18T06:00")) == 5


async def test_two_clocks_and_two_couriers_remind_once(network: Calling, second_door: Door) -> None:
    """Started by mistake twice, the program still says everything once."""
    await network.called(FRIDAY)
    network.at(FIRST)
    await asyncio.gather(*(door.act(housekeeping.tick) for door in (network.door, second_door, network.door, second_door)))
    other = Calling(second_door, network.clock, network.body, network.ewa)
    sent = [one for some in await asyncio.gather(network.deliver(), other.deliver()) for one in some]
    assert sorted(one.address for one in sent) == sorted(
        [str(ANNA), str(OLGA), "maria@szkola.example", "celina@biblioteka.example"]
    )


async def test_the_agenda_goes_once_to_those_who_will_come(network: Calling) -> None:
    """Once nobody can propose items any more; in the morning; not to those who will not be there."""
    meeting = await network.called(FRIDAY)
    await network.answer(meeting, GOPS_M, "yes", ANNA)
    await network.answer(meeting, SCHOOL_M, "no")
    await network.answer(meeting, OPS_J, "yes", OLGA)
    assert await at(network, FIRST) == reminders(f"{LIBRARY_M} delegate")
    assert await at(network, "2026-12-14T23:30") == []
    assert await at(network, "2026-12-15T00:30") == []
    assert await at(network, "2026-12-15T07:00") == [(f"{GOPS_M} head", "agenda"), (f"{OPS_J} delegate", "agenda")]
    assert not [who for who, occasion in await at(network, "2026-12-16T07:00") if occasion == "agenda"]


async def test_the_agenda_brings_the_materials(network: Calling) -> None:
    """Whoever will come gets the files with the agenda; an invitation and a reminder only name them."""
    meeting = await network.enter(FRIDAY)
    await network.door.act(lambda uow: materials.attach(uow, network.ewa, meeting, "projekt-uchwały.txt", "Treść".encode()))
    await network.call(meeting)
    invited = await network.deliver()
    assert invited
    assert all("projekt-uchwały.txt" in one.said and not one.along for one in invited)
    await network.answer(meeting, GOPS_M, "yes", ANNA)
    network.at("2026-12-15T07:00")
    await network.tick()
    sent = {one.recipient: one for one in await network.deliver() if one.occasion == "meeting.agenda"}
    assert {one.along for one in sent.values()} == {("projekt-uchwały.txt",)}
    assert list(sent) == [f"seat:{await network.seat(GOPS_M, 'head')}"]


async def test_other_rules_count_for_meetings_that_are_called_already(network: Calling) -> None:
    """A reminder two days before instead of the usual ones: what has passed is not made up for, what is ahead comes by the new rule."""
    meeting = await network.called(FRIDAY)
    assert await at(network, FIRST) == reminders(*PROPER)
    await network.door.act(lambda uow: timing.choose_rules(uow, network.ewa, network.body, {"reminders": "20d 2d"}))
    assert await at(network, "2026-12-15T10:30") == []
    for institution in (SCHOOL_M, LIBRARY_M, OPS_J):
        await network.answer(meeting, institution, "yes")
    told = await at(network, "2026-12-16T10:30")
    assert [one for one in told if one[1] == "reminder"] == reminders(f"{GOPS_M} delegate", f"{GOPS_M} head")


# --- by hand ----------------------------------------------------------------------------------------------------------


async def test_the_press_reminds_exactly_those_the_preview_shows(network: Calling) -> None:
    """Who, through what, and whom nothing reaches; then exactly that happens."""
    meeting = await network.called(FRIDAY)
    await network.answer(meeting, SCHOOL_M, "yes")
    shown = await network.door.look(lambda uow: reminding.preview(uow, network.ewa, meeting))
    assert {(one.name, one.role, one.ways[0].channel) for one in shown.who} == {
        (GOPS_M, "head", "telegram"), (OPS_J, "delegate", "telegram"), (LIBRARY_M, "delegate", "mail"),
    }  # fmt: skip
    assert set(shown.unreachable) == {PARISH_M, KIS_J}
    assert (shown.last_at, shown.soon) == (None, False)
    pressed = await network.door.act(lambda uow: reminding.by_hand(uow, network.ewa, meeting))
    assert pressed.who == shown.who
    sent = await network.deliver()
    assert {(one.recipient, one.channel, one.address) for one in sent} == {
        (one.recipient, one.ways[0].channel, one.ways[0].address) for one in shown.who
    }
    assert {one.occasion for one in sent} == {"meeting.reminder"}
    again = await network.door.look(lambda uow: reminding.preview(uow, network.ewa, meeting))
    assert {(one.name, one.role) for one in again.who} - {(one.name, one.role) for one in shown.who} == {(GOPS_M, "delegate")}


async def test_a_reminder_so_soon_after_another_is_warned_of(network: Calling) -> None:
    """Within 24 hours of the last, by the clock or by hand; it is a warning, not a refusal."""
    meeting = await network.called(FRIDAY)
    await at(network, FIRST)
    last = datetime(2026, 12, 4, 9, tzinfo=UTC)
    for hours, soon in ((1, True), (23, True), (24, False), (40, False)):
        network.at(last + timedelta(hours=hours))
        shown = await network.door.look(lambda uow: reminding.preview(uow, network.ewa, meeting))
        assert (shown.last_at, shown.soon) == (last, soon)
    await network.door.act(lambda uow: reminding.by_hand(uow, network.ewa, meeting))
    shown = await network.door.look(lambda uow: reminding.preview(uow, network.ewa, meeting))
    assert shown.soon


async def test_there_is_nobody_to_remind_of_what_is_answered_over_or_not_called(network: Calling) -> None:
    """Each has its sentence."""
    planned, answered = await network.enter("2027-02-09T10:00"), await network.called(FRIDAY)
    for institution in (GOPS_M, OPS_J, SCHOOL_M, LIBRARY_M):
        await network.answer(answered, institution, "yes")
    with pytest.raises(Refused, match="everybody who can be reached has answered"):
        await network.door.act(lambda uow: reminding.by_hand(uow, network.ewa, answered))
    with pytest.raises(Refused, match="Nobody is asked"):
        await network.door.act(lambda uow: reminding.by_hand(uow, network.ewa, planned))
    network.at("2026-12-18T10:00")
    with pytest.raises(Refused, match="Nobody is asked"):
        await network.door.act(lambda uow: reminding.by_hand(uow, network.ewa, answered))


async def test_nobody_else_presses(network: Calling) -> None:
    """A member, and the coordinator of another network, are answered as if there were no such meeting."""
    other = await elsewhere(network)
    meeting = await network.called(FRIDAY)
    for actor in (network.by(ANNA), other.ewa, Actor(0)):
        for act in (reminding.preview, reminding.by_hand):
            with pytest.raises(NotFound):
                await network.door.act(lambda uow, act=act, actor=actor: act(uow, actor, meeting))  # type: ignore[misc]  # mypy sees no default
    assert await network.deliver() == []
