"""Pydantic's errors in the house's words: English library text never reaches a person who writes a flow."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final, get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from konwent_bot.dialogue import model
from konwent_bot.dialogue.near import nearest
from konwent_bot.dialogue.problem import Problem, problem
from konwent_bot.errors import N_

#: The question types by their name in the file.
TYPES: Final[Mapping[str, type[BaseModel]]] = {
    get_args(kind.model_fields["type"].annotation)[0]: kind for kind in get_args(get_args(model.Question)[0])
}
_KINDS: Final[Mapping[str, str]] = {
    "string_type": N_("text in quotes"),
    "int_type": N_("a whole number"),
    "int_from_float": N_("a whole number"),
    "bool_type": N_("true or false"),
    "date_type": N_("a date such as 2026-01-13, without quotes"),
    "time_type": N_("an hour such as 10:30:00, without quotes"),
    "decimal_type": N_("a number"),
    "is_instance_of": N_("a number"),  # a Decimal is the only class the models ask for
    "finite_number": N_("a number"),
    "list_type": N_("a list in square brackets"),
    "tuple_type": N_("a list in square brackets"),
    "model_type": N_("a table of fields"),
    "model_attributes_type": N_("a table of fields"),
    "dict_type": N_("a table of fields"),
}


def say(error: ErrorDetails, field: str, known: type[BaseModel] | None) -> Problem:  # noqa: C901 - one arm per kind
    """Say one pydantic error about ``field``; ``known`` is the model whose fields a misspelt one is compared with."""
    context: dict[str, Any] = error.get("ctx", {})
    match error["type"]:
        case "missing":
            return problem(N_("The field “{field}” is missing."), field=field)
        case "extra_forbidden":
            names = _fields(known) if known is not None else ()
            if near := nearest(field, names):
                return problem(N_("There is no field “{field}”; did you mean “{near}”?"), field=field[:40], near=near)
            return problem(N_("There is no field “{field}” here."), field=field[:40])
        case "union_tag_not_found":
            return problem(N_("The field “{field}” is missing."), field="type")
        case "union_tag_invalid":
            tag = str(context.get("tag", ""))[:40]
            if near := nearest(tag, TYPES):
                return problem(N_("There is no question type “{type}”; did you mean “{near}”?"), type=tag, near=near)
            return problem(N_("There is no question type “{type}”; there are: {types}."), type=tag, types=tuple(TYPES))
        case "string_pattern_mismatch" if field == "submit":
            return problem(
                N_("“submit” should be the name of an act, such as card.submit, not “{value}”."), value=shown(error["input"])
            )
        case "string_pattern_mismatch":
            return problem(
                N_("“{value}” cannot be a name: use small letters a-z, digits, - and _, at most 40, a letter first."),
                value=shown(error["input"]),
            )
        case "string_too_short":
            return problem(N_("The field “{field}” is empty."), field=field)
        case "string_too_long":
            length = len(error["input"]) if isinstance(error["input"], str) else 0
            return problem(
                N_("The field “{field}” has {length} characters; at most {limit} are allowed."),
                field=field, length=length, limit=context.get("max_length", 0),
            )  # fmt: skip
        case "too_long":
            return problem(
                N_("“{field}” has {count} items; at most {limit} are allowed."),
                field=field, count=_count(error["input"]), limit=context.get("max_length", 0),
            )  # fmt: skip
        case "too_short":
            return problem(N_("“{field}” is empty; at least one is needed."), field=field)
        case "greater_than_equal":
            return problem(N_("“{field}” is {value}; it must not be smaller than {limit}."),
                           field=field, value=shown(error["input"]), limit=context.get("ge", ""))  # fmt: skip
        case "less_than_equal":
            return problem(N_("“{field}” is {value}; it must not be larger than {limit}."),
                           field=field, value=shown(error["input"]), limit=context.get("le", ""))  # fmt: skip
        case "literal_error" if field == "schema":
            return problem(N_("This program reads flows with schema = 1, not {value}."), value=shown(error["input"]))
        case "literal_error":
            return problem(N_("“{field}” is “{value}”; it may be: {expected}."),
                           field=field, value=shown(error["input"]), expected=_expected(context))  # fmt: skip
        case kind if kind in _KINDS:
            return problem(N_("“{field}” should be {kind}, not “{value}”."),
                           field=field, kind=problem(_KINDS[kind]), value=shown(error["input"]))  # fmt: skip
        case _:  # a kind of error these models cannot give today; the field and its place still help
            return problem(N_("The field “{field}” has a value that does not fit."), field=field)


def shown(value: object) -> str:
    """Give a value from a file, shortened; never the text of something enormous (a number of a million digits)."""
    match value:
        case str():
            return value[:40]
        case bool():
            return "true" if value else "false"
        case int():
            return str(value) if abs(value) < 10**20 else "…"
        case Decimal():
            text = str(value)
            return text if len(text) <= 40 else "…"
        case float() | date() | datetime() | time():
            return str(value)
        case list():
            return "[…]"
        case dict():
            return "{…}"
        case _:
            return "…"


def _fields(known: type[BaseModel]) -> tuple[str, ...]:
    return tuple(info.alias or name for name, info in known.model_fields.items())


def _count(value: object) -> int:
    return len(value) if isinstance(value, (list, tuple)) else 0


def _expected(context: Mapping[str, Any]) -> str:
    return str(context.get("expected", "")).replace("'", "").replace(" or ", ", ")
