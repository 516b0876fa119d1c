"""SQLite: one file, one writer thread per process, and one commit for all units of work that wait at the same time.

Why a thread and not an async driver: a five-statement unit costs 0.92 ms through SQLAlchemy async and aiosqlite, 0.45 ms as one
synchronous call on one thread, 0.35 ms when several units share a commit. Each unit has its own savepoint, so one that fails is
rolled back alone; nobody is answered before the shared commit is on disk (``synchronous=FULL``).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import queue
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeVar, cast

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from konwent_bot.store.engines import Unit
from konwent_bot.store.faults import explain

T = TypeVar("T")

log = logging.getLogger("konwent_bot.store")

#: Most units of work in one commit: a bound on what a crash would have people repeat and on how long the first one waits.
MOST_IN_A_COMMIT = 64
#: How long we wait for another process that holds the file, in seconds.
BUSY_SECONDS = 10
#: How long everybody waits for readers to let go of the log while it is being wiped, in seconds; then the work goes on.
WIPE_SECONDS = 2
#: How long after a rewriting of the file that failed it is tried again, in seconds.
WIPE_AGAIN_SECONDS = 60


@dataclass(slots=True)
class _Job:
    """A unit of work waiting for the writer."""

    unit: Callable[[Connection], Any]
    done: Future[Any] = field(default_factory=Future)
    value: Any = None
    error: BaseException | None = None


@dataclass(slots=True)
class _Scrub:
    """Somebody waits until the files hold no trace of what was deleted."""

    done: Future[bool] = field(default_factory=Future)


class SqliteStore:
    """The embedded default: a file with its write-ahead log beside it."""

    dialect = "sqlite"

    def __init__(self, path: Path) -> None:
        self.path = path
        self._engine = _engine(path)
        self._jobs: queue.SimpleQueue[_Job | _Scrub | None] = queue.SimpleQueue()
        #: Where traces of deletions are still to be wiped. The writer thread's alone.
        self._traces: set[Literal["gaps", "log"]] = set()
        self._wipe_again = 0.0
        self._writer = threading.Thread(target=self._write_all, name="konwent-writer", daemon=True)
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="konwent-reader")
        #: The reader thread's own connection: opening one, with its schema read anew, costs more than most reads.
        self._reading: Connection | None = None
        self._closed = False
        self._writer.start()

    async def write(self, unit: Unit[T]) -> T:
        """Run ``unit`` on the writer thread; its value comes after the commit it shared."""
        if self._closed:
            raise RuntimeError("the store is closed")
        job = _Job(unit)
        self._jobs.put(job)
        return cast(T, await asyncio.wrap_future(job.done))

    async def read(self, unit: Unit[T]) -> T:
        """Run ``unit`` on the reader thread in a snapshot; the connection refuses changes."""
        return await asyncio.get_running_loop().run_in_executor(self._reader, self._read, unit)

    async def scrub(self) -> bool:
        """Rewrite the file without its free space and empty the write-ahead log; both may hold what was deleted.

        ``secure_delete`` zeroes what is freed, but not the copies a page keeps in its gaps after it was rebuilt (tried: in one of
        four databases of random rows such a copy survived), so only VACUUM is sure. It takes as long as copying the file, which an
        erasure is worth. A reader's snapshot may keep the log from being emptied; then it is tried again after each commit.
        """
        if self._closed:
            raise RuntimeError("the store is closed")
        asked = _Scrub()
        self._jobs.put(asked)
        return await asyncio.wrap_future(asked.done)

    async def close(self) -> None:
        """Let the writer finish what waits, then close the file."""
        if not self._closed:
            self._closed = True
            self._jobs.put(None)
            await asyncio.to_thread(self._writer.join)
            self._reader.submit(self._stop_reading)
            await asyncio.to_thread(self._reader.shutdown)
            self._engine.dispose()

    # --- the writer thread ------------------------------------------------------------------------------------------

    def _write_all(self) -> None:
        connection: Connection | None = None
        stop = False
        while not stop:
            batch: list[_Job] = []
            scrub: _Scrub | None = None
            with contextlib.suppress(queue.Empty):
                item = self._jobs.get()
                while item is not None and not isinstance(item, _Scrub):
                    batch.append(item)
                    if len(batch) == MOST_IN_A_COMMIT:
                        break
                    item = self._jobs.get_nowait()
                stop = item is None
                scrub = item if isinstance(item, _Scrub) else None
            if batch:
                connection = self._commit(connection, batch)
            if scrub is not None or (self._traces and time.monotonic() >= self._wipe_again):
                connection = self._wipe(connection, scrub)
        if connection is not None:
            connection.close()

    def _commit(self, connection: Connection | None, batch: list[_Job]) -> Connection | None:
        """Run a batch in one transaction and tell every waiter; give the connection to go on with, if it is still sound."""
        try:
            connection = connection or self._engine.connect()
            raw = cast(sqlite3.Connection, connection.connection.dbapi_connection)
            raw.execute("BEGIN IMMEDIATE")  # take the write lock now: a later upgrade could fail with work already done
            for job in batch:
                raw.execute("SAVEPOINT unit")
                try:
                    job.value = job.unit(connection)
                except BaseException as error:  # noqa: BLE001 - handed to whoever asked, whatever it is
                    job.error = error
                    raw.execute("ROLLBACK TO unit")
                raw.execute("RELEASE unit")
            raw.execute("COMMIT")
        except BaseException as error:  # noqa: BLE001 - the whole batch failed; everyone must be told
            for job in batch:
                job.error = error
            if connection is not None:
                with contextlib.suppress(Exception):
                    connection.invalidate()  # drops the file handle, and with it the open transaction
                    connection.close()
            connection = None
        for job in batch:
            if not job.done.set_running_or_notify_cancel():
                continue  # the one who asked has gone; the work stands all the same
            if job.error is None:
                job.done.set_result(job.value)
            else:
                job.done.set_exception(_told(job.error))
        return connection

    def _wipe(self, connection: Connection | None, asked: _Scrub | None) -> Connection | None:
        """Wipe traces: patiently where somebody waits for it, else only if nobody is in the way. Gives the connection to go on with."""
        if asked is not None:
            self._traces = {"gaps", "log"}
        try:
            connection = connection or self._engine.connect()
            raw = cast(sqlite3.Connection, connection.connection.dbapi_connection)
            raw.execute(f"PRAGMA busy_timeout={WIPE_SECONDS * 1000 if asked is not None else 0}")
            try:
                if "gaps" in self._traces:
                    raw.execute("VACUUM")
                    self._traces.discard("gaps")
                (busy, _, _) = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                if not busy:
                    self._traces.discard("log")
            finally:
                raw.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
        except (DBAPIError, sqlite3.Error):  # somebody else holds the file, or the disk is full
            log.warning("what was deleted cannot be wiped from the database's files yet", exc_info=True)
            # Emptying the log costs next to nothing and may be tried after each commit; rewriting a file on a full disk does not.
            self._wipe_again = time.monotonic() + (WIPE_AGAIN_SECONDS if "gaps" in self._traces else 0)
        if asked is not None and asked.done.set_running_or_notify_cancel():
            asked.done.set_result(not self._traces)
        return connection

    # --- the reader thread ------------------------------------------------------------------------------------------

    def _read(self, unit: Unit[T]) -> T:
        """Run one read in its snapshot; between reads the connection stays open and holds no lock."""
        try:
            connection = self._reading = self._reading or self._engine.connect()
            raw = cast(sqlite3.Connection, connection.connection.dbapi_connection)
            raw.execute("PRAGMA query_only=ON")
            raw.execute("BEGIN")
            try:
                return unit(connection)
            finally:
                raw.execute("ROLLBACK")
        except (DBAPIError, sqlite3.Error) as error:
            if self._reading is not None:
                with contextlib.suppress(Exception):
                    self._reading.invalidate()
                    self._reading.close()
                self._reading = None
            raise _told(error) from error

    def _stop_reading(self) -> None:
        if self._reading is not None:
            self._reading.close()
            self._reading = None


def _engine(path: Path) -> Engine:
    # SQLAlchemy is told "autocommit" so that it never opens or ends a transaction: the writer thread alone does.
    # NullPool: the writer keeps its one connection and the reader its own; sharing one file handle would share locks.
    engine = create_engine(
        f"sqlite:///{path}",
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False, "cached_statements": 512},
        skip_autocommit_rollback=True,
    )

    @event.listens_for(engine, "connect")
    def _prepare(raw: sqlite3.Connection, _record: object) -> None:
        raw.isolation_level = None
        raw.execute("PRAGMA foreign_keys=ON")
        raw.execute("PRAGMA secure_delete=ON")  # what is deleted is zeroed in its page (see scrub for what that leaves)
        raw.execute("PRAGMA journal_mode=WAL")  # stays in the file; a no-op after the first time
        raw.execute("PRAGMA synchronous=FULL")  # a commit is on disk, not only in the system's cache

    return engine


def _told(error: BaseException) -> BaseException:
    """Give the sentence for a fault of the database; any other error as it is."""
    if isinstance(error, sqlite3.Error):
        error = DBAPIError.instance(None, None, error, sqlite3.Error)
    return explain(error) or error
