"""A screen: plain values, complete in the reader's language, unescaped; the channel lays them out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeVar

from konwent_bot.dialogue.view import QuestionView
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


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a conversation, with what a channel needs to send an answer back."""

    dialogue: int
    view: QuestionView


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
    #: Short paragraphs.
    paragraphs: tuple[str, ...] = ()
    #: Label and value.
    facts: tuple[tuple[str, str], ...] = ()
    #: Lines of a list.
    items: tuple[str, ...] = ()
    #: The items are numbered from one; otherwise they have bullets.
    numbered: bool = False
    #: The question, if one is asked.
    question: Asked | None = None
    #: Small explanations under everything else.
    notes: tuple[str, ...] = ()
    #: Actions, in rows; short ones that belong together share a row.
    actions: tuple[tuple[Action, ...], ...] = field(default=())
