"""A meeting's whole life, in any order of what may happen to it: calendars end with what is true, and nobody is nagged."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from tests.documents.test_calendar_client import Client
from tests.office.meetings.calling import ANNA, GOPS_M, LIBRARY_M, OLGA, OPS_J, SCHOOL_M, Calling, Sent
from tests.office.meetings.test_people_change import guest

from konwent_bot.domain.meetings.quiet_hours import DEFAULT_QUIET, postponed
from konwent_bot.office import seats
from konwent_bot.office.meetings import guests
from konwent_bot.store.tables import MEETING_CALL

LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)
WARSAW: Final = ZoneInfo("Europe/Warsaw")
INSTITUTIONS: Final = (GOPS_M, SCHOOL_M, LIBRARY_M, OPS_J)
#: Whose places go from hand to hand: nobody in them uses the bot, so everything comes by letters with calendar files.
PLACES: Final = ((SCHOOL_M, "head"), (LIBRARY_M, "delegate"))


@dataclass
class Life:
    """One meeting, everybody's calendar, and what everybody heard."""

    network: Calling
    meeting: int
    uid: str
    calendars: dict[str, Client] = field(default_factory=dict)
    numbers: dict[str, list[int]] = field(default_factory=dict)
    names: int = 0
    mayor: int = 0
    #: Reminders of the date it has now, by recipient, and when the last one came.
    heard: Counter[str] = field(default_factory=Counter)
    latest: dict[str, datetime] = field(default_factory=dict)
    #: The latest instant the clock has shown: what became due then is told when it comes again.
    latest_now: datetime = LONG_AGO

    async def move(self, days: int) -> None:
        await self.courier(0)
        found = await self.network.meeting(self.meeting)
        moment = datetime.combine(found.day + timedelta(days=days), found.hour)
        await self.network.change(self.meeting, moment=moment)
        self.heard.clear()

    async def room(self, number: int) -> None:
        if (await self.network.meeting(self.meeting)).place != f"Sala {number}":
            await self.network.change(self.meeting, place=f"Sala {number}")

    async def hand_over(self, number: int) -> None:
        self.names += 1
        institution, role = PLACES[number % 2]
        await self.network.hand_over(
            institution, role, f"Nowa Osoba {self.names}", f"osoba{self.names}.{self.meeting}@siec.example"
        )

    async def vacate(self, number: int) -> None:
        institution, role = PLACES[number % 2]
        seat = await self.network.seat(institution, role)
        await self.network.door.act(lambda uow: seats.vacate(uow, self.network.ewa, seat))

    async def answer(self, number: int) -> None:
        await self.network.answer(self.meeting, INSTITUTIONS[number % 4], "yes" if number % 3 else "no")

    async def substitute(self, number: int) -> None:
        self.names += 1
        institution, who = ((GOPS_M, ANNA), (OPS_J, OLGA))[number % 2]
        await self.network.substitute(self.meeting, institution, who, f"zofia{self.names}.{self.meeting}@siec.example")

    async def invite_or_uninvite(self, _number: int) -> None:
        if self.mayor:
            await self.network.door.act(lambda uow: guests.remove(uow, self.network.ewa, self.mayor))
            self.mayor = 0
        else:
            self.mayor = await guest(self.network, self.meeting)

    async def wait(self, hours: int) -> None:
        self.network.clock.move(timedelta(hours=hours))

    async def back(self, hours: int) -> None:
        self.latest_now = max(self.latest_now, self.network.clock.now())
        self.network.clock.move(timedelta(hours=-min(hours, 30)))

    async def tick(self, _number: int) -> None:
        await self.network.tick()

    async def courier(self, _number: int) -> None:
        said = await self.network.answered(self.meeting)
        places = await self.network.seat_names()
        for one in await self.network.deliver():
            for file in one.files:
                if file.event["UID"].value == self.uid:
                    attendee = file.event["ATTENDEE"].value
                    self.calendars.setdefault(attendee, Client()).take(file.content.encode())
                    self.numbers.setdefault(attendee, []).append(int(file.event["SEQUENCE"].value))
            if one.occasion == "meeting.reminder" and f"meeting:{self.meeting}" in one.subject:
                await self.reminded(one, places[one.recipient].rsplit(" ", 1)[0] in said)

    async def reminded(self, one: Sent, answered: bool) -> None:
        """Check a reminder: of something ahead, to somebody silent, not too soon after the last, not too often."""
        now, found = self.network.clock.now(), await self.network.meeting(self.meeting)
        assert not answered
        assert now < found.starts_at
        self.heard[one.recipient] += 1
        assert self.heard[one.recipient] <= 4
        if one.recipient in self.latest and now.astimezone(WARSAW).date() != found.day:
            assert now - self.latest[one.recipient] >= timedelta(hours=20)
        self.latest[one.recipient] = now

    async def check(self) -> None:
        """Let everything settle by the next morning: whoever is called has the meeting in their calendar as it is, and nobody else."""
        self.network.at(postponed(max(self.latest_now, self.network.clock.now()), DEFAULT_QUIET, WARSAW))
        await self.network.tick()
        await self.courier(0)
        found = await self.network.meeting(self.meeting)
        living = select(MEETING_CALL.c.email).where(
            MEETING_CALL.c.meeting_id == self.meeting, MEETING_CALL.c.withdrawn_at.is_(None)
        )
        called = set(await self.network.door.look(lambda uow: list(uow.execute(living).scalars())))
        wanted = {f"mailto:{email}" for email in called} if found.status == "convened" else set()
        true = {self.uid: (f"{found.wall:%Y%m%dT%H%M%S}", found.place)}
        assert {who for who, calendar in self.calendars.items() if calendar.shown} == wanted
        assert all(calendar.shown == true for calendar in self.calendars.values() if calendar.shown)
        for numbers in self.numbers.values():
            assert numbers == sorted(set(numbers)), "what comes later has a higher number"


def some(name: str, fewest: int = 0, most: int = 11) -> st.SearchStrategy[tuple[str, int]]:
    """Let something happen, with a number."""
    return st.tuples(st.just(name), st.integers(fewest, most))


ACTS: Final = st.one_of(
    some("move", 1, 20), some("room"), some("hand_over"), some("vacate"), some("answer"), some("substitute"), some("invite_or_uninvite"),
    some("wait", 1, 60), some("back", 1, 30), some("tick"), some("courier"), some("courier"),
)  # fmt: skip


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(ACTS, max_size=14), hour=st.integers(7, 18), ends_off=st.booleans())
async def test_calendars_end_with_what_is_true_and_nobody_is_nagged(
    network: Calling, acts: list[tuple[str, int]], hour: int, ends_off: bool
) -> None:
    """Whatever happens: calendar files in order lead to the truth, with one name for life and rising numbers.

    Reminders go to the silent only, never within twenty hours of one another but on the day itself, and at most four of one date.
    """
    starts = (network.clock.now() + timedelta(days=45)).astimezone(WARSAW).replace(hour=hour, minute=0)
    meeting = await network.enter(f"{starts:%Y-%m-%dT%H:%M}")
    life = Life(network, meeting, (await network.call(meeting)).uid)
    for name, number in acts:
        await getattr(life, name)(number)
    await life.check()
    if ends_off:
        await network.cancel(meeting)
        await life.check()
    else:  # to the end of its days, by steps of any clock
        for _ in range(24):
            network.clock.move(timedelta(days=2))
            await network.tick()
            await life.courier(0)
