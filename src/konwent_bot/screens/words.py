"""Words for values of the house: roles, posts, half-years, in the reader's language."""

from __future__ import annotations

from datetime import date
from typing import Final

from konwent_bot.errors import N_
from konwent_bot.i18n import Translator

#: Characters of a title in a button: a phone cuts what is longer.
_LABEL: Final = 40
_ROLES = {"head": N_("head of the institution"), "delegate": N_("designated person"), "substitute": N_("substitute")}
_POSTS = {
    "coordinator": N_("coordinator"),
    "case_manager": N_("case manager"),
    "chair": N_("chair"),
    "vice_chair": N_("vice-chair"),
    "minute_taker": N_("minute-taker"),
}


def place(t: Translator, kind: str) -> str:
    """Name a seat's role or a post's kind."""
    return t((_ROLES | _POSTS)[kind])


def period(t: Translator, code: str) -> str:
    """Name a half-year (``2026-H2``)."""
    year, half = code[:4], code[-1]
    return t("first half of {year}", year=year) if half == "1" else t("second half of {year}", year=year)


def until(t: Translator, last: date, today: date) -> str:
    """Say a deadline in full with how far it is: "wtorek, 22 grudnia 2026 (za 30 dni)"."""
    return t("{day} ({away})", day=t.day(last), away=t.relative_days((last - today).days))


def short(title: str) -> str:
    """Shorten a title to what a button shows."""
    return title if len(title) <= _LABEL else title[: _LABEL - 1].rstrip() + "…"
