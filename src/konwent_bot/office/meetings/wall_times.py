"""Hours of a meeting as people write them."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from konwent_bot.domain.meetings.local_time import to_utc
from konwent_bot.errors import N_, Invalid
from konwent_bot.office.meetings.facts import Meeting

_HOUR: Final = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)\Z")
#: Nobody is at a meeting earlier or later than by so much.
_AROUND: Final = timedelta(hours=12)


def instant_of(text: str, meeting: Meeting, now: datetime) -> datetime:
    """Read a local hour of a meeting's day (``9:05``, ``09.05``; after midnight of one that goes past it) as an instant.

    Raises:
        Invalid: it is no hour, or it lies ahead.
    """
    found = _HOUR.match(text.strip())
    if found is None:
        raise Invalid(N_("“{text}” is no hour. Write for example 10:05."), text=text.strip()[:20])
    hour = time(int(found[1]), int(found[2]))
    zone = ZoneInfo(meeting.zone)
    at = to_utc(datetime.combine(meeting.day, hour), zone)
    if at < meeting.starts_at - _AROUND:
        at = to_utc(datetime.combine(meeting.day + timedelta(days=1), hour), zone)
    if at > now:
        raise Invalid(N_("{hour} has not come yet. Only what has happened is noted."), hour=hour)
    return at
