"""What a person chooses about how they are told: said back in words, kept, and honest about what stands in its way."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update
from tests.screens.desks import ANNA, Desk, facts, leads_to, let_anna_in, network, page, press

from konwent_bot.office import channels
from konwent_bot.office.channels import Preferences
from konwent_bot.office.door import Door
from konwent_bot.screens.group_intents import ChooseChannel, ChooseDigest, ChooseQuiet, ChooseReminders, SeeNotices
from konwent_bot.screens.intents import AskEmail, Settings
from konwent_bot.store.tables import PERSON


@pytest.fixture
async def anna(door: Door) -> int:
    """Anna, head of GOPS, who has accepted in Telegram; her address is the roster's."""
    made: Desk = await network(door)
    return await let_anna_in(door, made)


async def chosen(door: Door, person: int) -> Preferences:
    """Give what stands."""
    return await door.look(lambda uow: channels.preferences(uow, person))


async def test_choices_are_kept_and_said_back_in_words(door: Door, anna: int) -> None:
    """By what, once a day, reminders, hours: one press each, in the chat as on the page."""
    for intent, label, words in (
        (ChooseChannel("mail"), "Którędy", "e-mail, a gdy nie działa – Telegram"),
        (ChooseChannel("both"), "Którędy", "Telegram i e-mail"),
        (ChooseDigest(1), "To, co może poczekać", "raz dziennie, w jednej wiadomości"),
        (ChooseReminders(0), "Przypomnienia e-mailem", "nie"),
        (ChooseQuiet(22, 6), "Godziny ciszy", "22:00–6:00"),
    ):
        shown = (await press(door, ANNA, intent)).screen
        assert facts(shown)[label] == words
        assert shown.notice == "Zapisano."
    stands = await chosen(door, anna)
    assert (stands.channel, stands.digest, stands.mail_reminders, stands.quiet_from, stands.quiet_to) == (
        "both",
        True,
        False,
        22,
        6,
    )
    shown = (await page(door, anna, ChooseQuiet(0, 0))).screen
    assert facts(shown)["Godziny ciszy"] == "bez ciszy"
    ticked = [action.label for row in shown.actions for action in row if action.label.startswith("✓")]
    assert ticked == ["✓ Oba", "✓ bez ciszy"]


@pytest.mark.parametrize("forged", [ChooseChannel("pigeon"), ChooseChannel(""), ChooseQuiet(24, 6), ChooseQuiet(7, 10**9)])
async def test_what_cannot_be_chosen_changes_nothing(door: Door, anna: int, forged: ChooseChannel | ChooseQuiet) -> None:
    """A forged button names a channel or an hour that does not exist: refused in words."""
    before = await chosen(door, anna)
    reply = await press(door, ANNA, forged)
    assert reply.refusal is not None
    assert reply.screen.problem
    assert await chosen(door, anna) == before


async def test_a_refused_address_is_shown_with_what_to_do(door: Door, anna: int) -> None:
    """Which address, since when, and the way to change it stands first."""
    address = "anna@gops.example"
    await door.act(lambda uow: uow.execute(update(PERSON).where(PERSON.c.id == anna).values(email=address)) and None)
    await door.act(lambda uow: channels.mail_refused(uow, address))
    shown = (await page(door, anna, SeeNotices())).screen
    assert shown.problem.startswith("Serwery pocztowe nie przyjmują listów na adres anna@gops.example")
    assert "Proszę podać inny adres" in shown.problem
    (mend,) = [action for row in shown.actions for action in row if action.intent == AskEmail()]
    assert mend.weight == "main"


async def test_a_blocked_bot_is_told_of_as_well(door: Door, anna: int) -> None:
    """Nothing comes by Telegram until the person presses Start there."""
    await door.act(lambda uow: uow.execute(update(PERSON).where(PERSON.c.id == anna).values(reach="blocked")) and None)
    assert "Start" in (await page(door, anna, SeeNotices())).screen.problem


async def test_the_settings_lead_there_and_nobody_elses_choices_move(door: Door, anna: int) -> None:
    """One's own choices only: another person's stay as they were."""
    assert SeeNotices() in leads_to((await page(door, anna, Settings())).screen)
    others = select(PERSON.c.channel, PERSON.c.digest).where(PERSON.c.id != anna)
    before = await door.look(lambda uow: uow.execute(others).all())
    await page(door, anna, ChooseChannel("mail"))
    assert await door.look(lambda uow: uow.execute(others).all()) == before
    assert len(before) > 1
