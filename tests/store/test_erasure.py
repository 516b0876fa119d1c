"""After an erasure nothing personal is left in any file, nor in any column; before it, the same search finds all of it."""

from __future__ import annotations

import sqlite3
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
import structlog
from sqlalchemy import select, text
from sqlalchemy.engine import Connection
from sqlmodel import SQLModel
from tests.office.rich import BOGDAN, DRAFT, NAME, PERSONAL, SENT, opened, settle, spoken_of
from tests.test_logs import restored

from konwent_bot import logs
from konwent_bot.office import privacy
from konwent_bot.office.door import Door
from konwent_bot.office.rights import Actor
from konwent_bot.office.unit import House
from konwent_bot.store import sqlite as sqlite_store
from konwent_bot.store.backup import back_up
from konwent_bot.store.engines import Store
from konwent_bot.store.sqlite import SqliteStore

__all__ = ["restored"]


@pytest.fixture
def house(house: House, tmp_path: Path) -> House:
    """The secretariat of these tests writes erasures down."""
    return replace(house, erasures=tmp_path / "data" / "erasures.jsonl")


def _columns(connection: Connection) -> bytes:
    """Give every value of every column of every table, one after another."""
    found: list[bytes] = []
    for table in SQLModel.metadata.sorted_tables:
        for row in connection.execute(select(table)):
            found += [value if isinstance(value, bytes) else str(value).encode() for value in row]
    return b"\n".join(found)


def _files(folder: Path) -> bytes:
    """Give what stands in every file of a folder, and in the members of archives."""
    found = []
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        found.append(path.read_bytes())
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                found += [archive.read(name) for name in archive.namelist()]
    return b"\n".join(found)


async def _everything(door: Door, tmp_path: Path, name: str) -> bytes:
    """Give all that a thief of the whole machine could read: columns, files of the database, a new backup, the log."""
    folder = tmp_path / name
    folder.mkdir()
    await back_up(door.store, folder, now=door.clock.now(), program="1")
    return b"\n".join([await door.store.read(_columns), _files(folder), _database(tmp_path)])


def _database(folder: Path) -> bytes:
    """Give SQLite's file and its log; nothing on PostgreSQL, whose files are its own."""
    return b"\n".join(path.read_bytes() for path in sorted(folder.iterdir()) if path.name.startswith("konwent.sqlite3"))


async def test_nothing_personal_is_left(door: Door, tmp_path: Path, restored: None, capsys: pytest.CaptureFixture[str]) -> None:
    """Żaneta is erased: no file, log or backup made from now on holds her name, addresses, number or unsent words."""
    logs.configure("debug", "json")
    made = await settle(door)
    found = spoken_of(await _everything(door, tmp_path, "before"))
    assert sorted(found) == sorted(PERSONAL), "the search must be able to find what it looks for"

    await door.act(lambda uow: privacy.erase(uow, Actor(made.person), made.person))
    structlog.get_logger("tests").info("erased", person=made.person)

    after = await _everything(door, tmp_path, "after")
    assert spoken_of(after) == []
    assert spoken_of(after, (SENT,)) == [SENT], "what was sent is the institution's, and stays"
    assert spoken_of((tmp_path / "data" / "erasures.jsonl").read_bytes()) == []
    log = capsys.readouterr().err.encode()
    assert b'"event": "erased"' in log
    assert spoken_of(log) == []


async def test_each_kind_of_trace_is_looked_for(door: Door, tmp_path: Path) -> None:
    """A single draft left behind, or a single name in one seat, is found by the search above."""
    made = await settle(door)
    await door.act(lambda uow: privacy.erase(uow, Actor(made.person), made.person))
    for number, (statement, word) in enumerate(
        (("update seat set title = :word", NAME), ("update notice set address = :word", NAME), ("update card set role = role, answers = :word", DRAFT))
    ):  # fmt: skip
        await door.act(lambda uow, s=statement, w=word: uow.execute(text(s).bindparams(word=w)) and None)  # type: ignore[misc]  # mypy cannot infer a lambda with defaults
        assert spoken_of(await _everything(door, tmp_path, f"trace-{number}")) != []


async def test_leaving_wipes_the_draft_and_the_number(door: Door, tmp_path: Path) -> None:
    """Who leaves is not erased, but unsent words and the Telegram number are gone from the files."""
    made = await settle(door)
    await door.act(lambda uow: privacy.leave(uow, made.person))
    found = spoken_of(await _everything(door, tmp_path, "left"))
    assert NAME in found
    assert not {DRAFT, PERSONAL[4]} & set(found)


