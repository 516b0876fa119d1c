"""A screen: plain values, complete in the reader's language, unescaped; the channel lays them out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal, TypeVar

from konwent_bot.dialogue.view import QuestionView
from konwent_bot.office.dialogues import Written
from konwent_bot.screens.intents import Intent

_T = TypeVar("_T")


def in_rows(shown: Sequence[_T], most: int) -> list[tuple[_T, ...]]:
    """Part small buttons into rows of nearly the same length, ``most`` at most: 19 by 6 is 4, 5, 5, 5, and none stands alone."""
    count = -(-len(shown) // most)
    bounds = [len(shown) * nth // count for nth in range(count + 1)] if count else []
    return [tuple(shown[start:end]) for start, end in pairwise(bounds)]


@dataclass(frozen=True, slots=True)
class Action:
    """Something the reader may do: words, and what they stand for. ``url`` instead of an intent leads outside."""

    label: str
    intent: Intent | None = None
    url: str = ""
    #: The channel it makes sense in: "go on in a browser" is nothing to offer on a page.
    only: Literal["", "chat", "page"] = ""
    #: What most readers came for (``main``), or what cannot be undone (``danger``); a page shows it so, the words say it too.
    weight: Literal["", "main", "danger"] = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a list of things, each with at most one thing to do about it.

    In a chat the rows are numbered and the numbers are the buttons; a page puts the action into the row.
    """

    label: str
    value: str = ""
    action: Action | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a longer text under a heading of its own."""

    title: str
    paragraphs: tuple[str, ...] = ()
    #: The language it is written in, where that is not the reader's (WCAG 2.1, 3.1.2).
    language: str = ""
    #: Its heading is in the reader's language all the same.
    own_title: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a form. ``name`` is what its value comes back under."""

    name: str
    label: str
    kind: Literal["text", "email", "file", "hidden", "choice"] = "text"
    hint: str = ""
    value: str = ""
    required: bool = True
    #: HTML's autocomplete token (WCAG 2.1, 1.3.5), where the field is about the reader.
    autocomplete: str = ""
    #: What was wrong with it.
    problem: str = ""
    #: Files taken, as HTML's ``accept``.
    accept: str = ""
    most_chars: int = 200
    #: Of a ``choice``: what may be chosen, each a value and its words. Where nothing is chosen an empty text comes back.
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """Something to be written, apart from conversations. A chat leads to the page that ``at`` shows; a page shows the fields."""

    intent: Intent
    fields: tuple[Field, ...]
    label: str
    #: The intent whose screen holds this form.
    at: Intent
    #: ``page``: a chat has buttons of its own for the same and does not lead to it.
    only: Literal["", "page"] = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A file made for the reader. A page hands it over; a chat too, unless its button leads to the page (``telegram``)."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a conversation, with what a channel needs to send an answer back."""

    dialogue: int
    view: QuestionView
    #: What a form said that did not count: it was refused, or came too late. A page fills the form with it.
    kept: Written | None = None


@dataclass(frozen=True, slots=True)
class Screen:
    """What one message or page shows, from top to bottom."""

    #: What this is about; the heading.
    title: str
    #: Which body, which institution, until when: one short line each.
    context: tuple[str, ...] = ()
    #: What came of the last touch ("Saved"); stands above everything that is asked.
    notice: str = ""
    #: What was wrong with the last answer, and how to put it right.
    problem: str = ""
    #: What was typed, said in full or asked about; it counts once one of ``readings`` is pressed.
    read_back: str = ""
    readings: tuple[Action, ...] = ()
    #: Short paragraphs.
    paragraphs: tuple[str, ...] = ()
    #: Label and value.
    facts: tuple[tuple[str, str], ...] = ()
    #: Lines of a list.
    items: tuple[str, ...] = ()
    #: The items are numbered from one; otherwise they have bullets. So are the rows (in a chat they are anyway).
    numbered: bool = False
    #: A text with headings.
    sections: tuple[Section, ...] = ()
    #: Things with something to do about each; numbered in a chat.
    rows: tuple[Row, ...] = ()
    #: The question, if one is asked.
    question: Asked | None = None
    #: Small explanations under everything else.
    notes: tuple[str, ...] = ()
    #: Actions, in rows; short ones that belong together share a row.
    actions: tuple[tuple[Action, ...], ...] = field(default=())
    #: A form, if something is to be written.
    form: Form | None = None
    #: Where one is, from the top down, ending with the screen above this one.
    trail: tuple[Action, ...] = ()
