"""Reading flow files: all problems of a file at once, each with its place and a sentence; hostile files refused quickly."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from konwent_bot.dialogue import checking, limits, model, wrong
from konwent_bot.dialogue.checking import Found, Parts
from konwent_bot.dialogue.flow import Flow, ready
from konwent_bot.dialogue.lines import Lines
from konwent_bot.dialogue.model import Fact, FlowFile, Question, Section
from konwent_bot.dialogue.problem import Problem, problem
from konwent_bot.errors import N_, Invalid

#: Twenty names joined by dots. tomllib takes time quadratic in the length of such a key: one line of 1 MB would hang it.
_LONG_KEY: Final = re.compile(
    # Begun only where a name begins: tried at every letter of a long word the search would be quadratic itself.
    r"""(?:(?<![A-Za-z0-9_-])[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')(?:[ \t]*+\.[ \t]*+(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')){19,}+"""
)
#: Items of one list or table beyond which a file is not looked at any closer.
_CROWD: Final = 5 * limits.MAX_QUESTIONS
_AT: Final = re.compile(r"\(at line (\d+), column \d+\)\s*$")
_QUESTION: Final[TypeAdapter[Question]] = TypeAdapter(Question)
_TABLES: Final[Mapping[str, type[BaseModel]]] = {"facts": Fact, "sections": Section}


@dataclass(frozen=True, slots=True)
class FlowProblem:
    """One thing to mend in a flow file. ``line`` is from 1; ``question`` is the id as written, where there is one.

    A warning does not keep the flow from being used.
    """

    file: str
    question: str | None
    line: int
    msgid: str
    facts: Mapping[str, object]
    warning: bool = False

    @property
    def problem(self) -> Problem:
        """The sentence alone."""
        return Problem(self.msgid, self.facts)

    def __str__(self) -> str:
        """Say it in English on one line, for logs and tests."""
        place = f"{self.file}:{self.line}" + (f" [{self.question}]" if self.question else "")
        return f"{place}: {self.problem}"


class FlowInvalid(Invalid):
    """A flow file cannot be used; ``problems`` are all of them (warnings too)."""

    def __init__(self, problems: tuple[FlowProblem, ...]) -> None:
        first = next(one for one in problems if not one.warning)
        super().__init__(
            N_("The flow file {file} cannot be used (line {line}): {problem}"),
            file=first.file, line=first.line, problem=first.problem,
        )  # fmt: skip
        self.problems = problems


def load(source: Path | bytes, name: str | None = None) -> Flow:
    """Read one flow. Raises ``FlowInvalid`` with every problem of the file."""
    flow, problems = examine(source, name)
    if flow is None:
        raise FlowInvalid(problems)
    return flow


def examine(source: Path | bytes, name: str | None = None) -> tuple[Flow | None, tuple[FlowProblem, ...]]:
    """Read one flow and give it, unless it cannot be used, together with everything to mend. Never raises."""
    called = name or (source.name if isinstance(source, Path) else "flow.toml")
    text = _text(source)
    if isinstance(text, Problem):
        return None, (FlowProblem(called, None, 1, text.msgid, text.facts),)
    table = _parse(text)
    if isinstance(table, tuple):
        line, fault = table
        return None, (FlowProblem(called, None, line, fault.msgid, fault.facts),)
    return _examine(table, text, called)


def _text(source: Path | bytes) -> str | Problem:
    try:
        if isinstance(source, Path):
            with source.open("rb") as file:  # one byte more than allowed tells too big from just fitting
                raw = file.read(limits.MAX_FILE_BYTES + 1)
        else:
            raw = source
    except OSError:
        return problem(N_("The file cannot be read."))
    if len(raw) > limits.MAX_FILE_BYTES:
        return problem(N_("The file is larger than {limit} bytes."), limit=limits.MAX_FILE_BYTES)
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return problem(N_("The file is not written in UTF-8. Save it as UTF-8."))


def _parse(text: str) -> dict[str, Any] | tuple[int, Problem]:
    if found := _LONG_KEY.search(text):
        return text.count("\n", 0, found.start()) + 1, _too_deep()
    try:
        table = tomllib.loads(text, parse_float=Decimal)
    except RecursionError:
        return 1, _too_deep()
    except tomllib.TOMLDecodeError as error:
        at = _AT.search(str(error))
        line = int(at[1]) if at else text.count("\n") + 1
        return line, problem(
            N_("The file is not valid TOML here: check quotes, brackets and the = sign; no field may stand twice.")
        )
    except (ValueError, ArithmeticError):  # a number of more than 4300 digits
        return 1, problem(N_("The file holds a number that is too long."))
    if _deeper(table, limits.MAX_DEPTH):
        return 1, _too_deep()
    if crowd := _crowd(table):
        name, count = crowd
        return Lines(text).of(name=name), problem(
            N_("“{field}” has {count} items; nobody needs that many."), field=name[:40], count=count
        )
    return table


def _too_deep() -> Problem:
    return problem(N_("The file has more than {limit} tables or lists inside one another."), limit=limits.MAX_DEPTH)


def _deeper(value: object, left: int) -> bool:
    if left < 0:
        return True
    below: Iterable[object] = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(_deeper(item, left - 1) for item in below if isinstance(item, (dict, list)))


def _crowd(value: object, name: str = "TOML") -> tuple[str, int] | None:
    """Find a list or table longer than any may be: its items would make hundreds of thousands of problems."""
    if not isinstance(value, (list, dict)):
        return None
    if len(value) > _CROWD:
        return name, len(value)
    below: Iterable[tuple[str, object]] = value.items() if isinstance(value, dict) else ((name, item) for item in value)
    return next((found for key, item in below if (found := _crowd(item, key)) is not None), None)


def _examine(table: dict[str, Any], text: str, called: str) -> tuple[Flow | None, tuple[FlowProblem, ...]]:
    lines = Lines(text)
    found: list[Found] = []
    file: FlowFile | None = None
    try:
        file = FlowFile.model_validate(table)
    except ValidationError as error:
        # A hostile file can hold hundreds of thousands of errors; the first few hundred are more than anybody reads.
        found += _shape(error.errors(include_url=False)[: 2 * limits.MAX_PROBLEMS], table)
    except RecursionError:
        found.append(Found(_too_deep()))
    if len(found) < limits.MAX_PROBLEMS:
        found += checking.check(_parts(table))
    ids = _ids(table.get("questions"), "id")
    problems = tuple(sorted((_place(one, lines, called, ids) for one in found[: limits.MAX_PROBLEMS]), key=lambda one: one.line))
    if file is None or any(not one.warning for one in problems):
        return None, problems
    return ready(file, text), problems


def _place(one: Found, lines: Lines, called: str, ids: tuple[str | None, ...]) -> FlowProblem:
    question = ids[one.index] if one.table == "questions" and one.index < len(ids) else None
    if one.table is not None and one.field is not None and one.item is not None:
        line = lines.item(one.table, one.index, one.field, one.item)
    else:
        line = lines.of(one.table, one.index, one.field)
    return FlowProblem(
        called, None if question is None else question[:40], line, one.problem.msgid, one.problem.facts, one.warning
    )


def _shape(errors: Iterable[ErrorDetails], table: Mapping[str, Any]) -> list[Found]:
    """Translate pydantic's errors, each with its place."""
    # A bound is int or Decimal; what is neither is told once.
    told = [(error, _found(error, table)) for error in errors if error["loc"][-1:] != ("int",)]
    meant = {(error["loc"][:-1], one.problem.facts.get("near")) for error, one in told if error["type"] == "extra_forbidden"}
    # `promt` is told as a misspelt `prompt`, not as a missing one too.
    return [one for error, one in told if error["type"] != "missing" or (error["loc"][:-1], error["loc"][-1]) not in meant]


