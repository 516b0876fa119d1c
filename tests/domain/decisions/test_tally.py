"""What votes come to: the verdicts of the table by hand, and what must hold of all votes there can be."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.decisions.cases import CASES, Case

from konwent_bot.domain.decisions.rule import DEFAULT_RULE, Base, DecisionRule, Majority, Tie
from konwent_bot.domain.decisions.tally import CHOICES, Assembly, CastingVote, Choice, Counts, counted, decide, early

PARTS: Final = [Fraction(1, 3), Fraction(1, 2), Fraction(55, 100), Fraction(2, 3), Fraction(1)]
CHAIRS: Final[tuple[CastingVote | None, ...]] = (None, "for", "against")

rules = st.builds(
    DecisionRule,
    quorum=st.sampled_from([Fraction(0), *PARTS]),
    quorum_base=st.sampled_from(["entitled", "present"]),
    majority=st.sampled_from(["simple", "absolute", *PARTS]),
    base=st.sampled_from(["cast", "for_and_against", "present", "entitled"]),
    strict=st.booleans(),
    tie=st.sampled_from(["none", "chair"]),
)


@st.composite
def assemblies(draw: st.DrawFn, at_most: int = 12) -> Assembly:
    """Institutions in a meeting, some of which may leave, or by circulation."""
    entitled = draw(st.integers(0, at_most))
    if draw(st.booleans()):
        return Assembly(entitled, entitled, by_circulation=True)
    present = draw(st.integers(0, entitled))
    return Assembly(entitled, present, draw(st.none() | st.integers(0, present)))


@st.composite
def ballots(draw: st.DrawFn, at_most: int = 12) -> tuple[Assembly, list[Choice]]:
    """An assembly and the votes of some of those who may vote."""
    assembly = draw(assemblies(at_most))
    return assembly, draw(st.lists(st.sampled_from(CHOICES), max_size=assembly.present))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.of)
def test_the_verdict_is_the_one_written_by_hand(case: Case) -> None:
    """2/3 of 9 is 6, 55 % of 100 is 55, 0:0 does not pass, and so on through the table."""
    found = case.result()
    assert found.verdict == case.verdict
    assert (found.missing > 0) == (case.verdict == "failed")
    assert (found.quorum_missing > 0) == (case.verdict == "void")


def test_the_table_is_long_enough_and_says_each_thing_once() -> None:
    """At least sixty cases, no two alike, each verdict among them."""
    assert len(CASES) >= 60
    assert len({(case.rule, case.assembly, case.counts, case.chair) for case in CASES}) == len(CASES)
    assert {case.verdict for case in CASES} == {"passed", "failed", "void"}
    assert {case.result().reason for case in CASES} == {"majority", "short", "tie", "casting_vote", "zero_base", "no_quorum"}


def test_a_result_tells_the_numbers_it_follows_from() -> None:
    """Base, exact threshold, what is needed and what was missing: 2/3 of 10 is 6 2/3, so 7 are needed."""
    found = decide(DecisionRule(majority=Fraction(2, 3), strict=False), Assembly(14, 11), Counts(6, 4, 1))
    assert (found.base, found.threshold, found.needed, found.missing) == (10, Fraction(20, 3), 7, 1)
    assert (found.quorum_needed, found.quorum_there, found.quorum_missing) == (7, 11, 0)


@given(ballot=ballots(), rule=rules, chair=st.sampled_from(CHAIRS), order=st.randoms(use_true_random=False))
def test_the_order_of_votes_never_matters(
    ballot: tuple[Assembly, list[Choice]], rule: DecisionRule, chair: CastingVote | None, order: random.Random
) -> None:
    """Votes shuffled come to the same."""
    assembly, choices = ballot
    before = decide(rule, assembly, counted(choices), chair)
    order.shuffle(choices)
    assert decide(rule, assembly, counted(choices), chair) == before
    assert before.counts.in_favour + before.counts.against + before.counts.abstain == len(choices) <= assembly.entitled


@given(ballot=ballots(), rule=rules, chair=st.sampled_from(CHAIRS), changed=st.integers(0, 11))
def test_a_vote_for_never_turns_passed_into_failed(
    ballot: tuple[Assembly, list[Choice]], rule: DecisionRule, chair: CastingVote | None, changed: int
) -> None:
    """One more vote for, from who did not vote or in place of another vote, leaves passed what had passed; against, failed."""
    assembly, choices = ballot
    before = decide(rule, assembly, counted(choices), chair).verdict
    more: list[tuple[Choice, str, str]] = [("for", "passed", "failed"), ("against", "failed", "passed")]
    for choice, had, not_now in more:
        after = []
        if len(choices) < assembly.present:
            after.append([*choices, choice])
        if changed < len(choices):
            after.append([*choices[:changed], choice, *choices[changed + 1 :]])
        for votes in after:
            assert (before, decide(rule, assembly, counted(votes), chair).verdict) != (had, not_now)


def completions(rule: DecisionRule, assembly: Assembly, votes: Counts) -> set[str]:
    """Give the verdicts of all ways in which those who have not voted may vote, or not, and the chair may say either or nothing."""
    left = range(assembly.present - votes.cast + 1)
    verdicts: set[str] = set()
    for more_for, more_against, more_abstain in product(left, repeat=3):
        if more_for + more_against + more_abstain < len(left):
            done = Counts(votes.in_favour + more_for, votes.against + more_against, votes.abstain + more_abstain)
            verdicts |= {decide(rule, assembly, done, chair).verdict for chair in CHAIRS}
    return verdicts


def certain(rule: DecisionRule, assembly: Assembly, votes: Counts) -> bool:
    """Whether an early verdict is there exactly when all completions agree, and is theirs."""
    found = early(rule, assembly, votes, assembly.present - votes.cast)
    possible = completions(rule, assembly, votes)
    return ({found.verdict} if found else None) == (possible if len(possible) == 1 else None)


@pytest.mark.parametrize("majority", ["simple", "absolute", Fraction(1, 2), Fraction(2, 3)], ids=str)
@pytest.mark.parametrize("assembly", [Assembly(5, 4), Assembly(4, 4, by_circulation=True)], ids=["meeting", "circulation"])
def test_an_early_verdict_of_four_is_what_every_completion_gives(assembly: Assembly, majority: Majority) -> None:
    """All votes of four institutions, by all rules of this majority, one by one."""
    bases: tuple[Base, ...] = ("cast", "for_and_against", "present", "entitled")
    ties: tuple[Tie, ...] = ("none", "chair")
    four = [Counts(*votes) for votes in product(range(5), repeat=3) if sum(votes) <= assembly.present]
    for base, strict, tie, quorum in product(bases, (True, False), ties, (Fraction(0), Fraction(1, 2))):
        rule = DecisionRule(quorum=quorum, majority=majority, base=base, strict=strict, tie=tie)
        assert [votes for votes in four if not certain(rule, assembly, votes)] == []


@given(ballot=ballots(at_most=9), rule=rules)
def test_an_early_verdict_is_what_every_completion_gives(ballot: tuple[Assembly, list[Choice]], rule: DecisionRule) -> None:
    """It is there exactly when all ways to vote on, or not to, and the chair's either way, agree."""
    assembly, choices = ballot
    assert certain(rule, assembly, counted(choices))


