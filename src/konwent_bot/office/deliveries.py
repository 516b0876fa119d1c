"""Deliveries: the rows of the tries, and where a notice goes after them. ``dispatch`` decides who makes a try, and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import Row, bindparam, case, delete, func, insert, select, update

from konwent_bot.domain import sending_hours
from konwent_bot.domain.meetings.quiet_hours import QuietHours, postponed
from konwent_bot.office import channels, routes
from konwent_bot.office.channels import Addressee
from konwent_bot.office.occasion import NO_ADDRESS, SWITCHED_OFF, Channel, Due, Occasion
from konwent_bot.office.occasions import OCCASIONS
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.columns import UtcInstant
from konwent_bot.store.tables import DELIVERY, NOTICE

#: How long a claim holds: a batch waits its turn, then each message gets as much again for itself.
LEASE: Final = timedelta(minutes=5)
#: Stands as the reason of a try whose message has been made; until then nothing can have been sent.
BEGUN: Final = "begun"


@dataclass(frozen=True, slots=True)
class Claim:
    """A try that is ours to make until its lease runs out."""

    delivery: int
    notice: int
    attempt: int
    channel: Channel = "mail"
    #: Who reads it, as far as is known: what goes to one reader goes one after another.
    toward: str = ""
    #: What goes out in the same message, for somebody who wants one a day.
    along: tuple[Claim, ...] = ()

    @property
    def name(self) -> str:
        """What this try is called outside, the same whoever asks: the left side of a Message-ID."""
        return f"notice.{self.notice}.{self.attempt}"

    @property
    def all(self) -> tuple[Claim, ...]:
        """The try and those that go along."""
        return (replace(self, along=()), *self.along)


# --- statements -------------------------------------------------------------------------------------------------------

_N = NOTICE.c
_D = DELIVERY.c
_REAL = bindparam("real", type_=UtcInstant)
_NOW = bindparam("now", type_=UtcInstant)
_UNTIL = bindparam("until", type_=UtcInstant)

LOCK = select(NOTICE).where(_N.id == bindparam("notice")).with_for_update()
_BEGIN = insert(DELIVERY).returning(_D.id)
_ONE = _D.id == bindparam("delivery")
RENEW = (
    update(DELIVERY)
    .where(_ONE, _D.state == "sending", _D.lease_until > _REAL)
    .values(lease_until=_UNTIL, begun_at=_NOW, reason=BEGUN)
)
UNDO = delete(DELIVERY).where(_ONE, _D.state == "sending")
#: A try that was given up as uncertain and then answers after all has answered.
END = (
    update(DELIVERY)
    .where(_ONE, _D.state.in_(("sending", "uncertain")))
    .values(
        state=bindparam("how"), lease_until=_UNTIL, ended_at=_NOW, message=bindparam("message_"), content_hash=bindparam("hash_"),
        reason=bindparam("reason_"),
    )
)  # fmt: skip
_OF = select(DELIVERY).where(_D.notice_id.in_(bindparam("notices", expanding=True))).order_by(_D.id)
#: What was sent stays sent, even where the notice was superseded while its message was on the way.
_SETTLE = (
    update(NOTICE)
    .where(_N.id == bindparam("notice"))
    .values(
        settled_at=func.coalesce(_N.settled_at, _NOW),
        outcome=case((_N.settled_at.is_(None) | (bindparam("how") == "sent"), bindparam("how")), else_=_N.outcome),
        address="",
    )
)
AIM = update(NOTICE).where(_N.id == bindparam("notice")).values(channel=bindparam("next"))
PUT_OFF = AIM.values(due_at=bindparam("due", type_=UtcInstant))


def tries_of(uow: UnitOfWork, notices: Sequence[int]) -> dict[int, list[Row[Any]]]:
    """Give the tries of notices, in the order in which they were made."""
    tries: dict[int, list[Row[Any]]] = {notice: [] for notice in notices}
    for row in uow.execute(_OF, notices=list(notices)):
        tries[row.notice_id].append(row)
    return tries


def settle(uow: UnitOfWork, notice: int, outcome: str) -> None:
    """Let a notice end."""
    uow.execute(_SETTLE, notice=notice, how=outcome, now=uow.now)


def onward(uow: UnitOfWork, notice: Row[Any], who: Addressee | None = None) -> str:
    """Say what carries a notice next, after all its tries so far, or settle it; give the channel, or nothing."""
    past = [routes.Past(one.channel, one.state, one.reason, one.lease_until) for one in tries_of(uow, [notice.id])[notice.id]]
    occasion = OCCASIONS.get(notice.occasion)
    known: Addressee | None = None
    repeat = occasion is not None and occasion.repeat_uncertain
    if occasion is None or occasion.letter:
        goes = routes.onward(past, ("mail",), every=False, repeat=repeat)
    else:
        who = who or channels.addressee(uow, notice.recipient, notice.address)
        known = who
        if who is not None and occasion.unsubscribable:
            who = who.reminded()
        ways = [way.channel for way in who.ways] if who is not None else ()
        goes = routes.onward(past, ways, every=who is not None and who.every, repeat=repeat)
    if goes.channel:
        uow.execute(AIM, notice=notice.id, next=goes.channel)
    elif goes.outcome:
        settle(uow, notice.id, goes.outcome)
    elif who is None:  # whom it was for is not here any more
        settle(uow, notice.id, "unwanted")
    else:
        reason = SWITCHED_OFF if known is not None and known.ways else NO_ADDRESS
        begin(uow, notice.id, "mail", 1, uow.now, state="refused", ended_at=uow.now, reason=reason)
        settle(uow, notice.id, "refused")
    return goes.channel


def due_of(row: Row[Any]) -> Due:
    """Give a notice as its occasion is asked about it."""
    return Due(
        row.id, row.recipient, row.occasion, row.subject, row.revision, row.body_id, row.address, row.created_at, row.due_at
    )


def later(uow: UnitOfWork, occasion: Occasion, who: Addressee, due: Due) -> datetime | None:
    """Give until when a notice can wait and should; ``None`` when it goes out now.

    What was put off until a daily message has that as its due time: it is not put off again, however late the courier comes.
    """
    quiet = QuietHours(time(who.quiet_from), time(who.quiet_to), days_off=who.quiet_from != who.quiet_to)
    open_at = postponed(uow.now, quiet, uow.house.zone) if occasion.quiet else uow.now
    daily = sending_hours.daily(due.due_at, quiet, uow.house.zone) if occasion.digestible and who.digest else open_at
    latest = max(open_at, daily)
    return latest if latest > uow.now and not occasion.urgent(uow, due) else None


def unwanted(uow: UnitOfWork, notice: int, delivery: int) -> None:
    """Take back a try that must not be made any more; what another channel took before stays told."""
    uow.execute(UNDO, delivery=delivery)
    states = {one.state for one in tries_of(uow, [notice])[notice]}
    settle(uow, notice, next((state for state in ("sent", "uncertain") if state in states), "unwanted"))


def begin(uow: UnitOfWork, notice: int, channel: Channel, attempt: int, until: datetime, **more: object) -> int:
    """Write a try down; give its number."""
    values = {
        "notice_id": notice, "channel": channel, "attempt": attempt, "state": "sending", "lease_until": until, "begun_at": uow.now,
        "ended_at": None, "message": "", "content_hash": "", "reason": "",
    }  # fmt: skip
    return int(uow.execute(_BEGIN, **(values | more)).scalar_one())
