"""How two texts differ, as the second of two editors is shown it."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from konwent_bot.domain.minutes.difference import difference


def shown(before: str, after: str) -> str:
    """Write a difference on one line."""
    marks = {"same": "{}", "removed": "[-{}-]", "added": "[+{}+]"}
    return "".join(marks[part.kind].format(part.text) for part in difference(before, after))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", "", ""),
        ("", "Nowy zapis.", "[+Nowy zapis.+]"),
        ("Dawny zapis.", "", "[-Dawny zapis.-]"),
        ("Bez zmian.", "Bez zmian.", "Bez zmian."),
        ("Omówiono plan roku.", "Omówiono plan roku 2027.", "Omówiono plan roku[+ 2027+]."),
        ("GOPS zgłosił trudność.", "GOPS i szkoła zgłosili trudność.", "GOPS [-zgłosił-][+i szkoła zgłosili+] trudność."),
        ("Pierwszy akapit.\nDrugi.", "Pierwszy akapit.\n\nDrugi.", "Pierwszy akapit.[-\n-][+\n\n+]Drugi."),
        ("Zażółć gęślą jaźń", "Zażółć gęślą jaźnie", "Zażółć gęślą [-jaźń-][+jaźnie+]"),
    ],
)
def test_words_that_were_changed_are_marked(before: str, after: str, expected: str) -> None:
    """Whole words are removed and added; what is around them stays as it is."""
    assert shown(before, after) == expected


words = st.lists(st.sampled_from(["plan", "roku", ",", " ", "\n", "GOPS", ".", "  ", "é"])).map("".join)


@given(before=st.one_of(words, st.text()), after=st.one_of(words, st.text()))
def test_both_texts_can_be_read_from_a_difference(before: str, after: str) -> None:
    """Nothing is lost, invented or put elsewhere, whatever was written; pieces of one kind are one piece."""
    parts = difference(before, after)
    assert "".join(part.text for part in parts if part.kind != "added") == before
    assert "".join(part.text for part in parts if part.kind != "removed") == after
    assert all(part.text for part in parts)
    assert all(one.kind != other.kind for one, other in pairwise(parts))
    assert (before == after) == all(part.kind == "same" for part in parts)


def test_the_longest_texts_are_compared_at_once() -> None:
    """Two notes of four thousand signs with nothing but commas, or the same word over and over, hold nobody up."""
    begun = time.perf_counter()
    for before, after in (("a,b." * 1000, "b.c," * 1000), ("plan " * 800, "roku plan " * 400), ("a b " * 400, "b c " * 400)):
        parts = difference(before, after)
        assert "".join(part.text for part in parts if part.kind != "added") == before
    assert time.perf_counter() - begun < 5
