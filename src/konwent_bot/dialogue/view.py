"""The read side: everything a screen of any channel needs, computed from a flow and a state, in the reader's language.

Pure and complete: a channel lays out what stands here and adds nothing of its own about the question. Texts are plain; the
channel escapes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, TypeAlias

from konwent_bot.dialogue import engine
from konwent_bot.dialogue.flow import Flow
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
from konwent_bot.dialogue.prompts import Format
from konwent_bot.dialogue.spoken import NO, YES, Say, answer_text
from konwent_bot.dialogue.state import Mode, State, chosen_day, marks
from konwent_bot.dialogue.texts import Texts, renderer
from konwent_bot.dialogue.values import Facts, Value, days_of
from konwent_bot.errors import N_

Kind: TypeAlias = Literal["single", "multi", "scale", "number", "text", "date", "moment", "time", "yesno", "confirm", "slots"]

SKIPPED: Final = N_("(skipped)")


@dataclass(frozen=True, slots=True)
class ChoiceView:
    """One thing to choose. ``value`` is what an ``Answer`` carries for it, ``id`` what a ``Mark`` does."""

    id: str
    label: str
    marked: bool
    exclusive: bool
    value: str | int | bool


@dataclass(frozen=True, slots=True)
class ScaleView:
    """A scale: its points are the question's choices; "I do not know" is told apart, on a row of its own."""

    low: int
    high: int
    low_label: str
    high_label: str
    #: A name for every point, or none.
    labels: tuple[str, ...]
    #: The last of the choices, or nothing.
    unknown: ChoiceView | None


@dataclass(frozen=True, slots=True)
class QuestionView:
    """One question on one screen."""

    flow: str
    turn: int
    mode: Mode
    title: str
    #: Heading of the section, and whether this is its first question on the path.
    section: str
    section_begins: bool
    #: Place on the path from 1; the total only when it cannot change any more.
    number: int
    total: int | None
    id: str
    kind: Kind
    prompt: str
    short: str
    why: str
    who_sees: str
    required: bool
    sensitive: bool
    #: single, multi, slots, scale (points, then "unknown"), yesno; confirm has its one button here.
    choices: tuple[ChoiceView, ...]
    scale: ScaleView | None
    #: multi and slots: how many marks; number: bounds as written; time: bounds as ISO text; date and moment: the days as ISO text.
    min: int | None
    max: int | None
    low: str | None
    high: str | None
    decimals: int
    max_chars: int | None
    multiline: bool
    #: Which guard of personal data checks the text; a privacy reminder stands above every free text.
    guard: Literal["strict", "warn"] | None
    privacy_reminder: bool
    can_skip: bool
    can_back: bool
    #: Done is possible: enough is marked, or the question already has an answer that may stay.
    can_done: bool
    #: moment: the day that has been chosen, while its hour has not.
    day: date | None
    #: date and moment: only days to come are asked for, or at least none before a day the conversation began with.
    to_come: bool
    #: The stored answer and how it reads; a field of a page is filled with ``prefill``.
    value: Value | None
    answer: str | None
    prefill: str


@dataclass(frozen=True, slots=True)
class Row:
    """One answer in the review. ``answer`` reads "(skipped)" in words when there is none."""

    question: str
    number: int
    section: str
    short: str
    answer: str
    skipped: bool
    sensitive: bool


@dataclass(frozen=True, slots=True)
class NotSent:
    """An answer given once to a question that no longer applies; it will not be sent."""

    question: str
    short: str


@dataclass(frozen=True, slots=True)
class ReviewView:
    """All answers before they are submitted."""

    flow: str
    turn: int
    title: str
    rows: tuple[Row, ...]
    not_sent: tuple[NotSent, ...]
    can_back: bool


@dataclass(frozen=True, slots=True)
class DoneView:
    """The conversation is over. ``rows`` are the answers that were sent."""

    flow: str
    turn: int
    title: str
    thanks: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class OpeningView:
    """What stands before the first question: what is asked and how long it takes (minutes)."""

    flow: str
    title: str
    intro: str
    minutes: int


View: TypeAlias = QuestionView | ReviewView | DoneView


def opening(flow: Flow, facts: Facts, texts: Texts, fmt: Format) -> OpeningView:
    """Give the words before the first question; ``facts`` are those of a state (stored form)."""
    say = renderer(flow, facts, texts, fmt)
    return OpeningView(flow.id, say(None, "title", flow.file.title), say(None, "intro", flow.file.intro), flow.file.minutes)


def view(flow: Flow, state: State, texts: Texts, fmt: Format) -> View:
    """Give what the screen of a state shows. ``texts`` translates the flow's texts, ``fmt`` writes days and numbers."""
    say = renderer(flow, state.facts, texts, fmt)
    title = say(None, "title", flow.file.title)
    path = flow.path(state.answers, state.facts)
    if state.cursor is not None:
        return _question(flow, state, path, state.cursor, title, say, fmt)
    rows = tuple(_row(flow, state, number, name, say, fmt) for number, name in enumerate(path, start=1))
    if state.mode == "done":
        return DoneView(flow.id, state.turn, title, say(None, "thanks", flow.file.thanks), rows)
    gone = tuple(
        NotSent(name, say(name, "short", flow.question(name).short))
        for name in flow.position
        if name in state.answers and name not in path
    )
    return ReviewView(flow.id, state.turn, title, rows, gone, can_back=bool(path))


