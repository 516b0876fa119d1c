"""Intents about the plan of the year and working groups: a part of ``meeting_intents``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias


@dataclass(frozen=True, slots=True)
class SeePlan:
    """See the plan of a body's year; year 0 is the one that matters now."""

    body: int
    year: int


@dataclass(frozen=True, slots=True)
class PlanYear:
    """Plan the meetings of a year by rules."""

    body: int
    year: int


@dataclass(frozen=True, slots=True)
class EnterMeeting:
    """Enter a single meeting."""

    body: int


@dataclass(frozen=True, slots=True)
class SeeProposals:
    """See the proposals of a year (0: the one that matters now) with what speaks against each; pages count from 0."""

    body: int
    year: int
    page: int = 0


@dataclass(frozen=True, slots=True)
class SeeProposal:
    """See a meeting of the plan nobody has been called to, and what may be done about it."""

    meeting: int


@dataclass(frozen=True, slots=True)
class AdjustMeeting:
    """Change a meeting of the plan before anybody is called to it."""

    meeting: int


@dataclass(frozen=True, slots=True)
class ConfirmPlan:
    """Confirm all proposals of a year that are ahead."""

    body: int
    year: int


@dataclass(frozen=True, slots=True)
class ConfirmProposal:
    """Confirm one proposal."""

    meeting: int


@dataclass(frozen=True, slots=True)
class AskDropMeeting:
    """Be asked whether to take a meeting off the plan."""

    meeting: int


@dataclass(frozen=True, slots=True)
class DropMeeting:
    """Take a meeting off the plan."""

    meeting: int


@dataclass(frozen=True, slots=True)
class AskDropProposals:
    """Be asked whether to drop all proposals of a year."""

    body: int
    year: int


@dataclass(frozen=True, slots=True)
class DropProposals:
    """Drop all proposals of a year."""

    body: int
    year: int


@dataclass(frozen=True, slots=True)
class SeeGroups:
    """See the working groups of a body."""

    body: int


@dataclass(frozen=True, slots=True)
class SeeGroup:
    """See a working group: its task, its term, who belongs to it."""

    group: int


@dataclass(frozen=True, slots=True)
class SetUpGroup:
    """Set up a working group."""

    body: int


@dataclass(frozen=True, slots=True)
class ExtendGroup:
    """Extend the term of a working group by some months."""

    group: int
    months: int


@dataclass(frozen=True, slots=True)
class AskCloseGroup:
    """Be asked whether to end the work of a group."""

    group: int


@dataclass(frozen=True, slots=True)
class CloseGroup:
    """End the work of a group."""

    group: int


PlanIntent: TypeAlias = (
    SeePlan | PlanYear | EnterMeeting | SeeProposals | SeeProposal | AdjustMeeting | ConfirmPlan | ConfirmProposal | AskDropMeeting
    | DropMeeting | AskDropProposals | DropProposals | SeeGroups | SeeGroup | SetUpGroup | ExtendGroup | AskCloseGroup | CloseGroup
)  # fmt: skip

CODES: Final[dict[str, type[PlanIntent]]] = {
    "y": SeePlan, "yy": PlanYear, "yn": EnterMeeting, "yp": SeeProposals, "yo": SeeProposal, "ya": AdjustMeeting, "yc": ConfirmPlan,
    "yC": ConfirmProposal, "yx": AskDropMeeting, "yX": DropMeeting, "yq": AskDropProposals, "yQ": DropProposals, "yg": SeeGroups,
    "yi": SeeGroup, "yG": SetUpGroup, "yt": ExtendGroup, "yz": AskCloseGroup, "yZ": CloseGroup,
}  # fmt: skip

LOOKS: Final[frozenset[type[PlanIntent]]] = frozenset(
    {SeePlan, SeeProposals, SeeProposal, AskDropMeeting, AskDropProposals, SeeGroups, SeeGroup, AskCloseGroup}
)
