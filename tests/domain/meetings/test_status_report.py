"""The status report: numbers that tell how the process goes and of nobody in it."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from konwent_bot.domain.meetings.status_report import (
    PROBLEM_KINDS,
    ProcessCounts,
    Shown,
    ShownCounts,
    shown,
    shown_counts,
    shown_table,
)

#: No number of the tests below is larger; somebody who tries everything tries up to here.
LARGEST = 20


@pytest.mark.parametrize(("number", "told"), [(0, 0), (1, "few"), (2, "few"), (3, 3), (17, 17)])
def test_one_and_two_are_fewer_than_three(number: int, told: Shown) -> None:
    """Nobody is there: that tells of nobody. One or two are: that might."""
    assert shown(number) == told


@pytest.mark.parametrize(
    ("cells", "told", "total"),
    [
        ({"a": 5, "b": 7}, {"a": 5, "b": 7}, 12),
        ({"a": 5, "b": 2}, {"a": 5, "b": "few"}, "withheld"),  # 7 - 5
        ({"a": 5, "b": 1, "c": 1}, {"a": 5, "b": "few", "c": "few"}, "withheld"),  # 7 - 5 is 1 + 1
        ({"a": 5, "b": 2, "c": 2}, {"a": 5, "b": "few", "c": "few"}, "withheld"),  # 9 - 5 is 2 + 2
        ({"a": 5, "b": 1, "c": 2}, {"a": 5, "b": "few", "c": "few"}, 8),  # 1 + 2 or 2 + 1
        ({"a": 0, "b": 0}, {"a": 0, "b": 0}, 0),
        ({}, {}, 0),
    ],
)
def test_a_total_that_would_give_a_number_away_is_withheld(cells: dict[str, int], told: dict[str, Shown], total: Shown) -> None:
    """Whoever can subtract must not learn that two people of a village are in debt."""
    assert shown_table(cells, sum(cells.values())) == (told, total)
    assert shown_table(cells) == (told, None)


@given(st.lists(st.integers(0, 6), max_size=5))
def test_nobody_who_tries_all_tables_learns_a_small_number(numbers: list[int]) -> None:
    """Every table that looks the same is tried: each hidden cell may be 1 and may be 2."""
    cells = dict(enumerate(numbers))
    told, total = shown_table(cells, sum(numbers))
    ranges: list[tuple[int, ...]] = [(cell,) if isinstance(cell, int) else (1, 2) for cell in told.values()]
    alike = [table for table in product(*ranges) if shown_table(dict(enumerate(table)), sum(table)) == (told, total)]
    if total != "withheld":
        assert all(len({table[index] for table in alike}) == 2 for index, cell in told.items() if cell == "few")


@pytest.mark.parametrize(
    ("before", "counts", "told"),
    [
        (None, (23, 5, 2), (23, 5, "few")),  # the first report: nothing to compare with
        (20, (23, 6, 3), (23, 6, 3)),
        (20, (23, 5, 2), (23, "withheld", "few")),  # 20 + 5 - 23
        (20, (21, 3, 2), ("withheld", 3, "few")),  # without the 3: 2 or 3 joined, and 2 would be hidden as such
        (20, (22, 4, 2), (22, "withheld", "few")),  # without the 4: 3 or 4 joined
        (20, (18, 0, 2), ("withheld", 0, "few")),  # 20 + 0 - 18; a zero is no secret, so the other goes
        (20, (20, 2, 2), (20, "few", "few")),  # 1 and 1 or 2 and 2
        (20, (19, 1, 2), ("withheld", "few", "few")),  # only 1 and 2 make one fewer
        (3, (2, 1, 2), ("withheld", "withheld", "withheld")),  # nothing else can be left to guess
        ("few", (10, 9, 0), (10, "withheld", 0)),  # 10 - 9 would tell of the report before
        ("withheld", (23, 6, 3), (23, 6, "withheld")),  # it was withheld for a reason
    ],
)
def test_two_reports_in_a_row_do_not_give_a_number_away(
    before: Shown | None, counts: tuple[int, int, int], told: tuple[Shown, Shown, Shown]
) -> None:
    """Who was there and joined, less who finished, are there now: three of the four would tell the fourth."""
    assert shown_counts(ProcessCounts(*counts), before) == ShownCounts(*told)


@given(before=st.integers(0, 9), joined=st.integers(0, 7), finished=st.integers(0, 7))
def test_nobody_who_tries_everything_learns_who_joined_or_finished(before: int, joined: int, finished: int) -> None:
    """All numbers that fit what is told are tried: a hidden one is never left with a single value."""
    in_process = before + joined - finished
    if in_process < 0:
        return
    was = shown(before)
    told = shown_counts(ProcessCounts(in_process, joined, finished), was)
    cells = (was, told.in_process, told.joined, told.finished)

    def values(cell: Shown) -> range:
        match cell:
            case "few":
                return range(1, 3)
            case "withheld":
                # What is withheld would be shown by itself, unless nothing at all is shown.
                return range(LARGEST) if told == ShownCounts("withheld", "withheld", "withheld") else range(3, LARGEST)
            case _:
                return range(cell, cell + 1)

    fitting = [four for four in product(*map(values, cells)) if four[0] + four[2] - four[3] == four[1]]
    assert (before, in_process, joined, finished) in fitting
    for index, cell in enumerate(cells):
        if cell == "few":
            assert len({four[index] for four in fitting}) == 2


def test_fewer_than_nobody_is_our_mistake() -> None:
    """People are counted from 0."""
    with pytest.raises(ValueError, match="counted"):
        ProcessCounts(3, -1, 0)


def test_problems_are_of_services_and_not_of_people() -> None:
    """A category is one word, once, and there is a way to say that there was none."""
    assert len(set(PROBLEM_KINDS)) == len(PROBLEM_KINDS)
    assert PROBLEM_KINDS[-2:] == ("other", "none")
