"""Webhooks: setting one, and delivering updates to it as the open server does.

Queues: messages of one chat, presses of one person, membership of one person are three different queues. In a queue one update is in
flight at a time; queues run side by side up to ``max_connections``. What is not answered 2xx within a minute goes back to the head
of its queue: tried again at once, then after 2, 4, 8 ... units, until it expires.
"""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import Awaitable
from typing import Protocol
from urllib.parse import urlsplit

import aiohttp

from konwent_bot.sandbox import bounds, refusals, updates
from konwent_bot.sandbox.arguments import Arguments, Upload
from konwent_bot.sandbox.bells import Nursery
from konwent_bot.sandbox.polling import Polling
from konwent_bot.sandbox.records import Bot, Update, Webhook
from konwent_bot.sandbox.refusals import ConnectionDropped, Refusal, bad_request
from konwent_bot.sandbox.shapes import Json, dump, load
from konwent_bot.sandbox.world import World

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_NEVER_IN_REPLY = frozenset({"setwebhook", "deletewebhook", "close", "logout"})


class Execute(Protocol):
    """Runs one method of a bot."""

    def __call__(self, bot: Bot, method: str, args: Arguments, via: str = ...) -> Awaitable[Json]:
        """Give the answer, or raise ``Refusal``."""


class Webhooks:
    """The webhooks of all bots."""

    def __init__(self, world: World, polling: Polling, execute: Execute) -> None:
        self._world = world
        self._polling = polling
        self._execute = execute
        self._couriers: dict[int, Courier] = {}

    async def set_webhook(self, bot: Bot, args: Arguments) -> Json:
        """Answer setWebhook. Unlike Telegram, http is taken for this machine's own addresses."""
        url = args.text("url").strip()
        if not url:
            return await self.delete_webhook(bot, args)
        parts = urlsplit(url)
        if parts.scheme != "https" and not (parts.scheme == "http" and (parts.hostname or "") in _LOOPBACK):
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        if not parts.hostname:
            raise bad_request("bad webhook: URL host is empty")
        secret = args.text("secret_token")
        if len(secret) > bounds.SECRET_CHARS:
            raise bad_request("secret token is too long")
        if secret and not re.fullmatch(r"[A-Za-z0-9_-]+", secret):
            raise bad_request("secret token contains unallowed characters")
        connections = args.integer("max_connections", bounds.WEBHOOK_CONNECTIONS_DEFAULT)
        connections = min(max(connections, 1), bounds.WEBHOOK_CONNECTIONS)
        await self._stop(bot)
        self._polling.end(bot, refusals.POLL_WEBHOOK_SET)
        if args.has("allowed_updates"):
            self._polling.allow(bot, args)
        if args.flag("drop_pending_updates"):
            _drop_pending(self._world, bot)
        bot.webhook = Webhook(url, secret, connections)
        self._world.save_bot(bot)
        await self._world.keep.settled()
        self.start(bot)
        return {"ok": True, "result": True, "description": "Webhook was set"}

    async def delete_webhook(self, bot: Bot, args: Arguments) -> Json:
        """Answer deleteWebhook."""
        was = bool(bot.webhook.url)
        await self._stop(bot)
        if args.flag("drop_pending_updates"):
            _drop_pending(self._world, bot)
        bot.webhook = Webhook()
        self._world.save_bot(bot)
        await self._world.keep.settled()
        return {"ok": True, "result": True, "description": "Webhook was deleted" if was else "Webhook is already deleted"}

    async def get_webhook_info(self, bot: Bot, _args: Arguments) -> Json:
        """Answer getWebhookInfo."""
        hook = bot.webhook
        info: Json = {"url": hook.url, "has_custom_certificate": False, "pending_update_count": len(bot.pending)}
        if hook.url:
            info["max_connections"] = hook.max_connections
            if hook.last_error_at:
                info["last_error_date"] = hook.last_error_at
                info["last_error_message"] = hook.last_error
        if bot.allowed:
            info["allowed_updates"] = bot.allowed
        return {"ok": True, "result": info}

    def start(self, bot: Bot) -> None:
        """Begin delivering, if a webhook is set."""
        if bot.webhook.url:
            courier = self._couriers[bot.id] = Courier(self._world, bot, self._execute)
            courier.start()

    def start_all(self) -> None:
        """Begin delivering for every bot that had a webhook when the sandbox went down."""
        for bot in self._world.bots.values():
            self.start(bot)

    async def _stop(self, bot: Bot) -> None:
        courier = self._couriers.pop(bot.id, None)
        if courier is not None:
            await courier.close()

    async def close(self) -> None:
        """Stop delivering; what is in flight is delivered again after the next start."""
        for bot in self._world.bots.values():
            await self._stop(bot)


def _drop_pending(world: World, bot: Bot) -> None:
    for update in list(bot.pending.values()):
        updates.forget(world, bot, update)


