"""The landing page in a real browser: found right by axe, narrow enough for any phone, usable without JavaScript."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp.test_utils import TestServer
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, async_playwright
from tests.web.test_pages import gops

from konwent_bot.office.door import Door
from konwent_bot.web import application

pytestmark = pytest.mark.browser
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """A browser."""
    program = shutil.which("chromium")
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("there is no Chromium")
        pytest.skip("there is no Chromium")
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu", "--no-first-run"]
        )
        yield opened
        await opened.close()


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_page_is_accessible_and_narrow(door: Door, browser: Browser, scheme: Any) -> None:
    """WCAG 2.2 AA by axe in both colour schemes, an offer and a closed link; 320 px wide nothing slides; scripts are off for people."""
    issued = await door.act(gops)
    async with TestServer(application(door)) as server:
        for path in (f"/z/{issued.token}", "/z/" + "A" * 24):
            address = str(server.make_url(path))
            # axe itself is a script; the page's own policy would rightly keep it out.
            context = await browser.new_context(
                color_scheme=scheme, locale="pl-PL", viewport={"width": 320, "height": 640}, bypass_csp=True
            )
            page = await context.new_page()
            await page.goto(address)
            found: dict[str, Any] = (await Axe().run(page, options={"runOnly": TAGS, "resultTypes": ["violations"]})).response
            assert found["passes"], "axe looked at nothing"
            assert [(v["id"], [node["html"][:120] for node in v["nodes"]]) for v in found["violations"]] == []
            assert await page.evaluate("document.documentElement.scrollWidth") <= 320
            await context.close()


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
async def test_a_language_is_chosen_without_scripts(door: Door, browser: Browser) -> None:
    """With JavaScript off one reads the offer, turns it into Ukrainian, and finds the way into the chat."""
    issued = await door.act(gops)
    async with TestServer(application(door)) as server:
        context = await browser.new_context(java_script_enabled=False, locale="pl-PL")
        page = await context.new_page()
        refused: list[str] = []
        page.on("console", lambda message: refused.append(message.text))
        await page.goto(str(server.make_url(f"/z/{issued.token}")))
        assert await page.locator("h1").inner_text() == "Zaproszenie"
        await page.get_by_role("link", name="українська").click()
        assert await page.locator("h1").inner_text() == "Запрошення"
        link = page.get_by_role("link", name="Відкрити в Telegram")
        assert await link.get_attribute("href") == f"https://t.me/konwent_test_bot?start={issued.token}"
        assert refused == []
        await context.close()
