"""Minutes as they stand: what every act and every screen of minutes begins with."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias

from sqlalchemy import Row, bindparam, select, update

from konwent_bot.errors import N_, NotFound, Refused
from konwent_bot.office.meetings import facts as meetings
from konwent_bot.office.meetings.facts import NOT_HERE
from konwent_bot.office.rights import RIGHTS, Actor, offices, require
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import BODY, MEETING, MINUTES

WRITE: Final = "minutes.write"
CIRCULATE: Final = "minutes.circulate"
#: Being written; gone out, and answered; accepted for good.
State: TypeAlias = Literal["draft", "circulated", "final"]
#: The point after all others, where things are written that belong to no point of the agenda.
END: Final = "end"

_ITEM: Final = "item:"


@dataclass(frozen=True, slots=True)
class Minutes:
    """Minutes as they stand."""

    id: int
    meeting: int
    body: int
    body_name: str
    #: They are called by both: "3/2026".
    year: int
    number: int
    state: State
    #: Goes up with whatever somebody writes: what is circulated is what was looked over.
    edition: int
    #: Points of the agenda in the order they were held; empty: as they stand on the agenda.
    points: tuple[str, ...]
    #: The newest version that went out; 0: none did.
    version: int
    #: Until when institutions may answer to it.
    answer_until: datetime | None
    next_step_at: datetime | None
    final_at: datetime | None
    #: Who began them; ``None`` where the operator did.
    person: int | None
    created_at: datetime

    @property
    def name(self) -> str:
        """What people call them by: "3/2026"."""
        return f"{self.number}/{self.year}"

    @property
    def subject(self) -> str:
        """What notices name them by."""
        return f"minutes:{self.id}"

    @property
    def locked(self) -> bool:
        """Whether nothing of them can be changed any more."""
        return self.state == "final"


def get(uow: UnitOfWork, minutes: int, *, lock: bool = False) -> Minutes:
    """Give minutes. Asks no rights: the act that calls does. A draft of a meeting that was not held after all is not there.

    ``lock``: nobody else writes, circulates, answers or settles anything of them before this unit of work ends.

    Raises:
        NotFound: there are none.
    """
    if lock:
        uow.execute(_LOCK, minutes=minutes)
    row = uow.execute(_ONE, minutes=minutes).one_or_none()
    if row is None:
        raise NotFound(NOT_HERE)
    return read(row)


def steer(uow: UnitOfWork, actor: Actor, minutes: int, act: str = WRITE) -> Minutes:
    """Give minutes, locked, to somebody who may do ``act`` in their body (``rights.RIGHTS``).

    Raises:
        NotFound: there are no such minutes for this actor.
    """
    found = get(uow, minutes, lock=True)
    require(uow, actor, act, body=found.body)
    return found


def see(uow: UnitOfWork, actor: Actor, minutes: int) -> Minutes:
    """Give minutes to somebody who may see them: whoever writes them; once they went out, whoever may see their meeting.

    Raises:
        NotFound: there are no such minutes for this actor.
    """
    found = get(uow, minutes)
    if may_write(uow, actor, found.body):
        return found
    if not found.version:
        raise NotFound(NOT_HERE)
    meetings.see(uow, actor, found.meeting)
    return found


def may_write(uow: UnitOfWork, actor: Actor, body: int) -> bool:
    """Tell whether an actor writes the minutes of a body, and so sees them before anybody else."""
    return bool(RIGHTS[WRITE] & offices(uow, actor, body))


def of_meeting(uow: UnitOfWork, meeting: int) -> Minutes | None:
    """Give the minutes of a meeting; ``None`` where nobody began them. Asks no rights."""
    row = uow.execute(_OF_MEETING, meeting=meeting).one_or_none()
    return None if row is None else read(row)


def of_body(uow: UnitOfWork, body: int) -> tuple[Minutes, ...]:
    """Give the minutes of a body, drafts too, the latest first. Asks no rights."""
    return tuple(read(row) for row in uow.execute(_OF_BODY, body=body))


def require_open(minutes: Minutes) -> None:
    """Refuse to change anything of minutes that were accepted for good."""
    if minutes.locked:
        raise Refused(N_("These minutes are accepted and closed. What is to be put right goes into an annex."))


def raise_edition(uow: UnitOfWork, minutes: int) -> None:
    """Note that somebody wrote something into minutes, so that what was looked over before is not what stands there."""
    uow.execute(_RAISE, minutes=minutes)


def point_of(item: int) -> str:
    """Give the point of an agenda item: ``item:12``; of 0, the one after all others."""
    return f"{_ITEM}{item}" if item else END


def item_of(point: str) -> int:
    """Give the agenda item of a point; 0 for a point that belongs to none."""
    return int(point.removeprefix(_ITEM)) if point.startswith(_ITEM) else 0


def read(row: Row[Any]) -> Minutes:
    """Read a row of ``ALL_MINUTES``."""
    return Minutes(
        id=row.id, meeting=row.meeting_id, body=row.body_id, body_name=row.body_name, year=row.year, number=row.number,
        state=row.state, edition=row.edition, points=tuple(json.loads(row.points)) if row.points else (), version=row.version,
        answer_until=row.answer_until, next_step_at=row.next_step_at, final_at=row.final_at, person=row.person_id,
        created_at=row.created_at,
    )  # fmt: skip


# --- inside -----------------------------------------------------------------------------------------------------------

_M: Final = MINUTES.c
#: Minutes of meetings that took place, with the names of their bodies; rows for ``read``.
ALL_MINUTES: Final = (
    select(MINUTES, BODY.c.name.label("body_name"))
    .select_from(MINUTES.join(BODY, BODY.c.id == _M.body_id).join(MEETING, MEETING.c.id == _M.meeting_id))
    .where(MEETING.c.status == "held")
)
_ONE = ALL_MINUTES.where(_M.id == bindparam("minutes"))
_OF_MEETING = ALL_MINUTES.where(_M.meeting_id == bindparam("meeting"))
_OF_BODY = ALL_MINUTES.where(_M.body_id == bindparam("body")).order_by(_M.year.desc(), _M.number.desc())
# By itself, so that what is read afterwards is what whoever held them before left: their meeting, too, may have been closed anew.
_LOCK = select(_M.id).where(_M.id == bindparam("minutes")).with_for_update()
_RAISE = update(MINUTES).where(_M.id == bindparam("minutes")).values(edition=_M.edition + 1)
