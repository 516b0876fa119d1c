"""What a room of meetings offers on a meeting's own screen, and to whom."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TypeAlias

from konwent_bot.i18n import Translator
from konwent_bot.office.meetings.facts import Meeting
from konwent_bot.office.people import Known
from konwent_bot.office.rights import RIGHTS
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.screen import Action

#: Gives rows of actions for a person who holds these offices in the meeting's body.
Way: TypeAlias = Callable[[UnitOfWork, Known, Meeting, Collection[str], Translator], list[tuple[Action, ...]]]


def may(offices: Collection[str], act: str) -> bool:
    """Tell whether somebody with these offices may do an act: only what leads somewhere is offered."""
    return not RIGHTS[act].isdisjoint(offices)
