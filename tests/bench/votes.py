"""(i) Votes into one open ballot against the same number of bare single-row upserts, and counting a decision again from its file.

Institutions of a network vote in turn, each every time something else than before, ten phones at once. The bare side writes the same
rows through the driver alone, one commit each, as many at once: no rights, no rank, no roll, no audit.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import asyncpg
from sqlalchemy import select
from sqlalchemy.engine import make_url

from konwent_bot.clock import SystemClock
from konwent_bot.documents.tables import read_table
from konwent_bot.domain.decisions import recount
from konwent_bot.domain.decisions.tally import CHOICES, Choice
from konwent_bot.domain.roster import read_roster
from konwent_bot.office import bodies, invitations, rosters, seats
from konwent_bot.office.decisions import ballot_opening, consensus, discussion, proposals, votes
from konwent_bot.office.door import Door
from konwent_bot.office.rights import OPERATOR, Actor
from konwent_bot.office.subjects import Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.engines import open_store
from konwent_bot.store.migrate import migrate
from konwent_bot.store.tables import MEMBERSHIP, SEAT
from tests.bench import databases, machine
from tests.bench.data import FIRST_ACCOUNT, house, roster_csv
from tests.bench.figures import Figure, ratios

#: Phones that vote at once.
AT_ONCE: Final = 10
#: Votes in the files that are counted again: few, and ten times as many.
FEW, MANY = 1_000, 10_000

#: One write, and what it writes: ballot, institution, choice.
Write = Callable[[int, str], Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured."""

    institutions: int
    #: Votes in a round, and rounds in which the two sides take turns.
    votes: int
    rounds: int
    recounts: int


FULL: Final = Size(50, 1_000, 5, 15)
QUICK: Final = Size(5, 20, 1, 1)


def measure(place: Path, size: Size) -> list[Figure]:
    """Measure votes on both engines, then recounts."""
    _, rest = machine.cores()
    figures = asyncio.run(_against_bare(f"sqlite:///{place / 'konwent.sqlite3'}", place, size, "SQLite"))
    with databases.postgres(place, rest) as address:
        figures += asyncio.run(_against_bare(address, place, size, "PostgreSQL"))
    return figures + _recounts(size)


# --- votes ------------------------------------------------------------------------------------------------------------


