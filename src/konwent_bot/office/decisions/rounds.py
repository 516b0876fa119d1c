"""A round of consensus as it stands: who is asked, and what each institution says. Acts on it are ``consensus``.

Who is on the roll was frozen when the round opened; what institutions say is open to whoever may see the proposal, with their names and
reasons, and so the conversations about them say before.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias

from sqlalchemy import Row, and_, bindparam, exists, or_, select, update

from konwent_bot.domain.decisions.consensus import RoundResult, Stances, StanceWord, counted
from konwent_bot.domain.decisions.rule import DecisionRule, read
from konwent_bot.errors import NotFound
from konwent_bot.office import notices
from konwent_bot.office.decisions import facts
from konwent_bot.office.decisions.facts import Proposal
from konwent_bot.office.meetings.facts import NOT_HERE
from konwent_bot.office.rights import Actor
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.columns import UtcInstant
from konwent_bot.store.tables import CONSENSUS_ROUND, INSTITUTION, MEMBERSHIP, PROPOSAL, ROUND_PLACE, SEAT, STANCE

#: What a round came to; empty while it is open. ``called_off``: the text was amended, or the proposal withdrawn, meanwhile.
Outcome: TypeAlias = Literal["", "adopted", "objected", "void", "called_off"]


@dataclass(frozen=True, slots=True)
class Place:
    """An institution on the roll, and what it says."""

    membership: int
    name: str
    #: Empty while it has said nothing.
    stance: StanceWord | Literal[""]
    reason: str
    #: What would help, of an objection.
    remedy: str
    #: 0 where its proper person spoke, 1 where the next one did...
    rank: int
    taken_at: datetime | None


@dataclass(frozen=True, slots=True)
class Round:
    """A round of consensus on one text of a proposal."""

    id: int
    proposal: int
    number: int
    #: Number of the text that is asked about.
    version: int
    #: By circulation: who is silent until the deadline agrees.
    tacit: bool
    #: The rule of the moment it was opened at; its quorum counts.
    rule: DecisionRule
    #: Institutions entitled when it opened; those on the roll were asked.
    entitled: int
    opened_at: datetime
    #: When it was asked aloud whether anybody objects.
    called_at: datetime | None
    #: By circulation: when it closes by itself.
    closes_at: datetime | None
    closed_at: datetime | None
    outcome: Outcome
    #: Its numbers; ``None`` while it is open, and of one that was called off.
    result: RoundResult | None
    #: Institutions that said nothing and that no message about it had reached, so that their silence could not be consent.
    unreached: tuple[int, ...]
    #: The roll, in alphabetical order.
    places: tuple[Place, ...]

    @property
    def open(self) -> bool:
        """Whether it has not been closed; its time may be over all the same."""
        return self.closed_at is None

    @property
    def subject(self) -> str:
        """What notices name it by."""
        return f"consensus:{self.id}"

    @property
    def silent(self) -> tuple[Place, ...]:
        """Those that have said nothing."""
        return tuple(one for one in self.places if not one.stance)

    @property
    def objections(self) -> tuple[Place, ...]:
        """Those that object."""
        return tuple(one for one in self.places if one.stance == "object")

    @property
    def stances(self) -> Stances:
        """What is said so far, by kind."""
        return counted([one.stance for one in self.places if one.stance])

    def place(self, membership: int) -> Place:
        """Give an institution of the roll. Raises ``NotFound`` for one that is not on it."""
        found = next((one for one in self.places if one.membership == membership), None)
        if found is None:
            raise NotFound(NOT_HERE)
        return found

    def takes_stances(self, now: datetime) -> bool:
        """Tell whether institutions may say something at an instant."""
        return self.open and (self.closes_at is None or now < self.closes_at)


def get(uow: UnitOfWork, consensus: int, *, lock: bool = False) -> Round:
    """Give a round. Asks no rights: the act that calls does. Raises ``NotFound`` where there is none.

    ``lock``: nobody else takes a stance in it or closes it before this unit of work ends.
    """
    row = uow.execute(_LOCKED if lock else _ONE, consensus=consensus).one_or_none()
    if row is None:
        raise NotFound(NOT_HERE)
    return _read(uow, row)


def see(uow: UnitOfWork, actor: Actor, consensus: int) -> tuple[Proposal, Round]:
    """Give a round and its proposal to somebody who may see the proposal.

    Raises:
        NotFound: there is no such round for this actor.
    """
    found = get(uow, consensus)
    return facts.see(uow, actor, found.proposal), found


def of(uow: UnitOfWork, proposal: int) -> tuple[Round, ...]:
    """Give the rounds on a proposal, in order. Asks no rights."""
    return tuple(_read(uow, row) for row in uow.execute(_OF_PROPOSAL, proposal=proposal).all())


def current(uow: UnitOfWork, proposal: int) -> Round | None:
    """Give the newest round on a proposal, open or closed. Asks no rights."""
    return next(reversed(of(uow, proposal)), None)


def own(uow: UnitOfWork, person: int, proposal: Proposal, consensus: Round) -> tuple[Place, ...]:
    """Give the institutions of the roll a person speaks for at this moment."""
    mine = {one.membership for one in facts.own(uow, person, proposal)}
    return tuple(one for one in consensus.places if one.membership in mine)


def waiting(uow: UnitOfWork, person: int) -> list[tuple[Proposal, Round, Place]]:
    """Give the rounds that take stances now, with each institution the person speaks for that has said nothing, the oldest first."""
    found = []
    for row in uow.execute(_WAITING, person=person, now=uow.now).all():
        consensus = get(uow, row.id)
        found.append((facts.get(uow, consensus.proposal), consensus, consensus.place(row.membership_id)))
    return found


def call_off(uow: UnitOfWork, actor: Actor, proposal: Proposal) -> None:
    """End the round that is open on a proposal, if one is, without a result: what it asked about is no more. The caller holds the proposal."""
    row = uow.execute(_OPEN, proposal=proposal.id).one_or_none()
    if row is not None:
        uow.execute(_CALL_OFF, consensus=row.id, now=uow.now)
        notices.withdraw(uow, f"consensus:{row.id}")
        uow.audit("consensus.call_off", body=proposal.body, person=actor.person, consensus=row.id)


def written(result: RoundResult, unreached: tuple[int, ...]) -> str:
    """Write the numbers of a round as they are kept."""
    return json.dumps({**asdict(result), "unreached": unreached}, separators=(",", ":"))


def kept(text: str) -> tuple[RoundResult | None, tuple[int, ...]]:
    """Read what ``written`` wrote: the numbers, and the institutions no message reached; nothing of a round without numbers."""
    if not text:
        return None, ()
    numbers = json.loads(text)
    unreached = tuple(numbers.pop("unreached"))
    return RoundResult(**{**numbers, "stances": Stances(**numbers["stances"])}), unreached


# --- inside -----------------------------------------------------------------------------------------------------------

_C: Final = CONSENSUS_ROUND.c
_ONE = select(CONSENSUS_ROUND).where(_C.id == bindparam("consensus"))
_LOCKED = _ONE.with_for_update()
_OF_PROPOSAL = select(CONSENSUS_ROUND).where(_C.proposal_id == bindparam("proposal")).order_by(_C.number)
_OPEN = select(_C.id).where(_C.proposal_id == bindparam("proposal"), _C.closed_at.is_(None)).with_for_update()
_CALL_OFF = (
    update(CONSENSUS_ROUND)
    .where(_C.id == bindparam("consensus"))
    .values(closed_at=bindparam("now", type_=UtcInstant), outcome="called_off", next_step_at=None)
)
_PLACES = (
    select(
        ROUND_PLACE.c.membership_id, INSTITUTION.c.short_name, STANCE.c.stance, STANCE.c.reason, STANCE.c.remedy, STANCE.c.rank,
        STANCE.c.taken_at,
    )
    .select_from(
        ROUND_PLACE.join(MEMBERSHIP, MEMBERSHIP.c.id == ROUND_PLACE.c.membership_id)
        .join(INSTITUTION, INSTITUTION.c.id == MEMBERSHIP.c.institution_id)
        .outerjoin(
            STANCE,
            and_(STANCE.c.round_id == ROUND_PLACE.c.round_id, STANCE.c.membership_id == ROUND_PLACE.c.membership_id),
        )
    )
    .where(ROUND_PLACE.c.round_id == bindparam("consensus"))
    .order_by(INSTITUTION.c.short_name, ROUND_PLACE.c.membership_id)
)  # fmt: skip
_WAITING = (
    select(_C.id, _C.opened_at, ROUND_PLACE.c.membership_id, INSTITUTION.c.short_name)
    .select_from(
        CONSENSUS_ROUND.join(ROUND_PLACE, ROUND_PLACE.c.round_id == _C.id)
        .join(PROPOSAL, PROPOSAL.c.id == _C.proposal_id)
        .join(MEMBERSHIP, MEMBERSHIP.c.id == ROUND_PLACE.c.membership_id)
        .join(INSTITUTION, INSTITUTION.c.id == MEMBERSHIP.c.institution_id)
        .join(SEAT, SEAT.c.membership_id == MEMBERSHIP.c.id)
    )
    .where(
        _C.closed_at.is_(None), or_(_C.closes_at.is_(None), _C.closes_at > bindparam("now", type_=UtcInstant)),
        SEAT.c.person_id == bindparam("person"), or_(SEAT.c.meeting_id.is_(None), SEAT.c.meeting_id == PROPOSAL.c.meeting_id),
        MEMBERSHIP.c.left_on.is_(None),
        ~exists().where(STANCE.c.round_id == _C.id, STANCE.c.membership_id == ROUND_PLACE.c.membership_id),
    )
    .distinct()
    .order_by(_C.opened_at, _C.id, INSTITUTION.c.short_name)
)  # fmt: skip


def _read(uow: UnitOfWork, row: Row[Any]) -> Round:
    places = tuple(
        Place(
            one.membership_id, one.short_name, one.stance or "", one.reason or "", one.remedy or "", one.rank or 0, one.taken_at
        )
        for one in uow.execute(_PLACES, consensus=row.id)
    )
    result, unreached = kept(row.result)
    return Round(
        id=row.id, proposal=row.proposal_id, number=row.number, version=row.version, tacit=row.tacit, rule=read(json.loads(row.rule)),
        entitled=row.entitled, opened_at=row.opened_at, called_at=row.called_at, closes_at=row.closes_at, closed_at=row.closed_at,
        outcome=row.outcome, result=result, unreached=unreached, places=places,
    )  # fmt: skip
