"""Both engines keep the same promises."""

from __future__ import annotations

import asyncio
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Column, Connection, Integer, MetaData, Table, insert, select, text, update
from sqlalchemy.exc import OperationalError

from konwent_bot.errors import KonwentError, Misconfigured
from konwent_bot.store.engines import Store, open_store
from konwent_bot.store.faults import explain
from konwent_bot.store.migrate import migrate, require_current, standing
from konwent_bot.store.tables import SEEN_UPDATE

COUNTER = Table("counter", MetaData(), Column("id", Integer, primary_key=True), Column("value", Integer))


@pytest.fixture
async def counter(store: Store) -> Store:
    def make(connection: Connection) -> None:
        connection.execute(text("create table counter (id integer primary key, value integer not null)"))
        connection.execute(insert(COUNTER).values(id=1, value=0))

    await store.write(make)
    return store


async def test_forty_parallel_increments_make_forty(counter: Store) -> None:
    """Forty people press at once and forty presses count (with a driver's defaults it would be one, without an error)."""

    def increment(connection: Connection) -> None:
        row = select(COUNTER.c.value).where(COUNTER.c.id == 1).with_for_update()
        value = connection.execute(row).scalar_one()
        connection.execute(update(COUNTER).where(COUNTER.c.id == 1).values(value=value + 1))

    await asyncio.gather(*(counter.write(increment) for _ in range(40)))
    assert await counter.read(lambda c: c.execute(select(COUNTER.c.value)).scalar_one()) == 40


async def test_a_failing_unit_of_work_is_rolled_back_alone(counter: Store) -> None:
    """One act that fails among many that share a commit leaves no trace and harms nobody else."""

    def add(connection: Connection, number: int) -> int:
        connection.execute(insert(COUNTER).values(id=number, value=number))
        if number % 3 == 0:
            raise ValueError(number)
        return number

    answers = await asyncio.gather(
        *(counter.write(lambda c, n=n: add(c, n)) for n in range(2, 32)),  # type: ignore[misc]  # mypy does not see defaults
        return_exceptions=True,
    )
    kept = await counter.read(lambda c: c.execute(select(COUNTER.c.id).where(COUNTER.c.id > 1)).scalars().all())
    assert sorted(kept) == [n for n in range(2, 32) if n % 3]
    assert sum(isinstance(answer, ValueError) for answer in answers) == 10


async def test_a_broken_constraint_does_not_stop_the_next_unit_of_work(counter: Store) -> None:
    """After a double press is refused by the database, the secretariat goes on."""
    with pytest.raises(Exception, match=r"(?i)unique"):
        await counter.write(lambda c: c.execute(insert(COUNTER).values(id=1, value=9)))
    await counter.write(lambda c: c.execute(insert(COUNTER).values(id=2, value=9)))
    assert await counter.read(lambda c: c.execute(select(COUNTER.c.value).where(COUNTER.c.id == 2)).scalar_one()) == 9


async def test_reading_cannot_change_anything(counter: Store) -> None:
    """A screen that is only shown cannot write, even by mistake."""
    with pytest.raises(KonwentError):
        await counter.read(lambda c: c.execute(update(COUNTER).values(value=7)))
    assert await counter.read(lambda c: c.execute(select(COUNTER.c.value)).scalar_one()) == 0


async def test_instants_come_back_in_utc(store: Store) -> None:
    """An hour in Warsaw is the same instant after a restart, on both engines."""
    warsaw = datetime.fromisoformat("2026-07-01T10:00:00.123456+02:00")
    await store.write(lambda c: c.execute(insert(SEEN_UPDATE).values(bot_id=1, update_id=2, at=warsaw)))
    back = await store.read(lambda c: c.execute(select(SEEN_UPDATE.c.at)).scalar_one())
    assert back == warsaw
    assert back.tzinfo is UTC
    naive = datetime(2026, 7, 1)  # noqa: DTZ001 - the point of the test
    with pytest.raises(Exception, match="without a time zone"):
        await store.write(lambda c: c.execute(insert(SEEN_UPDATE).values(bot_id=1, update_id=3, at=naive)))


async def test_an_empty_database_is_prepared_once(empty_database_url: str) -> None:
    """Two programs started at once prepare the database once, and both go on."""
    first, second = open_store(empty_database_url), open_store(empty_database_url)
    assert await standing(first) == "empty"
    with pytest.raises(Misconfigured, match="konwent-bot migrate"):
        await require_current(first)
    done = await asyncio.gather(migrate(first), migrate(second))
    assert sorted(done) == [False, True]
    await require_current(second)
    await first.close()
    await second.close()


async def test_a_database_of_a_newer_program_is_left_alone(store: Store) -> None:
    """An old program beside a newer database says so and touches nothing."""
    await store.write(lambda c: c.execute(text("update alembic_version set version_num = '9999'")))
    with pytest.raises(Misconfigured, match="newer version"):
        await require_current(store)
    with pytest.raises(Misconfigured, match="newer version"):
        await migrate(store)
    assert await store.read(lambda c: c.execute(text("select version_num from alembic_version")).scalar_one()) == "9999"


