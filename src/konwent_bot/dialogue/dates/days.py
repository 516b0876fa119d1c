"""From what was said about a day to the day itself, on the calendar from a given day on."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final, assert_never

from konwent_bot.dialogue.dates import findings as say
from konwent_bot.dialogue.dates.findings import Doubt, No
from konwent_bot.dialogue.dates.pieces import Ahead, DayOfMonth, DayPiece, Nth, On, Relative, Span, Weekday
from konwent_bot.dialogue.problem import problem

#: How far off a day may be before the year is asked about (days; ten years).
FARTHEST: Final = 3653
#: An example of a date no reader can take for another one.
EXAMPLE: Final = "15.01.2027"
_WEEK: Final = 7
_MONTHS: Final = 12


def day_of(pieces: Sequence[DayPiece], today: date, *, american: bool) -> date | Doubt | No:
    """Give the day that all pieces together mean. ``american``: what was written with slashes may begin with the month."""
    if not pieces:
        return Doubt(problem(say.WHICH_DAY, example=EXAMPLE))
    together = _weekday_of_a_week(pieces, today)
    if together is not None:
        return together
    if len({type(piece) for piece in pieces}) < len(pieces):
        return No(problem(say.TWO_DAYS))
    plain = [piece for piece in pieces if isinstance(piece, Weekday)]
    dated = [piece for piece in pieces if not isinstance(piece, Weekday)]
    if plain and dated and plain[0].which in ("", "this"):
        return _checked(
            _one(dated[0], today, american=american) if len(dated) == 1 else _agreed(dated, today, american), plain[0]
        )
    return _agreed(pieces, today, american)


def _agreed(pieces: Sequence[DayPiece], today: date, american: bool) -> date | Doubt | No:
    """Give the day on which all pieces agree."""
    found = [_one(piece, today, american=american) for piece in pieces]
    for one in found:
        if isinstance(one, No):
            return one
    days = [one for one in found if isinstance(one, date)]
    if len(days) < len(found):
        return next(one for one in found if not isinstance(one, date))
    if len(set(days)) == 1:
        return days[0]
    return Doubt(problem(say.CONTRADICTION, first=days[0], second=days[1]), tuple(dict.fromkeys(days)))


def _checked(day: date | Doubt | No, said: Weekday) -> date | Doubt | No:
    """Hold a day against the day of the week that was said with it."""
    if not isinstance(day, date) or day.isoweekday() == said.number:
        return day
    near = [day + timedelta(days) for days in (-3, -2, -1, 1, 2, 3) if (day + timedelta(days)).isoweekday() == said.number]
    return Doubt(problem(say.CONTRADICTION, first=day, second=near[0]), (day, near[0]))


def _weekday_of_a_week(pieces: Sequence[DayPiece], today: date) -> date | Doubt | No | None:
    """Read a day of the week together with a week: "w czwartek w przyszłym tygodniu", "w czwartek za tydzień"."""
    match pieces:
        case (Weekday(number, ""), Span(offset, 7)) | (Span(offset, 7), Weekday(number, "")):
            return _in_week(today, number, offset)
        case (Weekday(number, ""), Ahead(count, 7)) | (Ahead(count, 7), Weekday(number, "")):
            if count * _WEEK > FARTHEST:
                return Doubt(problem(say.WHICH_DAY, example=EXAMPLE))
            # Weeks from the coming such day, or the week that is so many from this one: only where they agree is it clear.
            counted = today + timedelta((number - today.isoweekday()) % _WEEK + count * _WEEK)
            return _either(_in_week(today, number, count), counted)
        case _:
            return None


def _in_week(today: date, weekday: int, offset: int) -> date:
    return today + timedelta(weekday - today.isoweekday() + offset * _WEEK)


def _either(first: date, second: date) -> date | Doubt:
    if first == second:
        return first
    return Doubt(problem(say.WHICH_OF_TWO, first=first, second=second), (first, second))


def _one(piece: DayPiece, today: date, *, american: bool) -> date | Doubt | No:
    match piece:
        case Relative(days):
            return today + timedelta(days)
        case Ahead():
            return _ahead(piece, today)
        case Weekday():
            return _weekday(piece, today)
        case Span():
            return Doubt(problem(say.WHICH_DAY, example=EXAMPLE))
        case On():
            return _on(piece, today, american=american)
        case DayOfMonth():
            return _day_of_month(piece, today)
        case Nth():
            return _nth(piece, today)
        case _:
            assert_never(piece)


def _ahead(piece: Ahead, today: date) -> date | Doubt | No:
    if piece.count * piece.unit > FARTHEST:
        return Doubt(problem(say.WHICH_DAY, example=EXAMPLE))
    if piece.unit <= _WEEK:
        return today + timedelta(piece.count * piece.unit)
    months = piece.count if piece.unit == 30 else piece.count * _MONTHS
    year, month = _months_on(today, months)
    last = monthrange(year, month)[1]
    if today.day > last:  # a month from the 31st
        days = date(year, month, last), date(year, month, last) + timedelta(1)
        return Doubt(problem(say.WHICH_OF_TWO, first=days[0], second=days[1]), days)
    return date(year, month, today.day)


def _months_on(today: date, months: int) -> tuple[int, int]:
    whole = today.year * _MONTHS + today.month - 1 + months
    return whole // _MONTHS, whole % _MONTHS + 1


def _weekday(piece: Weekday, today: date) -> date | Doubt:
    ahead = (piece.number - today.isoweekday()) % _WEEK
    coming = today + timedelta(ahead or _WEEK)
    this = _in_week(today, piece.number, 0)
    match piece.which:
        case "coming":
            return coming
        case "":
            return coming if ahead else _either(today, coming)
        case "this":
            return this if this > today else _either(this, this + timedelta(_WEEK))
        case "next":
            return _either(coming, _in_week(today, piece.number, 1))
        case "gone":
            gone = today - timedelta((today.isoweekday() - piece.number) % _WEEK or _WEEK)
            return Doubt(problem(say.ALREADY_PAST, day=gone), (coming,))


def _on(piece: On, today: date, *, american: bool) -> date | Doubt | No:
    if piece.slashes and american and piece.day != piece.month and _exists(piece.year or today.year, piece.day, piece.month):
        day, other = _dated(piece.year, piece.month, piece.day, today), _dated(piece.year, piece.day, piece.month, today)
        if isinstance(day, date) and isinstance(other, date):
            return _either(day, other)
    year = piece.year if piece.years is None else today.year + piece.years
    return _dated(year, piece.month, piece.day, today)


def _exists(year: int, month: int, day: int) -> bool:
    return 1 <= year <= date.max.year and 1 <= month <= _MONTHS and 1 <= day <= monthrange(year, month)[1]


def _dated(year: int | None, month: int, day: int, today: date) -> date | Doubt | No:
    if year is not None:
        return date(year, month, day) if _exists(year, month, day) else No(problem(say.NO_SUCH_DAY))
    if not _exists(2000, month, day):  # a leap year: nowhere else is there such a day
        return No(problem(say.NO_SUCH_DAY))
    if not _exists(today.year, month, day) or not _exists(today.year + 1, month, day):
        leap = next(
            one for one in range(today.year, today.year + 9) if _exists(one, month, day) and date(one, month, day) >= today
        )
        return (
            date(leap, month, day)
            if leap == today.year
            else Doubt(problem(say.WHICH_DAY, example=EXAMPLE), (date(leap, month, day),))
        )
    return _yearless(date(today.year, month, day), date(today.year + 1, month, day), today)


def _yearless(this: date, following: date, today: date) -> date | Doubt:
    """Choose the year nobody said: this one, or the next where the day of this year is farther back than the other is ahead."""
    if this >= today:
        return this
    if following - today < today - this:
        return following
    return Doubt(problem(say.ALREADY_PAST, day=this), (following,))


def _day_of_month(piece: DayOfMonth, today: date) -> date | Doubt | No:
    if not 1 <= piece.day <= 31:
        return No(problem(say.NO_SUCH_DAY))
    if _exists(today.year, today.month, piece.day) and piece.day >= today.day:
        return today.replace(day=piece.day)
    year, month = _months_on(today, 1)
    offered = (date(year, month, piece.day),) if _exists(year, month, piece.day) else ()
    return Doubt(problem(say.WHICH_DAY, example=EXAMPLE), offered)


def _nth(piece: Nth, today: date) -> date | Doubt | No:
    if piece.month is None:
        day = _in_month(piece, *_months_on(today, piece.offset))
        if isinstance(day, No) or day >= today:
            return day
        following = _in_month(piece, *_months_on(today, piece.offset + 1))
        return Doubt(problem(say.ALREADY_PAST, day=day), (following,) if isinstance(following, date) else ())
    this = _in_month(piece, piece.year or today.year, piece.month)
    following = _in_month(piece, today.year + 1, piece.month)
    if piece.year is not None or isinstance(this, No) or isinstance(following, No):
        return this
    return _yearless(this, following, today)


def _in_month(piece: Nth, year: int, month: int) -> date | No:
    if not _exists(year, month, 1):
        return No(problem(say.NO_SUCH_DAY))
    days = [date(year, month, day) for day in range(1, monthrange(year, month)[1] + 1)]
    fitting = [day for day in days if piece.weekday in (0, day.isoweekday())]
    at = piece.nth if piece.nth < 0 else piece.nth - 1
    return fitting[at] if -len(fitting) <= at < len(fitting) and piece.nth != 0 else No(problem(say.NO_SUCH_DAY))
