"""Letters: what a notice says, in the reader's language. Paragraphs are plain text; a paragraph that is a link is a ``Link``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from konwent_bot import i18n
from konwent_bot.i18n import Translator
from konwent_bot.office import dispatch
from konwent_bot.office.invitations import Issued, Place
from konwent_bot.screens import words
from konwent_bot.screens.enclosed import NOTHING, Enclosed


@dataclass(frozen=True, slots=True)
class Link:
    """An address that stands alone on its line, however long it is."""

    url: str


#: A part of a letter.
Part: TypeAlias = str | Link


@dataclass(frozen=True, slots=True)
class Written:
    """A letter in words, before any channel lays it out."""

    to: str
    subject: str
    parts: tuple[Part, ...]
    #: The language it is written in.
    language: str
    enclosed: Enclosed = NOTHING


def write(letter: dispatch.Letter, language: str) -> Written:
    """Find the words for a letter. ``language``: of people who have not chosen one."""
    t = i18n.translator(letter.language or language)
    match letter:
        case dispatch.InvitationLetter():
            subject, parts = invitation_subject(t, letter.issued.place), _invitation(t, letter.issued, by_hand=letter.by_hand)
        case dispatch.SignInLetter():
            subject, parts = t("Your link to the pages of the network"), _sign_in(t, letter)
        case dispatch.ConfirmLetter():
            subject, parts = t("Please confirm your e-mail address"), _confirm(t, letter)
    signed = (t("Good morning,"), *parts, t("The secretariat of the network"))
    return Written(letter.to, subject, signed, t.language)


def invitation_subject(t: Translator, place: Place) -> str:
    """Name an invitation. No two places have the same, so that whoever gets several can tell them apart."""
    return t("Invitation: {institution}, {role}", institution=place.institution or place.body, role=words.place(t, place.kind))


def _invitation(t: Translator, issued: Issued, *, by_hand: bool) -> Sequence[Part]:
    place = issued.place
    role = words.place(t, place.kind) + (f" ({place.title})" if place.title else "")
    parts: list[Part] = []
    if by_hand:
        parts.append(t("The roster gives no address for this place. Please hand this invitation over to the person yourself."))
    parts.append(
        t("you are invited to the network {body}. The invitation is for: {institution}, {role}.",
          body=place.body, institution=place.institution or place.body, role=role)
    )  # fmt: skip
    if issued.page:
        parts += [t("To accept it in a browser, without Telegram, open this page:"), Link(issued.page)]
    if issued.link:
        parts += [t("To accept it in Telegram, open:"), Link(issued.link)]
    parts.append(
        t("The link is personal, works once and is valid until {day}. Please do not pass it on.", day=t.day(issued.expires_at))
    )
    return parts


def _sign_in(t: Translator, letter: dispatch.SignInLetter) -> Sequence[Part]:
    parts: list[Part] = [t("somebody, probably you, has asked for a link to the pages of the network with this e-mail address.")]
    if len(letter.ways) > 1:
        parts.append(t("Several people have this address. Please open only your own link."))
    for way in letter.ways:
        # The address may be an office's, and read by several: the letter says whose link it is.
        places = "; ".join(way.places)
        whose = f"{way.name} ({places})" if way.name and places else way.name or places
        parts += [t("Link for: {whose}", whose=whose) if whose else t("Your link:"), Link(way.url)]
    parts += [
        t("A link works once, until {time} ({day}). Please do not pass it on.", time=t.time(letter.expires_at), day=t.day(letter.expires_at)),
        t("If it was not you who asked, there is nothing to do: without this letter nobody gets in."),
    ]  # fmt: skip
    return parts


def _confirm(t: Translator, letter: dispatch.ConfirmLetter) -> Sequence[Part]:
    asked = t("this address was given for notices of the network: {name}.", name=letter.name)
    return [
        asked if letter.name else t("this address was given for notices of the network."),
        t("To confirm that letters reach you here, open this page:"),
        Link(letter.url),
        t("The link works once, until {instant}. Please do not pass it on.", instant=letter.expires_at),
        t("If it was not you, there is nothing to do: the address is not used then."),
    ]
