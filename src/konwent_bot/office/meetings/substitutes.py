"""Substitutes an institution names itself, for one meeting or for good (domain.md G23)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import bindparam, case, func, insert, select

from konwent_bot.domain.contacts import email_address, person_name
from konwent_bot.errors import N_, Invalid, NotFound, Refused
from konwent_bot.office import notices, seats
from konwent_bot.office.meetings import answers, facts
from konwent_bot.office.meetings.facts import NOT_HERE, Member
from konwent_bot.office.rights import Actor
from konwent_bot.office.subjects import Outcome, Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import MEMBERSHIP, SEAT

#: Substitutes one institution may have for one meeting, those for good included.
MOST: Final = 10


class SubstituteNamed(BaseModel):
    """What the act ``meeting.substitute`` takes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1, max_length=200)
    email: str = Field(min_length=1, max_length=254)
    #: ``once``: for this meeting. ``always``: for good.
    term: Literal["once", "always"]


@dataclass(frozen=True, slots=True)
class Substitute:
    """Somebody who may come instead."""

    seat: int
    name: str


def of(member: Member) -> tuple[Substitute, ...]:
    """Give the substitutes of an institution that could come."""
    return tuple(Substitute(one.id, member.names[one.id]) for one in member.places if one.role == "substitute" and not one.vacant)


def may_name(uow: UnitOfWork, actor: Actor, subject: Subject) -> None:
    """Refuse unless the actor is the institution's head or designated person, and it is still asked about the meeting."""
    answers.may_explain(uow, actor, subject)
    meeting = facts.get(uow, subject.meeting or 0)
    if facts.speaks_for(uow, actor, meeting, subject.membership or 0) == "substitute":
        raise NotFound(NOT_HERE)


def name(uow: UnitOfWork, actor: Actor, subject: Subject, given: SubstituteNamed) -> Outcome:
    """Name a substitute and let them come to the meeting. They get a place, an invitation to it, and the call to the meeting.

    Raises:
        NotFound: the actor does not represent this institution, or is a substitute: they come, and name nobody.
        Invalid: the name or the address is none.
        Refused: nobody is asked about the meeting now, or the institution has too many substitutes.
    """
    may_name(uow, actor, subject)
    membership = subject.membership or 0
    facts.get(uow, subject.meeting or 0, lock=True)  # before the institution, as everybody who answers locks it
    named, address = person_name(given.name), email_address(given.email)
    if not named or not address:
        raise Invalid(N_("A substitute needs a name and an e-mail address, so that they can be told."))
    uow.execute(_LOCK, membership=membership).one()  # two people of one institution name somebody at once
    taken = uow.execute(_TAKEN, membership=membership, meeting=subject.meeting).one()
    if taken.living >= MOST:
        raise Refused(N_("This institution has {most} substitutes already."), most=MOST)
    seat = int(
        uow.execute(
            _SEAT, membership_id=membership, role="substitute", number=(taken.last or 0) + 1, title="", name=named, email=address,
            person_id=seats.newcomer(uow, named, address), meeting_id=subject.meeting if given.term == "once" else None,
        ).scalar_one()
    )  # fmt: skip
    meeting = answers.answer(uow, actor, subject.meeting or 0, membership, "substitute", seat=seat)
    notices.announce(uow, recipient=f"seat:{seat}", occasion="invitation", body=meeting.body)
    uow.audit("meeting.substitute", body=meeting.body, person=actor.person, meeting=meeting.id, seat=seat)
    return Outcome(meeting.body, meeting.id, made=seat)


_LOCK = select(MEMBERSHIP.c.id).where(MEMBERSHIP.c.id == bindparam("membership")).with_for_update()
_FOR_IT = SEAT.c.meeting_id.is_(None) | (SEAT.c.meeting_id == bindparam("meeting", type_=SEAT.c.meeting_id.type))
_TAKEN = select(
    func.max(SEAT.c.number).label("last"), func.count(case((_FOR_IT, SEAT.c.person_id))).label("living")
).where(SEAT.c.membership_id == bindparam("membership"), SEAT.c.role == "substitute")  # fmt: skip
_SEAT = insert(SEAT).returning(SEAT.c.id)
