"""A house that is listening, and browsers at its door."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import pytest
from tests.web.browsing import COOKIE, Browser, serving
from yarl import URL

from konwent_bot.office.door import Door


@pytest.fixture
async def url(door: Door) -> AsyncIterator[URL]:
    """The address of the house, on each engine."""
    async with serving(door) as found:
        yield found


@pytest.fixture
async def browse(url: URL) -> AsyncIterator[Callable[[str], Browser]]:
    """Give a browser with this cookie (of a session, or none)."""
    opened: list[Browser] = []

    def browser(cookie: str = "") -> Browser:
        opened.append(Browser(url, {COOKIE: cookie} if cookie else {}))
        return opened[-1]

    yield browser
    for one in opened:
        await one.close()
