"""Lists of proposals, what a proposal said before, and what somebody may do with one at this moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias

from sqlalchemy import bindparam, exists, select

from konwent_bot.office.decisions import facts, rounds
from konwent_bot.office.decisions.changing import is_own, leads
from konwent_bot.office.decisions.facts import PROPOSALS, Proposal
from konwent_bot.office.meetings import facts as meetings
from konwent_bot.office.rights import Actor
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import POST, PROPOSAL, PROPOSAL_TEXT
from konwent_bot.store.tables.decisions import PENDING

#: Proposals a list holds at most: who wants older ones looks into the register.
MOST: Final = 100

#: Proposals under discussion that home shows at most.
MOST_DISCUSSED: Final = 5

#: What somebody may do with a proposal.
Can: TypeAlias = Literal[
    "comment",
    "amend",
    "withdraw",
    "close_discussion",
    "reopen",
    "open_round",
    "stance",
    "call",
    "close_round",
    "postpone",
    "ballot",
]


@dataclass(frozen=True, slots=True)
class TextVersion:
    """A text of a proposal."""

    version: int
    title: str
    text: str
    #: Why it was amended; empty for the first one.
    reason: str
    created_at: datetime


def texts(uow: UnitOfWork, proposal: Proposal) -> tuple[TextVersion, ...]:
    """Give every text a proposal has had, the newest first. Asks no rights."""
    rows = uow.execute(_TEXTS, proposal=proposal.id)
    return tuple(TextVersion(row.version, row.title, row.body, row.reason, row.created_at) for row in rows)


def of_body(uow: UnitOfWork, actor: Actor, body: int, *, open_only: bool = True) -> list[Proposal]:
    """Give the proposals of a body, the newest first; those that are not decided, or all.

    Raises:
        NotFound: there is no such body for this actor.
    """
    facts.require_member(uow, actor, body)
    return [facts.read(row) for row in uow.execute(_OPEN if open_only else _ALL, body=body)]


def of_meeting(uow: UnitOfWork, actor: Actor, meeting: int) -> list[Proposal]:
    """Give the proposals to be decided at a meeting, in the order in which they were entered.

    Raises:
        NotFound: there is no such meeting for this actor.
    """
    meetings.see(uow, actor, meeting)
    return [facts.read(row) for row in uow.execute(_OF_MEETING, meeting=meeting)]


def discussed(uow: UnitOfWork, person: int) -> list[Proposal]:
    """Give the proposals under discussion in the bodies a person belongs to, the newest first: what they may still say something about."""
    return [facts.read(row) for row in uow.execute(_DISCUSSED, person=person, most=MOST_DISCUSSED)]


def to_lead(uow: UnitOfWork, person: int) -> list[Proposal]:
    """Give the proposals that wait for a person, who coordinates or chairs, to carry them on: discussed, objected to, undecided."""
    return [facts.read(row) for row in uow.execute(_TO_LEAD, person=person)]


def can(uow: UnitOfWork, actor: Actor, proposal: Proposal) -> frozenset[Can]:
    """Say what an actor may do with a proposal now: which buttons a screen shows. The acts ask for themselves."""
    found: set[Can] = set()
    mine = bool(actor.person is not None and facts.own(uow, actor.person, proposal))
    lead = leads(uow, actor, proposal.body)
    state = proposal.state
    if state == "discussion" and (lead or mine):
        found.add("comment")
    if state in (*PENDING, "consensus") and is_own(uow, actor, proposal):
        found |= {"amend", "withdraw"}
    consensus = rounds.current(uow, proposal.id) if state == "consensus" else None
    if consensus is not None and actor.person is not None and consensus.takes_stances(uow.now):
        found |= {"stance"} if rounds.own(uow, actor.person, proposal, consensus) else set()
    if lead:
        found |= _steps(uow, proposal, consensus)
    return frozenset(found)


# --- inside -----------------------------------------------------------------------------------------------------------


def _steps(uow: UnitOfWork, proposal: Proposal, consensus: rounds.Round | None) -> set[Can]:
    """Give the next steps of whoever leads."""
    found: set[Can] = set()
    match proposal.state:
        case "discussion":
            found.add("close_discussion")
        case "discussed":
            found |= {"open_round", "reopen"}
        case "objected" | "undecided":
            found |= {"reopen", "ballot"}
        case "consensus" if consensus is not None and consensus.closes_at is None:
            found.add("call" if consensus.called_at is None else "close_round")
        case "consensus" if consensus is not None and not consensus.silent:
            found.add("close_round")
    meeting = facts.meeting_of(uow, proposal)
    if proposal.state in PENDING and meeting is not None and meeting.starts_at <= uow.now:
        found.add("postpone")
    return found


_P: Final = PROPOSAL.c
_TEXTS = (
    select(PROPOSAL_TEXT).where(PROPOSAL_TEXT.c.proposal_id == bindparam("proposal")).order_by(PROPOSAL_TEXT.c.version.desc())
)
_ALL = PROPOSALS.where(_P.body_id == bindparam("body")).order_by(_P.id.desc()).limit(MOST)
_OPEN = _ALL.where(_P.state.in_((*PENDING, "consensus", "ballot")))
_OF_MEETING = PROPOSALS.where(_P.meeting_id == bindparam("meeting")).order_by(_P.id)
_DISCUSSED = (
    PROPOSALS.where(_P.state == "discussion", _P.body_id.in_(meetings.BODIES)).order_by(_P.id.desc()).limit(bindparam("most"))
)
_TO_LEAD = PROPOSALS.where(
    _P.state.in_(tuple(one for one in PENDING if one != "discussion")),
    exists().where(
        POST.c.body_id == _P.body_id, POST.c.kind.in_(("coordinator", "chair")), POST.c.person_id == bindparam("person")
    ),
).order_by(_P.id)
