"""The three ways in as occasions: an invitation to a place, a link somebody asked for, a new address to be confirmed.

They go by e-mail, because whoever they are for may have nothing else yet; each holds a link that is made when it is sent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, func, select, union_all

from konwent_bot.errors import Refused
from konwent_bot.office import channels, invitations, links
from konwent_bot.office.invitations import Issued
from konwent_bot.office.notices import REQUEST_WAITS
from konwent_bot.office.occasion import NO_ADDRESS, NO_LINKS, Due, Message, Occasion, Reader
from konwent_bot.office.rights import OPERATOR
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.columns import UtcInstant
from konwent_bot.store.tables import DELIVERY, INVITATION, MEMBERSHIP, PERSON, POST, SEAT

#: Persons one address is believed to be shared by; an office has one address, not a town.
SHARED_BY: Final = 12


@dataclass(frozen=True, slots=True)
class InvitationLetter(Message):
    """An invitation to a place."""

    to: str
    issued: Issued
    #: The roster gives no address for the place, so it goes to whoever coordinates, to be handed over.
    by_hand: bool
    #: Nobody has chosen a language yet; the installation's is used.
    language: str = ""


@dataclass(frozen=True, slots=True)
class WayIn:
    """A sign-in link of one person."""

    name: str
    #: The places that person holds, as "institution, body".
    places: tuple[str, ...]
    url: str


@dataclass(frozen=True, slots=True)
class SignInLetter(Message):
    """Links into the pages, one for each person who has this address."""

    to: str
    ways: tuple[WayIn, ...]
    expires_at: datetime
    #: Empty when those who share the address have chosen different ones.
    language: str


@dataclass(frozen=True, slots=True)
class ConfirmLetter(Message):
    """A link that proves that mail to a new address is read by the person who gave it."""

    to: str
    name: str
    url: str
    expires_at: datetime
    language: str


#: A link made since the invitation was announced, and not by one of its own tries: somebody has handed it over on paper or by
#: word of mouth meanwhile, and a letter now would end it in their hands. ``begun_at`` is the instant a try made its link at.
_HANDED_OVER = select(INVITATION.c.id).where(
    (INVITATION.c.seat_id == bindparam("seat")) | (INVITATION.c.post_id == bindparam("post")),
    INVITATION.c.used_at.is_(None),
    INVITATION.c.revoked_at.is_(None),
    INVITATION.c.issued_at > bindparam("since", type_=UtcInstant),
    INVITATION.c.issued_at.not_in(
        select(DELIVERY.c.begun_at).where(DELIVERY.c.notice_id == bindparam("notice"), DELIVERY.c.state != "sending")
    ),
)


def _invitation(uow: UnitOfWork, due: Due, _reader: Reader) -> Message | str | None:
    kind, number = due.recipient.partition(":")[0], due.number
    place = {"seat": number, "post": None} if kind == "seat" else {"seat": None, "post": number}
    if uow.execute(_HANDED_OVER, **place, since=due.created_at, notice=due.notice).first() is not None:
        return None
    if not (uow.house.public_url or uow.house.bot_username):
        return NO_LINKS  # a link made now would lead nowhere, and end one that leads somewhere
    found = uow.execute(_SEAT_ADDRESS if kind == "seat" else _POST_ADDRESS, place=number).one_or_none()
    if found is None:
        return None
    to = found.email or channels.coordinator(uow, found.body_id)
    if not to:
        return NO_ADDRESS
    try:
        issued = invitations.issue(uow, OPERATOR, **place)
    except Refused:  # accepted meanwhile, or the place is gone (``NotFound`` is a refusal too)
        return None
    return InvitationLetter(to, issued, by_hand=not found.email)


_SEAT_ADDRESS = (
    select(SEAT.c.email, MEMBERSHIP.c.body_id)
    .join(MEMBERSHIP, MEMBERSHIP.c.id == SEAT.c.membership_id)
    .where(SEAT.c.id == bindparam("place"))
)
_POST_ADDRESS = select(POST.c.email, POST.c.body_id).where(POST.c.id == bindparam("place"))
_HELD = union_all(
    select(SEAT.c.person_id, MEMBERSHIP.c.body_id).join(MEMBERSHIP, MEMBERSHIP.c.id == SEAT.c.membership_id),
    select(POST.c.person_id, POST.c.body_id),
).subquery()
_BODIES = select(func.count(_HELD.c.body_id.distinct())).where(_HELD.c.person_id == PERSON.c.id).scalar_subquery()
#: Whose mail may be answered with a way in. An address comes from a roster, and a roster proves nothing about anybody outside its
#: body: whoever coordinates one body could write his own address beside the name of somebody who serves in another one, too. So an
#: address is believed when its person has proved to read it, or when everything it would open lies in a single body.
_OWNERS = (
    select(PERSON.c.id, PERSON.c.language)
    .where(
        PERSON.c.email == bindparam("typed"),
        PERSON.c.accepted_at.is_not(None),
        PERSON.c.erased_at.is_(None),
        PERSON.c.email_confirmed_at.is_not(None) | (_BODIES == 1),
    )
    .order_by(PERSON.c.id)
    .limit(SHARED_BY)
)


def _sign_in(uow: UnitOfWork, due: Due, _reader: Reader) -> Message | str | None:
    typed = due.address.strip().lower()
    if not typed or due.created_at + REQUEST_WAITS < uow.now:
        return None  # nobody waits for it any more
    owners = uow.execute(_OWNERS, typed=typed).all()
    if not owners:
        return None
    if not uow.house.public_url:
        return NO_LINKS
    ways, expires = [], uow.now
    for owner in owners:
        made = links.issue(uow, owner.id, "enter")
        whose = links.look(uow, made.token, "enter")
        ways.append(WayIn(whose.name, whose.places, made.url))
        expires = made.expires_at
    languages = {owner.language for owner in owners}
    return SignInLetter(typed, tuple(ways), expires, languages.pop() if len(languages) == 1 else "")


_ASKING = select(PERSON.c.id, PERSON.c.name, PERSON.c.language, PERSON.c.email, PERSON.c.email_confirmed_at).where(
    PERSON.c.id == bindparam("person"), PERSON.c.accepted_at.is_not(None), PERSON.c.erased_at.is_(None)
)


def _confirmation(uow: UnitOfWork, due: Due, _reader: Reader) -> Message | str | None:
    person = uow.execute(_ASKING, person=due.number).one_or_none()
    if person is None or not due.address or (person.email == due.address and person.email_confirmed_at is not None):
        return None
    if not uow.house.public_url:
        return NO_LINKS
    made = links.issue(uow, person.id, "email", email=due.address)
    return ConfirmLetter(due.address, person.name, made.url, made.expires_at, person.language)


def _way_in(name: str, make: Callable[[UnitOfWork, Due, Reader], Message | str | None]) -> Occasion:
    """Name a way in. A second letter does less harm than none: each holds a link, and without it somebody stays outside.

    A second invitation ends the link of the first and says so; a second way in is one more link that works once. Nobody who waits to
    be let in has quiet hours.
    """
    return Occasion(name, make, repeat_uncertain=True, quiet=False, letter=True)


OCCASIONS: Final = (_way_in("invitation", _invitation), _way_in("sign_in", _sign_in), _way_in("confirm_email", _confirmation))
