"""What a button, a command or a link asks for, and the only codec of it.

Callback data holds 1-64 bytes and may be forged (Bot API: "the message originated the query can contain no callback buttons with
this data"), so decoding proves nothing: every intent is checked where it is carried out. Ids are written in base 36.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias, get_args

from konwent_bot.office.dialogues import Fill, Touch, Verb
from konwent_bot.screens import (
    agenda_intents,
    archive_intents,
    ballot_intents,
    group_intents,
    meeting_intents,
    minutes_intents,
    proposal_intents,
)
from konwent_bot.screens.agenda_intents import AgendaIntent
from konwent_bot.screens.archive_intents import ArchiveIntent
from konwent_bot.screens.ballot_intents import BallotIntent
from konwent_bot.screens.group_intents import GroupIntent
from konwent_bot.screens.meeting_intents import MeetingIntent
from konwent_bot.screens.minutes_intents import MinutesIntent
from konwent_bot.screens.proposal_intents import ProposalIntent

#: Bytes of callback data Telegram takes (Bot API, InlineKeyboardButton).
MOST_BYTES: Final = 64


@dataclass(frozen=True, slots=True)
class Home:
    """See what awaits me."""


@dataclass(frozen=True, slots=True)
class Help:
    """See what the secretariat can do."""


@dataclass(frozen=True, slots=True)
class Privacy:
    """See who runs this, what is stored, why and how long."""


@dataclass(frozen=True, slots=True)
class Settings:
    """See and change what I own."""


@dataclass(frozen=True, slots=True)
class ChooseLanguage:
    """Be spoken to in this language."""

    language: str


@dataclass(frozen=True, slots=True)
class AskLeave:
    """Be asked whether to part from this Telegram account."""


@dataclass(frozen=True, slots=True)
class Leave:
    """Part from this Telegram account."""


@dataclass(frozen=True, slots=True)
class SeeInvitation:
    """See what an invitation offers, in a language (empty: that of the messenger)."""

    token: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class AcceptInvitation:
    """Take the seat or post an invitation offers."""

    token: str
    language: str


@dataclass(frozen=True, slots=True)
class DeclineInvitation:
    """Go away without accepting; nothing is stored."""


@dataclass(frozen=True, slots=True)
class OpenCard:
    """Fill in, go on with, or look at an institution's card."""

    round: int
    membership: int


@dataclass(frozen=True, slots=True)
class ChangeCard:
    """Change a card that has been submitted."""

    round: int
    membership: int


@dataclass(frozen=True, slots=True)
class Pause:
    """Break off and keep the draft."""


@dataclass(frozen=True, slots=True)
class AskDiscard:
    """Be asked whether to delete the draft."""

    dialogue: int
    turn: int


@dataclass(frozen=True, slots=True)
class Discard:
    """Delete the draft."""

    dialogue: int
    turn: int


@dataclass(frozen=True, slots=True)
class SeeMonth:
    """See the days of a month (counted from the year 0) that may answer a conversation's question on this turn."""

    dialogue: int
    turn: int
    month: int


@dataclass(frozen=True, slots=True)
class Resume:
    """Show where a conversation stands."""

    dialogue: int


@dataclass(frozen=True, slots=True)
class SeeCoverage:
    """See which institutions have answered in a round; pages count from 0."""

    round: int
    page: int = 0


@dataclass(frozen=True, slots=True)
class SeeCard:
    """See a card that has been sent."""

    round: int
    membership: int


@dataclass(frozen=True, slots=True)
class Begin:
    """See what will be asked, before the first question."""

    dialogue: int


@dataclass(frozen=True, slots=True)
class TakeOver:
    """Go on from what the institution's other representative has answered."""

    dialogue: int
    turn: int


@dataclass(frozen=True, slots=True)
class OpenPage:
    """Go on in a browser: be given a personal link to a place (an intent, written by ``place_of``)."""

    place: str


@dataclass(frozen=True, slots=True)
class OpenChat:
    """Go on in the messenger with a conversation (0: with what awaits me)."""

    dialogue: int


