"""Words for values of the house: roles, posts, half-years (as files say them), deadlines, short titles, in the reader's language."""

from __future__ import annotations

from datetime import date
from typing import Final

from konwent_bot.documents.place_words import period, place
from konwent_bot.i18n import Translator

__all__ = ["period", "place", "short", "until"]

#: Characters of a title in a button: a phone cuts what is longer.
_LABEL: Final = 40


def until(t: Translator, last: date, today: date) -> str:
    """Say a deadline in full with how far it is: "wtorek, 22 grudnia 2026 (za 30 dni)"."""
    return t("{day} ({away})", day=t.day(last), away=t.relative_days((last - today).days))


def short(title: str) -> str:
    """Shorten a title to what a button shows."""
    return title if len(title) <= _LABEL else title[: _LABEL - 1].rstrip() + "…"
