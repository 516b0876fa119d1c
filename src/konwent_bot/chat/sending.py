"""Showing a message in a chat: edit or send, and what Telegram's refusals mean.

Replies are never throttled. Losing one is harmless: the screen is a function of what is stored, and the next touch redraws it. So
nothing here raises; the outcome says where the message now stands, if it does.
"""

from __future__ import annotations

import asyncio
from typing import Final, TypeVar

import structlog
from aiogram import Bot
from aiogram.exceptions import (
    AiogramError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import (
    AnswerCallbackQuery,
    EditMessageReplyMarkup,
    EditMessageText,
    GetFile,
    SendDocument,
    SendMessage,
    TelegramMethod,
)
from aiogram.methods.base import Response
from aiogram.types import BufferedInputFile, InlineKeyboardButton, InlineKeyboardMarkup
from aiohttp import ClientError

from konwent_bot.chat.pausing import Pausing
from konwent_bot.screens.screen import Document
from konwent_bot.screens.telegram import TelegramMessage

T = TypeVar("T")

log = structlog.get_logger(__name__)

#: aiogram asks for these generic classes on every call and nobody holds them: pydantic keeps them in a weak dictionary, so each
#: garbage collection threw them away and the next call built them anew, for milliseconds (a third of a process's time in all).
_ANSWERS: Final = tuple(
    Response[method.__returning__]  # type: ignore[name-defined]  # a value, as aiogram itself subscripts it
    for method in (AnswerCallbackQuery, EditMessageReplyMarkup, EditMessageText, SendMessage)
)

#: Telegram's descriptions carry no codes; these words are all there is (they are matched in lower case).
NOT_MODIFIED: Final = "message is not modified"
CANNOT_EDIT: Final = ("message to edit not found", "message can't be edited", "message_id_invalid")
#: The message came with a file (a call to a meeting brings its calendar entry): its words are a caption, too short for a screen.
NO_TEXT: Final = "there is no text in the message to edit"
#: The longest pause Telegram may ask for that a person would still be waiting behind, in seconds.
PATIENCE: Final = 10
#: The pause before the one repetition of a call that Telegram itself failed, in seconds.
BREATH: Final = 0.5
#: How long a file may take to be fetched, in seconds.
FETCH_SECONDS: Final = 60


class Unreachable(Exception):
    """Telegram does not take messages to this person any more (they blocked the bot or left)."""


class Paused(AiogramError):
    """Telegram asked to be left alone for a while."""


class Sender:
    """Sends on behalf of the reception."""

    def __init__(self, bot: Bot, pausing: Pausing) -> None:
        self._bot = bot
        self._pausing = pausing

    async def show(self, chat: int, message: TelegramMessage, *, instead_of: int | None = None) -> int | None:
        """Show a message, in place of another one where possible; give the id of the message that shows it now, if any does.

        Raises:
            Unreachable: the person has blocked the bot.
        """
        markup = _markup(message)
        answered = None
        if instead_of is not None:
            method = EditMessageText(
                chat_id=chat, message_id=instead_of, text=message.html, parse_mode="HTML", reply_markup=markup
            )
            try:
                await self._call(method, repeatable=True)
            except TelegramBadRequest as refusal:
                words = refusal.message.lower()
                if NOT_MODIFIED in words:
                    return instead_of
                if NO_TEXT in words:
                    answered = instead_of
                elif not any(part in words for part in CANNOT_EDIT):
                    log.error("chat.edit_refused", reason=refusal.message)
                    return None
            except AiogramError as fault:
                log.warning("chat.edit_lost", kind=type(fault).__name__)
                return None
            else:
                return instead_of
        try:
            sent = await self._call(
                SendMessage(chat_id=chat, text=message.html, parse_mode="HTML", reply_markup=markup), repeatable=False
            )
        except AiogramError as fault:
            log.warning("chat.send_lost", kind=type(fault).__name__)
            return None
        if answered is not None:
            await self.strip(chat, answered)
        return sent.message_id

    async def hand(self, chat: int, document: Document) -> None:
        """Hand over a file.

        Raises:
            Unreachable: the person has blocked the bot.
        """
        file = BufferedInputFile(document.content, document.name)
        try:
            await self._call(SendDocument(chat_id=chat, document=file), repeatable=False)
        except AiogramError as fault:
            log.warning("chat.file_lost", kind=type(fault).__name__)

    async def fetch(self, file: str, *, most: int) -> bytes | None:
        """Fetch a file somebody sent, of ``most`` bytes at most; ``None`` where Telegram does not give it, or it is larger after all."""
        content = bytearray()
        try:
            found = await self._call(GetFile(file_id=file), repeatable=True)
            if found.file_path is None or (found.file_size or 0) > most:
                return None
            address = self._bot.session.api.file_url(self._bot.token, found.file_path)
            async with asyncio.timeout(FETCH_SECONDS):
                async for part in self._bot.session.stream_content(address, timeout=FETCH_SECONDS):
                    content += part
                    if len(content) > most:
                        return None
        except (AiogramError, ClientError, OSError) as fault:  # a time that ran out is an OSError
            log.warning("chat.file_not_fetched", kind=type(fault).__name__)
            return None
        return bytes(content)

    async def strip(self, chat: int, message: int) -> None:
        """Take the buttons off a message that no longer asks anything."""
        try:
            await self._call(EditMessageReplyMarkup(chat_id=chat, message_id=message, reply_markup=None), repeatable=True)
        except AiogramError as fault:  # already bare, deleted, or lost: its buttons do nothing anyway
            log.debug("chat.strip_refused", kind=type(fault).__name__)

    async def acknowledge(self, callback: str) -> None:
        """Stop a button from turning. Callbacks expire after 150 s, and nothing depends on this call."""
        try:
            await self._bot(AnswerCallbackQuery(callback_query_id=callback))
        except AiogramError as fault:
            log.debug("chat.acknowledge_refused", kind=type(fault).__name__)

    async def _call(self, method: TelegramMethod[T], *, repeatable: bool) -> T:
        """Call, wait out a short refusal, and repeat once what Telegram failed if repeating cannot show it twice.

        While Telegram wants a long pause nothing is asked of it at all: that would only make the pause longer.
        """
        left = await self._pausing.left()
        if left > PATIENCE:
            raise Paused
        await asyncio.sleep(left)
        try:
            return await self._bot(method)
        except TelegramRetryAfter as pause:
            # A short one is about this chat, whose owner is quick with the buttons; a long one is about all of them.
            if pause.retry_after > PATIENCE:
                await self._pausing.asked(pause.retry_after)
                raise
            await asyncio.sleep(pause.retry_after)
        except TelegramForbiddenError as refusal:
            raise Unreachable from refusal
        except (TelegramServerError, TelegramNetworkError):
            if not repeatable:
                raise
            await asyncio.sleep(BREATH)
        return await self._bot(method)


def _markup(message: TelegramMessage) -> InlineKeyboardMarkup | None:
    if not message.keyboard:
        return None
    rows = [
        [
            InlineKeyboardButton(text=button.text, callback_data=button.data)
            if button.data
            else InlineKeyboardButton(text=button.text, url=button.url)
            for button in row
        ]
        for row in message.keyboard
    ]
    return InlineKeyboardMarkup(inline_keyboard=rows)
