"""The plan of a year: meetings proposed by two rules. Nobody hears of them before the coordinator has confirmed them (``plan``)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Annotated, Any, Final, Literal, TypeAlias, get_args
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Row, bindparam, insert, literal, select

from konwent_bot.domain.meetings.cadence import LENGTHS as PERIODS
from konwent_bot.domain.meetings.cadence import ObligationKind
from konwent_bot.domain.meetings.recurrence import LAST, DayOfMonth, NthWeekday, Rule, propose
from konwent_bot.domain.meetings.words import MeetingMode
from konwent_bot.errors import N_, NotFound, Refused
from konwent_bot.office.meetings import details, facts
from konwent_bot.office.meetings.details import Chair, Details, Length, checked, minutes_of
from konwent_bot.office.rights import Actor, require
from konwent_bot.office.subjects import Outcome, Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import BODY, MEETING, MEMBERSHIP

#: Years there can be a plan of; holidays are known for all of them.
FIRST_YEAR, LAST_YEAR = 2000, 2100
#: How many years ahead a plan may be made.
YEARS_AHEAD: Final = 2

Nth: TypeAlias = Literal["first", "second", "third", "fourth", "last", "day"]
Weekday: TypeAlias = Literal["monday", "tuesday", "wednesday", "thursday", "friday"]
Month: TypeAlias = Literal[
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"
]
Day: TypeAlias = Annotated[int, Field(ge=1, le=31)]
#: The first month of each cycle of four that has one month in every quarter.
CYCLES: Final = {"january": (1, 4, 7, 10), "february": (2, 5, 8, 11), "march": (3, 6, 9, 12)}
_NTHS: Final = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": LAST}
_WEEKDAYS: Final = get_args(Weekday)
_MONTHS: Final = get_args(Month)
_EVERY: Final = tuple(range(1, 13))


class PlanAnswers(BaseModel):
    """What the act ``meeting.plan`` takes: a year, a rule for each kind of meeting, and what all of them have in common."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    year: int
    strategic_nth: Nth
    strategic_weekday: Weekday | None = None
    strategic_day: Day | None = None
    strategic_cycle: Literal["january", "february", "march", "other"]
    strategic_months: tuple[Month, ...] = ()
    strategic_hour: time
    strategic_length: Length
    operational_nth: Nth | Literal["none"]
    operational_weekday: Weekday | None = None
    operational_day: Day | None = None
    operational_hour: time | None = None
    operational_length: Length | None = None
    mode: MeetingMode
    place: str = Field(default="", max_length=details.MOST_PLACE)
    link: str = Field(default="", max_length=details.MOST_LINK)
    chair: Chair = "coordinator"


@dataclass(frozen=True, slots=True)
class Series:
    """Meetings of one kind that are to be proposed."""

    kind: ObligationKind
    rule: Rule
    hour: time
    details: Details


def may(uow: UnitOfWork, actor: Actor, subject: Subject) -> None:
    """Refuse unless the actor may plan the meetings of this body."""
    require(uow, actor, "meeting.plan", body=subject.body)


def plan(uow: UnitOfWork, actor: Actor, subject: Subject, given: PlanAnswers) -> Outcome:
    """Propose the meetings of a year. The same plan submitted twice, or by two at once, proposes nothing a second time.

    A month that has a meeting of a kind already gets no other one by a rule. ``Outcome.made`` is the year.

    Raises:
        NotFound: no such body for this actor.
        Invalid: place, address or length cannot be.
        Refused: the year is over or too far, the body has no institutions, or there is nothing left to propose.
    """
    may(uow, actor, subject)
    if not uow.today.year <= given.year <= uow.today.year + YEARS_AHEAD:
        raise Refused(
            N_("Meetings can be planned for the years {first} to {last}, not for {year}."),
            first=str(uow.today.year), last=str(uow.today.year + YEARS_AHEAD), year=str(given.year),
        )  # fmt: skip
    wanted = series(given)
    lock_body(uow, subject.body)
    require_members(uow, subject.body)
    made = _proposed(uow, actor, subject.body, given.year, wanted)
    if not made:
        raise Refused(
            N_("Nothing is left to propose: in {year} every month of these rules has a meeting already, or is over."),
            year=str(given.year),
        )
    uow.connection.execute(INSERT, made)
    uow.audit("meeting.plan", body=subject.body, person=actor.person, year=given.year, meetings=len(made))
    return Outcome(subject.body, made=given.year)


