"""The sandbox's clock: the machine's, moved forward (or back) by seconds that survive a restart and that the product can read."""

from __future__ import annotations

import math
import os
import time
from datetime import UTC, datetime
from pathlib import Path

from konwent_bot.sandbox import bounds


class SandboxClock:
    """Tells the demo's civil time. The shift is written to ``path`` whole or not at all: seconds as an ASCII float."""

    def __init__(self, path: Path | None, shift: float = 0.0) -> None:
        self._path = path
        self.shift = shift

    def now(self) -> float:
        """Give the shifted instant, in seconds since 1970."""
        return time.time() + self.shift

    def iso(self, instant: float | None = None) -> str:
        """Write an instant (now, if none is given) as ISO 8601 in UTC."""
        return datetime.fromtimestamp(self.now() if instant is None else instant, UTC).isoformat(timespec="seconds")

    def set(self, shift: float) -> None:
        """Shift by this many seconds from the machine's clock. ``ValueError`` when that is no sensible number."""
        if not math.isfinite(shift) or abs(shift) > bounds.CLOCK_SHIFT_SECONDS:
            raise ValueError("the clock cannot be moved that far")
        self.shift = shift
        self.publish()

    def publish(self) -> None:
        """Write the shift where the product reads it. ``OSError`` says why it cannot be written."""
        if self._path is None:
            return
        draft = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            draft.write_text(f"{self.shift!r}\n", "ascii")
            draft.replace(self._path)
        except OSError as error:
            raise OSError(error.errno, f"the sandbox cannot write its clock file {self._path}: {error.strerror}") from error

    @staticmethod
    def read(path: Path | None) -> float | None:
        """Give the seconds a file holds; None when there is no such file or it holds no number."""
        try:
            shift = float(path.read_text("ascii").strip()) if path else None
        except (OSError, ValueError):
            return None
        return shift if shift is not None and math.isfinite(shift) else None
