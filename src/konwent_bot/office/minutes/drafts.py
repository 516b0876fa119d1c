"""The draft of minutes: made anew of what is known and what was written, each time somebody looks; only the order of points is kept."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from sqlalchemy import ColumnElement, and_, bindparam, exists, or_, update

from konwent_bot import i18n
from konwent_bot.documents.minutes import drafting
from konwent_bot.documents.minutes.draft import Draft
from konwent_bot.documents.minutes.facts import MeetingFacts
from konwent_bot.errors import N_, NotFound, Refused
from konwent_bot.office.meetings import agenda
from konwent_bot.office.meetings import facts as meetings
from konwent_bot.office.meetings.facts import NOT_HERE, Meeting
from konwent_bot.office.minutes import beginning, facts, files, gathering, notes
from konwent_bot.office.minutes.facts import CIRCULATE, WRITE, Minutes
from konwent_bot.office.minutes.files import Attached
from konwent_bot.office.minutes.notes import Note, Rival
from konwent_bot.office.minutes.versions import LANGUAGE
from konwent_bot.office.rights import RIGHTS, Actor, require
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.columns import UtcInstant
from konwent_bot.store.tables import MEETING, MINUTES, MINUTES_PLACE, MINUTES_REMARK, POST

#: What always is the first point of a meeting.
_OPENING: Final = "opening_and_quorum"


@dataclass(frozen=True, slots=True)
class Current:
    """Minutes as whoever writes them sees them now."""

    minutes: Minutes
    meeting: Meeting
    facts: MeetingFacts
    draft: Draft
    notes: tuple[Note, ...]
    #: Texts that wait for a choice between two.
    rivals: tuple[Rival, ...]
    files: tuple[Attached, ...]
    #: Signs in it that no font of ours shows: the document will have [?] in their place.
    replaced: tuple[str, ...]

    @property
    def mark(self) -> int:
        """A number that is another one as soon as anything in the draft is, whoever brought that about."""
        return zlib.crc32(repr(self.draft).encode())


@dataclass(frozen=True, slots=True)
class Awaited:
    """Minutes that wait for somebody who writes them."""

    minutes: Minutes
    #: Local day of the meeting.
    day: date
    #: ``write``: nothing of them went out yet; ``revise``: remarks were taken up, and a new version is to go out.
    what: Literal["write", "revise"]


def open_(uow: UnitOfWork, actor: Actor, meeting: int) -> Minutes:
    """Give the minutes of a meeting to somebody who writes them; where there are none yet (it was closed long ago), begin them.

    Raises:
        NotFound: there is no such meeting for this actor.
        Refused: it is not closed as one that took place.
    """
    found = meetings.steer(uow, actor, meeting, WRITE)
    if found.status != "held":
        raise Refused(N_("Minutes are written once the meeting is closed. Note first that it took place."))
    return beginning.begin(uow, found, actor)


def current(uow: UnitOfWork, actor: Actor, number: int) -> Current:
    """Give minutes as they stand to somebody who writes them.

    Raises:
        NotFound: there are no such minutes for this actor.
    """
    minutes = facts.get(uow, number)
    require(uow, actor, WRITE, body=minutes.body)
    return standing(uow, minutes)


def standing(uow: UnitOfWork, minutes: Minutes) -> Current:
    """Give minutes as they stand, made of everything that is known now. Asks no rights."""
    from konwent_bot.documents.minutes import sheet  # only who handles documents pays for the typesetter

    known = gathering.of(uow, minutes)
    draft = drafting.draft(known, i18n.translator(LANGUAGE))
    return Current(
        minutes, meetings.get(uow, minutes.meeting), known, draft, notes.of(uow, minutes.id), notes.rivals(uow, minutes.id),
        files.of(uow, minutes.id), sheet.replaced(draft),
    )  # fmt: skip


def move_point(uow: UnitOfWork, actor: Actor, number: int, point: str, step: int) -> Minutes:
    """Move a point up (-1) or down (1), as it was held; the opening stays the first, and the first and last ones stay.

    Raises:
        NotFound: there are no such minutes or no such point for this actor.
        Refused: the minutes are accepted and closed.
    """
    minutes = facts.steer(uow, actor, number)
    facts.require_open(minutes)
    items = gathering.in_order(agenda.shown(uow, meetings.get(uow, minutes.meeting)), minutes.points)
    order = [gathering.key_of(item) for item in items]
    if point not in order:
        raise NotFound(NOT_HERE)
    first = 1 if items[0].kind == _OPENING else 0
    place = order.index(point)
    to = place if place < first else min(max(place + step, first), len(order) - 1)
    if to != place:
        order.insert(to, order.pop(place))
        uow.execute(_ORDER, minutes=number, new_points=json.dumps(order))
        facts.raise_edition(uow, number)
        uow.audit("minutes.order", body=minutes.body, person=actor.person, minutes=number)
    return facts.get(uow, number)


def awaited(uow: UnitOfWork, person: int) -> list[Awaited]:
    """Give the minutes that wait for a person: drafts, for whoever writes; what was taken up, for whoever sends out. The oldest first."""
    rows = uow.execute(_AWAITED, person=person, now=uow.now)
    return [Awaited(facts.read(row), row.day, "revise" if row.version else "write") for row in rows]


# --- inside -----------------------------------------------------------------------------------------------------------

_M: Final = MINUTES.c
_R: Final = MINUTES_REMARK.c
_ORDER = update(MINUTES).where(_M.id == bindparam("minutes")).values(points=bindparam("new_points"))


def _holds(act: str) -> ColumnElement[bool]:
    kinds = sorted(RIGHTS[act] - {"operator"})
    return exists().where(POST.c.body_id == _M.body_id, POST.c.person_id == bindparam("person"), POST.c.kind.in_(kinds))


def _remark(state: str) -> ColumnElement[bool]:
    return exists().where(_R.minutes_id == _M.id, _R.version == _M.version, _R.state == state)


_SILENT: Final = exists().where(
    MINUTES_PLACE.c.minutes_id == _M.id, MINUTES_PLACE.c.version == _M.version, MINUTES_PLACE.c.answer == ""
)
_OVER: Final = or_(_M.answer_until <= bindparam("now", type_=UtcInstant), ~_SILENT)
_AWAITED = (
    facts.ALL_MINUTES.add_columns(MEETING.c.day)
    .where(
        or_(
            and_(_M.state == "draft", _holds(WRITE)),
            and_(_M.state == "circulated", _holds(CIRCULATE), _OVER, _remark("accepted"), ~_remark("open")),
        )
    )
    .order_by(MEETING.c.starts_at, _M.id)
)
