"""Addresses: where a browser comes from, and which page it is sent to that asks to look at what is not for looking."""

from __future__ import annotations

import ipaddress
from typing import Final

from aiohttp import web

from konwent_bot.office.dialogues import Fill, Touch
from konwent_bot.screens import intents
from konwent_bot.screens.intents import Home, Intent, Resume

#: Characters of a forwarded address we look at, from the right: nine proxies' addresses and more.
_FORWARDED_CHARS: Final = 1000
_FORWARDED: Final = "X-Forwarded-For"


def belongs_to(intent: Intent) -> Intent:
    """Give the page that holds the button or form of an intent: where a browser is sent that asks to look at it."""
    match intent:
        case Touch() | Fill():
            return Resume(intent.dialogue)
        case _:
            return intent if type(intent) in intents.LOOKS else Home()


def client(request: web.Request, trusted: int) -> str:
    """Give the address a browser comes from: the peer, or what the outermost of ``trusted`` proxies of ours says of its own peer.

    Each proxy adds the address it was called from at the right end of ``X-Forwarded-For``; everything further left was written by
    whoever called, and is not believed. With fewer entries than proxies somebody came past them: then the peer counts.
    """
    peer = request.remote or ""
    if not trusted:
        return peer
    line = ",".join(request.headers.getall(_FORWARDED, ()))[-_FORWARDED_CHARS:]
    hops = [hop.strip() for hop in line.split(",")]
    found = _plain(hops[-trusted]) if len(hops) >= trusted else ""
    return found or peer


def _plain(hop: str) -> str:
    """Give the address of an entry, which may have a port (``1.2.3.4:56``, ``[::1]:56``); empty for what is none."""
    host = hop.partition("]")[0].removeprefix("[") if hop.startswith("[") else hop
    if host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return ""
