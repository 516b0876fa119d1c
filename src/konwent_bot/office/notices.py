"""Notices: what the secretariat has to tell somebody of its own accord, each once, and the ledger of how that went.

An act writes a notice in its own unit of work; ``office.dispatch`` hands it to the courier when it is due. A notice holds no token
and no text: both are made when the letter is, so that what waits here for days, or stands in a backup, opens nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal, TypeAlias

from sqlalchemy import Integer, Row, Select, String, bindparam, delete, func, literal_column, select, update

from konwent_bot.errors import N_, NotFound, Refused
from konwent_bot.office.rights import Actor, require
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.columns import UtcInstant
from konwent_bot.store.statements import upsert
from konwent_bot.store.tables import DELIVERY, MEMBERSHIP, NOTICE, PERSON, POST, SEAT
from konwent_bot.store.tables.notices import CHANNELS

#: How a notice ended; ``None`` while it waits (``store.tables.notices``).
Outcome: TypeAlias = Literal["sent", "refused", "failed", "unwanted", "uncertain"]

#: Recipient of a request somebody typed an address for.
REQUEST: Final = "request:"
#: After this nobody waits for a way in any more, and an old address typed by anybody must not be kept for a mail server to come.
REQUEST_WAITS: Final = timedelta(hours=24)
#: How long it stays known that somebody asked for a way in.
REQUESTS_KEPT: Final = timedelta(days=30)
#: Rows forgotten in one unit of work.
BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Try:
    """One try to deliver."""

    channel: str
    #: 1, 2, 3...
    attempt: int
    #: ``sending``, ``sent``, ``refused``, ``failed`` or ``uncertain``.
    state: str
    begun_at: datetime
    ended_at: datetime | None
    #: What the other side said when it did not take it: a code or a class.
    reason: str


@dataclass(frozen=True, slots=True)
class Told:
    """A notice as it stands in the ledger."""

    notice: int
    recipient: str
    occasion: str
    subject: str
    revision: int
    created_at: datetime
    due_at: datetime
    #: What is to carry it next while it waits; empty until it is due.
    channel: str
    #: How it ended and when; both ``None`` while it waits.
    outcome: Outcome | None
    settled_at: datetime | None
    #: In the order in which they were made.
    tries: tuple[Try, ...]

    @property
    def by(self) -> tuple[str, ...]:
        """The channels that took it."""
        return tuple(dict.fromkeys(one.channel for one in self.tries if one.state == "sent"))

    @property
    def why(self) -> str:
        """What was said when it was last not taken: a code or a class; empty where it never was refused or put off."""
        return next((one.reason for one in reversed(self.tries) if one.state not in ("sent", "sending")), "")


def announce(
    uow: UnitOfWork,
    *,
    recipient: str,
    occasion: str,
    subject: str = "",
    revision: int | None = None,
    body: int | None = None,
    address: str = "",
    due_at: datetime | None = None,
) -> int:
    """Write a notice and give its number. Asks no rights and looks nobody up: the act that calls has done so, or must not.

    The same notice announced again is the one that is there. Without a ``revision`` it is the next one, and what was not sent yet
    of the former ones is not sent any more; two that come at the same moment are one.

    Args:
        uow: the unit of work.
        recipient: ``person:12``, ``seat:5``, ``post:2``, ``group:3`` (a linked group chat), ``guest:7``, or ``request:`` and something
            nobody else uses.
        occasion: what it is about, by its name in ``office.occasions``.
        subject: the thing it is about, opaque, where a recipient may have several.
        revision: 1, 2, 3... for a notice that exists once whoever asks; ``None`` for the next one.
        body: the body it concerns.
        address: where to send it instead of the address on record; forgotten once the notice is settled.
        due_at: not before this civil instant; now, if not given.
    """
    key = {"whom": recipient, "what": occasion, "which": subject}
    rest = {"body": body, "where": address, "now": uow.now, "due": due_at or uow.now}
    number = uow.execute(_ANNOUNCE[uow.dialect], **key, **rest, wanted=revision).scalar_one()
    uow.execute(_SUPERSEDE, **key, notice=number, now=uow.now)
    return int(number)


def invite(uow: UnitOfWork, actor: Actor, *, seat: int | None = None, post: int | None = None, once: bool = False) -> int:
    """Have an invitation to a vacant place sent by mail; give the notice's number. The link is made when the letter is.

    ``once``: nothing is announced anew where this place has been invited by mail before.

    Raises:
        NotFound: no such seat or post for this actor.
        Refused: somebody has already accepted this place.
    """
    row = uow.execute(_SEAT if seat is not None else _POST, place=seat if seat is not None else post).one_or_none()
    if row is None:
        raise NotFound(N_("There is no such matter here, or it is not open to you."))
    require(uow, actor, "invitation.issue", body=row.body_id)
    if row.accepted_at is not None:
        raise Refused(N_("This place is taken. To give it to somebody else, hand it over first."))
    subject = {"seat": seat} if seat is not None else {"post": post or 0}
    recipient = f"seat:{seat}" if seat is not None else f"post:{post}"
    number = announce(uow, recipient=recipient, occasion="invitation", body=row.body_id, revision=1 if once else None)
    uow.audit("invitation.send", body=row.body_id, person=actor.person, **subject)
    return number


def oldest_due(uow: UnitOfWork) -> datetime | None:
    """Give since when the oldest notice has been due that is not settled, tried or not; ``None`` when nothing is due."""
    return min(oldest_due_by(uow).values(), default=None)


def oldest_due_by(uow: UnitOfWork) -> Mapping[str, datetime]:
    """Give the same by channel, of those in which something is due; under the empty one what nobody has looked at yet."""
    row = uow.execute(_OLDEST_BY, now=uow.now).one()
    return {channel: since for channel, since in zip(_LANES, row, strict=True) if since is not None}


def ledger(uow: UnitOfWork, recipient: str) -> list[Told]:
    """Give everything that was announced to a recipient and how it ended, the newest first. Asks no rights: screens do."""
    return _told(uow, _LEDGER, {"whom": recipient})


def of_subject(uow: UnitOfWork, subject: str) -> list[Told]:
    """Give everything that was announced about a thing (``meeting:12``) to anybody, and how it ended, the newest first. Asks no rights."""
    return _told(uow, _ABOUT, {"which": subject})


def of_recipients(uow: UnitOfWork, recipients: Iterable[str], since: datetime | None = None) -> list[Told]:
    """Give everything that was announced to these recipients (an institution's places and people), the newest first. Asks no rights."""
    return _told(
        uow, _TO if since is None else _TO_SINCE, {"whom": list(recipients)} | ({} if since is None else {"since": since})
    )


def withdraw(
    uow: UnitOfWork,
    subject: str,
    *,
    occasions: Iterable[str] | None = None,
    recipients: Iterable[str] | None = None,
    but: Iterable[str] = (),
) -> int:
    """Let what was not sent yet about a thing not be sent any more, ``but`` some occasions; give how many notices that were."""
    stop = _WITHDRAW
    if occasions is not None:
        stop = stop.where(_N.occasion.in_(list(occasions)))
    if recipients is not None:
        stop = stop.where(_N.recipient.in_(list(recipients)))
    if but:
        stop = stop.where(_N.occasion.not_in(list(but)))
    return int(uow.execute(stop, which=subject, now=uow.now).rowcount)


def standing(uow: UnitOfWork, body: int, occasion: str = "invitation") -> Mapping[str, Told]:
    """Give, by recipient, the newest notice of an occasion in a body: what a coordinator's list of members shows. Asks no rights."""
    return {one.recipient: one for one in reversed(_told(uow, _STANDING, {"body": body, "what": occasion}))}


def forget(uow: UnitOfWork) -> int:
    """Let go of requests: of the address after a day without a mail server, of the whole after thirty. Gives how many rows went."""
    uow.execute(_STALE, now=uow.now, before=uow.now - REQUEST_WAITS)
    return int(uow.execute(_FORGET, before=uow.now - REQUESTS_KEPT).rowcount)


# --- inside -----------------------------------------------------------------------------------------------------------

_N = NOTICE.c
_D = DELIVERY.c
_SAME = (_N.recipient == bindparam("whom"), _N.occasion == bindparam("what"), _N.subject == bindparam("which"))

#: One statement, so that nothing can come between looking and writing. Two that count to the same next revision meet at the
#: unique key: the second waits for the first one's commit and is given its number (the "update" changes nothing).
_COLUMNS = ("recipient", "occasion", "subject", "revision", "body_id", "address", "created_at", "due_at")
_NEXT = select(func.coalesce(func.max(_N.revision), 0) + 1).where(*_SAME).scalar_subquery()
_ANNOUNCE = upsert(
    NOTICE,
    lambda new: new.from_select(
        _COLUMNS,
        select(
            bindparam("whom", type_=String), bindparam("what", type_=String), bindparam("which", type_=String),
            func.coalesce(bindparam("wanted", type_=Integer), _NEXT), bindparam("body", type_=_N.body_id.type),
            bindparam("where", type_=String), bindparam("now", type_=UtcInstant), bindparam("due", type_=UtcInstant),
                    ).where(literal_column("true")),  # SQLite takes "on conflict" after a select for a join unless there is a "where"
    ).on_conflict_do_update(
        index_elements=["recipient", "occasion", "subject", "revision"], set_={"revision": new.excluded.revision}
    ).returning(_N.id),
)  # fmt: skip
_SUPERSEDE = (
    update(NOTICE)
    .where(*_SAME, _N.id < bindparam("notice"), _N.settled_at.is_(None))
    .values(settled_at=bindparam("now", type_=UtcInstant), outcome="unwanted", address="")
)
_WITHDRAW = (
    update(NOTICE)
    .where(_N.subject == bindparam("which"), _N.settled_at.is_(None))
    .values(settled_at=bindparam("now", type_=UtcInstant), outcome="unwanted", address="")
)


def _oldest_in(channel: str) -> Any:
    """The first entry of the index in a channel: what is planned for later is never looked at."""
    due = (_N.settled_at.is_(None), _N.channel == channel, _N.due_at <= bindparam("now", type_=UtcInstant))
    return select(_N.due_at).where(*due).order_by(_N.due_at).limit(1).scalar_subquery()


_LANES = ("", *CHANNELS)
_OLDEST_BY = select(*(_oldest_in(channel).label(f"lane_{place}") for place, channel in enumerate(_LANES)))

_SEAT = (
    select(MEMBERSHIP.c.body_id, PERSON.c.accepted_at)
    .select_from(
        SEAT.join(MEMBERSHIP, MEMBERSHIP.c.id == SEAT.c.membership_id).outerjoin(PERSON, PERSON.c.id == SEAT.c.person_id)
    )
    .where(SEAT.c.id == bindparam("place"), MEMBERSHIP.c.left_on.is_(None))
)
_POST = (
    select(POST.c.body_id, PERSON.c.accepted_at)
    .select_from(POST.outerjoin(PERSON, PERSON.c.id == POST.c.person_id))
    .where(POST.c.id == bindparam("place"))
)

_LEDGER = select(NOTICE).where(_N.recipient == bindparam("whom")).order_by(_N.id.desc())
_ABOUT = select(NOTICE).where(_N.subject == bindparam("which")).order_by(_N.id.desc())
_TO = select(NOTICE).where(_N.recipient.in_(bindparam("whom", expanding=True))).order_by(_N.id.desc())
_TO_SINCE = _TO.where(_N.created_at >= bindparam("since", type_=UtcInstant))
_STANDING = (
    select(NOTICE)
    .where(
        _N.id.in_(
            select(func.max(_N.id))
            .where(_N.body_id == bindparam("body"), _N.occasion == bindparam("what"))
            .group_by(_N.recipient)
        )
    )
    .order_by(_N.id.desc())
)

_IS_REQUEST = _N.recipient.like(f"{REQUEST}%")
_STALE = (
    update(NOTICE)
    .where(_N.settled_at.is_(None), _IS_REQUEST, _N.created_at < bindparam("before", type_=UtcInstant))
    .values(settled_at=bindparam("now", type_=UtcInstant), outcome="unwanted", address="")
)
_FORGET = delete(NOTICE).where(
    _N.id.in_(
        select(_N.id)
        .where(_IS_REQUEST, _N.settled_at.is_not(None), _N.created_at < bindparam("before", type_=UtcInstant))
        .order_by(_N.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
)


def _told(uow: UnitOfWork, found: Select[Any], values: Mapping[str, object]) -> list[Told]:
    notices = uow.execute(found, **values).all()
    tries: dict[int, list[Try]] = {row.id: [] for row in notices}
    for row in _tries(uow, tries):
        tries[row.notice_id].append(Try(row.channel, row.attempt, row.state, row.begun_at, row.ended_at, row.reason))
    return [
        Told(
            one.id, one.recipient, one.occasion, one.subject, one.revision, one.created_at, one.due_at, one.channel, one.outcome,
            one.settled_at,
            tuple(tries[one.id]),
        )
        for one in notices
    ]  # fmt: skip


def _tries(uow: UnitOfWork, notices: Iterable[int]) -> list[Row[Any]]:
    wanted = list(notices)
    if not wanted:
        return []
    return list(uow.execute(select(DELIVERY).where(_D.notice_id.in_(wanted)).order_by(_D.id)).all())
