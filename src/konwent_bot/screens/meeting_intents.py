"""Intents about meetings: a part of ``intents``, which is the only codec of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

from konwent_bot.screens import plan_intents
from konwent_bot.screens.plan_intents import PlanIntent


@dataclass(frozen=True, slots=True)
class SeeMeetings:
    """See the meetings ahead of everything I belong to; pages count from 0."""

    page: int = 0


@dataclass(frozen=True, slots=True)
class SeeMeeting:
    """See a meeting: when, where, what about, what my institution has answered."""

    meeting: int


@dataclass(frozen=True, slots=True)
class AnswerMeeting:
    """Answer for an institution whether it will be there: ``yes`` or ``no``."""

    meeting: int
    membership: int
    answer: str


@dataclass(frozen=True, slots=True)
class ExplainAbsence:
    """Say why an institution will not be there."""

    meeting: int
    membership: int


@dataclass(frozen=True, slots=True)
class AskSubstitute:
    """See who may come instead: a substitute named before, or somebody else."""

    meeting: int
    membership: int


@dataclass(frozen=True, slots=True)
class ChooseSubstitute:
    """Let a substitute who has a place already come to this meeting."""

    meeting: int
    membership: int
    seat: int


@dataclass(frozen=True, slots=True)
class NameSubstitute:
    """Name a new substitute, for this meeting or for good."""

    meeting: int
    membership: int


@dataclass(frozen=True, slots=True)
class TakeCalendar:
    """Take the meeting's calendar file."""

    meeting: int


@dataclass(frozen=True, slots=True)
class AskConvene:
    """See who would be called and what speaks against it, before anybody is."""

    meeting: int


@dataclass(frozen=True, slots=True)
class Convene:
    """Call everybody to a meeting."""

    meeting: int


@dataclass(frozen=True, slots=True)
class ChangeMeeting:
    """Move a meeting, or change its place or mode, with a reason."""

    meeting: int


@dataclass(frozen=True, slots=True)
class CancelMeeting:
    """Call a meeting off, with a reason."""

    meeting: int


@dataclass(frozen=True, slots=True)
class SeeWho:
    """See which institutions will be there, and the quorum; pages count from 0."""

    meeting: int
    page: int = 0


@dataclass(frozen=True, slots=True)
class SeeWhoOne:
    """See one institution of a meeting: who was called, by what, what it answered."""

    meeting: int
    membership: int


@dataclass(frozen=True, slots=True)
class AnswerFor:
    """Note what an institution answered by word of mouth: ``yes`` or ``no``."""

    meeting: int
    membership: int
    answer: str


@dataclass(frozen=True, slots=True)
class AskRemind:
    """See who would be reminded, and through what."""

    meeting: int


@dataclass(frozen=True, slots=True)
class Remind:
    """Remind those who have not answered."""

    meeting: int


@dataclass(frozen=True, slots=True)
class SeeLedger:
    """See everything that was told about a meeting and how it went; pages count from 0."""

    meeting: int
    page: int = 0


@dataclass(frozen=True, slots=True)
class SeeTold:
    """See everything that was told to an institution and how it went; pages count from 0."""

    membership: int
    page: int = 0


@dataclass(frozen=True, slots=True)
class CloseMeeting:
    """Note whether a meeting took place: 1 or 0."""

    meeting: int
    held: int


MeetingIntent: TypeAlias = (
    SeeMeetings | SeeMeeting | AnswerMeeting | ExplainAbsence | AskSubstitute | ChooseSubstitute | NameSubstitute | TakeCalendar
    | AskConvene | Convene | ChangeMeeting | CancelMeeting | SeeWho | SeeWhoOne | AnswerFor | AskRemind | Remind | SeeLedger
    | SeeTold | CloseMeeting | PlanIntent
)  # fmt: skip

CODES: Final[dict[str, type[MeetingIntent]]] = {
    "n": SeeMeetings, "nm": SeeMeeting, "na": AnswerMeeting, "ne": ExplainAbsence, "ns": AskSubstitute, "nS": ChooseSubstitute,
    "nn": NameSubstitute, "nc": TakeCalendar, "nq": AskConvene, "nC": Convene, "nz": ChangeMeeting, "nx": CancelMeeting, "nw": SeeWho,
    "no": SeeWhoOne, "nW": AnswerFor, "nr": AskRemind, "nR": Remind, "nl": SeeLedger, "nL": SeeTold, "nh": CloseMeeting,
    **plan_intents.CODES,
}  # fmt: skip

LOOKS: Final[frozenset[type[MeetingIntent]]] = (
    frozenset(
        {SeeMeetings, SeeMeeting, AskSubstitute, TakeCalendar, AskConvene, SeeWho, SeeWhoOne, AskRemind, SeeLedger, SeeTold}
    )
    | plan_intents.LOOKS
)
