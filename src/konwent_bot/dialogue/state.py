"""Where a conversation stands: everything, and nothing but JSON values. Written and read between every two steps."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, TypeAlias

from konwent_bot.dialogue.values import Answers, Facts, Slot

#: ask: a question has no answer yet; edit: all have, one is being changed; review: all are shown; done: submitted.
Mode: TypeAlias = Literal["ask", "edit", "review", "done"]

_ENCODE: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode
_DECODE: Final = json.JSONDecoder().decode


@dataclass(frozen=True, slots=True)
class State:
    """A conversation of ``flow``, ``version``; ``structure`` pins the definition it was started with.

    ``turn`` counts accepted events (the first screen is turn 1). ``cursor`` is the question on the screen, ``None`` in review
    and when done. ``answers`` is the draft, answers that do not apply included. ``marks`` are choices marked but not yet left
    with Done, by question.
    """

    flow: str
    version: int
    structure: str
    turn: int
    mode: Mode
    cursor: str | None
    answers: Answers
    skipped: tuple[str, ...]
    facts: Facts
    marks: Mapping[str, tuple[str, ...]]

    def to_json(self) -> str:
        """Write the state as one line of JSON."""
        return _ENCODE(
            {
                "flow": self.flow,
                "version": self.version,
                "structure": self.structure,
                "turn": self.turn,
                "mode": self.mode,
                "cursor": self.cursor,
                "answers": self.answers,
                "skipped": self.skipped,
                "facts": self.facts,
                "marks": self.marks,
            }
        )

    @classmethod
    def from_json(cls, text: str) -> State:
        """Read what ``to_json`` wrote. Raises ``ValueError``, ``KeyError`` or ``TypeError`` for anything else."""
        read = _DECODE(text)
        answers = read["answers"]
        for name, value in answers.items():
            if type(value) is list:
                answers[name] = tuple(value)
        facts = read["facts"]
        for name, value in facts.items():
            if type(value) is list:
                facts[name] = tuple(Slot(*slot) for slot in value)
        marks = {name: tuple(chosen) for name, chosen in read["marks"].items()}
        return cls(
            read["flow"], read["version"], read["structure"], read["turn"], read["mode"], read["cursor"],
            answers, tuple(read["skipped"]), facts, marks,
        )  # fmt: skip


def marks(state: State, question: str) -> tuple[str, ...]:
    """Give what is marked in a multi or slots question: the marks in hand, else its answer."""
    if question in state.marks:
        return state.marks[question]
    value = state.answers.get(question, ())
    return value if isinstance(value, tuple) else ()


def chosen_day(state: State, question: str) -> date | None:
    """Give the day that has been chosen for a moment question, while its hour has not."""
    return next((date.fromisoformat(day) for day in state.marks.get(question, ())), None)
