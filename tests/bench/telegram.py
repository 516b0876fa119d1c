"""The stand-in for Telegram in the bench, and the phones: one process, so light that it is never what is measured.

It speaks HTTP/1.1 by hand on ``asyncio.Protocol`` (a web framework here would cost as much as the bots). It answers the methods
of the Bot API that the two bots call, in Telegram's shapes with text, entities and keyboard, and drives the phones in a closed
loop over at most 40 webhook connections: a phone touches again when its message has changed **and** its update was answered with
200, as Telegram keeps one update of a person in flight. Everything is counted; an error status, a refusal or a callback left
unanswered ends the round with an error.

Orders come as JSON lines on standard input, results leave as JSON lines on standard output.
"""

from __future__ import annotations

import asyncio
import binascii
import gc
import json
import os
import re
import sys
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape
from typing import Any, Final
from urllib.parse import urlsplit

from tests.bench.phones import Card, Phone, Touch, phones

TOKEN: Final = "7000000009:bench-token-of-a-bot-that-lives-nowhere"
SECRET: Final = "bench-secret"
BOT: Final = {"id": 7000000009, "is_bot": True, "first_name": "Konwent", "username": "konwent_bench_bot"}
#: Telegram's default for ``max_connections``.
CONNECTIONS: Final = 40
#: Longest silence of a bot that is still alive, in seconds.
SILENCE: Final = 20.0
#: Longest rehearsal, in seconds.
REHEARSAL: Final = 90.0

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([a-z]+)( expandable)?>")
_ENTITY: Final = {"b": "bold", "i": "italic", "blockquote": "blockquote", "blockquote expandable": "expandable_blockquote"}


def form(body: bytes) -> dict[str, str]:
    """Read ``application/x-www-form-urlencoded``; quoted-printable differs from it in one sign, and Python has that one in C."""
    fields = {}
    for pair in body.split(b"&"):
        name, _, value = pair.partition(b"=")
        fields[name.decode()] = binascii.a2b_qp(value.replace(b"+", b" ").replace(b"%", b"=")).decode()
    return fields


def parsed(html: str) -> tuple[str, list[dict[str, Any]]]:
    """Take the tags off a text and give its entities, as Telegram does (offsets in UTF-16 units)."""
    parts: list[str] = []
    entities: list[dict[str, Any]] = []
    opened: list[tuple[str, int]] = []
    last = length = 0
    for tag in _TAG.finditer(html):
        piece = unescape(html[last : tag.start()])
        parts.append(piece)
        length += len(piece.encode("utf-16-le")) // 2
        last = tag.end()
        if not tag[1]:
            opened.append((tag[2] + (tag[3] or ""), length))
        else:
            name, start = opened.pop()
            entities.append({"offset": start, "length": length - start, "type": _ENTITY[name]})
    parts.append(unescape(html[last:]))
    return "".join(parts), entities


@dataclass
class Round:
    """What was counted in one round."""

    started: float = 0.0
    until: float = 0.0
    committed: int = 0
    #: Updates of the whole round, warming up and coming to rest included.
    touches: int = 0
    latencies: list[float] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    calls: int = 0


