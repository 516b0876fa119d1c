"""The demo without Telegram: a head with nothing but e-mail, a colleague with a phone, one card between them."""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
from playwright.async_api import Browser, Page, expect
from tests.cli.program import started
from tests.demo.hand import browser, free_ports
from tests.demo.test_walk import Member, _opened
from tests.sandbox.page.conftest import COMMON
from tests.sandbox.page.test_access import violations
from tests.sandbox.phone import Sandbox

PLACE = "Ośrodek zdrowia Godziszów"
HALF = 9
WISH = "Wspólny kalendarz spotkań na całe półrocze."
#: Where pictures are kept while somebody looks at the pages (docs/pictures is made so): KONWENT_PICTURES=folder.
PICTURES = os.environ.get("KONWENT_PICTURES", "")


@dataclass
class Reader:
    """Somebody in front of a browser, who reads and presses; no script of the page helps them, because there is none."""

    page: Page

    @classmethod
    @asynccontextmanager
    async def at(
        cls, chromium: Browser, size: tuple[int, int], scheme: Literal["light", "dark"] = "light"
    ) -> AsyncIterator[Reader]:
        """Open a browser of one's own, without JavaScript."""
        width, height = size
        context = await chromium.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, java_script_enabled=False, locale="pl-PL", **COMMON
        )
        yield cls(await context.new_page())
        await context.close()

    async def sees(self, *words: str | re.Pattern[str]) -> None:
        """Read all of this in the main part of the page."""
        for said in words:
            await expect(self.page.get_by_role("main")).to_contain_text(said)

    async def press(self, name: str | re.Pattern[str]) -> None:
        """Press a button or follow a link of the main part."""
        main = self.page.get_by_role("main")
        await main.get_by_role("button", name=name).or_(main.get_by_role("link", name=name)).first.click()

    async def choose(self, *labels: str) -> None:
        """Mark choices, and send."""
        for label in labels:
            await self.page.get_by_label(label, exact=False).first.check()
        await self.press("Dalej")

    async def picture(self, name: str) -> None:
        """Keep a picture, when somebody wants to look."""
        if PICTURES:
            await self.page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


async def _link(sandbox: Sandbox, subject: str, kind: str) -> str:
    """Find the newest letter with this subject, and in it the link to a page of this kind."""
    head = next(letter for letter in await sandbox.letters() if letter["subject"] == subject)
    letter = await sandbox.ask("GET", f"/mail/{head['id']}")
    return str(re.findall(rf"https?://\S+/{kind}/\S+", letter["text"])[0])


@pytest.mark.browser
async def test_a_head_with_e_mail_only_and_a_colleague_with_a_phone_fill_in_one_card(tmp_path: Path) -> None:
    """The head begins in a browser, the designated person goes on in the chat, the head comes back by a new link and sends."""
    async with browser() as chromium, AsyncExitStack() as held:
        program = await held.enter_async_context(
            started("demo", "--headless", "--port", str(free_ports()), "--data", "d", folder=tmp_path)
        )
        sandbox = Sandbox(await _opened(program))
        held.push_async_callback(sandbox.disconnect)
        people = (await sandbox.ask("GET", "/phone"))["people"]
        assert not any(one["note"].startswith(f"{PLACE}, osoba kierująca") for one in people), "the head has no phone"
        async with Reader.at(chromium, (360, 740)) as head:
            await _the_head_begins(head, await _link(sandbox, f"Zaproszenie: {PLACE}, osoba kierująca", "z"))
        delegate = await Member.called(sandbox, f"{PLACE}, osoba wskazana")
        await _the_delegate_goes_on(delegate)
        async with Reader.at(chromium, (1280, 800), "dark") as head:
            await _the_head_comes_back(head, sandbox)
            await _the_head_sends(head)
            pages = re.sub(r"(https?://[^/]+).*", r"\1", head.page.url)
        await delegate.say("/sprawy", r"wysłana \(osoba kierująca,")
        async with Reader.at(chromium, (1280, 800)) as coordinator:
            await _the_coordinator_at_the_desk(coordinator, sandbox, pages)
        await sandbox.disconnect()
        assert await program.end() == 0
        assert "Traceback" not in program.errors.read_text("utf-8")


async def _the_head_begins(head: Reader, link: str) -> None:
    await head.page.goto(link)
    await head.sees(PLACE, "osoba kierująca", "Co przechowujemy", "skarga do Prezesa UODO")
    await head.picture("page-invitation-360")
    await head.press("Przyjmuję i zaczynam")
    await head.sees("Miejsce w sieci jest potwierdzone.", "To zajmie około 6 min.")
    await head.picture("page-home-360")
    await head.press(re.compile("Wypełnij kartę"))
    await head.sees("Każda odpowiedź zapisuje się od razu")
    await head.press("Zaczynamy")
    await head.press("Dalej")  # without an answer
    await head.sees("Proszę to sprawdzić", "Proszę wybrać liczbę od 1 do 5.")
    await head.picture("page-problem-360")
    for number in range(1, HALF + 1):
        await head.sees(re.compile(rf"pytanie {number}\b"))
        if number == 2:
            await head.picture("page-question-360")
        await head.choose("4 – raczej tak")
    await head.sees("Zapisano.", re.compile(rf"pytanie {HALF + 1}\b"))
    await head.press("Przerwij")
    await head.sees("odpowiedzi są zapisane")


