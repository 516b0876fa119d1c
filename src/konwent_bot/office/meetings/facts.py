"""A meeting as it stands, and its institutions with their places: what every act and every screen of meetings begins with."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Row, bindparam, case, exists, func, or_, select, union

from konwent_bot.domain.meetings.local_time import to_utc
from konwent_bot.domain.meetings.representation import Place
from konwent_bot.domain.meetings.words import MeetingKind, MeetingMode, MeetingStatus
from konwent_bot.errors import N_, NotFound, Refused
from konwent_bot.office.rights import Actor, offices, require
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import (
    BODY,
    GROUP_SEAT,
    INSTITUTION,
    MEETING,
    MEETING_CALL,
    MEMBERSHIP,
    PERSON,
    POST,
    SEAT,
    WORKING_GROUP,
)

NOT_HERE: Final = N_("There is no such matter here, or it is not open to you.")


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting as it stands."""

    id: int
    body: int
    body_name: str
    #: Number and name of the working group whose meeting it is.
    group: int | None
    group_name: str
    kind: MeetingKind
    status: MeetingStatus
    #: Local day and wall time, meant in ``zone``.
    day: date
    hour: time
    #: How long it is to last.
    minutes: int
    zone: str
    #: The same as instants.
    starts_at: datetime
    ends_at: datetime
    mode: MeetingMode
    place: str
    link: str
    #: A kind of post.
    chair: str
    topic: str
    uid: str
    revision: int
    sequence: int
    #: Why it was last changed, or cancelled.
    reason: str
    #: When it was to begin before it was last moved.
    moved_from: datetime | None
    code: str
    agenda_until: datetime | None
    agenda_sent_at: datetime | None
    reminded: int
    poll_until: datetime | None
    convened_at: datetime | None

    @property
    def wall(self) -> datetime:
        """When it begins, as the clock on the wall shows it (naive)."""
        return datetime.combine(self.day, self.hour)

    @property
    def wall_end(self) -> datetime:
        """When it is to end, as the clock on the wall shows it (naive)."""
        return self.ends_at.astimezone(ZoneInfo(self.zone)).replace(tzinfo=None)

    @property
    def subject(self) -> str:
        """What notices name it by."""
        return f"meeting:{self.id}"


@dataclass(frozen=True, slots=True)
class Member:
    """An institution that is called to a meeting, with its places."""

    membership: int
    name: str
    #: Its seats; what ``domain.meetings.representation`` chooses from.
    places: tuple[Place, ...]
    #: Seat -> who has accepted it (``None``: nobody has), and the address a letter to it goes to.
    holders: Mapping[int, tuple[int | None, str]]
    #: Seat -> whom the roster, or the institution, names for it; empty where nobody is named.
    names: Mapping[int, str]

    def holds(self, person: int) -> bool:
        """Tell whether a person speaks for it at the meeting."""
        return any(holder == person for holder, _ in self.holders.values())


def get(uow: UnitOfWork, meeting: int, *, lock: bool = False) -> Meeting:
    """Give a meeting. Asks no rights: the act that calls does. Raises ``NotFound`` where there is none.

    ``lock``: nobody else changes it before this unit of work ends.
    """
    row = uow.execute(_LOCKED if lock else _ONE, meeting=meeting).one_or_none()
    if row is None:
        raise NotFound(NOT_HERE)
    return read(row)


def steer(uow: UnitOfWork, actor: Actor, meeting: int, act: str) -> Meeting:
    """Give a meeting, locked, to somebody who may do ``act`` in its body (``rights.RIGHTS``).

    Raises:
        NotFound: there is no such meeting for this actor.
    """
    found = get(uow, meeting, lock=True)
    require(uow, actor, act, body=found.body)
    return found


def see(uow: UnitOfWork, actor: Actor, meeting: int) -> Meeting:
    """Give a meeting to somebody who may see it: a member of the body, or whoever was called to it; a proposal only to who plans.

    Raises:
        NotFound: there is no such meeting for this actor.
    """
    found = get(uow, meeting)
    held = offices(uow, actor, found.body)
    if held & {"operator", "coordinator"}:
        return found
    if actor.person is None or (found.status == "proposed" and found.poll_until is None):
        raise NotFound(NOT_HERE)
    if held or uow.execute(BELONGS, person=actor.person, body=found.body, meeting=meeting).first() is not None:
        return found
    raise NotFound(NOT_HERE)


def speaks_for(uow: UnitOfWork, actor: Actor, meeting: Meeting, membership: int) -> str:
    """Give by which place an actor speaks for an institution at a meeting: ``head``, ``delegate`` or ``substitute``.

    A substitute named for one meeting speaks at that one only.

    Raises:
        NotFound: they do not, or the institution has nothing to do with this meeting.
    """
    row = None if actor.person is None else uow.execute(
        _SPEAKS, person=actor.person, membership=membership, body=meeting.body, meeting=meeting.id
    ).first()  # fmt: skip
    if row is None:
        raise NotFound(NOT_HERE)
    return str(row.role)


