"""How words make days and hours: patterns over the kinds of lexemes (``vocabulary``), the same for all languages.

A phrase is understood only if the patterns cover it whole; where several ways cover it, the one with the longest parts from the
left is meant. The search remembers where it failed, so its work grows with the number of lexemes only.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, Literal, TypeAlias

from konwent_bot.dialogue.dates.lexemes import Lexeme
from konwent_bot.dialogue.dates.pieces import (
    Ahead,
    Bare,
    Clock,
    DayOfMonth,
    Nth,
    On,
    Pair,
    PartOfDay,
    Piece,
    Relative,
    Span,
    Weekday,
)
from konwent_bot.dialogue.dates.vocabulary import PARTS

#: Makes the piece of a match, or says that the numbers do not fit the pattern.
_Make: TypeAlias = Callable[["Match"], Piece | None]
_WHICH: Final[dict[str, Literal["", "coming", "this", "next", "gone"]]] = {
    "": "", "c": "coming", "i": "this", "n": "next", "g": "gone", "l": "gone",
}  # fmt: skip
_MONTH: Final = 30


class Match:
    """The lexemes of a match, to be asked for by kind."""

    def __init__(self, found: tuple[Lexeme, ...]) -> None:
        self.found = found
        self.kinds = "".join(one.kind for one in found)

    def number(self, kinds: str, nth: int = 0) -> int | None:
        """Give the number of the n-th lexeme that is of one of these kinds."""
        numbers = [one.numbers[0] for one in self.found if one.kind in kinds]
        return numbers[nth] if nth < len(numbers) else None

    def one(self, kinds: str, nth: int = 0) -> int:
        """Give such a number, which the pattern demands."""
        number = self.number(kinds, nth)
        assert number is not None
        return number

    def first(self, kinds: str) -> Lexeme:
        """Give the first lexeme that is of one of these kinds."""
        return next(one for one in self.found if one.kind in kinds)

    def has(self, kind: str) -> bool:
        """Tell whether a kind stands in it."""
        return kind in self.kinds


def parse(found: tuple[Lexeme, ...]) -> tuple[Piece, ...] | str:
    """Give the pieces of a phrase, or the words from the first one on that is not understood."""
    kinds = "".join(one.kind for one in found)
    dead: set[int] = set()
    farthest = 0

    def rest(at: int) -> tuple[Piece, ...] | None:
        nonlocal farthest
        if at == len(found):
            return ()
        if at in dead:
            return None
        farthest = max(farthest, at)
        for end, piece in _begun(found, kinds, at):
            after = rest(end)
            if after is not None:
                return (piece, *after)
        dead.add(at)
        return None

    pieces = rest(0)
    return " ".join(one.text for one in found[farthest:]) if pieces is None else pieces


def _begun(found: tuple[Lexeme, ...], kinds: str, at: int) -> list[tuple[int, Piece]]:
    """Give every piece that begins at a place, the longest first."""
    begun = []
    for pattern, make in _RULES:
        if match := pattern.match(kinds, at):
            piece = make(Match(found[at : match.end()]))
            if piece is not None:
                begun.append((match.end(), piece))
    return sorted(begun, key=lambda one: -one[0])


def _on(match: Match) -> Piece | None:
    """A day and a month, with a year or without."""
    numbers = [one.numbers[0] for one in match.found if one.kind in "NO"]
    year = numbers[1] if len(numbers) > 1 else None
    return None if year is not None and year < 1000 else On(numbers[0], match.one("M"), year, years=match.number("Y"))


def _numbers(match: Match) -> Piece | None:
    day, month, year = (one.numbers[0] for one in match.found[:3])
    return On(day, month, year) if year >= 1000 else None


def _whole(match: Match) -> Piece:
    day, month, year = match.first("IJ").numbers
    return On(day, month, year, slashes=match.has("J"))


def _slashed(match: Match) -> Piece:
    day, month = match.first("S").numbers
    return On(day, month, None, slashes=True)


def _pair(match: Match) -> Piece:
    one = match.first("X")
    return Pair(one.numbers[0], one.numbers[1], minutes=_two_digits(one.text.partition(".")[2]))


def _two_digits(text: str) -> bool:
    return len(text) == len("00")


def _weekday(match: Match) -> Piece:
    which = next((one.kind for one in match.found if one.kind in "cinlg"), "")
    return Weekday(match.one("W"), _WHICH[which])


def _nth(match: Match) -> Piece | None:
    first = match.kinds.lstrip("wbe")[0]
    year = match.number("N", 1 if first == "N" else 0)
    if (match.has("U") and match.one("U") != _MONTH) or (year is not None and year < 1000):
        return None
    nth = -1 if first == "l" else match.one("NOF")
    return Nth(nth, match.one("W"), match.number("M"), offset=int(match.has("n")), year=year)


def _last_day(match: Match) -> Piece | None:
    month = match.number("M")
    if match.one("U") != 1 or (month is None and match.number("U", 1) != _MONTH):
        return None
    year = match.number("N")
    return None if year is not None and year < 1000 else Nth(-1, 0, month, offset=int(match.has("n")), year=year)


def _ahead(match: Match) -> Piece:
    count = match.number("N")
    return Ahead(1 if count is None else count, match.one("U"))


def _span(match: Match) -> Piece | None:
    unit = match.one("U")
    return Span(int(match.has("n")), unit) if unit > 1 else None


def _hour(match: Match) -> Piece | None:
    """An hour in digits or words, with minutes or without."""
    written = match.first("CXNF")
    sure = written.text.startswith("0")
    if written.kind in "CX":
        hour, minute = written.numbers
        return Clock(hour, minute, sure) if written.kind == "C" or _two_digits(written.text.partition(".")[2]) else None
    said = [one for one in match.found if one.kind in "NF"]
    if len(said) == 1:
        return Clock(written.numbers[0], 0, sure)
    minutes = said[1]
    return Clock(written.numbers[0], minutes.numbers[0], sure) if written.kind == "F" or _two_digits(minutes.text) else None


def _zero(match: Match) -> Piece | None:
    """An hour with "zero pięć" or "zero zero"."""
    minute = match.number("N")
    return Clock(match.one("F"), minute or 0) if minute is None or 0 < minute < 10 else None


def _shifted(minutes: int) -> _Make:
    """An hour with minutes added or taken: "wpół do", "kwadrans po"."""

    def make(match: Match) -> Piece | None:
        return _moved(match.one("NF"), minutes)

    return make


def _moved(hour: int, minutes: int) -> Piece | None:
    if not 1 <= hour <= 24 or not -60 < minutes < 60:
        return None
    at = (hour * 60 + minutes) % (24 * 60)
    return Clock(at // 60 or 12, at % 60) if hour == 1 else Clock(at // 60, at % 60)


def _minutes_past(match: Match) -> Piece | None:
    return _moved(match.one("NF", 1), match.one("N"))


def _minutes_to(match: Match) -> Piece | None:
    return _moved(match.one("NF", 1), -match.one("N"))


_RULES: Final[tuple[tuple[re.Pattern[str], _Make], ...]] = tuple(
    (re.compile(pattern), make)
    for pattern, make in (
        # days
        ("[wbe]*[NO]e?My?", _on), ("[wbe]*[NO]e?MNy?", _on), ("[wbe]*[NO]e?MY", _on), ("[wbe]*Me?[NO]Y", _on), ("[wbe]*Me?[NO]y?", _on), ("[wbe]*Me?[NO]Ny?", _on),
        ("[wb]?NNNy?", _numbers), ("[wb]?[IJ]y?", _whole), ("[wb]?S", _slashed), ("[wb]?X", _pair),
        ("[wbe]*O", lambda match: DayOfMonth(match.one("O"))),
        ("[wb]?D", lambda match: Relative(match.one("D"))),
        ("[wb]?[cinlg]?W", _weekday),
        ("[wbe]*[NOFl]We?My?", _nth), ("[wbe]*[NOFl]We?MNy?", _nth), ("[wbe]*[NOFl]We?[in]?e?U", _nth),
        ("[wbe]*lUe?My?", _last_day), ("[wbe]*lUe?MNy?", _last_day), ("[wbe]*lUe?[in]?e?U", _last_day),
        ("f?z[NA]?Uf?", _ahead), ("[NA]?Uf", _ahead),
        ("[wb]?[in]U", _span),
        # hours
        ("[ab]{0,2}C", _hour), ("[ab]{1,2}X", _hour), ("[ab]{1,2}Nk?", _hour), ("[ab]{1,2}NN", _hour), ("Nk", _hour),
        ("[ab]{0,2}F", _hour), ("[ab]{0,2}FN", _hour), ("[ab]{0,2}Fv[Nv]", _zero),
        ("[ab]?h[NF]", _shifted(-30)), ("[ab]?H[NF]", _shifted(30)),
        ("[ab]?q[NF]", _shifted(15)), ("[ab]?Q[NF]", _shifted(-15)), ("[ab]?r[NF]", _shifted(-45)),
        ("[ab]?Ns[NF]", _minutes_past), ("zN[NF]", _minutes_to), ("[ab]?Nt[NF]", _minutes_to),
        ("[ab]?p", lambda match: PartOfDay(PARTS[match.one("p")])),
        # whatever it may be
        ("N", lambda match: Bare(match.one("N"))),
    )
)  # fmt: skip
