"""The network of the tests of meetings, on each engine."""

from __future__ import annotations

import pytest
from tests.office.meetings.calling import Calling, gather

from konwent_bot.clock import FixedClock
from konwent_bot.office.door import Door


@pytest.fixture
async def network(door: Door, clock: FixedClock) -> Calling:
    """A network with institutions of every kind, on a Monday morning."""
    return await gather(door, clock)
