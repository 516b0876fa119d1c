"""429: one message a second into a chat with a small burst, twenty a minute into a group, thirty a second in all."""

from __future__ import annotations

import asyncio
from typing import Any

from konwent_bot.sandbox import bounds
from tests.sandbox.phone import Phone, Sandbox


async def burst(sandbox: Sandbox, chats: list[int], times: int) -> list[dict[str, Any]]:
    await sandbox.ask("POST", "/limits", {"on": True})
    return [await sandbox.api("sendMessage", chat_id=chats[n % len(chats)], text=f"nr {n}") for n in range(times)]


def refused(answers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [a for a in answers if not a["ok"]]


async def test_a_small_burst_into_one_chat_is_tolerated_and_more_is_not(sandbox: Sandbox, anna: Phone) -> None:
    """Six at once pass; the seventh waits a second, and the refusal says so in every place Telegram says it."""
    answers = await burst(sandbox, [anna.id], 12)
    assert [a["ok"] for a in answers[:6]] == [True] * 6
    first = refused(answers)[0]
    seconds = first["parameters"]["retry_after"]
    assert first == {
        "ok": False,
        "error_code": 429,
        "description": f"Too Many Requests: retry after {seconds}",
        "parameters": {"retry_after": seconds},
    }
    assert 1 <= seconds <= 2
    assert len([m for m in await anna.messages() if m.side == "bot"]) == 12 - len(refused(answers))
    assert (await sandbox.ask("GET", "/limits"))["refused"] == len(refused(answers))


async def test_answers_to_presses_and_edits_in_private_are_never_slowed_down(sandbox: Sandbox, anna: Phone) -> None:
    """A person who taps quickly is served quickly."""
    await burst(sandbox, [anna.id], 6)
    message = await anna.read()
    edits = [
        await sandbox.api("editMessageText", chat_id=anna.id, message_id=message.message_id, text=f"v{n}") for n in range(15)
    ]
    assert refused(edits) == []


async def test_twenty_a_minute_into_a_group(sandbox: Sandbox, anna: Phone) -> None:
    """The twenty-first message into a group waits some seconds; edits there count as well."""
    group = (await sandbox.ask("POST", "/groups", {"title": "Konwent", "members": [anna.id]}))["id"]
    answers = await burst(sandbox, [group], 21)
    assert [a["ok"] for a in answers] == [True] * 20 + [False]
    assert 1 <= answers[-1]["parameters"]["retry_after"] <= 3
    number = answers[0]["result"]["message_id"]
    edit = await sandbox.api("editMessageText", chat_id=group, message_id=number, text="x")
    assert edit["error_code"] == 429


async def test_thirty_a_second_in_all(sandbox: Sandbox) -> None:
    """A broadcast to many people is refused above thirty a second and each refusal says how long to wait."""
    people = [await sandbox.phone(f"Osoba {n}") for n in range(100)]
    for person in people:
        await person.start()
    await sandbox.ask("POST", "/limits", {"on": True})
    answers = await asyncio.gather(*(sandbox.api("sendMessage", chat_id=p.id, text="Uwaga") for p in people))
    passed = len(answers) - len(refused(answers))
    assert bounds.OVERALL_PER_SECOND <= passed < 100
    assert all(a["parameters"]["retry_after"] == 1 for a in refused(answers))


async def test_limits_can_be_switched_off(sandbox: Sandbox, anna: Phone) -> None:
    """A bench measures the bot, not the limits."""
    await burst(sandbox, [anna.id], 7)
    assert (await sandbox.ask("POST", "/limits", {"on": False}))["on"] is False
    answers = [await sandbox.api("sendMessage", chat_id=anna.id, text="x") for _ in range(20)]
    assert refused(answers) == []


async def test_a_refusal_may_cost_seconds(sandbox: Sandbox, anna: Phone) -> None:
    """With a penalty whoever was refused once is refused everything for that long, in any chat, as a bot that does not listen is."""
    piotr = await sandbox.phone("Piotr")
    await piotr.start()
    await sandbox.ask("POST", "/limits", {"on": True, "penalty": 50})
    while (await sandbox.api("sendMessage", chat_id=anna.id, text="x"))["ok"]:
        pass
    refused = await sandbox.api("sendMessage", chat_id=piotr.id, text="x")
    assert (refused["error_code"], refused["parameters"]["retry_after"]) == (429, 50)
    await sandbox.ask("POST", "/limits", {"on": True})
    assert (await sandbox.api("sendMessage", chat_id=piotr.id, text="x"))["ok"]
