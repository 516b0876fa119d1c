"""Answers and facts as stored: plain JSON values with one canonical form each.

==================  =============================================================================
type                stored as
==================  =============================================================================
single              the choice's id
multi, slots        tuple of ids in the order they are offered
scale               int, or ``"unknown"``
number              int; with ``decimals``, a decimal string such as ``"3.5"``
text                str, NFC, no control characters
date, time          ``"2026-01-13"``, ``"10:30"`` (local, no zone)
moment              ``"2026-01-13T10:30"`` (local, no zone)
yesno, confirm      bool
==================  =============================================================================
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Final, NamedTuple, TypeAlias, assert_never

from konwent_bot.dialogue import limits
from konwent_bot.dialogue.model import (
    UNKNOWN,
    Confirm,
    DateQuestion,
    Fact,
    MomentQuestion,
    Multi,
    NumberQuestion,
    Question,
    Scale,
    Single,
    Slots,
    TextQuestion,
    TimeQuestion,
    YesNo,
)
from konwent_bot.dialogue.problem import Problem, problem
from konwent_bot.errors import N_, Invalid


class Slot(NamedTuple):
    """One thing a ``slots`` question offers; both come from the fact."""

    id: str
    label: str


Value: TypeAlias = str | int | bool | tuple[str, ...]
FactValue: TypeAlias = str | int | bool | tuple[Slot, ...]
Answers: TypeAlias = Mapping[str, Value]
Facts: TypeAlias = Mapping[str, FactValue]
#: What ``start`` takes for a fact, before it is made canonical.
GivenFact: TypeAlias = "str | int | bool | Decimal | date | datetime | tuple[Slot, ...] | list[dict[str, str]] | list[Slot]"

_PLAIN_NUMBER: Final = re.compile(r"-?(0|[1-9][0-9]{0,12})(\.[0-9]{1,6})?\Z")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_HOUR: Final = re.compile(r"[0-9]{2}:[0-9]{2}\Z")
_MOMENT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}\Z")
#: Controls but tab and newline, and the marks that turn the direction of the text around them (they could disguise a line of
#: minutes); plain left-to-right and right-to-left marks stay.
_UNWANTED: Final = dict.fromkeys(
    code for code in (*range(32), 0x7F, *range(0x80, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF, *range(0xD800, 0xE000))
    if code not in (9, 10)
)  # fmt: skip


def clean(text: str) -> str:
    """Give a text as stored: NFC, Unix line ends, no control characters, no surrounding white space."""
    if text.isascii() and text.isprintable():
        return text.strip()
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").translate(_UNWANTED)).strip()


def offered(question: Multi | Single | Slots, facts: Facts) -> tuple[str, ...]:
    """Give the ids that may be chosen now, in order (retired choices are not offered)."""
    if isinstance(question, Slots):
        slots = facts.get(question.source, ())
        return tuple(slot.id for slot in slots) if isinstance(slots, tuple) else ()
    return tuple(choice.id for choice in question.choices if not choice.retired)


def accept(question: Question, value: object, facts: Facts) -> Value | Problem:  # noqa: C901 - one arm per type is the clearest shape
    """Give the canonical form of an answer, or say what is wrong with it. Never raises, whatever ``value`` is."""
    match question:
        case Single():
            if isinstance(value, str) and any(value == choice.id and not choice.retired for choice in question.choices):
                return value
            return problem(N_("Please choose one of the answers shown."))
        case Scale():
            if type(value) is int and question.low <= value <= question.high:
                return value
            if value == UNKNOWN and question.allow_unknown:
                return UNKNOWN
            return problem(N_("Please choose a number from {low} to {high}."), low=question.low, high=question.high)
        case Multi() | Slots():
            return _accept_marks(question, value, facts)
        case TextQuestion():
            return _accept_text(question, value)
        case NumberQuestion():
            return _accept_number(question, value)
        case DateQuestion():
            day = accept_day(question, value, facts)
            return day if isinstance(day, Problem) else day.isoformat()
        case MomentQuestion():
            return _accept_moment(question, value, facts)
        case TimeQuestion():
            return _accept_hour(question, value)
        case YesNo():
            return value if isinstance(value, bool) else problem(N_("Please answer yes or no."))
        case Confirm():
            return True if value is True else problem(N_("Please confirm with the button, or go back."))
        case _:
            assert_never(question)


def _accept_marks(question: Multi | Slots, value: object, facts: Facts) -> Value | Problem:
    if not isinstance(value, (tuple, list)) or not all(isinstance(item, str) for item in value):
        return problem(N_("Please choose from the answers shown."))
    may = offered(question, facts)
    chosen = tuple(item for item in may if item in value)
    if len(chosen) != len(set(value)):
        return problem(N_("Please choose from the answers shown."))
    if len(chosen) > 1 and isinstance(question, Multi):
        for choice in question.choices:
            if choice.exclusive and choice.id in chosen:
                return problem(N_("“{choice}” cannot be chosen together with others."), choice=choice.label)
    if len(chosen) < question.min and not _sole_exclusive(question, chosen):
        return problem(N_("Please mark at least {min}."), min=question.min)
    if question.max is not None and len(chosen) > question.max:
        return problem(N_("Please mark at most {max}."), max=question.max)
    return chosen


def _sole_exclusive(question: Multi | Slots, chosen: tuple[str, ...]) -> bool:
    """Tell whether the one mark is exclusive: "none of these" is an answer even where two are wanted."""
    return (
        len(chosen) == 1
        and isinstance(question, Multi)
        and any(choice.exclusive and choice.id == chosen[0] for choice in question.choices)
    )


def _accept_text(question: TextQuestion, value: object) -> Value | Problem:
    if not isinstance(value, str) or not (text := clean(value)):
        return problem(N_("Please write a few words."))
    if not question.multiline and "\n" in text:
        text = " ".join(text.split())
    if len(text) > question.max_chars:
        return problem(
            N_("The text has {length} characters; at most {limit} fit. Please shorten it."),
            length=len(text),
            limit=question.max_chars,
        )
    return text


def _accept_number(question: NumberQuestion, value: object) -> Value | Problem:
    if (type(value) is int and abs(value) <= limits.MAX_NUMBER) or (isinstance(value, str) and _PLAIN_NUMBER.match(value)):
        number = Decimal(value)
    else:
        return not_a_number(question)
    if number != round(number, question.decimals):
        if question.decimals == 0:
            return not_a_number(question)
        return problem(N_("Please give at most {decimals} digits after the comma."), decimals=question.decimals)
    if question.min is not None and number < question.min:
        return problem(N_("Please give a number not smaller than {min}."), min=question.min)
    if (question.max is not None and number > question.max) or abs(number) > limits.MAX_NUMBER:
        most = question.max if question.max is not None else limits.MAX_NUMBER
        return problem(N_("Please give a number not larger than {max}."), max=most)
    if question.decimals == 0:
        return int(number)
    return _written(number)


def _written(number: Decimal) -> str:
    """Write a decimal in its one form: no exponent, no zeros at the end, no negative zero."""
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def not_a_number(question: NumberQuestion) -> Problem:
    """Say what kind of number is wanted, with an example."""
    if question.decimals == 0:
        return problem(N_("Please give a whole number, for example {example}."), example=_example(question))
    return problem(N_("Please give a number, for example {example}."), example=Decimal("3.5"))


def _example(question: NumberQuestion) -> int:
    low = question.min if question.min is not None else 0
    high = question.max if question.max is not None else max(low, 12)
    return 12 if low <= 12 <= high else int(high)


def accept_day(question: DateQuestion | MomentQuestion, value: object, facts: Facts) -> date | Problem:
    """Give a day that may be chosen, or say what is wrong with it. Never raises, whatever ``value`` is."""
    try:
        day = date.fromisoformat(value) if isinstance(value, str) and _DAY.match(value) else None
    except ValueError:
        day = None
    if day is None:
        return problem(N_("Please give a day, for example 13.01.2026."))
    return outside(question, day, facts) or day


def _accept_moment(question: MomentQuestion, value: object, facts: Facts) -> Value | Problem:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) and _MOMENT.match(value) else None
    except ValueError:
        moment = None
    if moment is None:
        return problem(N_("Please give a day and an hour, for example {example}."), example="13.01.2026 10:00")
    if question.min is not None and moment < question.min:
        return problem(N_("Please give a time not before {moment}."), moment=question.min)
    if question.max is not None and moment > question.max:
        return problem(N_("Please give a time not after {moment}."), moment=question.max)
    return outside(question, moment.date(), facts) or f"{moment:%Y-%m-%dT%H:%M}"


def days_of(question: DateQuestion | MomentQuestion, facts: Facts) -> tuple[date | None, date | None]:
    """Give the first and the last day that may be chosen, by the question's bounds and its facts."""
    low, high = (bound.date() if isinstance(bound, datetime) else bound for bound in (question.min, question.max))
    first = [day for day in (low, _day_of(question.earliest, facts)) if day is not None]
    last = [day for day in (high, _day_of(question.latest, facts)) if day is not None]
    return max(first, default=None), min(last, default=None)


