"""Conditions: written in Jinja's expression syntax, meant as four nodes - compare, not, all, any - and nothing else.

Jinja's parser is only the front end: its tree is lowered here and every other node is refused, so nothing is ever evaluated
as Jinja or as Python (the sandbox would happily build a 100 MB string, pallets/jinja#2149).

A comparison with a question that has no answer is false, ``!=`` and ``not in`` included; ``not`` is plain negation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final, Literal, TypeAlias

from jinja2 import TemplateSyntaxError, nodes
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment

from konwent_bot.dialogue import limits
from konwent_bot.dialogue.problem import Problem, problem
from konwent_bot.errors import N_

Scalar: TypeAlias = str | int | bool | Decimal
Operand: TypeAlias = Scalar | tuple[Scalar, ...]
#: ``has`` and ``lacks`` are membership of a choice in a multiple answer: ``"other" in barriers``.
Op: TypeAlias = Literal["==", "!=", "<", "<=", ">", ">=", "in", "not in", "has", "lacks"]
Known: TypeAlias = Mapping[str, object]
Predicate: TypeAlias = Callable[[Known], bool]

_OPS: Final[Mapping[str, Op]] = {
    "eq": "==", "ne": "!=", "lt": "<", "lteq": "<=", "gt": ">", "gteq": ">=", "in": "in", "notin": "not in",
}  # fmt: skip
_TURNED: Final[Mapping[Op, Op]] = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


@dataclass(frozen=True, slots=True)
class Compare:
    """``name op operand``; the name is of a question or of a fact."""

    name: str
    op: Op
    operand: Operand


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of ``item``."""

    item: Condition


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every item holds."""

    items: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one item holds."""

    items: tuple[Condition, ...]


Condition: TypeAlias = Compare | Not | AllOf | AnyOf


class ConditionError(ValueError):
    """The text is not a condition; ``problem`` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


ENVIRONMENT: Final = ImmutableSandboxedEnvironment(autoescape=False)


def parse(source: str) -> Condition:
    """Read a condition of at most 500 characters. Raises ``ConditionError``."""
    if len(source) > limits.MAX_CONDITION:
        raise _error(
            N_("The condition has {length} characters; at most {limit} are allowed."),
            length=len(source),
            limit=limits.MAX_CONDITION,
        )
    try:
        parser = Parser(ENVIRONMENT, source, state="variable")
        tree = parser.parse_expression()
        rest = None if parser.stream.eos else str(parser.stream.current)
    except (TemplateSyntaxError, ValueError) as error:
        raise _error(N_("The condition cannot be read: check quotes, brackets and the words and, or, not, in.")) from error
    except RecursionError:
        raise _error(N_("The condition has too many brackets inside one another.")) from None
    if rest is not None:  # Jinja's parser stops at the first thing it does not need
        raise _error(N_("The condition ends with something left over: “{rest}”."), rest=rest[:40])
    return lower(tree)


def lower(tree: nodes.Node, depth: int = 1) -> Condition:
    """Turn Jinja's tree into a condition. Raises ``ConditionError`` for any node that is not one of the four."""
    if depth > limits.MAX_DEPTH:
        raise _error(N_("The condition has too many brackets inside one another."))
    match tree:
        case nodes.And() | nodes.Or():
            kind = type(tree)
            items: list[Condition] = []
            for side in (tree.left, tree.right):
                below = lower(side, depth + 1)
                same = AllOf if kind is nodes.And else AnyOf
                items += below.items if isinstance(below, same) else (below,)  # a and b and c is one list, not a ladder
            return AllOf(tuple(items)) if kind is nodes.And else AnyOf(tuple(items))
        case nodes.Not():
            return Not(lower(tree.node, depth + 1))
        case nodes.Compare():
            return _compare(tree)
        case nodes.Name():
            return Compare(tree.name, "==", True)  # `works` is short for `works == true`; the checker sees to the type
        case _:
            _refuse_hyphen(tree)
            raise _error(N_("A condition may only compare answers with values and join comparisons by and, or, not."))


def _refuse_hyphen(tree: nodes.Node) -> None:
    """Say what is wrong with ``quality-why``, which reads as a subtraction."""
    if isinstance(tree, nodes.Sub):
        parts = [node.name for node in tree.find_all(nodes.Name)]
        if len(parts) > 1:
            raise _error(N_("A condition cannot name “{name}”: use _ instead of - in names."), name="-".join(parts)[:40])


def _compare(tree: nodes.Compare) -> Condition:
    parts: list[Condition] = []
    left = tree.expr
    for operand in tree.ops:
        parts.append(_pair(left, _OPS[operand.op], operand.expr))
        left = operand.expr
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts))


def _pair(left: nodes.Expr, op: Op, right: nodes.Expr) -> Compare:
    _refuse_hyphen(left)
    _refuse_hyphen(right)
    match left, right:
        case nodes.Name(), nodes.Name():
            raise _error(N_("“{left}” is compared with “{right}”: compare an answer with a value, and put text in quotes."),
                         left=left.name, right=right.name)  # fmt: skip
        case nodes.Name(name=name), nodes.List() | nodes.Tuple() if op in ("in", "not in"):
            values = tuple(_value(item) for item in right.items)
            if not values:
                raise _error(N_("The list after “{name} in” is empty."), name=name)
            return Compare(name, op, values)
        case nodes.Const(), nodes.Name(name=name) if op in ("in", "not in"):
            return Compare(name, "has" if op == "in" else "lacks", _value(left))
        case nodes.Name(name=name), _ if op in _TURNED:
            return Compare(name, op, _value(right))
        case _, nodes.Name(name=name) if op in _TURNED:
            return Compare(name, _TURNED[op], _value(left))
        case _:
            raise _error(N_("A condition may only compare answers with values and join comparisons by and, or, not."))


