"""A sandbox inside the test's own loop, and a person who has started the bot."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from konwent_bot.sandbox.server import Running, SandboxOptions, serve
from tests.sandbox.phone import Phone, Sandbox


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    """The server, for the few tests that look inside."""
    options = SandboxOptions(
        data=tmp_path / "sandbox.sqlite3", clock_file=tmp_path / "sandbox.clock", limits=False, webhook_backoff=0.02
    )
    server = await serve(options)
    yield server
    await server.close()


@pytest.fixture
async def sandbox(running: Running) -> AsyncIterator[Sandbox]:
    """The sandbox as a script sees it."""
    client = Sandbox(running.url, (running.host, running.mail_port))
    yield client
    await client.disconnect()


@pytest.fixture
async def anna(sandbox: Sandbox) -> Phone:
    """Anna, KIS coordinator, who has pressed Start; the bot has heard of it."""
    phone = await sandbox.phone("Anna", "Kowalska", note="KIS, coordinator")
    started = await phone.start()
    await sandbox.api("getUpdates", offset=started["update_id"] + 1)
    return phone