def _found(error: ErrorDetails, table: Mapping[str, Any]) -> Found:
    where = list(error["loc"])  # for example (questions, 3, single, choices, 2, label)
    if len(where) >= 2 and where[0] in ("facts", "sections", "questions") and isinstance(where[1], int):
        return _row(error, str(where[0]), where[1], where[2:], table)
    field = str(where[0]) if where else ""
    return Found(wrong.say(error, field, FlowFile), field=field)


def _row(error: ErrorDetails, name: str, index: int, rest: list[int | str], table: Mapping[str, Any]) -> Found:
    known: type[BaseModel] | None = _TABLES.get(name)
    if name == "questions" and rest and rest[0] in wrong.TYPES:
        known = wrong.TYPES[str(rest.pop(0))]
    fields = [str(part) for part in rest if isinstance(part, str) and part != "decimal"]
    top = fields[0] if fields else None
    if top == "choices" and name == "questions":
        known = model.Choice if len(fields) > 1 else known
        item = next((part for part in rest if isinstance(part, int)), None)
        key = _choice_key(table, index, item)
        said = wrong.say(error, fields[-1], known)
        return Found(said, name, index, top, key)
    field = fields[-1] if fields else name.removesuffix("s")
    if error["type"] == "union_tag_invalid":
        top = "type"
    return Found(wrong.say(error, field, known), name, index, top)


