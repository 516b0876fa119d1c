"""(h) A year planned for many networks: proposals by two rules, all confirmed, everybody told; ten times the networks against one time.

Networks are of four institutions with two seats each, nobody has accepted, every seat has an address. The acts are those behind the
buttons; some networks share a commit, so that the disk is not what is measured.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import func, insert, select, text

from konwent_bot.clock import SystemClock
from konwent_bot.office.door import Door
from konwent_bot.office.meetings import confirming, planning
from konwent_bot.office.rights import OPERATOR
from konwent_bot.office.subjects import Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.engines import open_store
from konwent_bot.store.migrate import migrate
from konwent_bot.store.tables import BODY, INSTITUTION, MEETING, MEMBERSHIP, NOTICE, SEAT
from tests.bench import databases, machine
from tests.bench.data import house
from tests.bench.figures import Figure, median

#: Institutions of a network.
INSTITUTIONS: Final = 4
#: Networks that share a commit.
TOGETHER: Final = 25
#: Meetings of a year by the rules below, and how many are told: a head and a designated person of each institution.
MEETINGS, TOLD = 16, 2 * INSTITUTIONS
ANSWERS: Final[dict[str, Any]] = {
    "strategic_nth": "second", "strategic_weekday": "tuesday", "strategic_cycle": "february", "strategic_hour": "10:00",
    "strategic_length": "m120", "operational_nth": "first", "operational_weekday": "thursday", "operational_hour": "12:30",
    "operational_length": "m90", "mode": "in_person", "place": "KIS, sala 2",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured: networks, and how often the smaller number is measured once more after the larger one."""

    few: int
    after: int

    @property
    def many(self) -> int:
        """Ten times as many."""
        return 10 * self.few


FULL: Final = Size(250, 2)
QUICK: Final = Size(3, 1)


def measure(place: Path, size: Size) -> list[Figure]:
    """Measure both numbers of networks on both engines, the small one before and after the large one."""
    _, rest = machine.cores()
    figures = []
    for name in ("SQLite", "PostgreSQL"):
        few = _planned(place / f"{name}-before", name, size.few, rest)
        many = _planned(place / f"{name}-many", name, size.many, rest)
        few += [one for number in range(size.after) for one in _planned(place / f"{name}-after-{number}", name, size.few, rest)]
        # Of the time each network takes the median counts, times their number: a machine others use too must not decide.
        ratio = size.many * median(many) / (size.few * median(few))
        figures += [
            Figure(f"a year planned for {size.many:,} networks : {size.few:,}, {name}", ratio, "ratio", "<= 11"),
            Figure(f"a year planned for a network, of {size.many:,}, {name}", median(many) * 1000, "ms"),
        ]
    return figures


def _planned(place: Path, engine: str, networks: int, cores: set[int]) -> list[float]:
    """Give the seconds a network took, commit by commit, in a database of their own."""
    place.mkdir(mode=0o755)
    if engine == "SQLite":
        return asyncio.run(_plan(f"sqlite:///{place / 'konwent.sqlite3'}", networks))
    with databases.postgres(place, cores) as address:
        return asyncio.run(_plan(address, networks))


async def _plan(url: str, networks: int) -> list[float]:
    store = open_store(url)
    try:
        await migrate(store)
        door = Door(store, SystemClock(), house())
        bodies = [await door.act(lambda uow, number=number: _network(uow, number)) for number in range(networks + 1)]  # type: ignore[misc]  # mypy sees no default
        year = door.clock.now().year + 1
        await door.act(lambda uow: _year(uow, bodies[-1:], year))  # the first one warms up
        if url.startswith("postgresql"):
            # One in use knows how large its tables are (autovacuum sees to it within minutes); one made a moment ago does not.
            await door.act(_analyze)
        taken = []
        for at in range(0, networks, TOGETHER):
            some = bodies[at : min(at + TOGETHER, networks)]
            began = time.perf_counter()
            await door.act(lambda uow, some=some: _year(uow, some, year))  # type: ignore[misc]  # mypy sees no default
            taken.append((time.perf_counter() - began) / len(some))
        counted = await door.look(_counted)
        assert counted == [(networks + 1) * MEETINGS, (networks + 1) * TOLD], counted
    finally:
        await store.close()
    return taken


def _analyze(uow: UnitOfWork) -> None:
    uow.execute(text("analyze"))


def _counted(uow: UnitOfWork) -> list[int]:
    return [uow.execute(select(func.count()).select_from(table)).scalar_one() for table in (MEETING, NOTICE)]


def _year(uow: UnitOfWork, bodies: list[int], year: int) -> None:
    given = planning.PlanAnswers.model_validate(ANSWERS | {"year": year})
    for body in bodies:
        planning.plan(uow, OPERATOR, Subject("meeting.plan", body), given)
        confirming.confirm(uow, OPERATOR, body, year)


def _network(uow: UnitOfWork, number: int) -> int:
    """Enter a network with its institutions and their seats; give its number."""
    name = {
        "slug": f"lsr-{number}",
        "name": f"Sieć {number}",
        "kind": "lsr",
        "level": "local",
        "settings": {},
        "created_at": uow.now,
    }
    body = uow.execute(insert(BODY).values(name).returning(BODY.c.id)).scalar_one()
    for at in range(INSTITUTIONS):
        said = {"name": f"OPS {at}", "short_name": f"OPS {at}", "place": "", "created_at": uow.now}
        institution = uow.execute(insert(INSTITUTION).values(said).returning(INSTITUTION.c.id)).scalar_one()
        belongs = {
            "body_id": body,
            "institution_id": institution,
            "folded_name": f"ops {at}",
            "stakeholder_type": "B",
            "sector": "",
            "joined_on": uow.today,
        }
        member = uow.execute(insert(MEMBERSHIP).values(belongs).returning(MEMBERSHIP.c.id)).scalar_one()
        uow.connection.execute(
            insert(SEAT),
            [
                {
                    "membership_id": member,
                    "role": role,
                    "number": 1,
                    "title": "",
                    "name": "",
                    "email": f"{role}{at}@ops{number}.example",
                }
                for role in ("head", "delegate")
            ],
        )
    return int(body)
