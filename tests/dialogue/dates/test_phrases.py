"""Dates as people say them: what is understood, asked about and refused."""

from __future__ import annotations

import unicodedata
from datetime import datetime, time

import pytest

from konwent_bot import i18n
from konwent_bot.dialogue.dates import read, read_hour
from konwent_bot.dialogue.dates.findings import Doubt, No
from tests.dialogue.dates.phrases import LANGUAGES, Phrase, phrases, shown, speaking, understood

MONDAY = datetime.fromisoformat("2026-01-05T09:00")
CLEAR = [phrase for phrase in phrases() if phrase.status == "ok"]


@pytest.mark.parametrize("phrase", phrases(), ids=lambda phrase: f"{phrase.language} {phrase.now:%m-%d} {phrase.text}")
def test_a_phrase_means_what_people_mean_by_it(phrase: Phrase) -> None:
    """Each phrase was written down with its meaning before the reader was: day and hour, a question, or a refusal."""
    assert shown(understood(phrase)) == (phrase.status, phrase.day, phrase.hour)


@pytest.mark.parametrize("phrase", [phrase for phrase in phrases() if phrase.status != "ok"], ids=lambda phrase: phrase.text)
def test_what_is_not_clear_is_said_in_a_sentence(phrase: Phrase) -> None:
    """A question or a refusal is a whole sentence in each language of the house, with nothing left to fill in."""
    reading = understood(phrase)
    assert reading.problem is not None
    for language in LANGUAGES:
        sentence = i18n.translator(language).say(reading.problem)
        assert sentence
        assert "{" not in sentence.replace(phrase.text, "")


@pytest.mark.parametrize("phrase", CLEAR, ids=lambda phrase: f"{phrase.language} {phrase.text}")
def test_a_word_nobody_knows_never_passes_unnoticed(phrase: Phrase) -> None:
    """Whatever is put before, after or between the words of a clear phrase, it is not clear any more: nothing is left out."""
    words = phrase.text.split()
    for extra in ("chyba", "zzz", "albo", "nie", "😀", "–", "@", "17 17 17", "w ratuszu"):
        for at in range(len(words) + 1):
            spoilt = " ".join([*words[:at], extra, *words[at:]])
            assert understood(phrase, spoilt).status != "ok", spoilt


@pytest.mark.parametrize("phrase", CLEAR, ids=lambda phrase: f"{phrase.language} {phrase.text}")
def test_keyboards_write_the_same_words_differently(phrase: Phrase) -> None:
    """No-break spaces, letters in two parts, capitals: a phone's way of writing changes no date."""
    meant = shown(understood(phrase))
    assert shown(understood(phrase, phrase.text.replace(" ", "\N{NO-BREAK SPACE}"))) == meant
    assert shown(understood(phrase, unicodedata.normalize("NFD", phrase.text))) == meant
    assert shown(understood(phrase, phrase.text.upper())) == meant


def test_a_question_offers_what_may_have_been_meant() -> None:
    """“Next Thursday” is this week's or the following one's: both are offered, with the hour that was said."""
    reading = read("w przyszły czwartek o 12", MONDAY)
    assert [(day.isoformat(), hour) for day, hour in reading.options] == [("2026-01-08", time(12)), ("2026-01-15", time(12))]
    reading = read("jutro o 3", MONDAY)
    assert [hour for _, hour in reading.options] == [time(15), time(3)]


def test_days_gone_by_are_answers_where_they_are_asked_for() -> None:
    """A question about something that has happened takes yesterday, and last year's date when the year is said."""
    assert read("wczoraj", MONDAY, past=True).status == "ok"
    assert shown(read("15.01.2025 o 10", MONDAY, past=True)) == ("ok", "2025-01-15", "10:00")
    assert read("2 stycznia", MONDAY, past=True).status == "ask", "which year is still not said"


def test_a_text_as_long_as_a_letter_is_refused_at_once() -> None:
    """Nobody says a date in a thousand words; it is refused without being read, and shown back cut short."""
    reading = read("jutro " * 100_000, MONDAY)
    assert reading.status == "refused"
    assert reading.problem is not None
    assert len(i18n.translator("pl").say(reading.problem)) < 200


@pytest.mark.parametrize(
    ("text", "hour"),
    [("10:30", time(10, 30)), ("10.30", time(10, 30)), ("10", time(10)), ("o wpół do jedenastej", time(10, 30)),
     ("kwadrans po ósmej", time(8, 15)), ("za kwadrans dziesiąta", time(9, 45)), ("dziesiąta trzydzieści", time(10, 30)),
     ("o piątej po południu", time(17)), ("godz. 15", time(15)), ("3 pm", time(15)), ("о пів на одинадцяту", time(10, 30)),
     ("00:00", time(0)), ("w południe", time(12))],
)  # fmt: skip
def test_an_hour_alone_is_read_in_words_too(text: str, hour: time) -> None:
    """Where only an hour is asked, it may be said as for a date."""
    assert read_hour(text) == hour


@pytest.mark.parametrize("text", ["o 3", "rano", "o 15 rano", "o północy"])
def test_an_hour_that_may_be_two_is_asked_about(text: str) -> None:
    """Three o'clock may be in the afternoon; "in the morning" is no hour."""
    assert isinstance(read_hour(text), Doubt)


@pytest.mark.parametrize("text", ["", "25", "10:75", "jutro o 10", "10 12", "od 10 do 12", "10.99", "ratusz", "15.01 10:00"])
def test_what_is_no_single_hour_is_refused(text: str) -> None:
    """A day, a range, an hour no clock shows: none of them is an hour."""
    assert isinstance(read_hour(text), No)


def test_the_reader_speaks_the_first_language_that_covers_the_whole() -> None:
    """One word may mean different things in two languages: "ten" is "this" in Polish, a number in English."""
    for language in LANGUAGES:
        assert shown(read("w ten piątek", MONDAY, speaking(language))) == ("ok", "2026-01-09", "")
        assert shown(read("tomorrow at ten", MONDAY, speaking(language))) == ("ok", "2026-01-06", "10:00")
