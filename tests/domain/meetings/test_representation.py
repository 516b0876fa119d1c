"""The proper person: who is called for an institution, who stands in, and whom a silent one is reminded through."""

from __future__ import annotations

from itertools import permutations
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from konwent_bot.domain.meetings.representation import (
    DEFAULT_CHAIR,
    PROPER_ROLES,
    Because,
    Place,
    call_order,
    reminder_order,
    whom_to_call,
)
from konwent_bot.domain.meetings.words import MEETING_KINDS, MeetingKind
from konwent_bot.domain.roster_words import SEAT_ROLES

#: GOPS Modliborzyce: its head, the designated person, and two substitutes for good.
HEAD, DELEGATE = Place(1, "head"), Place(2, "delegate")
SUBSTITUTE, SECOND_SUBSTITUTE = Place(3, "substitute"), Place(4, "substitute")
NO_HEAD, NO_DELEGATE = Place(1, "head", vacant=True), Place(2, "delegate", vacant=True)
SILENT_HEAD, SILENT_DELEGATE = Place(1, "head", reachable=False), Place(2, "delegate", reachable=False)
NOBODY: Final = None


def test_every_kind_of_meeting_has_its_proper_person() -> None:
    """Heads decide: strategic, networking and central meetings. Designated persons work: operational ones."""
    assert dict(PROPER_ROLES) == {"strategic": "head", "networking": "head", "central": "head", "operational": "delegate"}
    assert set(PROPER_ROLES) == set(MEETING_KINDS)
    assert DEFAULT_CHAIR == "coordinator"


@pytest.mark.parametrize(
    ("kind", "places", "called", "because", "vacant", "unreachable"),
    [
        ("strategic", (HEAD, DELEGATE, SUBSTITUTE), 1, "proper", (), ()),
        ("networking", (HEAD, DELEGATE), 1, "proper", (), ()),
        ("central", (DELEGATE, HEAD), 1, "proper", (), ()),
        ("operational", (HEAD, DELEGATE, SUBSTITUTE), 2, "proper", (), ()),
        # the seat of the head is vacant, by a row of its own or by none
        ("strategic", (NO_HEAD, DELEGATE, SUBSTITUTE), 2, "vacancy", ("head",), ()),
        ("strategic", (DELEGATE,), 2, "vacancy", ("head",), ()),
        ("operational", (HEAD, NO_DELEGATE), 1, "vacancy", ("delegate",), ()),
        # somebody holds it whom no channel reaches
        ("strategic", (SILENT_HEAD, DELEGATE), 2, "unreachable", (), ("head",)),
        ("operational", (HEAD, SILENT_DELEGATE), 1, "unreachable", (), ("delegate",)),
        # a vacancy of the other place is shown, and changes nothing
        ("strategic", (HEAD, NO_DELEGATE), 1, "proper", ("delegate",), ()),
        # substitutes for good, in their order
        ("strategic", (NO_HEAD, NO_DELEGATE, SUBSTITUTE, SECOND_SUBSTITUTE), 3, "vacancy", ("head", "delegate"), ()),
        ("strategic", (SILENT_HEAD, NO_DELEGATE, SUBSTITUTE), 3, "unreachable", ("delegate",), ("head",)),
        ("operational", (Place(3, "substitute", vacant=True), SECOND_SUBSTITUTE), 4, "vacancy", ("head", "delegate"), ()),
        # nobody
        ("strategic", (NO_HEAD, NO_DELEGATE), NOBODY, "nobody", ("head", "delegate"), ()),
        ("strategic", (SILENT_HEAD, SILENT_DELEGATE), NOBODY, "nobody", (), ("head", "delegate")),
        ("operational", (), NOBODY, "nobody", ("head", "delegate"), ()),
    ],
)
def test_who_is_called_and_why(
    kind: MeetingKind,
    places: tuple[Place, ...],
    called: int | None,
    because: Because,
    vacant: tuple[str, ...],
    unreachable: tuple[str, ...],
) -> None:
    """The proper person, else the other, else a substitute, else nobody; and what is vacant is always shown."""
    found = whom_to_call(kind, places)
    assert (found.place.id if found.place else None) == called
    assert (found.because, found.vacant, found.unreachable) == (because, vacant, unreachable)
    assert found.proper == PROPER_ROLES[kind]


