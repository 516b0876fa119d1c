"""Civil time. The only place that reads the wall clock; everything else is handed a ``Clock``.

Leases, back-off and rates use ``time.monotonic()`` or the database's clock, never this: civil time may be moved forward
by a demo (``KONWENT_CLOCK_FILE``, a file holding seconds to add, written by the sandbox and re-read when it changes).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol


class Clock(Protocol):
    """Tells civil time."""

    def now(self) -> datetime:
        """Give the current instant, timezone-aware, UTC."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Give the current UTC instant."""
        return datetime.now(UTC)


class ShiftedClock:
    """The machine's clock plus the seconds written in a file: one shifted time for several processes, across restarts."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp = -1
        self._shift = timedelta()

    def now(self) -> datetime:
        """Give the current UTC instant, moved by the file's seconds (a missing or unreadable file moves nothing)."""
        try:
            stamp = self._path.stat().st_mtime_ns
            if stamp != self._stamp:
                self._shift = timedelta(seconds=float(self._path.read_text("ascii").strip() or 0))
                self._stamp = stamp
        except (OSError, ValueError):
            self._shift, self._stamp = timedelta(), -1
        return datetime.now(UTC) + self._shift


class FixedClock:
    """A clock for tests and terminal trials: stands still until moved."""

    def __init__(self, now: datetime) -> None:
        self._now = now.astimezone(UTC)

    def now(self) -> datetime:
        """Give the instant it was set to."""
        return self._now

    def move(self, step: timedelta) -> None:
        """Move it by ``step``."""
        self._now += step
