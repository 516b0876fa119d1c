"""Single meetings: entered by the coordinator beside the plan, and changed or dropped before anybody is called to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import bindparam, select, update

from konwent_bot.dialogue.values import Value
from konwent_bot.domain.meetings.words import MeetingKind, MeetingMode
from konwent_bot.errors import N_, NotFound, Refused
from konwent_bot.office.meetings import details, facts, plan_news, planning, poll_news, rules, timing
from konwent_bot.office.meetings.details import Chair, Details, Length, checked, length_of, minutes_of
from konwent_bot.office.meetings.facts import Meeting
from konwent_bot.office.rights import Actor, require
from konwent_bot.office.subjects import Outcome, Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.columns import UtcInstant
from konwent_bot.store.tables import MEETING, WORKING_GROUP

_MOVED_ON: Final = N_("People have been called to this meeting, or it is over. Open the meeting to change it.")


class MeetingEntered(BaseModel):
    """What the act ``meeting.enter`` takes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: MeetingKind
    #: The number of the working group, as the flow offers it; nothing for the whole body.
    group: tuple[str, ...] = Field(default=(), max_length=1)
    topic: str = Field(default="", max_length=details.MOST_TOPIC)
    when: datetime
    length: Length
    mode: MeetingMode
    place: str = Field(default="", max_length=details.MOST_PLACE)
    link: str = Field(default="", max_length=details.MOST_LINK)
    chair: Chair = "coordinator"


class MeetingAdjusted(BaseModel):
    """What the act ``meeting.adjust`` takes: a meeting of the plan as it is to be from now on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    when: datetime
    length: Length
    mode: MeetingMode
    place: str = Field(default="", max_length=details.MOST_PLACE)
    link: str = Field(default="", max_length=details.MOST_LINK)
    chair: Chair = "coordinator"
    topic: str = Field(default="", max_length=details.MOST_TOPIC)


@dataclass(frozen=True, slots=True)
class _Group:
    body: int
    term_on: date


def enter(uow: UnitOfWork, actor: Actor, subject: Subject, given: MeetingEntered) -> Outcome:
    """Enter a meeting. It stands on the plan at once; people hear of it when they are called, by hand or by the clock.

    Raises:
        NotFound: no such body, or working group in it, for this actor.
        Invalid: place, address or length cannot be.
        Refused: the date has passed or is an hour that does not exist, the group's term is over by then, the body has no institutions.
    """
    planning.may(uow, actor, subject)
    planning.lock_body(uow, subject.body)
    planning.require_members(uow, subject.body)
    day, hour = given.when.date(), given.when.time()
    group = group_of(uow, subject.body, given.kind, given.group, day)
    where = checked(Details(minutes_of(given.length), given.mode, given.place, given.link, given.chair, given.topic))
    row = planning.row(uow, actor, subject.body, given.kind, day, hour, where, status="planned", group=group)
    _require_ahead(uow, row["starts_at"], day, hour)
    # Called late, it waits for the next morning, so that there is time to add an agenda; the button calls at once.
    call = timing.call_instant(day, row["zone"], rules.of(uow, subject.body).call_days)
    row["next_step_at"] = call if call > uow.now else min(timing.next_morning(uow), row["starts_at"])
    made = int(uow.execute(planning.INSERT.returning(MEETING.c.id), **row).scalar_one())
    uow.audit("meeting.enter", body=subject.body, person=actor.person, meeting=made)
    return Outcome(subject.body, made)


def may_adjust(uow: UnitOfWork, actor: Actor, subject: Subject) -> None:
    """Refuse unless the actor plans this body's meetings and nobody has been called to this one yet."""
    _require_open(_planned(uow, actor, subject.meeting or 0))


def adjust(uow: UnitOfWork, actor: Actor, subject: Subject, given: MeetingAdjusted) -> Outcome:
    """Change a meeting of the plan before anybody is called to it. Members who were told of the plan are told of this, once.

    Raises:
        NotFound: there is no such meeting for this actor.
        Invalid: place, address or length cannot be.
        Refused: people have been called already; the date has passed or is an hour that does not exist; its group's term is over by then.
    """
    meeting = _locked(uow, actor, subject.meeting or 0)
    _require_open(meeting)
    day, hour = given.when.date(), given.when.time()
    where = checked(Details(minutes_of(given.length), given.mode, given.place, given.link, given.chair, given.topic))
    if meeting.group is not None:
        _require_term(uow, meeting.group, day)
    starts, ends = facts.instants(day, hour, where.minutes, meeting.zone)
    _require_ahead(uow, starts, day, hour)
    if (meeting.day, meeting.hour, details_of(meeting)) == (day, hour, where):
        return Outcome(meeting.body, meeting.id)
    call = timing.call_instant(day, meeting.zone, rules.of(uow, meeting.body).call_days)
    uow.execute(
        _ADJUST, meeting=meeting.id, day_=day, hour_=f"{hour:%H:%M}", minutes_=where.minutes, starts=starts, ends=ends, mode_=where.mode,
        place_=where.place, link_=where.link, chair_=where.chair, topic_=where.topic,
        next=max(call, uow.now) if meeting.status == "planned" else None,
    )  # fmt: skip
    uow.audit("meeting.adjust", body=meeting.body, person=actor.person, meeting=meeting.id)
    plan_news.changed(uow, meeting.id)
    return Outcome(meeting.body, meeting.id)


