"""What the secretariat writes of its own accord about the plan: dates in full, what is off, what is missing and until when."""

from __future__ import annotations

from datetime import date, time

import pytest

from konwent_bot import i18n
from konwent_bot.office.meetings.duties import ObligationNews
from konwent_bot.office.meetings.plan_news import PlanDate, PlanNews
from konwent_bot.office.occasions import OCCASIONS
from konwent_bot.screens import messages, telegram
from konwent_bot.screens.plan_intents import SeePlan

FEBRUARY = PlanDate("strategic", "", date(2027, 2, 9), time(10), "KIS Janów", "", changed=False)
MOVED = PlanDate("operational", "Praca", date(2027, 3, 4), time(12, 30), "", "https://a.example", changed=True)
OFF = PlanDate("strategic", "", date(2027, 5, 11), time(10), "KIS Janów", "", changed=False)


def test_the_dates_of_the_plan_are_said_in_full() -> None:
    """New dates, a changed one and one that is off stand in one message, each in full; one button leads to the plan."""
    screen = messages.SCREENS[PlanNews](PlanNews(7, "Sieć w Janowie", (FEBRUARY, MOVED), (OFF,)), i18n.translator("pl"))
    assert screen.title == "Terminy spotkań: Sieć w Janowie"
    assert screen.items == (
        "wtorek, 9 lutego 2027, 10:00. Spotkanie strategiczne, KIS Janów",
        "zmiana: czwartek, 4 marca 2027, 12:30. Spotkanie operacyjne (Praca), https://a.example",
        "nie odbędzie się: wtorek, 11 maja 2027, 10:00. Spotkanie strategiczne, KIS Janów",
    )
    assert [action.intent for row in screen.actions for action in row] == [SeePlan(7, 2027)]


@pytest.mark.parametrize(
    ("kind", "group", "title", "period"),
    [
        ("strategic", "", "Brak zaplanowanego spotkania strategicznego", "II kwartał"),
        ("operational", "", "Brak zaplanowanego spotkania operacyjnego", "Kwiecień"),
        ("operational", "Praca", "Brak zaplanowanego spotkania grupy roboczej Praca", "Kwiecień"),
    ],
)
def test_the_coordinator_reads_what_is_missing_and_until_when(kind: str, group: str, title: str, period: str) -> None:
    """The kind of meeting, its quarter or month, the last day and how far it is."""
    news = ObligationNews(7, "Sieć w Janowie", kind, group, date(2027, 4, 1), date(2027, 6, 30), 7)
    screen = messages.SCREENS[ObligationNews](news, i18n.translator("pl"))
    assert screen.title == title
    assert screen.paragraphs == (
        f"{period} kończy się: środa, 30 czerwca 2027 (za 7 dni). Do tego czasu nie ma zaplanowanego takiego spotkania.",
    )


@pytest.mark.parametrize("language", ["pl", "en", "uk"])
def test_a_year_of_dates_fits_one_message(language: str) -> None:
    """Sixteen dates with long places are one message in every language, and none is lost."""
    t = i18n.translator(language)
    dates = tuple(
        PlanDate("operational", "Praca i staże", date(2027, 1 + n % 12, 1 + n), time(10), "Urząd Miejski, sala narad " * 2, "", changed=False)
        for n in range(16)
    )  # fmt: skip
    shown = telegram.render(messages.SCREENS[PlanNews](PlanNews(7, "Sieć", dates, ()), t), t)
    assert all(t.day(one.day) in shown.html for one in dates)
    assert {"meeting.plan", "obligation"} <= OCCASIONS.keys()
