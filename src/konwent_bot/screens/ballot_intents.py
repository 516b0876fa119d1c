"""Intents about ballots, the register of decisions and their tasks: a part of ``intents``, which is the only codec of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias


@dataclass(frozen=True, slots=True)
class SeeBallot:
    """See a ballot that takes votes: what it is about, by which rule, what my institution has said; once it is closed, its decision."""

    ballot: int


@dataclass(frozen=True, slots=True)
class SeeVote:
    """See what an institution may vote in a ballot, and what to know before."""

    ballot: int
    membership: int


@dataclass(frozen=True, slots=True)
class Vote:
    """Vote for an institution in an open ballot."""

    ballot: int
    membership: int
    choice: str


@dataclass(frozen=True, slots=True)
class AskPaper:
    """Be asked whether this is the vote of an institution in a secret ballot. From a page the choice comes in the form and never stands here."""

    ballot: int
    membership: int
    choice: str


@dataclass(frozen=True, slots=True)
class CastPaper:
    """Vote for an institution in a secret ballot, for good. From a page the choice comes in the form and never stands here."""

    ballot: int
    membership: int
    choice: str


@dataclass(frozen=True, slots=True)
class AskBallot:
    """See how a ballot on a proposal may be held, and by which rule."""

    proposal: int


@dataclass(frozen=True, slots=True)
class AskLength:
    """See how long a ballot (``open`` or ``secret``) may take votes."""

    proposal: int
    method: str


@dataclass(frozen=True, slots=True)
class OpenBallot:
    """Open a ballot (``open`` or ``secret``). ``length``: minutes at a meeting, days by circulation."""

    proposal: int
    method: str
    length: int


@dataclass(frozen=True, slots=True)
class AskTighten:
    """See how an open ballot may be made stricter."""

    ballot: int


@dataclass(frozen=True, slots=True)
class TightenBallot:
    """Make an open ballot stricter: ``secret`` 1, or closed once this much of ``length`` (as in ``OpenBallot``) is over."""

    ballot: int
    secret: int
    length: int


@dataclass(frozen=True, slots=True)
class CloseBallot:
    """Close a ballot before its deadline, where nothing can change its result any more."""

    ballot: int


@dataclass(frozen=True, slots=True)
class CastingVote:
    """Say which way a tie is decided: ``for`` or ``against``."""

    ballot: int
    choice: str


@dataclass(frozen=True, slots=True)
class AskHands:
    """See the form for a show of hands: by institution (``names``), or how many were raised (``totals``)."""

    proposal: int
    how: str


@dataclass(frozen=True, slots=True)
class NoteHands:
    """Note a show of hands. ``sure`` 0: what was counted is read back first."""

    proposal: int
    how: str
    sure: int


@dataclass(frozen=True, slots=True)
class SeeDecision:
    """See a decision: what it says, how it was reached, with every number, and its tasks."""

    decision: int


@dataclass(frozen=True, slots=True)
class TakeDecision:
    """Take the file of a decision that anybody can count again."""

    decision: int


@dataclass(frozen=True, slots=True)
class SeeRegister:
    """See the decisions of a body, the newest first; year 0 is all of them, pages count from 0."""

    body: int
    year: int = 0
    page: int = 0


@dataclass(frozen=True, slots=True)
class SearchRegister:
    """Look for words in the decisions of a body."""

    body: int


@dataclass(frozen=True, slots=True)
class TakeRegister:
    """Take the register along, as a workbook (``xlsx``) or for programs (``json``)."""

    body: int
    file: str


@dataclass(frozen=True, slots=True)
class SeeTasks:
    """See the tasks of a body's decisions that are not done; pages count from 0."""

    body: int
    page: int = 0


@dataclass(frozen=True, slots=True)
class AttachTask:
    """Give an institution a task that follows from a decision."""

    decision: int


@dataclass(frozen=True, slots=True)
class FinishTask:
    """Say that a task is done."""

    task: int


@dataclass(frozen=True, slots=True)
class ReopenTask:
    """Say that a task is not done after all."""

    task: int


BallotIntent: TypeAlias = (
    SeeBallot | SeeVote | Vote | AskPaper | CastPaper | AskBallot | AskLength | OpenBallot | AskTighten | TightenBallot | CloseBallot
    | CastingVote | AskHands | NoteHands | SeeDecision | TakeDecision | SeeRegister | SearchRegister | TakeRegister | SeeTasks
    | AttachTask | FinishTask | ReopenTask
)  # fmt: skip

CODES: Final[dict[str, type[BallotIntent]]] = {
    "bb": SeeBallot, "bv": SeeVote, "bV": Vote, "bp": AskPaper, "bP": CastPaper, "bq": AskBallot, "bl": AskLength, "bO": OpenBallot,
    "bt": AskTighten, "bT": TightenBallot, "bC": CloseBallot, "bc": CastingVote, "bh": AskHands, "bH": NoteHands, "bd": SeeDecision,
    "bf": TakeDecision, "br": SeeRegister, "bs": SearchRegister, "bx": TakeRegister, "bz": SeeTasks, "bZ": AttachTask, "bF": FinishTask,
    "bR": ReopenTask,
}  # fmt: skip

LOOKS: Final[frozenset[type[BallotIntent]]] = frozenset(
    {
        SeeBallot,
        SeeVote,
        AskBallot,
        AskLength,
        AskTighten,
        AskHands,
        SeeDecision,
        TakeDecision,
        SeeRegister,
        TakeRegister,
        SeeTasks,
    }
)
