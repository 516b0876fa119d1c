"""Stopping the courier's database in the middle of its work, and what must be true once it is back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.courier.killing import gather, nothing_lost
from tests.courier.process import CourierProcess
from tests.postgres import server
from tests.sandbox.phone import Sandbox

from konwent_bot.clock import SystemClock
from konwent_bot.office.door import Door
from konwent_bot.office.unit import House
from konwent_bot.store.engines import open_store
from konwent_bot.store.migrate import migrate

#: What the courier says of a round that failed, and of a message whose fate could not be written down at once.
NOTICED = ("a round failed", "cannot be written down yet")


@asynccontextmanager
async def _door(address: str, house: House) -> AsyncIterator[Door]:
    """Open the house on a database for a while."""
    store = open_store(address)
    yield Door(store, SystemClock(), house)
    await store.close()


async def away_run(sandbox: Sandbox, house: House, folder: Path, *, people: int, seconds: float) -> None:
    """Stop PostgreSQL at once while messages go out, start it again after so many seconds, and see that the courier goes on by itself.

    It is the same process before, meanwhile and afterwards. Nothing is lost, and nothing comes twice but what was under way, marked.
    """
    with server() as postgres:
        courier = CourierProcess(sandbox.url, postgres.address, folder, looks=0.25)
        async with _door(postgres.address, house) as door:
            await migrate(door.store)
            audience = await gather(sandbox, door, people)
            await courier.start()
            await audience.past(audience.notices // 3, courier)
            settled = await audience.settled()
        await asyncio.to_thread(postgres.stop_at_once)
        assert settled < audience.notices, "it is in the middle"
        # Claims of which the courier never heard that they were made must not be waited for.
        courier.let_leases_end()
        await courier.lives_on(seconds)
        assert any(courier.has_said(words) for words in NOTICED), "it has noticed"
        await asyncio.to_thread(postgres.start_again)
        async with _door(postgres.address, house) as audience.door:
            await audience.past(audience.notices, courier)
            assert await courier.stop() == 0, courier.said()
            await nothing_lost(audience, 1)
