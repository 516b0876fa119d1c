"""What meetings ask of a person now."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, exists, select

from konwent_bot.office.meetings import answers, facts
from konwent_bot.office.meetings.facts import Meeting
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.columns import UtcInstant
from konwent_bot.store.tables import MEETING, POST


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A meeting that one of a person's institutions has not answered."""

    meeting: Meeting
    membership: int
    name: str


def unanswered(uow: UnitOfWork, person: int) -> list[Unanswered]:
    """Give the convened meetings ahead that an institution the person speaks for has not answered, in order of time."""
    found = []
    for meeting in facts.future_of(uow, person):
        if meeting.status != "convened" or meeting.starts_at <= uow.now:
            continue
        mine = set(facts.own(uow, person, meeting))
        said = answers.of(uow, meeting.id)
        found += [
            Unanswered(meeting, one.membership, one.name)
            for one in facts.members(uow, meeting)
            if one.membership in mine and one.membership not in said
        ]
    return found


def not_closed(uow: UnitOfWork, person: int) -> list[Meeting]:
    """Give the meetings of the bodies a person coordinates that have had their time, and of which nobody said whether they took place."""
    return [facts.read(row) for row in uow.execute(_OVER, person=person, now=uow.now)]


_OVER = facts.MEETINGS.where(
    MEETING.c.status == "convened",
    MEETING.c.ends_at <= bindparam("now", type_=UtcInstant),
    exists(
        select(POST.c.id).where(
            POST.c.body_id == MEETING.c.body_id, POST.c.kind == "coordinator", POST.c.person_id == bindparam("person")
        )
    ),
).order_by(MEETING.c.starts_at, MEETING.c.id)
