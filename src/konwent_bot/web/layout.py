"""A screen laid out for the templates: what is a link and what a form, which field a problem is about, what has been filled in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from konwent_bot.i18n import Translator
from konwent_bot.screens.intents import LOOKS, Intent
from konwent_bot.screens.screen import Action, Field, Form, Screen
from konwent_bot.web.frames import Frame
from konwent_bot.web.paths import path_of
from konwent_bot.web.questions import Asking, asking

#: The names of fields that are the reader's own business and that no spelling checker should touch.
_UNSPELLED: Final = frozenset({"email", "name"})


@dataclass(frozen=True, slots=True)
class Act:
    """Something to press. ``get``: a link; otherwise a form with one button."""

    label: str
    path: str
    get: bool
    weight: str = ""
    #: What the label is about, for those who do not see where it stands ("Change": "Common goals").
    about: str = ""
    #: The language of the label, if it is not the page's.
    language: str = ""
    outside: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a list of things."""

    label: str
    value: str
    act: Act | None


@dataclass(frozen=True, slots=True)
class Input:
    """A field of a form."""

    id: str
    field: Field
    value: str
    #: The ids of what explains it.
    described: str
    unspelled: bool


@dataclass(frozen=True, slots=True)
class Writing:
    """A form."""

    path: str
    label: str
    hidden: tuple[Input, ...]
    inputs: tuple[Input, ...]
    file: bool


@dataclass(frozen=True, slots=True)
class Fault:
    """A line of the error summary, and the id of the field it is about (or nothing)."""

    text: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Laid:
    """A page's main part."""

    #: What stands in the browser's tab.
    head: str
    #: The heading, where the question does not hold it.
    heading: str
    screen: Screen
    notice: str
    faults: tuple[Fault, ...]
    trail: tuple[Act, ...]
    lines: tuple[Line, ...]
    #: Every row has a value: they are pairs of a question and its answer.
    paired: bool
    asking: Asking | None
    #: What lets a typed answer count.
    readings: tuple[Act, ...]
    writing: Writing | None
    acts: tuple[tuple[Act, ...], ...]


def laid_out(screen: Screen, t: Translator, frame: Frame) -> Laid:
    """Lay a screen out. What only a chat can do is left out."""
    ask = None if screen.question is None else asking(screen, t, frame)
    writing = None if screen.form is None else _writing(screen.form, frame)
    heading = screen.title if ask is None else ask.heading
    head = " – ".join(dict.fromkeys((heading, screen.title, t("Secretariat of cooperation bodies"))))
    if screen.problem:
        head = t("Error: {title}", title=head)
    return Laid(
        head=head, heading=heading, screen=screen,
        notice=screen.notice or frame.flash,
        faults=_faults(screen, ask, writing),
        trail=tuple(act(one) for one in screen.trail if one.only != "chat"),
        lines=tuple(
            Line(
                f"{number}. {row.label}" if screen.numbered else row.label,
                row.value,
                act(row.action, row.label) if row.action and row.action.only != "chat" else None,
            )
            for number, row in enumerate(screen.rows, start=1)
        ),
        paired=all(row.value for row in screen.rows),
        asking=ask, readings=tuple(act(one) for one in screen.readings), writing=writing,
        acts=tuple(shown for row in screen.actions if (shown := tuple(act(one) for one in row if one.only != "chat"))),
    )  # fmt: skip


def act(action: Action, about: str = "") -> Act:
    """Make a link of what only shows something or leads outside, a form of everything else."""
    intent: Intent | None = action.intent
    if intent is None:
        return Act(action.label, action.url, get=True, weight=action.weight, about=about, outside=True)
    return Act(
        action.label, path_of(intent), get=type(intent) in LOOKS, weight=action.weight, about=about,
        language=getattr(intent, "language", ""),
    )  # fmt: skip


def _faults(screen: Screen, ask: Asking | None, writing: Writing | None) -> tuple[Fault, ...]:
    """Say each problem once, with a way to its field. The problem of the whole screen comes first, unless it is the fields' own."""
    inputs = () if writing is None else writing.inputs
    own = tuple(Fault(one.field.problem, one.id) for one in inputs if one.field.problem)
    rest = screen.problem
    for fault in own:
        rest = rest.replace(fault.text, "")
    if not rest.strip():
        return own
    return (Fault(screen.problem, "" if ask is None else ask.first), *own)


def _writing(form: Form, frame: Frame) -> Writing:
    sent = {} if frame.given is None else frame.given.fields
    shown = [
        Input(
            f"f-{field.name}", field, sent.get(field.name, field.value), _described(field), field.kind == "email" or field.name in _UNSPELLED
        )
        for field in form.fields
    ]  # fmt: skip
    return Writing(
        path_of(form.intent), form.label,
        tuple(one for one in shown if one.field.kind == "hidden"),
        tuple(one for one in shown if one.field.kind != "hidden"),
        file=any(field.kind == "file" for field in form.fields),
    )  # fmt: skip


def _described(field: Field) -> str:
    parts = [f"f-{field.name}-{part}" for part, said in (("problem", field.problem), ("hint", field.hint)) if said]
    return " ".join(parts)
