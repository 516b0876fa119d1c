"""The reader of dates as people say them: by rules, nothing guessed, nothing that was said dropped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from konwent_bot.dialogue.dates import findings as say
from konwent_bot.dialogue.dates.days import EXAMPLE, FARTHEST, day_of
from konwent_bot.dialogue.dates.findings import Doubt, No, Reading
from konwent_bot.dialogue.dates.grammar import parse
from konwent_bot.dialogue.dates.hours import hour_of, on_the_clock
from konwent_bot.dialogue.dates.lexemes import lexemes
from konwent_bot.dialogue.dates.pieces import Bare, Clock, DayPiece, HourPiece, On, Pair, PartOfDay, Piece, Weekday
from konwent_bot.dialogue.dates.vocabulary import Vocabulary
from konwent_bot.dialogue.dates.words_en import ENGLISH
from konwent_bot.dialogue.dates.words_pl import POLISH
from konwent_bot.dialogue.dates.words_uk import UKRAINIAN
from konwent_bot.dialogue.problem import problem

#: Characters of a phrase; nobody says a date in more.
MOST_CHARACTERS: Final = 120
#: Words of a text that are shown back as not understood (characters).
_SHOWN: Final = 40
_WORDS: Final = {"pl": POLISH, "en": ENGLISH, "uk": UKRAINIAN}


def read(
    text: str, now: datetime, languages: Sequence[str] = ("pl", "en", "uk"), *, past: bool = False, zone: ZoneInfo | None = None
) -> Reading:
    """Read a day, and an hour if one is said. Never raises, whatever the text.

    ``now``: local time without a zone. ``languages``: whose words count, the reader's own first; a phrase is of one language.
    ``past``: days gone by are answers too. ``zone``: hours that the change of clocks there skips or repeats are asked about.
    """
    pieces, language = _understood(text, languages)
    if isinstance(pieces, No):
        return Reading("refused", problem=pieces.problem)
    days, hours = _sorted(pieces, now.date())
    found = day_of(days, now.date(), american=language == "en") if isinstance(days, list) else days
    if isinstance(found, date):
        found = _in_time(found, now.date(), past=past)
    return _together(found, hour_of(hours), now, past=past, zone=zone)


def read_hour(text: str, languages: Sequence[str] = ("pl", "en", "uk")) -> time | Doubt | No:
    """Read an hour and nothing else: "wpół do jedenastej", "10", "10.30". Never raises."""
    pieces, _ = _understood(text, languages)
    if isinstance(pieces, No):
        return pieces
    hours: list[HourPiece] = []
    for piece in pieces:
        match piece:
            case Bare(number):
                hours.append(Clock(number, 0))
            case Pair(first, second, minutes=True):
                hours.append(Clock(first, second))
            case Clock() | PartOfDay():
                hours.append(piece)
            case _:
                return No(problem(say.NO_SUCH_HOUR))
    return hour_of(hours) or No(problem(say.NO_SUCH_HOUR))


@cache
def _vocabulary(language: str) -> Vocabulary:
    return Vocabulary(_WORDS[language])


def _understood(text: str, languages: Sequence[str]) -> tuple[tuple[Piece, ...] | No, str]:
    """Give the pieces of a phrase in the first of the languages that covers it whole, or what was not understood of it."""
    if len(text) > MOST_CHARACTERS:
        return No(problem(say.NOT_UNDERSTOOD, words=text[:_SHOWN].rstrip() + "…", example=EXAMPLE)), languages[0]
    refusal = No(problem(say.NOTHING, example=EXAMPLE))
    for nth, language in enumerate(languages):
        found = parse(lexemes(text, _vocabulary(language)))
        if isinstance(found, tuple) and found:
            return found, language
        if isinstance(found, str) and nth == 0:
            refusal = No(problem(say.NOT_UNDERSTOOD, words=found[:_SHOWN], example=EXAMPLE))
    return refusal, languages[0]


def _sorted(pieces: tuple[Piece, ...], today: date) -> tuple[list[DayPiece] | Doubt | No, list[HourPiece]]:
    """Part the pieces into those of the day and those of the hour; numbers that may be either go where the rest lets them."""
    days: list[DayPiece] = []
    hours: list[HourPiece] = []
    loose: list[Pair | Bare] = []
    for piece in pieces:
        if isinstance(piece, Pair | Bare):
            loose.append(piece)
        elif isinstance(piece, Clock | PartOfDay):
            hours.append(piece)
        else:
            days.append(piece)
    doubt: Doubt | No | None = None
    for piece in loose:
        placed = _placed(piece, days, hours, today)
        if isinstance(placed, Doubt | No):
            doubt = doubt or placed
        elif isinstance(placed, Clock):
            hours.append(placed)
        else:
            days.append(placed)
    return (days if doubt is None else doubt), hours


def _placed(piece: Pair | Bare, days: list[DayPiece], hours: list[HourPiece], today: date) -> On | Clock | Doubt | No:
    """Say what a number or two may be, given what is known already."""
    clocked = any(isinstance(one, Clock) for one in hours)
    if isinstance(piece, Bare):
        unclear = problem(say.NUMBER_UNCLEAR, number=piece.number, example=EXAMPLE)
        if clocked or not 0 <= piece.number <= 31:
            return No(problem(say.NOT_UNDERSTOOD, words=str(piece.number), example=EXAMPLE))
        if not days or all(isinstance(one, Weekday) for one in days):
            return Doubt(unclear)
        return (
            Clock(piece.number, 0)
            if piece.number < 24
            else No(problem(say.NOT_UNDERSTOOD, words=str(piece.number), example=EXAMPLE))
        )
    dated = On(piece.first, piece.second, None)
    is_day = isinstance(day_of([dated], today, american=False), date | Doubt)
    if not days or all(isinstance(one, Weekday) for one in days):
        may_be_hour = piece.minutes and not clocked and piece.first < 24 and piece.second < 60
        if not is_day:
            return Clock(piece.first, piece.second) if may_be_hour else No(problem(say.NO_SUCH_DAY))
        return dated
    if is_day and piece.minutes and day_of([dated], today, american=False) != day_of(days, today, american=False):
        return Doubt(problem(say.NUMBER_UNCLEAR, number=f"{piece.first}.{piece.second:02}", example=EXAMPLE))
    return Clock(piece.first, piece.second) if piece.minutes and not is_day else dated


def _in_time(day: date, today: date, *, past: bool) -> date | Doubt:
    """Ask about a day that is past, or so far off that the year may be wrong."""
    if day < today and not past:
        return Doubt(problem(say.ALREADY_PAST, day=day))
    return Doubt(problem(say.TOO_FAR, day=day), (day,)) if abs((day - today).days) > FARTHEST else day


def _together(
    day: date | Doubt | No, hour: time | Doubt | No | None, now: datetime, *, past: bool, zone: ZoneInfo | None
) -> Reading:
    """Put day and hour together: refused before asked about, the day asked about before the hour."""
    for one in (day, hour):
        if isinstance(one, No):
            return Reading("refused", problem=one.problem)
    assert not isinstance(day, No)
    assert not isinstance(hour, No)
    sure = hour if isinstance(hour, time) else None
    if isinstance(day, Doubt):
        return Reading("ask", None, sure, day.problem, tuple((one, sure) for one in day.days))
    if isinstance(hour, time):
        moment = datetime.combine(day, hour)
        if moment <= now and not past:
            return Reading("ask", None, hour, problem(say.MOMENT_PAST, day=day, hour=hour))
        hour = (on_the_clock(moment, zone) if zone is not None else None) or hour
    if isinstance(hour, Doubt):
        return Reading("ask", day, None, hour.problem, tuple((day, one) for one in hour.hours))
    return Reading("ok", day, hour)
