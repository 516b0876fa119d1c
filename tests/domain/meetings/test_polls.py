"""Polls: the best date is found by a rule anybody can follow, and nothing but the answers decides."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from konwent_bot.domain.meetings.polls import POLL_ANSWERS, Tally, best, tally

TUESDAY, WEDNESDAY, THURSDAY = (datetime.fromisoformat(f"2027-02-{day}T10:00") for day in ("09", "10", "11"))


def said(wall: datetime, yes: int, maybe: int, no: int) -> Tally:
    """Give a date with these answers of eleven institutions."""
    return Tally(wall, yes, maybe, no, 11 - yes - maybe - no)


@pytest.mark.parametrize(
    ("tallies", "wall", "why", "quorum"),
    [
        ([said(TUESDAY, 8, 2, 1), said(WEDNESDAY, 9, 0, 2)], TUESDAY, "coming", True),
        ([said(TUESDAY, 5, 5, 1), said(WEDNESDAY, 9, 1, 1)], WEDNESDAY, "yes", True),
        ([said(WEDNESDAY, 6, 1, 4), said(TUESDAY, 6, 1, 2)], TUESDAY, "earliest", True),
        ([said(TUESDAY, 2, 1, 8), said(WEDNESDAY, 0, 5, 6)], WEDNESDAY, "coming", False),
        ([said(TUESDAY, 4, 1, 0), said(WEDNESDAY, 4, 1, 6), said(THURSDAY, 5, 0, 0)], THURSDAY, "yes", False),
        ([said(TUESDAY, 0, 0, 11), said(WEDNESDAY, 1, 0, 10)], WEDNESDAY, "coming", False),
    ],
)
def test_the_best_date(tallies: list[Tally], wall: datetime, why: str, quorum: bool) -> None:
    """Most that can come, then most it suits, then the earliest; whether that makes a quorum of six is said beside it."""
    found = best(tallies, 6)
    assert found is not None
    assert (found.tally.wall, found.why, found.quorum) == (wall, why, quorum)


def test_without_anybody_who_can_come_there_is_no_best_date() -> None:
    """Silence and refusals recommend nothing."""
    assert best([said(TUESDAY, 0, 0, 4), said(WEDNESDAY, 0, 0, 11)], 0) is None
    assert best([], 0) is None


def test_answers_of_others_do_not_count() -> None:
    """An institution that has left since answered counts for nothing, and who is silent is counted as silent."""
    assert tally(TUESDAY, (1, 2, 3, 4), {1: "yes", 2: "if_need_be", 3: "no", 9: "yes"}) == Tally(TUESDAY, 1, 1, 1, 1)


_TALLIES = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=8
).map(lambda rows: [Tally(TUESDAY + timedelta(days=day), yes, maybe, no, 15 - yes - maybe - no) for day, (yes, maybe, no) in enumerate(rows)])  # fmt: skip


@given(_TALLIES, st.integers(0, 15), st.randoms())
def test_the_order_in_which_dates_are_given_changes_nothing(tallies: list[Tally], needed: int, random: object) -> None:
    """Shuffled dates have the same best one, and nobody could do better by the rule."""
    shuffled = list(tallies)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a Random
    found = best(tallies, needed)
    assert found == best(shuffled, needed)
    if found is None:
        assert all(one.coming == 0 for one in tallies)
        return
    assert all(
        (one.coming, one.yes, -one.wall.timestamp()) <= (found.tally.coming, found.tally.yes, -found.tally.wall.timestamp())
        for one in tallies
    )
    assert found.quorum == (found.tally.coming >= needed)
    reaches = [one for one in tallies if one.coming >= needed]
    assert not reaches or found.tally in reaches, "a date with a quorum is never passed over for one without"


@given(st.dictionaries(st.integers(0, 9), st.sampled_from(POLL_ANSWERS)), st.sets(st.integers(0, 9)))
def test_every_institution_is_counted_once(answers: dict[int, str], entitled: set[int]) -> None:
    """Whatever is answered, the figures of a date add up to the institutions that are asked."""
    found = tally(TUESDAY, entitled, answers)  # type: ignore[arg-type]  # words of the sampled type
    assert found.yes + found.if_need_be + found.no + found.silent == len(entitled)
