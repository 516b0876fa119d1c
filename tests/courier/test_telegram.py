"""Messages of our own accord over a real connection: taken, refused, put off, of unknown fate, by whatever channel is left."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update
from tests.conftest import NOW
from tests.courier.conftest import Lines
from tests.courier.occasions import BROKEN, answer
from tests.courier.office import PostOffice

from konwent_bot.courier import Stops
from konwent_bot.courier.messages import send_messages
from konwent_bot.courier.telegram import Telegram, open_telegram
from konwent_bot.office import channels, dispatch, enclosures, notices, pauses
from konwent_bot.settings import load_settings
from konwent_bot.store.tables import CHAT_GROUP, PERSON, SENT_FILE

WORDS = "test.reminder news:1 Anna Żółw"


async def test_a_message_arrives_in_the_chat(lines: Lines) -> None:
    """Anna is told on her telephone, with the button a chat can have and without the one of a page; the ledger says when and how."""
    await lines.tell()
    await lines.send()
    said = await lines.anna.read()
    assert said.text == f"Wiadomość: news:1\n\n{WORDS}"
    assert said.labels == ("Pomoc",)
    told = await lines.told()
    assert (told.outcome, told.settled_at, told.by) == ("sent", NOW, ("telegram",))
    assert await lines.tries() == [("telegram", "sent", "")]
    await lines.send()
    assert len(await lines.heard()) == 1


async def test_an_answer_between_claim_and_send_stops_the_message(lines: Lines) -> None:
    """Whoever answered after the courier had taken the notice in hand is not reminded."""
    await lines.tell()
    (claim,) = await lines.door.act(lambda uow: dispatch.claim(uow, real=NOW, most=9, channel="telegram"))
    await lines.door.act(lambda uow: answer(uow, lines.recipient, "news:1"))
    assert await lines.door.act(lambda uow: dispatch.prepare(uow, claim, real=NOW)) is None
    assert ((await lines.told()).outcome, await lines.tries()) == ("unwanted", [])


@pytest.mark.parametrize("seconds", [3, 3600])
async def test_a_pause_telegram_asks_for_is_kept(lines: Lines, seconds: int) -> None:
    """429: the message was not sent; for so long nothing is sent to anybody, and then it is, once."""
    ola, other = await lines.another("Ola", lines.network.delegate)
    await lines.sandbox.fault("retry_after", "sendMessage", seconds=seconds)
    await lines.tell()
    await lines.send()
    assert await lines.tries() == [("telegram", "failed", "too_many")]
    await lines.tell(recipient=other)
    lines.network.wait(seconds=seconds)
    await lines.send()
    assert (await lines.heard(), await lines.heard(ola)) == ([], [])
    lines.network.wait(seconds=1)
    await lines.send()
    assert (len(await lines.heard()), len(await lines.heard(ola))) == (1, 1)
    assert await lines.tries() == [("telegram", "failed", "too_many"), ("telegram", "sent", "")]


async def test_a_pause_survives_whoever_was_asked(lines: Lines) -> None:
    """The pause stands in the store: a courier started meanwhile keeps it, and a shorter one does not end it."""
    for minutes in (60, 1):
        await lines.door.act(lambda uow, m=minutes: pauses.pause(uow, "telegram", NOW + timedelta(minutes=m), "too_many"))  # type: ignore[misc]  # default in a lambda
    await lines.tell()
    lines.network.wait(minutes=59)
    await lines.send()
    assert await lines.heard() == []
    lines.network.wait(minutes=1)
    await lines.send()
    assert len(await lines.heard()) == 1


async def test_who_has_blocked_the_bot_gets_a_letter(lines: Lines, post: PostOffice) -> None:
    """403: Anna's letter leaves at once, the ledger says why, and Telegram is not tried again until she starts the bot."""
    await lines.anna.block()
    await lines.tell()
    await lines.send(post)
    assert await lines.tries() == [("telegram", "refused", "forbidden"), ("mail", "sent", "")]
    assert ((await lines.told()).outcome, (await lines.told()).why) == ("sent", "forbidden")
    (letter,) = post.letters
    assert (post.recipients, letter["Subject"]) == (["anna@gops.example"], "Wiadomość: news:1")
    chosen = await lines.door.look(lambda uow: channels.preferences(uow, lines.person))
    assert (chosen.telegram, chosen.blocked) == (True, True)
    await lines.tell(subject="news:2")
    await lines.send(post)
    assert await lines.tries() == [("mail", "sent", "")]


