"""Working groups of a body: a task, a term, and the places that belong to it (R15; the task composition of KSR White Book §1.3.7)."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Row, bindparam, insert, select, update

from konwent_bot.domain.roster_words import SeatRole
from konwent_bot.errors import N_, Invalid, NotFound, Refused
from konwent_bot.office.meetings import belonging, facts
from konwent_bot.office.rights import Actor, require
from konwent_bot.office.subjects import Outcome, Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import BODY, GROUP_SEAT, INSTITUTION, MEMBERSHIP, PERSON, SEAT, WORKING_GROUP

#: By how many months a term may be extended at a time.
EXTENSIONS: Final = (3, 6, 12)
#: How far ahead a term may end.
MOST_MONTHS: Final = 60


class GroupSetUp(BaseModel):
    """What the act ``working_group.set_up`` takes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(max_length=100)
    scope: str = Field(max_length=1000)
    #: Last local day of its term.
    term: date
    #: Numbers of the places that belong to it, as the flow offers them.
    seats: tuple[str, ...]
    monthly: bool


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """A working group as it stands."""

    id: int
    body: int
    body_name: str
    name: str
    scope: str
    #: Last local day of its term.
    term_on: date
    #: It owes a meeting of its own every month.
    monthly: bool
    #: Local day on which it was set up.
    began: date


@dataclass(frozen=True, slots=True)
class GroupPlace:
    """A place of an institution that is, or may be, in a working group."""

    seat: int
    institution: str
    role: SeatRole
    #: Who holds it; empty for a vacant one.
    holder: str


def may(uow: UnitOfWork, actor: Actor, subject: Subject) -> None:
    """Refuse unless the actor may set up working groups in this body."""
    require(uow, actor, "working_group.set_up", body=subject.body)


def set_up(uow: UnitOfWork, actor: Actor, subject: Subject, given: GroupSetUp) -> Outcome:
    """Set up a working group; ``Outcome.made`` is its number.

    Raises:
        NotFound: no such body for this actor.
        Invalid: its term is over already or ends too far ahead, or one of the places is none of this body.
        Refused: a working group at work has this name already.
    """
    may(uow, actor, subject)
    uow.execute(_BODY_LOCKED, body=subject.body)
    name, scope = " ".join(given.name.split()), given.scope.strip()
    if given.term < uow.today:
        raise Invalid(N_("The last day of the term lies in the past: {day}."), day=given.term)
    _require_bounded(uow, given.term)
    if any(one.name.casefold() == name.casefold() and one.term_on >= uow.today for one in _all(uow, subject.body)):
        raise Refused(N_("There is a working group called “{name}” already. Choose another name, or extend its term."), name=name)
    seats = _seats(uow, subject.body, given.seats)
    values = {"body_id": subject.body, "name": name, "scope": scope, "term_on": given.term, "monthly": given.monthly}
    made = int(uow.execute(_NEW, **values, created_at=uow.now).scalar_one())
    uow.connection.execute(_NEW_SEAT, [{"group_id": made, "seat_id": seat} for seat in seats])
    uow.audit("working_group.set_up", body=subject.body, person=actor.person, group=made)
    return Outcome(subject.body, made=made)


def extend(uow: UnitOfWork, actor: Actor, group: int, months: int) -> GroupFacts:
    """Extend the term of a group by so many months from its last day, or from today where that has passed.

    Raises:
        NotFound: there is no such group for this actor.
        Invalid: the term cannot be extended by so much, or would end too far ahead.
    """
    found = _locked(uow, actor, group)
    if months not in EXTENSIONS:
        raise Invalid(N_("Please choose one of the answers shown."))
    term = _later(max(found.term_on, uow.today), months)
    _require_bounded(uow, term)
    return _end_on(uow, actor, found, term)


def close(uow: UnitOfWork, actor: Actor, group: int) -> GroupFacts:
    """End the work of a group with yesterday: it meets no more. Meetings that are on the plan already stay; pressed twice it changes nothing.

    Raises:
        NotFound: there is no such group for this actor.
    """
    found = _locked(uow, actor, group)
    yesterday = uow.today - timedelta(days=1)
    return found if found.term_on <= yesterday else _end_on(uow, actor, found, yesterday)


def of_body(uow: UnitOfWork, actor: Actor, body: int) -> list[GroupFacts]:
    """Give the working groups of a body, those at work first. Raises ``NotFound`` unless the actor belongs to it."""
    belonging.require(uow, actor, body)
    return sorted(_all(uow, body), key=lambda one: (one.term_on < uow.today, one.name, one.id))


def at_work(uow: UnitOfWork, body: int) -> list[GroupFacts]:
    """Give the working groups whose term is not over. Asks no rights."""
    return [one for one in _all(uow, body) if one.term_on >= uow.today]


def see(uow: UnitOfWork, actor: Actor, group: int) -> tuple[GroupFacts, tuple[GroupPlace, ...]]:
    """Give a working group and its places. Raises ``NotFound`` unless the actor belongs to its body."""
    found = _get(uow, group)
    belonging.require(uow, actor, found.body)
    return found, tuple(_place(row) for row in uow.execute(_COMPOSITION, group=group))


