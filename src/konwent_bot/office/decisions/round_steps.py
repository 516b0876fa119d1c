"""What the clock does for a round of consensus by circulation: reminds the silent once, and closes it at its deadline."""

from __future__ import annotations

from typing import Final

from konwent_bot.office.decisions import consensus, facts, proposal_news, rounds
from konwent_bot.office.due import Steps
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import CONSENSUS_ROUND, PROPOSAL


def _step(uow: UnitOfWork, number: int) -> None:
    found = rounds.get(uow, number, lock=True)
    if not found.open:
        return
    if not found.takes_stances(uow.now):
        consensus.by_deadline(uow, number)
        return
    proposal_news.remind(uow, facts.get(uow, found.proposal), found)
    STEPS.next(uow, number, found.closes_at)


# The proposal is locked, and not the round: whoever closes a round holds its proposal first.
STEPS: Final = Steps(
    "round of consensus", CONSENSUS_ROUND, _step,
    source=CONSENSUS_ROUND.join(PROPOSAL, PROPOSAL.c.id == CONSENSUS_ROUND.c.proposal_id), held=PROPOSAL,
)  # fmt: skip
