"""Institutions by name, in a file that knows them by nothing else: nobody twice, nobody who is not on the roll."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from konwent_bot.domain.decisions.record import Record
from konwent_bot.domain.decisions.sealed import DoesNotAddUp, shown
from konwent_bot.errors import N_


def agree(read: Record) -> None:
    """Refuse an institution that stands twice in one place, or that votes and is not on the roll."""
    written: dict[str, str] = {}
    roll = None if read.roll is None else _once(read.roll, "roll", written)
    if roll is not None and len(roll) != read.present:
        raise DoesNotAddUp(
            N_("The roll has {roll} institutions, and {present} could vote."), roll=len(roll), present=read.present
        )
    for key, names in (
        ("votes", [name for name, _ in read.votes or ()]),
        ("stances", [name for name, _ in read.stances or ()]),
        ("turnout", read.turnout or ()),
    ):
        for same, name in _once(names, key, written).items():
            if roll is not None and same not in roll:
                raise DoesNotAddUp(N_("“{name}” is not on the roll ({key})."), name=shown(name), key=key)
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


def _once(names: Iterable[str], key: str, written: dict[str, str]) -> dict[str, str]:
    """Give names by how they are compared (``as_compared``).

    ``written``: how the names met so far are compared; most stand on the roll and among the votes.
    """
    found: dict[str, str] = {}
    for name in names:
        compared = written.get(name)
        if compared is None:
            compared = written[name] = as_compared(name)
        if compared in found:
            raise DoesNotAddUp(N_("“{name}” stands there twice ({key})."), name=shown(name), key=key)
        found[compared] = name
    return found
