"""What fifty browsers do: fill in one card after another, each with a session of its own, over one kept connection each.

``python -m tests.bench.browsers`` takes orders on standard input like the stand-in for Telegram. A browser knows nothing of the site
but the pages: it finds the form, chooses, sends it with the form's token and its cookies, follows the redirect, and reads on. An
**answer** is a form of a card (beginning and going on are not counted) that was led on by 303 to a page that came with 200; its time
runs from sending the form to the last byte of that page. Any other status, and a page with nothing to do on it, ends the run.
"""

from __future__ import annotations

import asyncio
import gc
import html
import json
import os
import re
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote_plus

from tests.bench.phones import TYPED

#: What a browser says of itself with every request.
_HEADERS: Final = (
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r\n"
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\nAccept-Language: pl,en;q=0.5\r\n"
    "Accept-Encoding: gzip, deflate\r\nConnection: keep-alive\r\nUpgrade-Insecure-Requests: 1\r\nSec-Fetch-Dest: document\r\n"
    "Sec-Fetch-Mode: navigate\r\nSec-Fetch-Site: same-origin\r\nSec-Fetch-User: ?1\r\n"
)
_LENGTH: Final = re.compile(rb"\r\nContent-Length: (\d+)", re.IGNORECASE)
_LOCATION: Final = re.compile(rb"\r\nLocation: ([^\r]+)", re.IGNORECASE)
_SET_COOKIE: Final = re.compile(rb"\r\nSet-Cookie: ([^=]+)=([^;\r]*)([^\r]*)", re.IGNORECASE)
_TOKEN: Final = re.compile(rb'name="k" value="([^"]+)"')
_FILL: Final = re.compile(rb'action="(/s/f:[^"]+)"')
_CONFIRM: Final = re.compile(rb'action="(/s/d:[^"]+:ok)"')
_CHANGE: Final = re.compile(rb'action="(/s/cc:[^"]+)"')
_GO_ON: Final = re.compile(rb'href="(/s/r:[^"]+)"')
_CHOICE: Final = re.compile(rb'<input type="(radio|checkbox)"[^>]*? name="choice" value="([^"]*)"')
_MARKUP: Final = re.compile(r"<head>.*?</head>|<[^>]+>", re.DOTALL)
_TIME: Final = re.compile(r"\b\d{1,2}:\d{2}\b")
#: Choices that would open a question of their own, or exclude the others.
_AVOIDED: Final = (b"none", b"other")
#: Choices marked where several may be.
_MARKS: Final = 2


@dataclass
class Round:
    """What was counted in one round."""

    started: float = 0.0
    until: float = 0.0
    committed: int = 0
    #: Answers of the whole round, warming up and coming to rest included.
    touches: int = 0
    latencies: list[float] = field(default_factory=list)


def visible(page: bytes) -> str:
    """Give the words of a page, without times of day: these are another minute's on another side."""
    return _TIME.sub("–", " ".join(html.unescape(_MARKUP.sub(" ", page.decode())).split()))


