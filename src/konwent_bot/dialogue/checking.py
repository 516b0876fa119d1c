"""What a flow file must hold beyond the shape of its fields: names that exist, bounds that agree, texts that fit a screen.

Works question by question, so one broken question does not hide the problems of the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from konwent_bot.dialogue import conditions, limits, prompts, steering
from konwent_bot.dialogue.conditions import ConditionError
from konwent_bot.dialogue.model import (
    Choice,
    DateQuestion,
    Fact,
    MomentQuestion,
    Multi,
    NumberQuestion,
    Question,
    Scale,
    Section,
    Single,
    Slots,
    TimeQuestion,
)
from konwent_bot.dialogue.near import nearest
from konwent_bot.dialogue.problem import Problem, problem
from konwent_bot.dialogue.prompts import TemplateError
from konwent_bot.errors import N_


@dataclass(frozen=True, slots=True)
class Found:
    """A problem and its place: table of the file, index in it, field, item within the field."""

    problem: Problem
    table: str | None = None
    index: int = 0
    field: str | None = None
    item: str | None = None
    warning: bool = False


@dataclass(frozen=True, slots=True)
class Parts:
    """What could be read of a file: ``None`` in place of a question that could not; ``ids`` are as written."""

    facts: tuple[Fact | None, ...]
    sections: tuple[Section | None, ...]
    questions: tuple[Question | None, ...]
    ids: tuple[str | None, ...]
    fact_ids: tuple[str | None, ...]
    section_ids: tuple[str | None, ...]
    texts: Mapping[str, str]


def check(parts: Parts) -> Iterator[Found]:
    """Give everything that is wrong, in the order of the file."""
    facts = {fact.id: fact for fact in parts.facts if fact is not None}
    broken = _unreadable(parts)
    yield from _twice("facts", parts.fact_ids, N_("The fact “{name}” is declared twice."))
    yield from _facts(parts)
    yield from _twice("sections", parts.section_ids, N_("The section “{name}” stands twice."))
    yield from _unused_sections(parts)
    for name in ("title", "intro", "thanks"):
        for fault in prompts.faults(parts.texts.get(name, ""), facts):
            if fault.facts.get("name") not in broken:
                yield Found(fault, field=name)
    yield from _twice("questions", parts.ids, N_("The question “{name}” stands twice."))
    yield from _sections_together(parts)
    earlier = {fact.id: steering.fact_subject(fact) for fact in facts.values()}
    for index, question in enumerate(parts.questions):
        if question is None:
            continue  # it cannot be judged; conditions about it are not judged either
        yield from _condition(index, question, earlier, parts)
        for fault, at, item in _question(question, facts, parts):
            if fault.facts.get("name") not in broken:
                yield Found(fault, "questions", index, at, item)
        earlier[question.id] = steering.subject(question)


def _unreadable(parts: Parts) -> set[str]:
    """Give the names of questions and facts that have problems of their own: what hangs on them is not judged."""
    pairs = (*zip(parts.ids, parts.questions, strict=True), *zip(parts.fact_ids, parts.facts, strict=True))
    return {name for name, one in pairs if name is not None and one is None}


def _twice(table: str, ids: tuple[str | None, ...], msgid: str) -> Iterator[Found]:
    seen: set[str] = set()
    for index, name in enumerate(ids):
        if name is not None and name in seen:
            yield Found(Problem(msgid, {"name": name[:40]}), table, index, "id")
        elif name is not None:
            seen.add(name)


def _facts(parts: Parts) -> Iterator[Found]:
    for index, fact in enumerate(parts.facts):
        if fact is None:
            continue
        if fact.type == "choice" and fact.choices is None:
            yield Found(problem(N_("The fact “{name}” of type choice needs its choices."), name=fact.id), "facts", index, "type")
        if fact.type != "choice" and fact.choices is not None:
            yield Found(problem(N_("Only a fact of type choice has choices."), name=fact.id), "facts", index, "choices")
        if fact.choices is not None:
            for name, count in Counter(fact.choices).items():
                if count > 1:
                    yield Found(problem(N_("The choice “{name}” stands twice."), name=name), "facts", index, "choices")
        if fact.id in parts.ids:
            yield Found(problem(N_("“{name}” is the name of a fact and of a question; one of them needs another."), name=fact.id),
                        "facts", index, "id")  # fmt: skip


def _unused_sections(parts: Parts) -> Iterator[Found]:
    if None in parts.questions:
        return
    used = {question.section for question in parts.questions if question is not None}
    for index, section in enumerate(parts.sections):
        if section is not None and section.id not in used:
            yield Found(
                problem(N_("The section “{name}” has no questions."), name=section.id), "sections", index, "id", warning=True
            )


def _sections_together(parts: Parts) -> Iterator[Found]:
    known = [name for name in parts.section_ids if name is not None]
    seen: set[str] = set()
    previous: str | None = None
    for index, question in enumerate(parts.questions):
        if question is None:
            previous = None
            continue
        name = question.section
        if name not in known:
            near = nearest(name, known)
            fault = (
                problem(N_("There is no section “{name}”; did you mean “{near}”?"), name=name, near=near)
                if near is not None
                else problem(N_("There is no section “{name}”."), name=name)
            )
            yield Found(fault, "questions", index, "section")
        elif name in seen and previous is not None and name != previous:
            yield Found(
                problem(N_("The questions of section “{name}” must stand together."), name=name), "questions", index, "section"
            )
        seen.add(name)
        previous = name


def _condition(index: int, question: Question, earlier: Mapping[str, steering.Subject], parts: Parts) -> Iterator[Found]:
    if question.when is None:
        return
    try:
        condition = conditions.parse(question.when)
    except ConditionError as error:
        yield Found(error.problem, "questions", index, "when")
        return
    later = {name for name in parts.ids[index:] if name is not None}
    broken = _unreadable(parts)
    for fault in steering.faults(condition, earlier, later):
        if fault.facts.get("name") not in broken:
            yield Found(fault, "questions", index, "when")
    for name in steering.unsure(condition, earlier):
        yield Found(
            problem(N_("“{name}” stands after “not” and may have no answer; then the question is asked."), name=name),
            "questions", index, "when", warning=True,
        )  # fmt: skip


def _question(question: Question, facts: Mapping[str, Fact], parts: Parts) -> Iterator[tuple[Problem, str, str | None]]:
    for name in ("prompt", "why", "who_sees"):
        for fault in prompts.faults(getattr(question, name), facts):
            yield fault, name, None
    for name, text in _plain_texts(question):
        if not prompts.is_plain(text):
            yield (
                problem(N_("The field “{field}” is written as it is; it cannot hold {brackets}."), field=name, brackets="{{ }}"),
                name,
                None,
            )
    yield from _bounds(question, facts)
    length = _screen(question, facts, parts)
    if length > limits.MAX_SCREEN:
        yield (
            problem(
                N_("The question with its answers has {length} characters; at most {limit} fit on one screen."),
                length=length, limit=limits.MAX_SCREEN,
            ),
            "prompt", None,
        )  # fmt: skip


def _plain_texts(question: Question) -> Iterator[tuple[str, str]]:
    yield "short", question.short
    for name in ("low_label", "high_label", "unknown_label", "label"):
        text = getattr(question, name, None)
        if isinstance(text, str):
            yield name, text
    for text in getattr(question, "labels", None) or ():
        yield "labels", text
    for choice in getattr(question, "choices", ()):
        yield "choices", choice.label


def _bounds(  # noqa: C901 - one arm per type is the clearest shape
    question: Question, facts: Mapping[str, Fact]
) -> Iterator[tuple[Problem, str, str | None]]:
    match question:
        case Single() | Multi():
            yield from _choices(question.choices)
            live = sum(not choice.retired for choice in question.choices)
            if live == 0:
                yield problem(N_("All choices are retired: nothing is left to choose.")), "choices", None
            if isinstance(question, Multi):
                yield from _marks(question.min, question.max)
                if question.min > live > 0:
                    yield (
                        problem(
                            N_("“{field}” is {value}, but only {count} can be chosen."),
                            field="min",
                            value=question.min,
                            count=live,
                        ),
                        "min",
                        None,
                    )
                if question.max is not None and question.max > live > 0:
                    yield (
                        problem(
                            N_("“{field}” is {value}, but only {count} can be chosen."),
                            field="max",
                            value=question.max,
                            count=live,
                        ),
                        "max",
                        None,
                    )
        case Slots():
            yield from _marks(question.min, question.max)
            yield from _source(question, facts)
        case Scale():
            points = question.high - question.low + 1
            if points < 2:
                yield problem(N_("“{low}” must be smaller than “{high}”."), low="low", high="high"), "low", None
            elif points > limits.MAX_SCALE:
                yield (
                    problem(
                        N_("A scale may have at most {limit} points; this one has {count}."), limit=limits.MAX_SCALE, count=points
                    ),
                    "high",
                    None,
                )
            elif question.labels is not None and len(question.labels) != points:
                yield (
                    problem(N_("The scale has {count} points and {labels} labels."), count=points, labels=len(question.labels)),
                    "labels",
                    None,
                )
        case NumberQuestion():
            if question.min is not None and question.max is not None and question.min > question.max:
                yield problem(N_("“{low}” must not be larger than “{high}”."), low="min", high="max"), "min", None
            for name in ("min", "max"):
                bound = getattr(question, name)
                if bound is not None and bound != round(bound, question.decimals):
                    yield (
                        problem(N_("“{field}” has more digits after the comma than the answer may have."), field=name),
                        name,
                        None,
                    )
        case DateQuestion() | MomentQuestion() | TimeQuestion():
            # Two dates, two moments or two hours; mypy sees the mixture of all types.
            if question.min is not None and question.max is not None and question.min > question.max:  # type: ignore[operator]  # one type a question
                yield problem(N_("“{low}” must not be larger than “{high}”."), low="min", high="max"), "min", None
            for field in ("earliest", "latest"):
                fact = getattr(question, field, None)
                if fact is not None:
                    yield from _bound(fact, field, facts)
        case _:
            return


def _choices(choices: Iterable[Choice]) -> Iterator[tuple[Problem, str, str | None]]:
    ids: set[str] = set()
    labels: set[str] = set()
    for choice in choices:
        if choice.id in ids:
            yield problem(N_("The choice “{name}” stands twice."), name=choice.id), "choices", choice.id
        ids.add(choice.id)
        said = choice.label.casefold()
        if said in labels and not choice.retired:
            yield (
                problem(N_("Two choices read “{label}”: nobody could tell them apart."), label=choice.label),
                "choices",
                choice.id,
            )
        if not choice.retired:
            labels.add(said)


def _marks(low: int, high: int | None) -> Iterator[tuple[Problem, str, str | None]]:
    if high is not None and low > high:
        yield problem(N_("“{low}” must not be larger than “{high}”."), low="min", high="max"), "min", None


def _source(question: Slots, facts: Mapping[str, Fact]) -> Iterator[tuple[Problem, str, str | None]]:
    if question.source not in facts:
        yield _no_fact(question.source, facts), "from", None
    elif facts[question.source].type != "slots":
        yield (
            problem(N_("The fact “{name}” is of type {type}; a slots question needs one of type slots."),
                    name=question.source, type=facts[question.source].type),
            "from", None,
        )  # fmt: skip


def _bound(name: str, field: str, facts: Mapping[str, Fact]) -> Iterator[tuple[Problem, str, str | None]]:
    """Check the fact that bounds the days of a question."""
    if name not in facts:
        yield _no_fact(name, facts), field, None
    elif facts[name].type != "date":
        yield (
            problem(N_("The fact “{name}” is of type {type}; “{field}” needs one of type date."),
                    name=name, type=facts[name].type, field=field),
            field, None,
        )  # fmt: skip


def _no_fact(name: str, facts: Mapping[str, Fact]) -> Problem:
    near = nearest(name, facts)
    if near is not None:
        return problem(N_("There is no fact “{name}”; did you mean “{near}”?"), name=name, near=near)
    return problem(N_("There is no fact “{name}”."), name=name)


def _screen(question: Question, facts: Mapping[str, Fact], parts: Parts) -> int:
    total = sum(len(section.title) for section in parts.sections if section is not None and section.id == question.section)
    for text in (question.prompt, question.why, question.who_sees):
        try:
            total += prompts.longest(text, facts)
        except TemplateError:
            total += len(text)
    if isinstance(question, (Single, Multi)):
        total += sum(len(choice.label) + 5 for choice in question.choices)  # "12. " and the line's end
    if isinstance(question, Scale):
        total += len(question.low_label) + len(question.high_label) + sum(len(label) + 5 for label in question.labels or ())
    return total
