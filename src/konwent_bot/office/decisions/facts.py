"""A proposal as it stands, and the institutions that decide on it: what every act and every screen of decisions begins with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, and_, bindparam, select

from konwent_bot.domain.meetings.quorum import Presence, Roll, present_at
from konwent_bot.domain.meetings.representation import Place, call_order
from konwent_bot.domain.meetings.words import MeetingKind
from konwent_bot.errors import NotFound
from konwent_bot.office.meetings import facts as meetings
from konwent_bot.office.meetings.facts import NOT_HERE, Meeting, Member
from konwent_bot.office.rights import Actor, offices, require
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import ATTENDANCE, BODY, INSTITUTION, MEETING_ANSWER, MEMBERSHIP, PROPOSAL, PROPOSAL_TEXT

#: Whose people are proper where no meeting says it: heads decide (R2).
BY_CIRCULATION: Final[MeetingKind] = "strategic"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal as it stands, with its present text."""

    id: int
    body: int
    body_name: str
    #: Number of the meeting it is decided at; ``None``: by circulation.
    meeting: int | None
    #: The point of that meeting's agenda it belongs to.
    item: int | None
    #: ``matter`` or ``rule``.
    kind: str
    #: One of ``store.tables.decisions.PROPOSAL_STATES``.
    state: str
    version: int
    title: str
    text: str
    #: Why the text was last amended; empty for the first one.
    reason: str
    #: The rule it asks for, as JSON; empty for a matter.
    rule: str
    #: By circulation: until when institutions may answer.
    answer_until: datetime | None
    #: The decision it would take the place of.
    supersedes: int | None
    #: The institution that proposes, with its name; none where a post does.
    membership: int | None
    proposer: str
    person: int | None
    created_at: datetime
    discussed_at: datetime | None

    @property
    def subject(self) -> str:
        """What notices name it by."""
        return f"proposal:{self.id}"


def get(uow: UnitOfWork, proposal: int, *, lock: bool = False) -> Proposal:
    """Give a proposal. Asks no rights: the act that calls does. Raises ``NotFound`` where there is none.

    ``lock``: nobody else changes it, or opens anything on it, before this unit of work ends.
    """
    if lock:
        uow.execute(_LOCK, proposal=proposal)
    row = uow.execute(_ONE, proposal=proposal).one_or_none()
    if row is None:
        raise NotFound(NOT_HERE)
    return read(row)


def steer(uow: UnitOfWork, actor: Actor, proposal: int, act: str) -> Proposal:
    """Give a proposal, locked, to somebody who may do ``act`` in its body (``rights.RIGHTS``).

    Raises:
        NotFound: there is no such proposal for this actor.
    """
    found = get(uow, proposal, lock=True)
    require(uow, actor, act, body=found.body)
    return found


def see(uow: UnitOfWork, actor: Actor, proposal: int) -> Proposal:
    """Give a proposal to somebody who may see it: a member of its body, or a substitute for its meeting.

    Raises:
        NotFound: there is no such proposal for this actor.
    """
    found = get(uow, proposal)
    if offices(uow, actor, found.body) & {"operator", "coordinator"}:
        return found
    if found.meeting is not None:
        meetings.see(uow, actor, found.meeting)
        return found
    require_member(uow, actor, found.body)
    return found


def require_member(uow: UnitOfWork, actor: Actor, body: int) -> None:
    """Refuse unless the actor holds a post or a place for good in a body.

    Raises:
        NotFound: they do not; worded like a thing that does not exist.
    """
    if offices(uow, actor, body):
        return
    if actor.person is None or uow.execute(meetings.BELONGS, person=actor.person, body=body, meeting=0).first() is None:
        raise NotFound(NOT_HERE)


def meeting_of(uow: UnitOfWork, proposal: Proposal) -> Meeting | None:
    """Give the meeting a proposal is decided at; ``None``: by circulation."""
    return None if proposal.meeting is None else meetings.get(uow, proposal.meeting)


def entitled(uow: UnitOfWork, proposal: Proposal) -> tuple[Member, ...]:
    """Give the institutions that may decide on it, in alphabetical order: those of its meeting, or of the whole body."""
    meeting = meeting_of(uow, proposal)
    return meetings.members_of_body(uow, proposal.body) if meeting is None else meetings.members(uow, meeting)


