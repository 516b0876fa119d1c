"""The ledger of meetings: everything that was announced, to whom, by what, and how it went."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, select

from konwent_bot.errors import NotFound
from konwent_bot.office import notices
from konwent_bot.office.decisions import ballot_news
from konwent_bot.office.meetings import facts
from konwent_bot.office.meetings.facts import NOT_HERE, Meeting
from konwent_bot.office.notices import Told
from konwent_bot.office.rights import Actor, require
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import BODY, CHAT_GROUP, INSTITUTION, MEETING, MEETING_GUEST, MEMBERSHIP, POST, SEAT


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger."""

    #: The institution (or the guest's function), and by which place; ``former`` of whoever had one and was told that it is not theirs.
    whose: str
    role: str
    told: Told
    #: The meeting it is about, where the list is of an institution; ``None`` for what is about no meeting.
    meeting: Meeting | None = None


def of_meeting(uow: UnitOfWork, actor: Actor, meeting_id: int) -> tuple[Meeting, tuple[Entry, ...]]:
    """Give everything that was announced about a meeting, the newest first.

    Raises:
        NotFound: there is no such meeting for this actor.
    """
    meeting = facts.get(uow, meeting_id)
    require(uow, actor, "meeting.ledger", body=meeting.body)
    told = notices.of_subject(uow, meeting.subject)
    names = _names(uow, meeting.body)
    return meeting, tuple(Entry(*names.get(one.recipient, _GONE), one) for one in told)


@dataclass(frozen=True, slots=True)
class OfInstitution:
    """What an institution was told."""

    body: int
    body_name: str
    institution: str
    entries: tuple[Entry, ...]


def of_institution(uow: UnitOfWork, actor: Actor, membership: int) -> OfInstitution:
    """Give everything that was announced to the people of an institution, the newest first.

    Raises:
        NotFound: there is no such institution for this actor.
    """
    row = uow.execute(_WHOSE, membership=membership).one_or_none()
    if row is None:
        raise NotFound(NOT_HERE)
    require(uow, actor, "meeting.ledger", body=row.body_id)
    seats = {f"seat:{seat.id}": seat.role for seat in uow.execute(_SEATS, membership=membership)}
    told = ballot_news.may_be_seen(notices.of_recipients(uow, list(seats)))
    meetings = _meetings(uow, {one.subject for one in told})
    entries = tuple(Entry(row.short_name, seats[one.recipient], one, meetings.get(one.subject)) for one in told)
    return OfInstitution(row.body_id, row.body_name, row.short_name, entries)


def _meetings(uow: UnitOfWork, subjects: Collection[str]) -> Mapping[str, Meeting]:
    """Give the meetings among the things notices were about."""
    numbers = [int(number) for kind, _, number in (one.partition(":") for one in subjects) if kind == "meeting"]
    found = [facts.read(row) for row in uow.execute(_THESE, meetings=numbers)] if numbers else []
    return {one.subject: one for one in found}


#: What is known of a person who was called by a place that others have now, and of a place that is gone.
_GONE: Final = ("", "former")


def _names(uow: UnitOfWork, body: int) -> Mapping[str, tuple[str, str]]:
    found = {f"seat:{row.id}": (row.short_name, row.role) for row in uow.execute(_SEATS_OF_BODY, body=body)}
    found |= {f"post:{row.id}": ("", row.kind) for row in uow.execute(_POSTS, body=body)}
    found |= {f"group:{row.id}": ("", "group_chat") for row in uow.execute(_CHATS, body=body)}
    return found | {f"guest:{row.id}": (row.function or row.name, "guest") for row in uow.execute(_GUESTS, body=body)}


_SEATS_OF_BODY = (
    select(SEAT.c.id, SEAT.c.role, INSTITUTION.c.short_name)
    .select_from(
        SEAT.join(MEMBERSHIP, MEMBERSHIP.c.id == SEAT.c.membership_id).join(
            INSTITUTION, INSTITUTION.c.id == MEMBERSHIP.c.institution_id
        )
    )
    .where(MEMBERSHIP.c.body_id == bindparam("body"))
)
_POSTS = select(POST.c.id, POST.c.kind).where(POST.c.body_id == bindparam("body"))
_CHATS = select(CHAT_GROUP.c.id).where(CHAT_GROUP.c.body_id == bindparam("body"))
_GUESTS = (
    select(MEETING_GUEST.c.id, MEETING_GUEST.c.name, MEETING_GUEST.c.function)
    .select_from(MEETING_GUEST.join(MEETING, MEETING.c.id == MEETING_GUEST.c.meeting_id))
    .where(MEETING.c.body_id == bindparam("body"))
)
_WHOSE = (
    select(MEMBERSHIP.c.body_id, BODY.c.name.label("body_name"), INSTITUTION.c.short_name)
    .select_from(
        MEMBERSHIP.join(INSTITUTION, INSTITUTION.c.id == MEMBERSHIP.c.institution_id).join(
            BODY, BODY.c.id == MEMBERSHIP.c.body_id
        )
    )
    .where(MEMBERSHIP.c.id == bindparam("membership"))
)
_THESE = facts.MEETINGS.where(MEETING.c.id.in_(bindparam("meetings", expanding=True)))
_SEATS = select(SEAT.c.id, SEAT.c.role).where(SEAT.c.membership_id == bindparam("membership"))
