"""What is held about one person and minutes: what they wrote, sent out, answered, remarked, attached and set somebody to do. Part of ``own_data``.

Reading only. What a task says when it is done bears nobody's number, so it is not here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, FromClause, RowMapping, Select, bindparam, func, literal, select

from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import (
    BODY,
    INSTITUTION,
    MEMBERSHIP,
    MINUTES,
    MINUTES_FILE,
    MINUTES_NOTE,
    MINUTES_PLACE,
    MINUTES_REMARK,
    MINUTES_RIVAL,
    MINUTES_VERSION,
    TASK,
)


@dataclass(frozen=True, slots=True)
class HeldMinutes:
    """One thing held about a person and minutes."""

    #: ``begun``, ``note``, ``unsaved``, ``file``, ``version``, ``answer``, ``remark``, ``settled`` or ``task``.
    kind: str
    body: str
    #: The minutes as people call them: "3/2026".
    minutes: str
    #: The institution it was done for, or was about; empty where it was for none.
    institution: str
    at: datetime
    #: What exactly, by names of columns.
    said: Mapping[str, object]


def of(uow: UnitOfWork, person: int) -> tuple[HeldMinutes, ...]:
    """Give what is held about a person and minutes, kind by kind, the oldest first in each."""
    found: list[HeldMinutes] = []
    for kind, statement in _KINDS.items():
        found += [_held(kind, row) for row in uow.execute(statement, person=person).mappings()]
    return tuple(found)


# --- inside -----------------------------------------------------------------------------------------------------------

_BESIDE: Final = ("body", "year", "number", "institution", "at")


def _held(kind: str, row: RowMapping) -> HeldMinutes:
    said = {name: value for name, value in row.items() if name not in _BESIDE}
    return HeldMinutes(kind, row["body"], f"{row['number']}/{row['year']}", row["institution"], row["at"], said)


def _of(
    who: Column[Any], at: Column[Any], *said: ColumnElement[Any], begun: FromClause | None = None, for_institution: bool = False
) -> Select[Any]:
    """Select what one table holds of a person. ``who``: its column that names them; ``begun``: how it is joined with the minutes."""
    table = who.table
    if begun is None:
        begun = table if table is MINUTES else table.join(MINUTES, MINUTES.c.id == table.c.minutes_id)
    whole, whose = begun.join(BODY, BODY.c.id == MINUTES.c.body_id), literal("").label("institution")
    if for_institution:
        whole = whole.outerjoin(MEMBERSHIP, MEMBERSHIP.c.id == table.c.membership_id).outerjoin(
            INSTITUTION, INSTITUTION.c.id == MEMBERSHIP.c.institution_id
        )
        whose = func.coalesce(INSTITUTION.c.name, "").label("institution")
    return (
        select(BODY.c.name.label("body"), MINUTES.c.year, MINUTES.c.number, whose, at.label("at"), *said)
        .select_from(whole)
        .where(who == bindparam("person"))
        .order_by(at, MINUTES.c.id)
    )


_KINDS: Final[Mapping[str, Select[Any]]] = {
    "begun": _of(MINUTES.c.person_id, MINUTES.c.created_at),
    "note": _of(MINUTES_NOTE.c.person_id, MINUTES_NOTE.c.changed_at, MINUTES_NOTE.c.point, MINUTES_NOTE.c.body.label("text")),
    "unsaved": _of(
        MINUTES_RIVAL.c.person_id, MINUTES_RIVAL.c.created_at, MINUTES_RIVAL.c.body.label("text"),
        begun=MINUTES_RIVAL.join(MINUTES_NOTE, MINUTES_NOTE.c.id == MINUTES_RIVAL.c.note_id).join(
            MINUTES, MINUTES.c.id == MINUTES_NOTE.c.minutes_id
        ),
    ),
    "file": _of(
        MINUTES_FILE.c.person_id, MINUTES_FILE.c.added_at, MINUTES_FILE.c.name, func.length(MINUTES_FILE.c.content).label("bytes")
    ),
    "version": _of(MINUTES_VERSION.c.person_id, MINUTES_VERSION.c.created_at, MINUTES_VERSION.c.version, MINUTES_VERSION.c.kind),
    "answer": _of(
        MINUTES_PLACE.c.person_id, MINUTES_PLACE.c.answered_at, MINUTES_PLACE.c.version, MINUTES_PLACE.c.answer, for_institution=True
    ),
    "remark": _of(
        MINUTES_REMARK.c.person_id, MINUTES_REMARK.c.created_at, MINUTES_REMARK.c.version, MINUTES_REMARK.c.point,
        MINUTES_REMARK.c.body.label("text"), for_institution=True,
    ),
    "settled": _of(
        MINUTES_REMARK.c.settled_by, MINUTES_REMARK.c.settled_at, MINUTES_REMARK.c.version, MINUTES_REMARK.c.state,
        MINUTES_REMARK.c.reason, for_institution=True,
    ),
    "task": _of(TASK.c.person_id, TASK.c.created_at, TASK.c.what, TASK.c.due_on, for_institution=True),
}  # fmt: skip
