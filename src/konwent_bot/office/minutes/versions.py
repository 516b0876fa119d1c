"""What went out of minutes: versions and annexes, byte for byte as they were sent, and whether a file is one of them.

Nothing here is ever changed: the database itself refuses it (migration 0009). Whoever holds a document, or reads the code in its
footer, may ask what it is, also years later and without belonging to the body.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, Literal, TypeAlias

from sqlalchemy import Row, bindparam, func, insert, or_, select

from konwent_bot import i18n
from konwent_bot.documents.minutes import content as contents
from konwent_bot.documents.minutes.content import Content
from konwent_bot.errors import NotFound
from konwent_bot.office.enclosures import Enclosure
from konwent_bot.office.meetings.facts import NOT_HERE
from konwent_bot.office.meetings.materials import File
from konwent_bot.office.minutes import facts
from konwent_bot.office.minutes.facts import Minutes
from konwent_bot.office.rights import Actor
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.columns import UtcInstant
from konwent_bot.store.tables import MINUTES, MINUTES_VERSION

PDF: Final = "application/pdf"
#: What asks for an answer, what was accepted, and a later correction of that.
Kind: TypeAlias = Literal["circulated", "final", "annex"]
#: Where anybody may ask what a code stands for, under the address of the pages.
VERIFIED_AT: Final = "/sprawdz/"
#: Minutes are the body's document, and the body's language is Polish, whoever reads them.
LANGUAGE: Final = "pl"


@dataclass(frozen=True, slots=True)
class Version:
    """What went out, without the bytes of the document."""

    minutes: int
    #: 1, 2, 3...; annexes count on.
    version: int
    kind: Kind
    #: What it says, as canonical JSON.
    text: str
    #: SHA-256 of that, in hexadecimal.
    content_sha256: str
    #: What its footer prints.
    code: str
    #: SHA-256 of the document, and its bytes.
    pdf_sha256: str
    size: int
    #: Until when institutions were asked to answer; ``None`` where nobody was.
    answer_until: datetime | None
    #: Who sent it out; ``None`` where the clock did.
    person: int | None
    created_at: datetime

    @property
    def content(self) -> Content:
        """What it says."""
        return _read_content(self.text)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a file is: a document as it was sent, one with our code and other bytes, or nothing of ours."""

    state: Literal["known", "altered", "unknown"]
    #: The minutes, and the version it is, or says it is; ``None`` of an unknown file.
    minutes: Minutes | None = None
    version: Version | None = None

    @property
    def newest(self) -> bool:
        """Whether no later version took its place. An annex stands beside what it corrects."""
        if self.minutes is None or self.version is None:
            return False
        return self.version.kind == "annex" or self.version.version == self.minutes.version


# --- reading ----------------------------------------------------------------------------------------------------------


def get(uow: UnitOfWork, minutes: int, version: int) -> Version:
    """Give a version. Asks no rights. Raises ``NotFound`` where there is none."""
    row = uow.execute(_ONE, minutes=minutes, version=version).one_or_none()
    if row is None:
        raise NotFound(NOT_HERE)
    return _read(row)


def see(uow: UnitOfWork, actor: Actor, minutes: int, version: int) -> tuple[Minutes, Version]:
    """Give a version to somebody who may see its minutes.

    Raises:
        NotFound: there is no such version for this actor.
    """
    return facts.see(uow, actor, minutes), get(uow, minutes, version)


def of(uow: UnitOfWork, minutes: int) -> tuple[Version, ...]:
    """Give everything that went out of minutes, in order: versions, then annexes. Asks no rights."""
    return tuple(_read(row) for row in uow.execute(_OF, minutes=minutes))


def annexes(uow: UnitOfWork, minutes: int) -> tuple[Version, ...]:
    """Give the annexes to minutes, in order. Asks no rights."""
    return tuple(one for one in of(uow, minutes) if one.kind == "annex")


def of_body(uow: UnitOfWork, body: int, year: int | None = None) -> tuple[tuple[Minutes, Version], ...]:
    """Give what stands of the minutes of a body: the newest version of each, and annexes; the latest minutes first. Asks no rights."""
    rows = uow.execute(_OF_BODY, body=body, year=year).all()
    return tuple((facts.read(row), _read(row)) for row in rows)


def pdf(uow: UnitOfWork, version: Version) -> File:
    """Give the document as it was sent. Asks no rights."""
    content = bytes(uow.execute(_PDF, minutes=version.minutes, version=version.version).scalar_one())
    return File(file_name(version), PDF, content)


def enclosure(uow: UnitOfWork, version: Version) -> Enclosure:
    """Give the document as what goes along with a notice: to everybody the same. Asks no rights."""
    found = pdf(uow, version)
    return Enclosure(found.name, found.media_type, found.content, version.pdf_sha256)


def file_name(version: Version) -> str:
    """Say what the document is called when it is saved."""
    from konwent_bot.documents.minutes import sheet  # only who handles documents pays for the typesetter

    return sheet.file_name(version.content)


def points(version: Version) -> tuple[tuple[str, str], ...]:
    """Give the points institutions may have remarks about: key and heading."""
    return tuple((point.key, point.named) for point in version.content.draft.points)


def address(uow: UnitOfWork, code: str) -> str:
    """Give the page that says what a code stands for; empty where there are no pages."""
    return f"{uow.house.public_url}{VERIFIED_AT}{code}" if uow.house.public_url else ""


