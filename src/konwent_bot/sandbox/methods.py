"""The Bot API methods the sandbox answers, but for getUpdates and the webhook's. Each gives the ``result`` or raises ``Refusal``."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from konwent_bot.sandbox import bounds, refusals, render
from konwent_bot.sandbox.arguments import Arguments, Upload
from konwent_bot.sandbox.keyboards import read_markup
from konwent_bot.sandbox.markup import formatted
from konwent_bot.sandbox.pictures import picture_size
from konwent_bot.sandbox.records import Bot, Chat, Message, StoredFile
from konwent_bot.sandbox.refusals import bad_request, forbidden
from konwent_bot.sandbox.shapes import Json
from konwent_bot.sandbox.targets import answered_message, chat_of, own_message, writable
from konwent_bot.sandbox.throttle import Throttle
from konwent_bot.sandbox.world import World


@dataclass(slots=True)
class Call:
    """One call of one bot."""

    world: World
    throttle: Throttle
    bot: Bot
    args: Arguments


Result = Json | list[Json] | bool | int
Method = Callable[[Call], Result]


def get_me(call: Call) -> Result:
    """The bot itself."""
    return render.bot_user(call.bot) | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def _text_of(call: Call, name: str, entities: str) -> tuple[str, list[Json]]:
    given = call.args.value(entities)
    return formatted(call.args.text(name), call.args.text("parse_mode"), given if isinstance(given, list) else None)


def _message_text(call: Call, too_long: str) -> tuple[str, list[Json]]:
    if not call.args.text("text"):
        raise bad_request("message text is empty")
    text, entities = _text_of(call, "text", "entities")
    if not text:
        raise bad_request("text must be non-empty")
    if len(text) > bounds.TEXT_CHARS:
        raise bad_request(too_long)
    return text, entities


def _caption(call: Call, too_long: str = "message caption is too long") -> tuple[str, list[Json]]:
    text, entities = _text_of(call, "caption", "caption_entities")
    if len(text) > bounds.CAPTION_CHARS:
        raise bad_request(too_long)
    return text, entities


def _publish(call: Call, chat: Chat, message: Message) -> Result:
    call.world.publish(chat, message)
    return render.message(call.world, chat, message)


def send_message(call: Call) -> Result:
    """Put a text into a chat."""
    if not call.args.text("text"):
        raise bad_request("message text is empty")
    chat = writable(chat_of(call.world, call.bot, call.args))
    text, entities = _message_text(call, "message is too long")
    keyboard = read_markup(call.args.values.get("reply_markup"), private=chat.private)
    reply_to = answered_message(chat, call.args)
    call.throttle.sending(call.bot.id, chat)
    message = call.world.add_message(chat, call.bot.id, text, entities)
    message.keyboard, message.reply_to = keyboard, reply_to
    return _publish(call, chat, message)


def _editable(call: Call) -> tuple[Chat, Message]:
    if call.args.text("inline_message_id"):
        raise bad_request("MESSAGE_ID_INVALID")
    if not call.args.text("chat_id") and call.args.integer("message_id") <= 0:
        raise bad_request("message identifier is not specified")
    chat = writable(chat_of(call.world, call.bot, call.args))
    return chat, own_message(chat, call.args, "message to edit not found")


def _edited(
    call: Call, chat: Chat, message: Message, text: str, entities: list[Json], keyboard: list[list[Json]] | None
) -> Result:
    if (text, entities, keyboard) == (message.text, message.entities, message.keyboard):
        raise bad_request(refusals.NOT_MODIFIED)
    call.throttle.editing(call.bot.id, chat)
    message.edit_date = int(call.world.clock.now())
    message.text, message.entities, message.keyboard = text, entities, keyboard
    call.world.save_message(message)
    call.world.touched(chat)
    return render.message(call.world, chat, message)


def edit_message_text(call: Call) -> Result:
    """Change the text of an own message; the keyboard goes unless it is given again."""
    if not call.args.text("text"):
        raise bad_request("message text is empty")
    chat, message = _editable(call)
    text, entities = _message_text(call, "MESSAGE_TOO_LONG")  # sending says it in words, editing and answering do not
    if message.has_media:
        raise bad_request("there is no text in the message to edit")
    keyboard = read_markup(call.args.values.get("reply_markup"), private=chat.private)
    return _edited(call, chat, message, text, entities, keyboard)


def edit_message_caption(call: Call) -> Result:
    """Change the caption of an own message with a file."""
    chat, message = _editable(call)
    text, entities = _caption(call, "MEDIA_CAPTION_TOO_LONG")
    if not message.has_media:
        raise bad_request("there is no caption in the message to edit")
    keyboard = read_markup(call.args.values.get("reply_markup"), private=chat.private)
    return _edited(call, chat, message, text, entities, keyboard)


def edit_message_reply_markup(call: Call) -> Result:
    """Change the keyboard of an own message."""
    chat, message = _editable(call)
    keyboard = read_markup(call.args.values.get("reply_markup"), private=chat.private)
    return _edited(call, chat, message, message.text, message.entities, keyboard)


def delete_message(call: Call) -> Result:
    """Delete a message younger than 48 hours: the bot's own, and in private chats the person's too."""
    chat = writable(chat_of(call.world, call.bot, call.args))
    number = call.args.integer("message_id")
    message = chat.messages.get(number)
    if message is None:
        raise bad_request("message to delete not found")
    if call.world.clock.now() - message.date > bounds.DELETE_SECONDS:
        raise bad_request("message can't be deleted for everyone")
    if not chat.private and message.author != call.bot.id:
        raise bad_request("message can't be deleted")
    call.world.drop_message(chat, number)
    call.world.touched(chat)
    return True


def answer_callback_query(call: Call) -> Result:
    """Answer a press: once, and within 150 seconds."""
    world, args = call.world, call.args
    text, url = args.text("text"), args.text("url")
    press = world.presses.get(args.text("callback_query_id"))
    if press is None or press.bot != call.bot.id or press.answered:
        raise bad_request(refusals.QUERY_TOO_OLD)
    if world.clock.now() - press.at > bounds.CALLBACK_SECONDS:
        raise bad_request(refusals.QUERY_TOO_OLD)
    if len(text) > bounds.CALLBACK_TEXT_CHARS:
        raise bad_request("MESSAGE_TOO_LONG")
    if url and not url.lower().startswith(
        (f"https://t.me/{call.bot.username.lower()}?start=", f"t.me/{call.bot.username.lower()}?start=")
    ):
        raise bad_request("URL_INVALID")
    press.answered, press.text, press.alert, press.url = True, text, args.flag("show_alert"), url
    world.save("press", press.id, press)
    chat = world.chats.get(press.chat)
    if chat is not None:
        world.touched(chat)
    return True


def send_document(call: Call) -> Result:
    """Send a file: uploaded, or by the id of one sent before."""
    chat = writable(chat_of(call.world, call.bot, call.args))
    text, entities = _caption(call)
    keyboard = read_markup(call.args.values.get("reply_markup"), private=chat.private)
    reply_to = answered_message(chat, call.args)
    stored = _given_file(call, "document", picture=False)
    call.throttle.sending(call.bot.id, chat)
    message = call.world.add_message(chat, call.bot.id, text, entities)
    message.document = document_object(stored)
    message.keyboard, message.reply_to = keyboard, reply_to
    return _publish(call, chat, message)


def send_photo(call: Call) -> Result:
    """Send a picture: uploaded (PNG, JPEG, GIF, WebP), or by the id of one sent before."""
    chat = writable(chat_of(call.world, call.bot, call.args))
    text, entities = _caption(call)
    keyboard = read_markup(call.args.values.get("reply_markup"), private=chat.private)
    reply_to = answered_message(chat, call.args)
    stored = _given_file(call, "photo", picture=True)
    call.throttle.sending(call.bot.id, chat)
    message = call.world.add_message(chat, call.bot.id, text, entities)
    message.photo = photo_object(stored)
    message.keyboard, message.reply_to = keyboard, reply_to
    return _publish(call, chat, message)


def document_object(stored: StoredFile) -> Json:
    """The Document object of a file."""
    return {
        "file_name": stored.name,
        "mime_type": stored.mime,
        "file_id": stored.id,
        "file_unique_id": stored.unique,
        "file_size": stored.size,
    }


def photo_object(stored: StoredFile) -> list[Json]:
    """The PhotoSize list of a picture: one size only."""
    return [
        {
            "file_id": stored.id,
            "file_unique_id": stored.unique,
            "file_size": stored.size,
            "width": stored.width,
            "height": stored.height,
        }
    ]


def _given_file(call: Call, field: str, *, picture: bool) -> StoredFile:
    given = call.args.text(field)
    upload = call.args.uploads.get(given.removeprefix("attach://") if given.startswith("attach://") else field)
    return _uploaded(call, upload, picture) if upload is not None else _known_file(call, field, given, picture)


def _known_file(call: Call, field: str, given: str, picture: bool) -> StoredFile:
    if not given:
        raise bad_request(f"there is no {field} in the request")
    if given.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")  # the sandbox never fetches anything for a bot
    stored = call.world.files.get(given)
    if stored is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    if picture != bool(stored.width):
        raise bad_request("can't use file of type Document as Photo" if picture else "can't use file of type Photo as Document")
    return stored


def _uploaded(call: Call, upload: Upload, picture: bool) -> StoredFile:
    if not upload.body:
        raise bad_request("file must be non-empty")
    width, height = picture_size(upload.body) if picture else (0, 0)
    if picture:
        if len(upload.body) > bounds.PHOTO_BYTES:
            size, most = len(upload.body), bounds.PHOTO_BYTES
            raise bad_request(f"file of size {size} bytes is too big for a photo; the maximum size is {most} bytes")
        if not width or not height:
            raise bad_request("IMAGE_PROCESS_FAILED")
        if width + height > 10000 or max(width, height) > 20 * min(width, height):
            raise bad_request("PHOTO_INVALID_DIMENSIONS")
    name = re.sub(r"[\x00-\x1f/\\]", "_", upload.name)[:120] or "file"
    return call.world.add_file(name, upload.mime or "application/octet-stream", upload.body, width, height)


def get_file(call: Call) -> Result:
    """Where a file can be fetched from, for files up to 20 MB."""
    stored = call.world.files.get(call.args.text("file_id"))
    if stored is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if stored.size > bounds.DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    folder = "photos" if stored.width else "documents"
    suffix = stored.name.rpartition(".")[2] if "." in stored.name else "bin"
    path = f"{folder}/{stored.id}.{re.sub(r'[^A-Za-z0-9]', '', suffix)[:8] or 'bin'}"
    return {"file_id": stored.id, "file_unique_id": stored.unique, "file_size": stored.size, "file_path": path}


def _commands_key(call: Call) -> str:
    scope = call.args.value("scope") if call.args.has("scope") else None
    scope = scope if isinstance(scope, dict) else {"type": "default"}
    language = call.args.text("language_code")
    if language and not re.fullmatch(r"[a-z]{2}", language):
        raise bad_request("LANG_CODE_INVALID")
    match scope.get("type"):
        case "default" | "all_private_chats" | "all_group_chats" | "all_chat_administrators" as kind:
            return f"{kind}/{language}"
        case "chat" | "chat_administrators" | "chat_member" as kind:
            chat = chat_of(call.world, call.bot, Arguments({"chat_id": scope.get("chat_id")}))
            member = f":{scope.get('user_id')}" if kind == "chat_member" else ""
            return f"{kind}:{chat.id}{member}/{language}"
        case _:
            raise bad_request("can't parse BotCommandScope: Unsupported type specified")


def set_my_commands(call: Call) -> Result:
    """Set the commands of one scope and language."""
    key = _commands_key(call)
    given = call.args.value("commands")
    if not isinstance(given, list):
        raise bad_request("expected an Array of BotCommand")
    if len(given) > bounds.COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    commands: list[Json] = []
    for item in given:
        name = str(item.get("command", "")).removeprefix("/") if isinstance(item, dict) else ""
        text = str(item.get("description", "")).strip() if isinstance(item, dict) else ""
        if not re.fullmatch(r"[a-z0-9_]{1,32}", name):
            raise bad_request("BOT_COMMAND_INVALID")
        if not text:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
        if len(text) > bounds.COMMAND_DESCRIPTION_CHARS:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
        commands.append({"command": name, "description": text})
    call.bot.commands[key] = commands
    return _bot_changed(call)


def get_my_commands(call: Call) -> Result:
    """The commands of exactly this scope and language."""
    return call.bot.commands.get(_commands_key(call), [])


def delete_my_commands(call: Call) -> Result:
    """Forget the commands of this scope and language."""
    call.bot.commands.pop(_commands_key(call), None)
    return _bot_changed(call)


def _bot_changed(call: Call) -> bool:
    call.world.save_bot(call.bot)
    for chat in [c for c in call.world.chats.values() if c.bot == call.bot.id]:
        call.world.touched(chat)
    return True


def _texts(name: str, field: str, longest: int) -> tuple[Method, Method]:
    def write(call: Call) -> Result:
        text = call.args.text(field)
        if len(text) > longest:
            raise bad_request(f"{field.replace('_', ' ')} is too long")
        call.bot.texts[f"{name}/{call.args.text('language_code')}"] = text
        return _bot_changed(call)

    def read(call: Call) -> Result:
        return {field: call.bot.texts.get(f"{name}/{call.args.text('language_code')}", "")}

    return write, read


def send_chat_action(call: Call) -> Result:
    """Say "typing". Shown nowhere, but refused where it would be refused."""
    writable(chat_of(call.world, call.bot, call.args))
    if call.args.text("action") not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    return True


_ACTIONS = frozenset(
    {
        *("typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document"),
        *("choose_sticker", "find_location", "record_video_note", "upload_video_note"),
    }
)


def get_chat(call: Call) -> Result:
    """A chat; of a private one only when the person has started the bot."""
    chat = chat_of(call.world, call.bot, call.args)
    if chat.private and not chat.started:
        raise bad_request("chat not found")
    if chat.removed:
        raise forbidden(
            "bot was kicked from the group chat" if chat.kind == "group" else "bot was kicked from the supergroup chat"
        )
    return render.chat_object(call.world, chat) | {"accent_color_id": 0, "max_reaction_count": 11}


def get_chat_member_count(call: Call) -> Result:
    """How many there are in a group, the bot included."""
    chat = chat_of(call.world, call.bot, call.args)
    return len(chat.members) + 1


_set_description, _get_description = _texts("description", "description", 512)
_set_short, _get_short = _texts("short_description", "short_description", 120)
_set_name, _get_name = _texts("name", "name", 64)

#: by lower-case name: the server takes method names in any case
METHODS: dict[str, Method] = {
    "getme": get_me,
    "sendmessage": send_message,
    "editmessagetext": edit_message_text,
    "editmessagecaption": edit_message_caption,
    "editmessagereplymarkup": edit_message_reply_markup,
    "deletemessage": delete_message,
    "answercallbackquery": answer_callback_query,
    "senddocument": send_document,
    "sendphoto": send_photo,
    "getfile": get_file,
    "setmycommands": set_my_commands,
    "getmycommands": get_my_commands,
    "deletemycommands": delete_my_commands,
    "setmydescription": _set_description,
    "getmydescription": _get_description,
    "setmyshortdescription": _set_short,
    "getmyshortdescription": _get_short,
    "setmyname": _set_name,
    "getmyname": _get_name,
    "sendchataction": send_chat_action,
    "getchat": get_chat,
    "getchatmembercount": get_chat_member_count,
}
