"""Requests of phones and scripts: bounded JSON in, JSON out, ``{"error": "..."}`` when something is wrong."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable
from functools import wraps
from urllib.parse import urlsplit

from aiohttp import web

from konwent_bot.sandbox import bounds
from konwent_bot.sandbox.acts import PhoneError
from konwent_bot.sandbox.refusals import Refusal
from konwent_bot.sandbox.shapes import Json, dump, load

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def answer(body: object, status: int = 200) -> web.Response:
    """A JSON answer."""
    return web.Response(
        body=dump(body).encode("utf-8", "replace"),
        status=status,
        content_type="application/json",
        headers={"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"},
    )


async def json_body(request: web.Request) -> Json:
    """Read a JSON object; an empty body is an empty object."""
    raw = b""
    async for chunk in request.content.iter_chunked(65536):
        raw += chunk
        if len(raw) > bounds.PHONE_BODY_BYTES:
            raise PhoneError(413, f"a request is at most {bounds.PHONE_BODY_BYTES} bytes")
    if not raw.strip():
        return {}
    try:
        body = load(raw)
    except ValueError:
        raise PhoneError(400, "the body is not JSON") from None
    if not isinstance(body, dict):
        raise PhoneError(400, "the body is not a JSON object")
    return body


def text_of(body: Json, name: str, longest: int, *, default: str | None = None) -> str:
    """Give a text of the body; a missing one is ``default``, or refused when there is none."""
    value = body.get(name, default)
    if not isinstance(value, str):
        raise PhoneError(400, f"{name} is missing or not a text")
    if len(value) > longest:
        raise PhoneError(400, f"{name} is longer than {longest} characters")
    return value


def number_of(text: str, name: str) -> int:
    """Give a whole number of an address or query."""
    try:
        return int(text)
    except ValueError:
        raise PhoneError(400, f"{name} is not a number") from None


def seconds_of(text: str) -> float:
    """Give how long a request wants to wait, within our bound."""
    try:
        seconds = float(text)
    except ValueError:
        raise PhoneError(400, "timeout is not a number of seconds") from None
    return min(max(seconds, 0.0), bounds.WAIT_SECONDS) if math.isfinite(seconds) else 0.0


def spoken(handler: Handler) -> Handler:
    """Turn errors into answers; refuse what a page of another site sends (a browser says where a request comes from)."""

    @wraps(handler)
    async def wrapped(request: web.Request) -> web.StreamResponse:
        try:
            origin = request.headers.get("Origin")
            if origin is not None and urlsplit(origin).netloc != request.host:
                raise PhoneError(403, "requests of other sites are not taken")
            return await handler(request)
        except PhoneError as error:
            return answer({"error": error.text}, error.status)
        except Refusal as refusal:
            return answer({"error": refusal.description}, refusal.code)
        except OSError as error:
            if isinstance(error, ConnectionError):
                raise
            return answer({"error": str(error)}, 507)

    return wrapped
