"""What a coordinator sees of a body: its institutions, places, who has accepted, how each is reached, and which letters went out.

Reading only. Names and addresses are those of the roster (the coordinator's own list); what a person told the secretariat
themselves is never shown here, only by which ways they can be reached.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias

from sqlalchemy import RowMapping, Select, and_, bindparam, exists, func, literal, null, select

from konwent_bot.errors import N_, NotFound
from konwent_bot.office import bodies, notices
from konwent_bot.office.bodies import RoundFacts
from konwent_bot.office.decisions import ballot_news
from konwent_bot.office.notices import Told
from konwent_bot.office.rights import Actor, require
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import BODY, INSTITUTION, INVITATION, MEMBERSHIP, PERSON, POST, SEAT, WEB_SESSION

#: A way to somebody who has accepted. ``blocked``: they have Telegram and have blocked the bot there.
Way: TypeAlias = Literal["telegram", "blocked", "browser", "mail"]


@dataclass(frozen=True, slots=True)
class Link:
    """An invitation that was made last and can still be used, unless its time is over."""

    issued_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """A seat or a post, as its coordinator sees it."""

    #: Exactly one of the two is set.
    seat: int | None
    post: int | None
    body: int
    body_name: str
    #: The institution it belongs to or its holder comes from; empty where none is known.
    membership: int | None
    institution: str
    #: A seat's role or a post's kind, and which of several.
    kind: str
    number: int
    #: Position, name and address as the roster has them.
    title: str
    name: str
    email: str
    #: Who holds it, and since when they have been here; both may be ``None``.
    person: int | None
    accepted_at: datetime | None
    #: How whoever accepted can be reached; empty while nobody has accepted.
    ways: tuple[Way, ...]
    #: The link that is open now.
    link: Link | None
    #: The letter with an invitation that was sent last, if its link is the one that is open now; or one that waits to be sent.
    letter: Told | None

    @property
    def recipient(self) -> str:
        """What notices to this place are addressed to."""
        return f"seat:{self.seat}" if self.seat is not None else f"post:{self.post}"


@dataclass(frozen=True, slots=True)
class Member:
    """An institution of the body, in a list."""

    membership: int
    #: Short and full name.
    short_name: str
    name: str
    #: Its seats, and how many of them have been accepted.
    places: int
    accepted: int


@dataclass(frozen=True, slots=True)
class Institution:
    """An institution of the body with its seats."""

    membership: int
    body: int
    body_name: str
    short_name: str
    name: str
    town: str
    #: A, B or C.
    stakeholder_type: str
    sector: str
    seats: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Desk:
    """A body as its coordinator finds it."""

    body: int
    body_name: str
    institutions: int
    #: Seats and posts together, and how many of them have been accepted.
    places: int
    accepted: int
    #: The open round that closes first, or else the newest one; ``None`` when there has been none.
    round: RoundFacts | None


def desk(uow: UnitOfWork, actor: Actor, body: int) -> Desk:
    """Give a body in a few figures. Raises ``NotFound`` unless the actor coordinates it."""
    name = body_name(uow, actor, body)
    members = _members(uow, body)
    posts = uow.execute(_POSTS_COUNTED, body=body).one()
    rounds = bodies.rounds_of(uow, actor, body)
    open_ones = sorted((one for one in rounds if one.open), key=lambda one: one.closes_on)
    return Desk(
        body, name, len(members), sum(one.places for one in members) + posts.places,
        sum(one.accepted for one in members) + posts.accepted, (*open_ones, *rounds, None)[0],
    )  # fmt: skip


def body_name(uow: UnitOfWork, actor: Actor, body: int) -> str:
    """Give the name of a body the actor coordinates. Raises ``NotFound`` for any other."""
    require(uow, actor, "desk.see", body=body)
    name = uow.execute(_BODY, body=body).scalar_one_or_none()
    if name is None:  # the operator may everything, also where nothing is
        raise NotFound(_NOT_HERE)
    return str(name)


def members(uow: UnitOfWork, actor: Actor, body: int) -> list[Member]:
    """Give the institutions that belong to a body, by name. Raises ``NotFound`` unless the actor coordinates it."""
    require(uow, actor, "desk.see", body=body)
    return _members(uow, body)


def institution(uow: UnitOfWork, actor: Actor, membership: int) -> Institution:
    """Give an institution with its seats. Raises ``NotFound`` unless the actor coordinates its body."""
    row = uow.execute(_MEMBERSHIP, membership=membership).mappings().one_or_none()
    if row is None:
        raise NotFound(_NOT_HERE)
    require(uow, actor, "desk.see", body=row["body"])
    rows = uow.execute(_SEATS.where(SEAT.c.membership_id == membership, _FOR_GOOD).order_by(*_IN_ORDER)).mappings().all()
    letters = notices.standing(uow, row["body"])
    return Institution(**row, seats=tuple(_place(one, letters) for one in rows))


def seat(uow: UnitOfWork, actor: Actor, seat: int) -> Place:
    """Give a seat. Raises ``NotFound`` unless the actor coordinates its body."""
    return _one(uow, actor, _SEATS.where(SEAT.c.id == seat))


def post(uow: UnitOfWork, actor: Actor, post: int) -> Place:
    """Give a post. Raises ``NotFound`` unless the actor coordinates its body."""
    return _one(uow, actor, _POSTS.where(POST.c.id == post))


def posts(uow: UnitOfWork, actor: Actor, body: int) -> list[Place]:
    """Give the posts of a body. Raises ``NotFound`` unless the actor coordinates it."""
    require(uow, actor, "desk.see", body=body)
    rows = uow.execute(_POSTS.where(POST.c.body_id == body).order_by(POST.c.kind, POST.c.number)).mappings().all()
    letters = notices.standing(uow, body)
    return [_place(one, letters) for one in rows]


def vacant(uow: UnitOfWork, actor: Actor, body: int) -> list[Place]:
    """Give the posts and seats of a body nobody has accepted yet. Raises ``NotFound`` unless the actor coordinates it."""
    require(uow, actor, "desk.see", body=body)
    letters = notices.standing(uow, body)
    posts = _POSTS.where(POST.c.body_id == body, PERSON.c.accepted_at.is_(None)).order_by(POST.c.kind, POST.c.number)
    seats = _SEATS.where(MEMBERSHIP.c.body_id == body, PERSON.c.accepted_at.is_(None), _FOR_GOOD).order_by(*_IN_ORDER)
    return [_place(row, letters) for found in (posts, seats) for row in uow.execute(found).mappings().all()]


def letters(uow: UnitOfWork, actor: Actor, place: Place) -> list[Told]:
    """Give the letters that went to a place, the newest first. Raises ``NotFound`` unless the actor coordinates its body."""
    require(uow, actor, "desk.see", body=place.body)
    return ballot_news.may_be_seen(notices.ledger(uow, place.recipient))


# --- inside -----------------------------------------------------------------------------------------------------------

_NOT_HERE: Final = N_("There is no such matter here, or it is not open to you.")

#: Lists show standing places; one for a single meeting is shown with that meeting, and goes with it.
_FOR_GOOD = SEAT.c.meeting_id.is_(None)
_BODY = select(BODY.c.name).where(BODY.c.id == bindparam("body"))
_ACCEPTED = func.count(PERSON.c.accepted_at)
_MEMBERS = (
    select(
        MEMBERSHIP.c.id.label("membership"), INSTITUTION.c.short_name, INSTITUTION.c.name, func.count(SEAT.c.id).label("places"),
        _ACCEPTED.label("accepted"),
    )
    .select_from(
        MEMBERSHIP.join(INSTITUTION)
        .outerjoin(SEAT, and_(SEAT.c.membership_id == MEMBERSHIP.c.id, _FOR_GOOD))
        .outerjoin(PERSON, PERSON.c.id == SEAT.c.person_id)
    )
    .where(MEMBERSHIP.c.body_id == bindparam("body"), MEMBERSHIP.c.left_on.is_(None))
    .group_by(MEMBERSHIP.c.id, INSTITUTION.c.id, INSTITUTION.c.short_name, INSTITUTION.c.name)
    .order_by(INSTITUTION.c.short_name, MEMBERSHIP.c.id)
)  # fmt: skip
_POSTS_COUNTED = (
    select(func.count(POST.c.id).label("places"), _ACCEPTED.label("accepted"))
    .select_from(POST.outerjoin(PERSON, PERSON.c.id == POST.c.person_id))
    .where(POST.c.body_id == bindparam("body"))
)
_MEMBERSHIP = (
    select(
        MEMBERSHIP.c.id.label("membership"), BODY.c.id.label("body"), BODY.c.name.label("body_name"), INSTITUTION.c.short_name,
        INSTITUTION.c.name, INSTITUTION.c.place.label("town"), MEMBERSHIP.c.stakeholder_type, MEMBERSHIP.c.sector,
    )
    .select_from(MEMBERSHIP.join(INSTITUTION).join(BODY, BODY.c.id == MEMBERSHIP.c.body_id))
    .where(MEMBERSHIP.c.id == bindparam("membership"), MEMBERSHIP.c.left_on.is_(None))
)  # fmt: skip

#: One live link a place at most (the unique keys of ``invitation`` say so), so the join gives no place twice.
_ALIVE = (INVITATION.c.used_at.is_(None), INVITATION.c.revoked_at.is_(None))
_HOLDER = (
    PERSON.c.accepted_at, PERSON.c.reach, PERSON.c.telegram_id.is_not(None).label("telegram"), (PERSON.c.email != "").label("mail"),
    exists().where(WEB_SESSION.c.person_id == PERSON.c.id).label("browser"), INVITATION.c.issued_at, INVITATION.c.expires_at,
)  # fmt: skip
_SEATS: Final[Select[Any]] = (
    select(
        SEAT.c.id.label("seat"), null().label("post"), BODY.c.id.label("body"), BODY.c.name.label("body_name"),
        MEMBERSHIP.c.id.label("membership"), INSTITUTION.c.short_name.label("institution"), SEAT.c.role.label("kind"), SEAT.c.number,
        SEAT.c.title, SEAT.c.name, SEAT.c.email, SEAT.c.person_id.label("person"), *_HOLDER,
    )
    .select_from(
        SEAT.join(MEMBERSHIP)
        .join(INSTITUTION)
        .join(BODY, BODY.c.id == MEMBERSHIP.c.body_id)
        .outerjoin(PERSON, PERSON.c.id == SEAT.c.person_id)
        .outerjoin(INVITATION, and_(INVITATION.c.seat_id == SEAT.c.id, *_ALIVE))
    )
    .where(MEMBERSHIP.c.left_on.is_(None))
)  # fmt: skip
_POSTS: Final[Select[Any]] = select(
    null().label("seat"), POST.c.id.label("post"), BODY.c.id.label("body"), BODY.c.name.label("body_name"),
    MEMBERSHIP.c.id.label("membership"), func.coalesce(INSTITUTION.c.short_name, literal("")).label("institution"),
    POST.c.kind, POST.c.number, POST.c.title, POST.c.name, POST.c.email, POST.c.person_id.label("person"), *_HOLDER,
).select_from(
    POST.join(BODY, BODY.c.id == POST.c.body_id)
    .outerjoin(MEMBERSHIP, and_(MEMBERSHIP.c.id == POST.c.membership_id, MEMBERSHIP.c.left_on.is_(None)))
    .outerjoin(INSTITUTION, INSTITUTION.c.id == MEMBERSHIP.c.institution_id)
    .outerjoin(PERSON, PERSON.c.id == POST.c.person_id)
    .outerjoin(INVITATION, and_(INVITATION.c.post_id == POST.c.id, *_ALIVE))
)  # fmt: skip
#: Head, delegate, substitutes: numbers of seats follow the roster, where the head stands first.
_IN_ORDER = (INSTITUTION.c.short_name, MEMBERSHIP.c.id, SEAT.c.id)


def _members(uow: UnitOfWork, body: int) -> list[Member]:
    return [Member(**row) for row in uow.execute(_MEMBERS, body=body).mappings()]


def _one(uow: UnitOfWork, actor: Actor, found: Select[Any]) -> Place:
    row = uow.execute(found).mappings().one_or_none()
    if row is None:
        raise NotFound(_NOT_HERE)
    require(uow, actor, "desk.see", body=row["body"])
    place = _place(row, {})
    told = [one for one in notices.ledger(uow, place.recipient) if one.occasion == "invitation"]
    return _place(row, {place.recipient: told[0]} if told else {})


def _place(row: RowMapping, letters: Mapping[str, Told]) -> Place:
    recipient = f"seat:{row['seat']}" if row["seat"] is not None else f"post:{row['post']}"
    link = None if row["issued_at"] is None else Link(row["issued_at"], row["expires_at"])
    names = (
        "seat",
        "post",
        "body",
        "body_name",
        "membership",
        "institution",
        "kind",
        "number",
        "title",
        "name",
        "email",
        "person",
    )
    return Place(
        **{name: row[name] for name in names},
        accepted_at=row["accepted_at"],
        ways=_ways(row),
        link=link,
        letter=_counts(letters.get(recipient), link),
    )


def _counts(letter: Told | None, link: Link | None) -> Told | None:
    """Pass over a letter that opens nothing any more: its link was replaced by a newer one, or the place went to somebody else."""
    if letter is None or letter.settled_at is None:
        return letter
    return letter if letter.outcome != "unwanted" and link is not None and link.issued_at <= letter.settled_at else None


def _ways(row: RowMapping) -> tuple[Way, ...]:
    if row["accepted_at"] is None:
        return ()
    found: list[Way] = []
    if row["telegram"]:
        found.append("blocked" if row["reach"] == "blocked" else "telegram")
    if row["browser"] or not row["telegram"]:
        found.append("browser")
    if row["mail"]:
        found.append("mail")
    return tuple(found)
