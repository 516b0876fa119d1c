"""What awaits a person ("Moje sprawy"): every room that has something to ask gives its matters, and home sorts them by their day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final, TypeAlias

from konwent_bot.i18n import Translator
from konwent_bot.office.people import Known
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.decisions import ballot_matters, proposal_matters
from konwent_bot.screens.matter import Matter
from konwent_bot.screens.meetings import agenda_matters, plan_matters, poll_matters
from konwent_bot.screens.meetings import matters as meetings
from konwent_bot.screens.minutes import draft_matters
from konwent_bot.screens.minutes import matters as minutes_matters

#: Gives a person's matters of one kind.
Source: TypeAlias = Callable[[UnitOfWork, Known, Translator], list[Matter]]

#: Everything that may await somebody, but the cards.
SOURCES: Final[tuple[Source, ...]] = (
    agenda_matters.here, proposal_matters.waiting, ballot_matters.to_vote, meetings.calls, poll_matters.unanswered, poll_matters.to_choose, meetings.over, plan_matters.proposed, plan_matters.owed, agenda_matters.awaited, agenda_matters.proposed,
    minutes_matters.to_answer, draft_matters.to_settle, draft_matters.to_write,
    proposal_matters.to_lead, proposal_matters.discussed, ballot_matters.to_do,
)  # fmt: skip
_NEVER: Final = datetime.max.replace(tzinfo=UTC)


def of(uow: UnitOfWork, person: Known, t: Translator) -> list[Matter]:
    """Give what awaits a person and what they may want to know, what is asked first, by its day."""
    found = [matter for source in SOURCES for matter in source(uow, person, t)]
    return sorted(found, key=rank)


def rank(matter: Matter) -> tuple[bool, bool, datetime]:
    """Give the order of matters: what is asked before what is only good to know, each by its day."""
    return (not matter.asked, matter.due is None, matter.due or _NEVER)