async def _against_bare(url: str, place: Path, size: Size, engine: str) -> list[Figure]:
    store = open_store(url)
    try:
        await migrate(store)
        door = Door(store, SystemClock(), house())
        ballot, people = await door.act(lambda uow: _ballot(uow, size.institutions))
        institutions = list(people)

        async def ours(at: int, choice: str) -> None:
            membership = institutions[at % len(institutions)]
            await door.act(lambda uow: votes.cast(uow, people[membership], ballot, membership, choice) and None)

        mine, theirs = [], []
        async with _bare_sqlite(place, size) if engine == "SQLite" else _bare_postgres(url, size) as bare:
            for number in range(size.rounds + 1):
                each = (await _rate(ours, size, number), await _rate(bare, size, number))
                if number:  # the first round warms up
                    mine.append(each[0])
                    theirs.append(each[1])
    finally:
        await store.close()
    found = ratios(f"votes a second : bare upserts, {engine}", mine, theirs, "")
    return [*found, Figure(f"votes a second, {engine}", sorted(mine)[len(mine) // 2], "1/s")]


async def _rate(write: Write, size: Size, number: int) -> float:
    """Let everybody vote again and again, each time something else; give writes a second."""
    lap = size.institutions

    async def phone(first: int) -> None:
        for at in range(first, size.votes, AT_ONCE):
            await write(at, CHOICES[(at // lap + number) % len(CHOICES)])

    began = time.perf_counter()
    await asyncio.gather(*(phone(first) for first in range(AT_ONCE)))
    return size.votes / (time.perf_counter() - began)


#: The bare table and its one statement: what ``vote`` holds, without the keys that lead to other tables.
_TABLE: Final = (
    "create table bare_vote (ballot_id bigint, membership_id bigint, choice text, rank integer, person_id bigint, cast_at {instant},"
    " primary key (ballot_id, membership_id))"
)
_UPSERT: Final = (
    "insert into bare_vote values ({}, {}, {}, {}, {}, {now}) on conflict (ballot_id, membership_id)"
    " do update set choice = excluded.choice, rank = excluded.rank, person_id = excluded.person_id, cast_at = excluded.cast_at"
)


@asynccontextmanager
async def _bare_sqlite(place: Path, size: Size) -> AsyncIterator[Write]:
    """Give the bare write on SQLite: one connection, one commit each, as durable as ours."""
    connection = sqlite3.connect(place / "bare.sqlite3", isolation_level=None)
    connection.execute("pragma journal_mode=wal")
    connection.execute("pragma synchronous=full")
    connection.execute(_TABLE.format(instant="text"))
    statement = _UPSERT.format(*"?????", now="datetime('now')")

    async def write(at: int, choice: str) -> None:
        connection.execute(statement, (1, at % size.institutions, choice, 0, at))

    with closing(connection):
        yield write


@asynccontextmanager
async def _bare_postgres(url: str, size: Size) -> AsyncIterator[Write]:
    """Give the bare write on PostgreSQL: a pool of connections, one commit each."""
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    statement = _UPSERT.format(*(f"${number}" for number in range(1, 6)), now="now()")
    async with asyncpg.create_pool(address, min_size=AT_ONCE, max_size=AT_ONCE) as pool:
        await pool.execute(_TABLE.format(instant="timestamptz"))

        async def write(at: int, choice: str) -> None:
            await pool.execute(statement, 1, at % size.institutions, choice, 0, at)

        yield write


def _ballot(uow: UnitOfWork, institutions: int) -> tuple[int, dict[int, Actor]]:
    """Bring a network to an open ballot by circulation; give its number, and who votes for which institution."""
    body = bodies.create(uow, OPERATOR, slug="lsr-laki", name="Lokalna Sieć na rzecz Reintegracji w Łąkach")
    rosters.import_roster(uow, OPERATOR, body, read_roster(read_table(roster_csv(institutions))))
    for account, seat in enumerate(seats.seats_of(uow, OPERATOR, body), start=FIRST_ACCOUNT):
        invitations.accept(uow, invitations.issue(uow, OPERATOR, seat=seat.id).token, caller=account, language="pl")
    said = proposals.Entered(title="Dyżur we wtorki", text="Od marca w każdy wtorek ktoś z nas dyżuruje w urzędzie gminy.")
    proposal = proposals.enter(uow, OPERATOR, Subject("proposal.enter", body), said).proposal or 0
    discussion.close(uow, OPERATOR, proposal)
    asked = consensus.open_round(uow, OPERATOR, proposal)
    for number, place in enumerate(asked.places):
        consensus.note(
            uow, OPERATOR, asked.id, place.membership, "agree" if number else "object", "" if number else "Brak ludzi",
            "" if number else "Dyżur co dwa tygodnie",
        )  # fmt: skip
    consensus.close(uow, OPERATOR, asked.id)
    ballot = ballot_opening.open_ballot(uow, OPERATOR, proposal, "open")
    held = select(SEAT.c.membership_id, SEAT.c.person_id).join(MEMBERSHIP, MEMBERSHIP.c.id == SEAT.c.membership_id)
    rows = uow.execute(held.where(MEMBERSHIP.c.body_id == body, SEAT.c.role == "head"))
    return ballot.id, {row.membership_id: Actor(row.person_id) for row in rows}


# --- recounts ---------------------------------------------------------------------------------------------------------


def _recounts(size: Size) -> list[Figure]:
    """Count again in a process of its own, as ``konwent-bot recount`` does: memory other parts have left in pieces is not what is measured."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as own:
        large, small = own.submit(_counted_again, size.recounts).result()
    return [
        *ratios(f"recount of {MANY:,} votes : {FEW:,}", large, small, "<= 11"),
        Figure(f"recount of {MANY:,} votes", sorted(large)[len(large) // 2] * 1000, "ms"),
    ]


def _counted_again(rounds: int) -> tuple[list[float], list[float]]:
    """Count one large decision, and ten small ones after one another: none of them is warm from having just been counted."""
    few, many = [_file(FEW, number) for number in range(MANY // FEW)], _file(MANY, 0)
    small, large = [], []
    for _ in range(rounds + 1):
        small.append(sum(_seconds(one) for one in few) / len(few))
        large.append(_seconds(many))
    return large[1:], small[1:]  # the first round warms up


def _file(votes: int, number: int) -> bytes:
    """Write a decision with so many votes, as a program other than ours would."""
    cast: list[Choice] = [CHOICES[at % len(CHOICES)] for at in range(votes)]
    rule = {"quorum": "1/2", "quorum_base": "entitled", "majority": "simple", "base": "cast", "strict": True, "tie": "none"}
    said = [{"institution": f"Instytucja {number}-{at}", "choice": choice} for at, choice in enumerate(cast)]
    stated = "passed" if cast.count("for") > cast.count("against") else "failed"
    return json.dumps({"rule": rule, "entitled": votes, "present": votes, "votes": said, "stated": stated}).encode()


def _seconds(data: bytes) -> float:
    began = time.perf_counter()
    recount.recount(data)
    return time.perf_counter() - began