@pytest.mark.parametrize(
    ("places", "composition", "called", "because"),
    [
        ((HEAD, DELEGATE), {2, 99}, 2, "proper"),
        ((HEAD, DELEGATE), {1}, 1, "proper"),  # the head works in this group
        ((HEAD, DELEGATE, SUBSTITUTE), {3}, 3, "proper"),
        ((HEAD, DELEGATE), {1, 2}, 2, "proper"),
        ((SILENT_HEAD, DELEGATE), {1}, 2, "unreachable"),
        ((NO_HEAD, DELEGATE), {1}, 2, "vacancy"),
        ((HEAD, DELEGATE), {99}, NOBODY, "outside_group"),
        ((NO_HEAD, NO_DELEGATE), {2}, NOBODY, "nobody"),
    ],
)
def test_a_working_group_calls_its_own_people(
    places: tuple[Place, ...], composition: set[int], called: int | None, because: Because
) -> None:
    """The task composition decides; an institution without anybody in it is not called (KSR White Book §1.3.7)."""
    found = whom_to_call("operational", places, composition=composition)
    assert (found.place.id if found.place else None, found.because) == (called, because)


def test_who_an_institution_names_for_a_meeting_comes() -> None:
    """GOPS names its second substitute for this once; whoever cannot be told is not called."""
    places = (HEAD, DELEGATE, SUBSTITUTE, SECOND_SUBSTITUTE)
    found = whom_to_call("strategic", places, named=4)
    assert (found.place, found.because) == (SECOND_SUBSTITUTE, "named")
    gone = (HEAD, DELEGATE, Place(4, "substitute", reachable=False))
    assert whom_to_call("strategic", gone, named=4).place == HEAD


@pytest.mark.parametrize(
    ("kind", "places", "order"),
    [
        ("strategic", (HEAD, DELEGATE, SUBSTITUTE), (1, 2)),
        ("operational", (HEAD, DELEGATE, SUBSTITUTE), (2, 1)),
        ("strategic", (NO_HEAD, DELEGATE, SUBSTITUTE), (2, 3)),
        ("strategic", (SILENT_HEAD, NO_DELEGATE, SUBSTITUTE), (3,)),
        ("strategic", (), ()),
    ],
)
def test_a_silent_institution_is_reminded_through_the_proper_person_then_the_second(
    kind: MeetingKind, places: tuple[Place, ...], order: tuple[int, ...]
) -> None:
    """Never more than two people of one institution are reminded."""
    assert tuple(place.id for place in reminder_order(kind, places)) == order


def test_the_order_in_which_the_two_are_listed_is_of_no_importance() -> None:
    """Head first or designated person first in the roster: the same person is called."""
    for places in permutations((HEAD, DELEGATE, SUBSTITUTE)):
        assert whom_to_call("strategic", places).place == HEAD
        assert whom_to_call("operational", places).place == DELEGATE


seats = st.lists(
    st.builds(Place, st.integers(1, 12), st.sampled_from(SEAT_ROLES), st.booleans(), st.booleans()),
    max_size=6,
    unique_by=lambda place: place.id,
)


@given(
    kind=st.sampled_from(MEETING_KINDS),
    places=seats,
    composition=st.sets(st.integers(1, 12), max_size=4),
    named=st.none() | st.integers(1, 12),
)
def test_nobody_is_called_who_cannot_be_told_and_somebody_is_if_anybody_can(
    kind: MeetingKind, places: list[Place], composition: set[int], named: int | None
) -> None:
    """Whatever the seats: the one called heads the order, can be told, and is missing only if nobody can be."""
    found = whom_to_call(kind, places, composition=composition, named=named)
    order = call_order(kind, places, composition=composition, named=named)
    if found.because == "outside_group":
        assert not composition & {place.id for place in places}
    else:
        assert found.place == (order[0] if order else None)
        assert (found.place is None) == (not any(place.answers for place in places)) == (found.because == "nobody")
    assert all(place.answers for place in order)
    assert not {*found.vacant} & {*found.unreachable}
