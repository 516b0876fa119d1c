"""getUpdates: what is confirmed, what waits, who polls."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.sandbox.phone import Phone, Sandbox


async def poll(sandbox: Sandbox, **values: Any) -> list[dict[str, Any]]:
    answer = await sandbox.api("getUpdates", **values)
    assert answer["ok"], answer
    result: list[dict[str, Any]] = answer["result"]
    return result


async def test_an_update_comes_again_until_its_offset_is_passed(sandbox: Sandbox, anna: Phone) -> None:
    """A bot that crashed before confirming gets the same updates; passing the offset forgets them."""
    first, second = (await anna.send("raz"))["update_id"], (await anna.send("dwa"))["update_id"]
    assert second == first + 1
    for _ in range(2):
        assert [u["message"]["text"] for u in await poll(sandbox)] == ["raz", "dwa"]
    assert [u["update_id"] for u in await poll(sandbox, offset=second)] == [second]
    assert [u["update_id"] for u in await poll(sandbox)] == [second], "the first one is forgotten"
    assert await poll(sandbox, offset=second + 1) == []


async def test_limit_and_negative_offset(sandbox: Sandbox, anna: Phone) -> None:
    """A limit gives the oldest; a negative offset keeps only the newest and forgets the rest."""
    for text in ("a", "b", "c", "d"):
        await anna.send(text)
    assert [u["message"]["text"] for u in await poll(sandbox, limit=2)] == ["a", "b"]
    assert [u["message"]["text"] for u in await poll(sandbox, offset=-1)] == ["d"]
    assert [u["message"]["text"] for u in await poll(sandbox)] == ["d"]


async def test_a_waiting_poll_is_answered_by_the_next_message(sandbox: Sandbox, anna: Phone) -> None:
    """A long poll does not wait out its time when something happens."""
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(poll(sandbox, timeout=30))
        await _until_polled(sandbox, 1)
        await anna.send("jestem")
    assert [u["message"]["text"] for u in waiting.result()] == ["jestem"]


async def test_a_poll_with_nothing_to_give_ends_in_time(sandbox: Sandbox, anna: Phone) -> None:
    """One second is one second."""
    loop = asyncio.get_running_loop()
    before = loop.time()
    assert await poll(sandbox, timeout=1) == []
    assert 0.9 < loop.time() - before < 5


async def test_the_second_poller_ends_the_first_with_409(sandbox: Sandbox, anna: Phone) -> None:
    """Two copies of a bot show themselves at once."""
    async with asyncio.TaskGroup() as group:
        first = group.create_task(sandbox.api("getUpdates", timeout=30))
        await _until_polled(sandbox, 1)
        second = group.create_task(sandbox.api("getUpdates", timeout=30))
        conflict = await first
        await anna.send("dla drugiego")
    assert (conflict["error_code"], conflict["description"]) == (
        409,
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    )
    assert [u["message"]["text"] for u in second.result()["result"]] == ["dla drugiego"]


async def test_polling_and_a_webhook_exclude_each_other(sandbox: Sandbox, anna: Phone) -> None:
    """Setting a webhook ends a poll under way; polling with a webhook set is refused until it is deleted."""
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(sandbox.api("getUpdates", timeout=30))
        await _until_polled(sandbox, 1)
        await sandbox.api("setWebhook", url="http://127.0.0.1:9/hook")
    assert waiting.result()["description"] == "Conflict: terminated by setWebhook request"
    refused = await sandbox.api("getUpdates")
    assert (refused["error_code"], refused["description"]) == (
        409,
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    )
    assert (await sandbox.api("deleteWebhook"))["description"] == "Webhook was deleted"
    assert (await sandbox.api("deleteWebhook"))["description"] == "Webhook is already deleted"
    assert await poll(sandbox) == []


async def test_a_bot_hears_only_what_it_asked_to_hear(sandbox: Sandbox, anna: Phone) -> None:
    """allowed_updates counts for what happens afterwards; an empty list brings everything back."""
    await poll(sandbox, allowed_updates=["callback_query"])
    assert (await anna.send("niesłyszane"))["update_id"] is None
    await poll(sandbox, allowed_updates=[])
    assert (await anna.send("słyszane"))["update_id"] is not None
    assert [u["message"]["text"] for u in await poll(sandbox)] == ["słyszane"]


async def test_updates_nobody_fetched_expire(sandbox: Sandbox, anna: Phone) -> None:
    """By the demo's clock a press waits 150 seconds and a message a day."""
    sent = await sandbox.api(
        "sendMessage", chat_id=anna.id, text="?", reply_markup={"inline_keyboard": [[{"text": "Tak", "callback_data": "t"}]]}
    )
    await anna.send("list")
    await anna.tap_data(sent["result"]["message_id"], "t")
    await sandbox.move_clock(160)
    assert [u["message"]["text"] for u in await poll(sandbox)] == ["list"]
    await sandbox.move_clock(24 * 3600)
    assert await poll(sandbox) == []


async def _until_polled(sandbox: Sandbox, times: int) -> None:
    """Wait until so many bots poll: the journal tells."""
    while (await sandbox.ask("GET", "/log"))["polling"] < times:
        pass
