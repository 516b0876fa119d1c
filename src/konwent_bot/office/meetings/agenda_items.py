"""What people do with the items of an agenda: propose, accept, decline, order, and note what became of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from pydantic import BaseModel
from sqlalchemy import Row, bindparam, delete, func, insert, select, update

from konwent_bot.domain import personal_data
from konwent_bot.domain.meetings import agenda as rules
from konwent_bot.domain.meetings.agenda import MATTERS
from konwent_bot.domain.meetings.representation import call_order
from konwent_bot.errors import N_, Invalid, NotFound, Refused
from konwent_bot.office import notices
from konwent_bot.office.meetings import agenda, facts
from konwent_bot.office.meetings.agenda import Item
from konwent_bot.office.meetings.facts import NOT_HERE, Meeting
from konwent_bot.office.occasion import Due, Message, Occasion, Reader
from konwent_bot.office.rights import Actor, require
from konwent_bot.office.subjects import Outcome, Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.columns import UtcInstant
from konwent_bot.store.tables import AGENDA_ITEM, PROPOSAL, SEAT
from konwent_bot.store.tables.decisions import PENDING

DECLINED: Final = "agenda.declined"
#: Proposals of one institution that may wait for one meeting, and items an agenda may have: nobody gets through more in a day.
MOST_WAITING: Final = 5
MOST_ITEMS: Final = 40
#: Characters of a reason.
MOST_REASON: Final = 500
#: What can be left open or done; the other standing items are over with the meeting.
NOTED: Final = frozenset({*MATTERS, "card_conclusions"})

_HISTORY = N_("This meeting is over or called off. Its agenda stays as it is.")
_LATE = N_("Items for this meeting can no longer be proposed. Please tell the coordinator of the network.")


class Proposal(BaseModel):
    """What the conversation about an item asks."""

    title: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Declined(Message):
    """A proposal was declined, told to the institution it came from."""

    meeting: int
    body: str
    kind: str
    group: str
    day: date
    title: str
    reason: str


def takes_proposals(uow: UnitOfWork, meeting: Meeting) -> bool:
    """Tell whether members may propose items for a meeting now."""
    until = meeting.agenda_until or meeting.starts_at
    return meeting.status in ("planned", "convened") and uow.now < min(until, meeting.starts_at)


def find(uow: UnitOfWork, actor: Actor, item: int) -> tuple[Meeting, Item]:
    """Give an item and its meeting to somebody who may see both: an accepted item to whoever sees the meeting, any to who orders.

    Raises:
        NotFound: there is no such item for this actor.
    """
    row = uow.execute(_ONE, item=item).one_or_none()
    if row is None:
        raise NotFound(NOT_HERE)
    meeting = facts.see(uow, actor, row.meeting_id)
    found = next(one for one in agenda.of(uow, meeting) if one.id == item)
    if found.state != "accepted" and not _proposed_by(uow, actor, meeting, found):
        require(uow, actor, "agenda.order", body=meeting.body)
    return meeting, found


def find_to_order(uow: UnitOfWork, actor: Actor, item: int) -> tuple[Meeting, Item]:
    """Give an item to somebody who orders the agenda. Raises ``NotFound`` for everybody else."""
    meeting, found = find(uow, actor, item)
    require(uow, actor, "agenda.order", body=meeting.body)
    return meeting, found


def accept(uow: UnitOfWork, actor: Actor, item: int) -> Meeting:
    """Put a proposal, or what was taken off, on the agenda: before the free motions.

    Raises:
        NotFound: there is no such item for this actor.
        Refused: the meeting is over, or the agenda is full.
    """
    meeting, found = _held(uow, actor, item)
    if found.state != "accepted":
        _has_room(uow, meeting)
        uow.execute(_SET, item=item, new_state="accepted", new_reason="", new_position=0)
        agenda.place(uow, meeting)
        notices.withdraw(uow, f"agenda_item:{item}", occasions=(DECLINED,))
        uow.audit("agenda.accept", body=meeting.body, person=actor.person, item=item)
    return meeting


def decline(uow: UnitOfWork, actor: Actor, item: int, reason: str = "") -> Meeting:
    """Decline a proposal, or take an item off. The institution it came from is told, with the reason; nothing is lost.

    Raises:
        NotFound: there is no such item for this actor.
        Refused: the meeting is over, or the rules do not let this item go.
        Invalid: an institution proposed it and no reason is given; the reason is too long or holds personal data.
    """
    meeting, found = _held(uow, actor, item)
    reason = reason.strip()
    if found.state == "declined":
        return meeting
    if found.kind not in MATTERS:
        items = [rules.Item(one.kind, one.id) for one in agenda.standing(uow, meeting)]
        rules.removed(meeting.kind, items, [one.subject for one in items].index(item))
    if found.membership is not None and not reason:
        raise Invalid(N_("Please write why. The institution that proposed this is told."))
    if len(reason) > MOST_REASON:
        raise Invalid(N_("The text may have at most {most} characters."), most=MOST_REASON)
    personal_data.admit(reason, "strict")
    uow.execute(_SET, item=item, new_state="declined", new_reason=reason, new_position=0)
    agenda.place(uow, meeting)
    uow.audit("agenda.decline", body=meeting.body, person=actor.person, item=item)
    if found.membership is not None and (recipient := _to_be_told(uow, meeting, found)):
        notices.announce(uow, recipient=recipient, occasion=DECLINED, subject=f"agenda_item:{item}", body=meeting.body)
    return meeting


def move(uow: UnitOfWork, actor: Actor, item: int, seen: int, step: Literal[1, -1]) -> bool:
    """Move an item one place down (1) or up (-1). ``seen``: the place it had, from 1, on the screen that was pressed.

    If it has another place by now nothing is moved, so that two presses move once and two coordinators undo nothing of each other's;
    tells whether it was moved.

    Raises:
        NotFound: there is no such item for this actor.
        Refused: the meeting is over, or the opening would not be the first.
    """
    meeting, _ = _held(uow, actor, item)
    items = agenda.standing(uow, meeting)
    places = {one.id: place for place, one in enumerate(items, start=1)}
    if places.get(item) != seen or not 1 <= seen + step <= len(items):
        return False
    moved = rules.moved([rules.Item(one.kind, one.id) for one in items], seen - 1, seen - 1 + step)
    agenda.number_anew(uow, [one.subject or 0 for one in moved], places)
    uow.audit("agenda.move", body=meeting.body, person=actor.person, item=item)
    return True


def note(uow: UnitOfWork, actor: Actor, item: int, outcome: Literal["done", "open"]) -> Meeting:
    """Note what became of an item. What is open goes on the agenda of the nearest meeting of the kind that is called.

    Raises:
        NotFound: there is no such item for this actor.
        Refused: the meeting has not begun, the item is none that can stay open, or a later meeting has dealt with it.
    """
    row = uow.execute(_ONE, item=item).one_or_none()
    if row is None:
        raise NotFound(NOT_HERE)
    meeting = facts.steer(uow, actor, row.meeting_id, "agenda.order")
    following = agenda.next_of(uow, meeting)  # locked before the item is, as ``settle`` does it
    row = uow.execute(_ONE, item=item).one()
    if meeting.status not in ("convened", "held") or meeting.starts_at > uow.now:
        raise Refused(N_("What became of an item is noted once the meeting has begun."))
    if row.state != "accepted" or row.kind not in NOTED:
        raise Refused(N_("This item ends with the meeting. Only matters can be left open."))
    if row.outcome == outcome or (row.outcome == "carried" and outcome == "open"):
        return meeting
    if row.outcome == "carried":
        _take_back(uow, meeting, item)
    uow.execute(_NOTE, item=item, new_outcome=outcome)
    uow.audit("agenda.note", body=meeting.body, person=actor.person, item=item)
    if following is not None:
        agenda.settle(uow, following)
    return meeting


# --- a conversation ---------------------------------------------------------------------------------------------------


def may_propose(uow: UnitOfWork, actor: Actor, subject: Subject) -> None:
    """Refuse unless the actor may enter an item: a member for its institution, or (without one) whoever orders the agenda."""
    meeting = facts.see(uow, actor, subject.meeting or 0)
    if subject.membership is None:
        require(uow, actor, "agenda.order", body=meeting.body)
        if meeting.status not in agenda.OPEN:
            raise Refused(_HISTORY)
        return
    facts.speaks_for(uow, actor, meeting, subject.membership)
    if subject.membership not in {one.membership for one in facts.members(uow, meeting)}:
        raise NotFound(NOT_HERE)
    if not takes_proposals(uow, meeting):
        raise Refused(_LATE)


def propose(uow: UnitOfWork, actor: Actor, subject: Subject, said: Proposal) -> Outcome:
    """Enter an item: a member's waits for the coordinator, the coordinator's own is on the agenda at once."""
    meeting = facts.get(uow, subject.meeting or 0, lock=True)
    own = subject.membership is None
    if own:
        agenda.settle(uow, meeting)
        _has_room(uow, meeting)
    else:
        waiting = uow.execute(_WAITING, meeting=meeting.id, membership=subject.membership).scalar_one()
        if waiting >= MOST_WAITING:
            raise Refused(N_("{n} proposals of this institution are waiting for an answer already."), n=waiting)
    made = _enter(uow, actor, meeting, subject.membership, " ".join(said.title.split()), said.detail, waits=not own)
    if own:
        agenda.place(uow, meeting)
    uow.audit("agenda.propose", body=meeting.body, person=actor.person, item=made)
    return Outcome(meeting.body, meeting=meeting.id, made=made)


def enter_matter(uow: UnitOfWork, actor: Actor, meeting: Meeting, membership: int | None, title: str) -> int:
    """Put a matter on an agenda because something is to be decided there; give the item. Asks no rights; the caller holds the meeting.

    Raises:
        Refused: the agenda is full.
    """
    agenda.settle(uow, meeting)
    _has_room(uow, meeting)
    made = _enter(uow, actor, meeting, membership, title, "", waits=False)
    agenda.place(uow, meeting)
    uow.audit("agenda.propose", body=meeting.body, person=actor.person, item=made)
    return made


# --- a notice ---------------------------------------------------------------------------------------------------------


def _declined(uow: UnitOfWork, due: Due, _reader: Reader) -> Message | str | None:
    row = uow.execute(_ONE, item=due.about).one_or_none()
    if row is None or row.state != "declined":
        return None
    meeting = facts.get(uow, row.meeting_id)
    return Declined(meeting.id, meeting.body_name, meeting.kind, meeting.group_name, meeting.day, row.title, row.reason)


OCCASIONS: Final = (Occasion(DECLINED, _declined, digestible=True),)


# --- inside -----------------------------------------------------------------------------------------------------------

_I: Final = AGENDA_ITEM.c
_ONE = select(AGENDA_ITEM).where(_I.id == bindparam("item"))
_SET = (
    update(AGENDA_ITEM)
    .where(_I.id == bindparam("item"))
    .values({name: bindparam(f"new_{name}") for name in ("state", "reason", "position")})
)
_NOTE = update(AGENDA_ITEM).where(_I.id == bindparam("item")).values(outcome=bindparam("new_outcome"))
_WAITING = select(func.count()).where(
    _I.meeting_id == bindparam("meeting"), _I.membership_id == bindparam("membership"), _I.state == "proposed"
)
_PROPOSE = (
    insert(AGENDA_ITEM)
    .values(
        meeting_id=bindparam("meeting"), position=0, kind="own", title=bindparam("title"), detail=bindparam("detail"),
        state=bindparam("state"), reason="", outcome="", membership_id=bindparam("membership"), person_id=bindparam("person"),
        created_at=bindparam("now", type_=UtcInstant),
    )
    .returning(_I.id)
)  # fmt: skip
_COPY = select(AGENDA_ITEM).where(_I.from_id == bindparam("item"))
_DROP = delete(AGENDA_ITEM).where(_I.id == bindparam("item"))
_PROPOSALS = select(PROPOSAL.c.state).where(PROPOSAL.c.item_id == bindparam("item")).with_for_update()
_PROPOSALS_BACK = (
    update(PROPOSAL)
    .where(PROPOSAL.c.item_id == bindparam("item"))
    .values(item_id=bindparam("source"), meeting_id=bindparam("source_meeting"))
)
_SEATS_OF = (
    select(SEAT.c.id)
    .where(SEAT.c.membership_id == bindparam("membership"), SEAT.c.person_id == bindparam("person"), SEAT.c.meeting_id.is_(None))
    .order_by(SEAT.c.id)
)


def _held(uow: UnitOfWork, actor: Actor, item: int) -> tuple[Meeting, Item]:
    """Give an item of an agenda that can still be changed, its meeting locked, to somebody who orders it."""
    row = uow.execute(_ONE, item=item).one_or_none()
    if row is None:
        raise NotFound(NOT_HERE)
    meeting = facts.steer(uow, actor, row.meeting_id, "agenda.order")
    if meeting.status not in agenda.OPEN:
        raise Refused(_HISTORY)
    agenda.settle(uow, meeting)
    found = next((one for one in agenda.of(uow, meeting) if one.id == item), None)
    if found is None:  # taken back at this very moment
        raise NotFound(NOT_HERE)
    return meeting, found


def _proposed_by(uow: UnitOfWork, actor: Actor, meeting: Meeting, item: Item) -> bool:
    return item.membership is not None and actor.person is not None and item.membership in facts.own(uow, actor.person, meeting)


def _has_room(uow: UnitOfWork, meeting: Meeting) -> None:
    if len(agenda.standing(uow, meeting)) >= MOST_ITEMS:
        raise Refused(N_("The agenda has {n} items already. Nobody gets through more in one meeting."), n=MOST_ITEMS)


def _enter(
    uow: UnitOfWork, actor: Actor, meeting: Meeting, membership: int | None, title: str, detail: str, *, waits: bool
) -> int:
    return int(
        uow.execute(
            _PROPOSE, meeting=meeting.id, title=title, detail=detail, state="proposed" if waits else "accepted", membership=membership,
            person=actor.person, now=uow.now,
        ).scalar_one()
    )  # fmt: skip


def _take_back(uow: UnitOfWork, meeting: Meeting, item: int) -> None:
    """Take a matter that was carried over off the later agenda, unless that meeting has dealt with it; its proposals come back."""
    copy: Row[Any] | None = uow.execute(_COPY, item=item).one_or_none()
    if copy is None:
        return
    later = facts.get(uow, copy.meeting_id, lock=True)
    states = set(uow.execute(_PROPOSALS, item=copy.id).scalars())
    if copy.outcome or later.status not in agenda.OPEN or not states <= set(PENDING):
        raise Refused(N_("This matter was carried over to a later meeting. Note there what became of it."))
    uow.execute(_PROPOSALS_BACK, item=copy.id, source=item, source_meeting=meeting.id)
    uow.execute(_DROP, item=copy.id)
    agenda.place(uow, later)


def _to_be_told(uow: UnitOfWork, meeting: Meeting, item: Item) -> str:
    """Name whom an institution's answer goes to: whoever proposed, or else its nearest person who can be reached."""
    seat = uow.execute(_SEATS_OF, membership=item.membership, person=item.person).scalars().first()
    if seat is None:
        member = next((one for one in facts.members(uow, meeting) if one.membership == item.membership), None)
        nearest = () if member is None else call_order(meeting.kind, member.places, composition=facts.composition(uow, meeting))
        seat = nearest[0].id if nearest else None
    return "" if seat is None else f"seat:{seat}"
