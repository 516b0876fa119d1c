"""What answers when Telegram calls, and when anybody else does."""

from __future__ import annotations

import io
import json
import sqlite3
from collections.abc import AsyncIterator

import aiohttp
import pytest
from tests.conversations.answers import draft
from tests.conversations.house import SECRET, answering, called, everything
from tests.conversations.network import Network
from tests.conversations.people import Member, verb
from tests.conversations.updates import handled
from tests.sandbox.phone import TOKEN, Sandbox

from konwent_bot.chat import Chat, open_chat
from konwent_bot.chat.webhook import PATH
from konwent_bot.office.door import Door
from konwent_bot.store.engines import open_store

HEADER = "X-Telegram-Bot-Api-Secret-Token"


@pytest.fixture
async def address(sandbox: Sandbox, live_door: Door, network: Network) -> AsyncIterator[str]:
    """Where Telegram would call."""
    async with open_chat(TOKEN, sandbox.url, live_door) as chat, called(chat) as url:
        yield url + PATH


async def post(address: str, body: bytes, *, secret: str | None = SECRET, chunked: bool = False) -> int:
    """Call as Telegram would; give the status."""

    async def pieces() -> AsyncIterator[bytes]:
        for at in range(0, len(body), 65536):
            yield body[at : at + 65536]

    headers = {} if secret is None else {HEADER: secret}
    async with (
        aiohttp.ClientSession() as session,
        session.post(address, data=pieces() if chunked else io.BytesIO(body), headers=headers) as response,
    ):
        return response.status


def message(number: int, text: str = "/sprawy") -> bytes:
    """Give an update with a message of a stranger."""
    person = {"id": 77, "is_bot": False, "first_name": "X"}
    value = {"message_id": 5, "date": 1, "chat": {"id": 77, "type": "private"}, "from": person, "text": text}
    return json.dumps({"update_id": number, "message": value}).encode()


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET[:-1], SECRET + "x", SECRET.upper(), "zażółć", "\u0130\u0131"])
async def test_whoever_does_not_know_the_secret_is_turned_away(address: str, live_door: Door, secret: str | None) -> None:
    """Without the secret, with a wrong or a strange one, the answer is 403 and nothing has been read."""
    before = await everything(live_door.store)
    assert await post(address, message(1), secret=secret) == 403
    assert await everything(live_door.store) == before


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_body_over_a_megabyte_is_refused(address: str, live_door: Door, chunked: bool) -> None:
    """More than a megabyte, announced or not, is 413; exactly as much as is allowed is read."""
    before = await everything(live_door.store)
    most = 1024 * 1024
    for size in (most + 1, 3 * most):
        assert await post(address, message(2) + b" " * (size - len(message(2))), chunked=chunked) == 413
    assert await everything(live_door.store) == before
    assert await post(address, message(3) + b" " * (most - len(message(3))), chunked=chunked) == 200
    assert await everything(live_door.store) != before


SHAPES: tuple[bytes, ...] = (
    b"", b"null", b"[]", b"{}", b"17", b'"text"', b"{", b"\xff\xfe", b"[" * 100_000, b'{"a":' * 50_000, b'{"update_id": "x"}',
    b'{"update_id": 9, "message": null}', b'{"update_id": 9, "message": []}', b'{"update_id": 9, "message": {"text": 1}}',
    b'{"update_id": 9, "callback_query": {"id": "1"}}', b'{"update_id": 9, "something_new": {"a": 1}}',
    b'{"update_id": 9, "message": {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}, "text": "\\ud800"}}',
    b'{"update_id": 99999999999999999999999999, "message": {"message_id": 1}}',
    b'{"update_id": 9, "inline_query": {"id": "1", "from": {"id": 1, "is_bot": false, "first_name": "a"}, "query": "", "offset": ""}}',
    b'{"update_id": 9, "message": {"message_id": 1, "date": 1, "chat": {"id": -5, "type": "channel"}, "text": "/sprawy"}}',
    b'{"update_id": 9, "message": {"message_id": 1, "date": 1, "chat": {"id": 5, "type": "moon"}, "text": "/sprawy"}}',
)  # fmt: skip


async def test_a_shape_we_do_not_know_is_taken_and_left(address: str, live_door: Door) -> None:
    """What is no update, or one of a kind we never asked for, is answered 200 - asking again would not help - and changes nothing."""
    before = await everything(live_door.store)
    for body in SHAPES:
        assert await post(address, body) == 200, body[:80]
    assert await everything(live_door.store) == before
    assert await post(address, message(4)) == 200, "and the house still answers"


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
async def test_while_the_database_is_held_the_update_waits_in_telegram(
    sandbox: Sandbox, live_door: Door, network: Network, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When another program holds the database the call fails with 500, Telegram sends it again, and then it counts, once."""
    monkeypatch.setattr("konwent_bot.store.sqlite.BUSY_SECONDS", 0.05)
    impatient = open_store(database_url)
    live_door.store = impatient
    async with answering(sandbox, live_door, "webhook"):
        anna = await Member.make(sandbox, "Anna", "pl")
        await anna.accept(network.tokens["GOPS Modliborzyce", "head"])
        said = await anna.open_card()
        rival = sqlite3.connect(database_url.removeprefix("sqlite:///"), isolation_level=None)
        rival.execute("BEGIN IMMEDIATE")
        _, button = await anna.find(verb("answer", "4"), said)
        number = int((await anna.phone.tap_data(said.message_id, button.data))["update_id"])
        info: dict[str, object] = {}
        while "500" not in str(info.get("last_error_message", "")):
            info = (await sandbox.api("getWebhookInfo"))["result"]
        assert await draft(live_door) == {}
        rival.execute("ROLLBACK")
        rival.close()
        await handled(sandbox, live_door, [number])
        assert await draft(live_door) == {"goals": 4}
        said = await anna.phone.wait_for(lambda m: anna.t("question {number}", number=2) in m.text)
        await anna.press(verb("answer", "2"), message=said)
        assert await draft(live_door) == {"goals": 4, "composition": 2}
    await impatient.close()


async def test_the_webhook_is_registered_with_its_secret(sandbox: Sandbox, live_door: Door, network: Network) -> None:
    """Telegram is told where to call, with which secret and for what; what waited there meanwhile is not thrown away."""
    phone = await sandbox.phone("Anna")
    await phone.start()
    async with answering(sandbox, live_door, "webhook") as chat:
        assert isinstance(chat, Chat)
        info = (await sandbox.api("getWebhookInfo"))["result"]
        assert info["url"].endswith(PATH)
        assert sorted(info["allowed_updates"]) == ["callback_query", "edited_message", "message", "my_chat_member"]
        await phone.wait_for(lambda said: bool(said.buttons))
