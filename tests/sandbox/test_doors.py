"""The clock, the live events and the page's door."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest

from konwent_bot.clock import ShiftedClock, SystemClock
from konwent_bot.sandbox.clock import SandboxClock
from konwent_bot.sandbox.server import Running, SandboxOptions, serve
from tests.sandbox.phone import Phone, PhoneRefused, Sandbox
from tests.sandbox.test_mail import letter, post

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


async def test_moving_the_clock_moves_the_products_clock_and_every_date(sandbox: Sandbox, anna: Phone, tmp_path: Path) -> None:
    """Nine days on, messages are dated nine days later, and the product reads the same time from the file."""
    moved = await sandbox.move_clock(9 * 86400)
    await anna.send("za dziewięć dni")
    product, machine = ShiftedClock(tmp_path / "sandbox.clock").now(), SystemClock().now()
    assert abs((product - machine).total_seconds() - 9 * 86400) < 5
    message = (await anna.look())["messages"][-1]
    assert abs((datetime.fromisoformat(message["date"]) - product).total_seconds()) < 5
    assert abs((datetime.fromisoformat(moved["now"]) - product).total_seconds()) < 5
    update = (await sandbox.api("getUpdates"))["result"][-1]
    assert abs(update["message"]["date"] - product.timestamp()) < 5
    back = await sandbox.ask("POST", "/clock", {"shift_seconds": 0})
    assert back["shift_seconds"] == 0
    assert abs((ShiftedClock(tmp_path / "sandbox.clock").now() - SystemClock().now()).total_seconds()) < 5


async def test_a_sandbox_takes_over_the_shift_it_finds(tmp_path: Path) -> None:
    """The file a stopped demo left is obeyed; one with nonsense in it counts as no shift."""
    path = tmp_path / "clock"
    for text, expected in (("120.5\n", 120.5), ("nonsense", 0.0), ("nan", 0.0)):
        path.write_text(text)
        server = await serve(SandboxOptions(clock_file=path))
        assert server.world.clock.shift == expected
        await server.close()
    assert SandboxClock.read(path) == 0.0


async def test_events_tell_that_a_chat_changed_and_nothing_of_what_was_said(sandbox: Sandbox, anna: Phone) -> None:
    """A page listens and fetches; after a break Last-Event-ID brings what was missed."""
    url = f"{sandbox.url}/phone/{anna.id}/events"
    async with sandbox.session.get(url) as stream:
        assert stream.content_type == "text/event-stream"
        await anna.send("tajemnica")
        event = await stream.content.readuntil(b"event: chat\n")
        await post(sandbox, letter())
        rest = await stream.content.readuntil(b"event: mail\n")
        await sandbox.move_clock(1)
        rest += await stream.content.readuntil(b"event: clock\n")
    assert b"tajemnica" not in event + rest
    number = int(event.split(b"id: ")[1].split(b"\n")[0])
    assert number == (await anna.look())["revision"]
    async with sandbox.session.get(url, headers={"Last-Event-ID": str(number - 1)}) as stream:
        assert f"id: {number}\n".encode() in await stream.content.readuntil(b"event: chat\n")
    async with sandbox.session.get(f"{sandbox.url}/events") as stream:
        await sandbox.phone("Nowa osoba")
        await stream.content.readuntil(b"event: people\n")
    with pytest.raises(PhoneRefused):
        await sandbox.ask("GET", "/phone/1/events")


async def test_waiting_gives_the_chat_at_once_when_something_is_new(sandbox: Sandbox, anna: Phone) -> None:
    """/wait answers at once below the revision, and with changed=false when nothing came."""
    chat = await sandbox.ask("GET", f"/phone/{anna.id}/wait", bot=sandbox.username, after=-1)
    assert chat["changed"] is True
    nothing = await sandbox.ask("GET", f"/phone/{anna.id}/wait", after=chat["revision"], timeout=0)
    assert (nothing["changed"], nothing["revision"]) == (False, chat["revision"])


async def test_the_page_comes_under_a_strict_policy_and_nothing_else_is_served(sandbox: Sandbox) -> None:
    """Only files of the page's folder, no scripts of others, no frames."""
    async with sandbox.session.get(sandbox.url + "/") as response:
        assert (response.status, response.content_type) == (200, "text/html")
        assert response.headers["Content-Security-Policy"] == POLICY
    for path in ("/page/../server.py", "/page/%2e%2e%2fserver.py", "/page/__init__.py", "/page/", "/page/nonsense.js"):
        async with sandbox.session.get(sandbox.url + path) as response:
            assert response.status == 404, path


async def test_the_page_of_every_name_in_its_folder_is_served(sandbox: Sandbox) -> None:
    """What the page links to is there, with a type a browser accepts."""
    async with sandbox.session.get(sandbox.url + "/") as response:
        linked = re.findall(r'(?:href|src)="(/page/[^"]+)"', await response.text())
    assert linked
    for path in linked:
        async with sandbox.session.get(sandbox.url + path) as response:
            assert response.status == 200, path
            assert response.content_type in ("text/css", "text/javascript", "image/svg+xml"), path


async def test_the_document_names_every_address_and_no_other(running: Running) -> None:
    """docs/sandbox.md is what scripts are written by: each of its addresses is there, and each that is there is in it."""
    text = (Path(__file__).parents[2] / "docs" / "sandbox.md").read_text("utf-8")
    told = set(re.findall(r"^\| `(GET|POST|DELETE) (/[^`?]*)`", text, re.MULTILINE))
    served = {
        (route.method, route.resource.canonical)
        for route in running.routes()
        if route.resource is not None and route.method in ("GET", "POST", "DELETE")
    }
    bot_api_and_page = {"/", "/page/{name}", "/favicon.ico", "/file/bot{token}/{path}"}
    assert told == {(method, path) for method, path in served if path not in bot_api_and_page}
