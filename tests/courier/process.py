"""A courier in a process of its own, with the occasions of the tests, which can be killed and started again.

``python -m tests.courier.process``: settings from the environment. A file says how far its machine's clock is ahead, in seconds, so that a
test need not wait for leases.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from tests.courier.occasions import register
from tests.sandbox.phone import TOKEN

from konwent_bot import app, logs
from konwent_bot.clock import SystemClock
from konwent_bot.courier import keep_sending
from konwent_bot.office.deliveries import LEASE
from konwent_bot.settings import load_settings

#: The variables with the file that holds the seconds the machine's clock is ahead, and with the seconds between two looks.
AHEAD, LOOKS = "TESTS_COURIER_AHEAD", "TESTS_COURIER_LOOKS"


class _Ahead:
    """The machine's clock, ahead by some seconds."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def now(self) -> datetime:
        return SystemClock().now() + timedelta(seconds=float(self._file.read_text("ascii")))


async def main() -> None:
    """Send until told to stop."""
    register()
    logs.configure()
    settings = load_settings()
    stop = app.stop_on_signals()
    async with app.open_house(settings) as door:
        await keep_sending(door, settings, stop, seconds=float(os.environ[LOOKS]), real=_Ahead(Path(os.environ[AHEAD])))


@dataclass
class CourierProcess:
    """The process, as a test holds it."""

    api: str
    database: str
    folder: Path
    #: Messages a second.
    rate: float = 30.0
    #: Seconds between two looks: as often as it can.
    looks: float = 0.01
    _process: asyncio.subprocess.Process | None = field(default=None, init=False)
    _ahead: float = field(default=0.0, init=False)

    def let_leases_end(self) -> None:
        """Move its machine's clock on, also while it runs: what was claimed until now is anybody's again."""
        self._ahead += LEASE.total_seconds() + 60
        self._write()

    def _write(self) -> None:
        new = self._clock.with_suffix(".new")
        new.write_text(str(self._ahead), "ascii")
        new.replace(self._clock)

    @property
    def _clock(self) -> Path:
        return self.folder / "ahead"

    async def start(self) -> None:
        """Start it."""
        own = {name: value for name, value in os.environ.items() if not name.startswith("KONWENT_")}
        environment = own | {
            "KONWENT_TELEGRAM_TOKEN": TOKEN, "KONWENT_TELEGRAM_API": self.api, "KONWENT_TELEGRAM_RATE": str(self.rate),
            "KONWENT_DATABASE_URL": self.database, "KONWENT_DATA_DIR": str(self.folder / "data"), "KONWENT_ROLES": "courier",
            AHEAD: str(self._clock), LOOKS: str(self.looks),
        }  # fmt: skip
        self._write()
        with (self.folder / "courier.log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "tests.courier.process", env=environment, stdout=log, stderr=log, cwd=Path(__file__).parents[2]
            )  # fmt: skip

    async def kill(self) -> None:
        """End it as a power cut would."""
        assert self._process is not None
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGKILL)
        assert await self._process.wait() == -signal.SIGKILL, self.said()

    async def lives_on(self, seconds: float) -> None:
        """Look on for so long: it must not end."""
        assert self._process is not None
        with suppress(TimeoutError):
            raise AssertionError(f"it ended with {await asyncio.wait_for(self._process.wait(), seconds)}:\n{self.said()}")

    async def stop(self) -> int:
        """Ask it to finish; give its exit code."""
        assert self._process is not None
        if self._process.returncode is None:
            self._process.terminate()
        return await asyncio.wait_for(self._process.wait(), 30)

    def said(self) -> str:
        """Give the end of its log."""
        return self._log()[-4000:]

    def has_said(self, words: str) -> bool:
        """Tell whether these words stand anywhere in its log."""
        return words in self._log()

    def _log(self) -> str:
        return (self.folder / "courier.log").read_text("utf-8", "replace")


if __name__ == "__main__":
    asyncio.run(main())
