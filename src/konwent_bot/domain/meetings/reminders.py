"""Reminders of a meeting: when each is due, which are too many, and what still makes sense after the program stood still.

Days before a meeting are local days at the hour of the meeting, so that a reminder comes at 10:00 for a meeting at 10:00 also
when clocks are changed in between; hours before it are hours that pass. Who has answered is not reminded: that is asked when it
is sent (``office``). The documents say nothing of reminders (domain.md G11; conversation.md, rule 11).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Final, Literal, TypeAlias

from konwent_bot.domain.meetings.local_time import to_utc, to_wall
from konwent_bot.domain.meetings.quiet_hours import DEFAULT_QUIET, QuietHours, postponed

Unit: TypeAlias = Literal["days", "hours"]

#: How much after its time a reminder still counts as on time: sent as it is, also if quiet hours have begun meanwhile.
ON_TIME: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Offset:
    """How long before a meeting: whole local days, or hours."""

    count: int
    unit: Unit = "days"

    def __post_init__(self) -> None:
        if self.count < 1:
            raise ValueError(f"a reminder comes before the meeting, not {self.count} {self.unit} before")

    def before(self, starts: datetime, zone: tzinfo) -> datetime:
        """Give the UTC instant so long before a wall time."""
        if self.unit == "days":
            return to_utc(starts - timedelta(days=self.count), zone)
        return to_utc(starts, zone) - timedelta(hours=self.count)


@dataclass(frozen=True, slots=True)
class Plan:
    """The automatic reminders of a body's meetings."""

    offsets: tuple[Offset, ...]
    #: The least time between two to the same person, the call to the meeting included. Those of the meeting's own day are exempt.
    spacing: timedelta = timedelta(hours=20)
    #: The most there are for one meeting; those nearest to it are kept.
    most: int = 4


#: What holds unless a body chose otherwise (issue 4).
DEFAULT_PLAN: Final = Plan((Offset(14), Offset(3), Offset(1), Offset(2, "hours")))


@dataclass(frozen=True, slots=True)
class Due:
    """A reminder and the UTC instant at which it is due."""

    offset: Offset
    at: datetime
    #: It was to come on the meeting's own local day, and no quiet hours hold it back.
    same_day: bool


@dataclass(frozen=True, slots=True)
class Now:
    """What is to be done with the reminders ahead at some moment."""

    #: The one to be sent; empty when there is none.
    send: Due | None = None
    #: It is sent later than it was due, and says so.
    late: bool = False
    #: How many, from the first on, have had their time: the one to be sent and those that make no sense any more.
    over: int = 0


def due(plan: Plan, starts: datetime, zone: tzinfo, *, called: datetime, quiet: QuietHours = DEFAULT_QUIET) -> tuple[Due, ...]:
    """Give the reminders of one meeting, in order of time, none after it begins.

    Left out are those whose time was over when the meeting was called or moved, and those too near to the next one or to the call
    (``Plan.spacing``): of two, the one nearer to the meeting stays. One that quiet hours hold back comes when they end, or not
    at all if that is on the meeting's own day and another one is due then.

    Args:
        plan: when reminders come.
        starts: wall time at which the meeting begins.
        zone: the zone that is meant in.
        called: UTC instant at which people were called to it, or last told that it moved.
        quiet: the reader's quiet hours; a reminder of the meeting's own day is not held back by them.
    """
    begins = to_utc(starts, zone)
    offsets = sorted(set(plan.offsets), key=lambda offset: offset.before(starts, zone))
    wanted = [_due(offset, starts, zone, quiet) for offset in offsets if called < offset.before(starts, zone)]
    ahead = [one for one in wanted if one.at < begins]
    if any(one.same_day for one in ahead):
        ahead = [one for one in ahead if one.same_day or to_wall(one.at, zone).date() < starts.date()]
    kept: list[Due] = []
    following: datetime | None = None
    for one in reversed(ahead):
        if one.same_day:
            kept.append(one)
        elif (following is None or following - one.at >= plan.spacing) and one.at - called >= plan.spacing:
            kept.append(one)
            following = one.at
    return tuple(reversed(kept[: plan.most]))


def now(ahead: Sequence[Due], instant: datetime, starts: datetime, zone: tzinfo, quiet: QuietHours = DEFAULT_QUIET) -> Now:
    """Say what is to be sent at a UTC instant of the reminders that have not had their time, in order of time (``due``).

    Of several that were missed only the newest is sent; none once the meeting began. One that is late waits until quiet hours
    end, unless it is one of the meeting's own day.
    """
    reached = sum(one.at <= instant for one in ahead)
    if not reached:
        return Now()
    begins = to_utc(starts, zone)
    if instant >= begins:
        return Now(over=len(ahead))
    newest = ahead[reached - 1]
    late = instant - newest.at > ON_TIME
    if late and not newest.same_day and instant < postponed(instant, quiet, zone):
        return Now(over=reached - 1)
    return Now(newest, late, reached)


def _due(offset: Offset, starts: datetime, zone: tzinfo, quiet: QuietHours) -> Due:
    ruled = offset.before(starts, zone)
    same_day = to_wall(ruled, zone).date() == starts.date()
    return Due(offset, ruled if same_day else postponed(ruled, quiet, zone), same_day)
