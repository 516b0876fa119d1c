"""Ten thousand requests nobody should send: no fault of ours, nothing changed, and soon over."""

from __future__ import annotations

import asyncio
import random
import time
from urllib.parse import quote

import pytest
from aiohttp import ClientError
from tests.conversations.house import dump, openings
from tests.screens.personas import ANNA, BOGDAN, CELINA, IDA, IGOR, KINGA, Stage, stage
from tests.web.asking import path, valid
from tests.web.browsing import COOKIE, Browser, serving

from konwent_bot.office.door import Door

REQUESTS = 10_000
#: Seconds all of them may take, on a machine that is busy with other things.
PATIENCE = 400
_METHODS = ("GET",) * 8 + ("POST",) * 8 + ("HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW")
_PIECES = (
    "%00",
    "%2e%2e",
    "..",
    "//",
    "%2f",
    "%ff",
    ":",
    "::",
    "-1",
    "zz",
    "'",
    "%22",
    "\u0142",
    "%0d%0a",
    "a" * 3000,
    "{{7*7}}",
    "%25",
    "+",
    "~",
    "@",
    ";",
)
_FIELDS = ("k", "choice", "text", "day", "month", "year", "email", "name", "file", "sha256", "_method", "x", "", "%00", "%ff")
_VALUES = (
    "",
    "4",
    "unknown",
    "601 234 567",
    "a@b.example",
    "x" * 2000,
    "\u0000",
    "\U0001f642",
    "<b>",
    "' OR 1=1 --",
    "0" * 64,
    "%ff%fe",
)
_KINDS = ("application/x-www-form-urlencoded",) * 6 + (
    "multipart/form-data; boundary=x",
    "application/json",
    "",
    "text/plain; charset=\u0142",
)
_EVERYBODY = (ANNA, BOGDAN, CELINA, KINGA, IDA, IGOR)


def _paths(made: Stage) -> list[str]:
    """Give paths of pages that are there: whatever follows is made of them."""
    found = [path(one) for one in valid(made)]
    tokens = list(made.janow.tokens.values())[:3]
    return [*found, *(f"/{door}/{token}" for door in "zep" for token in tokens), "/", "/static/style.css", "/favicon.ico"]


def _path(dice: random.Random, paths: list[str]) -> str:
    made = dice.choice(paths)
    for _ in range(dice.choice((0, 0, 1, 1, 2))):
        place = dice.randrange(len(made) + 1)
        match dice.randrange(5):
            case 0:
                made = made[:place] + dice.choice(_PIECES) + made[place:]
            case 1:
                made = made[:place]
            case 2:
                made = made[:place] + dice.choice("0123456789abcdefXYZ:.-_") + made[place + 1 :]
            case 3:
                made = made + "?" + dice.choice(("lang=uk", "lang=%ff", "k=1&choice=4", "a" * 500, "lang=pl&lang=en"))
            case _:
                made = made + dice.choice(paths)
    return quote("/" + made.lstrip("/") if dice.random() < 0.9 else "/" + made, safe="/%:?=&+@;~'{}*.,-_")


def _body(dice: random.Random) -> bytes | None:
    if dice.random() < 0.2:
        return None
    if dice.random() < 0.1:
        return dice.randbytes(dice.randrange(2000))
    fields = [f"{dice.choice(_FIELDS)}={dice.choice(_VALUES)}" for _ in range(dice.choice((0, 1, 2, 3, 70)))]
    if dice.random() < 0.1:
        return ('--x\r\nContent-Disposition: form-data; name="k"\r\n\r\n' + "\r\n--x\r\n".join(fields) + "\r\n--x--").encode()
    return "&".join(fields).encode("utf-8", "surrogatepass")


def _headers(dice: random.Random, made: Stage) -> dict[str, str]:
    headers = {}
    if dice.random() < 0.7:
        who = dice.choice(_EVERYBODY)
        headers["Cookie"] = (
            f"{COOKIE}={made.cookies[who]}" if dice.random() < 0.95 else f"{COOKIE}={made.cookies[who][:-1]}; {COOKIE}=x"
        )
    kind = dice.choice(_KINDS)
    if kind.isascii() and kind:
        headers["Content-Type"] = kind
    for name, values in (
        ("Host", ("evil.example", "")), ("X-Forwarded-For", ("1.2.3.4", ",,,", "\t")), ("Sec-Fetch-Site", ("same-origin", "cross-site")),
        ("X-HTTP-Method-Override", ("POST", "DELETE")), ("Accept-Language", ("uk", "*;q=nan", "x" * 3000)), ("Content-Encoding", ("gzip", "br", "x")),
        ("Range", ("bytes=0-1",)), ("If-None-Match", ("*",)), ("Expect", ("100-continue", "x")), ("Connection", ("close", "upgrade")),
    ):  # fmt: skip
        if dice.random() < 0.06:
            headers[name] = dice.choice(values)
    return headers


@pytest.mark.parametrize("seed", range(2))
async def test_random_requests_change_nothing(door: Door, seed: int) -> None:
    """Paths made of real ones, live cookies, every method, fields and bodies of all kinds, and never the token of a form."""
    made = await stage(door)
    dice = random.Random(f"konwent {seed}")
    paths = _paths(made)
    before, opened = await dump(door.store, looked=True), await openings(door.store)
    seen: dict[int, int] = {}
    begun = time.perf_counter()
    async with serving(door, trusted_proxies=seed) as url, Browser(url) as sender:
        ready = [(dice.choice(_METHODS), _path(dice, paths), _body(dice), _headers(dice, made)) for _ in range(REQUESTS // 4)]

        async def send(some: list[tuple[str, str, bytes | None, dict[str, str]]]) -> None:
            for method, target, body, headers in some:
                case = (method, target, body, headers)
                try:
                    answer = await asyncio.wait_for(sender.ask(method, target, data=body, headers=headers, keep=False), 30)
                except (ClientError, ValueError):  # the client itself would not send such a thing, or the server hung up on it
                    seen[0] = seen.get(0, 0) + 1
                    continue
                seen[answer.status] = seen.get(answer.status, 0) + 1
                assert answer.status < 500 or (answer.status, method) == (501, "BREW"), case
                assert answer.status not in (301, 302, 307, 308), case
                assert (
                    not answer.location or answer.location.startswith(("/s/", "/z/", "/e/", "/p/")) or answer.location == "/"
                ), case
                for secret in (*made.secrets(), "Traceback", "konwent_bot/"):
                    if COOKIE not in headers.get("Cookie", "") and "/z/" not in target and "/s/i" not in target:
                        assert secret not in answer.body.decode("utf-8", "replace"), (case, secret)

        async with asyncio.TaskGroup() as group:
            for nth in range(4):
                group.create_task(send(ready[nth::4]))
        assert (await sender.get("/healthz")).status == 200
    assert await dump(door.store, looked=True) == before
    assert opened <= await openings(door.store)
    assert time.perf_counter() - begun < PATIENCE
    assert {200, 303, 403, 404, 405} <= set(seen), seen
    assert seen.get(0, 0) < REQUESTS // 40, "nearly all of them arrive"
