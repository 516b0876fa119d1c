"""The house as a test sees it: answering over HTTP by either way, and everything in its store as plain values."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

from aiohttp import web
from sqlalchemy import select
from sqlalchemy.engine import Connection
from sqlmodel import SQLModel

from konwent_bot.chat import Chat, open_chat
from konwent_bot.chat.polling import poll
from konwent_bot.chat.webhook import PATH, handler, register
from konwent_bot.office.door import Door
from konwent_bot.store.engines import Store
from konwent_bot.store.tables import MINUTES_PLACE
from tests.sandbox.phone import TOKEN, Sandbox

SECRET = "tests-secret_1"

#: Table -> rows as written, in order.
Dump = dict[str, list[str]]


async def dump(store: Store, *, but: frozenset[str] = frozenset({"seen_update"}), looked: bool = False) -> Dump:
    """Give every row of every table, but of those named.

    ``looked``: leave out when somebody first opened minutes, the one thing that looking at a page writes down.
    """

    def read(connection: Connection) -> Dump:
        return {
            table.name: sorted(
                repr(tuple(row))
                for row in connection.execute(
                    select(*(one for one in table.c if not (looked and one is MINUTES_PLACE.c.opened_at)))
                )
            )
            for table in SQLModel.metadata.sorted_tables
            if table.name not in but
        }

    return await store.read(read)


async def openings(store: Store) -> set[tuple[object, ...]]:
    """Give which institution had opened which version of minutes, and when: what ``dump`` leaves out with ``looked``. It only grows."""
    opened = MINUTES_PLACE.c.opened_at
    key = select(*MINUTES_PLACE.primary_key, opened).where(opened.is_not(None))
    return await store.read(lambda connection: {tuple(row) for row in connection.execute(key)})


async def everything(store: Store) -> Dump:
    """Give every row of every table, the updates seen included."""
    return await dump(store, but=frozenset())


def spoken_of(found: Dump, words: str) -> list[str]:
    """Give the rows in which these words stand."""
    return [row for rows in found.values() for row in rows if words in row]


@asynccontextmanager
async def answering(sandbox: Sandbox, door: Door, way: Literal["polling", "webhook"] | str = "polling") -> AsyncIterator[Chat]:
    """The house answers while the context lasts; leaving it finishes what is in hand."""
    async with open_chat(TOKEN, sandbox.url, door) as chat:
        if way == "polling":
            stop = asyncio.Event()
            async with asyncio.TaskGroup() as group:
                group.create_task(poll(chat, stop))
                yield chat
                stop.set()
        else:
            async with called(chat) as url:
                await register(chat, url, SECRET)
                yield chat
                await chat.bot.delete_webhook()


@asynccontextmanager
async def called(chat: Chat, port: int = 0) -> AsyncIterator[str]:
    """Listen for Telegram's calls; give the public address."""
    app = web.Application(client_max_size=4 * 1024 * 1024)
    app.router.add_post(PATH, handler(chat, SECRET))
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
