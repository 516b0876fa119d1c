"""A date on a page: three fields or a phrase, read back in the same form, and what is no date refused in place."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from tests.web.asked import Browse, asked
from tests.web.browsing import Browser, Page

from konwent_bot import i18n
from konwent_bot.office.door import Door

T = i18n.translator("pl")


async def send(anna: Browser, page: Page, **fields: str) -> Page:
    """Send the question's form with these fields filled in and all others empty."""
    form = page.form("/s/f:")
    return await anna.post(form.action, [(name, fields.get(name, value if name == "k" else "")) for name, value in form.fields])


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"day": "31", "month": "6", "year": "2027"}, "Nie ma takiego dnia w kalendarzu."),
        ({"text": "31 czerwca"}, "Nie ma takiego dnia w kalendarzu."),
        ({"text": "wczoraj"}, "Ten dzień już minął"),
        ({"text": "jutro albo pojutrze"}, "albo pojutrze"),
        ({"day": "12"}, "Nie wiadomo, co oznacza 12"),
        ({"text": "\u202e<b>jutro</b> 😀"}, "Nie udało się zrozumieć"),
        ({"text": "jutro " * 800}, "Nie udało się zrozumieć"),
        ({}, "Proszę podać dzień"),
    ],
)
async def test_what_is_no_day_is_refused_in_place(
    door: Door, browse: Browse, tmp_path: Path, fields: dict[str, str], said: str
) -> None:
    """The form comes back with what was typed and a sentence; nothing is stored and nothing is a mistake of ours."""
    anna, page = await asked(door, browse, tmp_path, {"kiedy": 'type = "date"\nearliest = "closes_on"'})
    refused = await send(anna, page, **fields)
    assert refused.status == 422
    assert said in refused.text
    assert "<b>jutro" not in refused.text


async def test_a_reading_is_confirmed_or_typed_again(door: Door, browse: Browse, tmp_path: Path) -> None:
    """The page says the day in full above the form; another phrase replaces it, the button lets it count."""
    anna, page = await asked(door, browse, tmp_path, {"kiedy": 'type = "moment"'})
    day = door.clock.now().astimezone(door.house.zone).date() + timedelta(14)
    read = await send(anna, page, text="za tydzień o 10")
    assert (read.status, "zgadza się?" in read.text) == (200, True)
    read = await send(anna, read, text="za dwa tygodnie o wpół do jedenastej")
    assert f"{T.day(day)}, 10:30 – zgadza się?" in read.text
    assert 'value="za dwa tygodnie o wpół do jedenastej"' in read.text
    review = await anna.follow(await anna.send(read.press("Tak, zgadza się")))
    assert f"{T.day(day)}, 10:30" in review.text


async def test_the_hour_of_a_day_is_asked_with_the_day_filled_in(door: Door, browse: Browse, tmp_path: Path) -> None:
    """Only a day was given: the next page asks for the hour, and the fields of the day hold it."""
    anna, page = await asked(door, browse, tmp_path, {"kiedy": 'type = "moment"'})
    asks = await anna.follow(await send(anna, page, day="12", month="1", year="2027"))
    assert "wtorek, 12 stycznia 2027. O której godzinie?" in asks.text
    assert {("day", "12"), ("month", "1"), ("year", "2027"), ("hour", "")} <= set(asks.form("/s/f:").fields)
    read = await send(anna, asks, text="kwadrans po dziewiątej")
    assert "wtorek, 12 stycznia 2027, 09:15 – zgadza się?" in read.text
