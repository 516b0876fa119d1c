"""What every answer has in common, whatever is asked: closed headers, one shape of "no", and health that nobody's session touches."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest
from aiohttp.test_utils import TestClient, TestServer
from tests.conversations.house import dump
from tests.screens.personas import ANNA, GOPS, stage
from tests.web.browsing import Browser, Page, serving
from yarl import URL

from konwent_bot.clock import FixedClock
from konwent_bot.errors import N_
from konwent_bot.office import sessions
from konwent_bot.office.door import Door
from konwent_bot.store.engines import open_store
from konwent_bot.store.faults import StoreBusy
from konwent_bot.web import application

Browse = Callable[[str], Browser]


def guarded(page: Page) -> None:
    """See that an answer is closed to scripts, frames, caches and search engines."""
    policy = page.headers["Content-Security-Policy"]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert directives == {
        "default-src": "'none'", "style-src": "'self'", "img-src": "'self'", "base-uri": "'none'", "form-action": "'self'",
        "frame-ancestors": "'none'",
    }  # fmt: skip
    for name, value in {
        "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow", "X-Frame-Options": "DENY",
        "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin", "Server": "konwent-bot",
        "Strict-Transport-Security": "max-age=31536000",
    }.items():  # fmt: skip
        assert page.headers[name] == value, name


async def test_every_answer_is_guarded(door: Door, browse: Browse) -> None:
    """Pages, redirects, refusals, files and health carry the same closed headers, and nothing personal may be stored by anybody."""
    made = await stage(door)
    anna = browse(made.cookies[ANNA])
    home = await anna.get("/")
    answers = [
        home, await anna.get("/s/s"), await anna.get("/s/zzz"), await anna.get("/nowhere"), await anna.get("/s/f:1:1"), await anna.get("/healthz"),
        await anna.ask("PUT", "/"), await anna.post("/s/s", {}), await browse("").get("/s/s"), await anna.get("/favicon.ico"), await anna.get("/s/od"),
    ]  # fmt: skip
    for answer in answers:
        guarded(answer)
        assert answer.headers["Cache-Control"] == "no-store"
    style = await anna.get(home.text.partition('rel="stylesheet" href="')[2].partition('"')[0])
    guarded(style)
    assert style.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "<script" not in home.text
    assert " style=" not in home.text


async def test_what_is_not_there_has_one_shape(door: Door, browse: Browse) -> None:
    """Unknown addresses, codes of no shape, things of others and things that never were: the same bytes, for members and for strangers."""
    made = await stage(door)
    for browser, foreign in ((browse(made.cookies[ANNA]), f"/s/b:{made.ilawa.body}"), (browse(""), "/s/zzz")):
        paths = [
            "/s/zzz", "/s/zzz:1:2", "/s/r:", "/s/r:1:2", "/s/r:-1", "/s/R:1", "/s/%72%3a%2d1", "/s/h%00", "/s/%ff", "/s/h%2f", "/s/" + "a" * 4000,
            "/nowhere", "/s/", "/s", "/z/", "//s/h", "/s//h", "/S/h", "/.git/config", "/static/", "/static/../server.py", "/static/%2e%2e/server.py",
            "/s/h;x=1", "/admin?x=1", foreign,
        ]  # fmt: skip
        pages = {path: await browser.get(path) for path in paths}
        assert {page.status for page in pages.values()} == {404}, {path: page.status for path, page in pages.items()}
        assert len({page.body for page in pages.values()}) == 1, [
            path for path, page in pages.items() if page.body != pages["/s/zzz"].body
        ]
        assert len({str(sorted(name for name in page.headers if name != "Date")) for page in pages.values()}) == 1


async def test_bytes_no_browser_sends_are_refused(url: URL) -> None:
    """Raw request lines with zero bytes, no UTF-8, no host, two lengths or a header without end: refused, and the house is well after."""
    long = b"a" * 20_000
    for raw in (
        b"GET /s/h\x00 HTTP/1.1\r\nHost: x\r\n\r\n", b"GET /s/\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n", b"GET /s/" + "ż".encode() + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET http://evil.example/s/zzz HTTP/1.1\r\nHost: x\r\n\r\n", b"GET /" + long + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: " + long + b"\r\n\r\n", b"GET / HTTP/1.1\r\nHost: x\r\nCookie: \xff\xfe=\x01\r\n\r\n",
        b"POST /s/h HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcde",
        b"POST /s/h HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /s/h HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n", b"\r\n\r\n\r\n", b"\x16\x03\x01\x02\x00", b"GET / HTTP/9.9\r\n\r\n",
        b"GET\t/\tHTTP/1.1\r\n\r\n", b"GET / HTTP/1.1\r\nHost: x\r\nhost : y\r\n\r\n", b"GET * HTTP/1.1\r\nHost: x\r\n\r\n",
        b"CONNECT evil.example:443 HTTP/1.1\r\nHost: x\r\n\r\n", b"GET /s/h HTTP/1.1\r\nHost: x\r\n folded: 1\r\n\r\n",
    ):  # fmt: skip
        reader, writer = await asyncio.open_connection(url.host, url.port)
        writer.write(raw)
        writer.write_eof()
        answer = await asyncio.wait_for(reader.read(), 10)
        writer.close()
        if answer:
            status = int(answer.split(b" ", 2)[1])
            assert status < 500, (raw[:60], answer[:200])
            assert b"Traceback" not in answer
            assert b"evil.example" not in answer, raw
    async with Browser(url) as browser:
        assert (await browser.get("/")).status == 200


async def test_a_mistake_of_ours_tells_nothing_and_loses_nothing(
    door: Door, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the program itself fails, the person sees no inside of it, and their text to be copied."""
    made = await stage(door)
    anna = browse(made.cookies[ANNA])
    page = await anna.get(f"/s/r:{made.drafts[ANNA][0]}")
    form = page.form("/s/f:")

    def broken(*_: object) -> None:
        raise RuntimeError("the inside of the house")

    monkeypatch.setattr("konwent_bot.screens.reception.answer", broken)
    for answer in (await anna.get("/"), await anna.post(form.action, [("k", page.token), ("text", "Moje zdanie <b>")])):
        guarded(answer)
        assert answer.status == 500
        assert "inside" not in answer.text
        assert answer.title
    assert "Moje zdanie &lt;b&gt;</textarea>" in answer.text
    monkeypatch.setattr("konwent_bot.web.pages.Pages.plain", broken)
    short = await anna.get("/")
    assert (short.status, short.text) == (500, "500 Internal Server Error\n")
    guarded(short)


