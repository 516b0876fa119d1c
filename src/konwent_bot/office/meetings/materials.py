"""Materials of a meeting: files the coordinator attaches, for whoever may see the meeting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, delete, func, select

from konwent_bot.documents import materials as files
from konwent_bot.documents import plain
from konwent_bot.errors import N_, NotFound, Refused
from konwent_bot.office.meetings import facts
from konwent_bot.office.meetings.facts import NOT_HERE, Meeting
from konwent_bot.office.rights import Actor
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.columns import UtcInstant
from konwent_bot.store.statements import upsert
from konwent_bot.store.tables import MATERIAL

ATTACH: Final = "meeting.materials"
#: Files of one meeting, and their bytes together: a letter takes them along, and a telephone opens them.
MOST_FILES: Final = 10
MOST_BYTES: Final = 25 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Attached:
    """A file of a meeting, without what is in it."""

    id: int
    meeting: int
    name: str
    media_type: str
    size: int
    added_at: datetime


@dataclass(frozen=True, slots=True)
class File:
    """A file of a meeting."""

    name: str
    media_type: str
    content: bytes


def of(uow: UnitOfWork, actor: Actor, meeting: int) -> tuple[Meeting, list[Attached]]:
    """Give the files of a meeting in the order they were attached. Raises ``NotFound`` unless the actor may see the meeting."""
    found = facts.see(uow, actor, meeting)
    return found, listed(uow, meeting)


def contents(uow: UnitOfWork, meeting: int) -> list[File]:
    """Give the files of a meeting with what is in them, for the letter they go along with. Asks no rights."""
    return [File(row.name, row.media_type, row.content) for row in uow.execute(_WHOLE, meeting=meeting)]


def listed(uow: UnitOfWork, meeting: int) -> list[Attached]:
    """Give the files of a meeting without what is in them, in the order they were attached. Asks no rights."""
    rows = uow.execute(_LIST, meeting=meeting)
    return [Attached(row.id, row.meeting_id, row.name, row.media_type, row.size, row.added_at) for row in rows]


def take(uow: UnitOfWork, actor: Actor, material: int) -> tuple[Meeting, File]:
    """Give a file. Raises ``NotFound`` unless the actor may see its meeting."""
    row = uow.execute(_ONE, material=material).one_or_none()
    if row is None:
        raise NotFound(NOT_HERE)
    return facts.see(uow, actor, row.meeting_id), File(row.name, row.media_type, row.content)


def attach(uow: UnitOfWork, actor: Actor, meeting: int, name: str, content: bytes) -> int:
    """Attach a file; give its number. The same file again is the one that is there.

    Raises:
        NotFound: there is no such meeting for this actor.
        Invalid: the file may not go to everybody (``documents.materials.check`` says why).
        Refused: the meeting is called off, or has no room for it.
    """
    found = facts.steer(uow, actor, meeting, ATTACH)
    if found.status == "cancelled":
        raise Refused(N_("This meeting is called off. Nothing can be attached to it."))
    checked = files.check(name, content)
    there = listed(uow, meeting)
    known = uow.execute(_SAME, meeting=meeting, sha256=checked.sha256).scalar_one_or_none()
    if known is not None:
        return int(known)
    if len(there) >= MOST_FILES:
        raise Refused(N_("There are {n} files already. Remove one first, or join several into one."), n=MOST_FILES)
    if sum(one.size for one in there) + len(content) > MOST_BYTES:
        raise Refused(N_("All files of a meeting together may have {most} MB."), most=MOST_BYTES // 1024**2)
    made = uow.execute(
        _ATTACH[uow.dialect], meeting=meeting, name=another_name(checked.name, {one.name for one in there}), media=checked.media,
        sha256=checked.sha256, content=checked.content, person=actor.person, now=uow.now,
    ).scalar_one()  # fmt: skip
    uow.audit("material.attach", body=found.body, person=actor.person, meeting=meeting, material=made)
    return int(made)


def remove(uow: UnitOfWork, actor: Actor, material: int) -> Meeting:
    """Take a file away. Raises ``NotFound`` when there is none for this actor."""
    row = uow.execute(_WHOSE, material=material).one_or_none()
    if row is None:
        raise NotFound(NOT_HERE)
    found = facts.steer(uow, actor, row.meeting_id, ATTACH)
    uow.execute(_REMOVE, material=material)
    uow.audit("material.remove", body=found.body, person=actor.person, meeting=found.id, material=material)
    return found


def another_name(name: str, taken: set[str]) -> str:
    """Give a name no other file of the meeting has: two files named alike overwrite each other when they are saved."""
    stem, dot, ending = name.rpartition(".")
    number, free = 1, name
    while free in taken:
        number += 1
        tail = f" ({number}){dot}{ending}"
        free = stem[: plain.FILE_NAME - len(tail)] + tail
    return free


# --- inside -----------------------------------------------------------------------------------------------------------

_F: Final = MATERIAL.c
_LIST = (
    select(_F.id, _F.meeting_id, _F.name, _F.media_type, func.length(_F.content).label("size"), _F.added_at)
    .where(_F.meeting_id == bindparam("meeting"))
    .order_by(_F.id)
)
_WHOLE = select(MATERIAL).where(_F.meeting_id == bindparam("meeting")).order_by(_F.id)
_ONE = select(MATERIAL).where(_F.id == bindparam("material"))
_WHOSE = select(_F.meeting_id).where(_F.id == bindparam("material"))
_SAME = select(_F.id).where(_F.meeting_id == bindparam("meeting"), _F.sha256 == bindparam("sha256"))
_ATTACH = upsert(
    MATERIAL,
    lambda new: new.values(
        meeting_id=bindparam("meeting"), name=bindparam("name"), media_type=bindparam("media"), sha256=bindparam("sha256"),
        content=bindparam("content"), person_id=bindparam("person"), added_at=bindparam("now", type_=UtcInstant),
    )
    .on_conflict_do_update(index_elements=["meeting_id", "sha256"], set_={"name": _F.name})
    .returning(_F.id),
)  # fmt: skip
_REMOVE = delete(MATERIAL).where(_F.id == bindparam("material"))
