"""A typed date or hour as an answer: read back before it counts, asked about where it is not clear.

A button carries its value exactly and counts at once; what a person types is read as people say it (``dates``) and counts once
they have seen it in full and confirmed it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from konwent_bot.dialogue.dates import Reading, read, read_hour
from konwent_bot.dialogue.dates.findings import WHICH_HOUR, Doubt, No
from konwent_bot.dialogue.model import DateQuestion, MomentQuestion, TimeQuestion
from konwent_bot.dialogue.problem import Problem, problem
from konwent_bot.dialogue.state import State, chosen_day
from konwent_bot.dialogue.values import accept, accept_day
from konwent_bot.errors import N_

#: The questions that are answered by a day, an hour, or both.
Dated: TypeAlias = DateQuestion | MomentQuestion | TimeQuestion

_ONLY_DAY: Final = N_("Only the day is asked here, without an hour.")


@dataclass(frozen=True, slots=True)
class Now:
    """When and to whom something is said: local time without a zone, the zone, the languages whose words count."""

    moment: datetime
    zone: ZoneInfo
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Heard:
    """What a typed text may mean, as stored values. None counts before it is chosen; ``problem``: what is asked, if unclear."""

    values: tuple[str, ...]
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class DayHeard:
    """Only the day of a moment is known; its hour is still to be asked. ``problem``: why what was said of it was not taken."""

    day: date
    problem: Problem | None = None


def hear(question: Dated, text: str, state: State, now: Now) -> Heard | DayHeard | str | Problem:
    """Read a typed answer. Gives a value only for an hour written out ("10:30"), which there is nothing to add to.

    Never raises, whatever the text.
    """
    if isinstance(question, TimeQuestion):
        return _hour(question, text, state, now)
    if isinstance(question, MomentQuestion):
        day = chosen_day(state, question.id)
        hours = () if day is None else _hours(text, now)
        if day is not None and hours:
            unclear = (
                None
                if len(hours) == 1
                else problem(N_("Which hour is meant: {first} or {second}?"), first=hours[1], second=hours[0])
            )
            return _fitting(question, tuple(_moment(day, hour) for hour in hours), unclear, state)
    reading = read(text, now.moment, now.languages, past=question.earliest is None, zone=now.zone)
    if reading.status == "refused" and reading.problem is not None:
        return reading.problem
    return _day(question, reading, state) if isinstance(question, DateQuestion) else _whole(question, reading, state)


def _hour(question: TimeQuestion, text: str, state: State, now: Now) -> Heard | str | Problem:
    found = read_hour(text, now.languages)
    if isinstance(found, No):
        return found.problem
    if isinstance(found, Doubt):
        return _fitting(question, tuple(f"{hour:%H:%M}" for hour in found.hours), found.problem, state)
    heard = _fitting(question, (f"{found:%H:%M}",), None, state)
    plain = isinstance(heard, Heard) and text.strip().zfill(len("00:00")) == heard.values[0]
    return heard.values[0] if isinstance(heard, Heard) and plain else heard


def _hours(text: str, now: Now) -> tuple[time, ...]:
    """Give what a text may mean as an hour alone."""
    found = read_hour(text, now.languages)
    return (found,) if isinstance(found, time) else found.hours if isinstance(found, Doubt) else ()


def _day(question: DateQuestion, reading: Reading, state: State) -> Heard | Problem:
    if reading.day is not None:  # an hour, or a doubt about one, is more than is asked
        clear = reading.status == "ok" and reading.hour is None
        return _fitting(question, (reading.day.isoformat(),), None if clear else problem(_ONLY_DAY), state)
    return _fitting(question, tuple(day.isoformat() for day, _ in reading.options), reading.problem, state)


def _whole(question: MomentQuestion, reading: Reading, state: State) -> Heard | DayHeard | Problem:
    if reading.day is not None and reading.hour is None and not reading.options:
        day = accept_day(question, reading.day.isoformat(), state.facts)
        return (
            day
            if isinstance(day, Problem)
            else DayHeard(day, None if reading.problem is None or reading.problem.msgid == WHICH_HOUR else reading.problem)
        )
    if reading.status == "ok" and reading.day is not None and reading.hour is not None:
        return _fitting(question, (_moment(reading.day, reading.hour),), None, state)
    offered = tuple(_moment(day, hour) for day, hour in reading.options if hour is not None)
    return _fitting(question, offered, reading.problem, state)


def _moment(day: date, hour: time) -> str:
    return f"{day.isoformat()}T{hour:%H:%M}"


def _fitting(question: Dated, offered: tuple[str, ...], asked: Problem | None, state: State) -> Heard | Problem:
    """Offer those readings the question takes; when it takes none, say why."""
    taken = [(one, accept(question, one, state.facts)) for one in offered]
    fitting = tuple(one for one, accepted in taken if not isinstance(accepted, Problem))
    if fitting:
        return Heard(fitting, asked)
    refused = next((accepted for _, accepted in taken if isinstance(accepted, Problem)), None)
    return asked or refused or problem(N_("Please give a day, for example {example}."), example="15.01.2027")
