"""Consensus rounds: objections, quorum, unanimity, silence."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.decisions.test_tally import rules

from konwent_bot.domain.decisions.consensus import ROUND_KINDS, STANCES, RoundKind, Stances, StanceWord, counted, settle_round
from konwent_bot.domain.decisions.rule import DEFAULT_RULE, DecisionRule

NO_QUORUM_NEEDED = DecisionRule(quorum=Fraction(0))


@pytest.mark.parametrize(
    ("kind", "asked", "stances", "outcome", "unanimous"),
    [
        ("meeting", 11, Stances(11, 0, 0, 0), "adopted", True),
        ("meeting", 11, Stances(9, 2, 0, 0), "adopted", True),  # a reservation agrees all the same
        ("meeting", 11, Stances(10, 0, 1, 0), "adopted", False),  # who stands aside does not agree
        ("meeting", 11, Stances(10, 0, 0, 0), "adopted", False),  # who is silent does not say so
        ("meeting", 11, Stances(0, 0, 0, 0), "adopted", False),  # nobody objects when asked
        ("meeting", 11, Stances(10, 0, 0, 1), "objected", False),
        ("meeting", 6, Stances(6, 0, 0, 0), "void", False),
        ("meeting", 6, Stances(5, 0, 0, 1), "objected", False),  # an objection stands, quorum or not
        ("circulation", 14, Stances(5, 1, 1, 0), "adopted", False),  # exactly half took a stance
        ("circulation", 14, Stances(5, 1, 0, 0), "void", False),
        ("circulation", 14, Stances(14, 0, 0, 0), "adopted", True),
        ("circulation", 14, Stances(0, 0, 0, 1), "objected", False),
        ("tacit", 14, Stances(0, 0, 0, 0), "adopted", False),
        ("tacit", 14, Stances(13, 0, 0, 1), "objected", False),
        ("tacit", 14, Stances(14, 0, 0, 0), "adopted", True),
    ],
)
def test_a_round_of_fourteen_entitled(kind: RoundKind, asked: int, stances: Stances, outcome: str, unanimous: bool) -> None:
    """One objection is enough; without one a quorum of 7 decides; unanimous is what everybody asked has said."""
    found = settle_round(DEFAULT_RULE, kind=kind, entitled=14, asked=asked, stances=stances)
    assert (found.outcome, found.unanimous) == (outcome, unanimous)
    assert found.silent == asked - stances.taken
    assert (found.quorum_missing > 0) >= (outcome == "void")


@pytest.mark.parametrize("kind", ROUND_KINDS)
def test_nobody_adopts_nothing(kind: RoundKind) -> None:
    """Where no institution was asked, nothing is adopted, even without a quorum to reach."""
    assert settle_round(NO_QUORUM_NEEDED, kind=kind, entitled=14, asked=0, stances=Stances(0, 0, 0, 0)).outcome == "void"


def test_by_circulation_silence_of_all_is_no_consent() -> None:
    """Unless consent is tacit there, somebody must have said something."""
    silence = Stances(0, 0, 0, 0)
    assert settle_round(NO_QUORUM_NEEDED, kind="circulation", entitled=14, asked=14, stances=silence).outcome == "void"
    assert settle_round(NO_QUORUM_NEEDED, kind="tacit", entitled=14, asked=14, stances=silence).outcome == "adopted"


@given(
    stances=st.lists(st.sampled_from(STANCES), max_size=10),
    rule=rules,
    kind=st.sampled_from(ROUND_KINDS),
    asked=st.integers(0, 10),
)
def test_an_objection_always_stands_and_the_order_never_matters(
    stances: list[StanceWord], rule: DecisionRule, kind: RoundKind, asked: int
) -> None:
    """There is no consensus exactly when somebody objects, whoever spoke first."""
    asked = max(asked, len(stances))
    found = settle_round(rule, kind=kind, entitled=12, asked=asked, stances=counted(stances))
    assert (found.outcome == "objected") == ("object" in stances)
    assert settle_round(rule, kind=kind, entitled=12, asked=asked, stances=counted(stances[::-1])) == found
    assert not found.unanimous or set(stances) <= {"agree", "reserve"}


def test_stances_that_cannot_be_are_a_mistake_of_the_program() -> None:
    """More stances than institutions, fewer than none."""
    with pytest.raises(ValueError, match="part"):
        settle_round(DEFAULT_RULE, kind="meeting", entitled=14, asked=1, stances=Stances(2, 0, 0, 0))
    with pytest.raises(ValueError, match="part"):
        settle_round(DEFAULT_RULE, kind="meeting", entitled=1, asked=2, stances=Stances(0, 0, 0, 0))
    with pytest.raises(ValueError, match="negative"):
        Stances(0, 0, 0, -1)
