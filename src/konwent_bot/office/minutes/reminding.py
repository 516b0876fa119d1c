"""Reminding institutions that have not answered minutes, and nobody else: by the clock, or by the coordinator's press.

An institution is reminded through its proper person; by the last reminder, and by hand once it was reminded before, through the second as
well. That nobody who has answered is reminded is asked here, and once more immediately before a reminder is sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, func, select

from konwent_bot.domain.meetings.representation import reminder_order
from konwent_bot.domain.minutes.answering import SPACING, Reminder
from konwent_bot.errors import N_, Refused
from konwent_bot.office import channels, notices
from konwent_bot.office.meetings import facts as meetings
from konwent_bot.office.meetings.reminding import SOON, Reminded
from konwent_bot.office.minutes import facts, roll, telling
from konwent_bot.office.minutes.facts import CIRCULATE, Minutes
from konwent_bot.office.rights import Actor, require
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import NOTICE

REMINDER: Final = "minutes.reminder"


@dataclass(frozen=True, slots=True)
class Reminding:
    """What a press of "remind" would do."""

    minutes: Minutes
    who: tuple[Reminded, ...]
    #: Silent institutions nobody of whom can be reached.
    unreachable: tuple[str, ...]
    #: When a reminder last went out, by hand or by the clock; ``None`` if none did.
    last_at: datetime | None
    #: Whether that was a short while ago.
    soon: bool


def by_clock(uow: UnitOfWork, minutes: Minutes, due: Reminder) -> None:
    """Send a reminder that has come due, unless somebody was reminded of these minutes since, or shortly before."""
    last = _last(uow, minutes)
    if last is None or due.at - last >= SPACING:
        for recipient in telling.recipients(uow, minutes, _silent(uow, minutes), most=due.number):
            _announce(uow, minutes, recipient, due.at)


def preview(uow: UnitOfWork, actor: Actor, number: int) -> Reminding:
    """Say whom a reminder would go to now. Changes nothing.

    Raises:
        NotFound: there are no such minutes for this actor.
        Refused: nobody is asked about them now.
    """
    minutes = facts.get(uow, number)
    require(uow, actor, CIRCULATE, body=minutes.body)
    return _reminding(uow, minutes)


def by_hand(uow: UnitOfWork, actor: Actor, number: int) -> Reminding:
    """Remind every institution that has not answered, now; give who is reminded.

    Raises:
        NotFound: there are no such minutes for this actor.
        Refused: nobody is asked about them now, or everybody has answered.
    """
    minutes = facts.steer(uow, actor, number, CIRCULATE)
    found = _reminding(uow, minutes)
    if not found.who:
        raise Refused(N_("There is nobody to remind: everybody who can be reached has answered."))
    for one in found.who:
        _announce(uow, minutes, one.recipient, uow.now)
    uow.audit("minutes.remind", body=minutes.body, person=actor.person, minutes=minutes.id, institutions=len(found.who))
    return found


# --- inside -----------------------------------------------------------------------------------------------------------


def _reminding(uow: UnitOfWork, minutes: Minutes) -> Reminding:
    if minutes.state != "circulated" or minutes.answer_until is None or minutes.answer_until <= uow.now:
        raise Refused(N_("Nobody is asked about these minutes now, so there is nothing to remind of."))
    last = _last(uow, minutes)
    kind, silent = meetings.get(uow, minutes.meeting).kind, _silent(uow, minutes)
    who: list[Reminded] = []
    unreachable = []
    for member in meetings.members_of_body(uow, minutes.body):
        if member.membership not in silent:
            continue
        found = []
        for place in reminder_order(kind, member.places):
            reached = channels.addressee(uow, f"seat:{place.id}")
            ways = () if reached is None else reached.reminded().ways
            if ways:
                found.append(Reminded(member.membership, member.name, place.role, f"seat:{place.id}", ways))
        who += found[: 1 if last is None else 2]
        if not found:
            unreachable.append(member.name)
    return Reminding(minutes, tuple(who), tuple(unreachable), last, last is not None and uow.now - last < SOON)


def _silent(uow: UnitOfWork, minutes: Minutes) -> frozenset[int]:
    return frozenset(place.membership for place in roll.of(uow, minutes.id, minutes.version).silent)


def _last(uow: UnitOfWork, minutes: Minutes) -> datetime | None:
    found: datetime | None = uow.execute(_LAST, subject=minutes.subject, occasion=REMINDER).scalar_one()
    return found


def _announce(uow: UnitOfWork, minutes: Minutes, recipient: str, due: datetime) -> None:
    notices.announce(
        uow, recipient=recipient, occasion=REMINDER, subject=minutes.subject, body=minutes.body, due_at=due
    )  # fmt: skip


_LAST = select(func.max(NOTICE.c.created_at)).where(
    NOTICE.c.subject == bindparam("subject"), NOTICE.c.occasion == bindparam("occasion")
)
