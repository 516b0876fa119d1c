"""What the secretariat says of a poll for a date: the question, one reminder to the silent, the result to the coordinator.

The clock does a poll's two steps (``step``): the reminder, then the end. That nobody who has answered is reminded is asked once more
immediately before a reminder is sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from sqlalchemy import bindparam, select, update

from konwent_bot.domain.meetings.representation import whom_to_call
from konwent_bot.errors import NotFound
from konwent_bot.office import notices
from konwent_bot.office.meetings import facts, polls
from konwent_bot.office.meetings.facts import Meeting
from konwent_bot.office.meetings.polls import Poll
from konwent_bot.office.occasion import Due, Message, Occasion, Reader
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.columns import UtcInstant
from konwent_bot.store.tables import MEETING, POST, SEAT

OPENED: Final = "poll.opened"
REMINDER: Final = "poll.reminder"
CLOSED: Final = "poll.closed"
DROPPED: Final = "poll.dropped"


@dataclass(frozen=True, slots=True)
class PollNews(Message):
    """News of a poll for one reader."""

    what: Literal["opened", "reminder", "closed"]
    poll: Poll
    #: The institution it is for; nothing for whoever coordinates.
    membership: int | None
    institution: str


@dataclass(frozen=True, slots=True)
class PollDropped(Message):
    """A meeting whose date was looked for was taken off."""

    meeting: Meeting


def ask(uow: UnitOfWork, meeting: Meeting) -> int:
    """Ask every institution of a meeting about its dates, through its proper person; give how many are asked."""
    found = _recipients(uow, meeting)
    for recipient in found.values():
        notices.announce(uow, recipient=recipient, occasion=OPENED, subject=meeting.subject, body=meeting.body, revision=1)
    return len(found)


def step(uow: UnitOfWork, meeting: Meeting) -> None:
    """Do what is due for a poll: remind the silent once, or tell the coordinator how it ended. The meeting's row is locked by the caller."""
    assert meeting.poll_until is not None
    closes: datetime | None = meeting.poll_until
    if meeting.poll_until <= uow.now:
        for post in uow.execute(_COORDINATORS, body=meeting.body).scalars():
            notices.announce(
                uow, recipient=f"post:{post}", occasion=CLOSED, subject=meeting.subject, body=meeting.body, revision=1
            )  # fmt: skip
        closes = None
    elif not meeting.reminded:
        silent = polls.read(uow, meeting).silent
        for membership, recipient in _recipients(uow, meeting).items():
            if membership in silent:
                notices.announce(
                    uow, recipient=recipient, occasion=REMINDER, subject=meeting.subject, body=meeting.body, revision=1
                )  # fmt: skip
    uow.execute(_STEPPED, meeting=meeting.id, next=closes)


def dropped(uow: UnitOfWork, meeting: Meeting) -> None:
    """Tell whoever was asked that the meeting was taken off, and ask nobody any more. ``meeting``: as it stood with its poll."""
    notices.withdraw(uow, meeting.subject, occasions=(REMINDER, CLOSED))
    for one in notices.of_subject(uow, meeting.subject):
        if one.occasion == OPENED:
            notices.announce(
                uow, recipient=one.recipient, occasion=DROPPED, subject=meeting.subject, body=meeting.body, revision=1
            )  # fmt: skip
    notices.withdraw(uow, meeting.subject, occasions=(OPENED,))


# --- the occasions ----------------------------------------------------------------------------------------------------


def _poll(uow: UnitOfWork, due: Due) -> Poll | None:
    try:
        return polls.read(uow, facts.get(uow, due.about))
    except NotFound:
        return None


def _whose(uow: UnitOfWork, due: Due) -> int:
    """Give the institution of the place a notice goes to; 0 for a place that is gone."""
    return int(uow.execute(_SEAT, seat=due.number).scalar_one_or_none() or 0)


def _asks(what: Literal["opened", "reminder"]) -> Occasion:
    def wanted(uow: UnitOfWork, due: Due) -> bool:
        poll, whose = _poll(uow, due), _whose(uow, due)
        return poll is not None and poll.open and whose in poll.asked and poll.is_silent(whose)

    def make(uow: UnitOfWork, due: Due, _reader: Reader) -> PollNews | None:
        poll, whose = _poll(uow, due), _whose(uow, due)
        return None if poll is None or whose not in poll.asked else PollNews(what, poll, whose, poll.asked[whose])

    return Occasion(f"poll.{what}", make, wanted, repeat_uncertain=what == "opened", unsubscribable=what == "reminder")


def _ended(uow: UnitOfWork, due: Due) -> bool:
    poll = _poll(uow, due)
    return poll is not None and not poll.open


def _result(uow: UnitOfWork, due: Due, _reader: Reader) -> PollNews | None:
    poll = _poll(uow, due)
    return None if poll is None else PollNews("closed", poll, None, "")


def _off(uow: UnitOfWork, due: Due, _reader: Reader) -> PollDropped | None:
    try:
        return PollDropped(facts.get(uow, due.about))
    except NotFound:
        return None


def _was_asked(uow: UnitOfWork, due: Due) -> bool:
    """Tell whether the question was sent: whoever never saw it hears nothing of its end."""
    told = [one for one in notices.of_subject(uow, due.subject) if (one.recipient, one.occasion) == (due.recipient, OPENED)]
    return any(one.outcome in ("sent", "uncertain") for one in told)


OCCASIONS: Final = (
    _asks("opened"),
    _asks("reminder"),
    Occasion(CLOSED, _result, _ended, digestible=True),
    Occasion(DROPPED, _off, _was_asked, digestible=True),
)

# --- inside -----------------------------------------------------------------------------------------------------------


def _recipients(uow: UnitOfWork, meeting: Meeting) -> dict[int, str]:
    """Give, by institution, the place that is asked: the proper one for this kind of meeting, or who stands in for it."""
    composition = facts.composition(uow, meeting)
    callings = {
        one.membership: whom_to_call(meeting.kind, one.places, composition=composition) for one in facts.members(uow, meeting)
    }
    return {one: f"seat:{calling.place.id}" for one, calling in callings.items() if calling.place is not None}


_SEAT = select(SEAT.c.membership_id).where(SEAT.c.id == bindparam("seat"))
_COORDINATORS = select(POST.c.id).where(POST.c.body_id == bindparam("body"), POST.c.kind == "coordinator").order_by(POST.c.number)
_STEPPED = (
    update(MEETING)
    .where(MEETING.c.id == bindparam("meeting"))
    .values(reminded=1, next_step_at=bindparam("next", type_=UtcInstant))
)
