"""PostgreSQL by asyncpg: one transaction a unit of work, several in flight, rows locked by the acts that need them."""

from __future__ import annotations

import asyncio
import random
from typing import TypeVar

from sqlalchemy import URL, Connection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from konwent_bot.store.engines import Unit
from konwent_bot.store.faults import explain, is_conflict

T = TypeVar("T")

#: Connections kept by one process.
CONNECTIONS = 10
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

    async def write(self, unit: Unit[T]) -> T:
        """Run ``unit`` in one transaction; run it again when it only lost a race."""

        def whole(connection: Connection) -> T:
            value = unit(connection)
            connection.commit()
            return value

        for attempt in range(1, TRIES + 1):
            try:
                async with self._engine.connect() as connection:
                    return await connection.run_sync(whole)
            except (SQLAlchemyError, OSError) as error:
                if not is_conflict(error) or attempt == TRIES:
                    raise explain(error) or error from error
            await asyncio.sleep(random.uniform(0.005, 0.02) * attempt)  # noqa: S311 - spreads rivals, guards nothing
        raise AssertionError("unreachable")

    async def read(self, unit: Unit[T]) -> T:
        """Run ``unit`` in one read-only snapshot."""
        try:
            async with self._engine.connect() as connection:
                await connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
                return await connection.run_sync(unit)
        except (SQLAlchemyError, OSError) as error:
            raise explain(error) or error from error

    async def close(self) -> None:
        """Close all connections."""
        await self._engine.dispose()
