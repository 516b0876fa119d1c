"""Opening a poll for a date: what a coordinator enters, and who is asked."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import insert

from konwent_bot.domain.meetings.local_time import to_utc
from konwent_bot.domain.meetings.polls import FEWEST_DATES, MOST_DATES
from konwent_bot.domain.meetings.words import MeetingKind, MeetingMode
from konwent_bot.errors import N_, Refused
from konwent_bot.office.meetings import details, entering, facts, planning, poll_news
from konwent_bot.office.meetings.details import Chair, Details, Length, checked, minutes_of
from konwent_bot.office.rights import Actor, require
from konwent_bot.office.subjects import Outcome, Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import MEETING, POLL_DATE

#: Local hour on the day before the last one at which the silent are reminded.
REMINDER_HOUR: Final = time(12)


class PollOpened(BaseModel):
    """What the act ``poll.open`` takes: a meeting without a date, the dates to be asked about, and the last day of answers."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: MeetingKind
    #: The number of the working group, as the flow offers it; nothing for the whole body.
    group: tuple[str, ...] = Field(default=(), max_length=1)
    topic: str = Field(default="", max_length=details.MOST_TOPIC)
    length: Length
    mode: MeetingMode
    place: str = Field(default="", max_length=details.MOST_PLACE)
    link: str = Field(default="", max_length=details.MOST_LINK)
    chair: Chair = "coordinator"
    #: How many dates; those beyond it are not asked about.
    count: int = Field(ge=FEWEST_DATES, le=MOST_DATES)
    date1: datetime
    date2: datetime
    date3: datetime | None = None
    date4: datetime | None = None
    date5: datetime | None = None
    date6: datetime | None = None
    date7: datetime | None = None
    date8: datetime | None = None
    #: Local day until whose end institutions may answer.
    until: date

    @property
    def dates(self) -> list[datetime]:
        """The dates as they were given: local wall times."""
        all_of_them = (self.date1, self.date2, self.date3, self.date4, self.date5, self.date6, self.date7, self.date8)
        return [one for one in all_of_them if one is not None][: self.count]


def may(uow: UnitOfWork, actor: Actor, subject: Subject) -> None:
    """Refuse unless the actor may ask this body about dates."""
    require(uow, actor, "poll.open", body=subject.body)


def open_poll(uow: UnitOfWork, actor: Actor, subject: Subject, given: PollOpened) -> Outcome:
    """Enter a meeting without a date and ask its institutions about the dates it may have.

    Raises:
        NotFound: no such body, or working group in it, for this actor.
        Invalid: place, address or length cannot be.
        Refused: fewer than two dates, one of them twice, passed or at an hour that does not exist; the last day of answers is over or
            not before the first date; the group's term ends before the last one; the body has nobody who could be asked.
    """
    may(uow, actor, subject)
    planning.lock_body(uow, subject.body)
    planning.require_members(uow, subject.body)
    dates = _dates(given)
    group = entering.group_of(uow, subject.body, given.kind, given.group, dates[-1].date())
    where = checked(Details(minutes_of(given.length), given.mode, given.place, given.link, given.chair, given.topic))
    zone = str(uow.house.zone)
    for one in dates:
        starts, _ = facts.instants(one.date(), one.time(), where.minutes, zone)
        if starts <= uow.now:
            raise Refused(N_("{day}, {hour} has passed already. Choose a date ahead."), day=one.date(), hour=one.time())
    closes = _closes(uow, given.until, dates[0])
    first = dates[0]
    row = planning.row(uow, actor, subject.body, given.kind, first.date(), first.time(), where, group=group)
    row |= {"poll_until": closes, "next_step_at": reminder_at(uow.now, closes, uow.house.zone)}
    made = int(uow.execute(planning.INSERT.returning(MEETING.c.id), **row).scalar_one())
    asked = [{"meeting_id": made, "day": one.date(), "hour": f"{one:%H:%M}"} for one in dates]
    uow.connection.execute(_DATES, asked)
    if not poll_news.ask(uow, facts.get(uow, made)):
        raise Refused(N_("There is nobody who could be asked: no institution has a person who can be reached. Check the roster."))
    uow.audit("poll.open", body=subject.body, person=actor.person, meeting=made, dates=len(dates))
    return Outcome(subject.body, made)


def reminder_at(now: datetime, closes: datetime, zone: ZoneInfo) -> datetime:
    """Give the instant at which the silent are reminded: noon of the day before the last one, of a short poll its middle."""
    last = (closes - timedelta(seconds=1)).astimezone(zone).date()
    noon = to_utc(datetime.combine(last - timedelta(days=1), REMINDER_HOUR), zone)
    return max(noon, now + (closes - now) / 2)


# --- inside -----------------------------------------------------------------------------------------------------------


def _dates(given: PollOpened) -> list[datetime]:
    dates = sorted(one.replace(second=0, microsecond=0) for one in given.dates)
    if len(dates) < FEWEST_DATES:
        raise Refused(N_("Give at least two dates: of one there is nothing to choose."))
    twice = next((one for one, after in pairwise(dates) if one == after), None)
    if twice is not None:
        raise Refused(N_("{day}, {hour} is among the dates twice. Change one of them."), day=twice.date(), hour=twice.time())
    return dates


def _closes(uow: UnitOfWork, until: date, first: datetime) -> datetime:
    """Give the instant at which a poll is over: the end of a local day before the first date."""
    if until < uow.today:
        raise Refused(N_("{until} is over already. Choose a later last day of answers."), until=until)
    if until >= first.date():
        raise Refused(
            N_("The first date is {first}. Answers must end before that day: choose an earlier last day than {until}, or later dates."),
            first=first.date(), until=until,
        )  # fmt: skip
    return to_utc(datetime.combine(until + timedelta(days=1), time()), uow.house.zone)


_DATES = insert(POLL_DATE)
