"""Telegram as the courier speaks to it: one message with its files, and what came of it.

python-telegram-bot's limiter keeps the bot below the platform's rate; what it does not keep is kept here: a second between two messages
into one private chat, and the pause Telegram asks for (its own halt ends with the next request). Importing this costs a quarter of a second
and 40 MiB: only a courier with a token does.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import re
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final
from weakref import WeakValueDictionary

import httpx
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, InputFile, LinkPreviewOptions
from telegram import Message as Sent
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.ext import AIORateLimiter, ExtBot
from telegram.request import HTTPXRequest
from telegram.warnings import PTBDeprecationWarning

from konwent_bot.courier.ledger import Stops
from konwent_bot.errors import N_
from konwent_bot.office.enclosures import Enclosure
from konwent_bot.office.routes import TOO_MANY, Ending
from konwent_bot.screens.telegram import TelegramMessage
from konwent_bot.settings import Settings

#: Real seconds between two messages into one private chat (Telegram's FAQ).
APART: Final = 1.0
#: Characters of a document's caption (Bot API, sendDocument).
CAPTION: Final = 1024
#: Seconds Telegram may take to answer, and to be reached.
ANSWER_SECONDS: Final = 20.0
REACH_SECONDS: Final = 10.0
#: Names of files just sent that are kept until whoever was told before they were written down has used them.
JUST_SENT: Final = 8
#: How long a file may take to be sent, in seconds; well within the lease of a claim (``office.deliveries.LEASE``).
FILE_SECONDS: Final = 60.0
#: Telegram knows a file by its former name no longer; these words are all there is.
_FORGOTTEN: Final = ("wrong file identifier", "wrong remote file identifier")
#: What a refused message may be told by in the ledger, from the words of the refusal; anything else is only ``bad_request``.
_KNOWN: Final = ("chat not found", "message is too long", "user is deactivated", "peer_id_invalid", "file is too big")


@dataclass(frozen=True, slots=True)
class File:
    """A file that goes with a message; ``known`` is Telegram's name for it, where it has got it before."""

    enclosure: Enclosure
    known: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a message."""

    ending: Ending
    #: A class of what Telegram said; never a text or a number of a chat.
    reason: str = ""
    #: The message's number in its chat.
    message: str = ""
    #: Telegram wants to be left alone for so long.
    pause: timedelta | None = None
    #: The reader has blocked the bot, or it was removed from the group.
    blocked: bool = False
    #: The group has another number now.
    moved_to: int | None = None
    #: SHA-256 of files and Telegram's names for them; an empty name is one it has forgotten.
    learned: tuple[tuple[str, str], ...] = ()


def fingerprint(message: TelegramMessage, files: Sequence[File]) -> str:
    """Give the SHA-256 of what goes out, in hexadecimal."""
    keys = [[[button.text, button.data, button.url] for button in row] for row in message.keyboard]
    said = json.dumps([message.html, keys, [one.enclosure.sha256 for one in files]], ensure_ascii=False)
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


class Telegram:
    """The bot, as the courier uses it."""

    def __init__(self, bot: ExtBot[int], number: int) -> None:
        #: The bot's number in Telegram; names of files count for one bot.
        self.number = number
        self._bot = bot
        #: When the next message may go into a private chat, by the loop's clock.
        self._next: dict[int, float] = {}
        #: Files nobody knows a name of: by SHA-256, who sends one of them now, and the names of the newest few.
        self._uploading: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._names: dict[str, str] = {}

    async def send(self, chat: int, message: TelegramMessage, files: Sequence[File] = ()) -> Outcome:
        """Send a message and its files; the message's fate is what counts. Raises nothing but ``Stops``."""
        short = len(message.html.encode("utf-16-le")) // 2 <= CAPTION
        if files and short:
            outcome, rest = await self._document(chat, files[0], message), files[1:]
        else:
            outcome, rest = await self._text(chat, message), files
        if outcome.ending != "sent":
            return outcome
        for file in rest:
            more = await self._document(chat, file, None)
            outcome = replace(outcome, learned=outcome.learned + more.learned)
            if more.ending != "sent":
                # The words have arrived. They are not sent once more for the sake of a file, which is on the pages too.
                return replace(outcome, reason=f"file_{more.reason}", pause=more.pause)
        return outcome

    async def _text(self, chat: int, message: TelegramMessage) -> Outcome:
        async def call() -> Sent:
            return await self._bot.send_message(
                chat, message.html, parse_mode=ParseMode.HTML, reply_markup=_markup(message, chat),
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )  # fmt: skip

        return await self._call(chat, call)

    async def _document(self, chat: int, file: File, message: TelegramMessage | None) -> Outcome:
        """Send a file. Of messages under way side by side the first uploads it, and the others wait for its name."""
        if file.known:
            return await self._file(chat, file, message)
        sha256 = file.enclosure.sha256
        async with self._uploading.setdefault(sha256, asyncio.Lock()):
            outcome = await self._file(chat, replace(file, known=self._names.get(sha256, "")), message)
            self._names |= outcome.learned
            while len(self._names) > JUST_SENT:
                del self._names[next(iter(self._names))]
            return outcome

    async def _file(self, chat: int, file: File, message: TelegramMessage | None) -> Outcome:
        enclosure, sent = file.enclosure, file.known
        content = sent or InputFile(enclosure.content, filename=enclosure.name)

        async def call() -> Sent:
            return await self._bot.send_document(
                chat, content, caption=message.html if message else None, parse_mode=ParseMode.HTML,
                reply_markup=_markup(message, chat) if message else None,
            )  # fmt: skip

        outcome = await self._call(chat, call, sha256=enclosure.sha256)
        if sent and outcome.reason == "file_forgotten":
            again = await self._file(chat, File(enclosure), message)
            return replace(again, learned=((enclosure.sha256, ""), *again.learned))
        return outcome

    async def _call(self, chat: int, call: Callable[[], Awaitable[Sent]], *, sha256: str = "") -> Outcome:
        """Make a call when it is its turn, and say what came of it."""
        await self._turn(chat)
        try:
            sent = await call()
        except TelegramError as problem:
            return _came_of(problem)
        learned = ((sha256, sent.document.file_id),) if sha256 and sent.document is not None else ()
        return Outcome("sent", message=str(sent.message_id), learned=learned)

    async def _turn(self, chat: int) -> None:
        """Wait until a private chat may be written to again. The library keeps the rate of groups, and of all together."""
        if chat < 0:
            return
        loop = asyncio.get_running_loop()
        at = max(loop.time(), self._next.get(chat, 0.0))
        if len(self._next) > 1000:
            self._next = {one: then for one, then in self._next.items() if then > loop.time()}
        self._next[chat] = at + APART
        await asyncio.sleep(at - loop.time())


