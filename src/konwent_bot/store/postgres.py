"""PostgreSQL by asyncpg: a few transactions in flight, rows locked by the acts that need them.

Units of work that wait at the same time share a transaction, as on SQLite: under load that spares most BEGINs, COMMITs and
flushes; alone, a unit has a transaction of its own. There are no savepoints: should one unit of a shared transaction fail, all is
rolled back and each is run again by itself, so one never harms another.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from sqlalchemy import URL, Connection, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from konwent_bot.store.engines import Unit
from konwent_bot.store.faults import INTERRUPTED, StoreBusy, explain, is_conflict

T = TypeVar("T")

log = logging.getLogger("konwent_bot.store")

#: Transactions that change something, in flight at once in one process.
WRITERS = 4
#: Connections kept by one process: the writers', and some for reading.
CONNECTIONS = 10
#: Most units of work in one transaction.
MOST_IN_A_COMMIT = 16
#: How often a unit of work is run again after PostgreSQL rolled it back in favour of another one.
TRIES = 4
#: Limits set on every connection: nobody waits for a lock for ever, and a stuck unit of work does not hold one for ever.
SESSION = {
    "application_name": "konwent-bot",
    "timezone": "UTC",
    "lock_timeout": "10s",
    "statement_timeout": "60s",
    "idle_in_transaction_session_timeout": "60s",
}


@dataclass(slots=True, eq=False)
class _Job:
    """A unit of work waiting for a transaction; ``taken`` once somebody has put it into one."""

    unit: Callable[[Connection], Any]
    done: asyncio.Future[Any]
    taken: bool = False
    value: Any = None

    def tell(self, error: BaseException | None = None) -> None:
        """Hand over the outcome, unless it has been or whoever asked has gone."""
        if self.done.done():
            return
        if error is None:
            self.done.set_result(self.value)
        else:
            self.done.set_exception(error)


class PostgresStore:
    """A PostgreSQL database, for installations with several processes."""

    dialect = "postgresql"

    def __init__(self, url: URL) -> None:
        self._engine: AsyncEngine = create_async_engine(
            url.set(drivername="postgresql+asyncpg"),
            pool_size=CONNECTIONS,
            max_overflow=0,
            connect_args={"server_settings": SESSION},
        )
        self._waiting: deque[_Job] = deque()
        self._turn = asyncio.Semaphore(WRITERS)

    async def write(self, unit: Unit[T]) -> T:
        """Run ``unit`` in a transaction, perhaps a shared one, and give its value after the commit.

        Whoever gets a turn takes along those who wait behind; nobody owns a task, and the work is done by those who ask for it.
        """
        job = _Job(unit, asyncio.get_running_loop().create_future())
        self._waiting.append(job)
        try:
            async with self._turn:
                if not job.taken:
                    await self._lead(job)
        finally:
            if not job.taken:  # cancelled while waiting for a turn
                self._waiting.remove(job)
        return cast(T, await job.done)

    async def read(self, unit: Unit[T]) -> T:
        """Run ``unit`` in one read-only snapshot."""
        try:
            async with self._engine.connect() as connection:
                await connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
                return await connection.run_sync(unit)
        except (SQLAlchemyError, OSError) as error:
            raise explain(error) or error from error

    async def scrub(self) -> bool:
        """Run a plain VACUUM: dead rows leave the tables, and nobody waits for it.

        What it frees is written over by what comes next, not zeroed, and the server's own log keeps former versions until it is
        recycled or archived: that is the server's to keep safe (docs/wdrozenie.md), as backups are. Rows that a transaction still
        under way may see stay until autovacuum comes.
        """
        try:
            async with self._engine.connect() as connection:
                plain = await connection.execution_options(isolation_level="AUTOCOMMIT")
                await plain.execute(text("vacuum"))
        except (SQLAlchemyError, OSError):
            log.warning("dead rows are left to autovacuum", exc_info=True)
            return False
        return True

    async def close(self) -> None:
        """Close all connections."""
        await self._engine.dispose()

    async def _lead(self, job: _Job) -> None:
        """Commit this job together with the others that wait; every one of them learns how it ended."""
        self._waiting.remove(job)
        batch = [job, *(self._waiting.popleft() for _ in range(min(len(self._waiting), MOST_IN_A_COMMIT - 1)))]
        for one in batch:
            one.taken = True
        try:
            if len(batch) > 1 and await self._together(batch):
                return
            for one in batch:
                await self._alone(one)
        finally:
            for one in batch:  # only where the leader itself was cancelled; what came after it did not happen
                one.tell(StoreBusy(INTERRUPTED))

    async def _together(self, batch: list[_Job]) -> bool:
        """Try all in one transaction; tell whether everybody has been told. Nothing has happened otherwise."""
        committing = False

        def whole(connection: Connection) -> None:
            nonlocal committing
            for one in batch:
                one.value = one.unit(connection)
            committing = True
            connection.commit()

        try:
            async with self._engine.connect() as connection:
                await connection.run_sync(whole)
        except Exception as error:  # noqa: BLE001 - whatever it was, each is run again by itself and tells its own asker
            if not committing:
                return False
            # A connection lost during COMMIT leaves open whether it took place; run again, an act could be done twice.
            for one in batch:
                one.tell(explain(error) or error)
            return True
        for one in batch:
            one.tell()
        return True

    async def _alone(self, job: _Job) -> None:
        """Run one unit of work in a transaction of its own; again when it only lost a race."""

        def whole(connection: Connection) -> None:
            job.value = job.unit(connection)
            connection.commit()

        for attempt in range(1, TRIES + 1):
            try:
                async with self._engine.connect() as connection:
                    await connection.run_sync(whole)
            except Exception as error:  # noqa: BLE001 - handed to whoever asked
                if not is_conflict(error) or attempt == TRIES:
                    job.tell(explain(error) or error)
                    return
                await asyncio.sleep(random.uniform(0.005, 0.02) * attempt)  # noqa: S311 - spreads rivals, guards nothing
            else:
                job.tell()
                return
