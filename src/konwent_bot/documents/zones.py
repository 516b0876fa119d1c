"""The time zone a calendar file brings with it (VTIMEZONE, RFC 5545 §3.6.5).

A file that names a zone must say what the zone is: old Outlook refuses or shifts a meeting otherwise. Meetings of the house are
in Poland, whose rule is short and has no end; any other zone is told by its changes around the years of the meetings.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

#: The common rule of the Union (Directive 2000/84/EC): 01:00 UTC on the last Sundays of March and October.
_WARSAW: Final = "\r\n".join(
    (
        "BEGIN:VTIMEZONE", "TZID:Europe/Warsaw",
        "BEGIN:DAYLIGHT", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200", "TZNAME:CEST", "DTSTART:19960331T020000",
        "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "END:DAYLIGHT",
        "BEGIN:STANDARD", "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100", "TZNAME:CET", "DTSTART:19961027T030000",
        "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU", "END:STANDARD",
        "END:VTIMEZONE", "",
    )
)  # fmt: skip


def timezone_of(zone: str, first: int, last: int) -> Timezone:
    """Describe a zone for meetings from the year ``first`` to the year ``last``.

    Raises ``zoneinfo.ZoneInfoNotFoundError`` for a name no one knows.
    """
    if zone == "Europe/Warsaw":
        ours = Timezone.from_ical(_WARSAW)
        assert isinstance(ours, Timezone), "what begins with VTIMEZONE is one"
        return ours
    described = Timezone()
    described.add("tzid", zone)
    beginning = datetime(first - 1, 1, 1, tzinfo=UTC)
    before, name = _state(ZoneInfo(zone), beginning)
    described.add_component(_observance(beginning, before, before, name, summer=False))
    for instant in _changes(zone, first - 1, last + 1):
        after, name = _state(ZoneInfo(zone), instant)
        described.add_component(_observance(instant + before, before, after, name, summer=after > before))
        before = after
    return described


def _observance(
    onset: datetime, before: timedelta, after: timedelta, name: str, *, summer: bool
) -> TimezoneDaylight | TimezoneStandard:
    """Tell of one offset from its ``onset``: the reading of the clocks that are about to be moved."""
    part = TimezoneDaylight() if summer else TimezoneStandard()
    part.add("dtstart", onset.replace(tzinfo=None))
    part.add("tzoffsetfrom", before)
    part.add("tzoffsetto", after)
    part.add("tzname", name)
    return part


def _state(zone: ZoneInfo, instant: datetime) -> tuple[timedelta, str]:
    local = instant.astimezone(zone)
    return local.utcoffset() or timedelta(), local.tzname() or zone.key


@lru_cache(maxsize=64)
def _changes(zone: str, first: int, last: int) -> tuple[datetime, ...]:
    """Find the UTC instants at which a zone's offset changes, to the minute, in whole years."""
    return tuple(_sought(ZoneInfo(zone), datetime(first, 1, 1, tzinfo=UTC), datetime(last + 1, 1, 1, tzinfo=UTC)))


def _sought(zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[datetime]:
    # Days first: no zone changes and changes back within one.
    day = timedelta(days=1)
    while start < end:
        offset = _state(zone, start)[0]
        if _state(zone, start + day)[0] != offset:
            low, high = 0, 24 * 60
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if _state(zone, start + timedelta(minutes=middle))[0] == offset else (low, middle)
            yield start + timedelta(minutes=high)
        start += day
