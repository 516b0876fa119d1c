"""Groups: what the bot hears there, and their becoming supergroups."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.phone import Phone, PhoneRefused, Sandbox


async def group_of(sandbox: Sandbox, *people: Phone) -> int:
    made = await sandbox.ask(
        "POST", "/groups", {"title": "Konwent CIS", "members": [p.id for p in people], "bot": sandbox.username}
    )
    return int(made["id"])


async def messages(sandbox: Sandbox) -> list[dict[str, Any]]:
    return [u["message"] for u in (await sandbox.api("getUpdates"))["result"] if "message" in u]


async def test_the_bot_hears_of_a_new_group_and_only_what_is_meant_for_it(sandbox: Sandbox, anna: Phone) -> None:
    """Privacy mode: commands, mentions and answers to the bot reach it; talk among members does not."""
    piotr = await sandbox.phone("Piotr")
    group = await group_of(sandbox, anna, piotr)
    kinds = [sorted(k for k in u if k != "update_id") for u in (await sandbox.api("getUpdates"))["result"]]
    assert kinds == [["my_chat_member"], ["message"]]
    announced = (await sandbox.api("sendMessage", chat_id=group, text="Nowa runda"))["result"]["message_id"]
    path = f"/phone/{piotr.id}/group/{group}/send"
    for body in (
        {"text": "to między nami"},
        {"text": "/sprawy"},
        {"text": "hej @Konwent_Demo_Bot"},
        {"text": "jasne", "reply_to": announced},
    ):
        await sandbox.ask("POST", path, body)
    assert [m.get("text") for m in await messages(sandbox)] == [None, "/sprawy", "hej @Konwent_Demo_Bot", "jasne"]
    seen = (await sandbox.ask("GET", f"/phone/{anna.id}/group/{group}"))["messages"]
    assert [(m["from"], m["author"]) for m in seen[1:3]] == [("bot", "Konwent"), ("other", "Piotr")]


async def test_a_group_becomes_a_supergroup_with_another_id(sandbox: Sandbox, anna: Phone) -> None:
    """The old id refuses with the new one, both sides get a service message, and writing goes on in the new group."""
    old = await group_of(sandbox, anna)
    new = (await sandbox.ask("POST", f"/groups/{old}/migrate", {}))["id"]
    answer = await sandbox.api("sendMessage", chat_id=old, text="x")
    assert answer == {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: group chat was upgraded to a supergroup chat",
        "parameters": {"migrate_to_chat_id": new},
    }
    assert new < -1_000_000_000_000
    sent = await sandbox.api("sendMessage", chat_id=new, text="dalej")
    assert (sent["result"]["chat"]["type"], sent["result"]["message_id"]) == ("supergroup", 2)
    told = await messages(sandbox)
    assert [(m["chat"]["id"], m.get("migrate_to_chat_id"), m.get("migrate_from_chat_id")) for m in told[-2:]] == [
        (old, new, None),
        (new, None, old),
    ]
    with pytest.raises(PhoneRefused):
        await sandbox.ask("POST", f"/groups/{new}/migrate", {})
    with pytest.raises(PhoneRefused):
        await sandbox.ask("POST", f"/phone/{anna.id}/group/{old}/send", {"text": "/x"})


@pytest.mark.parametrize(("migrate", "kind"), [(False, "group"), (True, "supergroup")])
async def test_a_bot_thrown_out_may_not_write(sandbox: Sandbox, anna: Phone, migrate: bool, kind: str) -> None:
    """The bot is told by my_chat_member and refused afterwards."""
    group = await group_of(sandbox, anna)
    if migrate:
        group = (await sandbox.ask("POST", f"/groups/{group}/migrate", {}))["id"]
    await sandbox.ask("POST", f"/groups/{group}/remove-bot", {})
    answer = await sandbox.api("sendMessage", chat_id=group, text="x")
    assert (answer["error_code"], answer["description"]) == (403, f"Forbidden: bot was kicked from the {kind} chat")
    last = (await sandbox.api("getUpdates"))["result"][-1]
    assert last["my_chat_member"]["new_chat_member"]["status"] == "kicked"
