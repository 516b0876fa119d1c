"""One Chromium for all tests, a wall with every picture on it, and houses of one's own to go into."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect
from tests.conftest import NOW
from tests.screens.personas import STRANGER, Stage, stage, write_conclusion
from tests.web.browser.gallery import Picture, gallery

from konwent_bot.clock import FixedClock
from konwent_bot.dialogue.loading import Shelf
from konwent_bot.office.door import Door
from konwent_bot.office.unit import House
from konwent_bot.store.engines import open_store
from konwent_bot.store.migrate import migrate
from konwent_bot.web import application
from konwent_bot.web.pages import Pages

LAUNCH: Final = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-sync",
]
#: A loaded machine is slow, a broken page never gets there.
PATIENCE: Final = 20_000

expect.set_options(timeout=PATIENCE)


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """The installed Chromium. A user's machine may lack it and skip; in CI its absence is a failure."""
    path = next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None)
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium, although CI must have one")
        pytest.skip("no Chromium on this machine")
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=path, args=LAUNCH)
        yield started
        await started.close()


@dataclass(frozen=True)
class Staged:
    """A small house as it stands before anybody comes: its file, and who is in it."""

    file: Path
    shelf: Shelf
    made: Stage

    def door(self, file: Path) -> Door:
        house = House(
            flows=self.shelf, zone=ZoneInfo("Europe/Warsaw"), bot_username="konwent_test_bot", public_url="http://127.0.0.1",
            controller="KIS w Janowie Lubelskim", controller_contact="iod@kis-janow.example",
        )  # fmt: skip
        return Door(open_store(f"sqlite:///{file}"), FixedClock(NOW), house)


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def staged(shelf: Shelf, tmp_path_factory: pytest.TempPathFactory) -> Staged:
    """Two networks; Anna's card is ready to be sent, Ida's has begun, Celina's has not."""
    file = tmp_path_factory.mktemp("stage") / "konwent.sqlite3"
    empty = Staged(file, shelf, None)  # type: ignore[arg-type]  # filled in below
    door = empty.door(file)
    await migrate(door.store)
    made = await stage(door)
    await write_conclusion(door, made)
    await door.store.close()
    return Staged(file, shelf, made)


# --- the wall ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wall:
    """Every picture under an address of its own, with the style sheet it asks for."""

    url: str
    pictures: Mapping[str, Picture]
    html: Mapping[str, str]
    style: bytes

    def at(self, name: str) -> str:
        """Give the address of a picture."""
        return f"{self.url}shown/{list(self.pictures).index(name)}"

    async def hang(self, page: Page, name: str) -> None:
        """Put a picture in place of what a tab shows. Much faster than going there, but nothing gets the focus by itself."""
        if page.url == "about:blank":
            await page.goto(self.at("everything"))
        html = re.sub(r'<link rel="stylesheet"[^>]*>', lambda _: f"<style>{self.style.decode()}</style>", self.html[name])
        await page.evaluate(
            """html => document.replaceChild(
                document.adoptNode(new DOMParser().parseFromString(html, "text/html").documentElement), document.documentElement)""",
            html,
        )


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def wall(staged: Staged, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Wall]:
    """All screens there are, on a wall."""
    file = tmp_path_factory.mktemp("wall") / "konwent.sqlite3"
    shutil.copy(staged.file, file)
    door = staged.door(file)
    pictures = await gallery(door, staged.made)
    await door.store.close()
    pages = Pages("pl")
    html = {name: picture.html(pages) for name, picture in pictures.items()}

    async def show(request: web.Request) -> web.Response:
        name = list(pictures)[int(request.match_info["number"])]
        return web.Response(text=html[name], status=pictures[name].status, content_type="text/html")

    app = web.Application()
    pages.routes(app.router)
    app.router.add_get(r"/shown/{number:\d+}", show)
    async with TestServer(app) as server:
        async with aiohttp.ClientSession() as client, client.get(server.make_url(pages.style)) as answer:
            assert answer.status == 200
            style = await answer.read()
        yield Wall(str(server.make_url("/")), pictures, html, style)


@pytest_asyncio.fixture(loop_scope="session")
async def look(chromium: Browser) -> AsyncIterator[Callable[..., Awaitable[Page]]]:
    """Give a tab to look at the wall with. The checkers are scripts, which the product's own policy would keep out."""
    opened: list[BrowserContext] = []

    async def tab(**special: Any) -> Page:
        context = await chromium.new_context(**{"viewport": {"width": 1280, "height": 800}, "bypass_csp": True, **special})
        opened.append(context)
        return await context.new_page()

    yield tab
    for context in opened:
        await context.close()


# --- houses of one's own -----------------------------------------------------------------------------------------------


@dataclass
class Visit:
    """Somebody's browser in a house nobody else is in."""

    page: Page
    url: str
    door: Door
    made: Stage
    #: What the browser complained of, and requests that left the house.
    complaints: list[str]
    #: (method, path) of every request.
    asked: list[tuple[str, str]]


@pytest_asyncio.fixture(loop_scope="session")
async def visit(chromium: Browser, staged: Staged, tmp_path: Path) -> AsyncIterator[Callable[..., Awaitable[Visit]]]:
    """Let somebody into a fresh copy of the house by a browser of theirs."""
    file = tmp_path / "konwent.sqlite3"
    shutil.copy(staged.file, file)
    door = staged.door(file)
    opened: list[BrowserContext] = []
    visits: list[Visit] = []
    async with TestServer(application(door)) as server:
        url = str(server.make_url("/"))

        async def come(who: int, **special: Any) -> Visit:
            context = await chromium.new_context(**{"viewport": {"width": 1280, "height": 800}, "locale": "pl-PL", **special})
            opened.append(context)
            if who != STRANGER:
                await context.add_cookies([{"name": "konwent", "value": staged.made.cookies[who], "url": url, "httpOnly": True}])
            page = await context.new_page()
            page.set_default_timeout(PATIENCE)
            one = Visit(page, url, door, staged.made, [], [])
            page.on("console", lambda said: one.complaints.append(said.text) if said.type in ("error", "warning") else None)
            page.on("pageerror", lambda error: one.complaints.append(str(error)))
            page.on("request", lambda asked: one.asked.append((asked.method, asked.url.removeprefix(url.rstrip("/")))))
            visits.append(one)
            return one

        yield come
        for context in opened:
            await context.close()
    await door.store.close()
    for one in visits:
        refused = [said for said in one.complaints if "the server responded with a status of 4" not in said]
        assert refused == [], "the browser complained"
        assert [path for _, path in one.asked if not path.startswith("/")] == [], "a request left the house"