class Courier:
    """Delivers one bot's updates to its webhook."""

    def __init__(self, world: World, bot: Bot, execute: Execute) -> None:
        self._world = world
        self._bot = bot
        self._hook = bot.webhook
        self._execute = execute
        self._nursery = Nursery()
        self._queues: dict[str, deque[Update]] = {}
        self._free = asyncio.Semaphore(self._hook.max_connections)
        self._session: aiohttp.ClientSession | None = None

    def start(self) -> None:
        """Take everything pending and whatever comes."""
        arrivals = self._world.arrivals[self._bot.id] = deque(self._bot.pending.values())
        self._nursery.start(self._sort(arrivals), "sandbox-webhook")

    async def close(self) -> None:
        """Stop, breaking what is in flight."""
        self._world.arrivals.pop(self._bot.id, None)
        await self._nursery.close()
        if self._session is not None:
            await self._session.close()

    async def _sort(self, arrivals: deque[Update]) -> None:
        """Put what arrives into its queue; a queue that was empty gets a runner."""
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=self._hook.max_connections),
            timeout=aiohttp.ClientTimeout(total=bounds.WEBHOOK_SECONDS),
            json_serialize=dump,
        )
        while True:
            while arrivals:
                update = arrivals.popleft()
                queue = self._queues.get(update.queue)
                if queue is None:
                    self._queues[update.queue] = deque([update])
                    self._nursery.start(self._run(update.queue), f"sandbox-webhook {update.queue}")
                else:
                    queue.append(update)
            await self._world.bot_bells[self._bot.id].wait(3600)

    async def _run(self, key: str) -> None:
        queue = self._queues[key]
        tries = 0
        while queue:
            update = queue[0]
            if update.seq not in self._bot.pending or self._expired(update, 0):
                updates.forget(self._world, self._bot, update)
                queue.popleft()
                tries = 0
                continue
            async with self._free:
                wait = await self._deliver(update)
            if wait is None:
                updates.forget(self._world, self._bot, update, confirmed=True)
                queue.popleft()
                tries = 0
                continue
            tries += 1
            backoff = 0.0 if tries == 1 else min(2.0 ** (tries - 1), bounds.WEBHOOK_BACKOFF_MAX)
            pause = max(wait, backoff * self._world.options.webhook_backoff)
            if self._expired(update, pause):
                updates.forget(self._world, self._bot, update)
                continue
            await asyncio.sleep(pause)
        del self._queues[key]

    def _expired(self, update: Update, ahead: float) -> bool:
        return self._world.clock.now() + ahead - update.born > update.lifetime

    async def _deliver(self, update: Update) -> float | None:
        """Send one update. Gives None when it is taken, else the least seconds to wait."""
        assert self._session is not None
        headers = {"X-Telegram-Bot-Api-Secret-Token": self._hook.secret} if self._hook.secret else None
        update.delivered += 1
        try:
            async with self._session.post(self._hook.url, json=update.body(), headers=headers, allow_redirects=False) as response:
                if response.status // 100 == 2:
                    self._hook.gone_since = 0.0
                    reply = await _reply(response)
                else:
                    return self._failed_with(response)
        except TimeoutError:
            return self._failed("Read timeout expired")
        except aiohttp.ClientConnectorError:
            return self._failed("Connection refused")
        except (aiohttp.ClientError, OSError):
            return self._failed("Connection reset by peer")
        if reply is not None:
            await self._reply_in_webhook(*reply)
        return None

    def _failed(self, words: str) -> float:
        self._hook.last_error, self._hook.last_error_at = words, int(self._world.clock.now())
        self._world.save_bot(self._bot)
        return 0.0

    def _failed_with(self, response: aiohttp.ClientResponse) -> float:
        self._failed(f"Wrong response from the webhook: {response.status} {response.reason}")
        if response.status == 410:
            now = self._world.clock.now()
            self._hook.gone_since = self._hook.gone_since or now
            if now - self._hook.gone_since > bounds.WEBHOOK_GONE_SECONDS:
                self._forget_hook()
        else:
            self._hook.gone_since = 0.0
        after = response.headers.get("Retry-After", "")
        return min(float(after), bounds.WEBHOOK_RETRY_AFTER_MAX) if after.isdigit() else 0.0

    def _forget_hook(self) -> None:
        self._bot.webhook = Webhook()
        self._world.arrivals.pop(self._bot.id, None)
        for queue in self._queues.values():
            queue.clear()
        self._world.save_bot(self._bot)

    async def _reply_in_webhook(self, method: str, args: Arguments) -> None:
        name = method.lower()
        if name.startswith("get") or name in _NEVER_IN_REPLY:
            return
        try:
            await self._execute(self._bot, method, args, via="webhook")
        except (Refusal, ConnectionDropped, UnicodeError):
            return  # its result never returns to the bot; the journal has it


async def _reply(response: aiohttp.ClientResponse) -> tuple[str, Arguments] | None:
    """Read a method out of the body of a webhook's answer: JSON, form or multipart."""
    values: Json = {}
    uploads: dict[str, Upload] = {}
    match response.content_type:
        case "application/json":
            try:
                given = load(await response.read())
            except ValueError:
                return None
            values = given if isinstance(given, dict) else {}
        case "multipart/form-data":
            try:
                await _read_parts(response, values, uploads)
            except ValueError:  # no boundary, or cut in the middle: taken all the same, as Telegram takes any 2xx
                return None
        case _:
            return None
    method = values.pop("method", None)
    return (method, Arguments(values, uploads)) if isinstance(method, str) else None


async def _read_parts(response: aiohttp.ClientResponse, values: Json, uploads: dict[str, Upload]) -> None:
    async for part in aiohttp.MultipartReader.from_response(response):
        if isinstance(part, aiohttp.BodyPartReader) and part.name:
            body = await part.read()
            if part.filename:
                uploads[part.name] = Upload(part.filename, part.headers.get("Content-Type", ""), bytes(body))
            else:
                values[part.name] = bytes(body).decode("utf-8", "replace")
