"""What the clock does for a meeting: calls people to a planned one in time, reminds the silent, sends the agenda.

Each meeting knows the instant at which something is next to be done for it (``meeting.next_step_at``), so asking what is due costs the
same whatever is planned. A step does what is due now and computes the next instant; done twice, or by two clocks, it does nothing more.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import bindparam, select, update

from konwent_bot.domain.meetings import reminders
from konwent_bot.errors import Refused
from konwent_bot.office.meetings import calls, convening, facts, poll_news, reminding, rules, timing
from konwent_bot.office.meetings.facts import Meeting
from konwent_bot.office.rights import OPERATOR
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.columns import UtcInstant
from konwent_bot.store.faults import is_conflict
from konwent_bot.store.tables import MEETING

log = structlog.get_logger("konwent_bot.meetings")

#: Meetings taken care of in one unit of work.
BATCH: Final = 20
#: A planned meeting nobody could be called to, or one whose step failed, is looked at again after this.
PATIENCE: Final = timedelta(hours=12)


def tick(uow: UnitOfWork) -> int:
    """Take care of the meetings that are due; gives how many."""
    due = list(uow.execute(_DUE, now=uow.now, most=BATCH).scalars())
    for meeting in due:
        try:
            with uow.whole():
                _step(uow, meeting)
        except Exception as error:
            if is_conflict(error):
                raise
            # A mistake of ours about one meeting must not stop the clock for all the others, nor for forgetting and sealing.
            log.exception("a step of a meeting failed; it is tried again later", meeting=meeting)
            uow.execute(_NEXT, meeting=meeting, next=uow.now + PATIENCE)
    return len(due)


# --- inside -----------------------------------------------------------------------------------------------------------


def _step(uow: UnitOfWork, meeting_id: int) -> None:
    meeting = facts.get(uow, meeting_id)
    if meeting.poll_until is not None:
        poll_news.step(uow, meeting)
        return
    if meeting.status == "planned":
        if (
            meeting.starts_at > uow.now
            and timing.call_instant(meeting.day, meeting.zone, rules.of(uow, meeting.body).call_days) <= uow.now
        ):
            try:
                with uow.whole():
                    convening.convene(uow, OPERATOR, meeting.id)
            except Refused:  # nobody can be reached yet; the coordinator sees it on the plan
                uow.execute(_NEXT, meeting=meeting.id, next=uow.now + PATIENCE)
                return
    elif meeting.status == "convened" and meeting.starts_at > uow.now:
        calls.settle(uow, meeting.id)
        _remind(uow, meeting)
        reminding.send_agenda(uow, meeting)
    timing.plan_next(uow, meeting.id)


def _remind(uow: UnitOfWork, meeting: Meeting) -> None:
    left = timing.ahead(uow, meeting)
    found = reminders.now(left, uow.now, meeting.wall, ZoneInfo(meeting.zone))
    if found.send is not None:
        reminding.by_clock(uow, meeting, found.send.at, number=meeting.reminded + left.index(found.send))
    if found.over:
        uow.execute(_REMINDED, meeting=meeting.id, number=meeting.reminded + found.over)


_DUE = (
    select(MEETING.c.id)
    .where(MEETING.c.next_step_at <= bindparam("now", type_=UtcInstant))
    .order_by(MEETING.c.next_step_at, MEETING.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_THIS = update(MEETING).where(MEETING.c.id == bindparam("meeting"))
_NEXT = _THIS.values(next_step_at=bindparam("next", type_=UtcInstant))
_REMINDED = _THIS.values(reminded=bindparam("number"))
