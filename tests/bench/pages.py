"""(e) Card answers a second by pages: a form, its commit, the redirect and the next question's page.

Three sites stay up side by side: the bare one, and ``konwent-bot run --roles web`` on SQLite and on PostgreSQL. Rounds take turns
among them as in (a), with the same cores.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from tests.bench import machine
from tests.bench.answers import SIDES, START, Counted, Driver, Length, command, prepare, take_turn
from tests.bench.databases import postgres
from tests.bench.figures import Figure, median, ratios

FULL: Final = Length(7, 3.0, phones=50, people=50, cards=100)
QUICK: Final = Length(1, 0.7, phones=10, people=10, cards=40)

#: Most by which the bare page may be lighter or heavier than ours, as a part.
ALIKE: Final = 0.08


def measure(place: Path, length: Length) -> list[Figure]:
    """Measure; give the figures."""
    counted = {side: Counted() for side in SIDES}
    with _sites(place, length) as (driver, sites):
        for side in SIDES:
            driver.order(do="rehearse", name=side)
        same_pages(driver)
        for number in range(length.rounds):
            for side in SIDES[number % 3 :] + SIDES[: number % 3]:
                take_turn(driver, side, sites[side].pid, length.seconds, counted[side])
    return _figures(counted)


def same_pages(driver: Driver) -> None:
    """Hold the pages the first browser was shown by our house against the bare site's: word for word the same, and as heavy.

    Raises:
        AssertionError: they differ, so the two sides did not do the same.
    """
    shown = {side: driver.order(do="transcript", name=side)["transcript"] for side in SIDES}
    assert len(shown["bare"]) > 20, f"the first card was not filled in to its end: {len(shown['bare'])} pages"
    for side in SIDES[1:]:
        for number, ((ours, size), (bare, bare_size)) in enumerate(zip(shown[side], shown["bare"], strict=True)):
            assert ours == bare, f"page {number} of {side} is not the bare site's:\n{ours}\n{bare}"
            assert abs(size / bare_size - 1) <= ALIKE, f"page {number} of {side} has {size} bytes, the bare one {bare_size}"


@contextmanager
def _sites(place: Path, length: Length) -> Iterator[tuple[Driver, dict[str, subprocess.Popen[str]]]]:
    """Make the data, start the three sites and the browsers."""
    bot_cores, rest = machine.cores()
    with ExitStack() as opened:
        urls = {"sqlite": f"sqlite:///{place / 'pages.sqlite3'}", "postgresql": opened.enter_context(postgres(place, rest))}
        for side, url in urls.items():
            (place / side).mkdir()
            prepare(url, place / side, length.people, length.cards)
        script = write_script(place / "pages.sqlite3", place / "sqlite")
        sites: dict[str, subprocess.Popen[str]] = {}
        addresses: dict[str, str] = {}
        for side in SIDES:
            addresses[side] = free_address()
            if side == "bare":
                env = {
                    "KONWENT_BENCH_DATABASE": str(place / "bare.sqlite3"),
                    "KONWENT_BENCH_VISITS": str(place / "sqlite" / "visits.json"),
                    "KONWENT_BENCH_PAGES": str(script),
                    "KONWENT_PORT": addresses[side].partition(":")[2],
                }
                sites[side] = machine.spawn(machine.python("tests.bench.bare_page"), on=bot_cores, env=env)
            else:
                sites[side] = site(urls[side], addresses[side], on=bot_cores)
            opened.callback(machine.stopped, sites[side])
        for side in SIDES:
            await_site(addresses[side], sites[side])
        driver = Driver(machine.spawn(machine.python("tests.bench.browsers"), on=rest, talk=True))
        opened.callback(machine.stopped, driver.process)
        for side in SIDES:
            visits = str(place / ("sqlite" if side == "bare" else side) / "visits.json")
            driver.order(do="open", name=side, address=addresses[side], visits=visits, browsers=length.phones)
        yield driver, sites


def site(url: str, address: str, *, on: set[int] | None) -> subprocess.Popen[str]:
    """Start our pages over a database."""
    env = {
        "KONWENT_DATABASE_URL": url,
        "KONWENT_PUBLIC_URL": f"http://{address}",
        "KONWENT_PORT": address.partition(":")[2],
        "KONWENT_LOG_LEVEL": "warning",
    }
    return machine.spawn(command("run", "--roles", "web"), on=on, env=env)


def free_address() -> str:
    """Give an address nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{free.getsockname()[1]}"


def await_site(address: str, process: subprocess.Popen[str]) -> None:
    """Wait until a site listens. Raises ``RuntimeError`` when it stops instead, or takes too long."""
    host, _, port = address.partition(":")
    until = time.monotonic() + START
    while True:
        try:
            socket.create_connection((host, int(port)), timeout=1).close()
        except OSError:
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"the site at {address} does not start (exit code {process.poll()})") from None
            time.sleep(0.1)
        else:
            return


def write_script(database: Path, folder: Path) -> Path:
    """Write down what our pages say in the first card of ``folder/visits.json``, from a copy of the database."""
    copy = folder / "script.sqlite3"
    shutil.copy(database, copy)
    subprocess.run([sys.executable, "-m", "tests.bench.page_script", f"sqlite:///{copy}", str(folder)], check=True)
    return folder / "pages.json"


def _figures(counted: dict[str, Counted]) -> list[Figure]:
    bare = counted["bare"]
    found: list[Figure] = []
    for side, name in (("sqlite", "SQLite"), ("postgresql", "PostgreSQL")):
        ours = counted[side]
        found += ratios(f"answers by pages/s, {name} : bare page", ours.per_second, bare.per_second, ">= 0.25")
        found += ratios(f"p99 of an answer by pages, {name} : bare page", ours.p99, bare.p99, "")
        # Told without a target: whoever shares the machine takes wall time from both sides, but hardly processor time.
        found += ratios(f"answers by pages per processor second, {name} : bare page", bare.each, ours.each, "")[:1]
    for side, name in (("bare", "bare aiohttp"), ("sqlite", "SQLite"), ("postgresql", "PostgreSQL")):
        ours = counted[side]
        found += [
            Figure(f"answers by pages, {name}", median(ours.per_second), "1/s"),
            Figure(f"p50 of an answer by pages, {name}", median(ours.p50), "ms"),
            Figure(f"p99 of an answer by pages, {name}", median(ours.p99), "ms"),
            Figure(f"processor time an answer by pages, {name}", median(ours.each), "µs"),
            Figure(f"site's core in use, {name}", median(ours.bot), "%"),
            Figure(f"browsers' core in use, {name}", median(ours.driver), "%"),
        ]
    return found
