"""Days and hours to choose, and typed ones read back: what stands under a question that asks for a date.

In a chat a month is a keyboard: seven columns, the days that may be chosen, blanks for the others. A day of a question that asks
for the hour too leads to its hours. What was typed stands in full above a button that lets it count. Pages have fields instead.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, time
from typing import Final

from konwent_bot.dialogue.problem import Problem
from konwent_bot.dialogue.values import accept
from konwent_bot.dialogue.view import QuestionView
from konwent_bot.i18n import Translator
from konwent_bot.office.dialogues import Talk, Touch
from konwent_bot.screens.intents import SeeMonth
from konwent_bot.screens.screen import Action, in_rows

#: The kinds of questions that have a month to choose from.
DATED: Final = ("date", "moment")
#: A day that cannot be chosen. Telegram wants some text on a button.
BLANK: Final = "·"
#: The hours offered for a meeting; any other is typed.
_HOURS: Final = range(8, 20)
_HOURS_IN_A_ROW: Final = 4
_WEEK: Final = 7
_MONTHS: Final = 12
_FIRST_YEAR, _LAST_YEAR = 1900, 2200


def month_of(day: date) -> int:
    """Give the number of a day's month, counted from the year 0, as ``SeeMonth`` carries it."""
    return day.year * _MONTHS + day.month - 1


def actions(talk: Talk, shown: QuestionView, now: datetime, month: int | None, t: Translator) -> tuple[tuple[Action, ...], ...]:
    """Give the buttons of a question that asks for a day or an hour; none for any other.

    ``now``: local time. ``month``: the one that was turned to.
    """
    if shown.kind not in DATED:
        return ()
    if talk.heard is not None:
        return (
            (Action(t("Show the calendar"), SeeMonth(talk.id, shown.turn, _turned_to(shown, None, now.date())), only="chat"),),
        )
    if shown.day is not None and month is None:
        return _hours(talk, shown, shown.day, now, t)
    return _month(talk, shown, now.date(), _turned_to(shown, month, now.date()), t)


def hour_asked(shown: QuestionView, t: Translator) -> tuple[str, ...]:
    """Ask for the hour of a day that has been chosen."""
    return () if shown.day is None else (t("{day}. At what hour?", day=t.day(shown.day)),)


def read_back(talk: Talk, t: Translator) -> str:
    """Say a typed date in full, or ask what was not clear in it; nothing when none was typed."""
    if talk.heard is None:
        return ""
    if talk.heard.problem is not None:
        return t.say(talk.heard.problem)
    return t("{date} – is that right?", date=in_full(talk.heard.values[0], t))


def readings(talk: Talk, shown: QuestionView, t: Translator) -> tuple[Action, ...]:
    """Give a button for each thing a typed date may mean."""
    if talk.heard is None:
        return ()
    if talk.heard.problem is None:
        return (Action(t("Yes, that is right"), _answer(talk, shown, talk.heard.values[0]), weight="main"),)
    return tuple(Action(in_full(value, t), _answer(talk, shown, value)) for value in talk.heard.values)


def in_full(value: str, t: Translator) -> str:
    """Write a stored day, hour or moment for people."""
    if "T" in value:
        return t.instant(datetime.fromisoformat(value))
    return t.day(date.fromisoformat(value)) if "-" in value else t.time(time.fromisoformat(value))


def _answer(talk: Talk, shown: QuestionView, value: str) -> Touch:
    return Touch(talk.id, shown.turn, "answer", value.replace(":", "."))  # a colon parts the fields of callback data


def _turned_to(shown: QuestionView, month: int | None, today: date) -> int:
    """Give the month to show: the one that was asked for, or the first that has something to choose, within what can be chosen."""
    first, last = _bounds(shown, today)
    held = None if not isinstance(shown.value, str) else date.fromisoformat(shown.value.partition("T")[0])
    wanted = month_of(shown.day or held or max(today, first)) if month is None else month
    return min(max(wanted, month_of(first)), month_of(last))


def _bounds(shown: QuestionView, today: date) -> tuple[date, date]:
    first = date(_FIRST_YEAR, 1, 1) if shown.low is None else date.fromisoformat(shown.low)
    last = date(_LAST_YEAR, 12, 31) if shown.high is None else date.fromisoformat(shown.high)
    return (max(first, today) if shown.to_come else first), last


def _month(talk: Talk, shown: QuestionView, today: date, month: int, t: Translator) -> tuple[tuple[Action, ...], ...]:
    first, last = _bounds(shown, today)
    begins = date(month // _MONTHS, month % _MONTHS + 1, 1)
    here = SeeMonth(talk.id, shown.turn, month)

    def turn(label: str, to: int, *, there: bool) -> Action:
        return Action(label if there else BLANK, SeeMonth(talk.id, shown.turn, to) if there else here, only="chat")

    heading = (
        turn("‹", month - 1, there=month > month_of(first)),
        Action(t.month_of_year(begins), here, only="chat"),
        turn("›", month + 1, there=month < month_of(last)),
    )
    names = tuple(Action(name, here, only="chat") for name in t("Mo Tu We Th Fr Sa Su").split())
    blank = Action(BLANK, here, only="chat")
    days = [blank] * begins.weekday()
    for number in range(1, monthrange(begins.year, begins.month)[1] + 1):
        day = begins.replace(day=number)
        days.append(_day(talk, shown, day) if first <= day <= last else blank)
    days += [blank] * (-len(days) % _WEEK)
    weeks = tuple(tuple(days[at : at + _WEEK]) for at in range(0, len(days), _WEEK))
    return (heading, names, *(week for week in weeks if any(one is not blank for one in week)))


def _day(talk: Talk, shown: QuestionView, day: date) -> Action:
    verb = Touch(talk.id, shown.turn, "mark" if shown.kind == "moment" else "answer", day.isoformat())
    return Action(str(day.day), verb, only="chat")


def _hours(talk: Talk, shown: QuestionView, day: date, now: datetime, t: Translator) -> tuple[tuple[Action, ...], ...]:
    question = talk.flow.question(shown.id)
    found = []
    for hour in _HOURS:
        moment = datetime.combine(day, time(hour))
        value = f"{moment:%Y-%m-%dT%H:%M}"
        if (moment > now or not shown.to_come) and not isinstance(accept(question, value, talk.state.facts), Problem):
            found.append(Action(t.time(moment), _answer(talk, shown, value), only="chat"))
    other = Action(t("Another day"), SeeMonth(talk.id, shown.turn, month_of(day)), only="chat")
    return (*in_rows(found, _HOURS_IN_A_ROW), (other,))
