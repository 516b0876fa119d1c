"""Telegram's rates: so many messages a second into one chat, a minute into one group, a second in all.

Telegram publishes advice, not numbers ("the exact limits are unspecified"); these are the numbers of its FAQ, with a small
burst into one private chat, which it tolerates. Only messages count, and edits in groups; answers to presses never do.
"""

from __future__ import annotations

import math
import time

from konwent_bot.sandbox import bounds
from konwent_bot.sandbox.records import Chat
from konwent_bot.sandbox.refusals import too_many


class Throttle:
    """Refuses with 429 what is above the rates; a refused message costs nothing."""

    def __init__(self, on: bool) -> None:
        self.on = on
        self.refused = 0
        #: seconds every message takes, and for how long a bot that was refused is refused everything
        self.delay = self.penalty = 0.0
        #: until when bots are refused everything; monotonic seconds
        self._barred: dict[int, float] = {}
        #: theoretical arrival time of the next message (generic cell rate algorithm), by bot and chat; monotonic seconds
        self._next: dict[object, float] = {}

    def switch(self, on: bool, delay: float = 0.0, penalty: float = 0.0) -> None:
        """Switch the limits and forget what was counted."""
        self.on, self.delay, self.penalty = on, delay, penalty
        self._next.clear()
        self._barred.clear()

    def sending(self, bot: int, chat: Chat) -> None:
        """Count a message, or refuse it."""
        if self.on:
            left = self._barred.get(bot, 0.0) - time.monotonic()
            if left > 0:
                self.refused += 1
                raise too_many(math.ceil(left))
            if chat.private:
                self._take(
                    bot,
                    ((bot, 0), 1 / bounds.OVERALL_PER_SECOND, bounds.OVERALL_PER_SECOND),
                    (chat.key, 1 / bounds.PRIVATE_PER_SECOND, bounds.PRIVATE_BURST),
                )
            else:
                self._take(
                    bot,
                    ((bot, 0), 1 / bounds.OVERALL_PER_SECOND, bounds.OVERALL_PER_SECOND),
                    (chat.key, 60 / bounds.GROUP_PER_MINUTE, bounds.GROUP_PER_MINUTE),
                )

    def editing(self, bot: int, chat: Chat) -> None:
        """Count an edit (in groups only), or refuse it."""
        if self.on and not chat.private:
            self.sending(bot, chat)

    def _take(self, bot: int, *buckets: tuple[object, float, float]) -> None:
        now = time.monotonic()
        for key, interval, burst in buckets:
            wait = max(self._next.get(key, now), now) - now - interval * (burst - 1)
            if wait > 1e-9:
                self.refused += 1
                if self.penalty:
                    self._barred[bot] = now + self.penalty
                raise too_many(max(1, math.ceil(max(wait, self.penalty))))
        for key, interval, _ in buckets:
            self._next[key] = max(self._next.get(key, now), now) + interval
        if len(self._next) > 50_000:
            self._next = {key: due for key, due in self._next.items() if due > now}
