"""The person on the other side: who they are to the secretariat, and what they may decide about themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from sqlalchemy import bindparam, select, update

from konwent_bot.errors import N_, Invalid
from konwent_bot.office import channels
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import PERSON
from konwent_bot.store.tables.people import LANGUAGES

#: Version of the privacy notice (``screens.home.privacy_points``); whoever accepted an older one is shown it again.
NOTICE_VERSION = 4


@dataclass(frozen=True, slots=True)
class Known:
    """A person who has accepted an invitation."""

    id: int
    language: str
    #: The conversation last shown to them, if that is what they see.
    dialogue: int | None


@dataclass(frozen=True, slots=True)
class Reader:
    """Whoever reads pages: the person a browser's session belongs to. What they do there never changes what their phone shows."""

    person: int


#: Who speaks: an account of Telegram by its number, or whoever reads pages.
Caller: TypeAlias = int | Reader

_KNOWN = select(PERSON.c.id, PERSON.c.language, PERSON.c.dialogue_id)
_BY_TELEGRAM = _KNOWN.where(PERSON.c.telegram_id == bindparam("telegram"))
_BY_NUMBER = _KNOWN.where(PERSON.c.id == bindparam("person"), PERSON.c.accepted_at.is_not(None))
_ONE = update(PERSON).where(PERSON.c.id == bindparam("person"))
_SHOW = _ONE.values(dialogue_id=bindparam("dialogue"))
_SPEAK = _ONE.values(language=bindparam("chosen"))
_NAMED = select(PERSON.c.name, PERSON.c.email).where(PERSON.c.id == bindparam("person"))
_ACCOUNT = select(PERSON.c.telegram_id).where(PERSON.c.id == bindparam("person"))
_NOTICE = select(PERSON.c.notice_version).where(PERSON.c.id == bindparam("person"))
_REACH = (
    update(PERSON)
    .where(PERSON.c.telegram_id == bindparam("telegram"), PERSON.c.reach != bindparam("found"))
    .values(reach=bindparam("found"))
)


def find(uow: UnitOfWork, caller: Caller) -> Known | None:
    """Give the person who speaks, or ``None`` for somebody who has accepted nothing here."""
    if isinstance(caller, int):
        return by_telegram(uow, caller)
    row = uow.execute(_BY_NUMBER, person=caller.person).one_or_none()
    return None if row is None else Known(row.id, row.language, row.dialogue_id)


def by_telegram(uow: UnitOfWork, telegram: int) -> Known | None:
    """Give the person behind a Telegram account, or ``None`` for somebody who has accepted nothing here."""
    row = uow.execute(_BY_TELEGRAM, telegram=telegram).one_or_none()
    return None if row is None else Known(row.id, row.language, row.dialogue_id)


def has_telegram(uow: UnitOfWork, person: Known) -> bool:
    """Tell whether the person can be written to in Telegram."""
    return uow.execute(_ACCOUNT, person=person.id).scalar_one() is not None


def named(uow: UnitOfWork, person: Known) -> str:
    """Give a person's name, or their address where the name is not known."""
    row = uow.execute(_NAMED, person=person.id).one()
    return str(row.name or row.email)


def notice_is_stale(uow: UnitOfWork, person: Known) -> bool:
    """Tell whether the person accepted an older privacy notice than the present one."""
    return int(uow.execute(_NOTICE, person=person.id).scalar_one()) < NOTICE_VERSION


def now_sees(uow: UnitOfWork, person: Known, dialogue: int | None) -> Known:
    """Remember what the person is being shown: typed text belongs to this conversation (``None``: to none)."""
    if person.dialogue == dialogue:
        return person
    uow.execute(_SHOW, person=person.id, dialogue=dialogue)
    return Known(person.id, person.language, dialogue)


def choose_language(uow: UnitOfWork, person: Known, language: str) -> Known:
    """Speak ``language`` to this person from now on. Raises ``Invalid`` for a language we do not speak."""
    if language not in LANGUAGES:
        raise Invalid(N_("We do not speak this language yet."))
    uow.execute(_SPEAK, person=person.id, chosen=language)
    return Known(person.id, language, person.dialogue)


def reached(uow: UnitOfWork, telegram: int, found: Literal["reachable", "blocked"]) -> None:
    """Record whether Telegram takes our messages to this person (``my_chat_member``, or a 403 on sending)."""
    if uow.execute(_REACH, telegram=telegram, found=found).rowcount and found == "reachable":
        person = by_telegram(uow, telegram)
        if person is not None:
            channels.reconsider(uow, person.id)
