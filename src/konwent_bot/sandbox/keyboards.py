"""Inline keyboards: reading ``reply_markup`` and refusing what Telegram refuses."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlsplit

from konwent_bot.sandbox import bounds
from konwent_bot.sandbox.refusals import bad_request
from konwent_bot.sandbox.shapes import Json, load

_REMEMBERED = 2048  #: keyboards whose reading is remembered
_STYLES = ("danger", "success", "primary")


def read_markup(value: object, *, private: bool) -> list[list[Json]] | None:
    """Give the rows of buttons of a ``reply_markup``; None when there are none. Other kinds of markup are accepted and not shown."""
    if isinstance(value, str) and value:
        return _read_text(value, private)
    return None if value is None or value == "" else _read_object(value, private)


@lru_cache(_REMEMBERED)
def _read_text(text: str, private: bool) -> list[list[Json]] | None:
    """Read a keyboard written as text, as forms carry it: once, for a bot shows the same keys to many people."""
    try:
        value = load(text)
    except ValueError:
        raise bad_request("can't parse reply keyboard markup JSON object") from None
    return _read_object(value, private)


def _read_object(value: object, private: bool) -> list[list[Json]] | None:
    if not isinstance(value, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" not in value:
        return None
    rows = value["inline_keyboard"]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    keyboard = [[_button(button, private) for button in row] for row in rows if row]
    if sum(map(len, keyboard)) > bounds.KEYBOARD_BUTTONS or any(len(row) > bounds.KEYBOARD_ROW for row in keyboard):
        raise bad_request("reply markup is too long")
    return keyboard or None


def _button(value: object, private: bool) -> Json:
    if not isinstance(value, dict):
        raise bad_request("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    text = value.get("text")
    if not isinstance(text, str):
        raise bad_request("can't parse inline keyboard button: can't find field \"text\"")
    if not text.strip():
        raise bad_request("inline keyboard button text must be non-empty")
    button: Json = {"text": text} | _kind(value, private)
    if value.get("style") in _STYLES:
        button["style"] = value["style"]
    return button


def _kind(value: Json, private: bool) -> Json:
    """Give what a button does: exactly one of the fields the server knows."""
    match value:
        case {"url": str() as url} if url:
            return {"url": checked_url(url, what="URL")}
        case {"callback_data": str() as data} if data:
            if len(data.encode()) > bounds.CALLBACK_DATA_BYTES:
                raise bad_request("BUTTON_DATA_INVALID")
            return {"callback_data": data}
        case {"web_app": {"url": str() as url}}:
            return {"web_app": {"url": _web_app(url, private)}}
        case {"copy_text": {"text": str() as copied}} if 0 < len(copied) <= bounds.COPY_TEXT_CHARS:
            return {"copy_text": {"text": copied}}
        case {"switch_inline_query": str() as query}:
            return {"switch_inline_query": query}
        case _:
            raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")


def _web_app(url: str, private: bool) -> str:
    if not private:
        raise bad_request("BUTTON_TYPE_INVALID")
    if urlsplit(url).scheme != "https":
        raise bad_request(f"inline keyboard button Web App URL '{url}' is invalid: Only HTTPS links are allowed")
    return checked_url(url, what="Web App URL")


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
