"""Lanes: one person's work is done in order, different people's side by side.

Telegram sends a person's messages and button presses through different queues, at once and out of order; the order in which we
began is the one we keep.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

Job = Callable[[], Awaitable[None]]


class Lanes:
    """Queues by person; each has a task of the nursery while it holds work, and is forgotten when it is empty."""

    def __init__(self, nursery: asyncio.TaskGroup) -> None:
        self._nursery = nursery
        self._lanes: dict[int, deque[Job]] = {}

    def put(self, person: int, job: Job) -> None:
        """Do ``job`` after everything that was put in this person's lane before. A job must not raise."""
        lane = self._lanes.get(person)
        if lane is None:
            lane = self._lanes[person] = deque()
            self._nursery.create_task(self._drive(person, lane))
        lane.append(job)

    async def _drive(self, person: int, lane: deque[Job]) -> None:
        while lane:
            await lane.popleft()()
        del self._lanes[person]
