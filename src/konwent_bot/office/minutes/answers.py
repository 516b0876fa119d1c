"""Answering minutes for an institution: it accepts them, or (``remarks``) says what they should say; until the deadline, by any of its people.

One answer an institution: the latest one. Rights follow the roster of this moment, so whoever handed a place over a minute ago answers no
more; and all who answer, settle or circulate hold the minutes' row, so that the last answer and the deadline are one after the other.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import bindparam, delete, update

from konwent_bot.errors import N_, NotFound, Refused
from konwent_bot.office.meetings.facts import NOT_HERE
from konwent_bot.office.minutes import ending, facts, roll
from konwent_bot.office.minutes.facts import Minutes
from konwent_bot.office.minutes.roll import Place
from konwent_bot.office.rights import Actor, require
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.columns import UtcInstant
from konwent_bot.store.tables import MINUTES_PLACE, MINUTES_REMARK

ANSWER: Final = "minutes.answer"


def may(uow: UnitOfWork, actor: Actor, minutes_id: int, membership: int) -> tuple[Minutes, Place]:
    """Give the minutes and the institution's place, where the actor may answer for it now. Raises as ``accept``."""
    return _answerable(uow, actor, minutes_id, membership)


def hold(uow: UnitOfWork, actor: Actor, minutes_id: int, membership: int) -> tuple[Minutes, Place]:
    """Give the same, locked: nobody else answers, settles or circulates before this unit of work ends. Raises as ``accept``."""
    return _answerable(uow, actor, minutes_id, membership, lock=True)


def accept(uow: UnitOfWork, actor: Actor, minutes_id: int, version: int, membership: int) -> Minutes:
    """Accept a version for an institution; its open remarks are taken back with that. Accepted twice it is accepted once.

    Where nobody is waited for any more, the version becomes the final one.

    Args:
        uow: the unit of work.
        actor: somebody who speaks for the institution.
        minutes_id: the minutes.
        version: the one that was looked at.
        membership: the institution.

    Raises:
        NotFound: no minutes were sent to this institution, or the actor does not speak for it.
        Refused: the deadline has passed, they are final, or a newer version was sent out.
    """
    found = facts.get(uow, minutes_id, lock=True)
    require(uow, actor, ANSWER, body=found.body, membership=membership)
    if _place(uow, minutes_id, version, membership).answer == "accepted" and (found.locked or found.version == version):
        return found
    minutes, _ = hold(uow, actor, minutes_id, membership)
    if minutes.version != version:
        raise Refused(N_("A newer version of these minutes was sent out. Please answer to that one."))
    uow.execute(_TAKE_BACK, minutes=minutes_id, version=version, membership=membership)
    answer(uow, actor, minutes, membership, "accepted")
    uow.audit(
        "minutes.accept", body=minutes.body, person=actor.person, minutes=minutes_id, version=version, membership=membership
    )
    ending.conclude(uow, actor, minutes)
    return facts.get(uow, minutes_id)


def answer(uow: UnitOfWork, actor: Actor, minutes: Minutes, membership: int, said: str) -> None:
    """Write what an institution answers to the newest version; empty: it is silent again. Asks no rights; the caller holds the minutes."""
    person, at = (actor.person, uow.now) if said else (None, None)
    uow.execute(_ANSWER, minutes=minutes.id, version_=minutes.version, membership=membership, said=said, person=person, at=at)


def opened(uow: UnitOfWork, actor: Actor, minutes_id: int) -> None:
    """Note that somebody of an institution looks at minutes that were sent to it, the first time they do. Refuses nobody."""
    if uow.reads or actor.person is None:
        return
    minutes = facts.get(uow, minutes_id)
    for place in roll.own(uow, actor.person, minutes):
        if place.opened_at is None:
            uow.execute(_OPENED, minutes=minutes.id, version_=minutes.version, membership=place.membership, at=uow.now)


# --- inside -----------------------------------------------------------------------------------------------------------


def _place(uow: UnitOfWork, minutes_id: int, version: int, membership: int) -> Place:
    found = roll.find(uow, minutes_id, version, membership)
    if found is None:
        raise NotFound(NOT_HERE)
    return found


def _answerable(uow: UnitOfWork, actor: Actor, minutes_id: int, membership: int, *, lock: bool = False) -> tuple[Minutes, Place]:
    minutes = facts.get(uow, minutes_id, lock=lock)
    require(uow, actor, ANSWER, body=minutes.body, membership=membership)
    if not minutes.version:
        raise NotFound(NOT_HERE)
    facts.require_open(minutes)
    place = _place(uow, minutes_id, minutes.version, membership)
    assert minutes.answer_until is not None, "they went out"
    if minutes.answer_until <= uow.now:
        last = (minutes.answer_until - timedelta(seconds=1)).astimezone(uow.house.zone).date()
        raise Refused(
            N_("The last day for answers was {day}. What is still wrong can be put right by an annex: please tell whoever coordinates."),
            day=last,
        )  # fmt: skip
    return minutes, place


_P: Final = MINUTES_PLACE.c
_THIS = update(MINUTES_PLACE).where(
    _P.minutes_id == bindparam("minutes"), _P.version == bindparam("version_"), _P.membership_id == bindparam("membership")
)
_ANSWER = _THIS.values(answer=bindparam("said"), person_id=bindparam("person"), answered_at=bindparam("at", type_=UtcInstant))
_OPENED = _THIS.where(_P.opened_at.is_(None)).values(opened_at=bindparam("at", type_=UtcInstant))
_R: Final = MINUTES_REMARK.c
_TAKE_BACK = delete(MINUTES_REMARK).where(
    _R.minutes_id == bindparam("minutes"), _R.version == bindparam("version"), _R.membership_id == bindparam("membership"),
    _R.state == "open",
)  # fmt: skip
