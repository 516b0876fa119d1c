"""The cookie of a browser, the token that binds a form to it, and the sentence carried over a redirect.

One cookie names the browser: 32 random bytes, anonymous until somebody is let in, and another value from then on. A form carries
``k``, an HMAC with that value as its key: whoever cannot read the cookie cannot make a form of ours, and nothing needs to be stored.
The second cookie lives for a minute and holds what came of a form, for the page it leads to.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from konwent_bot.office import sessions

#: How long a browser remembers who was let in by it, in seconds: a session is over much sooner, but what its writer sends too late is
#: kept for them as long as the session is known (``sessions.former``).
KEPT_SECONDS: Final = int(sessions.KEPT.total_seconds())
#: How long the sentence waits for its page, in seconds, and how many characters of it travel.
FLASH_SECONDS: Final = 60
FLASH_CHARS: Final = 300

_FORM: Final = "konwent form"
_FLASH: Final = "konwent flash"
_VALUE: Final = re.compile(r"[A-Za-z0-9_-]{43}\Z")
#: A flash of 300 characters of four bytes each, in base64, with its HMAC.
_FLASH_MOST: Final = 64 + 1600


@dataclass(frozen=True, slots=True)
class Jar:
    """The names and attributes of the cookies of one installation. ``secure``: it is reached by https only."""

    secure: bool

    @property
    def name(self) -> str:
        """Give the cookie's name. A browser takes ``__Host-`` only from this very host, over https (RFC 6265bis §4.1.3.2)."""
        return "__Host-konwent" if self.secure else "konwent"

    @property
    def flash_name(self) -> str:
        """Give the name of the cookie with the sentence."""
        return self.name + "-flash"

    def value(self, request: web.Request) -> str:
        """Give the browser's cookie; empty when it has none, or one that is not of our making."""
        value = request.cookies.get(self.name, "")
        return value if _VALUE.match(value) else ""

    def flash(self, request: web.Request, value: str) -> str:
        """Give the sentence that waits for the next page of the browser with this cookie; empty when there is none."""
        mac, _, packed = request.cookies.get(self.flash_name, "")[:_FLASH_MOST].partition(".")
        try:
            text = base64.urlsafe_b64decode(packed.encode("ascii")).decode("utf-8")
        except (UnicodeError, binascii.Error):
            return ""
        return text if value and _same(mac, _mac(value, _FLASH, text)) else ""

    def has_flash(self, request: web.Request) -> bool:
        """Tell whether the browser sent such a sentence, ours or not."""
        return self.flash_name in request.cookies

    def give(self, response: web.StreamResponse, value: str, *, let_in: bool) -> None:
        """Give the browser its cookie; an anonymous one goes when the browser is closed."""
        response.set_cookie(
            self.name, value, path="/", httponly=True, samesite="Lax", secure=self.secure or None, max_age=KEPT_SECONDS if let_in else None
        )  # fmt: skip

    def carry(self, response: web.StreamResponse, value: str, text: str) -> None:
        """Let the next page of the browser with this cookie say a sentence."""
        text = text if len(text) <= FLASH_CHARS else text[: FLASH_CHARS - 1] + "…"
        packed = base64.urlsafe_b64encode(text.encode("utf-8")).decode("ascii")
        response.set_cookie(
            self.flash_name, f"{_mac(value, _FLASH, text)}.{packed}", path="/", httponly=True, samesite="Lax",
            secure=self.secure or None, max_age=FLASH_SECONDS,
        )  # fmt: skip

    def drop_flash(self, response: web.StreamResponse) -> None:
        """Forget the sentence: it is said once."""
        response.del_cookie(self.flash_name, path="/", httponly=True, samesite="Lax", secure=self.secure or None)


def form_token(value: str) -> str:
    """Give what a form of the browser with this cookie carries as ``k``."""
    return _mac(value, _FORM)


def signature(value: str, *words: str) -> str:
    """Give an HMAC of words for the browser with this cookie: what it returns unchanged is what we wrote."""
    return _mac(value, _FORM, *words)


def is_form_token(value: str, given: str) -> bool:
    """Tell whether ``k`` is the one of the browser with this cookie, in constant time. A browser without a cookie has none."""
    return bool(value) and _same(given, form_token(value))


def is_signature(value: str, given: str, *words: str) -> bool:
    """Tell whether an HMAC is the one ``signature`` gives, in constant time."""
    return bool(value) and _same(given, signature(value, *words))


def _mac(value: str, *words: str) -> str:
    return hmac.new(value.encode("ascii"), "\n".join(words).encode("utf-8"), hashlib.sha256).hexdigest()


def _same(given: str, right: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), right.encode("ascii"))
