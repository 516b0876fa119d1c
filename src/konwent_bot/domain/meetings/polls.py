"""Which of the dates people were asked about is the best: a rule anybody can follow, and the figures it went by.

Most institutions that can come (yes, or if need be) first, because that is what makes a quorum; of several such dates the one that suits
most of them (yes); of several such the earliest. Institutions are counted, never persons; who is silent counts for no date.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias, get_args

#: What an institution may say to a date.
PollAnswer: TypeAlias = Literal["yes", "if_need_be", "no"]
POLL_ANSWERS: Final[tuple[str, ...]] = get_args(PollAnswer)
#: How many dates may be asked about: of one there is nothing to choose, of more nobody reads the end.
FEWEST_DATES, MOST_DATES = 2, 8


@dataclass(frozen=True, slots=True)
class Tally:
    """What was said to one date, in institutions."""

    #: Local wall time (naive) at which the meeting would begin.
    wall: datetime
    yes: int
    if_need_be: int
    no: int
    #: Have not said anything to it.
    silent: int

    @property
    def coming(self) -> int:
        """How many can come."""
        return self.yes + self.if_need_be


#: What put the best date before the others: more can come (``coming``), it suits more of them (``yes``), or it is only earlier
#: (``earliest``).
Why: TypeAlias = Literal["coming", "yes", "earliest"]


@dataclass(frozen=True, slots=True)
class Best:
    """The best date, and what decided."""

    tally: Tally
    why: Why
    #: As many can come as make a quorum.
    quorum: bool


def tally(wall: datetime, entitled: Iterable[int], said: Mapping[int, PollAnswer]) -> Tally:
    """Count what was said to a date: by institutions that are entitled; of others nothing counts."""
    answers = [said.get(institution) for institution in entitled]
    return Tally(wall, answers.count("yes"), answers.count("if_need_be"), answers.count("no"), answers.count(None))


def best(tallies: Iterable[Tally], needed: int) -> Best | None:
    """Give the best date; ``None`` where nobody can come to any. ``needed``: institutions that make a quorum."""
    ranked = sorted(tallies, key=lambda one: (-one.coming, -one.yes, one.wall))
    if not ranked or not ranked[0].coming:
        return None
    first, *rest = ranked
    why: Why = "coming"
    if any(one.coming == first.coming for one in rest):
        why = "yes" if all(one.yes < first.yes for one in rest if one.coming == first.coming) else "earliest"
    return Best(first, why, first.coming >= needed)
