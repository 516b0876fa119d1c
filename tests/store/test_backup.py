"""A backup holds everything, comes whole or not at all, and is restored whole or not at all, from either engine into either."""

from __future__ import annotations

import asyncio
import fcntl
import os
import random
import resource
import signal
import stat
import tracemalloc
import zipfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, delete, func, insert, select, text
from sqlmodel import SQLModel
from tests.conftest import _database
from tests.store import full

from konwent_bot.errors import Invalid, Misconfigured, Refused
from konwent_bot.store.backup import back_up, check, restore, rotate
from konwent_bot.store.backup.format import kind_of
from konwent_bot.store.engines import Store, open_store
from konwent_bot.store.migrate import migrate, require_current, standing, upgrade_to
from konwent_bot.store.tables import AUDIT_ENTRY, BODY, PERSON, SEEN_UPDATE

NOW = datetime(2026, 11, 22, 9, 0, 0, 123_456, tzinfo=UTC)


@asynccontextmanager
async def nothing_yet(engine: str, folder: Path, request: pytest.FixtureRequest) -> AsyncIterator[Store]:
    """An empty database of an engine."""
    async with AsyncExitStack() as opened:
        if engine == "sqlite":
            url = f"sqlite:///{folder / 'elsewhere.sqlite3'}"
        else:
            url = await opened.enter_async_context(_database(request.getfixturevalue("postgres_address")))
        store = open_store(url)
        opened.push_async_callback(store.close)
        yield store