def series(given: PlanAnswers) -> tuple[Series, ...]:
    """Read the rules of a plan. Raises ``Invalid`` where place, address or length cannot be."""
    months = CYCLES.get(given.strategic_cycle) or tuple(sorted(_MONTHS.index(month) + 1 for month in set(given.strategic_months)))

    def one(kind: ObligationKind, rule: Rule, hour: time, length: Length) -> Series:
        where = Details(minutes_of(length), given.mode, given.place, given.link, given.chair)
        return Series(kind, rule, hour, checked(where))

    strategic = _rule(given.strategic_nth, given.strategic_weekday, given.strategic_day, months or CYCLES["february"])
    found = [one("strategic", strategic, given.strategic_hour, given.strategic_length)]
    if given.operational_nth != "none":
        rule = _rule(given.operational_nth, given.operational_weekday, given.operational_day, _EVERY)
        hour, length = given.operational_hour or given.strategic_hour, given.operational_length or given.strategic_length
        found.append(one("operational", rule, hour, length))
    return tuple(found)


def span(year: int) -> tuple[date, date]:
    """Give the first and the last local date of a year. Raises ``NotFound`` for a year that has no plan: forged numbers come here."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotFound(facts.NOT_HERE)
    return date(year, 1, 1), date(year, 12, 31)


def lock_body(uow: UnitOfWork, body: int) -> None:
    """Keep whoever else plans this body waiting: what is taken is looked up after that. Raises ``NotFound`` without such a body."""
    if uow.execute(_BODY_LOCKED, body=body).scalar_one_or_none() is None:
        raise NotFound(facts.NOT_HERE)


def require_members(uow: UnitOfWork, body: int) -> None:
    """Refuse to plan meetings nobody could be called to."""
    if uow.execute(_ANY_MEMBER, body=body).first() is None:
        raise Refused(N_("This body has no institutions yet. Import its roster first."))


def row(
    uow: UnitOfWork, actor: Actor, body: int, kind: str, day: date, hour: time, given: Details, *,
    status: str = "proposed", group: int | None = None, ruled_on: date | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Make the row of a new meeting. Raises ``Refused`` for an hour that does not exist on that day."""
    zone = str(uow.house.zone)
    starts, ends = facts.instants(day, hour, given.minutes, zone)
    return {
        "body_id": body, "group_id": group, "kind": kind, "status": status, "day": day, "hour": f"{hour:%H:%M}",
        "minutes": given.minutes, "zone": zone, "starts_at": starts, "ends_at": ends, "mode": given.mode, "place": given.place,
        "link": given.link, "chair": given.chair, "topic": given.topic,
        "uid": facts.new_uid(urlsplit(uow.house.public_url).hostname or "", uow.now), "person_id": actor.person, "created_at": uow.now,
        "ruled_on": ruled_on, "revision": 0, "sequence": 0, "reason": "", "code": "", "reminded": 0,
    }  # fmt: skip


# --- inside -----------------------------------------------------------------------------------------------------------

#: New meetings, as ``row`` makes them.
INSERT: Final = insert(MEETING)
_BODY_LOCKED = select(BODY.c.id).where(BODY.c.id == bindparam("body")).with_for_update()
_ANY_MEMBER = select(literal(1)).where(MEMBERSHIP.c.body_id == bindparam("body"), MEMBERSHIP.c.left_on.is_(None)).limit(1)
_OF_YEAR = select(MEETING.c.kind, MEETING.c.group_id, MEETING.c.day, MEETING.c.ruled_on).where(
    MEETING.c.body_id == bindparam("body"),
    MEETING.c.day >= bindparam("first"),
    MEETING.c.day <= bindparam("last"),
    MEETING.c.status != "cancelled",
)


def _rule(nth: str, weekday: str | None, day: int | None, months: tuple[int, ...]) -> Rule:
    if nth == "day":
        return DayOfMonth(day or 1, months)
    return NthWeekday(_NTHS[nth], _WEEKDAYS.index(weekday or "monday"), months)


def _proposed(uow: UnitOfWork, actor: Actor, body: int, year: int, wanted: Sequence[Series]) -> list[dict[str, Any]]:
    first, last = max(date(year, 1, 1), uow.today + timedelta(days=1)), date(year, 12, 31)
    there = uow.execute(_OF_YEAR, body=body, first=date(year, 1, 1), last=last).all()
    taken = {one.day for one in there}
    made = []
    for one in wanted:
        rule = _left(one.rule, _months_with(one.kind, there))
        if rule is None:
            continue
        for proposal in propose(rule, first, last, within=PERIODS[one.kind], taken=taken):
            taken.add(proposal.day)
            made.append(row(uow, actor, body, one.kind, proposal.day, one.hour, one.details, ruled_on=proposal.ruled_day))
    return made


def _months_with(kind: str, there: Iterable[Row[Any]]) -> frozenset[int]:
    """Give the months in which a rule of a kind has had its meeting: where it moved to, or was moved to by hand, is no matter."""
    return frozenset((one.ruled_on or one.day).month for one in there if one.kind == kind and one.group_id is None)


def _left(rule: Rule, done: frozenset[int]) -> Rule | None:
    months = tuple(month for month in rule.months if month not in done)
    if not months:
        return None
    if isinstance(rule, DayOfMonth):
        return DayOfMonth(rule.day, months)
    return NthWeekday(rule.nth, rule.weekday, months)
