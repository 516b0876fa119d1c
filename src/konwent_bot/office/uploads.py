"""Files somebody is looking over before they count: a roster, between its preview and its import.

A file is its sender's alone, for one body, for an hour. What is confirmed is what was looked over: the SHA-256 comes along.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import bindparam, delete, insert, select

from konwent_bot.errors import N_, NotFound, Refused
from konwent_bot.office import throttle
from konwent_bot.office.rights import Actor, require
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import UPLOAD

#: How long a file may wait for its confirmation.
WAITS: Final = timedelta(hours=1)
#: Files one person may send in an hour: reading a spreadsheet takes a process of its own.
MOST_IN_AN_HOUR: Final = 30


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that waits."""

    id: int
    #: SHA-256 of the content, in hexadecimal.
    sha256: str
    content: bytes


def admit(uow: UnitOfWork, actor: Actor, body: int) -> int:
    """Let a person send a roster for a body, and count it; give the person's number. Ask this before the file is read.

    Raises:
        NotFound: no such body for this actor. The operator at the command line sends no files: there they lie already.
        throttle.TooOften: too many files in an hour.
    """
    require(uow, actor, "roster.import", body=body)
    if actor.person is None:
        raise NotFound(N_("There is no such matter here, or it is not open to you."))
    throttle.limit(uow, "upload", str(actor.person), most=MOST_IN_AN_HOUR, within=timedelta(hours=1))
    return actor.person


def keep(uow: UnitOfWork, actor: Actor, body: int, content: bytes) -> Kept:
    """Keep a file for its sender until they confirm it. It takes the place of the one they sent for this body before.

    Raises:
        NotFound: no such body for this actor.
    """
    require(uow, actor, "roster.import", body=body)
    sha256 = hashlib.sha256(content).hexdigest()
    uow.execute(_FORMER, body=body, person=actor.person)
    values = {"body_id": body, "person_id": actor.person, "sha256": sha256, "content": content, "at": uow.now}
    return Kept(int(uow.execute(_KEEP, **values).scalar_one()), sha256, content)


def find(uow: UnitOfWork, actor: Actor, body: int, upload: int, sha256: str) -> Kept:
    """Give a file back to whoever sent it for this body, if it is the one they looked over.

    Raises:
        NotFound: no such body for this actor.
        Refused: there is no such file of theirs, it is another one, or its hour is over: always the same sentence.
    """
    require(uow, actor, "roster.import", body=body)
    row = uow.execute(_FIND, upload=upload, body=body, person=actor.person, since=uow.now - WAITS).one_or_none()
    if row is None or not hmac.compare_digest(row.sha256, sha256.encode("ascii", "replace").decode()):
        raise Refused(N_("The file you looked over is kept for an hour and is not here any more. Please send it again."))
    return Kept(row.id, row.sha256, row.content)


# --- inside -----------------------------------------------------------------------------------------------------------

_FORMER = delete(UPLOAD).where(UPLOAD.c.body_id == bindparam("body"), UPLOAD.c.person_id == bindparam("person"))
_KEEP = insert(UPLOAD).returning(UPLOAD.c.id)
_FIND = select(UPLOAD.c.id, UPLOAD.c.sha256, UPLOAD.c.content).where(
    UPLOAD.c.id == bindparam("upload"),
    UPLOAD.c.body_id == bindparam("body"),
    UPLOAD.c.person_id == bindparam("person"),
    UPLOAD.c.at > bindparam("since", type_=UPLOAD.c.at.type),
)