@dataclass(frozen=True, slots=True)
class Connect:
    """Join this Telegram account to the person a personal link is of."""

    token: str


@dataclass(frozen=True, slots=True)
class SeeSignIn:
    """See how to get in without a messenger."""


@dataclass(frozen=True, slots=True)
class AskLink:
    """Ask for a personal link by e-mail."""


@dataclass(frozen=True, slots=True)
class SeeEntry:
    """See whom a personal link lets in; looking uses nothing up."""

    token: str


@dataclass(frozen=True, slots=True)
class Enter:
    """Be let in by a personal link."""

    token: str


@dataclass(frozen=True, slots=True)
class SignOut:
    """End the session of this browser."""


@dataclass(frozen=True, slots=True)
class Stay:
    """Stay signed in for the full time again, and go on at a place (``place_of``)."""

    place: str


@dataclass(frozen=True, slots=True)
class Accessibility:
    """See the accessibility statement."""


@dataclass(frozen=True, slots=True)
class SeeDesk:
    """See a body as its coordinator."""

    body: int


@dataclass(frozen=True, slots=True)
class SeeMembers:
    """See the institutions of a body; pages count from 0."""

    body: int
    page: int = 0


@dataclass(frozen=True, slots=True)
class SeeInstitution:
    """See an institution's seats and who can be reached."""

    membership: int


@dataclass(frozen=True, slots=True)
class SeeSeat:
    """See a seat: who holds it, how they are reached, what was sent."""

    seat: int


@dataclass(frozen=True, slots=True)
class SeePosts:
    """See the posts of a body."""

    body: int


@dataclass(frozen=True, slots=True)
class SeePost:
    """See a post: who holds it, how they are reached, what was sent."""

    post: int


@dataclass(frozen=True, slots=True)
class IssueInvitation:
    """Make a new link to a seat or a post (the other is 0), to copy."""

    seat: int
    post: int


@dataclass(frozen=True, slots=True)
class SendInvitation:
    """Send a letter with a new link to a seat or a post (the other is 0)."""

    seat: int
    post: int


@dataclass(frozen=True, slots=True)
class SeeInvitations:
    """See the places of a body nobody has accepted yet; pages count from 0."""

    body: int
    page: int = 0


@dataclass(frozen=True, slots=True)
class SendInvitations:
    """Send letters to all places nobody has accepted yet and nobody was written to."""

    body: int


@dataclass(frozen=True, slots=True)
class AskPrint:
    """Be asked whether to make new links for all these places, to print."""

    body: int


@dataclass(frozen=True, slots=True)
class PrintInvitations:
    """Make new links for all places nobody has accepted yet, as a sheet to print."""

    body: int


@dataclass(frozen=True, slots=True)
class AskHandOver:
    """See the form that gives a seat to somebody else."""

    seat: int


@dataclass(frozen=True, slots=True)
class HandOver:
    """Give a seat to somebody else."""

    seat: int


@dataclass(frozen=True, slots=True)
class AskVacate:
    """Be asked whether to leave a seat empty."""

    seat: int


@dataclass(frozen=True, slots=True)
class Vacate:
    """Leave a seat empty."""

    seat: int


@dataclass(frozen=True, slots=True)
class AskGivePost:
    """See the form that gives a post to somebody else."""

    post: int


@dataclass(frozen=True, slots=True)
class GivePost:
    """Give a post to somebody else."""

    post: int


@dataclass(frozen=True, slots=True)
class SeeImport:
    """See the form that takes a roster."""

    body: int


@dataclass(frozen=True, slots=True)
class PreviewRoster:
    """Look over what a roster would change, row by row; nothing is changed yet."""

    body: int


@dataclass(frozen=True, slots=True)
class ConfirmRoster:
    """Let the roster that was looked over take effect."""

    body: int
    upload: int


@dataclass(frozen=True, slots=True)
class SeeMine:
    """See what the secretariat holds about me."""


@dataclass(frozen=True, slots=True)
class DownloadMine:
    """Take what the secretariat holds about me with me."""


@dataclass(frozen=True, slots=True)
class AskName:
    """See the form that corrects my name."""


