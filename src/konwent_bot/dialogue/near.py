"""Near misses: the name a person most likely meant (pyxform's users ask for exactly this)."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Give the known name most like ``name``, or nothing when none is close."""
    found = get_close_matches(name[:80], list(known), n=1, cutoff=0.7)
    return found[0] if found else None
