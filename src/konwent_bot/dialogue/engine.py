"""The engine: ``start`` and ``apply``, pure functions from a state and an event to a state and effects.

Every event carries the ``turn`` of the screen it answers. An event of any other turn - a second tap, an old keyboard, another
device, a late timer - is ``Stale`` and changes nothing; an accepted event raises the turn by one. The position is never the
source of truth: the path is derived from the answers, the cursor only says which question is on the screen.

Always a review before submitting. Changing one answer returns to the review, asking newly opened questions first. Answers to
questions that no longer apply stay in the draft, count as absent, and are dropped when the rest is submitted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias, assert_never

from konwent_bot.dialogue.flow import Flow
from konwent_bot.dialogue.model import MomentQuestion, Multi, Slots
from konwent_bot.dialogue.problem import Problem, problem
from konwent_bot.dialogue.state import Mode, State, marks
from konwent_bot.dialogue.values import Answers, FactValue, GivenFact, Value, accept, accept_day, accept_fact, offered
from konwent_bot.errors import N_, Invalid

# --- events ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer to the current question."""

    turn: int
    question: str
    value: object


@dataclass(frozen=True, slots=True)
class Mark:
    """Set or clear one choice of the current multi or slots question (never a toggle: a repeated tap is harmless).

    In a moment question the choice is the day (as ISO text), whose hour is then asked.
    """

    turn: int
    question: str
    choice: str
    on: bool


@dataclass(frozen=True, slots=True)
class Done:
    """Leave the current question with what is marked, or with the answer it already has."""

    turn: int
    question: str


@dataclass(frozen=True, slots=True)
class Skip:
    """Leave the current question without an answer; an answer it had is taken back."""

    turn: int
    question: str


@dataclass(frozen=True, slots=True)
class Back:
    """One question back; from the review to the last question; from a change back to the review."""

    turn: int


@dataclass(frozen=True, slots=True)
class Edit:
    """Go to a question that already has an answer or was skipped."""

    turn: int
    question: str


@dataclass(frozen=True, slots=True)
class Confirm:
    """Submit what the review shows."""

    turn: int


Event: TypeAlias = Answer | Mark | Done | Skip | Back | Edit | Confirm

# --- effects --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ask:
    """Show this question (again, after a mark)."""

    question: str


@dataclass(frozen=True, slots=True)
class Reject:
    """The answer does not fit; nothing has changed."""

    question: str
    problem: Problem


@dataclass(frozen=True, slots=True)
class Review:
    """Show the review."""


@dataclass(frozen=True, slots=True)
class Submit:
    """Hand ``answers`` to the flow's act; answers to the questions in ``dropped`` did not apply and are gone."""

    answers: Answers
    dropped: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stale:
    """The event answers another screen, or nothing it could do; nothing has changed."""


@dataclass(frozen=True, slots=True)
class Closed:
    """The conversation is over; nothing has changed."""


Effect: TypeAlias = Ask | Reject | Review | Submit | Stale | Closed
Effects: TypeAlias = tuple[Effect, ...]

_STALE: Final[Effects] = (Stale(),)
_REVIEW: Final[Effects] = (Review(),)


class WrongFlow(ValueError):
    """A state was handed over together with a flow of another structure: the caller must load the one it was started with."""


def start(flow: Flow, facts: Mapping[str, GivenFact], answers: Mapping[str, object] | None = None) -> tuple[State, Effects]:
    """Begin a conversation with every declared fact, at the first question.

    With ``answers`` (a submitted card to be changed) it opens in the review: optional questions without an answer count as
    skipped, answers that no longer fit are asked again. Raises ``Invalid`` when facts are missing, unknown or of another kind.
    """
    for name in facts:
        if name not in flow.facts:
            raise Invalid(N_("The conversation cannot start: it knows no “{fact}”."), fact=name)
    given: dict[str, FactValue] = {}
    for name, fact in flow.facts.items():
        if name not in facts:
            raise Invalid(N_("The conversation cannot start: “{fact}” is missing."), fact=name)
        given[name] = accept_fact(fact, facts[name])
    kept: dict[str, Value] = {}
    skipped: tuple[str, ...] = ()
    if answers is not None:
        for question in flow.questions:
            if question.id in answers:
                value = accept(question, answers[question.id], given)
                if not isinstance(value, Problem):
                    kept[question.id] = value
        skipped = tuple(
            question for question in flow.path(kept, given)
            if question not in answers and not flow.question(question).required
        )  # fmt: skip
    opening = State(flow.id, flow.version, flow.structure, 0, "ask", None, kept, skipped, given, {})
    return _onward(flow, opening, kept, skipped, {})


