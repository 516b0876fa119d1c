"""A stand-in for Telegram's Bot API and a mail server, with phones one can hold: for the demo, the tests and the bench.

What it is for: the bot talks to it over real HTTP as it would to Telegram, and a person or a script talks to the bot through
it (``docs/sandbox.md``). What may come in: Bot API calls of a foreign bot, presses and texts of the phones, letters by SMTP.
What it must never do: know the product. It imports nothing of the house but ``settings``, treats the bot as a stranger, and
refuses what Telegram refuses, with Telegram's codes and texts. It runs in its own process and keeps its own file.
"""
