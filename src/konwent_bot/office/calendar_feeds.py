"""A person's calendar at a secret address: the meetings of every body they belong to, for programs that keep calendars.

The address is the proof, as with any secret address of a calendar: whoever has it sees which meetings there are, and nothing of anybody's
answers. Only its hash is kept; a new one ends the former, and leaving or being erased ends it at once.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, delete, or_, select

from konwent_bot import i18n
from konwent_bot.documents import calendar
from konwent_bot.errors import N_, NotFound, Refused
from konwent_bot.office.meetings import calendar_files, facts
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.columns import UtcInstant
from konwent_bot.store.statements import upsert
from konwent_bot.store.tables import CALENDAR_FEED, MEETING, PERSON

#: How long a meeting that is over, or was called off, stays in the calendar.
KEPT: Final = timedelta(days=90)
#: 24 bytes: the address stands in somebody's calendar for years.
_TOKEN_BYTES: Final = 24
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{32}\Z")


def since(uow: UnitOfWork, person: int) -> datetime | None:
    """Say since when a person's calendar has an address; ``None`` where it has none."""
    found: datetime | None = uow.execute(_SINCE, person=person).scalar_one_or_none()
    return found


def make(uow: UnitOfWork, person: int) -> str:
    """Give a person's calendar a new address, told this once; the former one ends.

    Raises:
        Refused: these pages have no address that could be called.
    """
    if not uow.house.public_url:
        raise Refused(N_("These pages have no public address yet, so a calendar cannot have one either. Tell the coordinator."))
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    uow.execute(_MAKE[uow.dialect], person_id=person, token_hash=_hash(token), created_at=uow.now)
    uow.audit("calendar.make", body=None, person=person)
    return f"{uow.house.public_url}/kalendarz/{token}.ics"


def end(uow: UnitOfWork, person: int) -> None:
    """End the address of a person's calendar; without one it does nothing."""
    if uow.execute(_END, person=person).rowcount:
        uow.audit("calendar.end", body=None, person=person)


def content(uow: UnitOfWork, token: str) -> bytes:
    """Give the calendar at an address, in its person's language: meetings ahead, those of the last 90 days, and those called off.

    Raises:
        NotFound: no calendar has this address.
    """
    row = uow.execute(_WHOSE, hash=_hash(token)).one_or_none() if _TOKEN.match(token) else None
    if row is None:
        raise NotFound(facts.NOT_HERE)
    t = i18n.translator(row.language)
    rows = uow.execute(_MEETINGS, person=row.id, since=uow.now - KEPT)
    events = [calendar_files.event(uow, facts.read(one), t) for one in rows]
    return calendar.feed(events, t("Meetings"), str(uow.house.zone))


# --- inside -----------------------------------------------------------------------------------------------------------


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("ascii")).hexdigest()


_C = CALENDAR_FEED.c
_SINCE = select(_C.created_at).where(_C.person_id == bindparam("person"))
_MAKE = upsert(
    CALENDAR_FEED,
    lambda new: new.values({name: bindparam(name) for name in ("person_id", "token_hash", "created_at")}).on_conflict_do_update(
        index_elements=["person_id"], set_={name: new.excluded[name] for name in ("token_hash", "created_at")}
    ),
)
_END = delete(CALENDAR_FEED).where(_C.person_id == bindparam("person"))
_WHOSE = (
    select(PERSON.c.id, PERSON.c.language)
    .join_from(CALENDAR_FEED, PERSON, PERSON.c.id == _C.person_id)
    .where(_C.token_hash == bindparam("hash"), PERSON.c.accepted_at.is_not(None))
)
#: What was called off is shown to calendars that may have it: members were called to it, or knew it from the plan.
_MEETINGS = facts.MEETINGS.where(
    MEETING.c.ends_at > bindparam("since", type_=UtcInstant),
    or_(
        MEETING.c.status.in_(("planned", "convened", "held")),
        (MEETING.c.status == "cancelled") & or_(MEETING.c.convened_at.is_not(None), MEETING.c.planned_at.is_not(None)),
    ),
    or_(MEETING.c.body_id.in_(facts.BODIES), facts.FOR_IT),
).order_by(MEETING.c.starts_at, MEETING.c.id)
