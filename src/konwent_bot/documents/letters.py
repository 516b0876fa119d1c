"""Which letters our documents can show, and how text of people is made to fit them.

The fonts packed with this room hold the alphabets of Poland's and Ukraine's neighbourhood. A sign no font can show stops the
typesetting of an accessible document, so every text is cleaned first, and whoever asked is told what was replaced.
"""

from __future__ import annotations

import re
import struct
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from konwent_bot import resources

#: What stands for signs that cannot be shown (a run of them is one).
MISSING = "[?]"

#: Signs people use as marks, and what is written in their place.
_INSTEAD = {"☑": "[x]", "☒": "[x]", "✓": "[x]", "✔": "[x]", "☐": "[ ]", "→": "->", "←": "<-", "≥": ">=", "≤": "<="}
#: Characters after which a word is longer than names have words, and of the parts it may be broken into.
_LONG_WORD, _PART = re.compile(r"\S{36,}"), 12
#: A one-letter word at the end of a line is a fault in Polish and Ukrainian.
_ONE_LETTER = {
    "pl": re.compile(r"(?<![^\W])\b([aiouwzAIOUWZ]) (?=\S)"),
    "uk": re.compile(r"\b([абвжзійоуєіяАБВЖЗІЙОУЄІЯ]) (?=\S)"),
}


def fonts() -> Path:
    """Give the folder of the fonts; documents use no others."""
    return resources.of_room("documents", "fonts")


@cache
def shown() -> frozenset[int]:
    """Give the code points that every font of ours can show."""
    alphabets = [frozenset(_code_points(path.read_bytes())) for path in sorted(fonts().glob("*.ttf"))]
    return frozenset.intersection(*alphabets)


class Cleaner:
    """Cleans texts of one document and remembers what it replaced."""

    def __init__(self) -> None:
        self._replaced: dict[str, None] = {}

    @property
    def replaced(self) -> tuple[str, ...]:
        """The signs that could not be shown, each once, in order."""
        return tuple(self._replaced)

    def line(self, text: str) -> str:
        """Give a text of one line: composed letters, no control or format characters, nothing outside the fonts."""
        alphabet = shown()
        composed = unicodedata.normalize("NFC", text)
        if not (composed.isascii() and composed.isprintable()):
            composed = "".join(self._sign(sign, alphabet) for sign in composed)
            composed = re.sub(rf"(?:{re.escape(MISSING)}[ ]*)+(?<! )", MISSING, composed)
        return " ".join(part for part in composed.split(" ") if part)

    def _sign(self, sign: str, alphabet: frozenset[int]) -> str:
        kind = unicodedata.category(sign)
        if kind in ("Zs", "Zl", "Zp"):
            return "\xa0" if sign in "\xa0\u202f\u2007" else " "
        if kind == "Cc":
            return " " if sign.isspace() else ""
        if kind == "Cf" or "\ufe00" <= sign <= "\ufe0f":
            return ""  # directions, joiners, soft hyphens, variants of emoji: nothing is lost
        if ord(sign) in alphabet:
            return sign
        if sign in _INSTEAD:
            return _INSTEAD[sign]
        plain = unicodedata.normalize("NFKC", sign)
        if plain != sign and all(ord(part) in alphabet for part in plain):
            return plain  # full-width and mathematical forms, ligatures
        self._replaced[sign] = None
        return "" if kind == "Mn" else MISSING


def breakable(text: str) -> str:
    """Let a word that is longer than a line be parted (zero-width spaces); other words stay whole."""
    return _LONG_WORD.sub(lambda word: "\u200b".join(word[0][at : at + _PART] for at in range(0, len(word[0]), _PART)), text)


def tied(text: str, language: str) -> str:
    """Tie one-letter words to the word that follows, where the language asks for it."""
    rule = _ONE_LETTER.get(language)
    return rule.sub("\\1\xa0", text) if rule else text


def _code_points(font: bytes) -> Iterator[int]:
    """Read which characters a font maps to glyphs (OpenType, table ``cmap``, formats 4 and 12)."""
    tables = struct.unpack_from(">H", font, 4)[0]
    entries = (struct.unpack_from(">4s4xII", font, 12 + 16 * number) for number in range(tables))
    start = next(offset for tag, offset, _ in entries if tag == b"cmap")
    for number in range(struct.unpack_from(">H", font, start + 2)[0]):
        at = start + struct.unpack_from(">I", font, start + 8 + 8 * number)[0]
        match struct.unpack_from(">H", font, at)[0]:
            case 4:
                count = struct.unpack_from(">H", font, at + 6)[0] // 2
                ends = struct.unpack_from(f">{count}H", font, at + 14)
                starts = struct.unpack_from(f">{count}H", font, at + 16 + 2 * count)
                for first, last in zip(starts, ends, strict=True):
                    yield from range(first, min(last, 0xFFFE) + 1)
            case 12:
                for group in range(struct.unpack_from(">I", font, at + 12)[0]):
                    first, last = struct.unpack_from(">II", font, at + 16 + 12 * group)
                    yield from range(first, last + 1)
            case _:
                continue
