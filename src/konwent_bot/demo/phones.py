"""The phones of the sandbox, reached over its HTTP as any script reaches them (docs/sandbox.md)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import aiohttp

from konwent_bot.demo.cast import Player

#: Looks of a second at most at a phone that waits for the bot's first word.
GREETING: Final = 10


class Phones:
    """What the demo does with phones and the mailbox."""

    def __init__(self, session: aiohttp.ClientSession, bot: str) -> None:
        self._session = session
        self._bot = bot

    async def give(self, player: Player, note: str) -> None:
        """Give somebody a phone; the same number gives the same phone."""
        await self._ask(
            "POST", "/phone", id=player.number, first_name=player.first_name, last_name=player.last_name,
            language_code=player.language, note=note, email=player.place.email,
        )  # fmt: skip

    async def owners(self) -> set[int]:
        """Give the numbers of everybody who has a phone."""
        return {person["id"] for person in (await self._ask("GET", "/phone"))["people"]}

    async def begin(self, number: int) -> None:
        """Press Start on a phone, unless the chat has begun."""
        chat = f"/phone/{number}/chat/{self._bot}"
        if not (await self._ask("GET", chat))["messages"]:
            await self._ask("POST", f"{chat}/start", payload="")

    async def greeted(self, number: int) -> None:
        """Wait until the bot has spoken on a phone, for some seconds at most: what it says first is to stand first."""
        revision = 0
        for _ in range(GREETING):
            chat = await self._ask("GET", f"/phone/{number}/wait?bot={self._bot}&after={revision}&timeout=1")
            if any(message["from"] == "bot" for message in chat["messages"]):
                return
            revision = chat["revision"]

    async def letters(self) -> set[str]:
        """Give the Message-IDs of all letters that have come."""
        found = set()
        for head in (await self._ask("GET", "/mail"))["mail"]:
            letter = await self._ask("GET", f"/mail/{head['id']}")
            found |= {value for name, value in letter["headers"] if name.lower() == "message-id"}
        return found

    async def _ask(self, verb: str, path: str, /, **body: object) -> dict[str, Any]:
        async with self._session.request(verb, path, json=body or None) as response:
            response.raise_for_status()
            answer: dict[str, Any] = await response.json()
            return answer


@asynccontextmanager
async def phones(address: str, bot: str) -> AsyncIterator[Phones]:
    """Reach the phones of the sandbox at ``address``."""
    async with aiohttp.ClientSession(address, timeout=aiohttp.ClientTimeout(total=30)) as session:
        yield Phones(session, bot)
