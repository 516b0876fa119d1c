"""``flows show``: a flow as a sheet people can read and approve before it is published, with its conditions in words."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from functools import reduce
from typing import Final, Protocol

from konwent_bot.dialogue import prompts
from konwent_bot.dialogue.conditions import AllOf, AnyOf, Compare, Condition, Not, Op, Scalar
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
from konwent_bot.dialogue.spoken import NO, YES
from konwent_bot.dialogue.texts import context
from konwent_bot.errors import N_

_WIDTH: Final = 100
_SAID: Final[Mapping[Op, str]] = {
    "==": N_("“{question}” is: {answer}"),
    "!=": N_("“{question}” is other than: {answer}"),
    "<": N_("“{question}” is less than {answer}"),
    "<=": N_("“{question}” is at most {answer}"),
    ">": N_("“{question}” is more than {answer}"),
    ">=": N_("“{question}” is at least {answer}"),
    "in": N_("“{question}” is one of: {answer}"),
    "not in": N_("“{question}” is none of: {answer}"),
    "has": N_("in “{question}” this is marked: {answer}"),
    "lacks": N_("in “{question}” this is not marked: {answer}"),
}


class Voice(prompts.Format, Protocol):
    """A reader's language: sentences of the code, texts of flows, days and numbers (an ``i18n.Translator`` is one)."""

    def flow(self, context: str, polish: str) -> str:
        """Say a text of a flow."""


def explain(condition: Condition, flow: Flow, t: Voice) -> str:
    """Say a condition in words: ``“Jakość współpracy” is at most 2 and “Przyczyny”: “Braki kadrowe” is marked``."""
    match condition:
        case Compare():
            return _comparison(condition, flow, t)
        case Not(item=item):
            return t(N_("it is not so that {condition}"), condition=_inside(item, flow, t))
        case AllOf(items=items):
            return reduce(
                lambda left, right: t(N_("{left} and {right}"), left=left, right=right),
                (_inside(item, flow, t) for item in items),
            )
        case AnyOf(items=items):
            return reduce(
                lambda left, right: t(N_("{left} or {right}"), left=left, right=right), (_inside(item, flow, t) for item in items)
            )


def _inside(condition: Condition, flow: Flow, t: Voice) -> str:
    said = explain(condition, flow, t)
    return f"({said})" if isinstance(condition, (AllOf, AnyOf)) else said


def _comparison(compare: Compare, flow: Flow, t: Voice) -> str:
    name = compare.name
    if name in flow.position:
        question = flow.question(name)
        name = t.flow(context(flow.id, name, "short"), question.short)
        said = _spoken(question, compare, flow, t)
    else:
        said = _plain(compare, t)
    return t(_SAID[compare.op], question=name, answer=said)


def _spoken(question: Question, compare: Compare, flow: Flow, t: Voice) -> str:
    labels: dict[Scalar, str] = {}
    if isinstance(question, (Single, Multi)):
        labels = {one.id: t.flow(context(flow.id, question.id, f"choices.{one.id}"), one.label) for one in question.choices}
    if isinstance(question, Scale):
        labels = {UNKNOWN: t.flow(context(flow.id, question.id, "unknown_label"), question.unknown_label)}
    operands = compare.operand if isinstance(compare.operand, tuple) else (compare.operand,)
    return ", ".join(labels[one] if isinstance(one, str) and one in labels else _scalar(one, t) for one in operands)


def _plain(compare: Compare, t: Voice) -> str:
    operands = compare.operand if isinstance(compare.operand, tuple) else (compare.operand,)
    return ", ".join(_scalar(one, t) for one in operands)


def _scalar(value: Scalar, t: Voice) -> str:
    match value:
        case bool():
            return t(YES) if value else t(NO)
        case str():
            return value
        case _:
            return t.number(value)


def sketch(source: str, flow: Flow, t: Voice) -> str:
    """Write a template for reading: places as their names in ‹›, conditions in words in brackets."""
    try:
        return _sketch(prompts.parse(source), flow, t)
    except prompts.TemplateError:
        return source


def _sketch(template: prompts.Template, flow: Flow, t: Voice) -> str:
    parts: list[str] = []
    for piece in template:
        match piece:
            case str():
                parts.append(piece)
            case prompts.Place(name=name):
                parts.append(f"‹{name}›")
            case prompts.Either(condition=condition, then=then, otherwise=otherwise):
                said, rest = _sketch(then, flow, t), _sketch(otherwise, flow, t)
                when = explain(condition, flow, t)
                parts.append(t(N_("[when {condition}: {text}]"), condition=when, text=said) if said.strip() else "")
                parts.append(t(N_("[otherwise: {text}]"), text=rest) if rest.strip() else "")
    return "".join(parts)


def show(flow: Flow, t: Voice) -> str:
    """Give the whole flow as a sheet of plain text, at most 100 characters a line."""
    return "\n".join(line.rstrip() for line in _lines(flow, t)) + "\n"


