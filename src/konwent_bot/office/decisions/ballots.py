"""A ballot as it stands, and the institutions that may vote in it: what every act and every screen of ballots begins with.

Nothing of its result is known before it is closed, by nobody: ``Ballot.result`` is read from what the closing froze.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias

from sqlalchemy import Row, bindparam, exists, or_, select

from konwent_bot.domain.decisions import rule as rules
from konwent_bot.domain.decisions.rule import DecisionRule
from konwent_bot.domain.decisions.tally import Assembly, Result
from konwent_bot.errors import NotFound
from konwent_bot.office.decisions import facts, results
from konwent_bot.office.decisions.facts import Proposal
from konwent_bot.office.meetings.facts import NOT_HERE
from konwent_bot.office.rights import Actor
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.columns import UtcInstant
from konwent_bot.store.tables import BALLOT, BALLOT_PLACE, INSTITUTION, MEMBERSHIP, PROPOSAL, PROPOSAL_TEXT, SEAT, TURNOUT, VOTE

#: How a ballot is held; ``by_hand``: hands were shown and noted.
Method: TypeAlias = Literal["open", "secret", "by_hand"]
#: ``share``: it stays open until this unit of work ends, whoever else votes. ``update``: nobody else votes or closes it before.
Lock: TypeAlias = Literal["", "share", "update"]


@dataclass(frozen=True, slots=True)
class Place:
    """An institution on the roll of a ballot."""

    membership: int
    name: str


@dataclass(frozen=True, slots=True)
class Ballot:
    """A ballot as it stands."""

    id: int
    #: With the text that is voted on, whatever became of the proposal since.
    proposal: Proposal
    #: The round of consensus that ended with an objection.
    round: int
    method: Method
    #: The rule of the moment it was opened at.
    rule: DecisionRule
    #: Institutions entitled and, of them, on the roll.
    entitled: int
    present: int
    #: Of them, still there when it closed (by circulation: who voted); ``None`` while it is open.
    present_at_close: int | None
    opened_at: datetime
    closes_at: datetime
    closed_at: datetime | None
    #: It was closed before its time, because nothing could change the verdict any more.
    early: bool
    #: What the chair said for the case of a tie; empty: nothing.
    chair_choice: Literal["", "for", "against"]
    #: Empty while it is open.
    verdict: Literal["", "passed", "failed", "void"]
    #: ``None`` while it is open.
    result: Result | None
    person: int | None

    @property
    def open(self) -> bool:
        """Whether it has not been closed; its time may be over all the same."""
        return self.closed_at is None

    @property
    def secret(self) -> bool:
        """Whether nobody may learn who voted what."""
        return self.method == "secret"

    @property
    def by_circulation(self) -> bool:
        """Whether it is held outside a meeting."""
        return self.proposal.meeting is None

    @property
    def subject(self) -> str:
        """What notices name it by."""
        return f"ballot:{self.id}"

    def takes_votes(self, now: datetime) -> bool:
        """Tell whether one may vote at an instant."""
        return self.open and now < self.closes_at


def get(uow: UnitOfWork, ballot: int, *, lock: Lock = "") -> Ballot:
    """Give a ballot. Asks no rights: the act that calls does. Raises ``NotFound`` where there is none."""
    row = uow.execute(_GET[lock], ballot=ballot).one_or_none()
    if row is None:
        raise NotFound(NOT_HERE)
    return _read(uow, row)


def see(uow: UnitOfWork, actor: Actor, ballot: int) -> Ballot:
    """Give a ballot to somebody who may see its proposal.

    Raises:
        NotFound: there is no such ballot for this actor.
    """
    found = get(uow, ballot)
    facts.see(uow, actor, found.proposal.id)
    return found


def of(uow: UnitOfWork, proposal: int) -> tuple[Ballot, ...]:
    """Give the ballots on a proposal, in order of time. Asks no rights."""
    return tuple(_read(uow, row) for row in uow.execute(_OF_PROPOSAL, proposal=proposal).all())


def current(uow: UnitOfWork, proposal: int) -> Ballot | None:
    """Give the newest ballot on a proposal, open or closed. Asks no rights."""
    return next(reversed(of(uow, proposal)), None)


def roll(uow: UnitOfWork, ballot: Ballot) -> tuple[Place, ...]:
    """Give the institutions that may vote, in alphabetical order, as the roll froze them. Asks no rights."""
    return tuple(Place(row.membership_id, row.short_name) for row in uow.execute(_ROLL, ballot=ballot.id))


def own(uow: UnitOfWork, person: int, ballot: Ballot) -> tuple[Place, ...]:
    """Give the institutions of the roll a person speaks for at this moment."""
    mine = {one.membership for one in facts.own(uow, person, ballot.proposal)}
    return tuple(place for place in roll(uow, ballot) if place.membership in mine)


def waiting(uow: UnitOfWork, person: int) -> list[tuple[Ballot, Place]]:
    """Give the ballots that take votes now, with each institution the person speaks for that has not voted, the nearest deadline first."""
    rows = uow.execute(_WAITING, person=person, now=uow.now).all()
    return [(get(uow, row.id), Place(row.membership_id, row.short_name)) for row in rows]


# --- inside -----------------------------------------------------------------------------------------------------------


def _read(uow: UnitOfWork, row: Row[Any]) -> Ballot:
    proposal = facts.get(uow, row.proposal_id)
    if proposal.version != row.version:
        proposal = replace(proposal, version=row.version, title=row.title, text=row.text, reason=row.reason)
    rule = rules.read(json.loads(row.rule))
    circulates = proposal.meeting is None
    result = None
    if row.closed_at is not None:
        result = results.read(row.result, rule, Assembly(row.entitled, row.present, row.present_at_close, circulates))
    return Ballot(
        id=row.id, proposal=proposal, round=row.round_id, method=row.method, rule=rule, entitled=row.entitled, present=row.present,
        present_at_close=row.present_at_close, opened_at=row.opened_at, closes_at=row.closes_at, closed_at=row.closed_at,
        early=row.early, chair_choice=row.chair_choice, verdict=row.verdict, result=result, person=row.person_id,
    )  # fmt: skip


_B = BALLOT.c
_BALLOTS: Final = select(BALLOT, PROPOSAL_TEXT.c.title, PROPOSAL_TEXT.c.body.label("text"), PROPOSAL_TEXT.c.reason).join_from(
    BALLOT, PROPOSAL_TEXT, (PROPOSAL_TEXT.c.proposal_id == _B.proposal_id) & (PROPOSAL_TEXT.c.version == _B.version)
)
_ONE = _BALLOTS.where(_B.id == bindparam("ballot"))
_GET: Final = {
    "": _ONE,
    "share": _ONE.with_for_update(read=True, of=BALLOT),
    "update": _ONE.with_for_update(of=BALLOT),
}
_OF_PROPOSAL = _BALLOTS.where(_B.proposal_id == bindparam("proposal")).order_by(_B.id)
_NAMED = BALLOT_PLACE.join(MEMBERSHIP, MEMBERSHIP.c.id == BALLOT_PLACE.c.membership_id).join(
    INSTITUTION, INSTITUTION.c.id == MEMBERSHIP.c.institution_id
)
_ROLL = (
    select(BALLOT_PLACE.c.membership_id, INSTITUTION.c.short_name)
    .select_from(_NAMED)
    .where(BALLOT_PLACE.c.ballot_id == bindparam("ballot"))
    .order_by(INSTITUTION.c.short_name, BALLOT_PLACE.c.membership_id)
)


def _silent(table: Any) -> Any:
    return ~exists().where(table.c.ballot_id == _B.id, table.c.membership_id == BALLOT_PLACE.c.membership_id)


_WAITING = (
    select(_B.id, _B.closes_at, BALLOT_PLACE.c.membership_id, INSTITUTION.c.short_name)
    .select_from(
        _NAMED.join(BALLOT, _B.id == BALLOT_PLACE.c.ballot_id)
        .join(PROPOSAL, PROPOSAL.c.id == _B.proposal_id)
        .join(SEAT, SEAT.c.membership_id == MEMBERSHIP.c.id)
    )
    .where(
        _B.closed_at.is_(None), _B.closes_at > bindparam("now", type_=UtcInstant), MEMBERSHIP.c.left_on.is_(None),
        SEAT.c.person_id == bindparam("person"), or_(SEAT.c.meeting_id.is_(None), SEAT.c.meeting_id == PROPOSAL.c.meeting_id),
        _silent(VOTE), _silent(TURNOUT),
    )
    .distinct()
    .order_by(_B.closes_at, _B.id, INSTITUTION.c.short_name)
)  # fmt: skip
