"""Waiting for a change without polling: who waits hangs a future on a bell, who changes something rings it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine

_LOG = logging.getLogger(__name__)


class Bell:
    """Rings for everybody who waits at that moment."""

    __slots__ = ("_waiting",)

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[bool]] = set()

    def ring(self) -> None:
        """Wake everybody who waits."""
        for waiter in self._waiting:
            if not waiter.done():
                waiter.set_result(True)
        self._waiting.clear()

    async def wait(self, seconds: float) -> bool:
        """Wait for the next ring; False when ``seconds`` passed first."""
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[bool] = loop.create_future()
        self._waiting.add(waiter)
        # not wait_for: in 3.11 it swallows a cancellation that meets the ring, and whoever closes would wait for ever
        alarm = loop.call_later(max(0.0, seconds), _give_up, waiter)
        try:
            return await waiter
        finally:
            alarm.cancel()
            self._waiting.discard(waiter)


def _give_up(waiter: asyncio.Future[bool]) -> None:
    if not waiter.done():
        waiter.set_result(False)


class Nursery:
    """Owns every task of one sandbox: none outlives it, and a task that fails is not forgotten."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()
        self.failures: list[BaseException] = []

    def start(self, work: Coroutine[object, object, None], name: str) -> asyncio.Task[None]:
        """Run a coroutine until it ends or the nursery closes."""
        task: asyncio.Task[None] = asyncio.get_running_loop().create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self.failures.append(error)
            _LOG.error("a task of the sandbox failed: %s", task.get_name(), exc_info=error)

    async def close(self) -> None:
        """Cancel what still runs and wait for it."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
