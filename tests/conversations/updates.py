"""Updates in the hands of a test: kept back, let go in any order, delivered again, waited for."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select

from konwent_bot.chat import Chat
from konwent_bot.office.door import Door
from konwent_bot.store.tables import SEEN_UPDATE
from tests.sandbox.phone import Sandbox


async def hold(sandbox: Sandbox) -> None:
    """Keep back whatever people do from now on."""
    await sandbox.ask("POST", "/updates/hold", {"on": True})


async def let_go(sandbox: Sandbox, order: Sequence[int] | None = None) -> None:
    """Keep nothing back any more, and let go what was kept: in this order."""
    await sandbox.ask("POST", "/updates/hold", {"on": False})
    await sandbox.ask("POST", "/updates/release", {} if order is None else {"order": list(order)})


async def handled(sandbox: Sandbox, door: Door, updates: Collection[int]) -> None:
    """Wait until the house has committed these updates."""
    found = select(SEEN_UPDATE.c.update_id).where(SEEN_UPDATE.c.update_id.in_(updates))
    while len(await door.look(lambda uow: uow.execute(found).all())) < len(updates):
        await sandbox.ask("GET", "/limits")  # a turn of the loop and a moment for the other process


async def quiet(sandbox: Sandbox, chat: Chat) -> None:
    """Wait until the house has nothing in hand: what was shown is noted, too."""
    while chat._lanes._lanes:
        await sandbox.ask("GET", "/limits")


async def again(sandbox: Sandbox, updates: Collection[int]) -> None:
    """Deliver updates once more under their ids, and wait until the house has taken and confirmed them."""
    for number in updates:
        await sandbox.ask("POST", "/updates/duplicate", {"update_id": number})
    while True:
        log = await sandbox.ask("GET", "/log", after=10**9)
        if all(update["confirmed"] for update in log["updates"] if update["update_id"] in updates):
            return
