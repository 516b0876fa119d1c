"""A poll for a date: a meeting that has none yet, the dates that are asked about, and what each institution says to each.

Until its date is chosen such a meeting is a proposal with ``poll_until``; its day is the first date asked about and stands for nothing.
Answers are the institution's, given by either of its people and changed until the last day; then the clock names the best date
(``domain.meetings.polls``), and the coordinator chooses one, that one or another. From then on it is a meeting of the plan like any other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Row, bindparam, exists, select, update

from konwent_bot.domain.meetings.polls import POLL_ANSWERS, Best, PollAnswer, Tally, best, tally
from konwent_bot.domain.meetings.quorum import Roll
from konwent_bot.errors import N_, NotFound, Refused
from konwent_bot.office.meetings import facts, plan_news, rules, timing
from konwent_bot.office.meetings.facts import NOT_HERE, Meeting
from konwent_bot.office.rights import Actor
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.columns import UtcInstant
from konwent_bot.store.statements import upsert
from konwent_bot.store.tables import MEETING, POLL_ANSWER, POLL_DATE, POST

_CLOSED: Final = N_("The poll is over, so its answers cannot be changed any more.")


@dataclass(frozen=True, slots=True)
class PollDate:
    """A date that is asked about, and what was said to it."""

    id: int
    day: date
    hour: time
    starts_at: datetime
    tally: Tally
    #: By institution; who is silent is not in it.
    said: Mapping[int, PollAnswer]


@dataclass(frozen=True, slots=True)
class Poll:
    """A poll as it stands."""

    meeting: Meeting
    #: In order of time.
    dates: tuple[PollDate, ...]
    #: Institutions that are asked, by number and name, in alphabetical order.
    asked: Mapping[int, str]
    #: How many of them make a quorum.
    needed: int
    #: Answers are taken still.
    open: bool
    #: The best of the dates that are ahead, and why; ``None`` where nobody can come to any.
    best: Best | None

    def is_silent(self, membership: int) -> bool:
        """Tell whether an institution has left out any date."""
        return any(membership not in one.said for one in self.dates)

    @property
    def last_day(self) -> date:
        """Give the last local day of answers."""
        assert self.meeting.poll_until is not None
        return (self.meeting.poll_until - timedelta(microseconds=1)).astimezone(ZoneInfo(self.meeting.zone)).date()

    @property
    def silent(self) -> tuple[int, ...]:
        """The institutions that have left out any date."""
        return tuple(one for one in self.asked if self.is_silent(one))

    def date(self, number: int) -> PollDate:
        """Give one of its dates. Raises ``NotFound`` for a number that is none."""
        found = next((one for one in self.dates if one.id == number), None)
        if found is None:
            raise NotFound(NOT_HERE)
        return found


def read(uow: UnitOfWork, meeting: Meeting) -> Poll:
    """Give the poll of a meeting; one whose date has been chosen has none any more. Asks no rights. Raises ``NotFound`` without one."""
    if meeting.poll_until is None or meeting.status != "proposed":
        raise NotFound(NOT_HERE)
    asked = {one.membership: one.name for one in facts.members(uow, meeting)}
    said: dict[int, dict[int, PollAnswer]] = {}
    for row in uow.execute(_ANSWERS, meeting=meeting.id):
        said.setdefault(row.date_id, {})[row.membership_id] = row.answer
    dates = tuple(_date(meeting, row, asked, said.get(row.id, {})) for row in uow.execute(_DATES, meeting=meeting.id))
    needed = Roll(frozenset(asked), rules.of(uow, meeting.body).quorum).needed
    ahead = [one.tally for one in dates if one.starts_at > uow.now]
    return Poll(meeting, dates, asked, needed, meeting.poll_until > uow.now, best(ahead, needed))


def see(uow: UnitOfWork, actor: Actor, meeting_id: int) -> Poll:
    """Give a poll to somebody who may see its meeting.

    Raises:
        NotFound: there is no such poll for this actor, or its date has been chosen.
    """
    return read(uow, facts.see(uow, actor, meeting_id))


def meeting_of(uow: UnitOfWork, date_id: int) -> int:
    """Give the meeting one of whose dates this is. Raises ``NotFound`` where there is no such date."""
    found = uow.execute(_MEETING_OF, date=date_id).scalar_one_or_none()
    if found is None:
        raise NotFound(NOT_HERE)
    return int(found)


def answer(uow: UnitOfWork, actor: Actor, date_id: int, membership: int, said: str) -> Poll:
    """Say for an institution whether a date suits it, whatever it said before.

    Raises:
        NotFound: the actor does not speak for this institution at this meeting, or there is no such date or answer.
        Refused: the poll is over.
    """
    meeting = facts.get(uow, meeting_of(uow, date_id), lock=True)
    facts.speaks_for(uow, actor, meeting, membership)
    if said not in POLL_ANSWERS or membership not in {one.membership for one in facts.members(uow, meeting)}:
        raise NotFound(NOT_HERE)
    if meeting.status != "proposed" or meeting.poll_until is None or meeting.poll_until <= uow.now:
        raise Refused(_CLOSED)
    uow.execute(
        _SAY[uow.dialect], date_id=date_id, membership_id=membership, answer=said, person_id=actor.person, answered_at=uow.now
    )  # fmt: skip
    uow.audit("poll.answer", body=meeting.body, person=actor.person, meeting=meeting.id, membership=membership)
    return read(uow, meeting)


def choose(uow: UnitOfWork, actor: Actor, date_id: int) -> Meeting:
    """Give the meeting one of the dates: the poll is over, the meeting is on the plan, and whoever will be called is told its date.

    The same date chosen twice, or by two at once, is chosen once.

    Raises:
        NotFound: there is no such date for this actor.
        Refused: it has passed, another one was chosen meanwhile, or the meeting was taken off.
    """
    meeting = facts.steer(uow, actor, meeting_of(uow, date_id), "poll.open")
    row = uow.execute(_DATE, date=date_id).one()
    day, hour = row.day, time.fromisoformat(row.hour)
    if meeting.poll_until is None or meeting.status != "proposed":
        if meeting.status in ("planned", "convened") and (meeting.day, meeting.hour) == (day, hour):
            return meeting
        raise Refused(N_("A date has been chosen already, or the meeting was taken off."))
    starts, ends = facts.instants(day, hour, meeting.minutes, meeting.zone)
    if starts <= uow.now:
        raise Refused(N_("{day}, {hour} has passed already. Choose a date ahead."), day=day, hour=hour)
    call = timing.call_instant(day, meeting.zone, rules.of(uow, meeting.body).call_days)
    uow.execute(
        _CHOOSE, meeting=meeting.id, day_=day, hour_=row.hour, starts=starts, ends=ends, now=uow.now,
        next=call if call > uow.now else min(timing.next_morning(uow), starts),
    )  # fmt: skip
    uow.audit("poll.choose", body=meeting.body, person=actor.person, meeting=meeting.id, date=date_id)
    chosen = facts.get(uow, meeting.id)
    plan_news.tell(uow, meeting.body, (chosen,))
    return chosen


# --- what polls ask of a person ---------------------------------------------------------------------------------------


def unanswered(uow: UnitOfWork, person: int) -> list[tuple[Poll, int]]:
    """Give the polls that are open, with each institution the person speaks for that has left out a date."""
    found = []
    for row in uow.execute(_MINE, person=person, now=uow.now):
        meeting = facts.read(row)
        own = facts.own(uow, person, meeting)
        poll = read(uow, meeting) if own else None
        found += [(poll, one) for one in own if poll is not None and poll.is_silent(one)]
    return found


def over(uow: UnitOfWork, person: int) -> list[Poll]:
    """Give the polls that are over and wait for a person, who coordinates, to choose the date."""
    return [read(uow, facts.read(row)) for row in uow.execute(_OVER, person=person, now=uow.now)]


# --- inside -----------------------------------------------------------------------------------------------------------


def _date(meeting: Meeting, row: Row[Any], asked: Mapping[int, str], said: Mapping[int, PollAnswer]) -> PollDate:
    hour = time.fromisoformat(row.hour)
    starts, _ = facts.instants(row.day, hour, meeting.minutes, meeting.zone)
    counted = {one: answer for one, answer in said.items() if one in asked}
    return PollDate(row.id, row.day, hour, starts, tally(datetime.combine(row.day, hour), asked, counted), counted)


_D = POLL_DATE.c
_DATES = select(POLL_DATE).where(_D.meeting_id == bindparam("meeting")).order_by(_D.day, _D.hour)
_DATE = select(POLL_DATE).where(_D.id == bindparam("date"))
_MEETING_OF = select(_D.meeting_id).where(_D.id == bindparam("date"))
_ANSWERS = (
    select(POLL_ANSWER.c.date_id, POLL_ANSWER.c.membership_id, POLL_ANSWER.c.answer)
    .join_from(POLL_ANSWER, POLL_DATE, _D.id == POLL_ANSWER.c.date_id)
    .where(_D.meeting_id == bindparam("meeting"))
)
_COLUMNS: Final = ("date_id", "membership_id", "answer", "person_id", "answered_at")
_SAY = upsert(
    POLL_ANSWER,
    lambda new: new.values({name: bindparam(name) for name in _COLUMNS}).on_conflict_do_update(
        index_elements=["date_id", "membership_id"], set_={name: new.excluded[name] for name in _COLUMNS[2:]}
    ),
)
_CHOOSE = (
    update(MEETING)
    .where(MEETING.c.id == bindparam("meeting"))
    .values(
        status="planned", day=bindparam("day_"), hour=bindparam("hour_"), starts_at=bindparam("starts", type_=UtcInstant),
        ends_at=bindparam("ends", type_=UtcInstant), poll_until=None, reminded=0, planned_at=bindparam("now", type_=UtcInstant),
        next_step_at=bindparam("next", type_=UtcInstant),
    )
)  # fmt: skip
_NOW = bindparam("now", type_=UtcInstant)
_POLLS = facts.MEETINGS.where(MEETING.c.status == "proposed").order_by(MEETING.c.poll_until, MEETING.c.id)
_MINE = _POLLS.where(MEETING.c.poll_until > _NOW, MEETING.c.body_id.in_(facts.BODIES))
_OVER = _POLLS.where(
    MEETING.c.poll_until <= _NOW,
    exists(
        select(POST.c.id).where(
            POST.c.body_id == MEETING.c.body_id, POST.c.kind == "coordinator", POST.c.person_id == bindparam("person")
        )
    ),
)
