"""The one message a day that gathers what can wait, for whoever asked for it.

Its hour is local wall time and an instant comes out, so that a clock change moves 8:00 in nobody's morning.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta, tzinfo
from typing import Final

from konwent_bot.domain.meetings.local_time import to_utc, to_wall
from konwent_bot.domain.meetings.quiet_hours import QuietHours

#: When it comes; to whoever is in quiet hours then, when those end.
DAILY: Final = time(8)


def daily(instant: datetime, quiet: QuietHours, zone: tzinfo) -> datetime:
    """Give the instant of the first daily message at or after ``instant``."""
    wall = to_wall(instant, zone)
    hours = QuietHours(quiet.begins, quiet.ends, days_off=False)
    at = datetime.combine(wall.date(), DAILY)
    if hours.hold_at(at):
        at = datetime.combine(wall.date(), quiet.ends)
    found = to_utc(at, zone)
    return found if found >= instant else to_utc(at + timedelta(days=1), zone)
