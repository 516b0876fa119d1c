"""What a consensus round comes to: is there any objection? KSR White Book §1.3.7; domain.md §4.3, G6.

In a meeting those on the roll are the institutions present when the round opened, and whoever says nothing when the final call is
made does not object. By circulation silence says nothing, unless consent is tacit there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final, Literal, TypeAlias, get_args

from konwent_bot.domain.decisions.rule import DecisionRule

#: What an institution may say: agree, agree with a reservation, not support it but not stand in its way, object.
StanceWord: TypeAlias = Literal["agree", "reserve", "stand_aside", "object"]
STANCES: Final[tuple[StanceWord, ...]] = get_args(StanceWord)
#: What a round comes to. ``void``: no quorum, and no objection either.
RoundOutcome: TypeAlias = Literal["adopted", "objected", "void"]
#: Where a round is held: in a meeting, by circulation, or by circulation with silence as consent.
RoundKind: TypeAlias = Literal["meeting", "circulation", "tacit"]
ROUND_KINDS: Final[tuple[RoundKind, ...]] = get_args(RoundKind)


@dataclass(frozen=True, slots=True)
class Stances:
    """Stances by kind, one an institution."""

    agree: int
    reserve: int
    stand_aside: int
    object: int

    def __post_init__(self) -> None:
        if min(self.agree, self.reserve, self.stand_aside, self.object) < 0:
            raise ValueError("there are no negative stances")

    @property
    def taken(self) -> int:
        """All stances."""
        return self.agree + self.reserve + self.stand_aside + self.object


@dataclass(frozen=True, slots=True)
class RoundResult:
    """What a round came to, with what it follows from, in institutions."""

    outcome: RoundOutcome
    #: Everybody on the roll said that they agree, with a reservation or without one. Silence is no voice.
    unanimous: bool
    kind: RoundKind
    stances: Stances
    entitled: int
    #: On the roll: who was asked.
    asked: int
    quorum_needed: int
    #: Institutions that count for the quorum.
    quorum_there: int

    @property
    def silent(self) -> int:
        """On the roll and without a stance."""
        return self.asked - self.stances.taken

    @property
    def quorum_missing(self) -> int:
        """How many were missing for the quorum."""
        return max(self.quorum_needed - self.quorum_there, 0)


def settle_round(rule: DecisionRule, *, kind: RoundKind, entitled: int, asked: int, stances: Stances) -> RoundResult:
    """Say what a round comes to.

    One objection is enough that there is no consensus, whoever else has spoken. Without one, the quorum decides: in a meeting the
    roll counts, by circulation who took a stance, and where consent is tacit everybody who was asked. Where nobody counts, nothing
    is adopted, even by a rule that needs no quorum.
    """
    if not stances.taken <= asked <= entitled:
        raise ValueError("those who took a stance are part of those asked, those asked part of those entitled")
    whole = entitled if rule.quorum_base == "entitled" else asked
    needed = ceil(whole * rule.quorum)
    there = stances.taken if kind == "circulation" else asked
    outcome: RoundOutcome = "objected" if stances.object else "void" if there < max(needed, 1) else "adopted"
    return RoundResult(
        outcome=outcome,
        unanimous=outcome == "adopted" and stances.agree + stances.reserve == asked,
        kind=kind,
        stances=stances,
        entitled=entitled,
        asked=asked,
        quorum_needed=max(needed, 1),
        quorum_there=there,
    )


def counted(stances: Sequence[StanceWord]) -> Stances:
    """Count stances."""
    return Stances(*(stances.count(word) for word in STANCES))
