"""Dispatch: handing due notices to the courier, one try at a time, and recording how each try ended.

Sort, claim, prepare, record. A notice that is due is sorted first: who reads it, through what, and whether it can wait for the end of
quiet hours or for the daily message. A try is a row of ``delivery`` with a lease: while it runs nobody else takes the notice in that
channel, whichever process asks; when it has run out the courier died in the middle, and whether the message went is not known. The
same lease, set on a try that failed, is how long the notice rests there before the next one. What one channel refuses, the next one
gets at once.

**Two times.** When a notice is due is civil time, which a demo moves. Leases and rests are real time: a claim must not run out because
somebody moved the clock by a day. Whoever calls gives the real instant (``real``), from the machine's clock, because a claim has to
outlive its process and be understood by another one, which a monotonic clock cannot; five minutes leave room for clocks that differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, bindparam, exists, literal_column, or_, select

from konwent_bot.office import channels, deliveries, enclosures
from konwent_bot.office.channels import Addressee
from konwent_bot.office.deliveries import BEGUN, LEASE, Claim
from konwent_bot.office.enclosures import Enclosure
from konwent_bot.office.occasion import NO_ADDRESS, Channel, Message, Occasion, Reader
from konwent_bot.office.occasions import OCCASIONS, digestible
from konwent_bot.office.routes import INTERRUPTED, Ending
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.columns import UtcInstant
from konwent_bot.store.tables import DELIVERY, NOTICE

#: Rests after the first, second, third try; after every later one the last.
RESTS: Final = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
#: Notices sorted in one unit of work, and put into one daily message.
SORTED: Final = 50
GATHERED: Final = 10


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is to be sent now."""

    #: What to record: without what was not wanted any more.
    claim: Claim
    reader: Reader
    #: Several only in a daily message.
    messages: tuple[Message, ...]
    #: An earlier try may have arrived: it says that it comes again.
    repeated: bool
    #: Whoever reads it may ask for no more of its kind.
    unsubscribable: bool
    enclosures: tuple[Enclosure, ...]
    #: Address of whoever coordinates the body it concerns; empty where there is none.
    reply_to: str = ""


def anything(uow: UnitOfWork, *, real: datetime, channel: Channel = "mail") -> bool:
    """Tell whether there is something to claim, or to be sorted. Cheap: asked every few seconds."""
    return bool(uow.execute(_ANYTHING, now=uow.now, real=real, channel=channel).scalar_one())


def sort(uow: UnitOfWork, *, real: datetime) -> int:
    """Say of notices that have come due what is to carry each, or put it off until its reader's hours allow it; give how many."""
    found = uow.execute(_UNSORTED, now=uow.now).all()
    tries = deliveries.tries_of(uow, [row.id for row in found]) if found else {}
    for notice in found:
        under_way = [one.channel for one in tries[notice.id] if one.state == "sending" and one.lease_until > real]
        occasion = OCCASIONS.get(notice.occasion)
        if under_way:  # sorted anew while somebody is sending it
            uow.execute(deliveries.AIM, notice=notice.id, next=under_way[0])
        elif occasion is None or occasion.letter:
            uow.execute(deliveries.AIM, notice=notice.id, next="mail")
        else:
            who = channels.addressee(uow, notice.recipient, notice.address)
            later = None if who is None else deliveries.later(uow, occasion, who, deliveries.due_of(notice))
            if later is not None:
                uow.execute(deliveries.PUT_OFF, notice=notice.id, next="", due=later)
            else:
                deliveries.onward(uow, notice, who)
    return len(found)


def claim(uow: UnitOfWork, *, real: datetime, most: int, channel: Channel = "mail") -> list[Claim]:
    """Take up to ``most`` notices that are due in a channel, the oldest first. Two that claim at once never get the same one.

    A claim whose lease has run out is found here: its courier died, so a try whose message had been made counts as uncertain.
    """
    sort(uow, real=real)
    free = list(uow.execute(_FREE, now=uow.now, real=real, channel=channel, most=most))
    if not free:
        return []
    persons = channels.holders(uow, {row.recipient for row in free})
    gathering = channels.gathered(uow, persons.values())
    can_wait = digestible() if gathering else ()
    if gathering:
        known = {row.id for row in free}
        whose = sorted({row.recipient for row in free if persons.get(row.recipient) in gathering})
        rest = uow.execute(_ALONG, now=uow.now, real=real, channel=channel, recipients=whose, occasions=can_wait)
        free += [row for row in rest if row.id not in known]
    # Asked again now that the rows are locked, with what was committed since: on PostgreSQL a row whose claim was committed a
    # moment ago may be in ``free`` all the same, because a claim writes beside the notice and not into it.
    tries = deliveries.tries_of(uow, [row.id for row in free])
    taken: dict[tuple[object, ...], list[Claim]] = {}
    for row in free:
        person = persons.get(row.recipient)
        toward = row.recipient if person is None else f"person:{person}"
        if (made := _take(uow, row, tries[row.id], channel, real, toward)) is not None:
            daily = person in gathering and row.occasion in can_wait
            taken.setdefault((toward, "daily") if daily else (row.id,), []).append(made)
    return [replace(first, along=tuple(rest)) for first, *rest in taken.values()]