class Telegram:
    """One bot's Telegram: its phones, its API and its webhook."""

    def __init__(self, cards: list[Card], number: int) -> None:
        self.phones = phones(cards, number)
        self.by_chat: dict[int, Phone] = {}
        self.round = Round()
        self.running = False
        self.updates = 100_000
        self.messages = 1_000
        self.callbacks: set[str] = set()
        self.waiting: deque[tuple[bytes, Phone]] = deque()
        self.free: list[Connection] = []
        self.connections: list[Connection] = []
        self.failure: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.still = asyncio.Event()
        #: Where the bot wants to be called.
        self.webhook: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.host = ""
        #: Texts and button labels the first phone was shown while it filled in its first card.
        self.transcript: list[tuple[str, list[list[str]]]] = []

    # --- the phones' side ---

    async def connect(self) -> None:
        """Open the webhook connections to where the bot wants to be called."""
        parts = urlsplit(self.webhook.result())
        assert parts.hostname is not None
        assert parts.port is not None
        self.host = f"POST {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\n"
        for _ in range(CONNECTIONS):
            _, connection = await asyncio.get_running_loop().create_connection(
                lambda: Connection(self), parts.hostname, parts.port
            )
            self.connections.append(connection)
            self.free.append(connection)

    async def play(self, warm: float, seconds: float) -> Round:
        """Let the phones answer for ``warm + seconds`` seconds, count in the last ``seconds``, and let everything come to rest."""
        now = time.perf_counter()
        self.round = Round(now + warm, now + warm + seconds)
        self._begin()
        await self._unless_failed(asyncio.sleep(warm + seconds), warm + seconds + SILENCE)
        return await self._end()

    async def rehearse(self) -> Round:
        """Let the phones answer until the first of them has filled in a card; nothing is counted."""
        self.round = Round()
        self._begin()
        await self._unless_failed(self._until(lambda: self.phones[0].finished > 0), REHEARSAL)
        return await self._end()

    def _begin(self) -> None:
        self.running = True
        for phone in self.phones:
            self.touch(phone)

    async def _end(self) -> Round:
        self.running = False
        await self._unless_failed(self._until(lambda: not self.callbacks and all(phone.idle for phone in self.phones)), SILENCE)
        return self.round

    async def _until(self, so: Callable[[], bool]) -> None:
        while not so():
            self.still.clear()
            await self.still.wait()

    async def _unless_failed(self, what: Any, seconds: float) -> None:
        async with asyncio.TaskGroup() as group:
            work = group.create_task(what)
            done, _ = await asyncio.wait((work, self.failure), timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            if work not in done:
                work.cancel()
        if self.failure in done:
            self.failure.result()
        if not done:
            raise TimeoutError(f"the bot has been silent for {SILENCE} s; unanswered callbacks: {len(self.callbacks)}")

    def fail(self, why: Exception) -> None:
        """End the round with an error."""
        if not self.failure.done():
            self.failure.set_exception(why)

    def touch(self, phone: Phone) -> None:
        """Make the phone's next touch."""
        if not self.running or not phone.idle:
            return
        try:
            touch = phone.next()
        except LookupError as error:
            self.fail(error)
            return
        self.by_chat[phone.card.telegram] = phone
        phone.touched_at = time.perf_counter()
        phone.waits_for_screen = phone.waits_for_commit = True
        phone.is_answer = touch.answers
        self.updates += 1
        self.round.touches += 1
        self.post(self.update(phone, touch), phone)

    def update(self, phone: Phone, touch: Touch) -> bytes:
        """Write the update Telegram would send for a touch."""
        who = phone.card.telegram
        person = f'{{"id":{who},"is_bot":false,"first_name":"Anna","last_name":"Kowalska","language_code":"pl"}}'
        chat = f'{{"id":{who},"first_name":"Anna","last_name":"Kowalska","type":"private"}}'
        if touch.text:
            self.messages += 1
            return (
                f'{{"update_id":{self.updates},"message":{{"message_id":{self.messages},"from":{person},"chat":{chat},'
                f'"date":{int(time.time())},"text":{json.dumps(touch.text)}}}}}'
            ).encode()
        callback = f"{who}{self.updates}"
        self.callbacks.add(callback)
        message = phone.message or self.message(who, 1, "Moje sprawy", [])
        return (
            f'{{"update_id":{self.updates},"callback_query":{{"id":"{callback}","from":{person},"message":{message},'
            f'"chat_instance":"{who}17","data":"{touch.data}"}}}}'
        ).encode()

    def message(self, chat: int, number: int, html: str, keyboard: list[list[dict[str, Any]]]) -> str:
        """Write a message of the bot as Telegram gives it back."""
        text, entities = parsed(html)
        shown: dict[str, Any] = {
            "message_id": number,
            "from": BOT,
            "chat": {"id": chat, "first_name": "Anna", "last_name": "Kowalska", "type": "private"},
            "date": 1795320000,
            "edit_date": int(time.time()),
            "text": text,
        }
        if entities:
            shown["entities"] = entities
        if keyboard:
            shown["reply_markup"] = {"inline_keyboard": keyboard}
        return json.dumps(shown)

    def post(self, body: bytes, phone: Phone) -> None:
        """Send an update over a free connection, or when one becomes free."""
        if not self.free:
            self.waiting.append((body, phone))
            return
        self.free.pop().send(body, phone)

    def answered(self, connection: Connection, status: int, phone: Phone) -> None:
        """Take the bot's answer to an update."""
        if status != 200:
            self.fail(RuntimeError(f"the bot answered an update with {status}"))
            return
        now = time.perf_counter()
        if phone.is_answer and self.round.started <= now < self.round.until:
            self.round.committed += 1
        phone.waits_for_commit = False
        if self.waiting:
            body, other = self.waiting.popleft()
            connection.send(body, other)
        else:
            self.free.append(connection)
        self.went_on(phone)

    def went_on(self, phone: Phone) -> None:
        """Go on with a phone that waits for nothing more."""
        if phone.idle:
            self.touch(phone)
        self.still.set()

    # --- the Bot API's side ---

    def call(self, method: str, fields: dict[str, str]) -> str:
        """Answer one call of the bot."""
        self.round.calls += 1
        match method:
            case "answerCallbackQuery":
                if fields["callback_query_id"] not in self.callbacks:
                    return self.refuse("Bad Request: query is too old and response timeout expired or query ID is invalid")
                self.callbacks.discard(fields["callback_query_id"])
                self.still.set()
                return "true"
            case "editMessageText" | "sendMessage" | "editMessageReplyMarkup":
                return self.shown(method, fields)
            case "setWebhook":
                if fields.get("secret_token") != SECRET:
                    return self.refuse("the webhook was set without its secret")
                self.webhook.set_result(fields["url"])
                return "true"
            case "getMe":
                return json.dumps(BOT)
            case "getWebhookInfo":
                return '{"url":"","has_custom_certificate":false,"pending_update_count":0}'
            case _:
                return "true"

    def shown(self, method: str, fields: dict[str, str]) -> str:
        """Put a message on a phone's screen."""
        chat = int(fields["chat_id"])
        phone = self.by_chat[chat]
        keyboard = json.loads(fields["reply_markup"])["inline_keyboard"] if "reply_markup" in fields else []
        if method == "sendMessage":
            self.messages += 1
            number = self.messages
        else:
            number = int(fields["message_id"])
        message = self.message(chat, number, fields.get("text", "…"), keyboard)
        if method == "editMessageReplyMarkup":
            return message
        if phone.number == 0 and phone.finished == 0:
            self.transcript.append((fields["text"], [[button["text"] for button in row] for row in keyboard]))
        if not phone.waits_for_screen:
            return self.refuse("the phone has been shown a second message for one touch")
        phone.message, phone.message_id, phone.keyboard = message, number, keyboard
        now = time.perf_counter()
        if phone.is_answer and self.round.started <= now < self.round.until:
            self.round.latencies.append(now - phone.touched_at)
        phone.waits_for_screen = False
        # The phone goes on once the bot has its answer, not before: the bot's socket is written first.
        asyncio.get_running_loop().call_soon(self.went_on, phone)
        return message

    def refuse(self, why: str) -> str:
        """Refuse a call; in the bench that is a fault, and it ends the round."""
        self.fail(RuntimeError(f"a call was refused: {why}"))
        return "false"


class Connection(asyncio.Protocol):
    """A webhook connection: one update under way at a time."""

    def __init__(self, telegram: Telegram) -> None:
        self.telegram = telegram
        self.phone: Phone | None = None
        self.held = b""
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def send(self, body: bytes, phone: Phone) -> None:
        """Post an update."""
        self.phone = phone
        head = (
            f"{self.telegram.host}Content-Type: application/json\r\nX-Telegram-Bot-Api-Secret-Token: {SECRET}\r\n"
            f"Content-Length: {len(body)}\r\nConnection: keep-alive\r\n\r\n"
        )
        self.transport.write(head.encode() + body)

    def data_received(self, data: bytes) -> None:
        self.held += data
        end = self.held.find(b"\r\n\r\n")
        if end < 0:
            return
        found = _LENGTH.search(self.held, 0, end)
        size = end + 4 + (int(found[1]) if found else 0)
        if len(self.held) < size:
            return
        status, self.held = int(self.held[9:12]), self.held[size:]
        phone, self.phone = self.phone, None
        assert phone is not None
        self.telegram.answered(self, status, phone)

    def connection_lost(self, exc: Exception | None) -> None:
        self.telegram.fail(ConnectionError("the bot has closed a webhook connection"))


class Api(asyncio.Protocol):
    """A connection of a bot to the Bot API."""

    def __init__(self, telegram: Telegram) -> None:
        self.telegram = telegram
        self.held = b""
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.held += data
        while (end := self.held.find(b"\r\n\r\n")) >= 0:
            found = _LENGTH.search(self.held, 0, end)
            size = end + 4 + (int(found[1]) if found else 0)
            if len(self.held) < size:
                return
            path = self.held[: self.held.index(b" HTTP/")].decode()
            body, self.held = self.held[end + 4 : size], self.held[size:]
            self.answer(path.rpartition("/")[2], body)

    def answer(self, method: str, body: bytes) -> None:
        """Answer one request."""
        telegram = self.telegram
        try:
            result = telegram.call(method, form(body) if body else {})
        except Exception as error:  # noqa: BLE001 - whatever it is, the round is void
            telegram.fail(error)
            result = "false"
        said = f'{{"ok":true,"result":{result}}}'.encode()
        head = (
            f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(said)}\r\nConnection: keep-alive\r\n\r\n"
        )
        self.transport.write(head.encode() + said)


