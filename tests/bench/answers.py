"""(a) Card answers a second, the whole ordinary way, and how long one takes with fifty phones at once.

Three bots stay up side by side: the bare one, and ``konwent-bot run`` on SQLite and on PostgreSQL. Rounds take turns among them,
in changing order; only one is under load at a time. The bot has a core to itself, the phones and PostgreSQL share the other.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tests.bench import machine
from tests.bench.databases import postgres
from tests.bench.figures import Figure, median, percentile, ratios
from tests.bench.telegram import SECRET, TOKEN

#: Longest start of a bot, in seconds.
START: Final = 90.0
#: Seconds a bot is under load before counting begins.
WARM: Final = 0.7

SIDES: Final = ("bare", "sqlite", "postgresql")


@dataclass(frozen=True, slots=True)
class Length:
    """How long and how often a side is measured, by how many phones, over how many people with how many cards each."""

    rounds: int
    seconds: float
    phones: int
    people: int
    cards: int


FULL: Final = Length(7, 3.0, phones=50, people=200, cards=30)
QUICK: Final = Length(1, 0.7, phones=10, people=10, cards=40)


@dataclass
class Counted:
    """What the rounds of one side gave."""

    per_second: list[float] = field(default_factory=list)
    p50: list[float] = field(default_factory=list)
    p99: list[float] = field(default_factory=list)
    driver: list[float] = field(default_factory=list)
    bot: list[float] = field(default_factory=list)
    each: list[float] = field(default_factory=list)


class Driver:
    """The stand-in process, by its orders."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def order(self, **what: Any) -> dict[str, Any]:
        """Give an order and wait for what comes of it. Raises ``RuntimeError`` with the stand-in's words."""
        said: dict[str, Any] = json.loads(machine.ask(self.process, json.dumps(what)))
        if "error" in said:
            raise RuntimeError(f"{what.get('name')}: {said['error']}")
        return said

    def await_bot(self, name: str, bot: subprocess.Popen[str]) -> None:
        """Wait until a bot has set its webhook. Raises ``RuntimeError`` when it stops instead, or takes too long."""
        until = time.monotonic() + START
        while not self.order(do="ready", name=name)["ready"]:
            if bot.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"the bot {name} does not start (exit code {bot.poll()})")
            time.sleep(0.1)


def measure(place: Path, length: Length) -> list[Figure]:
    """Measure; give the figures."""
    counted = {side: Counted() for side in SIDES}
    with _bots(place, length) as (driver, bots):
        for side in SIDES:
            driver.await_bot(side, bots[side])
        for side in SIDES:
            driver.order(do="rehearse", name=side)
        same_words(driver)
        for number in range(length.rounds):
            for side in SIDES[number % 3 :] + SIDES[: number % 3]:
                take_turn(driver, side, bots[side].pid, length.seconds, counted[side])
    return _figures(counted)


def same_words(driver: Driver) -> None:
    """Hold what the first phone was shown by our house against what the bare bot showed it: word for word the same card.

    Raises:
        AssertionError: they differ, so the two sides did not do the same.
    """
    shown = {side: driver.order(do="transcript", name=side)["transcript"] for side in SIDES}
    length = min(len(said) for said in shown.values())
    assert length > 20, f"the first card was not filled in to its end: {length} screens"
    for side in SIDES[1:]:
        for number, (ours, bare) in enumerate(zip(shown[side], shown["bare"], strict=False)):
            assert ours == bare, f"screen {number} of {side} is not the bare bot's:\n{ours}\n{bare}"


def take_turn(driver: Driver, side: str, process: int, seconds: float, counted: Counted) -> None:
    """Put one side under load and count what came of it."""
    before = machine.cpu_seconds(process)
    said = driver.order(do="play", name=side, warm=WARM, seconds=seconds)
    if not said["latencies"]:
        raise RuntimeError(f"{side} gave no answer within {WARM + seconds} s")
    counted.per_second.append(said["committed"] / said["seconds"])
    counted.p50.append(percentile(said["latencies"], 0.50) * 1000)
    counted.p99.append(percentile(said["latencies"], 0.99) * 1000)
    counted.driver.append(said["busy"] * 100)
    used = machine.cpu_seconds(process) - before
    counted.bot.append(used / said["wall"] * 100)
    counted.each.append(used / said["touches"] * 1e6)


