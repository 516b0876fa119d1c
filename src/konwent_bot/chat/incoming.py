"""An update of Telegram's as the few facts we need of it. Shapes we do not know give ``None`` and are confirmed unread."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

import structlog
from aiogram import Bot
from aiogram.enums import ChatMemberStatus, ChatType
from aiogram.types import CallbackQuery, ChatMemberUpdated, InaccessibleMessage, Message, Update
from pydantic import ValidationError

from konwent_bot.screens.agenda_intents import SayHere
from konwent_bot.screens.intents import Help, Home, Intent, Pause, Privacy, Resume, SeeInvitation, Settings, decode
from konwent_bot.screens.reception import Visitor

log = structlog.get_logger(__name__)

_NEVER = datetime.min.replace(tzinfo=UTC)

#: What we ask Telegram for; everything else is not sent to us.
ALLOWED = ("message", "edited_message", "callback_query", "my_chat_member")

_BACK = re.compile(r"r_([0-9]{1,18})\Z")
_HERE = re.compile(r"j_([0-9]{1,18})_([0-9]{6})\Z")
#: The command that looks for words, and the words.
_SEARCH = re.compile(r"/(?:szukaj|search)(?:@\w+)?(?:\s+(.*))?\Z", re.IGNORECASE | re.DOTALL)

#: Commands of the menu, with the names a person may also try.
COMMANDS: dict[str, Intent] = {
    "sprawy": Home(), "home": Home(), "pomoc": Help(), "help": Help(), "ustawienia": Settings(), "settings": Settings(),
    "przerwij": Pause(), "cancel": Pause(), "prywatnosc": Privacy(), "privacy": Privacy(),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Incoming:
    """One update, read."""

    update: int
    visitor: Visitor
    chat: int
    #: ``press``: a button; ``text``: typed; ``search``: words to look for; ``edit``: a typed message edited; ``file``: a document;
    #: ``reach``: blocked or unblocked; ``group``: said in a group; ``link``: a link's token said in a group; ``moved``: a group became a
    #: supergroup; ``removed``: the bot was put out of a group.
    kind: Literal["press", "text", "search", "edit", "file", "reach", "group", "link", "moved", "removed"]
    #: What is asked for, when a button or a command says so.
    intent: Intent | None = None
    text: str = ""
    #: The message the button hangs on, or the message typed. ``None`` when Telegram no longer shows it to us.
    message: int | None = None
    written_at: datetime = _NEVER
    #: To be acknowledged at once, so that the button stops turning.
    callback: str = ""
    reachable: bool = True
    #: Number of the chat this group has become.
    moved_to: int = 0
    #: What a group is called.
    title: str = ""
    #: Telegram's name for a document, and how many bytes it says it has (0: it does not say).
    file: str = ""
    size: int = 0

    @property
    def account(self) -> int:
        """The Telegram account it came from."""
        assert isinstance(self.visitor.caller, int)
        return self.visitor.caller


def known_update(bot: Bot, raw: object) -> Update | None:
    """Read what Telegram sent as an update; ``None`` for a shape we do not know (asking for it again would not help)."""
    try:
        return Update.model_validate(raw, context={"bot": bot})
    except (ValidationError, RecursionError):
        log.warning("chat.unknown_shape")
        return None


def read(update: Update) -> Incoming | None:
    """Read an update; ``None`` when it holds nothing for us."""
    if update.callback_query is not None:
        return _press(update.update_id, update.callback_query)
    if update.message is not None:
        return _typed(update.update_id, update.message)
    if update.edited_message is not None:
        return _edited(update.update_id, update.edited_message)
    if update.my_chat_member is not None:
        return _member(update.update_id, update.my_chat_member)
    return None


def _press(number: int, query: CallbackQuery) -> Incoming | None:
    message = query.message
    if message is None or message.chat.type != ChatType.PRIVATE:
        return None  # our buttons stand in private chats only
    visitor = Visitor(query.from_user.id, query.from_user.language_code or "")
    shown = None if isinstance(message, InaccessibleMessage) else message.message_id
    # A button we cannot read is an old or forged one: the way home is the answer to it.
    intent = decode(query.data or "") or Home()
    return Incoming(number, visitor, message.chat.id, "press", intent, message=shown, callback=query.id)


def _typed(number: int, message: Message) -> Incoming | None:
    if message.migrate_to_chat_id is not None:
        return _moved(number, message.chat.id, message.migrate_to_chat_id)
    if message.migrate_from_chat_id is not None:
        return _moved(number, message.migrate_from_chat_id, message.chat.id)
    if message.from_user is None or message.from_user.is_bot:
        return None
    visitor = Visitor(message.from_user.id, message.from_user.language_code or "")
    text = message.text or ""
    if message.chat.type != ChatType.PRIVATE:
        return _said_in_group(number, visitor, message, text) if text.startswith("/") else None
    if message.document is not None:
        sent = message.document
        return Incoming(
            number, visitor, message.chat.id, "file", message=message.message_id, file=sent.file_id, size=sent.file_size or 0
        )
    if (found := _SEARCH.match(text)) is not None:
        return Incoming(number, visitor, message.chat.id, "search", text=found[1] or "", message=message.message_id)
    return Incoming(
        number, visitor, message.chat.id, "text", _command(text), text, message.message_id, message.date.astimezone(UTC)
    )


def _edited(number: int, message: Message) -> Incoming | None:
    if message.from_user is None or message.chat.type != ChatType.PRIVATE or not message.text:
        return None
    visitor = Visitor(message.from_user.id, message.from_user.language_code or "")
    return Incoming(number, visitor, message.chat.id, "edit", text=message.text, message=message.message_id)


def _member(number: int, change: ChatMemberUpdated) -> Incoming | None:
    visitor = Visitor(change.from_user.id, change.from_user.language_code or "")
    reachable = change.new_chat_member.status not in (ChatMemberStatus.KICKED, ChatMemberStatus.LEFT)
    if change.chat.type != ChatType.PRIVATE:
        return None if reachable else Incoming(number, visitor, change.chat.id, "removed")
    return Incoming(number, visitor, change.chat.id, "reach", reachable=reachable)


def _moved(number: int, former: int, chat: int) -> Incoming:
    """Read that a group has another number now: it is told in the former group and in the new one, and nobody has said it."""
    return Incoming(number, Visitor(former), former, "moved", moved_to=chat)


def _said_in_group(number: int, visitor: Visitor, message: Message, text: str) -> Incoming:
    word, _, rest = text[1:].partition(" ")
    token = rest.strip()[:64] if word.partition("@")[0].lower() == "start" else ""
    return Incoming(number, visitor, message.chat.id, "link" if token else "group", text=token, title=message.chat.title or "")


def _command(text: str) -> Intent | None:
    if not text.startswith("/"):
        return None
    word, _, rest = text[1:].partition(" ")
    name = word.partition("@")[0].lower()
    if name == "start":
        said = rest.strip()[:64]
        if back := _BACK.match(said):  # "go on in Telegram" on a page
            return Resume(int(back[1])) if int(back[1]) else Home()
        if here := _HERE.match(said):  # the QR code of a meeting; whoever presses Start says "I am here"
            return SayHere(int(here[1]), 0, here[2])
        return SeeInvitation(said) if said else Home()
    return COMMANDS.get(name, Home())
