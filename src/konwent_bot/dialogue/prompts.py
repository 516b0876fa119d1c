"""Texts with places: ``{{ name }}``, ``{{ name | day }}`` and a simple ``{% if variant == "full" %}...{% else %}...{% endif %}``.

Like conditions, they are read by Jinja's parser and lowered to three kinds of piece; loops, calls, attributes, arithmetic and
everything else is refused when the flow is loaded - in the Polish source and in every translation - so nothing is ever run.
Only declared facts may stand in a place: what a person answers is never part of a template. The result is plain text; whoever
renders escapes it for the target.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Final, Protocol, TypeAlias

from jinja2 import TemplateSyntaxError, nodes

from konwent_bot.dialogue import conditions, limits
from konwent_bot.dialogue.conditions import Condition, ConditionError
from konwent_bot.dialogue.model import Fact
from konwent_bot.dialogue.near import nearest
from konwent_bot.dialogue.problem import Problem, problem
from konwent_bot.errors import N_


class Format(Protocol):
    """How days, hours and numbers are written in the reader's language (an ``i18n.Translator`` is one)."""

    def day(self, day: date) -> str:
        """Write a local date."""

    def time(self, moment: time | datetime) -> str:
        """Write an hour."""

    def instant(self, moment: datetime) -> str:
        """Write an instant in the reader's zone."""

    def number(self, value: int | float | Decimal) -> str:
        """Write a number."""

    def __call__(self, msgid: str, /, **facts: object) -> str:
        """Say a sentence of the code."""


#: Which facts a filter may write. No filter takes arguments.
FILTERS: Final[Mapping[str, frozenset[str]]] = {
    "day": frozenset({"date", "instant"}),
    "time": frozenset({"instant"}),
    "number": frozenset({"number"}),
}
#: Facts with no wording of their own: they steer, they are not read out.
_SILENT: Final = frozenset({"yesno", "slots", "choice"})


@dataclass(frozen=True, slots=True)
class Place:
    """A fact written into the text."""

    name: str
    filter: str | None


@dataclass(frozen=True, slots=True)
class Either:
    """One of two texts."""

    condition: Condition
    then: Template
    otherwise: Template


Piece: TypeAlias = "str | Place | Either"
Template: TypeAlias = tuple[Piece, ...]


