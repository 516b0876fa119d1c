"""``konwent-bot sandbox``."""

from __future__ import annotations

import signal
from pathlib import Path

import aiohttp
from tests.cli.program import konwent, started


async def test_it_starts_says_where_and_stops_when_told(tmp_path: Path) -> None:
    """A stand-in for Telegram is one command away, and ends without complaint."""
    async with started("sandbox", "--port", "0", folder=tmp_path) as sandbox:
        word, url, mail, address = (await sandbox.line()).split()
        assert (word, mail) == ("sandbox", "mail")
        assert ":" in address
        async with aiohttp.ClientSession() as session, session.get(f"{url}/phone") as response:
            assert (await response.json())["people"] == []
        port = url.rpartition(":")[2]
        second = konwent("sandbox", "--port", port, folder=tmp_path)
        assert second.returncode == 1
        assert second.stderr.startswith(f"Port {port} jest zajęty przez inny program.")
        assert await sandbox.end(signal.SIGTERM) == 0


def test_a_file_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    """A wrong path gives one sentence."""
    ran = konwent("sandbox", "--port", "0", "--data", "/dev/null/x", folder=tmp_path)
    assert ran.returncode == 1
    assert ran.stderr.startswith("Piaskownica nie może się uruchomić:")
    assert ran.stderr.count("\n") == 1
