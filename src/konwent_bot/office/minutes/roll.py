"""What institutions say of a version that went out: the roll of that moment, its answers and remarks. Acts on it are ``answers`` and ``remarks``.

Asks no rights but in ``see_remark``: whoever may see minutes sees how they were answered, and screens ask before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, and_, bindparam, func, select

from konwent_bot.domain.minutes.answering import AnswerWord, Outcome, RemarkState, comes_to
from konwent_bot.errors import NotFound
from konwent_bot.office.meetings.facts import NOT_HERE
from konwent_bot.office.minutes import facts
from konwent_bot.office.minutes.facts import CIRCULATE, Minutes
from konwent_bot.office.rights import RIGHTS, Actor
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.columns import UtcInstant
from konwent_bot.store.tables import (
    INSTITUTION,
    MEMBERSHIP,
    MINUTES,
    MINUTES_PLACE,
    MINUTES_REMARK,
    MINUTES_VERSION,
    POST,
    SEAT,
)


@dataclass(frozen=True, slots=True)
class Place:
    """An institution a version was sent to, and what it answered."""

    membership: int
    name: str
    answer: AnswerWord
    #: Who answered, and when; nobody where its silence was taken for an answer.
    person: int | None
    answered_at: datetime | None
    #: When somebody of it first opened the minutes here.
    opened_at: datetime | None


@dataclass(frozen=True, slots=True)
class Remark:
    """What an institution would have otherwise, and what became of that."""

    id: int
    minutes: int
    version: int
    membership: int
    institution: str
    #: A point of the version: ``item:12``.
    point: str
    body: str
    state: RemarkState
    #: Why it was declined.
    reason: str
    person: int | None
    created_at: datetime
    settled_at: datetime | None

    @property
    def subject(self) -> str:
        """What notices name it by."""
        return f"remark:{self.id}"


@dataclass(frozen=True, slots=True)
class Roll:
    """The institutions a version was sent to, in alphabetical order, and their remarks in order of time."""

    minutes: int
    version: int
    #: Until when they may answer; ``None`` of a version nobody was asked about.
    until: datetime | None
    places: tuple[Place, ...]
    remarks: tuple[Remark, ...]

    @property
    def silent(self) -> tuple[Place, ...]:
        """Those that have not answered."""
        return self._answered("")

    @property
    def accepted(self) -> tuple[Place, ...]:
        """Those that said that they accept it."""
        return self._answered("accepted")

    @property
    def deemed(self) -> tuple[Place, ...]:
        """Those whose silence was taken for acceptance."""
        return self._answered("deemed")

    @property
    def remarking(self) -> tuple[Place, ...]:
        """Those that have remarks."""
        return self._answered("remarks")

    @property
    def open(self) -> tuple[Remark, ...]:
        """Remarks nobody has settled."""
        return self._settled("open")

    @property
    def taken(self) -> tuple[Remark, ...]:
        """Remarks that were accepted."""
        return self._settled("accepted")

    @property
    def declined(self) -> tuple[Remark, ...]:
        """Remarks that were declined."""
        return self._settled("declined")

    def place(self, membership: int) -> Place:
        """Give an institution of the roll. Raises ``NotFound`` for one that is not on it."""
        found = next((one for one in self.places if one.membership == membership), None)
        if found is None:
            raise NotFound(NOT_HERE)
        return found

    def remarks_of(self, membership: int) -> tuple[Remark, ...]:
        """Give the remarks of an institution."""
        return tuple(one for one in self.remarks if one.membership == membership)

    def is_over(self, now: datetime) -> bool:
        """Tell whether the time for answers has passed."""
        return self.until is not None and self.until <= now

    def outcome(self, now: datetime) -> Outcome:
        """Say what it comes to at an instant."""
        return comes_to(
            [one.answer for one in self.places], [one.state for one in self.remarks], over=self.is_over(now)
        )  # fmt: skip

    def _answered(self, answer: AnswerWord) -> tuple[Place, ...]:
        return tuple(one for one in self.places if one.answer == answer)

    def _settled(self, state: RemarkState) -> tuple[Remark, ...]:
        return tuple(one for one in self.remarks if one.state == state)


def of(uow: UnitOfWork, minutes: int, version: int) -> Roll:
    """Give the roll of a version; of one nobody was asked about it is empty."""
    key = {"minutes": minutes, "version": version}
    places = tuple(_place(row) for row in uow.execute(_PLACES, **key))
    remarks = tuple(_read(row) for row in uow.execute(_OF_VERSION, **key)) if places else ()
    return Roll(minutes, version, uow.execute(_UNTIL, **key).scalar_one_or_none(), places, remarks)


def find(uow: UnitOfWork, minutes: int, version: int, membership: int) -> Place | None:
    """Give an institution of the roll of a version; ``None`` where it is not on it."""
    row = uow.execute(_PLACE, minutes=minutes, version=version, membership=membership).one_or_none()
    return None if row is None else _place(row)


def remark(uow: UnitOfWork, number: int) -> Remark:
    """Give a remark. Raises ``NotFound`` where there is none."""
    row = uow.execute(_REMARK, remark=number).one_or_none()
    if row is None:
        raise NotFound(NOT_HERE)
    return _read(row)


def see_remark(uow: UnitOfWork, actor: Actor, number: int) -> tuple[Minutes, Remark]:
    """Give a remark and its minutes to somebody who writes them.

    Raises:
        NotFound: there is no such remark for this actor.
    """
    found = remark(uow, number)
    minutes = facts.get(uow, found.minutes)
    if not facts.may_write(uow, actor, minutes.body):
        raise NotFound(NOT_HERE)
    return minutes, found


def own(uow: UnitOfWork, person: int, minutes: Minutes) -> tuple[Place, ...]:
    """Give the institutions of the newest version's roll that a person speaks for at this moment."""
    mine = spoken_for(uow, person, minutes.body)
    return tuple(one for one in of(uow, minutes.id, minutes.version).places if one.membership in mine)


