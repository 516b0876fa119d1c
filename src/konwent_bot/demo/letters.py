"""Invitations as letters, sent by SMTP to the sandbox's mailbox."""

from __future__ import annotations

import smtplib
from collections.abc import Iterable
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from konwent_bot.i18n import Translator
from konwent_bot.office.invitations import Issued, Place
from konwent_bot.screens import words

SENDER = "sekretariat@konwent.example"
#: Seconds for one letter; the mailbox is in this very process.
_SECONDS = 20


def subject(t: Translator, place: Place) -> str:
    """Name a letter. No two places have the same, so that a letter tells that its place has been invited."""
    return t("Invitation: {institution}, {role}", institution=place.institution or place.body, role=words.place(t, place.kind))


def letter(t: Translator, issued: Issued, coordinator: str, now: datetime) -> EmailMessage:
    """Write the letter to a place, or to whoever coordinates where the roster knows no address."""
    place = issued.place
    role = words.place(t, place.kind) + (f" ({place.title})" if place.title else "")
    parts = [
        t("Good morning,"),
        t("you are invited to the network {body}. The invitation is for: {institution}, {role}.",
          body=place.body, institution=place.institution, role=role),
        t("Open in Telegram: {link}", link=issued.link),
        t("More about it, on a page: {page}", page=issued.page),
        t("The link is personal, works once and is valid until {day}. Please do not pass it on.", day=t.day(issued.expires_at)),
        t("The secretariat of the network"),
    ]  # fmt: skip
    if not place.email:
        parts[1:1] = [t("The roster gives no address for this place. Please hand this invitation over to the person yourself.")]
    message = EmailMessage()
    message["From"] = SENDER
    message["To"] = place.email or coordinator
    message["Subject"] = subject(t, place)
    message["Date"] = format_datetime(now)
    message.set_content("\n\n".join(parts) + "\n", cte="quoted-printable")
    message["Content-Language"] = t.language
    return message


def send(host: str, port: int, letters: Iterable[EmailMessage]) -> None:
    """Send letters in one connection (blocking: run it in a thread). Returns when all of them are on file."""
    with smtplib.SMTP(host, port, local_hostname="konwent.example", timeout=_SECONDS) as server:
        for message in letters:
            server.send_message(message)
