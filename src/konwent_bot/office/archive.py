"""The archive of a body: its meetings, minutes and decisions, found by words, for its members (issue 6).

A meeting is found by what it was about and by its agenda, minutes by all that their newest version and their annexes say, a decision by
its title and text. Words are compared here and not by the database, which knows no capitals beyond English ones; it only leaves out
the minutes in which the plain letters of a word do not stand.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, datetime
from typing import Any, Final, Literal, TypeAlias

from sqlalchemy import BindParameter, Row, Select, bindparam, extract, func, or_, select, union

from konwent_bot import i18n
from konwent_bot.documents import meeting_words
from konwent_bot.documents.minutes import content, searching, text
from konwent_bot.office.decisions import register
from konwent_bot.office.decisions.register import Entry
from konwent_bot.office.meetings import belonging
from konwent_bot.office.meetings import facts as meetings
from konwent_bot.office.meetings.facts import Meeting
from konwent_bot.office.minutes import facts as minutes
from konwent_bot.office.minutes.facts import Minutes
from konwent_bot.office.minutes.versions import LANGUAGE
from konwent_bot.office.rights import Actor
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import AGENDA_ITEM, DECISION, MEETING, MINUTES, MINUTES_VERSION

Kind: TypeAlias = Literal["meeting", "minutes", "decision"]
#: Entries of one page: what a telephone shows.
PAGE: Final = 10
#: Characters of an excerpt on either side of what was found.
AROUND: Final = 60
#: Minutes that are read at a time.
BATCH: Final = 100


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that was found."""

    kind: Kind
    #: Its number: of the meeting, the minutes or the decision.
    number: int
    #: When the meeting began, or the decision was taken; and the local day of that.
    at: datetime
    day: date
    #: The meeting, of itself and of its minutes; ``None`` of a decision.
    meeting: Meeting | None
    #: What people call minutes and decisions by ("3/2026"); empty of a meeting.
    name: str
    #: What a meeting was about, or what was decided; may be empty.
    title: str
    #: ``circulated`` or ``final`` of minutes, the verdict of a decision, the status of a meeting.
    state: str
    #: What stands around the first of the words; empty where none was looked for.
    excerpt: str


@dataclass(frozen=True, slots=True)
class Found:
    """A page of what was found, the newest first."""

    hits: tuple[Hit, ...]
    #: How many there are on all pages.
    total: int


def search(
    uow: UnitOfWork, actor: Actor, body: int, *, words: str = "", kind: Kind | Literal[""] = "", year: int | None = None,
    limit: int = PAGE, offset: int = 0,
) -> Found:  # fmt: skip
    """Look through the archive: every one of the words stands in what is found, however it is written. Without words: all there is.

    Meetings are those people were called to; of minutes, what went out.

    Raises:
        NotFound: there is no such body for this actor.
    """
    belonging.require(uow, actor, body)
    if year is not None and not MINYEAR <= year <= MAXYEAR:
        return Found((), 0)
    wanted = tuple(words.casefold().split())
    places = [
        place for one, find in _FINDERS.items() if kind in ("", one) for place in find(uow, body, wanted, year)
    ]  # fmt: skip
    page = heapq.nlargest(offset + limit, places, key=lambda place: place.order)[offset:]
    return Found(tuple(_hit(uow, place, wanted) for place in page), len(places))


def years(uow: UnitOfWork, actor: Actor, body: int) -> tuple[int, ...]:
    """Give the years from which the archive has anything, the latest first.

    Raises:
        NotFound: there is no such body for this actor.
    """
    belonging.require(uow, actor, body)
    return tuple(sorted((int(one) for one in uow.execute(_YEARS, body=body).scalars()), reverse=True))


# --- inside -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Place:
    """Where something is that was found. Of ten thousand only the ten of a page are looked at closely."""

    kind: Kind
    number: int
    at: datetime

    @property
    def order(self) -> tuple[datetime, int, int]:
        """The newest is the greatest; minutes come before their meeting, and before both what was decided."""
        return self.at, _RANK[self.kind], self.number


