"""(d) Reading and importing a roster of 5,000 rows against reading it.

``python -m tests.bench.rosters read|import FILE FOLDER`` is one side: for every line on standard input it prints milliseconds.
Reading is what preview and import both begin with: bytes -> table -> roster. Importing is the same and the act, committed.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tests.bench import machine
from tests.bench.figures import Figure, median, ratios

#: Institutions x seats = rows.
INSTITUTIONS: Final = 2500
SEATS: Final = 2
ROUNDS: Final = 7
QUICK_ROUNDS: Final = 1


def measure(place: Path, rounds: int) -> list[Figure]:
    """Measure both sides by turns."""
    from tests.bench.data import roster_csv

    file = place / "roster.csv"
    file.write_bytes(roster_csv(INSTITUTIONS, seats_each=SEATS))
    taken: dict[str, list[float]] = {"read": [], "import": []}
    on, _ = machine.cores()
    workers = {
        side: machine.spawn(machine.python("tests.bench.rosters", side, str(file), str(place)), on=on, talk=True)
        for side in taken
    }
    try:
        for number in range(rounds + 1):
            for side, worker in workers.items():
                milliseconds = float(machine.ask(worker, "go"))
                if number:  # the first round warms up
                    taken[side].append(milliseconds)
    finally:
        for worker in workers.values():
            machine.stopped(worker)
    return [
        *ratios("reading and importing 5,000 rows : reading", taken["import"], taken["read"], "<= 5"),
        Figure("reading 5,000 rows", median(taken["read"]), "ms"),
        Figure("reading and importing 5,000 rows", median(taken["import"]), "ms"),
    ]


def read_side(file: Path) -> Callable[[], float]:
    """Give a function that reads the roster and says how long it took."""
    from konwent_bot.documents.tables import read_table
    from konwent_bot.domain.roster import read_roster

    def once() -> float:
        began = time.perf_counter()
        roster = read_roster(read_table(file.read_bytes()))
        taken = time.perf_counter() - began
        assert len(roster.seats) == INSTITUTIONS * SEATS, "the roster was not read whole"
        return taken * 1000

    return once


def import_side(file: Path, place: Path) -> Callable[[], float]:
    """Give a function that reads the roster and imports it into a fresh database, and says how long both took together."""
    from konwent_bot.clock import SystemClock
    from konwent_bot.documents.tables import read_table
    from konwent_bot.domain.roster import read_roster
    from konwent_bot.office import bodies, rosters
    from konwent_bot.office.door import Door
    from konwent_bot.office.rights import OPERATOR
    from konwent_bot.store.engines import open_store
    from konwent_bot.store.migrate import migrate
    from tests.bench.data import house

    template, target, shipped = place / "empty.sqlite3", place / "import.sqlite3", house()

    async def prepared() -> None:
        store = open_store(f"sqlite:///{template}")
        await migrate(store)
        await Door(store, SystemClock(), shipped).act(lambda uow: bodies.create(uow, OPERATOR, slug="laki", name="Łąki"))
        await store.close()

    async def whole() -> float:
        for old in (*target.parent.glob(target.name + "*"),):
            old.unlink()
        shutil.copy(template, target)
        store = open_store(f"sqlite:///{target}")
        door = Door(store, SystemClock(), shipped)
        body = (await door.look(lambda uow: bodies.find(uow, "laki"))).id
        await door.act(lambda uow: None)  # opens the writer's connection
        began = time.perf_counter()
        roster = read_roster(read_table(file.read_bytes()))  # noqa: ASYNC240 - it is what is measured
        done = await door.act(lambda uow: rosters.import_roster(uow, OPERATOR, body, roster))
        taken = time.perf_counter() - began
        assert sum(row.change == "new" for row in done.rows) == INSTITUTIONS * SEATS, "the roster was not imported whole"
        await store.close()
        return taken * 1000

    asyncio.run(prepared())
    return lambda: asyncio.run(whole())


if __name__ == "__main__":
    which, roster, folder = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    side = import_side(roster, folder) if which == "import" else read_side(roster)
    for _ in sys.stdin:
        print(side(), flush=True)
