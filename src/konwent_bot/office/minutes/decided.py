"""What a meeting was asked to decide and what it did about it, for its minutes: in as many statements whatever there was.

What was amended, asked and decided later belongs to the minutes of later meetings; so a proposal that was carried over from here is told
as it was when this meeting ended.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, and_, bindparam, func, or_, select

from konwent_bot.documents.minutes import facts as told
from konwent_bot.domain.decisions import rule as rules
from konwent_bot.domain.decisions.tally import Assembly
from konwent_bot.office.decisions import results, rounds
from konwent_bot.office.meetings import attendance
from konwent_bot.office.meetings.facts import Meeting
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.columns import UtcInstant
from konwent_bot.store.tables import (
    AGENDA_ITEM,
    BALLOT,
    CONSENSUS_ROUND,
    DECISION,
    INSTITUTION,
    MEMBERSHIP,
    PROPOSAL,
    PROPOSAL_TEXT,
    STANCE,
)


def by_item(uow: UnitOfWork, meeting: Meeting, until: datetime) -> Mapping[int | None, tuple[told.Proposal, ...]]:
    """Give the proposals of a meeting by the item of its agenda they belonged to, in the order in which they were entered.

    Args:
        uow: the unit of work.
        meeting: the meeting.
        until: the instant at which it was over.
    """
    rows = uow.execute(_PROPOSALS, meeting=meeting.id, until=until).all()
    if not rows:
        return {}
    when = {"proposals": [row.id for row in rows], "since": meeting.starts_at - attendance.DOORS_OPEN, "until": until}
    acts: dict[int, list[tuple[datetime, told.Round | told.Ballot]]] = {}
    decisions = uow.execute(_DECISIONS, meeting=meeting.id).all()
    for row, held in _held(uow, when, decisions):
        acts.setdefault(row.proposal_id, []).append((row.opened_at, held))
    found: dict[int | None, list[told.Proposal]] = {}
    for row in rows:
        of_it = sorted(acts.get(row.id, ()), key=lambda one: one[0])
        found.setdefault(row.root, []).append(
            told.Proposal(
                row.id, row.title, row.body, row.proposer or "", _state(row, meeting, decisions), tuple(held for _, held in of_it)
            )
        )  # fmt: skip
    return {item: tuple(listed) for item, listed in found.items()}


# --- inside -----------------------------------------------------------------------------------------------------------


def _state(row: Row[Any], meeting: Meeting, decisions: Sequence[Row[Any]]) -> str:
    """Say where a proposal stood when the meeting was over: one that has gone on to a later one since was not settled here."""
    if row.meeting_id == meeting.id:
        return str(row.state)
    return "undecided" if any(one.proposal_id == row.id for one in decisions) else "discussion"


def _held(
    uow: UnitOfWork, when: Mapping[str, object], decisions: Sequence[Row[Any]]
) -> Iterator[tuple[Row[Any], told.Round | told.Ballot]]:
    """Give the rounds and the ballots, each with what it came to in the register."""
    by_round, by_ballot = ({getattr(row, by): _decision(row) for row in decisions} for by in ("round_id", "ballot_id"))
    rows = uow.execute(_ROUNDS, **when).all()
    said: dict[int, list[told.Stance]] = {}
    for one in uow.execute(_STANCES, rounds=[row.id for row in rows]) if rows else ():
        said.setdefault(one.round_id, []).append(
            told.Stance(one.membership_id, one.short_name, one.stance, one.reason, one.remedy)
        )
    for row in rows:
        result = None if row.outcome == "called_off" else rounds.kept(row.result)[0]
        yield row, told.Round(row.id, row.number, result, tuple(said.get(row.id, ())), by_round.get(row.id))
    for row in uow.execute(_BALLOTS, **when):
        assembly = Assembly(row.entitled, row.present, row.present_at_close)
        counted = results.read(row.result, rules.read(json.loads(row.rule)), assembly)
        yield row, told.Ballot(row.id, row.method, counted, row.early, by_ballot.get(row.id))


def _decision(row: Row[Any]) -> told.Decision:
    kept = json.loads(row.result) if row.result else None
    return told.Decision(
        id=row.id, number=f"{row.number}/{row.year}", title=row.title, text=row.body, method=row.method, verdict=row.verdict,
        votes=None if kept is None else (kept["for"], kept["against"], kept["abstain"]),
        replaces="" if row.former_number is None else f"{row.former_number}/{row.former_year}",
    )  # fmt: skip


_UNTIL: Final = bindparam("until", type_=UtcInstant)
#: The items of the meeting, and what they became on the agendas they were carried over to, each with the item of this meeting (``root``).
_LINE = (
    select(AGENDA_ITEM.c.id.label("item"), AGENDA_ITEM.c.id.label("root"))
    .where(AGENDA_ITEM.c.meeting_id == bindparam("meeting"))
    .cte("line", recursive=True)
)
_LINE = _LINE.union_all(
    select(AGENDA_ITEM.c.id, _LINE.c.root).join_from(AGENDA_ITEM, _LINE, AGENDA_ITEM.c.from_id == _LINE.c.item)
)
_OF_THEN: Final = PROPOSAL_TEXT.alias("of_then")
_VERSION = (
    select(func.max(_OF_THEN.c.version))
    .where(_OF_THEN.c.proposal_id == PROPOSAL.c.id, _OF_THEN.c.created_at <= _UNTIL)
    .correlate(PROPOSAL)
    .scalar_subquery()
)
_PROPOSALS = (
    select(
        PROPOSAL.c.id, PROPOSAL.c.meeting_id, PROPOSAL.c.state, PROPOSAL_TEXT.c.title, PROPOSAL_TEXT.c.body,
        INSTITUTION.c.short_name.label("proposer"), _LINE.c.root,
    )
    .select_from(
        PROPOSAL.join(PROPOSAL_TEXT, and_(PROPOSAL_TEXT.c.proposal_id == PROPOSAL.c.id, PROPOSAL_TEXT.c.version == _VERSION))
        .outerjoin(_LINE, _LINE.c.item == PROPOSAL.c.item_id)
        .outerjoin(MEMBERSHIP, MEMBERSHIP.c.id == PROPOSAL.c.membership_id)
        .outerjoin(INSTITUTION, INSTITUTION.c.id == MEMBERSHIP.c.institution_id)
    )
    .where(or_(PROPOSAL.c.meeting_id == bindparam("meeting"), _LINE.c.root.is_not(None)))
    .order_by(PROPOSAL.c.id)
)  # fmt: skip
_SINCE: Final = bindparam("since", type_=UtcInstant)
_THESE: Final = bindparam("proposals", type_=PROPOSAL.c.id.type, expanding=True)
_C: Final = CONSENSUS_ROUND.c
_ROUNDS = (
    select(CONSENSUS_ROUND)
    .where(_C.proposal_id.in_(_THESE), _C.closed_at.is_not(None), _C.opened_at >= _SINCE, _C.opened_at <= _UNTIL)
    .order_by(_C.number)
)
_STANCES = (
    select(STANCE, INSTITUTION.c.short_name)
    .select_from(
        STANCE.join(MEMBERSHIP, MEMBERSHIP.c.id == STANCE.c.membership_id).join(
            INSTITUTION, INSTITUTION.c.id == MEMBERSHIP.c.institution_id
        )
    )
    .where(STANCE.c.round_id.in_(bindparam("rounds", expanding=True)), STANCE.c.reason != "")
    .order_by(STANCE.c.round_id, INSTITUTION.c.short_name, STANCE.c.membership_id)
)
_B: Final = BALLOT.c
_BALLOTS = (
    select(BALLOT)
    .where(_B.proposal_id.in_(_THESE), _B.closed_at.is_not(None), _B.opened_at >= _SINCE, _B.opened_at <= _UNTIL)
    .order_by(_B.proposal_id, _B.id)
)
_FORMER: Final = DECISION.alias("former")
_DECISIONS = (
    select(
        DECISION, PROPOSAL_TEXT.c.title, PROPOSAL_TEXT.c.body, BALLOT.c.result,
        _FORMER.c.number.label("former_number"), _FORMER.c.year.label("former_year"),
    )
    .select_from(
        DECISION.join(
            PROPOSAL_TEXT,
            and_(PROPOSAL_TEXT.c.proposal_id == DECISION.c.proposal_id, PROPOSAL_TEXT.c.version == DECISION.c.version),
        )
        .outerjoin(BALLOT, BALLOT.c.id == DECISION.c.ballot_id)
        .outerjoin(_FORMER, _FORMER.c.id == DECISION.c.supersedes_id)
    )
    .where(DECISION.c.meeting_id == bindparam("meeting"))
    .order_by(DECISION.c.id)
)  # fmt: skip
