"""Telegram fails while we answer: the answer given is stored all the same, and nothing typed later lands on another question."""

from __future__ import annotations

from datetime import timedelta

import pytest
from aiogram.types import BufferedInputFile, InlineKeyboardButton, InlineKeyboardMarkup
from sqlalchemy import update
from tests.conftest import NOW
from tests.conversations.answers import MEANT, already, draft, give, in_review
from tests.conversations.people import Member, verb
from tests.conversations.updates import handled, quiet
from tests.sandbox.phone import Sandbox

from konwent_bot.chat import Chat, pausing
from konwent_bot.clock import SystemClock
from konwent_bot.office import pauses
from konwent_bot.office.door import Door
from konwent_bot.screens.intents import Home, encode
from konwent_bot.store.tables import SENDING_PAUSE

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


async def _press_unseen(anna: Member, sandbox: Sandbox, door: Door, chat: Chat, value: str) -> None:
    said = await anna.look()
    _, button = await anna.find(verb("answer", value), said)
    number = int((await anna.phone.tap_data(said.message_id, button.data))["update_id"])
    await handled(sandbox, door, [number])
    await quiet(sandbox, chat)


@pytest.mark.parametrize("fault", ["error_500", "drop_connection", "timeout_before"])
async def test_an_answer_counts_though_nothing_could_be_shown(
    anna: Member, sandbox: Sandbox, live_door: Door, chat: Chat, fault: str
) -> None:
    """The next question could not be shown: the answer stands, the old keyboard leads on, and a text is asked about."""
    await anna.open_card()
    await sandbox.fault(fault, "editMessageText", times=2, seconds=0.1)
    await _press_unseen(anna, sandbox, live_door, chat, "2")
    assert await draft(live_door) == {"goals": 2}
    said = await anna.look()
    assert anna.t("question {number}", number=1) in said.text, "the phone still shows the first question"
    await sandbox.move_clock(60)
    said = await anna.type("5")
    assert await draft(live_door) == {"goals": 2}, "a text typed under the first question is no answer to the second"
    assert anna.t("question {number}", number=2) in said.text
    await anna.type("5")
    assert await draft(live_door) == {"goals": 2, "composition": 5}


async def test_an_edit_done_and_not_confirmed_is_known_to_be_shown(
    anna: Member, sandbox: Sandbox, live_door: Door, chat: Chat
) -> None:
    """The connection broke after Telegram had shown the question: asking once more tells that it stands there, and a text counts."""
    await anna.open_card()
    await sandbox.fault("drop_after", "editMessageText")
    await _press_unseen(anna, sandbox, live_door, chat, "2")
    await sandbox.move_clock(60)
    await anna.type("5")
    assert await draft(live_door) == {"goals": 2, "composition": 5}


async def test_a_press_on_the_question_still_shown_leads_on(anna: Member, sandbox: Sandbox, live_door: Door, chat: Chat) -> None:
    """A second press on a question that has been answered unseen changes nothing and shows where the conversation is."""
    said = await anna.open_card()
    await sandbox.fault("error_500", "editMessageText", times=2)
    await _press_unseen(anna, sandbox, live_door, chat, "2")
    said = await anna.press(verb("answer", "5"), message=said)
    assert anna.t("question {number}", number=2) in said.text
    assert await draft(live_door) == {"goals": 2}


async def test_a_short_pause_telegram_asks_for_is_kept(anna: Member, sandbox: Sandbox, live_door: Door) -> None:
    """When Telegram asks to wait a second, the next question comes after it."""
    await anna.open_card()
    await sandbox.fault("retry_after", "editMessageText", times=1, seconds=1)
    said = await anna.press(verb("answer", "2"))
    assert anna.t("question {number}", number=2) in said.text


