"""A typed date as an answer: what is offered to be confirmed, what is asked, what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from konwent_bot import i18n
from konwent_bot.dialogue import engine
from konwent_bot.dialogue.dates import read
from konwent_bot.dialogue.hearing import DayHeard, Heard, Now, hear
from konwent_bot.dialogue.model import DateQuestion, MomentQuestion, TimeQuestion
from konwent_bot.dialogue.problem import Problem
from konwent_bot.dialogue.state import State
from konwent_bot.dialogue.values import accept
from tests.dialogue.dates.phrases import LANGUAGES, WARSAW, speaking
from tests.dialogue.voices import TRIAL_FACTS, trial

FLOW = trial()
STATE, _ = engine.start(FLOW, TRIAL_FACTS)
NOW = Now(datetime.fromisoformat("2026-11-27T12:00"), WARSAW, LANGUAGES)


def heard(question: str, text: str, state: State = STATE) -> object:
    asked = FLOW.question(question)
    assert isinstance(asked, DateQuestion | MomentQuestion | TimeQuestion)
    return hear(asked, text, state, NOW)


def refusal(question: str, text: str) -> str:
    said = heard(question, text)
    assert isinstance(said, Problem)
    return str(said)


def test_a_day_is_offered_to_be_confirmed() -> None:
    """However it was written, a typed day is no answer yet."""
    assert heard("host_day", "za tydzień") == Heard(("2026-12-04",))
    assert heard("host_day", "4.12.2026") == Heard(("2026-12-04",))
    assert heard("host_day", "2026-12-04") == Heard(("2026-12-04",))


def test_an_hour_where_only_a_day_is_asked_is_not_dropped_unsaid() -> None:
    """Who says a day with an hour is told that only the day counts, and may take that."""
    for text in ("za tydzień o 10", "za tydzień po południu", "za tydzień o 3"):
        said = heard("host_day", text)
        assert isinstance(said, Heard)
        assert (said.values, str(said.problem)) == (("2026-12-04",), "Only the day is asked here, without an hour.")


def test_days_outside_what_is_asked_for_are_refused_with_the_bound() -> None:
    """Bounds of the flow and of facts hold for what is typed as for what is pressed."""
    assert refusal("host_day", "1.01.2028") == "Please give a day not after 2027-12-31."
    assert refusal("visit", "jutro o 10") == "Please give a time not before 2026-12-02 08:00:00."
    assert refusal("visit", "1.12.2026") == "Please give a day not before 2026-12-02."
    assert "is past" in refusal("visit", "wczoraj o 10"), "days to come are asked for"
    assert heard("host_day", "wczoraj") == Heard(("2026-11-26",)), "here a day gone by is an answer"


def test_a_moment_needs_day_and_hour() -> None:
    """With both it is read back; with a day alone the hour is asked; an hour alone belongs to the day that was chosen."""
    assert heard("visit", "12.01.2027 o 10") == Heard(("2027-01-12T10:00",))
    assert heard("visit", "12.01.2027") == DayHeard(date(2027, 1, 12))
    assert heard("visit", "12.01.2027 po południu") == DayHeard(date(2027, 1, 12))
    assert refusal("visit", "o dziesiątej").startswith("Which day is it?")
    chosen = replace(STATE, marks={"visit": ("2027-01-12",)})
    assert heard("visit", "o dziesiątej", chosen) == Heard(("2027-01-12T10:00",))
    assert heard("visit", "13.01.2027 11:00", chosen) == Heard(("2027-01-13T11:00",)), "another day may still be typed"
    both = heard("visit", "o 3", chosen)
    assert isinstance(both, Heard)
    assert both.values == ("2027-01-12T15:00", "2027-01-12T03:00")
    assert str(both.problem) == "Which hour is meant: 03:00:00 or 15:00:00?"


def test_an_hour_the_clocks_skip_is_asked_again() -> None:
    """In the night the clocks go forward there is no half past two: the day is kept, and why the hour was not is said."""
    said = heard("visit", "28.03.2027 02:30")
    assert isinstance(said, DayHeard)
    assert said.day == date(2027, 3, 28)
    assert "the clocks go forward" in str(said.problem)


def test_a_plain_hour_counts_at_once_and_words_are_read_back() -> None:
    """There is nothing to add to "10:30"; "half past" is said back as a number."""
    assert heard("host_hour", "10:30") == "10:30"
    assert heard("host_hour", "9:05") == "09:05"
    assert heard("host_hour", "wpół do jedenastej") == Heard(("10:30",))
    assert refusal("host_hour", "18:00") == "Please give an hour not after 16:00:00."
    assert refusal("host_hour", "jutro") == "There is no such hour. Please give one from 0:00 to 23:59."


@given(
    st.sampled_from(["host_day", "visit", "host_hour"]), st.text(max_size=40) | st.from_regex(r"[0-9.: -]{1,16}", fullmatch=True)
)
def test_whatever_is_offered_the_question_takes(question: str, text: str) -> None:
    """No button under a reading leads to a refusal."""
    said = heard(question, text)
    offered = said.values if isinstance(said, Heard) else (said,) if isinstance(said, str) else ()
    for value in offered:
        assert accept(FLOW.question(question), value, STATE.facts) == value


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_examples_we_give_are_understood(language: str) -> None:
    """What a screen gives as an example of how to say a date, the reader of that language reads."""
    t = i18n.translator(language)
    assert read(t("next week on Thursday"), NOW.moment, speaking(language)).day == date(2026, 12, 3)
    assert read(t("next week on Thursday at 10:30"), NOW.moment, speaking(language)).hour is not None
