"""Inline keyboards: reading ``reply_markup`` and refusing what Telegram refuses."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

from konwent_bot.sandbox import bounds
from konwent_bot.sandbox.refusals import bad_request
from konwent_bot.sandbox.shapes import Json

_STYLES = ("danger", "success", "primary")
_OTHER_MARKUPS = ("keyboard", "remove_keyboard", "force_reply")


def read_markup(value: object, *, private: bool) -> list[list[Json]] | None:
    """Give the rows of buttons of a ``reply_markup``; None when there are none. Other kinds of markup are accepted and not shown."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            raise bad_request("can't parse reply keyboard markup JSON object") from None
    if value is None:
        return None
    if not isinstance(value, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" not in value:
        if value and not any(kind in value for kind in _OTHER_MARKUPS):
            return None
        return None
    rows = value["inline_keyboard"]
    if not isinstance(rows, list):
        raise bad_request('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    keyboard: list[list[Json]] = []
    count = 0
    for row in rows:
        if not isinstance(row, list):
            raise bad_request('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
        buttons = [_button(button, private) for button in row]
        count += len(buttons)
        if len(buttons) > bounds.KEYBOARD_ROW or count > bounds.KEYBOARD_BUTTONS:
            raise bad_request("reply markup is too long")
        if buttons:
            keyboard.append(buttons)
    return keyboard or None


def _button(value: object, private: bool) -> Json:
    if not isinstance(value, dict):
        raise bad_request("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    text = value.get("text")
    if not isinstance(text, str):
        raise bad_request("can't parse inline keyboard button: can't find field \"text\"" if text is None else "BUTTON_INVALID")
    if not text.strip():
        raise bad_request("can't parse inline keyboard button: text buttons must be non-empty")
    button: Json = {"text": text}
    if value.get("style") in _STYLES:
        button["style"] = value["style"]
    match value:
        case {"callback_data": str() as data} if data:
            if len(data.encode()) > bounds.CALLBACK_DATA_BYTES:
                raise bad_request("BUTTON_DATA_INVALID")
            button["callback_data"] = data
        case {"url": str() as url} if url:
            button["url"] = checked_url(url, what="URL")
        case {"web_app": {"url": str() as url}}:
            if not private:
                raise bad_request("BUTTON_TYPE_INVALID")
            if urlsplit(url).scheme != "https":
                raise bad_request(f"inline keyboard button Web App URL '{url}' is invalid: Only HTTPS links are allowed")
            button["web_app"] = {"url": checked_url(url, what="Web App URL")}
        case {"copy_text": {"text": str() as copied}} if 0 < len(copied) <= 256:
            button["copy_text"] = {"text": copied}
        case {"switch_inline_query": str() as query}:
            button["switch_inline_query"] = query
        case _:
            raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    return button


def checked_url(url: str, *, what: str) -> str:
    """Give the address as the server keeps it, or refuse it: tg:, http: and https: only, and the host has a dot."""
    problem = url_problem(url)
    if problem:
        raise bad_request(f"inline keyboard button {what} '{url}' is invalid: {problem}")
    return url if "://" in url or url.startswith("tg:") else f"http://{url}/"


def url_problem(url: str) -> str:
    """Say what the server finds wrong with an address; empty when nothing."""
    try:
        parts = urlsplit(url if "://" in url or url.startswith(("tg:", "mailto:", "javascript:")) else f"http://{url}")
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return "Wrong HTTP URL"
    if parts.scheme == "tg":
        return ""
    if parts.scheme not in ("http", "https"):
        return "Unsupported URL protocol"
    if not host:
        return "URL host is empty"
    if ("." not in host and ":" not in host) or any(c.isspace() for c in url) or host.endswith(".") or ".." in host:
        return "Wrong HTTP URL"
    return ""
