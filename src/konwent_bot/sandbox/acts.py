"""What a person does with a phone: starts a bot, writes, taps, edits, blocks. Each act gives what it caused, or raises ``PhoneError``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from konwent_bot.sandbox import bounds, groups, render, updates
from konwent_bot.sandbox.markup import formatted
from konwent_bot.sandbox.methods import document_object, photo_object
from konwent_bot.sandbox.records import Bot, Chat, Message, Person, Press
from konwent_bot.sandbox.shapes import Json
from konwent_bot.sandbox.world import World


class PhoneError(Exception):
    """A phone cannot do that: HTTP status and a sentence."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.text = text


@dataclass(frozen=True, slots=True)
class Done:
    """What an act caused: the update the bot will get (None when it asked not to), the message, the press."""

    update_id: int | None = None
    message_id: int | None = None
    callback_id: str | None = None
    opened: str | None = None
    parts: int = 1

    def json(self) -> Json:
        """The answer of the phone's HTTP."""
        value: Json = {"update_id": self.update_id}
        if self.message_id is not None:
            value["message_id"] = self.message_id
        if self.callback_id is not None:
            value["callback_id"] = self.callback_id
        if self.opened is not None:
            value["opened"] = self.opened
        if self.parts > 1:
            value["parts"] = self.parts
        return value


def start(world: World, person: Person, chat: Chat, payload: str = "") -> Done:
    """Press Start (or open a link with a payload). A blocked bot is unblocked first, as the real client's Restart does."""
    if len(payload) > bounds.START_PAYLOAD_CHARS or not re.fullmatch(r"[A-Za-z0-9_-]*", payload):
        raise PhoneError(400, "a start payload is at most 64 of A-Z a-z 0-9 _ -")
    if chat.blocked:
        unblock(world, person, chat)
    return _written(world, person, chat, f"/start {payload}".strip(), None)


def send(world: World, person: Person, chat: Chat, text: str, reply_to: int | None = None) -> Done:
    """Write a text. Like the real client, trims it and sends what is longer than 4,096 characters as several messages."""
    if chat.blocked:
        raise PhoneError(409, "the bot is blocked on this phone; unblock it first")
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise PhoneError(400, "there is nothing to send")
    if reply_to is not None and reply_to not in chat.messages:
        raise PhoneError(404, "the message to answer is not in this chat")
    pieces = [text[at : at + bounds.TEXT_CHARS].strip() for at in range(0, len(text), bounds.TEXT_CHARS)]
    pieces = [piece for piece in pieces if piece]
    done = Done()
    for number, piece in enumerate(pieces):
        done = _written(world, person, chat, piece, reply_to if number == 0 else None)
    return Done(done.update_id, done.message_id, parts=len(pieces))


def _written(world: World, person: Person, chat: Chat, text: str, reply_to: int | None) -> Done:
    if chat.migrated_to:
        raise PhoneError(409, f"this group has become the supergroup {chat.migrated_to}")
    bot = world.bots[chat.bot]
    text, entities = formatted(text, "", None)
    message = world.add_message(chat, person.id, text, entities)
    message.reply_to = reply_to
    chat.started = True
    chat.seen[str(person.id)] = message.message_id
    world.publish(chat, message)
    update = (
        updates.push(world, bot, "message", render.message(world, chat, message), f"chat:{chat.id}")
        if _hears(bot, chat, message)
        else None
    )
    return Done(update, message.message_id)


def send_file(
    world: World, person: Person, chat: Chat, name: str, mime: str, body: bytes, size: tuple[int, int], caption: str
) -> Done:
    """Send a file or, when ``size`` is not (0, 0), a picture."""
    if chat.blocked:
        raise PhoneError(409, "the bot is blocked on this phone; unblock it first")
    bot = world.bots[chat.bot]
    text, entities = formatted(caption[: bounds.CAPTION_CHARS], "", None)
    stored = world.add_file(name, mime, body, *size)
    message = world.add_message(chat, person.id, text, entities)
    if size[0]:
        message.photo = photo_object(stored)
    else:
        message.document = document_object(stored)
    chat.started = True
    world.publish(chat, message)
    return Done(updates.push(world, bot, "message", render.message(world, chat, message), f"chat:{chat.id}"), message.message_id)


def _hears(bot: Bot, chat: Chat, message: Message) -> bool:
    """Whether the bot hears a message: in groups (privacy mode) only commands, mentions of it and answers to it."""
    if chat.private:
        return True
    if chat.removed:
        return False
    answered = chat.messages.get(message.reply_to) if message.reply_to else None
    return (
        message.text.startswith("/")
        or f"@{bot.username}".lower() in message.text.lower()
        or (answered is not None and answered.author == bot.id)
    )


def open_link(world: World, person: Person, chat: Chat, url: str) -> Done:
    """Open a t.me link to this chat's bot: pressing Start with its payload."""
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    match parts.scheme, parts.hostname:
        case "https" | "http", "t.me" | "telegram.me":
            name = parts.path.strip("/")
        case "tg", "resolve":
            name = query.get("domain", [""])[0]
        case _:
            raise PhoneError(400, "not a link to a bot: https://t.me/<bot>?start=<payload>")
    bot = world.bots[chat.bot]
    if name.lower() != bot.username.lower():
        raise PhoneError(404, f"the link leads to {name or 'nobody'}, not to {bot.username}")
    return start(world, person, chat, query.get("start", [""])[0])


