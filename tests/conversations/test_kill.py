"""A power cut in the middle of everybody's answers: nothing is lost, nothing counts twice. The long version is in tests/soak."""

from __future__ import annotations

from pathlib import Path

from konwent_bot.office.door import Door
from tests.conversations.conftest import Stand
from tests.conversations.killing import kill_run
from tests.conversations.process import HouseProcess
from tests.sandbox.phone import Sandbox


async def test_killed_with_five_answers_under_way_nothing_is_lost(
    stand: Stand, sandbox: Sandbox, live_door: Door, database_url: str, way: str, tmp_path: Path
) -> None:
    """The house is killed twice while five people answer at once; after each start all five answers stand, once."""
    house = HouseProcess(api=stand.url, database=database_url, way=way, clock_file=stand.clock_file, folder=tmp_path)
    await kill_run(sandbox, live_door, house, kills=2, seed=sum(map(ord, way + database_url[:6])))
