"""The bare card bot: what an experienced aiogram developer writes for the same card without a database. FROZEN.

aiogram's dispatcher and router, its webhook handler awaited, MemoryStorage, ``callback.answer()`` and ``edit_text``, and
``gc.freeze()`` after start (worth +43 % here). It shows the messages our house shows, word for word, from the script the bench
writes; it keeps nothing, checks no rights, and forgets everything when it stops. It is what (a) and (b) are measured against, so
it is not to be tuned, in either direction, except for a new major version of aiogram.

It is lean on purpose: its handlers have no filters. aiogram runs every plain filter, ``F.data`` among them, in a thread of its
own pool, which costs about a tenth of a millisecond each; a baseline with them would flatter us.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import signal
from html import escape
from pathlib import Path
from typing import Any

from aiogram import Bot, Dispatcher, Router
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web

#: Characters of an answer that are read back.
READ_BACK = 120


class Card(StatesGroup):
    """The one state of the conversation; where it stands is in the data."""

    filling = State()


class Script:
    """Texts and keyboards of the card."""

    def __init__(self, script: dict[str, Any]) -> None:
        self.saved: str = script["saved"]
        self.beginning: dict[str, Any] = script["beginning"]
        self.questions: list[dict[str, Any]] = script["questions"]
        self.review: dict[str, Any] = script["review"]
        self.thanks: dict[str, Any] = script["thanks"]

    def screen(self, data: dict[str, Any], saved: str | None = None) -> tuple[str, InlineKeyboardMarkup]:
        """Give text and keyboard of where a conversation stands."""
        at = data["at"]
        if at == len(self.questions):
            text, keyboard = self._review(data)
        else:
            text, keyboard = self._question(self.questions[at], data)
        if saved is not None:
            question = next(q for q in self.questions if q["id"] == saved)
            answer = self.told(question, data["answers"][saved])
            if len(answer) > READ_BACK:
                answer = answer[: READ_BACK - 1].rstrip() + "…"
            text = self.saved.format(question=escape(question["short"]), answer=escape(answer)) + text
        return text, keyboard

    def told(self, question: dict[str, Any], answer: Any) -> str:
        """Give an answer in words."""
        if question["kind"] == "multi":
            return ", ".join(question["labels"][one] for one in question["labels"] if one in answer)
        if question["kind"] == "scale":
            return str(question["labels"][answer])
        return str(answer)

    def _question(self, question: dict[str, Any], data: dict[str, Any]) -> tuple[str, InlineKeyboardMarkup]:
        text = question["text"]
        marks = data["marks"]
        if question["kind"] == "multi" and "before" in question:
            lines = [
                f"{'✓ ' if one in marks else ''}{number}. {escape(label)}"
                for number, (one, label) in enumerate(question["labels"].items(), start=1)
            ]
            text = question["before"] + "\n".join(lines) + question["after"]
        rows = []
        for row in question["rows"]:
            buttons = []
            for button in row:
                label, verb = button["text"], button["verb"]
                if not verb:
                    buttons.append(InlineKeyboardButton(text=label, callback_data=button["data"]))
                    continue
                if button["argument"] in marks:
                    label, verb = "✓ " + label, "-"
                elif verb == "n" and marks:
                    label = question["done"]
                buttons.append(self._button(label, data, verb, button["argument"]))
            rows.append(buttons)
        return text, InlineKeyboardMarkup(inline_keyboard=rows)

    def _review(self, data: dict[str, Any]) -> tuple[str, InlineKeyboardMarkup]:
        items = [
            f"{question['short']}: {self.told(question, data['answers'][question['id']])}"
            for question in self.questions
            if question["id"] in data["answers"]
        ]
        lines = self.review["between"].join(f"{number}. {escape(item)}" for number, item in enumerate(items, start=1))
        rows = [
            [
                self._button(button["text"], data, button["verb"], button["argument"])
                if button["verb"]
                else InlineKeyboardButton(text=button["text"], callback_data=button["data"])
                for button in row
            ]
            for row in self.review["rows"]
        ]
        return self.review["before"] + lines + self.review["after"], InlineKeyboardMarkup(inline_keyboard=rows)

    def plain(self, screen: dict[str, Any]) -> tuple[str, InlineKeyboardMarkup]:
        """Give the beginning or the thanks, which hold no question."""
        rows = [[InlineKeyboardButton(text=one["text"], callback_data=one["data"]) for one in row] for row in screen["rows"]]
        return screen["text"], InlineKeyboardMarkup(inline_keyboard=rows)

    def _button(self, label: str, data: dict[str, Any], verb: str, argument: str) -> InlineKeyboardButton:
        parts = ["d", "1", str(data["turn"]), verb]
        if argument:
            parts.append(argument)
        return InlineKeyboardButton(text=label, callback_data=":".join(parts))


router = Router()


@router.callback_query()
async def pressed(callback: CallbackQuery, state: FSMContext, script: Script) -> None:
    """Take a press of a button."""
    assert callback.data is not None
    assert isinstance(callback.message, Message)
    await callback.answer()
    kind, *parts = callback.data.split(":")
    match kind:
        case "c":
            data = {"at": 0, "turn": 1, "answers": {}, "marks": [], "message": callback.message.message_id}
            await state.set_state(Card.filling)
            await state.set_data(data)
            text, keyboard = script.plain(script.beginning)
        case "r" if await state.get_state() == Card.filling.state:
            text, keyboard = script.screen(await state.get_data())
        case "d" if await state.get_state() == Card.filling.state:
            await touched(callback.message, state, script, parts)
            return
        case _:
            return
    await callback.message.edit_text(text, reply_markup=keyboard)


async def touched(message: Message, state: FSMContext, script: Script, parts: list[str]) -> None:
    """Take an answer, a mark, Done or the confirmation, and show what follows."""
    data = await state.get_data()
    _, turn, verb, *rest = parts
    if int(turn) != data["turn"]:
        return
    saved = None
    if verb == "ok":
        await state.clear()
        text, keyboard = script.plain(script.thanks)
        await message.edit_text(text, reply_markup=keyboard)
        return
    question = script.questions[data["at"]]
    match verb:
        case "a":
            data["answers"][question["id"]] = rest[0]
            saved = question["id"]
        case "+":
            data["marks"].append(rest[0])
        case "-":
            data["marks"].remove(rest[0])
        case "n":
            data["answers"][question["id"]] = data["marks"]
            data["marks"] = []
            saved = question["id"]
    if saved is not None:
        data["at"] += 1
    data["turn"] += 1
    await state.set_data(data)
    text, keyboard = script.screen(data, saved)
    if data["at"] < len(script.questions) and script.questions[data["at"]]["kind"] == "text":
        # The answer is to be typed: the question comes as a new message, and the old one loses its buttons.
        await message.edit_reply_markup(reply_markup=None)
        sent = await message.answer(text, reply_markup=keyboard)
        await state.update_data(message=sent.message_id)
    else:
        await message.edit_text(text, reply_markup=keyboard)


@router.message()
async def typed(message: Message, state: FSMContext, script: Script, bot: Bot) -> None:
    """Take a typed answer."""
    if await state.get_state() != Card.filling.state:
        return
    data = await state.get_data()
    question = script.questions[data["at"]]
    data["answers"][question["id"]] = message.text
    data["at"] += 1
    data["turn"] += 1
    text, keyboard = script.screen(data, question["id"])
    await bot.edit_message_reply_markup(chat_id=message.chat.id, message_id=data["message"], reply_markup=None)
    sent = await message.answer(text, reply_markup=keyboard)
    data["message"] = sent.message_id
    await state.set_data(data)


def dispatcher(script: Script) -> Dispatcher:
    """Make the dispatcher."""
    made = Dispatcher(storage=MemoryStorage(), script=script)
    made.include_router(router)
    return made


async def serve(api: str, token: str, secret: str, script: Path) -> None:
    """Serve the webhook until told to stop."""
    session = AiohttpSession(api=TelegramAPIServer.from_base(api))
    bot = Bot(token, session=session, default=DefaultBotProperties(parse_mode="HTML"))
    made = dispatcher(Script(json.loads(await asyncio.to_thread(script.read_text, "utf-8"))))
    app = web.Application()
    SimpleRequestHandler(made, bot, handle_in_background=False, secret_token=secret).register(app, path="/telegram")
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    gc.collect()
    gc.freeze()
    await bot.set_webhook(f"http://127.0.0.1:{runner.addresses[0][1]}/telegram", secret_token=secret, max_connections=40)
    await stop.wait()
    await runner.cleanup()
    await bot.session.close()


if __name__ == "__main__":
    asyncio.run(
        serve(
            os.environ["KONWENT_TELEGRAM_API"],
            os.environ["KONWENT_TELEGRAM_TOKEN"],
            os.environ["KONWENT_WEBHOOK_SECRET"],
            Path(os.environ["KONWENT_BENCH_SCRIPT"]),
        )
    )