def prepare(uow: UnitOfWork, claimed: Claim, *, real: datetime) -> Prepared | None:
    """Give what must be said, immediately before it is sent; ``None`` when nothing must be.

    Only now is it asked whether a notice is still wanted, and only now are its links made. The lease begins anew.
    """
    parts = [made for one in claimed.all if (made := _part(uow, one, real)) is not None]
    if not parts:
        return None
    return Prepared(
        replace(parts[0].claim, toward=claimed.toward, along=tuple(part.claim for part in parts[1:])),
        parts[0].reader,
        tuple(part.message for part in parts),
        any(part.repeated for part in parts),
        all(part.occasion.unsubscribable for part in parts),
        (*enclosures.of(uow, [part.claim.notice for part in parts]), *(file for part in parts for file in part.files)),
        channels.coordinator(uow, body) if claimed.channel == "mail" and (body := parts[0].body) is not None else "",
    )


def record(
    uow: UnitOfWork,
    claimed: Claim,
    ending: Ending,
    *,
    real: datetime,
    message: str = "",
    content_hash: str = "",
    reason: str = "",
    rest: timedelta | None = None,
) -> None:
    """Record how a try ended, and with it what becomes of the notice (of each, where several went together).

    Args:
        uow: the unit of work.
        claimed: the try.
        ending: how it ended.
        real: the real instant.
        message: the channel's name for what was sent.
        content_hash: SHA-256 of the bytes that went out, in hexadecimal.
        reason: a code or a class of what the other side said; never an address or a text.
        rest: how long to leave it in this channel before the next try, if there is to be one; ``RESTS``, if not given.
    """
    for one in claimed.all:
        notice = uow.execute(deliveries.LOCK, notice=one.notice).one_or_none()
        if notice is None:
            continue
        resting = timedelta()
        if ending in ("failed", "uncertain"):
            resting = RESTS[min(one.attempt, len(RESTS)) - 1] if rest is None else rest
        told = uow.execute(
            deliveries.END, delivery=one.delivery, how=ending, until=real + resting, now=uow.now, message_=message, hash_=content_hash, reason_=reason
        )  # fmt: skip
        if not told.rowcount:
            continue
        if notice.settled_at is None:
            deliveries.onward(uow, notice)
        elif ending == "sent":
            deliveries.settle(uow, notice.id, "sent")


def give_back(uow: UnitOfWork, claims: Sequence[Claim]) -> None:
    """Put back what was claimed and not tried: somebody else may take it at once."""
    for claimed in claims:
        for one in claimed.all:
            uow.execute(deliveries.UNDO, delivery=one.delivery)


def in_flight(uow: UnitOfWork) -> list[Claim]:
    """Give every try that is under way, or was when its courier died."""
    found = uow.execute(select(_D.id, _D.notice_id, _D.attempt, _D.channel).where(_D.state == "sending").order_by(_D.id))
    return [Claim(row.id, row.notice_id, row.attempt, row.channel) for row in found]


# --- sorting and claiming ---------------------------------------------------------------------------------------------

_N = NOTICE.c
_D = DELIVERY.c
_WAITS = (_N.settled_at.is_(None), _N.due_at <= bindparam("now", type_=UtcInstant))
_FREE_IN = (
    *_WAITS,
    _N.channel == bindparam("channel"),
    ~exists().where(_D.notice_id == _N.id, _D.channel == _N.channel, _D.lease_until > bindparam("real", type_=UtcInstant)),
)


def _first(*where: ColumnElement[bool]) -> ColumnElement[bool]:
    """Ask for the first by due time, not whether there is any: a prepared plan would believe that a third of the table is due."""
    return select(_N.id).where(*where).order_by(_N.due_at, _N.id).limit(literal_column("1")).scalar_subquery().is_not(None)


