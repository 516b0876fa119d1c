"""The agenda: what stands on it by itself, in which order, and what cannot be taken off (KSR White Book §1.3.7; R5, R9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from konwent_bot.domain.meetings.words import MeetingKind
from konwent_bot.errors import N_, Refused

#: What an item is about. ``carried`` are matters left open, ``own`` what members and the coordinator entered; the others are
#: standing items; ``open_tasks`` stands there only while there are any, and nobody enters, moves or removes it.
ItemKind: TypeAlias = Literal[
    "opening_and_quorum",
    "adoption_of_agenda",
    "open_tasks",
    "status_report",
    "card_conclusions",
    "carried",
    "own",
    "free_motions",
    "next_date",
]
#: Items with a matter of their own. Only these are carried over when they stay open: the standing ones come back by themselves.
MATTERS: Final[frozenset[ItemKind]] = frozenset({"carried", "own"})


@dataclass(frozen=True, slots=True)
class Item:
    """An item of an agenda."""

    kind: ItemKind
    #: The number of the matter (``carried``, ``own``) or of the card round (``card_conclusions``); empty for the other items.
    subject: int | None = None


def default_agenda(
    kind: MeetingKind, *, round_closed: int | None = None, carried: Sequence[int] = (), own: Sequence[int] = ()
) -> tuple[Item, ...]:
    """Give the agenda a meeting has before anybody orders it.

    Opening and quorum, adoption of the agenda; at every strategic meeting the case manager's status report (R5) and, while the
    last closed card round has no adopted conclusions, these (R9); matters carried over, items entered, free motions, the next
    date.

    Args:
        kind: of the meeting.
        round_closed: the closed card round that waits for its conclusions.
        carried: matters left open by earlier meetings, in order.
        own: accepted items, in order.
    """
    items = [Item("opening_and_quorum"), Item("adoption_of_agenda")]
    if kind == "strategic":
        items.append(Item("status_report"))
        if round_closed is not None:
            items.append(Item("card_conclusions", round_closed))
    items += [Item("carried", matter) for matter in carried]
    items += [Item("own", matter) for matter in own]
    return (*items, Item("free_motions"), Item("next_date"))


def inserted(items: Sequence[Item], item: Item) -> tuple[Item, ...]:
    """Enter a matter where it belongs by default: before free motions, or at the end of an agenda without them."""
    place = next((index for index, other in enumerate(items) if other.kind == "free_motions"), len(items))
    return (*items[:place], item, *items[place:])


def place_of_open_tasks(kinds: Sequence[ItemKind]) -> int:
    """Give the place, from 0, at which a meeting looks at the tasks that are open: once it has opened and adopted its agenda."""
    first = ("opening_and_quorum", "adoption_of_agenda")
    return next((place for place, kind in enumerate(kinds) if kind not in first), len(kinds))


def ordered(items: Sequence[Item], order: Sequence[int]) -> tuple[Item, ...]:
    """Give the items in another order, said by their present places counted from 0.

    Raises:
        ValueError: the order does not name every item once.
        Refused: the opening would not be the first.
    """
    if sorted(order) != list(range(len(items))):
        raise ValueError(f"the order names other items than the agenda has: {list(order)}")
    changed = tuple(items[index] for index in order)
    _opening_first(changed)
    return changed


def moved(items: Sequence[Item], place: int, to: int) -> tuple[Item, ...]:
    """Give the items with one moved to another place, both counted from 0.

    Raises:
        ValueError: there is no such place.
        Refused: the opening would not be the first.
    """
    if place not in range(len(items)) or to not in range(len(items)):
        raise ValueError(f"an agenda of {len(items)} items has no places {place} and {to}")
    order = [index for index in range(len(items)) if index != place]
    order.insert(to, place)
    return ordered(items, order)


def removed(kind: MeetingKind, items: Sequence[Item], place: int) -> tuple[Item, ...]:
    """Give the items without one, by its place counted from 0.

    Raises:
        ValueError: there is no such place.
        Refused: a strategic meeting would lack the status report, or a meeting its opening.
    """
    if place not in range(len(items)):
        raise ValueError(f"an agenda of {len(items)} items has no place {place}")
    left = (*items[:place], *items[place + 1 :])
    check(kind, left)
    return left


def check(kind: MeetingKind, items: Sequence[Item]) -> None:
    """Hold an agenda against the rules before it is sent.

    Raises:
        Refused: it is empty, does not begin with the opening, or is of a strategic meeting and lacks the status report.
    """
    if not items:
        raise Refused(N_("The agenda is empty. Add at least one item."))
    _opening_first(items)
    if kind == "strategic" and not any(item.kind == "status_report" for item in items):
        raise Refused(
            N_("The case manager's status report is on the agenda of every strategic meeting. It can be moved, not removed.")
        )


def _opening_first(items: Sequence[Item]) -> None:
    if [index for index, item in enumerate(items) if item.kind == "opening_and_quorum"] != [0]:
        raise Refused(N_("Opening and quorum is always the first item of the agenda. Only the items after it can be moved."))