async def serve() -> None:
    """Take orders until standard input closes.

    ``{"do": "open", "name": "bare", "cards": FILE, "phones": 50}`` -> ``{"api": "http://127.0.0.1:PORT"}``;
    ``{"do": "ready", "name": "bare"}`` -> whether the bot has set its webhook;
    ``{"do": "rehearse", "name": "bare"}`` -> once the first card is filled in;
    ``{"do": "play", "name": "bare", "warm": 0.5, "seconds": 3}`` -> what was counted;
    ``{"do": "transcript", "name": "bare"}`` -> what the first phone was shown.
    """
    loop = asyncio.get_running_loop()
    orders = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    telegrams: dict[str, Telegram] = {}
    while line := await orders.readline():
        order = json.loads(line)
        name = order["name"]
        match order["do"]:
            case "open":
                with open(order["cards"], encoding="utf-8") as file:  # noqa: ASYNC230, PTH123 - nothing is under way yet
                    cards = [Card(**card) for card in json.load(file)]
                telegrams[name] = Telegram(cards, order["phones"])
                server = await loop.create_server(lambda telegram=telegrams[name]: Api(telegram), "127.0.0.1", 0)  # type: ignore[misc]  # mypy does not see defaults
                said: dict[str, Any] = {"api": f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"}
            case "play":
                said = await _play(telegrams[name], order)
            case "ready":
                said = {"ready": telegrams[name].webhook.done()}
            case "rehearse":
                said = await _play(telegrams[name], {"warm": 0, "seconds": 0})
            case _:
                said = {"transcript": telegrams[name].transcript}
        print(json.dumps(said), flush=True)


async def _play(telegram: Telegram, order: dict[str, Any]) -> dict[str, Any]:
    try:
        if not telegram.connections:
            await telegram.connect()
        gc.collect()
        gc.freeze()
        cpu, wall = time.process_time(), time.perf_counter()
        counted = await (telegram.play(order["warm"], order["seconds"]) if order["seconds"] else telegram.rehearse())
    except Exception as error:  # noqa: BLE001 - told to whoever ordered
        return {"error": f"{type(error).__name__}: {error}"}
    return {
        "committed": counted.committed,
        "touches": counted.touches,
        "wall": time.perf_counter() - wall,
        "seconds": order["seconds"],
        "latencies": counted.latencies,
        "calls": counted.calls,
        "busy": (time.process_time() - cpu) / (time.perf_counter() - wall),
        "finished": sum(phone.finished for phone in telegram.phones),
    }


if __name__ == "__main__":
    assert os.environ.get("KONWENT_BENCH"), "started by python -m tests.bench only"
    asyncio.run(serve())
