"""The letter that convenes a meeting, from its words to the mailbox of somebody who reads it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Literal

import pytest
from tests.conftest import NOW
from tests.sandbox.phone import Sandbox

from konwent_bot.courier.mail import Server, pack
from konwent_bot.courier.wire import reach
from konwent_bot.documents.calendar import Event, Mailbox, cancel, request
from konwent_bot.documents.materials import check
from konwent_bot.sandbox.server import SandboxOptions, serve
from konwent_bot.screens.enclosed import Attachment, CalendarPart, Enclosed
from konwent_bot.screens.letters import Link, Written
from konwent_bot.screens.mail import lay_out

MEETING = Event(
    "spotkanie-17.5@kis.example", 0, datetime.fromisoformat("2026-03-30 10:00"), datetime.fromisoformat("2026-03-30 12:00"), "Europe/Warsaw",
    NOW, "Spotkanie strategiczne", "Zapraszamy.", "Urząd Gminy, sala 7", "https://konwent.example/s/aZ09",
    Mailbox("Sekretariat", "sekretariat@kis.example"), Mailbox("Anna Żółw", "anna@gops.example"),
)  # fmt: skip
AGENDA = check("Porządek obrad.pdf", b"%PDF-1.7\n%%EOF\n")


@pytest.mark.parametrize(
    "text", ["Spotkanie strategiczne", "🙂 שלום\r\nBcc: obcy@example.org\x00\u202e<b>", "W" * 5_000, "żółw " * 1_000]
)
@pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
async def test_a_meeting_arrives_with_its_letter(tmp_path: Path, text: str, method: Literal["REQUEST", "CANCEL"]) -> None:
    """Whatever somebody wrote for a name or a place, one letter comes to one person with the meeting and the materials in it."""
    event = replace(MEETING, summary=text, description=text, location=text, sequence=4)
    ics = request(event) if method == "REQUEST" else cancel(event, withdrawn=False)
    enclosed = Enclosed((Attachment(AGENDA.name, AGENDA.media, AGENDA.content),), CalendarPart(ics, method), "ewa@kis.example")
    laid = lay_out(Written("anna@gops.example", text, (text, Link(MEETING.url)), "pl", enclosed))
    running = await serve(SandboxOptions(data=tmp_path / "s.sqlite3", clock_file=tmp_path / "s.clock", limits=False))
    sandbox = Sandbox(running.url, (running.host, running.mail_port))
    try:
        server = Server(running.host, running.mail_port, tls=False, sender="sekretariat@kis.example")
        async with reach(server) as wire:
            assert (await wire.send(pack(laid, server, name="notice.7.1", at=NOW))).ending == "sent"
        (head,) = await sandbox.letters()
        shown = await sandbox.ask("GET", f"/mail/{head['id']}")
        saved = []
        for part in shown["attachments"]:
            async with sandbox.session.get(sandbox.url + part["href"]) as response:
                saved.append((part["name"], await response.read()))
    finally:
        await sandbox.disconnect()
        await running.close()
    assert shown["to"] == ["anna@gops.example"]
    assert {"bcc"}.isdisjoint(name.lower() for name, _ in shown["headers"])
    told = shown["calendar"]
    assert (told["method"], told["sequence"], told["uid"]) == (method, 4, MEETING.uid)
    assert (told["starts"], told["status"]) == ("2026-03-30T08:00:00+00:00", "CONFIRMED" if method == "REQUEST" else "CANCELLED")
    assert saved == [("invite.ics", ics), (AGENDA.name, AGENDA.content)]
