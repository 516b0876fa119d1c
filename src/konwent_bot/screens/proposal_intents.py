"""Intents about proposals, their discussion and the search for consensus: a part of ``intents``, which is the only codec of them.

A proposal to be decided is a *motion* here, because ``plan_intents`` has proposed meetings already.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias


@dataclass(frozen=True, slots=True)
class SeeMotions:
    """See the motions of a body: those that are not decided, or (``decided`` 1) the others; pages count from 0."""

    body: int
    decided: int = 0
    page: int = 0


@dataclass(frozen=True, slots=True)
class SeeMeetingMotions:
    """See the motions to be decided at a meeting; pages count from 0."""

    meeting: int
    page: int = 0


@dataclass(frozen=True, slots=True)
class SeeMotion:
    """See a motion: what it says, how far it has come, what may be done."""

    proposal: int


@dataclass(frozen=True, slots=True)
class SeeMotionText:
    """See one of the texts a motion has had, whole."""

    proposal: int
    version: int


@dataclass(frozen=True, slots=True)
class SeeDiscussion:
    """See what was said about a motion; pages count from 0, the first has what was said last."""

    proposal: int
    page: int = 0


@dataclass(frozen=True, slots=True)
class EnterMotion:
    """Enter a motion for an institution, or (``membership`` 0) as whoever leads: at a meeting, or (``meeting`` 0) by circulation."""

    body: int
    meeting: int
    membership: int


@dataclass(frozen=True, slots=True)
class AmendMotion:
    """Give a motion another text, or another rule to ask for."""

    proposal: int


@dataclass(frozen=True, slots=True)
class CommentMotion:
    """Say something about a motion for an institution, or (``membership`` 0) as whoever leads."""

    proposal: int
    membership: int


@dataclass(frozen=True, slots=True)
class AskWithdraw:
    """Be asked whether to take a motion back."""

    proposal: int


@dataclass(frozen=True, slots=True)
class WithdrawMotion:
    """Take a motion back."""

    proposal: int


@dataclass(frozen=True, slots=True)
class PostponeMotion:
    """Put a motion off to the next meeting."""

    proposal: int


@dataclass(frozen=True, slots=True)
class CloseDiscussion:
    """Close the discussion of a motion."""

    proposal: int


@dataclass(frozen=True, slots=True)
class ReopenDiscussion:
    """Open the discussion of a motion again."""

    proposal: int


@dataclass(frozen=True, slots=True)
class OpenRound:
    """Ask institutions whether they agree with a motion."""

    proposal: int


@dataclass(frozen=True, slots=True)
class SeeRound:
    """See a round of consensus: the question, where my institutions stand, what others say; at its end what it came to."""

    consensus: int


@dataclass(frozen=True, slots=True)
class SeeStances:
    """See where each institution on the roll of a round stands; pages count from 0."""

    consensus: int
    page: int = 0


@dataclass(frozen=True, slots=True)
class AskStance:
    """See what an institution may say in a round: for whoever speaks for several."""

    consensus: int
    membership: int


@dataclass(frozen=True, slots=True)
class TakeStance:
    """Say for an institution that it agrees, or stands aside."""

    consensus: int
    membership: int
    stance: str


@dataclass(frozen=True, slots=True)
class ReserveStance:
    """Agree for an institution with a reservation, in words."""

    consensus: int
    membership: int


@dataclass(frozen=True, slots=True)
class ObjectStance:
    """Object for an institution, in words."""

    consensus: int
    membership: int


@dataclass(frozen=True, slots=True)
class AskNote:
    """See what may be noted of what an institution said aloud."""

    consensus: int
    membership: int


@dataclass(frozen=True, slots=True)
class AskNoteWords:
    """See the form for a reservation or an objection that was said aloud."""

    consensus: int
    membership: int
    stance: str


@dataclass(frozen=True, slots=True)
class NoteStance:
    """Note what an institution said aloud."""

    consensus: int
    membership: int
    stance: str


@dataclass(frozen=True, slots=True)
class CallRound:
    """Make the final call: ask whether anybody objects."""

    consensus: int


@dataclass(frozen=True, slots=True)
class AskCloseRound:
    """Be asked whether to close a round, and see what it would come to."""

    consensus: int


@dataclass(frozen=True, slots=True)
class CloseRound:
    """Close a round."""

    consensus: int


@dataclass(frozen=True, slots=True)
class SeeRule:
    """See the rule a body decides by; another one is proposed at a meeting, or (``meeting`` 0) by circulation."""

    body: int
    meeting: int = 0


@dataclass(frozen=True, slots=True)
class ProposeRule:
    """Propose another rule to decide by; the numbers as in ``EnterMotion``."""

    body: int
    meeting: int
    membership: int


@dataclass(frozen=True, slots=True)
class SeeDecisionSettings:
    """See how a body comes to its decisions, and what may be chosen."""

    body: int


@dataclass(frozen=True, slots=True)
class ChooseDecisionSetting:
    """Choose one of them."""

    body: int
    setting: str
    value: str


ProposalIntent: TypeAlias = (
    SeeMotions | SeeMeetingMotions | SeeMotion | SeeMotionText | SeeDiscussion | EnterMotion | AmendMotion | CommentMotion | AskWithdraw
    | WithdrawMotion | PostponeMotion | CloseDiscussion | ReopenDiscussion | OpenRound | SeeRound | SeeStances | AskStance | TakeStance
    | ReserveStance | ObjectStance | AskNote | AskNoteWords | NoteStance | CallRound | AskCloseRound | CloseRound | SeeRule
    | ProposeRule | SeeDecisionSettings | ChooseDecisionSetting
)  # fmt: skip

CODES: Final[dict[str, type[ProposalIntent]]] = {
    "wl": SeeMotions, "wm": SeeMeetingMotions, "wi": SeeMotion, "wt": SeeMotionText, "wd": SeeDiscussion, "wE": EnterMotion,
    "wA": AmendMotion, "wk": CommentMotion, "wx": AskWithdraw, "wX": WithdrawMotion, "wP": PostponeMotion, "wC": CloseDiscussion,
    "wO": ReopenDiscussion, "wR": OpenRound, "wr": SeeRound, "ws": SeeStances, "wa": AskStance, "wS": TakeStance, "wz": ReserveStance,
    "wo": ObjectStance, "wn": AskNote, "ww": AskNoteWords, "wN": NoteStance, "wF": CallRound, "wq": AskCloseRound, "wQ": CloseRound,
    "wu": SeeRule, "wU": ProposeRule, "wg": SeeDecisionSettings, "wG": ChooseDecisionSetting,
}  # fmt: skip

LOOKS: Final[frozenset[type[ProposalIntent]]] = frozenset(
    {SeeMotions, SeeMeetingMotions, SeeMotion, SeeMotionText, SeeDiscussion, AskWithdraw, SeeRound, SeeStances, AskStance, AskNote,
     AskNoteWords, AskCloseRound, SeeRule, SeeDecisionSettings}
)  # fmt: skip
