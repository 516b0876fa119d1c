"""What every test of the store, the office and the conversations stands on: both engines, a clock that stands still."""

from __future__ import annotations

import shutil
import tempfile
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import settings
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from konwent_bot import resources
from konwent_bot.clock import FixedClock
from konwent_bot.dialogue.loading import Shelf
from konwent_bot.office.door import Door
from konwent_bot.office.unit import House
from konwent_bot.store.engines import Store, open_store
from konwent_bot.store.migrate import migrate
from tests.postgres import server

#: A Sunday in the second half-year; most tests happen on it.
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)

# Two cores shared with browsers and databases: how long an example takes says nothing about the program.
settings.register_profile("house", deadline=None)
settings.load_profile("house")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--soak", action="store_true", help="run the long races and kill runs too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--soak"):
        for item in items:
            if "soak" in item.keywords:
                item.add_marker(pytest.mark.skip(reason="long; make soak runs it"))


@pytest.fixture(scope="session")
def postgres_address() -> Iterator[str]:
    """A real PostgreSQL server of this test run, as ``postgresql://...`` of its maintenance database."""
    with server() as started:
        started.forget_power_cuts()  # a test's database lives for seconds
        yield started.address


async def _admin(address: str, *statements: str) -> None:
    engine = create_async_engine(make_url(address).set(drivername="postgresql+asyncpg"), isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        for statement in statements:
            await connection.execute(text(statement))
    await engine.dispose()


@asynccontextmanager
async def _database(address: str, template: str = "template1") -> AsyncIterator[str]:
    """A database of one test, gone after it: hundreds of them would fill a disk."""
    name = f"t{uuid.uuid4().hex}"
    await _admin(address, f"create database {name} template {template}")
    yield make_url(address).set(database=name).render_as_string(hide_password=False)
    await _admin(address, f"drop database {name} with (force)")


@pytest.fixture(scope="session")
def _templates() -> dict[str, str]:
    """Databases to copy from, made at first use."""
    return {}


@pytest.fixture(params=["sqlite", "postgresql"])
def engine_name(request: pytest.FixtureRequest) -> str:
    """Every test that asks for a store runs on both engines."""
    return str(request.param)


@pytest.fixture
async def empty_database_url(engine_name: str, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[str]:
    """An address of a database without tables."""
    if engine_name == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
        return
    async with _database(request.getfixturevalue("postgres_address")) as url:
        yield url


async def migrated(url: str) -> None:
    """Give a database its tables."""
    opened = open_store(url)
    await migrate(opened)
    await opened.close()


@asynccontextmanager
async def copied(
    what: str, engine_name: str, folder: Path, request: pytest.FixtureRequest, templates: dict[str, str],
    make: Callable[[str], Awaitable[None]],
) -> AsyncIterator[str]:  # fmt: skip
    """An address of a fresh database of one test (SQLite: a file): a copy of the one that ``make`` made for the first who asked."""
    key = f"{what} {engine_name}"
    if engine_name == "sqlite":
        if key not in templates:
            template = folder / "template.sqlite3"
            await make(f"sqlite:///{template}")
            templates[key] = str(shutil.copy(template, tempfile.mkdtemp(prefix="konwent-sqlite-")))
        target = folder / "konwent.sqlite3"
        shutil.copy(templates[key], target)
        yield f"sqlite:///{target}"
        return
    address = request.getfixturevalue("postgres_address")
    if key not in templates:
        template_name = f"template_{uuid.uuid4().hex}"
        await _admin(address, f"create database {template_name}")
        await make(make_url(address).set(database=template_name).render_as_string(hide_password=False))
        templates[key] = template_name
    async with _database(address, template=templates[key]) as url:
        yield url


@pytest.fixture
async def database_url(
    engine_name: str, tmp_path: Path, request: pytest.FixtureRequest, _templates: dict[str, str]
) -> AsyncIterator[str]:
    """An address of a fresh, migrated database of this test alone (SQLite: a file)."""
    async with copied("migrated", engine_name, tmp_path, request, _templates, migrated) as url:
        yield url


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    """A store on each engine."""
    opened = open_store(database_url)
    yield opened
    await opened.close()


@pytest.fixture
def clock() -> FixedClock:
    """Civil time of the test."""
    return FixedClock(NOW)


@pytest.fixture(scope="session")
def shelf() -> Shelf:
    """The flows as shipped."""
    return Shelf.load(resources.flows())


@pytest.fixture
def house(shelf: Shelf) -> House:
    """The secretariat of the tests."""
    return House(
        flows=shelf,
        zone=ZoneInfo("Europe/Warsaw"),
        bot_username="konwent_test_bot",
        public_url="https://konwent.example",
        controller="KIS w Janowie Lubelskim",
        controller_contact="iod@kis-janow.example",
    )


@pytest.fixture
def door(store: Store, clock: FixedClock, house: House) -> Door:
    """The door of the house, on each engine."""
    return Door(store, clock, house)
