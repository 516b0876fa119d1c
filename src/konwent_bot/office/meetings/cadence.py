"""What a body owes and where that stands: the strip of its year, what its coordinator is told is missing (R3, R4; ``domain.meetings.cadence``)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Row, bindparam, select

from konwent_bot.domain.meetings import cadence as domain
from konwent_bot.domain.meetings.cadence import Compliance, Danger, Gap, GroupTerm, MeetingFact, Obligation
from konwent_bot.domain.meetings.periods import period_of
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import BODY, MEETING, POST, WORKING_GROUP


@dataclass(frozen=True, slots=True)
class BodyYear:
    """A body's year: what it owes and how it stands."""

    #: By quarter and by month, in order of time, from the body's first period on.
    strategic: tuple[Compliance, ...]
    operational: tuple[Compliance, ...]
    #: Name of a working group that owes months of its own -> those months.
    groups: Mapping[str, tuple[Compliance, ...]]
    #: Strategic meetings more than 92 days apart; a warning while planning, never a debt.
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """Something a body owes soon that nothing is planned for."""

    body: int
    body_name: str
    danger: Danger
    #: The working group that owes it; empty for the body.
    group_name: str

    @property
    def obligation(self) -> Obligation:
        """What is owed."""
        return self.danger.obligation


def year_of(uow: UnitOfWork, body: int, year: int, *, proposed: bool) -> BodyYear:
    """Give the year of a body. Asks no rights. ``proposed``: gaps count the coordinator's proposals too."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    found = _Books(uow, (body,), first, last)
    complied = found.complied(body, first, last)
    own = [one for one in complied if one.obligation.group is None]
    groups: dict[str, tuple[Compliance, ...]] = {}
    for one in complied:
        if (group := one.obligation.group) is not None:
            groups[found.names[group]] = (*groups.get(found.names[group], ()), one)
    counted = {"planned", "convened", "held"} | ({"proposed"} if proposed else set())
    days = [one.day for one in found.meetings[body] if one.kind == "strategic" and one.status in counted]
    return BodyYear(
        tuple(one for one in own if one.obligation.kind == "strategic"),
        tuple(one for one in own if one.obligation.kind == "operational"),
        groups,
        domain.gaps(days),
    )


def missing(uow: UnitOfWork, bodies: Collection[int]) -> list[Missing]:
    """Give what these bodies owe within the next 30 days that nothing is planned for, what ends first before the rest. Asks no rights."""
    if not bodies:
        return []
    quarter = period_of(uow.today, "quarter")
    found = _Books(uow, bodies, quarter.start, quarter.end)
    all_of_them = [
        Missing(body, found.bodies[body].name, danger, found.names.get(danger.obligation.group or 0, ""))
        for body in found.bodies
        for danger in domain.in_danger(found.complied(body, uow.today, uow.today), uow.today)
    ]
    return sorted(all_of_them, key=lambda one: (one.obligation.end, one.body_name, one.body))


def coordinated(uow: UnitOfWork, person: int) -> list[Missing]:
    """Give what is missing in the bodies a person coordinates."""
    return missing(uow, uow.execute(_COORDINATED, person=person).scalars().all())


# --- inside -----------------------------------------------------------------------------------------------------------

_BODIES = select(BODY.c.id, BODY.c.name, BODY.c.created_at).where(BODY.c.id.in_(bindparam("bodies", expanding=True)))
_MEETINGS = (
    select(MEETING.c.id, MEETING.c.body_id, MEETING.c.kind, MEETING.c.day, MEETING.c.status, MEETING.c.group_id)
    .where(
        MEETING.c.body_id.in_(bindparam("bodies", expanding=True)),
        MEETING.c.day >= bindparam("first"),
        MEETING.c.day <= bindparam("last"),
    )
    .order_by(MEETING.c.day, MEETING.c.id)
)
_GROUPS = select(
    WORKING_GROUP.c.id, WORKING_GROUP.c.body_id, WORKING_GROUP.c.name, WORKING_GROUP.c.term_on, WORKING_GROUP.c.monthly,
    WORKING_GROUP.c.created_at,
).where(WORKING_GROUP.c.body_id.in_(bindparam("bodies", expanding=True)))  # fmt: skip
_COORDINATED: Final = (
    select(POST.c.body_id).distinct().where(POST.c.person_id == bindparam("person"), POST.c.kind == "coordinator")
)


class _Books:
    """Meetings and groups of some bodies, read at once: three statements, however many bodies there are."""

    def __init__(self, uow: UnitOfWork, bodies: Collection[int], first: date, last: date) -> None:
        self._zone, self._today = uow.house.zone, uow.today
        wanted = list(bodies)
        self.bodies = {row.id: row for row in uow.execute(_BODIES, bodies=wanted)}
        self.meetings: dict[int, list[MeetingFact]] = {body: [] for body in wanted}
        for row in uow.execute(_MEETINGS, bodies=wanted, first=first, last=last):
            self.meetings[row.body_id].append(MeetingFact(row.id, row.kind, row.day, row.status, row.group_id))
        groups = uow.execute(_GROUPS, bodies=wanted).all()
        self.names = {row.id: str(row.name) for row in groups}
        self._terms: dict[int, list[GroupTerm]] = {body: [] for body in wanted}
        for row in groups:
            if row.monthly:
                self._terms[row.body_id].append(GroupTerm(row.id, self._day(row), row.term_on))

    def complied(self, body: int, first: date, last: date) -> tuple[Compliance, ...]:
        """Say how what a body owes in a span stands today; the meetings of that span's periods have been read."""
        began = self._day(self.bodies[body])
        owed: Iterable[Obligation] = domain.obligations(first, last, began=began, groups=self._terms[body])
        return domain.comply(owed, self.meetings[body], self._today)

    def _day(self, row: Row[Any]) -> date:
        return row.created_at.astimezone(self._zone).date()  # type: ignore[no-any-return]  # a column of UtcInstant