def _holds(said: str, wanted: Sequence[str]) -> bool:
    folded = said.casefold()
    return all(word in folded for word in wanted)


def _find_meetings(uow: UnitOfWork, body: int, wanted: Sequence[str], year: int | None) -> Iterator[_Place]:
    rows = uow.execute(_OF_BODY if wanted else _KEYS, body=body, year=year)
    return (_Place("meeting", row.id, row.starts_at) for row in rows if not wanted or _holds(_said_of(row), wanted))


def _find_minutes(uow: UnitOfWork, body: int, wanted: Sequence[str], year: int | None) -> Iterator[_Place]:
    rows = uow.execute(_those_with(wanted), body=body, year=year).all()
    if not wanted:
        return (_Place("minutes", row.id, row.starts_at) for row in rows)
    return (
        _Place("minutes", row.id, row.starts_at)
        for some in (rows[at : at + BATCH] for at in range(0, len(rows), BATCH))
        for row, said in zip(some, _texts(uow, [row.id for row in some]), strict=True)
        if _all_said(said, wanted)
    )


def _all_said(versions: Sequence[str], wanted: Sequence[str]) -> bool:
    text = searching.folded(versions)
    return all(searching.says(text, word) for word in wanted)


def _find_decisions(uow: UnitOfWork, body: int, wanted: Sequence[str], year: int | None) -> Iterator[_Place]:
    if not wanted:
        return (_Place("decision", row.id, row.taken_at) for row in uow.execute(_DECIDED, body=body, year=year))
    return (_Place("decision", one.id, one.taken_at) for one in register.of_body(uow, body, words=" ".join(wanted), year=year))


_RANK: Final[Mapping[Kind, int]] = {"meeting": 0, "minutes": 1, "decision": 2}
_FINDERS: Final[Mapping[Kind, Callable[[UnitOfWork, int, Sequence[str], int | None], Iterator[_Place]]]] = {
    "meeting": _find_meetings, "minutes": _find_minutes, "decision": _find_decisions
}  # fmt: skip


def _texts(uow: UnitOfWork, numbers: Sequence[int]) -> list[Sequence[str]]:
    """Give what stands of minutes, as it is kept, in the order of their numbers given."""
    parts: dict[int, list[str]] = {number: [] for number in numbers}
    for row in uow.execute(_CONTENTS, these=list(numbers)):
        parts[row.minutes_id].append(row.content)
    return list(parts.values())


def _said_of(row: Row[Any]) -> str:
    """Give what a meeting is found by: its kind, day and group, what it was about, where, and its agenda."""
    kind = meeting_words.kind(i18n.translator(LANGUAGE), row.kind)
    return " · ".join(filter(None, (kind, row.group_name, row.topic, row.place, row.agenda, f"{row.day:%d.%m.%Y}")))


def _hit(uow: UnitOfWork, place: _Place, wanted: Sequence[str]) -> Hit:
    match place.kind:
        case "meeting":
            row = uow.execute(_ONE, meeting=place.number).one()
            held = meetings.read(row)
            return Hit("meeting", held.id, place.at, held.day, held, "", held.topic, held.status, _excerpt(_said_of(row), wanted))
        case "minutes":
            return _hit_in(uow, minutes.get(uow, place.number), place.at, wanted)
        case "decision":
            return _decided(uow, register.get(uow, place.number), wanted)


def _hit_in(uow: UnitOfWork, of: Minutes, at: datetime, wanted: Sequence[str]) -> Hit:
    held = meetings.get(uow, of.meeting)
    stands = _texts(uow, [of.id])[0] if wanted else ()
    said = _excerpt(" ".join(paragraph for one in stands for paragraph in text.paragraphs(content.read(one))), wanted)
    return Hit("minutes", of.id, at, held.day, held, of.name, held.topic, of.state, said)


def _decided(uow: UnitOfWork, entry: Entry, wanted: Sequence[str]) -> Hit:
    day = entry.taken_at.astimezone(uow.house.zone).date()
    said = _excerpt(f"{entry.title} {entry.text}", wanted)
    return Hit("decision", entry.id, entry.taken_at, day, None, entry.name, entry.title, entry.verdict, said)


