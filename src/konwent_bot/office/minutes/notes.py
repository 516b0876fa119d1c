"""What people write into minutes: paragraphs under a point, and what happens when two write at once.

A change names the revision its writer had read. If somebody else changed the paragraph meanwhile, theirs stands, and the later text is
kept beside it (a rival) until its writer, or anybody else who writes these minutes, has seen both and chooses. Nothing is ever
overwritten unseen, and what is taken away takes nobody else's text with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Row, bindparam, delete, func, insert, select, update

from konwent_bot.errors import N_, NotFound, Refused
from konwent_bot.office.meetings import agenda
from konwent_bot.office.meetings import facts as meetings
from konwent_bot.office.meetings.facts import NOT_HERE
from konwent_bot.office.minutes import facts
from konwent_bot.office.minutes.facts import WRITE, Minutes
from konwent_bot.office.rights import Actor, require
from konwent_bot.office.subjects import Outcome, Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.columns import UtcInstant
from konwent_bot.store.tables import MINUTES_NOTE, MINUTES_RIVAL

#: Characters of a paragraph: what one message of a chat takes.
MOST_TEXT: Final = 3000
#: Paragraphs somebody wrote into one minutes.
MOST: Final = 200
#: What to do with two texts of one paragraph: the later one takes the place, the earlier one stays, or both stand one after the other.
How: TypeAlias = Literal["mine", "theirs", "both"]


class Written(BaseModel):
    """What the acts ``minutes.write`` and ``minutes.change`` take."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: str = Field(max_length=MOST_TEXT)


@dataclass(frozen=True, slots=True)
class Note:
    """A paragraph somebody wrote."""

    id: int
    minutes: int
    #: The point it stands under: ``item:12`` or ``end``.
    point: str
    #: Its place among the others of its point.
    position: int
    body: str
    #: 1, and one more with every change.
    revision: int
    #: Who wrote it last.
    person: int | None
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Rival:
    """What somebody wrote in a paragraph that was changed meanwhile."""

    id: int
    note: int
    person: int
    body: str
    #: The revision they had read.
    revision: int
    created_at: datetime


# --- reading ----------------------------------------------------------------------------------------------------------


def of(uow: UnitOfWork, minutes: int) -> tuple[Note, ...]:
    """Give the paragraphs of minutes; those of one point in their order. Asks no rights."""
    return tuple(_read(row) for row in uow.execute(_OF, minutes=minutes))


def one(uow: UnitOfWork, actor: Actor, note: int) -> tuple[Minutes, Note]:
    """Give a paragraph and its minutes to somebody who writes them. Raises ``NotFound`` for everybody else."""
    found = _get(uow, note)
    minutes = facts.get(uow, found.minutes)
    require(uow, actor, WRITE, body=minutes.body)
    return minutes, found


def rivals(uow: UnitOfWork, minutes: int) -> tuple[Rival, ...]:
    """Give the texts that wait for a choice in minutes, the oldest first. Asks no rights."""
    return tuple(_read_rival(row) for row in uow.execute(_RIVALS, minutes=minutes))


def rival(uow: UnitOfWork, actor: Actor, number: int) -> tuple[Minutes, Note, Rival]:
    """Give a text that waits for a choice, with what stands, to somebody who writes the minutes. Raises ``NotFound`` for everybody else."""
    row = uow.execute(_RIVAL, rival=number).one_or_none()
    if row is None:
        raise NotFound(NOT_HERE)
    return *one(uow, actor, row.note_id), _read_rival(row)


def rival_of(uow: UnitOfWork, person: int, note: int) -> Rival | None:
    """Give what a person wrote in a paragraph that was changed meanwhile, while it waits for a choice. Asks no rights."""
    row = uow.execute(_THEIRS, note=note, person=person).one_or_none()
    return None if row is None else _read_rival(row)


def standing(uow: UnitOfWork, person: int, note: int) -> Mapping[str, str]:
    """Give the text the conversation that changes a paragraph begins with: the person's own that waits, or the one that stands."""
    waiting = rival_of(uow, person, note)
    return {"text": _get(uow, note).body if waiting is None else waiting.body}


# --- conversations ----------------------------------------------------------------------------------------------------


def may_write(uow: UnitOfWork, actor: Actor, subject: Subject) -> None:
    """Refuse unless the actor may write under this point of these minutes.

    Raises:
        NotFound: there are no such minutes, or there is no such point, for this actor.
        Refused: they are accepted and closed.
    """
    minutes = facts.get(uow, subject.minutes or 0)
    require(uow, actor, WRITE, body=minutes.body)
    facts.require_open(minutes)
    item = subject.item or 0
    if item and item not in {one.id for one in agenda.of(uow, meetings.get(uow, minutes.meeting)) if one.state == "accepted"}:
        raise NotFound(NOT_HERE)