async def test_without_telegram_and_without_an_address_nobody_is_reached(lines: Lines, post: PostOffice) -> None:
    """A person nobody can write to is an answer the coordinator sees."""
    _, ola = await lines.another("Ola", lines.network.delegate)
    await lines.door.act(
        lambda uow: uow.execute(update(PERSON).where(PERSON.c.id == int(ola[7:])).values(reach="blocked")) and None
    )
    await lines.tell(recipient=ola)
    await lines.send(post)
    assert ((await lines.told(ola)).outcome, await lines.tries(ola)) == ("refused", [("mail", "refused", "no_address")])


async def test_a_server_in_trouble_is_tried_again(lines: Lines) -> None:
    """5xx for a minute: nothing arrived, the notice rests a minute, and then it arrives once."""
    await lines.sandbox.fault("error_502", "sendMessage", times=1)
    await lines.tell()
    await lines.send()
    lines.network.wait(seconds=59)
    await lines.send()
    assert await lines.tries() == [("telegram", "failed", "server")]
    lines.network.wait(seconds=1)
    await lines.send()
    assert await lines.tries() == [("telegram", "failed", "server"), ("telegram", "sent", "")]
    assert len(await lines.heard()) == 1


@pytest.mark.parametrize(
    ("kind", "arrived", "reason"),
    [
        ("timeout_before", 0, "timeout"),
        ("timeout_after", 1, "timeout"),
        ("drop_connection", 0, "disconnected"),
        ("drop_after", 1, "disconnected"),
    ],
)
async def test_a_reminder_of_unknown_fate_is_not_repeated(lines: Lines, kind: str, arrived: int, reason: str) -> None:
    """No answer came: whether it arrived only the telephone knows. The ledger says so, and nobody is reminded twice."""
    await lines.sandbox.fault(kind, "sendMessage", seconds=2)
    await lines.tell()
    await lines.send()
    lines.network.wait(days=1)
    await lines.send()
    assert len(await lines.heard()) == arrived
    assert ((await lines.told()).outcome, await lines.tries()) == ("uncertain", [("telegram", "uncertain", reason)])


@pytest.mark.parametrize(("kind", "arrived"), [("timeout_before", 1), ("timeout_after", 2)])
async def test_what_must_arrive_is_repeated_once_and_says_so(lines: Lines, kind: str, arrived: int) -> None:
    """A convening of unknown fate goes out once more, marked; after a second silence it is left at that."""
    await lines.sandbox.fault(kind, "sendMessage", seconds=2)
    await lines.tell("test.convening")
    await lines.send()
    lines.network.wait(minutes=1)
    await lines.send()
    heard = await lines.heard()
    assert len(heard) == arrived
    assert heard[-1].startswith("Wiadomość przychodzi ponownie, ponieważ nie wiadomo, czy dotarła za pierwszym razem.")
    assert await lines.tries() == [("telegram", "uncertain", "timeout"), ("telegram", "sent", "")]


async def test_nobody_is_there_to_be_reached(lines: Lines) -> None:
    """While Telegram cannot be reached at all nothing has been sent, and the notice is tried again."""
    settings = load_settings(telegram_token="1:x", telegram_api="http://127.0.0.1:9", telegram_rate=30)
    await lines.tell()
    async with open_telegram(settings, seconds=0.5) as nobody:
        await _send(lines, nobody)
    assert await lines.tries() == [("telegram", "failed", "connect_failed")]
    lines.network.wait(minutes=1)
    await lines.send()
    assert len(await lines.heard()) == 1


async def test_a_wrong_token_stops_the_courier_and_costs_no_notice(lines: Lines) -> None:
    """Telegram knows no such bot: the courier ends with a sentence that says what to do, and what it held is put back."""
    settings = load_settings(telegram_token="1:x", telegram_api=lines.sandbox.url, telegram_rate=30)
    await lines.tell()
    async with open_telegram(settings, seconds=5) as stranger:
        with pytest.raises(Stops, match="KONWENT_TELEGRAM_TOKEN"):
            await _send(lines, stranger)
    assert await lines.tries() == []
    await lines.send()
    assert len(await lines.heard()) == 1


async def test_a_mistake_of_ours_holds_up_nobody_else(lines: Lines) -> None:
    """A notice that cannot be written rests and is seen in the ledger; the next one of the same batch arrives."""
    await lines.tell(subject=BROKEN)
    await lines.tell(subject="news:2")
    await lines.send()
    assert await lines.heard() == ["Wiadomość: news:2\n\ntest.reminder news:2 Anna Żółw"]
    (broken,) = await lines.door.look(lambda uow: notices.of_subject(uow, BROKEN))
    assert (broken.outcome, [(one.state, one.reason) for one in broken.tries]) == (None, [("failed", "fault")])


