"""``flows try``: a flow in the terminal on the very engine people meet, with nothing stored anywhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Final

from konwent_bot.dialogue import engine, typed
from konwent_bot.dialogue.engine import Back, Confirm, Done, Edit, Event, Reject, Skip, Submit
from konwent_bot.dialogue.flow import Flow
from konwent_bot.dialogue.model import Fact
from konwent_bot.dialogue.problem import Problem
from konwent_bot.dialogue.sheets import Voice
from konwent_bot.dialogue.state import State
from konwent_bot.dialogue.typed import Guards, fold
from konwent_bot.dialogue.values import Answers, GivenFact
from konwent_bot.dialogue.view import DoneView, QuestionView, ReviewView, opening, view
from konwent_bot.errors import N_

BACK: Final = N_("back")
SKIP: Final = N_("skip")
KEEP: Final = N_("keep")
SEND: Final = N_("send")
STOP: Final = N_("stop")

Ask = Callable[[str], str]
Tell = Callable[[str], None]


def sample_facts(flow: Flow) -> dict[str, GivenFact]:
    """Make up facts for a trial: the first choice, fixed days, the fact's own name as a text."""
    return {name: _sample(fact) for name, fact in flow.facts.items()}


def _sample(fact: Fact) -> GivenFact:
    match fact.type:
        case "text":
            return f"‹{fact.id}›"
        case "choice":
            return (fact.choices or ("",))[0]
        case "number":
            return 12
        case "yesno":
            return True
        case "date":
            return date(2026, 12, 1)
        case "instant":
            return datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
        case "slots":
            return [{"id": "a", "label": "A"}, {"id": "b", "label": "B"}, {"id": "c", "label": "C"}]


def try_in_terminal(
    flow: Flow, facts: Mapping[str, GivenFact], t: Voice, ask: Ask, tell: Tell, guards: Guards | None = None
) -> Answers | None:
    """Lead a person through a flow. ``ask(prompt)`` gives a typed line, ``tell(text)`` prints.

    Gives the answers that would have been submitted; nothing when the person stopped (the word, or the end of input).
    """
    state, _ = engine.start(flow, facts)
    words = opening(flow, state.facts, t.flow, t)
    tell(f"{words.title}\n\n{words.intro}\n")
    tell(t(N_("This is a trial: nothing is stored. Words that always work: {words}."),
           words=", ".join(t(word) for word in (BACK, SKIP, KEEP, STOP))))  # fmt: skip
    while True:
        tell(_screen(flow, state, t))
        try:
            line = ask("> ")
        except EOFError:
            return None
        if fold(line) == fold(t(STOP)):
            return None
        event = _event(flow, state, line, t, guards)
        if isinstance(event, Problem):
            tell("! " + t(event.msgid, **event.facts))
            continue
        # Through JSON, as between any two steps of a real conversation.
        state, effects = engine.apply(flow, State.from_json(state.to_json()), event)
        for effect in effects:
            match effect:
                case Reject(problem=problem):
                    tell("! " + t(problem.msgid, **problem.facts))
                case Submit(answers=answers):
                    tell(_screen(flow, state, t))
                    return answers
                case _:
                    pass


def _event(flow: Flow, state: State, line: str, t: Voice, guards: Guards | None) -> Event | Problem:
    said, turn = fold(line), state.turn
    if said == fold(t(BACK)):
        return Back(turn)
    if state.cursor is None:
        path = flow.path(state.answers, state.facts)
        if said.isascii() and said.isdecimal() and len(said) < 4 and 1 <= int(said) <= len(path):
            return Edit(turn, path[int(said) - 1])
        if said == fold(t(SEND)):
            return Confirm(turn)
        return Problem(N_("Please give the number of an answer to change it, or write: {send}."), {"send": t(SEND)})
    if said == fold(t(SKIP)):
        return Skip(turn, state.cursor)
    if said == fold(t(KEEP)):
        return Done(turn, state.cursor)
    value = typed.read(flow, state.cursor, line, state.facts, t.flow, guards)
    return value if isinstance(value, Problem) else engine.Answer(turn, state.cursor, value)


def _screen(flow: Flow, state: State, t: Voice) -> str:
    match view(flow, state, t.flow, t):
        case QuestionView() as shown:
            return _question(shown, t)
        case ReviewView() as shown:
            rows = [f"{row.number:>3}. {row.short}: {row.answer}" for row in shown.rows]
            rows += ["   – " + t(N_("will not be sent: {short}"), short=gone.short) for gone in shown.not_sent]
            asked = t(N_("Please give the number of an answer to change it, or write: {send}."), send=t(SEND))
            return "\n".join(("", t(N_("Check your answers")), *rows, asked))
        case DoneView() as shown:
            return "\n" + shown.thanks


def _question(shown: QuestionView, t: Voice) -> str:
    if shown.total is None:
        head = t(N_("{section} · question {number}"), section=shown.section, number=shown.number)
    else:
        head = t(N_("{section} · question {number} of {total}"), section=shown.section, number=shown.number, total=shown.total)
    lines = ["", head, shown.prompt]
    if shown.scale is not None:
        lines.append(f"  {shown.scale.low} – {shown.scale.low_label} … {shown.scale.high} – {shown.scale.high_label}")
        if shown.scale.unknown is not None:
            lines.append(f"  {shown.scale.unknown.label}")
    else:
        lines += [f"  {nth}. {'[x] ' if one.marked else ''}{one.label}" for nth, one in enumerate(shown.choices, start=1)]
    if shown.answer is not None:
        lines.append(t(N_("Answer so far: {answer}"), answer=shown.answer))
    lines.append("  " + t(N_("Why we ask: {why}"), why=shown.why))
    lines.append("  " + t(N_("Who will see it: {who}"), who=shown.who_sees))
    return "\n".join(lines)
