"""Calling people to a meeting, moving or changing it, calling it off: with everybody who was told told again, and nobody else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import bindparam, delete, update

from konwent_bot.domain.meetings.local_time import to_utc
from konwent_bot.domain.meetings.notice_period import NoticePeriod, notice_period
from konwent_bot.domain.meetings.representation import Calling, whom_to_call
from konwent_bot.domain.meetings.words import MeetingMode
from konwent_bot.errors import N_, Refused
from konwent_bot.office import chat_groups, notices
from konwent_bot.office.meetings import agenda, calls, facts, plan_news, rules, timing
from konwent_bot.office.meetings.details import Details, checked
from konwent_bot.office.meetings.entering import details_of
from konwent_bot.office.meetings.facts import Meeting
from konwent_bot.office.minutes import beginning as minutes
from konwent_bot.office.rights import Actor, require
from konwent_bot.office.subjects import Outcome, Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.columns import UtcInstant
from konwent_bot.store.tables import MEETING, MEETING_ANSWER

#: Characters of a reason.
MOST_REASON: Final = 500


@dataclass(frozen=True, slots=True)
class CallOne:
    """Whom a call would reach in one institution."""

    membership: int
    name: str
    calling: Calling


@dataclass(frozen=True, slots=True)
class Preview:
    """What calling a meeting would do, and what speaks against it."""

    meeting: Meeting
    notice: NoticePeriod
    callings: tuple[CallOne, ...]
    guests: int


class MeetingChange(BaseModel):
    """What the act ``meeting.change`` takes. What is not given stays as it is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    #: What was marked as changing; the fields below say how.
    what: tuple[str, ...] = ()
    moment: datetime | None = None
    minutes: int | None = None
    mode: MeetingMode | None = None
    place: str | None = None
    link: str | None = None
    reason: str = Field(max_length=MOST_REASON)


