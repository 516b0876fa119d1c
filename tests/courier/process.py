"""A courier in a process of its own, with the occasions of the tests, which can be killed and started again.

``python -m tests.courier.process``: settings from the environment, looks as often as it can; ``KONWENT_REAL`` is how far its machine's
clock is ahead, in seconds, so that a test need not wait for leases.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from tests.courier.occasions import register
from tests.sandbox.phone import TOKEN

from konwent_bot import app
from konwent_bot.clock import SystemClock
from konwent_bot.courier import keep_sending
from konwent_bot.settings import load_settings

#: The variable with the seconds the machine's clock is ahead.
AHEAD = "TESTS_COURIER_AHEAD"


class _Ahead:
    """The machine's clock, ahead by some seconds."""

    def __init__(self, seconds: float) -> None:
        self._ahead = timedelta(seconds=seconds)

    def now(self) -> datetime:
        return SystemClock().now() + self._ahead


async def main() -> None:
    """Send until told to stop."""
    register()
    settings = load_settings()
    stop = app.stop_on_signals()
    async with app.open_house(settings) as door:
        await keep_sending(door, settings, stop, seconds=0.01, real=_Ahead(float(os.environ[AHEAD])))


@dataclass
class CourierProcess:
    """The process, as a test holds it."""

    api: str
    database: str
    folder: Path
    #: Messages a second.
    rate: float = 30.0
    #: How far its machine's clock is ahead; raised after a kill, so that the lease of the dead one is over.
    ahead: float = 0.0
    _process: asyncio.subprocess.Process | None = field(default=None, init=False)

    async def start(self) -> None:
        """Start it."""
        own = {name: value for name, value in os.environ.items() if not name.startswith("KONWENT_")}
        environment = own | {
            "KONWENT_TELEGRAM_TOKEN": TOKEN, "KONWENT_TELEGRAM_API": self.api, "KONWENT_TELEGRAM_RATE": str(self.rate),
            "KONWENT_DATABASE_URL": self.database, "KONWENT_DATA_DIR": str(self.folder / "data"), "KONWENT_ROLES": "courier",
            AHEAD: str(self.ahead),
        }  # fmt: skip
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

    async def stop(self) -> int:
        """Ask it to finish; give its exit code."""
        assert self._process is not None
        if self._process.returncode is None:
            self._process.terminate()
        return await asyncio.wait_for(self._process.wait(), 30)

    def said(self) -> str:
        """Give the end of its log."""
        return (self.folder / "courier.log").read_text("utf-8", "replace")[-4000:]


if __name__ == "__main__":
    asyncio.run(main())