class Browser(asyncio.Protocol):
    """One browser and the connection it keeps."""

    def __init__(self, site: Site, number: int, visit: dict[str, Any]) -> None:
        self.site = site
        self.number = number
        self.opens = iter(visit["opens"])
        self.cookies = {b"konwent": str(visit["cookie"]).encode()}
        self.token = b""
        self.held = b""
        self.page = b""
        self.steps = 0
        #: When the form under way was sent; 0.0 when it answers nothing.
        self.sent_at = 0.0
        #: Nothing is under way.
        self.idle = True
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self.site.fail(ConnectionError(f"browser {self.number} has lost its connection: {exc}"))

    def get(self, path: bytes) -> None:
        """Ask for a page."""
        self._send(b"GET", path, b"")

    def post(self, path: bytes, *fields: tuple[bytes, bytes]) -> None:
        """Send a form."""
        body = b"&".join(name + b"=" + quote_plus(value).encode() for name, value in ((b"k", self.token), *fields))
        self._send(b"POST", path, body)

    def _send(self, method: bytes, path: bytes, body: bytes) -> None:
        cookies = b"; ".join(name + b"=" + value for name, value in self.cookies.items())
        head = b"%s %s HTTP/1.1\r\nHost: %s\r\n%sCookie: %s\r\n" % (method, path, self.site.host, _HEADERS.encode(), cookies)
        if body:
            head += b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n" % len(body)
        self.idle = False
        self.transport.write(head + b"\r\n" + body)

    def data_received(self, data: bytes) -> None:
        self.held += data
        end = self.held.find(b"\r\n\r\n")
        if end < 0:
            return
        found = _LENGTH.search(self.held, 0, end + 2)
        size = end + 4 + (int(found[1]) if found else 0)
        if len(self.held) < size:
            return
        head, body, self.held = self.held[: end + 2], self.held[end + 4 : size], self.held[size:]
        try:
            self._answered(int(head[9:12]), head, body)
        except Exception as error:  # noqa: BLE001 - whatever it is, the round is void
            self.site.fail(error)

    def _answered(self, status: int, head: bytes, body: bytes) -> None:
        for name, value, rest in _SET_COOKIE.findall(head):
            if b"Max-Age=0" in rest:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value
        if status == 303:
            location = _LOCATION.search(head)
            assert location is not None, head
            self.get(location[1])
            return
        if status != 200:
            raise RuntimeError(f"a page came with {status}: {visible(body)[:300]}")
        self.idle = True
        self.page = body
        self.site.came(self)

    def go_on(self) -> None:
        """Do the next thing on the page. Raises ``LookupError`` for a page it cannot go on from."""
        page = self.page
        if not self.token:
            if not page:
                self.get(b"/")
                return
            found = _TOKEN.search(page)
            assert found is not None, visible(page)
            self.token = found[1]
            self._open()
        elif fill := _FILL.search(page):
            self.sent_at = time.perf_counter()
            self.steps += 1
            self.post(fill[1], *self._choices(page))
        elif confirm := _CONFIRM.search(page):
            self.sent_at = time.perf_counter()
            self.post(confirm[1])
        elif _CHANGE.search(page):
            self._open()
        elif begin := _GO_ON.search(page):
            self.get(begin[1])
        else:
            raise LookupError(f"browser {self.number} does not know how to go on from: {visible(page)}")

    def _open(self) -> None:
        opens = next(self.opens, None)
        if opens is None:
            raise LookupError(f"browser {self.number} has filled in all its cards; the bench needs more of them")
        self.post(b"/s/" + str(opens).encode())

    def _choices(self, page: bytes) -> list[tuple[bytes, bytes]]:
        choices = _CHOICE.findall(page)
        if not choices:
            return [(b"text", TYPED.encode())]
        if choices[0][0] == b"radio":
            return [(b"choice", choices[(self.number + self.steps) % len(choices)][1])]
        marks = [value for _, value in choices if value not in _AVOIDED]
        first = self.number * 3 + self.steps
        return [(b"choice", marks[(first + at) % len(marks)]) for at in range(_MARKS)]


