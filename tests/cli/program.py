"""The program as a user starts it: a process of its own, with an environment of its own."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

#: Seconds a start may take on a loaded machine.
PATIENCE = 90.0


def environment(given: Mapping[str, str]) -> dict[str, str]:
    """Give this process's environment without its own KONWENT_*, and with what is given."""
    return {name: value for name, value in os.environ.items() if not name.startswith("KONWENT_")} | dict(given)


def konwent(*arguments: str, folder: Path, typed: str = "", **given: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, in ``folder``; keywords are environment variables."""
    command = [sys.executable, "-m", "konwent_bot.cli", *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment(given), input=typed, capture_output=True, text=True, timeout=PATIENCE, check=False
    )


@dataclass
class Started:
    """A program that goes on until it is told to stop."""

    process: asyncio.subprocess.Process
    errors: Path

    async def line(self) -> str:
        """Give the next line it says; ``AssertionError`` with its errors when it ended instead."""
        assert self.process.stdout is not None
        line = await asyncio.wait_for(self.process.stdout.readline(), PATIENCE)
        assert line, f"it ended: {self.errors.read_text('utf-8')}"
        return line.decode().rstrip("\n")

    async def until(self, *words: str) -> None:
        """Wait until its log has all of the words."""
        async with asyncio.timeout(PATIENCE):
            while not all(word in self.errors.read_text("utf-8") for word in words):
                assert self.process.returncode is None, self.errors.read_text("utf-8")
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self.process.wait(), 0.05)

    async def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal and give the exit code."""
        if self.process.returncode is None:
            self.process.send_signal(number)
        assert self.process.stdout is not None
        await asyncio.wait_for(self.process.communicate(), PATIENCE)
        assert self.process.returncode is not None
        return self.process.returncode


@asynccontextmanager
async def started(*arguments: str, folder: Path, **given: str) -> AsyncIterator[Started]:
    """Start a program in ``folder``; it is killed when the test has ended before it."""
    descriptor, name = tempfile.mkstemp(prefix="errors-", suffix=".txt", dir=folder)
    errors = Path(name)
    with os.fdopen(descriptor, "wb") as stderr:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "konwent_bot.cli", *arguments, cwd=folder, env=environment(given),
            stdout=asyncio.subprocess.PIPE, stderr=stderr,
        )  # fmt: skip
    program = Started(process, errors)
    try:
        yield program
    finally:
        await program.end(signal.SIGKILL)
