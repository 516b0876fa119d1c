"""What a person may ask of the secretariat about themselves (GDPR art. 15-17, 20): see, correct, leave, be erased.

``own_data`` gives what is held and what must remain; ``forgetting`` knows what is taken from which table.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, bindparam, select, update

from konwent_bot.domain.contacts import email_address, person_name
from konwent_bot.domain.roster_words import fold
from konwent_bot.errors import N_, Invalid, NotFound, Refused
from konwent_bot.office import erasures, forgetting, links, notices, sessions, throttle
from konwent_bot.office.own_data import Held, Remains, export, held, remains
from konwent_bot.office.people import NOTICE_VERSION
from konwent_bot.office.rights import Actor, require_self
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import PERSON, POST, SEAT

__all__ = [
    "NOTICE_VERSION",
    "Confirmed",
    "Held",
    "Remains",
    "accept_notice",
    "ask_email",
    "confirm_email",
    "correct_name",
    "erase",
    "erase_again",
    "export",
    "held",
    "leave",
    "remains",
]

#: Letters that ask to confirm an address: to one person in an hour, and to one address in a day (whoever reads it may not be ours).
MOST_FOR_PERSON: Final = 5
MOST_TO_ADDRESS: Final = 5

_NOT_HERE = N_("There is no such matter here, or it is not open to you.")


@dataclass(frozen=True, slots=True)
class Confirmed:
    """An address that has been confirmed."""

    person: int
    email: str


def accept_notice(uow: UnitOfWork, person: int) -> None:
    """Note that a person who has accepted an invitation has now accepted today's version of the privacy notice too."""
    if uow.execute(_ACCEPT, person=person, version=NOTICE_VERSION).rowcount:
        uow.audit("privacy.accept", body=None, person=person, version=NOTICE_VERSION)


# --- correcting -------------------------------------------------------------------------------------------------------


def correct_name(uow: UnitOfWork, person: int, name: str) -> None:
    """Call the person by another name, also in places where the roster called them by the former one.

    A roster imported later that still has the former name is told so row by row: it may not take the correction back.

    Raises:
        Invalid: there is no name in it, or it is too long.
        NotFound: there is no such person.
    """
    said = person_name(name)
    if not said:
        raise Invalid(N_("Write your first and last name."))
    row = _locked(uow, person)
    if row.name == said:
        return
    uow.execute(_ONE.values(name=said), person=person)
    if row.name:
        for table in (SEAT, POST):
            for place in uow.execute(select(table.c.id, table.c.name).where(table.c.person_id == person)).all():
                if fold(place.name) == fold(row.name):
                    uow.execute(update(table).where(table.c.id == place.id).values(name=said))
    uow.wipe_traces = True
    uow.audit("person.correct_name", body=None, person=person)


def ask_email(uow: UnitOfWork, person: int, email: str) -> None:
    """Have a letter sent to a new address; it counts once whoever reads mail there has confirmed it (``confirm_email``).

    The address on record stays until then. The answer is the same whoever has that address already.

    Raises:
        Invalid: it is no address.
        Refused: it is the person's confirmed address already.
        throttle.TooOften: too many letters were asked for.
        NotFound: there is no such person.
    """
    said = email_address(email)
    if not said:
        raise Invalid(N_("Write your e-mail address."))
    row = _locked(uow, person)
    if row.email == said and row.email_confirmed_at is not None:
        raise Refused(N_("This is your address already, and it has been confirmed."))
    throttle.limit(uow, "confirm_email", str(person), most=MOST_FOR_PERSON, within=timedelta(hours=1))
    throttle.limit(uow, "confirm_address", said, most=MOST_TO_ADDRESS, within=timedelta(days=1))
    links.revoke_all(uow, person, "email")  # a letter sent before must not bring a former wish about
    notices.announce(uow, recipient=f"person:{person}", occasion="confirm_email", address=said)
    uow.audit("person.ask_email", body=None, person=person)


