"""The demo's letters: a head with e-mail only, and a kill between a letter and its record."""

from __future__ import annotations

import re
import signal
import sqlite3
from collections import Counter
from contextlib import AsyncExitStack, closing
from pathlib import Path

from tests.cli.program import started
from tests.demo.hand import free_ports
from tests.sandbox.phone import Sandbox

SUBJECT = "Zaproszenie: Ośrodek zdrowia Godziszów, osoba kierująca"
FAR = "2099-01-01 00:00:00.000000"


def _as_if_killed(database: Path) -> list[str]:
    """Make two deliveries look as a kill leaves them: one whose letter came, one whose letter did not. Gives their recipients."""
    with closing(sqlite3.connect(database)) as store, store:
        store.execute("update notice set settled_at = null, outcome = null where id in (1, 2)")
        store.execute("update delivery set state = 'sending', ended_at = null, lease_until = ? where notice_id in (1, 2)", (FAR,))
        store.execute("update delivery set attempt = 7 where notice_id = 2")  # no letter of this name is in the mailbox
        return [str(row[0]) for row in store.execute("select recipient from notice where id in (1, 2) order by id")]


async def test_a_head_without_a_phone_gets_everything_by_mail(tmp_path: Path) -> None:
    """The head of the health centre holds no phone: her letter is in the mailbox, and its page opens. A kill repeats no letter and loses none."""
    arguments = ("demo", "--headless", "--port", str(free_ports()), "--data", "d")
    async with AsyncExitStack() as held:
        async with started(*arguments, folder=tmp_path) as program:
            sandbox = Sandbox(await program.line())
            held.push_async_callback(sandbox.disconnect)
            assert await program.line() == "Pokaz jest gotowy."
            people = (await sandbox.ask("GET", "/phone"))["people"]
            assert [one["note"] for one in people if one["note"].startswith("Ośrodek zdrowia Godziszów, osoba kierująca")] == []
            (head,) = [letter for letter in await sandbox.letters() if letter["subject"] == SUBJECT]
            assert head["to"] == ["przychodnia@godziszow.example"]
            letter = await sandbox.ask("GET", f"/mail/{head['id']}")
            (page,) = re.findall(r"^http://127\.0\.0\.1:\d+/z/\S+", letter["text"], re.MULTILINE)
            async with sandbox.session.get(page, headers={"Accept-Language": "pl"}) as response:
                assert response.status == 200
                assert "Ośrodek zdrowia Godziszów" in await response.text()
            before = Counter((letter["subject"], *letter["to"]) for letter in await sandbox.letters())
            assert set(before.values()) == {1}
            await sandbox.disconnect()
            await program.end(signal.SIGKILL)
        _as_if_killed(tmp_path / "d" / "konwent.sqlite3")
        async with started(*arguments, folder=tmp_path) as program:
            assert await program.line() == sandbox.url
            assert await program.line() == "Pokaz jest gotowy."
            after = Counter((letter["subject"], *letter["to"]) for letter in await sandbox.letters())
            again = after - before
            assert (before - after, sum(again.values())) == (Counter(), 1)
            newest = await sandbox.ask("GET", f"/mail/{(await sandbox.letters())[0]['id']}")
            assert ["Message-ID", "<notice.2.8@konwent.example>"] in newest["headers"]
            async with sandbox.session.get(page) as response:
                assert response.status == 200
            await sandbox.disconnect()
            assert await program.end() == 0
    assert "Traceback" not in program.errors.read_text("utf-8")
