"""Asking Telegram for updates: what is confirmed, what is not, and what ends the asking."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from sqlalchemy.engine import Connection
from tests.conversations.answers import draft, give
from tests.conversations.house import answering
from tests.conversations.network import Network
from tests.conversations.people import Member, verb
from tests.conversations.updates import handled
from tests.sandbox.phone import TOKEN, Sandbox

from konwent_bot.chat import open_chat, polling
from konwent_bot.chat.polling import poll
from konwent_bot.errors import Misconfigured
from konwent_bot.office.door import Door
from konwent_bot.store.faults import StoreBusy

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


class Busy:
    """A store that says it is busy for a while: what a held lock looks like from above."""

    def __init__(self, store: object) -> None:
        self._store = store
        self.refusals = 0
        self.dialect = store.dialect  # type: ignore[attr-defined]

    async def write(self, unit: Callable[[Connection], object]) -> object:
        if self.refusals:
            self.refusals -= 1
            raise StoreBusy("Another program holds the database. Nothing has been changed; please try again in a moment.")
        return await self._store.write(unit)  # type: ignore[attr-defined]

    async def read(self, unit: Callable[[Connection], object]) -> object:
        return await self._store.read(unit)  # type: ignore[attr-defined]


async def test_what_was_not_committed_is_not_confirmed(
    sandbox: Sandbox, live_door: Door, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An update that met a busy database comes again until it is stored; the ones beside it do not count twice."""
    monkeypatch.setattr(polling, "FIRST_PAUSE", 0.01)
    busy = Busy(live_door.store)
    live_door.store = busy  # type: ignore[assignment]
    async with answering(sandbox, live_door):
        anna = await Member.make(sandbox, "Anna", "pl")
        await anna.accept(network.tokens["GOPS Modliborzyce", "head"])
        said = await anna.open_card()
        bogdan = await Member.make(sandbox, "Bogdan", "pl")
        await bogdan.accept(network.tokens["GOPS Modliborzyce", "delegate"])
        busy.refusals = 2
        _, button = await anna.find(verb("answer", "4"), said)
        numbers = [
            int((await anna.phone.tap_data(said.message_id, button.data))["update_id"]),
            int((await bogdan.phone.send("/sprawy"))["update_id"]),
        ]
        await handled(sandbox, live_door, numbers)
        assert busy.refusals == 0
        assert await draft(live_door) == {"goals": 4}
        await anna.phone.wait_for(lambda m: anna.t("question {number}", number=2) in m.text)
        await give(anna, 3)
        assert await draft(live_door) == {"goals": 4, "composition": 3}


async def test_a_mistake_of_ours_is_told_and_does_not_stop_the_person(
    sandbox: Sandbox, live_door: Door, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When our program fails over one message the person is told, earlier answers stand, and the next message is answered."""
    async with answering(sandbox, live_door):
        anna = await Member.make(sandbox, "Anna", "pl")
        await anna.accept(network.tokens["GOPS Modliborzyce", "head"])
        await anna.open_card()
        await give(anna, 4)
        with monkeypatch.context() as broken:
            broken.setattr("konwent_bot.office.dialogues.engine.apply", lambda *_: 1 / 0)
            said = await anna.press(verb("answer", "2"))
        fault = "A fault on our side: this message could not be taken. Your earlier answers are safe; the operator has been told."
        assert anna.t(fault) in said.text
        assert "ZeroDivision" not in said.text
        assert await draft(live_door) == {"goals": 4}
        await anna.type("/sprawy")
        await anna.open_card()
        await give(anna, 2)
        assert await draft(live_door) == {"goals": 4, "composition": 2}


@pytest.mark.parametrize("fault", ["error_500", "error_502", "drop_connection", "retry_after"])
async def test_faults_of_telegram_while_asking_are_waited_out(
    sandbox: Sandbox, live_door: Door, network: Network, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    """When Telegram fails while we ask, we ask again; what people did meanwhile is answered."""
    monkeypatch.setattr(polling, "FIRST_PAUSE", 0.01)
    await sandbox.fault(fault, "getUpdates", times=1 if fault == "retry_after" else 4, seconds=0.1)
    async with answering(sandbox, live_door):
        anna = await Member.make(sandbox, "Anna", "pl")
        said = await anna.accept(network.tokens["GOPS Modliborzyce", "head"])
        assert "GOPS Modliborzyce" in said.text


async def test_an_update_of_an_unknown_shape_is_passed_over(sandbox: Sandbox, live_door: Door, network: Network) -> None:
    """Something Telegram invents tomorrow, or a mangled update, is confirmed unread and stops nobody."""
    async with answering(sandbox, live_door):
        anna = await Member.make(sandbox, "Anna", "pl")
        shapes: tuple[dict[str, object], ...] = (
            {"poll": {}},
            {"message": {"text": 1}},
            {"new_kind": {"a": [1]}},
            {"callback_query": None},
            {},
        )
        for strange in shapes:
            await sandbox.ask("POST", "/updates/raw", {"update": strange})
        said = await anna.accept(network.tokens["GOPS Modliborzyce", "head"])
        assert "GOPS Modliborzyce" in said.text
        log = await sandbox.ask("GET", "/log", after=10**9)
        while not all(update["confirmed"] for update in log["updates"] if update["kind"] == "raw"):
            log = await sandbox.ask("GET", "/log", after=10**9)


async def test_two_programs_with_one_token_are_told_apart(sandbox: Sandbox, live_door: Door, network: Network) -> None:
    """When another program asks with the same token, ours ends with a sentence that says so."""
    async with open_chat(TOKEN, sandbox.url, live_door) as chat:
        asking = asyncio.gather(poll(chat, asyncio.Event()), return_exceptions=True)
        while not asking.done():
            await sandbox.api("getUpdates", timeout=0)
        [ended] = await asking
    assert isinstance(ended, Misconfigured)
    assert ended.msgid == "Another program takes this bot's updates. Stop it, or remove its webhook, then start again."


async def test_a_wrong_token_is_said_at_the_start(sandbox: Sandbox, live_door: Door) -> None:
    """A token Telegram does not know ends the start with a sentence that says where to get the right one, and without the token."""
    wrong = "123456:not-a-token-of-anybody-here-at-all"
    with pytest.raises(Misconfigured, match="Copy it again from BotFather") as told:
        async with open_chat(wrong, sandbox.url, live_door):
            raise AssertionError("it must not open")
    assert wrong not in str(told.value)


async def test_nobody_at_the_address_is_said_at_the_start(live_door: Door) -> None:
    """A Bot API that cannot be reached ends the start with a sentence that names the setting."""
    with pytest.raises(Misconfigured, match="KONWENT_TELEGRAM_API cannot be reached"):
        async with open_chat(TOKEN, "http://127.0.0.1:9", live_door):
            raise AssertionError("it must not open")


async def test_stopping_finishes_what_is_in_hand(sandbox: Sandbox, live_door: Door, network: Network) -> None:
    """Told to stop, the house finishes and answers what it has taken; what it has not taken stays in Telegram for the next start."""
    async with answering(sandbox, live_door):
        anna = await Member.make(sandbox, "Anna", "pl")
        await anna.accept(network.tokens["GOPS Modliborzyce", "head"])
        said = await anna.open_card()
        _, button = await anna.find(verb("answer", "4"), said)
        number = int((await anna.phone.tap_data(said.message_id, button.data))["update_id"])
    async with answering(sandbox, live_door):
        await handled(sandbox, live_door, [number])
        await anna.phone.wait_for(lambda m: anna.t("question {number}", number=2) in m.text)
        assert await draft(live_door) == {"goals": 4}