def write(uow: UnitOfWork, actor: Actor, subject: Subject, said: Written) -> Outcome:
    """Write a paragraph, after the others of its point. Raises as ``may_write``, and ``Refused`` where there are too many."""
    minutes = facts.steer(uow, actor, subject.minutes or 0)
    may_write(uow, actor, subject)
    made = _enter(uow, actor, minutes, facts.point_of(subject.item or 0), said.text.strip())
    return Outcome(minutes.body, minutes.meeting, made=made, minutes=minutes.id)


def may_change(uow: UnitOfWork, actor: Actor, subject: Subject) -> None:
    """Refuse unless the actor may change this paragraph. One that was taken away meanwhile can be: it is then written anew.

    Raises:
        NotFound: there are no such minutes for this actor, or it is a paragraph of others.
        Refused: they are accepted and closed.
    """
    minutes = facts.get(uow, subject.minutes or 0)
    require(uow, actor, WRITE, body=minutes.body)
    facts.require_open(minutes)
    row = uow.execute(_ONE, note=subject.note).one_or_none()
    if subject.note is None or (row is not None and row.minutes_id != minutes.id):
        raise NotFound(NOT_HERE)


def change(uow: UnitOfWork, actor: Actor, subject: Subject, said: Written) -> Outcome:
    """Change a paragraph; where somebody changed it since ``subject.revision``, keep the text beside theirs, for a choice.

    A paragraph that was taken away meanwhile is written anew with this text. Raises as ``may_change``.
    """
    minutes = facts.steer(uow, actor, subject.minutes or 0)
    may_change(uow, actor, subject)
    text, note = said.text.strip(), subject.note or 0
    row = uow.execute(_ONE, note=note).one_or_none()
    if row is None:
        note = _enter(uow, actor, minutes, facts.point_of(subject.item or 0), text)
    elif row.body == text:
        _drop(uow, note, actor)
    elif uow.execute(_CHANGE, note=note, read=subject.revision or 0, text=text, who=actor.person, now=uow.now).rowcount:
        _drop(uow, note, actor)
        _written(uow, actor, minutes, "change", note)
    else:
        _keep(uow, actor, note, text, subject.revision or 0)
    return Outcome(minutes.body, minutes.meeting, made=note, minutes=minutes.id)


# --- by a press -------------------------------------------------------------------------------------------------------


def remove(uow: UnitOfWork, actor: Actor, note: int, revision: int) -> Minutes:
    """Take a paragraph away; texts of others that wait beside it become paragraphs of their own.

    Raises:
        NotFound: there is no such paragraph for this actor.
        Refused: it was changed since this revision, or the minutes are accepted and closed.
    """
    minutes, found = _held(uow, actor, note)
    if found.revision != revision:
        raise Refused(N_("Somebody changed this paragraph meanwhile. Look at it again before you take it away."))
    for waiting in uow.execute(_BESIDE, note=note).all():
        _enter(uow, Actor(waiting.person_id), minutes, found.point, waiting.body)
    uow.execute(_REMOVE, note=note)
    _written(uow, actor, minutes, "remove", note)
    return facts.get(uow, minutes.id)


def move(uow: UnitOfWork, actor: Actor, note: int, step: int) -> Minutes:
    """Move a paragraph up (-1) or down (1) among those of its point; the first and the last one stay.

    Raises:
        NotFound: there is no such paragraph for this actor.
        Refused: the minutes are accepted and closed.
    """
    minutes, found = _held(uow, actor, note)
    order = [one.id for one in of(uow, minutes.id) if one.point == found.point]
    place = order.index(note)
    to = min(max(place + step, 0), len(order) - 1)
    if to != place:
        order.insert(to, order.pop(place))
        _number(uow, order)
        _written(uow, actor, minutes, "move", note)
    return facts.get(uow, minutes.id)


def choose(uow: UnitOfWork, actor: Actor, number: int, how: How, revision: int) -> Minutes:
    """Choose between two texts of a paragraph, both of which the actor has seen: whoever writes these minutes may.

    ``revision``: of the text that stood when they saw it.

    Raises:
        NotFound: there is no such choice for this actor, or it was made.
        Refused: the text that stands was changed since, or the minutes are accepted and closed.
    """
    _, note, waiting = rival(uow, actor, number)
    minutes, note = _held(uow, actor, note.id)
    if note.revision != revision:
        raise Refused(N_("Somebody changed this paragraph meanwhile. Look at both texts again before you choose."))
    if not uow.execute(_DECIDED, rival=number).rowcount:
        raise NotFound(NOT_HERE)  # somebody chose at the same moment
    if how == "mine":
        uow.execute(_CHANGE, note=note.id, read=note.revision, text=waiting.body, who=waiting.person, now=uow.now)
    elif how == "both":
        made = _enter(uow, Actor(waiting.person), minutes, note.point, waiting.body)
        order = [one.id for one in of(uow, minutes.id) if one.point == note.point and one.id != made]
        order.insert(order.index(note.id) + 1, made)
        _number(uow, order)
    _written(uow, actor, minutes, "choose", note.id)
    return facts.get(uow, minutes.id)


