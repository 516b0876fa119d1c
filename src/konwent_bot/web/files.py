"""Files made for a reader, handed over to be saved, never to be shown by the browser."""

from __future__ import annotations

from urllib.parse import quote

from aiohttp import hdrs, web

from konwent_bot.screens.screen import Document


def attachment(document: Document) -> web.Response:
    """Give a document. Its name goes in both forms of RFC 6266 §4.3: old programs read the plain one."""
    plain = "".join(char if char.isascii() and (char.isalnum() or char in "-_. ") else "_" for char in document.name)
    named = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(document.name, safe='')}"
    return web.Response(body=document.content, headers={hdrs.CONTENT_TYPE: document.media_type, hdrs.CONTENT_DISPOSITION: named})
