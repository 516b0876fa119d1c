"""A text as lexemes: dates and hours in digits, words, and whatever nobody knows. Nothing but punctuation is left out.

Kinds of digits, beside those of words (``vocabulary``): ``I`` a whole date (day, month, year), ``C`` an hour with a colon,
``J`` one with slashes, ``X`` two numbers with a dot ("15.01", "10.30"), ``S`` two with a slash, ``?`` what is not understood.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from konwent_bot.dialogue.dates.vocabulary import Vocabulary, fold

#: What may stand between the parts of a date without meaning anything. Dashes may mean "until", so they are no punctuation.
_PUNCTUATION: Final = frozenset(".,;!?()\"„”“«»'’")
_RAISED: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_MINUTES_RAISED: Final = re.compile("([0-9])([⁰¹²³⁴⁵⁶⁷⁸⁹]{2})")
_ROMANS: Final = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_ROMAN: Final = {name: number for number, name in enumerate(_ROMANS, start=1)}
_MOST_DIGITS: Final = 4
#: Digits that run on are another thing: "10:00-12:00", "15.01.2027-16.01.2027".
_END: Final = r"(?![0-9]|[.:/\-–][0-9])"
_ISO: Final = re.compile(r"([0-9]{4})([-./])([0-9]{1,2})\2([0-9]{1,2})(?:[Tt]([0-9]{2}:[0-9]{2}))?" + _END)
_DATE: Final = re.compile(r"([0-9]{1,2})([./-])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})" + _END)
_CLOCK: Final = re.compile(r"([0-9]{1,2}):([0-9]{2})" + _END)
_PAIR: Final = re.compile(r"([0-9]{1,2})([./])([0-9]{1,2})" + _END)
_ORDINAL: Final = re.compile(r"([0-9]{1,2})[ ]?-?[ ]?([^\W\d_]+)")
_NUMBER: Final = re.compile(r"[0-9]+")
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’ʼ`][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Lexeme:
    """One part of a text: its kind, its numbers, and how it was written."""

    kind: str
    numbers: tuple[int, ...]
    text: str
    ten: bool = False


def lexemes(text: str, vocabulary: Vocabulary) -> tuple[Lexeme, ...]:
    """Part a text into lexemes of a language. Never raises."""
    raised = _MINUTES_RAISED.sub(lambda found: f"{found[1]}:{found[2].translate(_RAISED)}", text)
    return tuple(_joined(_looked_up(list(_tokens(unicodedata.normalize("NFKC", raised), vocabulary)), vocabulary)))


def _tokens(text: str, vocabulary: Vocabulary) -> Iterator[Lexeme]:
    at = 0
    while at < len(text):
        if text[at].isspace() or text[at] in _PUNCTUATION:
            at += 1
            continue
        found, at = _digits(text, at, vocabulary) or _plain(text, at)
        yield from found


def _digits(text: str, at: int, vocabulary: Vocabulary) -> tuple[tuple[Lexeme, ...], int] | None:
    """Read what begins with digits at a place: what it is, and where the rest begins."""
    if iso := _ISO.match(text, at):
        day = Lexeme("I", (int(iso[4]), int(iso[3]), int(iso[1])), iso[0])
        hour = () if iso[5] is None else (Lexeme("C", (int(iso[5][:2]), int(iso[5][3:])), iso[5]),)
        return (day, *hour), iso.end()
    if date := _DATE.match(text, at):
        year = int(date[4])
        whole = (int(date[1]), int(date[3]), year if year > 99 else 2000 + year)
        return (Lexeme("J" if date[2] == "/" else "I", whole, date[0]),), date.end()
    if clock := _CLOCK.match(text, at):
        return (Lexeme("C", (int(clock[1]), int(clock[2])), clock[0]),), clock.end()
    if pair := _PAIR.match(text, at):
        return (Lexeme("S" if pair[2] == "/" else "X", (int(pair[1]), int(pair[3])), pair[0]),), pair.end()
    ordinal = _ORDINAL.match(text, at)
    if ordinal is not None and (kind := vocabulary.endings.get(fold(ordinal[2]))) is not None:
        return (Lexeme(kind, (int(ordinal[1]),), ordinal[0]),), ordinal.end()
    if number := _NUMBER.match(text, at):
        known = len(number[0]) <= _MOST_DIGITS
        return (Lexeme("N", (int(number[0]),), number[0]) if known else Lexeme("?", (), number[0]),), number.end()
    return None


def _plain(text: str, at: int) -> tuple[tuple[Lexeme, ...], int]:
    word = _WORD.match(text, at)
    if word is None:
        return (Lexeme("?", (), text[at]),), at + 1
    roman = _ROMAN.get(word[0])
    return (Lexeme("", (), word[0]) if roman is None else Lexeme("R", (roman,), word[0]),), word.end()


def _looked_up(tokens: list[Lexeme], vocabulary: Vocabulary) -> Iterator[Lexeme]:
    """Put the longest phrases of the language in the place of their words."""
    folded = [fold(one.text) if one.kind in ("", "R") else "" for one in tokens]
    at = 0
    while at < len(tokens):
        for length in range(min(vocabulary.longest, len(tokens) - at), 0, -1):
            word = vocabulary.find(tuple(folded[at : at + length]))
            if word is not None and not _roman_month(tokens, at):
                shown = " ".join(one.text for one in tokens[at : at + length])
                yield Lexeme(word.kind, (word.number,), shown, word.ten)
                at += length
                break
        else:
            one = tokens[at]
            kind = "M" if _roman_month(tokens, at) else "?" if one.kind in ("", "R") else one.kind
            yield Lexeme(kind, one.numbers, one.text)
            at += 1


def _roman_month(tokens: list[Lexeme], at: int) -> bool:
    """Tell whether a Roman number stands after a number: "15 I" is a day of January, "I" alone is nothing."""
    return tokens[at].kind == "R" and at > 0 and tokens[at - 1].kind == "N"


def _joined(found: Iterable[Lexeme]) -> Iterator[Lexeme]:
    """Put a ten and a unit said in words together: "czterdzieści pięć", "dwudziestego pierwszego", "twenty first"."""
    held: Lexeme | None = None
    for one in found:
        if held is not None and _unit_of(held, one):
            yield Lexeme(one.kind, (held.numbers[0] + one.numbers[0],), f"{held.text} {one.text}")
            held = None
            continue
        if held is not None:
            yield held
        held = one if one.ten else None
        if held is None:
            yield one
    if held is not None:
        yield held


def _unit_of(ten: Lexeme, one: Lexeme) -> bool:
    """Tell whether a unit belongs to the ten before it. "Za dwadzieścia pierwsza" is twenty minutes and an hour, not 21."""
    alike = one.kind == ten.kind or (ten.kind, one.kind) == ("N", "O")
    return alike and one.text.isalpha() and 0 < one.numbers[0] < 10
