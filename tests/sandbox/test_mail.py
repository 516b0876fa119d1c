"""The mail server: every letter is kept and shown; trouble comes only on order."""

from __future__ import annotations

import asyncio
import smtplib
from email.message import EmailMessage
from typing import Any

import pytest

from tests.sandbox.phone import PhoneRefused, Sandbox


def letter(subject: str = "Zażółć", to: str = "Anna Kowalska <anna@gops.example>") -> EmailMessage:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = subject, "Sekretariat <bot@konwent.example>", to
    message.set_content("Dzień dobry.\nProszę wypełnić kartę.")
    message.add_alternative("<p>Dzień dobry.</p>", subtype="html")
    return message


async def post(sandbox: Sandbox, message: EmailMessage) -> dict[str, Any]:
    def send() -> dict[str, Any]:
        with smtplib.SMTP(*sandbox.mail, timeout=10) as client:
            return client.send_message(message)

    return await asyncio.to_thread(send)


async def test_a_letter_is_kept_whole(sandbox: Sandbox) -> None:
    """Subject, both renderings, who from and to, and attachments byte by byte."""
    message = letter()
    message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="żółta karta.pdf")
    assert await post(sandbox, message) == {}
    await post(sandbox, letter("Drugi"))
    newest, oldest = await sandbox.letters()
    assert (newest["subject"], oldest["subject"], oldest["attachments"]) == ("Drugi", "Zażółć", 1)
    assert (oldest["from"], oldest["to"]) == ("bot@konwent.example", ["anna@gops.example"])
    shown = await sandbox.ask("GET", f"/mail/{oldest['id']}")
    assert shown["text"].split("\r\n")[0] == "Dzień dobry."
    assert shown["html"].strip() == "<p>Dzień dobry.</p>"
    (attachment,) = shown["attachments"]
    assert (attachment["name"], attachment["mime"], attachment["size"]) == ("żółta karta.pdf", "application/pdf", 8)
    async with sandbox.session.get(sandbox.url + attachment["href"]) as response:
        assert await response.read() == b"%PDF-1.7"
        assert response.headers["Content-Disposition"].startswith("attachment")
        assert "sandbox" in response.headers["Content-Security-Policy"]
    async with sandbox.session.get(f"{sandbox.url}/mail/{oldest['id']}/raw") as response:
        assert b"Subject:" in await response.read()


async def test_a_subject_folded_behind_its_name_is_read_as_people_see_it(sandbox: Sandbox) -> None:
    """A long subject begins on the line after "Subject:"; the blank that folds it is no part of it."""
    long = "Zaproszenie nieaktualne: Spotkanie strategiczne, czwartek, 21 stycznia 2027, w sali"
    await post(sandbox, letter(long))
    (head,) = await sandbox.letters()
    assert head["subject"] == long


ICS = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nMETHOD:CANCEL\r\nBEGIN:VEVENT\r\nUID:17@konwent.example\r\nSEQUENCE:2\r\n"
    "DTSTAMP:20260101T080000Z\r\nDTSTART;TZID=Europe/Warsaw:20260330T100000\r\nDTEND;TZID=Europe/Warsaw:20260330T120000\r\n"
    "SUMMARY:Spotkanie\\, żółte\r\nLOCATION:Sala 7\r\nSTATUS:CANCELLED\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


def bringing(ics: bytes) -> EmailMessage:
    """A letter with a calendar file among its alternatives."""
    message = letter()
    message.add_alternative(ics, maintype="text", subtype="calendar", params={"method": "CANCEL"})
    message.add_attachment(ics, maintype="application", subtype="ics", filename="invite.ics")
    return message


async def test_a_meeting_in_a_letter_is_told_in_facts(sandbox: Sandbox) -> None:
    """What it is, when, where, whether it is off; the file itself is there to be saved."""
    await post(sandbox, bringing(ICS.encode()))
    (head,) = await sandbox.letters()
    shown = await sandbox.ask("GET", f"/mail/{head['id']}")
    assert shown["calendar"] == {
        "method": "CANCEL", "summary": "Spotkanie, żółte", "starts": "2026-03-30T08:00:00+00:00", "ends": "2026-03-30T10:00:00+00:00",
        "location": "Sala 7", "status": "CANCELLED", "sequence": 2, "uid": "17@konwent.example",
    }  # fmt: skip
    assert [part["name"] for part in shown["attachments"]] == ["invite.ics"]
    assert shown["text"].startswith("Dzień dobry.")


