"""A show of hands, noted by whoever leads the meeting: which institution raised its hand for what, or how many did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from sqlalchemy import insert

from konwent_bot.domain.decisions.tally import Choice, Counts
from konwent_bot.errors import N_, Invalid, NotFound, Refused
from konwent_bot.office.decisions import ballot_opening, ballots, closing, facts, rules
from konwent_bot.office.decisions.ballots import Ballot, Place
from konwent_bot.office.decisions.facts import Proposal
from konwent_bot.office.meetings.facts import NOT_HERE
from konwent_bot.office.rights import Actor, require
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import VOTE

NOTE: Final = "ballot.by_hand"


@dataclass(frozen=True, slots=True)
class ByInstitution:
    """What each institution raised its hand for; one that is not in it raised none."""

    votes: Mapping[int, Choice]


@dataclass(frozen=True, slots=True)
class ByTotals:
    """How many hands were raised."""

    in_favour: int
    against: int
    abstain: int


#: What was seen.
Hands: TypeAlias = ByInstitution | ByTotals


def may_note(uow: UnitOfWork, actor: Actor, proposal: int) -> tuple[Proposal, tuple[Place, ...]]:
    """Give a proposal on which hands may be shown now, and the institutions whose hands count: those present, in alphabetical order.

    Raises:
        NotFound: there is no such proposal for this actor.
        Refused: a ballot on it cannot be opened now, it is decided by circulation, or there is no quorum.
    """
    found = facts.get(uow, proposal)
    require(uow, actor, NOTE, body=found.body)
    return found, _here(uow, found)


def note(
    uow: UnitOfWork, actor: Actor, proposal: int, hands: Hands, *, chair: Literal["", "for", "against"] = ""
) -> Ballot:  # fmt: skip
    """Note a show of hands: a ballot that is opened and closed at once, through the same rules as any other.

    Args:
        uow: the unit of work.
        actor: who notes it; it stands in the ballot.
        proposal: the proposal.
        hands: what was seen.
        chair: the chair's casting vote, for the case of a tie and where the rule knows one.

    Raises:
        NotFound: there is no such proposal for this actor, or an institution that is not here.
        Refused: as ``may_note``.
        Invalid: more hands than institutions are here, or fewer than none.
    """
    found = facts.steer(uow, actor, proposal, NOTE)
    if chair not in ("", "for", "against"):
        raise NotFound(NOT_HERE)
    here = _here(uow, found)
    counts = _counted(hands, here)
    made = ballot_opening.insert_ballot(
        uow, actor, found, "by_hand", ballot_opening.roll_now(uow, found), closes=uow.now, chair=chair
    )  # fmt: skip
    if isinstance(hands, ByInstitution) and hands.votes:
        rows = [
            {"ballot_id": made, "membership_id": one, "choice": choice, "rank": 0, "person_id": actor.person, "cast_at": uow.now}
            for one, choice in sorted(hands.votes.items())
        ]
        uow.connection.execute(_VOTES, rows)
    uow.audit(NOTE, body=found.body, person=actor.person, ballot=made, proposal=found.id)
    return closing.freeze(uow, actor, ballots.get(uow, made), uow.now, counts)


# --- inside -----------------------------------------------------------------------------------------------------------


def _here(uow: UnitOfWork, proposal: Proposal) -> tuple[Place, ...]:
    if proposal.meeting is None:
        raise Refused(N_("Hands are shown at a meeting. By circulation institutions vote themselves."))
    ballot_opening.objected_round(uow, proposal)
    roll = ballot_opening.roll_now(uow, proposal)
    ballot_opening.require_quorum(proposal, rules.of(uow, proposal.body), roll)
    return tuple(Place(one.membership, one.name) for one in facts.entitled(uow, proposal) if one.membership in roll.present)


def _counted(hands: Hands, here: tuple[Place, ...]) -> Counts:
    if isinstance(hands, ByInstitution):
        if not hands.votes.keys() <= {place.membership for place in here}:
            raise NotFound(NOT_HERE)
        number = Counter(hands.votes.values())
        if number.keys() - {"for", "against", "abstain"}:
            raise NotFound(NOT_HERE)
        return Counts(number["for"], number["against"], number["abstain"])
    if min(hands.in_favour, hands.against, hands.abstain) < 0:
        raise Invalid(N_("The number of hands cannot be below 0."))
    counts = Counts(hands.in_favour, hands.against, hands.abstain)
    if counts.cast > len(here):
        raise Invalid(
            N_("Hands: {hands}. Institutions present: {present}. Please count again."), hands=counts.cast, present=len(here)
        )
    return counts


_VOTES = insert(VOTE)
