"""(g) Notices through the whole courier at the platform's rate, and what it costs to ask who is due.

Six hundred people on their telephones are each told something: claimed, asked whether it is still wanted, written, sent, recorded, by a
courier in a process of its own, to a stand-in for Telegram that keeps Telegram's limits, answers after 80 ms and refuses everything for
five seconds after each refusal. The time from the first message to the last record is held against the rate alone.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, func, insert, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from konwent_bot.clock import SystemClock
from konwent_bot.office import dispatch, notices
from konwent_bot.office.door import Door
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.engines import Store, open_store
from konwent_bot.store.migrate import migrate
from konwent_bot.store.tables import DELIVERY, NOTICE, PERSON
from tests.bench import databases, machine
from tests.bench.data import house
from tests.bench.figures import Figure, median
from tests.courier.process import CourierProcess
from tests.sandbox.phone import Sandbox, SandboxProcess

#: Messages a second the courier is set to, and answers a second that go out beside it in the second run.
RATE: Final = 25.0
REPLIES: Final = 5.0
#: What the stand-in does to a message, and to whoever was refused, in seconds.
DELAY, PENALTY = 0.08, 5.0
SETTLED_SECONDS: Final = 180
#: Questions before the measured ones: statements are prepared, and PostgreSQL settles on its plans.
WARM: Final = 10


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured."""

    notices: int
    #: Notices planned for later, few and many, and how often it is asked who is due.
    few: int
    many: int
    asked: int


FULL: Final = Size(600, 1_000, 100_000, 60)
QUICK: Final = Size(30, 100, 1_000, 5)


def measure(place: Path, size: Size) -> list[Figure]:
    """Measure the courier alone and beside answers, then the question who is due on both engines."""
    figures = []
    for beside, replies in (("", 0.0), (f", {REPLIES:.0f} replies/s beside", REPLIES)):
        within = place / f"courier-{replies:.0f}"
        within.mkdir(mode=0o755)
        ratio = asyncio.run(_carried(within, size.notices, replies))
        figures.append(Figure(f"{size.notices} notices at the rate : ideal{beside}", ratio, "ratio", "<= 1.06"))
    _, rest = machine.cores()
    with databases.postgres(place, rest) as address:
        files = (f"sqlite:///{place / 'few.sqlite3'}", f"sqlite:///{place / 'many.sqlite3'}")
        for name, urls in (("SQLite", files), ("PostgreSQL", (address, asyncio.run(_another(address))))):
            few, many = asyncio.run(_asked(urls, size))
            figures += [
                Figure(f"who is due, {size.many:,} notices ahead : {size.few:,}, {name}", many / few, "ratio", "< 1.5"),
                Figure(f"who is due, {size.many:,} notices ahead, {name}", many * 1000, "ms"),
            ]
    return figures


# --- the courier ------------------------------------------------------------------------------------------------------


async def _carried(place: Path, number: int, replies: float) -> float:
    """Let a courier carry notices; give its time against the rate's."""
    sandbox = await SandboxProcess.start(place, data=False, limits=True)
    url = f"sqlite:///{place / 'konwent.sqlite3'}"
    try:
        people = [int((await sandbox.ask("POST", "/phone", {"first_name": "Osoba"}))["id"]) for _ in range(number + 20)]
        for person in people:
            await sandbox.ask("POST", f"/phone/{person}/chat/{sandbox.username}/start", {})
        await sandbox.ask("POST", "/limits", {"on": True, "delay": DELAY, "penalty": PENALTY})
        store = open_store(url)
        door = Door(store, SystemClock(), house())
        await migrate(store)
        await door.act(lambda uow: _announce(uow, people[:number]))
        courier = CourierProcess(sandbox.url, url, place, rate=RATE)
        await courier.start()
        answering = asyncio.Event()
        async with asyncio.TaskGroup() as nursery:
            if replies:
                nursery.create_task(_answers(sandbox, people[number:], replies, answering))
            taken = await _settled(door, number, courier)
            answering.set()
        assert await courier.stop() == 0, courier.said()
        refused = (await sandbox.ask("GET", "/limits"))["refused"]
        assert refused == 0, f"{refused} messages were refused as too many"
        await store.close()
    finally:
        await sandbox.close()
    return taken / ((number - 1) / RATE)


