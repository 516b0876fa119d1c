"""Words of the plan: how an obligation stands, and what speaks against a date."""

from __future__ import annotations

from datetime import date
from typing import Final

from konwent_bot.documents import meeting_words
from konwent_bot.domain.meetings.cadence import Compliance, Gap
from konwent_bot.domain.meetings.recurrence import Obstacle
from konwent_bot.errors import N_
from konwent_bot.i18n import Translator
from konwent_bot.office.meetings.facts import Meeting
from konwent_bot.office.meetings.plans import Proposal
from konwent_bot.screens.meetings.words import named

_QUARTERS: Final = ("I", "II", "III", "IV")
_MOVED: Final[dict[Obstacle, str]] = {
    "holiday": N_("moved from {day}, which is a public holiday"),
    "weekend": N_("moved from {day}, which is a weekend"),
    "avoided": N_("moved from {day}"),
    "taken": N_("moved from {day}"),
}


def period(t: Translator, kind: str, start: date) -> str:
    """Name the quarter or the month something is owed in."""
    if kind == "strategic":
        return t("Quarter {number}", number=_QUARTERS[(start.month - 1) // 3])
    return capital(t.month(start))


def capital(text: str) -> str:
    """Begin a line with it."""
    return text[:1].upper() + text[1:]


def stands(t: Translator, one: Compliance, meeting: Meeting | None, today: date) -> str:
    """Say in words how an obligation stands; ``meeting`` is the one it stands by, or the coordinator's proposal for it."""
    if meeting is None:
        if one.state == "overdue":
            return t("missing – overdue")
        if one.obligation.start > today:
            return t("nothing planned yet")
        return t("nothing planned yet, time until {day}", day=t.day_and_month(one.obligation.end))
    day = t.day_and_month(meeting.day)
    if one.met_by is not None:
        return t("took place on {day}", day=day)
    if meeting.status == "proposed":
        return t("proposed for {day}, not confirmed yet", day=day)
    if meeting.day < today:
        return t("was to be on {day}; it is not noted whether it took place", day=day)
    return t("planned for {day}, {hour}", day=day, hour=meeting.hour)


def gap(t: Translator, one: Gap) -> str:
    """Warn of strategic meetings too far apart."""
    return t.plural(
        "Between {after} and {before} there is {n} day without a strategic meeting; it should be 92 at most.",
        "Between {after} and {before} there are {n} days without a strategic meeting; it should be 92 at most.",
        one.days, after=t.day_and_month(one.after), before=t.day_and_month(one.before),
    )  # fmt: skip


def warnings(t: Translator, one: Proposal) -> tuple[str, ...]:
    """Say what speaks against a date, gravest first."""
    if one.is_over:
        return (t("this date has passed"),)
    said = []
    if one.ruled_on is not None and one.obstacle is not None:
        said.append(t(_MOVED[one.obstacle], day=t.short_day(one.ruled_on)))
    if one.same_day:
        said.append(t("the network has another meeting on that day"))
    if one.notice.short_by:
        said.append(
            t("short notice: to be in time, people should have been called by {day}", day=t.day_and_month(one.notice.latest))
        )
    return tuple(said)


def short_when(t: Translator, meeting: Meeting) -> str:
    """Say when a meeting is, for a line of a list: "wt., 9 lut, 10:00"."""
    return capital(t("{day}, {hour}", day=t.short_day(meeting.day), hour=meeting.hour))


def what(t: Translator, meeting: Meeting) -> str:
    """Say in a list what a meeting is, and where it stands where that is not plain from the list."""
    said = _small(named(t, meeting))
    return said if meeting.status in ("proposed", "planned") else f"{said}, {meeting_words.status(t, meeting.status)}"


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]