@pytest.mark.parametrize(
    ("votes", "left", "verdict"),
    [
        (Counts(6, 0, 0), 5, "passed"),  # even if all others are against
        (Counts(5, 0, 0), 6, None),  # six may still be against
        (Counts(2, 6, 0), 3, "failed"),
        (Counts(2, 5, 1), 3, "failed"),  # three more for would only make a tie
        (Counts(3, 5, 0), 3, None),
        (Counts(5, 5, 1), 0, "failed"),
    ],
)
def test_an_early_verdict_of_eleven_present(votes: Counts, left: int, verdict: str | None) -> None:
    """Six for of eleven are certain; five are not."""
    found = early(DEFAULT_RULE, Assembly(14, 11), votes, left)
    assert (found and found.verdict) == verdict


def test_a_tie_waits_for_the_chair() -> None:
    """When all have voted and the chair may decide the tie, nothing is certain yet; nor when the last vote may make one."""
    assert early(replace(DEFAULT_RULE, tie="chair"), Assembly(14, 11), Counts(5, 4, 1), 1) is None
    assert early(replace(DEFAULT_RULE, tie="chair"), Assembly(14, 11), Counts(5, 5, 1), 0) is None


def test_by_circulation_nothing_is_certain_before_there_is_a_quorum() -> None:
    """Six of six for may still come to nothing when nobody else votes; the seventh makes it certain only once others cannot outvote."""
    assembly = Assembly(14, 14, by_circulation=True)
    assert early(DEFAULT_RULE, assembly, Counts(6, 0, 0), 8) is None
    assert early(DEFAULT_RULE, assembly, Counts(7, 0, 0), 7) is None
    assert early(DEFAULT_RULE, assembly, Counts(8, 0, 0), 6) is not None


def test_votes_that_cannot_be_are_a_mistake_of_the_program() -> None:
    """More votes than institutions, fewer than none, more present than entitled."""
    with pytest.raises(ValueError, match="more votes"):
        decide(DEFAULT_RULE, Assembly(14, 3), Counts(2, 2, 0))
    with pytest.raises(ValueError, match="negative"):
        Counts(-1, 0, 0)
    for wrong in ((3, 4), (3, 2, 3), (3, 2, -1), (3, -1)):
        with pytest.raises(ValueError, match="part"):
            Assembly(*wrong)
    with pytest.raises(ValueError, match="circulation"):
        Assembly(3, 2, by_circulation=True)
