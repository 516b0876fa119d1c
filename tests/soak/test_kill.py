"""Hundreds of power cuts. ``make soak`` runs it; the short version stands in tests/conversations/test_kill.py."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from tests.conversations.conftest import Stand
from tests.conversations.killing import kill_run
from tests.conversations.process import HouseProcess
from tests.sandbox.phone import Sandbox

from konwent_bot.office.door import Door


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(5))
async def test_fifty_power_cuts(
    stand: Stand, sandbox: Sandbox, live_door: Door, database_url: str, way: str, tmp_path: Path, seed: int
) -> None:
    """Fifty times over, five people answer while the house is killed: every answer stands, once, under its own question."""
    house = HouseProcess(api=stand.url, database=database_url, way=way, clock_file=stand.clock_file, folder=tmp_path)
    async with asyncio.timeout(3600):
        await kill_run(sandbox, live_door, house, kills=50, seed=1000 + seed, texters=2)
