"""(c) What the house weighs: memory of the embedded process with 10,000 open dialogues, and how soon ``--help`` answers."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from tests.bench import machine
from tests.bench.answers import Driver, command, prepare, telegram_env
from tests.bench.figures import Figure, median, ratios

#: People x rounds = open dialogues.
PEOPLE: Final = 500
ROUNDS: Final = 20
#: Seconds of answering before the memory is read.
SECONDS: Final = 4.0
STARTS: Final = 15
QUICK_STARTS: Final = 2


def measure(place: Path, *, quick: bool) -> list[Figure]:
    """Measure; give the figures."""
    return [
        *(_memory(place, 10, 12, seconds=0.5) if quick else _memory(place, PEOPLE, ROUNDS, seconds=SECONDS)),
        *_help(QUICK_STARTS if quick else STARTS),
    ]


def _memory(place: Path, people: int, rounds: int, *, seconds: float) -> list[Figure]:
    """Run the embedded house over the open dialogues, answer in them for a while, and read what it holds."""
    bot_cores, rest = machine.cores()
    data = place / "embedded"
    data.mkdir()
    prepare(f"sqlite:///{data / 'konwent.sqlite3'}", data, people, rounds, opened=True)
    with ExitStack() as opened:
        driver = Driver(machine.spawn(machine.python("tests.bench.telegram"), on=rest, talk=True))
        opened.callback(machine.stopped, driver.process)
        api = driver.order(do="open", name="embedded", cards=str(data / "cards.json"), phones=min(50, people))["api"]
        house = machine.spawn(command("run"), on=bot_cores, env=telegram_env(api) | {"KONWENT_DATA_DIR": str(data)})
        opened.callback(machine.stopped, house)
        driver.await_bot("embedded", house)
        driver.order(do="rehearse", name="embedded")
        driver.order(do="play", name="embedded", warm=0.0, seconds=seconds)
        held, highest = machine.memory_mib(house.pid)
    return [
        Figure(f"memory of the embedded process, {people * rounds:,} open dialogues", held, "MiB", "< 300"),
        Figure("memory at its highest", highest, "MiB"),
    ]


def _help(starts: int) -> list[Figure]:
    taken: dict[str, list[float]] = {"ours": [], "bare": []}
    commands = {"ours": command("--help"), "bare": [sys.executable, "-c", "import typer"]}
    for number in range(starts + 1):
        for side, arguments in commands.items():
            began = time.perf_counter()
            subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL)
            if number:  # the first start compiles and fills the system's cache
                taken[side].append((time.perf_counter() - began) * 1000)
    return [
        Figure("konwent-bot --help : import typer", median(taken["ours"]) / median(taken["bare"]), "ratio", "<= 3"),
        *ratios("konwent-bot --help : import typer, start by start", taken["ours"], taken["bare"], "")[1:],
        Figure("konwent-bot --help", median(taken["ours"]), "ms"),
        Figure("import typer", median(taken["bare"]), "ms"),
    ]
