"""Scripted trouble: what a network and a busy server do to a bot, on order."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from tests.sandbox.phone import TOKEN, Phone, PhoneRefused, Sandbox


async def say(sandbox: Sandbox, phone: Phone, text: str = "x") -> dict[str, Any]:
    return await sandbox.api("sendMessage", chat_id=phone.id, text=text)


async def said(phone: Phone) -> list[str]:
    return [m.text for m in await phone.messages() if m.side == "bot"]


@pytest.mark.parametrize(
    ("kind", "delivered"), [("timeout_before", False), ("drop_connection", False), ("timeout_after", True), ("drop_after", True)]
)
async def test_a_broken_connection_before_or_after_delivery(sandbox: Sandbox, anna: Phone, kind: str, delivered: bool) -> None:
    """The bot sees the same broken connection; only the phone knows whether the message arrived."""
    await sandbox.fault(kind, "sendMessage", seconds=0)
    with pytest.raises(aiohttp.ClientConnectionError):
        await say(sandbox, anna)
    assert await said(anna) == (["x"] if delivered else [])
    assert (await say(sandbox, anna, "dalej"))["ok"], "one fault, one failure"


async def test_a_timeout_lasts_longer_than_the_bot_waits(sandbox: Sandbox, anna: Phone) -> None:
    """A bot with a short patience gives up; the message is there all the same."""
    await sandbox.fault("timeout_after", "sendMessage", seconds=30)
    url = f"{sandbox.url}/bot{TOKEN}/sendMessage"
    with pytest.raises(TimeoutError):
        async with sandbox.session.post(url, json={"chat_id": anna.id, "text": "x"}, timeout=aiohttp.ClientTimeout(total=0.5)):
            pass
    assert await said(anna) == ["x"]


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("error_500", {"ok": False, "error_code": 500, "description": "Internal Server Error: restart"}),
        ("error_502", {"ok": False, "error_code": 502, "description": "Bad Gateway"}),
        (
            "retry_after",
            {
                "ok": False,
                "error_code": 429,
                "description": "Too Many Requests: retry after 7",
                "parameters": {"retry_after": 7},
            },
        ),
    ],
)
async def test_a_server_in_trouble_says_so(sandbox: Sandbox, anna: Phone, kind: str, answer: dict[str, Any]) -> None:
    """500, 502 and 429 come as Telegram writes them and nothing is delivered, as often as ordered."""
    await sandbox.fault(kind, "sendMessage", times=2, seconds=7)
    assert [await say(sandbox, anna) for _ in range(2)] == [answer, answer]
    assert (await say(sandbox, anna, "dalej"))["ok"]
    assert await said(anna) == ["dalej"]


async def test_a_fault_hits_only_its_chat_and_method(sandbox: Sandbox, anna: Phone) -> None:
    """Trouble with Anna's chat leaves Piotr's alone, and presses count by who pressed."""
    piotr = await sandbox.phone("Piotr")
    await piotr.start()
    await sandbox.fault("error_500", "*", chat_id=anna.id)
    assert (await say(sandbox, piotr))["ok"]
    assert (await sandbox.api("getMe"))["ok"]
    assert not (await say(sandbox, anna))["ok"]
    markup = {"inline_keyboard": [[{"text": "Tak", "callback_data": "t"}]]}
    number = (await sandbox.api("sendMessage", chat_id=anna.id, text="?", reply_markup=markup))["result"]["message_id"]
    press = (await anna.tap_data(number, "t"))["callback_id"]
    await sandbox.fault("error_500", "answerCallbackQuery", chat_id=anna.id)
    assert not (await sandbox.api("answerCallbackQuery", callback_query_id=press))["ok"]
    assert (await sandbox.api("answerCallbackQuery", callback_query_id=press))["ok"]


async def test_a_group_can_migrate_in_the_middle_of_a_call(sandbox: Sandbox, anna: Phone) -> None:
    """The call learns the group's new id, and the bot gets both service messages."""
    group = await sandbox.ask("POST", "/groups", {"title": "Konwent", "members": [anna.id]})
    await sandbox.fault("migrate", "sendMessage", chat_id=group["id"])
    answer = await sandbox.api("sendMessage", chat_id=group["id"], text="x")
    new = answer["parameters"]["migrate_to_chat_id"]
    assert answer["description"] == "Bad Request: group chat was upgraded to a supergroup chat"
    assert (await sandbox.api("sendMessage", chat_id=new, text="x"))["ok"]
    updates = [u["message"] for u in (await sandbox.api("getUpdates"))["result"] if "message" in u]
    assert [m["migrate_to_chat_id"] for m in updates if "migrate_to_chat_id" in m] == [new]
    assert [m["migrate_from_chat_id"] for m in updates if "migrate_from_chat_id" in m] == [group["id"]]


