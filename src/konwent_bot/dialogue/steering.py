"""Whether a condition makes sense where it stands: only what is known, may steer and can be compared that way."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

from konwent_bot.dialogue import conditions
from konwent_bot.dialogue.conditions import Compare, Condition, Scalar
from konwent_bot.dialogue.model import (
    UNKNOWN,
    Confirm,
    DateQuestion,
    Fact,
    Multi,
    NumberQuestion,
    Question,
    Scale,
    Single,
    TimeQuestion,
    YesNo,
)
from konwent_bot.dialogue.near import nearest
from konwent_bot.dialogue.problem import Problem, problem
from konwent_bot.errors import N_

Kind: TypeAlias = Literal["choice", "marks", "number", "yesno", "day", "hour", "nothing"]
_ISO = {"day": re.compile(r"\d{4}-\d\d-\d\d\Z"), "hour": re.compile(r"\d\d:\d\d\Z")}


@dataclass(frozen=True, slots=True)
class Subject:
    """What a condition may say about one question or fact. ``sure`` means it always has an answer once it was reached."""

    kind: Kind
    values: tuple[str, ...] = ()
    bounds: tuple[Decimal | int | None, Decimal | int | None] = (None, None)
    sure: bool = False


def subject(question: Question) -> Subject:
    """Describe a question as something to steer by."""
    sure = question.required and question.when is None
    match question:
        case Single():
            return Subject("choice", tuple(choice.id for choice in question.choices), sure=sure)
        case Multi():
            return Subject("marks", tuple(choice.id for choice in question.choices), sure=sure)
        case Scale():
            bounds = (
                (question.low, question.high) if question.low < question.high else (None, None)
            )  # else it is told once already
            return Subject("number", (UNKNOWN,) if question.allow_unknown else (), bounds, sure)
        case NumberQuestion():
            return Subject("number", (), (question.min, question.max), sure)
        case YesNo() | Confirm():
            return Subject("yesno", sure=sure)
        case DateQuestion():
            return Subject("day", sure=sure)
        case TimeQuestion():
            return Subject("hour", sure=sure)
        case _:  # free text and slots: nobody knows beforehand what will stand there
            return Subject("nothing")


def fact_subject(fact: Fact) -> Subject:
    """Describe a fact as something to steer by."""
    match fact.type:
        case "choice":
            return Subject("choice", fact.choices or (), sure=True)
        case "number":
            return Subject("number", sure=True)
        case "yesno":
            return Subject("yesno", sure=True)
        case _:
            return Subject("nothing", sure=True)


def faults(condition: Condition, earlier: Mapping[str, Subject], later: Iterable[str]) -> list[Problem]:
    """Check a condition against what stands before it; ``later`` are the names that exist but come later (or are itself)."""
    found: list[Problem] = []
    ahead = set(later)
    for compare in conditions.comparisons(condition):
        if compare.name in earlier:
            found += _compare_faults(compare, earlier[compare.name])
        elif compare.name in ahead:
            found.append(problem(N_("The condition names “{name}”, which is not asked before this question."), name=compare.name))
        elif near := nearest(compare.name, (*earlier, *ahead)):
            found.append(problem(N_("There is no question “{name}”; did you mean “{near}”?"), name=compare.name, near=near))
        else:
            found.append(problem(N_("There is no question “{name}”."), name=compare.name))
    return list({str(one): one for one in found}.values())


def unsure(condition: Condition, earlier: Mapping[str, Subject]) -> tuple[str, ...]:
    """Give the names under ``not`` that may have no answer: with none, the ``not`` holds, which is rarely meant."""
    return tuple(sorted(name for name in conditions.negated(condition) if name in earlier and not earlier[name].sure))


def _compare_faults(compare: Compare, told: Subject) -> list[Problem]:
    name, op = compare.name, compare.op
    operands: tuple[Scalar, ...] = compare.operand if isinstance(compare.operand, tuple) else (compare.operand,)
    match told.kind:
        case "nothing":
            return [problem(N_("“{name}” cannot steer the conversation: it is free text or known only later."), name=name)]
        case "marks" if op not in ("has", "lacks"):
            return [
                problem(N_('“{name}” may have several answers: write "{choice}" in {name}.'), name=name, choice=told.values[0])
            ]
        case _ if op in ("has", "lacks") and told.kind != "marks":
            return [problem(N_('“{name}” has one answer: write {name} in ["…"] or {name} == …'), name=name)]
        case "choice" | "yesno" | "marks" if op in ("<", "<=", ">", ">="):
            return [problem(N_("“{name}” has no order: it can be equal or not, not smaller or larger."), name=name)]
        case _:
            return [fault for operand in operands if (fault := _operand_fault(compare, operand, told)) is not None]


def _operand_fault(compare: Compare, operand: Scalar, told: Subject) -> Problem | None:
    name, op = compare.name, compare.op
    match told.kind, operand:
        case "choice" | "marks", str():
            return None if operand in told.values else _no_choice(name, operand, told.values)
        case "yesno", bool():
            return None
        case "number", bool():
            pass
        case "number", int() | Decimal():
            return _out_of_reach(name, op, operand, told)
        case "number", str() if operand in told.values and op in ("==", "!=", "in", "not in"):
            return None
        case ("day" | "hour") as kind, str() if _ISO[kind].match(operand):
            return None
        case _:
            pass
    if isinstance(operand, bool):
        return problem(N_("“{name}” is not a yes/no question: write what its answer is compared with."), name=name)
    return problem(N_("“{name}” is compared with “{value}”, which is another kind of value."), name=name, value=str(operand)[:40])


def _no_choice(name: str, operand: str, values: tuple[str, ...]) -> Problem:
    if near := nearest(operand, values):
        return problem(N_("“{name}” has no choice “{choice}”; did you mean “{near}”?"), name=name, choice=operand[:40], near=near)
    return problem(N_("“{name}” has no choice “{choice}”; it has: {choices}."), name=name, choice=operand[:40], choices=values)


def _out_of_reach(name: str, op: str, operand: int | Decimal, told: Subject) -> Problem | None:
    low, high = told.bounds
    never = (
        (low is not None and ((op in ("==", "in", "<=") and operand < low) or (op == "<" and operand <= low)))
        or (high is not None and ((op in ("==", "in", ">=") and operand > high) or (op == ">" and operand >= high)))
    )  # fmt: skip
    if not never:
        return None
    return problem(
        N_("The comparison {name} {op} {value} can never hold: the answer is from {low} to {high}."),
        name=name, op=op, value=operand, low="…" if low is None else low, high="…" if high is None else high,
    )  # fmt: skip