def _came_of(problem: TelegramError) -> Outcome:
    """Read what a call came to. The order of the cases matters: a bad request and a time-out are kinds of network errors here."""
    match problem:
        case RetryAfter():
            return Outcome("failed", TOO_MANY, pause=_asked(problem))
        case ChatMigrated():
            return Outcome("failed", "migrated", moved_to=problem.new_chat_id)
        case Forbidden():
            return Outcome("refused", "forbidden", blocked=True)
        case InvalidToken():
            raise Stops(N_("Telegram refuses the token in KONWENT_TELEGRAM_TOKEN. Copy it again from BotFather.")) from problem
        case Conflict():
            raise Stops(
                N_("Another program takes this bot's updates. Stop it, or remove its webhook, then start again.")
            ) from problem
        case BadRequest():
            return Outcome("refused", _refused(problem))
        case NetworkError():
            return _unanswered(problem)
        case _:
            return Outcome("failed", type(problem).__name__)


def _unanswered(problem: NetworkError) -> Outcome:
    """Say what a call came to that got no answer, or none that could be read: before it was on its way nothing can have been sent."""
    match problem.__cause__:
        case httpx.ConnectTimeout() | httpx.PoolTimeout():
            return Outcome("failed", "connect_timeout")
        case httpx.ConnectError() | httpx.ProxyError():
            return Outcome("failed", "connect_failed")
        case httpx.TimeoutException():
            return Outcome("uncertain", "timeout")
        case httpx.HTTPError():
            return Outcome("uncertain", "disconnected")
        case _:  # an answer that is not "yes": 5xx, or a page of something between us
            return Outcome("failed", "server")


def _refused(refusal: BadRequest) -> str:
    words = str(refusal).lower()
    if any(part in words for part in _FORGOTTEN):
        return "file_forgotten"
    known = next((part for part in _KNOWN if part in words), "")
    return f"bad_request_{re.sub('[^a-z]+', '_', known)}" if known else "bad_request"


def _asked(refusal: RetryAfter) -> timedelta:
    """Give the pause Telegram asked for: the library says it as seconds or, where ``PTB_TIMEDELTA`` is set, as a time."""
    asked = refusal.retry_after
    return asked if isinstance(asked, timedelta) else timedelta(seconds=asked)


def _markup(message: TelegramMessage, chat: int) -> InlineKeyboardMarkup | None:
    """Give the keys. In a group only those that lead elsewhere: what somebody answers is nobody else's affair."""
    rows = [
        [
            InlineKeyboardButton(key.text, callback_data=key.data or None, url=key.url or None)
            for key in row
            if key.url or chat > 0
        ]
        for row in message.keyboard
    ]
    return InlineKeyboardMarkup(found) if (found := [row for row in rows if row]) else None


@asynccontextmanager
async def open_telegram(settings: Settings, *, seconds: float = ANSWER_SECONDS) -> AsyncIterator[Telegram]:
    """Open a client of the Bot API; nothing is asked yet. ``seconds``: how long an answer may take."""
    assert settings.telegram_token is not None
    token = settings.telegram_token.get_secret_value()
    for noisy, level in (("httpx", logging.WARNING), ("telegram.ext.AIORateLimiter", logging.CRITICAL)):
        logging.getLogger(noisy).setLevel(level)  # each call with its address, each refusal with its way through the library
    # The library warns, whenever Telegram asks for a pause, that it will say its length otherwise one day; we take both (``_asked``).
    warnings.filterwarnings("ignore", message=".*retry_after", category=PTBDeprecationWarning)
    request = HTTPXRequest(
        connection_pool_size=8, read_timeout=seconds, write_timeout=seconds, connect_timeout=min(seconds, REACH_SECONDS),
        pool_timeout=REACH_SECONDS, media_write_timeout=FILE_SECONDS,
    )  # fmt: skip
    # Two tokens: one to send by, and one that a timer which wakes up late may catch up with. The library's own default lets a burst of a
    # second's worth through, and each refusal costs seconds. Retrying is the ledger's.
    limiter = AIORateLimiter(overall_max_rate=2, overall_time_period=2 / settings.telegram_rate, max_retries=0)
    bot: ExtBot[int] = ExtBot(token, base_url=f"{settings.telegram_api}/bot", request=request, rate_limiter=limiter)
    await request.initialize()
    try:
        yield Telegram(bot, int(token.partition(":")[0]))
    finally:
        await request.shutdown()
