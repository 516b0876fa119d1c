"""What a body chose for its decisions, apart from the rule it decides by: that one is changed by a decision alone (``rules``)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final, Literal, TypeAlias

from sqlalchemy import bindparam, select, update

from konwent_bot.errors import N_, Invalid, NotFound
from konwent_bot.office.meetings.facts import NOT_HERE
from konwent_bot.office.rights import Actor, require
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import BODY

#: Key of ``body.settings`` that holds them.
KEY: Final = "decisions"
#: Who may enter a proposal: every member for its institution, or only whoever coordinates or chairs.
Proposers: TypeAlias = Literal["any", "coordinator"]
#: Days institutions have for an answer by circulation.
DEFAULT_CIRCULATION: Final = 7
MOST_CIRCULATION: Final = 60
#: Minutes a ballot in a meeting is open for.
DEFAULT_BALLOT: Final = 10
MOST_BALLOT: Final = 240


@dataclass(frozen=True, slots=True)
class DecisionSettings:
    """How a body comes to its decisions."""

    #: Who may enter a proposal.
    proposers: Proposers = "any"
    #: By circulation: who is silent until the deadline agrees. Never where a message to somebody entitled has failed.
    tacit: bool = False
    #: By circulation: days for an answer where a proposal names no other day.
    circulation_days: int = DEFAULT_CIRCULATION
    #: Minutes a ballot in a meeting is open for, unless whoever opens it says otherwise.
    ballot_minutes: int = DEFAULT_BALLOT


def of(uow: UnitOfWork, body: int) -> DecisionSettings:
    """Give the settings of a body. Asks no rights. Raises ``NotFound`` where there is no such body."""
    settings = uow.execute(_SETTINGS, body=body).scalar_one_or_none()
    if settings is None:
        raise NotFound(NOT_HERE)
    return read(settings.get(KEY, {}))


def change(uow: UnitOfWork, actor: Actor, body: int, given: Mapping[str, str]) -> DecisionSettings:
    """Choose settings by name, each written as in ``written``; an empty text goes back to the default. Others stay.

    Raises:
        NotFound: no such body for this actor.
        Invalid: there is no such setting, or it cannot be read.
    """
    require(uow, actor, "decision.settings", body=body)
    settings = uow.execute(_SETTINGS_LOCKED, body=body).scalar_one()
    chosen = dict(settings.get(KEY, {}))
    for name, text in given.items():
        text = text.strip()
        if name not in _NAMES:
            raise Invalid(N_("There is no setting {name}. There are: {names}."), name=name, names=sorted(_NAMES))
        if text:
            chosen[name] = text
        else:
            chosen.pop(name, None)
    found = read(chosen, strict=True)
    uow.execute(_SET, number=body, chosen={**settings, KEY: chosen})
    uow.audit("decision.settings", body=body, person=actor.person)
    return found


def written(settings: DecisionSettings) -> dict[str, str]:
    """Write settings as ``change`` takes them: numbers as digits, the other two as words."""
    return {
        "proposers": settings.proposers, "tacit": "yes" if settings.tacit else "no", "circulation_days": str(settings.circulation_days),
        "ballot_minutes": str(settings.ballot_minutes),
    }  # fmt: skip


def read(chosen: Mapping[str, str], *, strict: bool = False) -> DecisionSettings:
    """Read chosen settings. Unless ``strict``, what cannot be read (a settings row of another version) is the default.

    Raises:
        Invalid: a setting cannot be read, and ``strict``.
    """
    values: dict[str, Any] = {}
    for name, text in chosen.items():
        try:
            values[name] = _READERS[name](text)
        except (KeyError, ValueError) as error:
            if strict:
                raise Invalid(_WRONG[name], text=text) from error
    return DecisionSettings(**values)


# --- inside -----------------------------------------------------------------------------------------------------------

_SETTINGS = select(BODY.c.settings).where(BODY.c.id == bindparam("body"))
_SETTINGS_LOCKED = _SETTINGS.with_for_update()
_SET = update(BODY).where(BODY.c.id == bindparam("number")).values(settings=bindparam("chosen", type_=BODY.c.settings.type))
_NAMES: Final = frozenset(field.name for field in fields(DecisionSettings))
_NUMBER = re.compile(r"[0-9]{1,3}\Z")


def _one_of(**words: Any) -> Callable[[str], Any]:
    def reader(text: str) -> Any:
        if text not in words:
            raise ValueError(text)
        return words[text]

    return reader


def _up_to(most: int) -> Callable[[str], int]:
    def reader(text: str) -> int:
        if not _NUMBER.match(text) or not 1 <= int(text) <= most:
            raise ValueError(text)
        return int(text)

    return reader


_READERS: Final[Mapping[str, Callable[[str], Any]]] = {
    "proposers": _one_of(any="any", coordinator="coordinator"),
    "tacit": _one_of(yes=True, no=False),
    "circulation_days": _up_to(MOST_CIRCULATION),
    "ballot_minutes": _up_to(MOST_BALLOT),
}
_WRONG: Final = {
    "proposers": N_("“{text}” does not say who may propose. Write any, or coordinator."),
    "tacit": N_("“{text}” does not say whether silence is consent. Write yes or no."),
    "circulation_days": N_("“{text}” is no number of days from 1 to 60."),
    "ballot_minutes": N_("“{text}” is no number of minutes from 1 to 240."),
}
