"""(h) A year planned for many networks: proposals by two rules, all confirmed, everybody told; ten times the networks against one time.

Networks are of four institutions with two seats each, nobody has accepted, every seat has an address. The acts are those behind the
buttons; some networks share a commit, so that the disk is not what is measured.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any, Final

from sqlalchemy import func, insert, select

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
from tests.bench.figures import Figure

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
    """How much is measured: networks, and in how many parts the larger number is planned."""

    few: int
    parts: int

    @property
    def many(self) -> int:
        """Ten times as many."""
        return 10 * self.few


FULL: Final = Size(250, 10)
QUICK: Final = Size(3, 2)


def measure(place: Path, size: Size) -> list[Figure]:
    """Measure both numbers of networks on both engines.

    The large one is planned in parts, and before each and after the last the small one is planned in a database of its own: a machine
    that is faster at one time than at another is so for both. Whole times count, of the large one and of all the small ones together,
    so what grows on the way shows, and so does whatever slowed either down.
    """
    _, rest = machine.cores()
    figures = []
    for name in ("SQLite", "PostgreSQL"):
        many, few = _in_turns(place, name, size, rest)
        figures += [
            Figure(f"a year planned for {size.many:,} networks : {size.few:,}, {name}", many / mean(few), "ratio", "<= 11"),
            Figure(f"a year planned for a network, of {size.many:,}, {name}", many / size.many * 1000, "ms"),
        ]
    return figures


def _in_turns(place: Path, engine: str, size: Size, cores: set[int]) -> tuple[float, list[float]]:
    """Give the seconds all of the large number took, and those of every run of the small one."""
    few, many = [], 0.0
    with _networks(place / f"{engine}-many", engine, size.many, cores) as large:
        for part in range(size.parts + 1):
            with _networks(place / f"{engine}-few-{part}", engine, size.few, cores) as small:
                few.append(small.plan(size.few))
            if part < size.parts:
                many += large.plan(size.many // size.parts)
    return many, few


class Networks:
    """Networks nothing is planned for yet, in a house of their own."""

    def __init__(self, door: Door, run: asyncio.Runner, number: int) -> None:
        self._door = door
        self._run = run
        self._year = door.clock.now().year + 1
        self._left = [self._act(lambda uow, at=at: _network(uow, at)) for at in range(number)]  # type: ignore[misc]  # mypy sees no default

    def plan(self, number: int) -> float:
        """Plan the year of the next ones; give the seconds that took."""
        mine, self._left = self._left[:number], self._left[number:]
        began = time.perf_counter()
        for at in range(0, number, TOGETHER):
            some = mine[at : at + TOGETHER]
            self._act(lambda uow, some=some: _year(uow, some, self._year))  # type: ignore[misc]  # mypy sees no default
        return time.perf_counter() - began

    def counted(self) -> list[int]:
        """Count the meetings and the notices there are."""
        return self._run.run(self._door.look(_counted))

    def _act(self, work: Callable[[UnitOfWork], Any]) -> Any:
        return self._run.run(self._door.act(work))


@contextmanager
def _networks(place: Path, engine: str, number: int, cores: set[int]) -> Iterator[Networks]:
    """Enter networks in a database of their own; at the end see that every one of them was planned and told."""
    place.mkdir(mode=0o755)
    with ExitStack() as stack:
        url = f"sqlite:///{place / 'konwent.sqlite3'}"
        if engine == "PostgreSQL":
            url = stack.enter_context(databases.postgres(place, cores))
        run = stack.enter_context(asyncio.Runner())
        store = open_store(url)
        try:
            run.run(migrate(store))
            networks = Networks(Door(store, SystemClock(), house()), run, number + 1)
            networks.plan(1)  # the first one warms up
            yield networks
            counted = networks.counted()
            assert counted == [(number + 1) * MEETINGS, (number + 1) * TOLD], counted
        finally:
            run.run(store.close())


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
