"""Words for meetings, in the reader's language: kinds, modes, when and where. Files and screens say the same."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Final

from konwent_bot.documents.place_words import period
from konwent_bot.errors import N_
from konwent_bot.i18n import Translator

_KINDS: Final = {
    "strategic": N_("Strategic meeting"),
    "operational": N_("Operational meeting"),
    "networking": N_("Networking meeting"),
    "central": N_("Central meeting"),
}
_MODES: Final = {"in_person": N_("in person"), "online": N_("online"), "hybrid": N_("in person and online")}
_STATUSES: Final = {
    "proposed": N_("proposed"),
    "planned": N_("planned"),
    "convened": N_("members have been called"),
    "held": N_("took place"),
    "cancelled": N_("called off"),
}
#: Standing items of an agenda (``domain.meetings.agenda``).
_ITEMS: Final = {
    "opening_and_quorum": N_("Opening and quorum"),
    "adoption_of_agenda": N_("Adoption of the agenda"),
    "open_tasks": N_("Tasks from earlier meetings and decisions"),
    "status_report": N_("Report on the state of the reintegration process"),
    "card_conclusions": N_("Conclusions of the last round of cooperation cards"),
    "free_motions": N_("Free motions"),
    "next_date": N_("Date of the next meeting"),
}


def kind(t: Translator, code: str) -> str:
    """Name a kind of meeting."""
    return t(_KINDS[code])


def mode(t: Translator, code: str) -> str:
    """Say where people meet: in a room, online, or both."""
    return t(_MODES[code])


def status(t: Translator, code: str) -> str:
    """Say where a meeting stands."""
    return t(_STATUSES[code])


def item(t: Translator, code: str, title: str = "") -> str:
    """Name an agenda item: a standing one by its kind, conclusions with their half-year (``2026-H2``), another one by its title."""
    if code == "card_conclusions" and title:
        return t("Conclusions of the cooperation cards for the {period}", period=period(t, title))
    if code == "open_tasks" and title:
        return t("Tasks from earlier meetings and decisions: {n}", n=title)
    return title or t(_ITEMS[code])


def when(t: Translator, day: date, starts: time, ends: time) -> str:
    """Say when, in full: "wtorek, 9 lutego 2027, 10:00-12:00"."""
    return t("{day}, {start}–{end}", day=t.day(day), start=t.time(starts), end=t.time(ends))


def heading(t: Translator, code: str, group: str, wall: datetime) -> str:
    """Name one meeting among others: kind, group and day."""
    named = f"{kind(t, code)} ({group})" if group else kind(t, code)
    return t("{meeting}, {day}", meeting=named, day=t.day(wall.date()))
