"""Pauses a messenger asked for ("too many requests, come back in an hour"): stored, so that every process and library keeps them.

They are real time, as what asks for them is: a demo that moves its clock by a day is let in no sooner.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, case, select

from konwent_bot.office.occasion import Channel
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.columns import UtcInstant
from konwent_bot.store.statements import upsert
from konwent_bot.store.tables import SENDING_PAUSE


def pause(uow: UnitOfWork, channel: Channel, until: datetime, reason: str) -> None:
    """Let nothing go out in a channel before a real instant. A longer pause that is under way stays."""
    uow.execute(_PAUSE[uow.dialect], channel=channel, until=until, reason=reason)


def until(uow: UnitOfWork, channel: Channel, *, real: datetime) -> datetime | None:
    """Give until when nothing may go out in a channel; ``None`` when it may now."""
    found: datetime | None = uow.execute(_UNTIL, channel=channel).scalar_one_or_none()
    return found if found is not None and found > real else None


_P = SENDING_PAUSE.c
_PAUSE = upsert(
    SENDING_PAUSE,
    lambda new: new.values(
        channel=bindparam("channel"), until=bindparam("until", type_=UtcInstant), reason=bindparam("reason")
    ).on_conflict_do_update(
        index_elements=["channel"],
        set_={name: case((_P.until < new.excluded.until, new.excluded[name]), else_=_P[name]) for name in ("reason", "until")},
    ),
)
_UNTIL = select(_P.until).where(_P.channel == bindparam("channel"))
