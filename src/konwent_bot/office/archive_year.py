"""A year of a body as one file: what was called, minuted and decided in it, for whoever keeps it or hands it on (issue 6).

What stands in it is what its members may see anyhow: meetings people were called to, what went out of minutes with the files that went
along, the register, and of each decision the file that anybody can count again. The same year gives the same bytes, until something is
added to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import MAXYEAR, MINYEAR, date
from typing import Final

from sqlalchemy import bindparam, func, select

from konwent_bot.documents import archive, calendar
from konwent_bot.documents.archive import Entry
from konwent_bot.domain.decisions.sealed import Plain
from konwent_bot.errors import NotFound
from konwent_bot.i18n import Translator
from konwent_bot.office.decisions import export, register
from konwent_bot.office.meetings import belonging, calendar_files
from konwent_bot.office.meetings import facts as meetings
from konwent_bot.office.meetings.facts import NOT_HERE
from konwent_bot.office.meetings.materials import File, another_name
from konwent_bot.office.minutes import facts as minutes
from konwent_bot.office.minutes import versions
from konwent_bot.office.rights import Actor
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import BODY, MINUTES, MINUTES_FILE

ZIP: Final = "application/zip"
#: Bytes of files that went along with minutes. A message has to carry the whole, and memory has to hold it several times over; what
#: finds no room is named in the manifest, and stays with its minutes.
MOST_BYTES: Final = 30 * 1024 * 1024


def make(uow: UnitOfWork, actor: Actor, body: int, year: int, t: Translator) -> File:
    """Give a year of a body as one ZIP: a manifest says what is in it, with the SHA-256 of each file.

    The register and the calendar are in the reader's language; minutes are as they went out.

    Raises:
        NotFound: there is no such body for this actor, or nothing of that year.
    """
    belonging.require(uow, actor, body)
    if not MINYEAR <= year <= MAXYEAR:
        raise NotFound(NOT_HERE)
    row = uow.execute(_BODY, body=body).one()
    left_out: list[Plain] = []
    entries = [
        *_calendar(uow, body, year, row.name, t),
        *_minutes(uow, body, year, left_out),
        *_decisions(uow, actor, body, year, t),
    ]
    if not entries:
        raise NotFound(NOT_HERE)
    about = {"body": row.name, "year": year, "left_out": left_out}
    return File(f"archiwum-{row.slug}-{year}.zip", ZIP, archive.make(entries, about))


# --- inside -----------------------------------------------------------------------------------------------------------


def _calendar(uow: UnitOfWork, body: int, year: int, name: str, t: Translator) -> Iterator[Entry]:
    held = meetings.of_body(uow, body, date(year, 1, 1), date(year, 12, 31))
    # The stamp of a file that nobody is sent: when people were called, so that it does not change with whoever looks.
    events = [
        replace(calendar_files.event(uow, one, t), stamp=one.convened_at) for one in held if one.convened_at is not None
    ]  # fmt: skip
    if events:
        yield Entry(f"spotkania-{year}.ics", calendar.feed(events, name, str(uow.house.zone)))


def _minutes(uow: UnitOfWork, body: int, year: int, left_out: list[Plain]) -> Iterator[Entry]:
    """Give what went out of minutes, and the files that went along as long as there is room; ``left_out`` is told the others."""
    room = MOST_BYTES
    for row in uow.execute(_MINUTES, body=body, year=year).all():
        of = minutes.read(row)
        folder, sent = f"protokoly/{of.number}-{year}", versions.of(uow, of.id)
        taken: set[str] = set()
        for version in sent:
            document = versions.pdf(uow, version)
            stem = _free(document.name, taken).removesuffix(".pdf")
            yield Entry(f"{folder}/{stem}.pdf", document.content)
            yield Entry(f"{folder}/{_free(f'{stem}.json', taken)}", version.text.encode())
        along = {one.sha256 for version in sent for one in version.content.files}
        for file in uow.execute(_FILES, minutes=of.id).all():
            if file.sha256 not in along:
                continue
            path = f"{folder}/{_free(file.name, taken)}"
            if file.size > room:
                left_out.append(path)
                continue
            room -= file.size
            yield Entry(path, uow.execute(_CONTENT, file=file.id).scalar_one())


def _free(name: str, taken: set[str]) -> str:
    """Give a name that no other file of its folder has on any system, and take it."""
    free = name if name.lower() not in taken else another_name(name.lower(), taken)
    taken.add(free.lower())
    return free


def _decisions(uow: UnitOfWork, actor: Actor, body: int, year: int, t: Translator) -> Iterator[Entry]:
    entries = register.of_body(uow, body, year=year)
    for entry in reversed(entries):
        file = export.decision(uow, actor, entry.id)
        yield Entry(f"decyzje/{file.name}", file.content)
    if entries:
        for file in (export.register_json(uow, actor, body, year), export.register_xlsx(uow, actor, body, t, year)):
            yield Entry(file.name, file.content)


_BODY = select(BODY.c.name, BODY.c.slug).where(BODY.c.id == bindparam("body"))
_MINUTES = minutes.ALL_MINUTES.where(
    MINUTES.c.body_id == bindparam("body"), MINUTES.c.year == bindparam("year"), MINUTES.c.version > 0
).order_by(MINUTES.c.number)
_F: Final = MINUTES_FILE.c
_FILES = (
    select(_F.id, _F.name, _F.sha256, func.length(_F.content).label("size"))
    .where(_F.minutes_id == bindparam("minutes"))
    .order_by(_F.id)
)
_CONTENT = select(_F.content).where(_F.id == bindparam("file"))
