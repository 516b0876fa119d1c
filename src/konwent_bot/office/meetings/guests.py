"""Guests of a meeting: invited and informed, without a vote and not in the quorum (a mayor, ROPS, an expert)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from pydantic import BaseModel
from sqlalchemy import Row, bindparam, func, select, update

from konwent_bot.domain.contacts import email_address, person_name
from konwent_bot.errors import N_, Invalid, NotFound, Refused
from konwent_bot.office import notices
from konwent_bot.office.meetings import calls, facts
from konwent_bot.office.meetings.facts import NOT_HERE, Meeting
from konwent_bot.office.notices import Told
from konwent_bot.office.rights import Actor, require
from konwent_bot.office.subjects import Outcome, Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.columns import UtcInstant
from konwent_bot.store.statements import upsert
from konwent_bot.store.tables import MEETING_GUEST

GUESTS: Final = "meeting.guests"
#: Guests of one meeting.
MOST: Final = 40

_OVER = N_("This meeting is over or called off. Its guests stay as they are.")


class Invited(BaseModel):
    """What the conversation about a guest asks."""

    name: str
    function: str
    email: str
    language: Literal["pl", "en", "uk"]


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody from outside who is invited."""

    id: int
    name: str
    function: str
    email: str
    language: str
    #: ``yes``, ``no`` or nothing noted yet.
    answer: str
    #: The newest thing they were told of this meeting, and how it went.
    told: Told | None


def of(uow: UnitOfWork, actor: Actor, meeting: int) -> tuple[Meeting, list[Guest]]:
    """Give the guests of a meeting in the order they were entered. Raises ``NotFound`` unless the actor may invite them."""
    found = _seen(uow, actor, meeting)
    rows = uow.execute(_LIVING, meeting=meeting).all()
    told: dict[str, Told] = {}
    for one in notices.of_recipients(uow, [f"guest:{row.id}" for row in rows]) if rows else ():
        told.setdefault(one.recipient, one)
    return found, [_read(row, told.get(f"guest:{row.id}")) for row in rows]


def find(uow: UnitOfWork, actor: Actor, guest: int) -> tuple[Meeting, Guest]:
    """Give a guest. Raises ``NotFound`` unless the actor may invite guests to that meeting."""
    row = uow.execute(_ONE, guest=guest).one_or_none()
    if row is None:
        raise NotFound(NOT_HERE)
    found = _seen(uow, actor, row.meeting_id)
    told = notices.of_recipients(uow, [f"guest:{guest}"])
    return found, _read(row, told[0] if told else None)


def remove(uow: UnitOfWork, actor: Actor, guest: int) -> Meeting:
    """Take a guest off the list; who was told of the meeting is told of this.

    Raises:
        NotFound: there is no such guest for this actor.
        Refused: the meeting is over or called off.
    """
    found, _ = _held(uow, actor, guest)
    _still_ahead(uow, found)
    uow.execute(_REMOVE, guest=guest, now=uow.now)
    uow.audit("guest.remove", body=found.body, person=actor.person, meeting=found.id, guest=guest)
    calls.settle(uow, found.id)
    return found


def note_answer(uow: UnitOfWork, actor: Actor, guest: int, answer: str) -> Meeting:
    """Note what a guest answered by word of mouth or letter: ``yes``, ``no``, or nothing after all.

    Raises:
        NotFound: there is no such guest for this actor, or no such answer.
    """
    found, _ = _held(uow, actor, guest)
    if answer not in ("", "yes", "no"):
        raise NotFound(NOT_HERE)
    uow.execute(_NOTE, guest=guest, said=answer)
    uow.audit("guest.answer", body=found.body, person=actor.person, meeting=found.id, guest=guest)
    return found


# --- a conversation ---------------------------------------------------------------------------------------------------


def may_invite(uow: UnitOfWork, actor: Actor, subject: Subject) -> None:
    """Refuse unless the actor may invite guests to the meeting now."""
    _still_ahead(uow, _seen(uow, actor, subject.meeting or 0))


