"""Forgetting a person: what is taken from which table. ``privacy`` says who may ask for it, ``retention`` when the clock does.

What this must never do: touch a submitted card, a version of one, what an institution answered about a meeting, proposed for its
agenda or was present at, what it proposed, said, objected to and voted on the way to a decision, what was written into minutes and
answered about them, or an audit entry. They speak for institutions, and name people by number only; so a person they name stays as a row
with nothing in it but that number. What somebody wrote into minutes and nobody took up is theirs alone, and goes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Table, and_, bindparam, delete, exists, func, insert, or_, select, union, update

from konwent_bot.office.meetings import calls
from konwent_bot.office.seats import revoke
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.columns import UtcInstant
from konwent_bot.store.tables import (
    AUDIT_ENTRY,
    BODY,
    CALENDAR_FEED,
    DIALOGUE,
    DIALOGUE_EVENT,
    ENCLOSURE,
    MEETING,
    MEETING_ANSWER,
    MEETING_CALL,
    MEETING_GUEST,
    MEMBERSHIP,
    MINUTES_RIVAL,
    NAMES_A_PERSON,
    NOTICE,
    PERSON,
    PERSONAL_LINK,
    POST,
    SEAT,
    UPLOAD,
    WEB_SESSION,
)
from konwent_bot.store.tables.people import CHANNELS, LANGUAGES, QUIET_FROM, QUIET_TO


def lock(uow: UnitOfWork, person: int) -> Row[Any] | None:
    """Lock a person and the bodies in which they hold a place (imports and hand-overs lock those too); give the person's row."""
    bodies = list(uow.execute(_BODIES, person=person).scalars())
    if bodies:
        uow.execute(select(BODY.c.id).where(BODY.c.id.in_(bodies)).order_by(BODY.c.id).with_for_update(key_share=True)).all()
    return uow.execute(_ONE.with_for_update(), person=person).one_or_none()


def drafts(uow: UnitOfWork, person: int) -> None:
    """Delete unfinished conversations with all that was said in them, forms that came too late, and texts for minutes nobody took up."""
    _talks(uow, select(DIALOGUE.c.id).where(DIALOGUE.c.person_id == person, DIALOGUE.c.status == "open"))
    uow.execute(_NOTHING_KEPT, person=person)
    uow.execute(_NO_RIVALS, person=person)


def back_on_paper(uow: UnitOfWork, person: int) -> None:
    """Give a person's places back to the roster: in each body to a name of its own there, which nobody has accepted yet.

    Were they left to the person, whoever accepts the next invitation to one of them would become that person: with what is held
    about them, and with their places in other bodies, which no coordinator of this one may give away.
    """
    held: dict[int, list[tuple[Table, Row[Any]]]] = {}
    for table, found in ((SEAT, _SEATS), (POST, _POSTS)):
        for place in uow.execute(found, person=person):
            held.setdefault(place.body_id, []).append((table, place))
    for body, places in held.items():
        calls.recheck(uow, body)
        name = next((place.name for _, place in places if place.name), "")
        email = next((place.email for _, place in places if place.email), "")
        values = {"name": name, "email": email, "language": LANGUAGES[0], "reach": "unknown", "created_at": uow.now}
        new = uow.execute(insert(PERSON).values(values).returning(PERSON.c.id)).scalar_one() if name or email else None
        for table, place in places:
            uow.execute(update(table).where(table.c.id == place.id).values(person_id=new))


def feed(uow: UnitOfWork, person: int) -> None:
    """End the secret address of a person's calendar."""
    uow.execute(_NO_FEED, person=person)


