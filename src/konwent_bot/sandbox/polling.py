"""getUpdates: one poller a bot, waiting without polling, confirming by offset."""

from __future__ import annotations

import asyncio

from konwent_bot.sandbox import bounds, refusals, updates
from konwent_bot.sandbox.arguments import Arguments
from konwent_bot.sandbox.records import Bot
from konwent_bot.sandbox.refusals import Refusal
from konwent_bot.sandbox.shapes import Json
from konwent_bot.sandbox.world import World


class _Poll:
    """One getUpdates under way; ``ended`` holds the words of the 409 that ends it."""

    __slots__ = ("ended",)

    def __init__(self) -> None:
        self.ended = ""


class Polling:
    """Hands updates to whoever polled last."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._under_way: dict[int, _Poll] = {}

    @property
    def waiting(self) -> int:
        """How many bots are polling at this moment."""
        return len(self._under_way)

    async def get_updates(self, bot: Bot, args: Arguments) -> Json:
        """Answer getUpdates: confirm below ``offset``, then give what is there or wait up to ``timeout`` seconds for something."""
        world = self._world
        if bot.webhook.url:
            raise Refusal(409, refusals.POLL_WITH_WEBHOOK)
        self.end(bot, refusals.POLL_TAKEN_OVER)
        poll = self._under_way[bot.id] = _Poll()
        try:
            if args.has("allowed_updates"):
                self.allow(bot, args)
            if updates.confirm(world, bot, args.integer("offset")):
                await world.keep.settled()
            limit = args.integer("limit", bounds.UPDATES_PER_POLL)
            limit = limit if 1 <= limit <= bounds.UPDATES_PER_POLL else bounds.UPDATES_PER_POLL
            loop = asyncio.get_running_loop()
            until = loop.time() + min(max(args.integer("timeout"), 0), bounds.POLL_SECONDS)
            while True:
                updates.expire(world, bot)
                batch = updates.deliverable(bot, limit)
                if batch or loop.time() >= until:
                    break
                await world.bot_bells[bot.id].wait(until - loop.time())
                if world.closing:
                    batch = []
                    break
                if poll.ended:
                    raise Refusal(409, poll.ended)
        finally:
            if self._under_way.get(bot.id) is poll:
                del self._under_way[bot.id]
        for update in batch:
            update.delivered += 1
        return {"ok": True, "result": [update.body() for update in batch]}

    def end(self, bot: Bot, words: str) -> None:
        """End the poll under way, if there is one, with a 409."""
        poll = self._under_way.pop(bot.id, None)
        if poll is not None:
            poll.ended = words
            self._world.bot_bells[bot.id].ring()

    def allow(self, bot: Bot, args: Arguments) -> None:
        """Note which kinds of updates the bot wants from now on; an empty list means the usual ones."""
        given = args.value("allowed_updates")
        kinds = [kind for kind in given if isinstance(kind, str)] if isinstance(given, list) else []
        if kinds != bot.allowed:
            bot.allowed = kinds
            self._world.save_bot(bot)
