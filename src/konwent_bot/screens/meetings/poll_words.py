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
    """Say how many said what, leaving out what nobody said: "8 tak, 2 w razie potrzeby, 1 nie, 3 bez odpowiedzi"."""
    counted = (
        (N_("{n} yes"), found.yes), (N_("{n} if need be"), found.if_need_be), (N_("{n} no"), found.no),
        (N_("{n} without an answer"), found.silent),
    )  # fmt: skip
    return ", ".join(t(words, n=n) for words, n in counted if n)


def result(t: Translator, poll: Poll) -> str:
    """Say which date is the best and why: the rule and its figures."""
    found = poll.best
    if found is None:
        return t("No institution can come on any of the dates that are ahead.")
    when, counted, why = t.instant(found.tally.wall), figures(t, found.tally), t(_WHY[found.why])
    said = (
        t("The best date so far is {date}: {figures} – {why}.", date=when, figures=counted, why=why)
        if poll.open
        else t("The best date is {date}: {figures} – {why}.", date=when, figures=counted, why=why)
    )
    return f"{said} {_quorum(t, found, poll.needed)}".strip()


def _quorum(t: Translator, found: Best, needed: int) -> str:
    if not needed:
        return ""
    if found.quorum:
        return t("That is enough for a quorum ({needed}).", needed=needed)
    return t("That is too few for a quorum ({needed}).", needed=needed)
