"""Looking for consensus: a round is opened after the discussion, each institution says where it stands, and it is asked aloud who objects.

KSR White Book §1.3.7; domain.md §4.3, G6. In a meeting the roll is the institutions present when the round opens (who comes later joins
the next one), and after the final call silence is no objection. By circulation all are asked until a day, and the clock closes the round
(``by_deadline``). Nobody objects: the proposal is adopted. One objection: there is no consensus, and only then may a ballot be opened.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import bindparam, func, insert, select, update

from konwent_bot.domain import personal_data
from konwent_bot.domain.decisions.consensus import RoundKind, RoundResult, Stances, StanceWord, settle_round
from konwent_bot.domain.decisions.rule import written
from konwent_bot.errors import N_, Invalid, NotFound, Refused
from konwent_bot.office import notices
from konwent_bot.office.decisions import facts, proposal_news, proposals, register, rounds, rules, settings
from konwent_bot.office.decisions.changing import require_open
from konwent_bot.office.decisions.facts import Proposal
from konwent_bot.office.decisions.rounds import Round
from konwent_bot.office.meetings import attendance
from konwent_bot.office.meetings.facts import NOT_HERE
from konwent_bot.office.meetings.poll_opening import reminder_at
from konwent_bot.office.rights import OPERATOR, Actor, require
from konwent_bot.office.subjects import Outcome, Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.columns import UtcInstant
from konwent_bot.store.statements import upsert
from konwent_bot.store.tables import CONSENSUS_ROUND, PROPOSAL, ROUND_PLACE, STANCE

#: Characters of a reason, and of what would help.
MOST_REASON: Final = 1000
#: Rank of what the coordinator noted for an institution: anything its own people say prevails over it.
NOTED: Final = 1000
#: A day that was named when the proposal was entered still holds if institutions have so long until then.
LEAST_TIME: Final = timedelta(hours=24)

_OVER: Final = N_("This round is over, so nothing can be said in it any more.")
_LATE: Final = N_("This institution was not there when the round was opened. It joins the next round.")
_SPOKEN: Final = N_("The proper person of this institution has spoken already, and that stands.")


class Reservation(BaseModel):
    """What the act ``stance.reserve`` takes: agreement, with a reservation."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: str = Field(max_length=MOST_REASON)


