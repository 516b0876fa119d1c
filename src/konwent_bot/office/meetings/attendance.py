"""Who is at a meeting: institutions, from arriving to leaving, so that the quorum is known at any minute.

An institution is there once, whoever says so: the coordinator ticks it, its people show the day's code ("Jestem"), both at the same
moment. That is the store's rule (``uq_attendance_present``), and every act here relies on it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.exc import IntegrityError

from konwent_bot.domain.meetings import quorum
from konwent_bot.domain.meetings.quorum import QuorumSpan, Roll
from konwent_bot.domain.meetings.representation import PROPER_ROLES, whom_to_call
from konwent_bot.errors import N_, Invalid, NotFound, Refused
from konwent_bot.office.meetings import facts, rules
from konwent_bot.office.meetings.facts import NOT_HERE, Meeting, Member
from konwent_bot.office.meetings.wall_times import instant_of
from konwent_bot.office.rights import Actor, require
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.columns import UtcInstant
from konwent_bot.store.statements import upsert
from konwent_bot.store.tables import ATTENDANCE, MEETING_ANSWER
from konwent_bot.store.tables.meetings import PRESENT
from konwent_bot.store.tables.people import SEAT_ROLES

TICK: Final = "attendance.tick"
#: By whose place an institution may be there.
ROLES: Final = SEAT_ROLES
#: Before the meeting begins people may already say that they are there.
DOORS_OPEN: Final = timedelta(minutes=60)
#: After the meeting attendance can be corrected for so long: that changes the draft of its minutes, and nothing that went out.
CORRECTED_FOR: Final = timedelta(days=30)
#: A meeting that takes longer than it was to: so long what is ticked happens now.
OVERRUN: Final = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Presence:
    """An institution being there, from one instant to another."""

    id: int
    membership: int
    #: ``head``, ``delegate`` or ``substitute``.
    role: str
    arrived_at: datetime
    left_at: datetime | None


@dataclass(frozen=True, slots=True)
class Attending:
    """An institution of a meeting, in alphabetical order among the others."""

    membership: int
    name: str
    #: By whose place it is expected to come: what it is ticked with.
    expected: str
    #: Its presences in order of time; the last one is open while it is there.
    presences: tuple[Presence, ...]

    @property
    def here(self) -> Presence | None:
        """The presence that has no end yet."""
        return next((one for one in self.presences if one.left_at is None), None)


@dataclass(frozen=True, slots=True)
class Attendance:
    """A meeting's attendance at one instant."""

    meeting: Meeting
    institutions: tuple[Attending, ...]
    #: Of the entitled institutions: how many there are, are needed, are there now.
    entitled: int
    needed: int
    present: int
    #: The stretches with a quorum so far.
    spans: tuple[QuorumSpan, ...]

    @property
    def missing(self) -> int:
        """How many more must come for the quorum; 0 while there is one."""
        return max(self.needed - self.present, 0)


def see(uow: UnitOfWork, actor: Actor, meeting: int) -> Attendance:
    """Give a meeting's attendance now (once it is over: at its end) to somebody who may see the meeting.

    Raises:
        NotFound: there is no such meeting for this actor.
    """
    return of(uow, facts.see(uow, actor, meeting))


def of(uow: UnitOfWork, meeting: Meeting) -> Attendance:
    """Give a meeting's attendance now, once it is over at its end. Asks no rights."""
    members = facts.members(uow, meeting)
    presences: dict[int, list[Presence]] = {one.membership: [] for one in members}
    for row in uow.execute(_ALL, meeting=meeting.id):
        presences.setdefault(row.membership_id, []).append(
            Presence(row.id, row.membership_id, row.role, row.arrived_at, row.left_at)
        )
    roll = Roll(frozenset(one.membership for one in members), rules.of(uow, meeting.body).quorum)
    counted = [
        quorum.Presence(one.membership, one.arrived_at, one.left_at) for found in presences.values() for one in found
    ]  # fmt: skip
    at = uow.now if is_under_way(uow, meeting) else max((meeting.ends_at, *(one.arrived for one in counted)))
    expected = _expected(uow, meeting, members)
    return Attendance(
        meeting,
        tuple(Attending(one.membership, one.name, expected[one.membership], tuple(presences[one.membership])) for one in members),
        len(roll.entitled), roll.needed, len(quorum.present_at(roll, counted, at)), quorum.quorum_spans(roll, counted),
    )  # fmt: skip


def is_open(uow: UnitOfWork, meeting: Meeting) -> bool:
    """Tell whether attendance can be noted or corrected now: from an hour before the meeting until a month after it."""
    ends = meeting.ends_at + CORRECTED_FOR
    return meeting.status in ("convened", "held") and meeting.starts_at - DOORS_OPEN <= uow.now <= ends


