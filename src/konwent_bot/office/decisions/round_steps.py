"""What the clock does for a round of consensus by circulation: reminds the silent once, and closes it at its deadline.

Each round knows the instant at which something is next to be done for it (``consensus_round.next_step_at``). A step done twice, or by two
clocks, does nothing more.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import structlog
from sqlalchemy import bindparam, select, update

from konwent_bot.office.decisions import consensus, facts, proposal_news, rounds
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.columns import UtcInstant
from konwent_bot.store.faults import is_conflict
from konwent_bot.store.tables import CONSENSUS_ROUND, PROPOSAL

log = structlog.get_logger("konwent_bot.decisions")

#: Rounds taken care of in one unit of work.
BATCH: Final = 20
#: One whose step failed is looked at again after this.
PATIENCE: Final = timedelta(hours=1)


def tick(uow: UnitOfWork) -> int:
    """Take care of the rounds that are due; gives how many."""
    due = list(uow.execute(_DUE, now=uow.now, most=BATCH).scalars())
    for number in due:
        try:
            with uow.whole():
                _step(uow, number)
        except Exception as error:
            if is_conflict(error):
                raise
            # A mistake of ours about one round must not stop the clock for all the others, nor for forgetting and sealing.
            log.exception("a step of a round of consensus failed; it is tried again later", consensus=number)
            uow.execute(_NEXT, consensus=number, next=uow.now + PATIENCE)
    return len(due)


# --- inside -----------------------------------------------------------------------------------------------------------


def _step(uow: UnitOfWork, number: int) -> None:
    found = rounds.get(uow, number, lock=True)
    if not found.open:
        return
    if not found.takes_stances(uow.now):
        consensus.by_deadline(uow, number)
        return
    proposal_news.remind(uow, facts.get(uow, found.proposal), found)
    uow.execute(_NEXT, consensus=number, next=found.closes_at)


# The proposal is locked, and not the round: whoever closes a round holds its proposal first.
_DUE = (
    select(CONSENSUS_ROUND.c.id)
    .join(PROPOSAL, PROPOSAL.c.id == CONSENSUS_ROUND.c.proposal_id)
    .where(CONSENSUS_ROUND.c.next_step_at <= bindparam("now", type_=UtcInstant))
    .order_by(CONSENSUS_ROUND.c.next_step_at, CONSENSUS_ROUND.c.id)
    .limit(bindparam("most"))
    .with_for_update(of=PROPOSAL, skip_locked=True)
)
_NEXT = (
    update(CONSENSUS_ROUND)
    .where(CONSENSUS_ROUND.c.id == bindparam("consensus"))
    .values(next_step_at=bindparam("next", type_=UtcInstant))
)
