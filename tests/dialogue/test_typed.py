"""What people type: understood where it is unambiguous, refused with an example where it is not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from konwent_bot.dialogue import engine, typed
from konwent_bot.dialogue.problem import Problem, problem
from konwent_bot.dialogue.values import Value, accept
from tests.dialogue.voices import TRIAL_FACTS, VOICE, translated, trial

FLOW = trial()
FACTS = engine.start(FLOW, TRIAL_FACTS)[0].facts


def read(question: str, text: str) -> Value | str:
    value = typed.read(FLOW, question, text, FACTS, VOICE.flow)
    return VOICE(value.msgid, **value.facts) if isinstance(value, Problem) else value


@pytest.mark.parametrize(
    ("question", "text", "value"),
    [
        ("frequency", "Zawsze", "always"),
        ("frequency", "  ZAWSZE. ", "always"),
        ("frequency", "2", "mostly"),
        ("frequency", "2.", "mostly"),
        ("frequency", "rzad", "rarely"),
        ("reasons", "Braki kadrowe, niejasne przepisy", ("staff", "law")),
        ("reasons", "2, 1", ("staff", "law")),
        ("reasons", "Brak danych, po naszej stronie", ("data",)),
        ("reasons", "1, 1", ("staff",)),
        ("reasons", "trudno powiedziec", ("none",)),
        ("quality", "4", 4),
        ("quality", " 4. ", 4),
        ("quality", "nie wiem", "unknown"),
        ("quality", "Nie wiem / nie dotyczy", "unknown"),
        ("quality", "не знаю", "unknown"),
        ("quality", "srednia", 3),
        ("quality", "bardzo dobra", 5),
        ("actions", "12", 12),
        ("actions", "12,0", 12),
        ("actions", "0", 0),
        ("cost", "3,5", "3.5"),
        ("cost", "3.50", "3.5"),
        ("cost", "999", "999"),
        ("host", "Tak", True),
        ("host", "NIE", False),
        ("host", "так", True),
        ("host", "no", False),
        ("host_day", "2026-01-13", "2026-01-13"),
        ("host_day", "13.01.2026", "2026-01-13"),
        ("host_day", "13.1.2026 r.", "2026-01-13"),
        ("host_day", "13/01/2026", "2026-01-13"),
        ("host_hour", "10:30", "10:30"),
        ("visit", "12.01.2027 10:00", "2027-01-12T10:00"),
        ("visit", "2027-01-12T10:00", "2027-01-12T10:00"),
        ("visit", "12.1.2027 r., godz. 9:00", "2027-01-12T09:00"),
        ("host_hour", "8.05", "08:05"),
        ("host_hour", "godz. 9:00", "09:00"),
        ("slots", "1, 3", ("d1", "d3")),
        ("slots", "piątek", ("d3",)),
        ("agree", "potwierdzam", True),
        ("agree", "tak", True),
        ("quality_why", "  Więcej\r\nspotkań\x00  ", "Więcej\nspotkań"),
        ("law_detail", "jeden\ndwa", "jeden dwa"),
        ("quality_why", "{{ 7*7 }} <b>%s</b>", "{{ 7*7 }} <b>%s</b>"),
        ("quality_why", "a\u202eb", "ab"),
    ],
)
def test_typed_answers_are_understood(question: str, text: str, value: object) -> None:
    """Labels and numbers of choices, marks by commas, both commas, both date orders, words of three languages."""
    assert read(question, text) == value


@pytest.mark.parametrize(
    ("question", "text", "said"),
    [
        ("frequency", "nigdy", "Please choose one of the answers shown."),
        ("frequency", "", "Please choose one of the answers shown."),
        ("frequency", "4", "Please choose one of the answers shown."),  # the fourth is retired
        ("frequency", "Czasami", "Please choose one of the answers shown."),
        ("frequency", "za", "Please choose one of the answers shown."),  # two letters could be anything
        ("frequency", "zawsze albo rzadko", "Please choose one of the answers shown."),
        ("reasons", "brak", "“brak” is not among the answers shown."),  # two labels begin so
        ("reasons", "1, pogoda", "“pogoda” is not among the answers shown."),
        ("reasons", "1, 2, 3", "Please mark at most 2."),
        ("reasons", "1, 4", "“Trudno powiedzieć” cannot be chosen together with others."),
        ("reasons", ",,,", "Please mark at least 1."),
        ("quality", "6", "Please choose a number from 1 to 5."),
        ("quality", "0", "Please choose a number from 1 to 5."),
        ("quality", "4 lub 5", "Please choose a number from 1 to 5."),
        ("quality", "4,5", "Please choose a number from 1 to 5."),
        ("quality", "dob", "Please choose a number from 1 to 5."),
        ("actions", "12 działań", "Please give a whole number, for example 12."),
        ("actions", "3,5", "Please give a whole number, for example 12."),
        ("actions", "-1", "Please give a number not smaller than 0."),
        ("actions", "201", "Please give a number not larger than 200."),
        ("actions", "1e3", "Please give a whole number, for example 12."),
        ("actions", "9" * 400, "Please give a whole number, for example 12."),
        ("cost", "3,555", "Please give at most 2 digits after the comma."),
        ("cost", "1 000", "Please give a number not larger than 999.5."),
        ("cost", "0 100,25", "Please give a number, for example 3.5."),
        ("actions", "1.000", "Please give a whole number, for example 12."),  # one or a thousand?
        ("cost", "1.000", "Please give at most 2 digits after the comma."),
        ("cost", "3,5 zł", "Please give a number, for example 3.5."),
        ("host", "może", "Please answer yes or no."),
        ("host_day", "30.02.2026", "There is no such day in the calendar. Please give a day, for example 13.01.2026."),
        ("host_day", "13.01.26", "Please give a day, for example 13.01.2026."),
        ("host_day", "jutro", "Please give a day, for example 13.01.2026."),
        ("host_day", "13.01.2026 rano", "Please give a day, for example 13.01.2026."),
        ("host_day", "31.12.2025", "Please give a day not before 2026-01-01."),
        ("host_day", "1.1.2028", "Please give a day not after 2027-12-31."),
        ("host_day", "0000-00-00", "There is no such day in the calendar. Please give a day, for example 13.01.2026."),
        ("host_hour", "25:00", "Please give an hour, for example 10:30."),
        ("host_hour", "7:59", "Please give an hour not before 08:00:00."),
        ("host_hour", "16:01", "Please give an hour not after 16:00:00."),
        ("host_hour", "10", "Please give an hour, for example 10:30."),
        ("visit", "12.01.2027", "Please give a day and an hour, for example 13.01.2026 10:00."),
        ("visit", "12.01.2027 25:00", "Please give a day and an hour, for example 13.01.2026 10:00."),
        ("visit", "1.12.2026 10:00", "Please give a time not before 2026-12-02 08:00:00."),
        ("visit", "31.12.2027 16:01", "Please give a time not after 2027-12-31 16:00:00."),
        ("agree", "nie", "Please confirm with the button, or go back."),
        ("law_detail", " \u202e \x00 ", "Please write a few words."),
        ("law_detail", "ą" * 121, "The text has 121 characters; at most 120 fit. Please shorten it."),
    ],
)
def test_what_is_not_an_answer_is_refused_with_a_way_out(question: str, text: str, said: str) -> None:
    """Leftovers, ambiguity, impossible dates and bounds each have their sentence."""
    assert read(question, text) == said


def test_labels_count_in_the_reader_s_language_and_in_polish() -> None:
    """A person reading in English may type the English label or the Polish one."""
    english = translated({"wszystko/frequency/choices.always": "Always", "wszystko/quality/unknown_label": "Not sure"})
    assert typed.read(FLOW, "frequency", "always", FACTS, english) == "always"
    assert typed.read(FLOW, "frequency", "zawsze", FACTS, english) == "always"
    assert typed.read(FLOW, "quality", "not sure", FACTS, english) == "unknown"


def test_free_text_passes_the_guard_its_question_names() -> None:
    """Personal data found by the guard stops the text; other questions never meet the guard."""
    met: list[str] = []

    def guard(text: str) -> Problem | None:
        met.append(text)
        return problem("found") if "44051401359" in text else None

    guards = {"strict": guard}
    assert typed.read(FLOW, "quality_why", "PESEL 44051401359", FACTS, VOICE.flow, guards) == problem("found")
    assert typed.read(FLOW, "quality_why", " dobrze ", FACTS, VOICE.flow, guards) == "dobrze"
    typed.read(FLOW, "actions", "44051401359", FACTS, VOICE.flow, guards)
    assert met == ["PESEL 44051401359", "dobrze"]


@settings(max_examples=400, deadline=None)
@given(st.sampled_from([question.id for question in FLOW.questions]), st.text(max_size=60) | st.from_regex(r"[-0-9., :/]{0,30}"))
def test_any_text_is_an_answer_the_engine_takes_or_a_sentence(question: str, text: str) -> None:
    """Reading never raises, and whatever it gives is an answer in its stored form."""
    value = typed.read(FLOW, question, text, FACTS, VOICE.flow)
    if isinstance(value, Problem):
        assert str(value)
    else:
        assert accept(FLOW.question(question), value, FACTS) == value