async def test_a_store_that_cannot_be_reached_loses_no_text(
    door: Door, browse: Browse, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the database is held by another program the page says so, gives the text back and says when to try again."""
    made = await stage(door)
    anna = browse(made.cookies[ANNA])
    page = await anna.get(f"/s/r:{made.drafts[ANNA][0]}")
    form = page.form("/s/f:")
    before = await dump(door.store)

    async def busy(*_: object) -> None:
        raise StoreBusy(N_("Another program holds the database. Nothing has been changed; please try again in a moment."))

    with monkeypatch.context() as patch:
        patch.setattr(type(door.store), "write", busy)
        answer = await anna.post(form.action, [("k", page.token), ("text", "Moje zdanie")])
        assert (answer.status, answer.headers["Retry-After"]) == (503, "10")
        assert "Moje zdanie</textarea>" in answer.text
        assert "Nic się nie zmieniło" in answer.text
        clock.move(timedelta(minutes=10))
        assert GOPS in (await anna.get("/")).text, "pages are shown while nothing can be written"
        patch.setattr(type(door.store), "read", busy)
        assert (await anna.get("/")).status == 503
        assert (await anna.get("/nowhere")).status in (404, 503)
        assert (await anna.get("/healthz")).status == 200
    assert await dump(door.store) == before
    assert (await anna.send(form, choice="4")).status == 303


async def test_health_is_nobodys_page(door: Door, browse: Browse) -> None:
    """Whoever watches the installation gets the same short answer with and without a session, without a cookie, and changes nothing."""
    made = await stage(door)
    before = await dump(door.store)
    for path in ("/healthz", "/readyz"):
        answers = [await browse(cookie).get(path) for cookie in ("", made.cookies[ANNA], "x")]
        assert {(answer.status, answer.body) for answer in answers} == {(200, answers[0].body)}
        assert not any(answer.set_cookies for answer in answers)
        assert answers[0].headers["Content-Type"].startswith("application/json")
        assert GOPS not in answers[0].text
    assert await dump(door.store) == before


async def test_an_unprepared_database_is_not_ready(door: Door, empty_database_url: str) -> None:
    """A program before its migration is alive but not ready, says why, and answers pages with a sentence."""
    store = open_store(empty_database_url)
    async with serving(Door(store, door.clock, door.house)) as url, Browser(url) as browser:
        assert (await browser.get("/healthz")).status == 200
        ready = await browser.get("/readyz")
        assert ready.status == 503
        assert "konwent-bot migrate" in ready.text
        assert (await browser.get("/", Cookie=f"__Host-konwent={sessions.new_cookie()}")).status in (500, 503)
    await store.close()


async def test_pages_may_be_left_out(door: Door) -> None:
    """A process that only takes Telegram's calls has health and nothing to look at."""
    async with TestClient(TestServer(application(door, pages=False))) as browser:
        assert (await browser.get("/healthz")).status == 200
        for path in ("/", "/s/h", "/z/" + "A" * 24):
            response = await browser.get(path)
            assert (response.status, await response.text()) == (404, "404 Not Found\n")
        assert (await browser.post("/s/h", data={"k": "x"})).status == 404


async def test_an_unused_form_needs_no_cookie(browse: Browse) -> None:
    """A page without any form leaves no cookie in a stranger's browser."""
    somebody = browse("")
    for path in ("/s/p", "/s/a", "/s/g", "/nowhere"):
        assert not (await somebody.get(path)).set_cookies, path
    assert (await somebody.get("/s/e")).set_cookies