@pytest.fixture(params=["sqlite", "postgresql"])
async def elsewhere(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """An empty database of either engine, to restore into."""
    async with nothing_yet(request.param, tmp_path, request) as store:
        yield store


@pytest.fixture
async def other_engine(store: Store, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Store]:
    """An empty database of the engine that ``store`` is not."""
    async with nothing_yet("sqlite" if store.dialect == "postgresql" else "postgresql", tmp_path, request) as other:
        yield other


async def copied(store: Store, folder: Path) -> Path:
    """Back a store up."""
    return (await back_up(store, folder, now=NOW, program="1.2.3")).path


async def brought_back(store: Store, path: Path) -> None:
    """Restore and do nothing else."""
    await restore(store, path, lambda _connection, _manifest: None)


# --- everything comes back --------------------------------------------------------------------------------------------


async def test_everything_comes_back_on_either_engine(store: Store, elsewhere: Store, tmp_path: Path) -> None:
    """Every value of every table - hours, accents, files, settings - is the same after a move to another database and back again."""
    await store.write(full.fill)
    before = await full.rows(store)
    assert all(before.values())
    path = await copied(store, tmp_path)
    await brought_back(elsewhere, path)
    assert await full.rows(elsewhere) == before
    await require_current(elsewhere)
    back = tmp_path / "back.zip"
    await back_up(elsewhere, back, now=NOW, program="1.2.3")
    with zipfile.ZipFile(path) as there, zipfile.ZipFile(back) as here:
        tables = [name for name in there.namelist() if name != "manifest.json"]
        assert len(tables) == len(SQLModel.metadata.tables)
        assert [name for name in tables if sorted(there.read(name).split(b"\n")) != sorted(here.read(name).split(b"\n"))] == []


async def test_the_manifest_says_what_there_is(store: Store, tmp_path: Path) -> None:
    """Whoever finds the file can tell what it is, from when, and that it is whole, without this program."""
    await store.write(full.fill)
    manifest = check(await copied(store, tmp_path))
    assert (manifest.program, manifest.engine, manifest.created_at) == ("1.2.3", store.dialect, NOW)
    assert {table.name: table.rows for table in manifest.tables} == {k: len(v) for k, v in (await full.rows(store)).items()}


async def test_ids_are_never_given_twice(store: Store, elsewhere: Store, tmp_path: Path) -> None:
    """An old button in somebody's phone must not point at a new person, not even after a restore."""

    def person(connection: Connection) -> int:
        return int(connection.execute(insert(PERSON).values(created_at=NOW).returning(PERSON.c.id)).scalar_one())

    given = [await store.write(person) for _ in range(5)]
    await store.write(lambda connection: connection.execute(delete(PERSON).where(PERSON.c.id >= given[2])) and None)
    await brought_back(elsewhere, await copied(store, tmp_path))
    assert await elsewhere.write(person) == given[-1] + 1


async def test_an_empty_installation_can_be_moved_too(store: Store, elsewhere: Store, tmp_path: Path) -> None:
    """A backup of the first day holds nothing, and counts from one when it comes back."""
    await brought_back(elsewhere, await copied(store, tmp_path))
    await elsewhere.write(full.fill)


async def test_a_prepared_database_that_is_empty_is_taken(store: Store, elsewhere: Store, tmp_path: Path) -> None:
    """Whoever ran migrate first may restore all the same."""
    await store.write(full.fill)
    await migrate(elsewhere)
    await brought_back(elsewhere, await copied(store, tmp_path))
    assert await full.rows(elsewhere) == await full.rows(store)


async def test_a_backup_of_an_earlier_version_is_brought_to_this_one(
    empty_database_url: str, elsewhere: Store, tmp_path: Path
) -> None:
    """A backup made before an upgrade is restored by the upgraded program, and works in it."""
    old = open_store(empty_database_url)
    await old.write(lambda connection: upgrade_to(connection, "0001"))
    made = "insert into person (id, name, email, language, reach, created_at) values (7, 'Anna', '', 'pl', 'unknown', '2026-01-02 03:04:05')"
    await old.write(lambda connection: connection.execute(text(made)) and None)
    path = await copied(old, tmp_path)
    await old.close()
    assert check(path).revision == "0001"
    await brought_back(elsewhere, path)
    await require_current(elsewhere)
    found = select(PERSON.c.id, PERSON.c.name, PERSON.c.notice_version)
    assert [tuple(row) for row in await elsewhere.read(lambda c: c.execute(found).all())] == [(7, "Anna", 0)]


def test_every_column_is_of_a_kind_a_backup_can_hold() -> None:
    """A new sort of data cannot be left out of the backups unnoticed."""
    for table in SQLModel.metadata.tables.values():
        for column in table.c:
            kind_of(str(column), getattr(column.type, "impl_instance", column.type))
    from sqlalchemy import Interval

    with pytest.raises(TypeError, match=r"x\.y"):
        kind_of("x.y", Interval())


# --- one snapshot, while the program works ----------------------------------------------------------------------------


async def test_a_backup_is_of_one_moment_though_people_go_on(store: Store, other_engine: Store, tmp_path: Path) -> None:
    """What is done while the copy is made is in it wholly or not at all; nobody has to wait for it."""

    def both(connection: Connection, number: int) -> None:
        connection.execute(insert(AUDIT_ENTRY).values(act="x", subject="", at=NOW))
        connection.execute(insert(SEEN_UPDATE).values(bot_id=1, update_id=number, at=NOW))

    for number in range(3000):
        await store.write(lambda connection, number=number: both(connection, number))  # type: ignore[misc]  # mypy: defaults
    copy = asyncio.get_running_loop().create_future()
    written = 3000
    async with asyncio.TaskGroup() as nursery:

        async def make() -> None:
            copy.set_result(await copied(store, tmp_path))

        nursery.create_task(make())
        while not copy.done():
            await store.write(lambda connection: both(connection, written))  # noqa: B023 - run before the next turn
            written += 1
    await brought_back(other_engine, copy.result())
    found = await full.rows(other_engine)
    assert len(found["audit_entry"]) == len(found["seen_update"])
    assert 3000 <= len(found["audit_entry"]) < written


def many(connection: Connection) -> None:
    connection.execute(insert(SEEN_UPDATE), [{"bot_id": 1, "update_id": number, "at": NOW} for number in range(100_000)])


async def test_a_hundred_thousand_rows_do_not_sit_in_memory(store: Store, other_engine: Store, tmp_path: Path) -> None:
    """A network of many years is copied on the smallest server."""
    await store.write(many)
    tracemalloc.start()
    try:
        path = await copied(store, tmp_path)
        copying = tracemalloc.get_traced_memory()[1]
        tracemalloc.reset_peak()
        await brought_back(other_engine, path)
        bringing = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert await other_engine.read(lambda c: c.execute(select(func.count()).select_from(SEEN_UPDATE)).scalar_one()) == 100_000
    assert max(copying, bringing) < 12_000_000, (copying, bringing)


# --- files ------------------------------------------------------------------------------------------------------------


async def test_nobody_else_may_read_a_backup(store: Store, tmp_path: Path) -> None:
    """The file holds what the database holds, so only the program's own user may open it; its folder may be named, or the file."""
    before = os.umask(0)
    try:
        first = await copied(store, tmp_path)
        second = (await back_up(store, tmp_path / "inna.zip", now=NOW, program="1")).path
    finally:
        os.umask(before)
    assert [path.name for path in (first, second)] == ["konwent-bot-20261122T090000Z.zip", "inna.zip"]
    assert [stat.S_IMODE(path.stat().st_mode) for path in (first, second)] == [0o600, 0o600]


async def test_a_backup_replaces_nothing(store: Store, tmp_path: Path) -> None:
    """A file that is there stays, and no unfinished one is left beside it."""
    there = tmp_path / "list.zip"
    there.write_text("ważne")
    with pytest.raises(Refused, match="never replaces"):
        await back_up(store, there, now=NOW, program="1")
    with pytest.raises(Misconfigured, match="cannot be written"):
        await back_up(store, tmp_path / "nie-ma" / "x.zip", now=NOW, program="1")
    assert there.read_text() == "ważne"
    assert list(tmp_path.rglob("*.zip")) + list(tmp_path.rglob(".konwent*")) == [there]  # noqa: ASYNC240 - a test


async def test_nothing_is_made_of_nothing(empty_database_url: str, tmp_path: Path) -> None:
    """A slip in the address of the database does not give an empty backup that somebody would trust."""
    folder = tmp_path / "kopie"
    folder.mkdir()
    store = open_store(empty_database_url)
    with pytest.raises(Refused, match="nothing to back up"):
        await copied(store, folder)
    await store.close()
    assert list(folder.iterdir()) == []
    assert not (tmp_path / "empty.sqlite3").exists()


async def test_a_full_disk_is_named_and_leaves_nothing(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When there is no room for the file the operator is told so, not that the database cannot be reached."""
    await store.write(
        lambda c: c.execute(insert(BODY).values(**full.MORE["body"] | {"settings": {"x": os.urandom(400_000).hex()}})) and None
    )
    folder = tmp_path / "kopie"
    folder.mkdir()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
    try:
        with pytest.raises(Misconfigured, match="cannot be written"):
            await copied(store, folder)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, before)
    assert list(folder.iterdir()) == []
    await copied(store, folder)


def test_old_backups_go_and_nothing_else(tmp_path: Path) -> None:
    """Files named as we name them, and older than asked, are deleted; others, links and folders stay."""
    old, kept = "konwent-bot-20261101T000000Z.zip", "konwent-bot-20261120T000000Z.zip"
    others = [
        "konwent-bot-20261101T000000Z.zip.gpg",
        "kopia.zip",
        "konwent-bot-20269901T000000Z.zip",
        "x-konwent-bot-20261101T000000Z.zip",
    ]
    for name in (old, kept, *others):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "konwent-bot-20261102T000000Z.zip").mkdir()
    (tmp_path / "konwent-bot-20261103T000000Z.zip").symlink_to(tmp_path / kept)
    gone = rotate(tmp_path, now=NOW, keep=timedelta(days=7))
    assert [path.name for path in gone] == [old]
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {kept, *others, "konwent-bot-20261102T000000Z.zip", "konwent-bot-20261103T000000Z.zip"}


async def test_what_a_killed_backup_left_is_swept_away(store: Store, tmp_path: Path) -> None:
    """Half a copy holds names too; the next backup takes it away, but not one that is being written."""
    dead, busy, fresh = (tmp_path / f".konwent-bot-{name}.part" for name in ("dead", "busy", "fresh"))
    for path in (dead, busy, fresh):
        path.write_text("Anna")
    for path in (dead, busy):
        os.utime(path, (1, 1))
    with busy.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        await copied(store, tmp_path)
    assert [path.exists() for path in (dead, busy, fresh)] == [False, True, True]


# --- what a restore refuses -------------------------------------------------------------------------------------------


async def test_a_database_that_holds_anything_is_left_alone(store: Store, elsewhere: Store, tmp_path: Path) -> None:
    """A restore never writes over what is there, be it one row; nor into somebody else's database."""
    path = await copied(store, tmp_path)
    await migrate(elsewhere)
    await elsewhere.write(lambda c: c.execute(insert(SEEN_UPDATE).values(bot_id=1, update_id=1, at=NOW)) and None)
    before = await full.rows(elsewhere)
    with pytest.raises(Refused, match="not empty"):
        await brought_back(elsewhere, path)
    assert await full.rows(elsewhere) == before


async def test_tables_of_another_program_are_left_alone(store: Store, elsewhere: Store, tmp_path: Path) -> None:
    """An empty database of something else is not ours to fill."""
    path = await copied(store, tmp_path)
    await elsewhere.write(lambda c: c.execute(text('create table "Cudza" (id integer primary key)')) and None)
    with pytest.raises(Refused, match="not empty"):
        await brought_back(elsewhere, path)
    await elsewhere.write(lambda c: c.execute(text('insert into "Cudza" values (1)')) and None)
    assert await standing(elsewhere) == "empty"


async def test_what_fails_afterwards_undoes_the_restore(store: Store, other_engine: Store, tmp_path: Path) -> None:
    """If those erased since cannot be erased again, nobody comes back at all."""
    await store.write(full.fill)
    path = await copied(store, tmp_path)

    def fail(_connection: Connection, _manifest: object) -> None:
        raise Refused("no")

    with pytest.raises(Refused, match="no"):
        await restore(other_engine, path, fail)
    assert await standing(other_engine) == "empty"
    await brought_back(other_engine, path)


async def test_any_damage_is_noticed(tmp_path: Path) -> None:
    """Whichever bit falls over and wherever the file is cut, it is refused in words, or says the very same as before."""
    store = open_store(f"sqlite:///{tmp_path / 'a.sqlite3'}")
    await migrate(store)
    await store.write(full.fill)
    good = await copied(store, tmp_path)
    await store.close()
    whole, manifest, chance = good.read_bytes(), check(good), random.Random(7)
    bad, refused = tmp_path / "bad.zip", 0
    cut = [whole[: chance.randrange(len(whole))] for _ in range(40)]
    flipped = [_flipped(whole, place, chance) for place in chance.sample(range(len(whole)), 400)]
    shifted = [
        whole[:place] + bytes(chance.choice([0, 1, 4])) + whole[place + chance.choice([1, 2, 30]) :]
        for place in chance.sample(range(len(whole)), 60)
    ]
    for data in (*cut, *flipped, *shifted):
        bad.write_bytes(data)
        try:
            found = check(bad)
        except (Invalid, Misconfigured):
            refused += 1
        else:
            assert found == manifest
    assert refused > 400


def _flipped(data: bytes, place: int, chance: random.Random) -> bytes:
    return data[:place] + bytes([data[place] ^ (1 << chance.randrange(8))]) + data[place + 1 :]
