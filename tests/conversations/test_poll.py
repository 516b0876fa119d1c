"""A poll on telephones: a coordinator asks about dates, a member answers them one by one, the coordinator chooses."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import pytest
from sqlalchemy import select

from konwent_bot.clock import FixedClock
from konwent_bot.office.door import Door
from konwent_bot.screens.group_intents import AnswerPoll, AskPollDate, ChoosePollDate, OpenPoll, SeePoll, SeePollDate
from konwent_bot.screens.intents import Resume, encode
from konwent_bot.store.tables import MEETING, POLL_ANSWER, POLL_DATE
from tests.conversations.house import answering
from tests.conversations.network import Network, make
from tests.conversations.people import Member, kind, touches, verb
from tests.sandbox.phone import Sandbox

MONDAY: Final = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@dataclass
class Town:
    """A network in a house that answers, with its coordinator, Kinga, and the head of GOPS, Anna."""

    door: Door
    network: Network
    kinga: Member
    anna: Member


@pytest.fixture
async def town(sandbox: Sandbox, door: Door, clock: FixedClock) -> AsyncIterator[Town]:
    """The town, on a Monday morning, on each engine."""
    clock.move(MONDAY - clock.now())
    network = await make(door)
    async with answering(sandbox, door):
        kinga, anna = await Member.make(sandbox, "Kinga"), await Member.make(sandbox, "Anna")
        await kinga.accept(network.tokens["", "coordinator"])
        await anna.accept(network.tokens["GOPS Modliborzyce", "head"])
        yield Town(door, network, kinga, anna)


async def open_poll(town: Town) -> None:
    """Let Kinga ask about three dates in the chat, typing each as she would say it."""
    kinga = town.kinga
    said = await kinga.look()
    await kinga.press_data(encode(OpenPoll(town.network.body)), said.message_id)
    await kinga.press(Resume)
    await kinga.press(verb("answer", "strategic"))
    await kinga.type("Wspólny plan staży")
    await kinga.press(verb("answer", "m120"))
    await kinga.press(verb("answer", "in_person"))
    await kinga.type("Urząd Gminy, sala 7")
    await kinga.press(verb("answer", "coordinator"))
    await kinga.press(verb("answer", "3"))
    for words, read in (
        ("15 grudnia o 10", "wtorek, 15 grudnia 2026, 10:00"),
        ("16.12 godz. 10", "środa, 16 grudnia 2026, 10:00"),
        ("czwartek 17 grudnia wpół do pierwszej", "czwartek, 17 grudnia 2026, 12:30"),
        ("11 grudnia", "piątek, 11 grudnia 2026"),
    ):
        said = await kinga.type(words)
        assert read in said.text
        said = await kinga.press(verb("answer"))
    assert any(touch.verb == "confirm" for touch in touches(said)), said.text
    said = await kinga.press(verb("confirm"))
    assert "Ankieta jest otwarta" in said.text


async def test_a_date_is_found_between_telephones(town: Town) -> None:
    """Asked, answered date by date, chosen: the meeting has its date, and nobody had to leave the chat."""
    await open_poll(town)
    home = await town.anna.type("/sprawy")
    assert "który termin pasuje?" in home.text
    assert "piątek, 11 grudnia 2026 (za 18 dni)" in home.text
    await town.anna.press(SeePoll)
    said = await town.anna.press(kind(SeePollDate))
    for place, answer in enumerate(("no", "yes", "if_need_be"), start=1):
        assert f"termin {place} z 3" in said.text
        said = await town.anna.press(kind(AnswerPoll, answer=answer))
    assert "Dziękujemy, instytucja odpowiedziała na pytanie o każdy termin." in said.text
    said = await town.kinga.press(SeePoll)
    assert "Na razie najlepszy termin to środa, 16 grudnia 2026, 10:00: 1 tak, 2 bez odpowiedzi" in said.text
    dates = await town.door.look(lambda uow: uow.execute(select(POLL_DATE.c.id).order_by(POLL_DATE.c.day)).scalars().all())
    said = await town.kinga.press(kind(AskPollDate, date=dates[1]))
    assert "2 instytucje nie odpowiedziały" in said.text
    said = await town.kinga.press(ChoosePollDate)
    assert "Termin jest wybrany" in said.text
    assert "środa, 16 grudnia 2026, 10:00" in said.text
    row = await town.door.look(lambda uow: uow.execute(select(MEETING)).one())
    assert (row.status, str(row.day), row.poll_until) == ("planned", "2026-12-16", None)
    home = await town.anna.type("/sprawy")
    assert "który termin pasuje?" not in home.text


async def test_old_buttons_of_a_poll_answer_nothing_once_the_date_is_chosen(town: Town) -> None:
    """A press from before is told that the poll is over, and what was said stays as it was."""
    await open_poll(town)
    await town.anna.type("/sprawy")
    await town.anna.press(SeePoll)
    asked = await town.anna.press(kind(SeePollDate))
    await town.kinga.press(SeePoll)
    await town.kinga.press(AskPollDate)
    await town.kinga.press(ChoosePollDate)
    said = await town.anna.press(kind(AnswerPoll, answer="no"), message=asked)
    assert "Ankieta jest już zakończona" in said.text
    assert await town.door.look(lambda uow: uow.execute(select(POLL_ANSWER)).all()) == []
