"""A real sandbox in its own process, a bot over plain HTTP whose lines the test speaks, and one browser for all tests."""

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

TOKEN = "7000000042:page-test-token"
USERNAME = "proba_bot"
BOT_NAME = "Sekretariat próbny"
LAUNCH = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
#: Every profile: without motion, so that nothing moves away from a press.
COMMON: dict[str, Any] = {"reduced_motion": "reduce"}
#: Seconds a test waits for something that must happen; a loaded machine is slow, a broken page never gets there.
PATIENCE = 20.0

expect.set_options(timeout=PATIENCE * 1000)


def browser_path() -> str:
    """The installed Chromium. A user's machine may lack it and skip; in CI its absence is a failure."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    if os.environ.get("CI"):
        pytest.fail("no Chromium, although CI must have one")
    pytest.skip("no Chromium on this machine")


@dataclass(frozen=True)
class Sandbox:
    """The running sandbox: where its page is and where it takes mail."""

    url: str
    mail_host: str
    mail_port: int
    http: aiohttp.ClientSession

    async def get(self, path: str) -> Any:
        """Read as a script would."""
        async with self.http.get(self.url + path) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def post(self, path: str, body: dict[str, object]) -> Any:
        """Act as a script would."""
        async with self.http.post(self.url + path, json=body) as answer:
            assert answer.status in (200, 201), await answer.text()
            return await answer.json()


@dataclass
class Bot:
    """A bot without a mind: it hears updates by webhook, and the test says what it answers."""

    sandbox: Sandbox
    _heard: dict[int, asyncio.Queue[dict[str, Any]]] = field(default_factory=dict)

    async def take(self, request: web.Request) -> web.Response:
        """Take an update and keep it for the test of that person."""
        update = await request.json()
        kind = next(name for name in update if name != "update_id")
        self._of(update[kind]["from"]["id"]).put_nowait({"kind": kind, **update[kind]})
        return web.Response()

    def _of(self, person: int) -> asyncio.Queue[dict[str, Any]]:
        return self._heard.setdefault(person, asyncio.Queue())

    async def hear(self, person: int) -> dict[str, Any]:
        """The next update of this person, with its ``kind``."""
        return await asyncio.wait_for(self._of(person).get(), PATIENCE)

    def deaf(self, person: int) -> bool:
        """Whether nothing of this person waits to be heard."""
        return self._of(person).empty()

    async def call(self, method: str, files: dict[str, tuple[str, bytes]] | None = None, **arguments: object) -> Any:
        """A Bot API call that must succeed."""
        url = f"{self.sandbox.url}/bot{TOKEN}/{method}"
        if files:
            form = aiohttp.FormData(quote_fields=False)
            for name, value in arguments.items():
                form.add_field(name, str(value))
            for name, (filename, body) in files.items():
                form.add_field(name, body, filename=filename)
            answer = await self.sandbox.http.post(url, data=form)
        else:
            answer = await self.sandbox.http.post(url, json=arguments)
        body = await answer.json()
        assert body["ok"], body
        return body["result"]

    async def say(self, person: int, text: str, keyboard: list[list[dict[str, str]]] | None = None, **more: object) -> int:
        """Send a message; gives its id."""
        if keyboard:
            more["reply_markup"] = {"inline_keyboard": keyboard}
        sent = await self.call("sendMessage", None, chat_id=person, text=text, **more)
        return int(sent["message_id"])


def key(text: str, data: str | None = None) -> dict[str, str]:
    """A callback button."""
    return {"text": text, "callback_data": data or text}


@dataclass
class Phone:
    """A page that shows the phone of one person."""

    page: Page
    person: int
    base: str
    #: what the browser complained about: errors in the console, exceptions, requests that left the sandbox
    complaints: list[str]
    #: a piece of what the test itself makes the browser complain of (a cut connection, a refusal)
    expected: str | None = None

    async def open(self, place: str = "") -> None:
        """Go to a screen of this person: "" (conversations), "czat", "poczta", "zegar"."""
        where = f"czat/{USERNAME}" if place == "czat" else place
        await self.page.goto(f"{self.base}/#/osoba/{self.person}" + (f"/{where}" if where else ""))
        await expect(self.page.locator("main h1")).to_be_visible()

    @property
    def log(self) -> Any:
        """The messages."""
        return self.page.get_by_role("log")

    def message(self, text: str) -> Any:
        """The message that contains this text."""
        return self.page.get_by_role("article").filter(has_text=text)

    def button(self, name: str) -> Any:
        """A button by its exact name."""
        return self.page.get_by_role("button", name=name, exact=True)

    async def write(self, text: str) -> None:
        """Type into the line and press Enter."""
        await self.page.get_by_label("Wiadomość", exact=True).fill(text)
        await self.page.keyboard.press("Enter")

    async def saved(self, link: Any) -> tuple[str, bytes]:
        """Press a link that saves a file; gives its name and what is in it."""
        async with self.page.expect_download() as saving:
            await link.click()
        file = await saving.value
        return file.suggested_filename, await asyncio.to_thread(Path(await file.path()).read_bytes)


MakePhone = Callable[..., Awaitable[Phone]]


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def sandbox() -> AsyncIterator[Sandbox]:
    """``python -m konwent_bot.sandbox`` with one bot, without limits on its speed."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "konwent_bot.sandbox", "--port", "0", "--no-limits"),
        *("--bot", f"{TOKEN},{USERNAME},{BOT_NAME}"),
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        line = (await asyncio.wait_for(process.stdout.readline(), 30)).decode().split()
        host, _, port = line[3].rpartition(":")
        async with aiohttp.ClientSession() as http:
            yield Sandbox(line[1], host, int(port), http)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 15) == 0


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def bot(sandbox: Sandbox) -> AsyncIterator[Bot]:
    """The bot, its webhook set."""
    made = Bot(sandbox)
    app = web.Application()
    app.router.add_post("/", made.take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await made.call("setWebhook", url=f"http://127.0.0.1:{runner.addresses[0][1]}/")
    yield made
    await made.call("deleteWebhook")
    await runner.cleanup()


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One Chromium for the whole run."""
    path = browser_path()
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=path, args=LAUNCH)
        yield started
        await started.close()


_numbers = itertools.count(1)


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def context(browser: Browser) -> AsyncIterator[BrowserContext]:
    """One browser profile for all phones that need nothing special: a tab opens faster than a profile."""
    opened = await browser.new_context(**COMMON)
    yield opened
    await opened.close()


@pytest_asyncio.fixture(loop_scope="session")
async def make_phone(sandbox: Sandbox, bot: Bot, browser: Browser, context: BrowserContext) -> AsyncIterator[MakePhone]:
    """Phones of new people, each in a tab of its own; at the end the browser must have had nothing to complain of."""
    async with asynccontextmanager(_phones)(sandbox, browser, context) as make:
        yield make


async def _phones(sandbox: Sandbox, browser: Browser, shared: BrowserContext) -> AsyncIterator[MakePhone]:
    made: list[Phone] = []
    own: list[BrowserContext] = []

    async def make(
        first_name: str = "Barbara",
        note: str = "GOPS Modliborzyce, zwierzchnik",
        language: str = "pl",
        size: tuple[int, int] = (412, 820),
        started: bool = True,
        **special: Any,
    ) -> Phone:
        last_name = f"Próbna {next(_numbers)}"
        body: dict[str, object] = {"first_name": first_name, "last_name": last_name, "language_code": language, "note": note}
        person = (await sandbox.post("/phone", body))["id"]
        if started:
            await sandbox.post(f"/phone/{person}/chat/{USERNAME}/start", {})
        opened = shared
        if special:
            opened = await browser.new_context(**COMMON, **special)
            own.append(opened)
        page = await opened.new_page()
        await page.set_viewport_size({"width": size[0], "height": size[1]})
        complaints: list[str] = []
        page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda asked: None if asked.url.startswith(sandbox.url) else complaints.append(f"left: {asked.url}"))
        phone = Phone(page, person, sandbox.url, complaints)
        made.append(phone)
        return phone

    yield make
    for phone in made:
        await phone.page.close()
    for opened in own:
        await opened.close()
    unexpected = [said for phone in made for said in phone.complaints if phone.expected is None or phone.expected not in said]
    assert unexpected == []


@pytest_asyncio.fixture(loop_scope="session")
async def phone(make_phone: MakePhone, bot: Bot) -> Phone:
    """Barbara's phone, her conversation with the bot started and on the screen."""
    made = await make_phone()
    assert (await bot.hear(made.person))["text"] == "/start"
    await made.open("czat")
    return made
