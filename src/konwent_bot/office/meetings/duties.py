"""The clock's daily look at what is owed: who coordinates a body is told 30 and 7 days before a period ends in which nothing is planned.

Each body is looked at once a day: ``body.checked_on`` says when that last was, so a look costs what is due and not what there is. Two
clocks take different bodies, and a notice exists once for each obligation and threshold.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import bindparam, select, update

from konwent_bot.domain.meetings.cadence import WARNING_DAYS
from konwent_bot.office import notices
from konwent_bot.office.meetings import cadence
from konwent_bot.office.meetings.cadence import Missing
from konwent_bot.office.occasion import Due, Message, Occasion, Reader
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import BODY, POST

OBLIGATION: Final = "obligation"
#: Bodies looked at in one unit of work.
BATCH: Final = 100


@dataclass(frozen=True, slots=True)
class ObligationNews(Message):
    """A meeting that must be held by a day, and none is planned."""

    body: int
    body_name: str
    #: ``strategic`` or ``operational``.
    kind: str
    #: The working group that owes it; empty for the body.
    group: str
    #: Local days of the period, both included.
    start: date
    end: date
    #: Days from today to its end.
    left: int


def look(uow: UnitOfWork) -> int:
    """Look at the bodies nobody has looked at today, a batch of them; give how many."""
    bodies = list(uow.execute(_DUE, today=uow.today, most=BATCH).scalars())
    if not bodies:
        return 0
    found = cadence.missing(uow, bodies)
    posts: dict[int, list[int]] = {}
    if found:
        for row in uow.execute(_COORDINATORS, bodies=[one.body for one in found]):
            posts.setdefault(row.body_id, []).append(row.id)
    for one in found:
        for post in posts.get(one.body, ()):
            notices.announce(
                uow, recipient=f"post:{post}", occasion=OBLIGATION, subject=_subject(one), body=one.body,
                revision=1 + WARNING_DAYS.index(one.danger.days),
            )  # fmt: skip
    uow.connection.execute(_CHECKED, [{"body": body, "today": uow.today} for body in bodies])
    return len(bodies)


# --- the occasion -----------------------------------------------------------------------------------------------------


def _make(uow: UnitOfWork, due: Due, _reader: Reader) -> ObligationNews | None:
    found = _still(uow, due)
    if found is None:
        return None
    owed = found.obligation
    left = (owed.end - uow.today).days
    return ObligationNews(found.body, found.body_name, owed.kind, found.group_name, owed.start, owed.end, left)


def _wanted(uow: UnitOfWork, due: Due) -> bool:
    return _still(uow, due) is not None


def _still(uow: UnitOfWork, due: Due) -> Missing | None:
    """Give what is missing, unless a meeting has been planned since or the period is over."""
    return next((one for one in cadence.missing(uow, (due.body or 0,)) if _subject(one) == due.subject), None)


OCCASIONS: Final = (Occasion(OBLIGATION, _make, wanted=_wanted, digestible=True),)

# --- inside -----------------------------------------------------------------------------------------------------------


def _subject(one: Missing) -> str:
    """Name an obligation: of whom, which kind, from when."""
    owed = one.obligation
    return f"{owed.kind}:{one.body}:{owed.group or 0}:{owed.start:%Y%m%d}"


_DUE = (
    select(BODY.c.id)
    .where((BODY.c.checked_on < bindparam("today")) | BODY.c.checked_on.is_(None))
    .order_by(BODY.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, key_share=True)
)
_COORDINATORS = (
    select(POST.c.id, POST.c.body_id)
    .where(POST.c.body_id.in_(bindparam("bodies", expanding=True)), POST.c.kind == "coordinator")
    .order_by(POST.c.body_id, POST.c.number)
)
_CHECKED = (
    update(BODY)
    .where(BODY.c.id == bindparam("body"))
    .values(checked_on=bindparam("today"))
    .execution_options(synchronize_session=False)
)
