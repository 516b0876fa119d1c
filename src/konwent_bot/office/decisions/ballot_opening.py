"""Opening a ballot, and making an open one stricter.

There is a ballot only after a discussion and a round of consensus in which somebody objected to this very text (R6); the store holds
that by a foreign key, whatever the program thinks. Who may vote and the rule are frozen here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from sqlalchemy import bindparam, insert, select, update

from konwent_bot.domain.decisions import rule as rule_words
from konwent_bot.domain.decisions.rule import DecisionRule
from konwent_bot.domain.decisions.tally import Assembly, Counts, decide
from konwent_bot.domain.meetings.local_time import to_utc
from konwent_bot.errors import N_, Invalid, NotFound, Refused
from konwent_bot.office.decisions import ballot_news, ballots, facts, rules, settings
from konwent_bot.office.decisions.ballots import Ballot, Method
from konwent_bot.office.decisions.facts import Proposal
from konwent_bot.office.meetings import attendance
from konwent_bot.office.meetings.facts import NOT_HERE
from konwent_bot.office.rights import Actor, require
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.columns import UtcInstant
from konwent_bot.store.tables import BALLOT, BALLOT_PLACE, CONSENSUS_ROUND, PROPOSAL

OPEN: Final = "ballot.open"
#: How long a ballot may be open at a meeting, and by circulation.
LEAST_AT_MEETING: Final = timedelta(minutes=1)
MOST_AT_MEETING: Final = timedelta(minutes=settings.MOST_BALLOT)
LEAST_BY_CIRCULATION: Final = timedelta(hours=1)
MOST_BY_CIRCULATION: Final = timedelta(days=settings.MOST_CIRCULATION)


@dataclass(frozen=True, slots=True)
class Roll:
    """The institutions of a ballot: how many are entitled, and which of them are present and may vote."""

    entitled: int
    present: frozenset[int]


def open_ballot(
    uow: UnitOfWork, actor: Actor, proposal: int, method: str, *, minutes: int | None = None, until: datetime | None = None
) -> Ballot:
    """Open a ballot on a proposal and tell everybody on its roll: the institutions present, or (by circulation) all.

    Args:
        uow: the unit of work.
        actor: who opens it.
        proposal: the proposal.
        method: ``open`` or ``secret``.
        minutes: how long it takes votes; or
        until: the instant it closes by itself. Without both the body's settings say it.

    Raises:
        NotFound: there is no such proposal or method for this actor.
        Refused: nobody has objected to this text in a round of consensus, a ballot is open, it was decided, or there is no quorum.
        Invalid: it would take votes for too short or too long.
    """
    found = facts.steer(uow, actor, proposal, OPEN)
    if method not in ("open", "secret"):
        raise NotFound(NOT_HERE)
    objected_round(uow, found)
    roll = roll_now(uow, found)
    if until is None:
        until = uow.now + timedelta(minutes=minutes) if minutes is not None else _by_settings(uow, found)
    _require_in_bounds(uow, found, until)
    require_quorum(found, rules.of(uow, found.body), roll)
    made = insert_ballot(uow, actor, found, "secret" if method == "secret" else "open", roll, closes=until)
    uow.audit("ballot.open", body=found.body, person=actor.person, ballot=made, proposal=found.id)
    ballot = ballots.get(uow, made)
    ballot_news.tell(uow, ballot)
    return ballot


def tighten(
    uow: UnitOfWork, actor: Actor, ballot: int, *, secret: bool = False, until: datetime | None = None
) -> Ballot:  # fmt: skip
    """Make an open ballot stricter, before anybody has voted in it: secret, or closed earlier. Everybody is told anew.

    Nothing makes it laxer: a secret ballot stays secret, and no deadline is put off until the votes suit somebody. The deadline of a
    secret one stays as it is, because whether that is refused would tell whether anybody has voted. What stands already changes nothing.

    Raises:
        NotFound: there is no such ballot for this actor.
        Refused: it does not take votes any more, somebody has voted, or it would become laxer.
        Invalid: it would take votes for too short.
    """
    require(uow, actor, OPEN, body=ballots.get(uow, ballot).proposal.body)
    found = ballots.get(uow, ballot, lock="update")
    if not found.takes_votes(uow.now):
        raise Refused(N_("This ballot is over."))
    closes = until or found.closes_at
    method: Method = "secret" if secret else found.method
    if (method, closes) == (found.method, found.closes_at):
        return found
    if closes > found.closes_at:
        raise Refused(N_("The deadline of an open ballot cannot be put off."))
    if found.secret:
        raise Refused(N_("The deadline of a secret ballot stays as it is."))
    if ballot_news.voted(uow, found):
        raise Refused(N_("Somebody has voted already, so this ballot stays as it is."))
    _require_in_bounds(uow, found.proposal, closes)
    step = first_step(uow.now, closes) if closes != found.closes_at else None
    uow.execute(_TIGHTEN, ballot=ballot, new_method=method, closes=closes)
    if step is not None:
        uow.execute(_STEP, ballot=ballot, step=step)
    uow.audit("ballot.tighten", body=found.proposal.body, person=actor.person, ballot=ballot)
    made = ballots.get(uow, ballot)
    ballot_news.tell(uow, made)
    return made


# --- what a show of hands begins with as well -------------------------------------------------------------------------


def objected_round(uow: UnitOfWork, proposal: Proposal) -> int:
    """Give the round of consensus in which somebody objected to the present text, where a ballot may follow it now.

    Raises:
        Refused: there is none, a ballot is open, or the proposal was decided or withdrawn.
    """
    if proposal.state == "ballot":
        raise Refused(N_("A ballot on this proposal is open already."))
    if proposal.state in ("adopted", "rejected", "withdrawn"):
        raise Refused(N_("This proposal has been decided or withdrawn."))
    found = uow.execute(_OBJECTED, proposal=proposal.id, version=proposal.version).first()
    if proposal.state not in ("objected", "undecided") or found is None:
        raise Refused(N_("There can be a ballot only after a discussion and a check of consensus in which somebody objected."))
    return int(found.id)


def roll_now(uow: UnitOfWork, proposal: Proposal) -> Roll:
    """Give the institutions that may vote in a ballot that is opened now.

    Raises:
        Refused: nobody may, or the meeting is not under way.
    """
    meeting = facts.meeting_of(uow, proposal)
    if meeting is not None:
        attendance.require_under_way(uow, meeting)
    members = facts.entitled(uow, proposal)
    present = facts.present(uow, proposal, members)
    if not present:
        raise Refused(N_("Nobody who may vote is here yet. Please note first which institutions are present."))
    return Roll(len(members), present)


def require_quorum(proposal: Proposal, rule: DecisionRule, roll: Roll) -> None:
    """Refuse to open a ballot at a meeting without a quorum; by circulation it is known only when it closes."""
    if proposal.meeting is None:
        return
    result = decide(rule, Assembly(roll.entitled, len(roll.present)), Counts(0, 0, 0))
    if result.quorum_missing:
        raise Refused(
            N_("There is no quorum. Institutions present: {present} of {entitled}. Needed: {needed}. Missing: {missing}."),
            present=len(roll.present), entitled=roll.entitled, needed=result.quorum_needed, missing=result.quorum_missing,
        )  # fmt: skip


def insert_ballot(
    uow: UnitOfWork, actor: Actor, proposal: Proposal, method: Method, roll: Roll, *, closes: datetime, chair: str = ""
) -> int:
    """Write a ballot with its roll and the rule of this moment, and let its proposal wait for it; give its number. Asks no rights."""
    rule = rules.of(uow, proposal.body)
    number = int(
        uow.execute(
            _NEW, proposal_id=proposal.id, round_id=objected_round(uow, proposal), round_outcome="objected", version=proposal.version,
            method=method, rule=json.dumps(rule_words.written(rule), separators=(",", ":")), entitled=roll.entitled,
            present=len(roll.present), opened_at=uow.now, closes_at=closes, next_step_at=first_step(uow.now, closes), early=False,
            chair_choice=chair if rule.tie == "chair" else "", verdict="", result="", person_id=actor.person,
        ).scalar_one()
    )  # fmt: skip
    uow.connection.execute(_PLACE, [{"ballot_id": number, "membership_id": one} for one in sorted(roll.present)])
    uow.execute(_WAITS, proposal=proposal.id)
    return number


def first_step(now: datetime, closes: datetime) -> datetime:
    """Give when the clock has something to do for a ballot: a day before its deadline but not in its first half; or at its deadline."""
    whole = closes - now
    return max(closes - timedelta(days=1), now + whole / 2) if whole > ballot_news.LONG else closes


# --- inside -----------------------------------------------------------------------------------------------------------


def _by_settings(uow: UnitOfWork, proposal: Proposal) -> datetime:
    chosen = settings.of(uow, proposal.body)
    if proposal.meeting is not None:
        return uow.now + timedelta(minutes=chosen.ballot_minutes)
    return to_utc(datetime.combine(uow.today + timedelta(days=chosen.circulation_days + 1), time.min), uow.house.zone)


def _require_in_bounds(uow: UnitOfWork, proposal: Proposal, closes: datetime) -> None:
    takes = closes - uow.now
    if proposal.meeting is None:
        if (
            not LEAST_BY_CIRCULATION <= takes <= MOST_BY_CIRCULATION + timedelta(days=2)
        ):  # to the end of the last day, in any zone
            raise Invalid(
                N_("A ballot by circulation is open for at least an hour and at most {days} days."), days=MOST_BY_CIRCULATION.days
            )
    elif not LEAST_AT_MEETING <= takes <= MOST_AT_MEETING:
        raise Invalid(N_("A ballot at a meeting is open for 1 to {most} minutes."), most=settings.MOST_BALLOT)


_OBJECTED = (
    select(CONSENSUS_ROUND.c.id)
    .where(
        CONSENSUS_ROUND.c.proposal_id == bindparam("proposal"), CONSENSUS_ROUND.c.version == bindparam("version"),
        CONSENSUS_ROUND.c.outcome == "objected",
    )
    .order_by(CONSENSUS_ROUND.c.number.desc())
    .limit(1)
)  # fmt: skip
_NEW = (
    insert(BALLOT)
    .values(
        {
            name: bindparam(name)
            for name in (
                "proposal_id", "round_id", "round_outcome", "version", "method", "rule", "entitled", "present", "opened_at", "closes_at",
                "next_step_at", "early", "chair_choice", "verdict", "result", "person_id",
            )
        }
    )
    .returning(BALLOT.c.id)
)  # fmt: skip
_PLACE = insert(BALLOT_PLACE)
_WAITS = update(PROPOSAL).where(PROPOSAL.c.id == bindparam("proposal")).values(state="ballot")
_THIS = update(BALLOT).where(BALLOT.c.id == bindparam("ballot"))
_TIGHTEN = _THIS.values(method=bindparam("new_method"), closes_at=bindparam("closes", type_=UtcInstant))
_STEP = _THIS.values(next_step_at=bindparam("step", type_=UtcInstant))