def present(uow: UnitOfWork, proposal: Proposal, members: tuple[Member, ...], at: datetime | None = None) -> frozenset[int]:
    """Give which of the entitled institutions are there at an instant (now, if not given); by circulation all of them."""
    everybody = frozenset(one.membership for one in members)
    if proposal.meeting is None:
        return everybody
    rows = uow.execute(_PRESENCES, meeting=proposal.meeting)
    there = [Presence(row.membership_id, row.arrived_at, row.left_at) for row in rows]
    return present_at(Roll(everybody), there, at or uow.now)


def rank(uow: UnitOfWork, actor: Actor, proposal: Proposal, membership: int) -> int:
    """Give how near an actor is to being the proper person of an institution here: 0 is the proper one (or who comes instead).

    The proper person's word prevails over the second's. Rights follow the roster of this moment.

    Raises:
        NotFound: they do not speak for it, or it has nothing to do with this proposal.
    """
    member = next((one for one in entitled(uow, proposal) if one.membership == membership), None)
    if member is None or actor.person is None or not member.holds(actor.person):
        raise NotFound(NOT_HERE)
    order = [place.id for place in orders(uow, proposal, (member,))[membership]]
    mine = [seat for seat, (person, _) in member.holders.items() if person == actor.person]
    return min(order.index(seat) if seat in order else len(order) for seat in mine)


def orders(uow: UnitOfWork, proposal: Proposal, members: tuple[Member, ...]) -> Mapping[int, tuple[Place, ...]]:
    """Give, by institution, its places that can be told, nearest first: the proper one (or who comes instead), then the second..."""
    meeting = meeting_of(uow, proposal)
    if meeting is None:
        return {one.membership: call_order(BY_CIRCULATION, one.places) for one in members}
    composition = meetings.composition(uow, meeting)
    named = {row.membership_id: row.seat_id for row in uow.execute(_NAMED, meeting=meeting.id)}
    return {
        one.membership: call_order(meeting.kind, one.places, composition=composition, named=named.get(one.membership))
        for one in members
    }


def own(uow: UnitOfWork, person: int, proposal: Proposal) -> tuple[Member, ...]:
    """Give the institutions a person speaks for here, in alphabetical order."""
    return tuple(one for one in entitled(uow, proposal) if one.holds(person))


def read(row: Row[Any]) -> Proposal:
    """Read a row of ``PROPOSALS``."""
    return Proposal(
        id=row.id, body=row.body_id, body_name=row.body_name, meeting=row.meeting_id, item=row.item_id, kind=row.kind,
        state=row.state, version=row.version, title=row.title, text=row.text, reason=row.reason, rule=row.rule,
        answer_until=row.answer_until, supersedes=row.supersedes_id, membership=row.membership_id, proposer=row.proposer or "",
        person=row.person_id, created_at=row.created_at, discussed_at=row.discussed_at,
    )  # fmt: skip


# --- inside -----------------------------------------------------------------------------------------------------------

#: Proposals with their present text, and the names of their body and of who proposes; rows for ``read``.
PROPOSALS: Final = (
    select(
        PROPOSAL, BODY.c.name.label("body_name"), PROPOSAL_TEXT.c.title, PROPOSAL_TEXT.c.body.label("text"),
        PROPOSAL_TEXT.c.reason, INSTITUTION.c.short_name.label("proposer"),
    )
    .select_from(
        PROPOSAL.join(BODY, BODY.c.id == PROPOSAL.c.body_id)
        .join(
            PROPOSAL_TEXT,
            and_(PROPOSAL_TEXT.c.proposal_id == PROPOSAL.c.id, PROPOSAL_TEXT.c.version == PROPOSAL.c.version),
        )
        .outerjoin(MEMBERSHIP, MEMBERSHIP.c.id == PROPOSAL.c.membership_id)
        .outerjoin(INSTITUTION, INSTITUTION.c.id == MEMBERSHIP.c.institution_id)
    )
)  # fmt: skip
_ONE = PROPOSALS.where(PROPOSAL.c.id == bindparam("proposal"))
# By itself: PostgreSQL would read a row it waited for anew, but not the new text another unit of work has given it, and find neither.
_LOCK = select(PROPOSAL.c.id).where(PROPOSAL.c.id == bindparam("proposal")).with_for_update()
_PRESENCES = select(ATTENDANCE.c.membership_id, ATTENDANCE.c.arrived_at, ATTENDANCE.c.left_at).where(
    ATTENDANCE.c.meeting_id == bindparam("meeting")
)
_NAMED = select(MEETING_ANSWER.c.membership_id, MEETING_ANSWER.c.seat_id).where(
    MEETING_ANSWER.c.meeting_id == bindparam("meeting"), MEETING_ANSWER.c.seat_id.is_not(None)
)
