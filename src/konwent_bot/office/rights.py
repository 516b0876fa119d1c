"""Who may do what: one table. Every act asks ``require``; every screen asks ``see`` (both look in the store, each time).

Rights follow what stands in the store at this moment: a seat handed over, a membership ended or a post given away changes them
at once. What a person may not do or see is answered like what does not exist (``NotFound``), so nothing can be probed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import bindparam, literal, select, union_all

from konwent_bot.errors import N_, NotFound
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import MEMBERSHIP, POST, SEAT


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person, or (``person is None``) the operator of the installation at the command line."""

    person: int | None = None


#: The operator: whoever may run the program on its machine.
OPERATOR = Actor()

#: Act or screen -> offices that may. ``operator``: the command line. ``representative``: holds a seat of the institution in question.
#: ``self``: the person it is about. ``member``: holds any seat or post in the body. The other words are kinds of posts in the body.
RIGHTS: Mapping[str, frozenset[str]] = {
    "body.create": frozenset({"operator"}),
    "desk.see": frozenset({"operator", "coordinator"}),
    "roster.import": frozenset({"operator", "coordinator"}),
    "seat.hand_over": frozenset({"operator", "coordinator"}),
    "seat.vacate": frozenset({"operator", "coordinator"}),
    "post.give": frozenset({"operator", "coordinator"}),
    "invitation.issue": frozenset({"operator", "coordinator"}),
    "round.open": frozenset({"operator", "coordinator"}),
    "round.coverage": frozenset({"operator", "coordinator"}),
    "card.fill_in": frozenset({"representative"}),
    "meeting.rules": frozenset({"operator", "coordinator"}),
    "meeting.plan": frozenset({"operator", "coordinator"}),
    "meeting.convene": frozenset({"operator", "coordinator"}),
    "meeting.change": frozenset({"operator", "coordinator"}),
    "meeting.cancel": frozenset({"operator", "coordinator"}),
    "meeting.close": frozenset({"operator", "coordinator"}),
    "meeting.who": frozenset({"operator", "coordinator", "chair", "vice_chair"}),
    "meeting.answer_for": frozenset({"operator", "coordinator"}),
    "meeting.remind": frozenset({"operator", "coordinator"}),
    "meeting.ledger": frozenset({"operator", "coordinator"}),
    "meeting.guests": frozenset({"operator", "coordinator"}),
    "meeting.materials": frozenset({"operator", "coordinator"}),
    "agenda.order": frozenset({"operator", "coordinator", "chair"}),
    "attendance.tick": frozenset({"operator", "coordinator", "chair", "minute_taker"}),
    "status.report": frozenset({"case_manager", "coordinator"}),
    "working_group.set_up": frozenset({"operator", "coordinator"}),
    "chat_group.link": frozenset({"coordinator"}),
    "poll.open": frozenset({"operator", "coordinator"}),
    # Every member as well, for its institution, where the body has not chosen otherwise (``office.decisions.settings``).
    "proposal.enter": frozenset({"operator", "coordinator", "chair"}),
    "proposal.lead": frozenset({"operator", "coordinator", "chair"}),
    "decision.settings": frozenset({"operator", "coordinator"}),
    "ballot.open": frozenset({"operator", "coordinator", "chair"}),
    "ballot.close": frozenset({"operator", "coordinator", "chair"}),
    "ballot.by_hand": frozenset({"operator", "coordinator", "chair"}),
    # Whoever chairs (G8: the coordinator, unless the meeting says otherwise) says it themselves.
    "ballot.casting": frozenset({"coordinator", "chair"}),
    "decision.task": frozenset({"operator", "coordinator", "chair"}),
    "minutes.task": frozenset({"operator", "coordinator", "chair", "minute_taker"}),
    "minutes.write": frozenset({"operator", "coordinator", "minute_taker"}),
    "minutes.circulate": frozenset({"operator", "coordinator"}),
    "minutes.answer": frozenset({"representative"}),
    "minutes.annex": frozenset({"operator", "coordinator"}),
    "minutes.settings": frozenset({"operator", "coordinator"}),
    "person.erase": frozenset({"operator", "self"}),
    "body.retention": frozenset({"operator"}),
}

_OFFICES = union_all(
    select(literal("representative").label("office"))
    .select_from(SEAT.join(MEMBERSHIP))
    .where(
        SEAT.c.person_id == bindparam("person"),
        SEAT.c.membership_id == bindparam("membership"),
        MEMBERSHIP.c.body_id == bindparam("body"),
        MEMBERSHIP.c.left_on.is_(None),
        SEAT.c.meeting_id.is_(None),
    ),
    select(POST.c.kind.label("office")).where(POST.c.person_id == bindparam("person"), POST.c.body_id == bindparam("body")),
)


def offices(uow: UnitOfWork, actor: Actor, body: int, membership: int | None = None) -> frozenset[str]:
    """Give the offices the actor holds now in a body (and, with ``membership``, for that institution)."""
    if actor.person is None:
        return frozenset({"operator"})
    found = uow.execute(_OFFICES, person=actor.person, body=body, membership=membership or 0)
    return frozenset(found.scalars())


def require(uow: UnitOfWork, actor: Actor, act: str, *, body: int, membership: int | None = None) -> None:
    """Refuse unless the actor holds an office that may do ``act`` here.

    Raises:
        NotFound: it may not; worded like a thing that does not exist.
    """
    if not RIGHTS[act] & offices(uow, actor, body, membership):
        raise NotFound(N_("There is no such matter here, or it is not open to you."))


def require_self(actor: Actor, act: str, person: int) -> None:
    """Refuse unless the actor is the person the act is about, or holds an office that may do it to anybody.

    Raises:
        NotFound: it may not; worded like a thing that does not exist.
    """
    offices = {"operator"} if actor.person is None else {"self"} if actor.person == person else set()
    if not RIGHTS[act] & offices:
        raise NotFound(N_("There is no such matter here, or it is not open to you."))
