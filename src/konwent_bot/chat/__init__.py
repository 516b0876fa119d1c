"""Telegram in: what people tap and type, and our answer to it, on aiogram.

In comes an update (polling or webhook); it becomes an intent, goes through the door once, and what the person sees next is sent
at once. An update is confirmed to Telegram only after its commit. One person's updates are handled one after another, different
people's side by side. This room decides nothing: what may be done is the office's, what is shown is the screens'. It never
sends of its own accord (that is the courier's), and content never goes to a group.

Importing this room imports aiogram (1.9 s, 153 MiB): only the role that needs it does so.
"""

from konwent_bot.chat.chat import Chat, open_chat

__all__ = ["Chat", "open_chat"]
