"""The two real libraries the product uses, pointed at the sandbox."""

from __future__ import annotations

from datetime import timedelta

import pytest
import telegram
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.types import BotCommand, BufferedInputFile, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.ext import ExtBot

from tests.sandbox.phone import TOKEN, Phone, Sandbox
from tests.sandbox.test_phones import png


async def test_aiogram_speaks_with_the_sandbox(sandbox: Sandbox, anna: Phone) -> None:
    """Everything the chat room does with aiogram: texts, keyboards, edits, presses, files, commands, updates, errors."""
    session = AiohttpSession(api=TelegramAPIServer.from_base(sandbox.url))
    async with Bot(TOKEN, session=session) as bot:
        me = await bot.get_me()
        assert me.username == sandbox.username
        keys = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Zażółć", callback_data="k1:1")]])
        sent = await bot.send_message(anna.id, "<b>Pytanie</b> &lt;1&gt;", parse_mode="HTML", reply_markup=keys)
        assert (sent.text, sent.chat.id) == ("Pytanie <1>", anna.id)
        await anna.tap("Zażółć")
        await anna.send("wpisane")
        press, typed = await bot.get_updates(timeout=5)
        assert press.callback_query is not None
        assert press.callback_query.message is not None
        assert (press.callback_query.data, press.callback_query.message.message_id) == ("k1:1", sent.message_id)
        assert typed.message is not None
        assert typed.message.text == "wpisane"
        await bot.answer_callback_query(press.callback_query.id)
        edited = await bot.edit_message_text("Zapisano", chat_id=anna.id, message_id=sent.message_id)
        assert not isinstance(edited, bool)
        assert (edited.text, edited.reply_markup) == ("Zapisano", None)
        document = await bot.send_document(anna.id, BufferedInputFile("zażółć".encode(), "karta współpracy.txt"), caption="Karta")
        assert document.document is not None
        assert document.document.file_name == "karta współpracy.txt"
        loaded = await bot.download(document.document.file_id)
        assert loaded is not None
        assert loaded.read() == "zażółć".encode()
        photo = await bot.send_photo(anna.id, BufferedInputFile(png(), "x.png"))
        assert photo.photo is not None
        assert photo.photo[0].width == 2
        await bot.set_my_commands([BotCommand(command="sprawy", description="Moje sprawy")], language_code="pl")
        assert (await bot.get_my_commands(language_code="pl"))[0].command == "sprawy"
        assert await bot.delete_message(anna.id, document.message_id)
        assert (await bot.set_webhook("http://127.0.0.1:9/", secret_token="s")) is True
        assert (await bot.get_webhook_info()).url == "http://127.0.0.1:9/"
        assert await bot.delete_webhook()

        with pytest.raises(TelegramBadRequest, match="can't parse entities"):
            await bot.send_message(anna.id, "<b>", parse_mode="HTML")
        piotr = await sandbox.phone("Piotr")
        with pytest.raises(TelegramForbiddenError):
            await bot.send_message(piotr.id, "x")
        for kind, error in (
            ("retry_after", TelegramRetryAfter),
            ("error_500", TelegramServerError),
            ("error_502", TelegramServerError),
            ("drop_connection", TelegramNetworkError),
        ):
            await sandbox.fault(kind, "sendMessage", seconds=3)
            with pytest.raises(error):
                await bot.send_message(anna.id, "x")
        group = (await sandbox.ask("POST", "/groups", {"title": "Konwent", "members": [anna.id]}))["id"]
        await sandbox.ask("POST", f"/groups/{group}/migrate", {})
        with pytest.raises(TelegramMigrateToChat):
            await bot.send_message(group, "x")
    stranger = AiohttpSession(api=TelegramAPIServer.from_base(sandbox.url))
    async with Bot("7000000001:wrong", session=stranger) as bot:
        with pytest.raises(TelegramUnauthorizedError):
            await bot.get_me()


async def test_python_telegram_bot_speaks_with_the_sandbox(
    sandbox: Sandbox, anna: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everything the courier does with python-telegram-bot: texts, keyboards, files, and the errors it tells apart."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    async with ExtBot(TOKEN, base_url=f"{sandbox.url}/bot", base_file_url=f"{sandbox.url}/file/bot") as bot:
        assert bot.username == sandbox.username
        keys = telegram.InlineKeyboardMarkup([[telegram.InlineKeyboardButton("Zażółć", callback_data="k1:1")]])
        sent = await bot.send_message(anna.id, "<b>Przypomnienie</b>", parse_mode="HTML", reply_markup=keys)
        assert (sent.text, (await anna.read()).labels) == ("Przypomnienie", ("Zażółć",))
        await anna.tap("Zażółć")
        (update,) = await bot.get_updates(timeout=5)
        assert update.callback_query is not None
        assert update.callback_query.data == "k1:1"
        document = await bot.send_document(anna.id, b"%PDF-1.7", filename="protokół.pdf", caption="Protokół")
        assert document.document is not None
        assert document.document.file_name == "protokół.pdf"
        file = await bot.get_file(document.document.file_id)
        assert bytes(await file.download_as_bytearray()) == b"%PDF-1.7"

        with pytest.raises(telegram.error.BadRequest, match="Message text is empty"):
            await bot.send_message(anna.id, "")
        await anna.block()
        with pytest.raises(telegram.error.Forbidden, match="bot was blocked by the user"):
            await bot.send_message(anna.id, "x")
        await anna.unblock()
        await sandbox.fault("retry_after", "sendMessage", seconds=3)
        with pytest.raises(telegram.error.RetryAfter) as slow:
            await bot.send_message(anna.id, "x")
        assert slow.value.retry_after == timedelta(seconds=3)
        await sandbox.fault("drop_after", "sendMessage")
        with pytest.raises(telegram.error.NetworkError):
            await bot.send_message(anna.id, "dotarło mimo wszystko")
        assert (await anna.read()).text == "dotarło mimo wszystko"
        group = (await sandbox.ask("POST", "/groups", {"title": "Konwent", "members": [anna.id]}))["id"]
        new = (await sandbox.ask("POST", f"/groups/{group}/migrate", {}))["id"]
        with pytest.raises(telegram.error.ChatMigrated) as moved:
            await bot.send_message(group, "x")
        assert moved.value.new_chat_id == new
