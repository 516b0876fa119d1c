"""Processes that act on one database at the same moment, each as a program of its own would.

``python -m tests.office.decisions.racing``: reads a race as one line of JSON (the database's address and what to do), opens the store and
says "ready"; at the next line it does everything at once and answers with how each thing ended. Loaded once, it runs many races.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, insert

from konwent_bot.clock import FixedClock
from konwent_bot.dialogue.loading import Shelf
from konwent_bot.errors import KonwentError
from konwent_bot.office import housekeeping
from konwent_bot.office.decisions import ballot_opening, closing, papers, settings, votes
from konwent_bot.office.door import REPEATED, Door, UpdateId
from konwent_bot.office.minutes import answers
from konwent_bot.office.rights import Actor
from konwent_bot.office.unit import House, UnitOfWork
from konwent_bot.store import postgres, sqlite
from konwent_bot.store.engines import Store, open_store
from konwent_bot.store.tables import VOTE

#: Fewer units of work share a commit than in the program: those of several processes then take turns more often.
sqlite.MOST_IN_A_COMMIT = postgres.MOST_IN_A_COMMIT = 6
#: Units of different processes that share commits may wait for one another in a circle; a test need not wait a second to see it.
postgres.SESSION["deadlock_timeout"] = "50ms"
#: An act and what it takes, as it stands in a line of JSON.
Do = list[Any]
#: What votes would be written by if there were no key to hold on to.
_WITHOUT_KEY = insert(VOTE).values({name: bindparam(name) for name in votes._COLUMNS}).returning(VOTE)


def acted(uow: UnitOfWork, actor: Actor, act: str, given: Sequence[Any]) -> None:
    """Do one thing."""
    match act:
        case "vote":
            votes.cast(uow, actor, *given)
        case "paper":
            papers.cast_secret(uow, actor, *given)
        case "close":
            closing.close(uow, actor, *given)
        case "open":
            ballot_opening.open_ballot(uow, actor, *given)
        case "tighten":
            ballot_opening.tighten(uow, actor, *given, secret=True)
        case "accept":
            answers.accept(uow, actor, *given)
        case "tick":
            housekeeping.tick(uow)
        case "minutes":
            settings.change(uow, actor, given[0], {"ballot_minutes": given[1]})
        case _:
            raise ValueError(act)


async def one(store: Store, house: House, do: Do) -> str:
    """Do one thing at its own hour, perhaps as an update of a messenger; say how it ended."""
    at, update, person, act, *given = do
    door = Door(store, FixedClock(datetime.fromisoformat(at)), house)

    def work(uow: UnitOfWork) -> str:
        acted(uow, Actor(person), act, given)
        return "done"

    try:
        done = await (door.act(work) if update is None else door.handle(UpdateId(1, update), work))
    except KonwentError as error:
        return type(error).__name__
    return "repeated" if done is REPEATED else "done"


async def race(line: str) -> None:
    """Run one race."""
    order = json.loads(line)
    votes._CAST = dict.fromkeys(("sqlite", "postgresql"), _WITHOUT_KEY) if order["without_key"] else _AS_IT_IS
    store, house = open_store(order["url"]), House(flows=Shelf({}, ()), zone=ZoneInfo("Europe/Warsaw"))
    await store.read(lambda connection: connection.exec_driver_sql("select 1").scalar_one())
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.readline)
    ended = await asyncio.gather(*(one(store, house, do) for do in order["do"]), return_exceptions=True)
    await store.close()
    sys.stdout.write(json.dumps([end if isinstance(end, str) else repr(end) for end in ended]) + "\n")
    sys.stdout.flush()


_AS_IT_IS = votes._CAST


@dataclass
class Racers:
    """The processes, as a test holds them."""

    count: int = 4
    #: Seconds the last race took, from "go" to the last answer.
    took: float = 0.0
    _processes: list[subprocess.Popen[str]] = field(default_factory=list)

    def __enter__(self) -> Racers:
        command = [sys.executable, "-m", "tests.office.decisions.racing"]
        self._processes = [
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3])
            for _ in range(self.count)
        ]
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            process.communicate()
            assert process.returncode == 0

    async def run(self, url: str, each: Sequence[Iterable[Do]], *, without_key: bool = False) -> list[str]:
        """Let the first process do the first things while the second does the second..., all at once; give how everything ended."""
        return await asyncio.to_thread(self._run, url, each, without_key)

    async def cut_off(self, url: str, things: Iterable[Do], seconds: float) -> None:
        """Let the first process begin to do things, and kill it so many seconds later. It is of no use afterwards."""
        process = self._processes.pop(0)
        self._say(process, json.dumps({"url": url, "do": list(things), "without_key": False}))
        assert await asyncio.to_thread(self._hear, process) == "ready"
        self._say(process, "go")
        time.sleep(seconds)  # noqa: ASYNC251 - to the millisecond, which a loop with other things to do does not give
        process.kill()
        process.communicate()

    def _run(self, url: str, each: Sequence[Iterable[Do]], without_key: bool) -> list[str]:
        assert len(each) <= self.count
        running = self._processes[: len(each)]
        for process, do in zip(running, each, strict=True):
            self._say(process, json.dumps({"url": url, "do": list(do), "without_key": without_key}))
        for process in running:
            assert self._hear(process) == "ready"
        began = time.monotonic()
        for process in running:
            self._say(process, "go")
        ended = [end for process in running for end in json.loads(self._hear(process))]
        self.took = time.monotonic() - began
        return ended

    @staticmethod
    def _say(process: subprocess.Popen[str], line: str) -> None:
        assert process.stdin is not None
        process.stdin.write(line + "\n")
        process.stdin.flush()

    @staticmethod
    def _hear(process: subprocess.Popen[str]) -> str:
        assert process.stdout is not None
        return process.stdout.readline().strip()


if __name__ == "__main__":
    for line in sys.stdin:
        asyncio.run(race(line))
