"""The courier's side of the ledger: what is to be sent is asked for right before, and what came of it is written down, come what may."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeVar

import structlog

from konwent_bot.clock import Clock
from konwent_bot.errors import KonwentError, Misconfigured
from konwent_bot.office import dispatch
from konwent_bot.office.deliveries import LEASE, Claim
from konwent_bot.office.dispatch import Prepared
from konwent_bot.office.door import Door
from konwent_bot.office.occasion import Channel
from konwent_bot.office.unit import UnitOfWork

T = TypeVar("T")

#: Real seconds between two tries to write down what came of a message while the database is away.
AGAIN: Final = 1.0

log = structlog.get_logger("konwent_bot.courier")


class Stops(Misconfigured):
    """A channel will not work with us at all: whoever runs the program must do something."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """A channel's view of what is due."""

    door: Door
    channel: Channel
    #: The machine's clock, for leases and rests.
    real: Clock
    stop: asyncio.Event

    async def anything(self) -> bool:
        """Tell whether something may be due."""
        return await self.door.look(lambda uow: dispatch.anything(uow, real=self.real.now(), channel=self.channel))

    async def claim(self, most: int) -> list[Claim]:
        """Take what is due. Nothing is taken only when nothing is left: what has just come due is sorted first, all of it."""
        real = self.real.now()
        while not (claims := await self.door.act(partial(dispatch.claim, real=real, most=most, channel=self.channel))):
            if not await self.door.act(partial(dispatch.sort, real=real)):
                break
        return claims

    async def prepare(self, claim: Claim, write: Callable[[UnitOfWork, Prepared], T]) -> tuple[Prepared, T] | None:
        """Ask for what a claim has to say, and write it in the same unit of work; ``None`` when nothing is to be said any more.

        A notice that cannot be written because of a mistake of ours rests and is tried again, and holds up nobody else's.
        """

        def work(uow: UnitOfWork) -> tuple[Prepared, T] | None:
            prepared = dispatch.prepare(uow, claim, real=self.real.now())
            return None if prepared is None else (prepared, write(uow, prepared))

        try:
            return await self.door.act(work)
        except KonwentError:
            raise
        except Exception:
            log.exception("a notice could not be written; it is tried again", notice=claim.notice, channel=self.channel)
            await self.record(lambda uow: dispatch.record(uow, claim, "failed", real=self.real.now(), reason="fault"))
            return None

    async def record(self, work: Callable[[UnitOfWork], None]) -> None:
        """Write down what came of a message, also where the database is away for a while.

        What is not written down would count as uncertain later, although we know better: so this waits while the claim holds,
        unless the program is to stop.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + LEASE.total_seconds() / 2
        while True:
            try:
                await self.door.act(work)
            except KonwentError as problem:
                if self.stop.is_set() or loop.time() > until:
                    raise
                log.warning("what came of a message cannot be written down yet", why=problem.msgid, channel=self.channel)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self.stop.wait(), AGAIN)
            else:
                return

    async def give_back(self, claims: list[Claim]) -> None:
        """Put back what was claimed and not begun, also where the database is away for a while: nobody else may have it meanwhile."""
        if claims:
            await self.record(lambda uow: dispatch.give_back(uow, claims))
