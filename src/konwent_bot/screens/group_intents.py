"""Intents about a body's group chat, a person's own calendar and notices, and polls for a date: a part of ``intents``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias


@dataclass(frozen=True, slots=True)
class SeeChat:
    """See the group chat of a body and how one is linked."""

    body: int


@dataclass(frozen=True, slots=True)
class LinkChat:
    """Be given the link that adds the bot to a group and links it."""

    body: int


@dataclass(frozen=True, slots=True)
class AskUnlinkChat:
    """Be asked whether nothing is to be announced in a body's group any more."""

    body: int


@dataclass(frozen=True, slots=True)
class UnlinkChat:
    """Announce nothing in a body's group any more."""

    body: int


@dataclass(frozen=True, slots=True)
class SeeMyCalendar:
    """See whether my calendar has an address, and what it is good for."""


@dataclass(frozen=True, slots=True)
class MakeMyCalendar:
    """Be given a new secret address of my calendar; the former one ends."""


@dataclass(frozen=True, slots=True)
class EndMyCalendar:
    """End the secret address of my calendar."""


@dataclass(frozen=True, slots=True)
class SeeNotices:
    """See by what, when and how gathered I am told."""


@dataclass(frozen=True, slots=True)
class ChooseChannel:
    """Be told by ``telegram``, by ``mail``, or by ``both``."""

    channel: str


@dataclass(frozen=True, slots=True)
class ChooseDigest:
    """Get what can wait in one message a day (1), or each by itself (0)."""

    daily: int


@dataclass(frozen=True, slots=True)
class ChooseReminders:
    """Get reminders by e-mail too (1), or not (0)."""

    wanted: int


@dataclass(frozen=True, slots=True)
class ChooseQuiet:
    """Be left alone between two local hours; the same twice: at no hour."""

    begins: int
    ends: int


@dataclass(frozen=True, slots=True)
class SeeStop:
    """See what the link at the end of a reminder does; looking changes nothing."""

    token: str


@dataclass(frozen=True, slots=True)
class StopReminders:
    """Get no more reminders by e-mail."""

    token: str


@dataclass(frozen=True, slots=True)
class OpenPoll:
    """Ask the institutions of a body which date suits them."""

    body: int


@dataclass(frozen=True, slots=True)
class SeePoll:
    """See the dates that are asked about and what my institution, or everybody, has said."""

    meeting: int


@dataclass(frozen=True, slots=True)
class SeePollDate:
    """See one date of a poll as a question to an institution."""

    date: int
    membership: int


@dataclass(frozen=True, slots=True)
class AnswerPoll:
    """Say for an institution whether a date suits it: ``yes``, ``if_need_be`` or ``no``."""

    date: int
    membership: int
    answer: str


@dataclass(frozen=True, slots=True)
class SeePollTable:
    """See what each institution has said to each date; pages count from 0."""

    meeting: int
    page: int = 0


@dataclass(frozen=True, slots=True)
class AskPollDate:
    """Be asked whether this is to be the date of the meeting."""

    date: int


@dataclass(frozen=True, slots=True)
class ChoosePollDate:
    """Give the meeting this date."""

    date: int


GroupIntent: TypeAlias = (
    SeeChat | LinkChat | AskUnlinkChat | UnlinkChat | SeeMyCalendar | MakeMyCalendar | EndMyCalendar | SeeNotices | ChooseChannel
    | ChooseDigest | ChooseReminders | ChooseQuiet | SeeStop | StopReminders | OpenPoll | SeePoll | SeePollDate | AnswerPoll
    | SeePollTable | AskPollDate | ChoosePollDate
)  # fmt: skip

CODES: Final[dict[str, type[GroupIntent]]] = {
    "l": SeeChat, "ll": LinkChat, "lx": AskUnlinkChat, "lX": UnlinkChat, "lc": SeeMyCalendar, "lC": MakeMyCalendar,
    "le": EndMyCalendar, "ln": SeeNotices, "lh": ChooseChannel, "ld": ChooseDigest, "lr": ChooseReminders, "lq": ChooseQuiet,
    "lw": SeeStop, "lW": StopReminders, "qo": OpenPoll, "q": SeePoll, "qd": SeePollDate, "qa": AnswerPoll, "qs": SeePollTable,
    "qx": AskPollDate, "qX": ChoosePollDate,
}  # fmt: skip

LOOKS: Final[frozenset[type[GroupIntent]]] = frozenset(
    {SeeChat, AskUnlinkChat, SeeMyCalendar, SeeNotices, SeeStop, SeePoll, SeePollDate, SeePollTable, AskPollDate}
)
