"""The courier: carries due notices out, by Telegram and by e-mail.

What may come in: the passing of time, and what the office says is due. It claims a notice, asks for its words right before sending,
sends, and records how it ended. What it must never do: decide who is told what or when (``office.dispatch``), keep anything between two
messages but connections and the time of the last one, log an address, a text, a link, a token or a password, or take a message whose fate
is not known for one that was not sent.

``rounds`` keeps both lanes going; ``letters`` and ``messages`` are the lanes, ``wire`` and ``telegram`` what they speak through.
"""

from konwent_bot.courier.ledger import Stops
from konwent_bot.courier.letters import send_due
from konwent_bot.courier.mail import Server, server_of
from konwent_bot.courier.rounds import keep_sending
from konwent_bot.courier.wire import NotReached, Wire, reach

__all__ = ["NotReached", "Server", "Stops", "Wire", "keep_sending", "reach", "send_due", "server_of"]
