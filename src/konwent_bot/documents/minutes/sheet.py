"""Minutes as an accessible PDF (PDF/UA-1): a clean official document, the same bytes for the same content."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple

from konwent_bot.documents import qr
from konwent_bot.documents.letters import Cleaner, breakable, tied
from konwent_bot.documents.minutes.content import Content
from konwent_bot.documents.minutes.draft import Draft, DraftPoint, Paragraph
from konwent_bot.documents.typesetting import Json, render
from konwent_bot.i18n import Translator

#: Before the code among the keywords of a file: how one of ours is told from any other, also when somebody changed it.
_MARK: Final = "konwent-bot-minutes:"
_MARKED: Final = re.compile(
    rb"(?:<pdf:Keywords>|/Keywords\s*\()konwent-bot-minutes:([0-9A-Z]{1,13}-[1-9][0-9]{0,3}-[0-9A-F]{12})(?![0-9A-Z])"
)
#: A row or a decision of at most so many characters stands on one page; a longer one may go over to the next.
_WHOLE: Final = 1_500
_LETTERS: Final = str.maketrans("łŁ", "lL")


class Sheet(NamedTuple):
    """A document. ``replaced`` are signs that the fonts cannot show; [?] stands in their place."""

    pdf: bytes
    replaced: tuple[str, ...]


def make(content: Content, t: Translator, *, code: str = "", link: str = "") -> Sheet:
    """Typeset a version. Releases the interpreter while it works.

    Args:
        content: what it says.
        t: in the language of the content.
        code: what its pages print and its file carries; empty of a draft.
        link: address of the page that verifies it; empty where there is none.
    """
    data, replaced = prepared(content, t, code=code, link=link)
    return Sheet(render("minutes", data), replaced)


def prepared(content: Content, t: Translator, *, code: str = "", link: str = "") -> tuple[dict[str, Json], tuple[str, ...]]:
    """Give what the template is given for a version, every text cleaned, and the signs that were replaced."""
    writer = _Writer(t)
    draft = content.draft
    day = "" if content.circulated_on is None else t.day_and_year(content.circulated_on)
    data: dict[str, Json] = {
        "language": t.language,
        "title": writer.clean.line(", ".join((draft.title, draft.body, *(row.cells[1] for row in draft.head[:1])))),
        "keywords": [_MARK + code] if code else [],
        "body": writer.text(draft.body),
        "heading": writer.text(draft.title),
        "subtitle": writer.text(draft.subtitle),
        "status": writer.text(content.status),
        "head": [[writer.text(cell) for cell in row.cells] for row in draft.head],
        "points": [writer.point(point) for point in (*content.before, *content.minutes)],
        "after": [writer.point(point) for point in content.after],
        "signatures": [writer.text(one) for one in draft.signatures],
        "chain": _chain(writer, content),
        "check": _check(writer, code, link),
        "which": writer.text(", ".join(one for one in (draft.title, content.edition, day) if one)),
        "code": writer.text(t("Verification code: {code}", code=code)) if code else "",
        "link": writer.address(link),
        "page_of": writer.text(t("page {page} of {pages}", page="#", pages="##")),
    }
    return data, writer.clean.replaced


def replaced(draft: Draft) -> tuple[str, ...]:
    """Give the signs of a draft that its document cannot show: whoever writes is told."""
    clean = Cleaner()
    for text in (draft.body, draft.subtitle, *(cell for row in draft.head for cell in row.cells)):
        clean.line(text)
    for point in draft.points:
        for text in (point.heading, *(line for paragraph in point.paragraphs for line in paragraph.lines)):
            clean.line(text)
    return clean.replaced


def code_in(pdf: bytes) -> str | None:
    """Give the code a file carries, whatever else was done to it; ``None`` where it carries none or several."""
    found = {match.decode() for match in _MARKED.findall(pdf)}
    return found.pop() if len(found) == 1 else None


def file_name(content: Content) -> str:
    """Name the file: "protokol-nr-3-2026-wersja-1.pdf"."""
    words = f"{content.draft.title} {content.edition}"
    plain = unicodedata.normalize("NFKD", words.translate(_LETTERS).lower())
    latin = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return re.sub(r"[^\w]+", "-", latin).strip("-") + ".pdf"


def _chain(writer: _Writer, content: Content) -> Json:
    """Write the end of the body's chain of records."""
    if content.chain is None:
        return None
    t = writer.t
    said = t("Entries in the network's chain of records: {n}. Seal of the last one:", n=content.chain.entries)
    return [writer.text(said), writer.address(content.chain.head)]


def _check(writer: _Writer, code: str, link: str) -> Json:
    """Write how anybody can find out whether the file is whole."""
    if not code:
        return None
    t = writer.t
    return {
        "how": writer.text(
            t("To check that this document was not altered and which version it is, send the file to the bot or open this page:")
            if link
            else t("To check that this document was not altered and which version it is, send the file to the bot.")
        ),
        "link": link,
        "shown": writer.address(link),
        "qr": qr.svg(link) if link else "",
        "alt": writer.text(t("QR code that opens the page that verifies these minutes")),
    }


class _Writer:
    """Writes the texts of one document."""

    def __init__(self, t: Translator) -> None:
        self.t = t
        self.clean = Cleaner()

    def text(self, text: str) -> str:
        """Write one line of words."""
        return breakable(tied(self.clean.line(text), self.t.language))

    def lines(self, text: str) -> list[Json]:
        """Write a text of several lines; empty ones part nothing."""
        return [self.text(line) for line in text.split("\n") if line.strip()]

    def address(self, text: str) -> str:
        """Write an address or digits: may be parted anywhere."""
        return breakable(self.clean.line(text))

    def point(self, point: DraftPoint) -> Json:
        return {"heading": self.text(point.named), "paragraphs": [self._paragraph(one) for one in point.paragraphs]}

    def _paragraph(self, one: Paragraph) -> Json:
        return {
            "kind": one.kind,
            "title": self.text(one.title),
            "text": self.lines(one.text),
            "items": [self.lines(item) for item in one.items],
            "columns": [self.text(column) for column in one.columns],
            "rows": [{"cells": [self.lines(cell) for cell in row.cells], "whole": _is_short(row.cells)} for row in one.rows],
            "whole": _is_short((one.text,)),
        }


def _is_short(texts: tuple[str, ...]) -> bool:
    return sum(map(len, texts)) <= _WHOLE