# --- the store's part -------------------------------------------------------------------------------------------------


def _log_of(store: SqliteStore) -> Path:
    return store.path.with_name(store.path.name + "-wal")


def _drop(connection: Connection) -> None:
    connection.execute(text("drop table if exists words"))
    connection.execute(text("create table words (id integer primary key, said text, more text)"))


@pytest.mark.parametrize("engine_name", ["sqlite"])  # PostgreSQL's files are its own
async def test_gaps_of_pages_are_wiped_too(store: Store) -> None:
    """Zeroing what is freed leaves copies in pages that were rebuilt; after scrubbing there are none, whatever happened before."""
    assert isinstance(store, SqliteStore)
    await store.write(_drop)
    data = b""
    for round_ in range(6):

        def much(connection: Connection, round_: int = round_) -> None:
            for number in range(120):
                said = {"said": f"TAJNE{number}", "more": "x" * (7 * number * round_ % 900) + f"TAJNE{number}"}
                connection.execute(text("insert into words (said, more) values (:said, :more)"), said)
                if number % 3 == 0:
                    connection.execute(text("update words set more = more || 'TAJNE' where id % 7 = :n"), {"n": number % 7})

        await store.write(much)
    await store.write(lambda connection: connection.execute(text("update words set said = '', more = ''")) and None)
    assert b"TAJNE" in store.path.read_bytes() + _log_of(store).read_bytes()
    assert await store.scrub()
    data = store.path.read_bytes() + _log_of(store).read_bytes()
    assert b"TAJNE" not in data
    assert await store.read(lambda connection: connection.execute(text("select count(*) from words")).scalar_one()) == 720


@pytest.mark.parametrize("engine_name", ["sqlite"])
async def test_a_reader_delays_wiping_but_nobody_waits_long(store: Store) -> None:
    """While a backup reads, the log cannot be emptied: the store says so, goes on, and empties it after the next commit."""
    assert isinstance(store, SqliteStore)
    await store.write(_drop)
    await store.write(lambda c: c.execute(text("insert into words (said) values ('TAJNE słowo')")) and None)
    reader = sqlite3.connect(store.path)
    reader.execute("begin")
    assert reader.execute("select count(*) from words").fetchone() == (1,)
    await store.write(lambda c: c.execute(text("delete from words")) and None)
    assert not await store.scrub()
    assert b"TAJNE" in store.path.read_bytes() + _log_of(store).read_bytes()
    await store.write(lambda c: c.execute(text("insert into words (said) values ('jawne')")) and None)
    reader.close()
    await store.write(lambda c: c.execute(text("insert into words (said) values ('jawne')")) and None)
    await store.write(lambda c: c.execute(text("select 1")) and None)  # comes after the wiping, which nobody waits for
    assert b"TAJNE" not in store.path.read_bytes() + _log_of(store).read_bytes()


async def test_scrubbing_gives_no_number_twice(door: Door) -> None:
    """Rewriting the file keeps the counters: the number of whoever is gone is never given to somebody else."""
    made = await settle(door)
    last = "select max(id) from dialogue"
    before = await door.look(lambda uow: uow.execute(text(last)).scalar_one())
    await door.act(lambda uow: privacy.erase(uow, Actor(made.person), made.person))
    assert await door.store.scrub()
    talk = await door.act(lambda uow: opened(uow, BOGDAN, made.round, made.membership, change=True))
    assert talk.id > before


@pytest.mark.parametrize("engine_name", ["sqlite"])
async def test_a_file_somebody_holds_is_rewritten_later(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another program writes at that moment: the erasure stands, the store says that traces are left, and wipes them in time."""
    assert isinstance(store, SqliteStore)
    monkeypatch.setattr(sqlite_store, "WIPE_SECONDS", 0)
    monkeypatch.setattr(sqlite_store, "WIPE_AGAIN_SECONDS", 0)
    await store.write(_drop)
    await store.write(lambda c: c.execute(text("insert into words (said) values ('TAJNE słowo')")) and None)
    await store.write(lambda c: c.execute(text("delete from words")) and None)
    other = sqlite3.connect(store.path, isolation_level=None)
    other.execute("begin immediate")
    assert not await store.scrub()
    other.execute("rollback")
    other.close()
    for _ in range(2):  # the second comes after the wiping
        await store.write(lambda c: c.execute(text("select 1")) and None)
    assert b"TAJNE" not in store.path.read_bytes() + _log_of(store).read_bytes()