class MeetingCancelled(BaseModel):
    """What the act ``meeting.cancel`` takes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: str = Field(max_length=MOST_REASON)


def preview(uow: UnitOfWork, actor: Actor, meeting_id: int) -> Preview:
    """Say who would be called to a meeting, by which place and why, and whether the notice is short. Changes nothing.

    Raises:
        NotFound: there is no such meeting for this actor.
        Refused: people have been called to it, it is over or called off, or its date has passed.
    """
    meeting = facts.get(uow, meeting_id)
    require(uow, actor, "meeting.convene", body=meeting.body)
    if meeting.status == "convened":
        raise Refused(N_("People have been called to this meeting already."))
    _require_to_call(uow, meeting)
    composition = facts.composition(uow, meeting)
    callings = tuple(
        CallOne(one.membership, one.name, whom_to_call(meeting.kind, one.places, composition=composition))
        for one in facts.members(uow, meeting)
    )
    required = rules.of(uow, meeting.body).notice_days
    guests = calls.guests_of(uow, meeting.id)
    return Preview(meeting, notice_period(uow.today, meeting.day, required), callings, guests)


def convene(uow: UnitOfWork, actor: Actor, meeting_id: int) -> Meeting:
    """Call everybody to a meeting. Pressed twice, or by the clock and a hand at once, it calls once.

    Raises:
        NotFound: there is no such meeting for this actor.
        Refused: it is over or called off, its date has passed, a date is still being looked for, or nobody could be called.
    """
    meeting = facts.steer(uow, actor, meeting_id, "meeting.convene")
    if meeting.status == "convened":
        return meeting
    _require_to_call(uow, meeting)
    members = facts.members(uow, meeting)
    composition = facts.composition(uow, meeting)
    if not any(whom_to_call(meeting.kind, one.places, composition=composition).place for one in members):
        raise Refused(
            N_("There is nobody who could be called: no institution has a person who can be reached. Check the roster.")
        )
    chosen = rules.of(uow, meeting.body)
    uow.execute(_CONVENE, meeting=meeting.id, now=uow.now, until=_agenda_until(meeting, chosen.agenda_days, uow.now))
    agenda.settle(uow, facts.get(uow, meeting.id))
    calls.settle(uow, meeting.id)
    chat_groups.tell(uow, meeting)
    uow.audit("meeting.convene", body=meeting.body, person=actor.person, meeting=meeting.id)
    return timing.plan_next(uow, meeting.id)


def may_change(uow: UnitOfWork, actor: Actor, subject: Subject) -> None:
    """Refuse unless the actor may change this meeting, and there is something left to change."""
    _ahead(uow, actor, subject, "meeting.change")


def may_cancel(uow: UnitOfWork, actor: Actor, subject: Subject) -> None:
    """Refuse unless the actor may call this meeting off, and it is still ahead."""
    _ahead(uow, actor, subject, "meeting.cancel")


def change(uow: UnitOfWork, actor: Actor, subject: Subject, given: MeetingChange) -> Outcome:
    """Move a meeting, or change its place, its room or its length. Answers to another date do not count for the new one.

    Raises:
        NotFound: there is no such meeting for this actor.
        Invalid: place, address or length cannot be.
        Refused: it is over; the new date has passed or is an hour that does not exist; nothing would change.
    """
    meeting = facts.steer(uow, actor, subject.meeting or 0, "meeting.change")
    _require_ahead(uow, meeting)
    day, hour = (given.moment.date(), given.moment.time()) if given.moment is not None else (meeting.day, meeting.hour)
    become = _become(meeting, given)
    starts, ends = facts.instants(day, hour, become.minutes, meeting.zone)
    if starts <= uow.now:
        raise Refused(N_("{day}, {hour} has passed already. Choose a date ahead."), day=day, hour=hour)
    moved = starts != meeting.starts_at
    if not moved and become == details_of(meeting):
        raise Refused(N_("Nothing would change: the date, the place and the length are as they were."))
    told = meeting.status == "convened"
    values = {"day_": day, "hour_": f"{hour:%H:%M}", "minutes_": become.minutes, "starts": starts, "ends": ends}
    where = {"mode_": become.mode, "place_": become.place, "link_": become.link}
    uow.execute(_CHANGE, meeting=meeting.id, **values, **where, reason_=given.reason, revised=int(told))
    if moved and told:
        until = _agenda_until(replace(meeting, day=day, hour=hour), rules.of(uow, meeting.body).agenda_days, uow.now)
        uow.execute(_MOVED, meeting=meeting.id, former=meeting.starts_at, now=uow.now, until=until)
        uow.execute(_NO_ANSWERS, meeting=meeting.id)
        agenda.settle(uow, facts.get(uow, meeting.id))
    if told:
        calls.tell_change(uow, facts.get(uow, meeting.id))
        chat_groups.tell(uow, meeting)
        calls.settle(uow, meeting.id)
        agenda.settle(uow, facts.get(uow, meeting.id))
    else:
        plan_news.changed(uow, meeting.id)
    uow.audit("meeting.change", body=meeting.body, person=actor.person, meeting=meeting.id, moved=int(moved))
    timing.plan_next(uow, meeting.id)
    return Outcome(meeting.body, meeting.id)


def cancel(uow: UnitOfWork, actor: Actor, subject: Subject, given: MeetingCancelled) -> Outcome:
    """Call a meeting off. Whoever was told of it is told; nobody else hears of it.

    Raises:
        NotFound: there is no such meeting for this actor.
        Refused: it is over.
    """
    meeting = facts.steer(uow, actor, subject.meeting or 0, "meeting.cancel")
    _require_ahead(uow, meeting)
    calls.settle(uow, meeting.id)
    uow.execute(_CANCEL, meeting=meeting.id, reason_=given.reason, now=uow.now, revised=int(meeting.status == "convened"))
    if meeting.status == "convened":
        calls.tell_cancelled(uow, facts.get(uow, meeting.id))
        chat_groups.tell(uow, meeting)
    else:
        notices.withdraw(uow, subject=meeting.subject)
        plan_news.dropped(uow, meeting.id)
    agenda.follow(uow, meeting)
    uow.audit("meeting.cancel", body=meeting.body, person=actor.person, meeting=meeting.id)
    return Outcome(meeting.body, meeting.id)


def close(uow: UnitOfWork, actor: Actor, meeting_id: int, *, held: bool) -> Meeting:
    """Note that a meeting took place, or that it did not; only one that took place meets what cadence demands. May be corrected.

    The minutes of one that took place are begun, with what is known of it already.

    Raises:
        NotFound: there is no such meeting for this actor.
        Refused: it has not begun, nobody was called to it, or its minutes say to everybody that it took place.
    """
    meeting = facts.steer(uow, actor, meeting_id, "meeting.close")
    if meeting.convened_at is None or meeting.starts_at > uow.now:
        raise Refused(N_("This meeting has not begun yet."))
    if not held:
        minutes.take_away(uow, meeting)
    uow.execute(_CLOSE, meeting=meeting.id, status_="held" if held else "cancelled", now=uow.now)
    closed = facts.get(uow, meeting.id)
    agenda.follow(uow, closed)
    uow.audit("meeting.close", body=meeting.body, person=actor.person, meeting=meeting.id, held=int(held))
    if held:
        minutes.begin(uow, closed, actor)
    return closed


# --- inside -----------------------------------------------------------------------------------------------------------


def _ahead(uow: UnitOfWork, actor: Actor, subject: Subject, act: str) -> None:
    meeting = facts.get(uow, subject.meeting or 0)
    require(uow, actor, act, body=meeting.body)
    _require_ahead(uow, meeting)


def _require_ahead(uow: UnitOfWork, meeting: Meeting) -> None:
    if meeting.status in ("held", "cancelled") or meeting.starts_at <= uow.now:
        raise Refused(N_("This meeting has begun, is over, or has been called off; nothing of it can be changed any more."))
    if meeting.poll_until is not None:
        raise Refused(N_("A date is being looked for. Choose one of the poll first."))


def _require_to_call(uow: UnitOfWork, meeting: Meeting) -> None:
    if meeting.status not in ("proposed", "planned"):
        raise Refused(N_("This meeting is over or has been called off, so nobody can be called to it."))
    if meeting.starts_at <= uow.now:
        raise Refused(N_("The date of this meeting has passed. Choose another one first."))
    if meeting.poll_until is not None:
        raise Refused(N_("A date is being looked for. Choose one of the poll first."))


def _become(meeting: Meeting, given: MeetingChange) -> Details:
    """Give what a meeting says of itself once it is changed: as it was, but for what was given."""
    place = meeting.place if given.place is None else given.place
    link = meeting.link if given.link is None else given.link
    become = Details(given.minutes or meeting.minutes, given.mode or meeting.mode, place, link, meeting.chair, meeting.topic)
    return checked(become) if become != details_of(meeting) else become


def _agenda_until(meeting: Meeting, days: int, now: datetime) -> datetime:
    """Give until when agenda items may be proposed: the end of a local day so many days before; of a short-notice one, its start."""
    zone = ZoneInfo(meeting.zone)
    last = date.fromordinal(meeting.day.toordinal() - days)
    until = to_utc(datetime.combine(date.fromordinal(last.toordinal() + 1), time()), zone)
    return until if until > now else facts.instants(meeting.day, meeting.hour, meeting.minutes, meeting.zone)[0]


_THIS = update(MEETING).where(MEETING.c.id == bindparam("meeting"))
_NOW = bindparam("now", type_=UtcInstant)
_UNTIL = bindparam("until", type_=UtcInstant)
_CONVENE = _THIS.values(
    status="convened", revision=1, convened_at=_NOW, agenda_until=_UNTIL, reminded=0,
)  # fmt: skip
_CHANGE = _THIS.values(
    day=bindparam("day_"), hour=bindparam("hour_"), minutes=bindparam("minutes_"), starts_at=bindparam("starts", type_=UtcInstant),
    ends_at=bindparam("ends", type_=UtcInstant), mode=bindparam("mode_"), place=bindparam("place_"), link=bindparam("link_"),
    reason=bindparam("reason_"), revision=MEETING.c.revision + bindparam("revised"), sequence=MEETING.c.sequence + bindparam("revised"),
    moved_from=None,
)  # fmt: skip
_MOVED = _THIS.values(
    moved_from=bindparam("former", type_=UtcInstant), convened_at=_NOW, agenda_until=_UNTIL, agenda_sent_at=None, reminded=0
)
_CANCEL = _THIS.values(
    status="cancelled", reason=bindparam("reason_"), closed_at=_NOW, next_step_at=None, poll_until=None,
    revision=MEETING.c.revision + bindparam("revised"), sequence=MEETING.c.sequence + bindparam("revised"),
)  # fmt: skip
_CLOSE = _THIS.values(status=bindparam("status_"), closed_at=_NOW, next_step_at=None)
_NO_ANSWERS = delete(MEETING_ANSWER).where(MEETING_ANSWER.c.meeting_id == bindparam("meeting"))
