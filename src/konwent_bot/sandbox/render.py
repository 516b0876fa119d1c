"""The same records in two languages of JSON: the Bot API's objects, and what a phone is shown."""

from __future__ import annotations

from konwent_bot.sandbox import bounds
from konwent_bot.sandbox.markup import safe_html
from konwent_bot.sandbox.records import Bot, Chat, Message, Person
from konwent_bot.sandbox.shapes import Json
from konwent_bot.sandbox.world import World


def user(person: Person) -> Json:
    """The User object of a person."""
    value: Json = {"id": person.id, "is_bot": False, "first_name": person.first_name}
    if person.last_name:
        value["last_name"] = person.last_name
    if person.language_code:
        value["language_code"] = person.language_code
    return value


def bot_user(bot: Bot) -> Json:
    """The User object of a bot, as it stands inside messages."""
    return {"id": bot.id, "is_bot": True, "first_name": bot.name, "username": bot.username}


def chat_object(world: World, chat: Chat) -> Json:
    """The Chat object."""
    if chat.private:
        person = world.people[chat.id]
        value: Json = {"id": chat.id, "first_name": person.first_name, "type": "private"}
        if person.last_name:
            value["last_name"] = person.last_name
        return value
    value = {"id": chat.id, "title": chat.title, "type": chat.kind}
    if chat.kind == "group":
        value["all_members_are_administrators"] = True
    return value


def author(world: World, number: int) -> Json:
    """The User object of whoever wrote a message."""
    if number in world.bots:
        return bot_user(world.bots[number])
    return user(world.people[number])


def message(world: World, chat: Chat, item: Message, *, nested: bool = False) -> Json:
    """The Message object; a message it answers is nested one level deep."""
    value: Json = {
        "message_id": item.message_id,
        "from": author(world, item.author),
        "chat": chat_object(world, chat),
        "date": item.date,
    }
    if item.edit_date:
        value["edit_date"] = item.edit_date
    answered = chat.messages.get(item.reply_to) if item.reply_to and not nested else None
    if answered is not None:
        value["reply_to_message"] = message(world, chat, answered, nested=True)
    if item.document:
        value["document"] = item.document
    if item.photo:
        value["photo"] = item.photo
    if item.text:
        value["caption" if item.has_media else "text"] = item.text
        if item.entities:
            value["caption_entities" if item.has_media else "entities"] = item.entities
    if item.keyboard:
        value["reply_markup"] = {"inline_keyboard": item.keyboard}
    if item.service:
        value |= item.service
    return value


def phone_person(person: Person) -> Json:
    """A person as the list of phones shows them."""
    return {
        "id": person.id,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "language_code": person.language_code,
        "note": person.note,
        "email": person.email,
    }


def phone_message(world: World, person: int, item: Message) -> Json:
    """A message as a phone shows it. ``html`` is made of escaped text and our own tags only."""
    number = item.author
    if number in world.bots:
        side, name = "bot", world.bots[number].name
    else:
        writer = world.people[number]
        side, name = ("me" if number == person else "other"), f"{writer.first_name} {writer.last_name}".strip()
    return {
        "message_id": item.message_id,
        "date": world.clock.iso(item.date),
        "from": side,
        "author": name,
        "text": item.text,
        "html": safe_html(item.text, item.entities),
        "edited": bool(item.edit_date),
        "deleted": False,
        "reply_to": item.reply_to,
        "keyboard": [[_phone_button(button) for button in row] for row in item.keyboard or []],
        "document": _phone_document(item.document),
        "photo": _phone_photo(item.photo),
        "service": _service_line(item.service),
    }


def _phone_button(button: Json) -> Json:
    match button:
        case {"callback_data": data}:
            return {"text": button["text"], "kind": "callback", "data": data}
        case {"url": url}:
            return {"text": button["text"], "kind": "url", "url": url}
        case {"web_app": {"url": url}}:
            return {"text": button["text"], "kind": "web_app", "url": url}
        case {"copy_text": {"text": text}}:
            return {"text": button["text"], "kind": "copy", "data": text}
        case _:
            return {"text": button["text"], "kind": "other"}


def _phone_document(document: Json | None) -> Json | None:
    if document is None:
        return None
    return {
        "name": document.get("file_name", "file"),
        "mime": document.get("mime_type", "application/octet-stream"),
        "size": document.get("file_size", 0),
        "href": f"/phone/files/{document['file_id']}",
    }


def _phone_photo(photo: list[Json] | None) -> Json | None:
    if not photo:
        return None
    largest = photo[-1]
    return {"href": f"/phone/files/{largest['file_id']}", "width": largest["width"], "height": largest["height"]}


def _service_line(service: Json | None) -> str | None:
    match service:
        case None:
            return None
        case {"group_chat_created": True}:
            return "group created"
        case {"migrate_to_chat_id": _} | {"migrate_from_chat_id": _}:
            return "group became a supergroup"
        case {"left_chat_member": _}:
            return "left the group"
        case _:
            return "service message"


def phone_chat_head(world: World, person: int, chat: Chat) -> Json:
    """A chat as one line of a phone's list: name, last line, unread count, revision."""
    bot = world.bots[chat.bot]
    last = next(reversed(chat.messages.values()), None)
    seen = chat.seen.get(str(person), 0)
    return {
        "id": chat.id if not chat.private else bot.id,
        "kind": chat.kind,
        "bot": bot.username,
        "title": bot.name if chat.private else chat.title,
        "href": f"/phone/{person}/chat/{bot.username}" if chat.private else f"/phone/{person}/group/{chat.id}",
        "last": None if last is None else _last_line(last),
        "last_at": None if last is None else world.clock.iso(last.date),
        "unread": sum(1 for m in chat.messages.values() if m.author != person and m.message_id > seen),
        "revision": chat.revision,
    }


def _last_line(item: Message) -> str:
    text = item.text or (item.document or {}).get("file_name") or ("photo" if item.photo else _service_line(item.service) or "")
    return str(text).split("\n", 1)[0][:80]


def commands_for(bot: Bot, person: Person, chat: Chat) -> list[Json]:
    """The commands a phone offers: the narrowest scope first, the person's language before none (Bot API: BotCommandScope)."""
    language = person.language_code[:2]
    wide = ["all_private_chats"] if chat.private else ["all_group_chats"]
    scopes = [f"chat:{chat.id}", *wide, "default"]
    for scope in scopes:
        for spoken in (language, ""):
            found = bot.commands.get(f"{scope}/{spoken}")
            if found:
                return found
    return []


def phone_chat(world: World, person: Person, chat: Chat) -> Json:
    """A whole chat as a phone shows it: the newest messages, oldest first."""
    bot = world.bots[chat.bot]
    items = list(chat.messages.values())[-bounds.MESSAGES_SHOWN :]
    return {
        "chat": phone_chat_head(world, person.id, chat),
        "started": chat.started,
        "blocked": chat.blocked,
        "commands": commands_for(bot, person, chat),
        "description": bot.texts.get(f"description/{person.language_code[:2]}") or bot.texts.get("description/", ""),
        "messages": [phone_message(world, person.id, m) for m in items],
        "last_id": items[-1].message_id if items else 0,
        "revision": chat.revision,
    }
