"""The engine step by step: what each event does, and that everything else changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from konwent_bot.dialogue import engine
from konwent_bot.dialogue.engine import (
    Answer,
    Ask,
    Back,
    Closed,
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
from konwent_bot.dialogue.loading import load
from konwent_bot.dialogue.state import State, marks
from konwent_bot.errors import Invalid
from tests.dialogue.voices import TRIAL, TRIAL_FACTS, trial

FLOW = trial()


class Talk:
    """A conversation in a test: keeps the state, sends it through JSON before every step."""

    def __init__(self, answers: dict[str, object] | None = None, facts: Mapping[str, Any] | None = None) -> None:
        self.state, self.effects = engine.start(FLOW, {**TRIAL_FACTS, **(facts or {})}, answers)

    def send(self, event: Event) -> Effects:
        self.state, self.effects = engine.apply(FLOW, State.from_json(self.state.to_json()), event)
        return self.effects

    def say(self, *values: object) -> Effects:
        for value in values:
            assert self.state.cursor is not None
            self.send(Answer(self.state.turn, self.state.cursor, value))
            assert not isinstance(self.effects[0], Reject), self.effects
        return self.effects

    def to_review(self) -> Talk:
        """Always, good, 0 actions, no host, no slots."""
        self.say("always", 4, 0, False)
        self.send(Skip(self.state.turn, "slots"))
        assert self.effects == (Review(),)
        return self


def test_a_conversation_begins_at_the_first_question() -> None:
    """Starting shows the first question as turn 1."""
    talk = Talk()
    assert talk.effects == (Ask("frequency"),)
    assert (talk.state.turn, talk.state.mode, talk.state.cursor) == (1, "ask", "frequency")


def test_an_answer_leads_to_the_next_question_that_applies() -> None:
    """After "always" nobody is asked for reasons of delay."""
    talk = Talk()
    assert talk.say("always") == (Ask("quality"),)
    assert talk.state.turn == 2


def test_an_answer_opens_a_conditional_question() -> None:
    """After "rarely" the reasons are asked."""
    assert Talk().say("rarely") == (Ask("reasons"),)


def test_a_fact_may_steer() -> None:
    """The short variant does not ask for the provisions even when "law" is marked."""
    assert Talk().say("rarely", ("law",)) == (Ask("law_detail"),)
    assert Talk(facts={"variant": "short"}).say("rarely", ("law",)) == (Ask("quality"),)


def test_a_wrong_answer_is_rejected_and_changes_nothing() -> None:
    """A choice that does not exist leaves the person where they are, on the same turn."""
    talk = Talk()
    before = talk.state
    assert isinstance(talk.send(Answer(1, "frequency", "never"))[0], Reject)
    assert talk.state == before


def test_a_retired_choice_cannot_be_given_any_more() -> None:
    """A choice kept only for old answers is refused."""
    assert isinstance(Talk().send(Answer(1, "frequency", "sometimes"))[0], Reject)


def test_a_second_tap_on_the_same_screen_changes_nothing() -> None:
    """Tapping "always" twice answers once: the second tap carries an old turn."""
    talk = Talk()
    talk.say("always")
    before = talk.state
    assert talk.send(Answer(1, "frequency", "rarely")) == (Stale(),)
    assert talk.state == before


def test_an_answer_to_another_question_changes_nothing() -> None:
    """A forged tap with the right turn and another question is stale, for every event that names a question."""
    talk = Talk()
    for event in (Answer(1, "quality", 3), Mark(1, "reasons", "law", on=True), Done(1, "reasons"), Skip(1, "slots"), Edit(1, "quality"),
                  Answer(1, "no_such", 1), Edit(1, "no_such"), Mark(1, "frequency", "always", on=True)):  # fmt: skip
        assert talk.send(event) == (Stale(),)
        assert talk.state == engine.start(FLOW, TRIAL_FACTS)[0]


def test_marks_are_set_not_flipped() -> None:
    """Marking the same choice again keeps it marked; each accepted mark is a turn and stays at the question."""
    talk = Talk()
    talk.say("rarely")
    assert talk.send(Mark(2, "reasons", "law", on=True)) == (Ask("reasons"),)
    assert talk.send(Mark(3, "reasons", "law", on=True)) == (Ask("reasons"),)
    assert talk.state.marks == {"reasons": ("law",)}
    assert talk.state.turn == 4
    talk.send(Mark(4, "reasons", "law", on=False))
    assert talk.state.marks == {"reasons": ()}


def test_marks_keep_the_order_of_the_file() -> None:
    """Whatever the order of taps, the stored answer is in the order of the choices."""
    talk = Talk()
    talk.say("rarely")
    talk.send(Mark(2, "reasons", "data", on=True))
    talk.send(Mark(3, "reasons", "staff", on=True))
    assert talk.send(Done(4, "reasons")) == (Ask("quality"),)
    assert talk.state.answers["reasons"] == ("staff", "data")
    assert talk.state.marks == {}


def test_an_exclusive_choice_clears_the_others_and_is_cleared_by_them() -> None:
    """The choice "hard to say" cannot stand together with a reason."""
    talk = Talk()
    talk.say("rarely")
    talk.send(Mark(2, "reasons", "law", on=True))
    talk.send(Mark(3, "reasons", "none", on=True))
    assert talk.state.marks["reasons"] == ("none",)
    talk.send(Mark(4, "reasons", "staff", on=True))
    assert talk.state.marks["reasons"] == ("staff",)


def test_more_marks_than_allowed_are_rejected() -> None:
    """A third reason is refused where two are the most."""
    talk = Talk()
    talk.say("rarely")
    talk.send(Mark(2, "reasons", "law", on=True))
    talk.send(Mark(3, "reasons", "staff", on=True))
    before = talk.state
    (effect,) = talk.send(Mark(4, "reasons", "data", on=True))
    assert isinstance(effect, Reject)
    assert str(effect.problem) == "Please mark at most 2."
    assert talk.state == before


def test_a_mark_that_is_not_offered_is_rejected() -> None:
    """A forged choice id is refused in a multi question and in a slots question."""
    talk = Talk()
    talk.say("rarely")
    assert isinstance(talk.send(Mark(2, "reasons", "weather", on=True))[0], Reject)
    slots = Talk()
    slots.say("always", 4, 0, False)
    assert isinstance(slots.send(Mark(slots.state.turn, "slots", "d9", on=True))[0], Reject)


def test_leaving_without_enough_marks_is_rejected() -> None:
    """Leaving with nothing marked says how many are needed."""
    talk = Talk()
    talk.say("rarely")
    (effect,) = talk.send(Done(2, "reasons"))
    assert isinstance(effect, Reject)
    assert str(effect.problem) == "Please mark at least 1."


def test_slots_come_from_the_fact() -> None:
    """Proposed days handed over at the start can be marked, at most two of them."""
    talk = Talk()
    talk.say("always", 4, 0, False)
    for choice in ("d3", "d1"):
        talk.send(Mark(talk.state.turn, "slots", choice, on=True))
    assert talk.send(Done(talk.state.turn, "slots")) == (Review(),)
    assert talk.state.answers["slots"] == ("d1", "d3")


def test_an_unknown_answer_on_a_scale_is_a_value_of_its_own() -> None:
    """An "I do not know" is stored as such, opens what asks for it and is never a low mark."""
    talk = Talk()
    talk.say("always")
    assert talk.say("unknown") == (Ask("actions"),)  # not quality_why: unknown is not <= 2
    assert talk.state.answers["quality"] == "unknown"
    assert "agree" in FLOW.path(talk.state.answers, talk.state.facts)


def test_an_optional_question_can_be_skipped_and_a_required_one_cannot() -> None:
    """Skipping says so in the state; a required question says it needs an answer."""
    talk = Talk()
    (effect,) = talk.send(Skip(1, "frequency"))
    assert isinstance(effect, Reject)
    assert str(effect.problem) == "This question needs an answer."
    talk.to_review()
    assert talk.state.skipped == ("slots",)


def test_skipping_takes_an_answer_back() -> None:
    """Skipping a question that had an answer removes the answer."""
    talk = Talk()
    talk.say("rarely", ("law",), "ustawa", 4)
    talk.send(Back(talk.state.turn))
    talk.send(Back(talk.state.turn))
    assert talk.state.cursor == "law_detail"
    talk.send(Skip(talk.state.turn, "law_detail"))
    assert "law_detail" not in talk.state.answers
    assert talk.state.skipped == ("law_detail",)
    assert talk.state.cursor == "actions"


def test_back_goes_one_question_back_and_forward_keeps_answers() -> None:
    """Going back shows the answer given; "keep" returns to where the person was."""
    talk = Talk()
    talk.say("always", 4)
    assert talk.send(Back(3)) == (Ask("quality"),)
    assert talk.send(Back(4)) == (Ask("frequency"),)
    assert talk.send(Back(5)) == (Stale(),)
    assert talk.send(Done(5, "frequency")) == (Ask("actions"),)
    assert talk.state.answers == {"frequency": "always", "quality": 4}


def test_marks_wait_for_the_return_when_going_back_from_an_unanswered_question() -> None:
    """Half-made marks are not lost by looking one question back."""
    talk = Talk()
    talk.say("rarely")
    talk.send(Mark(2, "reasons", "law", on=True))
    talk.send(Back(3))
    talk.send(Done(4, "frequency"))
    assert talk.state.cursor == "reasons"
    assert marks(talk.state, "reasons") == ("law",)


def test_nothing_is_submitted_without_a_review() -> None:
    """The last answer leads to the review; only Confirm there submits."""
    talk = Talk().to_review()
    assert (talk.state.mode, talk.state.cursor) == ("review", None)
    (effect,) = talk.send(Confirm(talk.state.turn))
    assert effect == Submit({"frequency": "always", "quality": 4, "actions": 0, "host": False}, ())
    assert (talk.state.mode, talk.state.cursor) == ("done", None)


def test_confirm_outside_the_review_changes_nothing() -> None:
    """An old "send" button does not submit half a card."""
    talk = Talk()
    assert talk.send(Confirm(1)) == (Stale(),)


def test_a_finished_conversation_answers_that_it_is_closed() -> None:
    """After submitting, events of the current turn get Closed and old ones Stale; nothing changes."""
    talk = Talk().to_review()
    talk.send(Confirm(talk.state.turn))
    after = talk.state
    assert talk.send(Confirm(after.turn)) == (Closed(),)
    assert talk.send(Confirm(after.turn - 1)) == (Stale(),)
    assert talk.send(Edit(after.turn, "quality")) == (Closed(),)
    assert talk.state == after


def test_changing_one_answer_returns_to_the_review() -> None:
    """The GOV.UK rule: Change, answer, back at the review."""
    talk = Talk().to_review()
    assert talk.send(Edit(talk.state.turn, "quality")) == (Ask("quality"),)
    assert talk.state.mode == "edit"
    assert talk.say(5) == (Review(),)
    assert talk.state.answers["quality"] == 5


def test_a_change_that_opens_questions_asks_them_before_the_review() -> None:
    """Lowering the score asks what to improve first."""
    talk = Talk().to_review()
    talk.send(Edit(talk.state.turn, "quality"))
    assert talk.say(1) == (Ask("quality_why"),)
    assert talk.state.mode == "ask"
    assert talk.say("Szybsze odpowiedzi") == (Review(),)


def test_giving_up_a_change_returns_to_the_review_unchanged() -> None:
    """Back from a change keeps the answer that stood."""
    talk = Talk().to_review()
    before = talk.state
    talk.send(Edit(talk.state.turn, "quality"))
    assert talk.send(Back(talk.state.turn)) == (Review(),)
    assert (talk.state.answers, talk.state.skipped) == (before.answers, before.skipped)


def test_half_a_change_of_marks_is_given_up_with_it() -> None:
    """Marks made in a change that was given up do not show later as the answer."""
    talk = Talk(
        answers={
            "frequency": "rarely",
            "reasons": ["law"],
            "law_detail": "x",
            "quality": 4,
            "actions": 0,
            "host": False,
            "agree": True,
        }
    )
    assert talk.effects == (Review(),)
    talk.send(Edit(talk.state.turn, "reasons"))
    talk.send(Mark(talk.state.turn, "reasons", "staff", on=True))
    talk.send(Back(talk.state.turn))
    assert marks(talk.state, "reasons") == ("law",)
    talk.send(Edit(talk.state.turn, "reasons"))
    talk.send(Mark(talk.state.turn, "reasons", "staff", on=True))
    talk.send(Edit(talk.state.turn, "quality"))
    assert marks(talk.state, "reasons") == ("law",)


def test_back_from_the_review_opens_the_last_question() -> None:
    """The review has a way back too."""
    talk = Talk().to_review()
    assert talk.send(Back(talk.state.turn)) == (Ask("slots"),)
    assert talk.state.mode == "edit"
    assert talk.send(Skip(talk.state.turn, "slots")) == (Review(),)


def test_an_answer_that_no_longer_applies_stays_in_the_draft_and_is_not_sent() -> None:
    """Going rarely -> always -> rarely gives the reasons back; submitting with "always" drops them."""
    talk = Talk()
    talk.say("rarely", ("staff",), 4, 0, False)
    talk.send(Skip(talk.state.turn, "slots"))
    talk.say(True)
    talk.send(Edit(talk.state.turn, "frequency"))
    talk.say("always")
    assert talk.state.answers["reasons"] == ("staff",)
    assert "reasons" not in FLOW.path(talk.state.answers, talk.state.facts)
    talk.send(Edit(talk.state.turn, "frequency"))
    assert talk.say("rarely") == (Review(),)  # reasons and agree are still answered
    talk.send(Edit(talk.state.turn, "frequency"))
    talk.say("always")
    (effect,) = talk.send(Confirm(talk.state.turn))
    assert effect == Submit({"frequency": "always", "quality": 4, "actions": 0, "host": False}, ("reasons", "agree"))
    assert "staff" not in talk.state.to_json()


def test_an_irrelevant_answer_counts_as_absent_in_conditions() -> None:
    """Provisions hang on the reasons; when the reasons do not apply, neither do the provisions, though both are in the draft."""
    talk = Talk()
    talk.say("rarely", ("law",), "ustawa", 4, 0, False)
    talk.send(Edit(talk.state.turn, "frequency"))
    talk.say("always")
    path = FLOW.path(talk.state.answers, talk.state.facts)
    assert {"reasons", "law_detail"} <= set(talk.state.answers)
    assert not {"reasons", "law_detail"} & set(path)


def test_editing_ones_message_changes_an_earlier_answer_before_the_review() -> None:
    """Edit and Answer while questions remain lead to the first question without an answer."""
    talk = Talk()
    talk.say("always", 4)
    talk.send(Edit(3, "frequency"))
    assert talk.state.mode == "ask"
    assert talk.say("rarely") == (Ask("reasons"),)


def test_a_submitted_card_opens_in_the_review() -> None:
    """Changing a card begins with its answers; what was left out is not asked again, what no longer fits is."""
    sent: dict[str, object] = {"frequency": "always", "quality": 4, "actions": 0, "host": False}
    talk = Talk(answers=sent)
    assert talk.effects == (Review(),)
    assert talk.state.skipped == ("slots",)
    old = Talk(answers={**sent, "frequency": "sometimes", "quality": 9})
    assert old.effects == (Ask("frequency"),)
    assert old.state.answers == {"actions": 0, "host": False}


def test_an_optional_answer_that_no_longer_fits_is_asked_again() -> None:
    """Slots that are no longer offered are not silently left out."""
    talk = Talk(answers={"frequency": "always", "quality": 4, "actions": 0, "host": False, "slots": ["gone"]})
    assert talk.effects == (Ask("slots"),)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"variant": "medium"}, "The conversation cannot start: “variant” should be of type choice."),
        ({"partner": ""}, "The conversation cannot start: “partner” should be of type text."),
        ({"closes_on": "1 December"}, "The conversation cannot start: “closes_on” should be of type date."),
        ({"closes_on": "2026-02-30"}, "The conversation cannot start: “closes_on” should be of type date."),
        ({"closes_at": "2026-12-01T10:00:00"}, "The conversation cannot start: “closes_at” should be of type instant."),
        ({"budget": True}, "The conversation cannot start: “budget” should be of type number."),
        ({"hosting": 1}, "The conversation cannot start: “hosting” should be of type yesno."),
        ({"days": []}, "The conversation cannot start: “days” should be of type slots."),
        (
            {"days": [{"id": "a", "label": "A"}, {"id": "a", "label": "B"}]},
            "The conversation cannot start: “days” should be of type slots.",
        ),
        ({"days": ["ab"]}, "The conversation cannot start: “days” should be of type slots."),
        ({"colour": "red"}, "The conversation cannot start: it knows no “colour”."),
    ],
)
def test_facts_of_another_kind_are_refused(facts: dict[str, object], said: str) -> None:
    """A conversation never starts with facts its questions cannot use."""
    with pytest.raises(Invalid) as refused:
        Talk(facts=facts)
    assert str(refused.value) == said


def test_a_missing_fact_is_refused() -> None:
    """Every declared fact must be given."""
    with pytest.raises(Invalid, match="“variant” is missing"):
        engine.start(FLOW, {name: value for name, value in TRIAL_FACTS.items() if name != "variant"})


def test_a_state_of_another_structure_is_never_applied() -> None:
    """A running conversation keeps the definition it was started with: the engine refuses any other."""
    other = load(TRIAL.read_bytes().replace(b"max = 200", b"max = 300"), "other.toml")
    state, _ = engine.start(FLOW, TRIAL_FACTS)
    with pytest.raises(engine.WrongFlow):
        engine.apply(other, state, Answer(1, "frequency", "always"))


def test_facts_are_kept_in_one_form() -> None:
    """Days, instants, numbers and slots survive JSON as they were."""
    state, _ = engine.start(FLOW, TRIAL_FACTS)
    assert State.from_json(state.to_json()) == state
    assert state.facts["closes_at"] == "2026-12-01T11:00:00+00:00"
    assert state.facts["budget"] == "150.5"
    assert state.facts["days"][0].label == "wtorek, 1 grudnia, 10:00"  # type: ignore[index,union-attr]  # a slots fact is a tuple of slots


def test_a_damaged_state_is_not_read() -> None:
    """Text that is no state raises; it is never taken for an empty conversation."""
    for text in ("", "{}", "[]", '{"flow": "x"}', "null"):
        with pytest.raises((ValueError, KeyError, TypeError)):
            State.from_json(text)
