"""A flow submits to a named act: its questions are compared with the act's input model before anybody is asked anything.

The convention: every question is a field of the model by the same name (an alias counts; ``-`` in a question's id may be ``_``
in the field's). A field whose question may stay unanswered - optional, or with a condition - must have a default. What each
type stores is in ``values``; the comparison hands the model a sample of the stored answers of each question, as JSON, so the
model may read ``"2026-01-13"`` as a date and ``"3.5"`` as a Decimal. A model with ``extra="allow"`` takes any question.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from konwent_bot.dialogue.flow import Flow
from konwent_bot.dialogue.lines import Lines
from konwent_bot.dialogue.loading import FlowProblem
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
from konwent_bot.dialogue.near import nearest
from konwent_bot.dialogue.values import Value
from konwent_bot.dialogue.wrong import shown
from konwent_bot.errors import N_

#: The registry: name of an act -> the model of what it takes.
Acts = Mapping[str, type[BaseModel]]


def compare(flow: Flow, acts: Acts, file: str) -> list[FlowProblem]:
    """Give every disagreement between a flow and the act it submits to."""
    lines = Lines(flow.text)
    name = flow.file.submit
    if name not in acts:
        at = lines.of(name="submit")
        if near := nearest(name, acts):
            return [
                FlowProblem(file, None, at, N_("There is no act “{name}”; did you mean “{near}”?"), {"name": name, "near": near})
            ]
        return [
            FlowProblem(
                file, None, at, N_("There is no act “{name}”; there are: {acts}."), {"name": name, "acts": tuple(sorted(acts))}
            )
        ]
    return list(_fields(flow, acts[name], file, lines))


def _fields(flow: Flow, act: type[BaseModel], file: str, lines: Lines) -> Iterator[FlowProblem]:
    fields = {_called(name, info): info for name, info in act.model_fields.items()}
    taken: set[str] = set()
    for index, question in enumerate(flow.questions):
        name = question.id if question.id in fields else question.id.replace("-", "_")
        info = fields.get(name)
        if info is None:
            if act.model_config.get("extra") != "allow":
                yield FlowProblem(
                    file, question.id, lines.of("questions", index, "id"),
                    N_("The act “{act}” does not take an answer to “{name}”."), {"act": flow.file.submit, "name": question.id},
                )  # fmt: skip
            continue
        taken.add(name)
        if info.is_required() and (question.when is not None or not question.required):
            yield FlowProblem(
                file, question.id, lines.of("questions", index, "when" if question.when is not None else "required"),
                N_("“{name}” may stay without an answer, but the act “{act}” always needs it."), {"act": flow.file.submit, "name": question.id},
            )  # fmt: skip
        refused = _refused(question, info)
        if refused is not None:
            yield FlowProblem(
                file, question.id, lines.of("questions", index, "type"),
                N_("The act “{act}” would refuse the answer {value} to “{name}”."),
                {"act": flow.file.submit, "name": question.id, "value": refused},
            )  # fmt: skip
    for name, info in fields.items():
        if name not in taken and info.is_required():
            yield FlowProblem(
                file, None, lines.of(name="submit"),
                N_("The act “{act}” needs “{name}”, and no question asks for it."), {"act": flow.file.submit, "name": name},
            )  # fmt: skip


def _called(name: str, info: FieldInfo) -> str:
    return info.validation_alias if isinstance(info.validation_alias, str) else info.alias or name


def _refused(question: Question, info: FieldInfo) -> str | None:
    """Give the first possible answer the field would not take."""
    # The field's own bounds belong to it: Annotated carries them together with the type.
    adapter: TypeAdapter[Any] = TypeAdapter(Annotated[info.annotation, info])
    for value in samples(question):
        try:
            adapter.validate_json(json.dumps(value))
        except ValidationError:
            return ", ".join(value) if isinstance(value, tuple) else shown(value)
    return None


def samples(question: Question) -> tuple[Value, ...]:  # noqa: C901 - one arm per type
    """Give stored answers that reach the ends of what a question accepts."""
    match question:
        case Single():
            return tuple(choice.id for choice in question.choices if not choice.retired)
        case Multi():
            live = [choice for choice in question.choices if not choice.retired]
            together = tuple(choice.id for choice in live if not choice.exclusive)[: question.max]
            return (
                *((choice.id,) for choice in live if question.min == 1 or choice.exclusive),
                *((together,) if together else ()),
            )
        case Slots():
            return (("a",), ("a", "b")) if question.max is None or question.max > 1 else (("a",),)
        case Scale():
            points: tuple[Value, ...] = tuple(range(question.low, question.high + 1))
            return (*points, UNKNOWN) if question.allow_unknown else points
        case NumberQuestion():
            low = question.min if question.min is not None else 0
            high = question.max if question.max is not None else max(low, 1)
            return (int(low), int(high)) if question.decimals == 0 else (str(low), str(high))
        case TextQuestion():
            return ("a", "ą" * question.max_chars)
        case DateQuestion():
            return tuple(day.isoformat() for day in (question.min, question.max) if day is not None) or ("2026-01-13",)
        case MomentQuestion():
            bounds = tuple(f"{moment:%Y-%m-%dT%H:%M}" for moment in (question.min, question.max) if moment is not None)
            return bounds or ("2026-01-13T10:30",)
        case TimeQuestion():
            return tuple(f"{hour:%H:%M}" for hour in (question.min, question.max) if hour is not None) or ("10:30",)
        case YesNo():
            return (True, False)
        case Confirm():
            return (True,)