def answer(flow: Flow, state: State, question: str, texts: Texts, fmt: Format) -> tuple[str, str]:
    """Give one question's short name and its answer in words, for reading back what was just saved."""
    row = _row(flow, state, 0, question, renderer(flow, state.facts, texts, fmt), fmt)
    return row.short, row.answer


def _row(flow: Flow, state: State, number: int, name: str, say: Say, fmt: Format) -> Row:
    question = flow.question(name)
    value = state.answers.get(name)
    words = fmt(SKIPPED) if value is None else answer_text(question, value, state.facts, say, fmt)
    section = say(None, f"section.{question.section}", flow.sections[question.section].title)
    return Row(name, number, section, say(name, "short", question.short), words, value is None, question.sensitive)


def _question(flow: Flow, state: State, path: tuple[str, ...], name: str, title: str, say: Say, fmt: Format) -> QuestionView:
    question = flow.question(name)
    here = path.index(name)
    value = state.answers.get(name)
    chosen = marks(state, name) if isinstance(question, (Multi, Slots)) else ()
    choices = _choices(question, state, value, chosen, say, fmt)
    low, high = _bounds(question, state.facts)
    several = isinstance(question, (Multi, Slots))
    section = say(None, f"section.{question.section}", flow.sections[question.section].title)
    return QuestionView(
        flow=flow.id, turn=state.turn, mode=state.mode, title=title,
        section=section,
        section_begins=here == 0 or flow.question(path[here - 1]).section != question.section,
        number=here + 1,
        total=len(path) if flow.steady[flow.position[name]] else None,
        id=name, kind=question.type,
        prompt=say(name, "prompt", question.prompt), short=say(name, "short", question.short),
        why=say(name, "why", question.why), who_sees=say(name, "who_sees", question.who_sees),
        required=question.required, sensitive=question.sensitive,
        choices=choices,
        scale=_scale(question, choices, say) if isinstance(question, Scale) else None,
        min=question.min if isinstance(question, (Multi, Slots)) else None,
        max=question.max if isinstance(question, (Multi, Slots)) else None,
        low=low, high=high,
        decimals=question.decimals if isinstance(question, NumberQuestion) else 0,
        max_chars=question.max_chars if isinstance(question, TextQuestion) else None,
        multiline=isinstance(question, TextQuestion) and question.multiline,
        guard=question.guard if isinstance(question, TextQuestion) else None,
        privacy_reminder=isinstance(question, TextQuestion),
        can_skip=not question.required,
        can_back=here > 0 or state.mode == "edit",
        can_done=engine.may_leave(flow, state) if several else value is not None,
        to_come=isinstance(question, (DateQuestion, MomentQuestion)) and question.earliest is not None,
        day=chosen_day(state, name) if isinstance(question, MomentQuestion) else None,
        value=value,
        answer=None if value is None else answer_text(question, value, state.facts, say, fmt),
        prefill=_prefill(value),
    )  # fmt: skip


def _choices(
    question: Question, state: State, value: Value | None, chosen: tuple[str, ...], say: Say, fmt: Format
) -> tuple[ChoiceView, ...]:
    match question:
        case Single() | Multi():
            marked = chosen if isinstance(question, Multi) else (value,)
            return tuple(
                ChoiceView(one.id, say(question.id, f"choices.{one.id}", one.label), one.id in marked, one.exclusive, one.id)
                for one in question.choices
                if not one.retired
            )
        case Slots():
            slots = state.facts[question.source]
            return tuple(ChoiceView(slot.id, slot.label, slot.id in chosen, exclusive=False, value=slot.id)
                         for slot in (slots if isinstance(slots, tuple) else ()))  # fmt: skip
        case Scale():
            points = tuple(
                ChoiceView(str(point), str(point), point == value, exclusive=False, value=point)
                for point in range(question.low, question.high + 1)
            )
            if not question.allow_unknown:
                return points
            label = say(question.id, "unknown_label", question.unknown_label)
            return (*points, ChoiceView(UNKNOWN, label, value == UNKNOWN, exclusive=True, value=UNKNOWN))
        case YesNo():
            return (
                ChoiceView("yes", fmt(YES), value is True, exclusive=False, value=True),
                ChoiceView("no", fmt(NO), value is False, exclusive=False, value=False),
            )
        case Confirm():
            return (ChoiceView("yes", say(question.id, "label", question.label), value is True, exclusive=False, value=True),)
        case _:
            return ()


def _scale(question: Scale, choices: tuple[ChoiceView, ...], say: Say) -> ScaleView:
    return ScaleView(
        question.low,
        question.high,
        say(question.id, "low_label", question.low_label),
        say(question.id, "high_label", question.high_label),
        tuple(
            say(question.id, f"labels.{point}", label) for point, label in enumerate(question.labels or (), start=question.low)
        ),
        choices[-1] if question.allow_unknown else None,
    )


def _bounds(question: Question, facts: Facts) -> tuple[str | None, str | None]:
    match question:
        case NumberQuestion():
            return (None if question.min is None else str(question.min), None if question.max is None else str(question.max))
        case DateQuestion() | MomentQuestion():
            first, last = days_of(question, facts)
            return (None if first is None else first.isoformat(), None if last is None else last.isoformat())
        case TimeQuestion():
            return (
                None if question.min is None else f"{question.min:%H:%M}",
                None if question.max is None else f"{question.max:%H:%M}",
            )
        case _:
            return None, None


def _prefill(value: Value | None) -> str:
    match value:
        case None | bool() | tuple():
            return ""
        case _:
            return str(value)
