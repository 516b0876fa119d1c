"""Confirming the plan: proposals become meetings members know of, and everybody who will be called to any of them is told, once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, update

from konwent_bot.errors import N_, Refused
from konwent_bot.office.meetings import facts, plan_news, planning, rules, timing
from konwent_bot.office.meetings.facts import Meeting
from konwent_bot.office.rights import Actor, require
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.columns import UtcInstant
from konwent_bot.store.tables import MEETING

_NONE: Final = N_("There is no proposal ahead that could be confirmed.")


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What a confirmation did."""

    meetings: int
    #: How many people (or places nobody has accepted yet) are told.
    told: int


def confirm(uow: UnitOfWork, actor: Actor, body: int, year: int) -> Confirmed:
    """Confirm every proposal of a year that is still ahead. Done twice, or by two at once, it is done once.

    Raises:
        NotFound: no such body for this actor.
        Refused: there is nothing to confirm.
    """
    require(uow, actor, "meeting.plan", body=body)
    planning.lock_body(uow, body)
    wanted = [one for one in facts.of_body(uow, body, *planning.span(year)) if _may_be(uow, one)]
    if not wanted:
        raise Refused(_NONE)
    return _confirm(uow, actor, body, wanted)


def confirm_one(uow: UnitOfWork, actor: Actor, meeting_id: int) -> Confirmed:
    """Confirm one proposal. Pressed again it tells nobody a second time.

    Raises:
        NotFound: there is no such meeting for this actor.
        Refused: its date has passed, it was dropped, or a date is still being looked for.
    """
    body = facts.get(uow, meeting_id).body
    require(uow, actor, "meeting.plan", body=body)
    planning.lock_body(uow, body)
    meeting = facts.steer(uow, actor, meeting_id, "meeting.plan")
    if meeting.status in ("planned", "convened"):
        return Confirmed(0, 0)
    if not _may_be(uow, meeting):
        raise Refused(_NONE)
    return _confirm(uow, actor, body, [meeting])


# --- inside -----------------------------------------------------------------------------------------------------------


def _may_be(uow: UnitOfWork, meeting: Meeting) -> bool:
    return meeting.status == "proposed" and meeting.starts_at > uow.now and meeting.poll_until is None


def _confirm(uow: UnitOfWork, actor: Actor, body: int, meetings: list[Meeting]) -> Confirmed:
    days = rules.of(uow, body).call_days
    values = [
        {"meeting": one.id, "now": uow.now, "next": max(timing.call_instant(one.day, one.zone, days), uow.now)}
        for one in meetings
    ]
    uow.connection.execute(_CONFIRM, values)
    uow.audit("meeting.confirm", body=body, person=actor.person, meetings=len(meetings))
    return Confirmed(len(meetings), plan_news.tell(uow, body, meetings))


_CONFIRM = (
    update(MEETING)
    .where(MEETING.c.id == bindparam("meeting"))
    .values(status="planned", planned_at=bindparam("now", type_=UtcInstant), next_step_at=bindparam("next", type_=UtcInstant))
    .execution_options(synchronize_session=False)
)
