"""Where a page of ours is: the address of an intent, and nothing else ever stands in a link or a ``Location``."""

from __future__ import annotations

from konwent_bot.office.minutes.versions import VERIFIED_AT
from konwent_bot.screens.archive_intents import SeeCheck
from konwent_bot.screens.group_intents import SeeStop
from konwent_bot.screens.intents import Home, Intent, SeeEmailLink, SeeEntry, SeeInvitation, encode


def path_of(intent: Intent) -> str:
    """Give the path of an intent. An intent of ``LOOKS`` is shown there, any other one is carried out by a POST to it.

    The links that letters and documents carry have short addresses of their own; everything else is ``/s/`` and its code.
    """
    match intent:
        case Home():
            return "/"
        case SeeInvitation(token, language):
            return f"/z/{token}?lang={language}" if language else f"/z/{token}"
        case SeeEntry(token):
            return f"/e/{token}"
        case SeeEmailLink(token):
            return f"/p/{token}"
        case SeeCheck(code):
            return f"{VERIFIED_AT}{code}" if code else VERIFIED_AT.removesuffix("/")
        case SeeStop(token):
            return f"/wypisz/{token}"
        case _:
            return f"/s/{encode(intent)}"
