"""What institutions answer to a call: one answer each, by whichever of their people last gave it, changed as often as they like."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Row, bindparam, select

from konwent_bot.domain.meetings.quorum import Forecast, Roll, forecast
from konwent_bot.domain.meetings.words import Answer
from konwent_bot.errors import N_, NotFound, Refused
from konwent_bot.office.meetings import calls, facts, rules
from konwent_bot.office.meetings.facts import NOT_HERE, Meeting, Member
from konwent_bot.office.rights import Actor
from konwent_bot.office.subjects import Outcome, Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.statements import upsert
from konwent_bot.store.tables import MEETING_ANSWER, SEAT

#: Characters of a reason.
MOST_REASON: Final = 300


@dataclass(frozen=True, slots=True)
class Answered:
    """What an institution answered."""

    membership: int
    answer: Answer
    reason: str
    #: The place of the substitute who comes.
    seat: int | None
    answered_at: datetime


class Absence(BaseModel):
    """What the act ``meeting.absence`` takes: why an institution will not be there."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: str | None = Field(default=None, max_length=MOST_REASON)


def answer(
    uow: UnitOfWork, actor: Actor, meeting_id: int, membership: int, said: Answer, *, seat: int | None = None, reason: str = ""
) -> Meeting:
    """Answer for an institution, whatever it answered before. ``seat``: the substitute who comes.

    Raises:
        NotFound: the actor does not speak for this institution at this meeting, or there is no such substitute.
        Refused: nobody is asked about the meeting now.
    """
    meeting = facts.get(uow, meeting_id, lock=True)
    _may(uow, actor, meeting, membership)
    if (said == "substitute") != (seat is not None):
        raise NotFound(NOT_HERE)
    if seat is not None and uow.execute(_SUBSTITUTE, seat=seat, membership=membership, meeting=meeting.id).first() is None:
        raise NotFound(NOT_HERE)
    _keep(uow, actor, meeting, membership, said, seat, reason)
    return meeting


def answer_for(uow: UnitOfWork, actor: Actor, meeting_id: int, membership: int, said: Answer) -> Meeting:
    """Note what an institution answered by word of mouth.

    Raises:
        NotFound: there is no such meeting for this actor, or the institution is not of it.
        Refused: nobody is asked about the meeting now.
    """
    meeting = facts.steer(uow, actor, meeting_id, "meeting.answer_for")
    _of_it(uow, meeting, membership)
    if said == "substitute":
        raise NotFound(NOT_HERE)
    _keep(uow, actor, meeting, membership, said, None, "")
    return meeting


def may_explain(uow: UnitOfWork, actor: Actor, subject: Subject) -> None:
    """Refuse unless the actor speaks for the institution at this meeting, and it is still asked."""
    _may(uow, actor, facts.get(uow, subject.meeting or 0), subject.membership or 0)


def explain(uow: UnitOfWork, actor: Actor, subject: Subject, given: Absence) -> Outcome:
    """Answer that an institution will not be there, and why.

    Raises:
        NotFound, Refused: as ``answer``.
    """
    meeting = answer(uow, actor, subject.meeting or 0, subject.membership or 0, "no", reason=given.reason or "")
    return Outcome(meeting.body, meeting.id)


def of(uow: UnitOfWork, meeting: int) -> Mapping[int, Answered]:
    """Give what was answered, by institution. Asks no rights."""
    return {row.membership_id: read(row) for row in uow.execute(_ANSWERS, meeting=meeting)}


def read(row: Row[Any]) -> Answered:
    """Read a row with the columns of ``meeting_answer``."""
    return Answered(row.membership_id, row.answer, row.reason, row.seat_id, row.answered_at)


def foreseen(uow: UnitOfWork, meeting: Meeting, members: Iterable[Member], said: Mapping[int, Answered]) -> Forecast:
    """Foresee the quorum of a meeting with these institutions from the answers so far (``of``). Asks no rights."""
    entitled = frozenset(one.membership for one in members)
    return forecast(Roll(entitled, rules.of(uow, meeting.body).quorum), {number: one.answer for number, one in said.items()})


# --- inside -----------------------------------------------------------------------------------------------------------


def _may(uow: UnitOfWork, actor: Actor, meeting: Meeting, membership: int) -> None:
    facts.speaks_for(uow, actor, meeting, membership)
    _of_it(uow, meeting, membership)
    _require_asked(uow, meeting)


def _of_it(uow: UnitOfWork, meeting: Meeting, membership: int) -> None:
    if membership not in {one.membership for one in facts.members(uow, meeting)}:
        raise NotFound(NOT_HERE)


def _require_asked(uow: UnitOfWork, meeting: Meeting) -> None:
    if meeting.status == "cancelled":
        raise Refused(N_("This meeting has been called off, so no answer is needed."))
    if meeting.status != "convened" or meeting.ends_at <= uow.now:
        raise Refused(N_("Nobody is asked about this meeting now."))


def _keep(uow: UnitOfWork, actor: Actor, meeting: Meeting, membership: int, said: Answer, seat: int | None, reason: str) -> None:
    _require_asked(uow, meeting)
    uow.execute(
        _SAY[uow.dialect], meeting_id=meeting.id, membership_id=membership, answer=said, seat_id=seat, reason=reason,
        person_id=actor.person, answered_at=uow.now,
    )  # fmt: skip
    uow.audit("meeting.answer", body=meeting.body, person=actor.person, meeting=meeting.id, membership=membership)
    calls.settle(uow, meeting.id)  # a substitute is called, or not any more


_COLUMNS: Final = ("meeting_id", "membership_id", "answer", "seat_id", "reason", "person_id", "answered_at")
_SAY = upsert(
    MEETING_ANSWER,
    lambda new: new.values({name: bindparam(name) for name in _COLUMNS}).on_conflict_do_update(
        index_elements=["meeting_id", "membership_id"], set_={name: new.excluded[name] for name in _COLUMNS[2:]}
    ),
)
_ANSWERS = select(MEETING_ANSWER).where(MEETING_ANSWER.c.meeting_id == bindparam("meeting"))
_SUBSTITUTE = select(SEAT.c.id).where(
    SEAT.c.id == bindparam("seat"),
    SEAT.c.membership_id == bindparam("membership"),
    SEAT.c.role == "substitute",
    SEAT.c.meeting_id.is_(None) | (SEAT.c.meeting_id == bindparam("meeting")),
)
