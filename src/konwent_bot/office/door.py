"""The door: the one place that opens a unit of work and commits it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

import structlog
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from konwent_bot.clock import Clock
from konwent_bot.office.unit import House, UnitOfWork
from konwent_bot.store.engines import Store
from konwent_bot.store.statements import upsert
from konwent_bot.store.tables import SEEN_UPDATE

T = TypeVar("T")

log = structlog.get_logger("konwent_bot.door")

_SEE = upsert(
    SEEN_UPDATE, lambda new: new.values({n: bindparam(n) for n in ("bot_id", "update_id", "at")}).on_conflict_do_nothing()
)


@dataclass(frozen=True, slots=True)
class UpdateId:
    """Name of a messenger's update: the bot that received it and the messenger's number for it."""

    bot: int
    number: int


class Repeated:
    """Answer of the door to an update it has handled before: nothing was done."""


REPEATED: Final = Repeated()


class Door:
    """Runs acts. Everything that changes the store, in any channel or on the command line, comes through here."""

    def __init__(self, store: Store, clock: Clock, house: House) -> None:
        self.store = store
        self.clock = clock
        self.house = house

    async def act(self, work: Callable[[UnitOfWork], T]) -> T:
        """Run ``work`` in one unit of work and commit; an exception leaves everything as it was.

        Where ``work`` forgot what is personal, its traces in the store's files are wiped before the answer is given.
        """
        wipe = False

        def unit(connection: Connection) -> T:
            nonlocal wipe
            uow = UnitOfWork(connection, self.clock.now(), self.house)
            done = work(uow)
            wipe = uow.wipe_traces
            return done

        done = await self.store.write(unit)
        if wipe and not await self.store.scrub():
            log.warning("what was deleted could not be wiped from the database's files yet; that is tried again")
        return done

    async def look(self, work: Callable[[UnitOfWork], T]) -> T:
        """Run read-only ``work`` in a snapshot."""
        return await self.store.read(lambda connection: work(UnitOfWork(connection, self.clock.now(), self.house, reads=True)))

    async def handle(self, update: UpdateId, work: Callable[[UnitOfWork], T]) -> T | Repeated:
        """Do what ``act`` does for an update of a messenger, once: its id is recorded in the same unit of work.

        A refusal inside ``work`` is a handled update too, so ``work`` says it on a screen; an exception that leaves ``work``
        rolls the record back, and the messenger will deliver the update again.
        """

        def once(uow: UnitOfWork) -> T | Repeated:
            new = uow.execute(_SEE[uow.dialect], bot_id=update.bot, update_id=update.number, at=uow.now)
            return work(uow) if new.rowcount else REPEATED

        return await self.act(once)
