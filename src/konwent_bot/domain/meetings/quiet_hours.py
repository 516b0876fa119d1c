"""When people are left alone: evenings, nights and days off (conversation.md, rule 11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from typing import Final

from konwent_bot.domain.meetings.days_off import is_day_off
from konwent_bot.domain.meetings.local_time import to_utc, to_wall


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Wall times from ``begins``, it included, to before ``ends``, over midnight or not: nothing is sent of our own accord.

    Equal times are no quiet hours. On days off nothing is sent either, unless a person wishes otherwise.
    """

    begins: time = time(20)
    ends: time = time(7)
    days_off: bool = True

    def hold_at(self, wall: datetime) -> bool:
        """Whether nothing is sent at a wall time."""
        return (self.days_off and is_day_off(wall.date())) or self._in_hours(wall.time())

    def next_change(self, wall: datetime) -> datetime:
        """Give the wall time at which what holds at another, a day off or quiet hours, is over."""
        midnight = datetime.combine(wall.date() + timedelta(days=1), time())
        if self.days_off and is_day_off(wall.date()):
            return midnight
        return datetime.combine(wall.date() if wall.time() < self.ends else midnight.date(), self.ends)

    def _in_hours(self, hour: time) -> bool:
        if self.begins <= self.ends:
            return self.begins <= hour < self.ends
        return hour >= self.begins or hour < self.ends


#: What holds for everybody who chose nothing else.
DEFAULT_QUIET: Final = QuietHours()


def postponed(instant: datetime, quiet: QuietHours, zone: tzinfo) -> datetime:
    """Give the first UTC instant from this one on at which something may be sent: itself, or when quiet hours end."""
    wall = to_wall(instant, zone)
    if not quiet.hold_at(wall):
        return instant
    allowed = wall.replace(fold=0)
    while quiet.hold_at(allowed):
        allowed = quiet.next_change(allowed)
    found = to_utc(allowed, zone)
    # Quiet hours that end in the hour which comes twice in autumn end in its second turn for whoever is in that already.
    return found if found >= instant else to_utc(allowed.replace(fold=1), zone)
