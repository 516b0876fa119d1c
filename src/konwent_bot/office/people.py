"""The person on the other side: who they are to the secretariat, and what they may decide about themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import bindparam, delete, select, update

from konwent_bot.errors import N_, Invalid
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import DIALOGUE, DIALOGUE_EVENT, PERSON
from konwent_bot.store.tables.people import LANGUAGES


@dataclass(frozen=True, slots=True)
class Known:
    """A person who has accepted an invitation."""

    id: int
    language: str
    #: The conversation last shown to them, if that is what they see.
    dialogue: int | None


_BY_TELEGRAM = select(PERSON.c.id, PERSON.c.language, PERSON.c.dialogue_id).where(PERSON.c.telegram_id == bindparam("telegram"))
_ONE = update(PERSON).where(PERSON.c.id == bindparam("person"))
_SHOW = _ONE.values(dialogue_id=bindparam("dialogue"))
_SPEAK = _ONE.values(language=bindparam("chosen"))
_REACH = (
    update(PERSON)
    .where(PERSON.c.telegram_id == bindparam("telegram"), PERSON.c.reach != bindparam("found"))
    .values(reach=bindparam("found"))
)


def by_telegram(uow: UnitOfWork, telegram: int) -> Known | None:
    """Give the person behind a Telegram account, or ``None`` for somebody who has accepted nothing here."""
    row = uow.execute(_BY_TELEGRAM, telegram=telegram).one_or_none()
    return None if row is None else Known(row.id, row.language, row.dialogue_id)


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
    uow.execute(_REACH, telegram=telegram, found=found)


def leave_telegram(uow: UnitOfWork, person: Known) -> None:
    """Part the person from their Telegram account: seats stay theirs on paper, drafts go, and only a new invitation lets them back."""
    mine = select(DIALOGUE.c.id).where(DIALOGUE.c.person_id == person.id, DIALOGUE.c.status == "open")
    uow.execute(delete(DIALOGUE_EVENT).where(DIALOGUE_EVENT.c.dialogue_id.in_(mine)))
    uow.execute(delete(DIALOGUE).where(DIALOGUE.c.id.in_(mine)))
    gone = {"telegram_id": None, "accepted_at": None, "dialogue_id": None, "reach": "unknown"}
    uow.execute(update(PERSON).where(PERSON.c.id == person.id).values(gone))
    uow.audit("person.leave", body=None, person=person.id)
