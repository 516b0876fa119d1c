"""What a part of a phrase says about the day or the hour, before it is known what day it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from konwent_bot.dialogue.dates.vocabulary import Part


@dataclass(frozen=True, slots=True)
class On:
    """A day of a month. Without a ``year`` it is that of ``years`` from the present one, or else this or the next.

    ``slashes``: parts of which England and America differ.
    """

    day: int
    month: int
    year: int | None
    slashes: bool = False
    years: int | None = None


@dataclass(frozen=True, slots=True)
class DayOfMonth:
    """A day whose month was not said: "piętnastego"."""

    day: int


@dataclass(frozen=True, slots=True)
class Weekday:
    """A day of the week (Monday is 1) and which one: the coming, this week's, the next, a past one, or not said."""

    number: int
    which: Literal["", "coming", "this", "next", "gone"] = ""


@dataclass(frozen=True, slots=True)
class Relative:
    """So many days from today: "jutro"."""

    days: int


@dataclass(frozen=True, slots=True)
class Ahead:
    """So many days, weeks (7), months (30) or years (365) from today: "za dwa tygodnie"."""

    count: int
    unit: int


@dataclass(frozen=True, slots=True)
class Span:
    """A week (7), a month (30), a year (365), so many from the present one: "w przyszłym tygodniu"."""

    offset: int
    unit: int


@dataclass(frozen=True, slots=True)
class Nth:
    """The n-th day of the week (0: any day) in a month; -1 is the last. The month by number, or so many from the present one."""

    nth: int
    weekday: int
    month: int | None
    offset: int = 0
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two numbers with a dot: a day and a month, or an hour and minutes. ``minutes``: they have the digits of minutes."""

    first: int
    second: int
    minutes: bool


@dataclass(frozen=True, slots=True)
class Bare:
    """A number nobody said the meaning of."""

    number: int


@dataclass(frozen=True, slots=True)
class Clock:
    """An hour and minutes. ``sure``: written as of 24 hours ("03:00")."""

    hour: int
    minute: int
    sure: bool = False


@dataclass(frozen=True, slots=True)
class PartOfDay:
    """A part of the day."""

    part: Part


DayPiece: TypeAlias = On | DayOfMonth | Weekday | Relative | Ahead | Span | Nth
HourPiece: TypeAlias = Clock | PartOfDay
Piece: TypeAlias = DayPiece | HourPiece | Pair | Bare
