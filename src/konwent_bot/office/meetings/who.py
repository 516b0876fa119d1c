"""Who will be at a meeting, institution by institution: whom it was called through, how that went, and what it answered."""

from __future__ import annotations

from dataclasses import dataclass

from konwent_bot.domain.meetings.quorum import Forecast
from konwent_bot.domain.meetings.representation import Calling, whom_to_call
from konwent_bot.domain.roster_words import SeatRole
from konwent_bot.errors import NotFound
from konwent_bot.office import notices
from konwent_bot.office.meetings import answers, calls, facts
from konwent_bot.office.meetings.answers import Answered
from konwent_bot.office.meetings.facts import NOT_HERE, Meeting
from konwent_bot.office.notices import Told
from konwent_bot.office.rights import Actor, require
from konwent_bot.office.unit import UnitOfWork


@dataclass(frozen=True, slots=True)
class Reached:
    """A place that was called, and the newest thing it was told."""

    role: SeatRole
    told: Told | None


@dataclass(frozen=True, slots=True)
class Standing:
    """One institution of a meeting."""

    membership: int
    name: str
    calling: Calling
    reached: tuple[Reached, ...]
    answered: Answered | None


@dataclass(frozen=True, slots=True)
class Who:
    """A meeting's institutions: those that have not answered first, then those that will not come."""

    meeting: Meeting
    forecast: Forecast
    standings: tuple[Standing, ...]


def who(uow: UnitOfWork, actor: Actor, meeting_id: int) -> Who:
    """Say who will be there.

    Raises:
        NotFound: there is no such meeting for this actor.
    """
    meeting = facts.get(uow, meeting_id)
    require(uow, actor, "meeting.who", body=meeting.body)
    said = answers.of(uow, meeting.id)
    told: dict[str, Told] = {}
    for one in notices.of_subject(uow, meeting.subject):
        told.setdefault(one.recipient, one)
    living = {number for kind, number in calls.living(uow, meeting.id) if kind == "seat"}
    composition = facts.composition(uow, meeting)
    members = facts.members(uow, meeting)
    found = [
        Standing(
            one.membership,
            one.name,
            whom_to_call(meeting.kind, one.places, composition=composition),
            tuple(Reached(place.role, told.get(f"seat:{place.id}")) for place in one.places if place.id in living),
            said.get(one.membership),
        )
        for one in members
    ]
    order = {None: 0, "no": 1, "substitute": 2, "yes": 3}
    found.sort(key=lambda one: order[None if one.answered is None else one.answered.answer])
    return Who(meeting, answers.foreseen(uow, meeting, members, said), tuple(found))


def one(uow: UnitOfWork, actor: Actor, meeting_id: int, membership: int) -> tuple[Meeting, Standing]:
    """Give one institution of a meeting.

    Raises:
        NotFound: there is no such meeting for this actor, or the institution is not of it.
    """
    found = who(uow, actor, meeting_id)
    standing = next((each for each in found.standings if each.membership == membership), None)
    if standing is None:
        raise NotFound(NOT_HERE)
    return found.meeting, standing
