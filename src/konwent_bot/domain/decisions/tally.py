"""What votes come to under a rule: the verdict, why, and the exact numbers behind it. KSR White Book §1.3.7; domain.md G1, G2, G5."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor
from typing import Final, Literal, TypeAlias, get_args

from konwent_bot.domain.decisions.rule import DecisionRule

#: What an institution may vote.
Choice: TypeAlias = Literal["for", "against", "abstain"]
CHOICES: Final[tuple[Choice, ...]] = get_args(Choice)
#: What the chair may say of a tie.
CastingVote: TypeAlias = Literal["for", "against"]
#: What a ballot comes to. ``void``: there was no quorum.
Verdict: TypeAlias = Literal["passed", "failed", "void"]
VERDICTS: Final[tuple[Verdict, ...]] = get_args(Verdict)
#: Why. ``short``: votes for are missing; ``tie``: as many for as against, exactly at what a majority must exceed; ``casting_vote``: the
#: chair decided that; ``zero_base``: there is nothing a majority could be counted of.
Reason: TypeAlias = Literal["majority", "short", "tie", "casting_vote", "zero_base", "no_quorum"]


@dataclass(frozen=True, slots=True)
class Counts:
    """Votes by choice, one an institution."""

    in_favour: int
    against: int
    abstain: int

    def __post_init__(self) -> None:
        if min(self.in_favour, self.against, self.abstain) < 0:
            raise ValueError("there are no negative votes")

    @property
    def for_and_against(self) -> int:
        """Votes without abstentions."""
        return self.in_favour + self.against

    @property
    def cast(self) -> int:
        """All votes."""
        return self.for_and_against + self.abstain


@dataclass(frozen=True, slots=True)
class Assembly:
    """Institutions: entitled, present when the ballot opened (who may vote), and of these still present when it closed.

    By circulation nobody is present: all who are entitled may vote, and whoever votes counts as there.
    """

    entitled: int
    present: int
    #: ``None`` where nobody left.
    present_at_close: int | None = None
    by_circulation: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.at_close <= self.present <= self.entitled:
            raise ValueError("those present are part of those entitled, those who stayed part of those present")
        if self.by_circulation and self.present < self.entitled:
            raise ValueError("by circulation all who are entitled may vote")

    @property
    def at_close(self) -> int:
        """Institutions present when it closed."""
        return self.present if self.present_at_close is None else self.present_at_close


@dataclass(frozen=True, slots=True)
class Result:
    """A verdict with all it follows from, in institutions and votes."""

    verdict: Verdict
    reason: Reason
    rule: DecisionRule
    assembly: Assembly
    counts: Counts
    #: The chair's casting vote, where it decided.
    chair: CastingVote | None
    #: What the majority is counted of; for a simple one the votes for and against.
    base: int
    #: The exact part of the base that votes for must reach, or exceed; for a simple majority the votes against.
    threshold: Fraction
    #: The smallest number of votes for that is a majority, of this base.
    needed: int
    #: How many of them were missing; 0 where it passed, and where there was no quorum.
    missing: int
    quorum_needed: int
    #: Institutions that count for the quorum, when it opened or when it closed, whichever were fewer.
    quorum_there: int
    quorum_missing: int


def decide(rule: DecisionRule, assembly: Assembly, counts: Counts, chair: CastingVote | None = None) -> Result:
    """Say what votes come to. The chair's casting vote counts only on a tie, and only by a rule that knows one.

    Without a quorum a ballot is void, whatever the votes. A tie that nobody decides and a majority of nothing are failed.
    """
    if counts.cast > assembly.present:
        raise ValueError("more votes than institutions that may vote")
    base, threshold, needed = majority_of(rule, assembly, counts)
    quorum_needed, there = _quorum(rule, assembly, counts)
    verdict, reason, decided_by = _verdict(rule, counts, base, threshold, chair)
    if there < quorum_needed:
        verdict, reason, decided_by = "void", "no_quorum", None
    return Result(
        verdict=verdict,
        reason=reason,
        rule=rule,
        assembly=assembly,
        counts=counts,
        chair=decided_by,
        base=base,
        threshold=threshold,
        needed=needed,
        missing=needed - counts.in_favour if verdict == "failed" else 0,
        quorum_needed=quorum_needed,
        quorum_there=there,
        quorum_missing=max(quorum_needed - there, 0),
    )


def early(rule: DecisionRule, assembly: Assembly, counts: Counts, voters_left: int) -> Result | None:
    """Give the result if it is certain already: every way to complete the votes gives the same verdict. ``None`` otherwise.

    Each of the ``voters_left`` may still vote for, against, abstain, or not at all, and the chair may say either or nothing of a
    tie. Who is present is as it is now (``assembly``), because closing early closes now.

    Two completions speak for all: a vote for in place of anything else never turns passed into failed, and a vote against
    never failed into passed. So everybody for and the chair for, and everybody against and the chair against, are the extremes.
    Of a quorum by circulation the extremes are that all vote and that nobody does.
    """
    everybody_for = decide(rule, assembly, replace(counts, in_favour=counts.in_favour + voters_left), "for")
    everybody_against = decide(rule, assembly, replace(counts, against=counts.against + voters_left), "against")
    nobody = decide(rule, assembly, counts)
    verdicts = {everybody_for.verdict, everybody_against.verdict, nobody.verdict}
    return nobody if len(verdicts) == 1 else None


def counted(choices: Sequence[Choice]) -> Counts:
    """Count votes."""
    return Counts(choices.count("for"), choices.count("against"), choices.count("abstain"))


def majority_of(rule: DecisionRule, assembly: Assembly, counts: Counts) -> tuple[int, Fraction, int]:
    """Give the base, the exact threshold, and the smallest number of votes for that is a majority (never none)."""
    if rule.majority == "simple":
        return counts.for_and_against, Fraction(counts.against), counts.against + 1
    base = {
        "cast": counts.cast,
        "for_and_against": counts.for_and_against,
        "present": assembly.present,
        "entitled": assembly.entitled,
    }[rule.base]
    if isinstance(rule.majority, Fraction):
        threshold = base * rule.majority
        return base, threshold, floor(threshold) + 1 if rule.strict else max(ceil(threshold), 1)
    threshold = Fraction(base, 2)
    return base, threshold, floor(threshold) + 1


def _quorum(rule: DecisionRule, assembly: Assembly, counts: Counts) -> tuple[int, int]:
    """Give how many institutions a quorum needs, and how many count for it."""
    whole = assembly.entitled if rule.quorum_base == "entitled" else assembly.present
    return ceil(whole * rule.quorum), counts.cast if assembly.by_circulation else assembly.at_close


def _verdict(
    rule: DecisionRule, counts: Counts, base: int, threshold: Fraction, chair: CastingVote | None
) -> tuple[Verdict, Reason, CastingVote | None]:
    if base == 0:
        return "failed", "zero_base", None
    if counts.in_favour > threshold or (counts.in_favour == threshold and not rule.exceeding):
        return "passed", "majority", None
    if not (rule.knows_ties and counts.in_favour == counts.against == threshold):
        return "failed", "short", None
    if rule.tie == "none" or chair is None:
        return "failed", "tie", None
    return ("passed" if chair == "for" else "failed"), "casting_vote", chair
