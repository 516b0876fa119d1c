"""Reminding institutions that have not answered, and nobody else: by the clock, or by the coordinator's press.

An institution is reminded through the person who was called; from the second time on through its second person as well. That nobody who
has answered is reminded is asked here, and once more immediately before a reminder is sent.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, func, insert, select, update

from konwent_bot.domain.meetings.representation import Place, reminder_order
from konwent_bot.domain.roster_words import SeatRole
from konwent_bot.errors import N_, Refused
from konwent_bot.office import channels, notices
from konwent_bot.office.channels import Way
from konwent_bot.office.meetings import answers, calls, facts
from konwent_bot.office.meetings.facts import Meeting, Member
from konwent_bot.office.rights import Actor, require
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.columns import UtcInstant
from konwent_bot.store.tables import MEETING, NOTICE, REMINDER_RUN

REMINDER: Final = "meeting.reminder"
AGENDA: Final = "meeting.agenda"
#: A reminder by hand so soon after the last one is warned of.
SOON: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Reminded:
    """Who would be reminded for one institution, and through what."""

    membership: int
    name: str
    role: SeatRole
    #: What notices name the place by.
    recipient: str
    #: In the order in which they are tried.
    ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class Reminding:
    """What a press of "remind" would do."""

    meeting: Meeting
    who: tuple[Reminded, ...]
    #: Silent institutions nobody of whom can be reached.
    unreachable: tuple[str, ...]
    #: When a reminder last went out, by hand or by the clock; ``None`` if none did.
    last_at: datetime | None
    #: Whether that was a short while ago (``SOON``).
    soon: bool


def preview(uow: UnitOfWork, actor: Actor, meeting_id: int) -> Reminding:
    """Say whom a reminder would go to now. Changes nothing.

    Raises:
        NotFound: there is no such meeting for this actor.
        Refused: nobody is asked about it now.
    """
    meeting = facts.get(uow, meeting_id)
    require(uow, actor, "meeting.remind", body=meeting.body)
    return _reminding(uow, meeting)


def by_hand(uow: UnitOfWork, actor: Actor, meeting_id: int) -> Reminding:
    """Remind every institution that has not answered, now; give who is reminded.

    Raises:
        NotFound: there is no such meeting for this actor.
        Refused: nobody is asked about it now, or everybody has answered.
    """
    meeting = facts.steer(uow, actor, meeting_id, "meeting.remind")
    found = _reminding(uow, meeting)
    if not found.who:
        raise Refused(N_("There is nobody to remind: everybody who can be reached has answered."))
    run = int(uow.execute(_RUN, meeting_id=meeting.id, person_id=actor.person, at=uow.now).scalar_one())
    _announce(uow, meeting, (one.recipient for one in found.who), uow.now)
    uow.audit("meeting.remind", body=meeting.body, person=actor.person, meeting=meeting.id, run=run)
    return found


def by_clock(uow: UnitOfWork, meeting: Meeting, due: datetime, *, number: int) -> None:
    """Send the automatic reminder that was due at an instant, the ``number``-th of the plan from 0."""
    silent = _silent(uow, meeting)
    recipients = [f"seat:{place.id}" for member in silent for place in _order(uow, meeting, member)[: 1 if number == 0 else 2]]
    _announce(uow, meeting, recipients, due)


def send_agenda(uow: UnitOfWork, meeting: Meeting) -> None:
    """Send the agenda to those who will come, once its deadline has passed; the silent get it with their reminder."""
    if meeting.agenda_until is None or meeting.agenda_until > uow.now or meeting.agenda_sent_at is not None:
        return
    said = answers.of(uow, meeting.id)
    coming = {member.membership: member for member in facts.members(uow, meeting)}
    for kind, number in calls.living(uow, meeting.id):
        whose = next((one for one in coming.values() if number in one.holders), None) if kind == "seat" else None
        answer = None if whose is None else said.get(whose.membership)
        if kind == "guest" or (answer is not None and answer.answer != "no"):
            notices.announce(uow, recipient=f"{kind}:{number}", occasion=AGENDA, subject=meeting.subject, body=meeting.body)
    uow.execute(_AGENDA_SENT, meeting=meeting.id, now=uow.now)


# --- inside -----------------------------------------------------------------------------------------------------------


def _reminding(uow: UnitOfWork, meeting: Meeting) -> Reminding:
    if meeting.status != "convened" or meeting.starts_at <= uow.now:
        raise Refused(N_("Nobody is asked about this meeting now, so there is nothing to remind of."))
    last = uow.execute(_LAST, subject=meeting.subject, occasion=REMINDER).scalar_one()
    most = 1 if last is None else 2
    who: list[Reminded] = []
    unreachable = []
    for member in _silent(uow, meeting):
        found = []
        for place in _order(uow, meeting, member):
            reached = channels.addressee(uow, f"seat:{place.id}")
            ways = () if reached is None else reached.reminded().ways
            if ways:
                found.append(Reminded(member.membership, member.name, place.role, f"seat:{place.id}", ways))
        who += found[:most]
        if not found:
            unreachable.append(member.name)
    soon = last is not None and uow.now - last < SOON
    return Reminding(meeting, tuple(who), tuple(unreachable), last, soon)


def _silent(uow: UnitOfWork, meeting: Meeting) -> list[Member]:
    said = answers.of(uow, meeting.id)
    return [member for member in facts.members(uow, meeting) if member.membership not in said]


def _order(uow: UnitOfWork, meeting: Meeting, member: Member) -> tuple[Place, ...]:
    return reminder_order(meeting.kind, member.places, composition=facts.composition(uow, meeting))


def _announce(uow: UnitOfWork, meeting: Meeting, recipients: Iterable[str], due: datetime) -> None:
    for recipient in recipients:
        notices.announce(
            uow, recipient=recipient, occasion=REMINDER, subject=meeting.subject, body=meeting.body, due_at=due
        )  # fmt: skip


_RUN = insert(REMINDER_RUN).returning(REMINDER_RUN.c.id)
_LAST = select(func.max(NOTICE.c.created_at)).where(
    NOTICE.c.subject == bindparam("subject"), NOTICE.c.occasion == bindparam("occasion")
)
_AGENDA_SENT = (
    update(MEETING).where(MEETING.c.id == bindparam("meeting")).values(agenda_sent_at=bindparam("now", type_=UtcInstant))
)
