"""Calling people to a meeting: the proper person of every institution, once, with an entry for their calendar."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from pydantic import ValidationError
from tests.office.meetings.calling import ANNA, GOPS_M, KIS_J, LIBRARY_M, OPS_J, PARISH, PARISH_M, SCHOOL_M, Calling, elsewhere
from tests.office.rosters import bring_in, dump
from tests.office.rosters import enter as enter_body

from konwent_bot.clock import FixedClock
from konwent_bot.errors import Invalid, NotFound, Refused
from konwent_bot.office import housekeeping
from konwent_bot.office.door import Door
from konwent_bot.office.meetings import convening
from konwent_bot.office.meetings.entering import MeetingEntered
from konwent_bot.office.rights import OPERATOR, Actor
from konwent_bot.office.unit import House
from konwent_bot.store.engines import open_store


@pytest.fixture
async def second_door(database_url: str, clock: FixedClock, house: House) -> AsyncIterator[Door]:
    """A second process at the same database."""
    store = open_store(database_url)
    yield Door(store, clock, house)
    await store.close()


async def test_heads_are_called_to_a_strategic_meeting(network: Calling) -> None:
    """Heads come; where there is none, or nobody can tell them, the other person is called; where nobody can be told, nobody."""
    await network.call(await network.enter())
    assert await network.told() == [
        (f"{LIBRARY_M} delegate", "invitation"), (f"{GOPS_M} head", "invitation"), (f"{OPS_J} delegate", "invitation"), (f"{SCHOOL_M} head", "invitation"),
    ]  # fmt: skip


async def test_designated_people_are_called_to_an_operational_one(network: Calling) -> None:
    """Delegates work; the school has none, so its head is called."""
    await network.call(await network.enter(kind="operational"))
    told = {who for who, _ in await network.told()}
    assert told == {f"{LIBRARY_M} delegate", f"{GOPS_M} delegate", f"{OPS_J} delegate", f"{SCHOOL_M} head"}


async def test_the_preview_says_who_and_why_and_is_what_happens(network: Calling) -> None:
    """Before the press: vacancies, people nothing reaches, and a short notice; exactly those are called."""
    meeting = await network.enter("2026-11-27T10:00")
    found = await network.door.look(lambda uow: convening.preview(uow, network.ewa, meeting))
    why = {one.name: (one.calling.because, one.calling.vacant, one.calling.unreachable) for one in found.callings}
    assert why == {
        GOPS_M: ("proper", (), ()), SCHOOL_M: ("proper", ("delegate",), ()), LIBRARY_M: ("vacancy", ("head",), ()), OPS_J: ("unreachable", (), ("head",)),
        PARISH_M: ("nobody", ("delegate",), ("head",)), KIS_J: ("nobody", ("head", "delegate"), ()),
    }  # fmt: skip
    assert (found.notice.given, found.notice.short_by) == (4, 3)
    await network.call(meeting)
    called = {f"seat:{one.calling.place.id}" for one in found.callings if one.calling.place is not None}
    assert {one.recipient for one in await network.deliver()} == called


async def test_everybody_gets_one_message_with_an_entry_for_their_own_calendar(network: Calling) -> None:
    """One message each, by their channel, and in it one file that invites exactly them."""
    meeting = await network.enter()
    await network.call(meeting)
    sent = await network.deliver()
    assert len({one.recipient for one in sent}) == len(sent) == 4
    assert {one.address for one in sent if one.channel == "mail"} == {"maria@szkola.example", "celina@biblioteka.example"}
    uid = (await network.meeting(meeting)).uid
    for one in sent:
        (file,) = one.files
        assert file.method == "REQUEST"
        assert (file.event["UID"].value, file.event["SEQUENCE"].value) == (uid, "0")
        assert file.event["DTSTART"].value == "20261215T100000"
        if one.channel == "mail":
            assert file.event["ATTENDEE"].value == f"mailto:{one.address}"
    assert {one.files[0].event["ATTENDEE"].value for one in sent} == {
        "mailto:anna@gops.example", "mailto:olga@ops.example", "mailto:maria@szkola.example", "mailto:celina@biblioteka.example",
    }  # fmt: skip


async def test_pressed_twice_it_calls_once(network: Calling) -> None:
    """Two presses, and a press at the moment the clock calls: each institution hears once."""
    meeting = await network.enter()
    await network.call(meeting)
    before = await dump(network.door)
    await network.call(meeting)
    await network.tick()
    after = await dump(network.door)
    for table in ("meeting_call", "enclosure", "agenda_item"):
        assert after[table] == before[table]
    assert len(await network.deliver()) == 4


async def test_the_clock_and_a_hand_at_the_same_moment_call_once(network: Calling, second_door: Door) -> None:
    """Four weeks before, the clock calls; whoever presses the button then adds nothing, from whichever process."""
    meeting = await network.enter("2027-02-09T10:00")
    await network.tick()
    assert await network.deliver() == []
    network.at("2027-01-12T09:00")
    await asyncio.gather(
        network.call(meeting), network.door.act(housekeeping.tick), second_door.act(housekeeping.tick),
        second_door.act(lambda uow: convening.convene(uow, network.ewa, meeting)),
    )  # fmt: skip
    assert (await network.meeting(meeting)).status == "convened"
    assert len(await network.told()) == 4
    assert (await network.meeting(meeting)).revision == 1


async def test_a_planned_meeting_is_called_four_weeks_before_by_the_clock(network: Calling) -> None:
    """At nine in the morning, 28 days before; not a minute earlier."""
    meeting = await network.enter("2027-02-09T10:00")
    network.at("2027-01-12T08:59")
    await network.tick()
    assert (await network.meeting(meeting)).status == "planned"
    network.at("2027-01-12T09:00")
    await network.tick()
    assert (await network.meeting(meeting)).status == "convened"
    assert len(await network.told()) == 4


async def test_nobody_can_be_called_in_a_network_of_people_nothing_reaches(network: Calling, door: Door) -> None:
    """The coordinator is told so; the clock waits and tries again, and calls once there is somebody."""
    quiet = await enter_body(door, "lsr-cicha")
    await bring_in(door, quiet, f"{PARISH};zwierzchnik;proboszcz;Jan Cichy;")
    there = Calling(door, network.clock, quiet, OPERATOR)
    meeting = await there.enter()
    with pytest.raises(Refused, match="nobody who could be called"):
        await there.call(meeting)
    network.at("2026-11-24T09:00")
    await network.tick()
    assert (await there.meeting(meeting)).status == "planned"
    await bring_in(door, quiet, f"{PARISH};zwierzchnik;proboszcz;Jan Cichy;jan@parafia.example")
    network.at("2026-11-24T21:30")
    await network.tick()
    assert (await there.meeting(meeting)).status == "convened"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"when": "2026-11-20T10:00"}, "has passed already"),
        ({"when": "2026-11-23T09:59"}, "has passed already"),
        ({"when": "2027-03-28T02:30"}, "clocks are put forward"),
        ({"place": "  "}, "Say where people are to meet"),
        ({"mode": "online", "place": ""}, "must begin with https://"),
        ({"mode": "online", "place": "", "link": "javascript:alert(1)"}, "must begin with https://"),
    ],
)
async def test_what_cannot_be_entered_is_refused_in_words(network: Calling, given: dict[str, Any], said: str) -> None:
    """A date in the past, an hour that does not exist, no place, a link that is none: one sentence, nothing half done."""
    before = await dump(network.door)
    with pytest.raises((Refused, Invalid)) as refusal:
        await network.enter(**given)
    assert said in str(refusal.value)
    assert await dump(network.door) == before


async def test_a_place_of_5000_characters_is_refused_and_any_script_is_kept(network: Calling) -> None:
    """A place is a place, not a letter; an emoji, Arabic and Ukrainian stay as they were written, in messages and in calendars."""
    with pytest.raises(ValidationError):
        MeetingEntered.model_validate(
            {"kind": "strategic", "when": "2026-12-15T10:00", "length": "m60", "mode": "in_person", "place": "x" * 5000}
        )
    meeting = await network.enter(place="Sala 🌻 مركز العمل", topic="Зміни")
    with pytest.raises(Invalid, match="5000 characters"):
        await network.change(meeting, place="x" * 5000)
    await network.call(meeting)
    for one in await network.deliver():
        assert "Sala 🌻 مركز العمل" in one.said
        assert one.files[0].event["LOCATION"].text == "Sala 🌻 مركز العمل"


async def test_what_is_over_is_not_called(network: Calling) -> None:
    """A meeting whose hour has passed, or that was called off, calls nobody; and calling is no answer to being called."""
    late, off, again = await network.enter(), await network.enter("2026-12-16T10:00"), await network.enter("2026-12-17T10:00")
    await network.cancel(off)
    with pytest.raises(Refused, match="called off"):
        await network.call(off)
    await network.call(again)
    with pytest.raises(Refused, match="already"):
        await network.door.look(lambda uow: convening.preview(uow, network.ewa, again))
    network.at("2026-12-15T10:00")
    with pytest.raises(Refused, match="has passed"):
        await network.call(late)
    assert {one.occasion for one in await network.deliver()} == {"meeting.invitation"}


async def test_nobody_but_the_coordinator_of_this_network_calls(network: Calling) -> None:
    """A member, and the coordinator of another network, are answered as if there were no such meeting."""
    other = await elsewhere(network)
    meeting = await network.enter()
    for actor in (network.by(ANNA), other.ewa, Actor(0)):
        for act in (convening.convene, convening.preview):
            with pytest.raises(NotFound):
                await network.door.act(lambda uow, act=act, actor=actor: act(uow, actor, meeting))  # type: ignore[misc]  # mypy sees no default
    assert await network.deliver() == []
