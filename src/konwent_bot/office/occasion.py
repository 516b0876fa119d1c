"""What a notice is about: the contract between whoever has something to tell and the courier, who knows nothing of it.

An occasion is asked immediately before sending, in the unit of work that makes the try: is it still wanted, and what does it say. What
it says is a ``Message`` of plain values; the words are found by ``screens.messages``, in the reader's language.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias

from konwent_bot.office.enclosures import Enclosure
from konwent_bot.office.unit import UnitOfWork

#: What carries a notice.
Channel: TypeAlias = Literal["telegram", "mail"]

#: Reasons of ours for not sending: nobody gives an address; its reader switched reminders by e-mail off; links would lead nowhere yet.
NO_ADDRESS: Final = "no_address"
SWITCHED_OFF: Final = "switched_off"
NO_LINKS: Final = "no_links"


@dataclass(frozen=True, slots=True)
class Message:
    """What a notice says, in plain values. Each occasion has a class of its own, by which its words are found."""


@dataclass(frozen=True, slots=True)
class Due:
    """A notice whose time has come, as its occasion is asked about it."""

    notice: int
    recipient: str
    occasion: str
    subject: str
    revision: int
    body: int | None
    #: The address it is to go to instead of the one on record.
    address: str
    created_at: datetime
    due_at: datetime

    @property
    def kind(self) -> str:
        """What the recipient is: ``seat`` of ``seat:5``."""
        return self.recipient.partition(":")[0]

    @property
    def number(self) -> int:
        """The number in the recipient: 5 of ``seat:5``."""
        return _number(self.recipient)

    @property
    def about(self) -> int:
        """The number in the subject: 12 of ``meeting:12``; 0 where it has none."""
        return _number(self.subject)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads a message, and through what."""

    #: The person, where one is behind it: not of a guest, a group, or a place nobody has accepted.
    person: int | None
    name: str
    #: Empty when they have not chosen one.
    language: str
    channel: Channel
    #: A Telegram chat's number or an e-mail address.
    address: str
    #: A personal link may be put into the message: it reaches the person, and there are pages to lead to.
    may_enter: bool


def always(_uow: UnitOfWork, _due: Due) -> bool:
    """Say that a notice is wanted whatever has happened since."""
    return True


def no_files(_uow: UnitOfWork, _due: Due) -> tuple[Enclosure, ...]:
    """Send nothing along."""
    return ()


def never(_uow: UnitOfWork, _due: Due) -> bool:
    """Say that a notice can wait for the morning."""
    return False


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a notice may be about."""

    #: What notices name it by: ``meeting.reminder``.
    name: str
    #: Says what is to be told; a word where something is missing for that (``NO_ADDRESS`` is for good, any other is tried again); or
    #: ``None`` where nobody needs to be told any more.
    make: Callable[[UnitOfWork, Due, Reader], Message | str | None]
    #: Whether it is still wanted. Cheap: asked for every notice.
    wanted: Callable[[UnitOfWork, Due], bool] = always
    #: One that may have arrived is sent once more, and says so: two do less harm than none.
    repeat_uncertain: bool = False
    #: It waits for the end of its reader's quiet hours and of days off.
    quiet: bool = True
    #: Whether this one cannot wait for that after all: what it is about happens on the same day.
    urgent: Callable[[UnitOfWork, Due], bool] = never
    #: It may wait for the daily message of somebody who wants one.
    digestible: bool = False
    #: A letter says how to get no more of its kind.
    unsubscribable: bool = False
    #: Files of this moment that go along; what must not change is enclosed when the notice is written (``enclosures``).
    files: Callable[[UnitOfWork, Due], tuple[Enclosure, ...]] = no_files
    #: It goes by e-mail only, to an address ``make`` finds (its message has it as ``to``).
    letter: bool = False


def _number(name: str) -> int:
    number = name.partition(":")[2]
    return int(number) if number.isascii() and number.isdigit() else 0
