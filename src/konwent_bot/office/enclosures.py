"""Files that go with a notice, frozen when the act made them: what was sent can be shown later, byte for byte."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import bindparam, delete, insert, select

from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.columns import UtcInstant
from konwent_bot.store.statements import upsert
from konwent_bot.store.tables import ENCLOSURE, NOTICE, SENT_FILE

#: How long after its notice was settled a file is kept, for whoever says it did not come.
KEPT: Final = timedelta(days=30)
#: Files forgotten in one unit of work: each may be megabytes.
BATCH: Final = 100


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that goes with a notice."""

    #: What it is called when it is saved.
    name: str
    #: What it is (RFC 6838).
    media_type: str
    content: bytes
    #: SHA-256 of the content, in hexadecimal.
    sha256: str
    #: What a calendar file asks of whoever opens it (RFC 5546); empty for any other file.
    method: str = ""


def enclose(uow: UnitOfWork, notice: int, *, name: str, media_type: str, content: bytes, method: str = "") -> None:
    """Have a file go with a notice, after those it has already. Asks no rights: the act that announces has."""
    sha256 = hashlib.sha256(content).hexdigest()
    uow.execute(_NEW, notice_id=notice, name=name, media_type=media_type, method=method, sha256=sha256, content=content)


def of(uow: UnitOfWork, notices: list[int]) -> tuple[Enclosure, ...]:
    """Give the files of notices that go out together, in their order; the same bytes once."""
    found = uow.execute(_OF, notices=notices).all()
    each = {row.sha256: Enclosure(row.name, row.media_type, row.content, row.sha256, row.method) for row in reversed(found)}
    return tuple(reversed(each.values()))


def known(uow: UnitOfWork, bot: int, sha256: str) -> str:
    """Give Telegram's name for a file a bot has sent before; empty where it has not."""
    return str(uow.execute(_KNOWN, bot=bot, sha256=sha256).scalar_one_or_none() or "")


def learn(uow: UnitOfWork, bot: int, sha256: str, file_id: str) -> None:
    """Remember Telegram's name for a file; empty: it knows it no longer."""
    if file_id:
        uow.execute(_LEARN[uow.dialect], bot_id=bot, sha256=sha256, file_id=file_id)
    else:
        uow.execute(_UNLEARN, bot=bot, sha256=sha256)


def forget(uow: UnitOfWork) -> int:
    """Let go of files whose notice was settled long ago; gives how many."""
    return int(uow.execute(_FORGET, before=uow.now - KEPT).rowcount)


_NEW = insert(ENCLOSURE)
_OF = (
    select(ENCLOSURE)
    .where(ENCLOSURE.c.notice_id.in_(bindparam("notices", expanding=True)))
    .order_by(ENCLOSURE.c.notice_id, ENCLOSURE.c.id)
)
_KNOWN = select(SENT_FILE.c.file_id).where(SENT_FILE.c.bot_id == bindparam("bot"), SENT_FILE.c.sha256 == bindparam("sha256"))
_LEARN = upsert(
    SENT_FILE,
    lambda new: new.values({name: bindparam(name) for name in ("bot_id", "sha256", "file_id")}).on_conflict_do_update(
        index_elements=["bot_id", "sha256"], set_={"file_id": new.excluded.file_id}
    ),
)
_UNLEARN = delete(SENT_FILE).where(SENT_FILE.c.bot_id == bindparam("bot"), SENT_FILE.c.sha256 == bindparam("sha256"))
_FORGET = delete(ENCLOSURE).where(
    ENCLOSURE.c.id.in_(
        select(ENCLOSURE.c.id)
        .join_from(ENCLOSURE, NOTICE)
        .where(NOTICE.c.settled_at < bindparam("before", type_=UtcInstant))
        .order_by(ENCLOSURE.c.id)
        .limit(BATCH)
        .with_for_update(of=ENCLOSURE, skip_locked=True)
    )
)
