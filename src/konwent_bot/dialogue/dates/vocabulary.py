"""Words of a language made ready to be looked up: folded phrase -> what it is and the number it stands for.

Each word is of a **kind**, one letter, so that the grammar (``grammar``) is a list of patterns over kinds and the same for all
languages:

======  ==============================================  ======  ==============================================
``N``   a number                                        ``h``   "wpół do": half an hour before
``O``   an ordinal of days                              ``H``   "half past"
``F``   an ordinal of hours                             ``q``   "kwadrans po": a quarter past
``M``   a month                                         ``Q``   "za kwadrans": a quarter to
``W``   a day of the week (Monday is 1)                 ``r``   "чверть на": the first quarter of the hour before
``D``   today, tomorrow                                 ``s``   "po", "past"
``U``   a unit: 1 day, 7 week, 30 month, 365 year       ``t``   "to"
``p``   a part of the day (index in ``PARTS``)          ``n``   "przyszły", "next"
``z``   "za", "in"                                      ``c``   "najbliższy", "coming"
``a``   "o", "godz.", "at"                              ``i``   "ten", "this"
``b``   "na"                                            ``l``   "ostatni", "last"
``w``   "w", "dnia", "on"                               ``g``   "zeszły"
``k``   "o'clock"                                       ``f``   "od dziś"
``e``   "of", "the"                                     ``y``   "r.", "roku"
``A``   "a" (week)                                      ``v``   "zero" before minutes
``Y``   "br.": a year, so many from this one
======  ==============================================  ======  ==============================================
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, TypeAlias, get_args

Part: TypeAlias = Literal["am", "pm", "morning", "forenoon", "noon", "afternoon", "evening", "night", "midnight"]
PARTS: Final[tuple[Part, ...]] = get_args(Part)


class Word(NamedTuple):
    """What a word or a phrase is, and its number."""

    kind: str
    number: int = 0
    #: A round ten said in words, which a unit may follow ("dwudziestego pierwszego").
    ten: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language, as they are written.

    ``years``: names of this year and the next. ``endings`` are those of ordinals in digits ("15-go", "15th"),
    ``hour_endings`` those of hours ("10-tej").
    """

    months: tuple[str, ...]
    weekdays: tuple[str, ...]
    days: tuple[tuple[int, str], ...]
    units: tuple[tuple[int, str], ...]
    numbers: tuple[str, ...]
    tens: tuple[str, ...]
    ordinals: tuple[str, ...]
    ordinal_tens: tuple[str, ...]
    hours: tuple[str, ...]
    parts: Mapping[Part, str]
    signs: Mapping[str, str]
    years: tuple[str, ...]
    endings: str
    hour_endings: str


class Vocabulary:
    """The words of one language to be looked up by their folded forms, in phrases of up to ``longest`` words."""

    def __init__(self, words: Words) -> None:
        self._found: dict[tuple[str, ...], Word] = {}
        for phrase, word in _all(words):
            self._found.setdefault(tuple(fold(one) for one in phrase.split()), word)
        self.longest: Final = max(map(len, self._found))
        endings = dict.fromkeys(words.hour_endings.split("|"), "F") | dict.fromkeys(words.endings.split("|"), "O")
        self.endings: Final[Mapping[str, str]] = {fold(ending): kind for ending, kind in endings.items() if ending}

    def find(self, phrase: tuple[str, ...]) -> Word | None:
        """Look a folded phrase up."""
        return self._found.get(phrase)


def fold(word: str) -> str:
    """Give a word without case, diacritics and apostrophes: "Środę" -> "srode", "п’ять" -> "пять"."""
    flat = unicodedata.normalize("NFKD", word.casefold().replace("ł", "l"))
    return "".join(char for char in flat if not unicodedata.combining(char) and char not in "'’ʼ`")


def _all(words: Words) -> Iterator[tuple[str, Word]]:
    """Give every phrase with its meaning, the signs first: in English "a week" is no number."""
    for kind, forms in words.signs.items():
        yield from _forms(forms, Word(kind))
    for part, forms in words.parts.items():
        yield from _forms(forms, Word("p", PARTS.index(part)))
    for number, forms in words.days:
        yield from _forms(forms, Word("D", number))
    for number, forms in enumerate(words.years):
        yield from _forms(forms, Word("Y", number))
    for number, forms in words.units:
        yield from _forms(forms, Word("U", number))
    for kind, listed in (
        ("M", words.months),
        ("W", words.weekdays),
        ("N", words.numbers),
        ("O", words.ordinals),
        ("F", words.hours),
    ):
        for number, forms in enumerate(listed, start=1):
            yield from _forms(forms, Word(kind, number, ten=kind == "F" and number == 20))
    for kind, listed in (("N", words.tens), ("O", words.ordinal_tens)):
        for number, forms in enumerate(listed, start=2):
            yield from _forms(forms, Word(kind, 10 * number, ten=True))


def _forms(forms: str, word: Word) -> Iterator[tuple[str, Word]]:
    return ((form, word) for form in forms.split("|"))
