"""Intents about what a meeting deals with and who is there: a part of ``intents``, which is the only codec of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias


@dataclass(frozen=True, slots=True)
class SeeAgenda:
    """See the agenda of a meeting; whoever orders it sees proposals too."""

    meeting: int


@dataclass(frozen=True, slots=True)
class ProposeItem:
    """Propose an agenda item for an institution, or (``membership`` 0) enter one as whoever orders the agenda."""

    meeting: int
    membership: int


@dataclass(frozen=True, slots=True)
class SeeItem:
    """See an agenda item."""

    item: int


@dataclass(frozen=True, slots=True)
class AcceptItem:
    """Put a proposal, or what was taken off, on the agenda."""

    item: int


@dataclass(frozen=True, slots=True)
class AskDecline:
    """See the form that declines a proposal or takes an item off."""

    item: int


@dataclass(frozen=True, slots=True)
class DeclineItem:
    """Decline a proposal, or take an item off."""

    item: int


@dataclass(frozen=True, slots=True)
class MoveItem:
    """Move an item that stands at a place (from 1) one place ``up`` or ``down``."""

    item: int
    place: int
    way: str


@dataclass(frozen=True, slots=True)
class NoteItem:
    """Note what became of an item: ``done`` or ``open``."""

    item: int
    outcome: str


@dataclass(frozen=True, slots=True)
class SeeReport:
    """See the case manager's report for a meeting."""

    meeting: int


@dataclass(frozen=True, slots=True)
class WriteReport:
    """Write or change the case manager's report for a meeting."""

    meeting: int


@dataclass(frozen=True, slots=True)
class SeeAttendance:
    """See who is at a meeting; pages count from 0."""

    meeting: int
    page: int = 0


@dataclass(frozen=True, slots=True)
class SeePresence:
    """See one institution's presence at a meeting."""

    meeting: int
    membership: int


@dataclass(frozen=True, slots=True)
class TickHere:
    """Tick an institution: somebody of this role is there from now on."""

    meeting: int
    membership: int
    role: str


@dataclass(frozen=True, slots=True)
class TickGone:
    """Note that an institution leaves now."""

    meeting: int
    membership: int


@dataclass(frozen=True, slots=True)
class AskTimes:
    """See the form that puts a presence right."""

    presence: int


@dataclass(frozen=True, slots=True)
class CorrectTimes:
    """Put a presence right."""

    presence: int


@dataclass(frozen=True, slots=True)
class SetRole:
    """Put right by whose place an institution is there."""

    presence: int
    role: str


@dataclass(frozen=True, slots=True)
class RemovePresence:
    """Take a presence away that was ticked by mistake."""

    presence: int


@dataclass(frozen=True, slots=True)
class PrintAttendance:
    """Take the attendance list of a meeting, to be signed."""

    meeting: int


@dataclass(frozen=True, slots=True)
class PrintCode:
    """Take the day's code and its QR on a sheet, to be shown on a wall."""

    meeting: int


@dataclass(frozen=True, slots=True)
class SeeHere:
    """See how to say "I am here" at a meeting; the day's code may come along."""

    meeting: int
    code: str = ""


@dataclass(frozen=True, slots=True)
class SayHere:
    """Say "I am here" for an institution (0: the only one) with the day's code (empty: it is in the form)."""

    meeting: int
    membership: int
    code: str


@dataclass(frozen=True, slots=True)
class SeeGuests:
    """See the guests of a meeting."""

    meeting: int


@dataclass(frozen=True, slots=True)
class SeeGuest:
    """See a guest of a meeting."""

    guest: int


@dataclass(frozen=True, slots=True)
class InviteGuest:
    """Invite a guest to a meeting."""

    meeting: int


@dataclass(frozen=True, slots=True)
class RemoveGuest:
    """Take a guest off the list."""

    guest: int


@dataclass(frozen=True, slots=True)
class NoteGuest:
    """Note what a guest answered: ``yes``, ``no``, or nothing after all."""

    guest: int
    answer: str


@dataclass(frozen=True, slots=True)
class SeeMaterials:
    """See the files of a meeting."""

    meeting: int


@dataclass(frozen=True, slots=True)
class AttachMaterial:
    """Attach a file to a meeting."""

    meeting: int


@dataclass(frozen=True, slots=True)
class TakeMaterial:
    """Take a file of a meeting."""

    material: int


@dataclass(frozen=True, slots=True)
class RemoveMaterial:
    """Take a file of a meeting away."""

    material: int


AgendaIntent: TypeAlias = (
    SeeAgenda | ProposeItem | SeeItem | AcceptItem | AskDecline | DeclineItem | MoveItem | NoteItem | SeeReport | WriteReport
    | SeeAttendance | SeePresence | TickHere | TickGone | AskTimes | CorrectTimes | SetRole | RemovePresence | PrintAttendance | PrintCode | SeeHere
    | SayHere | SeeGuests | SeeGuest | InviteGuest | RemoveGuest | NoteGuest | SeeMaterials | AttachMaterial | TakeMaterial
    | RemoveMaterial
)  # fmt: skip

CODES: Final[dict[str, type[AgendaIntent]]] = {
    "j": SeeAgenda, "jp": ProposeItem, "ji": SeeItem, "jy": AcceptItem, "jd": AskDecline, "jD": DeclineItem, "jo": MoveItem,
    "jn": NoteItem, "js": SeeReport, "jS": WriteReport, "ja": SeeAttendance, "jk": SeePresence, "jt": TickHere, "jT": TickGone,
    "jc": AskTimes, "jC": CorrectTimes, "jr": SetRole, "jR": RemovePresence, "jl": PrintAttendance, "jq": PrintCode, "jh": SeeHere, "jH": SayHere, "jg": SeeGuests,
    "ju": SeeGuest, "jG": InviteGuest, "jx": RemoveGuest, "jN": NoteGuest, "jm": SeeMaterials, "jM": AttachMaterial,
    "jf": TakeMaterial, "jX": RemoveMaterial,
}  # fmt: skip

LOOKS: Final[frozenset[type[AgendaIntent]]] = frozenset(
    {
        SeeAgenda, SeeItem, AskDecline, SeeReport, SeeAttendance, SeePresence, AskTimes, PrintAttendance, PrintCode, SeeHere, SeeGuests, SeeGuest,
        SeeMaterials, TakeMaterial,
    }
)  # fmt: skip

#: Bytes of a file that may come with an intent, where it is more than usual.
LARGE_FILES: Final[Mapping[type[object], int]] = {AttachMaterial: 10 * 1024 * 1024}