def _choice_key(table: Mapping[str, Any], index: int, item: int | None) -> str | None:
    try:
        choice = table["questions"][index]["choices"][item]
        key = choice.get("id") or choice.get("label")
    except (LookupError, TypeError, AttributeError):
        return None
    return key if isinstance(key, str) else None


def _parts(table: Mapping[str, Any]) -> Parts:
    questions = _rows(table.get("questions"))
    return Parts(
        facts=tuple(_read(Fact.model_validate, row) for row in _rows(table.get("facts"))),
        sections=tuple(_read(Section.model_validate, row) for row in _rows(table.get("sections"))),
        questions=tuple(_read(_QUESTION.validate_python, row) for row in questions[: limits.MAX_QUESTIONS]),
        ids=_ids(table.get("questions"), "id")[: limits.MAX_QUESTIONS],
        fact_ids=_ids(table.get("facts"), "id"),
        section_ids=_ids(table.get("sections"), "id"),
        texts={name: value for name in ("title", "intro", "thanks") if isinstance(value := table.get(name), str)},
    )  # fmt: skip


def _rows(value: object) -> list[object]:
    return value[: limits.MAX_QUESTIONS] if isinstance(value, list) else []


def _ids(value: object, field: str) -> tuple[str | None, ...]:
    return tuple(
        row[field] if isinstance(row, dict) and isinstance(row.get(field), str) else None for row in _rows(value)
    )  # fmt: skip


def _read(read: Any, row: object) -> Any:
    try:
        return read(row)
    except ValidationError:
        return None


class Shelf:
    """The flows of one directory: those that can be used, and everything to mend in the others."""

    def __init__(self, flows: Mapping[str, Flow], problems: tuple[FlowProblem, ...]) -> None:
        self.flows = dict(flows)
        self.problems = problems

    @classmethod
    def load(cls, directory: Path) -> Shelf:
        """Read every ``*.toml`` of a directory (not below it), in the order of names. Never raises."""
        flows: dict[str, Flow] = {}
        problems: list[FlowProblem] = []
        for path in sorted(directory.glob("*.toml")):
            flow, found = examine(path)
            problems += found
            if flow is None:
                continue
            if flow.id in flows:
                msgid = N_("The flow “{name}” stands in two files.")
                problems.append(FlowProblem(path.name, None, Lines(flow.text).of(name="id"), msgid, {"name": flow.id}))
                continue
            flows[flow.id] = flow
        return cls(flows, tuple(problems))

    def __getitem__(self, flow: str) -> Flow:
        """Give a flow by id. Raises ``KeyError``."""
        return self.flows[flow]
