"""Text of people made safe to stand in a file of ours: no signs that act instead of being read, and an end.

Control characters end lines where none should end; lone surrogates cannot be written as UTF-8; signs that turn the direction
of what follows (U+202E and its kin) make ``fdp.exe`` read as ``exe.pdf``. Letters of every script, marks and emoji stay.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

#: Embeddings, overrides and isolates (Unicode UAX #9 §2): whoever opens one decides how everything after it is read.
_TURNS: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
#: Characters of a file's name, and of what counts as its ending.
FILE_NAME, _ENDING = 120, 10
_FORBIDDEN: Final = re.compile(r'[:*?"<>|]')
#: Names that Windows keeps for devices.
_DEVICES: Final = frozenset(
    {"CON", "PRN", "AUX", "NUL", *(f"{port}{number}" for port in ("COM", "LPT") for number in range(1, 10))}
)
_BREAKS: Final = re.compile(r"\r\n?|[\n\v\f\x85\u2028\u2029]")


def line(text: str, most: int) -> str:
    """Give a text as one line of at most ``most`` characters; a longer one is cut and says so with "…"."""
    return _bounded(" ".join(_readable(text).split()), most)


def paragraphs(text: str, most: int) -> str:
    r"""Give a text with its line breaks (as ``\n``) and at most ``most`` characters; never more than one empty line at once."""
    lines = (" ".join(_readable(one).split()) for one in _BREAKS.split(text))
    return _bounded(re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip(), most)


def file_name(text: str) -> str:
    """Give a name a file can be saved under anywhere: no folder, no sign a system forbids, an end; a long one keeps its ending."""
    name = _FORBIDDEN.sub("_", line(re.split(r"[/\\]", text)[-1], 10 * FILE_NAME)).strip(". ")
    stem, dot, ending = name.rpartition(".")
    if not stem or len(ending) > _ENDING:
        stem, dot, ending = name, "", ""
    if stem.split(".")[0].upper() in _DEVICES:
        stem = f"_{stem}"
    return (stem[: FILE_NAME - len(dot + ending)].rstrip(". ") or "file") + dot + ending


def _readable(text: str) -> str:
    """Give a text without signs that act: what parts words becomes a space, the rest of them goes."""
    return "".join(_sign(sign) for sign in text)


def _sign(sign: str) -> str:
    if unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") or sign in _TURNS:
        return " " if sign.isspace() else ""
    return sign


def _bounded(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
