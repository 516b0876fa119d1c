"""Files that go with minutes. One that was taken away stays for the versions that went out with it, and only for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, bindparam, delete, func, null, select, update

from konwent_bot.documents import materials
from konwent_bot.errors import N_, NotFound, Refused
from konwent_bot.office.enclosures import Enclosure
from konwent_bot.office.meetings.facts import NOT_HERE
from konwent_bot.office.meetings.materials import MOST_BYTES, MOST_FILES, File, another_name
from konwent_bot.office.minutes import facts
from konwent_bot.office.minutes.facts import Minutes
from konwent_bot.office.minutes.versions import Version
from konwent_bot.office.rights import Actor
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.columns import UtcInstant
from konwent_bot.store.statements import upsert
from konwent_bot.store.tables import MINUTES_FILE, MINUTES_VERSION


@dataclass(frozen=True, slots=True)
class Attached:
    """A file of minutes, without what is in it."""

    id: int
    minutes: int
    name: str
    media_type: str
    size: int
    #: SHA-256 of the content, in hexadecimal.
    sha256: str
    added_at: datetime


def of(uow: UnitOfWork, minutes: int) -> tuple[Attached, ...]:
    """Give the files that go with minutes now, in the order they were attached. Asks no rights."""
    return tuple(_read(row) for row in uow.execute(_LIST, minutes=minutes))


def attach(uow: UnitOfWork, actor: Actor, number: int, name: str, content: bytes) -> int:
    """Attach a file; give its number. The same file again is the one that is there, or was.

    Raises:
        NotFound: there are no such minutes for this actor.
        Invalid: the file may not go to everybody (``documents.materials.check`` says why).
        Refused: the minutes are accepted and closed, or have no room for it.
    """
    minutes = facts.steer(uow, actor, number)
    facts.require_open(minutes)
    checked = materials.check(name, content)
    there = of(uow, number)
    known = next((one.id for one in there if one.sha256 == checked.sha256), None)
    if known is not None:
        return known
    if len(there) >= MOST_FILES:
        raise Refused(N_("There are {n} files already. Remove one first, or join several into one."), n=MOST_FILES)
    if sum(one.size for one in there) + len(content) > MOST_BYTES:
        raise Refused(N_("All files that go with minutes together may have {most} MB."), most=MOST_BYTES // 1024**2)
    made = uow.execute(
        _ATTACH[uow.dialect], minutes=number, name=another_name(checked.name, {one.name for one in there}), media=checked.media,
        sha256=checked.sha256, content=checked.content, person=actor.person, now=uow.now,
    ).scalar_one()  # fmt: skip
    facts.raise_edition(uow, number)
    uow.audit("minutes.attach", body=minutes.body, person=actor.person, minutes=number, file=made)
    return int(made)


def remove(uow: UnitOfWork, actor: Actor, file: int) -> Minutes:
    """Let a file not go with the minutes any more; one that went out with a version is kept for that. Twice is once.

    Raises:
        NotFound: there is no such file for this actor.
        Refused: the minutes are accepted and closed.
    """
    row = _one(uow, file)
    minutes = facts.steer(uow, actor, row.minutes_id)
    facts.require_open(minutes)
    gone = uow.execute(_HIDE, file=file, now=uow.now) if _went_out(uow, row) else uow.execute(_DELETE, file=file)
    if gone.rowcount:
        facts.raise_edition(uow, minutes.id)
        uow.audit("minutes.detach", body=minutes.body, person=actor.person, minutes=minutes.id, file=file)
    return facts.get(uow, minutes.id)


def take(uow: UnitOfWork, actor: Actor, file: int) -> tuple[Minutes, File]:
    """Give a file to somebody who writes these minutes; to anybody else who may see them, if it went out with a version.

    Raises:
        NotFound: there is no such file for this actor.
    """
    row = _one(uow, file)
    minutes = facts.see(uow, actor, row.minutes_id)
    if not (facts.may_write(uow, actor, minutes.body) or _went_out(uow, row)):
        raise NotFound(NOT_HERE)
    return minutes, File(row.name, row.media_type, row.content)


def of_version(uow: UnitOfWork, version: Version) -> tuple[Enclosure, ...]:
    """Give the files that went out with a version, byte for byte, in the order they were attached. Asks no rights."""
    hashes = [one.sha256 for one in version.content.files]
    rows = uow.execute(_BY_HASH, minutes=version.minutes, hashes=hashes) if hashes else ()
    return tuple(Enclosure(row.name, row.media_type, row.content, row.sha256) for row in rows)


# --- inside -----------------------------------------------------------------------------------------------------------


def _one(uow: UnitOfWork, file: int) -> Row[Any]:
    row = uow.execute(_ONE, file=file).one_or_none()
    if row is None:
        raise NotFound(NOT_HERE)
    return row


def _went_out(uow: UnitOfWork, row: Row[Any]) -> bool:
    return uow.execute(_WENT_OUT, minutes=row.minutes_id, sha256=row.sha256).first() is not None


def _read(row: Row[Any]) -> Attached:
    return Attached(row.id, row.minutes_id, row.name, row.media_type, row.size, row.sha256, row.added_at)


_F: Final = MINUTES_FILE.c
_NOW = bindparam("now", type_=UtcInstant)
_LIST = (
    select(_F.id, _F.minutes_id, _F.name, _F.media_type, func.length(_F.content).label("size"), _F.sha256, _F.added_at)
    .where(_F.minutes_id == bindparam("minutes"), _F.removed_at.is_(None))
    .order_by(_F.id)
)
_ONE = select(MINUTES_FILE).where(_F.id == bindparam("file"))
_BY_HASH = (
    select(MINUTES_FILE)
    .where(_F.minutes_id == bindparam("minutes"), _F.sha256.in_(bindparam("hashes", expanding=True)))
    .order_by(_F.id)
)
#: One that was taken away comes back under the name it had: versions may have gone out with it.
_ATTACH = upsert(
    MINUTES_FILE,
    lambda new: new.values(
        minutes_id=bindparam("minutes"), name=bindparam("name"), media_type=bindparam("media"), sha256=bindparam("sha256"),
        content=bindparam("content"), person_id=bindparam("person"), added_at=_NOW,
    )
    .on_conflict_do_update(index_elements=["minutes_id", "sha256"], set_={"removed_at": null()})
    .returning(_F.id),
)  # fmt: skip
_HIDE = update(MINUTES_FILE).where(_F.id == bindparam("file"), _F.removed_at.is_(None)).values(removed_at=_NOW)
_DELETE = delete(MINUTES_FILE).where(_F.id == bindparam("file"))
#: A version says which files went with it, by their hashes.
_WENT_OUT = select(MINUTES_VERSION.c.version).where(
    MINUTES_VERSION.c.minutes_id == bindparam("minutes"), MINUTES_VERSION.c.content.contains(bindparam("sha256"))
)
