"""The chain: what was done in a body, sealed entry upon entry, so that whoever kept its end elsewhere sees what was changed since.

Sealing works in bounded batches and passes over a body somebody else is sealing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, bindparam, func, select, update

from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import AUDIT_ENTRY, BODY

#: Entries sealed in one unit of work: nobody waits long for it to end.
BATCH: Final = 500
#: What the first entry of a chain is sealed upon.
GENESIS: Final = "0" * 64


@dataclass(frozen=True, slots=True)
class Chain:
    """How the chain of a body stands."""

    #: Entries that are sealed, and entries that wait for it.
    sealed: int
    waiting: int
    #: The newest seal that holds; whoever keeps it elsewhere can tell later whether anything before it was touched.
    head: str
    #: Number in the chain of the first entry that was changed or taken away; ``None`` while all of it holds.
    broken_at: int | None


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a chain as it is printed: the newest seal, and the number of its entry (``GENESIS`` and 0 of one that is empty)."""

    number: int
    seal: str


def seal(uow: UnitOfWork) -> int:
    """Seal what was done since, a batch of it; gives how many entries."""
    sealed = 0
    bodies = list(uow.execute(_WAITING.limit(BATCH)).scalars())
    # In one order everywhere, the house last: two schedulers then never wait for one another in a circle.
    for body in sorted(bodies, key=lambda body: (body is None, body or 0)):
        if sealed < BATCH and uow.execute(_LOCK_HOUSE if body is None else _LOCK, body=body).first() is not None:
            sealed += _seal_body(uow, body, BATCH - sealed)
    return sealed


def verify(uow: UnitOfWork, body: int | None, head: str | None = None) -> Chain:
    """Compute a body's chain anew and say where it does not hold.

    Without ``head`` (a seal written down elsewhere) entries cut off at the end cannot be missed; with it they are: the chain is
    then broken after its last entry.
    """
    number, former, found, broken = 0, GENESIS, head is None or head == GENESIS, None
    entries: Sequence[Row[Any]] = uow.execute(
        _of(body).where(AUDIT_ENTRY.c.number.is_not(None)).order_by(AUDIT_ENTRY.c.number)
    ).all()
    for entry in entries:
        number += 1
        made = _link(former, number, entry)
        if entry.number != number or entry.seal != made:
            broken = number
            break
        former, found = made, found or made == head
    if broken is None and not found:
        broken = number + 1
    waiting = uow.execute(
        select(func.count()).select_from(_of(body).where(AUDIT_ENTRY.c.number.is_(None)).subquery())
    ).scalar_one()
    return Chain(len(entries), int(waiting), former, broken)


def head(uow: UnitOfWork, body: int | None) -> Head:
    """Give the end of a body's chain as it stands, without computing it anew. What waits to be sealed is not in it yet."""
    last = uow.execute(_of(body).where(AUDIT_ENTRY.c.number.is_not(None)).order_by(AUDIT_ENTRY.c.number.desc()).limit(1)).first()
    return Head(0, GENESIS) if last is None else Head(last.number, last.seal)


# --- inside -----------------------------------------------------------------------------------------------------------

_WAITING = select(AUDIT_ENTRY.c.body_id).where(AUDIT_ENTRY.c.number.is_(None)).group_by(AUDIT_ENTRY.c.body_id)
# Not "for update": entries and rounds refer to the body, and nobody who writes one should wait for us.
_LOCK = select(BODY.c.id).where(BODY.c.id == bindparam("body")).with_for_update(skip_locked=True, key_share=True)
#: Acts of the whole installation have no body; their oldest entry stands for the chain.
_LOCK_HOUSE = (
    select(AUDIT_ENTRY.c.id)
    .where(AUDIT_ENTRY.c.body_id.is_(None))
    .order_by(AUDIT_ENTRY.c.id)
    .limit(1)
    .with_for_update(skip_locked=True, key_share=True)
)
_SEAL = (
    update(AUDIT_ENTRY)
    .where(AUDIT_ENTRY.c.id == bindparam("entry"))
    .values(number=bindparam("place"), seal=bindparam("made"))
    .execution_options(synchronize_session=False)
)


def _seal_body(uow: UnitOfWork, body: int | None, most: int) -> int:
    """Chain a body's entries in the order of writing, as far as it is visible now.

    On PostgreSQL an entry may be committed after one with a higher number of its own was sealed; it is sealed after it. The
    chain says what was sealed in which order, and that is all it must prove.
    """
    last = head(uow, body)
    number, former = last.number, last.seal
    waiting = uow.execute(_of(body).where(AUDIT_ENTRY.c.number.is_(None)).order_by(AUDIT_ENTRY.c.id).limit(most)).all()
    seals: list[dict[str, Any]] = []
    for entry in waiting:
        number += 1
        former = _link(former, number, entry)
        seals.append({"entry": entry.id, "place": number, "made": former})
    if seals:
        uow.connection.execute(_SEAL, seals)
    return len(seals)


def _of(body: int | None) -> Any:
    return select(AUDIT_ENTRY).where(AUDIT_ENTRY.c.body_id.is_(None) if body is None else AUDIT_ENTRY.c.body_id == body)


def _link(former: str, number: int, entry: Row[Any]) -> str:
    """Give the seal: SHA-256 over the former seal and everything the entry says, as JSON without spaces."""
    at: datetime = entry.at
    said = [
        former,
        number,
        entry.id,
        entry.body_id,
        entry.act,
        entry.person_id,
        entry.subject,
        at.isoformat(timespec="microseconds"),
    ]
    return hashlib.sha256(json.dumps(said, separators=(",", ":")).encode("ascii")).hexdigest()
