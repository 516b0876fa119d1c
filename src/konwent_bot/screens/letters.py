"""Letters: what a notice says, in the reader's language. Paragraphs are plain text; a paragraph that is a link is a ``Link``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import count, repeat
from typing import Final, TypeAlias

from konwent_bot import i18n
from konwent_bot.i18n import Translator
from konwent_bot.office import links
from konwent_bot.office.dispatch import Prepared
from konwent_bot.office.invitations import Issued, Place
from konwent_bot.office.occasion import Reader
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.office.ways_in import ConfirmLetter, InvitationLetter, SignInLetter
from konwent_bot.screens import messages, words
from konwent_bot.screens.enclosed import NOTHING, Attachment, CalendarPart, Enclosed, fit
from konwent_bot.screens.intents import LOOKS, encode, place_of
from konwent_bot.screens.screen import Action

#: Minutes a personal link in a letter about something may be used: letters are read days later.
MINUTES: Final = 7 * 24 * 60


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


def write(uow: UnitOfWork, prepared: Prepared, language: str) -> Written:
    """Find the words for a letter. ``language``: of people who have not chosen one.

    Where the reader may be let in, the links it holds are personal ones, made here and now.
    """
    match prepared.messages[0]:
        case InvitationLetter() as letter:
            t = i18n.translator(letter.language or language)
            subject, parts = invitation_subject(t, letter.issued.place), _invitation(t, letter.issued, by_hand=letter.by_hand)
        case SignInLetter() as letter:
            t = i18n.translator(letter.language or language)
            subject, parts = t("Your link to the pages of the network"), _sign_in(t, letter)
        case ConfirmLetter() as letter:
            t = i18n.translator(letter.language or language)
            subject, parts = t("Please confirm your e-mail address"), _confirm(t, letter)
        case _:
            return _of_screen(uow, prepared, messages.translator(prepared, language))
    return Written(letter.to, subject, (t("Good morning,"), *parts, _signature(t)), t.language)


def _signature(t: Translator) -> str:
    return t("The secretariat of the network")


def _of_screen(uow: UnitOfWork, prepared: Prepared, t: Translator) -> Written:
    """Write a screen as a letter, from top to bottom."""
    screen, reader = messages.screen(prepared, t), prepared.reader
    marks = (f"{number}." for number in count(1)) if screen.numbered else repeat("–")
    parts: list[Part] = [screen.notice, *screen.context, *screen.paragraphs]
    parts += [f"{label}: {value}" for label, value in screen.facts]
    parts += [f"{mark} {item}" for mark, item in zip(marks, screen.items, strict=False)]
    parts += [said for section in screen.sections for said in (section.title, *section.paragraphs)]
    parts += [f"{row.label}: {row.value}" if row.value else row.label for row in screen.rows]
    ways = [(action.label, url) for row in screen.actions for action in row if (url := _leads_to(uow, reader, action))]
    parts += [part for label, url in ways for part in (f"{label}:", Link(url))]
    if ways and reader.may_enter:
        until = uow.now + timedelta(minutes=MINUTES)
        parts.append(t("The links are personal and valid until {day}. Please do not pass this letter on.", day=t.day(until)))
    parts += screen.notes
    said: list[Part] = [t("Good morning."), *(part for part in parts if part), _signature(t)]
    stop = _stop(uow, prepared)
    if stop:
        said.insert(-1, t("To get no more reminders by e-mail:"))
        said.insert(-1, Link(stop))
    return Written(reader.address, screen.title, tuple(said), t.language, _enclosed(prepared, stop))


def _leads_to(uow: UnitOfWork, reader: Reader, action: Action) -> str:
    """Give where an action of a screen leads from a letter; nothing for what a letter cannot do."""
    if action.url:
        return action.url
    if action.intent is None or action.only == "chat" or type(action.intent) not in LOOKS or not uow.house.public_url:
        return ""
    place = place_of(action.intent)
    if reader.may_enter and reader.person is not None:
        return links.issue(uow, reader.person, "enter", place=place, minutes=MINUTES).url
    return f"{uow.house.public_url}/s/{encode(action.intent)}"


def _stop(uow: UnitOfWork, prepared: Prepared) -> str:
    """Give the address that ends reminders by e-mail for whoever reads this one; nothing in a letter one may not do without."""
    if not prepared.unsubscribable or prepared.reader.person is None:
        return ""
    return links.issue(uow, prepared.reader.person, "stop").url


def _enclosed(prepared: Prepared, stop: str) -> Enclosed:
    """Give what goes with a letter: one meeting for the calendar (programs read one a letter), everything else as files."""
    calendar: CalendarPart | None = None
    files: list[Attachment] = []
    for one in prepared.enclosures:
        if calendar is None and one.method in ("REQUEST", "CANCEL"):
            calendar = CalendarPart(one.content, "REQUEST" if one.method == "REQUEST" else "CANCEL")
        elif fit((*files, file := Attachment(one.name, one.media_type, one.content))):
            files.append(file)  # what is too large for mail is on the pages the letter leads to
    return Enclosed(tuple(files), calendar, prepared.reply_to, stop)


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


def _sign_in(t: Translator, letter: SignInLetter) -> Sequence[Part]:
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


def _confirm(t: Translator, letter: ConfirmLetter) -> Sequence[Part]:
    asked = t("this address was given for notices of the network: {name}.", name=letter.name)
    return [
        asked if letter.name else t("this address was given for notices of the network."),
        t("To confirm that letters reach you here, open this page:"),
        Link(letter.url),
        t("The link works once, until {instant}. Please do not pass it on.", instant=letter.expires_at),
        t("If it was not you, there is nothing to do: the address is not used then."),
    ]
