"""What a screen shows: complete for any channel, in the reader's language, and never a template left open."""

from __future__ import annotations

from datetime import date

from konwent_bot.dialogue import engine
from konwent_bot.dialogue.engine import Answer, Mark, Skip
from konwent_bot.dialogue.state import State
from konwent_bot.dialogue.view import DoneView, QuestionView, ReviewView, opening, view
from tests.dialogue.voices import TRIAL_FACTS, VOICE, translated, trial

FLOW = trial()


def after(*values: object, **facts: object) -> State:
    state, _ = engine.start(FLOW, {**TRIAL_FACTS, **facts})  # type: ignore[dict-item]  # facts of tests are right by reading
    for value in values:
        assert state.cursor is not None
        event = Skip(state.turn, state.cursor) if value is None else Answer(state.turn, state.cursor, value)
        state, _ = engine.apply(FLOW, state, event)
    return state


def shown(state: State) -> QuestionView:
    screen = view(FLOW, state, VOICE.flow, VOICE)
    assert isinstance(screen, QuestionView)
    return screen


def test_the_opening_says_what_and_how_long() -> None:
    """Before the first question: title, introduction with its facts, minutes."""
    words = opening(FLOW, after().facts, VOICE.flow, VOICE)
    assert words.title == "Wszystkie rodzaje pytań (GOPS Modliborzyce)"
    assert words.intro == "Rozmowa próbna z: GOPS Modliborzyce. Termin: 2026-12-01, o 11:00.\nTo wersja pełna."
    assert words.minutes == 4
    assert "To wersja krótka." in opening(FLOW, after(variant="short").facts, VOICE.flow, VOICE).intro


def test_a_single_question_offers_its_live_choices() -> None:
    """Retired choices are not offered; every question says why it is asked and who sees the answer."""
    screen = shown(after())
    assert (screen.kind, screen.number, screen.section, screen.section_begins) == ("single", 1, "Kontakty", True)
    assert screen.prompt == "Jak często GOPS Modliborzyce odpowiadał w terminie?"
    assert [(one.id, one.label, one.value) for one in screen.choices] == [
        ("always", "Zawsze", "always"), ("mostly", "Zwykle", "mostly"), ("rarely", "Rzadko", "rarely")
    ]  # fmt: skip
    assert (screen.why, screen.who_sees) == ("Porównujemy to co pół roku.", "Osoba koordynująca.")
    assert (screen.can_skip, screen.can_back, screen.can_done, screen.total) == (False, False, False, None)


def test_a_multi_question_shows_marks_and_when_it_may_be_left() -> None:
    """Ticks follow the marks; Done appears once the minimum is met."""
    state = after("rarely")
    assert not shown(state).can_done
    state, _ = engine.apply(FLOW, state, Mark(state.turn, "reasons", "law", on=True))
    screen = shown(state)
    assert [one.marked for one in screen.choices] == [False, True, False, False]
    assert [one.exclusive for one in screen.choices] == [False, False, False, True]
    assert (screen.can_done, screen.min, screen.max) == (True, 1, 2)


def test_a_scale_has_its_ends_and_unknown_apart() -> None:
    """Points are choices; "I do not know" is the last, and told apart."""
    screen = shown(after("always"))
    assert screen.scale is not None
    assert (screen.scale.low_label, screen.scale.high_label) == ("bardzo zła", "bardzo dobra")
    assert screen.scale.unknown is screen.choices[-1]
    assert [one.value for one in screen.choices] == [1, 2, 3, 4, 5, "unknown"]
    assert screen.scale.labels[2] == "średnia"


def test_free_text_carries_a_privacy_reminder() -> None:
    """Above every free text and nowhere else."""
    screen = shown(after("always", 1))
    assert (screen.kind, screen.privacy_reminder, screen.guard, screen.max_chars, screen.multiline) == (
        "text",
        True,
        "strict",
        600,
        True,
    )
    assert not shown(after()).privacy_reminder


def test_the_total_is_shown_only_when_it_cannot_change() -> None:
    """While a later question hangs on this or a later one, there is no total; then it is right to the end."""
    assert shown(after("always", 4)).total is None
    state = after("always", 4, 0, False)
    assert state.cursor == "slots"
    assert (shown(state).number, shown(state).total) == (5, 5)


