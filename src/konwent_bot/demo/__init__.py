"""The demo: a network of real shape on this computer, with phones to hold instead of Telegram.

What it does: starts the sandbox and the house against it, lets the demo network in through the same acts an operator uses, gives
everybody of the roster a phone, and posts their invitations. It must never touch a real installation: whatever ``KONWENT_*``
says of a database, a token or an address does not count here. Everything it makes can be made again from where it stopped, so
that a kill at any moment leaves nothing to repair.
"""

from konwent_bot.demo.stage import demo_settings, show

__all__ = ["demo_settings", "show"]