class Site:
    """One site and the browsers that visit it. Each is one person's alone, with all of that person's cards and more of nobody else's."""

    def __init__(self, address: str, visits: list[dict[str, Any]], number: int) -> None:
        self.host = address.encode()
        self.browsers = [Browser(self, at, visit) for at, visit in enumerate(visits[:number])]
        self.round = Round()
        self.running = False
        self.rehearsing = False
        self.connected = False
        #: The round under way: done when all browsers are at rest, or by what went wrong.
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        #: Words and sizes of the pages of the first browser's first card.
        self.transcript: list[tuple[str, int]] = []
        self.transcribing = True

    async def connect(self) -> None:
        """Open every browser's connection."""
        host, _, port = self.host.decode().partition(":")
        for browser in self.browsers:
            await asyncio.get_running_loop().create_connection(lambda browser=browser: browser, host, int(port))  # type: ignore[misc]  # mypy does not see defaults
        self.connected = True

    async def rehearse(self) -> Round:
        """Let the first browser fill in its first card."""
        self.rehearsing = True
        return await self._run(self.browsers[:1], 0.0, 3600.0)

    async def play(self, warm: float, seconds: float) -> Round:
        """Let all browsers go on; count for ``seconds`` after ``warm``."""
        return await self._run(self.browsers, warm, seconds)

    async def _run(self, browsers: list[Browser], warm: float, seconds: float) -> Round:
        started = time.perf_counter() + warm
        self.round = Round(started, started + seconds)
        self.running = True
        for browser in browsers:
            browser.go_on()
        if not self.rehearsing:
            asyncio.get_running_loop().call_later(warm + seconds, self.rest)
        await self.ended
        self.ended = asyncio.get_running_loop().create_future()
        return self.round

    def rest(self) -> None:
        """Send nothing more."""
        self.running = False
        if all(browser.idle for browser in self.browsers) and not self.ended.done():
            self.ended.set_result(None)

    def came(self, browser: Browser) -> None:
        """A page has come."""
        now = time.perf_counter()
        if browser.sent_at:
            self.round.touches += 1
            if self.round.started <= now < self.round.until:
                self.round.committed += 1
                self.round.latencies.append(now - browser.sent_at)
            browser.sent_at = 0.0
        if browser.number == 0 and self.transcribing and browser.token:
            self.transcript.append((visible(browser.page), len(browser.page)))
        if self.rehearsing and browser.token and _CHANGE.search(browser.page):
            self.rehearsing = self.transcribing = False
            self.rest()
        elif self.running:
            browser.go_on()
        else:
            self.rest()

    def fail(self, error: Exception) -> None:
        """End the run."""
        self.running = False
        if not self.ended.done():
            self.ended.set_exception(error)


async def serve() -> None:
    """Take orders until standard input closes.

    ``{"do": "open", "name": "bare", "address": "127.0.0.1:PORT", "visits": FILE, "browsers": 50}`` -> ``{}``;
    ``{"do": "rehearse", "name": "bare"}`` -> once the first card is filled in;
    ``{"do": "play", "name": "bare", "warm": 0.5, "seconds": 3}`` -> what was counted;
    ``{"do": "transcript", "name": "bare"}`` -> what the first browser was shown.
    """
    orders = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    sites: dict[str, Site] = {}
    while line := await orders.readline():
        order = json.loads(line)
        try:
            said = await _carry_out(sites, order)
        except Exception as error:  # noqa: BLE001 - told to whoever ordered
            said = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(said), flush=True)


async def _carry_out(sites: dict[str, Site], order: dict[str, Any]) -> dict[str, Any]:
    name = order["name"]
    match order["do"]:
        case "open":
            visits = json.loads(await asyncio.to_thread(Path(order["visits"]).read_text, "utf-8"))
            sites[name] = Site(order["address"], visits, order["browsers"])
            await sites[name].connect()
            return {}
        case "transcript":
            return {"transcript": sites[name].transcript}
    gc.collect()
    gc.freeze()
    cpu, wall = time.process_time(), time.perf_counter()
    site = sites[name]
    counted = await (site.rehearse() if order["do"] == "rehearse" else site.play(order["warm"], order["seconds"]))
    passed = time.perf_counter() - wall
    return {
        "committed": counted.committed, "touches": counted.touches, "latencies": counted.latencies, "wall": passed,
        "seconds": order.get("seconds", passed), "busy": (time.process_time() - cpu) / passed,
    }  # fmt: skip


if __name__ == "__main__":
    assert os.environ.get("KONWENT_BENCH"), "started by python -m tests.bench only"
    asyncio.run(serve())
