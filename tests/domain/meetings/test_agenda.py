"""The agenda: what stands on it by itself, what can be moved, and what cannot be taken off."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from konwent_bot.domain.meetings.agenda import MATTERS, Item, check, default_agenda, inserted, moved, ordered, removed
from konwent_bot.domain.meetings.words import MEETING_KINDS, MeetingKind
from konwent_bot.errors import Refused

OTHER_KINDS: tuple[MeetingKind, ...] = ("operational", "networking", "central")


def kinds(items: tuple[Item, ...]) -> list[str]:
    return [item.kind for item in items]


def test_a_strategic_meeting_hears_the_report_and_the_conclusions() -> None:
    """Everything there can be, in its order; the matters keep their numbers."""
    found = default_agenda("strategic", round_closed=5, carried=[31, 30], own=[40])
    assert found == (
        Item("opening_and_quorum"),
        Item("adoption_of_agenda"),
        Item("status_report"),
        Item("card_conclusions", 5),
        Item("carried", 31),
        Item("carried", 30),
        Item("own", 40),
        Item("free_motions"),
        Item("next_date"),
    )
    assert {item.kind for item in found if item.subject in {30, 31, 40}} == MATTERS


def test_without_a_closed_round_nothing_is_concluded() -> None:
    """The status report is there all the same."""
    assert kinds(default_agenda("strategic")) == [
        "opening_and_quorum",
        "adoption_of_agenda",
        "status_report",
        "free_motions",
        "next_date",
    ]


@pytest.mark.parametrize("kind", OTHER_KINDS)
def test_other_meetings_hear_neither(kind: MeetingKind) -> None:
    """The case manager reports at strategic meetings, and conclusions are adopted there (R5, R9)."""
    assert kinds(default_agenda(kind, round_closed=5, own=[40])) == [
        "opening_and_quorum",
        "adoption_of_agenda",
        "own",
        "free_motions",
        "next_date",
    ]


def test_a_matter_is_entered_before_free_motions() -> None:
    """What a member proposes stands with the other matters, or at the end if free motions were taken off."""
    agenda = default_agenda("operational", own=[40])
    assert inserted(agenda, Item("own", 41))[2:5] == (Item("own", 40), Item("own", 41), Item("free_motions"))
    bare = (Item("opening_and_quorum"),)
    assert inserted(bare, Item("own", 41)) == (*bare, Item("own", 41))


def test_the_coordinator_moves_items() -> None:
    """The status report goes after the matter of transport; everything else keeps its order."""
    agenda = default_agenda("strategic", own=[40])
    later = moved(agenda, 2, 3)
    assert kinds(later) == ["opening_and_quorum", "adoption_of_agenda", "own", "status_report", "free_motions", "next_date"]
    assert moved(later, 3, 2) == agenda


@pytest.mark.parametrize(("place", "to"), [(0, 1), (2, 0), (0, 4)])
def test_nothing_comes_before_the_opening(place: int, to: int) -> None:
    """A meeting is opened before it does anything."""
    with pytest.raises(Refused, match="Opening and quorum"):
        moved(default_agenda("strategic"), place, to)


def test_the_status_report_cannot_be_taken_off_a_strategic_agenda() -> None:
    """R5: the case manager reports at every strategic meeting."""
    agenda = default_agenda("strategic")
    with pytest.raises(Refused, match="status report"):
        removed("strategic", agenda, 2)
    assert "status_report" not in kinds(removed("operational", agenda, 2))


@pytest.mark.parametrize("kind", MEETING_KINDS)
def test_other_items_can_be_taken_off_but_not_the_opening(kind: MeetingKind) -> None:
    """Free motions are a custom; the opening is not."""
    agenda = default_agenda(kind)
    assert "free_motions" not in kinds(removed(kind, agenda, kinds(agenda).index("free_motions")))
    with pytest.raises(Refused, match="Opening and quorum"):
        removed(kind, agenda, 0)


def test_an_empty_agenda_is_not_sent() -> None:
    """Before an agenda goes out it is held against the rules."""
    with pytest.raises(Refused, match="empty"):
        check("strategic", ())
    with pytest.raises(Refused, match="Opening and quorum"):
        check("operational", (Item("opening_and_quorum"), Item("own", 1), Item("opening_and_quorum")))
    for kind in MEETING_KINDS:
        check(kind, default_agenda(kind))


@pytest.mark.parametrize(("place", "to"), [(-1, 2), (2, 9), (9, 2)])
def test_a_place_that_is_not_there_is_our_mistake(place: int, to: int) -> None:
    """Nobody can point at the tenth of five items."""
    agenda = default_agenda("strategic")
    with pytest.raises(ValueError, match="places"):
        moved(agenda, place, to)
    with pytest.raises(ValueError, match="no place"):
        removed("strategic", agenda, 9)
    with pytest.raises(ValueError, match="other items"):
        ordered(agenda, [0, 1, 1, 3, 4])


@given(st.permutations(range(1, 8)))
def test_any_order_after_the_opening_is_allowed(order: list[int]) -> None:
    """Items are never lost or doubled by ordering, and what was in order before stays in order."""
    agenda = default_agenda("strategic", round_closed=5, carried=[30], own=[40])
    found = ordered(agenda, [0, *order])
    assert sorted(map(str, found)) == sorted(map(str, agenda))
    check("strategic", found)