def confirm_email(uow: UnitOfWork, token: str) -> Confirmed:
    """Take the address a letter was sent to. The same link once more gives the same answer while the address stands.

    Places keep the address their roster gave for them. Links under way to the former mailbox end: it may be in other hands.

    Raises:
        NotFound: the link is not one of ours, or is for something else.
        Refused: it was used for an address that has changed since, has expired, or was ended.
    """
    link = links.find(uow, token, "email", lock=True)
    row = _locked(uow, link.person_id)
    if link.used_at is not None and row.email == link.email and row.email_confirmed_at is not None:
        return Confirmed(row.id, row.email)
    links.spend(uow, links.usable(uow, link))
    links.revoke_all(uow, row.id, "enter")
    uow.execute(_ONE.values(email=link.email, email_confirmed_at=uow.now, mail_refused_at=None), person=row.id)
    uow.wipe_traces = True
    uow.audit("person.confirm_email", body=None, person=row.id)
    return Confirmed(row.id, link.email)


# --- leaving and being erased -----------------------------------------------------------------------------------------


def leave(uow: UnitOfWork, person: int) -> None:
    """Part from a person: their Telegram account is forgotten, browsers are shown out, drafts go. Done twice it is the same.

    Their places still bear the name the coordinator's roster gives, but belong to nobody who has accepted: whoever accepts the next
    invitation to one begins anew. What is left of the person holds no place, and is forgotten by the clock (``retention``).
    """
    row = forgetting.lock(uow, person)
    if row is None or row.accepted_at is None:
        return
    sessions.end_all(uow, person)
    links.revoke_all(uow, person)
    forgetting.feed(uow, person)
    forgetting.letters(uow, [f"person:{person}"])
    forgetting.drafts(uow, person)
    forgetting.back_on_paper(uow, person)
    uow.execute(_ONE.values(telegram_id=None, accepted_at=None, dialogue_id=None, reach="unknown"), person=person)
    uow.wipe_traces = True
    uow.audit("person.leave", body=None, person=person)


def erase(uow: UnitOfWork, actor: Actor, person: int) -> bool:
    """Forget everything personal of somebody, for good. Only they themselves or the operator may ask for it.

    As ``leave``, and name, addresses, Telegram number, choices, conversations and what was written in them go; their places are
    vacant and name nobody. ``remains`` says beforehand what stays. Tells whether an empty row with the number stays.
    Done twice it is the same.

    Raises:
        NotFound: there is no such person for this actor.
        Refused: the erasure cannot be written down for those who restore backups (``erasures``); nothing is erased.
    """
    require_self(actor, "person.erase", person)
    row = forgetting.lock(uow, person)
    if row is None:
        raise NotFound(_NOT_HERE)
    if row.erased_at is not None:
        return True
    if uow.house.erasures is not None:  # first: an act that refuses has changed nothing (and before the commit: see ``erasures``)
        erasures.write_down(uow.house.erasures, person, uow.now)
    stays = forgetting.everything(uow, row, at=uow.now)
    uow.audit("person.erase", body=None, person=actor.person, erased=person)
    return stays


def erase_again(uow: UnitOfWork, person: int, at: datetime) -> bool:
    """Do an erasure again that a restored backup does not know of; tell whether there was anything to erase.

    Nothing happens where that person is not there, is erased already, or came to be after ``at``: a store restored from an older
    copy may have given the number to somebody else since.
    """
    row = forgetting.lock(uow, person)
    if row is None or row.erased_at is not None or row.created_at > at:
        return False
    forgetting.everything(uow, row, at=at)
    uow.audit("person.erase_again", body=None, erased=person)
    return True


# --- inside -----------------------------------------------------------------------------------------------------------

_ONE = update(PERSON).where(PERSON.c.id == bindparam("person"))
_ACCEPT = (
    update(PERSON)
    .where(
        PERSON.c.id == bindparam("person"),
        PERSON.c.accepted_at.is_not(None),
        PERSON.c.notice_version < bindparam("version"),
    )
    .values(notice_version=bindparam("version"))
)


def _locked(uow: UnitOfWork, person: int) -> Row[Any]:
    row = forgetting.lock(uow, person)
    if row is None or row.accepted_at is None:
        raise NotFound(_NOT_HERE)
    return row