def is_under_way(uow: UnitOfWork, meeting: Meeting) -> bool:
    """Tell whether what is noted now happens now, and is not put right afterwards."""
    return meeting.status == "convened" and uow.now <= meeting.ends_at + OVERRUN


def require_under_way(uow: UnitOfWork, meeting: Meeting) -> None:
    """Refuse to decide anything at a meeting that is over or called off: whoever was not seen leaving is not there any more."""
    if not is_under_way(uow, meeting):
        raise Refused(N_("This meeting is not under way, so nothing can be decided at it now."))


def come(uow: UnitOfWork, actor: Actor, meeting: int, membership: int, role: str) -> Meeting:
    """Tick an institution: it is there from now on (after the meeting: from its beginning). One that is there stays as it is.

    Raises:
        NotFound: there is no such meeting or institution for this actor.
        Refused: it is too early, or too late.
    """
    found = _steered(uow, actor, meeting, membership)
    if role not in ROLES:
        raise NotFound(NOT_HERE)
    arrived = uow.now if is_under_way(uow, found) else found.starts_at
    enter(uow, found, membership, role, arrived, "ticked", actor)
    return found


def leave(uow: UnitOfWork, actor: Actor, meeting: int, membership: int) -> Meeting:
    """Note that an institution leaves now (after the meeting: at its end). One that is not there stays as it is.

    Raises:
        NotFound: there is no such meeting or institution for this actor.
        Refused: it is too early, or too late.
    """
    found = _steered(uow, actor, meeting, membership)
    at = uow.now if is_under_way(uow, found) else found.ends_at
    if uow.execute(_LEAVE, meeting=meeting, membership=membership, at=at).rowcount:
        _write_down(uow, actor, found, "leave", membership)
    return found


def correct(uow: UnitOfWork, actor: Actor, presence: int, arrived: str, left: str) -> Meeting:
    """Put the hours of a presence right: local hours of arriving and leaving (``10:05``); no leaving: it stayed.

    Raises:
        NotFound: there is no such presence for this actor.
        Invalid: an hour cannot be read, lies outside the meeting's day or ahead, or leaving comes before arriving.
        Refused: it is too late, or the institution would be there twice at a time.
    """
    found, row = _of_presence(uow, actor, presence)
    came = instant_of(arrived, found, uow.now)
    went = instant_of(left, found, uow.now) if left.strip() else None
    if went is not None and went < came:
        raise Invalid(N_("Leaving cannot be earlier than arriving."))
    end = went or datetime.max.replace(tzinfo=came.tzinfo)
    for other in uow.execute(_ALL, meeting=found.id):
        mine = other.id != presence and other.membership_id == row.membership_id
        if mine and other.arrived_at < end and (other.left_at is None or came < other.left_at):
            raise Refused(N_("The institution was there at that time already. Please look at its other hours."))
    try:
        with uow.whole():
            uow.execute(_CORRECT, presence=presence, came=came, went=went)
    except IntegrityError:  # it came back at this very moment
        raise Refused(N_("The institution was there at that time already. Please look at its other hours.")) from None
    _write_down(uow, actor, found, "correct", row.membership_id)
    return found


def set_role(uow: UnitOfWork, actor: Actor, presence: int, role: str) -> Meeting:
    """Put right by whose place an institution is there.

    Raises:
        NotFound: there is no such presence for this actor, or no such role.
        Refused: it is too late.
    """
    found, row = _of_presence(uow, actor, presence)
    if role not in ROLES:
        raise NotFound(NOT_HERE)
    uow.execute(_SET_ROLE, presence=presence, new_role=role)
    _write_down(uow, actor, found, "correct", row.membership_id)
    return found


def remove(uow: UnitOfWork, actor: Actor, presence: int) -> Meeting:
    """Take a presence away that was ticked by mistake.

    Raises:
        NotFound: there is no such presence for this actor.
        Refused: it is too late.
    """
    found, row = _of_presence(uow, actor, presence)
    uow.execute(_REMOVE, presence=presence)
    _write_down(uow, actor, found, "remove", row.membership_id)
    return found


def one(uow: UnitOfWork, actor: Actor, presence: int) -> tuple[Meeting, Presence]:
    """Give a presence to somebody who may correct it. Raises ``NotFound`` where there is none for this actor."""
    row = uow.execute(_ONE, presence=presence).one_or_none()
    if row is None:
        raise NotFound(NOT_HERE)
    found = facts.see(uow, actor, row.meeting_id)
    require(uow, actor, TICK, body=found.body)
    return found, Presence(row.id, row.membership_id, row.role, row.arrived_at, row.left_at)


