"""Invitations: a single-use link that gives one person one seat or post. Only the hash of its token is kept."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping, Select, bindparam, delete, func, insert, null, select, union, update

from konwent_bot.errors import N_, NotFound, Refused
from konwent_bot.office import people
from konwent_bot.office.people import NOTICE_VERSION, Caller
from konwent_bot.office.rights import Actor, require
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import BODY, INSTITUTION, INVITATION, MEETING_CALL, MEMBERSHIP, PERSON, POST, SEAT
from konwent_bot.store.tables.people import LANGUAGES

#: How long a link may be used.
VALID_DAYS = 30
#: 18 bytes: 24 characters of the alphabet Telegram allows after ``start=`` (at most 64), and room for them in callback data.
_TOKEN_BYTES = 18
_TOKEN = re.compile(r"[A-Za-z0-9_-]{24}\Z")


@dataclass(frozen=True, slots=True)
class Place:
    """A seat or a post, in words of the roster. ``kind`` is a seat's role or a post's kind."""

    seat: int | None
    post: int | None
    body_id: int
    body: str
    institution: str
    kind: str
    title: str
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Issued:
    """A link just made. The token exists only here and in the hands of whoever gets it."""

    place: Place
    token: str
    #: The link that opens the chat; empty while the bot's name is not known.
    link: str
    #: The link that opens a page; empty when the installation has no public address.
    page: str
    expires_at: datetime

    @property
    def seat(self) -> int | None:
        """The seat, or ``None`` for a post."""
        return self.place.seat

    @property
    def post(self) -> int | None:
        """The post, or ``None`` for a seat."""
        return self.place.post


@dataclass(frozen=True, slots=True)
class Offer:
    """What an invitation offers, before anything is accepted."""

    place: Place
    expires_at: datetime
    #: The link that opens the chat with this invitation.
    link: str


def links(uow: UnitOfWork, token: str) -> tuple[str, str]:
    """Give the chat link and the page link of a token."""
    chat = f"https://t.me/{uow.house.bot_username}?start={token}" if uow.house.bot_username else ""
    page = f"{uow.house.public_url}/z/{token}" if uow.house.public_url else ""
    return chat, page


def issue(uow: UnitOfWork, actor: Actor, *, seat: int | None = None, post: int | None = None) -> Issued:
    """Make a new link to a seat or a post; the former one stops working at once.

    Raises:
        NotFound: no such seat or post for this actor.
        Refused: somebody has already accepted this place (hand it over instead).
    """
    row = _place(uow, seat=seat, post=post)
    if row is None:
        raise NotFound(N_("There is no such matter here, or it is not open to you."))
    require(uow, actor, "invitation.issue", body=row["body_id"])
    place = _as_place(row)
    if row["accepted_at"] is not None:
        raise Refused(
            N_("This place is taken: {place}. To give it to somebody else, hand it over first."),
            place=f"{place.institution or place.body}, {place.title or place.kind}",
        )
    uow.execute(
        update(INVITATION)
        .where(INVITATION.c.seat_id == seat if seat is not None else INVITATION.c.post_id == post)
        .where(INVITATION.c.used_at.is_(None), INVITATION.c.revoked_at.is_(None))
        .values(revoked_at=uow.now)
    )
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    expires = uow.now + timedelta(days=VALID_DAYS)
    uow.execute(
        insert(INVITATION).values(token_hash=_hash(token), seat_id=seat, post_id=post, issued_at=uow.now, expires_at=expires)
    )
    uow.audit("invitation.issue", body=place.body_id, person=actor.person, **_subject(place))
    return Issued(place, token, *links(uow, token), expires)


def vacant(uow: UnitOfWork, body: int) -> list[Place]:
    """Give all seats and posts of a body that nobody has accepted yet, in the order of the roster."""
    found = []
    for statement in (_POSTS, _SEATS):
        rows = uow.execute(statement.where(BODY.c.id == body, PERSON.c.accepted_at.is_(None)).order_by("place_id"))
        found += [_as_place(row) for row in rows.mappings()]
    return found


def number(uow: UnitOfWork, token: str) -> int:
    """Give the number of the invitation a link is of, usable or not. Raises ``NotFound`` when it is not one of ours."""
    found = uow.execute(_BY_HASH, hash=_hash(token)).one_or_none() if _TOKEN.match(token) else None
    if found is None:
        raise NotFound(_UNKNOWN)
    return int(found.id)


def look(uow: UnitOfWork, token: str) -> Offer:
    """Give what a link offers without changing anything.

    Raises:
        NotFound: the link is not one of ours.
        Refused: it was used, has expired, or a newer one was sent.
    """
    row = _invitation(uow, token, _BY_HASH)
    return Offer(_as_place(row), row["expires_at"], links(uow, token)[0])


@dataclass(frozen=True, slots=True)
class Accepted:
    """A place that was taken."""

    place: Place
    #: Who holds it now.
    person: int
    #: The invitation it came by.
    invitation: int
    #: Whether it opens a second body to somebody who belonged to others only: whoever was let in as them before, must not follow.
    crosses: bool = False


def accept(uow: UnitOfWork, token: str, *, caller: Caller | None, language: str) -> Accepted:
    """Take the seat or post for a Telegram account, a reader of pages, or (``None``) a browser nobody has been let in by yet.

    Whoever accepts has seen the privacy notice and chosen a language. The same account accepting twice gets the same answer. Seats and
    posts the roster gives to the same person in the same body come with it; nothing in any other body does (another body's roster
    proves nothing about this person).

    Raises:
        NotFound: the link is not one of ours.
        Refused: it was used by somebody else, has expired, or a newer one was sent.
    """
    found = None if caller is None else people.find(uow, caller)
    known = None if found is None else found.id
    row = _invitation(uow, token, _LOCKED, mine=known)  # its row is locked: of two taps, or two phones, one comes after the other
    place = _as_place(row)
    if known is not None:  # whoever is being erased, or is leaving, at this moment is nobody here once that is done
        known = uow.execute(_STILL_KNOWN, person=known).scalar_one_or_none()
    if known is not None and row["person_id"] == known:
        return Accepted(place, known, row["invitation_id"])  # theirs already, by this link or together with another place
    # Whom the roster means is only a name until somebody accepts; a person who has accepted is never given to another account,
    # not even when two links of theirs are used on two phones at the same moment (the row is locked, then looked at).
    meant = uow.execute(_UNCLAIMED, person=row["person_id"]).scalar_one_or_none()
    person = known or meant or _newcomer(uow, row)
    held = set() if known is None else set(uow.execute(_BODIES, person=known).scalars())
    crosses = bool(held) and place.body_id not in held
    _welcome(uow, person, caller if isinstance(caller, int) else None, language if language in LANGUAGES else LANGUAGES[0])
    if meant is not None and meant != person:
        _merge(uow, meant, person)
    if crosses:
        # A coordinator of the former body may have written the address, and so have confirmed it: they are not believed in this one.
        uow.execute(update(PERSON).where(PERSON.c.id == person).values(email_confirmed_at=None))
    table = SEAT if place.seat is not None else POST
    uow.execute(update(table).where(table.c.id == (place.seat or place.post)).values(person_id=person))
    uow.execute(update(INVITATION).where(INVITATION.c.id == row["invitation_id"]).values(used_at=uow.now, used_by=person))
    _close_others(uow, person)
    uow.audit("invitation.accept", body=place.body_id, person=person, **_subject(place))
    return Accepted(place, person, row["invitation_id"], crosses)


# --- inside -----------------------------------------------------------------------------------------------------------

_UNKNOWN = N_("This link is not an invitation of ours. Check that it was copied whole, or ask the coordinator for a new one.")
_USED = N_("This invitation has already been used. If it was not by you, ask the coordinator for a new one.")
_REVOKED = N_(
    "This invitation is no longer valid, because a newer one was sent or the place was given to somebody else. Ask the coordinator for a new one."
)
_EXPIRED = N_("This invitation expired on {day}. Ask the coordinator for a new one.")

_SEATS: Select[Any] = (
    select(
        SEAT.c.id.label("place_id"), SEAT.c.id.label("seat_id"), null().label("post_id"), BODY.c.id.label("body_id"),
        BODY.c.name.label("body"), INSTITUTION.c.short_name.label("institution"), SEAT.c.role.label("kind"), SEAT.c.title,
        SEAT.c.name, SEAT.c.email, SEAT.c.person_id, PERSON.c.accepted_at,
    )
    .select_from(SEAT)
    .join(MEMBERSHIP, MEMBERSHIP.c.id == SEAT.c.membership_id)
    .join(BODY, BODY.c.id == MEMBERSHIP.c.body_id)
    .join(INSTITUTION, INSTITUTION.c.id == MEMBERSHIP.c.institution_id)
    .outerjoin(PERSON, PERSON.c.id == SEAT.c.person_id)
    .where(MEMBERSHIP.c.left_on.is_(None))
)  # fmt: skip
_POSTS: Select[Any] = (
    select(
        POST.c.id.label("place_id"), null().label("seat_id"), POST.c.id.label("post_id"), BODY.c.id.label("body_id"),
        BODY.c.name.label("body"), func.coalesce(INSTITUTION.c.short_name, "").label("institution"), POST.c.kind.label("kind"),
        POST.c.title, POST.c.name, POST.c.email, POST.c.person_id, PERSON.c.accepted_at,
    )
    .select_from(POST)
    .join(BODY, BODY.c.id == POST.c.body_id)
    .outerjoin(MEMBERSHIP, MEMBERSHIP.c.id == POST.c.membership_id)
    .outerjoin(INSTITUTION, INSTITUTION.c.id == MEMBERSHIP.c.institution_id)
    .outerjoin(PERSON, PERSON.c.id == POST.c.person_id)
)  # fmt: skip


#: The bodies a person holds places in.
_BODIES = union(
    select(MEMBERSHIP.c.body_id).join_from(SEAT, MEMBERSHIP).where(SEAT.c.person_id == bindparam("person")),
    select(POST.c.body_id).where(POST.c.person_id == bindparam("person")),
)
_UNCLAIMED = select(PERSON.c.id).where(PERSON.c.id == bindparam("person"), PERSON.c.accepted_at.is_(None)).with_for_update()
_STILL_KNOWN = select(PERSON.c.id).where(PERSON.c.id == bindparam("person"), PERSON.c.accepted_at.is_not(None)).with_for_update()
_BY_HASH = select(INVITATION).where(INVITATION.c.token_hash == bindparam("hash"))
_LOCKED = _BY_HASH.with_for_update()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("ascii")).hexdigest()


def _place(uow: UnitOfWork, *, seat: int | None, post: int | None) -> RowMapping | None:
    statement = _SEATS.where(SEAT.c.id == seat) if seat is not None else _POSTS.where(POST.c.id == post)
    return uow.execute(statement).mappings().one_or_none()


def _as_place(row: RowMapping | dict[str, Any]) -> Place:
    return Place(
        row["seat_id"], row["post_id"], row["body_id"], row["body"], row["institution"], row["kind"], row["title"], row["name"], row["email"]
    )  # fmt: skip


def _subject(place: Place) -> dict[str, int]:
    return {"seat": place.seat} if place.seat is not None else {"post": place.post or 0}


def _invitation(uow: UnitOfWork, token: str, find: Select[Any], *, mine: int | None = None) -> dict[str, Any]:
    """Find a usable invitation and its place; one to a place that is already ``mine`` counts as usable."""
    if not _TOKEN.match(token):
        raise NotFound(_UNKNOWN)
    found = uow.execute(find, hash=_hash(token)).mappings().one_or_none()
    place = None if found is None else _place(uow, seat=found["seat_id"], post=found["post_id"])
    if found is None or place is None:
        raise NotFound(_UNKNOWN)
    again = mine is not None and place["person_id"] == mine
    if found["used_at"] is not None and not again:
        raise Refused(_USED)
    if found["revoked_at"] is not None and not again:
        raise Refused(_REVOKED)
    if not again and found["expires_at"] <= uow.now:
        raise Refused(_EXPIRED, day=found["expires_at"].astimezone(uow.house.zone).date())
    return {**place, "invitation_id": found["id"], "expires_at": found["expires_at"], "used_at": found["used_at"]}


def _newcomer(uow: UnitOfWork, row: dict[str, Any]) -> int:
    """Make a person for a place the roster names nobody for."""
    values = {"name": row["name"], "email": row["email"], "language": LANGUAGES[0], "reach": "unknown", "created_at": uow.now}
    return int(uow.execute(insert(PERSON).values(values).returning(PERSON.c.id)).scalar_one())


def _welcome(uow: UnitOfWork, person: int, telegram: int | None, language: str) -> None:
    """Note that a person has accepted, and on which phone if it was on one."""
    values: dict[str, Any] = {
        "language": language, "accepted_at": func.coalesce(PERSON.c.accepted_at, uow.now), "notice_version": NOTICE_VERSION
    }  # fmt: skip
    if telegram is not None:
        values |= {"telegram_id": telegram, "reach": "reachable"}
    uow.execute(update(PERSON).where(PERSON.c.id == person).values(values))


def _close_others(uow: UnitOfWork, person: int) -> None:
    """End the live links to places this person holds now: in other hands they would take a place that is taken."""
    for column, table in ((INVITATION.c.seat_id, SEAT), (INVITATION.c.post_id, POST)):
        held = select(table.c.id).where(table.c.person_id == person)
        uow.execute(
            update(INVITATION)
            .where(column.in_(held), INVITATION.c.used_at.is_(None), INVITATION.c.revoked_at.is_(None))
            .values(revoked_at=uow.now)
        )


def _merge(uow: UnitOfWork, meant: int, person: int) -> None:
    """Give the places of a roster's person to the account that proved to be theirs, and forget the double.

    A person made by a roster belongs to one body only, so nothing of another body can come along. The address may: links are
    only sent to one that was confirmed, or to somebody of one body (``office.notices``).
    """
    for table in (SEAT, POST):
        uow.execute(update(table).where(table.c.person_id == meant).values(person_id=person))
    uow.execute(update(INVITATION).where(INVITATION.c.used_by == meant).values(used_by=person))
    uow.execute(update(MEETING_CALL).where(MEETING_CALL.c.person_id == meant).values(person_id=person))
    kept = uow.execute(select(PERSON.c.email, PERSON.c.name).where(PERSON.c.id == meant)).one()
    uow.execute(
        update(PERSON)
        .where(PERSON.c.id == person, PERSON.c.email == "")
        .values(email=kept.email, name=kept.name, mail_refused_at=None)
    )
    uow.execute(delete(PERSON).where(PERSON.c.id == meant, PERSON.c.accepted_at.is_(None)))
