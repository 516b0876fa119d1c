"""One interval of APScheduler, and the loop that does the work of a tick."""

from __future__ import annotations

import asyncio
from datetime import UTC

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from konwent_bot.office import housekeeping
from konwent_bot.office.door import Door

#: Real seconds between two ticks.
SECONDS = 20.0
#: Units of work in one tick, so that a long absence is caught up in pieces and never holds the program up when it must stop.
MOST_BATCHES = 50

log = structlog.get_logger("konwent_bot.clockwork")


async def keep_ticking(door: Door, stop: asyncio.Event, *, seconds: float = SECONDS) -> None:
    """Tick until ``stop`` is set; a tick under way is finished first. The first tick comes at once.

    The scheduler only rings: the work is done here, in the task of whoever called, so that it is never cut short.
    """
    bell = asyncio.Event()
    bell.set()
    scheduler = AsyncIOScheduler(timezone=UTC)
    scheduler.add_job(_ring, IntervalTrigger(seconds=seconds, timezone=UTC), args=[bell], coalesce=True, misfire_grace_time=None)
    scheduler.start()
    try:
        while not stop.is_set():
            await _either(bell, stop)
            bell.clear()
            if not stop.is_set():
                await _tick(door, stop)
    finally:
        scheduler.shutdown(wait=False)


async def _ring(bell: asyncio.Event) -> None:
    bell.set()


async def _either(bell: asyncio.Event, stop: asyncio.Event) -> None:
    async with asyncio.TaskGroup() as nursery:
        waits = [nursery.create_task(bell.wait()), nursery.create_task(stop.wait())]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()


async def _tick(door: Door, stop: asyncio.Event) -> None:
    """Do what is due, batch by batch. A failure is told and left to the next tick: the clock must not stop."""
    try:
        for _ in range(MOST_BATCHES):
            done = await door.act(housekeeping.tick)
            if done.forgotten or done.sealed:
                log.debug("tick", forgotten=done.forgotten, sealed=done.sealed)
            if not done.more or stop.is_set():
                return
    except Exception:  # a database that is away for a minute must not end the program
        log.exception("a tick failed; the next one tries again")