class Objection(BaseModel):
    """What the act ``stance.object`` takes: why, and what would help."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: str = Field(max_length=MOST_REASON)
    remedy: str = Field(max_length=MOST_REASON)


# --- opening ----------------------------------------------------------------------------------------------------------


def open_round(uow: UnitOfWork, actor: Actor, proposal_id: int, until: date | None = None) -> Round:
    """Open a round, after the discussion was closed. Opened twice it is opened once.

    ``until``: by circulation the last local day of answers; if it is not given, the one the proposal names, where that is still a day
    away, else as many days as the body has chosen.

    Raises:
        NotFound: there is no such proposal for this actor.
        Refused: it was not discussed, or is decided; in a meeting there is no quorum, or it is over; by circulation the day
            cannot be.
    """
    proposal = facts.steer(uow, actor, proposal_id, "proposal.lead")
    if proposal.state == "consensus" and (running := rounds.current(uow, proposal.id)) is not None:
        return running
    require_open(proposal)
    if proposal.state != "discussed":
        raise Refused(N_("Consensus is looked for after the discussion. Close the discussion of this text first."))
    meeting = facts.meeting_of(uow, proposal)
    if meeting is not None:
        attendance.require_under_way(uow, meeting)
    rule = rules.of(uow, proposal.body)
    members = facts.entitled(uow, proposal)
    there = facts.present(uow, proposal, members)
    kind: RoundKind = "circulation" if proposal.meeting is None else "meeting"
    if kind == "meeting":
        _require_quorum(settle_round(rule, kind=kind, entitled=len(members), asked=len(there), stances=Stances(0, 0, 0, 0)))
    closes = _closes(uow, proposal, until)
    made = int(
        uow.execute(
            _OPEN, proposal=proposal.id, number=uow.execute(_NUMBER, proposal=proposal.id).scalar_one(), version=proposal.version,
            tacit=closes is not None and settings.of(uow, proposal.body).tacit, rule=json.dumps(written(rule)),
            entitled=len(members), now=uow.now, closes=closes,
            next=None if closes is None else reminder_at(uow.now, closes, uow.house.zone),
        ).scalar_one()
    )  # fmt: skip
    roll = [{"round_id": made, "membership_id": one.membership} for one in members if one.membership in there]
    if not roll:
        raise Refused(N_("There is nobody who could be asked: the roster of this network has no institution."))
    uow.connection.execute(_ROLL, roll)
    uow.execute(_UNDER_WAY, proposal=proposal.id, until=closes)
    uow.audit("consensus.open", body=proposal.body, person=actor.person, proposal=proposal.id, consensus=made)
    found = rounds.get(uow, made)
    proposal_news.round_opened(uow, proposal, found)
    return found


# --- stances ----------------------------------------------------------------------------------------------------------


def take(uow: UnitOfWork, actor: Actor, consensus: int, membership: int, stance: Literal["agree", "stand_aside"]) -> Round:
    """Say for an institution that it agrees, or that it does not support this but will not stand in its way.

    One stance an institution: the latest of its properest person, until the round is over. The other two need words
    (``reserve``, ``object_``).

    Raises:
        NotFound: there is no such round for this actor, or they do not speak for this institution.
        Refused: the round is over; the institution is not on its roll; its proper person has spoken already.
    """
    if stance not in ("agree", "stand_aside"):
        raise NotFound(NOT_HERE)
    return _speak(uow, actor, consensus, membership, stance)


def may_speak(uow: UnitOfWork, actor: Actor, subject: Subject) -> None:
    """Refuse unless the actor may take a stance for this institution in this round. Raises as ``take``."""
    found = rounds.get(uow, subject.consensus or 0)
    _rank(uow, actor, facts.get(uow, found.proposal), found, subject.membership or 0)


def reserve(uow: UnitOfWork, actor: Actor, subject: Subject, said: Reservation) -> Outcome:
    """Say for an institution that it agrees with a reservation, which everybody entitled reads. Raises as ``take``; ``Invalid`` without a reason."""
    found = _speak(uow, actor, subject.consensus or 0, subject.membership or 0, "reserve", said.reason)
    return Outcome(subject.body, made=found.id, proposal=found.proposal)


def object_(uow: UnitOfWork, actor: Actor, subject: Subject, said: Objection) -> Outcome:
    """Object for an institution, with the reason and what would help. Raises as ``take``; ``Invalid`` where either is missing."""
    found = _speak(uow, actor, subject.consensus or 0, subject.membership or 0, "object", said.reason, said.remedy)
    return Outcome(subject.body, made=found.id, proposal=found.proposal)


def note(
    uow: UnitOfWork, actor: Actor, consensus: int, membership: int, stance: StanceWord, reason: str = "", remedy: str = ""
) -> Round:
    """Note what an institution said aloud; never over what its own people have entered.

    Raises:
        NotFound: there is no such round for this actor, or no such stance.
        Refused: the round is over; the institution is not on its roll, or has spoken for itself.
        Invalid: words are missing, too long, or hold personal data.
    """
    found = rounds.get(uow, consensus, lock=True)
    proposal = facts.get(uow, found.proposal)
    require(uow, actor, "proposal.lead", body=proposal.body)
    if stance not in ("agree", "reserve", "stand_aside", "object"):
        raise NotFound(NOT_HERE)
    found.place(membership)
    if not found.takes_stances(uow.now):
        raise Refused(_OVER)
    if len(reason) > MOST_REASON or len(remedy) > MOST_REASON:
        raise Invalid(N_("The text may have at most {most} characters."), most=MOST_REASON)
    for words in (reason, remedy):
        personal_data.admit(words, "strict")
    return _keep(uow, actor, proposal, found, membership, stance, reason, remedy, NOTED)


# --- closing ----------------------------------------------------------------------------------------------------------


def call(uow: UnitOfWork, actor: Actor, consensus: int) -> Round:
    """Make the final call in a meeting: whether anybody objects. Whoever has said nothing is asked; after it the round may be closed.

    Made twice it is made once.

    Raises:
        NotFound: there is no such round for this actor.
        Refused: the round is over; by circulation the deadline takes its place.
    """
    proposal, found = _led(uow, actor, consensus)
    if not found.open:
        raise Refused(_OVER)
    if proposal.meeting is None:
        raise Refused(N_("By circulation the deadline takes the place of the final call."))
    if found.called_at is not None:
        return found
    uow.execute(_CALL, consensus=found.id, now=uow.now)
    uow.audit("consensus.call", body=proposal.body, person=actor.person, consensus=found.id)
    called = rounds.get(uow, found.id)
    proposal_news.called(uow, proposal, called)
    return called


def close(uow: UnitOfWork, actor: Actor, consensus: int) -> Round:
    """Close a round and do what follows from it. Closed twice it is closed once.

    Raises:
        NotFound: there is no such round for this actor.
        Refused: in a meeting the final call was not made; by circulation somebody has not answered and the deadline is ahead.
    """
    proposal, found = _led(uow, actor, consensus)
    if not found.open:
        return found
    if found.closes_at is None and found.called_at is None:
        raise Refused(N_("Make the final call first: ask whether anybody objects."))
    if found.closes_at is not None and uow.now < found.closes_at and found.silent:
        raise Refused(
            N_("This round closes by itself at its deadline. It can be closed earlier once every institution has answered.")
        )
    return _close(uow, actor, proposal, found)


def by_deadline(uow: UnitOfWork, consensus: int) -> None:
    """Close a round whose deadline has passed; one that is closed already, or has time left, stays as it is. For the clock."""
    proposal = facts.get(uow, rounds.get(uow, consensus).proposal, lock=True)
    found = rounds.get(uow, consensus, lock=True)
    if found.open and found.closes_at is not None and found.closes_at <= uow.now:
        _close(uow, OPERATOR, proposal, found)


# --- inside -----------------------------------------------------------------------------------------------------------


def _require_quorum(expected: RoundResult) -> None:
    if expected.quorum_missing:
        raise Refused(
            N_("There is no quorum. Institutions present: {present} of {entitled}. Needed: {needed}. Missing: {missing}."),
            present=expected.asked, entitled=expected.entitled, needed=expected.quorum_needed, missing=expected.quorum_missing,
        )  # fmt: skip


def _closes(uow: UnitOfWork, proposal: Proposal, until: date | None) -> datetime | None:
    if proposal.meeting is not None:
        return None
    named = proposal.answer_until
    if until is None and named is not None and named - uow.now >= LEAST_TIME:
        return named
    return proposals.deadline(uow, proposal.body, until)


def _led(uow: UnitOfWork, actor: Actor, consensus: int) -> tuple[Proposal, Round]:
    """Give a round and its proposal, both locked (the proposal first, as everybody does), to somebody who leads."""
    proposal = facts.steer(uow, actor, rounds.get(uow, consensus).proposal, "proposal.lead")
    return proposal, rounds.get(uow, consensus, lock=True)


def _rank(uow: UnitOfWork, actor: Actor, proposal: Proposal, found: Round, membership: int) -> int:
    rank = facts.rank(uow, actor, proposal, membership)
    if not found.takes_stances(uow.now):
        raise Refused(_OVER)
    place = next((one for one in found.places if one.membership == membership), None)
    if place is None:
        raise Refused(_LATE)
    if place.stance and place.rank < rank:
        raise Refused(_SPOKEN)
    return rank


def _speak(
    uow: UnitOfWork, actor: Actor, consensus: int, membership: int, stance: StanceWord, reason: str = "", remedy: str = ""
) -> Round:
    found = rounds.get(uow, consensus, lock=True)
    proposal = facts.get(uow, found.proposal)
    rank = _rank(uow, actor, proposal, found, membership)
    return _keep(uow, actor, proposal, found, membership, stance, reason, remedy, rank)


def _keep(
    uow: UnitOfWork, actor: Actor, proposal: Proposal, found: Round, membership: int, stance: StanceWord, reason: str, remedy: str,
    rank: int,
) -> Round:  # fmt: skip
    reason, remedy = reason.strip(), remedy.strip()
    if stance in ("reserve", "object") and not reason:
        raise Invalid(N_("Please write why. Without a reason nobody knows what to change."))
    if stance == "object" and not remedy:
        raise Invalid(N_("Please write what would help. An objection is to show a way out."))
    kept = uow.execute(
        _SAY[uow.dialect], round_id=found.id, membership_id=membership, stance=stance, reason=reason, remedy=remedy, rank=rank,
        person_id=actor.person, taken_at=uow.now,
    )  # fmt: skip
    if kept.first() is None:
        raise Refused(_SPOKEN)
    uow.audit("consensus.stance", body=proposal.body, person=actor.person, consensus=found.id, membership=membership)
    return rounds.get(uow, found.id)


def _close(uow: UnitOfWork, actor: Actor, proposal: Proposal, found: Round) -> Round:
    result, unreached = _settled(uow, proposal, found)
    uow.execute(
        _CLOSE, consensus=found.id, now=uow.now, new_outcome=result.outcome, new_result=rounds.written(result, unreached)
    )  # fmt: skip
    notices.withdraw(uow, found.subject)
    uow.audit("consensus.close", body=proposal.body, person=actor.person, consensus=found.id)
    if result.outcome == "adopted":
        method = "tacit" if result.kind == "tacit" and result.silent else "consensus"
        at = uow.now if found.closes_at is None else min(uow.now, found.closes_at)
        register.enter(uow, proposal, method=method, verdict="passed", at=at, actor=actor, by_round=found.id)
    else:
        uow.execute(_LEAVES, proposal=proposal.id, new_state="objected" if result.outcome == "objected" else "discussed")
        proposal_news.round_ended(uow, proposal, rounds.get(uow, found.id), actor)
    return rounds.get(uow, found.id)


def _settled(uow: UnitOfWork, proposal: Proposal, found: Round) -> tuple[RoundResult, tuple[int, ...]]:
    """Say what a round comes to, and who could not be told of it where silence was to be consent."""
    kind: RoundKind = "meeting" if found.closes_at is None else "tacit" if found.tacit else "circulation"
    result = settle_round(found.rule, kind=kind, entitled=found.entitled, asked=len(found.places), stances=found.stances)
    unreached = proposal_news.unreached(uow, proposal, found) if kind == "tacit" else ()
    if unreached and result.outcome == "adopted":  # nobody agrees to what they never heard of
        result = replace(result, outcome="void", unanimous=False)
    return result, unreached


_C: Final = CONSENSUS_ROUND.c
_NOW = bindparam("now", type_=UtcInstant)
_NUMBER = select(func.coalesce(func.max(_C.number), 0) + 1).where(_C.proposal_id == bindparam("proposal"))
_OPEN = (
    insert(CONSENSUS_ROUND)
    .values(
        proposal_id=bindparam("proposal"), number=bindparam("number"), version=bindparam("version"), tacit=bindparam("tacit"),
        rule=bindparam("rule"), entitled=bindparam("entitled"), opened_at=_NOW, closes_at=bindparam("closes", type_=UtcInstant),
        next_step_at=bindparam("next", type_=UtcInstant), outcome="", result="",
    )
    .returning(_C.id)
)  # fmt: skip
_ROLL = insert(ROUND_PLACE)
_COLUMNS: Final = ("round_id", "membership_id", "stance", "reason", "remedy", "rank", "person_id", "taken_at")
_SAY = upsert(
    STANCE,
    lambda new: (
        new.values({name: bindparam(name) for name in _COLUMNS})
        .on_conflict_do_update(
            index_elements=["round_id", "membership_id"],
            set_={name: new.excluded[name] for name in _COLUMNS[2:]},
            where=STANCE.c.rank >= new.excluded["rank"],
        )
        .returning(STANCE.c.rank)
    ),
)
_THIS = update(CONSENSUS_ROUND).where(_C.id == bindparam("consensus"))
_CALL = _THIS.values(called_at=_NOW)
_CLOSE = _THIS.values(closed_at=_NOW, outcome=bindparam("new_outcome"), result=bindparam("new_result"), next_step_at=None)
_PROPOSAL = update(PROPOSAL).where(PROPOSAL.c.id == bindparam("proposal"))
_UNDER_WAY = _PROPOSAL.values(state="consensus", answer_until=bindparam("until", type_=UtcInstant))
_LEAVES = _PROPOSAL.values(state=bindparam("new_state"))
