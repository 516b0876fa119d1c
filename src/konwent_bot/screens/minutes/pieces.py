"""A long text in pieces that fit: one message of a phone at a time, or all of it on one page."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from konwent_bot.documents.minutes.content import Content
from konwent_bot.documents.minutes.draft import DraftPoint
from konwent_bot.screens.screen import Section

#: Characters of text that one message takes beside its heading and its small print.
OF_A_MESSAGE: Final = 3000
#: Minutes are written in Polish, whoever reads them.
LANGUAGE: Final = "pl"


def sections(points: Iterable[DraftPoint]) -> list[Section]:
    """Give the points of minutes as parts with headings; lines that belong together stay in one paragraph."""
    return [Section(one.named, tuple("\n".join(part.lines) for part in one.paragraphs), LANGUAGE) for one in points]


def whole(content: Content) -> list[Section]:
    """Give all that a version says, the facts of its heading first."""
    draft = content.draft
    head = "\n".join(": ".join(row.cells) for row in draft.head)
    first = Section(f"{draft.title} {draft.subtitle}", tuple(filter(None, (head, content.status))), LANGUAGE)
    return [first, *sections(content.points)]


def pages(found: Sequence[Section], most: int = OF_A_MESSAGE) -> list[tuple[Section, ...]]:
    """Part a text into pages of at most ``most`` characters; what is longer by itself goes on under the same heading."""
    made: list[tuple[Section, ...]] = []
    page: list[Section] = []
    left = most
    for section in _fitting(found, most):
        size = _size(section)
        if page and size > left:
            made.append(tuple(page))
            page, left = [], most
        page.append(section)
        left -= size
    return [*made, tuple(page)] if page or not made else made


def _size(section: Section) -> int:
    # Two line ends stand between parts of a message.
    return sum(len(text) + 2 for text in (section.title, *section.paragraphs))


def _fitting(found: Iterable[Section], most: int) -> Iterator[Section]:
    """Give sections of which each fits a page."""
    for section in found:
        room = most - len(section.title) - 2
        held: list[str] = []
        left = room
        for text in section.paragraphs:
            for piece in _pieces(text, room - 2):
                if held and len(piece) + 2 > left:
                    yield replace(section, paragraphs=tuple(held))
                    held, left = [], room
                held.append(piece)
                left -= len(piece) + 2
        yield replace(section, paragraphs=tuple(held))


def _pieces(text: str, most: int) -> list[str]:
    """Part a paragraph at the ends of lines, and a line at its words."""
    if len(text) <= most:
        return [text]
    pieces = [""]
    for line in text.split("\n"):
        for part in textwrap.wrap(line, most, break_on_hyphens=False) or [""]:
            joined = f"{pieces[-1]}\n{part}" if pieces[-1] else part
            if len(joined) <= most:
                pieces[-1] = joined
            else:
                pieces.append(part)
    return pieces