def enter(
    uow: UnitOfWork, meeting: Meeting, membership: int, role: str, at: datetime, source: str, actor: Actor
) -> bool:  # fmt: skip
    """Enter a presence; tell whether it is a new one. Asks no rights."""
    made = uow.execute(
        _COME[uow.dialect], meeting=meeting.id, membership=membership, role=role, at=at, source=source, person=actor.person
    ).first()
    if made is not None:
        _write_down(uow, actor, meeting, "come", membership)
    return made is not None


# --- inside -----------------------------------------------------------------------------------------------------------

_A: Final = ATTENDANCE.c
_ALL = select(ATTENDANCE).where(_A.meeting_id == bindparam("meeting")).order_by(_A.arrived_at, _A.id)
_ONE = select(ATTENDANCE).where(_A.id == bindparam("presence"))
_COME = upsert(
    ATTENDANCE,
    lambda new: (
        new.values(
            meeting_id=bindparam("meeting"), membership_id=bindparam("membership"), role=bindparam("role"),
            arrived_at=bindparam("at", type_=UtcInstant), source=bindparam("source"), person_id=bindparam("person"),
        )
        .on_conflict_do_nothing(index_elements=["meeting_id", "membership_id"], index_where=PRESENT)
        .returning(_A.id)
    ),
)  # fmt: skip
#: Who arrived after the hour that is noted (a clock put back) leaves when they came.
_LEAVE = (
    update(ATTENDANCE)
    .where(
        _A.meeting_id == bindparam("meeting"), _A.membership_id == bindparam("membership"), _A.left_at.is_(None),
        _A.arrived_at <= bindparam("at", type_=UtcInstant),
    )
    .values(left_at=bindparam("at", type_=UtcInstant))
)  # fmt: skip
_CORRECT = (
    update(ATTENDANCE)
    .where(_A.id == bindparam("presence"))
    .values(arrived_at=bindparam("came", type_=UtcInstant), left_at=bindparam("went", type_=UtcInstant))
)
_SET_ROLE = update(ATTENDANCE).where(_A.id == bindparam("presence")).values(role=bindparam("new_role"))
_REMOVE = delete(ATTENDANCE).where(_A.id == bindparam("presence"))
_SUBSTITUTES = select(MEETING_ANSWER.c.membership_id).where(
    MEETING_ANSWER.c.meeting_id == bindparam("meeting"), MEETING_ANSWER.c.answer == "substitute"
)


def _steered(uow: UnitOfWork, actor: Actor, meeting: int, membership: int) -> Meeting:
    found = facts.steer(uow, actor, meeting, TICK)
    if membership not in {one.membership for one in facts.members(uow, found)}:
        raise NotFound(NOT_HERE)
    _require_open(uow, found)
    return found


def _of_presence(uow: UnitOfWork, actor: Actor, presence: int) -> tuple[Meeting, Any]:
    row = uow.execute(_ONE, presence=presence).one_or_none()
    if row is None:
        raise NotFound(NOT_HERE)
    found = facts.steer(uow, actor, row.meeting_id, TICK)
    _require_open(uow, found)
    return found, row


def _require_open(uow: UnitOfWork, meeting: Meeting) -> None:
    if is_open(uow, meeting):
        return
    if meeting.status in ("proposed", "planned", "convened") and uow.now < meeting.starts_at:
        raise Refused(N_("Attendance can be noted from {day}."), day=meeting.starts_at - DOORS_OPEN)
    raise Refused(N_("The attendance of this meeting can no longer be changed."))


def _write_down(uow: UnitOfWork, actor: Actor, meeting: Meeting, what: str, membership: int) -> None:
    """Write an audit entry; what is noted after the meeting is a correction and says so."""
    late = "" if is_under_way(uow, meeting) else ".late"
    uow.audit(f"attendance.{what}{late}", body=meeting.body, person=actor.person, meeting=meeting.id, membership=membership)


def _expected(uow: UnitOfWork, meeting: Meeting, members: Sequence[Member]) -> Mapping[int, str]:
    """Say by whose place each institution is expected: a substitute it named, or whoever is called."""
    named = set(uow.execute(_SUBSTITUTES, meeting=meeting.id).scalars())
    composition = facts.composition(uow, meeting)
    expected: dict[int, str] = {}
    for member in members:
        called = whom_to_call(meeting.kind, member.places, composition=composition).place
        expected[member.membership] = called.role if called is not None else PROPER_ROLES[meeting.kind]
    return expected | {membership: "substitute" for membership in named if membership in expected}
