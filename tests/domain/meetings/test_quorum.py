"""Quorum: how many are needed, what the answers foretell, and when enough were there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from konwent_bot.domain.meetings.quorum import (
    DEFAULT_QUORUM,
    Presence,
    QuorumSpan,
    Roll,
    forecast,
    present_at,
    quorum_at,
    quorum_spans,
)
from konwent_bot.domain.meetings.words import ANSWERS, Answer

TEN: Final = datetime(2027, 2, 9, 9, 0, tzinfo=UTC)
#: Four institutions of a small convent, and the town hall, which is a guest.
KIS, GOPS, SCHOOL, LIBRARY, TOWN_HALL = 1, 2, 3, 4, 99
CONVENT = Roll(frozenset({KIS, GOPS, SCHOOL, LIBRARY}))


def minute(number: int) -> datetime:
    return TEN + timedelta(minutes=number)


def there(institution: int, arrived: int, left: int | None = None) -> Presence:
    return Presence(institution, minute(arrived), None if left is None else minute(left))


@pytest.mark.parametrize(
    ("entitled", "fraction", "needed"),
    [
        (14, Fraction(1, 2), 7),
        (13, Fraction(1, 2), 7),
        (15, Fraction(2, 3), 10),
        (16, Fraction(2, 3), 11),
        (14, Fraction(0), 0),
        (14, Fraction(1), 14),
        (1, Fraction(1, 2), 1),
        (0, Fraction(1, 2), 0),
        (3, Fraction(1, 3), 1),  # in floating point a third of three may be more than one
    ],
)
def test_the_quorum_is_that_part_of_the_roll_or_more(entitled: int, fraction: Fraction, needed: int) -> None:
    """Half of 14 is 7; half of 13 is reached by 7; no quorum is asked for with 0."""
    assert Roll(frozenset(range(entitled)), fraction).needed == needed


@pytest.mark.parametrize("fraction", [Fraction(-1, 2), Fraction(3, 2)])
def test_a_quorum_is_a_part_of_the_whole(fraction: Fraction) -> None:
    """More than all cannot come."""
    with pytest.raises(ValueError, match="part"):
        Roll(frozenset({KIS}), fraction)


@pytest.mark.parametrize(
    ("answers", "coming", "absent", "silent", "missing", "possible"),
    [
        ({}, 0, 0, 4, 2, True),
        ({KIS: "yes"}, 1, 0, 3, 1, True),
        ({KIS: "yes", GOPS: "substitute"}, 2, 0, 2, 0, True),
        ({KIS: "no", GOPS: "no", SCHOOL: "yes"}, 1, 2, 1, 1, True),
        ({KIS: "no", GOPS: "no", SCHOOL: "no"}, 0, 3, 1, 2, False),
        ({KIS: "yes", TOWN_HALL: "yes"}, 1, 0, 3, 1, True),  # a guest makes no quorum
    ],
)
def test_the_answers_foretell_the_quorum(
    answers: dict[int, Answer], coming: int, absent: int, silent: int, missing: int, possible: bool
) -> None:
    """Of four institutions two are needed; a substitute counts for its institution."""
    found = forecast(CONVENT, answers)
    assert (found.entitled, found.needed) == (4, 2)
    assert (found.coming, found.absent, found.silent) == (coming, absent, silent)
    assert (found.missing, found.possible) == (missing, possible)


def test_without_a_quorum_nothing_is_missing() -> None:
    """A body that asks for none can meet whoever comes."""
    found = forecast(Roll(CONVENT.entitled, Fraction(0)), dict.fromkeys(CONVENT.entitled, "no"))
    assert (found.needed, found.missing, found.possible) == (0, 0, True)
    assert Fraction(1, 2) == DEFAULT_QUORUM


def test_who_is_there_is_known_at_any_minute() -> None:
    """GOPS leaves at 10:30 and comes back at 10:40; somebody who leaves at 10:30 is not there at 10:30."""
    presences = [there(KIS, 0), there(GOPS, 5, 30), there(GOPS, 40), there(TOWN_HALL, 0)]
    at = {number: present_at(CONVENT, presences, minute(number)) for number in (-1, 0, 5, 29, 30, 40)}
    assert at == {-1: set(), 0: {KIS}, 5: {KIS, GOPS}, 29: {KIS, GOPS}, 30: {KIS}, 40: {KIS, GOPS}}
    assert [quorum_at(CONVENT, presences, minute(number)) for number in (0, 5, 30, 40)] == [False, True, False, True]
    assert quorum_spans(CONVENT, presences) == (QuorumSpan(minute(5), minute(30)), QuorumSpan(minute(40), None))


def test_two_people_of_one_institution_are_one_institution() -> None:
    """The head and the designated person of GOPS are both there: one of two that are needed."""
    assert quorum_spans(CONVENT, [there(GOPS, 0), there(GOPS, 10, 20)]) == ()
    assert quorum_spans(CONVENT, [there(GOPS, 0, 15), there(GOPS, 10), there(KIS, 5)]) == (QuorumSpan(minute(5), None),)


def test_a_hand_over_at_the_door_does_not_break_the_quorum() -> None:
    """The school leaves in the minute the library arrives: the quorum was never lost."""
    presences = [there(KIS, 0), there(SCHOOL, 0, 30), there(LIBRARY, 30)]
    assert quorum_spans(CONVENT, presences) == (QuorumSpan(minute(0), None),)


def test_nobody_came() -> None:
    """Without anybody there is no first minute, even where no quorum is asked for."""
    assert quorum_spans(CONVENT, []) == ()
    none_asked = Roll(CONVENT.entitled, Fraction(0))
    assert quorum_spans(none_asked, []) == ()
    assert quorum_spans(none_asked, [there(KIS, 3, 9)]) == (QuorumSpan(minute(3), None),)
    assert quorum_spans(CONVENT, [there(TOWN_HALL, 0), there(KIS, 0)]) == ()


presences = st.lists(
    st.tuples(st.sampled_from([KIS, GOPS, SCHOOL, LIBRARY, TOWN_HALL]), st.integers(0, 40), st.none() | st.integers(0, 40)).map(
        lambda stay: there(stay[0], stay[1], None if stay[2] is None else stay[1] + stay[2])
    ),
    max_size=12,
)


@given(presences=presences, number=st.integers(0, 90), fraction=st.sampled_from([Fraction(1, 4), Fraction(1, 2), Fraction(1)]))
def test_the_stretches_say_what_every_minute_says(presences: list[Presence], number: int, fraction: Fraction) -> None:
    """A minute lies in a stretch with a quorum exactly if enough were there in that minute."""
    roll = Roll(CONVENT.entitled, fraction)
    inside = [
        span
        for span in quorum_spans(roll, presences)
        if span.start <= minute(number) and (span.end is None or minute(number) < span.end)
    ]
    assert bool(inside) == quorum_at(roll, presences, minute(number))
    assert len(inside) <= 1


@given(answers=st.dictionaries(st.integers(1, 20), st.sampled_from(ANSWERS)), size=st.integers(0, 20))
def test_everybody_on_the_roll_is_counted_once(answers: dict[int, Answer], size: int) -> None:
    """Coming, absent and silent together are the roll."""
    found = forecast(Roll(frozenset(range(1, size + 1))), answers)
    assert found.coming + found.absent + found.silent == found.entitled == size