def steer(uow: UnitOfWork, actor: Actor, group: int) -> GroupFacts:
    """Give a working group to somebody who may end or extend its work. Raises ``NotFound`` for anybody else."""
    found = _get(uow, group)
    require(uow, actor, "working_group.set_up", body=found.body)
    return found


def places(uow: UnitOfWork, actor: Actor, body: int) -> tuple[GroupPlace, ...]:
    """Give the places of a body that may be in a working group. Raises ``NotFound`` unless the actor sets groups up."""
    require(uow, actor, "working_group.set_up", body=body)
    return tuple(_place(row) for row in uow.execute(_PLACES, body=body))


def body_of(uow: UnitOfWork, actor: Actor, body: int) -> str:
    """Give the name of a body the actor belongs to. Raises ``NotFound`` for any other."""
    belonging.require(uow, actor, body)
    return str(uow.execute(_BODY, body=body).scalar_one())


# --- inside -----------------------------------------------------------------------------------------------------------


def _locked(uow: UnitOfWork, actor: Actor, group: int) -> GroupFacts:
    steer(uow, actor, group)
    uow.execute(_GROUP_LOCKED, group=group)
    return _get(uow, group)


def _get(uow: UnitOfWork, group: int) -> GroupFacts:
    row = uow.execute(_ONE, group=group).one_or_none()
    if row is None:
        raise NotFound(facts.NOT_HERE)
    return _facts(uow, row)


def _all(uow: UnitOfWork, body: int) -> list[GroupFacts]:
    return [_facts(uow, row) for row in uow.execute(_OF_BODY, body=body)]


def _facts(uow: UnitOfWork, row: Row[Any]) -> GroupFacts:
    began = row.created_at.astimezone(uow.house.zone).date()
    return GroupFacts(row.id, row.body_id, row.body_name, row.name, row.scope, row.term_on, row.monthly, began)


def _end_on(uow: UnitOfWork, actor: Actor, found: GroupFacts, day: date) -> GroupFacts:
    uow.execute(_END, group=found.id, day=day)
    uow.audit("working_group.term", body=found.body, person=actor.person, group=found.id)
    return _get(uow, found.id)


def _require_bounded(uow: UnitOfWork, term: date) -> None:
    longest = _later(uow.today, MOST_MONTHS)
    if term > longest:
        raise Invalid(N_("A working group may work until {day} at most. Its term can be extended later."), day=longest)


def _later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _seats(uow: UnitOfWork, body: int, given: tuple[str, ...]) -> list[int]:
    """Read the places that were chosen. Raises ``Invalid`` where one of them is not of this body (any more)."""
    offered = {row.seat_id for row in uow.execute(_PLACES, body=body)}
    chosen = [int(word) for word in given if word.isascii() and word.isdigit() and len(word) < 19]
    if not chosen or len(chosen) != len(given) or not offered.issuperset(chosen):
        raise Invalid(N_("Please choose from the answers shown."))
    return sorted(set(chosen))


def _place(row: Row[Any]) -> GroupPlace:
    return GroupPlace(row.seat_id, row.short_name, row.role, row.person_name or row.name or row.email)


_BODY = select(BODY.c.name).where(BODY.c.id == bindparam("body"))
_BODY_LOCKED = select(BODY.c.id).where(BODY.c.id == bindparam("body")).with_for_update()
_GROUPS = select(WORKING_GROUP, BODY.c.name.label("body_name")).join_from(WORKING_GROUP, BODY)
_ONE = _GROUPS.where(WORKING_GROUP.c.id == bindparam("group"))
_GROUP_LOCKED = select(WORKING_GROUP.c.id).where(WORKING_GROUP.c.id == bindparam("group")).with_for_update()
_OF_BODY = _GROUPS.where(WORKING_GROUP.c.body_id == bindparam("body")).order_by(WORKING_GROUP.c.id)
_NEW = insert(WORKING_GROUP).returning(WORKING_GROUP.c.id)
_NEW_SEAT = insert(GROUP_SEAT)
_END = update(WORKING_GROUP).where(WORKING_GROUP.c.id == bindparam("group")).values(term_on=bindparam("day"))
_SEATS = (
    select(
        SEAT.c.id.label("seat_id"), INSTITUTION.c.short_name, SEAT.c.role, SEAT.c.name, SEAT.c.email, PERSON.c.name.label("person_name")
    )
    .select_from(
        SEAT.join(MEMBERSHIP, MEMBERSHIP.c.id == SEAT.c.membership_id)
        .join(INSTITUTION, INSTITUTION.c.id == MEMBERSHIP.c.institution_id)
        .outerjoin(PERSON, PERSON.c.id == SEAT.c.person_id)
    )
    .where(MEMBERSHIP.c.left_on.is_(None), SEAT.c.meeting_id.is_(None))
    .order_by(INSTITUTION.c.short_name, MEMBERSHIP.c.id, SEAT.c.role, SEAT.c.number)
)  # fmt: skip
_PLACES = _SEATS.where(MEMBERSHIP.c.body_id == bindparam("body"))
_COMPOSITION = _SEATS.join(GROUP_SEAT, GROUP_SEAT.c.seat_id == SEAT.c.id).where(GROUP_SEAT.c.group_id == bindparam("group"))
