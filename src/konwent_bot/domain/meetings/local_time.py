"""Wall time and instants: what "Tuesday at 10:00" means in a zone, also on the nights when clocks are changed."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo


def to_utc(wall: datetime, zone: tzinfo) -> datetime:
    """Give the UTC instant of a wall time in a zone.

    An hour that is skipped in spring (in Warsaw 2:30 on 29 March 2026) is read from a watch that was not put forward: it is
    3:30. An hour that comes twice in autumn is meant the first time, unless the value says otherwise (``fold``, PEP 495).
    """
    return wall.replace(tzinfo=zone).astimezone(UTC)


def to_wall(instant: datetime, zone: tzinfo) -> datetime:
    """Give the wall time of an instant in a zone: without a zone, and with ``fold`` in the second of two equal hours."""
    return instant.astimezone(zone).replace(tzinfo=None)


def is_skipped(wall: datetime, zone: tzinfo) -> bool:
    """Whether a wall time does not exist in a zone, because clocks are put forward over it."""
    return to_wall(to_utc(wall, zone), zone) != wall
