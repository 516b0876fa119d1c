"""What is held about one person and decisions: what they proposed, said, objected to, voted openly and set somebody to do. Part of ``own_data``.

Reading only. Of secret ballots there is nothing: no row says who voted what, and none which person voted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, FromClause, RowMapping, Select, bindparam, func, select

from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import (
    BALLOT,
    BODY,
    CONSENSUS_ROUND,
    DECISION,
    INSTITUTION,
    MEMBERSHIP,
    PROPOSAL,
    PROPOSAL_COMMENT,
    PROPOSAL_TEXT,
    STANCE,
    TASK,
    VOTE,
)


@dataclass(frozen=True, slots=True)
class HeldDecision:
    """One thing held about a person and a decision."""

    #: ``proposal``, ``text``, ``comment``, ``stance``, ``ballot``, ``vote`` or ``task``.
    kind: str
    body: str
    #: The institution it was done for; empty where it was for none.
    institution: str
    at: datetime
    #: What exactly, by names of columns.
    said: Mapping[str, object]


def of(uow: UnitOfWork, person: int) -> tuple[HeldDecision, ...]:
    """Give what is held about a person and decisions, kind by kind, the oldest first in each."""
    found: list[HeldDecision] = []
    for kind, statement in _KINDS.items():
        found += [_held(kind, row) for row in uow.execute(statement, person=person).mappings()]
    return tuple(found)


# --- inside -----------------------------------------------------------------------------------------------------------

_BESIDE: Final = ("body", "institution", "at")


def _held(kind: str, row: RowMapping) -> HeldDecision:
    said = {name: value for name, value in row.items() if name not in _BESIDE}
    return HeldDecision(kind, row["body"], row["institution"], row["at"], said)


def _of(
    at: Column[Any],
    *said: ColumnElement[Any],
    membership: Column[Any] = PROPOSAL.c.membership_id,
    begun: FromClause | None = None,
) -> Select[Any]:
    """Select what one table holds of a person, about proposals. ``begun``: how the table is joined with the proposal."""
    table = at.table
    if begun is None:
        begun = table if table is PROPOSAL else table.join(PROPOSAL, PROPOSAL.c.id == table.c.proposal_id)
    whole = (
        begun.join(BODY, BODY.c.id == PROPOSAL.c.body_id)
        .outerjoin(MEMBERSHIP, MEMBERSHIP.c.id == membership)
        .outerjoin(INSTITUTION, INSTITUTION.c.id == MEMBERSHIP.c.institution_id)
    )
    whose = func.coalesce(INSTITUTION.c.name, "").label("institution")
    return (
        select(BODY.c.name.label("body"), whose, at.label("at"), *said)
        .select_from(whole)
        .where(table.c.person_id == bindparam("person"))
        .order_by(at, PROPOSAL.c.id)
    )


_KINDS: Final[Mapping[str, Select[Any]]] = {
    "proposal": _of(PROPOSAL.c.created_at, PROPOSAL.c.kind.label("about"), PROPOSAL.c.state),
    "text": _of(
        PROPOSAL_TEXT.c.created_at, PROPOSAL_TEXT.c.version, PROPOSAL_TEXT.c.title, PROPOSAL_TEXT.c.body.label("text"),
        PROPOSAL_TEXT.c.reason,
    ),
    "comment": _of(
        PROPOSAL_COMMENT.c.created_at, PROPOSAL_COMMENT.c.body.label("text"), membership=PROPOSAL_COMMENT.c.membership_id
    ),
    "stance": _of(
        STANCE.c.taken_at, STANCE.c.stance, STANCE.c.reason, STANCE.c.remedy, membership=STANCE.c.membership_id,
        begun=STANCE.join(CONSENSUS_ROUND, CONSENSUS_ROUND.c.id == STANCE.c.round_id).join(
            PROPOSAL, PROPOSAL.c.id == CONSENSUS_ROUND.c.proposal_id
        ),
    ),
    "ballot": _of(BALLOT.c.opened_at, BALLOT.c.method, BALLOT.c.verdict),
    "vote": _of(
        VOTE.c.cast_at, VOTE.c.choice, membership=VOTE.c.membership_id,
        begun=VOTE.join(BALLOT, BALLOT.c.id == VOTE.c.ballot_id).join(PROPOSAL, PROPOSAL.c.id == BALLOT.c.proposal_id),
    ),
    "task": _of(
        TASK.c.created_at, TASK.c.what, TASK.c.due_on, membership=TASK.c.membership_id,
        begun=TASK.join(DECISION, DECISION.c.id == TASK.c.decision_id).join(
            PROPOSAL, PROPOSAL.c.id == DECISION.c.proposal_id
        ),
    ),
}  # fmt: skip
