"""Visits that are only for people who have been let in: a stranger is shown who we are, whatever they asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from konwent_bot.i18n import Translator
from konwent_bot.office.people import Known
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.visiting import Reply, Visit, Visited, Visitor, go_home, look_away

#: As ``Visit``, for somebody who is known.
KnownVisit: TypeAlias = Callable[[UnitOfWork, Visitor, Known, Any, Translator], Reply]


def let_in(visit: KnownVisit) -> Visit:
    """Make a visit of one that needs to know who comes. What it shows is no question, so typed text answers nothing after it."""

    def visited(uow: UnitOfWork, visitor: Visitor, person: Known | None, intent: Any, t: Translator) -> Visited:
        if person is None:
            return go_home(uow, visitor, None, t), t
        reply = visit(uow, visitor, person, intent, t)
        look_away(uow, visitor, person)
        return reply, t

    return visited
