"""Telling members of the plan: which dates are new or changed since they were last told, in one message.

A notice holds no dates. What is new is found when it is sent: the meetings put on the plan or changed since the notice its recipient got
before. Every change of the plan announces anew, which takes the place of a notice that was not sent yet; so one message says it all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

from sqlalchemy import Row, bindparam, func, select, update

from konwent_bot.domain.meetings.representation import whom_to_call
from konwent_bot.office import notices
from konwent_bot.office.meetings import facts
from konwent_bot.office.meetings.facts import Meeting
from konwent_bot.office.occasion import Due, Message, Occasion, Reader
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.columns import UtcInstant
from konwent_bot.store.tables import BODY, MEETING, NOTICE

PLAN: Final = "meeting.plan"


@dataclass(frozen=True, slots=True)
class PlanDate:
    """A meeting as the message names it."""

    kind: str
    group: str
    day: date
    hour: time
    place: str
    link: str
    #: Its reader knew another date or place before.
    changed: bool


@dataclass(frozen=True, slots=True)
class PlanNews(Message):
    """What is new in the plan of a body, for somebody who will be called to these meetings."""

    body: int
    body_name: str
    #: In order of time.
    dates: tuple[PlanDate, ...]
    #: Meetings its reader knew of that will not be.
    dropped: tuple[PlanDate, ...]

    @property
    def year(self) -> int:
        """The year of the first of them."""
        return (*self.dates, *self.dropped)[0].day.year


def tell(uow: UnitOfWork, body: int, meetings: Sequence[Meeting]) -> int:
    """Announce meetings of a plan to everybody who will be called to any of them; give to how many. What waits unsent is replaced."""
    recipients = recipients_of(uow, meetings)
    for recipient in recipients:
        notices.announce(uow, recipient=recipient, occasion=PLAN, subject=_subject(body), body=body)
    return len(recipients)


def changed(uow: UnitOfWork, meeting_id: int) -> None:
    """Tell of a meeting that was changed before anybody was called to it, if members know it from the plan; otherwise nobody."""
    if uow.execute(_CHANGED, meeting=meeting_id, now=uow.now).rowcount:
        meeting = facts.get(uow, meeting_id)
        tell(uow, meeting.body, (meeting,))


def dropped(uow: UnitOfWork, meeting_id: int) -> None:
    """Tell of a meeting that was taken off the plan before anybody was called to it, if members know it; otherwise nobody."""
    if uow.execute(_KNOWN, meeting=meeting_id).first() is not None:
        meeting = facts.get(uow, meeting_id)
        tell(uow, meeting.body, (meeting,))


def recipients_of(uow: UnitOfWork, meetings: Iterable[Meeting]) -> tuple[str, ...]:
    """Give who will be called to any of these meetings, each once: people, and places nobody has accepted yet."""
    return tuple(sorted({recipient for _, called in _called(uow, meetings) for recipient in called}))


# --- the occasion -----------------------------------------------------------------------------------------------------


def _wanted(uow: UnitOfWork, due: Due) -> bool:
    return uow.execute(_ANYTHING, body=due.about, now=uow.now).first() is not None


def _make(uow: UnitOfWork, due: Due, _reader: Reader) -> PlanNews | None:
    since = uow.execute(_LAST_TOLD, whom=due.recipient, which=due.subject, notice=due.notice).scalar_one()
    new: list[PlanDate] = []
    gone: list[PlanDate] = []
    rows = uow.execute(_AHEAD, body=due.about, now=uow.now).all()
    known = {row.id: row for row in rows}
    meetings = [facts.read(row) for row in rows]
    for some, called in _called(uow, meetings):
        if due.recipient in called:
            for meeting in some:
                _sort(known[meeting.id], meeting, since, new, gone)
    if not new and not gone:
        return None
    name = uow.execute(_NAME, body=due.about).scalar_one()
    return PlanNews(due.about, str(name), _in_order(new), _in_order(gone))


def _sort(row: Row[Any], meeting: Meeting, since: datetime | None, new: list[PlanDate], gone: list[PlanDate]) -> None:
    knew = since is not None and row.planned_at <= since
    if row.status == "cancelled":
        if knew and row.closed_at > since:
            gone.append(_date(meeting, changed=False))
    elif not knew or (row.changed_at is not None and row.changed_at > since):
        new.append(_date(meeting, changed=knew))


def _date(meeting: Meeting, *, changed: bool) -> PlanDate:
    return PlanDate(meeting.kind, meeting.group_name, meeting.day, meeting.hour, meeting.place, meeting.link, changed)


def _in_order(dates: list[PlanDate]) -> tuple[PlanDate, ...]:
    return tuple(sorted(dates, key=lambda one: (one.day, one.hour)))


OCCASIONS: Final = (Occasion(PLAN, _make, wanted=_wanted, digestible=True),)

# --- inside -----------------------------------------------------------------------------------------------------------


def _subject(body: int) -> str:
    return f"body:{body}"


def _called(uow: UnitOfWork, meetings: Iterable[Meeting]) -> Iterable[tuple[list[Meeting], frozenset[str]]]:
    """Part meetings by who is called to them, and say who that is: a year has few kinds of meetings, whatever their number."""
    kinds: dict[tuple[str, int | None], list[Meeting]] = {}
    for meeting in meetings:
        kinds.setdefault((meeting.kind, meeting.group), []).append(meeting)
    for some in kinds.values():
        composition = facts.composition(uow, some[0])
        called = set()
        for member in facts.members(uow, some[0]):
            place = whom_to_call(some[0].kind, member.places, composition=composition).place
            if place is not None:
                person, _ = member.holders[place.id]
                called.add(f"seat:{place.id}" if person is None else f"person:{person}")
        yield some, frozenset(called)


_IS = MEETING.c.id == bindparam("meeting")
_CHANGED = (
    update(MEETING)
    .where(_IS, MEETING.c.status == "planned", MEETING.c.planned_at.is_not(None))
    .values(changed_at=bindparam("now", type_=UtcInstant))
)
_KNOWN = select(MEETING.c.id).where(_IS, MEETING.c.planned_at.is_not(None))
_NAME = select(BODY.c.name).where(BODY.c.id == bindparam("body"))
#: Meetings of the plan that are ahead and nobody was called to yet, and those that were to be. Who was called knows better already.
_ON_PLAN = (
    MEETING.c.body_id == bindparam("body"), MEETING.c.starts_at > bindparam("now", type_=UtcInstant),
    MEETING.c.planned_at.is_not(None), MEETING.c.status.in_(("planned", "cancelled")), MEETING.c.revision == 0,
)  # fmt: skip
_ANYTHING = select(MEETING.c.id).where(*_ON_PLAN).limit(1)
_AHEAD = facts.MEETINGS.where(*_ON_PLAN).order_by(MEETING.c.starts_at, MEETING.c.id)
_LAST_TOLD = select(func.max(NOTICE.c.created_at)).where(
    NOTICE.c.recipient == bindparam("whom"), NOTICE.c.occasion == PLAN, NOTICE.c.subject == bindparam("which"),
    NOTICE.c.id < bindparam("notice"), NOTICE.c.outcome.in_(("sent", "uncertain")),
)  # fmt: skip