def _announce(uow: UnitOfWork, people: list[int]) -> None:
    values = {"name": "Osoba", "email": "", "language": "pl", "reach": "reachable", "created_at": uow.now, "accepted_at": uow.now}
    for telegram in people:
        person = uow.execute(insert(PERSON).values({**values, "telegram_id": telegram}).returning(PERSON.c.id)).scalar_one()
        notices.announce(uow, recipient=f"person:{person}", occasion="test.convening", subject="news:1", revision=1)


async def _settled(door: Door, number: int, courier: CourierProcess) -> float:
    """Wait until everything was sent; give the seconds from the first message's preparation to the last one's record."""
    sent = select(
        func.count().label("number"), func.min(DELIVERY.c.begun_at).label("began"), func.max(DELIVERY.c.ended_at).label("ended")
    ).where(DELIVERY.c.state == "sent")
    try:
        async with asyncio.timeout(SETTLED_SECONDS):
            while True:
                row = await door.look(lambda uow: uow.execute(sent).one())
                if (count := row.number) == number:
                    return float((row.ended - row.began).total_seconds())
                await asyncio.sleep(0.5)
    except TimeoutError:
        raise AssertionError(f"{count} of {number} notices were sent; the courier said:\n{courier.said()}") from None


async def _answers(sandbox: Sandbox, people: list[int], replies: float, until: asyncio.Event) -> None:
    """Answer people as the chat does, so many times a second, until told to stop."""
    loop = asyncio.get_running_loop()
    at, number = loop.time(), 0
    while not until.is_set():
        said = await sandbox.api("sendMessage", chat_id=people[number % len(people)], text="odpowiedź")
        assert said["ok"], said
        at, number = at + 1 / replies, number + 1
        await asyncio.sleep(max(0.0, at - loop.time()))


# --- who is due -------------------------------------------------------------------------------------------------------


async def _asked(urls: tuple[str, str], size: Size) -> tuple[float, float]:
    """Give the median seconds of asking who is due with few and with many notices planned for later, asked by turns."""
    doors = []
    for url, number in zip(urls, (size.few, size.many), strict=True):
        store = open_store(url)
        await migrate(store)
        await _plan(store, SystemClock().now(), number)
        await store.close()  # SQLite then tidies its log up
        doors.append(Door(open_store(url), SystemClock(), house()))
    taken: tuple[list[float], list[float]] = ([], [])
    for turn in range(size.asked + WARM):
        for door, times in list(zip(doors, taken, strict=True))[:: 1 if turn % 2 else -1]:
            began = time.perf_counter()
            await door.look(_who_is_due)
            await door.act(_take)
            if turn >= WARM:
                times.append(time.perf_counter() - began)
    for door in doors:
        await door.store.close()
    return median(taken[0]), median(taken[1])


async def _another(address: str) -> str:
    """Make a second database on a PostgreSQL server; give its address."""
    there = make_url(address)
    engine = create_async_engine(there.set(drivername="postgresql+asyncpg"), isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text("create database many"))
    await engine.dispose()
    return there.set(database="many").render_as_string(hide_password=False)


async def _plan(store: Store, now: datetime, number: int) -> None:
    """Write notices that are due later, in either channel or in none yet, and tell the database how many they are."""
    channels = ("", "telegram", "mail")

    def work(connection: Connection) -> None:
        rows = [
            {
                "recipient": f"person:{one}", "occasion": "test.reminder", "subject": "news:1", "revision": 1, "address": "",
                "created_at": now, "due_at": now + timedelta(days=1, minutes=one % 10_000), "channel": channels[one % 3],
            }
            for one in range(number)
        ]  # fmt: skip
        connection.execute(insert(NOTICE), rows)
        connection.execute(text("analyze"))

    await store.write(work)


def _take(uow: UnitOfWork) -> None:
    """Claim, where there is nothing to be claimed."""
    assert dispatch.claim(uow, real=SystemClock().now(), most=40, channel="telegram") == []


def _who_is_due(uow: UnitOfWork) -> None:
    """Ask all that a courier asks every two seconds, and whoever watches it."""
    real = SystemClock().now()
    asked: tuple[Callable[[], object], ...] = (
        lambda: dispatch.anything(uow, real=real, channel="telegram"),
        lambda: dispatch.anything(uow, real=real, channel="mail"),
        lambda: notices.oldest_due(uow),
    )
    assert [bool(ask()) for ask in asked] == [False, False, False]