def apply(flow: Flow, state: State, event: Event) -> tuple[State, Effects]:  # noqa: C901 - one arm per event
    """Take one event. Gives the next state and what to do; the same state when nothing was accepted.

    Raises ``WrongFlow`` when the state was started with another structure.
    """
    if state.structure != flow.structure:
        raise WrongFlow(f"{state.flow} {state.version} {state.structure} is not {flow.structure}")
    if event.turn != state.turn:
        return state, _STALE
    if state.mode == "done":
        return state, (Closed(),)
    match event:
        case Answer():
            return _answer(flow, state, event)
        case Mark():
            return _mark(flow, state, event)
        case Done():
            return _leave(flow, state, event)
        case Skip():
            return _skip(flow, state, event)
        case Back():
            return _back(flow, state)
        case Edit():
            return _edit(flow, state, event)
        case Confirm():
            return _confirm(flow, state)
        case _:
            assert_never(event)


def _answer(flow: Flow, state: State, event: Answer) -> tuple[State, Effects]:
    if event.question != state.cursor:
        return state, _STALE
    value = accept(flow.question(event.question), event.value, state.facts)
    if isinstance(value, Problem):
        return state, (Reject(event.question, value),)
    return _commit(flow, state, event.question, value)


def _commit(flow: Flow, state: State, question: str, value: Value) -> tuple[State, Effects]:
    answers = {**state.answers, question: value}
    skipped = _without(state.skipped, question)
    return _onward(flow, state, answers, skipped, _unmarked(state, question))


def _mark(flow: Flow, state: State, event: Mark) -> tuple[State, Effects]:
    if event.question != state.cursor:
        return state, _STALE
    question = flow.question(event.question)
    if isinstance(question, MomentQuestion):
        return _mark_day(state, question, event)
    if not isinstance(question, (Multi, Slots)):
        return state, _STALE
    may = offered(question, state.facts)
    if event.choice not in may:
        return state, (Reject(event.question, problem(N_("Please choose from the answers shown."))),)
    marked = set(marks(state, event.question))
    if event.on:
        alone = {choice.id for choice in question.choices if choice.exclusive} if isinstance(question, Multi) else set()
        marked = {event.choice} if event.choice in alone else (marked - alone) | {event.choice}
        if question.max is not None and len(marked) > question.max:
            return state, (Reject(event.question, problem(N_("Please mark at most {max}."), max=question.max)),)
    else:
        marked.discard(event.choice)
    chosen = tuple(item for item in may if item in marked)
    return _at(state, state.mode, event.question, state.answers, state.skipped, {**state.marks, event.question: chosen})


def _mark_day(state: State, question: MomentQuestion, event: Mark) -> tuple[State, Effects]:
    if not event.on:
        return _at(state, state.mode, question.id, state.answers, state.skipped, _unmarked(state, question.id))
    day = accept_day(question, event.choice, state.facts)
    if isinstance(day, Problem):
        return state, (Reject(question.id, day),)
    return _at(state, state.mode, question.id, state.answers, state.skipped, {**state.marks, question.id: (day.isoformat(),)})


def may_leave(flow: Flow, state: State) -> bool:
    """Tell whether ``Done`` would be accepted now: the current question has an answer, or enough is marked."""
    return state.cursor is not None and not isinstance(_held(flow, state, state.cursor), Problem)


