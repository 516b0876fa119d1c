"""The rule of a body: what it may be, how it is written and read."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from tests.domain.decisions.test_tally import rules

from konwent_bot.domain.decisions.rule import DEFAULT_RULE, DecisionRule, part, read, written
from konwent_bot.errors import Invalid


def test_a_body_that_chose_nothing_decides_by_more_for_than_against_of_half_its_institutions() -> None:
    """The defaults of domain.md: G1, G2, G5."""
    assert written(DEFAULT_RULE) == {
        "quorum": "1/2", "quorum_base": "entitled", "majority": "simple", "base": "for_and_against", "strict": True, "tie": "none",
    }  # fmt: skip


@given(rule=rules)
def test_a_rule_is_read_as_it_was_written(rule: DecisionRule) -> None:
    """Written and read back it is the same rule."""
    assert read(written(rule)) == rule


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2/3", Fraction(2, 3)),
        ("4/6", Fraction(2, 3)),
        ("55%", Fraction(11, 20)),
        ("55 %", Fraction(11, 20)),
        ("66.7%", Fraction(667, 1000)),
        ("0,55", Fraction(11, 20)),
        ("0.1", Fraction(1, 10)),
        ("0.05", Fraction(1, 20)),
        (" 1 ", Fraction(1)),
        ("100%", Fraction(1)),
        ("0", Fraction(0)),
    ],
)
def test_a_part_is_read_exactly(text: str, value: Fraction) -> None:
    """Fractions, per cent and decimals, as people write them."""
    assert part(text) == value


@pytest.mark.parametrize(
    "text", ["", "half", "2/0", "-1/2", "1/-2", "2//3", "1e2", "nan", "inf", "2/3/4", "½", "٢/٣", "9" * 5000, "1_0"]
)
def test_what_is_no_part_is_refused(text: str) -> None:
    """Nothing is guessed, and a long number costs nothing."""
    with pytest.raises(Invalid) as refused:
        part(text)
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize("quorum", [Fraction(101, 100), Fraction(-1, 2), Fraction(2)])
def test_a_quorum_of_more_than_all_cannot_be(quorum: Fraction) -> None:
    """A hundred per cent is the most."""
    with pytest.raises(Invalid):
        DecisionRule(quorum=quorum)


@pytest.mark.parametrize("majority", [Fraction(0), Fraction(-1, 3), Fraction(3, 2)])
def test_a_majority_of_nothing_or_of_more_than_all_cannot_be(majority: Fraction) -> None:
    """It is a part of the whole."""
    with pytest.raises(Invalid):
        DecisionRule(majority=majority)


def test_more_than_all_can_be_asked_for_and_never_reached() -> None:
    """Such a rule says of itself that no body should choose it."""
    assert not DecisionRule(majority=Fraction(1), strict=True).attainable
    assert DecisionRule(majority=Fraction(1), strict=False).attainable
    assert DEFAULT_RULE.attainable


@pytest.mark.parametrize(
    "wrong",
    [
        {"quorum": "101%"}, {"quorum": 0.5}, {"quorum": True}, {"quorum": None}, {"quorum": 2}, {"quorum_base": "all"},
        {"quorum_base": ["entitled"]}, {"majority": "most"}, {"majority": "0"}, {"majority": ["simple"]}, {"majority": 3},
        {"base": "votes"}, {"base": 1}, {"strict": 1}, {"strict": "true"}, {"tie": "coin"}, {"tie": False},
    ],
)  # fmt: skip
def test_a_rule_that_says_something_else_is_refused(wrong: dict[str, object]) -> None:
    """Each entry has its kind, and true is no number."""
    with pytest.raises(Invalid):
        read({**written(DEFAULT_RULE), **wrong})


@pytest.mark.parametrize("key", ["quorum", "quorum_base", "majority", "base", "strict", "tie"])
def test_a_rule_says_everything(key: str) -> None:
    """Nothing is filled in: a default nobody sees is how bases get lost."""
    said: dict[str, object] = dict(written(DEFAULT_RULE))
    del said[key]
    with pytest.raises(Invalid):
        read(said)


def test_none_and_all_may_be_written_as_numbers() -> None:
    """0 and 1 are exact."""
    assert read({**written(DEFAULT_RULE), "quorum": 0, "majority": 1, "strict": False}).quorum == 0
