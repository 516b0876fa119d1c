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
