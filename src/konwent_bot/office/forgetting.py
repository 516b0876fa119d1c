"""Forgetting a person: what is taken from which table. ``privacy`` says who may ask for it, ``retention`` when the clock does.

What this must never do: touch a submitted card, a version of one, or an audit entry. They speak for institutions, and name people
by number only; so a person they name stays as a row with nothing in it but that number.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Table, bindparam, delete, exists, func, insert, or_, select, union, update

from konwent_bot.office.seats import revoke
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import (
    AUDIT_ENTRY,
    BODY,
    CARD,
    DIALOGUE,
    DIALOGUE_EVENT,
    INVITATION,
    MEMBERSHIP,
    NOTICE,
    PERSON,
    PERSONAL_LINK,
    POST,
    SEAT,
    UPLOAD,
    WEB_SESSION,
)
from konwent_bot.store.tables.people import LANGUAGES


def lock(uow: UnitOfWork, person: int) -> Row[Any] | None:
    """Lock a person and the bodies in which they hold a place (imports and hand-overs lock those too); give the person's row."""
    bodies = list(uow.execute(_BODIES, person=person).scalars())
    if bodies:
        uow.execute(select(BODY.c.id).where(BODY.c.id.in_(bodies)).order_by(BODY.c.id).with_for_update(key_share=True)).all()
    return uow.execute(_ONE.with_for_update(), person=person).one_or_none()


def drafts(uow: UnitOfWork, person: int) -> None:
    """Delete unfinished conversations with all that was said in them, and forms that came too late."""
    _talks(uow, select(DIALOGUE.c.id).where(DIALOGUE.c.person_id == person, DIALOGUE.c.status == "open"))
    uow.execute(_NOTHING_KEPT, person=person)


def back_on_paper(uow: UnitOfWork, person: int) -> None:
    """Give a person's places back to the roster: in each body to a name of its own there, which nobody has accepted yet.

    Were they left to the person, whoever accepts the next invitation to one of them would become that person: with what is held
    about them, and with their places in other bodies, which no coordinator of this one may give away.
    """
    held: dict[int, list[tuple[Table, Row[Any]]]] = {}
    for table, found in ((SEAT, _SEATS), (POST, _POSTS)):
        for place in uow.execute(found, person=person):
            held.setdefault(place.body_id, []).append((table, place))
    for places in held.values():
        name = next((place.name for _, place in places if place.name), "")
        email = next((place.email for _, place in places if place.email), "")
        values = {"name": name, "email": email, "language": LANGUAGES[0], "reach": "unknown", "created_at": uow.now}
        new = uow.execute(insert(PERSON).values(values).returning(PERSON.c.id)).scalar_one() if name or email else None
        for table, place in places:
            uow.execute(update(table).where(table.c.id == place.id).values(person_id=new))


def letters(uow: UnitOfWork, recipients: Iterable[str], addresses: Iterable[str] = ()) -> None:
    """Let nothing more be sent to these recipients, nor to these addresses (in lower case) if somebody typed them just now."""
    to = [NOTICE.c.recipient.in_(sorted(recipients))]
    if typed := sorted(filter(None, addresses)):
        to.append(func.lower(NOTICE.c.address).in_(typed))
    unwanted = {"settled_at": uow.now, "outcome": "unwanted", "address": ""}
    uow.execute(update(NOTICE).where(NOTICE.c.settled_at.is_(None), or_(*to)).values(unwanted))


def everything(uow: UnitOfWork, row: Row[Any], *, at: datetime) -> bool:
    """Take everything personal of a person found by ``lock``; tell whether the row stays, as a number others refer to.

    Places they held are vacant afterwards and name nobody; links to them end. Files somebody is looking over in those bodies go
    too, since the person may stand in them. The clock's throttle counts (hashes) go by themselves within a day.
    """
    person = int(row.id)
    held = {"seat": list(uow.execute(_SEATS, person=person)), "post": list(uow.execute(_POSTS, person=person))}
    links = uow.execute(_TO_CONFIRM, person=person).scalars()
    addresses = {row.email, *(place.email for places in held.values() for place in places), *links}
    recipients = [f"person:{person}", *(f"{kind}:{place.id}" for kind, places in held.items() for place in places)]
    letters(uow, recipients, {address.lower() for address in addresses})
    revoke(uow, seats=[place.id for place in held["seat"]], posts=[place.id for place in held["post"]])
    uow.execute(
        delete(UPLOAD).where(
            or_(
                UPLOAD.c.person_id == person,
                UPLOAD.c.body_id.in_(sorted({place.body_id for places in held.values() for place in places})),
            )
        )
    )
    for table in (SEAT, POST):
        uow.execute(update(table).where(table.c.person_id == person).values(person_id=None, name="", email="", title=""))
    _talks(uow, select(DIALOGUE.c.id).where(DIALOGUE.c.person_id == person))
    uow.execute(_NO_LINKS, person=person)
    uow.execute(_NO_SESSIONS, person=person)
    stays = bool(uow.execute(_NAMED_BY_OTHERS, person=person).scalar_one())
    if stays:
        uow.execute(_EMPTY, person=person, at=at)
    else:
        uow.execute(delete(PERSON).where(PERSON.c.id == person))
    uow.wipe_traces = True
    return stays


# --- inside -----------------------------------------------------------------------------------------------------------

_ONE = select(PERSON).where(PERSON.c.id == bindparam("person"))
_BODIES = union(
    select(MEMBERSHIP.c.body_id).join_from(SEAT, MEMBERSHIP).where(SEAT.c.person_id == bindparam("person")),
    select(POST.c.body_id).where(POST.c.person_id == bindparam("person")),
)
_SEATS = (
    select(SEAT.c.id, SEAT.c.name, SEAT.c.email, MEMBERSHIP.c.body_id)
    .join_from(SEAT, MEMBERSHIP)
    .where(SEAT.c.person_id == bindparam("person"))
)
_POSTS = select(POST.c.id, POST.c.name, POST.c.email, POST.c.body_id).where(POST.c.person_id == bindparam("person"))
_TO_CONFIRM = select(PERSONAL_LINK.c.email).where(PERSONAL_LINK.c.person_id == bindparam("person"))
_NOTHING_KEPT = (
    update(DIALOGUE).where(DIALOGUE.c.person_id == bindparam("person"), DIALOGUE.c.kept.is_not(None)).values(kept=None)
)
_NO_LINKS = delete(PERSONAL_LINK).where(PERSONAL_LINK.c.person_id == bindparam("person"))
_NO_SESSIONS = delete(WEB_SESSION).where(WEB_SESSION.c.person_id == bindparam("person"))
_NAMED_BY_OTHERS = select(
    or_(
        *(
            exists().where(column == bindparam("person"))
            for column in (CARD.c.person_id, INVITATION.c.used_by, AUDIT_ENTRY.c.person_id)
        )
    )
)
_EMPTY = (
    update(PERSON)
    .where(PERSON.c.id == bindparam("person"))
    .values(
        {
            "name": "", "email": "", "email_confirmed_at": None, "language": LANGUAGES[0], "telegram_id": None, "reach": "unknown",
            "accepted_at": None, "notice_version": 0, "dialogue_id": None, "placeless_since": None, "erased_at": bindparam("at"),
        }
    )
)  # fmt: skip


def _talks(uow: UnitOfWork, mine: Any) -> None:
    uow.execute(delete(DIALOGUE_EVENT).where(DIALOGUE_EVENT.c.dialogue_id.in_(mine)))
    uow.execute(delete(DIALOGUE).where(DIALOGUE.c.id.in_(mine)))
