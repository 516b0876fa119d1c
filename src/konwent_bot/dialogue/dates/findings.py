"""What comes of a phrase or a part of it: sure, in doubt, or refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import Final, Literal, TypeAlias

from konwent_bot.dialogue.problem import Problem
from konwent_bot.errors import N_

Status: TypeAlias = Literal["ok", "ask", "refused"]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a phrase says. ``ok``: the day is known, and the hour if one was said. ``ask``: what is beyond doubt, and the question.

    ``options``: what a person who is asked may have meant, each a day with the hour if that is known.
    """

    status: Status
    day: date | None = None
    hour: time | None = None
    problem: Problem | None = None
    options: tuple[tuple[date, time | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Doubt:
    """It may mean several things, or something nobody can mean; a person has to say. ``days`` and ``hours`` may be offered."""

    problem: Problem
    days: tuple[date, ...] = ()
    hours: tuple[time, ...] = ()


@dataclass(frozen=True, slots=True)
class No:
    """It means nothing that could be done."""

    problem: Problem


NOT_UNDERSTOOD: Final = N_("“{words}” was not understood. Please give one day, for example {example}.")
NOTHING: Final = N_("Please give a day, for example {example}.")
TWO_DAYS: Final = N_("More than one day was given. Please give one.")
TWO_HOURS: Final = N_("More than one hour was given. Please give one.")
NO_SUCH_DAY: Final = N_("There is no such day in the calendar. Please give another one.")
NO_SUCH_HOUR: Final = N_("There is no such hour. Please give one from 0:00 to 23:59.")
WHICH_DAY: Final = N_("Which day is it? Please give the whole date, for example {example}.")
WHICH_OF_TWO: Final = N_("Which day is meant: {first} or {second}?")
ALREADY_PAST: Final = N_("{day} is past. Please give a day to come.")
MOMENT_PAST: Final = N_("{day}, {hour} is past. Please give a time to come.")
TOO_FAR: Final = N_("Is the year right? {day} is very far off.")
CONTRADICTION: Final = N_("These do not go together: {first} and {second}. Which day is it?")
NUMBER_UNCLEAR: Final = N_(
    "It is not clear what {number} means: a day or an hour. Please give the whole date, for example {example}."
)
WHICH_HOUR: Final = N_("At what hour?")
WHICH_OF_TWO_HOURS: Final = N_("Which hour is meant: {first} or {second}?")
HOUR_CONTRADICTION: Final = N_("The hour and the part of the day do not go together. What hour is it?")
HOUR_SKIPPED: Final = N_("There is no {hour} that night: the clocks go forward. What hour is it?")
HOUR_TWICE: Final = N_("{hour} comes twice that night: the clocks go back. What hour is it?")
MIDNIGHT: Final = N_("It is not clear which night is meant. Please give the day and the hour, for example 23:30.")
