"""Letters laid out for e-mail: plain text that every reader shows, on every width, and that a screen reader reads in order.

Lines are wrapped as "flowed" text (RFC 3676): old readers see lines of a sensible length, newer ones lay the paragraphs out anew on a
telephone. Links stand alone on their lines and are never broken. What people wrote (names, institutions) can add neither a header nor
a line: control characters become spaces.
"""

from __future__ import annotations

import textwrap
import unicodedata
from dataclasses import dataclass

from konwent_bot.screens.letters import Link, Written

#: Signs in a line; RFC 3676 §4.2 asks for at most 78 with the space at the end.
WIDTH = 72
#: Longest subject; a longer one is cut at a word.
SUBJECT = 150


@dataclass(frozen=True, slots=True)
class MailMessage:
    """A letter as mail carries it, apart from who sends it and when."""

    to: str
    #: One line.
    subject: str
    #: Plain text, ``format=flowed``: a line that ends with a space goes on in the next one.
    text: str
    #: The language of both.
    language: str


def lay_out(written: Written) -> MailMessage:
    """Lay a letter out as mail."""
    paragraphs = [one_line(part.url) if isinstance(part, Link) else _flowed(part) for part in written.parts]
    subject = textwrap.shorten(one_line(written.subject), SUBJECT, placeholder=" …")
    return MailMessage(one_line(written.to), subject, "\n\n".join(paragraphs) + "\n", written.language)


def one_line(text: str) -> str:
    """Give a text without anything that could end a line or hide in one: what ends a header begins the next."""
    plain = "".join(" " if unicodedata.category(sign) in ("Cc", "Zl", "Zp") else sign for sign in text)
    return " ".join(plain.split())


def _flowed(paragraph: str) -> str:
    lines = textwrap.wrap(one_line(paragraph), WIDTH, break_long_words=False, break_on_hyphens=False)
    return " \n".join(_stuffed(line) for line in lines)


def _stuffed(line: str) -> str:
    """Protect a line that could be taken for a quotation or for the beginning of the next letter (RFC 3676 §4.4)."""
    return f" {line}" if line.startswith((">", "From ")) else line
