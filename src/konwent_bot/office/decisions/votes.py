"""Votes in an open ballot: one an institution, the latest of its properest person, until the ballot is closed.

That there is one is the store's rule (the key of ``vote``). The ballot's row is held while a vote is written, so that no vote comes
after the closing has counted; many hold it side by side, only the closing waits for them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, func, or_, select

from konwent_bot.domain.decisions.tally import CHOICES, Choice, Counts, counted
from konwent_bot.errors import N_, NotFound, Refused
from konwent_bot.office.decisions import ballots, facts
from konwent_bot.office.decisions.ballots import Ballot
from konwent_bot.office.meetings.facts import NOT_HERE
from konwent_bot.office.rights import Actor
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.statements import upsert
from konwent_bot.store.tables import BALLOT_PLACE, TURNOUT, VOTE

_OVER: Final = N_("This ballot is over, so the vote was not counted.")


@dataclass(frozen=True, slots=True)
class Vote:
    """The vote of an institution."""

    membership: int
    choice: Choice
    #: 0 from the proper person, 1 from the next...
    rank: int
    cast_at: datetime


@dataclass(frozen=True, slots=True)
class Own:
    """What the people of an institution may know of its vote."""

    voted: bool
    #: Empty where it has not voted, and always in a secret ballot.
    choice: str


@dataclass(frozen=True, slots=True)
class Live:
    """What may be known of a ballot before it is closed: "głosowało 9 z 14"."""

    ballot: Ballot
    #: Institutions on the roll.
    asked: int
    #: How many of them have voted; ``None`` for a secret ballot that is open.
    voted: int | None


@dataclass(frozen=True, slots=True)
class Cast:
    """How an institution of the roll voted; ``choice`` is empty where it did not."""

    membership: int
    name: str
    choice: str


def cast(uow: UnitOfWork, actor: Actor, ballot: int, membership: int, choice: str) -> Vote:
    """Vote for an institution in an open ballot. A later vote takes the place of an earlier one; the same again changes nothing.

    Raises:
        NotFound: there is no such ballot or choice, or the actor does not speak for this institution in it.
        Refused: it is over, it is secret, the institution is not on its roll, or its properer person has voted.
    """
    found = may_vote(uow, actor, ballot, membership, choice)
    if found.method != "open":
        raise Refused(N_("This ballot is secret. Please open it again to vote."))
    rank = facts.rank(uow, actor, found.proposal, membership)
    made = uow.execute(
        _CAST[uow.dialect], ballot_id=ballot, membership_id=membership, choice=choice, rank=rank, person_id=actor.person, cast_at=uow.now
    ).one_or_none()  # fmt: skip
    if made is not None:
        uow.audit(
            "ballot.cast", body=found.proposal.body, person=actor.person, ballot=ballot, membership=membership, rank=rank,
            choice=CHOICES.index(made.choice) + 1,
        )  # fmt: skip
        return Vote(membership, made.choice, made.rank, made.cast_at)
    stands = uow.execute(_VOTE, ballot=ballot, membership=membership).one()
    if (stands.choice, stands.rank) != (choice, rank):
        raise Refused(N_("The person who represents the institution here in the first place has voted, and that vote counts."))
    return Vote(membership, stands.choice, stands.rank, stands.cast_at)


def may_vote(uow: UnitOfWork, actor: Actor, ballot: int, membership: int, choice: str) -> Ballot:
    """Give a ballot, held open until this unit of work ends, in which the actor may vote for an institution now.

    Raises:
        NotFound: there is no such ballot or choice, or the actor does not speak for this institution in it.
        Refused: it is over, or the institution is not on its roll.
    """
    found = ballots.get(uow, ballot, lock="share")
    facts.rank(uow, actor, found.proposal, membership)
    if choice not in CHOICES:
        raise NotFound(NOT_HERE)
    if uow.execute(_ON_ROLL, ballot=ballot, membership=membership).first() is None:
        raise Refused(N_("The institution was not there when this ballot was opened, so it cannot vote in it."))
    if not found.takes_votes(uow.now):
        raise Refused(_OVER)
    return found


def own_vote(uow: UnitOfWork, actor: Actor, ballot: int, membership: int) -> Own:
    """Say to somebody of an institution whether it has voted, and (in an open ballot) what.

    Raises:
        NotFound: there is no such ballot, or the actor does not speak for this institution in it.
    """
    found = ballots.get(uow, ballot)
    facts.rank(uow, actor, found.proposal, membership)
    row = uow.execute(_TURNOUT if found.secret else _VOTE, ballot=ballot, membership=membership).first()
    return Own(row is not None, "" if row is None or found.secret else row.choice)


def live(uow: UnitOfWork, actor: Actor, ballot: int) -> Live:
    """Give what may be known of a ballot now; of its result nothing, before it is closed.

    Raises:
        NotFound: there is no such ballot for this actor.
    """
    found = ballots.see(uow, actor, ballot)
    if found.result is not None:
        return Live(found, found.present, found.result.counts.cast)
    return Live(found, found.present, None if found.secret else int(uow.execute(_HOW_MANY, ballot=ballot).scalar_one()))


def of(uow: UnitOfWork, actor: Actor, ballot: int) -> tuple[Cast, ...]:
    """Give how each institution of the roll voted, in alphabetical order; nothing before the close, of a secret ballot, or of totals.

    Raises:
        NotFound: there is no such ballot for this actor.
    """
    return by_institution(uow, ballots.see(uow, actor, ballot))


def by_institution(uow: UnitOfWork, ballot: Ballot) -> tuple[Cast, ...]:
    """Give the same without asking for rights."""
    if ballot.open or ballot.secret:
        return ()
    said = {row.membership_id: row.choice for row in uow.execute(_ALL, ballot=ballot.id)}
    places = ballots.roll(uow, ballot) if said else ()
    return tuple(Cast(place.membership, place.name, said.get(place.membership, "")) for place in places)


def count(uow: UnitOfWork, ballot: int) -> Counts:
    """Count the votes of an open ballot. For the closing alone."""
    return counted([row.choice for row in uow.execute(_ALL, ballot=ballot)])


# --- inside -----------------------------------------------------------------------------------------------------------

_V: Final = VOTE.c
_COLUMNS: Final = ("ballot_id", "membership_id", "choice", "rank", "person_id", "cast_at")


def _prevails(new: Any) -> Any:
    """Tell whether a vote takes the place of the one that is there: from a properer person, or another one of an equal."""
    return or_(new.excluded.rank < _V.rank, (new.excluded.rank == _V.rank) & (new.excluded.choice != _V.choice))


_CAST = upsert(
    VOTE,
    lambda new: (
        new.values({name: bindparam(name) for name in _COLUMNS})
        .on_conflict_do_update(
            index_elements=["ballot_id", "membership_id"],
            set_={name: new.excluded[name] for name in _COLUMNS[2:]},
            where=_prevails(new),
        )
        .returning(VOTE)
    ),
)
_IS = (_V.ballot_id == bindparam("ballot"), _V.membership_id == bindparam("membership"))
_VOTE = select(VOTE).where(*_IS)
_ALL = select(_V.membership_id, _V.choice).where(_V.ballot_id == bindparam("ballot")).order_by(_V.membership_id)
_HOW_MANY = select(func.count()).select_from(VOTE).where(_V.ballot_id == bindparam("ballot"))
_ON_ROLL = select(BALLOT_PLACE.c.membership_id).where(
    BALLOT_PLACE.c.ballot_id == bindparam("ballot"), BALLOT_PLACE.c.membership_id == bindparam("membership")
)
_TURNOUT = select(TURNOUT.c.membership_id).where(
    TURNOUT.c.ballot_id == bindparam("ballot"), TURNOUT.c.membership_id == bindparam("membership")
)
