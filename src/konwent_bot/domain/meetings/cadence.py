"""What a body owes: a strategic meeting in every quarter, an operational one in every month.

KSR White Book §1.3.7; domain.md R3, R4. "Not less often than once a quarter" is read as once in each calendar quarter (G12),
"once a month" as once in each calendar month, by the body as a whole and, if a working group wants it, by that group too (G13).
A strategic meeting does not stand for the operational one (G14). What is owed does not depend on what is planned; what is
planned does not pay it: only a meeting that was held does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final, Literal, TypeAlias

from konwent_bot.domain.meetings.periods import Length, period_of, periods
from konwent_bot.domain.meetings.words import MeetingKind, MeetingStatus

ObligationKind: TypeAlias = Literal["strategic", "operational"]
#: ``due``: still time for it, or its time has not come yet.
State: TypeAlias = Literal["met", "due", "overdue"]

#: In which period each kind must be held once.
LENGTHS: Final[Mapping[ObligationKind, Length]] = {"strategic": "quarter", "operational": "month"}
#: Days between two strategic meetings beyond which planning is warned: the longest quarter (G12, R3). Never a reason for
#: "overdue".
LONGEST_GAP: Final = 92
#: Days before the end of a period at which the coordinator is told that nothing is planned in it (issue 4).
WARNING_DAYS: Final = (30, 7)


@dataclass(frozen=True, slots=True)
class Obligation:
    """One meeting that must be held from ``start`` to ``end``, local dates and both included."""

    kind: ObligationKind
    start: date
    end: date
    #: The working group that owes it; empty for the body as a whole.
    group: int | None = None


@dataclass(frozen=True, slots=True)
class GroupTerm:
    """A working group that promised a meeting every month, and the days of its term (R15), both included."""

    group: int
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class MeetingFact:
    """What cadence wants to know of a meeting. ``day`` is the local date on which it begins."""

    id: int
    kind: MeetingKind
    day: date
    status: MeetingStatus
    group: int | None = None


@dataclass(frozen=True, slots=True)
class Compliance:
    """Where an obligation stands."""

    obligation: Obligation
    state: State
    #: The first meeting that met it; only where it is met.
    met_by: MeetingFact | None = None
    #: Where it is not met: the meeting that is to meet it, planned or convened. Its day may be over without anybody having
    #: noted that it was held.
    planned: MeetingFact | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """Two strategic meetings in a row that lie too far apart."""

    after: date
    before: date

    @property
    def days(self) -> int:
        """Days from one to the other."""
        return (self.before - self.after).days


@dataclass(frozen=True, slots=True)
class Danger:
    """An obligation nothing is planned for, and which of ``WARNING_DAYS`` before its end has been reached."""

    obligation: Obligation
    days: int


def obligations(
    first: date, last: date, *, began: date, ended: date | None = None, groups: Collection[GroupTerm] = ()
) -> tuple[Obligation, ...]:
    """Give what is owed in the periods that have a day from ``first`` to ``last``.

    Strategic meetings first, then operational ones, then those of groups; each in order of time. A body owes from the period in
    which it began, and is never blamed for earlier ones; a period it did not live to see the end of is not demanded. A group
    owes the months that lie within its term, whole.

    Args:
        first: the first local date asked about.
        last: the last.
        began: the body's first local date.
        ended: its last, if it has ended.
        groups: working groups that owe a meeting of their own every month.
    """
    owed = [
        Obligation(kind, period.start, period.end)
        for kind, length in LENGTHS.items()
        for period in periods(max(first, began), last, length)
        if ended is None or period.end <= ended
    ]
    owed += [
        Obligation("operational", month.start, month.end, term.group)
        for term in sorted(groups, key=lambda term: (term.group, term.first))
        for month in periods(max(first, began), last, "month")
        if term.first <= month.start and month.end <= (min(term.last, ended) if ended else term.last)
    ]
    return tuple(owed)


def comply(owed: Iterable[Obligation], meetings: Iterable[MeetingFact], today: date) -> tuple[Compliance, ...]:
    """Say of each obligation, in the order given, whether it is met, due or overdue on a local date.

    A group's meeting also counts for the body's month. An obligation is overdue from the day after its end. The order of
    meetings is of no importance, and the work grows with the number of obligations and meetings, not with their product.
    """
    held: dict[_Key, MeetingFact] = {}
    planned: dict[_Key, MeetingFact] = {}
    for meeting in sorted(meetings, key=lambda meeting: (meeting.day, meeting.id)):
        if meeting.status == "held":
            for key in _keys(meeting):
                held.setdefault(key, meeting)
        elif meeting.status in {"planned", "convened"}:
            for key in _keys(meeting):
                # The next one to come; where none is to come, the last whose day is over.
                if key not in planned or planned[key].day < today:
                    planned[key] = meeting
    return tuple(_judged(obligation, held, planned, today) for obligation in owed)


def gaps(days: Iterable[date], longest: int = LONGEST_GAP) -> tuple[Gap, ...]:
    """Give the gaps of more than ``longest`` days between strategic meetings on these dates, held, planned or proposed."""
    found = (Gap(after, before) for after, before in pairwise(sorted(set(days))))
    return tuple(gap for gap in found if gap.days > longest)


def in_danger(complied: Iterable[Compliance], today: date, days: Collection[int] = WARNING_DAYS) -> tuple[Danger, ...]:
    """Give what the coordinator is to be told today: obligations with nothing planned that end soon, in the order given.

    Each comes with the smallest of ``days`` it has reached, so that a clock that stood still tells once what it missed. On its
    last day it has 0 days left. Whoever tells keeps which was told; a danger stays until something is planned, the meeting is
    held or the period is over.
    """
    found = []
    for compliance in complied:
        left = (compliance.obligation.end - today).days
        reached = min((day for day in days if left <= day), default=None)
        if compliance.state == "due" and compliance.planned is None and reached is not None:
            found.append(Danger(compliance.obligation, reached))
    return tuple(found)


#: Kind, first day of the period, group.
_Key: TypeAlias = tuple[str, date, int | None]


def _keys(meeting: MeetingFact) -> tuple[_Key, ...]:
    """Give the obligations a meeting can meet: the body's, and its group's."""
    match meeting.kind:
        case "strategic":
            return (("strategic", period_of(meeting.day, "quarter").start, None),)
        case "operational":
            month = period_of(meeting.day, "month").start
            body: _Key = ("operational", month, None)
            return (body,) if meeting.group is None else (body, ("operational", month, meeting.group))
        case _:
            return ()


def _judged(
    obligation: Obligation, held: Mapping[_Key, MeetingFact], planned: Mapping[_Key, MeetingFact], today: date
) -> Compliance:
    key = (obligation.kind, obligation.start, obligation.group)
    if key in held:
        return Compliance(obligation, "met", met_by=held[key])
    return Compliance(obligation, "due" if today <= obligation.end else "overdue", planned=planned.get(key))
