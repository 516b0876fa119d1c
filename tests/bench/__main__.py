"""``python -m tests.bench [--only a|b|c|d|e|f|g|h|i|j] [--quick] [--out FILE]``: measure, print the table, write ``bench.json``.

Exits 1 when a target is missed, after everything is printed and written. ``--quick`` only shows that everything runs: its
numbers mean nothing.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tests.bench import (
    answers,
    copies,
    databases,
    machine,
    minutes,
    notices,
    page_weight,
    pages,
    plans,
    rosters,
    steps,
    votes,
    weight,
)
from tests.bench.figures import Figure, table, write

PARTS: Final = {
    "a": "card answers, the whole way",
    "b": "an engine step",
    "c": "memory and --help",
    "d": "a roster of 5,000 rows",
    "e": "card answers by pages",
    "f": "weight of the pages of a card",
    "g": "notices by the courier",
    "h": "a year planned for many networks",
    "i": "votes into one ballot, and recounts",
    "j": "minutes, and their copies",
}


def main() -> int:
    """Run the parts asked for; give the exit code."""
    words = argparse.ArgumentParser(prog="python -m tests.bench", description="Measure; print a table; write bench.json.")
    words.add_argument("--only", choices=sorted(PARTS), action="append", help="this part alone (may be given several times)")
    words.add_argument("--quick", action="store_true", help="short rounds: shows that everything runs, measures nothing")
    words.add_argument("--out", type=Path, default=Path("bench.json"), help="where the figures go")
    given = words.parse_args()
    began = time.monotonic()
    figures: list[Figure] = []
    with databases.folder() as place:
        fsync = Figure("fsync of 4 KiB in the data folder", machine.fsync_microseconds(place), "µs")
        for part in given.only or PARTS:
            print(f"measuring ({part}) {PARTS[part]} ...", file=sys.stderr, flush=True)
            within = place / part
            within.mkdir(mode=0o755)
            figures += _measured(part, within, quick=given.quick)
    figures.append(fsync)
    header = {
        "date": machine.now(),
        "seconds": round(time.monotonic() - began),
        "quick": given.quick,
        "machine": machine.described(),
        "durability": {"sqlite": databases.SQLITE, "postgresql": databases.DURABLE, "fsync_microseconds": round(fsync.value, 1)},
    }
    print(table(figures))
    bot, rest = machine.cores()
    print(
        f"\n{header['date']}, {header['seconds']} s, cores: bot {sorted(bot)}, driver and PostgreSQL {sorted(rest)}; "
        f"SQLite {databases.SQLITE}, PostgreSQL {databases.DURABLE}, fsync {fsync.value:.0f} µs"
    )
    write(given.out, header, figures)
    missed = [figure.name for figure in figures if figure.met is False]
    if missed:
        print(f"\nmissed: {'; '.join(missed)}")
    return 1 if missed else 0


def _measured(part: str, place: Path, *, quick: bool) -> list[Figure]:
    measure: dict[str, Callable[[], list[Figure]]] = {
        "a": lambda: answers.measure(place, answers.QUICK if quick else answers.FULL),
        "b": lambda: steps.measure(_script(place), steps.QUICK_ROUNDS if quick else steps.ROUNDS),
        "c": lambda: weight.measure(place, quick=quick),
        "d": lambda: rosters.measure(place, rosters.QUICK_ROUNDS if quick else rosters.ROUNDS),
        "e": lambda: pages.measure(place, pages.QUICK if quick else pages.FULL),
        "f": lambda: page_weight.measure(place),
        "g": lambda: notices.measure(place, notices.QUICK if quick else notices.FULL),
        "h": lambda: plans.measure(place, plans.QUICK if quick else plans.FULL),
        "i": lambda: votes.measure(place, votes.QUICK if quick else votes.FULL),
        "j": lambda: [
            *minutes.measure(minutes.QUICK_ROUNDS if quick else minutes.ROUNDS),
            *copies.measure(place, copies.QUICK if quick else copies.FULL),
        ],
    }
    return measure[part]()


def _script(place: Path) -> Path:
    """Write the words of the card for a part that needs no more of the data."""
    database = place / "one.sqlite3"
    answers.prepare(f"sqlite:///{database}", place, 1, 1)
    return answers.write_script(database, place)


if __name__ == "__main__":
    sys.exit(main())
