"""What a body chose for its meetings; where it chose nothing, the defaults of domain.md §9 hold.

The quorum is said once: from the day a body adopts a rule for its decisions (``office.decisions.rules``), the quorum of its meetings is that
rule's, whatever was chosen here, and it changes only as the rule does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from fractions import Fraction
from typing import Any, Final

from sqlalchemy import bindparam, select, update

from konwent_bot.domain.decisions import rule as decision_rule
from konwent_bot.domain.meetings.notice_period import DEFAULT_NOTICE
from konwent_bot.domain.meetings.quorum import DEFAULT_QUORUM
from konwent_bot.domain.meetings.reminders import DEFAULT_PLAN, Offset, Plan
from konwent_bot.errors import N_, Invalid, NotFound, Refused
from konwent_bot.office.rights import Actor, require
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.columns import UtcInstant
from konwent_bot.store.tables import BODY, DECISION_RULE

#: Key of ``body.settings`` that holds them.
KEY: Final = "meetings"
#: Days before a meeting of the plan at which members are called without anybody pressing a button.
DEFAULT_CALL_DAYS: Final = 28
#: Days before a meeting until when members may propose agenda items.
DEFAULT_AGENDA_DAYS: Final = 4
#: Bounds of what may be chosen.
MOST_DAYS: Final = 90
MOST_REMINDERS: Final = 6

_FRACTION = re.compile(r"(\d{1,3})/(\d{1,3})\Z")
_OFFSET = re.compile(r"(\d{1,3})([dh])\Z")


@dataclass(frozen=True, slots=True)
class MeetingRules:
    """The rules of a body's meetings."""

    #: Working days between calling and meeting; a shorter notice is warned of, not refused (G11).
    notice_days: int = DEFAULT_NOTICE
    #: Share of the entitled institutions that makes a quorum; 0: none is needed (G2). The adopted rule's, where there is one.
    quorum: Fraction = DEFAULT_QUORUM
    #: The automatic reminders.
    reminders: Plan = DEFAULT_PLAN
    #: Days before a planned meeting at which members are called by the clock.
    call_days: int = DEFAULT_CALL_DAYS
    #: Days before a meeting until when members may propose agenda items.
    agenda_days: int = DEFAULT_AGENDA_DAYS


def of(uow: UnitOfWork, body: int) -> MeetingRules:
    """Give the rules of a body. Asks no rights. Raises ``NotFound`` where there is no such body."""
    row = uow.execute(_STANDING, body=body).one_or_none()
    if row is None:
        raise NotFound(N_("There is no such matter here, or it is not open to you."))
    return _with_quorum(read(row.settings.get(KEY, {})), row.rule)


def quorum_at(uow: UnitOfWork, body: int, at: datetime) -> Fraction:
    """Give the quorum that counted at an instant: that of the rule adopted last before it, else what is chosen now. Asks no rights."""
    row = uow.execute(_STOOD, body=body, at=at).one()
    return _with_quorum(read(row.settings.get(KEY, {})), row.rule).quorum


def change(uow: UnitOfWork, actor: Actor, body: int, given: Mapping[str, str]) -> MeetingRules:
    """Choose rules by name, each written as in ``written``; an empty text goes back to the default. Others stay.

    Raises:
        NotFound: no such body for this actor.
        Invalid: there is no such rule, or it cannot be read.
        Refused: the quorum was adopted by a decision.
    """
    require(uow, actor, "meeting.rules", body=body)
    adopted = uow.execute(_STANDING, body=body).one().rule
    if adopted is not None and "quorum" in given:
        raise Refused(N_("The quorum of this network was adopted by a decision. Only another decision changes it."))
    settings = uow.execute(_SETTINGS_LOCKED, body=body).scalar_one()
    chosen = dict(settings.get(KEY, {}))
    for name, text in given.items():
        text = text.strip()
        if name not in _NAMES:
            raise Invalid(N_("There is no rule {name}. There are: {names}."), name=name, names=sorted(_NAMES))
        if text:
            chosen[name] = text
        else:
            chosen.pop(name, None)
    rules = read(chosen, strict=True)
    uow.execute(_SET, number=body, chosen={**settings, KEY: chosen})
    uow.audit("meeting.rules", body=body, person=actor.person)
    return _with_quorum(rules, adopted)


