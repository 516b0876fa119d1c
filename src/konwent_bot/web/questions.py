"""A question of a conversation as fields: which kind of field, what explains it, and what stands in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from konwent_bot.dialogue.view import ChoiceView, QuestionView
from konwent_bot.i18n import Translator
from konwent_bot.office.dialogues import Fill, Written
from konwent_bot.screens.screen import Screen
from konwent_bot.web.frames import Frame
from konwent_bot.web.paths import path_of

#: A day as three fields write it when they are joined, any of which may be missing, and an hour as two.
_DAY: Final = r"([0-9]{0,2})\.([0-9]{0,2})\.([0-9]{0,4})"
_HOUR: Final = r"([0-9]{0,2}):([0-9]{0,2})"
_FIELDS: Final = {
    "date": re.compile(rf"\s*{_DAY}\s*\Z"), "time": re.compile(rf"\s*{_HOUR}\s*\Z"),
    "moment": re.compile(rf"\s*(?:{_DAY})?\s*(?:{_HOUR})?\s*\Z"),
}  # fmt: skip
_NAMES: Final = {
    "date": ("day", "month", "year"),
    "time": ("hour", "minute"),
    "moment": ("day", "month", "year", "hour", "minute"),
}
_ISO: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:T([0-9]{2}):([0-9]{2}))?\Z")
#: A text that may be longer than this gets more than one line to be written in, whatever its flow says.
_ONE_LINE: Final = 120


@dataclass(frozen=True, slots=True)
class Option:
    """A radio button or a checkbox."""

    id: str
    value: str
    label: str
    checked: bool


@dataclass(frozen=True, slots=True)
class Asking:
    """The form of a question. ``kind`` tells which fields it has."""

    #: "options", "confirm", "lines" (a textarea), "line", "day", "moment", "hour"
    kind: str
    path: str
    heading: str
    #: Where the question stands; above the heading.
    place: str
    #: The id of the first field: where a problem leads.
    first: str
    #: Why, who will see it.
    notes: tuple[str, ...]
    #: What must be known before answering: the reminder of privacy, how many to mark, how long a text may be.
    hints: tuple[str, ...]
    problem: str
    #: The ids of what explains the fields.
    described: str
    #: Radio buttons or checkboxes, and those that exclude all others, after "or".
    several: bool
    options: tuple[Option, ...]
    apart: tuple[Option, ...]
    #: What stands in the field, or in the three fields of a day, the two of an hour, or all five.
    text: str
    parts: tuple[str, ...]
    inputmode: str
    rows: int
    #: The answer replaces one that was given: afterwards one comes back to the review.
    again: bool
    #: The words of the one button of a "confirm".
    label: str


def asking(screen: Screen, t: Translator, frame: Frame) -> Asking:
    """Lay a question out, filled with what was sent and not taken, or else with the answer so far."""
    asked = screen.question
    assert asked is not None
    shown = asked.view
    kept = asked.kept or (frame.given.written if frame.given is not None else None)
    kind = _kind(shown)
    options = _options(shown, kept)
    hints = (*screen.paragraphs, *_hints(shown, t))
    text, parts = _written(shown, kept, frame, t)
    described = [f"hint-{number}" for number in range(1, len(hints) + 1)]
    return Asking(
        kind=kind, path=path_of(Fill(asked.dialogue, shown.turn)), heading=shown.prompt, place=screen.title,
        first={"options": "c-1", "confirm": "send", "day": "day", "moment": "day", "hour": "hour"}.get(kind, "text"),
        notes=screen.notes, hints=hints, problem=screen.problem,
        described=" ".join((["problem"] if screen.problem else []) + described),
        several=shown.kind in ("multi", "slots"),
        options=tuple(one for one, choice in options if not choice.exclusive),
        apart=tuple(one for one, choice in options if choice.exclusive),
        text=text, parts=parts, inputmode=_inputmode(shown), rows=min(10, 3 + (shown.max_chars or 0) // 125),
        again=shown.mode == "edit", label=shown.choices[0].label if kind == "confirm" else "",
    )  # fmt: skip


def _kind(shown: QuestionView) -> str:
    match shown.kind:
        case "text":
            return "lines" if shown.multiline or (shown.max_chars or 0) > _ONE_LINE else "line"
        case "number":
            return "line"
        case "date":
            return "day"
        case "moment":
            return "moment"
        case "time":
            return "hour"
        case "confirm":
            return "confirm"
        case _:
            return "options"


def _options(shown: QuestionView, kept: Written | None) -> list[tuple[Option, ChoiceView]]:
    # In the order of the page: those that exclude all others come last.
    ordered = sorted(shown.choices, key=lambda choice: choice.exclusive)
    labels = _points(shown)
    return [
        (
            Option(f"c-{number}", choice.id, labels.get(choice.id, choice.label), choice.id in kept.choices if kept else choice.marked),
            choice,
        )
        for number, choice in enumerate(ordered, start=1)
    ]  # fmt: skip


def _points(shown: QuestionView) -> dict[str, str]:
    """Name the points of a scale: each one that has a name, and the ends always."""
    scale = shown.scale
    if scale is None:
        return {}
    if scale.labels:
        names = dict(zip(range(scale.low, scale.high + 1), scale.labels, strict=True))
    else:
        names = {scale.low: scale.low_label, scale.high: scale.high_label}
    return {str(point): f"{point} – {name}" for point, name in names.items()}


def _hints(shown: QuestionView, t: Translator) -> tuple[str, ...]:
    match shown.kind:
        case "multi" | "slots":
            return (t("Mark up to {max}.", max=shown.max),) if shown.max is not None else (t("Mark all that fit."),)
        case "number":
            return (t("Type a number."),)
        case "date":
            return (t("For example: {example}", example="13 1 2026"),)
        case "moment":
            return (t("For example: {example}", example="13 1 2026 10 30"),)
        case "time":
            return (t("For example: {example}", example="10 30"),)
        case "text":
            return (t("Up to {max} characters.", max=shown.max_chars or 0),)
        case _:
            return ()


def _written(shown: QuestionView, kept: Written | None, frame: Frame, t: Translator) -> tuple[str, tuple[str, ...]]:
    """Give what stands in the one field, and in the parts of a day or an hour."""
    fields = {} if frame.given is None else frame.given.fields
    names = _NAMES.get(shown.kind)
    if names is None:
        if kept is not None:
            return kept.text, ()
        # A stored number has a point; the languages with a comma read it with one.
        comma = shown.kind == "number" and t.language != "en"
        return shown.prefill.replace(".", ",") if comma else shown.prefill, ()
    if any(fields.get(name) for name in names):
        return "", tuple(fields.get(name, "") for name in names)
    chosen = shown.prefill if shown.day is None else shown.day.isoformat()
    said = kept.text if kept is not None else chosen
    if found := _ISO.match(said):
        year, month, day, *hour = found.groups(default="")
        return "", (str(int(day)), str(int(month)), year, *hour)[: len(names)]
    found = _FIELDS[shown.kind].match(said)
    return (said, ("",) * len(names)) if found is None else ("", found.groups(default=""))


def _inputmode(shown: QuestionView) -> str:
    """Ask a phone for the keys of a number, unless a minus may be needed: their keypads have none."""
    if shown.kind != "number" or (shown.low is not None and shown.low.startswith("-")):
        return "text"
    return "decimal" if shown.decimals else "numeric"
