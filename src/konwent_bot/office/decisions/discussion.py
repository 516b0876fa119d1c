"""The discussion of a proposal: what institutions say about its text, until it is closed before consensus is looked for.

KSR White Book §1.3.7; domain.md R6: nothing is decided that was not discussed. What is said is the institution's (or that of whoever
coordinates or chairs), and whoever may see the proposal reads it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import bindparam, insert, select, update

from konwent_bot.errors import N_, NotFound, Refused
from konwent_bot.office.decisions import facts
from konwent_bot.office.decisions.changing import require_open
from konwent_bot.office.decisions.facts import Proposal
from konwent_bot.office.decisions.proposals import speaks
from konwent_bot.office.meetings.facts import NOT_HERE
from konwent_bot.office.rights import Actor, require
from konwent_bot.office.subjects import Outcome, Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.columns import UtcInstant
from konwent_bot.store.tables import INSTITUTION, MEMBERSHIP, PROPOSAL, PROPOSAL_COMMENT

#: Characters of a comment.
MOST_TEXT: Final = 2000

_CLOSED: Final = N_("The discussion of this proposal is closed. It opens again if the text is amended.")


class Comment(BaseModel):
    """What the act ``proposal.comment`` takes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: str = Field(max_length=MOST_TEXT)


@dataclass(frozen=True, slots=True)
class Said:
    """Something that was said in a discussion."""

    id: int
    #: Number of the text it was said about.
    version: int
    #: The institution and its name; nothing where whoever coordinates or chairs spoke.
    membership: int | None
    institution: str
    text: str
    at: datetime


def comments(uow: UnitOfWork, actor: Actor, proposal_id: int) -> tuple[Said, ...]:
    """Give what was said about a proposal, in order of time.

    Raises:
        NotFound: there is no such proposal for this actor.
    """
    facts.see(uow, actor, proposal_id)
    return tuple(
        Said(row.id, row.version, row.membership_id, row.short_name or "", row.body, row.created_at)
        for row in uow.execute(_COMMENTS, proposal=proposal_id)
    )


def may_comment(uow: UnitOfWork, actor: Actor, subject: Subject) -> None:
    """Refuse unless the actor may say something here: for their institution, or (without one) as whoever coordinates or chairs.

    Raises:
        NotFound: there is no such proposal for this actor, or they do not speak for the institution.
        Refused: the discussion is closed.
    """
    proposal = facts.get(uow, subject.proposal or 0)
    if subject.membership is None:
        require(uow, actor, "proposal.lead", body=proposal.body)
    elif not speaks(uow, actor, proposal.body, facts.meeting_of(uow, proposal), subject.membership):
        raise NotFound(NOT_HERE)
    if proposal.state != "discussion":
        raise Refused(_CLOSED)


def comment(uow: UnitOfWork, actor: Actor, subject: Subject, said: Comment) -> Outcome:
    """Say something about a proposal. Raises as ``may_comment``."""
    proposal = facts.get(uow, subject.proposal or 0, lock=True)  # nobody closes the discussion meanwhile
    may_comment(uow, actor, subject)
    made = uow.execute(
        _SAY, proposal=proposal.id, version=proposal.version, membership=subject.membership, text=said.text.strip(),
        person=actor.person, now=uow.now,
    ).scalar_one()  # fmt: skip
    uow.audit("proposal.comment", body=proposal.body, person=actor.person, proposal=proposal.id, comment=made)
    return Outcome(proposal.body, proposal.meeting, made=made, proposal=proposal.id)


def close(uow: UnitOfWork, actor: Actor, proposal_id: int) -> Proposal:
    """Close a discussion, so that consensus can be looked for. Closed twice it is closed once.

    Raises:
        NotFound: there is no such proposal for this actor.
        Refused: it is decided, or institutions are being asked already.
    """
    proposal = facts.steer(uow, actor, proposal_id, "proposal.lead")
    if proposal.state == "discussed":
        return proposal
    require_open(proposal)
    if proposal.state != "discussion":
        raise Refused(N_("This proposal has been discussed already."))
    uow.execute(_CLOSE, proposal=proposal.id, now=uow.now)
    uow.audit("proposal.discussed", body=proposal.body, person=actor.person, proposal=proposal.id)
    return facts.get(uow, proposal.id)


def reopen(uow: UnitOfWork, actor: Actor, proposal_id: int) -> Proposal:
    """Open a discussion again without another text: somebody has more to say, or an objection is to be talked over.

    Raises:
        NotFound: there is no such proposal for this actor.
        Refused: it is decided, or institutions are being asked at this moment.
    """
    proposal = facts.steer(uow, actor, proposal_id, "proposal.lead")
    if proposal.state == "discussion":
        return proposal
    require_open(proposal)
    if proposal.state == "consensus":
        raise Refused(N_("Institutions are being asked about this proposal. Close the round first."))
    uow.execute(_REOPEN, proposal=proposal.id)
    uow.audit("proposal.reopen", body=proposal.body, person=actor.person, proposal=proposal.id)
    return facts.get(uow, proposal.id)


# --- inside -----------------------------------------------------------------------------------------------------------

_C: Final = PROPOSAL_COMMENT.c
_COMMENTS = (
    select(PROPOSAL_COMMENT, INSTITUTION.c.short_name)
    .select_from(
        PROPOSAL_COMMENT.outerjoin(MEMBERSHIP, MEMBERSHIP.c.id == _C.membership_id).outerjoin(
            INSTITUTION, INSTITUTION.c.id == MEMBERSHIP.c.institution_id
        )
    )
    .where(_C.proposal_id == bindparam("proposal"))
    .order_by(_C.id)
)
_SAY = (
    insert(PROPOSAL_COMMENT)
    .values(
        proposal_id=bindparam("proposal"), version=bindparam("version"), membership_id=bindparam("membership"), body=bindparam("text"),
        person_id=bindparam("person"), created_at=bindparam("now", type_=UtcInstant),
    )
    .returning(_C.id)
)  # fmt: skip
_THIS = update(PROPOSAL).where(PROPOSAL.c.id == bindparam("proposal"))
_CLOSE = _THIS.values(state="discussed", discussed_at=bindparam("now", type_=UtcInstant))
_REOPEN = _THIS.values(state="discussion", discussed_at=None)
