"""Personal links: whoever holds one is taken for the person it was made for, once, for a short while, and for one purpose.

The token stands nowhere but in the link; the table keeps its SHA-256, which needs no salt and no slow hash because 18 random bytes
cannot be guessed. A link is looked up by hash and purpose together, so a valid link of another purpose is answered exactly like one
that never was. Whose link it is, is told only after the token has proved right.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal, TypeAlias

from sqlalchemy import Row, bindparam, insert, literal, select, union_all, update

from konwent_bot.errors import N_, NotFound, Refused
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import BODY, INSTITUTION, MEMBERSHIP, PERSON, PERSONAL_LINK, POST, SEAT

#: ``enter`` opens a session in a browser, ``connect`` joins a Telegram account to the person, ``email`` confirms an address, ``group``
#: links a group chat, ``stop`` ends reminders by e-mail.
Purpose: TypeAlias = Literal["enter", "connect", "email", "group", "stop"]

#: How long a link may be used, unless ``issue`` is told otherwise.
MINUTES: Final[Mapping[Purpose, int]] = {"enter": 60, "connect": 30, "email": 48 * 60, "group": 60, "stop": 60 * 24 * 60}
#: How long a link that can no longer be used is kept, so that it can say why.
KEPT: Final = timedelta(days=30)
#: 18 bytes: 24 characters of the alphabet Telegram allows after ``start=`` (at most 64), and room for them in callback data.
_TOKEN_BYTES = 18
_TOKEN = re.compile(r"[A-Za-z0-9_-]{24}\Z")


@dataclass(frozen=True, slots=True)
class IssuedLink:
    """A link just made. The token exists only here and in the hands of whoever gets it."""

    token: str
    #: What to open; empty where the installation has no public address (or, to connect, no bot).
    url: str
    expires_at: datetime
    purpose: Purpose


@dataclass(frozen=True, slots=True)
class OfferedLink:
    """What a link opens, for whoever holds it."""

    #: The link's number.
    id: int
    #: Whose link it is.
    person: int
    name: str
    #: The places that person holds, as "institution, body".
    places: tuple[str, ...]
    #: The intent it leads on to, as ``screens.intents`` writes it; empty: home.
    place: str
    #: The address to confirm; empty for other purposes.
    email: str
    expires_at: datetime


def issue(
    uow: UnitOfWork, person: int, purpose: Purpose, *, place: str = "", email: str = "", minutes: int | None = None
) -> IssuedLink:
    """Make a link for a person who has accepted an invitation. Asks no rights: whoever calls knows that it goes to that person.

    One of purpose ``stop`` is made for anybody a reminder is written to.

    A new link of purpose ``email`` ends the former ones: of two addresses only the last one typed can still be confirmed.

    Args:
        uow: the unit of work.
        person: whose link it is.
        purpose: the one thing it will do.
        place: where it leads on to (``enter``), as ``screens.intents`` writes it; the body whose group it links (``group``).
        email: the address it confirms (``email``, and only then).
        minutes: how long it may be used, if not as long as ``MINUTES`` says.

    Raises:
        NotFound: nobody of that number has accepted anything.
    """
    # Shared with others who make links, but not with whoever is ending all of this person's links: that sees ours, or we are late.
    if purpose != "stop" and uow.execute(_ACCEPTED, person=person).first() is None:
        raise NotFound(N_("There is no such matter here, or it is not open to you."))
    if purpose == "email":
        uow.execute(_REVOKE_PURPOSE, person=person, only=purpose, now=uow.now)
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    expires = uow.now + timedelta(minutes=MINUTES[purpose] if minutes is None else minutes)
    uow.execute(
        _NEW, token_hash=_hash(token), purpose=purpose, person_id=person, place=place, email=email, issued_at=uow.now, expires_at=expires
    )  # fmt: skip
    return IssuedLink(token, _url(uow, token, purpose), expires, purpose)


def look(uow: UnitOfWork, token: str, purpose: Purpose) -> OfferedLink:
    """Give what a link opens without changing anything.

    Raises:
        NotFound: the link is not one of ours, or is for another purpose.
        Refused: it was used, has expired, or was ended.
    """
    return _offer(uow, usable(uow, find(uow, token, purpose)))


def use(uow: UnitOfWork, token: str, purpose: Purpose, *, again_by: int | None = None) -> OfferedLink:
    """Use a link up and give what it opens. Its row is locked: of two uses at once one comes second and is refused.

    Args:
        uow: the unit of work.
        token: the link's token.
        purpose: what it is used for.
        again_by: who is known, by other proof, to use it. To the link's own person a used link is given once more (a double tap)
            and nothing is changed: they gain nothing by it.

    Raises:
        NotFound: the link is not one of ours, or is for another purpose.
        Refused: it was used, has expired, or was ended.
    """
    row = find(uow, token, purpose, lock=True)
    if row.used_at is None or again_by is None or row.person_id != again_by:
        spend(uow, usable(uow, row))
    return _offer(uow, row)


def revoke_all(uow: UnitOfWork, person: int, purpose: Purpose | None = None) -> None:
    """End every link of a person that could still be used (of one purpose, or all). Sessions go by ``sessions.end_all``."""
    uow.execute(_LOCK_PERSON, person=person).first()
    if purpose is None:
        uow.execute(_REVOKE, person=person, now=uow.now)
    else:
        uow.execute(_REVOKE_PURPOSE, person=person, only=purpose, now=uow.now)


def revoke_everybodys(uow: UnitOfWork) -> None:
    """End every link that could still be used."""
    uow.execute(_REVOKE_EVERY, now=uow.now)


# --- for those who decide themselves what a used link means (``office.sessions``) --------------------------------------


def find(uow: UnitOfWork, token: str, purpose: Purpose, *, lock: bool = False) -> Row[Any]:
    """Find a link, usable or not; ``lock`` makes other uses of it wait (not in a read-only snapshot).

    Raises:
        NotFound: the link is not one of ours, or is for another purpose.
    """
    if not _TOKEN.match(token):
        raise NotFound(_UNKNOWN)
    row = uow.execute(_LOCKED if lock else _BY_HASH, hash=_hash(token), purpose=purpose).one_or_none()
    if row is None:
        raise NotFound(_UNKNOWN)
    return row


def usable(uow: UnitOfWork, row: Row[Any]) -> Row[Any]:
    """Give the link back if it may be used now.

    Raises:
        Refused: it was used, has expired, or was ended.
    """
    if row.used_at is not None:
        raise Refused(_USED)
    if row.revoked_at is not None or row.accepted_at is None:  # whoever has left is let in by an invitation only
        raise Refused(_REVOKED)
    if row.expires_at <= uow.now:
        raise Refused(_EXPIRED, moment=row.expires_at)
    return row


def spend(uow: UnitOfWork, row: Row[Any]) -> None:
    """Note that a link found with ``lock`` is used now."""
    uow.execute(_USE, link=row.id, now=uow.now)


# --- inside -----------------------------------------------------------------------------------------------------------

_UNKNOWN = N_("This link is not one of ours. Check that it was copied whole, or ask for a new one.")
_USED = N_("This link has already been used, and each one works only once. Ask for a new one.")
_REVOKED = N_("This link is no longer valid, because it was withdrawn or a newer one was sent. Ask for a new one.")
_EXPIRED = N_("This link expired: {moment}. Ask for a new one.")

_ACCEPTED = (
    select(PERSON.c.id).where(PERSON.c.id == bindparam("person"), PERSON.c.accepted_at.is_not(None)).with_for_update(read=True)
)
_LOCK_PERSON = select(PERSON.c.id).where(PERSON.c.id == bindparam("person")).with_for_update(key_share=True)
_NEW = insert(PERSONAL_LINK)
_BY_HASH = (
    select(PERSONAL_LINK, PERSON.c.name, PERSON.c.accepted_at)
    .join_from(PERSONAL_LINK, PERSON)
    .where(PERSONAL_LINK.c.token_hash == bindparam("hash"), PERSONAL_LINK.c.purpose == bindparam("purpose"))
)
_LOCKED = _BY_HASH.with_for_update(of=PERSONAL_LINK)
_USE = update(PERSONAL_LINK).where(PERSONAL_LINK.c.id == bindparam("link")).values(used_at=bindparam("now"))
_REVOKE = (
    update(PERSONAL_LINK)
    .where(
        PERSONAL_LINK.c.person_id == bindparam("person"), PERSONAL_LINK.c.used_at.is_(None), PERSONAL_LINK.c.revoked_at.is_(None)
    )
    .values(revoked_at=bindparam("now"))
)
_REVOKE_PURPOSE = _REVOKE.where(PERSONAL_LINK.c.purpose == bindparam("only"))
_PLACES = union_all(
    select(
        literal(1).label("sort"), SEAT.c.id.label("at"), INSTITUTION.c.short_name.label("institution"), BODY.c.name.label("body")
    )
    .select_from(SEAT.join(MEMBERSHIP).join(INSTITUTION).join(BODY, BODY.c.id == MEMBERSHIP.c.body_id))
    .where(SEAT.c.person_id == bindparam("person"), MEMBERSHIP.c.left_on.is_(None)),
    select(literal(2), POST.c.id, INSTITUTION.c.short_name, BODY.c.name)
    .select_from(
        POST.join(BODY, BODY.c.id == POST.c.body_id)
        .outerjoin(MEMBERSHIP, MEMBERSHIP.c.id == POST.c.membership_id)
        .outerjoin(INSTITUTION, INSTITUTION.c.id == MEMBERSHIP.c.institution_id)
    )
    .where(POST.c.person_id == bindparam("person")),
).order_by("sort", "at")


_REVOKE_EVERY = (
    update(PERSONAL_LINK)
    .where(PERSONAL_LINK.c.used_at.is_(None), PERSONAL_LINK.c.revoked_at.is_(None))
    .values(revoked_at=bindparam("now"))
)


def _offer(uow: UnitOfWork, row: Row[Any]) -> OfferedLink:
    places = (", ".join(filter(None, (at.institution, at.body))) for at in uow.execute(_PLACES, person=row.person_id))
    return OfferedLink(row.id, row.person_id, row.name, tuple(dict.fromkeys(places)), row.place, row.email, row.expires_at)


def _url(uow: UnitOfWork, token: str, purpose: Purpose) -> str:
    base, bot = uow.house.public_url, uow.house.bot_username
    match purpose:
        case "enter":
            return f"{base}/e/{token}" if base else ""
        case "email":
            return f"{base}/p/{token}" if base else ""
        case "connect":
            return f"https://t.me/{bot}?start={token}" if bot else ""
        case "group":
            return f"https://t.me/{bot}?startgroup={token}" if bot else ""
        case "stop":
            return f"{base}/wypisz/{token}" if base else ""


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("ascii")).hexdigest()
