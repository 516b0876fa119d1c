"""The demo as its long stories begin: at one Monday morning, with nobody kept waiting by Telegram's limits, and phones that read with care."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from tests.cli.program import PATIENCE, started
from tests.demo.hand import free_ports
from tests.demo.test_walk import Member, _opened
from tests.sandbox.phone import Sandbox

from konwent_bot.clock import SystemClock

WARSAW: Final = ZoneInfo("Europe/Warsaw")
#: When a story begins: a Monday morning, with the demo's own meeting on Thursday, 17 December.
BEGINS: Final = datetime(2026, 11, 30, 9, 0, tzinfo=WARSAW)
#: A revision no chat has.
NEVER: Final = 10**9


@asynccontextmanager
async def begun(folder: Path) -> AsyncIterator[tuple[Sandbox, Path]]:
    """Open the demo at its Monday; give its phones and the folder it keeps everything in. In the end it stops, and has logged no fault."""
    data = folder / "d"
    data.mkdir()
    (data / "clock").write_text(str((BEGINS - SystemClock().now()).total_seconds()), "ascii")
    async with started("demo", "--headless", "--port", str(free_ports()), "--data", "d", folder=folder) as program:
        sandbox = Sandbox(await _opened(program))
        try:
            # A script presses faster than Telegram lets anybody be answered; how the house keeps its rates is tried elsewhere.
            await sandbox.ask("POST", "/limits", {"on": False})
            yield sandbox, data
        finally:
            await sandbox.disconnect()
        assert await program.end() == 0
    assert "Traceback" not in program.errors.read_text("utf-8")


async def go_on(sandbox: Sandbox, moment: datetime) -> None:
    """Move the demo's clock forward to a moment."""
    now = datetime.fromisoformat((await sandbox.ask("GET", "/clock"))["now"])
    await sandbox.move_clock((moment - now).total_seconds())


class Chat(Member):
    """Somebody of the demo whose touches are counted."""

    def __init__(self, sandbox: Sandbox, person: int) -> None:
        super().__init__(sandbox, person)
        self.touches = 0

    async def tap(self, label: str, *then: str) -> None:
        """Press a key once it is there, which is one touch."""
        self.touches += 1
        await self.phone.wait_for(lambda said: label in said.labels, PATIENCE)
        await super().tap(label, *then)

    async def say(self, text: str, *then: str) -> None:
        """Type a line, which is one touch."""
        self.touches += 1
        await super().say(text, *then)

    async def reads(self, *words: str) -> str:
        """Give the whole text of the newest message that says all of this."""
        return (await self.phone.wait_for(lambda said: all(re.search(word, said.text) for word in words))).text

    async def got(self, title: str) -> int:
        """Count the messages that begin like this, pressed or not."""
        return sum(said.text.startswith(title) for said in await self.phone.messages() if said.side == "bot")

    async def has(self, times: int, title: str) -> None:
        """Wait until so many messages begin like this."""
        revision, seen = 0, 0
        while seen < times:
            chat = await self.sandbox.ask(
                "GET", f"/phone/{self.phone.id}/wait", bot=self.phone.bot, after=revision, timeout=60 if revision else 0
            )
            assert revision == 0 or chat["changed"], f"{seen} of {times} messages {title!r} came"
            revision = chat["revision"]
            seen = sum(said["text"].startswith(title) for said in chat["messages"])
        assert seen == times


class Careful(Chat):
    """Somebody who reads on where they pressed: many messages of a meeting look alike, and the words waited for may stand in an older one."""

    async def tap(self, label: str, *then: str) -> None:
        """Press a key of the newest message that has it; what follows stands there, or below."""
        pressed = await self.phone.wait_for(lambda said: label in said.labels, PATIENCE)
        await self.phone.tap(label, pressed)
        await self._follows(pressed.message_id, *then)

    async def say(self, text: str, *then: str) -> None:
        """Type a line; what follows stands below it."""
        sent = await self.phone.send(text)
        await self._follows(int(sent["message_id"]), *then)

    async def _follows(self, number: int, *then: str) -> None:
        await self.phone.wait_for(
            lambda said: said.message_id >= number and all(re.search(word, said.text) for word in then), PATIENCE
        )


async def careful(sandbox: Sandbox, whose: str) -> Careful:
    """Take the phone of somebody whose note begins like this."""
    return Careful(sandbox, (await Member.called(sandbox, whose)).phone.id)


async def letter_to(waiting: Chat, whose: str, subject: str, times: int = 1) -> dict[str, Any]:
    """Wait until so many letters with this subject have come to an address; give the newest. ``waiting``: whose phone does not ring."""
    sandbox = waiting.sandbox
    async with asyncio.timeout(PATIENCE):
        while True:
            heads = [one for one in await sandbox.letters() if one["to"] == [whose] and one["subject"] == subject]
            if len(heads) == times:
                return await sandbox.ask("GET", f"/mail/{heads[0]['id']}")
            # Looking without a pause would keep the demo from its work: a second's wait at a phone that rings for something else.
            await sandbox.ask("GET", f"/phone/{waiting.phone.id}/wait", bot=sandbox.username, after=NEVER, timeout=1)
