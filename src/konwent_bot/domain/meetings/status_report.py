"""The case manager's status report: numbers that can be shown to all institutions without telling of anybody.

KSR White Book §1.3.7. In one gmina a number can name a person, so 1 and 2 are shown as "fewer than 3" (domain.md §8.5, R16),
and what would let somebody compute such a number is withheld as well. A zero is shown: it tells of nobody that they are there.
Problems are told by category, never by case (G25).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Final, Literal, TypeAlias, TypeVar, get_args

#: The smallest number above 0 that is shown as it is.
SMALLEST_SHOWN: Final = 3

#: A number as all may see it: itself, "fewer than 3", or not at all because the others would give a small one away.
Shown: TypeAlias = int | Literal["few", "withheld"]
#: What made the process difficult: about services and cooperation, not about people. ``none`` excludes the others.
ProblemKind: TypeAlias = Literal[
    "referrals", "waiting", "attendance", "health_services", "childcare", "transport", "housing", "debt_advice", "training",
    "employers", "formalities", "information", "staff", "funding", "premises", "other", "none",
]  # fmt: skip
PROBLEM_KINDS: Final[tuple[ProblemKind, ...]] = get_args(ProblemKind)

#: How the people before, in process now, joined and finished add up to nothing.
_SIGNS: Final = (1, -1, 1, -1)

_Name = TypeVar("_Name")


@dataclass(frozen=True, slots=True)
class ProcessCounts:
    """People in the reintegration process at the end of the time reported on, and who joined and finished in it."""

    in_process: int
    joined: int
    finished: int

    def __post_init__(self) -> None:
        if min(self.in_process, self.joined, self.finished) < 0:
            raise ValueError("people are counted from 0")


@dataclass(frozen=True, slots=True)
class ShownCounts:
    """The same as all institutions may see it."""

    in_process: Shown
    joined: Shown
    finished: Shown


def shown(number: int) -> Shown:
    """Give one number as all may see it, where nothing else is told that it could be computed from."""
    return "few" if 0 < number < SMALLEST_SHOWN else number


def shown_table(cells: Mapping[_Name, int], total: int | None = None) -> tuple[dict[_Name, Shown], Shown | None]:
    """Give the cells of a table as all may see them, and its total (their sum, if it is told at all).

    The total is withheld where it leaves a hidden cell one value only: one hidden cell, or hidden cells that are all 1 or all 2.
    """
    small = [number for number in cells.values() if 0 < number < SMALLEST_SHOWN]
    told = {name: shown(number) for name, number in cells.items()}
    if total is None:
        return told, None
    given_away = bool(small) and sum(small) in {len(small), (SMALLEST_SHOWN - 1) * len(small)}
    return told, "withheld" if given_away else shown(total)


def shown_counts(counts: ProcessCounts, before: Shown | None = None) -> ShownCounts:
    """Give the counts as all may see them, next to what the report before told of people in the process (``before``).

    Who was in the process, and joined, less who finished, are in it now: with three of these four everybody can work out the
    fourth. As few further numbers are withheld as leave every hidden one two possible values: the smaller of joined and finished
    first, those in process last, because the next report builds on them.
    """
    numbers = (counts.in_process, counts.joined, counts.finished)
    cells = tuple(shown(number) for number in numbers)
    if before is None:
        return ShownCounts(*cells)
    large = [index for index, number in enumerate(numbers) if number >= SMALLEST_SHOWN]
    large.sort(key=lambda index: (index == 0, numbers[index]))
    for size in range(len(large) + 1):
        for chosen in combinations(large, size):
            told = tuple("withheld" if index in chosen else cell for index, cell in enumerate(cells))
            if _keeps_secrets(before, told):
                return ShownCounts(*told)
    return ShownCounts("withheld", "withheld", "withheld")


def _keeps_secrets(before: Shown, told: tuple[Shown, ...]) -> bool:
    """Whether somebody who sees these and knows the rules is left with two values at least for each "fewer than 3"."""
    four = (before, *told)
    if before == "withheld" and "withheld" not in told:
        return False  # it was withheld for the sake of a number in the last report, which it would now give away
    possible: list[set[int]] = [set() for _ in four]
    for values in product(*(_values(cell) for cell in four)):
        known = sum(sign * value for sign, value in zip(_SIGNS, values, strict=True) if value is not None)
        free = [sign for sign, value in zip(_SIGNS, values, strict=True) if value is None]
        if _can_make(-known, free):
            for seen, value in zip(possible, values, strict=True):
                seen.update(() if value is None else (value,))
    return all(len(seen) > 1 for cell, seen in zip(four, possible, strict=True) if cell == "few")


def _values(cell: Shown) -> tuple[int | None, ...]:
    """Give the values a number may have for whoever sees it like this; None for any that would be shown."""
    match cell:
        case "few":
            return tuple(range(1, SMALLEST_SHOWN))
        case "withheld":
            return (None,)
        case _:
            return (cell,)


def _can_make(amount: int, free: Sequence[int]) -> bool:
    """Whether numbers that would be shown, with these signs, can make an amount."""
    if len(set(free)) > 1:
        return True
    return amount == 0 if not free else amount * free[0] >= SMALLEST_SHOWN * len(free)
