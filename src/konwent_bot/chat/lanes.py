"""Lanes: one chat's work is done in order, different chats' side by side. A private chat is a person's.

Telegram sends a person's messages and button presses through different queues, at once and out of order; the order in which we
began is the one we keep.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

Job = Callable[[], Awaitable[None]]


class Lanes:
    """Queues by chat; each has a task of the nursery while it holds work, and is forgotten when it is empty."""

    def __init__(self, nursery: asyncio.TaskGroup) -> None:
        self._nursery = nursery
        self._lanes: dict[int, deque[Job]] = {}

    def put(self, chat: int, job: Job) -> None:
        """Do ``job`` after everything that was put in this chat's lane before. A job must not raise."""
        lane = self._lanes.get(chat)
        if lane is None:
            lane = self._lanes[chat] = deque()
            self._nursery.create_task(self._drive(chat, lane))
        lane.append(job)

    async def _drive(self, chat: int, lane: deque[Job]) -> None:
        while lane:
            await lane.popleft()()
        del self._lanes[chat]
