"""The house and a sandbox, joined over HTTP: the sandbox in its own process, the house in the test's loop."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from konwent_bot.chat import Chat
from konwent_bot.clock import ShiftedClock
from konwent_bot.office.door import Door
from konwent_bot.office.unit import House
from konwent_bot.store.engines import Store
from tests.conversations.house import answering
from tests.conversations.network import Network, make
from tests.conversations.people import Member
from tests.sandbox.phone import Sandbox


@dataclass(frozen=True)
class Stand:
    """Where the stand-in for Telegram listens, and the file with the seconds its clock is ahead."""

    url: str
    clock_file: Path


@pytest.fixture(scope="session")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    """One stand-in for Telegram in a process of its own, for all conversations of this run."""
    clock_file = tmp_path_factory.mktemp("sandbox") / "clock"
    process = subprocess.Popen(
        [sys.executable, "-m", "konwent_bot.sandbox", "--port", "0", "--webhook-backoff", "0.02", "--no-limits",
         "--clock-file", str(clock_file)],
        stdout=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    said = process.stdout.readline().decode().split()
    assert said[:1] == ["sandbox"], said
    yield Stand(said[1], clock_file)
    process.terminate()
    process.communicate(timeout=20)


@pytest.fixture
async def sandbox(stand: Stand) -> AsyncIterator[Sandbox]:
    """The stand-in for Telegram as a script sees it, with nothing left over from an earlier test."""
    client = Sandbox(stand.url)
    yield client
    # What this test scripted or left unread must not reach the next one.
    await client.ask("DELETE", "/faults")
    await client.ask("POST", "/updates/hold", {"on": False})
    await client.ask("POST", "/updates/release", {})
    await client.api("deleteWebhook", drop_pending_updates=True)
    await client.disconnect()


@pytest.fixture
def live_door(store: Store, house: House, stand: Stand) -> Door:
    """A door on the phones' time."""
    return Door(store, ShiftedClock(stand.clock_file), house)


@pytest.fixture
async def network(live_door: Door) -> Network:
    """The network around Janów Lubelski with an open round of full cards."""
    return await make(live_door)


@pytest.fixture(params=["polling", "webhook"])
def way(request: pytest.FixtureRequest) -> str:
    """How updates come to the house."""
    return str(request.param)


@pytest.fixture
async def chat(sandbox: Sandbox, live_door: Door, network: Network) -> AsyncIterator[Chat]:
    """The house, answering by polling."""
    async with answering(sandbox, live_door) as running:
        yield running


@pytest.fixture
async def anna(sandbox: Sandbox, network: Network, chat: Chat) -> Member:
    """Anna, head of GOPS Modliborzyce, who has accepted her invitation in Polish."""
    member = await Member.make(sandbox, "Anna", "pl")
    await member.accept(network.tokens["GOPS Modliborzyce", "head"])
    return member


@pytest.fixture(autouse=True)
async def _patience() -> AsyncIterator[None]:
    """A conversation that hangs fails its own test, not the whole run."""
    async with asyncio.timeout(300):
        yield
