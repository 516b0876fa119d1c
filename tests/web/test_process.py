"""The installed program with its pages, as an operator runs it: a process of its own, before a real database."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from tests.cli.program import started
from tests.conftest import NOW
from tests.conversations.process import free_port
from tests.screens.personas import ANNA, GOPS, draft_state, stage
from tests.web.browsing import Browser
from yarl import URL

from konwent_bot.office.door import Door


async def test_the_program_serves_pages_and_survives_a_restart(door: Door, database_url: str, tmp_path: Path) -> None:
    """`konwent-bot run --roles web,clockwork`: a head answers, the program is stopped and started, and she is at her next question."""
    made = await stage(door)
    clock = tmp_path / "clock"
    clock.write_text(str(int(NOW.timestamp() - time.time())), "utf-8")
    port = free_port()
    given = {
        "KONWENT_DATABASE_URL": database_url, "KONWENT_PORT": str(port), "KONWENT_PUBLIC_URL": "https://konwent.example",
        "KONWENT_CLOCK_FILE": str(clock), "KONWENT_TRUSTED_PROXIES": "1", "KONWENT_DATA_DIR": str(tmp_path / "data"),
    }  # fmt: skip
    before = await draft_state(door, made.drafts[ANNA][0])
    async with Browser(URL(f"http://127.0.0.1:{port}"), {"__Host-konwent": made.cookies[ANNA]}) as anna:
        async with started("run", "--roles", "web,clockwork", folder=tmp_path, **given) as program:
            await program.until("running")
            assert (await anna.get("/healthz")).status == (await anna.get("/readyz")).status == 200
            page = await anna.get(f"/s/r:{made.drafts[ANNA][0]}")
            assert GOPS in page.text
            form = page.form("/s/f:")
            pair = await asyncio.gather(*(anna.send(form, choice="4") for _ in range(2)))
            assert [answer.status for answer in pair] == [303, 303]
            assert await program.end() == 0
        log = program.errors.read_text("utf-8")
        assert await draft_state(door, made.drafts[ANNA][0]) != before
        async with started("run", "--roles", "web,clockwork", folder=tmp_path, **given) as program:
            await program.until("running")
            again = await anna.send(form, choice="1")
            shown = await anna.follow(again)
            assert shown.form("/s/f:").action != form.action
            assert (await anna.get("/s/zzz")).status == 404
            assert await program.end() == 0
        log += program.errors.read_text("utf-8")
    assert "Traceback" not in log
    for secret in (made.cookies[ANNA], GOPS, "/s/r:"):
        assert secret not in log