def drop(uow: UnitOfWork, actor: Actor, meeting_id: int) -> Meeting:
    """Take a meeting off the plan before anybody is called to it. Members who were told of it are told; pressed twice it is gone once.

    Raises:
        NotFound: there is no such meeting for this actor.
        Refused: people have been called already.
    """
    meeting = _locked(uow, actor, meeting_id)
    if meeting.status == "cancelled" and meeting.revision == 0:
        return meeting
    _require_not_called(meeting)
    uow.execute(_DROP, meeting=meeting.id, now=uow.now)
    uow.audit("meeting.drop", body=meeting.body, person=actor.person, meeting=meeting.id)
    if meeting.poll_until is not None:
        poll_news.dropped(uow, meeting)
    plan_news.dropped(uow, meeting.id)
    return meeting


def drop_proposals(uow: UnitOfWork, actor: Actor, body: int, year: int) -> int:
    """Drop every proposal of a year, so that it can be planned by other rules; give how many. Nobody was told of them.

    Raises:
        NotFound: no such body for this actor.
    """
    require(uow, actor, "meeting.plan", body=body)
    first, last = planning.span(year)
    planning.lock_body(uow, body)
    gone = int(uow.execute(_DROP_ALL, body=body, first=first, last=last, now=uow.now).rowcount)
    if gone:
        uow.audit("meeting.drop", body=body, person=actor.person, year=year, meetings=gone)
    return gone


def group_of(uow: UnitOfWork, body: int, kind: str, group: tuple[str, ...], day: date) -> int | None:
    """Read which working group meets, as a flow offers it: only an operational meeting is one's, and only within its term.

    Raises:
        NotFound: there is no such group in this body.
        Refused: its term is over by then.
    """
    if kind != "operational" or not group:
        return None
    word = group[0]
    number = int(word) if word.isascii() and word.isdigit() and len(word) < 19 else 0
    if _require_term(uow, number, day).body != body:
        raise NotFound(facts.NOT_HERE)
    return number


def details_of(meeting: Meeting) -> Details:
    """Give what a meeting says of itself besides its date."""
    return Details(meeting.minutes, meeting.mode, meeting.place, meeting.link, meeting.chair, meeting.topic)


def answers_of(meeting: Meeting) -> dict[str, Value]:
    """Give a meeting as answers of the flow that changes it."""
    answers: dict[str, Value] = {
        "when": f"{meeting.wall:%Y-%m-%dT%H:%M}", "length": length_of(meeting.minutes), "mode": meeting.mode, "chair": meeting.chair,
    }  # fmt: skip
    return answers | {
        name: text for name, text in (("place", meeting.place), ("link", meeting.link), ("topic", meeting.topic)) if text
    }


# --- inside -----------------------------------------------------------------------------------------------------------


def _planned(uow: UnitOfWork, actor: Actor, meeting_id: int) -> Meeting:
    meeting = facts.get(uow, meeting_id)
    require(uow, actor, "meeting.plan", body=meeting.body)
    return meeting


def _locked(uow: UnitOfWork, actor: Actor, meeting_id: int) -> Meeting:
    """The body first, then its meeting: in the order in which confirming a whole plan locks them."""
    planning.lock_body(uow, _planned(uow, actor, meeting_id).body)
    return facts.steer(uow, actor, meeting_id, "meeting.plan")


def _require_open(meeting: Meeting) -> None:
    if meeting.poll_until is not None:
        raise Refused(N_("A date is being looked for. Choose one of the poll first."))
    _require_not_called(meeting)


def _require_not_called(meeting: Meeting) -> None:
    if meeting.status not in ("proposed", "planned"):
        raise Refused(_MOVED_ON)


def _require_ahead(uow: UnitOfWork, starts: datetime, day: date, hour: time) -> None:
    if starts <= uow.now:
        raise Refused(N_("{day}, {hour} has passed already. Choose a date ahead."), day=day, hour=hour)


def _require_term(uow: UnitOfWork, group: int, day: date) -> _Group:
    """Give a working group that still works on a day (R15)."""
    found = uow.execute(_TERM, group=group).one_or_none()
    if found is None:
        raise NotFound(facts.NOT_HERE)
    if found.term_on < day:
        raise Refused(
            N_("The term of this working group ends on {term}, before {day}. Extend its term first, or choose an earlier date."),
            term=found.term_on, day=day,
        )  # fmt: skip
    return _Group(found.body_id, found.term_on)


_TERM = select(WORKING_GROUP.c.body_id, WORKING_GROUP.c.term_on).where(WORKING_GROUP.c.id == bindparam("group"))
_THIS = update(MEETING).where(MEETING.c.id == bindparam("meeting"))
_NOW = bindparam("now", type_=UtcInstant)
_ADJUST = _THIS.values(
    day=bindparam("day_"), hour=bindparam("hour_"), minutes=bindparam("minutes_"), starts_at=bindparam("starts", type_=UtcInstant),
    ends_at=bindparam("ends", type_=UtcInstant), mode=bindparam("mode_"), place=bindparam("place_"), link=bindparam("link_"),
    chair=bindparam("chair_"), topic=bindparam("topic_"), next_step_at=bindparam("next", type_=UtcInstant),
)  # fmt: skip
_GONE = {"status": "cancelled", "closed_at": _NOW, "next_step_at": None, "poll_until": None}
_DROP = _THIS.values(_GONE)
_DROP_ALL = (
    update(MEETING)
    .where(
        MEETING.c.body_id == bindparam("body"), MEETING.c.status == "proposed", MEETING.c.poll_until.is_(None),
        MEETING.c.day >= bindparam("first"), MEETING.c.day <= bindparam("last"),
    )
    .values(_GONE)
)  # fmt: skip
