"""A date in a chat: typed as people say it and read back, or chosen from a month and its hours."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from konwent_bot.office.door import Door
from konwent_bot.screens.days import BLANK, month_of
from konwent_bot.screens.intents import SeeMonth
from tests.conversations.answers import draft
from tests.conversations.card import card
from tests.conversations.house import answering
from tests.conversations.network import make
from tests.conversations.people import Member, buttons, kind, touches, verb
from tests.sandbox.phone import Said, Sandbox


@pytest.fixture
async def anna(sandbox: Sandbox, live_door: Door, tmp_path: Path) -> AsyncIterator[Member]:
    """Anna, asked for a day, then for a day with its hour (both after the round closes), then for an hour."""
    earliest = 'earliest = "closes_on"'
    asked = {"day": f'type = "date"\n{earliest}', "when": f'type = "moment"\n{earliest}', "hour": 'type = "time"'}
    live_door.house = replace(live_door.house, flows=card(tmp_path, asked))
    network = await make(live_door)
    async with answering(sandbox, live_door):
        member = await Member.make(sandbox, "Anna", "pl")
        await member.accept(network.tokens["GOPS Modliborzyce", "head"])
        await member.open_card()
        yield member


def later(door: Door, days: int) -> date:
    """Give a day so many days after today, which lies behind the end of the round."""
    return door.clock.now().astimezone(door.house.zone).date() + timedelta(days)


def columns(said: Said) -> list[list[str]]:
    """Give the labels of the rows that have a button for each day of the week."""
    return [[str(button["text"]) for button in row] for row in said.raw["keyboard"] if len(row) == 7]


async def test_a_typed_date_is_read_back_and_counts_once_confirmed(anna: Member, live_door: Door) -> None:
    """A phrase comes back as a full date with a button; before the press nothing is stored, after it the next question comes."""
    day = later(live_door, 70)
    said = await anna.type("za 10 tygodni")
    assert f"{anna.t.day(day)} – zgadza się?" in said.text
    assert await draft(live_door) == {}
    said = await anna.press(verb("answer", day.isoformat()))
    assert "Pytanie when?" in said.text
    assert await draft(live_door) == {"day": day.isoformat()}


async def test_a_date_in_digits_is_read_back_too(anna: Member, live_door: Door) -> None:
    """A slip of a digit shows in the day of the week, so even 13.01.2027 is said in full first; another text replaces it."""
    day, other = later(live_door, 80), later(live_door, 81)
    said = await anna.type(f"{day:%d.%m.%Y}")
    assert f"{anna.t.day(day)} – zgadza się?" in said.text
    said = await anna.type(f"{other:%d.%m.%Y}")
    assert f"{anna.t.day(other)} – zgadza się?" in said.text
    await anna.press(verb("answer", other.isoformat()))
    assert await draft(live_door) == {"day": other.isoformat()}


@pytest.mark.parametrize(
    ("text", "said"),
    [("31 czerwca", "Nie ma takiego dnia"), ("w zeszły czwartek", "minął"), ("jutro albo pojutrze", "„albo pojutrze”"), ("😀", "Nie udało się"),
     ("za " + "bardzo " * 500 + "długo", "Nie udało się"), ("1.01.2027 o 10 w ratuszu", "„w ratuszu”")],
)  # fmt: skip
async def test_what_is_no_day_is_said_and_nothing_is_stored(anna: Member, live_door: Door, text: str, said: str) -> None:
    """A day no calendar has, a day gone by, two days, no day at all: each is answered in a sentence, and the question stays."""
    shown = await anna.type(text)
    assert said in shown.text
    assert "Pytanie day?" in shown.text
    assert await draft(live_door) == {}


async def test_what_may_mean_two_days_offers_both(anna: Member, live_door: Door) -> None:
    """The bot asks which of two is meant, and each is a button that counts at once."""
    today = later(live_door, 0)
    name = ["poniedziałek", "wtorek", "środę", "czwartek", "piątek", "sobotę", "niedzielę"][(today + timedelta(2)).weekday()]
    said = await anna.type(f"w {name} za 10 tygodni")
    offered = {one.argument for one in touches(said) if one.verb == "answer"}
    if len(offered) == 1:  # from Monday to Friday both ways of counting agree
        assert "zgadza się?" in said.text
    else:
        assert "O który dzień chodzi" in said.text
        assert len(offered) == 2
    chosen = min(offered)
    await anna.press(verb("answer", chosen))
    assert await draft(live_door) == {"day": chosen}


async def test_a_month_is_turned_in_place_and_a_day_pressed(anna: Member, live_door: Door) -> None:
    """Seven columns, days that cannot be chosen as blanks, and the arrows turn the page of the same message."""
    said = await anna.look()
    assert all(len(row) == 7 for row in columns(said))
    assert any(BLANK in row for row in columns(said)[1:]), "days before the end of the round cannot be chosen"
    here = [button.intent for button in buttons(said) if isinstance(button.intent, SeeMonth)]
    turned = await anna.press(kind(SeeMonth, month=max(one.month for one in here)))
    assert turned.message_id == said.message_id
    day = later(live_door, 0).replace(day=1)
    while month_of(day) < max(one.month for one in here):
        day += timedelta(1)
    assert anna.t.month_of_year(day) in [button.label for button in buttons(turned)]
    await anna.press(verb("answer", (day + timedelta(27)).isoformat()))
    assert await draft(live_door) == {"day": (day + timedelta(27)).isoformat()}


async def test_a_day_leads_to_its_hours_and_an_hour_may_be_typed(anna: Member, live_door: Door) -> None:
    """A day of a month leads to its hours; a typed hour belongs to that day and is read back with it."""
    day = later(live_door, 70)
    await anna.type(day.isoformat())
    said = await anna.press(verb("answer"))
    while not any(one.argument == day.isoformat() for one in touches(said)):
        months = [button.intent.month for button in buttons(said) if isinstance(button.intent, SeeMonth)]
        said = await anna.press(kind(SeeMonth, month=max(months)))
    hours = await anna.press(verb("mark", day.isoformat()))
    assert hours.message_id > said.message_id, "what is typed under it belongs to it"
    assert f"{anna.t.day(day)}. O której godzinie?" in hours.text
    assert {"08:00", "19:00", "Inny dzień"} <= {button.label for button in buttons(hours)}
    said = await anna.type("wpół do jedenastej")
    assert f"{anna.t.instant(datetime.fromisoformat(f'{day}T10:30'))} – zgadza się?" in said.text
    said = await anna.press(verb("answer", f"{day}T10.30"))
    assert "Pytanie hour?" in said.text
    said = await anna.type("10:15")
    assert (await draft(live_door)) == {"day": day.isoformat(), "when": f"{day}T10:30", "hour": "10:15"}


async def test_a_day_typed_without_its_hour_is_asked_for_the_hour(anna: Member, live_door: Door) -> None:
    """Only a day was typed where an hour is wanted too: its hours come as buttons, and one press is the whole answer."""
    day = later(live_door, 70)
    await anna.type(day.isoformat())
    await anna.press(verb("answer"))
    said = await anna.type("za 10 tygodni po południu")
    assert f"{anna.t.day(day)}. O której godzinie?" in said.text
    await anna.press(verb("answer", f"{day}T09.00"))
    assert (await draft(live_door))["when"] == f"{day}T09:00"


async def test_an_old_month_never_answers(anna: Member, live_door: Door) -> None:
    """A press on the month of an answered question changes nothing and shows where one is."""
    day = later(live_door, 70)
    first = await anna.look()
    await anna.type(day.isoformat())
    await anna.press(verb("answer"))
    old = next(button for button in buttons(first) if isinstance(button.intent, SeeMonth))
    said = await anna.press_data(old.data, first.message_id)
    assert "Pytanie when?" in said.text
    assert await draft(live_door) == {"day": day.isoformat()}
