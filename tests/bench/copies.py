"""(j) Minutes sent to 1,000 institutions by the house as it runs: how often they are set and uploaded, and what the process weighs then.

``konwent-bot run`` (chat, pages, courier and clockwork on SQLite) stands over a network of as many institutions, whose meeting is closed. The
coordinator presses what sends the minutes out, every telephone gets its copy, and then documents are dealt with in the same process: the
draft as a PDF, and files sent to the bot to be checked. This module starts the program, and counts how often it sets a document.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import delete

from konwent_bot.clock import FixedClock, SystemClock
from konwent_bot.documents.tables import read_table
from konwent_bot.domain.meetings.quiet_hours import DEFAULT_QUIET, postponed
from konwent_bot.domain.roster import read_roster
from konwent_bot.office import bodies, invitations, rosters
from konwent_bot.office.door import Door
from konwent_bot.office.meetings import attendance, convening, entering
from konwent_bot.office.meetings import facts as meetings
from konwent_bot.office.meetings.entering import MeetingEntered
from konwent_bot.office.minutes import facts
from konwent_bot.office.rights import OPERATOR
from konwent_bot.office.subjects import Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.intents import Intent, encode
from konwent_bot.screens.minutes_intents import Circulate, TakeDraft
from konwent_bot.store.engines import open_store
from konwent_bot.store.migrate import migrate
from konwent_bot.store.tables import NOTICE
from tests.bench import machine
from tests.bench.data import house, roster_csv
from tests.bench.figures import Figure
from tests.sandbox.phone import TOKEN, Phone, Said, SandboxProcess

#: Messages a second; the stand-in keeps no limits here.
RATE: Final = 30
#: The first account; who coordinates has the last one.
FIRST: Final = 6_000_000_000
#: The variable with the file that gets a byte for each document that is set.
COUNTED: Final = "TESTS_BENCH_COUNTED"
#: Seconds in which everything has to have arrived, and between two looks.
SETTLED, LOOK = 300, 0.5
#: How long before the bench the meeting was called.
CALLED: Final = timedelta(days=2)
#: One institution of so many came.
TENTH: Final = 10


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured."""

    institutions: int
    #: Looks at the draft as a PDF, and files sent to the bot to be checked.
    looks: int


FULL: Final = Size(1_000, 20)
QUICK: Final = Size(12, 2)


def measure(place: Path, size: Size) -> list[Figure]:
    """Let the minutes of a network go out; give the figures."""
    return asyncio.run(_measured(place, size))


async def _measured(place: Path, size: Size) -> list[Figure]:
    now = SystemClock().now()
    ahead = postponed(now, DEFAULT_QUIET, house().zone) - now  # nobody is told anything at night
    minutes, edition = await _prepared(place, size.institutions, now + ahead)
    counted = place / "counted"
    counted.touch()
    sandbox = await SandboxProcess.start(place, data=False)
    try:
        phones = [await sandbox.phone("Osoba", person=FIRST + at) for at in range(size.institutions + 1)]
        for phone in phones:
            await phone.start()
        await sandbox.api("deleteWebhook", drop_pending_updates=True)  # nobody waits for a greeting
        (place / "sandbox.clock").write_text(f"{ahead.total_seconds():.0f}", "ascii")
        cores, _ = machine.cores()
        process = machine.spawn(machine.python("tests.bench.copies", "run"), on=cores, env=_settings(place, sandbox, counted))
        try:
            her = phones[-1]
            await her.send("/sprawy")
            home = await her.wait_for(lambda said: bool(said.labels), SETTLED)
            await _press(her, home, Circulate(minutes, edition))
            await _arrived(sandbox, size.institutions)
            rendered = counted.stat().st_size
            copies = {await _copy(phone) for phone in phones[:-1]}
            await _looks(her, home, minutes, await _file(sandbox, next(iter(copies))), size.looks)
            held, highest = machine.memory_mib(process.pid)
        finally:
            machine.stopped(process)
    finally:
        await sandbox.close()
    many = f"{size.institutions:,} copies of minutes"
    return [
        Figure(f"{many}: set", rendered, "times", "<= 1"),
        Figure(f"{many}: uploaded", len(copies), "times", "<= 1"),
        Figure(f"memory of the embedded process, {many}", held, "MiB", "< 400"),
        Figure(f"memory at its highest, {many}", highest, "MiB"),
    ]


def _settings(place: Path, sandbox: SandboxProcess, counted: Path) -> dict[str, str]:
    return {
        "KONWENT_TELEGRAM_TOKEN": TOKEN, "KONWENT_TELEGRAM_API": sandbox.url, "KONWENT_TELEGRAM_RATE": str(RATE),
        "KONWENT_DATA_DIR": str(place / "data"), "KONWENT_CLOCK_FILE": str(place / "sandbox.clock"), "KONWENT_PORT": "0",
        "KONWENT_LOG_LEVEL": "warning", COUNTED: str(counted),
    }  # fmt: skip


