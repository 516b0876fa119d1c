"""``konwent-bot date``: what the secretariat makes of a date, from the operator's console."""

from __future__ import annotations

import json

from tests.cli.console import Console, console

__all__ = ["console"]

NOW = ("--now", "2026-01-05T09:00")


def test_a_date_is_said_back_in_full(console: Console) -> None:
    """A phrase as people type it comes back as day of the week, day, month, year and hour."""
    assert console.ok("date", "15 stycznia 10:00", *NOW).strip() == "czwartek, 15 stycznia 2026, 10:00"
    assert console.ok("date", "jutro", *NOW, "--lang", "en").strip() == "Tuesday, 6 January 2026"


def test_a_machine_is_told_status_day_hour_and_sentence(console: Console) -> None:
    """With --json each of the three answers has the same four fields."""
    assert json.loads(console.ok("date", "15 stycznia 10:00", *NOW, "--json")) == {
        "status": "ok", "date": "2026-01-15", "time": "10:00", "say": "czwartek, 15 stycznia 2026, 10:00",
    }  # fmt: skip
    asked = json.loads(console.ok("date", "we wtorek po południu", *NOW, "--json"))
    assert asked == {"status": "ask", "date": "2026-01-06", "time": None, "say": "O której godzinie?"}
    refused = json.loads(console.ok("date", "jutro albo pojutrze", *NOW, "--json"))
    assert (refused["status"], refused["date"], refused["time"]) == ("refused", None, None)
    assert "albo" in refused["say"]


def test_the_clocks_of_the_house_decide_which_hours_there_are(console: Console) -> None:
    """The hour the spring takes away is asked about."""
    asked = json.loads(console.ok("date", "28.03.2027 02:30", *NOW, "--json"))
    assert (asked["status"], asked["date"], asked["time"]) == ("ask", "2027-03-28", None)


def test_a_time_nobody_could_read_it_at_is_refused(console: Console) -> None:
    """The time it is said at must be a time."""
    assert "--now" in console.refused("date", "jutro", "--now", "wczoraj")
