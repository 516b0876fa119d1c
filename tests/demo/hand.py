"""A person with the demo's page in front of them: what they press, what they read. Nothing here waits by the clock."""

from __future__ import annotations

import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Literal

from playwright.async_api import Browser, Locator, Page, async_playwright, expect
from tests.sandbox.page.conftest import COMMON, LAUNCH, browser_path
from tests.sandbox.page.conftest import Phone as Frame
from tests.sandbox.page.test_access import violations
from tests.sandbox.page.test_hostile import nothing_slides

#: The phone most people hold, and the narrowest one.
WIDE, NARROW = (420, 900), (320, 640)


def free_ports() -> int:
    """Give a port that is free together with the next one: the demo takes two."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = int(first.getsockname()[1])
            try:
                second.bind(("127.0.0.1", port + 1))
            except (OSError, OverflowError):
                continue
            return port


@asynccontextmanager
async def browser() -> AsyncIterator[Browser]:
    """One Chromium; without one the test is skipped, but never in CI."""
    path = browser_path()
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=path, args=LAUNCH)
        try:
            yield started
        finally:
            await started.close()


@dataclass
class Hand:
    """Somebody's phone in a hand."""

    page: Page
    base: str
    #: exceptions of the page, and requests that left this computer
    complaints: list[str]

    @classmethod
    async def of(
        cls, browser: Browser, base: str, size: tuple[int, int] = WIDE, scheme: Literal["light", "dark"] = "light"
    ) -> Hand:
        """Open the demo's address in a browser of one's own."""
        width, height = size
        page = await browser.new_page(
            viewport={"width": width, "height": height}, color_scheme=scheme, has_touch=True, is_mobile=True, **COMMON
        )
        hand = cls(page, base, [])
        page.on("pageerror", lambda error: hand.complaints.append(str(error)))
        page.on("request", lambda asked: None if asked.url.startswith(base) else hand.complaints.append(f"left: {asked.url}"))
        await page.goto(base)
        return hand

    async def hold(self, words: str) -> None:
        """Find the one person these words fit, and take their phone."""
        await self.page.get_by_label("Szukaj osoby").fill(words)
        found = self.page.get_by_role("main").get_by_role("link")
        await expect(found).to_have_count(1)
        await found.click()
        await expect(self.page.get_by_role("heading", level=1)).to_have_text("Rozmowy")

    async def open_letter(self) -> None:
        """Go to the mailbox, where one's own invitation to the network is the only one in sight, read it, and press its link."""
        await self.page.get_by_role("link", name="Poczta").click()
        await expect(self.page.get_by_role("heading", level=1)).to_have_text("Poczta")
        in_sight = self.page.get_by_role("main").get_by_role("listitem").get_by_role("link")
        letters = in_sight.filter(has_text=re.compile("osoba (kierująca|wskazana)"))
        await expect(letters).to_have_count(1)
        await letters.click()
        await expect(self.page.get_by_role("main")).to_contain_text("Proszę nie przekazywać go dalej.")
        await self.fits()
        await self.page.get_by_role("link", name=re.compile(r"^https:..t\.me.")).click()

    @property
    def newest(self) -> Locator:
        """The newest message with its keys."""
        return self.page.get_by_role("article").last

    def key(self, label: str) -> Locator:
        """A key of the newest message."""
        return self.newest.locator(".keys").get_by_role("button", name=label, exact=True)

    async def sees(self, *words: str | re.Pattern[str]) -> None:
        """Wait until the newest message says all of this."""
        for said in words:
            await expect(self.newest).to_contain_text(said)

    async def tap(self, label: str) -> None:
        """Press a key of the newest message, once it turns no more: a second press meanwhile is taken for a slip of the finger."""
        await expect(self.key(label)).not_to_have_attribute("aria-busy", "true")
        await self.key(label).click()

    async def write(self, text: str) -> None:
        """Type, and press the paper plane."""
        await self.page.get_by_label("Wiadomość", exact=True).fill(text)
        await self.page.get_by_role("button", name="Wyślij", exact=True).click()

    async def fits(self) -> None:
        """Look at the whole screen: accessible by axe's rules, and nothing slides sideways."""
        assert await violations(self.page) == []
        await nothing_slides(Frame(self.page, 0, self.base, []))
