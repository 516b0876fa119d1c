"""What a roster is made of: sentences about it, rows, institutions, people, seats and posts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Protocol

from konwent_bot.domain.roster_words import PostKind, Role, SeatRole, StakeholderType

#: Characters of a cell repeated in a sentence.
QUOTED_CHARACTERS = 60

Severity = Literal["error", "warning"]


class Sheet(Protocol):
    """What is read: rows of equal width and the number a person sees beside each (``documents.tables.Table`` is one)."""

    @property
    def rows(self) -> Sequence[Sequence[str]]:
        """The rows, headings among the first of them."""

    @property
    def line_numbers(self) -> Sequence[int]:
        """The sheet row of each, from 1."""


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence for people: an English msgid and its facts."""

    msgid: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.msgid.format_map(self.facts)


@dataclass(frozen=True, slots=True)
class Problem(Message):
    """What is wrong with a row (its sheet number); the heading row stands for the file as a whole."""

    row: int = 0
    severity: Severity = "error"


class RosterRow(NamedTuple):
    """One row, cleaned and understood. Empty texts mean "not said": they never erase what is stored."""

    row: int
    institution: str
    short_name: str
    stakeholder_type: StakeholderType
    sector: str
    place: str
    role: Role
    title: str
    name: str
    email: str


class Person(NamedTuple):
    """Somebody named in the file. Rows of equal ``key`` speak of one person, who may hold several seats and posts."""

    key: str
    name: str
    email: str


class Institution(NamedTuple):
    """A member institution as all its rows together describe it; ``key`` is the folded name."""

    key: str
    name: str
    short_name: str
    stakeholder_type: StakeholderType
    sector: str
    place: str
    row: int


class Seat(NamedTuple):
    """A place for an institution. ``index`` counts the substitutes of an institution from 0; it is 0 for head and delegate."""

    row: int
    institution: str
    role: SeatRole
    index: int  # type: ignore[assignment]  # hides tuple.index, which nobody needs here
    title: str
    person: Person | None


class Post(NamedTuple):
    """A function in the body, held by a person of an institution. ``index`` counts equal posts of one institution from 0."""

    row: int
    institution: str
    kind: PostKind
    index: int  # type: ignore[assignment]  # hides tuple.index, which nobody needs here
    title: str
    person: Person | None


@dataclass(frozen=True, slots=True)
class Roster:
    """What the file says. ``rows`` are those without an error, repeated ones left out; ``problems`` are in order of rows.

    ``doubtful`` are the folded names of institutions with a wrong row: what they lack may be in that row.
    """

    institutions: Mapping[str, Institution]
    seats: tuple[Seat, ...]
    posts: tuple[Post, ...]
    rows: tuple[RosterRow, ...]
    problems: tuple[Problem, ...]
    notes: tuple[Message, ...]
    heading_row: int
    doubtful: frozenset[str] = frozenset()


def quoted(text: str) -> str:
    """Repeat at most so much of a cell in a sentence, without signs that cannot be seen."""
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text[: 4 * QUOTED_CHARACTERS]).split())
    return line if len(line) <= QUOTED_CHARACTERS else line[: QUOTED_CHARACTERS - 1] + "…"