async def test_orders_are_listed_and_can_be_taken_back(sandbox: Sandbox, anna: Phone) -> None:
    """What is left of an order is shown; DELETE forgets all."""
    await sandbox.fault("error_500", "sendMessage", times=3)
    await say(sandbox, anna)
    faults = (await sandbox.ask("GET", "/faults"))["faults"]
    assert [(f["kind"], f["method"], f["times"]) for f in faults] == [("error_500", "sendMessage", 2)]
    await sandbox.ask("DELETE", "/faults")
    assert (await say(sandbox, anna))["ok"]


@pytest.mark.parametrize(
    "order",
    [
        {"kind": "nonsense"},
        {"kind": "error_500", "times": 0},
        {"kind": "error_500", "seconds": -1},
        {"kind": "smtp", "method": "sendMessage"},
        {"kind": "error_500", "method": "mail"},
        {"kind": "smtp", "method": "mail", "code": 250},
        {"kind": "error_500", "chat_id": "x"},
    ],
)
async def test_a_senseless_order_is_refused(sandbox: Sandbox, order: dict[str, Any]) -> None:
    """A script with a typing error learns of it at once."""
    with pytest.raises(PhoneRefused) as refusal:
        await sandbox.ask("POST", "/faults", order)
    assert refusal.value.status == 400
    assert (await sandbox.ask("GET", "/faults"))["faults"] == []


async def test_an_update_comes_twice(sandbox: Sandbox, anna: Phone) -> None:
    """A duplicate has the same id, before and after the first was confirmed."""
    number = (await anna.send("raz"))["update_id"]
    await sandbox.ask("POST", "/updates/duplicate", {"update_id": number})
    assert [u["update_id"] for u in (await sandbox.api("getUpdates"))["result"]] == [number, number]
    assert (await sandbox.api("getUpdates", offset=number + 1))["result"] == []
    await sandbox.ask("POST", "/updates/duplicate", {"update_id": number})
    assert [u["update_id"] for u in (await sandbox.api("getUpdates", offset=number + 1))["result"]] == [number]
    assert (await sandbox.api("getUpdates", offset=number + 1))["result"] == []


async def test_updates_held_back_come_in_the_order_a_script_wants(sandbox: Sandbox, anna: Phone) -> None:
    """Any permutation can be delivered; what is not released stays."""
    await sandbox.ask("POST", "/updates/hold", {"on": True})
    numbers = [(await anna.send(text))["update_id"] for text in ("a", "b", "c", "d")]
    assert (await sandbox.api("getUpdates"))["result"] == []
    held = (await sandbox.ask("GET", "/updates/held"))["updates"]
    assert [u["message"]["text"] for u in held] == ["a", "b", "c", "d"]
    await sandbox.ask("POST", "/updates/release", {"order": [numbers[2], numbers[0], numbers[1]]})
    got = (await sandbox.api("getUpdates"))["result"]
    assert [u["message"]["text"] for u in got] == ["c", "a", "b"]
    assert (await sandbox.api("getUpdates", offset=numbers[2] + 1))["result"] == []
    with pytest.raises(PhoneRefused):
        await sandbox.ask("POST", "/updates/release", {"order": [numbers[0]]})
    await sandbox.ask("POST", "/updates/hold", {"on": False})
    await sandbox.ask("POST", "/updates/release", {})
    assert [u["message"]["text"] for u in (await sandbox.api("getUpdates"))["result"]] == ["d"]


@pytest.mark.parametrize(
    "update", [{}, {"message": None}, {"poll": {"id": "1"}}, {"a_kind_of_2030": {"x": 1}}, {"message": {"chat": 7}}]
)
async def test_odd_updates_can_be_delivered(sandbox: Sandbox, update: dict[str, Any]) -> None:
    """Shapes that Telegram may send one day, or never: what the bot makes of them is its affair."""
    number = (await sandbox.ask("POST", "/updates/raw", {"update": update}))["update_id"]
    assert (await sandbox.api("getUpdates"))["result"] == [{"update_id": number, **update}]


async def test_the_journal_tells_every_call_and_what_became_of_updates(sandbox: Sandbox, anna: Phone) -> None:
    """A script reads who was called, with what result, and whether an update was taken; bodies are not in it."""
    number = (await anna.send("raz"))["update_id"]
    await say(sandbox, anna, "sekret")
    await say(sandbox, anna, "")
    await sandbox.api("getUpdates")
    await sandbox.api("getUpdates", offset=number + 1)
    log = await sandbox.ask("GET", "/log")
    calls = [(c["method"], c["chat_id"], c["ok"], c["description"]) for c in log["calls"]]
    assert ("sendMessage", anna.id, True, "") in calls
    assert ("sendMessage", anna.id, False, "Bad Request: message text is empty") in calls
    (update,) = [u for u in log["updates"] if u["update_id"] == number]
    assert (update["delivered"], update["confirmed"], update["queue"]) == (1, True, f"chat:{anna.id}")
    assert "sekret" not in str(log)
    assert (await sandbox.ask("GET", "/log", after=log["last"]))["calls"] == []
