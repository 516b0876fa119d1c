"""The house with a network of two bodies, a post office, and the machine's clock in hand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from tests.conftest import NOW
from tests.conversations.conftest import Stand, sandbox, stand
from tests.courier.occasions import register
from tests.courier.office import PostOffice, post_office
from tests.office.rosters import GOPS, KIS, accept, bring_in, enter, seat_of
from tests.sandbox.phone import TOKEN, Phone, Sandbox

from konwent_bot.clock import FixedClock
from konwent_bot.courier import Server, send_due
from konwent_bot.courier.messages import send_messages
from konwent_bot.courier.telegram import Telegram, open_telegram
from konwent_bot.office import channels, notices
from konwent_bot.office.door import Door
from konwent_bot.office.notices import Told
from konwent_bot.office.rights import OPERATOR
from konwent_bot.settings import load_settings

__all__ = ["sandbox", "stand"]

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


@pytest.fixture(autouse=True)
def _occasions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Something to be told."""
    register(monkeypatch.setitem)


@dataclass
class Lines:
    """The network with the head, Anna, on her telephone, and the courier's line to Telegram."""

    network: Network
    sandbox: Sandbox
    telegram: Telegram
    anna: Phone
    #: Anna as a recipient.
    recipient: str

    @property
    def door(self) -> Door:
        """The door of the house."""
        return self.network.door

    @property
    def person(self) -> int:
        """Anna's number."""
        return int(self.recipient.partition(":")[2])

    async def tell(self, occasion: str = "test.reminder", subject: str = "news:1", recipient: str = "") -> int:
        """Announce something to Anna, or to somebody else."""
        to = recipient or self.recipient
        return await self.door.act(
            lambda uow: notices.announce(
                uow, recipient=to, occasion=occasion, subject=subject, body=self.network.body, revision=1
            )
        )

    async def send(self, post: PostOffice | None = None) -> None:
        """Let the courier do what is due now, once: in Telegram, then by mail if there is a post office."""
        await send_messages(self.door, self.telegram, "pl", asyncio.Event(), self.network.real)
        if post is not None:
            await self.network.send(post)

    async def told(self, recipient: str = "") -> Told:
        """Give the newest line of the ledger about Anna, or somebody else."""
        return (await self.door.look(lambda uow: notices.ledger(uow, recipient or self.recipient)))[0]

    async def tries(self, recipient: str = "") -> list[tuple[str, str, str]]:
        """Give how the tries of the newest notice ended: channel, state, reason."""
        return [(one.channel, one.state, one.reason) for one in (await self.told(recipient)).tries]

    async def heard(self, phone: Phone | None = None) -> list[str]:
        """Give what the bot has said on Anna's telephone, or another one."""
        return [said.text for said in await (phone or self.anna).messages() if said.side == "bot"]

    async def prefer(self, **chosen: object) -> None:
        """Let Anna choose what she is told by."""
        await self.door.act(lambda uow: channels.prefer(uow, self.person, **chosen))  # type: ignore[arg-type]  # fields by name

    async def another(self, name: str, seat: int) -> tuple[Phone, str]:
        """Let somebody else join with a telephone; give it, and them as a recipient."""
        phone = await self.sandbox.phone(name)
        await phone.start()
        return phone, f"person:{await accept(self.door, phone.id, seat=seat)}"


@pytest.fixture
async def telegram(stand: Stand) -> AsyncIterator[Telegram]:
    """A line to Telegram that waits half a second for an answer."""
    settings = load_settings(telegram_token=TOKEN, telegram_api=stand.url, telegram_rate=30)
    async with open_telegram(settings, seconds=1) as opened:
        yield opened


@pytest.fixture
async def lines(network: Network, sandbox: Sandbox, telegram: Telegram) -> Lines:
    """Anna has accepted on her telephone."""
    anna = await sandbox.phone("Anna")
    await anna.start()
    person = await accept(network.door, anna.id, seat=network.head)
    return Lines(network, sandbox, telegram, anna, f"person:{person}")
