"""The network of the tests of minutes, on each engine: that of decisions, whose meeting gets its minutes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.conftest import copied
from tests.office.decisions.network import make

from konwent_bot.office.unit import House


@pytest.fixture
async def database_url(
    engine_name: str, tmp_path: Path, request: pytest.FixtureRequest, _templates: dict[str, str], house: House
) -> AsyncIterator[str]:
    """An address of a database of this test alone that has the network."""
    async with copied("decisions", engine_name, tmp_path, request, _templates, lambda url: make(url, house)) as url:
        yield url