# --- the network ------------------------------------------------------------------------------------------------------


async def _prepared(place: Path, institutions: int, now: datetime) -> tuple[int, int]:
    """Enter a network everybody of which has accepted, and hold its meeting; give its minutes and their edition."""
    (place / "data").mkdir(mode=0o755)
    clock = FixedClock(now - CALLED)
    store = open_store(f"sqlite:///{place / 'data' / 'konwent.sqlite3'}")
    try:
        await migrate(store)
        door = Door(store, clock, house())
        meeting = await door.act(lambda uow: _called(uow, institutions))
        clock.move(CALLED)
        return await door.act(lambda uow: _held(uow, meeting))
    finally:
        await store.close()


def _called(uow: UnitOfWork, institutions: int) -> int:
    body = bodies.create(uow, OPERATOR, slug="lsr-laki", name="Lokalna Sieć na rzecz Reintegracji w Łąkach")
    leads = "Ośrodek Pomocy Społecznej numer 1 w Gminie Łąki;OPS Łąki 1;A;pomoc społeczna;Łąki 1;koordynator;;Ewa Lis;ewa@ops-laki.example"
    rosters.import_roster(
        uow, OPERATOR, body, read_roster(read_table(roster_csv(institutions) + f"\r\n{leads}".encode("cp1250")))
    )
    places = sorted(invitations.vacant(uow, body), key=lambda one: one.post is not None)
    for account, place in enumerate(places, start=FIRST):
        issued = invitations.issue(uow, OPERATOR, seat=place.seat, post=place.post)
        invitations.accept(uow, issued.token, caller=account, language="pl")
    day = (uow.now + CALLED / 2).astimezone(uow.house.zone).date()
    given = MeetingEntered(
        kind="strategic", when=datetime.combine(day, time(10)), length="m120", mode="in_person", place="KIS, sala 2"
    )
    meeting = entering.enter(uow, OPERATOR, Subject("meeting.enter", body), given).meeting or 0
    convening.convene(uow, OPERATOR, meeting)
    return meeting


def _held(uow: UnitOfWork, meeting: int) -> tuple[int, int]:
    for member in meetings.members_of_body(uow, meetings.get(uow, meeting).body)[::TENTH]:
        attendance.come(uow, OPERATOR, meeting, member.membership, "head")
    convening.close(uow, OPERATOR, meeting, held=True)
    uow.execute(delete(NOTICE))  # the calls are not what is measured
    begun = facts.of_meeting(uow, meeting)
    assert begun is not None
    return begun.id, begun.edition


# --- what people do ---------------------------------------------------------------------------------------------------


async def _press(who: Phone, message: Said, intent: Intent) -> None:
    """Press a button as if a screen had it, and wait until the press is answered."""
    pressed = await who.tap_data(message.message_id, encode(intent), forged=True)
    await who.answered(str(pressed["callback_id"]), timeout=60)


async def _arrived(sandbox: SandboxProcess, number: int) -> None:
    """Wait until so many documents have been sent."""
    async with asyncio.timeout(SETTLED):
        while True:
            if sum(call["ok"] for call in await sandbox.calls("sendDocument")) >= number:
                return
            await asyncio.sleep(LOOK)


async def _copy(phone: Phone) -> str:
    """Give where the document lies that a phone got: one that was uploaded once lies at one place."""
    said = await phone.wait_for(lambda said: bool(said.raw["document"]))
    return str(said.raw["document"]["href"])


async def _file(sandbox: SandboxProcess, href: str) -> bytes:
    async with sandbox.session.get(sandbox.url + href) as response:
        return await response.read()


async def _looks(who: Phone, home: Said, minutes: int, sent: bytes, times: int) -> None:
    """Take the draft as a PDF, and have the document that was sent checked, again and again."""
    for _ in range(times):
        before = (await who.read()).message_id
        await _press(who, home, TakeDraft(minutes))
        await who.wait_for(lambda said, before=before: bool(said.raw["document"]) and said.message_id > before, 60)  # type: ignore[misc]  # mypy sees no default
        written = await who.send_file("protokol.pdf", sent)
        await who.wait_for(
            lambda said, number=int(written["message_id"]): said.message_id > number and "jest prawdziwy" in said.text,  # type: ignore[misc]  # mypy sees no default
            60,
        )


# --- the program ------------------------------------------------------------------------------------------------------


def main() -> int:
    """Be ``konwent-bot`` with the arguments given, and leave a byte for each document that is set."""
    from konwent_bot.cli import main as konwent
    from konwent_bot.documents.minutes import sheet

    made: Callable[..., Any] = sheet.make

    def counting(*given: Any, **more: Any) -> Any:
        with Path(os.environ[COUNTED]).open("ab") as file:
            file.write(b".")
        return made(*given, **more)

    sheet.make = counting
    return int(konwent() or 0)


if __name__ == "__main__":
    sys.exit(main())
