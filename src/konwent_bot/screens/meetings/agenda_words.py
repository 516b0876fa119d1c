"""How screens speak of agenda items, and the way back from them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from konwent_bot.documents import meeting_words
from konwent_bot.errors import N_
from konwent_bot.i18n import Translator
from konwent_bot.office.meetings.agenda import Item, Line
from konwent_bot.office.meetings.facts import Meeting
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.home import to_home
from konwent_bot.screens.meeting_intents import SeeMeeting
from konwent_bot.screens.screen import Action

#: What became of an item.
OUTCOMES: Final = {"done": N_("done"), "open": N_("left open"), "carried": N_("carried over to the next meeting")}


def called(t: Translator, item: Item | Line) -> str:
    """Name an item: standing ones by their kind, conclusions with their half-year, a matter by its title."""
    return meeting_words.item(t, item.kind, item.title)


def headed(t: Translator, lines: Sequence[Line]) -> tuple[tuple[str, str], ...]:
    """Give the line that stands right above an agenda: what the list under it is."""
    return ((t("Agenda"), t.plural("{n} item", "{n} items", len(lines))),) if lines else ()


def has_begun(uow: UnitOfWork, meeting: Meeting) -> bool:
    """Tell whether a meeting has begun, so that something may have become of its items."""
    return meeting.status in ("convened", "held") and meeting.starts_at <= uow.now


def trail(t: Translator, meeting: Meeting, *above: Action) -> tuple[Action, ...]:
    """Lead back: home, the meeting, and what lies between."""
    return (to_home(t), Action(t("The meeting"), SeeMeeting(meeting.id)), *above)
