"""The sandbox's own file: what changed is written behind the work in batches, and whoever must be sure waits for the batch.

Everything hot lives in memory (``world``). A change is marked here; a writer puts all marked changes into one transaction.
``settled()`` returns when everything marked before it is committed, so a kill -9 loses nothing that was reported as accepted.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from konwent_bot.sandbox.shapes import Json, dump

_SCHEMA = """
CREATE TABLE IF NOT EXISTS item (kind TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS body (kind TEXT NOT NULL, key TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY (kind, key));
"""

Row = Callable[[], Json]


class Keep:
    """A key-value file: rows of JSON by kind and key, and bodies of files. Without a path it keeps nothing and nobody waits."""

    def __init__(self, path: Path | None) -> None:
        """Open or create the file; ``OSError`` says what is wrong with it."""
        self._path = path
        self._rows: dict[tuple[str, str], Row | None] = {}
        self._bodies: dict[tuple[str, str], bytes | None] = {}
        self._wake = asyncio.Event()
        self._waiting: list[asyncio.Future[None]] = []
        self._busy = False
        self._broken: OSError | None = None
        self._thread = ThreadPoolExecutor(1, "sandbox-keep")
        self._base: sqlite3.Connection | None = None
        if path is None:
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            base = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=2)
            base.execute("PRAGMA journal_mode=WAL")
            base.execute("PRAGMA synchronous=NORMAL")  # survives kill -9; a power cut may take the last batch of a demo
            base.execute("PRAGMA locking_mode=EXCLUSIVE")
            base.executescript(_SCHEMA)
            base.execute("BEGIN IMMEDIATE")
            base.execute("COMMIT")
        except (sqlite3.Error, OSError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            raise OSError(f"the sandbox cannot use its file {path}: {reason}") from error
        self._base = base

    def rows(self, kind: str) -> Iterator[Json]:
        """Give every row of a kind, in the order of its key's text."""
        if self._base is not None:
            for (body,) in self._base.execute("SELECT body FROM item WHERE kind = ? ORDER BY key", (kind,)):
                yield json.loads(body)

    def bodies(self, kind: str) -> Iterator[tuple[str, bytes]]:
        """Give every file body of a kind."""
        if self._base is not None:
            yield from self._base.execute("SELECT key, body FROM body WHERE kind = ?", (kind,))

    def mark(self, kind: str, key: object, row: Row | None) -> None:
        """Remember that a row changed (or, with None, is gone). ``row`` is asked for its JSON when the batch is written."""
        if self._base is not None:
            self._rows[kind, str(key)] = row
            self._wake.set()

    def mark_body(self, kind: str, key: object, body: bytes | None) -> None:
        """Remember the body of a file (or that it is gone)."""
        if self._base is not None:
            self._bodies[kind, str(key)] = body
            self._wake.set()

    async def settled(self) -> None:
        """Wait until everything marked so far is committed; ``OSError`` when the file refuses."""
        if self._broken:
            raise self._broken
        if self._rows or self._bodies or self._busy:
            waiter = asyncio.get_running_loop().create_future()
            self._waiting.append(waiter)
            self._wake.set()
            await waiter

    async def write_behind(self) -> None:
        """Write batches until cancelled; the server runs exactly one of these."""
        while self._base is not None:
            await self._wake.wait()
            self._wake.clear()
            await self._flush()

    async def _flush(self) -> None:
        assert self._base is not None
        rows, bodies, waiting = self._rows, self._bodies, self._waiting
        self._rows, self._bodies, self._waiting = {}, {}, []
        self._busy = True
        try:
            gone = [key for key, row in rows.items() if row is None]
            kept = [(*key, dump(row())) for key, row in rows.items() if row is not None]
            # shielded: a batch that was taken is written even if the writer is being cancelled; close() comes after it on the thread
            work = asyncio.get_running_loop().run_in_executor(self._thread, self._write, self._base, gone, kept, bodies)
            await asyncio.shield(work)
        except (sqlite3.Error, TypeError, ValueError) as error:  # a full disk, or something that is no JSON
            self._broken = OSError(f"the sandbox cannot write its file {self._path}: {error}")
            for waiter in waiting:
                if not waiter.done():
                    waiter.set_exception(self._broken)
        finally:
            self._busy = False
            for waiter in waiting:
                if not waiter.done():
                    waiter.set_result(None)

    @staticmethod
    def _write(
        base: sqlite3.Connection,
        gone: list[tuple[str, str]],
        kept: list[tuple[str, str, str]],
        bodies: dict[tuple[str, str], bytes | None],
    ) -> None:
        base.execute("BEGIN IMMEDIATE")
        try:
            base.executemany("DELETE FROM item WHERE kind = ? AND key = ?", gone)
            base.executemany("INSERT OR REPLACE INTO item (kind, key, body) VALUES (?, ?, ?)", kept)
            for key, body in bodies.items():
                if body is None:
                    base.execute("DELETE FROM body WHERE kind = ? AND key = ?", key)
                else:
                    base.execute("INSERT OR REPLACE INTO body (kind, key, body) VALUES (?, ?, ?)", (*key, body))
            base.execute("COMMIT")
        except BaseException:
            base.execute("ROLLBACK")
            raise

    async def close(self) -> None:
        """Write what is left and close the file."""
        if self._base is not None:
            await self._flush()
            self._base.close()
            self._base = None
        self._thread.shutdown()