_ANYTHING = select(or_(_first(*_WAITS, _N.channel == ""), _first(*_FREE_IN)))
_UNSORTED = (
    select(NOTICE)
    .where(*_WAITS, _N.channel == "")
    .order_by(_N.due_at, _N.id)
    .limit(literal_column(str(SORTED)))
    .with_for_update(skip_locked=True)
)
_ALL_FREE = select(NOTICE).where(*_FREE_IN).order_by(_N.due_at, _N.id).with_for_update(skip_locked=True)
_FREE = _ALL_FREE.limit(bindparam("most"))
_ALONG = _ALL_FREE.where(
    _N.recipient.in_(bindparam("recipients", expanding=True)), _N.occasion.in_(bindparam("occasions", expanding=True))
).limit(GATHERED)


def _take(
    uow: UnitOfWork, notice: Row[Any], tries: list[Row[Any]], channel: Channel, real: datetime, toward: str
) -> Claim | None:
    mine = [one for one in tries if one.channel == channel]
    if any(one.lease_until > real for one in mine):
        return None
    last = mine[-1] if mine else None
    if last is not None and last.state == "sending":
        ending = "uncertain" if last.reason == BEGUN else "failed"
        uow.execute(
            deliveries.END, delivery=last.id, how=ending, until=real, now=uow.now, message_="", hash_="", reason_=INTERRUPTED
        )
        if deliveries.onward(uow, notice) != channel:
            return None
    attempt = 1 if last is None else last.attempt + 1
    return Claim(deliveries.begin(uow, notice.id, channel, attempt, real + LEASE), notice.id, attempt, channel, toward)


# --- preparing --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Part:
    claim: Claim
    occasion: Occasion
    reader: Reader
    message: Message
    repeated: bool
    body: int | None
    files: tuple[Enclosure, ...]


def _part(uow: UnitOfWork, claimed: Claim, real: datetime) -> _Part | None:
    """Prepare one notice; what is not to be sent now is settled, put off or given to another channel."""
    notice = uow.execute(deliveries.LOCK, notice=claimed.notice).one_or_none()
    renewed = uow.execute(deliveries.RENEW, delivery=claimed.delivery, real=real, until=real + LEASE, now=uow.now).rowcount
    if notice is None or not renewed:
        return None  # we were away for longer than our lease, and somebody else has drawn conclusions
    occasion = OCCASIONS.get(notice.occasion)
    if occasion is None:
        record(uow, claimed, "failed", real=real, reason="unknown_occasion")
        return None
    due = deliveries.due_of(notice)
    who = None if occasion.letter else channels.addressee(uow, notice.recipient, notice.address)
    if who is not None and occasion.unsubscribable:
        who = who.reminded()
    gone = notice.settled_at is not None or (who is None and not occasion.letter)
    if gone or not occasion.wanted(uow, due):
        deliveries.unwanted(uow, notice.id, claimed.delivery)
        return None
    if who is None:
        reader = Reader(None, "", "", "mail", notice.address, may_enter=False)
    else:
        way, later = who.way(claimed.channel), deliveries.later(uow, occasion, who, due)
        if way is None or later is not None:  # things have changed since it was sorted: it is sorted anew
            uow.execute(deliveries.UNDO, delivery=claimed.delivery)
            uow.execute(deliveries.PUT_OFF, notice=notice.id, next="", due=later or notice.due_at)
            return None
        reader = _reader(uow, who, claimed.channel, way.address)
    match occasion.make(uow, due, reader):
        case None:
            deliveries.unwanted(uow, notice.id, claimed.delivery)
            return None
        case str() as missing:  # an address may be missing for good; what else is missing will be there one day
            record(uow, claimed, "refused" if missing == NO_ADDRESS else "failed", real=real, reason=missing)
            return None
        case made:
            earlier = deliveries.tries_of(uow, [notice.id])[notice.id]
            repeated = any(one.state == "uncertain" for one in earlier)
            return _Part(claimed, occasion, reader, made, repeated, notice.body_id, occasion.files(uow, due))


def _reader(uow: UnitOfWork, who: Addressee, channel: Channel, address: str) -> Reader:
    letter_to = who.person if channel == "mail" and uow.house.public_url else None
    may_enter = letter_to is not None and channels.believed(uow, letter_to, address)
    return Reader(who.person, who.name, who.language, channel, address, may_enter)
