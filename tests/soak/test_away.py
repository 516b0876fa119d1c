"""Half a minute without a database. ``make soak`` runs it; the short version is tests/courier/test_away.py."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.courier.away import away_run
from tests.sandbox.phone import Sandbox

from konwent_bot.office.unit import House


@pytest.mark.soak
async def test_half_a_minute_without_a_database_costs_no_notice(sandbox: Sandbox, house: House, tmp_path: Path) -> None:
    """PostgreSQL is stopped at once among two hundred notices and is away for thirty seconds: the same courier goes on by itself."""
    await away_run(sandbox, house, tmp_path, people=100, seconds=30)
