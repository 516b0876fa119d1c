"""The case manager's report in words: its numbers as all may see them, its difficulties by category. Screens and minutes say the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, assert_never

from konwent_bot.domain.meetings.status_report import SMALLEST_SHOWN, ProblemKind, Shown
from konwent_bot.errors import N_
from konwent_bot.i18n import Translator

#: The same words as in the flow, for whoever only reads.
_PROBLEMS: Final[Mapping[ProblemKind, str]] = {
    "referrals": N_("too few referrals to the club"),
    "waiting": N_("long waiting for services"),
    "attendance": N_("absences from activities"),
    "health_services": N_("access to doctors and therapy"),
    "childcare": N_("care for children and dependants"),
    "transport": N_("travel"),
    "housing": N_("housing"),
    "debt_advice": N_("help with debts"),
    "training": N_("training and courses"),
    "employers": N_("too few employers"),
    "formalities": N_("formalities and rules"),
    "information": N_("flow of information between institutions"),
    "staff": N_("too few staff"),
    "funding": N_("lack of money"),
    "premises": N_("premises and equipment"),
    "other": N_("something else"),
    "none": N_("nothing made the work difficult"),
}


def number(t: Translator, shown: Shown) -> str:
    """Say a number as all may see it."""
    match shown:
        case int():
            return t.number(shown)
        case "few":
            return t("fewer than {n}", n=SMALLEST_SHOWN)
        case "withheld":
            return t("not given, so that nobody can be recognised")
        case _:
            assert_never(shown)


def problems(t: Translator, kinds: Sequence[ProblemKind], other: str) -> str:
    """Name what made the process difficult; what was said in words takes the place of "something else"."""
    said = [t(_PROBLEMS[kind]) for kind in kinds if kind != "other" or not other]
    return "; ".join((*said, *filter(None, (other,))))
