"""Groups: making one, and its becoming a supergroup with another id, as Telegram does it."""

from __future__ import annotations

from konwent_bot.sandbox import render, updates
from konwent_bot.sandbox.records import Bot, Chat, Message
from konwent_bot.sandbox.world import FIRST_SUPERGROUP, World


def create_group(world: World, title: str, members: list[int], bot: Bot) -> Chat:
    """Make a group of people and the bot; the first member is its creator. The bot hears of it twice, as in Telegram."""
    world.last_group += 1
    chat = Chat(str(-world.last_group), "group", -world.last_group, bot.id, title, list(members), started=True)
    world.chats[chat.key] = chat
    membership_changed(world, bot, chat, members[0], "left", "member")
    _service(world, bot, chat, members[0], {"group_chat_created": True})
    return chat


def migrate(world: World, chat: Chat) -> Chat:
    """Turn a group into a supergroup: a new id, a service message on both sides; the old group refuses with the new id from now on."""
    if chat.migrated_to:
        return world.chats[str(chat.migrated_to)]
    bot = world.bots[chat.bot]
    number = -(FIRST_SUPERGROUP + (-chat.id) % 1_000_000_000)
    new = Chat(str(number), "supergroup", number, chat.bot, chat.title, list(chat.members), started=True)
    world.chats[new.key] = new
    _service(world, bot, chat, chat.members[0], {"migrate_to_chat_id": number})
    chat.migrated_to = number
    world.touched(chat)
    _service(world, bot, new, chat.members[0], {"migrate_from_chat_id": chat.id})
    return new


def remove_bot(world: World, chat: Chat, person: int) -> int | None:
    """Throw the bot out of a group."""
    chat.removed = True
    world.touched(chat)
    return membership_changed(world, world.bots[chat.bot], chat, person, "member", "kicked")


def _service(world: World, bot: Bot, chat: Chat, person: int, fields: dict[str, object]) -> Message:
    message = world.add_message(chat, person)
    message.service = fields
    world.publish(chat, message)
    updates.push(world, bot, "message", render.message(world, chat, message), f"chat:{chat.id}")
    return message


def membership_changed(world: World, bot: Bot, chat: Chat, person: int, old: str, new: str) -> int | None:
    """Tell the bot that its standing in a chat changed (``my_chat_member``). Gives the update's id."""

    def member(status: str) -> dict[str, object]:
        value: dict[str, object] = {"user": render.bot_user(bot), "status": status}
        return value | {"until_date": 0} if status == "kicked" else value

    payload = {
        "chat": render.chat_object(world, chat),
        "from": render.user(world.people[person]),
        "date": int(world.clock.now()),
        "old_chat_member": member(old),
        "new_chat_member": member(new),
    }
    return updates.push(world, bot, "my_chat_member", payload, f"member:{person}")