@dataclass(frozen=True, slots=True)
class ChangeName:
    """Correct my name."""


@dataclass(frozen=True, slots=True)
class AskEmail:
    """See the form that changes my e-mail address."""


@dataclass(frozen=True, slots=True)
class ChangeEmail:
    """Ask for a letter that confirms my new e-mail address."""


@dataclass(frozen=True, slots=True)
class SeeEmailLink:
    """See which address a link confirms; looking changes nothing."""

    token: str


@dataclass(frozen=True, slots=True)
class ConfirmEmail:
    """Confirm an e-mail address by the link that was sent to it."""

    token: str


@dataclass(frozen=True, slots=True)
class AskErase:
    """Be asked whether to have my data erased, and see what must remain."""


@dataclass(frozen=True, slots=True)
class Erase:
    """Have my data erased."""


@dataclass(frozen=True, slots=True)
class AcceptNotice:
    """Note that I have read the privacy notice as it is now."""


Intent: TypeAlias = (
    Home | Help | Privacy | Settings | ChooseLanguage | AskLeave | Leave | SeeInvitation | AcceptInvitation | DeclineInvitation
    | OpenCard | ChangeCard | SeeMonth | Pause | AskDiscard | Discard | Resume | SeeCoverage | Touch | Fill | SeeCard | Begin | TakeOver
    | OpenPage | OpenChat | Connect | SeeSignIn | AskLink | SeeEntry | Enter | SignOut | Stay | Accessibility
    | SeeDesk | SeeMembers | SeeInstitution | SeeSeat | SeePosts | SeePost | IssueInvitation | SendInvitation | SeeInvitations
    | SendInvitations | AskPrint | PrintInvitations | AskHandOver | HandOver | AskVacate | Vacate | AskGivePost | GivePost
    | SeeImport | PreviewRoster | ConfirmRoster
    | SeeMine | DownloadMine | AskName | ChangeName | AskEmail | ChangeEmail | SeeEmailLink | ConfirmEmail | AskErase | Erase
    | AcceptNotice | MeetingIntent | AgendaIntent | GroupIntent | ProposalIntent | BallotIntent
    | MinutesIntent | ArchiveIntent
)  # fmt: skip

#: One letter (or two) for each intent but ``Touch``; fields follow in their order, separated by colons.
_CODES: Final[dict[str, type[Intent]]] = {
    "h": Home, "g": Help, "p": Privacy, "s": Settings, "sl": ChooseLanguage, "sx": AskLeave, "sX": Leave,
    "i": SeeInvitation, "ia": AcceptInvitation, "ix": DeclineInvitation,
    "c": OpenCard, "cm": SeeMonth, "cc": ChangeCard, "z": Pause, "x": AskDiscard, "X": Discard, "r": Resume, "k": SeeCoverage, "f": Fill, "cs": SeeCard, "cb": Begin, "ct": TakeOver,
    "w": OpenPage, "t": OpenChat, "tc": Connect, "e": SeeSignIn, "el": AskLink, "es": SeeEntry, "en": Enter, "eo": SignOut,
    "ey": Stay, "a": Accessibility,
    "b": SeeDesk, "m": SeeMembers, "mi": SeeInstitution, "ms": SeeSeat, "mo": SeePosts, "mp": SeePost, "vi": IssueInvitation,
    "vs": SendInvitation, "v": SeeInvitations, "va": SendInvitations, "vq": AskPrint, "vp": PrintInvitations,
    "mh": AskHandOver, "mH": HandOver, "mx": AskVacate, "mX": Vacate, "mg": AskGivePost, "mG": GivePost,
    "u": SeeImport, "up": PreviewRoster, "uc": ConfirmRoster,
    "o": SeeMine, "od": DownloadMine, "on": AskName, "oN": ChangeName, "oe": AskEmail, "oE": ChangeEmail, "ol": SeeEmailLink,
    "oc": ConfirmEmail, "ox": AskErase, "oX": Erase, "pa": AcceptNotice,
    **meeting_intents.CODES,
    **agenda_intents.CODES,
    **group_intents.CODES,
    **proposal_intents.CODES,
    **ballot_intents.CODES,
    **minutes_intents.CODES,
    **archive_intents.CODES,
}  # fmt: skip
#: Intents that only show something. A page shows them by GET; every other one needs a form and its token. (A phone keeps note
#: of what it shows, so that typed text finds its question; a page keeps none.)
LOOKS: Final[frozenset[type[Intent]]] = frozenset(
    {Home, Help, Privacy, SeeCard, Begin, SeeMonth, Settings, AskLeave, SeeInvitation, DeclineInvitation, Pause, AskDiscard, Resume, SeeCoverage, SeeSignIn,
     SeeEntry, Accessibility, SeeDesk, SeeMembers, SeeInstitution, SeeSeat, SeePosts, SeePost, SeeInvitations, AskPrint, AskHandOver,
     AskVacate, AskGivePost, SeeImport, SeeMine, DownloadMine, AskName, AskEmail, SeeEmailLink, AskErase}
) | meeting_intents.LOOKS | agenda_intents.LOOKS | group_intents.LOOKS | proposal_intents.LOOKS | ballot_intents.LOOKS | minutes_intents.LOOKS | archive_intents.LOOKS  # fmt: skip

