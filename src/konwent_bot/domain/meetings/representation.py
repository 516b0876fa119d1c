"""Who is called to a meeting for an institution: its proper person, or who stands in.

KSR White Book §1.3.7; domain.md R1, R2, G23. Each institution sends two people, its head and a designated person with subject
knowledge, and the kind of meeting decides which of them is proper. A place nobody holds is shown as vacant and never silently
passed over.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from konwent_bot.domain.meetings.words import MeetingKind
from konwent_bot.domain.roster_words import PostKind, SeatRole

#: Whose place is called to which meeting (R2: heads decide, designated persons work).
PROPER_ROLES: Final[Mapping[MeetingKind, SeatRole]] = {
    "strategic": "head",
    "networking": "head",
    "central": "head",
    "operational": "delegate",
}
#: Who chairs unless the meeting says otherwise (G8: the sources only say that the KIS organises it).
DEFAULT_CHAIR: Final[PostKind] = "coordinator"

#: Why this place is called and no other.
Because: TypeAlias = Literal["named", "proper", "vacancy", "unreachable", "nobody", "outside_group"]


@dataclass(frozen=True, slots=True)
class Place:
    """A seat of an institution, as far as calling goes."""

    id: int
    role: SeatRole
    #: Nobody holds it.
    vacant: bool = False
    #: Its holder can be told by some channel; of no meaning for a vacant one.
    reachable: bool = True

    @property
    def answers(self) -> bool:
        """Whether somebody holds it who can be told."""
        return self.reachable and not self.vacant


@dataclass(frozen=True, slots=True)
class Calling:
    """Which place of an institution is called, and why."""

    #: The place; empty when nobody can be told (``nobody``) or the institution is not of the group (``outside_group``).
    place: Place | None
    #: ``named`` by the institution for this meeting; ``proper``; instead of one that is in ``vacancy`` or ``unreachable``.
    because: Because
    #: The role that is proper for the meeting, whoever is called.
    proper: SeatRole
    #: Which of the two representatives' roles nobody holds: shown to the coordinator and the institution (R1).
    vacant: tuple[SeatRole, ...] = ()
    #: Which of them are held by somebody who cannot be told by any channel.
    unreachable: tuple[SeatRole, ...] = ()


def whom_to_call(
    kind: MeetingKind, places: Sequence[Place], *, composition: Collection[int] = (), named: int | None = None
) -> Calling:
    """Choose who is called for one institution: the proper person, else the other, else a substitute for good, else nobody.

    Args:
        kind: of the meeting.
        places: all seats of the institution, substitutes in their order.
        composition: seats of the working group whose meeting it is (task composition): its people are proper, the designated
            person before others; an institution without a seat in it is not called. Empty: the meeting is of the whole body.
        named: the seat that comes this once, by the institution's own word; of no effect if nobody can be told there.
    """
    proper = PROPER_ROLES[kind]
    vacant, unreachable = _lacking(places)
    if composition and not any(place.id in composition for place in places):
        return Calling(None, "outside_group", proper, vacant, unreachable)
    order = call_order(kind, places, composition=composition, named=named)
    if not order:
        return Calling(None, "nobody", proper, vacant, unreachable)
    first = order[0]
    if first.id == named:
        return Calling(first, "named", proper, vacant, unreachable)
    wanted = [place for place in places if place.id in composition] if composition else [p for p in places if p.role == proper]
    if first in wanted:
        return Calling(first, "proper", proper, vacant, unreachable)
    because: Because = "unreachable" if any(not place.vacant for place in wanted) else "vacancy"
    return Calling(first, because, proper, vacant, unreachable)


def call_order(
    kind: MeetingKind, places: Sequence[Place], *, composition: Collection[int] = (), named: int | None = None
) -> tuple[Place, ...]:
    """Give the places of an institution that can be told, nearest first: the one called, then who is called in its stead."""
    proper = PROPER_ROLES[kind]

    def rank(place: Place) -> tuple[bool, bool, bool, bool]:
        return (place.id != named, place.id not in composition, place.role == "substitute", place.role != proper)

    return tuple(sorted((place for place in places if place.answers), key=rank))


def reminder_order(
    kind: MeetingKind, places: Sequence[Place], *, composition: Collection[int] = (), named: int | None = None
) -> tuple[Place, ...]:
    """Give whom a silent institution is reminded through: the one called, then the second (conversation.md, rule 11).

    What comes after the second, their e-mail, is a channel and not a person: the courier's matter.
    """
    return call_order(kind, places, composition=composition, named=named)[:2]


def _lacking(places: Iterable[Place]) -> tuple[tuple[SeatRole, ...], tuple[SeatRole, ...]]:
    """Give which of the two representatives' roles nobody holds, and in which nobody can be told. No place is a vacant one."""
    vacant: list[SeatRole] = []
    unreachable: list[SeatRole] = []
    seated = tuple(places)
    both: tuple[SeatRole, ...] = ("head", "delegate")
    for role in both:
        holders = [place for place in seated if place.role == role and not place.vacant]
        if not holders:
            vacant.append(role)
        elif not any(place.reachable for place in holders):
            unreachable.append(role)
    return tuple(vacant), tuple(unreachable)