def tap(world: World, person: Person, chat: Chat, what: Json) -> Done:
    """Tap a button of a message: by its data, by row and column, or by its text. Data no button carries needs ``forged``."""
    number = what.get("message_id")
    message = chat.messages.get(number) if isinstance(number, int) else None
    forged = what.get("forged") is True
    if message is None and not forged:
        raise PhoneError(404, "there is no such message in this chat")
    button = _button(message, what) if message is not None else None
    if button is None:
        if not (forged and isinstance(what.get("data"), str) and isinstance(number, int)):
            labels = [b["text"] for row in (message.keyboard or [] if message else []) for b in row]
            raise PhoneError(404, f"the message has no such button; it has: {', '.join(labels) or 'none'}")
        data = what["data"]
        if not data or len(data.encode()) > bounds.CALLBACK_DATA_BYTES:
            raise PhoneError(400, "data is 1 to 64 bytes")
    elif "callback_data" in button:
        data = button["callback_data"]
    else:
        target = button.get("url") or (button.get("web_app") or {}).get("url")
        if not target:
            raise PhoneError(409, "this button does nothing here")
        return Done(opened=target)
    if chat.private and chat.blocked:
        raise PhoneError(409, "the bot is blocked on this phone; unblock it first")
    return _press(world, person, chat, number, message, data)


def _button(message: Message | None, what: Json) -> Json | None:
    rows = (message.keyboard or []) if message is not None else []
    flat = [button for row in rows for button in row]
    match what:
        case {"data": str() as data}:
            return next((b for b in flat if b.get("callback_data") == data), None)
        case {"row": int() as row, "col": int() as col}:
            return rows[row][col] if 0 <= row < len(rows) and 0 <= col < len(rows[row]) else None
        case {"text": str() as text}:
            exact = [b for b in flat if b["text"].strip() == text.strip()]
            near = [b for b in flat if text.strip().casefold() in b["text"].casefold()] if text.strip() else []
            return exact[0] if exact else near[0] if len(near) == 1 else None
        case _:
            raise PhoneError(400, "say what to tap: data, row and col, or text")


def _press(world: World, person: Person, chat: Chat, number: object, message: Message | None, data: str) -> Done:
    bot = world.bots[chat.bot]
    world.last_press += 1
    press = Press(str(world.last_press), bot.id, person.id, chat.key, int(str(number)), data, world.clock.now())
    world.presses[press.id] = press
    world.save("press", press.id, press)
    while len(world.presses) > bounds.CALLBACKS_KEPT:
        oldest = next(iter(world.presses))
        del world.presses[oldest]
        world.keep.mark("press", oldest, None)
    if message is None:
        shown: Json = {"chat": render.chat_object(world, chat), "message_id": press.message_id, "date": 0}
    else:
        shown = render.message(world, chat, message)
    payload = {
        "id": press.id,
        "from": render.user(person),
        "message": shown,
        "chat_instance": str(-(abs(chat.id) * 31 + bot.id)),
        "data": data,
    }
    return Done(updates.push(world, bot, "callback_query", payload, f"user:{person.id}"), callback_id=press.id)


def edit(world: World, person: Person, chat: Chat, message_id: object, text: str) -> Done:
    """Edit an own message."""
    message = chat.messages.get(message_id) if isinstance(message_id, int) else None
    if message is None or message.author != person.id:
        raise PhoneError(404, "that is not a message of this phone")
    if chat.blocked:
        raise PhoneError(409, "the bot is blocked on this phone; unblock it first")
    text, entities = formatted(text, "", None)
    if not text or len(text) > bounds.TEXT_CHARS:
        raise PhoneError(400, f"a message is 1 to {bounds.TEXT_CHARS} characters")
    message.text, message.entities, message.edit_date = text, entities, int(world.clock.now())
    world.save_message(message)
    world.touched(chat)
    bot = world.bots[chat.bot]
    if not _hears(bot, chat, message):
        return Done(message_id=message.message_id)
    payload = render.message(world, chat, message)
    return Done(updates.push(world, bot, "edited_message", payload, f"chat:{chat.id}"), message.message_id)


def block(world: World, person: Person, chat: Chat) -> Done:
    """Block the bot; a bot that is blocked already hears nothing."""
    if chat.blocked:
        return Done()
    chat.blocked = True
    world.touched(chat)
    return Done(groups.membership_changed(world, world.bots[chat.bot], chat, person.id, "member", "kicked"))


def unblock(world: World, person: Person, chat: Chat) -> Done:
    """Unblock the bot."""
    if not chat.blocked:
        return Done()
    chat.blocked = False
    world.touched(chat)
    return Done(groups.membership_changed(world, world.bots[chat.bot], chat, person.id, "kicked", "member"))