def written(rules: MeetingRules) -> dict[str, str]:
    """Write rules as ``change`` takes them: days as numbers, the quorum as a fraction, reminders as ``14d 3d 1d 2h``."""
    plan = " ".join(f"{offset.count}{'d' if offset.unit == 'days' else 'h'}" for offset in rules.reminders.offsets)
    quorum = f"{rules.quorum.numerator}/{rules.quorum.denominator}"
    return {
        "notice_days": str(rules.notice_days), "quorum": quorum, "reminders": plan, "call_days": str(rules.call_days),
        "agenda_days": str(rules.agenda_days),
    }  # fmt: skip


def read(chosen: Mapping[str, str], *, strict: bool = False) -> MeetingRules:
    """Read chosen rules. Unless ``strict``, what cannot be read (a settings row of another version) is the default.

    Raises:
        Invalid: a rule cannot be read, and ``strict``.
    """
    values: dict[str, Any] = {}
    for name, text in chosen.items():
        try:
            values[name] = _READERS[name](text)
        except (KeyError, ValueError, ZeroDivisionError) as error:
            if strict:
                raise Invalid(_WRONG[name], text=text) from error
    return MeetingRules(**values)


# --- inside -----------------------------------------------------------------------------------------------------------

_SETTINGS = select(BODY.c.settings).where(BODY.c.id == bindparam("body"))
_ADOPTED = select(DECISION_RULE.c.rule).where(DECISION_RULE.c.body_id == BODY.c.id).order_by(DECISION_RULE.c.id.desc()).limit(1)
_STANDING = select(BODY.c.settings, _ADOPTED.scalar_subquery().label("rule")).where(BODY.c.id == bindparam("body"))
_BEFORE = _ADOPTED.where(DECISION_RULE.c.since <= bindparam("at", type_=UtcInstant))
_STOOD = select(BODY.c.settings, _BEFORE.scalar_subquery().label("rule")).where(BODY.c.id == bindparam("body"))
_SETTINGS_LOCKED = _SETTINGS.with_for_update()
_SET = update(BODY).where(BODY.c.id == bindparam("number")).values(settings=bindparam("chosen", type_=BODY.c.settings.type))
_NAMES: Final = frozenset(field.name for field in fields(MeetingRules))


def _with_quorum(rules: MeetingRules, adopted: str | None) -> MeetingRules:
    """Give rules with the quorum of the rule a body adopted. One that counts only who is there asks nothing of how many come."""
    if adopted is None:
        return rules
    chosen = decision_rule.read(json.loads(adopted))
    return replace(rules, quorum=chosen.quorum if chosen.quorum_base == "entitled" else Fraction(0))


def _days(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= MOST_DAYS):
        raise ValueError(text)
    return int(text)


def _share(text: str) -> Fraction:
    if text == "0":
        return Fraction(0)
    found = _FRACTION.match(text)
    share = Fraction(int(found[1]), int(found[2])) if found else Fraction(-1)
    if not 0 <= share <= 1:
        raise ValueError(text)
    return share


def _plan(text: str) -> Plan:
    found = [_OFFSET.match(word) for word in text.replace(",", " ").split()]
    if not 1 <= len(found) <= MOST_REMINDERS or None in found:
        raise ValueError(text)
    offsets = {Offset(int(one[1]), "days" if one[2] == "d" else "hours") for one in found if one is not None}
    if any(offset.count > MOST_DAYS for offset in offsets):
        raise ValueError(text)
    hours = {"days": 24, "hours": 1}
    return Plan(tuple(sorted(offsets, key=lambda offset: -offset.count * hours[offset.unit])))


_READERS: Final = {"notice_days": _days, "quorum": _share, "reminders": _plan, "call_days": _days, "agenda_days": _days}
_WRONG: Final = {
    "notice_days": N_("“{text}” is no number of days from 0 to 90."),
    "quorum": N_("“{text}” is no share of the institutions. Write for example 1/2, 2/3, or 0 for no quorum."),
    "reminders": N_("“{text}” is no plan of reminders. Write up to six, for example: 14d 3d 1d 2h."),
    "call_days": N_("“{text}” is no number of days from 0 to 90."),
    "agenda_days": N_("“{text}” is no number of days from 0 to 90."),
}