@pytest.mark.parametrize(
    "ics",
    [
        b"", b"\xff\xfe\x00", b"BEGIN:VCALENDAR", b"END:VEVENT\r\n" * 9, ICS.encode().replace(b"SEQUENCE:2", b"SEQUENCE:x"),
        b"BEGIN:VEVENT\r\n" * 5_000, b"x" * 300_000,
        ICS.replace("STATUS:CANCELLED", "DESCRIPTION:" + "x" * 300_000).encode(),
        ICS.encode().replace(b"BEGIN:VEVENT", b"BEGIN:VTODO").replace(b"END:VEVENT", b"END:VTODO"),
    ],
    ids=range(9),
)  # fmt: skip
async def test_a_calendar_file_that_cannot_be_read_is_only_an_attachment(sandbox: Sandbox, ics: bytes) -> None:
    """Whatever somebody calls a calendar, the letter opens and the file can be saved."""
    await post(sandbox, bringing(ics))
    (head,) = await sandbox.letters()
    shown = await sandbox.ask("GET", f"/mail/{head['id']}")
    assert shown["text"].startswith("Dzień dobry.")
    assert [part["name"] for part in shown["attachments"]] == ["invite.ics"]
    assert shown["calendar"] is None


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        (b"\xc5\xbc\xc3\xb3\xc5\x82te", b"\xff\xed\xa0\x80"),
        (b"Sala 7", b"S" * 5_000),
        (b";TZID=Europe/Warsaw", b""),
        (b"20260330T100000", b"jutro"),
    ],
)
async def test_odd_facts_of_a_meeting_are_shown_as_far_as_they_can_be(sandbox: Sandbox, wrong: bytes, right: bytes) -> None:
    """Letters that are no UTF-8, an endless place, an hour without a zone, no hour at all."""
    await post(sandbox, bringing(ICS.encode().replace(wrong, right)))
    (head,) = await sandbox.letters()
    told = (await sandbox.ask("GET", f"/mail/{head['id']}"))["calendar"]
    assert told["sequence"] == 2
    assert len(told["location"]) <= 1_000
    assert told["starts"] == {b"jutro": None, b"": "2026-03-30T10:00:00+00:00"}.get(right, "2026-03-30T08:00:00+00:00")


async def test_a_letter_of_a_thousand_attachments_is_listed_in_part(sandbox: Sandbox) -> None:
    """The first hundred are shown; the letter as it came has them all."""
    message = letter()
    for _ in range(150):
        message.add_attachment(b"x", maintype="application", subtype="pdf")
    await post(sandbox, message)
    (head,) = await sandbox.letters()
    assert len((await sandbox.ask("GET", f"/mail/{head['id']}"))["attachments"]) == 100


async def test_the_mailbox_can_be_emptied(sandbox: Sandbox) -> None:
    """DELETE forgets every letter; ids are not used again."""
    await post(sandbox, letter())
    assert await sandbox.ask("DELETE", "/mail") == {"deleted": 1}
    assert await sandbox.letters() == []
    await post(sandbox, letter())
    assert [m["id"] for m in await sandbox.letters()] == [2]


@pytest.mark.parametrize(("code", "error"), [(451, smtplib.SMTPDataError), (550, smtplib.SMTPDataError)])
async def test_a_letter_is_refused_on_order(sandbox: Sandbox, code: int, error: type[Exception]) -> None:
    """A passing and a lasting refusal, once each; the next letter is taken."""
    await sandbox.fault("smtp", "mail", code=code)
    with pytest.raises(error) as refusal:
        await post(sandbox, letter())
    assert getattr(refusal.value, "smtp_code", 0) == code
    assert await sandbox.letters() == []
    await post(sandbox, letter())
    assert len(await sandbox.letters()) == 1


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"no headers at all",
        b"Subject: =?utf-9?Q?=ff?=\r\nContent-Type: text/plain; charset=nonsense\r\n\r\n\xff\xfe",
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\nnever opened",
        b"Subject: " + b"\xc5\xbc" * 400 + b"\r\nTo: <<<>>>,,\r\n\r\nx",
    ],
)
async def test_a_broken_letter_is_shown_as_far_as_it_can_be_read(sandbox: Sandbox, raw: bytes) -> None:
    """Whatever a mail client writes, the mailbox opens."""

    def send() -> None:
        with smtplib.SMTP(*sandbox.mail, timeout=10) as client:
            client.sendmail("a@b.example", ["c@d.example"], raw)

    await asyncio.to_thread(send)
    (head,) = await sandbox.letters()
    shown = await sandbox.ask("GET", f"/mail/{head['id']}")
    assert shown["to"] == ["c@d.example"]
    with pytest.raises(PhoneRefused):
        await sandbox.ask("GET", f"/mail/{head['id']}/attachments/5")
