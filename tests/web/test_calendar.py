"""A person's calendar at its secret address: served to programs, told to nobody else, ended with whatever made it somebody's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from tests.screens.desks import ANNA, Desk, let_anna_in, network, page
from tests.web.browsing import Browser

from konwent_bot.clock import FixedClock
from konwent_bot.errors import NotFound
from konwent_bot.office import calendar_feeds, people, privacy, seats
from konwent_bot.office.door import Door
from konwent_bot.office.meetings import convening, entering
from konwent_bot.office.meetings.convening import MeetingCancelled, MeetingChange
from konwent_bot.office.meetings.entering import MeetingEntered
from konwent_bot.office.people import Known
from konwent_bot.office.rights import OPERATOR
from konwent_bot.office.subjects import Subject
from konwent_bot.screens.group_intents import EndMyCalendar, MakeMyCalendar, SeeMyCalendar
from konwent_bot.store.tables import CALENDAR_FEED, PERSON

Browse = Callable[[str], Browser]


@pytest.fixture
async def desk(door: Door) -> Desk:
    """A network whose head of GOPS, Anna, has accepted."""
    made = await network(door)
    await let_anna_in(door, made)
    return made


async def anna(door: Door) -> int:
    """Give Anna's number."""
    found = select(PERSON.c.id).where(PERSON.c.telegram_id == ANNA)
    return int(await door.look(lambda uow: uow.execute(found).scalar_one()))


async def address(door: Door, person: int) -> str:
    """Have an address made; give its path."""
    url = await door.act(lambda uow: calendar_feeds.make(uow, person))
    return url.removeprefix("https://konwent.example")


async def meet(door: Door, body: int, when: str, *, called: bool = True, topic: str = "") -> int:
    """Enter a meeting, and call people to it."""
    values = {"kind": "strategic", "when": when, "length": "m120", "mode": "in_person", "place": "Urząd Gminy", "topic": topic}
    given = MeetingEntered.model_validate(values)
    done = await door.act(lambda uow: entering.enter(uow, OPERATOR, Subject("meeting.enter", body), given))
    assert done.meeting is not None
    if called:
        await door.act(lambda uow: convening.convene(uow, OPERATOR, done.meeting or 0))
    return done.meeting


def events(text: str) -> list[dict[str, str]]:
    """Read the events of a calendar: name of the property, without parameters, and value."""
    lines = text.replace("\r\n ", "").split("\r\n")
    found: list[dict[str, str]] = []
    for line in lines:
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found and ":" in line and "END:VEVENT" not in found[-1].values():
            name, _, value = line.partition(":")
            found[-1].setdefault(name.partition(";")[0], value)
    return found


