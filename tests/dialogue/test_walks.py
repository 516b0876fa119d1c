"""Two thousand random conversations over every flow the product ships, and over the trial flow with every type of question."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from konwent_bot.dialogue import engine
from konwent_bot.dialogue.engine import Answer, Back, Confirm, Done, Edit, Event, Mark, Skip, Stale
from konwent_bot.dialogue.loading import load
from tests.dialogue.voices import TRIAL, TRIAL_FACTS, shipped, trial, variants
from tests.dialogue.walking import Seen, Walk, matrix

WALKS = 2_000
FLOWS = [*shipped(), TRIAL]


def test_the_product_ships_flows() -> None:
    """The walks below would prove nothing over an empty directory."""
    assert shipped()


@pytest.mark.parametrize("path", FLOWS, ids=lambda path: path.stem)
def test_random_walks_keep_every_promise_and_meet_every_step(path: Path) -> None:
    """2,000 conversations: every question with every kind of answer, skip, back and change; 10 % of events are stale."""
    flow = load(path)
    chance = random.Random(20261122)
    seen = Seen()
    facts = list(variants(flow))
    for number in range(WALKS):
        Walk(flow, facts[number % len(facts)], chance, seen).run(most=160)
    assert seen.submitted == WALKS
    # Whoever is asked three things or fewer comes to the review sooner, and has less to wander among.
    assert seen.steps > min(20, 12 + 2 * len(flow.questions)) * WALKS, "they wander"
    state, _ = engine.start(flow, facts[0])
    missing = matrix(flow, state) - set(seen.met)
    assert not missing


def test_any_event_is_stale_at_any_later_moment() -> None:
    """A tap delivered again hours later, in whatever state the conversation is by then, changes nothing."""
    flow = trial()
    chance = random.Random(7)
    for _ in range(200):
        walk = Walk(flow, TRIAL_FACTS, chance, Seen())
        sent: list[Event] = []
        for step in range(60):
            if walk.state.mode == "done":
                break
            event = walk.pick(wander=step < 30)
            turn = walk.state.turn
            walk.state, effects = engine.apply(flow, walk.state, event)
            if walk.state.turn > turn:
                sent.append(event)
            for old in sent:
                assert engine.apply(flow, walk.state, old) == (walk.state, (Stale(),))
            del effects


def test_in_any_order_of_taps_no_answer_lands_on_another_question() -> None:
    """All the taps of a conversation arrive shuffled: only those that fit the screen count, each for its own question."""
    flow = trial()
    chance = random.Random(11)
    for _ in range(300):
        walk = Walk(flow, TRIAL_FACTS, chance, Seen())
        events: list[Event] = []
        while walk.state.mode != "done":
            event = walk.pick(wander=False)
            events.append(event)
            walk.state, _ = engine.apply(flow, walk.state, event)
        chance.shuffle(events)
        given = {event.question: event.value for event in events if isinstance(event, Answer)}
        state, _ = engine.start(flow, TRIAL_FACTS)
        for event in events:
            state, _ = engine.apply(flow, state, event)
            for name, value in state.answers.items():
                assert value == given[name]


@pytest.mark.parametrize(
    "value", [None, "", "x", -1, True, 3.5, [], {}, (), ["a", 5], object(), "ą" * 10_000, float("nan"), 10**400]
)
def test_no_value_of_any_kind_breaks_the_engine(value: object) -> None:
    """Whatever a forged tap or form holds, every question of the trial flow takes it as an answer or refuses it."""
    flow = trial()
    walk = Walk(flow, TRIAL_FACTS, random.Random(3), Seen())
    while walk.state.mode != "done":
        if walk.state.cursor is not None:
            for event in (Answer(walk.state.turn, walk.state.cursor, value), Mark(walk.state.turn, walk.state.cursor, str(value)[:10], on=True),
                          Done(walk.state.turn, walk.state.cursor), Skip(walk.state.turn, walk.state.cursor), Back(walk.state.turn),
                          Edit(walk.state.turn, str(value)[:10]), Confirm(walk.state.turn)):  # fmt: skip
                after, effects = engine.apply(flow, walk.state, event)
                assert len(effects) == 1
                after.to_json()
        walk.step(wander=False)
