"""One line of what awaits a person: which body, what is asked, until when, and the way there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from konwent_bot.screens.screen import Action


@dataclass(frozen=True, slots=True)
class Matter:
    """One matter."""

    #: Until when, as an instant; ``None`` where there is no such day.
    due: datetime | None
    #: One line, complete.
    text: str
    #: The ways on; the first is what most came for.
    actions: tuple[Action, ...] = ()
    #: Something awaits the reader; otherwise it is only good to know.
    asked: bool = True
