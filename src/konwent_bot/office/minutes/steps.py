"""What the clock does for minutes that went out: reminds the silent, and ends the time for answers."""

from __future__ import annotations

from typing import Final

from konwent_bot.domain.minutes import answering
from konwent_bot.office.due import Steps
from konwent_bot.office.minutes import ending, facts, reminding, versions
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import MINUTES


def _step(uow: UnitOfWork, number: int) -> None:
    minutes = facts.get(uow, number, lock=True)
    until = minutes.answer_until
    STEPS.next(uow, number, None)
    if minutes.state != "circulated" or until is None:
        return
    if until <= uow.now:
        ending.by_deadline(uow, minutes)
        return
    sent, zone = versions.get(uow, number, minutes.version).created_at, uow.house.zone
    reached = [one for one in answering.reminders(sent, until, zone) if one.at <= uow.now]
    if reached:  # of several that were missed only the newest
        reminding.by_clock(uow, minutes, reached[-1])
    STEPS.next(uow, number, answering.next_step(uow.now, sent, until, zone))


# One at a time: many deadlines are at the same midnight, and each may end in a document that is typeset.
STEPS: Final = Steps("minutes", MINUTES, _step, most=1)
