"""The attendance list of a meeting, to be printed and signed: institutions and roles, never names.

It lies on a table at the door and ends in a binder. Whoever signs finds the institution in the first column that has words; whoever
comes as a guest writes into the empty rows. Loose pages can be put together again: each says of which meeting it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from konwent_bot.documents import qr
from konwent_bot.documents.letters import Cleaner, breakable, tied
from konwent_bot.documents.typesetting import Json, render
from konwent_bot.i18n import Translator

#: Characters of one text; what is longer is cut, so that a row always fits on a page.
MAX_CHARACTERS: Final = 200
#: Empty rows there may be.
MAX_GUESTS: Final = 60


@dataclass(frozen=True, slots=True)
class Attending:
    """A row. Texts are plain and in the reader's language."""

    institution: str
    #: In what role the person comes: "osoba kierująca", "osoba wyznaczona", "osoba zastępująca".
    role: str


@dataclass(frozen=True, slots=True)
class Meeting:
    """What the list is of. Texts are plain and in the reader's language."""

    body: str
    #: "Spotkanie strategiczne".
    kind: str
    #: Day and hour as people write them.
    when: str
    #: May be empty.
    place: str = ""
    #: The page on which whoever is there says so; empty: there is only paper.
    link: str = ""
    #: The day's code for the same; may be empty.
    code: str = ""


class Sheet(NamedTuple):
    """A list to print. ``replaced`` are signs that the fonts cannot show; [?] stands in their place."""

    pdf: bytes
    replaced: tuple[str, ...]


def make(t: Translator, meeting: Meeting, attending: Sequence[Attending], *, guests: int = 6) -> Sheet:
    """Typeset the list of a meeting, rows in the order given, as PDF/UA-1.

    Args:
        t: whose language it is in.
        meeting: what it is of.
        attending: a row for each institution and role.
        guests: empty rows after them.

    Raises ``ValueError`` without any row, or for more empty ones than somebody could mean.
    """
    if not attending or not 0 <= guests <= MAX_GUESTS:
        raise ValueError("an attendance list needs rows")
    writer = _Writer(t)
    title = t("Attendance list: {body}, {when}", body=meeting.body, when=meeting.when)
    data: dict[str, Json] = {
        "language": t.language,
        "title": writer.clean.line(title),
        "heading": writer.text(t("Attendance list")),
        "body": writer.text(meeting.body),
        "facts": [writer.text(fact) for fact in (meeting.kind, meeting.when, meeting.place) if fact.strip()],
        "number": writer.text(t("No.")),
        "institution": writer.text(t("Institution")),
        "role": writer.text(t("Role")),
        "signature": writer.text(t("Signature")),
        "rows": [[writer.text(row.institution), writer.text(row.role)] for row in attending],
        "guests": writer.text(t("Guests")),
        "guest": writer.text(t("Name of the institution or function")),
        "guest_rows": guests,
        "present": _present(writer, meeting),
        "which": writer.text(f"{meeting.body}, {meeting.when}"),
        "page_of": writer.text(t("page {page} of {pages}", page="#", pages="##")),
    }
    return Sheet(render("attendance_list", data), writer.clean.replaced)


def _present(writer: _Writer, meeting: Meeting) -> Json:
    """Write how to say "I am here" with a phone, if one can."""
    if not meeting.link:
        return None
    t = writer.t
    return {
        "how": writer.text(t("You can also say that you are here with your phone: point its camera at this code.")),
        "code": writer.text(t("Today's code: {code}", code=meeting.code)) if meeting.code else "",
        "qr": qr.svg(meeting.link),
        "alt": writer.text(t("QR code that opens the page of this meeting")),
    }


class _Writer:
    """Writes the texts of one list."""

    def __init__(self, t: Translator) -> None:
        self.t = t
        self.clean = Cleaner()

    def text(self, text: str) -> str:
        line = self.clean.line(text)
        line = line if len(line) <= MAX_CHARACTERS else line[: MAX_CHARACTERS - 1].rstrip() + "…"
        return breakable(tied(line, self.t.language))
