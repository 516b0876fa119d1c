"""A draft of minutes: headings and paragraphs, each of which names the fact it comes from.

The name (``source``) stays the same while the meeting lives: ``round:7``, ``note:5``, ``attendance:12``. So a corrected fact can be
seen to change its own paragraph and no other, and two versions are compared paragraph by paragraph (``changes``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import Final, Literal, TypeAlias, get_args

from konwent_bot.domain.decisions.tally import Verdict
from konwent_bot.domain.meetings.words import MeetingKind, MeetingMode

#: What a paragraph looks like. ``note`` was written by somebody; ``decision`` is set off from everything around it.
ParagraphKind: TypeAlias = Literal["text", "list", "table", "decision", "note"]
PARAGRAPH_KINDS: Final[tuple[ParagraphKind, ...]] = get_args(ParagraphKind)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table, or a line of the head: a name and what it is."""

    source: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph. Its text may have line breaks where people wrote them."""

    source: str
    kind: ParagraphKind
    text: str = ""
    #: What a table holds, what a decision is called.
    title: str = ""
    items: tuple[str, ...] = ()
    #: Names of the columns of a table; each row has as many cells.
    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()

    @property
    def lines(self) -> tuple[str, ...]:
        """The paragraph as lines without any markup, for a chat, a letter, or a comparison."""
        said = [one for one in (self.title, *self.text.split("\n")) if one]
        said += [f"– {item}" for item in self.items]
        return (*said, *(f"– {row_line(row)}" for row in self.rows))


@dataclass(frozen=True, slots=True)
class DraftPoint:
    """A heading and what stands under it."""

    key: str
    heading: str
    #: Its number among the points of the agenda; ``None`` for the parts around them.
    number: int | None
    paragraphs: tuple[Paragraph, ...]

    @property
    def named(self) -> str:
        """The heading with its number: "4. Dyżury"."""
        return self.heading if self.number is None else f"{self.number}. {self.heading}"


@dataclass(frozen=True, slots=True)
class Digest:
    """The meeting in numbers and names: what a summary in any language is made of."""

    kind: MeetingKind
    group: str
    day: date
    starts: time
    ends: time
    mode: MeetingMode
    place: str
    #: Institutions when it began: there, entitled; and whether they were a quorum.
    present: int
    entitled: int
    quorate: bool
    #: Number, title and verdict of each decision, in order.
    decisions: tuple[tuple[str, str, Verdict], ...]
    #: How many tasks were given.
    tasks: int
    next_day: date | None


@dataclass(frozen=True, slots=True)
class Draft:
    """Minutes as they stand."""

    #: "Protokół nr 3/2026".
    title: str
    #: "ze spotkania strategicznego".
    subtitle: str
    body: str
    head: tuple[Row, ...]
    points: tuple[DraftPoint, ...]
    #: Who signs, by function.
    signatures: tuple[str, ...]
    #: ``None`` of an annex.
    digest: Digest | None

    def point(self, key: str) -> DraftPoint | None:
        """Give a point by its key."""
        return next((point for point in self.points if point.key == key), None)


def row_line(row: Row) -> str:
    """Write a row as one line: "GOPS Janów; osoba kierująca; 10:00–12:00"."""
    return "; ".join(cell for cell in row.cells if cell)