_NAMES: Final = {kind: code for code, kind in _CODES.items()}
_VERBS: Final[dict[str, Verb]] = {
    "a": "answer", "+": "mark", "-": "unmark", "n": "done", "k": "skip", "b": "back", "e": "edit", "ok": "confirm",
}  # fmt: skip
_VERB_CODES: Final = {verb: code for code, verb in _VERBS.items()}
_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
#: Ids are at most 63 bits, turns far less: twelve digits of base 36 hold them, longer ones are not ours.
_NUMBER: Final = re.compile(r"[0-9a-z]{1,12}\Z")
_WORD: Final = re.compile(r"[A-Za-z0-9_.-]{0,40}\Z")


def encode(intent: Intent) -> str:
    """Write an intent as callback data."""
    if isinstance(intent, Touch):
        parts = ["d", _base36(intent.dialogue), _base36(intent.turn), _VERB_CODES[intent.verb]]
        if intent.argument:
            parts.append(intent.argument)
    else:
        parts = [_NAMES[type(intent)]]
        for name in intent.__slots__:
            value = getattr(intent, name)
            parts.append(_base36(value) if isinstance(value, int) else value)
    data = ":".join(parts)
    assert 1 <= len(data.encode()) <= MOST_BYTES, data
    return data


def decode(data: str) -> Intent | None:
    """Read callback data; ``None`` for anything that is not ours. Never raises."""
    code, *rest = data.split(":")
    if code == "d":
        return _touch(rest)
    kind = _CODES.get(code)
    if kind is None:
        return None
    fields = kind.__slots__
    if len(rest) != len(fields):
        return None
    values: list[int | str] = []
    for name, text in zip(fields, rest, strict=True):
        whole = kind.__annotations__[name] == "int"
        if not (_NUMBER if whole else _WORD).match(text):
            return None
        values.append(int(text, 36) if whole else text)
    make: Callable[..., Intent] = kind  # the values have just been read in the shapes of its fields
    return make(*values)


def place_of(intent: Intent) -> str:
    """Write an intent that only shows something as a word that may stand inside another intent."""
    assert type(intent) in LOOKS, intent
    return encode(intent).replace(":", ".")


def at_place(place: str) -> Intent:
    """Read such a word; home for anything else."""
    found = decode(place.replace(".", ":")) if place else None
    return found if type(found) in LOOKS and found is not None else Home()


def _touch(parts: list[str]) -> Touch | None:
    if not 3 <= len(parts) <= 4 or not (_NUMBER.match(parts[0]) and _NUMBER.match(parts[1])) or parts[2] not in _VERBS:
        return None
    argument = parts[3] if len(parts) == 4 else ""
    return Touch(int(parts[0], 36), int(parts[1], 36), _VERBS[parts[2]], argument) if _WORD.match(argument) else None


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits or "0"


assert set(_NAMES) == set(get_args(Intent)) - {Touch}, "an intent without a code"