def _value(tree: nodes.Expr) -> Scalar:
    match tree:
        case nodes.Const(value=bool() | str() as value):
            return value
        case nodes.Const(value=int() as value) if abs(value) <= limits.MAX_NUMBER:
            return value
        case nodes.Const(value=float() as value) if abs(value) <= limits.MAX_NUMBER:
            return Decimal(repr(value))
        case nodes.Neg(node=nodes.Const(value=int() | float()) as inner) if not isinstance(inner.value, bool):
            number = _value(inner)
            return -number if isinstance(number, (int, Decimal)) else number
        case nodes.Name(name=name):
            raise _error(N_("“{name}” stands where a value should: put text in quotes."), name=name)
        case _:
            raise _error(N_("A condition may only compare answers with values and join comparisons by and, or, not."))


def names(condition: Condition) -> frozenset[str]:
    """Give the questions and facts a condition asks about."""
    return frozenset(item.name for item in comparisons(condition))


def comparisons(condition: Condition) -> Iterable[Compare]:
    """Walk through the comparisons of a condition, left to right."""
    match condition:
        case Compare():
            yield condition
        case Not(item=item):
            yield from comparisons(item)
        case AllOf(items=items) | AnyOf(items=items):
            for item in items:
                yield from comparisons(item)


def negated(condition: Condition) -> frozenset[str]:
    """Give the names that stand under a ``not``: with no answer the comparison is false, so its ``not`` is true."""
    match condition:
        case Compare():
            return frozenset()
        case Not(item=item):
            return names(item)
        case AllOf(items=items) | AnyOf(items=items):
            return frozenset().union(*(negated(item) for item in items))


def canonical(condition: Condition) -> list[object]:
    """Give the meaning as plain JSON lists: equal for texts that differ only in spaces, quotes and needless brackets."""
    match condition:
        case Compare(name=name, op=op, operand=operand):
            values = [_plain(item) for item in operand] if isinstance(operand, tuple) else _plain(operand)
            return [op, name, values]
        case Not(item=item):
            return ["not", canonical(item)]
        case AllOf(items=items):
            return ["all", *(canonical(item) for item in items)]
        case AnyOf(items=items):
            return ["any", *(canonical(item) for item in items)]


def _plain(value: Scalar) -> object:
    return str(value) if isinstance(value, Decimal) else value


def holds(condition: Condition, known: Known) -> bool:
    """Tell whether a condition is true of what is known (answers on the path and facts, by name)."""
    return predicate(condition)(known)


def predicate(condition: Condition) -> Predicate:
    """Prepare a condition for many questions: a closure per node, made once when the flow is loaded."""
    match condition:
        case Compare():
            return _test(condition)
        case Not(item=item):
            inner = predicate(item)
            return lambda known: not inner(known)
        case AllOf(items=items):
            every = tuple(predicate(item) for item in items)
            return lambda known: all(test(known) for test in every)
        case AnyOf(items=items):
            some = tuple(predicate(item) for item in items)
            return lambda known: any(test(known) for test in some)


def _test(compare: Compare) -> Predicate:
    name, operand = compare.name, compare.operand
    match compare.op:
        case "==":
            return lambda known: (value := known.get(name)) is not None and _same(value, operand)
        case "!=":
            return lambda known: (value := known.get(name)) is not None and not _same(value, operand)
        case "in":
            return lambda known: (value := known.get(name)) is not None and _among(value, operand)
        case "not in":
            return lambda known: (value := known.get(name)) is not None and not _among(value, operand)
        case "has":
            return lambda known: (value := known.get(name)) is not None and isinstance(value, tuple) and operand in value
        case "lacks":
            return lambda known: (value := known.get(name)) is not None and isinstance(value, tuple) and operand not in value
        case op:
            return lambda known: _order(known.get(name), op, operand)


def _same(value: object, operand: object) -> bool:
    if value == operand:
        return True
    return isinstance(operand, (int, Decimal)) and isinstance(value, str) and _number(value) == operand


def _among(value: object, operand: Operand) -> bool:
    return isinstance(operand, tuple) and any(_same(value, item) for item in operand)


def _order(value: object, op: Op, operand: Operand) -> bool:
    """Compare numbers as numbers and ISO days and hours as text; anything else (an unknown scale answer) is false."""
    left: int | Decimal | str | None
    if isinstance(operand, str):
        left = value if isinstance(value, str) else None
    else:
        left = value if isinstance(value, int) else _number(value) if isinstance(value, str) else None
    if left is None or isinstance(operand, tuple):
        return False
    match op:
        case "<":
            return left < operand  # type: ignore[operator]  # both are text or both are numbers, see above
        case "<=":
            return left <= operand  # type: ignore[operator]  # as above
        case ">":
            return left > operand  # type: ignore[operator]  # as above
        case _:
            return left >= operand  # type: ignore[operator]  # as above


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _error(msgid: str, **facts: object) -> ConditionError:
    return ConditionError(problem(msgid, **facts))
