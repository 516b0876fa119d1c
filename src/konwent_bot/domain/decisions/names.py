"""Institutions by name, in a file that knows them by nothing else: nobody twice, nobody who is not on the roll."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence, Set

from konwent_bot.domain.decisions.record import Record
from konwent_bot.domain.decisions.sealed import DoesNotAddUp, shown
from konwent_bot.errors import N_


def agree(read: Record) -> None:
    """Refuse an institution that stands twice in one place, or that votes and is not on the roll."""
    on_roll = {name: as_compared(name) for name in read.roll or ()}
    roll = None if read.roll is None else _once(read.roll, "roll", on_roll)
    if roll is not None and len(roll) != read.present:
        raise DoesNotAddUp(
            N_("The roll has {roll} institutions, and {present} could vote."), roll=len(roll), present=read.present
        )
    for key, names in (
        ("votes", [name for name, _ in read.votes or ()]),
        ("stances", [name for name, _ in read.stances or ()]),
        ("turnout", read.turnout or ()),
    ):
        voted = _once(names, key, on_roll)
        if roll is not None and not voted <= roll:
            stranger = next(name for name in names if as_compared(name) not in roll)
            raise DoesNotAddUp(N_("“{name}” is not on the roll ({key})."), name=shown(stranger), key=key)
    if read.turnout is not None and len(read.turnout) != len(read.papers or ()):
        raise DoesNotAddUp(
            N_("There are {papers} papers, and {voted} institutions voted."),
            papers=len(read.papers or ()),
            voted=len(read.turnout),
        )
    if read.papers is not None and list(read.papers) != sorted(read.papers):
        raise DoesNotAddUp(N_("The papers must be sorted, so that their order tells nothing."))


def as_compared(name: str) -> str:
    """Give a name as it is compared: case, spaces and ways of writing a letter do not make another institution."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _once(names: Sequence[str], key: str, on_roll: Mapping[str, str]) -> Set[str]:
    """Give names as they are compared; those that stand on the roll letter by letter are looked up there."""
    # the keys of a dict and not a set: they lie close together, so ten times as many take ten times as long
    found = dict.fromkeys(on_roll.get(name) or as_compared(name) for name in names).keys()
    if len(found) < len(names):
        met: set[str] = set()
        for name in names:
            if as_compared(name) in met:
                raise DoesNotAddUp(N_("“{name}” stands there twice ({key})."), name=shown(name), key=key)
            met.add(as_compared(name))
    return found
