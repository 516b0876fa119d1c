"""What the answers to minutes come to, and when those who have not answered are reminded. domain.md R7, G9.

A version goes to every institution, which accepts it or has remarks. Silence until the deadline is acceptance, and the minutes say so.
Nothing is final while a remark is open; one that was accepted asks for a new version, which goes out and is answered like the first.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from typing import Final, Literal, TypeAlias, get_args

from konwent_bot.domain.meetings.local_time import to_utc, to_wall
from konwent_bot.domain.meetings.quiet_hours import DEFAULT_QUIET, postponed

#: What an institution answered: nothing yet, that it accepts, that it has remarks; ``deemed``: its silence until the deadline.
AnswerWord: TypeAlias = Literal["", "accepted", "remarks", "deemed"]
ANSWERS: Final[tuple[AnswerWord, ...]] = get_args(AnswerWord)
#: What became of a remark.
RemarkState: TypeAlias = Literal["open", "accepted", "declined"]
REMARK_STATES: Final[tuple[RemarkState, ...]] = get_args(RemarkState)
#: What a version comes to: institutions may still answer; remarks must be settled; a new version is due; it is the final one.
Outcome: TypeAlias = Literal["waiting", "settle", "amend", "final"]

#: Local hour of a reminder on the day before the last one.
HOUR: Final = time(12)
#: The least time from sending minutes out to a reminder, and between two reminders.
SPACING: Final = timedelta(hours=20)


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder, and the UTC instant at which it is due."""

    #: 1 goes to the proper person of an institution, 2 to the second one as well.
    number: Literal[1, 2]
    at: datetime


def comes_to(answers: Collection[AnswerWord], remarks: Collection[RemarkState], *, over: bool) -> Outcome:
    """Say what a version comes to.

    Args:
        answers: of the institutions it was sent to.
        remarks: to this version, as they were settled.
        over: the time for answers has passed.
    """
    if "" in answers and not over:
        return "waiting"
    if "open" in remarks:
        return "settle"
    return "amend" if "accepted" in remarks else "final"


def reminders(sent: datetime, until: datetime, zone: tzinfo) -> tuple[Reminder, ...]:
    """Give the reminders of a version: after half of its time, and on the day before the last one; none at night or on days off.

    Left out is whatever would come too soon (``SPACING``) or not before the deadline; of two too near to one another, the first.

    Args:
        sent: UTC instant at which it went out.
        until: UTC instant until which institutions may answer.
        zone: the zone of local days.
    """
    last = to_wall(until - timedelta(microseconds=1), zone).date()
    half = postponed(sent + (until - sent) // 2, DEFAULT_QUIET, zone)
    eve = postponed(to_utc(datetime.combine(last - timedelta(days=1), HOUR), zone), DEFAULT_QUIET, zone)
    wanted = [Reminder(1, half)] if eve - half >= SPACING or not _fits(eve, sent, until) else []
    return tuple(one for one in (*wanted, Reminder(2, eve)) if _fits(one.at, sent, until))


def next_step(now: datetime, sent: datetime, until: datetime, zone: tzinfo) -> datetime:
    """Give the UTC instant at which something is next to be done for a version without anybody asking: a reminder, or its end."""
    return next((one.at for one in reminders(sent, until, zone) if one.at > now), until)


def _fits(at: datetime, sent: datetime, until: datetime) -> bool:
    return at - sent >= SPACING and at < until
