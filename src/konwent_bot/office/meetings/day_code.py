"""The day's code of a meeting: whoever reads it off the wall is in the room, and says so with "Jestem".

It is shown by the coordinator, typed or scanned by whoever speaks for an institution of that meeting, and counts on the meeting's
day only. Guessing is throttled by person; a code opens nothing else and tells nothing.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, time, timedelta
from typing import Final, Literal, TypeAlias

from sqlalchemy import bindparam, update

from konwent_bot.errors import N_, NotFound, Refused
from konwent_bot.office import throttle
from konwent_bot.office.meetings import attendance, facts
from konwent_bot.office.meetings.attendance import DOORS_OPEN
from konwent_bot.office.meetings.facts import NOT_HERE, Meeting
from konwent_bot.office.rights import Actor
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import MEETING

#: Tries of a code one person has in a quarter of an hour; it has a million values.
MOST_TRIES: Final = 6
TRIES_WITHIN: Final = timedelta(minutes=15)

#: What came of a code.
Shown: TypeAlias = Literal["present", "already", "wrong"]


def give(uow: UnitOfWork, meeting: Meeting) -> None:
    """Make the day's code of a meeting that has none."""
    uow.execute(_GIVE, meeting=meeting.id, new_code=f"{secrets.randbelow(10**6):06}")


def speaks_at(uow: UnitOfWork, person: int, meeting: int) -> tuple[Meeting, tuple[int, ...]]:
    """Give a meeting with the institutions a person can say "I am here" for.

    Raises:
        NotFound: there is no such meeting for this person, or they speak for nobody there.
        Refused: it is too early or too late to say so.
    """
    found = facts.see(uow, Actor(person), meeting)
    institutions = facts.own(uow, person, found)
    if not institutions:
        raise NotFound(NOT_HERE)
    opens = max(found.starts_at - DOORS_OPEN, _day_begins(found))
    if found.status not in ("convened", "held") or uow.now > found.ends_at:
        raise Refused(N_("This meeting is not under way, so nobody can say any more that they are here."))
    if uow.now < opens:
        raise Refused(N_("You can say that you are here from {time} on the day of the meeting."), time=opens)
    return found, institutions


def show(uow: UnitOfWork, person: int, meeting: int, code: str, membership: int) -> Shown:
    """Take the day's code from somebody who speaks for an institution of the meeting: it is there.

    A wrong code is counted and told apart from a refusal, because what is refused is taken back with its count.

    Raises:
        NotFound: there is no such meeting for this person, or they do not speak for this institution there.
        Refused: it is too early or too late.
        throttle.TooOften: too many tries.
    """
    found, institutions = speaks_at(uow, person, meeting)
    if membership not in institutions:
        raise NotFound(NOT_HERE)
    throttle.limit(uow, "presence", str(person), most=MOST_TRIES, within=TRIES_WITHIN)
    given = code.replace(" ", "").replace("-", "")
    if not found.code or not hmac.compare_digest(given.encode(), found.code.encode()):
        return "wrong"
    role = facts.speaks_for(uow, Actor(person), found, membership)
    return "present" if attendance.enter(uow, found, membership, role, uow.now, "code", Actor(person)) else "already"


def now_of(uow: UnitOfWork, person: int) -> list[tuple[Meeting, tuple[int, ...]]]:
    """Give the meetings at which a person can say now that they are here, with the institutions they can say it for."""
    found = []
    for meeting in facts.future_of(uow, person):
        if meeting.starts_at - DOORS_OPEN > uow.now:
            break
        try:
            found.append(speaks_at(uow, person, meeting.id))
        except Refused:  # (``NotFound`` is a refusal too)
            continue
    return found


# --- inside -----------------------------------------------------------------------------------------------------------

_GIVE = update(MEETING).where(MEETING.c.id == bindparam("meeting"), MEETING.c.code == "").values(code=bindparam("new_code"))


def _day_begins(meeting: Meeting) -> datetime:
    return facts.instants(meeting.day, time(), 0, meeting.zone)[0]