async def test_a_calendar_has_what_is_ahead_what_was_lately_and_what_is_off(
    door: Door, desk: Desk, browse: Browse, clock: FixedClock
) -> None:
    """Planned and called ones, those of the last 90 days, and called-off ones marked so; proposals and old ones are not in it."""
    old = await meet(door, desk.body, "2026-11-24T10:00", topic="Dawne")
    clock.move(timedelta(days=100))
    await meet(door, desk.body, "2027-03-09T10:00", topic="Niedawne")
    clock.move(timedelta(days=20))
    await meet(door, desk.body, "2027-04-13T10:00", topic="Zwołane")
    await meet(door, desk.body, "2027-05-11T10:00", called=False, topic="Planowane")
    off = await meet(door, desk.body, "2027-06-08T10:00", topic="Odwołane")
    cancelled = MeetingCancelled(reason="Sala zalana")
    await door.act(lambda uow: convening.cancel(uow, OPERATOR, Subject("meeting.cancel", desk.body, meeting=off), cancelled))
    path = await address(door, await anna(door))
    came = await browse("").get(path)
    assert (came.status, came.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert came.headers["Cache-Control"].startswith("private")
    assert "Set-Cookie" not in came.headers
    found = events(came.text)
    assert [(one["DTSTART"], one["STATUS"]) for one in found] == [
        ("20270309T100000", "CONFIRMED"), ("20270413T100000", "CONFIRMED"), ("20270511T100000", "TENTATIVE"), ("20270608T100000", "CANCELLED"),
    ]  # fmt: skip
    assert "Spotkanie strategiczne" in found[0]["SUMMARY"]
    assert "Niedawne" in found[0]["DESCRIPTION"]
    assert "Sala zalana" not in came.text, "reasons are told to whom they concern"
    assert "ATTENDEE" not in came.text
    assert old


async def test_a_moved_meeting_is_the_same_entry_with_a_higher_number(door: Door, desk: Desk, browse: Browse) -> None:
    """UID stays, SEQUENCE rises, so that a calendar moves the entry and does not add one."""
    meeting = await meet(door, desk.body, "2026-12-15T10:00")
    path = await address(door, await anna(door))
    (before,) = events((await browse("").get(path)).text)
    change = MeetingChange.model_validate({"moment": "2026-12-16T12:00", "reason": "Tak wyszło"})
    await door.act(lambda uow: convening.change(uow, OPERATOR, Subject("meeting.change", desk.body, meeting=meeting), change))
    (after,) = events((await browse("").get(path)).text)
    assert before["UID"] == after["UID"]
    assert int(after["SEQUENCE"]) > int(before["SEQUENCE"])
    assert after["DTSTART"] == "20261216T120000"


async def test_a_calendar_shows_the_readers_own_networks_in_their_language(door: Door, desk: Desk, browse: Browse) -> None:
    """A meeting of another network is not in it; the words are Ukrainian for who reads Ukrainian."""
    other = await network(door, "lsr-ilawa", 2003)
    await meet(door, other.body, "2026-12-15T10:00", called=False, topic="Cudze")
    person = await anna(door)
    path = await address(door, person)
    empty = await browse("").get(path)
    assert empty.status == 200
    assert events(empty.text) == []
    await meet(door, desk.body, "2026-12-15T10:00", called=False)
    await door.act(lambda uow: people.choose_language(uow, Known(person, "pl", None), "uk"))
    (shown,) = events((await browse("").get(path)).text)
    assert "Стратегічна зустріч" in shown["SUMMARY"]


@pytest.mark.parametrize("how", ["ended", "a new one", "left", "erased"])
async def test_an_address_ends_with_what_made_it(door: Door, desk: Desk, browse: Browse, how: str) -> None:
    """Ended by its person, by a newer one, by leaving, by erasure: from then on it is a page that is not there."""
    person = await anna(door)
    path = await address(door, person)
    assert (await browse("").get(path)).status == 200
    match how:
        case "ended":
            await page(door, person, EndMyCalendar())
        case "a new one":
            assert (await browse("").get(await address(door, person))).status == 200
        case "left":
            await door.act(lambda uow: privacy.leave(uow, person))
        case _:
            await door.act(lambda uow: privacy.erase(uow, OPERATOR, person))
    gone, never = await browse("").get(path), await browse("").get("/kalendarz/" + "A" * 32 + ".ics")
    assert gone.status == never.status == 404
    assert gone.text == never.text == (await browse("").get("/nie-ma-takiej")).text


async def test_a_person_without_places_has_an_empty_calendar(door: Door, desk: Desk, browse: Browse) -> None:
    """A place that was given to somebody else takes its meetings out of the former holder's calendar at once."""
    await meet(door, desk.body, "2026-12-15T10:00", called=False)
    path = await address(door, await anna(door))
    assert len(events((await browse("").get(path)).text)) == 1
    await door.act(lambda uow: seats.hand_over(uow, OPERATOR, desk.anna, name="Nowa", email="nowa@gops.example"))
    assert events((await browse("").get(path)).text) == []


async def test_the_address_is_shown_once_and_stands_nowhere(door: Door, desk: Desk) -> None:
    """The store has a hash; the screen that follows cannot show it again."""
    person = await anna(door)
    assert not (await page(door, person, SeeMyCalendar())).screen.facts
    made = await page(door, person, MakeMyCalendar())
    (url,) = [one for one in made.screen.paragraphs if one.startswith("https://")]
    assert made.at is None, "a page that is loaded again does not show it"
    token = url.removesuffix(".ics").rpartition("/")[2]
    rows: list[Any] = list(await door.look(lambda uow: uow.execute(select(CALENDAR_FEED)).all()))
    assert token not in repr(rows)
    assert len(rows) == 1
    again = await page(door, person, SeeMyCalendar())
    assert token not in repr(again.screen)
    with pytest.raises(NotFound):
        await door.look(lambda uow: calendar_feeds.content(uow, "zażółć"))


@pytest.mark.parametrize(
    "path", ["/kalendarz/.ics", "/kalendarz/x.ics", "/kalendarz/" + "A" * 400 + ".ics", "/kalendarz/%00.ics", "/kalendarz/a"]
)
async def test_what_is_no_address_is_not_there(browse: Browse, path: str) -> None:
    """Anything else under this path is answered like what never was."""
    assert (await browse("").get(path)).status == 404
