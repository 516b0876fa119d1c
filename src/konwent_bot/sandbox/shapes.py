"""Plain JSON, as it travels on both sides of the sandbox, and how long a text is in Telegram's units."""

from __future__ import annotations

import json
from typing import Any

#: A JSON object of Telegram's protocol. Any: the shapes are the foreign protocol's, and stay inside this room.
Json = dict[str, Any]


def dump(value: object) -> str:
    """Write JSON compactly, letters of any language as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def load(raw: str | bytes) -> Any:
    """Read JSON. ``ValueError`` for what is none, is nested without end, or holds half a surrogate pair (no text can be sent so)."""
    try:
        value = json.loads(raw)
    except RecursionError:
        raise ValueError("nested too deep") from None
    if (b"\\u" in raw) if isinstance(raw, bytes) else ("\\u" in raw):
        dump(value).encode()
    return value


def units(text: str) -> int:
    """Length in UTF-16 code units: how Telegram counts offsets of entities."""
    if text.isascii():
        return len(text)
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
