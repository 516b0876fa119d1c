"""What the secretariat says of proposals and of rounds of consensus: that there is one, that its text is another, that an answer is missing.

Each institution is told through its proper person. What a round adopted is told by the register; that nobody who has answered is reminded
is asked once more immediately before a reminder is sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from sqlalchemy import bindparam, select

from konwent_bot.errors import NotFound
from konwent_bot.office import notices
from konwent_bot.office.decisions import facts, recipients, rounds
from konwent_bot.office.decisions.facts import Proposal
from konwent_bot.office.decisions.rounds import Round
from konwent_bot.office.occasion import Due, Message, Occasion, Reader
from konwent_bot.office.rights import Actor
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import SEAT

ENTERED: Final = "proposal.entered"
AMENDED: Final = "proposal.amended"
POSTPONED: Final = "proposal.postponed"
WITHDRAWN: Final = "proposal.withdrawn"
OPENED: Final = "consensus.opened"
CALLED: Final = "consensus.called"
REMINDER: Final = "consensus.reminder"
ENDED: Final = "consensus.ended"

#: News of a proposal, and of a round.
Happened: TypeAlias = Literal["entered", "amended", "postponed", "withdrawn"]
Asked: TypeAlias = Literal["opened", "called", "reminder", "ended"]


@dataclass(frozen=True, slots=True)
class ProposalNews(Message):
    """News of a proposal for one reader."""

    what: Happened
    proposal: Proposal


@dataclass(frozen=True, slots=True)
class RoundNews(Message):
    """News of a round for one reader."""

    what: Asked
    proposal: Proposal
    round: Round
    #: The institution it is for, and its name; nothing for whoever coordinates or chairs.
    membership: int | None
    institution: str


# --- telling ----------------------------------------------------------------------------------------------------------


def entered(uow: UnitOfWork, proposal: Proposal, actor: Actor) -> None:
    """Tell of a new proposal: by circulation everybody entitled, of one for a meeting whoever coordinates or chairs."""
    _tell(uow, proposal, ENTERED, actor, everybody=proposal.meeting is None, revision=1)


def amended(uow: UnitOfWork, proposal: Proposal, actor: Actor) -> None:
    """Tell everybody entitled of another text."""
    _tell(uow, proposal, AMENDED, actor, revision=proposal.version)


def postponed(uow: UnitOfWork, proposal: Proposal, actor: Actor) -> None:
    """Tell everybody entitled that a proposal is put off."""
    _tell(uow, proposal, POSTPONED, actor)


def withdrawn(uow: UnitOfWork, proposal: Proposal, actor: Actor) -> None:
    """Tell everybody entitled that there is nothing to decide any more; what was not sent yet of this proposal is not sent."""
    notices.withdraw(uow, proposal.subject)
    _tell(uow, proposal, WITHDRAWN, actor, revision=1)


def round_opened(uow: UnitOfWork, proposal: Proposal, consensus: Round) -> None:
    """Ask everybody on the roll where they stand."""
    _ask(uow, proposal, consensus, OPENED, most=1)


def called(uow: UnitOfWork, proposal: Proposal, consensus: Round) -> None:
    """Ask whoever has said nothing whether they object."""
    _ask(uow, proposal, consensus, CALLED, most=1)


def remind(uow: UnitOfWork, proposal: Proposal, consensus: Round) -> None:
    """Remind whoever has said nothing, through the proper person and the second."""
    _ask(uow, proposal, consensus, REMINDER, most=2)


def round_ended(uow: UnitOfWork, proposal: Proposal, consensus: Round, actor: Actor) -> None:
    """Tell whoever coordinates or chairs, and whoever proposed, that a round ended without a decision: it is theirs to carry on."""
    proposer = () if proposal.membership is None else (proposal.membership,)
    told = {**recipients.posts(uow, proposal.body), **recipients.of_institutions(uow, proposal, proposer)}
    for recipient in recipients.each_once(told, but=actor):
        notices.announce(
            uow, recipient=recipient, occasion=ENDED, subject=consensus.subject, body=proposal.body, revision=1
        )  # fmt: skip


def unreached(uow: UnitOfWork, proposal: Proposal, consensus: Round) -> tuple[int, ...]:
    """Give the silent institutions of a round none of whose people any message about it has reached."""
    silent = {one.membership for one in consensus.silent}
    seats = {
        f"seat:{place.id}": one.membership
        for one in facts.entitled(uow, proposal)
        if one.membership in silent
        for place in one.places
    }
    told = notices.of_subject(uow, consensus.subject)
    reached = {seats[one.recipient] for one in told if one.outcome == "sent" and one.recipient in seats}
    return tuple(sorted(silent - reached))


# --- the occasions ----------------------------------------------------------------------------------------------------


def _proposal(uow: UnitOfWork, due: Due) -> Proposal | None:
    try:
        return facts.get(uow, due.about)
    except NotFound:
        return None


def _news(name: str, what: Happened) -> Occasion:
    def wanted(uow: UnitOfWork, due: Due) -> bool:
        proposal = _proposal(uow, due)
        if proposal is None or (proposal.state == "withdrawn") != (what == "withdrawn"):
            return False
        return what != "amended" or proposal.version == due.revision

    def make(uow: UnitOfWork, due: Due, _reader: Reader) -> ProposalNews | None:
        proposal = _proposal(uow, due)
        return None if proposal is None else ProposalNews(what, proposal)

    return Occasion(name, make, wanted, digestible=True)


def _round(uow: UnitOfWork, due: Due) -> Round | None:
    try:
        return rounds.get(uow, due.about)
    except NotFound:
        return None


def _whose(uow: UnitOfWork, due: Due) -> int | None:
    """Give the institution of the place a notice goes to; nothing for a post, or a place that is gone."""
    if due.kind != "seat":
        return None
    found: int | None = uow.execute(_SEAT, seat=due.number).scalar_one_or_none()
    return found


def _question(name: str, what: Asked) -> Occasion:
    def wanted(uow: UnitOfWork, due: Due) -> bool:
        consensus, whose = _round(uow, due), _whose(uow, due)
        silent = consensus is not None and whose in {one.membership for one in consensus.silent}
        return consensus is not None and consensus.takes_stances(uow.now) and silent

    def make(uow: UnitOfWork, due: Due, _reader: Reader) -> RoundNews | None:
        consensus, whose = _round(uow, due), _whose(uow, due)
        name = next((one.name for one in consensus.places if one.membership == whose), "") if consensus is not None else ""
        if consensus is None or not name:
            return None
        return RoundNews(what, facts.get(uow, consensus.proposal), consensus, whose, name)

    def urgent(uow: UnitOfWork, due: Due) -> bool:
        consensus = _round(uow, due)
        return consensus is not None and consensus.closes_at is None  # they sit in the meeting

    return Occasion(
        name, make, wanted, urgent=urgent, repeat_uncertain=what != "reminder", unsubscribable=what == "reminder"
    )  # fmt: skip


def _ended(uow: UnitOfWork, due: Due, _reader: Reader) -> RoundNews | None:
    consensus = _round(uow, due)
    return None if consensus is None else RoundNews("ended", facts.get(uow, consensus.proposal), consensus, None, "")


OCCASIONS: Final = (
    _news(ENTERED, "entered"),
    _news(AMENDED, "amended"),
    _news(POSTPONED, "postponed"),
    _news(WITHDRAWN, "withdrawn"),
    _question(OPENED, "opened"),
    _question(CALLED, "called"),
    _question(REMINDER, "reminder"),
    Occasion(ENDED, _ended),
)

# --- inside -----------------------------------------------------------------------------------------------------------

_SEAT = select(SEAT.c.membership_id).where(SEAT.c.id == bindparam("seat"))


def _tell(
    uow: UnitOfWork, proposal: Proposal, occasion: str, actor: Actor, *, everybody: bool = True, revision: int | None = None
) -> None:
    """Announce news of a proposal to everybody entitled and to whoever coordinates or chairs, but not to who brought it about."""
    told = recipients.everybody(uow, proposal) if everybody else recipients.posts(uow, proposal.body)
    for recipient in recipients.each_once(told, but=actor):
        notices.announce(
            uow, recipient=recipient, occasion=occasion, subject=proposal.subject, body=proposal.body, revision=revision
        )  # fmt: skip


def _ask(uow: UnitOfWork, proposal: Proposal, consensus: Round, occasion: str, *, most: int) -> None:
    silent = {one.membership for one in consensus.silent}
    for recipient in recipients.of_institutions(uow, proposal, silent, most=most):
        notices.announce(
            uow, recipient=recipient, occasion=occasion, subject=consensus.subject, body=proposal.body, revision=1
        )  # fmt: skip
