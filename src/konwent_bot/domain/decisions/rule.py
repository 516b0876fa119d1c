"""The rule by which a body decides: quorum, majority, what the majority is counted of, what a tie is (domain.md G1, G2, G5)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal, TypeAlias, TypeVar

from konwent_bot.errors import N_, Invalid

#: What the quorum is a part of: the institutions entitled, which must be there when a ballot opens and when it closes; or those
#: present when it opened, of which so many must still be there when it closes.
QuorumBase: TypeAlias = Literal["entitled", "present"]
#: What the majority is counted of: votes with abstentions (``cast``), votes without, institutions present when it opened, all entitled.
Base: TypeAlias = Literal["cast", "for_and_against", "present", "entitled"]
#: What as many votes for as against come to: nothing, or what the chair's casting vote says.
Tie: TypeAlias = Literal["none", "chair"]
#: ``simple``: more for than against. ``absolute``: more than half of the base. A fraction: at least that part of it, or more when strict.
Majority: TypeAlias = Literal["simple", "absolute"] | Fraction

_Word = TypeVar("_Word", bound=str)

#: A part of a whole as people and files write it: "2/3", "55%", "0.55", "1".
_PART: Final = re.compile(r"(\d{1,6})(?:/(\d{1,6})|[.,](\d{1,6}))?\s?(%)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class DecisionRule:
    """A rule. Raises ``Invalid`` for one by which nothing could be decided."""

    quorum: Fraction = Fraction(1, 2)
    quorum_base: QuorumBase = "entitled"
    majority: Majority = "simple"
    #: Counts for an absolute majority or a fraction; a simple one compares for with against.
    base: Base = "for_and_against"
    #: Counts for a fraction.
    strict: bool = True
    tie: Tie = "none"

    def __post_init__(self) -> None:
        if not 0 <= self.quorum <= 1:
            raise Invalid(N_("A quorum is at most all institutions (100%), not {part}."), part=str(self.quorum))
        if isinstance(self.majority, Fraction) and not 0 < self.majority <= 1:
            raise Invalid(
                N_("A majority is a part of the whole: more than nothing, at most 100%, not {part}."), part=str(self.majority)
            )

    @property
    def attainable(self) -> bool:
        """Whether anything can ever pass: nothing is more than all. A body should not choose a rule that is not."""
        return not (self.strict and self.majority == 1)

    @property
    def exceeding(self) -> bool:
        """Whether the threshold must be exceeded, not only reached."""
        return self.strict or isinstance(self.majority, str)

    @property
    def knows_ties(self) -> bool:
        """Whether as many for as against may be exactly what has to be exceeded: more for than against, or more than half."""
        return self.exceeding and self.majority in ("simple", "absolute", Fraction(1, 2))


#: Majorities that have a name.
_NAMED: Final[tuple[Literal["simple", "absolute"], ...]] = ("simple", "absolute")
#: The rule of a body that has not chosen another one (G1, G2, G5).
DEFAULT_RULE: Final = DecisionRule()


def part(text: str) -> Fraction:
    """Read a part of a whole, exactly: "2/3", "55%", "0,55", "1". Raises ``Invalid`` for anything else; the whole may be exceeded."""
    found = _PART.fullmatch(text.strip())
    if found is None or (found[2] is not None and int(found[2]) == 0):
        raise Invalid(N_("“{text}” is no part of a whole. Write it for example as 2/3 or 55%."), text=text[:40])
    whole, below, decimals, percent = found.groups()
    value = Fraction(int(whole), int(below or 1))
    if decimals:
        value += Fraction(int(decimals), 10 ** len(decimals))
    return value * Fraction(1, 100) if percent else value


def written(rule: DecisionRule) -> dict[str, str | bool]:
    """Write a rule as files and the store keep it; ``read`` reads it back."""
    return {
        "quorum": str(rule.quorum),
        "quorum_base": rule.quorum_base,
        "majority": str(rule.majority),
        "base": rule.base,
        "strict": rule.strict,
        "tie": rule.tie,
    }


def read(given: Mapping[str, object]) -> DecisionRule:
    """Read a rule from what JSON gave.

    Raises:
        Invalid: something is missing or of another kind, or nothing could be decided by it; the sentence names it.
    """
    majority = given.get("majority")
    strict = given.get("strict")
    if not isinstance(strict, bool):
        raise Invalid(N_("In the rule, {key} must be true or false."), key="strict")
    return DecisionRule(
        quorum=_part(given, "quorum"),
        quorum_base=_one_of(given, "quorum_base", ("entitled", "present")),
        majority=_one_of(given, "majority", _NAMED) if majority in _NAMED else _part(given, "majority"),
        base=_one_of(given, "base", ("cast", "for_and_against", "present", "entitled")),
        strict=strict,
        tie=_one_of(given, "tie", ("none", "chair")),
    )


def _part(given: Mapping[str, object], key: str) -> Fraction:
    match given.get(key):
        case bool():
            pass
        case int(value):  # 0 and 1 are parts that need no fraction
            return Fraction(value)
        case str(text):
            return part(text)
    raise Invalid(N_("In the rule, {key} must be a part of a whole, as 2/3."), key=key)


def _one_of(given: Mapping[str, object], key: str, choices: tuple[_Word, ...]) -> _Word:
    for choice in choices:
        if given.get(key) == choice:
            return choice
    raise Invalid(N_("In the rule, {key} must be one of: {choices}."), key=key, choices=choices)
