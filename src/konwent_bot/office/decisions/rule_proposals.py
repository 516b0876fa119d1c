"""Proposing another rule to decide by: what is chosen becomes a proposal whose text is the rule in sentences.

It goes the way of every proposal, and is decided by the rule in force until then. Its text is never written by hand, so that what is
adopted is the rule and nothing beside it.
"""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from konwent_bot import i18n
from konwent_bot.documents.decision_words import rule_sentence
from konwent_bot.domain.decisions.rule import Base, DecisionRule, Majority, QuorumBase, Tie, written
from konwent_bot.errors import N_, Invalid, Refused
from konwent_bot.office.decisions import changing, facts, proposals, rules
from konwent_bot.office.decisions.proposals import Wording
from konwent_bot.office.rights import Actor
from konwent_bot.office.subjects import Outcome, Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables.people import LANGUAGES

_TITLE: Final = N_("Change of the rule we decide by")
#: Parts of a whole as the flow names them; ``other`` is a number per cent.
_PARTS: Final = {
    "none": Fraction(0), "third": Fraction(1, 3), "half": Fraction(1, 2), "three_fifths": Fraction(3, 5), "two_thirds": Fraction(2, 3),
    "three_quarters": Fraction(3, 4), "all": Fraction(1),
}  # fmt: skip


class RuleChosen(BaseModel):
    """What the act ``rule.propose`` takes: a rule, by what the flow asks of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    quorum: Literal["none", "third", "half", "two_thirds", "other"]
    quorum_percent: int = Field(default=0, ge=0, le=100)
    quorum_base: QuorumBase = "entitled"
    majority: Literal["simple", "absolute", "three_fifths", "two_thirds", "three_quarters", "all", "other"]
    majority_percent: int = Field(default=0, ge=0, le=100)
    base: Base = "for_and_against"
    #: Whether a part must be reached, or exceeded.
    reach: Literal["at_least", "more"] = "at_least"
    tie: Tie = "none"
    #: The matter of the agenda it belongs to, or the last local day of answers, as of any proposal.
    item: tuple[str, ...] = Field(default=(), max_length=1)
    until: date | None = None
    #: Why it is another one than before, of a proposal that is there already.
    reason: str = Field(default="", max_length=changing.MOST_REASON)

    @property
    def rule(self) -> DecisionRule:
        """The rule. Raises ``Invalid`` for one by which nothing could be decided."""
        quorum = Fraction(self.quorum_percent, 100) if self.quorum == "other" else _PARTS[self.quorum]
        majority: Majority
        if self.majority in ("simple", "absolute"):
            majority = self.majority
        else:
            majority = Fraction(self.majority_percent, 100) if self.majority == "other" else _PARTS[self.majority]
        made = DecisionRule(
            quorum=quorum, quorum_base=self.quorum_base, majority=majority, base=self.base,
            strict=isinstance(majority, str) or self.reach == "more", tie=self.tie,
        )  # fmt: skip
        if not made.attainable:
            raise Invalid(N_("Nobody can vote with more than all. Choose “at least”, or a smaller part."))
        return made


def may_propose(uow: UnitOfWork, actor: Actor, subject: Subject) -> None:
    """Refuse unless the actor may propose a rule here, or (``subject.proposal``) another one in an open proposal of theirs.

    Raises:
        NotFound, Refused: as ``proposals.may_enter``, or as ``changing.may_amend``.
    """
    if subject.proposal is None:
        proposals.may_enter(uow, actor, subject)
        return
    proposal = facts.get(uow, subject.proposal)
    changing.require_own(uow, actor, proposal)
    changing.require_open(proposal)
    rules.asked(proposal)


def propose(uow: UnitOfWork, actor: Actor, subject: Subject, said: RuleChosen) -> Outcome:
    """Propose a rule. Adopted, it takes the place of the decision that chose the one before.

    Raises:
        NotFound: as ``may_propose``; there is no such matter on the agenda.
        Refused: as ``may_propose``; it is the rule in force, or the one proposed already.
        Invalid: nothing could be decided by it.
    """
    rule = said.rule
    t = i18n.translator(LANGUAGES[0])
    wording = Wording(t(_TITLE), rule_sentence(rule, t), json.dumps(written(rule)), said.reason.strip())
    if subject.proposal is not None:
        proposal = facts.get(uow, subject.proposal, lock=True)
        may_propose(uow, actor, subject)
        return changing.reword(uow, actor, proposal, wording)
    in_force = rules.standing(uow, subject.body)
    if rule == in_force.rule:
        raise Refused(N_("This is the rule in force already."))
    chosen = int(said.item[0]) if said.item else None
    return proposals.put(uow, actor, subject, wording, item=chosen, until=said.until, supersedes=in_force.decision)
