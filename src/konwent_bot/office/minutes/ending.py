"""What follows when nobody is waited for: the version becomes the final one, or whoever coordinates has something to do.

Asks no rights: whoever answers, settles or keeps the clock has them, and holds the minutes' row.
"""

from __future__ import annotations

from sqlalchemy import bindparam, update

from konwent_bot.office.minutes import circulating, roll, telling
from konwent_bot.office.minutes.facts import Minutes
from konwent_bot.office.rights import OPERATOR, Actor
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.columns import UtcInstant
from konwent_bot.store.tables import MINUTES_PLACE


def conclude(uow: UnitOfWork, actor: Actor, minutes: Minutes) -> None:
    """Do what follows from the answers and remarks of the newest version as they stand; while somebody is waited for, nothing.

    Once the deadline has passed, silence is acceptance, whoever comes first to look: the clock, or who settles the last remark.
    """
    if minutes.answer_until is not None and minutes.answer_until <= uow.now:
        _deem(uow, minutes)
    match roll.of(uow, minutes.id, minutes.version).outcome(uow.now):
        case "final":
            circulating.finalise(uow, actor, minutes)
        case "amend":
            telling.over(uow, minutes, but=actor)


def by_deadline(uow: UnitOfWork, minutes: Minutes) -> None:
    """Do what follows once the time for answers has passed. For the clock."""
    conclude(uow, OPERATOR, minutes)
    if roll.of(uow, minutes.id, minutes.version).outcome(uow.now) == "settle":
        telling.over(uow, minutes)


# --- inside -----------------------------------------------------------------------------------------------------------


def _deem(uow: UnitOfWork, minutes: Minutes) -> None:
    silent = uow.execute(_DEEM, minutes=minutes.id, version_=minutes.version, at=minutes.answer_until).rowcount
    if silent:
        uow.audit("minutes.deem", body=minutes.body, minutes=minutes.id, version=minutes.version, institutions=silent)


_DEEM = (
    update(MINUTES_PLACE)
    .where(
        MINUTES_PLACE.c.minutes_id == bindparam("minutes"), MINUTES_PLACE.c.version == bindparam("version_"),
        MINUTES_PLACE.c.answer == "",
    )
    .values(answer="deemed", answered_at=bindparam("at", type_=UtcInstant))
)  # fmt: skip
