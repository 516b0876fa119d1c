"""What the reader of dates promises for every text and every day."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from konwent_bot import i18n
from konwent_bot.dialogue.dates import read, read_hour
from konwent_bot.dialogue.dates.days import FARTHEST
from tests.dialogue.dates.phrases import LANGUAGES, WARSAW, phrases, shown, speaking

MOMENTS = st.datetimes(datetime.fromisoformat("1990-01-01T00:00"), datetime.fromisoformat("2100-12-31T00:00"))
MIDNIGHT = datetime.fromisoformat("2026-01-05T00:00")
WORDS = sorted({word for phrase in phrases() for word in phrase.text.split()})


@given(st.one_of(st.text(max_size=130), st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join)), MOMENTS, st.booleans())
@example("31 lutego 0000", MIDNIGHT, False)
@example("9999-12-31", MIDNIGHT, False)
@example("za 0 dni", MIDNIGHT, False)
def test_no_text_breaks_it(text: str, now: datetime, past: bool) -> None:
    """Whatever is typed, in whatever order, the reader gives a day, a question or a refusal, and it keeps its word about each."""
    for language in LANGUAGES:
        reading = read(text, now, speaking(language), past=past, zone=WARSAW)
        assert (reading.status == "ok") == (reading.problem is None)
        if reading.status == "ok":
            assert reading.day is not None
            assert past or reading.day >= now.date()
            assert past or reading.hour is None or datetime.combine(reading.day, reading.hour) > now
        if reading.status == "refused":
            assert (reading.day, reading.hour, reading.options) == (None, None, ())
        read_hour(text, speaking(language))


@pytest.mark.parametrize("language", LANGUAGES)
@given(now=MOMENTS, ahead=st.integers(0, FARTHEST - 1), hour=st.times())
def test_every_date_we_write_is_read_back_as_itself(language: str, now: datetime, ahead: int, hour: time) -> None:
    """What we say in full, in any language, a person may send back as it stands: it means the same."""
    t = i18n.translator(language)
    day = now.date() + timedelta(ahead)
    hour = hour.replace(second=0, microsecond=0)
    for written in (t.day(day), day.isoformat(), f"{day:%d.%m.%Y}", f"{day.day}.{day.month}.{day.year}"):
        assert shown(read(written, now, speaking(language))) == ("ok", day.isoformat(), ""), written
    moment = datetime.combine(day, hour)
    if moment > now:
        for written in (t.instant(moment), f"{moment:%Y-%m-%dT%H:%M}"):
            assert shown(read(written, now, speaking(language))) == ("ok", day.isoformat(), f"{hour:%H:%M}"), written


@given(now=MOMENTS, weekday=st.integers(1, 7))
def test_the_coming_day_of_the_week_lies_within_a_week(now: datetime, weekday: int) -> None:
    """“Najbliższy czwartek” is one of the next seven days, never today."""
    names = ["poniedziałek", "wtorek", "środę", "czwartek", "piątek", "sobotę", "niedzielę"]
    which = "najbliższą" if weekday in (3, 6, 7) else "najbliższy"
    reading = read(f"w {which} {names[weekday - 1]}", now)
    assert reading.day is not None
    assert reading.day.isoweekday() == weekday
    assert timedelta(1) <= reading.day - now.date() <= timedelta(7)


@given(day=st.dates(date(1900, 1, 1), date(2200, 1, 1)), now=MOMENTS)
def test_a_date_without_a_year_is_never_guessed_into_the_past(day: date, now: datetime) -> None:
    """The year nobody said is the one that brings the day to come; a day just gone by is asked about."""
    reading = read(f"{day.day:02}.{day.month:02}", now)
    if reading.status == "ok":
        assert reading.day is not None
        assert (reading.day.day, reading.day.month) == (day.day, day.month)
        assert now.date() <= reading.day < now.date() + timedelta(366)
