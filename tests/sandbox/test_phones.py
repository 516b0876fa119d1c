"""Acting as a person: what a phone can do and what it is told when it cannot."""

from __future__ import annotations

import asyncio
import io
import struct
import zlib
from typing import Any

import aiohttp
import pytest

from tests.sandbox.phone import TOKEN, Phone, PhoneRefused, Sandbox

MARKUP = {
    "inline_keyboard": [
        [{"text": "Tak", "callback_data": "tak"}, {"text": "Nie", "callback_data": "nie"}],
        [{"text": "Otwórz kartę", "url": "https://example.org/karta"}],
    ]
}


def png(width: int = 2, height: int = 3) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = b"".join(b"\0" + b"\x80" * width for _ in range(height))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


async def updates(sandbox: Sandbox) -> list[dict[str, Any]]:
    got: list[dict[str, Any]] = (await sandbox.api("getUpdates"))["result"]
    if got:
        await sandbox.api("getUpdates", offset=got[-1]["update_id"] + 1)
    return got


async def question(sandbox: Sandbox, phone: Phone) -> int:
    answer = await sandbox.api("sendMessage", chat_id=phone.id, text="<b>Czy?</b>", parse_mode="HTML", reply_markup=MARKUP)
    return int(answer["result"]["message_id"])