def _excerpt(said: str, wanted: Sequence[str]) -> str:
    """Give what stands around the first word that is found, in whole words."""
    if not wanted:
        return ""
    said = " ".join(said.split())
    folded = said.casefold()
    at = min((place for word in wanted if (place := folded.find(word)) >= 0), default=0)
    first, last = max(0, at - AROUND), min(len(said), at + len(wanted[0]) + AROUND)
    first = said.rfind(" ", 0, first) + 1 if first else 0
    after = said.find(" ", last)
    last = len(said) if after < 0 else after
    return f"{'…' if first else ''}{said[first:last]}{'…' if last < len(said) else ''}"


_M: Final = MEETING.c
_V: Final = MINUTES_VERSION.c
_BODY: Final[BindParameter[int]] = bindparam("body")
_YEAR = bindparam("year", type_=DECISION.c.year.type)
_CALLED: Final = (_M.body_id == _BODY, _M.convened_at.is_not(None))
_YEAR_OF_MEETING: Final = extract("year", _M.day)
_IN_YEAR: Final = or_(_YEAR.is_(None), _YEAR_OF_MEETING == _YEAR)
_KEYS = select(_M.id, _M.starts_at).where(*_CALLED, _IN_YEAR)
#: What stood on the agenda, as one text.
_AGENDA = (
    select(func.aggregate_strings(AGENDA_ITEM.c.title + " " + AGENDA_ITEM.c.detail, " · "))
    .where(AGENDA_ITEM.c.meeting_id == _M.id, AGENDA_ITEM.c.state == "accepted", AGENDA_ITEM.c.kind.in_(("own", "carried")))
    .scalar_subquery()
)
_MEETINGS: Final = meetings.MEETINGS.add_columns(_AGENDA.label("agenda"))
_OF_BODY = _MEETINGS.where(*_CALLED, _IN_YEAR)
_ONE = _MEETINGS.where(_M.id == bindparam("meeting"))
_DECIDED = select(DECISION.c.id, DECISION.c.taken_at).where(
    DECISION.c.body_id == _BODY, or_(_YEAR.is_(None), DECISION.c.year == _YEAR)
)
#: What people may read of minutes: the newest version and every annex.
_STANDS: Final = or_(_V.version == MINUTES.c.version, _V.kind == "annex")
_CONTENTS = (
    select(_V.minutes_id, _V.content)
    .join_from(MINUTES_VERSION, MINUTES, MINUTES.c.id == _V.minutes_id)
    .where(_STANDS, MINUTES.c.id.in_(bindparam("these", expanding=True)))
    .order_by(_V.minutes_id, _V.version)
)
_YEARS = union(
    select(_YEAR_OF_MEETING.label("year")).where(*_CALLED),
    select(MINUTES.c.year).where(MINUTES.c.body_id == _BODY, MINUTES.c.version > 0),
    select(DECISION.c.year).where(DECISION.c.body_id == _BODY),
)


def _those_with(wanted: Sequence[str]) -> Select[Any]:
    """Select the minutes that went out and in which the plain letters of these words stand, each in one of their texts."""
    found = (
        select(MINUTES.c.id, _M.starts_at)
        .join_from(MINUTES, MEETING, _M.id == MINUTES.c.meeting_id)
        .where(MINUTES.c.body_id == _BODY, MINUTES.c.version > 0, or_(_YEAR.is_(None), MINUTES.c.year == _YEAR))
        .order_by(MINUTES.c.id)
    )
    for word in wanted:
        # Signs may stand otherwise in JSON; a letter with a mark may be a capital, which the database does not see.
        pattern = re.sub(r"[^\x00-\x7f]", "_", re.sub(r"[^a-z0-9\x80-\U0010ffff]", "%", word))
        holds = select(_V.minutes_id).where(_V.minutes_id == MINUTES.c.id, _STANDS, _V.content.ilike(f"%{pattern}%")).exists()
        found = found.where(holds)
    return found