class TemplateError(ValueError):
    """The text is not a template we allow; ``problem`` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def is_plain(source: str) -> bool:
    """Tell whether a text has no places at all."""
    return "{{" not in source and "{%" not in source and "{#" not in source


@lru_cache(maxsize=4096)  # every text of every shipped flow in three languages is about a thousand
def parse(source: str) -> Template:
    """Read a template. Raises ``TemplateError``."""
    if is_plain(source):
        return (source,)
    try:
        return _lower(conditions.ENVIRONMENT.parse(source).body, 1)
    except (TemplateSyntaxError, ValueError) as error:
        if isinstance(error, TemplateError):
            raise
        raise TemplateError(
            problem(N_("The text has a place that cannot be read: check {brackets}."), brackets="{{ }} {% %}")
        ) from error
    except RecursionError:
        raise TemplateError(problem(N_("The text has too many conditions inside one another."))) from None


def _lower(body: Iterable[nodes.Node], depth: int) -> Template:
    if depth > limits.MAX_DEPTH:
        raise TemplateError(problem(N_("The text has too many conditions inside one another.")))
    pieces: list[Piece] = []
    for node in body:
        match node:
            case nodes.Output(nodes=parts):
                pieces += [_piece(part) for part in parts]
            case nodes.If():
                pieces.append(_either(node.test, node.body, node.elif_, node.else_, depth))
            case _:
                raise _refusal()
    return tuple(pieces)


def _either(test: nodes.Node, body: list[nodes.Node], elifs: list[nodes.If], other: list[nodes.Node], depth: int) -> Either:
    try:
        condition = conditions.lower(test)
    except ConditionError as error:
        raise TemplateError(error.problem) from error
    if elifs:
        first, *rest = elifs
        return Either(condition, _lower(body, depth + 1), (_either(first.test, first.body, rest, other, depth + 1),))
    return Either(condition, _lower(body, depth + 1), _lower(other, depth + 1))


def _piece(part: nodes.Node) -> Piece:
    match part:
        case nodes.TemplateData(data=data):
            return data
        case nodes.Name(name=name):
            return Place(name, None)
        case nodes.Filter(node=nodes.Name(name=name), name=filter_name, args=[], kwargs=[], dyn_args=None, dyn_kwargs=None):
            return Place(name, filter_name)
        case _:
            raise _refusal()


def _refusal() -> TemplateError:
    return TemplateError(
        problem(
            N_("A text may only hold {place}, {filtered} and simple {condition}."),
            place="{{ name }}",
            filtered="{{ name | day }}",
            condition="{% if %}",
        )
    )


def faults(source: str, facts: Mapping[str, Fact]) -> list[Problem]:
    """Check a text against the declared facts (by id): everything a person writing or translating it should mend."""
    try:
        template = parse(source)
    except TemplateError as error:
        return [error.problem]
    found: list[Problem] = []
    places = 0
    for piece in _walk(template):
        match piece:
            case Place(name=name, filter=used):
                places += 1
                found += _place_faults(name, used, facts)
            case Either(condition=condition):
                found += [_unknown(name, facts) for name in sorted(conditions.names(condition)) if name not in facts]
            case _:
                pass
    if places > limits.MAX_PLACES:
        found.append(
            problem(N_("The text has {count} places; at most {limit} are allowed."), count=places, limit=limits.MAX_PLACES)
        )
    return found


def _place_faults(name: str, used: str | None, facts: Mapping[str, Fact]) -> list[Problem]:
    if name not in facts:
        return [_unknown(name, facts)]
    kind = facts[name].type
    if kind in _SILENT:
        return [problem(N_("“{name}” cannot be written into a text; it may only stand in a condition."), name=name)]
    if used is None:
        return []
    if used not in FILTERS:
        return [problem(N_("There is no filter “{filter}”; there are: {filters}."), filter=used, filters=tuple(FILTERS))]
    if kind not in FILTERS[used]:
        return [problem(N_("The filter “{filter}” does not fit “{name}” of type {type}."), filter=used, name=name, type=kind)]
    return []


def _unknown(name: str, facts: Mapping[str, Fact]) -> Problem:
    if near := nearest(name, facts):
        return problem(N_("The text names “{name}”, which is not a declared fact; did you mean “{near}”?"), name=name, near=near)
    return problem(N_("The text names “{name}”, which is not a declared fact."), name=name)


def _walk(template: Template) -> Iterable[Piece]:
    for piece in template:
        yield piece
        if isinstance(piece, Either):
            yield from _walk(piece.then)
            yield from _walk(piece.otherwise)


def places(source: str) -> frozenset[tuple[str, str | None]]:
    """Give the places of a text (name, filter): a translation must not have others. Raises ``TemplateError``."""
    return frozenset((piece.name, piece.filter) for piece in _walk(parse(source)) if isinstance(piece, Place))


def longest(source: str, facts: Mapping[str, Fact]) -> int:
    """Give an upper bound of the rendered length in characters. Raises ``TemplateError``."""
    return _longest(parse(source), facts)


def _longest(template: Template, facts: Mapping[str, Fact]) -> int:
    total = 0
    for piece in template:
        match piece:
            case str():
                total += len(piece)
            case Place(name=name):
                text = name in facts and facts[name].type == "text"
                total += limits.MAX_TEXT_FACT if text else 40  # "poniedziałek, 30 września 2026, 10:00" is 37
            case Either(then=then, otherwise=otherwise):
                total += max(_longest(then, facts), _longest(otherwise, facts))
    return total


def render(source: str, declared: Mapping[str, Fact], values: Mapping[str, object], fmt: Format) -> str:
    """Write a text with its facts. ``values`` are the facts of a state; a fact without a value leaves its place empty.

    Raises ``TemplateError`` for a text that was never checked (a broken translation): the caller falls back to the source.
    """
    if is_plain(source):
        return source
    return _render(parse(source), declared, values, fmt).strip()


def _render(template: Template, declared: Mapping[str, Fact], values: Mapping[str, object], fmt: Format) -> str:
    parts: list[str] = []
    for piece in template:
        match piece:
            case str():
                parts.append(piece)
            case Place(name=name, filter=used):
                if name not in declared:
                    raise TemplateError(problem(N_("The text names “{name}”, which is not a declared fact."), name=name))
                parts.append(_write(declared[name].type, values.get(name), used, fmt))
            case Either(condition=condition, then=then, otherwise=otherwise):
                parts.append(_render(then if conditions.holds(condition, values) else otherwise, declared, values, fmt))
    return "".join(parts)


def _write(kind: str, value: object, used: str | None, fmt: Format) -> str:
    if value is None:
        return ""
    match kind, used:
        case "date", _:
            return fmt.day(date.fromisoformat(str(value)))
        case "instant", "day":
            return fmt.day(datetime.fromisoformat(str(value)))
        case "instant", "time":
            return fmt.time(datetime.fromisoformat(str(value)))
        case "instant", _:
            return fmt.instant(datetime.fromisoformat(str(value)))
        case "number", _:
            return fmt.number(value if isinstance(value, int) else Decimal(str(value)))
        case _:
            return str(value)