async def _the_delegate_goes_on(delegate: Member) -> None:
    await delegate.open_letter(f"Zaproszenie: {PLACE}, osoba wskazana")
    await delegate.sees("Co przechowujemy", PLACE)
    await delegate.tap("Przyjmuję i zaczynam", "Miejsce w sieci jest potwierdzone")
    await delegate.tap(f"Wypełnij kartę: {PLACE}", rf"osoba kierująca\): {HALF} odpowiedzi")
    await delegate.tap("Kontynuuj te odpowiedzi", rf"pytanie {HALF + 1}\b")
    for number in range(HALF + 2, 17):
        await delegate.tap("5", rf"pytanie {number}\b")
    await delegate.mark("telefon")
    await delegate.tap("Gotowe", r"pytanie 17\b")


async def _the_head_comes_back(head: Reader, sandbox: Sandbox) -> None:
    """The session was on another computer: a link by e-mail opens one here."""
    base = re.sub(r"/z/.*", "", await _link(sandbox, f"Zaproszenie: {PLACE}, osoba kierująca", "z"))
    await head.page.goto(base)
    await head.press("Zaloguj się przez e-mail")
    before = len(await sandbox.letters())
    await head.page.get_by_label("Adres e-mail").fill("przychodnia@godziszow.example")
    await head.picture("page-sign-in-1280-dark")
    await head.press("Wyślij mi link")
    await head.sees("Jeśli ten adres jest u nas zapisany")
    while len(await sandbox.letters()) == before:
        pass
    newest = (await sandbox.letters())[0]
    await head.page.goto(await _link(sandbox, newest["subject"], "e"))
    await head.sees(PLACE)
    await head.press("Wejdź")
    await head.sees("Moje sprawy", PLACE)


async def _the_head_sends(head: Reader) -> None:
    await head.press(re.compile("Wypełnij kartę"))
    await head.sees("Są dwa szkice tej karty", "osoba wskazana")
    await head.picture("page-two-drafts-1280-dark")
    await head.press("Kontynuuj te odpowiedzi")
    await head.sees(re.compile(r"pytanie 17\b"))
    await head.choose("trudności prawne")
    await head.page.get_by_role("textbox").fill("Proszę dzwonić do Jana: 600 700 800")
    await head.press("Dalej")
    await head.sees("To wygląda na numer telefonu")
    await expect(head.page.get_by_role("textbox")).to_have_value("Proszę dzwonić do Jana: 600 700 800")
    await head.page.get_by_role("textbox").fill(WISH)
    await head.press("Dalej")
    await head.sees("Proszę sprawdzić odpowiedzi", WISH)
    await head.picture("page-review-1280-dark")
    await head.press(re.compile("Zmień.*Wspólne cele"))
    await head.page.get_by_label("5 – zdecydowanie tak").check()
    await head.press(re.compile("Zapisz|Dalej"))
    await head.sees("5 – zdecydowanie tak", WISH)
    await head.press("Zatwierdź i wyślij")
    await head.sees("Kto wysłał", "osoba kierująca", "Wersja")
    await head.picture("page-sent-1280-dark")


async def _the_coordinator_at_the_desk(coordinator: Reader, sandbox: Sandbox, pages: str) -> None:
    phone = await Member.called(sandbox, "KIS Janów Lubelski, osoba koordynująca")
    await phone.say("/sprawy", r"Wpłynęło 1 z 16\.")
    await phone.tap("Otwórz w przeglądarce", "Otwórz stronę|przeglądarce")
    keys = [key for said in await phone.phone.messages() for row in said.raw["keyboard"] for key in row]
    (link,) = [str(key["url"]) for key in keys if str(key.get("url", "")).startswith(pages)]
    await coordinator.page.goto(link)
    await coordinator.press("Wejdź")
    await coordinator.press(re.compile("Biurko sieci"))
    await coordinator.sees("LSR Janów Lubelski")
    await coordinator.picture("page-desk-1280")
    async with _with_script(coordinator) as seen:
        assert await violations(seen) == []


@asynccontextmanager
async def _with_script(reader: Reader) -> AsyncIterator[Page]:
    """The same page in a browser that runs scripts: the checker is one."""
    state = await reader.page.context.storage_state()
    chromium = reader.page.context.browser
    assert chromium is not None
    context = await chromium.new_context(storage_state=state, **COMMON)
    page = await context.new_page()
    await page.goto(reader.page.url)
    yield page
    await context.close()
