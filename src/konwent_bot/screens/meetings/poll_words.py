"""Words for polls: dates, answers, figures, and why a date is the best."""

from __future__ import annotations

from typing import Final

from konwent_bot.domain.meetings.polls import Best, Tally
from konwent_bot.errors import N_
from konwent_bot.i18n import Translator
from konwent_bot.office.meetings.polls import Poll, PollDate

_ANSWERS: Final = {"yes": N_("yes"), "if_need_be": N_("if need be"), "no": N_("no")}
_WHY: Final = {
    "coming": N_("most institutions can come"),
    "yes": N_("as many institutions can come as on another date, and it suits more of them"),
    "earliest": N_("on another date it would be the same, and this one is earlier"),
}


def date(t: Translator, one: PollDate) -> str:
    """Write a date in full: "wtorek, 9 lutego 2027, 10:00"."""
    return t("{day}, {hour}", day=t.day(one.day), hour=t.time(one.hour))


def answer(t: Translator, said: str | None) -> str:
    """Say what an institution said to a date."""
    return t("no answer yet") if said is None else t(_ANSWERS[said])


def figures(t: Translator, found: Tally) -> str:
    """Say how many said what: "8 tak, 2 w razie potrzeby, 1 nie, 3 bez odpowiedzi"."""
    said = t("{yes} yes, {maybe} if need be, {no} no", yes=found.yes, maybe=found.if_need_be, no=found.no)
    return t("{said}, {silent} without an answer", said=said, silent=found.silent) if found.silent else said


def result(t: Translator, poll: Poll) -> str:
    """Say which date is the best and why: the rule and its figures."""
    found = poll.best
    if found is None:
        return t("No institution can come on any of the dates that are ahead.")
    day = t.instant(found.tally.wall)
    said = t(
        "{date}: {figures} – {why}.", date=day[:1].upper() + day[1:], figures=figures(t, found.tally), why=t(_WHY[found.why])
    )
    return f"{said} {_quorum(t, found, poll.needed)}".strip()


def _quorum(t: Translator, found: Best, needed: int) -> str:
    if not needed:
        return ""
    if found.quorum:
        return t("That is enough for a quorum ({needed}).", needed=needed)
    return t("That is too few for a quorum ({needed}).", needed=needed)