# --- inside -----------------------------------------------------------------------------------------------------------


def _get(uow: UnitOfWork, note: int) -> Note:
    row = uow.execute(_ONE, note=note).one_or_none()
    if row is None:
        raise NotFound(NOT_HERE)
    return _read(row)


def _held(uow: UnitOfWork, actor: Actor, note: int) -> tuple[Minutes, Note]:
    """Give a paragraph as it stands once nobody else can change it, of minutes that are still open."""
    minutes = facts.steer(uow, actor, _get(uow, note).minutes)
    facts.require_open(minutes)
    return minutes, _get(uow, note)


def _enter(uow: UnitOfWork, actor: Actor, minutes: Minutes, point: str, text: str) -> int:
    if len(of(uow, minutes.id)) >= MOST:
        raise Refused(N_("There are {n} paragraphs already. Change one of them, or join several into one."), n=MOST)
    made = int(
        uow.execute(_ENTER, minutes=minutes.id, point=point, text=text, person=actor.person, now=uow.now).scalar_one()
    )  # fmt: skip
    _written(uow, actor, minutes, "write", made)
    return made


def _keep(uow: UnitOfWork, actor: Actor, note: int, text: str, revision: int) -> None:
    if actor.person is None:
        raise Refused(N_("Somebody changed this paragraph meanwhile. Look at it again before you change it."))
    _drop(uow, note, actor)  # a text of theirs that waits already was what they went on from (``standing``)
    uow.execute(_KEEP, note=note, person=actor.person, text=text, read=revision, now=uow.now)


def _drop(uow: UnitOfWork, note: int, actor: Actor) -> None:
    """Let a person's own text that waits go: what they have sent now takes its place."""
    uow.execute(_DROP, note=note, person=actor.person)


def _number(uow: UnitOfWork, order: Sequence[int]) -> None:
    for position, number in enumerate(order, start=1):
        uow.execute(_PLACE, note=number, new_position=position)


def _written(uow: UnitOfWork, actor: Actor, minutes: Minutes, what: str, note: int) -> None:
    facts.raise_edition(uow, minutes.id)
    uow.audit(f"minutes.{what}", body=minutes.body, person=actor.person, minutes=minutes.id, note=note)


def _read(row: Row[Any]) -> Note:
    return Note(row.id, row.minutes_id, row.point, row.position, row.body, row.revision, row.person_id, row.changed_at)


def _read_rival(row: Row[Any]) -> Rival:
    return Rival(row.id, row.note_id, row.person_id, row.body, row.revision, row.created_at)


_N: Final = MINUTES_NOTE.c
_R: Final = MINUTES_RIVAL.c
_NOW = bindparam("now", type_=UtcInstant)
_OF = select(MINUTES_NOTE).where(_N.minutes_id == bindparam("minutes")).order_by(_N.point, _N.position, _N.id)
_ONE = select(MINUTES_NOTE).where(_N.id == bindparam("note"))
_LAST = select(func.coalesce(func.max(_N.position), 0) + 1).where(
    _N.minutes_id == bindparam("minutes"), _N.point == bindparam("point")
)
_ENTER = (
    insert(MINUTES_NOTE)
    .values(
        minutes_id=bindparam("minutes"), point=bindparam("point"), position=_LAST.scalar_subquery(), body=bindparam("text"), revision=1,
        person_id=bindparam("person"), created_at=_NOW, changed_at=_NOW,
    )
    .returning(_N.id)
)  # fmt: skip
_CHANGE = (
    update(MINUTES_NOTE)
    .where(_N.id == bindparam("note"), _N.revision == bindparam("read"))
    .values(body=bindparam("text"), revision=_N.revision + 1, person_id=bindparam("who"), changed_at=_NOW)
)
_PLACE = update(MINUTES_NOTE).where(_N.id == bindparam("note")).values(position=bindparam("new_position"))
_REMOVE = delete(MINUTES_NOTE).where(_N.id == bindparam("note"))
_RIVALS = (
    select(MINUTES_RIVAL)
    .join_from(MINUTES_RIVAL, MINUTES_NOTE, _N.id == _R.note_id)
    .where(_N.minutes_id == bindparam("minutes"))
    .order_by(_R.id)
)
_RIVAL = select(MINUTES_RIVAL).where(_R.id == bindparam("rival"))
_BESIDE = select(MINUTES_RIVAL).where(_R.note_id == bindparam("note")).order_by(_R.id)
_THEIRS = _BESIDE.where(_R.person_id == bindparam("person"))
_KEEP = insert(MINUTES_RIVAL).values(
    note_id=bindparam("note"), person_id=bindparam("person"), body=bindparam("text"), revision=bindparam("read"), created_at=_NOW
)
_DROP = delete(MINUTES_RIVAL).where(_R.note_id == bindparam("note"), _R.person_id == bindparam("person"))
_DECIDED = delete(MINUTES_RIVAL).where(_R.id == bindparam("rival"))