@contextmanager
def _bots(place: Path, length: Length) -> Iterator[tuple[Driver, dict[str, subprocess.Popen[str]]]]:
    """Make the data, start the stand-in and the three bots."""
    bot_cores, rest = machine.cores()
    with ExitStack() as opened:
        addresses = {
            "sqlite": f"sqlite:///{place / 'answers.sqlite3'}",
            "postgresql": opened.enter_context(postgres(place, rest)),
        }
        for side, url in addresses.items():
            (place / side).mkdir()
            prepare(url, place / side, length.people, length.cards)
        write_script(place / "answers.sqlite3", place / "sqlite")
        driver = Driver(machine.spawn(machine.python("tests.bench.telegram"), on=rest, talk=True))
        opened.callback(machine.stopped, driver.process)
        bots = {}
        for side in SIDES:
            cards = place / ("sqlite" if side == "bare" else side) / "cards.json"
            api = driver.order(do="open", name=side, cards=str(cards), phones=length.phones)["api"]
            if side == "bare":
                env = telegram_env(api) | {"KONWENT_BENCH_SCRIPT": str(place / "sqlite" / "script.json")}
                bots[side] = machine.spawn(machine.python("tests.bench.bare_bot"), on=bot_cores, env=env)
            else:
                env = telegram_env(api) | {"KONWENT_DATABASE_URL": addresses[side]}
                bots[side] = machine.spawn(command("run"), on=bot_cores, env=env)
            opened.callback(machine.stopped, bots[side])
        yield driver, bots


def prepare(url: str, folder: Path, people: int, rounds: int, *, opened: bool = False, languages: str = "pl") -> None:
    """Fill a database in a process of its own; ``languages`` (``pl,en``) are dealt out in turn."""
    more = ["--languages", languages, *(["--opened"] if opened else [])]
    arguments = [url, str(folder), "--people", str(people), "--rounds", str(rounds), *more]
    subprocess.run(machine.python("tests.bench.data", *arguments), check=True, stdout=subprocess.DEVNULL)


def write_script(database: Path, folder: Path) -> Path:
    """Write down what the house says in the first card of ``folder/cards.json``, from a copy of the database."""
    copy = folder / "script.sqlite3"
    shutil.copy(database, copy)
    subprocess.run(machine.python("tests.bench.script", f"sqlite:///{copy}", str(folder)), check=True)
    return folder / "script.json"


def telegram_env(api: str) -> dict[str, str]:
    """Give the settings of a bot that the stand-in calls."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return {
        "KONWENT_TELEGRAM_TOKEN": TOKEN,
        "KONWENT_TELEGRAM_API": api,
        "KONWENT_TELEGRAM_MODE": "webhook",
        "KONWENT_WEBHOOK_SECRET": SECRET,
        "KONWENT_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "KONWENT_PORT": str(port),
        "KONWENT_LOG_LEVEL": "warning",
    }


def command(*arguments: str) -> list[str]:
    """Give the installed command with arguments."""
    return [str(Path(sys.executable).parent / "konwent-bot"), *arguments]


def _figures(counted: dict[str, Counted]) -> list[Figure]:
    bare = counted["bare"]
    found: list[Figure] = []
    for side, name in (("sqlite", "SQLite"), ("postgresql", "PostgreSQL")):
        ours = counted[side]
        found += ratios(f"card answers/s, {name} : bare", ours.per_second, bare.per_second, ">= 0.40")
        found += ratios(f"p99 of an answer, {name} : bare", ours.p99, bare.p99, "<= 3")
    for side, name in (("bare", "bare aiogram"), ("sqlite", "SQLite"), ("postgresql", "PostgreSQL")):
        ours = counted[side]
        found += [
            Figure(f"card answers, {name}", median(ours.per_second), "1/s"),
            Figure(f"p50 of an answer, {name}", median(ours.p50), "ms"),
            Figure(f"p99 of an answer, {name}", median(ours.p99), "ms"),
            Figure(f"processor time an answer, {name}", median(ours.each), "µs"),
            Figure(f"bot's core in use, {name}", median(ours.bot), "%"),
            Figure(f"stand-in's core in use, {name}", median(ours.driver), "%"),
        ]
    return found