async def test_a_group_is_told_and_followed_where_it_moves(lines: Lines) -> None:
    """The group became a supergroup: its new number is kept, the announcement arrives once, without buttons for a chat."""
    made = await lines.sandbox.ask(
        "POST", "/groups", {"title": "Sieć", "members": [lines.anna.id], "bot": lines.sandbox.username}
    )
    group = await lines.door.act(
        lambda uow: int(
            uow.execute(
                insert(CHAT_GROUP)
                .values(body_id=lines.network.body, chat_id=made["id"], title="Sieć", linked_at=uow.now)
                .returning(CHAT_GROUP.c.id)
            ).scalar_one()
        )
    )
    await lines.sandbox.fault("migrate", "sendMessage")
    await lines.tell(recipient=f"group:{group}")
    await lines.send()
    moved = await lines.door.look(lambda uow: uow.execute(select(CHAT_GROUP.c.chat_id)).scalar_one())
    assert moved != made["id"]
    assert await lines.tries(f"group:{group}") == [("telegram", "sent", "")]
    shown = await lines.sandbox.ask("GET", f"/phone/{lines.anna.id}/group/{moved}")
    said = [one for one in shown["messages"] if one["from"] == "bot"]
    assert [(one["text"], one["keyboard"]) for one in said] == [("Wiadomość: news:1\n\ntest.reminder news:1 Sieć", [])]


async def test_a_group_the_bot_was_thrown_out_of_is_told_nothing_more(lines: Lines) -> None:
    """403 from a group ends its link; there is no second way to a group, and the ledger says so."""
    made = await lines.sandbox.ask(
        "POST", "/groups", {"title": "Sieć", "members": [lines.anna.id], "bot": lines.sandbox.username}
    )
    values = {"body_id": lines.network.body, "chat_id": made["id"], "title": "Sieć", "linked_at": NOW}
    await lines.door.act(lambda uow: uow.execute(insert(CHAT_GROUP).values(values)) and None)
    await lines.sandbox.ask("POST", f"/groups/{made['id']}/remove-bot", {"bot": lines.sandbox.username})
    await lines.tell(recipient="group:1")
    await lines.send()
    assert await lines.tries("group:1") == [("telegram", "refused", "forbidden")]
    assert await lines.door.look(lambda uow: uow.execute(select(CHAT_GROUP.c.unlinked_at)).scalar_one()) == NOW


async def test_a_document_is_uploaded_once(lines: Lines) -> None:
    """A calendar file goes with the words as its caption; to the next reader it goes by Telegram's name for it."""
    ola, other = await lines.another("Ola", lines.network.delegate)
    for recipient in (lines.recipient, other):
        await _with_a_file(lines, recipient)
        await lines.send()
    documents = []
    for phone in (lines.anna, ola):
        (said,) = [one for one in await phone.messages() if one.side == "bot"]
        documents.append(said.raw["document"])
        assert said.text.startswith("Wiadomość: news:1")
    assert [one["name"] for one in documents] == ["spotkanie.ics"] * 2
    assert documents[0]["href"] == documents[1]["href"]


async def test_a_document_that_goes_to_two_at_a_time_is_uploaded_once(lines: Lines) -> None:
    """Messages go side by side, and none of them knows the file yet: one brings it, the other waits for its name."""
    ola, other = await lines.another("Ola", lines.network.delegate)
    for recipient in (lines.recipient, other):
        await _with_a_file(lines, recipient)
    await lines.send()
    said = [one for phone in (lines.anna, ola) for one in await phone.messages() if one.side == "bot"]
    assert len(said) == 2
    assert len({one.raw["document"]["href"] for one in said}) == 1


async def _with_a_file(lines: Lines, recipient: str, subject: str = "news:1") -> None:
    number = await lines.tell(recipient=recipient, subject=subject)
    await lines.door.act(
        lambda uow: enclosures.enclose(uow, number, name="spotkanie.ics", media_type="text/calendar", content=b"BEGIN")
    )


async def test_a_document_telegram_has_forgotten_is_uploaded_again(lines: Lines) -> None:
    """Telegram no longer knows the file by its former name: the reader gets it all the same, and the new name is kept."""
    await _with_a_file(lines, lines.recipient)
    await lines.send()
    await lines.door.act(lambda uow: uow.execute(update(SENT_FILE).values(file_id="gone")) and None)
    await _with_a_file(lines, lines.recipient, "news:2")
    await lines.send()
    said = [one for one in await lines.anna.messages() if one.side == "bot"]
    assert [one.raw["document"]["name"] for one in said] == ["spotkanie.ics"] * 2
    assert await lines.door.look(lambda uow: uow.execute(select(SENT_FILE.c.file_id)).scalar_one()) != "gone"


async def _send(lines: Lines, telegram: Telegram) -> None:
    await send_messages(lines.door, telegram, "pl", asyncio.Event(), lines.network.real)
