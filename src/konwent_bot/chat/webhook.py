"""Telegram calls us: 200 only after the commit, so that what is lost in between is sent again."""

from __future__ import annotations

import hmac
import json
from collections.abc import Awaitable, Callable

import structlog
from aiohttp import web

from konwent_bot.chat.chat import Chat
from konwent_bot.chat.incoming import ALLOWED, known_update

log = structlog.get_logger(__name__)

#: Where Telegram calls, below the public address.
PATH = "/telegram"
#: Largest body taken, in bytes; an update is a few kilobytes.
MOST_BYTES = 1024 * 1024
_HEADER = "X-Telegram-Bot-Api-Secret-Token"

Handler = Callable[[web.Request], Awaitable[web.Response]]


async def register(chat: Chat, public_url: str, secret: str) -> None:
    """Tell Telegram where to call."""
    await chat.bot.set_webhook(
        f"{public_url}{PATH}", secret_token=secret, allowed_updates=list(ALLOWED), max_connections=40, drop_pending_updates=False
    )


def handler(chat: Chat, secret: str) -> Handler:
    """Make the handler of Telegram's calls.

    403: not Telegram (the secret is compared in constant time). 413: too large. 500: not committed, send it again.
    200: committed, known already, or of a shape we do not know (sending that again would not help).
    """
    expected = secret.encode()

    async def handle(request: web.Request) -> web.Response:
        given = request.headers.get(_HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, expected):
            return web.Response(status=403)
        if (request.content_length or 0) > MOST_BYTES:
            return web.Response(status=413)
        body = await request.content.read(MOST_BYTES + 1)
        while len(body) <= MOST_BYTES and (more := await request.content.read(MOST_BYTES + 1 - len(body))):
            body += more
        if len(body) > MOST_BYTES:
            return web.Response(status=413)
        try:
            update = known_update(chat.bot, json.loads(body))
        except (ValueError, RecursionError):
            log.warning("chat.not_json", size=len(body))
            return web.Response()
        if update is None:
            return web.Response()
        try:
            await chat.take(update)
        except Exception:
            log.exception("chat.not_committed", update=update.update_id)
            return web.Response(status=500)
        return web.Response()

    return handle
