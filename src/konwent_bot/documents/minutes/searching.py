"""Looking for words in versions of minutes as they are kept: thousands are looked through, so none is taken apart.

``content.written`` puts each text on a line of its own, behind its key or as one of a list. A word counts where it stands in what people
read, and not in a key, a code or a hash.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Final

#: Keys of what no reader sees: where a paragraph comes from, codes of the program, hashes.
_UNSAID: Final = frozenset(
    {
        "answer_until", "circulated_on", "day", "ends", "head", "key", "kind", "mode", "next_day", "nothing", "sha256", "source", "starts"
    }
)  # fmt: skip
_KEY: Final = re.compile(r' *"([a-z_]+)": ')


def folded(texts: Iterable[str]) -> str:
    """Give versions, as they are kept, as one text to look for words in: without capitals, a line break within a text as one."""
    return "\n".join(texts).casefold().replace("\\n", "\n")


def says(text: str, word: str) -> bool:
    """Tell whether a word (without capitals) stands in what ``folded`` gave, where people read it."""
    written = json.dumps(word, ensure_ascii=False)[1:-1]
    at = text.find(written)
    while at >= 0:
        first, last = text.rfind("\n", 0, at) + 1, text.find("\n", at)
        key = _KEY.match(text, first, len(text) if last < 0 else last)
        if key is None or (key[1] not in _UNSAID and at >= key.end()):
            return True
        at = text.find(written, at + 1)
    return False
