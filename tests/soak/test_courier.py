"""Fifty kills of the courier while it carries three hundred notices. ``make soak`` runs it; the short version is tests/courier/test_kill.py."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from tests.courier.killing import gather, kill_run
from tests.courier.occasions import register
from tests.sandbox.phone import Sandbox

from konwent_bot.clock import SystemClock
from konwent_bot.office.door import Door


@pytest.fixture(autouse=True)
def _occasions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Something to be told."""
    register(monkeypatch.setitem)
    return


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(2))
async def test_fifty_kills_lose_no_notice(sandbox: Sandbox, door: Door, database_url: str, tmp_path: Path, seed: int) -> None:
    """Fifty times over the courier dies in the middle of its work: nothing is lost, what comes twice says so, no reminder comes twice."""
    door.clock = SystemClock()
    async with asyncio.timeout(3600):
        await kill_run(await gather(sandbox, door, 150), database_url, tmp_path, kills=50, seed=100 + seed)
