"""Letters laid out for e-mail: plain text that every reader shows, on every width, and that a screen reader reads in order.

A paragraph is one line, and the reader wraps it to its own width: lines broken at a fixed width are ragged on a telephone, where most
of these letters are read (the transfer encoding keeps the lines of the wire short, RFC 2045 §6.7). Links stand alone on their lines and
are never broken. A letter that goes into a calendar also comes as HTML made of the same parts, because programs that keep calendars
show that one (MS-OXCMAIL §2.1.3); any other is text alone. What people wrote (names, institutions) can add neither a header nor a line nor an element: control characters become spaces, and HTML is escaped.
"""

from __future__ import annotations

import html
import textwrap
import unicodedata
from dataclasses import dataclass

from konwent_bot.screens.enclosed import NOTHING, Enclosed
from konwent_bot.screens.letters import Link, Part, Written

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
    #: The same words as a page; empty when text is enough.
    html: str = ""
    enclosed: Enclosed = NOTHING


def lay_out(written: Written) -> MailMessage:
    """Lay a letter out as mail."""
    paragraphs = [one_line(part.url if isinstance(part, Link) else part) for part in written.parts]
    subject = textwrap.shorten(one_line(written.subject), SUBJECT, placeholder=" …")
    page = _page(written, subject) if written.enclosed.calendar is not None else ""
    return MailMessage(one_line(written.to), subject, "\n\n".join(paragraphs) + "\n", written.language, page, written.enclosed)


def _page(written: Written, title: str) -> str:
    """Give the words as HTML for every program and every sight: its language, a title, letters of the reader's own size."""
    body = "\n".join(f"<p>{_marked(part)}</p>" for part in written.parts)
    return (
        f'<!DOCTYPE html>\n<html lang="{html.escape(written.language)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width">\n<title>{html.escape(title)}</title>\n</head>\n'
        f'<body style="font-family: sans-serif; line-height: 1.5; overflow-wrap: anywhere">\n{body}\n</body>\n</html>\n'
    )


def _marked(part: Part) -> str:
    if not isinstance(part, Link):
        return html.escape(one_line(part))
    address = html.escape(one_line(part.url))
    return f'<a href="{address}">{address}</a>'


def one_line(text: str) -> str:
    """Give a text without anything that could end a line or hide in one: what ends a header begins the next."""
    plain = "".join(" " if unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") else sign for sign in text)
    return " ".join(plain.split())
