"""The day's code of a meeting on a sheet: to be shown on a wall or laid on the table at the door."""

from __future__ import annotations

from konwent_bot.documents import qr
from konwent_bot.documents.letters import Cleaner, breakable, tied
from konwent_bot.documents.typesetting import Json, render
from konwent_bot.i18n import Translator

#: Characters of one text.
MAX_CHARACTERS = 100


def make(t: Translator, *, body: str, meeting: str, when: str, code: str, link: str) -> bytes:
    """Typeset the sheet as PDF/UA-1. Texts are plain and in the reader's language; ``link`` opens "I am here" with this code."""
    clean = Cleaner()

    def text(said: str) -> str:
        line = clean.line(said)
        return breakable(tied(line if len(line) <= MAX_CHARACTERS else line[: MAX_CHARACTERS - 1].rstrip() + "…", t.language))

    data: dict[str, Json] = {
        "language": t.language,
        "title": clean.line(t("I am here: {body}, {when}", body=body, when=when)),
        "heading": text(t("Are you here? Please say so.")),
        "body": text(body),
        "facts": [text(meeting), text(when)],
        "how": text(t("Point the camera of your phone at this code.")),
        "or": text(t("Or write these digits to the secretariat, in the chat or on the page of the meeting:")),
        "code": code,
        "qr": qr.svg(link) if link else "",
        "alt": text(t("QR code that opens the page of this meeting")),
    }
    return render("code_sheet", data)
