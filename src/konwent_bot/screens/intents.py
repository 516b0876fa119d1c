"""What a button, a command or a link asks for, and the only codec of it.

Callback data holds 1-64 bytes and may be forged (Bot API: "the message originated the query can contain no callback buttons with
this data"), so decoding proves nothing: every intent is checked where it is carried out. Ids are written in base 36.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias, get_args

from konwent_bot.office.dialogues import Touch, Verb

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
class Resume:
    """Show where a conversation stands."""

    dialogue: int


@dataclass(frozen=True, slots=True)
class SeeCoverage:
    """See which institutions have answered in a round; pages count from 0."""

    round: int
    page: int = 0


Intent: TypeAlias = (
    Home | Help | Privacy | Settings | ChooseLanguage | AskLeave | Leave | SeeInvitation | AcceptInvitation | DeclineInvitation
    | OpenCard | ChangeCard | Pause | AskDiscard | Discard | Resume | SeeCoverage | Touch
)  # fmt: skip

#: One letter (or two) for each intent but ``Touch``; fields follow in their order, separated by colons.
_CODES: Final[dict[str, type[Intent]]] = {
    "h": Home, "?": Help, "p": Privacy, "s": Settings, "sl": ChooseLanguage, "sx": AskLeave, "sX": Leave,
    "i": SeeInvitation, "ia": AcceptInvitation, "ix": DeclineInvitation,
    "c": OpenCard, "cc": ChangeCard, "z": Pause, "x": AskDiscard, "X": Discard, "r": Resume, "k": SeeCoverage,
}  # fmt: skip
_NAMES: Final = {kind: code for code, kind in _CODES.items()}
_VERBS: Final[dict[str, Verb]] = {
    "a": "answer", "+": "mark", "-": "unmark", "n": "done", "k": "skip", "b": "back", "e": "edit", "ok": "confirm",
}  # fmt: skip
_VERB_CODES: Final = {verb: code for code, verb in _VERBS.items()}
_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
#: Ids are at most 63 bits, turns far less: twelve digits of base 36 hold them, longer ones are not ours.
_NUMBER: Final = re.compile(r"[0-9a-z]{1,12}\Z")
_WORD: Final = re.compile(r"[A-Za-z0-9_-]{0,40}\Z")


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
