"""Conditions: what they mean, what they ask about, how they read."""

from __future__ import annotations

from decimal import Decimal

import pytest

from konwent_bot.dialogue.conditions import AllOf, AnyOf, Compare, Not, canonical, holds, names, negated, parse
from konwent_bot.dialogue.sheets import explain
from tests.dialogue.voices import VOICE, trial


@pytest.mark.parametrize(
    ("source", "meaning"),
    [
        ("quality <= 2", Compare("quality", "<=", 2)),
        ("2 >= quality", Compare("quality", "<=", 2)),
        ("quality > -1.5", Compare("quality", ">", Decimal("-1.5"))),
        ("'law' in reasons", Compare("reasons", "has", "law")),
        ("'law' not in reasons", Compare("reasons", "lacks", "law")),
        ('frequency in ["a", "b"]', Compare("frequency", "in", ("a", "b"))),
        ('frequency not in ("a",)', Compare("frequency", "not in", ("a",))),
        ("hosting", Compare("hosting", "==", True)),
        ("not hosting", Not(Compare("hosting", "==", True))),
        ("1 <= quality <= 3", AllOf((Compare("quality", ">=", 1), Compare("quality", "<=", 3)))),
        ("a == 1 and b == 2 and c == 3", AllOf((Compare("a", "==", 1), Compare("b", "==", 2), Compare("c", "==", 3)))),
        ("a == 1 or b == 2 and c == 3", AnyOf((Compare("a", "==", 1), AllOf((Compare("b", "==", 2), Compare("c", "==", 3)))))),
    ],
)
def test_a_condition_means_one_of_four_things(source: str, meaning: object) -> None:
    """Every accepted text becomes comparisons joined by not, all and any."""
    assert parse(source) == meaning


@pytest.mark.parametrize(
    ("source", "known", "truth"),
    [
        ("a == 1", {}, False),
        ("a != 1", {}, False),
        ("a not in [1]", {}, False),
        ("'x' not in a", {}, False),
        ("a < 1", {}, False),
        ("not (a == 1)", {}, True),
        ("a != 1", {"a": 2}, True),
        ("a <= 2", {"a": 2}, True),
        ("a <= 2", {"a": "unknown"}, False),
        ("a > 2", {"a": "unknown"}, False),
        ("a != 2", {"a": "unknown"}, True),
        ("a == 'unknown'", {"a": "unknown"}, True),
        ("a == 2.5", {"a": "2.5"}, True),
        ("a in [1, 2.5]", {"a": "2.5"}, True),
        ("a > 2", {"a": "2.5"}, True),
        ("a < 10", {"a": "9.5"}, True),
        ("a > 9", {"a": "10"}, True),
        ("a >= '2026-06-01'", {"a": "2026-05-31"}, False),
        ("a >= '2026-06-01'", {"a": "2026-06-01"}, True),
        ("'x' in a", {"a": ("x", "y")}, True),
        ("'x' not in a", {"a": ("y",)}, True),
        ("'x' in a", {"a": "xyz"}, False),
        ("a", {"a": True}, True),
        ("a", {"a": False}, False),
        ("a == 1 and b == 1", {"a": 1}, False),
        ("a == 1 or b == 1", {"a": 1}, True),
        ("a in [1] and not (b == 1 or c == 1)", {"a": 1, "b": 2}, True),
    ],
)
def test_a_comparison_without_an_answer_is_false(source: str, known: dict[str, object], truth: bool) -> None:
    """Unanswered is false, ``!=`` included; an unknown scale answer is never small or large; decimals compare as numbers."""
    assert holds(parse(source), known) is truth


def test_a_condition_says_what_it_asks_about() -> None:
    """Names, and those under a not."""
    condition = parse("a == 1 and not (b == 2 or 'x' in c)")
    assert names(condition) == {"a", "b", "c"}
    assert negated(condition) == {"b", "c"}


def test_spelling_does_not_change_the_meaning() -> None:
    """Brackets and quotes that change nothing leave the canonical form alone; a bound moved by one does not."""
    assert canonical(parse("(a <= 2) and ('x' in b)")) == canonical(parse('a<=2 and "x" in b'))
    assert canonical(parse("a <= 2")) != canonical(parse("a <= 3"))


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("quality <= 2", "“Jakość” is at most 2"),
        ('quality == "unknown"', "“Jakość” is: Nie wiem / nie dotyczy"),
        ('frequency in ["rarely", "mostly"]', "“Terminowość” is one of: Rzadko, Zwykle"),
        (
            '"law" in reasons and not host',
            "in “Przyczyny” this is marked: Niejasne przepisy and it is not so that “Gospodarz” is: Yes",
        ),
        (
            "actions > 0 and (budget >= 100 or hosting)",
            "“Wspólne działania” is more than 0 and (“budget” is at least 100 or “hosting” is: Yes)",
        ),
    ],
)
def test_a_condition_reads_in_words(source: str, said: str) -> None:
    """People approve a sheet with labels, not ids."""
    assert explain(parse(source), trial(), VOICE) == said