def own(uow: UnitOfWork, person: int, meeting: Meeting) -> tuple[int, ...]:
    """Give the institutions a person speaks for at a meeting, in alphabetical order."""
    return tuple(one.membership for one in members(uow, meeting) if one.holds(person))


def members(uow: UnitOfWork, meeting: Meeting) -> tuple[Member, ...]:
    """Give the institutions of a meeting with their places, in alphabetical order: those of the body, or of its working group."""
    rows = uow.execute(_MEMBERS, body=meeting.body, meeting=meeting.id).all()
    if meeting.group is None:
        return _gathered(rows)
    seats = composition(uow, meeting)
    wanted = {row.membership_id for row in rows if row.seat_id in seats}
    return _gathered(row for row in rows if row.membership_id in wanted)


def members_of_body(uow: UnitOfWork, body: int) -> tuple[Member, ...]:
    """Give the institutions of a body with their places for good, in alphabetical order. Asks no rights."""
    return _gathered(uow.execute(_MEMBERS, body=body, meeting=0))


def composition(uow: UnitOfWork, meeting: Meeting) -> frozenset[int]:
    """Give the seats of the working group whose meeting it is; empty for a meeting of the whole body."""
    if meeting.group is None:
        return frozenset()
    return frozenset(uow.execute(_COMPOSITION, group=meeting.group).scalars())


def of_body(uow: UnitOfWork, body: int, first: date, last: date) -> list[Meeting]:
    """Give the meetings of a body whose local day lies between two (both included), in order of time. Asks no rights."""
    return [read(row) for row in uow.execute(_OF_BODY, body=body, first=first, last=last)]


def future_of(uow: UnitOfWork, person: int) -> list[Meeting]:
    """Give the meetings ahead of the bodies a person belongs to (and those they were called to), in order of time, no proposals."""
    return [read(row) for row in uow.execute(_FUTURE, person=person, now=uow.now)]


def instants(day: date, hour: time, minutes: int, zone: str) -> tuple[datetime, datetime]:
    """Give the instants at which a meeting begins and ends.

    Raises:
        Refused: clocks are put forward over that hour, so that there is none.
    """
    where = ZoneInfo(zone)
    wall = datetime.combine(day, hour)
    starts = to_utc(wall, where)
    if starts.astimezone(where).replace(tzinfo=None) != wall:
        raise Refused(N_("On {day} there is no {hour}: the clocks are put forward. Choose another hour."), day=day, hour=hour)
    return starts, starts + timedelta(minutes=minutes)


def new_uid(house: str, at: datetime) -> str:
    """Make the UID of a calendar entry: random, and the house's name behind it (RFC 7986 §5.3).

    It begins with the milliseconds of ``at`` (as RFC 9562 does in version 7), so that newer ones stand together at the end of their
    index; wholly random ones would change a page of it each.
    """
    return f"{int(at.timestamp() * 1000):012x}{secrets.token_hex(6)}@{house or 'konwent'}"


# --- inside -----------------------------------------------------------------------------------------------------------

#: Meetings with the names of their body and group; rows for ``read``.
MEETINGS: Final = (
    select(MEETING, BODY.c.name.label("body_name"), func.coalesce(WORKING_GROUP.c.name, "").label("group_name"))
    .select_from(
        MEETING.join(BODY, BODY.c.id == MEETING.c.body_id).outerjoin(WORKING_GROUP, WORKING_GROUP.c.id == MEETING.c.group_id)
    )
)  # fmt: skip
_ONE = MEETINGS.where(MEETING.c.id == bindparam("meeting"))
_LOCKED = _ONE.with_for_update(of=MEETING)
_OF_BODY = MEETINGS.where(
    MEETING.c.body_id == bindparam("body"), MEETING.c.day >= bindparam("first"), MEETING.c.day <= bindparam("last")
).order_by(MEETING.c.starts_at, MEETING.c.id)

#: Bodies a person belongs to, by a place for good or a post.
BODIES = union(
    select(MEMBERSHIP.c.body_id)
    .join_from(SEAT, MEMBERSHIP, MEMBERSHIP.c.id == SEAT.c.membership_id)
    .where(SEAT.c.person_id == bindparam("person"), SEAT.c.meeting_id.is_(None), MEMBERSHIP.c.left_on.is_(None)),
    select(POST.c.body_id).where(POST.c.person_id == bindparam("person")),
)
#: A place for this very meeting.
FOR_IT = exists().where(SEAT.c.meeting_id == MEETING.c.id, SEAT.c.person_id == bindparam("person"))
_FUTURE = MEETINGS.where(
    MEETING.c.ends_at > bindparam("now", type_=MEETING.c.ends_at.type),
    or_(
        MEETING.c.status.in_(("planned", "convened", "held")),
        # cancelled ones are shown until their day, to whoever was called
        (MEETING.c.status == "cancelled")
        & exists().where(MEETING_CALL.c.meeting_id == MEETING.c.id, MEETING_CALL.c.person_id == bindparam("person")),
    ),
    or_(MEETING.c.body_id.in_(BODIES), FOR_IT),
).order_by(MEETING.c.starts_at, MEETING.c.id)

