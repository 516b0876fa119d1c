"""How two texts differ, word by word: what the second of two editors is shown instead of overwriting the first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import takewhile
from typing import Final, Literal

#: A word, white space, or a mark.
_TOKEN: Final = re.compile(r"\w+|\s+|[^\w\s]")
#: So many pairs of words are compared at most; of texts that differ in more, all that differs is one change.
_MOST_PAIRS: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of text that stands in both, in the former only, or in the later only."""

    kind: Literal["same", "removed", "added"]
    text: str


def difference(before: str, after: str) -> tuple[Part, ...]:
    """Give what became of a text, in order. What is the same or removed makes the former text, what is the same or added the later."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    head = _alike(old, new)
    old, new, begins = old[head:], new[head:], old[:head]
    tail = _alike(old[::-1], new[::-1])
    ends = old[len(old) - tail :]
    old, new = old[: len(old) - tail], new[: len(new) - tail]
    return _joined([("same", begins), *_middle(old, new), ("same", ends)])


# --- inside -----------------------------------------------------------------------------------------------------------

_Pieces = list[tuple[Literal["same", "removed", "added"], list[str]]]


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """Count the words two texts begin with alike."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _middle(old: list[str], new: list[str]) -> _Pieces:
    if len(old) * len(new) > _MOST_PAIRS:
        return [("removed", old), ("added", new)]
    found: _Pieces = []
    # White space is no place to align texts at: it is everywhere.
    for tag, i1, i2, j1, j2 in SequenceMatcher(str.isspace, old, new, autojunk=False).get_opcodes():
        found += [("same", old[i1:i2])] if tag == "equal" else [("removed", old[i1:i2]), ("added", new[j1:j2])]
    return found


def _joined(pieces: Iterable[tuple[Literal["same", "removed", "added"], list[str]]]) -> tuple[Part, ...]:
    parts: list[Part] = []
    for kind, words in pieces:
        if not words:
            continue
        if parts and parts[-1].kind == kind:
            parts[-1] = Part(kind, parts[-1].text + "".join(words))
        else:
            parts.append(Part(kind, "".join(words)))
    return tuple(parts)
