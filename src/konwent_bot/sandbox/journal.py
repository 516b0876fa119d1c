"""The journal a script reads: every call of the Bot API and what came of it. Bodies of files are not in it."""

from __future__ import annotations

from collections import deque

from konwent_bot.sandbox import bounds
from konwent_bot.sandbox.shapes import Json
from konwent_bot.sandbox.world import World

Entry = tuple[int, str, str, int | str | None, bool, str, float, str]


class Journal:
    """The newest calls, numbered from 1."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._calls: deque[Entry] = deque(maxlen=bounds.CALLS_LOGGED)
        self.last = 0

    def note(self, bot: str, method: str, chat_id: int | str | None, ok: bool, description: str, via: str = "http") -> None:
        """Note a call."""
        self.last += 1
        self._calls.append((self.last, bot, method, chat_id, ok, description, self._world.clock.now(), via))

    def read(self, after: int) -> Json:
        """Give the calls numbered above ``after`` and the state of every remembered update."""
        iso = self._world.clock.iso
        calls = [
            {"n": n, "bot": bot, "method": method, "chat_id": chat, "ok": ok, "description": text, "at": iso(at), "via": via}
            for n, bot, method, chat, ok, text, at, via in self._calls
            if n > after
        ]
        updates = [
            {
                "update_id": u.update_id,
                "bot": self._world.bots[u.bot].username,
                "kind": u.kind,
                "queue": u.queue,
                "at": iso(u.born),
                "delivered": u.delivered,
                "confirmed": u.confirmed,
                "held": u.held,
            }
            for u in self._world.history
        ]
        return {"last": self.last, "calls": calls, "updates": updates}
