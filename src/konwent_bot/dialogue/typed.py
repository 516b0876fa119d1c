"""What a person typed, read as an answer where it is unambiguous: a number on a scale, a label, "nie wiem", "3,5", "13.01.2026".

Nothing is guessed: two labels that begin alike, a number with words after it, a date that does not exist are refused with a
sentence and an example. Free text passes the guard of personal data before it becomes an answer.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final, TypeAlias, assert_never

from konwent_bot.dialogue import values
from konwent_bot.dialogue.flow import Flow
from konwent_bot.dialogue.model import (
    UNKNOWN,
    Confirm,
    DateQuestion,
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
from konwent_bot.dialogue.texts import Texts, context
from konwent_bot.dialogue.values import Facts, Value, accept
from konwent_bot.errors import N_

#: Says what is wrong with a free text (personal data in it), or nothing.
Guard: TypeAlias = Callable[[str], Problem | None]
#: The guards by the name a question asks for ("strict", "warn").
Guards: TypeAlias = Mapping[str, Guard]

#: Longer than any label list a person would type; the text types have their own limits.
_MAX_TYPED: Final = 4096
_YES: Final = frozenset({"tak", "t", "yes", "y", "так", "taк", "potwierdzam", "zgadzam sie", "confirm", "підтверджую"})
_NO: Final = frozenset({"nie", "n", "no", "ні", "нi"})
_UNKNOWN: Final = frozenset(
    {"nie wiem", "nie dotyczy", "nie wiem / nie dotyczy", "i do not know", "i don't know", "don't know", "not applicable", "не знаю",
     "не стосується"}
)  # fmt: skip
_ORDINAL: Final = re.compile(r"([0-9]{1,3})\s*[.)]?\Z")
_DOTTED: Final = re.compile(r"([0-9]{1,2})[.\-/\s]+([0-9]{1,2})[.\-/\s]+([0-9]{4})\s*(?:r\.?)?\Z")
_ISO: Final = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})\Z")
_HOUR: Final = re.compile(r"(?:o |godz\.? )?([0-9]{1,2})(?:[:.]([0-9]{2}))\Z")
#: Digits in groups of three by a space of any kind, or plain; comma or dot before decimals.
_NUMBER: Final = re.compile(r"([-−–]?)((?:[1-9][0-9]{0,2}(?: [0-9]{3})+)|[0-9]{1,15})(?:[.,]([0-9]{1,10}))?\Z")


def read(  # noqa: C901 - one arm per type is the clearest shape
    flow: Flow, question: str, text: str, facts: Facts, texts: Texts, guards: Guards | None = None
) -> Value | Problem:
    """Read a typed answer to a question of a flow; ``facts`` are those of the state. Never raises for any text.

    Gives the value for an ``Answer`` event, or what to say. ``texts`` gives labels in the reader's language; labels in Polish
    count too.
    """
    asked = flow.question(question)
    if isinstance(asked, TextQuestion):
        return _text(asked, text, facts, guards or {})
    if len(text) > _MAX_TYPED:
        return _unread(asked)
    said = fold(text)
    match asked:
        case Single():
            found = _one(said, _labels(flow, asked, texts))
            return _unread(asked) if found is None else found
        case Multi():
            return _several(asked, text, _labels(flow, asked, texts), facts)
        case Slots():
            slots = facts.get(asked.source)
            named = [(slot.id, {fold(slot.label)}) for slot in slots] if isinstance(slots, tuple) else []
            return _several(asked, text, named, facts)
        case Scale():
            return _scale(flow, asked, said, texts, facts)
        case NumberQuestion():
            return _number(asked, text, facts)
        case DateQuestion():
            return _day(asked, said, facts)
        case MomentQuestion():
            return _moment(asked, said, facts)
        case TimeQuestion():
            return accept(asked, _hour(said), facts)
        case YesNo():
            return True if said in _YES else False if said in _NO else _unread(asked)
        case Confirm():
            label = fold(texts(context(flow.id, asked.id, "label"), asked.label))
            return True if said in _YES or said in (label, fold(asked.label)) else _unread(asked)
        case _:
            assert_never(asked)


def fold(text: str) -> str:
    """Give a text without case, diacritics, surrounding punctuation and doubled spaces: "  Żółć. " -> "zolc"."""
    flat = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l").replace("’", "'"))
    bare = "".join(char for char in flat if not unicodedata.combining(char))
    return " ".join(bare.split()).strip(' .!;,„”"')


def _unread(question: Question) -> Problem:
    refused = accept(question, None, {})
    return refused if isinstance(refused, Problem) else problem(N_("Please choose one of the answers shown."))


def _labels(flow: Flow, question: Single | Multi, texts: Texts) -> list[tuple[str, set[str]]]:
    return [
        (choice.id, {fold(choice.label), fold(texts(context(flow.id, question.id, f"choices.{choice.id}"), choice.label))})
        for choice in question.choices
        if not choice.retired
    ]


def _one(said: str, named: list[tuple[str, set[str]]]) -> str | None:
    """Find the one thing meant: by its whole label, by its number in the list, or by the only label that begins so."""
    if not said:
        return None
    exact = [key for key, labels in named if said in labels]
    if exact:
        return exact[0] if len(exact) == 1 else None
    if ordinal := _ORDINAL.match(said):
        number = int(ordinal[1])
        return named[number - 1][0] if 1 <= number <= len(named) else None
    begun = [key for key, labels in named if len(said) >= 3 and any(label.startswith(said) for label in labels)]
    return begun[0] if len(begun) == 1 else None


def _several(question: Multi | Slots, text: str, named: list[tuple[str, set[str]]], facts: Facts) -> Value | Problem:
    whole = _one(fold(text), named)  # one label may itself hold a comma
    found: list[str] = [] if whole is None else [whole]
    if whole is None:
        for part in _parts(text):
            key = _one(fold(part), named)
            if key is None:
                return problem(N_("“{part}” is not among the answers shown."), part=" ".join(part.split())[:40])
            found.append(key)
    return accept(question, tuple(dict.fromkeys(found)), facts)


def _parts(text: str) -> Iterable[str]:
    return [part for part in re.split(r"[,;\n]", text) if part.strip()]


def _scale(flow: Flow, question: Scale, said: str, texts: Texts, facts: Facts) -> Value | Problem:
    if question.allow_unknown:
        own = {fold(question.unknown_label), fold(texts(context(flow.id, question.id, "unknown_label"), question.unknown_label))}
        if said in own or said in _UNKNOWN:
            return UNKNOWN
    if ordinal := _ORDINAL.match(said):
        return accept(question, int(ordinal[1]), facts)
    named = {
        point: {fold(label), fold(texts(context(flow.id, question.id, f"labels.{point}"), label))}
        for point, label in enumerate(question.labels or (), start=question.low)
    }
    for point, name, label in (
        (question.low, "low_label", question.low_label),
        (question.high, "high_label", question.high_label),
    ):
        named.setdefault(point, set()).update({fold(label), fold(texts(context(flow.id, question.id, name), label))})
    exact = [point for point, labels in named.items() if said in labels]
    return accept(question, exact[0], facts) if len(exact) == 1 else _unread(question)


def _number(question: NumberQuestion, text: str, facts: Facts) -> Value | Problem:
    flat = " ".join(unicodedata.normalize("NFKC", text).split())
    parts = _NUMBER.match(flat)
    if parts is None:
        return values.not_a_number(question)
    sign, whole, decimals = "-" if parts[1] else "", parts[2].replace(" ", ""), parts[3] or ""
    try:
        number = Decimal(f"{sign}{whole}.{decimals or '0'}")
    except InvalidOperation:
        return values.not_a_number(question)
    # "1.000" may be one or a thousand: more digits than asked for are never guessed at, zeros or not.
    if len(decimals) > max(question.decimals, 2):
        if question.decimals == 0:
            return values.not_a_number(question)
        return problem(N_("Please give at most {decimals} digits after the comma."), decimals=question.decimals)
    decimals = decimals.rstrip("0")
    if number == int(number):
        return accept(question, int(number), facts)
    return accept(question, f"{sign}{int(whole)}.{decimals}", facts)


def _day(question: DateQuestion, said: str, facts: Facts) -> Value | Problem:
    day = _iso_day(said)
    return accept(question, day, facts) if isinstance(day, str) else _unread(question) if day is None else day


def _moment(question: MomentQuestion, said: str, facts: Facts) -> Value | Problem:
    """Read a day and an hour in digits, in this order: "13.01.2026 10:00"."""
    parts = re.fullmatch(r"(.*?)[,t\s]+((?:o |godz\.? )?[0-9:.]+)", said)
    day = None if parts is None else _iso_day(parts[1])
    if parts is None or day is None:
        return _unread(question)
    return accept(question, f"{day}T{_hour(parts[2])}", facts) if isinstance(day, str) else day


def _hour(said: str) -> str:
    hour = _HOUR.match(said)
    return f"{int(hour[1]):02}:{hour[2]}" if hour else ""


def _iso_day(said: str) -> str | Problem | None:
    """Give a day written in digits as ISO text; nothing when it is written otherwise."""
    if iso := _ISO.match(said):
        year, month, day = int(iso[1]), int(iso[2]), int(iso[3])
    elif dotted := _DOTTED.match(said):
        day, month, year = int(dotted[1]), int(dotted[2]), int(dotted[3])
    else:
        return None
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return problem(N_("There is no such day in the calendar. Please give a day, for example 13.01.2026."))


def _text(question: TextQuestion, text: str, facts: Facts, guards: Guards) -> Value | Problem:
    value = accept(question, text, facts)
    if isinstance(value, str) and (guard := guards.get(question.guard)) is not None:
        found = guard(value)
        if found is not None:
            return found
    return value
