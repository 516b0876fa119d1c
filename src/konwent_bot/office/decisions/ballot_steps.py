"""What the clock does for a ballot: reminds the silent once, then closes it."""

from __future__ import annotations

from typing import Final

from konwent_bot.office.decisions import ballot_news, ballots, closing
from konwent_bot.office.due import Steps
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import BALLOT


def _step(uow: UnitOfWork, ballot_id: int) -> None:
    ballot = ballots.get(uow, ballot_id)
    if not ballot.takes_votes(uow.now):
        closing.by_deadline(uow, ballot_id)
        return
    ballot_news.remind(uow, ballot)
    STEPS.next(uow, ballot_id, ballot.closes_at)


STEPS: Final = Steps("ballot", BALLOT, _step)
