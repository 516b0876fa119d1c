"""The house and a sandbox, joined over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from konwent_bot.chat import Chat, open_chat
from konwent_bot.chat.polling import poll
from konwent_bot.clock import SystemClock
from konwent_bot.office.door import Door
from konwent_bot.office.unit import House
from konwent_bot.store.engines import Store
from tests.conversations.network import Network, make
from tests.sandbox.phone import TOKEN, SandboxProcess


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[SandboxProcess]:
    """A stand-in for Telegram, in its own process."""
    running = await SandboxProcess.start(tmp_path)
    yield running
    await running.close()


@pytest.fixture
def live_door(store: Store, house: House) -> Door:
    """A door on civil time: the phones live in it too."""
    return Door(store, SystemClock(), house)


@pytest.fixture
async def network(live_door: Door) -> Network:
    """The network around Janów Lubelski with an open round."""
    return await make(live_door)


@asynccontextmanager
async def answering(sandbox: SandboxProcess, door: Door) -> AsyncIterator[Chat]:
    """The house answers by polling while the context lasts."""
    stop = asyncio.Event()
    async with open_chat(TOKEN, sandbox.url, door) as chat, asyncio.TaskGroup() as group:
        group.create_task(poll(chat, stop))
        yield chat
        stop.set()


@pytest.fixture
async def chat(sandbox: SandboxProcess, live_door: Door) -> AsyncIterator[Chat]:
    """The house, answering."""
    async with answering(sandbox, live_door) as running:
        yield running
