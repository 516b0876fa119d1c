"""The courier: carries due notices out, by e-mail.

What may come in: the passing of time, and what the office says is due. It claims a notice, asks for its words right before sending,
sends, and records how it ended. What it must never do: decide who is told what or when (``office.dispatch``), keep anything between two
letters but the connection, log an address, a text, a link or a password, or take a letter whose fate is not known for one that was not
sent.
"""

from konwent_bot.courier.mail import Server, server_of
from konwent_bot.courier.rounds import keep_sending, send_due
from konwent_bot.courier.wire import NotReached, Wire, reach

__all__ = ["NotReached", "Server", "Wire", "keep_sending", "reach", "send_due", "server_of"]
