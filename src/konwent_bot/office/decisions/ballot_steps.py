"""What the clock does for a ballot: reminds the silent once, then closes it.

Each ballot knows the instant at which something is next to be done for it (``ballot.next_step_at``), so asking what is due costs the
same whatever was voted on before. A step done twice, or by two clocks, is done once.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import structlog
from sqlalchemy import bindparam, select, update

from konwent_bot.office.decisions import ballot_news, ballots, closing
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.columns import UtcInstant
from konwent_bot.store.faults import is_conflict
from konwent_bot.store.tables import BALLOT

log = structlog.get_logger("konwent_bot.decisions")

#: Ballots taken care of in one unit of work.
BATCH: Final = 20
#: A ballot whose step failed is looked at again after this.
PATIENCE: Final = timedelta(minutes=10)


def tick(uow: UnitOfWork) -> int:
    """Take care of the ballots that are due; gives how many."""
    due = list(uow.execute(_DUE, now=uow.now, most=BATCH).scalars())
    for ballot in due:
        try:
            with uow.whole():
                _step(uow, ballot)
        except Exception as error:
            if is_conflict(error):
                raise
            # A mistake of ours about one ballot must not keep all the others open.
            log.exception("a step of a ballot failed; it is tried again later", ballot=ballot)
            uow.execute(_NEXT, ballot=ballot, next=uow.now + PATIENCE)
    return len(due)


# --- inside -----------------------------------------------------------------------------------------------------------


def _step(uow: UnitOfWork, ballot_id: int) -> None:
    ballot = ballots.get(uow, ballot_id)
    if not ballot.takes_votes(uow.now):
        closing.by_deadline(uow, ballot_id)
        return
    ballot_news.remind(uow, ballot)
    uow.execute(_NEXT, ballot=ballot_id, next=ballot.closes_at)


_DUE = (
    select(BALLOT.c.id)
    .where(BALLOT.c.next_step_at <= bindparam("now", type_=UtcInstant))
    .order_by(BALLOT.c.next_step_at, BALLOT.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_NEXT = update(BALLOT).where(BALLOT.c.id == bindparam("ballot")).values(next_step_at=bindparam("next", type_=UtcInstant))