def guests(uow: UnitOfWork, found: Collection[int]) -> None:
    """Forget guests of meetings: who they were, that they were called, and the files that were sent to them."""
    if found:
        mine = sorted(found)
        recipients = [f"guest:{guest}" for guest in mine]
        letters(uow, recipients)
        uow.execute(_NO_ENCLOSURES, recipients=recipients)
        uow.execute(delete(MEETING_CALL).where(MEETING_CALL.c.guest_id.in_(mine)))
        uow.execute(delete(MEETING_GUEST).where(MEETING_GUEST.c.id.in_(mine)))


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
    too, since the person may stand in them. What they answered about meetings stays without its reason; where they were called,
    nothing says any more who it was, nor at which address. They go as a guest too: of those bodies and of those that called them,
    and with an address they have confirmed of any. The clock's throttle counts (hashes) go by themselves within a day.
    """
    person = int(row.id)
    held = {"seat": list(uow.execute(_SEATS, person=person)), "post": list(uow.execute(_POSTS, person=person))}
    links = uow.execute(_TO_CONFIRM, person=person).scalars()
    addresses = {row.email, *(place.email for places in held.values() for place in places), *links}
    recipients = [f"person:{person}", *(f"{kind}:{place.id}" for kind, places in held.items() for place in places)]
    letters(uow, recipients, {address.lower() for address in addresses})
    uow.execute(_NO_ENCLOSURES, recipients=recipients)
    revoke(uow, seats=[place.id for place in held["seat"]], posts=[place.id for place in held["post"]])
    bodies = sorted({place.body_id for places in held.values() for place in places})
    uow.execute(delete(UPLOAD).where(or_(UPLOAD.c.person_id == person, UPLOAD.c.body_id.in_(bodies))))
    for body in bodies:
        calls.recheck(uow, body)
    _meetings(uow, row, bodies, {address.lower() for address in addresses if address})
    for table in (SEAT, POST):
        uow.execute(update(table).where(table.c.person_id == person).values(person_id=None, name="", email="", title=""))
    _talks(uow, select(DIALOGUE.c.id).where(DIALOGUE.c.person_id == person))
    uow.execute(_NO_RIVALS, person=person)
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
#: Calendar files name whom they invite.
_NO_ENCLOSURES = delete(ENCLOSURE).where(
    ENCLOSURE.c.notice_id.in_(select(NOTICE.c.id).where(NOTICE.c.recipient.in_(bindparam("recipients", expanding=True))))
)
_NO_RIVALS = delete(MINUTES_RIVAL).where(MINUTES_RIVAL.c.person_id == bindparam("person"))
_NO_LINKS = delete(PERSONAL_LINK).where(PERSONAL_LINK.c.person_id == bindparam("person"))
_NO_SESSIONS = delete(WEB_SESSION).where(WEB_SESSION.c.person_id == bindparam("person"))
_NAMED_BY_OTHERS = select(
    or_(*(exists().where(column == bindparam("person")) for column in (*NAMES_A_PERSON, AUDIT_ENTRY.c.person_id)))
)
_EMPTY = (
    update(PERSON)
    .where(PERSON.c.id == bindparam("person"))
    .values(
        {
            "name": "", "email": "", "email_confirmed_at": None, "language": LANGUAGES[0], "telegram_id": None, "reach": "unknown",
            "accepted_at": None, "notice_version": 0, "dialogue_id": None, "placeless_since": None, "erased_at": bindparam("at"),
            "channel": CHANNELS[0], "mail_reminders": True, "digest": False, "quiet_from": QUIET_FROM, "quiet_to": QUIET_TO, "mail_refused_at": None,
        }
    )
)  # fmt: skip


_NO_FEED = delete(CALENDAR_FEED).where(CALENDAR_FEED.c.person_id == bindparam("person"))
_NO_REASONS = update(MEETING_ANSWER).where(MEETING_ANSWER.c.person_id == bindparam("person")).values(reason="")
_CALLS = (
    select(MEETING_CALL.c.meeting_id, MEETING_CALL.c.seat_id, MEETING.c.body_id)
    .join_from(MEETING_CALL, MEETING)
    .where(MEETING_CALL.c.person_id == bindparam("person"))
)
#: Nobody is left to be told; whoever gets the place next is called as somebody who was not.
_NOBODYS_CALLS = (
    update(MEETING_CALL)
    .where(MEETING_CALL.c.person_id == bindparam("person"))
    .values(person_id=None, email="", withdrawn_at=func.coalesce(MEETING_CALL.c.withdrawn_at, bindparam("now", type_=UtcInstant)))
)


def _meetings(uow: UnitOfWork, row: Row[Any], bodies: list[int], addresses: set[str]) -> None:
    """Take what meetings hold of a person."""
    person = int(row.id)
    called = uow.execute(_CALLS, person=person).all()
    for call in called:
        # The place may be somebody else's since: what was sent about this meeting bears this person's name.
        sent = (NOTICE.c.recipient == f"seat:{call.seat_id}", NOTICE.c.subject == f"meeting:{call.meeting_id}")
        uow.execute(delete(ENCLOSURE).where(ENCLOSURE.c.notice_id.in_(select(NOTICE.c.id).where(*sent))))
    uow.execute(_NOBODYS_CALLS, person=person, now=uow.now)
    uow.execute(_NO_REASONS, person=person)
    feed(uow, person)
    address = func.lower(MEETING_GUEST.c.email)
    here = and_(MEETING.c.body_id.in_({*bodies, *(call.body_id for call in called)}), address.in_(sorted(addresses)))
    found = select(MEETING_GUEST.c.id).join_from(MEETING_GUEST, MEETING)
    read = row.email if row.email_confirmed_at is not None else None
    guests(uow, list(uow.execute(found.where(or_(here, address == read) if read else here)).scalars()))


def _talks(uow: UnitOfWork, mine: Any) -> None:
    uow.execute(delete(DIALOGUE_EVENT).where(DIALOGUE_EVENT.c.dialogue_id.in_(mine)))
    uow.execute(delete(DIALOGUE).where(DIALOGUE.c.id.in_(mine)))
