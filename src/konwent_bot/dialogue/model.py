"""What a flow file may say, as pydantic models: strict, frozen, nothing unknown allowed.

``FlowFile`` is the file; ``flow.Flow`` is the file made ready to run. The published JSON Schema (``flows/schema``) is made from
these models, so the descriptions here are what an editor shows to a person writing a flow.
"""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, WithJsonSchema

from konwent_bot.dialogue import limits

#: What a scale stores for "I do not know": a value of its own, never a number.
UNKNOWN = "unknown"

Id: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]


def _text(limit: int) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=limit)


Prompt: TypeAlias = Annotated[str, _text(limits.MAX_PROMPT)]
Note: TypeAlias = Annotated[str, _text(limits.MAX_NOTE)]
Short: TypeAlias = Annotated[str, _text(limits.MAX_SHORT)]
Label: TypeAlias = Annotated[str, _text(limits.MAX_LABEL)]
Title: TypeAlias = Annotated[str, _text(limits.MAX_TITLE)]
Long: TypeAlias = Annotated[str, _text(limits.MAX_LONG)]
#: TOML numbers are read exactly: whole ones as int, others as Decimal, never as float.
Number: TypeAlias = Annotated[
    int | Decimal, Field(ge=-limits.MAX_NUMBER, le=limits.MAX_NUMBER), WithJsonSchema({"type": "number"})
]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


class Choice(_Strict):
    """One answer to choose."""

    id: Id
    label: Label
    exclusive: bool = Field(default=False, description="Cannot be marked together with others (for example: none of these).")
    retired: bool = Field(default=False, description="No longer offered; kept so that old answers can still be read.")


#: TOML gives lists; tuples keep a loaded flow unchangeable.
Choices: TypeAlias = Annotated[tuple[Choice, ...], Field(strict=False, min_length=1, max_length=limits.MAX_CHOICES)]
Ids: TypeAlias = Annotated[tuple[Id, ...], Field(strict=False, min_length=1, max_length=limits.MAX_CHOICES)]


class Fact(_Strict):
    """A value given when the conversation starts and kept in its state."""

    id: Id
    type: Literal["text", "date", "instant", "number", "yesno", "choice", "slots"]
    choices: Ids | None = Field(default=None, description="What a fact of type choice may be.")


class Section(_Strict):
    """A heading over questions that stand together."""

    id: Id
    title: Title


class _Asked(_Strict):
    id: Id
    section: Id
    prompt: Prompt
    short: Short = Field(description="The label of the answer in the review, in results and in tables.")
    why: Note = Field(description="Why we ask. Shown with every question.")
    who_sees: Note = Field(description="Who will see the answer. Shown with every question.")
    when: str | None = Field(
        default=None, max_length=limits.MAX_CONDITION, description='Ask only if this holds: quality <= 2 and "law" in barriers'
    )
    required: bool = True
    sensitive: bool = Field(default=False, description="Never in logs or previews; separate access in results.")


class Single(_Asked):
    """Choose one."""

    type: Literal["single"]
    choices: Choices


class Multi(_Asked):
    """Mark any number between ``min`` and ``max``."""

    type: Literal["multi"]
    choices: Choices
    min: int = Field(default=1, ge=1, le=limits.MAX_CHOICES)
    max: int | None = Field(default=None, ge=1, le=limits.MAX_CHOICES)


class Scale(_Asked):
    """A whole number from ``low`` to ``high``, both ends named."""

    type: Literal["scale"]
    low: int = Field(ge=0, le=100)
    high: int = Field(ge=1, le=100)
    low_label: Label
    high_label: Label
    labels: Annotated[tuple[Label, ...], Field(strict=False, max_length=limits.MAX_SCALE)] | None = Field(
        default=None, description="A name for every point, from low to high."
    )
    allow_unknown: bool = Field(default=False, description="Offer “I do not know / does not apply”, stored as its own value.")
    unknown_label: Label = "Nie wiem / nie dotyczy"


class NumberQuestion(_Asked):
    """A number, whole unless ``decimals`` says otherwise."""

    type: Literal["number"]
    min: Number | None = None
    max: Number | None = None
    decimals: int = Field(default=0, ge=0, le=limits.MAX_DECIMALS)


class TextQuestion(_Asked):
    """Free text; checked for personal data before it is stored."""

    type: Literal["text"]
    max_chars: int = Field(default=1000, ge=1, le=limits.MAX_TEXT_ANSWER)
    multiline: bool = False
    guard: Literal["strict", "warn"] = Field(
        default="strict",
        description="Personal data: strict refuses phones and addresses too, warn lets them through after a warning.",
    )


class _Dated(_Asked):
    """What days there are to choose from, beside fixed bounds: those between two facts."""

    earliest: Id | None = Field(
        default=None, description="The fact of type date before which no day may lie (today, for example)."
    )
    latest: Id | None = Field(default=None, description="The fact of type date after which no day may lie.")


class DateQuestion(_Dated):
    """A day."""

    type: Literal["date"]
    min: date | None = None
    max: date | None = None


class MomentQuestion(_Dated):
    """A day with an hour of local time."""

    type: Literal["moment"]
    min: datetime | None = None
    max: datetime | None = None


class TimeQuestion(_Asked):
    """An hour and minute of local time."""

    type: Literal["time"]
    min: time | None = None
    max: time | None = None


class YesNo(_Asked):
    """Yes or no."""

    type: Literal["yesno"]


class Confirm(_Asked):
    """One button that confirms; the only answer is yes."""

    type: Literal["confirm"]
    label: Label


class Slots(_Asked):
    """Mark any number of what a fact offers (for example proposed days)."""

    type: Literal["slots"]
    source: Id = Field(alias="from", description="The fact of type slots that holds what is offered.")
    min: int = Field(default=1, ge=1, le=limits.MAX_CHOICES)
    max: int | None = Field(default=None, ge=1, le=limits.MAX_CHOICES)


Question: TypeAlias = Annotated[
    Single
    | Multi
    | Scale
    | NumberQuestion
    | TextQuestion
    | DateQuestion
    | MomentQuestion
    | TimeQuestion
    | YesNo
    | Confirm
    | Slots,
    Field(discriminator="type"),
]


class FlowFile(_Strict):
    """A conversation: what is asked, in what order, and to which act the answers go."""

    model_config = ConfigDict(title="A flow of konwent-bot")

    schema_: Literal[1] = Field(alias="schema", description="The version of this format.")
    id: Id
    version: int = Field(ge=1, le=10_000, description="Raise it whenever questions, choices or conditions change.")
    language: Literal["pl"] = Field(description="The language of the texts below; translations stand in catalogues.")
    title: Title
    intro: Long
    thanks: Long
    submit: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$", max_length=80)] = Field(
        description="The act that takes the answers."
    )
    minutes: int = Field(ge=1, le=120, description="About how many minutes it takes.")
    facts: Annotated[tuple[Fact, ...], Field(strict=False, max_length=limits.MAX_FACTS)] = ()
    sections: Annotated[tuple[Section, ...], Field(strict=False, min_length=1, max_length=limits.MAX_SECTIONS)]
    questions: Annotated[tuple[Question, ...], Field(strict=False, min_length=1, max_length=limits.MAX_QUESTIONS)]