def invite(uow: UnitOfWork, actor: Actor, subject: Subject, said: Invited) -> Outcome:
    """Enter a guest. Somebody who was taken off comes back; nobody is invited twice, and nobody who is called anyway."""
    meeting = facts.get(uow, subject.meeting or 0, lock=True)
    email, name = email_address(said.email), person_name(said.name)
    if not email:
        raise Invalid(N_("Please write the e-mail address: guests are invited by e-mail."))
    for member in facts.members(uow, meeting):
        if email in {address.lower() for _, address in member.holders.values()}:
            raise Refused(
                N_("{email} is the address of somebody who represents {institution}. Members are called without being guests."),
                email=email, institution=member.name,
            )  # fmt: skip
    if uow.execute(_COUNT, meeting=meeting.id).scalar_one() >= MOST:
        raise Refused(N_("There are {n} guests already."), n=MOST)
    made = uow.execute(
        _ENTER[uow.dialect], meeting=meeting.id, name=name, function=person_name(said.function), email=email,
        language=said.language, now=uow.now,
    ).scalar_one_or_none()  # fmt: skip
    if made is None:
        raise Refused(N_("{email} is on the list of guests already."), email=email)
    uow.audit("guest.invite", body=meeting.body, person=actor.person, meeting=meeting.id, guest=made)
    calls.settle(uow, meeting.id)
    return Outcome(meeting.body, meeting=meeting.id, made=made)


# --- inside -----------------------------------------------------------------------------------------------------------

_G: Final = MEETING_GUEST.c
_ONE = select(MEETING_GUEST).where(_G.id == bindparam("guest"), _G.removed_at.is_(None))
_LIVING = select(MEETING_GUEST).where(_G.meeting_id == bindparam("meeting"), _G.removed_at.is_(None)).order_by(_G.id)
_COUNT = select(func.count()).where(_G.meeting_id == bindparam("meeting"), _G.removed_at.is_(None))
#: Whoever stands on the list is not overwritten; whoever was taken off it comes back.
_ENTER = upsert(
    MEETING_GUEST,
    lambda new: (
        new.values(
            meeting_id=bindparam("meeting"), name=bindparam("name"), function=bindparam("function"), email=bindparam("email"),
            language=bindparam("language"), answer="", created_at=bindparam("now", type_=UtcInstant),
        )
        .on_conflict_do_update(
            index_elements=["meeting_id", "email"],
            set_={"name": new.excluded.name, "function": new.excluded.function, "language": new.excluded.language, "answer": "",
                  "removed_at": None},
            where=_G.removed_at.is_not(None),
        )
        .returning(_G.id)
    ),
)  # fmt: skip
_REMOVE = update(MEETING_GUEST).where(_G.id == bindparam("guest")).values(removed_at=bindparam("now", type_=UtcInstant))
_NOTE = update(MEETING_GUEST).where(_G.id == bindparam("guest")).values(answer=bindparam("said"))


def _seen(uow: UnitOfWork, actor: Actor, meeting: int) -> Meeting:
    """Give a meeting, not locked, to somebody who may invite guests to it."""
    found = facts.see(uow, actor, meeting)
    require(uow, actor, GUESTS, body=found.body)
    return found


def _held(uow: UnitOfWork, actor: Actor, guest: int) -> tuple[Meeting, Row[tuple[object, ...]]]:
    row = uow.execute(_ONE, guest=guest).one_or_none()
    if row is None:
        raise NotFound(NOT_HERE)
    return facts.steer(uow, actor, row.meeting_id, GUESTS), row


def _still_ahead(uow: UnitOfWork, meeting: Meeting) -> None:
    if meeting.status not in ("proposed", "planned", "convened") or meeting.starts_at <= uow.now:
        raise Refused(_OVER)


def _read(row: Row[tuple[object, ...]], told: Told | None) -> Guest:
    return Guest(row.id, row.name, row.function, row.email, row.language, row.answer, told)
