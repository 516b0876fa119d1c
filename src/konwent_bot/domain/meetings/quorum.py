"""Quorum: how many institutions must be there, whether they will, and whether they were (domain.md G2: not in the sources).

Institutions are counted, never persons. The base is the roll: institutions entitled at this meeting. Guests are on no roll.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from math import ceil
from typing import Final

from konwent_bot.domain.meetings.words import Answer

#: The part of the roll that must be there, unless a body chose otherwise; 0 asks for none.
DEFAULT_QUORUM: Final = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Roll:
    """Who is entitled at a meeting, by number of institution, and which part of them (0 to 1) or more is a quorum."""

    entitled: frozenset[int]
    fraction: Fraction = DEFAULT_QUORUM

    def __post_init__(self) -> None:
        if not 0 <= self.fraction <= 1:
            raise ValueError(f"a quorum is a part of the whole, not {self.fraction}")

    @property
    def needed(self) -> int:
        """The smallest number of institutions that is a quorum: 7 of 14 and 7 of 13 for one half."""
        return ceil(len(self.entitled) * self.fraction)


@dataclass(frozen=True, slots=True)
class Forecast:
    """What the answers so far say of the quorum, in institutions."""

    entitled: int
    needed: int
    #: Said that they or a substitute will be there.
    coming: int
    #: Said that they will not.
    absent: int
    #: Have not answered.
    silent: int

    @property
    def missing(self) -> int:
        """How many more must say yes; 0 when the quorum is there."""
        return max(self.needed - self.coming, 0)

    @property
    def possible(self) -> bool:
        """Whether it can still be reached if all who are silent come."""
        return self.coming + self.silent >= self.needed


@dataclass(frozen=True, slots=True)
class Presence:
    """An institution being at a meeting, from one UTC instant to before another; one that stayed to the end has no second."""

    institution: int
    arrived: datetime
    left: datetime | None = None

    def holds_at(self, instant: datetime) -> bool:
        """Whether it is there at an instant."""
        return self.arrived <= instant and (self.left is None or instant < self.left)


@dataclass(frozen=True, slots=True)
class QuorumSpan:
    """A stretch of a meeting with a quorum, from one UTC instant to before another; empty if it lasted to the end."""

    start: datetime
    end: datetime | None


def forecast(roll: Roll, answers: Mapping[int, Answer]) -> Forecast:
    """Foresee the quorum from the answers by institution: who gave none is silent, who is not on the roll is not counted."""
    said = [answers.get(institution) for institution in roll.entitled]
    coming = sum(answer in {"yes", "substitute"} for answer in said)
    return Forecast(len(said), roll.needed, coming, said.count("no"), said.count(None))


def present_at(roll: Roll, presences: Iterable[Presence], instant: datetime) -> frozenset[int]:
    """Give the entitled institutions that are there at a UTC instant; one with two people is there once."""
    return roll.entitled & {presence.institution for presence in presences if presence.holds_at(instant)}


def quorum_at(roll: Roll, presences: Iterable[Presence], instant: datetime) -> bool:
    """Whether there is a quorum at a UTC instant."""
    return len(present_at(roll, presences, instant)) >= roll.needed


def quorum_spans(roll: Roll, presences: Iterable[Presence]) -> tuple[QuorumSpan, ...]:
    """Give the stretches with a quorum, in order: the first begins at the first minute of quorum.

    Before the first arrival there is none, even where none is asked for. A leaving and an arrival in the same instant are one
    change: a quorum that holds after it has not been lost.
    """
    counted = [presence for presence in presences if presence.institution in roll.entitled]
    spans: list[QuorumSpan] = []
    since: datetime | None = None
    for instant, there in _changes(counted):
        enough = there >= roll.needed
        if enough and since is None:
            since = instant
        elif not enough and since is not None:
            spans.append(QuorumSpan(since, instant))
            since = None
    return tuple(spans) if since is None else (*spans, QuorumSpan(since, None))


def _changes(presences: Iterable[Presence]) -> Iterator[tuple[datetime, int]]:
    """Give the instants at which somebody came or left, and how many institutions were there from then on."""
    steps: dict[datetime, list[tuple[int, int]]] = {}
    for presence in presences:
        steps.setdefault(presence.arrived, []).append((presence.institution, 1))
        if presence.left is not None:
            steps.setdefault(presence.left, []).append((presence.institution, -1))
    people: dict[int, int] = {}
    for instant in sorted(steps):
        for institution, step in steps[instant]:
            people[institution] = people.get(institution, 0) + step
        yield instant, sum(number > 0 for number in people.values())
