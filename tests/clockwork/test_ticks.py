"""The clockwork: it ticks, it survives a failing tick, it stops when told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from konwent_bot.clockwork import keep_ticking
from konwent_bot.errors import Misconfigured
from konwent_bot.office import audit_chain
from konwent_bot.office.door import Door
from konwent_bot.office.unit import UnitOfWork

T = TypeVar("T")


class Counting(Door):
    """A door that counts ticks, and of which the first ones may fail."""

    def __init__(self, door: Door, fail: int = 0) -> None:
        super().__init__(door.store, door.clock, door.house)
        self.fail = fail
        self.ticks = 0
        self.enough = asyncio.Event()

    async def act(self, work: Callable[[UnitOfWork], T]) -> T:
        self.ticks += 1
        if self.ticks >= 3:
            self.enough.set()
        if self.ticks <= self.fail:
            raise Misconfigured("The database is away.")
        return await super().act(work)


async def _run(door: Counting, seconds: float) -> None:
    stop = asyncio.Event()
    async with asyncio.timeout(20), asyncio.TaskGroup() as nursery:
        nursery.create_task(keep_ticking(door, stop, seconds=seconds))
        await door.enough.wait()
        stop.set()


async def test_it_ticks_again_and_again_until_it_is_stopped(door: Door) -> None:
    """What falls due while nobody touches anything is done all the same."""
    counting = Counting(door)
    await _run(counting, 0.01)
    assert counting.ticks >= 3


async def test_a_failed_tick_is_tried_again(door: Door) -> None:
    """A database that is away for a moment does not stop the clock, and nothing is left out."""

    def one_act(uow: UnitOfWork) -> None:
        uow.audit("person.leave", body=None, person=7)

    await door.act(one_act)
    counting = Counting(door, fail=2)
    await _run(counting, 0.01)
    assert (await door.look(lambda uow: audit_chain.verify(uow, None))).sealed == 1


async def test_a_stop_before_the_first_tick_is_heeded(door: Door) -> None:
    """A program told to stop at once does not begin anything."""
    stop = asyncio.Event()
    stop.set()
    counting = Counting(door)
    async with asyncio.timeout(5):
        await keep_ticking(counting, stop, seconds=60)
    assert counting.ticks == 0