def _lines(flow: Flow, t: Voice) -> Iterator[str]:
    file = flow.file

    def text(question: str | None, field: str, polish: str) -> str:
        return sketch(t.flow(context(flow.id, question, field), polish), flow, t)

    title = text(None, "title", file.title)
    yield from (title, "=" * min(len(title), _WIDTH))
    yield t(N_("Conversation {id}, version {version}. It takes about {minutes} min. The answers go to: {act}."),
            id=file.id, version=file.version, minutes=file.minutes, act=file.submit)  # fmt: skip
    yield ""
    yield from _wrapped(text(None, "intro", file.intro), "")
    if file.facts:
        yield ""
        yield t(N_("Given at the start: {facts}."), facts=", ".join(f"‹{fact.id}›" for fact in file.facts))
    section = None
    for number, question in enumerate(flow.questions, start=1):
        if question.section != section:
            section = question.section
            heading = text(None, f"section.{section}", flow.sections[section].title)
            yield from ("", heading, "-" * min(len(heading), _WIDTH))
        yield ""
        yield from _question(flow, number, question, t)
    yield ""
    yield from _wrapped(t(N_("At the end: {thanks}"), thanks=text(None, "thanks", file.thanks)), "")


def _question(flow: Flow, number: int, question: Question, t: Voice) -> Iterator[str]:
    def text(field: str, polish: str) -> str:
        return sketch(t.flow(context(flow.id, question.id, field), polish), flow, t)

    yield from _wrapped(f"{number}. {text('prompt', question.prompt)}", "   ", first="")
    condition = flow.conditions[number - 1]
    if condition is not None:
        yield from _wrapped(t(N_("Asked only when {condition}."), condition=explain(condition, flow, t)), "   ")
    yield from _wrapped(_answer(question, t) + ("" if question.required else " " + t(N_("May be skipped."))), "   ")
    yield from (f"   - {line}" for line in _offered(flow, question, t))
    if isinstance(question, TextQuestion):
        yield "   " + t(N_("The text is checked for personal data before it is stored."))
    if question.sensitive:
        yield "   " + t(N_("Sensitive: never in logs or previews."))
    yield from _wrapped(t(N_("Why we ask: {why}"), why=text("why", question.why)), "   ")
    yield from _wrapped(t(N_("Who will see it: {who}"), who=text("who_sees", question.who_sees)), "   ")
    yield "   " + t(N_("In tables: {short} ({id})"), short=text("short", question.short), id=question.id)


def _answer(question: Question, t: Voice) -> str:  # noqa: C901 - one arm per type
    match question:
        case Single():
            return t(N_("Answer: one of"))
        case Multi() | Slots() if question.max is None:
            return t(N_("Answer: at least {min} of"), min=question.min)
        case Multi() | Slots():
            return t(N_("Answer: {min} to {max} of"), min=question.min, max=question.max)
        case Scale():
            return t(N_("Answer: a number from {low} to {high}"), low=question.low, high=question.high)
        case NumberQuestion():
            said = t(N_("Answer: a number")) if question.decimals else t(N_("Answer: a whole number"))
            return said + _between(question.min, question.max, t)
        case TextQuestion():
            return t(N_("Answer: a text of at most {limit} characters"), limit=question.max_chars)
        case DateQuestion():
            return t(N_("Answer: a day")) + _between(question.min, question.max, t)
        case MomentQuestion():
            return t(N_("Answer: a day and an hour")) + _between(question.min, question.max, t)
        case TimeQuestion():
            return t(N_("Answer: an hour")) + _between(question.min, question.max, t)
        case YesNo():
            return t(N_("Answer: yes or no"))
        case Confirm():
            return t(N_("Answer: one button"))


def _between(low: object, high: object, t: Voice) -> str:
    said = ""
    if low is not None:
        said += ", " + t(N_("not before {low}"), low=low) if not _is_number(low) else ", " + t(N_("at least {low}"), low=low)
    if high is not None:
        said += ", " + t(N_("not after {high}"), high=high) if not _is_number(high) else ", " + t(N_("at most {high}"), high=high)
    return said


def _is_number(value: object) -> bool:
    return hasattr(value, "real")


def _offered(flow: Flow, question: Question, t: Voice) -> Iterator[str]:
    def text(field: str, polish: str) -> str:
        return t.flow(context(flow.id, question.id, field), polish)

    match question:
        case Single() | Multi():
            for choice in question.choices:
                note = t(N_("(alone)")) if choice.exclusive and isinstance(question, Multi) else ""
                note = t(N_("(no longer offered)")) if choice.retired else note
                yield f"{text(f'choices.{choice.id}', choice.label)} {note}".rstrip()
        case Scale():
            if question.labels:
                for point, label in enumerate(question.labels, start=question.low):
                    yield f"{point} – {text(f'labels.{point}', label)}"
            else:
                yield f"{question.low} – {text('low_label', question.low_label)}"
                yield f"{question.high} – {text('high_label', question.high_label)}"
            if question.allow_unknown:
                yield text("unknown_label", question.unknown_label)
        case Slots():
            yield f"‹{question.source}›"
        case Confirm():
            yield text("label", question.label)
        case _:
            return


def _wrapped(text: str, indent: str, first: str | None = None) -> Iterator[str]:
    for nth, paragraph in enumerate(text.splitlines()):
        start = first if first is not None and nth == 0 else indent
        yield from textwrap.wrap(paragraph, _WIDTH, initial_indent=start, subsequent_indent=indent) or [""]
