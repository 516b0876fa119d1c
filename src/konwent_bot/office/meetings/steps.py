"""What the clock does for a meeting: calls people to a planned one in time, reminds the silent, sends the agenda."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, update

from konwent_bot.domain.meetings import reminders
from konwent_bot.errors import Refused
from konwent_bot.office.due import Steps
from konwent_bot.office.meetings import calls, convening, facts, poll_news, reminding, rules, timing
from konwent_bot.office.meetings.facts import Meeting
from konwent_bot.office.rights import OPERATOR
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import MEETING

#: A planned meeting nobody could be called to is looked at again after this.
NOBODY_YET: Final = timedelta(hours=12)


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
                STEPS.next(uow, meeting.id, uow.now + NOBODY_YET)
                return
    elif meeting.status == "convened" and meeting.starts_at > uow.now:
        calls.settle(uow, meeting.id)
        _remind(uow, meeting)
        reminding.send_agenda(uow, meeting)
    timing.plan_next(uow, meeting.id)


STEPS: Final = Steps("meeting", MEETING, _step)

# --- inside -----------------------------------------------------------------------------------------------------------


def _remind(uow: UnitOfWork, meeting: Meeting) -> None:
    left = timing.ahead(uow, meeting)
    found = reminders.now(left, uow.now, meeting.wall, ZoneInfo(meeting.zone))
    if found.send is not None:
        reminding.by_clock(uow, meeting, found.send.at, number=meeting.reminded + left.index(found.send))
    if found.over:
        uow.execute(_REMINDED, meeting=meeting.id, number=meeting.reminded + found.over)


_REMINDED = update(MEETING).where(MEETING.c.id == bindparam("meeting")).values(reminded=bindparam("number"))
