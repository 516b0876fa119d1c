"""The installed program in a process of its own, which can be killed and started again."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from pathlib import Path

from tests.conversations.house import SECRET
from tests.sandbox.phone import TOKEN


def free_port() -> int:
    """Give a port nobody listens on: a webhook's address must outlive the process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class HouseProcess:
    """``konwent-bot run`` with the role chat."""

    def __init__(self, *, api: str, database: str, way: str, clock_file: Path, folder: Path) -> None:
        port = free_port()
        self._log = folder / "house.log"
        own = {name: value for name, value in os.environ.items() if not name.startswith("KONWENT_")}
        self._environment = own | {
            "KONWENT_TELEGRAM_TOKEN": TOKEN, "KONWENT_TELEGRAM_API": api, "KONWENT_TELEGRAM_MODE": way,
            "KONWENT_DATABASE_URL": database, "KONWENT_ROLES": "chat", "KONWENT_DATA_DIR": str(folder / "data"),
            "KONWENT_PUBLIC_URL": f"http://127.0.0.1:{port}", "KONWENT_PORT": str(port), "KONWENT_WEBHOOK_SECRET": SECRET,
            "KONWENT_CLOCK_FILE": str(clock_file),
        }  # fmt: skip
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it; what people do before it listens waits in Telegram."""
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "konwent_bot.cli", "run", env=self._environment, stdout=log, stderr=log
            )

    async def kill(self) -> None:
        """End it as a power cut would."""
        assert self._process is not None
        self._process.kill()
        assert await self._process.wait() == -signal.SIGKILL, self.said()

    async def stop(self) -> int:
        """Ask it to finish; give its exit code."""
        assert self._process is not None
        if self._process.returncode is None:
            self._process.terminate()
        return await asyncio.wait_for(self._process.wait(), 30)

    def said(self) -> str:
        """Give the end of its log."""
        return self._log.read_text("utf-8", "replace")[-4000:]