# --- what is this file? -----------------------------------------------------------------------------------------------


def verify(uow: UnitOfWork, data: bytes) -> Verdict:
    """Say what a file is. Asks no rights: whoever holds a document may know whether it is ours."""
    from konwent_bot.documents.minutes import sheet  # only who handles documents pays for the typesetter

    row = uow.execute(_BY_HASH, sha256=hashlib.sha256(data).hexdigest()).one_or_none()
    if row is not None:
        return Verdict("known", facts.get(uow, row.minutes_id), _read(row))
    code = sheet.code_in(data)
    found = None if code is None else by_code(uow, code)
    return Verdict("unknown") if found is None else Verdict("altered", *found)


def by_code(uow: UnitOfWork, text: str) -> tuple[Minutes, Version] | None:
    """Give the version whose footer prints a code, as somebody typed it; ``None`` where there is none. Asks no rights."""
    code = contents.code_of(text)
    row = None if code is None else uow.execute(_BY_CODE, code=code).one_or_none()
    return None if row is None else (facts.get(uow, row.minutes_id), _read(row))


# --- writing ----------------------------------------------------------------------------------------------------------


def next_number(uow: UnitOfWork, minutes: int) -> int:
    """Give the number of what goes out next; whoever calls holds the minutes' row."""
    return int(uow.execute(_NEXT, minutes=minutes).scalar_one())


def store(
    uow: UnitOfWork, actor: Actor, minutes: Minutes, content: Content, *, answer_until: datetime | None = None
) -> Version:  # fmt: skip
    """Typeset what goes out, once, and keep it for good. Asks no rights; whoever calls holds the minutes' row and no other.

    Everybody is sent these bytes; nothing is ever typeset anew.
    """
    text = contents.written(content)
    sha256 = hashlib.sha256(text).hexdigest()
    code = contents.code(minutes.id, content.version, sha256)
    document = typeset(text, code, address(uow, code))
    uow.execute(
        _STORE, minutes_id=minutes.id, version=content.version, kind=content.kind, content=text.decode(), content_sha256=sha256, code=code,
        pdf=document, pdf_sha256=hashlib.sha256(document).hexdigest(), answer_until=answer_until, person_id=actor.person,
        created_at=uow.now,
    )  # fmt: skip
    return get(uow, minutes.id, content.version)


@lru_cache(maxsize=1)
def typeset(text: bytes, code: str, link: str) -> bytes:
    """Typeset a content, in Polish as all minutes. A unit of work that has to run again finds the document made."""
    from konwent_bot.documents.minutes import sheet  # only who sends minutes out pays for the typesetter

    return sheet.make(contents.read(text), i18n.translator(LANGUAGE), code=code, link=link).pdf


# --- inside -----------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=32)
def _read_content(text: str) -> Content:
    return contents.read(text)


def _read(row: Row[Any]) -> Version:
    return Version(
        minutes=row.minutes_id, version=row.sent_version, kind=row.kind, text=row.content,
        content_sha256=row.content_sha256, code=row.code, pdf_sha256=row.pdf_sha256, size=row.size, answer_until=row.sent_until,
        person=row.sent_by, created_at=row.sent_at,
    )  # fmt: skip


_V: Final = MINUTES_VERSION.c
_M: Final = MINUTES.c
#: Named apart from the columns of minutes, which may stand in the same row.
_COLUMNS: Final = (
    _V.minutes_id, _V.version.label("sent_version"), _V.kind, _V.content, _V.content_sha256, _V.code, _V.pdf_sha256,
    func.length(_V.pdf).label("size"), _V.answer_until.label("sent_until"), _V.person_id.label("sent_by"), _V.created_at.label("sent_at"),
)  # fmt: skip
_MINUTES: Final = bindparam("minutes", type_=_M.id.type)
_VERSIONS: Final = select(*_COLUMNS)
_OF = _VERSIONS.where(_V.minutes_id == _MINUTES).order_by(_V.version)
_ONE = _VERSIONS.where(_V.minutes_id == _MINUTES, _V.version == bindparam("version"))
_BY_HASH = _VERSIONS.where(_V.pdf_sha256 == bindparam("sha256"))
_BY_CODE = _VERSIONS.where(_V.code == bindparam("code"))
_PDF = select(_V.pdf).where(_V.minutes_id == _MINUTES, _V.version == bindparam("version"))
_ANY_YEAR = bindparam("year", type_=_M.year.type)
_OF_BODY = (
    facts.ALL_MINUTES.add_columns(*_COLUMNS)
    .join(MINUTES_VERSION, _V.minutes_id == _M.id)
    .where(
        _M.body_id == bindparam("body"), or_(_ANY_YEAR.is_(None), _M.year == _ANY_YEAR),
        or_(_V.version == _M.version, _V.kind == "annex"),
    )
    .order_by(_M.year.desc(), _M.number.desc(), _V.version)
)  # fmt: skip
_NEXT = select(func.coalesce(func.max(_V.version), 0) + 1).where(_V.minutes_id == _MINUTES)
_STORE = insert(MINUTES_VERSION).values(
    {
        **{
            name: bindparam(name)
            for name in ("minutes_id", "version", "kind", "content", "content_sha256", "code", "pdf", "pdf_sha256", "person_id")
        },
        "answer_until": bindparam("answer_until", type_=UtcInstant), "created_at": bindparam("created_at", type_=UtcInstant),
    }
)  # fmt: skip
