"""Closing a ballot: by its deadline, or earlier where nothing can change its verdict any more; what it came to is frozen here.

The ballot's row is locked before anything is counted, so that every vote has come before or is refused. A ballot that is closed twice,
or by two at once, is closed once.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, update

from konwent_bot.domain.decisions.tally import Assembly, CastingVote, Counts, decide, early
from konwent_bot.errors import N_, NotFound, Refused
from konwent_bot.office.decisions import ballots, facts, papers, register, results, votes
from konwent_bot.office.decisions.ballots import Ballot
from konwent_bot.office.meetings.facts import NOT_HERE
from konwent_bot.office.rights import OPERATOR, Actor, require
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.columns import UtcInstant
from konwent_bot.store.tables import BALLOT

CLOSE: Final = "ballot.close"
CASTING: Final = "ballot.casting"
#: One sentence for both kinds: it tells no more than that it is too early.
_TOO_EARLY: Final = N_(
    "This ballot cannot be closed yet: not every institution has voted, and its result is not certain. It closes by itself."
)


def close(uow: UnitOfWork, actor: Actor, ballot: int) -> Ballot:
    """Close a ballot. Before its deadline an open one only if every way to go on gives the same verdict, a secret one only if all have voted.

    Raises:
        NotFound: there is no such ballot for this actor.
        Refused: it is too early.
    """
    require(uow, actor, CLOSE, body=ballots.get(uow, ballot).proposal.body)
    found = ballots.get(uow, ballot, lock="update")
    if not found.open:
        return found
    if found.takes_votes(uow.now):
        if not _is_settled(uow, found):
            raise Refused(_TOO_EARLY)
        return freeze(uow, actor, found, uow.now, _counts(uow, found))
    return freeze(uow, actor, found, found.closes_at, _counts(uow, found))


def by_deadline(uow: UnitOfWork, ballot: int) -> Ballot:
    """Close a ballot whose deadline has come; one that is closed already, or takes votes still, stays as it is."""
    found = ballots.get(uow, ballot, lock="update")
    if not found.open or found.takes_votes(uow.now):
        return found
    return freeze(uow, OPERATOR, found, found.closes_at, _counts(uow, found))


def casting_vote(uow: UnitOfWork, actor: Actor, ballot: int, choice: str) -> Ballot:
    """Say before the close which way a tie is decided, where the rule leaves that to the chair. What was said last counts.

    Raises:
        NotFound: there is no such ballot or choice for this actor.
        Refused: the rule knows no casting vote, or the ballot is over.
    """
    require(uow, actor, CASTING, body=ballots.get(uow, ballot).proposal.body)
    found = ballots.get(uow, ballot, lock="update")
    if choice not in ("for", "against"):
        raise NotFound(NOT_HERE)
    if found.rule.tie != "chair":
        raise Refused(N_("By the rule of this ballot nobody decides a tie."))
    if not found.takes_votes(uow.now):
        raise Refused(N_("This ballot is over."))
    uow.execute(_SAY, ballot=ballot, said=choice)
    uow.audit("ballot.casting", body=found.proposal.body, person=actor.person, ballot=ballot)
    return ballots.get(uow, ballot)


def freeze(uow: UnitOfWork, actor: Actor, ballot: Ballot, at: datetime, counts: Counts) -> Ballot:
    """Write what votes come to, and enter it into the register. Asks no rights; the caller has locked the ballot's row.

    ``at``: when it ended. A deadline that has passed while nobody looked is the end all the same, and whoever was there then counts.
    """
    proposal = facts.get(uow, ballot.proposal.id, lock=True)
    assembly = _assembly(uow, ballot, at, counts)
    result = decide(ballot.rule, assembly, counts, _chair(ballot))
    uow.execute(
        _CLOSE, ballot=ballot.id, at=at, hurried=at < ballot.closes_at, stayed=assembly.at_close, came_to=result.verdict,
        numbers=results.written(result),
    )  # fmt: skip
    uow.audit(
        "ballot.close", body=proposal.body, person=actor.person, ballot=ballot.id, in_favour=counts.in_favour,
        against=counts.against, abstain=counts.abstain,
    )  # fmt: skip
    if ballot.secret:
        papers.part(uow, ballot.id)
    decided = replace(ballot.proposal, state=proposal.state)
    register.enter(
        uow, decided, method=ballot.method, verdict=result.verdict, at=at, actor=actor, by_ballot=ballot.id,
        tied=result.reason == "tie",
    )  # fmt: skip
    return ballots.get(uow, ballot.id)


# --- inside -----------------------------------------------------------------------------------------------------------


def _counts(uow: UnitOfWork, ballot: Ballot) -> Counts:
    return papers.count(uow, ballot.id) if ballot.secret else votes.count(uow, ballot.id)


def _chair(ballot: Ballot) -> CastingVote | None:
    return ballot.chair_choice or None


def _assembly(uow: UnitOfWork, ballot: Ballot, at: datetime, counts: Counts) -> Assembly:
    """Give who counts for the quorum at an instant: of those on the roll whoever is there still; by circulation whoever has voted."""
    if ballot.by_circulation:
        return Assembly(ballot.entitled, ballot.present, counts.cast, by_circulation=True)
    roll = {place.membership for place in ballots.roll(uow, ballot)}
    stayed = roll & facts.present(uow, ballot.proposal, facts.entitled(uow, ballot.proposal), at)
    return Assembly(ballot.entitled, ballot.present, len(stayed))


def _is_settled(uow: UnitOfWork, ballot: Ballot) -> bool:
    if ballot.secret:
        return papers.turnout(uow, ballot.id) == ballot.present
    counts = votes.count(uow, ballot.id)
    left = ballot.present - counts.cast
    if not left and ballot.chair_choice:  # nobody is left to say anything
        return True
    return early(ballot.rule, _assembly(uow, ballot, uow.now, counts), counts, left) is not None


_THIS = update(BALLOT).where(BALLOT.c.id == bindparam("ballot"))
_SAY = _THIS.values(chair_choice=bindparam("said"))
_CLOSE = _THIS.values(
    closed_at=bindparam("at", type_=UtcInstant), early=bindparam("hurried"), present_at_close=bindparam("stayed"),
    verdict=bindparam("came_to"), result=bindparam("numbers"), next_step_at=None,
)  # fmt: skip