async def test_start_and_a_deep_link_reach_the_bot_as_commands(sandbox: Sandbox) -> None:
    """Pressing Start and opening a t.me link are the same to the bot, entities included."""
    jan = await sandbox.phone("Jan", language_code="uk")
    await jan.start("abc_-1")
    await jan.open(f"https://t.me/{sandbox.username}?start=xyz")
    await jan.open(f"tg://resolve?domain={sandbox.username}&start=tg")
    got = [u["message"] for u in await updates(sandbox)]
    assert [m["text"] for m in got] == ["/start abc_-1", "/start xyz", "/start tg"]
    assert got[0]["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    assert got[0]["from"] == {"id": jan.id, "is_bot": False, "first_name": "Jan", "language_code": "uk"}
    assert got[0]["chat"] == {"id": jan.id, "first_name": "Jan", "type": "private"}


@pytest.mark.parametrize(
    "url", ["https://t.me/inny_bot?start=a", "https://example.org/", "https://t.me/konwent_demo_bot?start=ą", "nonsense"]
)
async def test_a_link_that_leads_elsewhere_is_not_opened(sandbox: Sandbox, anna: Phone, url: str) -> None:
    """Another bot's link, a page, a payload with foreign letters: the phone says why not and the bot hears nothing."""
    with pytest.raises(PhoneRefused):
        await anna.open(url)
    assert await updates(sandbox) == []


async def test_the_same_id_is_the_same_person(sandbox: Sandbox) -> None:
    """A script that runs twice makes nobody twice; the second time brings the name up to date."""
    first = await sandbox.phone("Anna", person=77)
    second = await sandbox.phone("Anna Maria", person=77)
    other = await sandbox.phone("Piotr")
    people = (await sandbox.ask("GET", "/phone"))["people"]
    assert (first.id, second.id) == (77, 77)
    assert {p["id"]: p["first_name"] for p in people} == {77: "Anna Maria", other.id: "Piotr"}


async def test_a_phone_shows_what_was_said_and_what_can_be_pressed(sandbox: Sandbox, anna: Phone) -> None:
    """Words, safe HTML, who said it, buttons with what they carry, unread count until looked at."""
    await question(sandbox, anna)
    (head, *_) = (await sandbox.ask("GET", f"/phone/{anna.id}/chats"))["chats"]
    assert (head["last"], head["unread"]) == ("Czy?", 1)
    chat = await anna.look()
    shown = chat["messages"][-1]
    assert (shown["from"], shown["author"], shown["text"], shown["html"]) == ("bot", "Konwent", "Czy?", "<b>Czy?</b>")
    assert shown["keyboard"] == [
        [{"text": "Tak", "kind": "callback", "data": "tak"}, {"text": "Nie", "kind": "callback", "data": "nie"}],
        [{"text": "Otwórz kartę", "kind": "url", "url": "https://example.org/karta"}],
    ]
    (head, *_) = (await sandbox.ask("GET", f"/phone/{anna.id}/chats"))["chats"]
    assert head["unread"] == 0


async def test_a_button_is_tapped_by_its_words_its_place_or_its_data(sandbox: Sandbox, anna: Phone) -> None:
    """Three ways to say the same press; each is a press of its own."""
    number = await question(sandbox, anna)
    path = f"/phone/{anna.id}/chat/{anna.bot}/tap"
    for what in ({"text": "Nie"}, {"row": 0, "col": 1}, {"data": "nie"}):
        await sandbox.ask("POST", path, {"message_id": number, **what})
    presses = [u["callback_query"] for u in await updates(sandbox)]
    assert [p["data"] for p in presses] == ["nie"] * 3
    assert len({p["id"] for p in presses}) == 3
    assert presses[0]["message"]["message_id"] == number
    assert presses[0]["message"]["reply_markup"] == {"inline_keyboard": MARKUP["inline_keyboard"]}
    opened = await sandbox.ask("POST", path, {"message_id": number, "text": "Otwórz kartę"})
    assert opened == {"update_id": None, "opened": "https://example.org/karta"}


async def test_data_no_button_carries_needs_to_be_called_forged(sandbox: Sandbox, anna: Phone) -> None:
    """A bad client can send any data for any message; a script has to say that it means to."""
    number = await question(sandbox, anna)
    with pytest.raises(PhoneRefused, match=r"it has: Tak, Nie, Otwórz kartę"):
        await anna.tap("Może")
    with pytest.raises(PhoneRefused):
        await anna.tap_data(number, "admin")
    assert await updates(sandbox) == []
    await anna.tap_data(number, "admin", forged=True)
    await anna.tap_data(99999, "tak", forged=True)
    first, second = (u["callback_query"] for u in await updates(sandbox))
    assert (first["data"], first["message"]["message_id"]) == ("admin", number)
    assert second["message"] == {
        "chat": {"id": anna.id, "first_name": "Anna", "last_name": "Kowalska", "type": "private"},
        "message_id": 99999,
        "date": 0,
    }


async def test_a_tap_is_answered_and_the_message_changes(sandbox: Sandbox, anna: Phone) -> None:
    """The phone waits for the answer and for the edit without asking again and again."""
    number = await question(sandbox, anna)
    press = (await anna.tap("Tak"))["callback_id"]
    async with asyncio.TaskGroup() as group:
        answer = group.create_task(anna.answered(press))
        change = group.create_task(anna.wait_for(lambda m: m.edited))
        await sandbox.api("answerCallbackQuery", callback_query_id=press, text="Zapisano")
        await sandbox.api("editMessageText", chat_id=anna.id, message_id=number, text="Zapisano: tak")
    assert (answer.result()["answered"], answer.result()["text"]) == (True, "Zapisano")
    assert (change.result().message_id, change.result().text, change.result().labels) == (number, "Zapisano: tak", ())


async def test_a_long_text_arrives_in_pieces_as_from_a_real_phone(sandbox: Sandbox, anna: Phone) -> None:
    """5,000 letters are two messages; blank ends are trimmed; nothing but blanks is not sent."""
    sent = await anna.send("  " + "ż" * 5000 + "\n")
    assert sent["parts"] == 2
    assert [len(u["message"]["text"]) for u in await updates(sandbox)] == [4096, 904]
    with pytest.raises(PhoneRefused):
        await anna.send(" \n ")


async def test_texts_that_look_like_code_stay_texts(sandbox: Sandbox, anna: Phone) -> None:
    """What a person types reaches the bot letter by letter and shows escaped."""
    texts = ["<b>x</b>", "{{7*7}}", "%s %(a)s", "\u202eodwrotnie", "' OR 1=1 --", "🎉&amp;"]
    for text in texts:
        await anna.send(text)
    got = [u["message"]["text"] for u in await updates(sandbox)]
    assert got == texts
    assert (await anna.look())["messages"][1]["html"] == "&lt;b&gt;x&lt;/b&gt;"


async def test_an_own_message_can_be_edited(sandbox: Sandbox, anna: Phone) -> None:
    """The bot hears edited_message; the bot's messages and strange ids are refused."""
    mine = (await anna.send("12"))["message_id"]
    theirs = await question(sandbox, anna)
    await anna.edit(mine, "13")
    for number in (theirs, 9999):
        with pytest.raises(PhoneRefused):
            await anna.edit(number, "x")
    first, second = await updates(sandbox)
    assert (first["message"]["text"], second["edited_message"]["text"]) == ("12", "13")
    assert second["edited_message"]["edit_date"] >= second["edited_message"]["date"]


async def test_an_answer_to_a_message_carries_that_message(sandbox: Sandbox, anna: Phone) -> None:
    """Replying quotes the question; the quoted message does not quote further."""
    number = await question(sandbox, anna)
    await anna.send("odpowiadam", reply_to=number)
    (update,) = await updates(sandbox)
    assert update["message"]["reply_to_message"]["message_id"] == number
    with pytest.raises(PhoneRefused):
        await anna.send("x", reply_to=9999)


async def test_start_lets_a_blocked_bot_in_again(sandbox: Sandbox, anna: Phone) -> None:
    """A blocked bot hears nothing from this phone; Restart unblocks it, as in the real client."""
    await anna.block()
    assert (await anna.look())["blocked"] is True
    for act in (anna.send("x"), anna.tap_data(1, "x", forged=True)):
        with pytest.raises(PhoneRefused):
            await act
    await anna.start()
    assert [next(k for k in u if k != "update_id") for u in await updates(sandbox)] == [
        "my_chat_member",
        "my_chat_member",
        "message",
    ]


async def test_a_phone_offers_the_commands_of_its_language_and_chat(sandbox: Sandbox, anna: Phone) -> None:
    """The narrowest scope wins, then the person's language, as in Bot API BotCommandScope."""

    async def offered() -> list[str]:
        return [c["description"] for c in (await anna.look())["commands"]]

    def one(text: str) -> list[dict[str, str]]:
        return [{"command": "sprawy", "description": text}]

    steps: list[tuple[dict[str, Any], str]] = [
        ({}, "default"),
        ({"language_code": "pl"}, "po polsku"),
        ({"scope": {"type": "all_private_chats"}}, "prywatne"),
        ({"scope": {"type": "chat", "chat_id": anna.id}}, "dla Anny"),
    ]
    for where, text in steps:
        await sandbox.api("setMyCommands", commands=one(text), **where)
        assert await offered() == [text]
        assert (await sandbox.api("getMyCommands", **where))["result"] == one(text)
    for where, _ in reversed(steps):
        await sandbox.api("deleteMyCommands", **where)
    assert await offered() == []


async def test_documents_and_pictures_arrive_and_can_be_fetched(sandbox: Sandbox, anna: Phone) -> None:
    """An uploaded file is shown with name and size; by its id it can be sent again and downloaded by the bot."""
    form = aiohttp.FormData({"chat_id": str(anna.id), "caption": "Karta", "document": "attach://plik"}, quote_fields=False)
    form.add_field("plik", b"%PDF-1.7 x", filename="karta współpracy.pdf", content_type="application/pdf")
    async with sandbox.session.post(f"{sandbox.url}/bot{TOKEN}/sendDocument", data=form) as response:
        sent = (await response.json())["result"]
    picture = aiohttp.FormData({"chat_id": str(anna.id)})
    picture.add_field("photo", png(), filename="a.png", content_type="image/png")
    async with sandbox.session.post(f"{sandbox.url}/bot{TOKEN}/sendPhoto", data=picture) as response:
        photo = (await response.json())["result"]["photo"][-1]
    assert (photo["width"], photo["height"]) == (2, 3)
    document, shown = [m.raw for m in await anna.messages()][-2:]
    assert (document["document"]["name"], document["document"]["size"], document["text"]) == ("karta współpracy.pdf", 10, "Karta")
    async with sandbox.session.get(sandbox.url + document["document"]["href"]) as response:
        assert await response.read() == b"%PDF-1.7 x"
        assert response.headers["Content-Disposition"].startswith("attachment")
    async with sandbox.session.get(sandbox.url + shown["photo"]["href"]) as response:
        assert (response.content_type, await response.read()) == ("image/png", png())
    again = await sandbox.api("sendDocument", chat_id=anna.id, document=sent["document"]["file_id"])
    assert again["result"]["document"]["file_unique_id"] == sent["document"]["file_unique_id"]
    path = (await sandbox.api("getFile", file_id=sent["document"]["file_id"]))["result"]["file_path"]
    async with sandbox.session.get(f"{sandbox.url}/file/bot{TOKEN}/{path}") as response:
        assert await response.read() == b"%PDF-1.7 x"
    async with sandbox.session.get(f"{sandbox.url}/file/bot{TOKEN}/documents/nonsense.pdf") as response:
        assert response.status == 404


async def test_a_phone_can_send_a_file(sandbox: Sandbox, anna: Phone) -> None:
    """A coordinator sends the roster from the phone; a picture comes as a photo."""
    for kind, body in (("document", b"a;b"), ("photo", png())):
        form = aiohttp.FormData({"caption": "Lista", "as": kind})
        form.add_field("file", body, filename="lista.csv", content_type="text/csv")
        async with sandbox.session.post(f"{sandbox.url}/phone/{anna.id}/chat/{anna.bot}/file", data=form) as response:
            assert response.status == 200
    document, photo = (u["message"] for u in await updates(sandbox))
    assert (document["document"]["file_name"], document["caption"]) == ("lista.csv", "Lista")
    assert photo["photo"][0]["width"] == 2


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/phone/1/chats", None, 404),
        ("GET", "/phone/x/chats", None, 400),
        ("POST", "/phone/{anna}/chat/nobody/send", {"text": "x"}, 404),
        ("POST", "/phone/{anna}/chat/konwent_demo_bot/send", {"text": 7}, 400),
        ("POST", "/phone/{anna}/chat/konwent_demo_bot/send", {}, 400),
        ("POST", "/phone/{anna}/chat/konwent_demo_bot/tap", {"message_id": 1}, 400),
        ("POST", "/phone/{anna}/chat/konwent_demo_bot/start", {"payload": "ą"}, 400),
        ("POST", "/phone/{anna}/chat/konwent_demo_bot/start", {"payload": "x" * 65}, 400),
        ("GET", "/phone/{anna}/group/-5", None, 404),
        ("GET", "/phone/{anna}/callbacks/5", None, 404),
        ("GET", "/phone/{anna}/wait?timeout=x", None, 400),
        ("POST", "/phone", {}, 400),
        ("POST", "/phone", {"first_name": " "}, 400),
        ("POST", "/phone", {"first_name": "x", "id": 7000000001}, 400),
        ("POST", "/groups", {"title": "x", "members": [1]}, 400),
        ("POST", "/updates/duplicate", {"update_id": 1}, 404),
        ("POST", "/updates/release", {"order": [1]}, 404),
        ("POST", "/updates/raw", {"update": []}, 400),
        ("POST", "/clock", {"move_seconds": "x"}, 400),
        ("POST", "/clock", {"move_seconds": 1e30}, 400),
        ("POST", "/limits", {}, 400),
        ("GET", "/mail/7", None, 404),
        ("GET", "/phone/files/7", None, 404),
    ],
)
async def test_what_a_script_gets_wrong_is_told_in_words(
    sandbox: Sandbox, anna: Phone, method: str, path: str, body: dict[str, Any] | None, status: int
) -> None:
    """Every mistake is a 4xx with a sentence, and the bot hears nothing of it."""
    with pytest.raises(PhoneRefused) as refusal:
        await sandbox.ask(method, path.format(anna=anna.id), body)
    assert refusal.value.status == status
    assert len(refusal.value.text) > 8
    assert await updates(sandbox) == []


async def test_bodies_that_are_no_objects_are_refused(sandbox: Sandbox, anna: Phone) -> None:
    """Broken JSON, a list, a megabyte too many, half a letter."""
    url = f"{sandbox.url}/phone/{anna.id}/chat/{anna.bot}/send"
    for body, status in (
        (b"{", 400),
        (b"[]", 400),
        (b'"' + b"x" * 2**20 + b'"', 413),
        (b"[" * 100_000, 400),
        (b'{"text": "\\ud83d"}', 400),
    ):
        async with sandbox.session.post(url, data=io.BytesIO(body)) as response:
            assert response.status == status
    assert await updates(sandbox) == []


async def test_another_site_cannot_press_our_buttons(sandbox: Sandbox, anna: Phone) -> None:
    """A page of another origin, opened in the same browser, is refused."""
    url = f"{sandbox.url}/phone/{anna.id}/chat/{anna.bot}/send"
    async with sandbox.session.post(url, json={"text": "x"}, headers={"Origin": "https://example.org"}) as response:
        assert response.status == 403
    async with sandbox.session.post(url, json={"text": "x"}, headers={"Origin": sandbox.url}) as response:
        assert response.status == 200
    assert len(await updates(sandbox)) == 1
