"""The rule a body decides by: the one it adopted last, else the defaults of domain.md (G1-G8).

Nobody sets it: a proposal of kind ``rule`` asks for it, and the decision that adopts the proposal puts it in force. The quorum of the
body's meetings follows it (``meetings.rules``), so that a body never has two.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select

from konwent_bot.domain.decisions.rule import DEFAULT_RULE, DecisionRule, read
from konwent_bot.errors import NotFound
from konwent_bot.office.decisions.facts import Proposal
from konwent_bot.office.meetings.facts import NOT_HERE
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.columns import UtcInstant
from konwent_bot.store.tables import DECISION_RULE


@dataclass(frozen=True, slots=True)
class Standing:
    """The rule in force, and where it comes from."""

    rule: DecisionRule
    #: The decision that chose it; nothing while the defaults hold.
    decision: int | None
    since: datetime | None


def of(uow: UnitOfWork, body: int) -> DecisionRule:
    """Give the rule a body decides by at this moment. Asks no rights."""
    return standing(uow, body).rule


def standing(uow: UnitOfWork, body: int) -> Standing:
    """Give the rule a body decides by, with the decision that chose it. Asks no rights."""
    row = uow.execute(_NEWEST, body=body).first()
    if row is None:
        return Standing(DEFAULT_RULE, None, None)
    return Standing(read(json.loads(row.rule)), row.decision_id, row.since)


def asked(proposal: Proposal) -> DecisionRule:
    """Give the rule a proposal asks for. Raises ``NotFound`` for one that asks for none."""
    if proposal.kind != "rule":
        raise NotFound(NOT_HERE)
    return read(json.loads(proposal.rule))


def adopt(uow: UnitOfWork, proposal: Proposal, decision: int) -> None:
    """Put in force the rule of a proposal a decision has adopted; of any other proposal there is nothing to put in force.

    For whoever enters the decision into the register, in the same unit of work. Rounds and ballots that are open keep the rule
    they were opened with.
    """
    if proposal.kind == "rule":
        uow.execute(_ADOPT, body=proposal.body, decision=decision, rule=proposal.rule, now=uow.now)


# --- inside -----------------------------------------------------------------------------------------------------------

_NEWEST = select(DECISION_RULE).where(DECISION_RULE.c.body_id == bindparam("body")).order_by(DECISION_RULE.c.id.desc()).limit(1)
_ADOPT = insert(DECISION_RULE).values(
    body_id=bindparam("body"), decision_id=bindparam("decision"), rule=bindparam("rule"), since=bindparam("now", type_=UtcInstant)
)