async def test_a_long_pause_is_kept_and_not_waited_for(
    anna: Member, sandbox: Sandbox, live_door: Door, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When Telegram asks for an hour the answer is stored and nothing is asked of it until then; afterwards the next press shows all."""
    monkeypatch.setattr(pausing, "BELIEVED", 0.0)
    said = await anna.open_card()
    await sandbox.fault("retry_after", "editMessageText", times=1, seconds=3600)
    await _press_unseen(anna, sandbox, live_door, chat, "2")
    assert await draft(live_door) == {"goals": 2}
    asked = len(await sandbox.calls("editMessageText"))
    await _press_unseen(anna, sandbox, live_door, chat, "2")
    assert len(await sandbox.calls("editMessageText")) == asked
    await live_door.act(lambda uow: uow.execute(update(SENDING_PAUSE).values(until=NOW)) and None)  # the hour is over
    said = await anna.press(verb("answer", "2"), message=said)
    assert anna.t("question {number}", number=2) in said.text


async def test_a_pause_the_courier_was_asked_for_holds_for_answers_too(
    anna: Member, sandbox: Sandbox, live_door: Door, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One bot, one pause: while it lasts a press is stored and nothing is sent, whoever was asked for it."""
    monkeypatch.setattr(pausing, "BELIEVED", 0.0)
    await anna.open_card()
    until = SystemClock().now() + timedelta(hours=1)
    await live_door.act(lambda uow: pauses.pause(uow, "telegram", until, "too_many"))
    asked = len(await sandbox.calls("editMessageText"))
    await _press_unseen(anna, sandbox, live_door, chat, "2")
    assert (await draft(live_door), len(await sandbox.calls("editMessageText"))) == ({"goals": 2}, asked)


@pytest.mark.parametrize("fault", ["error_502", "drop_connection", "drop_after"])
async def test_a_free_text_counts_though_its_question_got_lost(
    anna: Member, sandbox: Sandbox, live_door: Door, chat: Chat, fault: str
) -> None:
    """The question for a free text got lost or was shown unknown to us: a text that can be nothing else is taken."""
    await anna.open_card()
    await already(anna, live_door, {name: MEANT[name] for name in list(MEANT)[:16]})
    said = await anna.press(verb("mark", "time"))
    await sandbox.fault(fault, "sendMessage", times=1)
    _, button = await anna.find(verb("done"), said)
    number = int((await anna.phone.tap_data(said.message_id, button.data))["update_id"])
    await handled(sandbox, live_door, [number])
    await quiet(sandbox, chat)
    said = await anna.type("Więcej wspólnych szkoleń")
    assert in_review(said)
    assert (await draft(live_door))["conclusion"] == "Więcej wspólnych szkoleń"


async def test_the_acknowledgement_may_fail(anna: Member, sandbox: Sandbox, live_door: Door) -> None:
    """That Telegram refuses to stop a button from turning harms nobody."""
    await anna.open_card()
    for fault in ("error_500", "drop_connection", "retry_after"):
        await sandbox.fault(fault, "answerCallbackQuery", seconds=1)
        await give(anna, 4)
    assert await draft(live_door) == {"goals": 4, "composition": 4, "engagement": 4}


async def test_every_press_is_acknowledged_empty(anna: Member, sandbox: Sandbox, live_door: Door) -> None:
    """A button stops turning at once; what we have to say stands in the message, never in a pop-up that passes by."""
    said = await anna.open_card()
    _, button = await anna.find(verb("answer", "3"), said)
    for _ in range(2):  # the second one is an old keyboard
        press = await anna.phone.tap_data(said.message_id, button.data, forged=True)
        done = await anna.phone.answered(press["callback_id"])
        assert done["answered"]
        assert not done["text"]
        assert not done["alert"]


async def test_a_message_that_is_gone_is_shown_anew(anna: Member, sandbox: Sandbox, live_door: Door) -> None:
    """Whoever deletes the message with the question gets it again at the next press, as a new one."""
    said = await anna.open_card()
    _, button = await anna.find(verb("answer", "3"), said)
    await sandbox.api("deleteMessage", chat_id=anna.phone.id, message_id=said.message_id)
    await anna.phone.tap_data(said.message_id, button.data, forged=True)
    await anna.phone.wait_for(lambda m: anna.t("question {number}", number=2) in m.text)
    assert await draft(live_door) == {"goals": 3}


async def test_a_press_under_a_message_with_a_file_is_answered_below_it(anna: Member, chat: Chat) -> None:
    """A call brings its calendar entry, and a caption cannot hold a screen: the answer comes as a new message, and the call asks no more."""
    keys = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Będziemy", callback_data=encode(Home()))]])
    call = await chat.bot.send_document(
        anna.phone.id, BufferedInputFile(b"BEGIN:VCALENDAR", "spotkanie.ics"), caption="Zaproszenie", reply_markup=keys
    )
    await anna.phone.tap("Będziemy")
    shown = await anna.phone.wait_for(lambda said: said.message_id > call.message_id)
    assert anna.t("My matters") in shown.text
    await anna.phone.wait_for(lambda said: said.message_id == call.message_id and not said.buttons)
