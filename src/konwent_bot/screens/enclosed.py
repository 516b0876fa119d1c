"""What goes with a letter besides its words: files, a meeting for the calendar, whom to answer, how to end such letters.

Every channel takes of it what it can carry: mail all of it, a messenger the files.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

#: Bytes of all files of one letter. Mail writes three bytes as four, and servers commonly take 25 MB.
LARGEST: Final = 15 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file."""

    name: str
    #: Its media type ("application/pdf").
    media: str
    content: bytes


@dataclass(frozen=True, slots=True)
class CalendarPart:
    """A meeting as ``documents.calendar`` writes it."""

    content: bytes
    #: The METHOD that stands in it: clients believe either, so they must agree (RFC 6047 §2.4).
    method: Literal["REQUEST", "CANCEL"]


def fit(attachments: Iterable[Attachment]) -> bool:
    """Tell whether files can go with one letter; what does not fit is linked to instead."""
    return sum(len(attachment.content) for attachment in attachments) <= LARGEST


@dataclass(frozen=True, slots=True)
class Enclosed:
    """What goes with one letter. Raises ``ValueError`` when the files do not fit (``fit`` asks first)."""

    attachments: tuple[Attachment, ...] = ()
    calendar: CalendarPart | None = None
    #: Somebody of flesh and blood who coordinates; empty: answers go to whoever the letter comes from.
    reply_to: str = ""
    #: An https address where one POST ends letters of this kind (RFC 8058). For reminders only: whoever belongs to a body is
    #: convened as long as they belong to it.
    unsubscribe: str = ""

    def __post_init__(self) -> None:
        if not fit(self.attachments):
            raise ValueError("the files of a letter are larger than mail carries")


NOTHING: Final = Enclosed()
