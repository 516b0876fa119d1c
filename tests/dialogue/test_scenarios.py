"""Conversations written by people (``flows/scenarios/*.toml``), played on the engine with every answer read as typed."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from konwent_bot import resources
from konwent_bot.dialogue import engine, typed
from konwent_bot.dialogue.engine import Answer, Back, Confirm, Done, Edit, Event, Mark, Reject, Skip, Stale, Submit
from konwent_bot.dialogue.flow import Flow
from konwent_bot.dialogue.loading import Shelf
from konwent_bot.dialogue.model import Multi, Slots
from konwent_bot.dialogue.problem import Problem
from konwent_bot.dialogue.state import State, marks
from tests.dialogue.voices import VOICE

SHELF = Shelf.load(resources.flows())
SCENARIOS: list[dict[str, Any]] = [
    scenario
    for path in sorted((resources.flows() / "scenarios").glob("*.toml"))
    for scenario in tomllib.loads(path.read_text("utf-8"))["scenario"]
]


class Play:
    """A scenario being played."""

    def __init__(self, flow: Flow, facts: dict[str, Any]) -> None:
        self.flow = flow
        self.state, _ = engine.start(flow, facts)
        self.sent: Submit | None = None

    def do(self, event: Event) -> None:
        self.state, (effect,) = engine.apply(self.flow, State.from_json(self.state.to_json()), event)
        assert not isinstance(effect, (Reject, Stale)), (event, effect)
        if isinstance(effect, Submit):
            self.sent = effect

    def step(self, step: dict[str, Any]) -> None:  # noqa: C901 - one arm per word of a step
        unknown = set(step) - {"say", "mark", "skip", "back", "edit", "expect", "confirm"}
        assert not unknown
        if "expect" in step:
            assert (self.state.cursor or self.state.mode) == step["expect"]
        if "edit" in step:
            self.do(Edit(self.state.turn, step["edit"]))
        if step.get("back"):
            self.do(Back(self.state.turn))
        if step.get("confirm"):
            self.do(Confirm(self.state.turn))
        name = self.state.cursor or ""
        if step.get("skip"):
            self.do(Skip(self.state.turn, name))
        if "say" in step:
            value = typed.read(self.flow, name, step["say"], self.state.facts, VOICE.flow)
            assert not isinstance(value, Problem), (name, step, value)
            self.do(Answer(self.state.turn, name, value))
        if "mark" in step:
            question = self.flow.question(name)
            assert isinstance(question, (Multi, Slots))
            for choice in marks(self.state, name):
                if choice not in step["mark"]:
                    self.do(Mark(self.state.turn, name, choice, on=False))
            for choice in step["mark"]:
                self.do(Mark(self.state.turn, name, choice, on=True))
            self.do(Done(self.state.turn, name))


def test_there_are_scenarios_for_every_flow() -> None:
    """Every shipped flow has at least one conversation somebody wrote down."""
    assert {scenario["flow"] for scenario in SCENARIOS} == set(SHELF.flows)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario["name"])
def test_a_conversation_goes_as_it_was_written_down(scenario: dict[str, Any]) -> None:
    """The steps lead to exactly the answers written under them."""
    play = Play(SHELF[scenario["flow"]], scenario["facts"])
    for step in scenario["steps"]:
        play.step(step)
    assert play.sent is not None
    sent = {name: list(value) if isinstance(value, tuple) else value for name, value in play.sent.answers.items()}
    assert sent == scenario["result"]
    assert not set(scenario["absent"]) & set(sent)
