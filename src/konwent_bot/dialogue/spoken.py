"""Stored answers in words: labels, days in full, the language's comma."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Final, TypeAlias

from konwent_bot.dialogue.model import (
    Confirm,
    DateQuestion,
    MomentQuestion,
    Multi,
    NumberQuestion,
    Question,
    Scale,
    Single,
    Slots,
    TimeQuestion,
    YesNo,
)
from konwent_bot.dialogue.prompts import Format
from konwent_bot.dialogue.values import Facts, Value
from konwent_bot.errors import N_

#: Says a text of a question (or of the flow, without one): question, field, Polish source.
Say: TypeAlias = Callable[[str | None, str, str], str]

YES: Final = N_("Yes")
NO: Final = N_("No")
CONFIRMED: Final = N_("Confirmed")


def answer_text(  # noqa: C901 - one arm per type is the clearest shape
    question: Question, value: Value, facts: Facts, say: Say, fmt: Format
) -> str:
    """Write a stored answer for people: labels, days in full, the language's comma."""
    match question, value:
        case ((Single() | Multi()), _):
            ids = value if isinstance(value, tuple) else (value,)
            return ", ".join(say(question.id, f"choices.{one.id}", one.label) for one in question.choices if one.id in ids)
        case Slots(), tuple():
            slots = facts.get(question.source)
            return "; ".join(slot.label for slot in (slots if isinstance(slots, tuple) else ()) if slot.id in value)
        case Scale(), "unknown":
            return say(question.id, "unknown_label", question.unknown_label)
        case Scale(), int():
            if question.labels:
                return f"{value} – {say(question.id, f'labels.{value}', question.labels[value - question.low])}"
            return str(value)
        case NumberQuestion(), _:
            return fmt.number(value if isinstance(value, int) else Decimal(str(value)))
        case DateQuestion(), str():
            return fmt.day(date.fromisoformat(value))
        case MomentQuestion(), str():
            return fmt.instant(datetime.fromisoformat(value))
        case TimeQuestion(), str():
            return fmt.time(time.fromisoformat(value))
        case YesNo(), _:
            return fmt(YES) if value is True else fmt(NO)
        case Confirm(), _:
            return fmt(CONFIRMED)
        case _:
            return str(value)
