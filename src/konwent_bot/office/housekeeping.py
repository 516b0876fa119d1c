"""What the clock asks for: forgetting what has had its time, and sealing what was done.

Both work in bounded batches and pass over rows somebody else is at, so that two schedulers do no harm and a missed tick only
leaves more for the next. Nothing is remembered between ticks: what is due stands in the store.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Column, Delete, bindparam, delete, select, tuple_

from konwent_bot.office import audit_chain, enclosures, links, notices, retention, sessions, throttle
from konwent_bot.office.decisions import ballot_steps, round_steps
from konwent_bot.office.meetings import duties
from konwent_bot.office.meetings import steps as meeting_steps
from konwent_bot.office.minutes import steps as minutes_steps
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import PERSONAL_LINK, SEEN_UPDATE, THROTTLE, WEB_SESSION

#: Telegram repeats an update for 24 h at most; twice that leaves room for a machine that was switched off.
UPDATES_KEPT: Final = timedelta(hours=48)
#: Rows forgotten in one unit of work: nobody waits long for it to end.
BATCH: Final = 500
#: What has steps of its own, in the order in which they are done.
STEPS: Final = (ballot_steps.STEPS, round_steps.STEPS, meeting_steps.STEPS, minutes_steps.STEPS)


@dataclass(frozen=True, slots=True)
class Done:
    """What one tick did."""

    forgotten: int
    sealed: int
    #: As much was due of one kind as is done in one unit of work.
    full: bool = False

    @property
    def more(self) -> bool:
        """Whether a batch was full, so that more may be waiting."""
        return self.full or self.forgotten >= BATCH or self.sealed == audit_chain.BATCH


def tick(uow: UnitOfWork) -> Done:
    """Do a bounded part of what is due. Call it again while ``more``."""
    full = [each.tick(uow) for each in STEPS]  # first: what a step did is sealed at once
    full.append(duties.look(uow) == duties.BATCH)
    return Done(_forget(uow), audit_chain.seal(uow), any(full))


# --- forgetting -------------------------------------------------------------------------------------------------------


def _older(moment: Column[Any]) -> Delete:
    """Delete a batch of a table's rows whose ``moment`` lies before ``:before``, the oldest first."""
    key = moment.table.primary_key.columns
    old = (
        select(*key)
        .where(moment < bindparam("before", type_=moment.type))
        .order_by(moment, *key)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    return delete(moment.table).where(tuple_(*key).in_(old))


#: What is forgotten, and how long after its moment.
_KEPT: Final = (
    (_older(SEEN_UPDATE.c.at), UPDATES_KEPT),
    (_older(PERSONAL_LINK.c.expires_at), links.KEPT),
    (_older(WEB_SESSION.c.expires_at), sessions.KEPT),
    (_older(THROTTLE.c.since), throttle.KEPT),
)


def _forget(uow: UnitOfWork) -> int:
    rows = sum(int(uow.execute(old, before=uow.now - kept).rowcount) for old, kept in _KEPT)
    return rows + notices.forget(uow) + enclosures.forget(uow) + retention.forget(uow)
