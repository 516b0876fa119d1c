"""A power cut at any moment of a backup or a restore: there is a whole one, or none."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
import time
from pathlib import Path

from sqlalchemy import Connection, insert, select
from tests.cli.program import environment
from tests.store import full

from konwent_bot.store.backup import back_up, check
from konwent_bot.store.engines import Store, open_store
from konwent_bot.store.migrate import migrate, standing
from konwent_bot.store.tables import SEEN_UPDATE

ROWS = 10_000
KILLS = 4


def many(connection: Connection) -> None:
    full.fill(connection)
    connection.execute(insert(SEEN_UPDATE), [{"bot_id": 1, "update_id": number, "at": full.LATER} for number in range(ROWS)])


async def killed(after: float | None, *words: str, url: str, folder: Path) -> int:
    """Run a command of the program and cut it off after so many seconds; give its exit code."""
    given = environment({"KONWENT_DATABASE_URL": url, "KONWENT_DATA_DIR": str(folder / "data")})
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "konwent_bot.cli", *words, env=given, cwd=folder,
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        return await asyncio.wait_for(process.wait(), after)
    except TimeoutError:
        process.send_signal(signal.SIGKILL)
        return await process.wait()


async def moments(*words: str, url: str, folder: Path) -> list[float]:
    """Time a whole run, and give moments at which to cut the following ones: from when it has loaded itself to its end."""
    began = time.monotonic()
    assert await killed(None, *words, url=url, folder=folder) == 0
    whole = time.monotonic() - began
    chance = random.Random(11)
    return [whole * chance.uniform(0.4, 1.0) for _ in range(KILLS)]


async def test_a_killed_backup_leaves_no_half_a_file(store: Store, database_url: str, tmp_path: Path) -> None:
    """Whatever is there under the name of a backup is whole; the next one works and takes the remains away."""
    await store.write(many)
    folder = tmp_path / "kopie"
    folder.mkdir()
    codes = []
    for number, moment in enumerate(
        await moments("backup", "--to", str(tmp_path / "first.zip"), url=database_url, folder=tmp_path)
    ):
        codes.append(await killed(moment, "backup", "--to", str(folder / f"{number}.zip"), url=database_url, folder=tmp_path))
    assert -signal.SIGKILL in codes
    whole = sorted(folder.glob("[0-9]*.zip"))
    assert len(whole) >= codes.count(0)
    for path in whole:
        assert check(path).rows == check(tmp_path / "first.zip").rows
    for part in folder.glob(".*.part"):
        os.utime(part, (1, 1))
    await back_up(store, folder / "last.zip", now=full.LATER, program="1")
    assert {path.name for path in folder.iterdir()} == {*(path.name for path in whole), "last.zip"}


async def test_a_killed_restore_leaves_an_empty_database_or_all_of_it(empty_database_url: str, tmp_path: Path) -> None:
    """After a power cut the same command brings everything back, unless everything is back already."""
    source = open_store(f"sqlite:///{tmp_path / 'source.sqlite3'}")
    await migrate(source)
    await source.write(many)
    before = await full.rows(source)
    path = (await back_up(source, tmp_path / "kopia.zip", now=full.LATER, program="1")).path
    await source.close()
    trial = f"sqlite:///{tmp_path / 'trial.sqlite3'}"  # how long it takes, more or less
    words = ("restore", "--yes", str(path))
    codes = []
    for moment in await moments(*words, url=trial, folder=tmp_path):
        codes.append(await killed(moment, *words, url=empty_database_url, folder=tmp_path))
        store = open_store(empty_database_url)
        back = await standing(store) != "empty"
        held = await store.read(lambda c: c.execute(select(SEEN_UPDATE.c.update_id)).all()) if back else []
        await store.close()
        if back:
            assert len(held) == ROWS + 1
            break
    else:
        assert await killed(None, *words, url=empty_database_url, folder=tmp_path) == 0
    assert -signal.SIGKILL in codes
    store = open_store(empty_database_url)
    assert await full.rows(store) == before
    await store.close()