def spoken_for(uow: UnitOfWork, person: int, body: int) -> frozenset[int]:
    """Give the institutions of a body that a person speaks for at this moment."""
    return frozenset(uow.execute(_MINE, person=person, body=body).scalars())


def waiting(uow: UnitOfWork, person: int) -> list[tuple[int, Place]]:
    """Give the minutes that wait for an answer of institutions a person speaks for, with each of these, the nearest deadline first."""
    return [
        (row.minutes_id, Place(row.membership_id, row.short_name, "", None, None, row.opened_at))
        for row in uow.execute(_WAITING, person=person, now=uow.now)
    ]


def unsettled(uow: UnitOfWork, person: int) -> list[tuple[Minutes, int]]:
    """Give the minutes a person settles remarks of, with how many are open, the oldest first; those with none are not among them."""
    rows = uow.execute(_UNSETTLED, person=person).all()
    return [(facts.get(uow, row.minutes_id), row.many) for row in rows]


# --- inside -----------------------------------------------------------------------------------------------------------

_P: Final = MINUTES_PLACE.c
_R: Final = MINUTES_REMARK.c


def _named(table: Any) -> Any:
    """Join what belongs to an institution with its name."""
    return table.join(MEMBERSHIP, MEMBERSHIP.c.id == table.c.membership_id).join(
        INSTITUTION, INSTITUTION.c.id == MEMBERSHIP.c.institution_id
    )


_PLACES = (
    select(MINUTES_PLACE, INSTITUTION.c.short_name)
    .select_from(_named(MINUTES_PLACE))
    .where(_P.minutes_id == bindparam("minutes"), _P.version == bindparam("version"))
    .order_by(INSTITUTION.c.short_name, _P.membership_id)
)
_PLACE = _PLACES.where(_P.membership_id == bindparam("membership"))
_REMARKS: Final = select(MINUTES_REMARK, INSTITUTION.c.short_name).select_from(_named(MINUTES_REMARK)).order_by(_R.id)
_REMARK = _REMARKS.where(_R.id == bindparam("remark"))
_OF_VERSION = _REMARKS.where(_R.minutes_id == bindparam("minutes"), _R.version == bindparam("version"))
_UNTIL = select(MINUTES_VERSION.c.answer_until).where(
    MINUTES_VERSION.c.minutes_id == bindparam("minutes"), MINUTES_VERSION.c.version == bindparam("version")
)
#: Institutions a person speaks for.
_MINE = (
    select(MEMBERSHIP.c.id)
    .join_from(SEAT, MEMBERSHIP, MEMBERSHIP.c.id == SEAT.c.membership_id)
    .where(
        SEAT.c.person_id == bindparam("person"), SEAT.c.meeting_id.is_(None), MEMBERSHIP.c.left_on.is_(None),
        MEMBERSHIP.c.body_id == bindparam("body"),
    )
)  # fmt: skip
#: The places of the version that is answered now.
_NEWEST = and_(MINUTES.c.id == _P.minutes_id, MINUTES.c.version == _P.version, MINUTES.c.state == "circulated")
_WAITING = (
    select(_P.minutes_id, _P.membership_id, _P.opened_at, INSTITUTION.c.short_name, MINUTES.c.answer_until)
    .select_from(
        _named(MINUTES_PLACE).join(MINUTES, _NEWEST).join(SEAT, SEAT.c.membership_id == MEMBERSHIP.c.id)
    )
    .where(
        _P.answer == "", MINUTES.c.answer_until > bindparam("now", type_=UtcInstant), SEAT.c.person_id == bindparam("person"),
        SEAT.c.meeting_id.is_(None), MEMBERSHIP.c.left_on.is_(None),
    )
    .distinct()
    .order_by(MINUTES.c.answer_until, _P.minutes_id, INSTITUTION.c.short_name)
)  # fmt: skip
_UNSETTLED = (
    select(_R.minutes_id, func.count(_R.id.distinct()).label("many"))
    .select_from(
        MINUTES_REMARK.join(MINUTES, (MINUTES.c.id == _R.minutes_id) & (MINUTES.c.version == _R.version)).join(
            POST, POST.c.body_id == MINUTES.c.body_id
        )
    )
    .where(
        _R.state == "open", MINUTES.c.state == "circulated", POST.c.person_id == bindparam("person"),
        POST.c.kind.in_(sorted(RIGHTS[CIRCULATE] - {"operator"})),
    )
    .group_by(_R.minutes_id)
    .order_by(_R.minutes_id)
)  # fmt: skip


def _place(row: Row[Any]) -> Place:
    return Place(row.membership_id, row.short_name, row.answer, row.person_id, row.answered_at, row.opened_at)


def _read(row: Row[Any]) -> Remark:
    return Remark(
        id=row.id, minutes=row.minutes_id, version=row.version, membership=row.membership_id, institution=row.short_name,
        point=row.point, body=row.body, state=row.state, reason=row.reason, person=row.person_id, created_at=row.created_at,
        settled_at=row.settled_at,
    )  # fmt: skip
