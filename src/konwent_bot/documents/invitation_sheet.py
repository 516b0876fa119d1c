"""The sheet of invitations to be printed and cut apart: a card for each, with a QR code and plain words what to do.

Who gets a card may not know the bot, Telegram, or whoever prints it. So a card says for whom it is, how to use it with and
without a camera, until when, and that it is for one person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from konwent_bot.documents import qr
from konwent_bot.documents.letters import Cleaner, breakable, tied
from konwent_bot.documents.typesetting import Json, render
from konwent_bot.i18n import Translator

#: Characters of a name on a card; what is longer is cut, so that a card always fits on a page.
MAX_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class Invitation:
    """One card. All texts are plain and in the reader's language."""

    institution: str
    #: The seat or post in words: "osoba wskazana", "koordynator".
    role: str
    #: Whom the roster names; empty when nobody is named.
    name: str
    #: The link that opens the chat; may be empty when ``page`` is not.
    link: str
    #: The link that opens a page; may be empty when ``link`` is not.
    page: str
    #: The last day, as people write it.
    until: str


class Sheet(NamedTuple):
    """A sheet to print. ``replaced`` are signs of names that the fonts cannot show; [?] stands in their place."""

    pdf: bytes
    replaced: tuple[str, ...]


def make(t: Translator, body: str, invitations: Sequence[Invitation]) -> Sheet:
    """Typeset the cards of a body's invitations, in their order, as PDF/UA-1.

    Raises ``ValueError`` when there is no invitation, or one without any link: a card that leads nowhere must not be printed.
    """
    if not invitations:
        raise ValueError("a sheet needs an invitation")
    writer = _Writer(t, body)
    title = t("Invitations: {body}", body=writer.body)
    data: dict[str, Json] = {
        "language": t.language,
        "title": writer.clean.line(title),
        "heading": writer.text(title),
        "for_whoever_prints": [
            writer.text(t("Print this sheet, cut it along the dashed lines, and give each card to its own person.")),
            writer.text(t("These links are personal: whoever opens one takes that place. Do not publish or forward this sheet.")),
        ],
        "page_of": writer.text(t("page {page} of {pages}", page="#", pages="##")),
        "cards": [writer.card(invitation) for invitation in invitations],
    }
    return Sheet(render("invitation_sheet", data), writer.clean.replaced)


class _Writer:
    """Writes the texts of one sheet."""

    def __init__(self, t: Translator, body: str) -> None:
        self.t = t
        self.clean = Cleaner()
        self.body = self._name(body)

    def text(self, text: str) -> str:
        return breakable(tied(self.clean.line(text), self.t.language))

    def _name(self, text: str) -> str:
        line = self.clean.line(text)
        return line if len(line) <= MAX_CHARACTERS else line[: MAX_CHARACTERS - 1].rstrip() + "…"

    def card(self, invitation: Invitation) -> dict[str, Json]:
        t, by_chat = self.t, bool(invitation.link)
        first = invitation.link or invitation.page
        if not first:
            raise ValueError("an invitation without a link")
        steps = [
            t("Point the camera of your phone at the code, or type the link below."),
            t("In Telegram press START.") if by_chat else t("Follow the page that opens in the browser."),
            t("Choose your language, read how your data is protected, and accept."),
        ]
        alt = (
            t("QR code that opens the invitation in Telegram")
            if by_chat
            else t("QR code that opens the invitation in the browser")
        )
        links = [(t("Telegram"), invitation.link), (t("Browser"), invitation.page)]
        return {
            "invited": self.text(t("Invitation: {body}", body=self.body)),
            "institution": self.text(self._name(invitation.institution) or self.body),
            "role": self.text(self._name(invitation.role)),
            "name": self.text(self._name(invitation.name)),
            "steps": [self.text(step) for step in steps],
            "links": [{"label": self.text(label), "link": self.clean.line(link)} for label, link in links if link],
            "validity": self.text(
                t("Valid until {day}. It works once and is for you only: please do not pass it on.", day=invitation.until)
            ),
            "help": self.text(t("Does it not work? Ask whoever gave you this card for a new one.")),
            "qr": qr.svg(first),
            "alt": self.text(alt),
        }
