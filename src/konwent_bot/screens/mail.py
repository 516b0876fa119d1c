"""Letters laid out for e-mail: plain text that every reader shows, on every width, and that a screen reader reads in order.

A paragraph is one line, and the reader wraps it to its own width: lines broken at a fixed width are ragged on a telephone, where most
of these letters are read (the transfer encoding keeps the lines of the wire short, RFC 2045 §6.7). Links stand alone on their lines and
are never broken. What people wrote (names, institutions) can add neither a header nor a line: control characters become spaces.
"""

from __future__ import annotations

import textwrap
import unicodedata
from dataclasses import dataclass

from konwent_bot.screens.letters import Link, Written

#: Longest subject; a longer one is cut at a word.
SUBJECT = 150


@dataclass(frozen=True, slots=True)
class MailMessage:
    """A letter as mail carries it, apart from who sends it and when."""

    to: str
    #: One line.
    subject: str
    #: Plain text: paragraphs with an empty line between them.
    text: str
    #: The language of both.
    language: str


def lay_out(written: Written) -> MailMessage:
    """Lay a letter out as mail."""
    paragraphs = [one_line(part.url if isinstance(part, Link) else part) for part in written.parts]
    subject = textwrap.shorten(one_line(written.subject), SUBJECT, placeholder=" …")
    return MailMessage(one_line(written.to), subject, "\n\n".join(paragraphs) + "\n", written.language)


def one_line(text: str) -> str:
    """Give a text without anything that could end a line or hide in one: what ends a header begins the next."""
    plain = "".join(" " if unicodedata.category(sign) in ("Cc", "Zl", "Zp") else sign for sign in text)
    return " ".join(plain.split())
