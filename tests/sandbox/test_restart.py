"""A sandbox that is killed and started again knows everything it had answered for."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from pathlib import Path

import aiohttp
import pytest

from konwent_bot.sandbox.records import Person
from konwent_bot.sandbox.server import BotSpec, SandboxOptions, serve
from tests.sandbox.phone import SandboxProcess

MARKUP = {"inline_keyboard": [[{"text": "Tak", "callback_data": "tak"}]]}


async def test_kill_loses_nothing_that_was_answered(tmp_path: Path) -> None:
    """People, chats, pending updates, presses, files, letters, commands, webhook and clock outlive SIGKILL."""
    sandbox = await SandboxProcess.start(tmp_path)
    try:
        anna = await sandbox.phone("Anna", note="KIS")
        await anna.start("p1")
        number = (await sandbox.api("sendMessage", chat_id=anna.id, text="Czy?", reply_markup=MARKUP))["result"]["message_id"]
        old = (await anna.tap("Tak"))["callback_id"]
        await sandbox.api("answerCallbackQuery", callback_query_id=old, text="Zapisano")
        press = await anna.tap("Tak")
        await sandbox.api("editMessageText", chat_id=anna.id, message_id=number, text="Czy na pewno?", reply_markup=MARKUP)
        await sandbox.api("setMyCommands", commands=[{"command": "sprawy", "description": "Moje sprawy"}])
        await sandbox.api("setWebhook", url="http://127.0.0.1:9/hook", secret_token="s", max_connections=7)
        group = (await sandbox.ask("POST", "/groups", {"title": "Konwent", "members": [anna.id]}))["id"]
        await _letter(sandbox, "Przypomnienie")
        await sandbox.move_clock(3600)
        before, sent = await anna.look(), await anna.send("ostatnie przed końcem")
        await sandbox.kill()
        await sandbox.restart()

        after = await anna.look()
        assert [m["text"] for m in after["messages"]] == [m["text"] for m in before["messages"]] + ["ostatnie przed końcem"]
        assert after["messages"][1]["keyboard"] == before["messages"][1]["keyboard"]
        assert (after["started"], after["commands"]) == (True, [{"command": "sprawy", "description": "Moje sprawy"}])
        assert after["revision"] > before["revision"]
        info = (await sandbox.api("getWebhookInfo"))["result"]
        assert (info["url"], info["max_connections"]) == ("http://127.0.0.1:9/hook", 7)
        assert (await sandbox.ask("GET", "/clock"))["shift_seconds"] == 3600
        assert (tmp_path / "sandbox.clock").read_text("ascii").strip() == "3600.0"
        assert [m["subject"] for m in await sandbox.letters()] == ["Przypomnienie"]
        assert (await sandbox.ask("GET", f"/phone/{anna.id}/group/{group}"))["chat"]["title"] == "Konwent"
        await sandbox.api("deleteWebhook")
        again = (await sandbox.api("getUpdates"))["result"]
        assert again[0]["message"]["text"] == "/start p1"
        assert [u["message"]["text"] for u in again if "text" in u.get("message", {})][-1] == "ostatnie przed końcem"
        assert again[-1]["update_id"] == sent["update_id"]
        assert (await anna.answered(old, timeout=0))["text"] == "Zapisano"
        assert not (await sandbox.api("answerCallbackQuery", callback_query_id=old))["ok"], "answered before the kill"
        too_late = await sandbox.api("answerCallbackQuery", callback_query_id=press["callback_id"])
        assert not too_late["ok"], "the clock was moved an hour on"
        fresh = await anna.send("nowe")
        assert fresh["update_id"] == sent["update_id"] + 1, "ids go on where they stopped"
        assert fresh["message_id"] > sent["message_id"]
    finally:
        assert await sandbox.close() == 0


async def test_kill_in_the_middle_of_many_messages_loses_none_that_was_accepted(tmp_path: Path) -> None:
    """Whatever a phone was told is accepted, the bot gets after the restart, in order and once."""
    sandbox = await SandboxProcess.start(tmp_path)
    anna = await sandbox.phone("Anna")
    accepted: list[int] = []
    enough = asyncio.Event()

    async def write() -> None:
        with contextlib.suppress(aiohttp.ClientError):
            while True:
                accepted.append((await anna.send(str(len(accepted))))["update_id"])
                if len(accepted) == 40:
                    enough.set()

    async with asyncio.TaskGroup() as group:
        group.create_task(write())
        await enough.wait()
        await sandbox.kill()
    await sandbox.restart()
    got: list[int] = []
    while batch := (await sandbox.api("getUpdates", offset=got[-1] + 1 if got else 0))["result"]:
        got += [u["update_id"] for u in batch]
    assert await sandbox.close() == 0
    assert got[: len(accepted)] == accepted
    assert len(got) - len(accepted) in (0, 1), "at most the one that was not answered any more"


async def test_a_confirmed_update_does_not_come_back(tmp_path: Path) -> None:
    """What the bot confirmed stays confirmed, even when the sandbox is killed right after."""
    sandbox = await SandboxProcess.start(tmp_path)
    anna = await sandbox.phone("Anna")
    number = (await anna.send("raz"))["update_id"]
    await sandbox.api("getUpdates", offset=number + 1)
    await sandbox.kill()
    await sandbox.restart()
    assert (await sandbox.api("getUpdates"))["result"] == []
    assert await sandbox.close() == 0


async def test_one_file_serves_one_sandbox(tmp_path: Path) -> None:
    """A second sandbox on the same file is refused in words, and the first goes on."""
    first = await serve(SandboxOptions(data=tmp_path / "s.sqlite3"))
    with pytest.raises(OSError, match=r"the sandbox cannot use its file .*s\.sqlite3: database is locked"):
        await serve(SandboxOptions(data=tmp_path / "s.sqlite3"))
    await first.close()


async def test_what_cannot_be_used_is_said(tmp_path: Path) -> None:
    """A taken port, a file that is no database, a folder that cannot be made: one clear cause each."""
    first = await serve(SandboxOptions())
    with pytest.raises(OSError, match=f"the sandbox cannot listen on 127.0.0.1:{first.port}: the port is taken"):
        await serve(SandboxOptions(port=first.port))
    with pytest.raises(OSError, match=f"the sandbox cannot listen on 127.0.0.1:{first.mail_port}: the port is taken"):
        await serve(SandboxOptions(mail_port=first.mail_port))
    await first.close()
    (tmp_path / "text").write_text("not a database, certainly not a database, no")
    with pytest.raises(OSError, match="file is not a database"):
        await serve(SandboxOptions(data=tmp_path / "text"))
    with pytest.raises(OSError, match="the sandbox cannot use its file"):
        await serve(SandboxOptions(data=tmp_path / "text" / "s.sqlite3"))
    with pytest.raises(OSError, match="the sandbox cannot use its file"):
        await serve(SandboxOptions(data=Path("/proc/konwent/s.sqlite3")))
    for _ in range(2):  # the second time tells that the first left no lock behind
        with pytest.raises(OSError, match="the sandbox cannot write its clock file /proc/konwent/clock"):
            await serve(SandboxOptions(data=tmp_path / "s.sqlite3", clock_file=Path("/proc/konwent/clock")))
    with pytest.raises(ValueError, match="a bot token is"):
        await serve(SandboxOptions(bots=(BotSpec("nonsense", "a_bot", "A"),)))


async def test_a_file_can_be_used_with_another_bot(tmp_path: Path) -> None:
    """The people stay; the former bot's chats are out of sight until it comes back."""
    path = tmp_path / "s.sqlite3"
    first, second = BotSpec("1:first", "first_bot", "Pierwszy"), BotSpec("2:second", "second_bot", "Drugi")
    for bots, seen in (((first,), [1]), ((second,), []), ((second, first), [1])):
        server = await serve(SandboxOptions(data=path, bots=bots))
        world = server.world
        assert list(world.bots) == [bot.id for bot in bots]
        if bots == (first,):
            world.people[5] = Person(5, "Anna")
            world.save("person", 5, world.people[5])
            chat = world.private_chat(world.bots[1], 5)
            world.publish(chat, world.add_message(chat, 5, "do pierwszego"))
        assert [c.bot for c in world.chats.values() if c.messages] == seen
        assert list(world.people) == [5]
        await server.close()


async def test_a_file_of_an_older_sandbox_with_unknown_fields_opens(tmp_path: Path) -> None:
    """A field that no longer exists is left out instead of stopping the demo."""
    path = tmp_path / "s.sqlite3"
    await (await serve(SandboxOptions(data=path))).close()
    base = sqlite3.connect(path)
    base.execute("UPDATE item SET body = json_set(body, '$.gone', 1) WHERE kind = 'bot'")
    base.commit()
    base.close()
    server = await serve(SandboxOptions(data=path))
    assert len(server.world.bots) == 1
    await server.close()


async def _letter(sandbox: SandboxProcess, subject: str) -> None:
    from tests.sandbox.test_mail import letter, post

    await post(sandbox, letter(subject))
