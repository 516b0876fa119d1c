"""What the clock is asked for: rows that know the instant at which something is next to be done for them (``next_step_at``).

Asking what is due goes by an index of that instant, so it costs the same whatever is planned for later. A step does what is due now and
says when the next one is; done twice, or by two clocks, it does nothing more.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import FromClause, Table, bindparam, select, update

from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.columns import UtcInstant
from konwent_bot.store.faults import is_conflict

log = structlog.get_logger("konwent_bot.due")

#: Rows of one kind taken care of in one unit of work, unless their steps take long.
BATCH: Final = 20
#: What a step failed for is looked at again after this.
PATIENCE: Final = timedelta(minutes=10)


class Steps:
    """The steps of one kind of thing."""

    def __init__(
        self,
        what: str,
        table: Table,
        step: Callable[[UnitOfWork, int], None],
        *,
        source: FromClause | None = None,
        held: Table | None = None,
        most: int = BATCH,
    ) -> None:
        """Say of what the steps are.

        Args:
            what: one of them, for the log: "ballot".
            table: has ``id`` and ``next_step_at``.
            step: does what is due for the row of a number.
            source: the table with what is joined to it, where another one's row is to be held.
            held: that other table: whoever changes such a row holds its row there first.
            most: how many are taken care of in one unit of work; few where a step takes long.
        """
        at = table.c.next_step_at
        self.what, self.step, self.most = what, step, most
        self._due = (
            select(table.c.id)
            .select_from(table if source is None else source)
            .where(at <= bindparam("now", type_=UtcInstant))
            .order_by(at, table.c.id)
            .limit(bindparam("most"))
            .with_for_update(of=table if held is None else held, skip_locked=True)
        )
        self._next = (
            update(table).where(table.c.id == bindparam("which")).values(next_step_at=bindparam("instant", type_=UtcInstant))
        )

    def tick(self, uow: UnitOfWork) -> bool:
        """Take care of what is due, a batch of it; tells whether it was full, so that more may be waiting."""
        due = list(uow.execute(self._due, now=uow.now, most=self.most).scalars())
        for number in due:
            try:
                with uow.whole():
                    self.step(uow, number)
            except Exception as error:
                if is_conflict(error):
                    raise
                # A mistake of ours about one of them must not stop the clock for all the others, nor for forgetting and sealing.
                log.exception("a step failed; it is tried again later", of=self.what, number=number)
                self.next(uow, number, uow.now + PATIENCE)
        return len(due) == self.most

    def next(self, uow: UnitOfWork, number: int, at: datetime | None) -> None:
        """Say when something is next to be done for one of them; ``None``: nothing is."""
        uow.execute(self._next, which=number, instant=at)
