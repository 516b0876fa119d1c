"""Random walks: a person who taps, types, skips, goes back and changes their mind, with state through JSON at each step."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from konwent_bot.dialogue import engine
from konwent_bot.dialogue.acts import samples
from konwent_bot.dialogue.engine import (
    Answer,
    Ask,
    Back,
    Confirm,
    Done,
    Edit,
    Effects,
    Event,
    Mark,
    Reject,
    Review,
    Skip,
    Stale,
    Submit,
)
from konwent_bot.dialogue.flow import Flow
from konwent_bot.dialogue.model import DateQuestion, MomentQuestion, Multi, Question, Slots
from konwent_bot.dialogue.state import State
from konwent_bot.dialogue.values import GivenFact, accept, days_of, offered
from konwent_bot.dialogue.view import QuestionView, view
from tests.dialogue.voices import VOICE

#: What no question takes; none of them is ever an answer.
NONSENSE: tuple[object, ...] = (None, "", "\x00", "no such", -1, 10**30, 3.5, [], {}, ("no such",), ["x"] * 300, object)


@dataclass
class Seen:
    """What the walks of one flow met: (question, what was done)."""

    steps: int = 0
    submitted: int = 0
    met: Counter[tuple[str, str]] = field(default_factory=Counter)


class Walk:
    """One conversation from start to submission, checking the engine's promises after every event."""

    def __init__(self, flow: Flow, facts: Mapping[str, GivenFact], chance: random.Random, seen: Seen) -> None:
        self.flow, self.chance, self.seen = flow, chance, seen
        self.facts = facts
        self.state, _ = engine.start(flow, facts)
        self.plain = self.state  # the same walk without JSON in between

    def run(self, most: int = 400) -> None:
        """Walk until submitted; a long walk stops wandering, so that it always ends."""
        for step in range(most):
            if self.state.mode == "done":
                break
            self.step(wander=step < most // 4)
        assert self.state.mode == "done", "every state can be left towards the end"
        self.seen.submitted += 1

    def step(self, *, wander: bool) -> None:
        if self.chance.random() < 0.10:
            self.send_stale()
        event = self.pick(wander=wander)
        self.seen.steps += 1
        before = self.state
        after, effects = engine.apply(self.flow, State.from_json(before.to_json()), event)
        self.plain, _ = engine.apply(self.flow, self.plain, event)
        assert after == self.plain, "state through JSON is the same state"
        self.check(before, event, after, effects)
        self.state = after

    def send_stale(self) -> None:
        event = self.pick(wander=True, turn=self.state.turn + self.chance.choice((-1, 1, -self.state.turn, 1000)))
        assert engine.apply(self.flow, self.state, event) == (self.state, (Stale(),))

    def pick(self, *, wander: bool, turn: int | None = None) -> Event:  # noqa: C901 - one arm per thing a person may do
        """Choose what the person does on this screen."""
        turn = self.state.turn if turn is None else turn
        if self.state.cursor is None:
            rows = self.flow.path(self.state.answers, self.state.facts)
            if rows and wander and self.chance.random() < 0.85:
                return Back(turn) if self.chance.random() < 0.2 else Edit(turn, self.chance.choice(rows))
            return Confirm(turn)
        name = self.state.cursor
        question = self.flow.question(name)
        kinds = ["answer"] * 6
        if wander:
            kinds += ["nonsense", "skip", "back", "edit", "done", "mark", "mark", "confirm"]
        match self.chance.choice(kinds):
            case "nonsense":
                return Answer(turn, name, self.chance.choice(NONSENSE + beyond(question, self.state)))
            case "skip":
                return Skip(turn, name)
            case "back":
                return Back(turn)
            case "edit":
                return Edit(turn, self.chance.choice(list(self.flow.position)))
            case "done":
                return Done(turn, name)
            case "mark" if isinstance(question, (Multi, Slots)):
                return Mark(turn, name, self.chance.choice(offered(question, self.state.facts)), on=self.chance.random() < 0.8)
            case "mark" if isinstance(question, MomentQuestion):
                day = self.chance.choice(("2026-12-03", "2027-01-12", "2025-01-01", "nonsense"))
                return Mark(turn, name, day, on=self.chance.random() < 0.8)
            case "confirm":
                return Confirm(turn)
            case _:
                return Answer(turn, name, self.chance.choice(answers(question, self.state)))

    def check(self, before: State, event: Event, after: State, effects: Effects) -> None:
        """Hold the engine to what it promises."""
        (effect,) = effects
        path = self.flow.path(after.answers, after.facts)
        positions = [self.flow.position[name] for name in path]
        assert positions == sorted(set(positions)), "the path is a subsequence of the file's order"
        match effect:
            case Stale() | Reject():
                assert after == before
            case _:
                assert after.turn == before.turn + 1
                assert engine.apply(self.flow, after, event)[1] in ((Stale(),),), "a repeated event is stale"
                assert engine.apply(self.flow, after, event)[0] == after
        match effect:
            case Ask(question=name):
                assert after.cursor == name
                assert name in path
                assert after.mode in ("ask", "edit")
            case Review():
                assert after.mode == "review"
            case Submit(answers=sent, dropped=dropped):
                assert before.mode == "review"
                assert set(sent) == {name for name in path if name in before.answers}
                assert not set(dropped) & set(path)
                assert set(dropped) | set(sent) == set(before.answers)
                assert after.answers == sent, "what was dropped is purged"
                missing = [name for name in path if self.flow.question(name).required and name not in sent]
                assert not missing, "a submission holds every required answer on the path"
                for name, value in sent.items():
                    assert accept(self.flow.question(name), value, after.facts) == value
            case _:
                pass
        open_questions = [name for name in path if name not in after.answers and name not in after.skipped]
        assert (after.mode == "ask") == bool(open_questions)
        if after.cursor is None:
            assert not open_questions
        self.note(before, event, effect)
        shown = view(self.flow, after, VOICE.flow, VOICE)
        assert shown.turn == after.turn
        if isinstance(shown, QuestionView):
            assert shown.total is None or shown.total == len(path)
            assert shown.can_done == (not isinstance(engine.apply(self.flow, after, Done(after.turn, shown.id))[1][0], Reject))
            assert shown.can_back == (not isinstance(engine.apply(self.flow, after, Back(after.turn))[1][0], Stale))
            assert shown.can_skip == (not isinstance(engine.apply(self.flow, after, Skip(after.turn, shown.id))[1][0], Reject))

    def note(self, before: State, event: Event, effect: object) -> None:
        name = getattr(event, "question", None) or before.cursor or "review"
        said = type(event).__name__.lower()
        if isinstance(effect, (Stale, Reject)):
            self.seen.met[name, f"{said} refused"] += 1
            if isinstance(event, Answer) and isinstance(effect, Reject):
                self.seen.met[name, f"refused {event.value!r}"] += 1
            return
        self.seen.met[name, said] += 1
        if isinstance(event, Answer):
            value = list(event.value) if isinstance(event.value, (tuple, list)) else event.value
            self.seen.met[name, f"answer {value!r}"] += 1
        if before.mode == "edit":
            self.seen.met[name, f"{said} while changing"] += 1


def answers(question: Question, state: State) -> tuple[object, ...]:
    """Answers a question takes now."""
    if isinstance(question, Slots):
        ids = offered(question, state.facts)
        return tuple((one,) for one in ids) + ((ids[:2],) if len(ids) > 1 and question.max != 1 else ())
    if isinstance(question, (DateQuestion, MomentQuestion)) and (question.earliest or question.latest):
        first, last = days_of(question, state.facts)
        return _written(question, {first or (last or date.max) - timedelta(30), last or (first or date.min) + timedelta(30)})
    return tuple(samples(question))


def beyond(question: Question, state: State) -> tuple[object, ...]:
    """Answers of the right shape that a question refuses now: one mark too many, a day before the first and after the last."""
    if isinstance(question, Slots) and question.max is not None:
        ids = offered(question, state.facts)
        return (ids[: question.max + 1],) if len(ids) > question.max else ()
    if isinstance(question, (DateQuestion, MomentQuestion)):
        first, last = days_of(question, state.facts)
        day = timedelta(1)
        return _written(question, ({first - day} if first is not None else set()) | ({last + day} if last is not None else set()))
    return ()


def _written(question: DateQuestion | MomentQuestion, days: set[date]) -> tuple[str, ...]:
    return tuple(f"{day}" if isinstance(question, DateQuestion) else f"{day}T10:30" for day in sorted(days))


def matrix(flow: Flow, state: State) -> set[tuple[str, str]]:
    """Everything the walks of a flow must have met: every question with every kind of answer, skip, back and change."""
    wanted: set[tuple[str, str]] = {("review", "confirm")}
    for index, question in enumerate(flow.questions):
        name = question.id
        for value in answers(question, state):
            said = list(value) if isinstance(value, (tuple, list)) else value
            wanted.add((name, f"answer {said!r}"))
        wanted |= {(name, f"refused {value!r}") for value in beyond(question, state)}
        wanted |= {
            (name, "edit"),
            (name, "done"),
            (name, "answer refused"),
            (name, "answer while changing"),
            (name, "back while changing"),
        }
        wanted.add((name, "skip refused" if question.required else "skip"))
        wanted.add((name, "back refused" if index == 0 else "back"))
        if isinstance(question, MomentQuestion):
            wanted |= {(name, "mark"), (name, "mark refused")}
        if isinstance(question, (Multi, Slots)):
            wanted |= {(name, "mark"), (name, "done")}
    return wanted