#: A place of a person in a body, for good or for one meeting.
BELONGS: Final = (
    select(SEAT.c.id)
    .join_from(SEAT, MEMBERSHIP, MEMBERSHIP.c.id == SEAT.c.membership_id)
    .where(
        SEAT.c.person_id == bindparam("person"),
        MEMBERSHIP.c.body_id == bindparam("body"),
        MEMBERSHIP.c.left_on.is_(None),
        or_(SEAT.c.meeting_id.is_(None), SEAT.c.meeting_id == bindparam("meeting")),
    )
)
_RANK: Final = case((SEAT.c.role == "head", 1), (SEAT.c.role == "delegate", 2), else_=3)
_SPEAKS = (
    BELONGS.where(MEMBERSHIP.c.id == bindparam("membership"))
    .with_only_columns(SEAT.c.role, maintain_column_froms=True)
    .order_by(_RANK)
)
_COMPOSITION = select(GROUP_SEAT.c.seat_id).where(GROUP_SEAT.c.group_id == bindparam("group"))
_MEMBERS = (
    select(
        MEMBERSHIP.c.id.label("membership_id"), INSTITUTION.c.short_name, SEAT.c.id.label("seat_id"), SEAT.c.role, SEAT.c.email,
        SEAT.c.name, SEAT.c.person_id, PERSON.c.telegram_id, PERSON.c.reach, PERSON.c.email.label("person_email"),
        PERSON.c.mail_refused_at, PERSON.c.accepted_at,
    )
    .select_from(
        MEMBERSHIP.join(INSTITUTION, INSTITUTION.c.id == MEMBERSHIP.c.institution_id)
        .outerjoin(
            SEAT,
            (SEAT.c.membership_id == MEMBERSHIP.c.id)
            & or_(SEAT.c.meeting_id.is_(None), SEAT.c.meeting_id == bindparam("meeting")),
        )
        .outerjoin(PERSON, PERSON.c.id == SEAT.c.person_id)
    )
    .where(MEMBERSHIP.c.body_id == bindparam("body"), MEMBERSHIP.c.left_on.is_(None))
    .order_by(INSTITUTION.c.short_name, MEMBERSHIP.c.id, _RANK, SEAT.c.number)
)  # fmt: skip


def read(row: Row[Any]) -> Meeting:
    """Read a row of ``meeting`` with the names of its body and group."""
    return Meeting(
        id=row.id, body=row.body_id, body_name=row.body_name, group=row.group_id, group_name=row.group_name, kind=row.kind,
        status=row.status, day=row.day, hour=time.fromisoformat(row.hour), minutes=row.minutes, zone=row.zone,
        starts_at=row.starts_at, ends_at=row.ends_at, mode=row.mode, place=row.place, link=row.link, chair=row.chair,
        topic=row.topic, uid=row.uid, revision=row.revision, sequence=row.sequence, reason=row.reason, moved_from=row.moved_from, code=row.code,
        agenda_until=row.agenda_until, agenda_sent_at=row.agenda_sent_at, reminded=row.reminded, poll_until=row.poll_until, convened_at=row.convened_at,
    )  # fmt: skip


def _gathered(rows: Iterable[Row[Any]]) -> tuple[Member, ...]:
    found: dict[int, list[Row[Any]]] = {}
    for row in rows:
        found.setdefault(row.membership_id, []).append(row)
    return tuple(_member(rows) for rows in found.values())


def _member(rows: list[Row[Any]]) -> Member:
    seats = [row for row in rows if row.seat_id is not None]
    return Member(
        rows[0].membership_id,
        rows[0].short_name,
        tuple(Place(row.seat_id, row.role, vacant=_vacant(row), reachable=_reachable(row)) for row in seats),
        {row.seat_id: (row.person_id if row.accepted_at is not None else None, _address(row)) for row in seats},
        {row.seat_id: row.name for row in seats},
    )


def _vacant(row: Row[Any]) -> bool:
    """Nobody holds a place that nobody has accepted and for which the roster names nobody."""
    return row.accepted_at is None and not row.name and not row.email


def _address(row: Row[Any]) -> str:
    """Give the person's own address, or the one the roster gives for the place where there is none or it takes nothing (``channels``)."""
    if row.mail_refused_at is not None:
        return str(row.email) if row.email != row.person_email else ""
    return str(row.person_email or row.email or "")


def _reachable(row: Row[Any]) -> bool:
    by_chat = row.telegram_id is not None and row.reach != "blocked"
    return by_chat or bool(_address(row))