def _held(flow: Flow, state: State, name: str) -> Value | Problem:
    question = flow.question(name)
    value: object = marks(state, name) if isinstance(question, (Multi, Slots)) else state.answers.get(name)
    return accept(question, value, state.facts)


def _leave(flow: Flow, state: State, event: Done) -> tuple[State, Effects]:
    if event.question != state.cursor:
        return state, _STALE
    accepted = _held(flow, state, event.question)
    if isinstance(accepted, Problem):
        return state, (Reject(event.question, accepted),)
    return _commit(flow, state, event.question, accepted)


def _skip(flow: Flow, state: State, event: Skip) -> tuple[State, Effects]:
    if event.question != state.cursor:
        return state, _STALE
    if flow.question(event.question).required:
        return state, (Reject(event.question, problem(N_("This question needs an answer."))),)
    answers = {question: value for question, value in state.answers.items() if question != event.question}
    skipped = (*_without(state.skipped, event.question), event.question)
    return _onward(flow, state, answers, skipped, _unmarked(state, event.question))


def _back(flow: Flow, state: State) -> tuple[State, Effects]:
    path = flow.path(state.answers, state.facts)
    if state.cursor is None:
        return _at(state, "edit", path[-1], state.answers, state.skipped, state.marks) if path else (state, _STALE)
    if state.mode == "edit":  # the change is given up: marks in hand with it
        return _at(state, "review", None, state.answers, state.skipped, _unmarked(state, state.cursor))
    here = path.index(state.cursor)
    if here == 0:
        return state, _STALE
    # Marks of a question not answered yet wait for the return; half a change of an answered one is given up.
    kept = _unmarked(state, state.cursor) if state.cursor in state.answers else state.marks
    return _at(state, state.mode, path[here - 1], state.answers, state.skipped, kept)


def _edit(flow: Flow, state: State, event: Edit) -> tuple[State, Effects]:
    if event.question not in state.answers and event.question not in state.skipped:
        return state, _STALE
    if event.question not in flow.path(state.answers, state.facts):
        return state, _STALE
    kept = state.marks
    if state.cursor is not None and state.cursor in state.answers:
        kept = _unmarked(state, state.cursor)
    return _at(state, "edit" if state.mode == "review" else state.mode, event.question, state.answers, state.skipped, kept)


def _confirm(flow: Flow, state: State) -> tuple[State, Effects]:
    if state.mode != "review":
        return state, _STALE
    path = flow.path(state.answers, state.facts)
    sent = {question: state.answers[question] for question in path if question in state.answers}
    dropped = tuple(question for question in flow.position if question in state.answers and question not in sent)
    after, _ = _at(state, "done", None, sent, _on(state.skipped, path), {})
    return after, (Submit(sent, dropped),)


def _onward(
    flow: Flow, state: State, answers: Answers, skipped: tuple[str, ...], marked: Mapping[str, tuple[str, ...]]
) -> tuple[State, Effects]:
    """Go to the first question that is neither answered nor skipped, or to the review."""
    for question in flow.path(answers, state.facts):
        if question not in answers and question not in skipped:
            return _at(state, "ask", question, answers, skipped, marked)
    return _at(state, "review", None, answers, skipped, marked)


def _at(
    state: State,
    mode: Mode,
    cursor: str | None,
    answers: Answers,
    skipped: tuple[str, ...],
    marked: Mapping[str, tuple[str, ...]],
) -> tuple[State, Effects]:
    after = State(
        state.flow, state.version, state.structure, state.turn + 1, mode, cursor, answers, skipped, state.facts, marked
    )  # fmt: skip
    return after, (_REVIEW if cursor is None else (Ask(cursor),))


def _without(items: tuple[str, ...], gone: str) -> tuple[str, ...]:
    return tuple(item for item in items if item != gone) if gone in items else items


def _on(items: tuple[str, ...], path: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(item for item in items if item in path)


def _unmarked(state: State, question: str) -> Mapping[str, tuple[str, ...]]:
    if question not in state.marks:
        return state.marks
    return {name: chosen for name, chosen in state.marks.items() if name != question}
