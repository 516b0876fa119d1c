"""Who is reached by what, now: a recipient's channels in the order in which they are tried, and what a person chose about them.

A person is told by Telegram once it is connected, and by e-mail where it is not or takes nothing; whoever wants it the other way
round, or both, says so. The address is the person's own; where there is none, or it was refused, the one the roster gives for the place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, Select, bindparam, case, exists, select, true, union, union_all, update

from konwent_bot.errors import N_, Invalid, NotFound
from konwent_bot.office.meetings import calls
from konwent_bot.office.occasion import Channel
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import CHAT_GROUP, MEETING_GUEST, MEMBERSHIP, NOTICE, PERSON, POST, SEAT
from konwent_bot.store.tables.people import CHANNELS, QUIET_FROM, QUIET_TO


@dataclass(frozen=True, slots=True)
class Way:
    """A channel with the address in it: the number of a Telegram chat, or an e-mail address."""

    channel: Channel
    address: str


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who a recipient is at this moment."""

    #: The person behind it, if there is one.
    person: int | None
    name: str
    #: Empty when they have not chosen one.
    language: str
    #: In the order in which they are tried; none when nobody can be reached.
    ways: tuple[Way, ...]
    #: All of them are to be used, not only the first that works.
    every: bool = False
    #: Reminders may come by e-mail.
    mail_reminders: bool = True
    digest: bool = False
    #: Local hours; the same twice means that no hour is quiet.
    quiet_from: int = QUIET_FROM
    quiet_to: int = QUIET_TO

    def way(self, channel: str) -> Way | None:
        """Give the way in a channel."""
        return next((one for one in self.ways if one.channel == channel), None)

    def reminded(self) -> Addressee:
        """Give the same somebody as a reminder may reach them: who switched e-mail off for those gets none there."""
        if self.mail_reminders:
            return self
        return replace(self, ways=tuple(one for one in self.ways if one.channel != "mail"))


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a person chose about what they are told, and what stands against it."""

    #: One of ``store.tables.people.CHANNELS``.
    channel: str
    #: Reminders may come by e-mail.
    mail_reminders: bool
    digest: bool
    quiet_from: int
    quiet_to: int
    #: Telegram is connected; and takes nothing because the bot was blocked.
    telegram: bool
    blocked: bool
    email: str
    #: When a mail server refused the address for good; ``None`` while it takes letters.
    mail_refused_at: datetime | None


def addressee(uow: UnitOfWork, recipient: str, address: str = "") -> Addressee | None:
    """Say who a recipient is and how they are reached now; ``None`` when there is no such recipient any more. Asks no rights.

    ``address``: where it is to go whoever has the place by now; whoever was there before is meant, and nothing else is known of them.
    """
    kind, _, number = recipient.partition(":")
    match kind:
        case "seat" | "post" if address:
            return Addressee(None, "", "", (Way("mail", address),))
        case "person":
            person = uow.execute(_PERSON, person=int(number)).one_or_none()
            return None if person is None or person.erased_at is not None else _of_person(uow, person, "")
        case "seat" | "post":
            place = uow.execute(_PLACE[kind], place=int(number)).one_or_none()
            if place is None:
                return None
            person = None if place.person_id is None else uow.execute(_PERSON, person=place.person_id).one()
            if person is not None:
                return _of_person(uow, person, place.email)
            return Addressee(None, place.name, "", (Way("mail", place.email),) if place.email else ())
        case "group":
            chat = uow.execute(_GROUP, group=int(number)).one_or_none()
            return None if chat is None else Addressee(None, chat.title, "", (Way("telegram", str(chat.chat_id)),))
        case "guest":
            guest = uow.execute(_GUEST, guest=int(number)).one_or_none()
            if guest is None or (guest.removed_at is not None and not address):
                return None
            return Addressee(None, guest.name, guest.language, (Way("mail", address or guest.email),))
        case _:
            return None


def holders(uow: UnitOfWork, recipients: Iterable[str]) -> Mapping[str, int]:
    """Give, of these recipients, the persons behind them: two recipients may be one reader."""
    found: dict[str, int] = {}
    places: dict[str, list[int]] = {"seat": [], "post": []}
    for recipient in recipients:
        kind, _, number = recipient.partition(":")
        if kind == "person":
            found[recipient] = int(number)
        elif kind in places:
            places[kind].append(int(number))
    for kind, numbers in places.items():
        if numbers:
            found |= {f"{kind}:{row.id}": row.person_id for row in uow.execute(_HELD_BY[kind], places=numbers)}
    return found


def believed(uow: UnitOfWork, person: int, address: str) -> bool:
    """Tell whether a personal link may be sent to an address: the person has proved to read it, or all it could open is one body's.

    A roster proves nothing about anybody outside of its body, as with a way in that somebody asks for (``office.ways_in``).
    """
    row = uow.execute(_PERSON, person=person).one_or_none()
    if row is None or row.accepted_at is None:
        return False
    if row.email == address and row.email_confirmed_at is not None:
        return True
    return len(uow.execute(_BODIES, person=person).all()) == 1


def coordinator(uow: UnitOfWork, body: int) -> str:
    """Give the address of whoever coordinates a body, for what a person has to answer or hand over; empty where there is none."""
    return str(uow.execute(_COORDINATOR, body=body).scalars().first() or "")


def gathered(uow: UnitOfWork, persons: Iterable[int]) -> frozenset[int]:
    """Give those of these persons who want what can wait in one message a day."""
    asked = sorted(set(persons))
    return frozenset(uow.execute(_DIGEST, persons=asked).scalars()) if asked else frozenset()


# --- what a person chooses --------------------------------------------------------------------------------------------


def preferences(uow: UnitOfWork, person: int) -> Preferences:
    """Give what a person chose.

    Raises:
        NotFound: there is no such person.
    """
    row = uow.execute(_PERSON, person=person).one_or_none()
    if row is None or row.erased_at is not None:
        raise NotFound(N_("There is no such matter here, or it is not open to you."))
    return Preferences(
        row.channel, row.mail_reminders, row.digest, row.quiet_from, row.quiet_to, row.telegram_id is not None, row.reach == "blocked", row.email,
        row.mail_refused_at,
    )  # fmt: skip


def prefer(
    uow: UnitOfWork,
    person: int,
    *,
    channel: str | None = None,
    mail_reminders: bool | None = None,
    digest: bool | None = None,
    quiet_from: int | None = None,
    quiet_to: int | None = None,
) -> None:
    """Choose by what, when and how gathered a person is told from now on; what is not given stays.

    Raises:
        Invalid: there is no such channel or hour.
    """
    chosen = {
        "channel": channel, "mail_reminders": mail_reminders, "digest": digest, "quiet_from": quiet_from, "quiet_to": quiet_to,
    }  # fmt: skip
    values = {name: value for name, value in chosen.items() if value is not None}
    if channel is not None and channel not in CHANNELS:
        raise Invalid(N_("Notices come by Telegram, by e-mail, or by both."))
    if any(hour is not None and not 0 <= hour <= 23 for hour in (quiet_from, quiet_to)):
        raise Invalid(N_("An hour is a number from 0 to 23."))
    if values:
        uow.execute(update(PERSON).where(PERSON.c.id == person).values(values))
        reconsider(uow, person)
        uow.audit("person.prefer", body=None, person=person)


# --- what the channels say --------------------------------------------------------------------------------------------


def mail_refused(uow: UnitOfWork, address: str) -> None:
    """Note that a mail server takes nothing for an address, for good: whoever has it gets no letters there until it changes."""
    if address:
        for person in uow.execute(_REFUSED, address=address.lower(), now=uow.now).scalars().all():
            calls.recheck_person(uow, person)


def group_moved(uow: UnitOfWork, former: int, chat: int) -> None:
    """Follow a group that became a supergroup: Telegram gives it another number."""
    uow.execute(_MOVED, former=former, chat=chat)


def reconsider(uow: UnitOfWork, person: int) -> None:
    """Have what waits for a person sorted anew: something has changed about how they are reached."""
    places = [f"{kind}:{number}" for kind in _HELD for number in uow.execute(_HELD[kind], person=person).scalars()]
    uow.execute(_ANEW, recipients=[f"person:{person}", *places])
    calls.recheck_person(uow, person)


def group_gone(uow: UnitOfWork, chat: int) -> None:
    """Note that a group takes nothing from us any more: the bot was removed from it."""
    uow.execute(_GONE, chat=chat, now=uow.now)


# --- inside -----------------------------------------------------------------------------------------------------------

_P = PERSON.c
_PERSON: Final[Select[Any]] = select(PERSON).where(_P.id == bindparam("person"))
#: Also bodies an institution has left: who could write an address there once may have written this one.
_BODIES = union(
    select(MEMBERSHIP.c.body_id).join_from(SEAT, MEMBERSHIP).where(SEAT.c.person_id == bindparam("person")),
    select(POST.c.body_id).where(POST.c.person_id == bindparam("person")),
)
_ROSTER = union_all(
    *(
        select(table.c.email).where(table.c.person_id == bindparam("person"), table.c.email.not_in(("", bindparam("refused"))))
        for table in (SEAT, POST)
    )
).limit(1)
_PLACE: Final[Mapping[str, Select[Any]]] = {
    "seat": select(SEAT.c.person_id, SEAT.c.name, SEAT.c.email)
    .join(MEMBERSHIP, MEMBERSHIP.c.id == SEAT.c.membership_id)
    .where(SEAT.c.id == bindparam("place"), MEMBERSHIP.c.left_on.is_(None)),
    "post": select(POST.c.person_id, POST.c.name, POST.c.email).where(POST.c.id == bindparam("place")),
}
_GROUP = select(CHAT_GROUP.c.title, CHAT_GROUP.c.chat_id).where(
    CHAT_GROUP.c.id == bindparam("group"), CHAT_GROUP.c.unlinked_at.is_(None)
)
_GUEST = select(MEETING_GUEST.c.name, MEETING_GUEST.c.language, MEETING_GUEST.c.email, MEETING_GUEST.c.removed_at).where(
    MEETING_GUEST.c.id == bindparam("guest")
)
_HELD_BY = {
    kind: select(table.c.id, table.c.person_id).where(
        table.c.id.in_(bindparam("places", expanding=True)), table.c.person_id.is_not(None)
    )
    for kind, table in (("seat", SEAT), ("post", POST))
}
_HELD = {
    kind: select(table.c.id).where(table.c.person_id == bindparam("person")) for kind, table in (("seat", SEAT), ("post", POST))
}
_ANEW = (
    update(NOTICE)
    .where(NOTICE.c.recipient.in_(bindparam("recipients", expanding=True)), NOTICE.c.settled_at.is_(None), NOTICE.c.channel != "")
    .values(channel="")
)
_ADDRESS = case((PERSON.c.accepted_at.is_not(None) & (PERSON.c.email != ""), PERSON.c.email), else_=POST.c.email)
_COORDINATOR = (
    select(_ADDRESS)
    .select_from(POST.outerjoin(PERSON, PERSON.c.id == POST.c.person_id))
    .where(POST.c.body_id == bindparam("body"), POST.c.kind == "coordinator", _ADDRESS != "")
    .order_by(POST.c.number)
)
_DIGEST = select(_P.id).where(_P.id.in_(bindparam("persons", expanding=True)), _P.digest == true())
_REFUSED = (
    update(PERSON)
    .where(_P.email == bindparam("address"), _P.mail_refused_at.is_(None))
    .values(mail_refused_at=bindparam("now"))
    .returning(_P.id)
)
_OTHER = CHAT_GROUP.alias("other")
_MOVED = (
    update(CHAT_GROUP)
    .where(
        CHAT_GROUP.c.chat_id == bindparam("former"),
        CHAT_GROUP.c.unlinked_at.is_(None),
        ~exists().where(_OTHER.c.chat_id == bindparam("chat"), _OTHER.c.unlinked_at.is_(None)),
    )
    .values(chat_id=bindparam("chat"))
)
_GONE = (
    update(CHAT_GROUP)
    .where(CHAT_GROUP.c.chat_id == bindparam("chat"), CHAT_GROUP.c.unlinked_at.is_(None))
    .values(unlinked_at=bindparam("now"))
)


def _of_person(uow: UnitOfWork, row: Row[Any], at_place: str) -> Addressee:
    """Say how a person is reached. ``at_place``: the address the roster gives for the place that is written to."""
    own = row.email if row.mail_refused_at is None else ""
    refused = row.email if row.mail_refused_at is not None else ""
    email = own or (at_place if at_place != refused else "")
    email = email or uow.execute(_ROSTER, person=row.id, refused=refused).scalar_one_or_none() or ""
    ways = []
    if row.telegram_id is not None and row.reach != "blocked":
        ways.append(Way("telegram", str(row.telegram_id)))
    if email:
        ways.append(Way("mail", email))
    if row.channel == "mail":
        ways.reverse()
    return Addressee(
        row.id, row.name, row.language if row.accepted_at is not None else "", tuple(ways), row.channel == "both",
        row.mail_reminders, row.digest, row.quiet_from, row.quiet_to,
    )  # fmt: skip
