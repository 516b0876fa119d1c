"""The Bot API over HTTP: tokens, the table of methods, scripted faults, the journal, files."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from urllib.parse import unquote

from aiohttp import web

from konwent_bot.sandbox import groups, refusals
from konwent_bot.sandbox.arguments import Arguments, read_arguments
from konwent_bot.sandbox.faults import Fault, Faults
from konwent_bot.sandbox.journal import Journal
from konwent_bot.sandbox.methods import METHODS, Call
from konwent_bot.sandbox.polling import Polling
from konwent_bot.sandbox.records import Bot
from konwent_bot.sandbox.refusals import ConnectionDropped, Refusal, too_many
from konwent_bot.sandbox.shapes import Json, dump
from konwent_bot.sandbox.throttle import Throttle
from konwent_bot.sandbox.webhook import Webhooks
from konwent_bot.sandbox.world import World

_TOKEN = re.compile(r"[0-9]{1,15}:[A-Za-z0-9_-]{1,80}")
_HANG_SECONDS = 60.0  #: how long a scripted timeout lasts when the script does not say


class BotApi:
    """Answers ``/bot<token>/<method>`` and ``/file/bot<token>/<path>``."""

    def __init__(self, world: World, throttle: Throttle, faults: Faults, journal: Journal) -> None:
        self.world = world
        self.throttle = throttle
        self.faults = faults
        self.journal = journal
        self.polling = Polling(world)
        self.webhooks = Webhooks(world, self.polling, self.execute)
        self._special: dict[str, Callable[[Bot, Arguments], Awaitable[Json]]] = {
            "getupdates": self.polling.get_updates,
            "setwebhook": self.webhooks.set_webhook,
            "deletewebhook": self.webhooks.delete_webhook,
            "getwebhookinfo": self.webhooks.get_webhook_info,
        }

    def routes(self, router: web.UrlDispatcher) -> None:
        """Put the two addresses into a router."""
        router.add_route("*", "/bot{token}/{method}", self.handle)
        router.add_get("/file/bot{token}/{path:.+}", self.download)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one call."""
        token = unquote(request.match_info["token"])
        bot = self.world.by_token.get(token)
        try:
            if bot is None:
                raise Refusal(*(refusals.UNAUTHORIZED if _TOKEN.fullmatch(token) else refusals.NOT_FOUND))
            if request.method not in ("GET", "POST"):
                raise Refusal(405, "Method Not Allowed")
            args = await read_arguments(request)
            answer = await self.execute(bot, request.match_info["method"], args)
        except Refusal as refusal:
            return _json(refusal.body(), refusal.code)
        except UnicodeError:
            return _json(Refusal(400, "Bad Request: strings must be encoded in UTF-8").body(), 400)
        except web.HTTPRequestEntityTooLarge:
            return _json(Refusal(413, "Request Entity Too Large").body(), 413)
        except ConnectionDropped:
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=499)
        return _json(answer)

    async def execute(self, bot: Bot, method: str, args: Arguments, via: str = "http") -> Json:
        """Run one call to its end: fault, method, journal, file. Gives the whole answer; raises ``Refusal`` or ``ConnectionDropped``."""
        name = method.lower()
        chat_id = self._chat_id(name, args)
        try:
            fault = self.faults.take(name, chat_id) if self.faults.orders else None
            if fault is not None:
                await self._before(fault, chat_id)
            special = self._special.get(name)
            if special is not None:
                answer = await special(bot, args)
            else:
                run = METHODS.get(name)
                if run is None:
                    raise Refusal(*refusals.NOT_FOUND)
                answer = {"ok": True, "result": run(Call(self.world, self.throttle, bot, args))}
                await self.world.keep.settled()
                if self.throttle.delay and name.startswith("send"):
                    await asyncio.sleep(self.throttle.delay)
        except Refusal as refusal:
            self.journal.note(bot.username, method, chat_id, False, refusal.description, via)
            raise
        except ConnectionDropped:
            self.journal.note(bot.username, method, chat_id, False, "fault: dropped before it was done", via)
            raise
        if fault is not None and fault.kind in ("timeout_after", "drop_after"):
            self.journal.note(bot.username, method, chat_id, True, f"fault: {fault.kind}", via)
            if fault.kind == "timeout_after":
                await asyncio.sleep(_HANG_SECONDS if fault.seconds is None else fault.seconds)
            raise ConnectionDropped
        self.journal.note(bot.username, method, chat_id, True, "", via)
        return answer

    def _chat_id(self, name: str, args: Arguments) -> int | None:
        if name == "answercallbackquery":
            press = self.world.presses.get(args.text("callback_query_id"))
            return press.person if press else None
        return args.integer("chat_id") or None

    async def _before(self, fault: Fault, chat_id: int | None) -> None:
        match fault.kind:
            case "timeout_before":
                await asyncio.sleep(_HANG_SECONDS if fault.seconds is None else fault.seconds)
                raise ConnectionDropped
            case "drop_connection":
                raise ConnectionDropped
            case "error_500":
                raise Refusal(500, "Internal Server Error: restart")
            case "error_502":
                raise Refusal(502, "Bad Gateway")
            case "retry_after":
                raise too_many(max(1, round(fault.seconds or 1)))
            case "migrate":
                chat = self.world.chats.get(str(chat_id))
                if chat is not None and chat.kind == "group":
                    groups.migrate(self.world, chat)

    async def download(self, request: web.Request) -> web.StreamResponse:
        """Give the body of a file whose path getFile told."""
        token = unquote(request.match_info["token"])
        bot = self.world.by_token.get(token)
        if bot is None:
            code, text = refusals.UNAUTHORIZED if _TOKEN.fullmatch(token) else refusals.NOT_FOUND
            return _json(Refusal(code, text).body(), code)
        number = request.match_info["path"].rpartition("/")[2].partition(".")[0]
        stored = self.world.files.get(number)
        if stored is None:
            return _json(Refusal(*refusals.NOT_FOUND).body(), 404)
        return web.Response(body=stored.body, content_type="application/octet-stream")


def _json(body: Json, status: int = 200) -> web.Response:
    headers = None
    if status == 429:
        headers = {"Retry-After": str(body["parameters"]["retry_after"])}
    return web.Response(body=dump(body).encode(), status=status, content_type="application/json", headers=headers)