def outside(question: DateQuestion | MomentQuestion, day: date, facts: Facts) -> Problem | None:
    """Say which bound a day lies outside of; nothing when it lies within."""
    first, last = days_of(question, facts)
    if first is not None and day < first:
        return problem(N_("Please give a day not before {day}."), day=first)
    if last is not None and day > last:
        return problem(N_("Please give a day not after {day}."), day=last)
    return None


def _day_of(fact: str | None, facts: Facts) -> date | None:
    value = None if fact is None else facts.get(fact)
    return date.fromisoformat(value) if isinstance(value, str) else None


def _accept_hour(question: TimeQuestion, value: object) -> Value | Problem:
    try:
        hour = time.fromisoformat(value) if isinstance(value, str) and _HOUR.match(value) else None
    except ValueError:
        hour = None
    if hour is None:
        return problem(N_("Please give an hour, for example 10:30."))
    if question.min is not None and hour < question.min:
        return problem(N_("Please give an hour not before {hour}."), hour=question.min)
    if question.max is not None and hour > question.max:
        return problem(N_("Please give an hour not after {hour}."), hour=question.max)
    return f"{hour:%H:%M}"


def accept_fact(fact: Fact, value: object) -> FactValue:  # noqa: C901 - one arm per type is the clearest shape
    """Give the stored form of a fact. Raises ``Invalid`` when the caller hands over something of another kind."""
    match fact.type, value:
        case "text", str() if clean(value):
            # A name is one line of a bounded length: a long one is cut, not refused, for the person cannot mend it.
            return " ".join(clean(value).split())[: limits.MAX_TEXT_FACT]
        case "choice", str() if fact.choices is not None and value in fact.choices:
            return value
        case "yesno", bool():
            return value
        case "number", int() if not isinstance(value, bool) and abs(value) <= limits.MAX_NUMBER:
            return value
        case "number", Decimal() if value.is_finite() and abs(value) <= limits.MAX_NUMBER:
            return _written(round(value, limits.MAX_DECIMALS))
        case "number", str() if _PLAIN_NUMBER.match(value):
            return value
        case "date", date() if not isinstance(value, datetime):
            return value.isoformat()
        case "date", str() if _DAY.match(value):
            return _iso(fact, value, date.fromisoformat).isoformat()
        case "instant", datetime() if value.tzinfo is not None:
            return value.astimezone(UTC).isoformat()
        case "instant", str():
            instant = _iso(fact, value, datetime.fromisoformat)
            if instant.tzinfo is not None:
                return instant.astimezone(UTC).isoformat()
        case "slots", tuple() | list() if 0 < len(value) <= limits.MAX_CHOICES:
            return _slots(fact, value)
        case _:
            pass
    raise _bad_fact(fact)


def _iso(fact: Fact, text: str, read: object) -> datetime:
    try:
        return read(text)  # type: ignore[operator,no-any-return]  # one of the two fromisoformat readers above
    except ValueError:
        raise _bad_fact(fact) from None


def _slots(fact: Fact, value: object) -> tuple[Slot, ...]:
    slots: list[Slot] = []
    for item in value if isinstance(value, (tuple, list)) else ():
        match item:
            case {"id": str(key), "label": str(label)} | (str(key), str(label)) if clean(key) and clean(label):
                slots.append(Slot(clean(key)[:40], " ".join(clean(label).split())[: limits.MAX_LABEL]))
            case _:
                raise _bad_fact(fact)
    if len({slot.id for slot in slots}) != len(slots):
        raise _bad_fact(fact)
    return tuple(slots)


def _bad_fact(fact: Fact) -> Invalid:
    return Invalid(N_("The conversation cannot start: “{fact}” should be of type {type}."), fact=fact.id, type=fact.type)


def decimal(value: object) -> Decimal | None:
    """Give a stored number as a Decimal; nothing for what is not a number."""
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None