def test_an_answer_given_is_shown_and_fills_the_field() -> None:
    """Coming back to a question shows what was said, in words and as typed."""
    state = after("always", 4, 3, "12.5")
    state, _ = engine.apply(FLOW, state, engine.Back(state.turn))
    screen = shown(state)
    assert (screen.id, screen.value, screen.answer, screen.prefill, screen.can_done) == ("cost", "12.5", "12.5", "12.5", True)


def test_a_day_that_was_chosen_waits_for_its_hour() -> None:
    """Of a day with an hour the day may be chosen first: it is shown, it is no answer yet, and it may be taken back."""
    state = after("always", 4, 0, True, "2026-07-01", None)
    assert (shown(state).id, shown(state).low, shown(state).high) == ("visit", "2026-12-02", "2027-12-31")
    marked, _ = engine.apply(FLOW, state, engine.Mark(state.turn, "visit", "2027-01-12", on=True))
    assert (shown(marked).day, shown(marked).can_done, marked.turn) == (date(2027, 1, 12), False, state.turn + 1)
    cleared, _ = engine.apply(FLOW, marked, engine.Mark(marked.turn, "visit", "2027-01-12", on=False))
    assert shown(cleared).day is None
    answered, _ = engine.apply(FLOW, marked, Answer(marked.turn, "visit", "2027-01-12T10:00"))
    assert (answered.answers["visit"], answered.marks) == ("2027-01-12T10:00", {})


def test_the_review_has_a_row_for_every_question_on_the_path() -> None:
    """Rows are numbered and in words; skipped is said; answers that will not be sent are told."""
    state = after(
        "rarely", ("law", "data"), "ustawa", "unknown", 2, None, True, "2026-07-01", "10:30", "2027-01-12T10:00", ("d1",), True
    )
    screen = view(FLOW, state, VOICE.flow, VOICE)
    assert isinstance(screen, ReviewView)
    assert [(row.number, row.question, row.answer) for row in screen.rows] == [
        (1, "frequency", "Rzadko"),
        (2, "reasons", "Niejasne przepisy, Brak danych, po naszej stronie"),
        (3, "law_detail", "ustawa"),
        (4, "quality", "Nie wiem / nie dotyczy"),
        (5, "actions", "2"),
        (6, "cost", "(skipped)"),
        (7, "host", "Yes"),
        (8, "host_day", "2026-07-01"),
        (9, "host_hour", "10:30"),
        (10, "visit", "2027-01-12T10:00:00"),
        (11, "slots", "wtorek, 1 grudnia, 10:00"),
        (12, "agree", "Confirmed"),
    ]
    assert [row.question for row in screen.rows if row.skipped] == ["cost"]
    assert [row.question for row in screen.rows if row.sensitive] == ["law_detail"]
    state, _ = engine.apply(FLOW, state, engine.Edit(state.turn, "frequency"))
    state, _ = engine.apply(FLOW, state, Answer(state.turn, "frequency", "always"))
    screen = view(FLOW, state, VOICE.flow, VOICE)
    assert isinstance(screen, ReviewView)
    assert [gone.question for gone in screen.not_sent] == ["reasons", "law_detail"]


def test_the_end_says_thanks_with_what_was_sent() -> None:
    """After submitting: thanks, and the rows that went."""
    state = after("always", 4, 0, False, None)
    state, _ = engine.apply(FLOW, state, engine.Confirm(state.turn))
    screen = view(FLOW, state, VOICE.flow, VOICE)
    assert isinstance(screen, DoneView)
    assert screen.thanks == "Dziękujemy, GOPS Modliborzyce. Budżet: 150.5."
    assert [row.question for row in screen.rows] == ["frequency", "quality", "actions", "host", "slots"]


def test_a_broken_translation_falls_back_to_the_source() -> None:
    """A template a translator broke never reaches a person half-rendered, and never stops one."""
    for broken in ("How often did {{ partner reply?", "{{ nobody }}", "{% for x in y %}{% endfor %}"):
        texts = translated({"wszystko/frequency/prompt": broken})
        screen = view(FLOW, after(), texts, VOICE)
        assert isinstance(screen, QuestionView)
        assert screen.prompt == "Jak często GOPS Modliborzyce odpowiadał w terminie?"


def test_facts_are_written_literally() -> None:
    """A partner's name that looks like a template stays a name."""
    screen = shown(after(partner="{{ 7*7 }} <b>%s</b>"))
    assert screen.prompt == "Jak często {{ 7*7 }} <b>%s</b> odpowiadał w terminie?"
