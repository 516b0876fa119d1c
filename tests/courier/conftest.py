"""The house with a network of two bodies, a post office, and the machine's clock in hand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from tests.conftest import NOW
from tests.courier.office import PostOffice, post_office
from tests.office.rosters import GOPS, KIS, bring_in, enter, seat_of

from konwent_bot.clock import FixedClock
from konwent_bot.courier import Server, send_due
from konwent_bot.office import notices
from konwent_bot.office.door import Door
from konwent_bot.office.notices import Told
from konwent_bot.office.rights import OPERATOR

EWA = f"{KIS};koordynator;case manager;Ewa Lis;ewa@kis.example"
ANNA = f"{GOPS};zwierzchnik;kierownik;Anna Żółw;anna@gops.example"
OLA = f"{GOPS};osoba wskazana;asystent rodziny;Ola Mak;"
SOMEBODY = f"{GOPS};zastępca;;;zastepca@gops.example"


@dataclass
class Network:
    """A body with a head, a designated person without an address, and a coordinator."""

    door: Door
    body: int
    head: int
    delegate: int
    #: The machine's clock: leases and rests follow it, never civil time.
    real: FixedClock

    async def send(self, where: PostOffice | Server) -> None:
        """Let the courier do what is due now, once."""
        server = where.server() if isinstance(where, PostOffice) else where
        await send_due(self.door, server, "pl", asyncio.Event(), self.real)

    async def invite(self, seat: int | None = None) -> int:
        """Announce an invitation to the head, or another seat."""
        return await self.door.act(lambda uow: notices.invite(uow, OPERATOR, seat=seat or self.head))

    async def told(self, seat: int | None = None) -> Told:
        """Give the newest line of the ledger about a seat."""
        return (await self.door.look(lambda uow: notices.ledger(uow, f"seat:{seat or self.head}")))[0]

    async def states(self, seat: int | None = None) -> list[tuple[str, str]]:
        """Give how the tries of the newest notice ended."""
        return [(one.state, one.reason) for one in (await self.told(seat)).tries]

    def wait(self, **step: float) -> None:
        """Let real time pass."""
        self.real.move(timedelta(**step))


@pytest.fixture
async def network(door: Door) -> Network:
    """The network, on each engine."""
    body = await enter(door)
    await bring_in(door, body, EWA, ANNA, OLA, SOMEBODY)
    head, delegate = [(await seat_of(door, body, "GOPS Modliborzyce", role)).id for role in ("head", "delegate")]
    return Network(door, body, head, delegate, FixedClock(NOW))


@pytest.fixture
async def post() -> AsyncIterator[PostOffice]:
    """A post office that takes everything."""
    async with post_office() as opened:
        yield opened
