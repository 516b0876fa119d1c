"""Words for places, posts and half-years, in the reader's language. Files and screens say the same."""

from __future__ import annotations

from typing import Final

from konwent_bot.errors import N_
from konwent_bot.i18n import Translator

_PLACES: Final = {
    "head": N_("head of the institution"),
    "delegate": N_("designated person"),
    "substitute": N_("substitute"),
    "coordinator": N_("coordinator"),
    "case_manager": N_("case manager"),
    "chair": N_("chair"),
    "vice_chair": N_("vice-chair"),
    "minute_taker": N_("minute-taker"),
}


def place(t: Translator, kind: str) -> str:
    """Name a seat's role or a post's kind."""
    return t(_PLACES[kind])


def period(t: Translator, code: str) -> str:
    """Name a half-year (``2026-H2``)."""
    year, half = code[:4], code[-1]
    return t("first half of {year}", year=year) if half == "1" else t("second half of {year}", year=year)
