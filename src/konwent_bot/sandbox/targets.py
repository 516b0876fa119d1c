"""Finding the chat and the message a call is about, and refusing as the server does when the bot may not write there."""

from __future__ import annotations

from konwent_bot.sandbox import refusals
from konwent_bot.sandbox.arguments import Arguments
from konwent_bot.sandbox.records import Bot, Chat, Message
from konwent_bot.sandbox.refusals import Refusal, bad_request, forbidden
from konwent_bot.sandbox.world import World


def chat_of(world: World, bot: Bot, args: Arguments) -> Chat:
    """Give the chat of ``chat_id``; refuses an unknown one."""
    given = args.text("chat_id").strip()
    if not given:
        raise bad_request("chat_id is empty")  # the server checks this before anything else about the chat
    try:
        number = int(given)
    except ValueError:
        raise bad_request("chat not found") from None
    if number in world.people:
        return world.private_chat(bot, number)
    if number in world.bots:
        raise forbidden("the bot can't send messages to bots" if number != bot.id else "the bot can't send messages to the bot")
    chat = world.chats.get(str(number))
    if chat is None or chat.bot != bot.id:
        raise bad_request("chat not found")
    return chat


def writable(chat: Chat) -> Chat:
    """Give the chat back, or refuse: never started, blocked, thrown out, or become a supergroup."""
    if chat.private:
        if chat.blocked:
            raise forbidden("bot was blocked by the user")
        if not chat.started:
            raise forbidden("bot can't initiate conversation with a user")
    elif chat.migrated_to:
        raise Refusal(400, f"Bad Request: {refusals.UPGRADED}", {"migrate_to_chat_id": chat.migrated_to})
    elif chat.removed:
        raise forbidden(
            "bot was kicked from the group chat" if chat.kind == "group" else "bot was kicked from the supergroup chat"
        )
    return chat


def own_message(chat: Chat, args: Arguments, missing: str) -> Message:
    """Give the bot's own message of ``message_id``, or refuse with ``missing``."""
    message = chat.messages.get(args.integer("message_id"))
    if message is None:
        raise bad_request(missing)
    if message.author != chat.bot or message.service is not None:
        raise bad_request("message can't be edited")
    return message


def answered_message(chat: Chat, args: Arguments) -> int | None:
    """Give the id of the message to be answered (``reply_parameters`` or the older ``reply_to_message_id``)."""
    parameters = args.value("reply_parameters") if args.has("reply_parameters") else None
    parameters = parameters if isinstance(parameters, dict) else {}
    number = parameters.get("message_id") or args.integer("reply_to_message_id")
    if not number:
        return None
    if number not in chat.messages:
        if parameters.get("allow_sending_without_reply") or args.flag("allow_sending_without_reply"):
            return None
        raise bad_request("message to be replied not found")
    return int(number)
