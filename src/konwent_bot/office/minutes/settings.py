"""What a body chose for its minutes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, select, update

from konwent_bot.errors import N_, Invalid, NotFound
from konwent_bot.office.meetings.facts import NOT_HERE
from konwent_bot.office.rights import Actor, require
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import BODY

#: Key of ``body.settings`` that holds them.
KEY: Final = "minutes"
SETTINGS: Final = "minutes.settings"
#: Days institutions have to look through minutes (G9).
DEFAULT_DAYS: Final = 7
MOST_DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class MinutesSettings:
    """How a body deals with its minutes."""

    #: Whole days institutions have for an answer; silence until then is acceptance.
    days: int = DEFAULT_DAYS


def of(uow: UnitOfWork, body: int) -> MinutesSettings:
    """Give the settings of a body. Asks no rights. Raises ``NotFound`` where there is no such body."""
    settings = uow.execute(_SETTINGS, body=body).scalar_one_or_none()
    if settings is None:
        raise NotFound(NOT_HERE)
    return read(settings.get(KEY, {}))


def change(uow: UnitOfWork, actor: Actor, body: int, given: Mapping[str, str]) -> MinutesSettings:
    """Choose settings by name, each written as in ``written``; an empty text goes back to the default.

    What went out already keeps the days it went out with.

    Raises:
        NotFound: no such body for this actor.
        Invalid: there is no such setting, or it cannot be read.
    """
    require(uow, actor, SETTINGS, body=body)
    settings = uow.execute(_SETTINGS_LOCKED, body=body).scalar_one()
    chosen = dict(settings.get(KEY, {}))
    for name, text in given.items():
        text = text.strip()
        if name != _DAYS:
            raise Invalid(N_("There is no setting {name}. There are: {names}."), name=name, names=[_DAYS])
        if text:
            chosen[name] = text
        else:
            chosen.pop(name, None)
    found = read(chosen, strict=True)
    uow.execute(_SET, number=body, chosen={**settings, KEY: chosen})
    uow.audit(SETTINGS, body=body, person=actor.person)
    return found


def written(settings: MinutesSettings) -> dict[str, str]:
    """Write settings as ``change`` takes them: numbers as digits."""
    return {_DAYS: str(settings.days)}


def read(chosen: Mapping[str, str], *, strict: bool = False) -> MinutesSettings:
    """Read chosen settings. Unless ``strict``, what cannot be read (a settings row of another version) is the default.

    Raises:
        Invalid: a setting cannot be read, and ``strict``.
    """
    text = chosen.get(_DAYS)
    if text is None:
        return MinutesSettings()
    if _NUMBER.match(text) and 1 <= int(text) <= MOST_DAYS:
        return MinutesSettings(int(text))
    if strict:
        raise Invalid(N_("“{text}” is no number of days from 1 to 30."), text=text)
    return MinutesSettings()


# --- inside -----------------------------------------------------------------------------------------------------------

_DAYS: Final = "days"
_NUMBER = re.compile(r"[0-9]{1,2}\Z")
_SETTINGS = select(BODY.c.settings).where(BODY.c.id == bindparam("body"))
_SETTINGS_LOCKED = _SETTINGS.with_for_update()
_SET = update(BODY).where(BODY.c.id == bindparam("number")).values(settings=bindparam("chosen", type_=BODY.c.settings.type))
