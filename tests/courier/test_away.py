"""The database goes away for a moment while the courier is at work."""

from __future__ import annotations

from pathlib import Path

from tests.courier.away import away_run
from tests.sandbox.phone import Sandbox

from konwent_bot.office.unit import House


async def test_a_database_that_was_away_costs_no_notice(sandbox: Sandbox, house: House, tmp_path: Path) -> None:
    """PostgreSQL is stopped at once among thirty notices and comes back: the same courier goes on, nothing is lost, nothing doubled unmarked."""
    await away_run(sandbox, house, tmp_path, people=15, seconds=2)
