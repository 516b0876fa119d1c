"""``flows show`` and ``flows try``: a flow on paper and in the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from konwent_bot.dialogue.loading import load
from konwent_bot.dialogue.problem import problem
from konwent_bot.dialogue.sheets import show
from konwent_bot.dialogue.terminal import sample_facts, try_in_terminal
from tests.dialogue.voices import TRIAL_FACTS, VOICE, shipped, trial

FLOW = trial()


def test_a_sheet_says_everything_a_body_approves() -> None:
    """Every prompt, choice, reason, reader and condition stands on the sheet, the condition in words."""
    sheet = show(FLOW, VOICE)
    assert "Asked only when “Terminowość” is one of: Rzadko, Zwykle." in sheet
    assert "it is not so that “Terminowość” is: Zawsze or “Jakość” is: Nie wiem / nie dotyczy." in " ".join(sheet.split())
    assert "Jak często ‹partner› odpowiadał w terminie?" in sheet
    assert "[when “variant” is: full: To wersja pełna.][otherwise: To wersja krótka.]" in sheet
    assert "- Czasami (no longer offered)" in sheet
    assert "- Trudno powiedzieć (alone)" in sheet
    assert "Answer: a number, at least 0, at most 999.5 May be skipped." in sheet
    assert "Answer: a day, not before 2026-01-01, not after 2027-12-31" in sheet
    flat = " ".join(sheet.split())
    for question in FLOW.questions:
        assert f"Why we ask: {question.why}" in flat
        assert f"Who will see it: {question.who_sees}" in flat
        assert f"({question.id})" in flat
    assert max(len(line) for line in sheet.splitlines()) <= 100


def test_every_shipped_flow_has_a_sheet() -> None:
    """Whatever is shipped can be shown."""
    for path in shipped():
        flow = load(path)
        assert all(question.short in show(flow, VOICE) for question in flow.questions)


def play(*lines: str) -> tuple[object, str]:
    told: list[str] = []
    typed: Iterator[str] = iter(lines)

    def ask(prompt: str) -> str:
        try:
            return next(typed)
        except StopIteration:
            raise EOFError from None

    guards = {"strict": lambda text: problem("Found: a phone number.") if "600" in text else None}
    return try_in_terminal(FLOW, TRIAL_FACTS, VOICE, ask, told.append, guards), "\n".join(told)


def test_a_flow_can_be_tried_to_the_end() -> None:
    """Typed answers, a refusal, a way back, the guard, a change in the review: as people would meet it."""
    answers, told = play(
        "keep", "zawsze", "7", "back", "keep", "2", "tel. 600 100 200", "Szybciej", "0", "nie", "skip", "99", "1", "rzadko", "2", "skip",
        "skip", "tak", "send",
    )  # fmt: skip
    assert answers == {
        "frequency": "rarely", "reasons": ("law",), "quality": 2, "quality_why": "Szybciej", "actions": 0, "host": False, "agree": True,
    }  # fmt: skip
    assert "! Please choose a number from 1 to 5." in told
    assert "! Found: a phone number." in told
    assert "Please give the number of an answer to change it, or write: send." in told
    assert "Efekty · question 4" in told
    assert told.endswith("Dziękujemy, GOPS Modliborzyce. Budżet: 150.5.")


def test_a_trial_can_be_stopped_at_any_moment() -> None:
    """The word stops it, and so does the end of input."""
    assert play("zawsze", "stop")[0] is None
    assert play()[0] is None


def test_facts_can_be_made_up_for_any_flow() -> None:
    """A trial needs no office: the facts are made up."""
    for path in shipped():
        flow = load(path)
        assert try_in_terminal(flow, sample_facts(flow), VOICE, lambda _: "stop", lambda _: None) is None
    assert sample_facts(FLOW)["variant"] == "full"
