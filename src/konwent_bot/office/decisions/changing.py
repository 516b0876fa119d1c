"""Changing a proposal: another text, taking it back, putting it off to the next meeting. Each leads back to the discussion."""

from __future__ import annotations

from typing import Final

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import bindparam, update

from konwent_bot.errors import N_, NotFound, Refused
from konwent_bot.office.decisions import facts, proposal_news
from konwent_bot.office.decisions.facts import Proposal
from konwent_bot.office.decisions.proposals import MOST_TEXT, MOST_TITLE, Wording, speaks, write
from konwent_bot.office.decisions.rounds import call_off
from konwent_bot.office.meetings import agenda, agenda_items
from konwent_bot.office.meetings import facts as meetings
from konwent_bot.office.meetings.facts import NOT_HERE
from konwent_bot.office.rights import RIGHTS, Actor, offices, require
from konwent_bot.office.subjects import Outcome, Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import PROPOSAL
from konwent_bot.store.tables.decisions import PENDING

#: Characters of a reason.
MOST_REASON: Final = 1000

_DECIDED: Final = N_("This proposal is decided or withdrawn, so it stays as it is.")
_VOTED_ON: Final = N_("A ballot on this proposal is open, so it stays as it is until the ballot is over.")


class Amended(BaseModel):
    """What the act ``proposal.amend`` takes: the whole new text, and why."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str = Field(max_length=MOST_TITLE)
    text: str = Field(max_length=MOST_TEXT)
    reason: str = Field(max_length=MOST_REASON)


def may_amend(uow: UnitOfWork, actor: Actor, subject: Subject) -> None:
    """Refuse unless the actor may give this proposal another text: whose it is, or whoever coordinates or chairs.

    Raises:
        NotFound: there is no such proposal for this actor.
        Refused: it is decided, or a ballot on it is open; it asks for a rule, which has no words of its own.
    """
    proposal = facts.get(uow, subject.proposal or 0)
    require_own(uow, actor, proposal)
    require_open(proposal)
    if proposal.kind == "rule":
        raise Refused(N_("What this proposal says follows from the rule it asks for. Choose another rule."))


def amend(uow: UnitOfWork, actor: Actor, subject: Subject, said: Amended) -> Outcome:
    """Give a proposal another text, with the reason: its discussion is open again, and a round under way is called off.

    Raises:
        NotFound, Refused: as ``may_amend``; the text would be as it was.
    """
    proposal = facts.get(uow, subject.proposal or 0, lock=True)
    may_amend(uow, actor, subject)
    wording = Wording(" ".join(said.title.split()), said.text.strip(), reason=said.reason.strip())
    return reword(uow, actor, proposal, wording)


def reword(uow: UnitOfWork, actor: Actor, proposal: Proposal, wording: Wording) -> Outcome:
    """Make a new text of a proposal, which the caller holds. Asks no rights.

    Raises:
        Refused: the text would be as it was.
    """
    if (wording.title, wording.text) == (proposal.title, proposal.text):
        raise Refused(N_("Nothing would change: the text is as it was."))
    call_off(uow, actor, proposal)
    write(uow, actor, proposal.id, proposal.version + 1, wording)
    uow.execute(_REWORD, proposal=proposal.id, new_version=proposal.version + 1, new_rule=wording.rule)
    uow.audit("proposal.amend", body=proposal.body, person=actor.person, proposal=proposal.id, version=proposal.version + 1)
    proposal_news.amended(uow, facts.get(uow, proposal.id), actor)
    return Outcome(proposal.body, proposal.meeting, proposal=proposal.id)


def withdraw(uow: UnitOfWork, actor: Actor, proposal_id: int) -> Proposal:
    """Take a proposal back; a round under way is called off. Taken back twice it is taken back once.

    Raises:
        NotFound: there is no such proposal for this actor.
        Refused: it is decided, or a ballot on it is open.
    """
    proposal = facts.get(uow, proposal_id, lock=True)
    require_own(uow, actor, proposal)
    if proposal.state == "withdrawn":
        return proposal
    require_open(proposal)
    call_off(uow, actor, proposal)
    uow.execute(_MOVE, proposal=proposal.id, new_state="withdrawn")
    uow.audit("proposal.withdraw", body=proposal.body, person=actor.person, proposal=proposal.id)
    proposal_news.withdrawn(uow, proposal, actor)
    return facts.get(uow, proposal.id)


def postpone(uow: UnitOfWork, actor: Actor, proposal_id: int) -> Proposal:
    """Leave a proposal open for the next meeting: its matter is carried over, and it goes with it, to be discussed once more.

    It goes once this meeting is noted as held and the next one is called (``agenda``).

    Raises:
        NotFound: there is no such proposal for this actor.
        Refused: it is decided by circulation, or decided; a round or ballot on it is open; its meeting has not begun.
    """
    found = facts.get(uow, proposal_id)
    require(uow, actor, "proposal.lead", body=found.body)
    if found.meeting is None:
        raise Refused(N_("This proposal is decided by circulation, so there is no meeting to put it off to."))
    meeting = meetings.get(uow, found.meeting, lock=True)  # before the proposal, as the agenda does it
    proposal = facts.get(uow, proposal_id, lock=True)
    require_open(proposal)
    if proposal.state not in PENDING:
        raise Refused(N_("Institutions are being asked about this proposal. Close the round first."))
    if proposal.meeting == meeting.id and proposal.item is not None:
        agenda_items.note(uow, actor, proposal.item, "open")
        agenda.proposals_follow(uow, proposal.item)
    uow.execute(_REOPEN, proposal=proposal.id)
    uow.audit("proposal.postpone", body=proposal.body, person=actor.person, proposal=proposal.id)
    put_off = facts.get(uow, proposal.id)
    proposal_news.postponed(uow, put_off, actor)
    return put_off


# --- who --------------------------------------------------------------------------------------------------------------


def leads(uow: UnitOfWork, actor: Actor, body: int) -> bool:
    """Tell whether an actor leads a body's decisions: closes discussions, opens rounds and closes them."""
    return bool(RIGHTS["proposal.lead"] & offices(uow, actor, body))


def is_own(uow: UnitOfWork, actor: Actor, proposal: Proposal) -> bool:
    """Tell whether a proposal is the actor's to change: of an institution they speak for, or of a post, while they hold one that leads."""
    if leads(uow, actor, proposal.body):
        return True
    return proposal.membership is not None and speaks(
        uow, actor, proposal.body, facts.meeting_of(uow, proposal), proposal.membership
    )


def require_own(uow: UnitOfWork, actor: Actor, proposal: Proposal) -> None:
    """Refuse (``NotFound``) unless a proposal is the actor's to change."""
    if not is_own(uow, actor, proposal):
        raise NotFound(NOT_HERE)


def require_open(proposal: Proposal) -> None:
    """Refuse (``Refused``) about a proposal that is decided, withdrawn, or voted on."""
    if proposal.state == "ballot":
        raise Refused(_VOTED_ON)
    if proposal.state not in (*PENDING, "consensus"):
        raise Refused(_DECIDED)


# --- inside -----------------------------------------------------------------------------------------------------------

_THIS = update(PROPOSAL).where(PROPOSAL.c.id == bindparam("proposal"))
_REWORD = _THIS.values(version=bindparam("new_version"), rule=bindparam("new_rule"), state="discussion", discussed_at=None)
_MOVE = _THIS.values(state=bindparam("new_state"))
_REOPEN = _THIS.values(state="discussion", discussed_at=None)