async def test_migrations_and_tables_agree(store: Store) -> None:
    """The migrations make exactly the tables the program works with."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext
    from sqlmodel import SQLModel

    def difference(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return list(compare_metadata(context, SQLModel.metadata))

    assert await store.write(difference) == []


async def test_constraints_have_names_and_checks_on_both_engines(store: Store) -> None:
    """A rule the database keeps is a rule whoever writes: the named checks of the tables stand in the migrated database."""
    from sqlalchemy import CheckConstraint, inspect
    from sqlmodel import SQLModel

    def checks(connection: Connection) -> set[str]:
        seen = inspect(connection)
        return {str(check["name"]) for table in SQLModel.metadata.tables for check in seen.get_check_constraints(table)}

    wanted = {str(c.name) for t in SQLModel.metadata.tables.values() for c in t.constraints if isinstance(c, CheckConstraint)}
    assert wanted
    assert await store.read(checks) == wanted


def test_every_column_says_what_it_is_for() -> None:
    """A newcomer can read in the code why each piece of data is kept."""
    folder = Path(__file__).parents[2] / "src/konwent_bot/store/tables"
    for module in folder.glob("*.py"):
        lines = module.read_text("utf-8").splitlines()
        for number, line in enumerate(lines):
            if (
                line.startswith("    ")
                and ": " in line
                and not line.startswith("     ")
                and "__" not in line
                and line[4].isalpha()
            ):
                assert lines[number - 1].strip().startswith("#:"), f"{module.name}:{number + 1}: {line.strip()}"


async def test_a_read_only_file_says_so(tmp_path: Path) -> None:
    """A database file without the right to write gives a sentence for the operator, not a stack of calls."""
    path = tmp_path / "db.sqlite3"
    store = open_store(f"sqlite:///{path}")
    await migrate(store)
    await store.close()
    blocked = open_store(f"sqlite:///file:{path}?mode=ro&uri=true")
    with pytest.raises(Misconfigured):
        await blocked.write(lambda c: c.execute(text("delete from person")))
    await blocked.close()


async def test_a_locked_file_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While another program holds the database the answer is a sentence, and after it lets go the work goes on."""
    monkeypatch.setattr("konwent_bot.store.sqlite.BUSY_SECONDS", 0.05)
    path = tmp_path / "db.sqlite3"
    store = open_store(f"sqlite:///{path}")
    await migrate(store)
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(KonwentError, match="Another program holds the database"):
        await store.write(lambda c: c.execute(text("delete from person")))
    holder.execute("ROLLBACK")
    await store.write(lambda c: c.execute(text("delete from person")))
    holder.close()
    await store.close()


@pytest.mark.parametrize("url", ["mysql://x/y", "nonsense", "sqlite://", "sqlite:///:memory:"])
def test_other_databases_are_refused_in_words(url: str) -> None:
    """A wrong address is named as such before anything starts."""
    with pytest.raises(Misconfigured, match="KONWENT_DATABASE_URL"):
        open_store(url)


async def test_an_unreachable_server_says_so() -> None:
    """A database server that does not answer is named, with where to look."""
    store = open_store("postgresql://nobody:secret@127.0.0.1:1/none")
    with pytest.raises(Misconfigured, match="cannot be reached") as caught:
        await store.write(lambda c: c.execute(text("select 1")))
    assert "secret" not in str(caught.value)
    await store.close()


@pytest.mark.parametrize("doing", ["starting up", "shutting down", "in recovery mode", "not yet accepting connections"])
def test_a_server_that_is_being_started_again_is_one_that_cannot_be_reached(doing: str) -> None:
    """Whoever waits for a database that is away waits for one that works through its log too: this is no mistake of ours."""
    said = Exception(f"<class 'asyncpg.exceptions.CannotConnectNowError'>: the database system is {doing}")
    assert "cannot be reached" in str(explain(OperationalError("select 1", {}, said)))


async def test_whoever_gives_up_waiting_harms_nobody(counter: Store) -> None:
    """People who close the app while many press at once take nobody else's press with them."""

    def increment(connection: Connection) -> None:
        row = select(COUNTER.c.value).where(COUNTER.c.id == 1).with_for_update()
        value = connection.execute(row).scalar_one()
        connection.execute(update(COUNTER).where(COUNTER.c.id == 1).values(value=value + 1))

    async with asyncio.TaskGroup() as group:
        pressing = [group.create_task(counter.write(increment)) for _ in range(60)]
        await asyncio.sleep(0)
        for task in pressing[::3]:
            task.cancel()
    stayed = sum(not task.cancelled() for task in pressing)
    assert stayed >= 40
    counted = await counter.read(lambda c: c.execute(select(COUNTER.c.value).where(COUNTER.c.id == 1)).scalar_one())
    assert stayed <= counted <= 60
