"""Intents of whoever writes minutes: the draft, what goes out, the remarks that come back. A part of ``intents``, which is the only codec of them.

A point of the minutes is a word here as in the store, but with ``-`` where that has ``:`` (``item-12``): a colon parts the fields of a
button. ``in_button`` and ``from_button`` go between the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """Begin the minutes of a meeting that was held and has none."""

    meeting: int


@dataclass(frozen=True, slots=True)
class SeeDraft:
    """See minutes as whoever writes them: where they stand, their points, what may be done."""

    minutes: int


@dataclass(frozen=True, slots=True)
class SeePoint:
    """See a point of the draft, paragraph by paragraph, with the fact each comes from; pages count from 0."""

    minutes: int
    point: str
    page: int = 0


@dataclass(frozen=True, slots=True)
class SeeWholeDraft:
    """See the whole text of the draft."""

    minutes: int


@dataclass(frozen=True, slots=True)
class TakeDraft:
    """Take the document as it would be."""

    minutes: int


@dataclass(frozen=True, slots=True)
class MovePoint:
    """Move a point one place ``up`` or ``down``, if it still stands at this place (from 1)."""

    minutes: int
    point: str
    place: int
    way: str


@dataclass(frozen=True, slots=True)
class WriteNote:
    """Write a paragraph under a point."""

    minutes: int
    point: str


@dataclass(frozen=True, slots=True)
class SeeNote:
    """See a paragraph somebody wrote, and what may be done with it."""

    note: int


@dataclass(frozen=True, slots=True)
class ChangeNote:
    """Write a paragraph anew."""

    note: int


@dataclass(frozen=True, slots=True)
class MoveNote:
    """Move a paragraph one place ``up`` or ``down`` under its point."""

    note: int
    way: str


@dataclass(frozen=True, slots=True)
class AskRemoveNote:
    """Be asked whether to remove a paragraph."""

    note: int


@dataclass(frozen=True, slots=True)
class RemoveNote:
    """Remove a paragraph, if it is still of this revision."""

    note: int
    revision: int


@dataclass(frozen=True, slots=True)
class SeeRival:
    """See where two texts of a paragraph differ: the one that was saved, and the one that came after it."""

    rival: int


@dataclass(frozen=True, slots=True)
class ChooseText:
    """Keep of two texts of a paragraph ``mine`` (the later one), ``theirs`` or ``both``, if the saved one is still of this revision."""

    rival: int
    revision: int
    text: str


@dataclass(frozen=True, slots=True)
class GiveTask:
    """Give an institution a task that follows from a point of the minutes."""

    minutes: int
    point: str


@dataclass(frozen=True, slots=True)
class SeeDraftFiles:
    """See the files that go with the minutes."""

    minutes: int


@dataclass(frozen=True, slots=True)
class AttachDraftFile:
    """Let a file go with the minutes."""

    minutes: int


@dataclass(frozen=True, slots=True)
class TakeDraftFile:
    """Take one of these files."""

    file: int


@dataclass(frozen=True, slots=True)
class RemoveDraftFile:
    """Let a file not go with the minutes after all."""

    file: int


@dataclass(frozen=True, slots=True)
class LookOver:
    """Look over what would go out: to whom, by what, until when they answer, which signs are replaced."""

    minutes: int


@dataclass(frozen=True, slots=True)
class Circulate:
    """Send the minutes to every institution, as they were looked over: nobody wrote since (``edition``), and no fact changed (``mark``)."""

    minutes: int
    edition: int
    mark: int = 0


@dataclass(frozen=True, slots=True)
class ChooseDays:
    """Let institutions have so many days for an answer from now on."""

    minutes: int
    days: int


@dataclass(frozen=True, slots=True)
class SeeAnswers:
    """See of each institution how the minutes reached it, whether they were opened, what it answered; the silent first, pages from 0."""

    minutes: int
    page: int = 0


@dataclass(frozen=True, slots=True)
class AskRemindSilent:
    """See who would be reminded of minutes now, and through what."""

    minutes: int


@dataclass(frozen=True, slots=True)
class RemindSilent:
    """Remind the institutions that have not answered."""

    minutes: int


@dataclass(frozen=True, slots=True)
class SeeRemarks:
    """See the remarks on minutes, those that are not settled first; pages count from 0."""

    minutes: int
    page: int = 0


@dataclass(frozen=True, slots=True)
class SeeRemark:
    """See a remark, and settle it."""

    remark: int


@dataclass(frozen=True, slots=True)
class AcceptRemark:
    """Accept a remark: the next version takes it up."""

    remark: int


@dataclass(frozen=True, slots=True)
class DeclineRemark:
    """Decline a remark, with a reason."""

    remark: int


@dataclass(frozen=True, slots=True)
class WriteAnnex:
    """Correct minutes that are final, in an annex."""

    minutes: int


MinutesIntent: TypeAlias = (
    OpenDraft | SeeDraft | SeePoint | SeeWholeDraft | TakeDraft | MovePoint | WriteNote | SeeNote | ChangeNote | MoveNote | AskRemoveNote
    | RemoveNote | SeeRival | ChooseText | GiveTask | SeeDraftFiles | AttachDraftFile | TakeDraftFile | RemoveDraftFile | LookOver
    | Circulate | ChooseDays | SeeAnswers | AskRemindSilent | RemindSilent | SeeRemarks | SeeRemark | AcceptRemark | DeclineRemark | WriteAnnex
)  # fmt: skip

CODES: Final[dict[str, type[MinutesIntent]]] = {
    "No": OpenDraft, "Nd": SeeDraft, "Np": SeePoint, "Nw": SeeWholeDraft, "Nt": TakeDraft, "NP": MovePoint, "NN": WriteNote,
    "Nn": SeeNote, "Nc": ChangeNote, "Nm": MoveNote, "Nx": AskRemoveNote, "NX": RemoveNote, "Nr": SeeRival, "NR": ChooseText,
    "NG": GiveTask, "Nf": SeeDraftFiles, "NF": AttachDraftFile, "Ne": TakeDraftFile, "NE": RemoveDraftFile, "Nl": LookOver,
    "NC": Circulate, "ND": ChooseDays, "Na": SeeAnswers, "Nq": AskRemindSilent, "NQ": RemindSilent, "Nu": SeeRemarks, "Ni": SeeRemark, "NY": AcceptRemark, "NZ": DeclineRemark,
    "NA": WriteAnnex,
}  # fmt: skip

LOOKS: Final[frozenset[type[MinutesIntent]]] = frozenset(
    {SeeDraft, SeePoint, SeeWholeDraft, TakeDraft, SeeNote, AskRemoveNote, SeeRival, SeeDraftFiles, TakeDraftFile, LookOver, SeeAnswers,
     AskRemindSilent,     SeeRemarks, SeeRemark}
)  # fmt: skip


def in_button(point: str) -> str:
    """Write a point as a button carries it."""
    return point.replace(":", "-")


def from_button(point: str) -> str:
    """Read it back; what is no point of any minutes stays so."""
    return point.replace("-", ":")
