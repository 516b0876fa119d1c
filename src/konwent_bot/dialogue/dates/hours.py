"""From what was said about an hour to the hour itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from konwent_bot.dialogue.dates import findings as say
from konwent_bot.dialogue.dates.findings import Doubt, No
from konwent_bot.dialogue.dates.pieces import Clock, HourPiece, PartOfDay
from konwent_bot.dialogue.dates.vocabulary import Part
from konwent_bot.dialogue.problem import problem

#: The hours that belong to a part of the day; nobody meets at night by saying "night" only.
_HOURS: Final[dict[Part, range]] = {
    "am": range(12), "pm": range(12, 24), "morning": range(5, 12), "forenoon": range(6, 12), "afternoon": range(12, 20),
    "evening": range(16, 24),
}  # fmt: skip
#: Said of a clock of twelve hours, these are as likely after noon: nobody means three in the morning.
_EITHER: Final = range(1, 7)


def hour_of(pieces: Sequence[HourPiece]) -> time | Doubt | No | None:
    """Give the hour that all pieces together mean; nothing when none was said."""
    clocks = [piece for piece in pieces if isinstance(piece, Clock)]
    parts = [piece.part for piece in pieces if isinstance(piece, PartOfDay)]
    if "noon" in parts:
        return time(12) if len(pieces) == 1 else No(problem(say.TWO_HOURS))
    if len(clocks) > 1 or len(parts) > 1:
        return No(problem(say.TWO_HOURS))
    if not clocks:
        return (Doubt(problem(say.MIDNIGHT if parts[0] == "midnight" else say.WHICH_HOUR))) if parts else None
    clock = clocks[0]
    if clock.hour > 23 or clock.minute > 59:
        return No(problem(say.NO_SUCH_HOUR))
    if parts:
        return _in_part(clock, parts[0])
    if clock.hour in _EITHER and not clock.sure:
        first, second = time(clock.hour, clock.minute), time(clock.hour + 12, clock.minute)
        return Doubt(problem(say.WHICH_OF_TWO_HOURS, first=first, second=second), hours=(second, first))
    return time(clock.hour, clock.minute)


def _in_part(clock: Clock, part: Part) -> time | Doubt:
    hours = _HOURS.get(part)
    if hours is None:
        return Doubt(problem(say.MIDNIGHT))
    for hour in (clock.hour, clock.hour + 12):
        if hour in hours:
            return time(hour, clock.minute)
    return Doubt(problem(say.HOUR_CONTRADICTION))


def on_the_clock(moment: datetime, zone: ZoneInfo) -> Doubt | None:
    """Say what is wrong with a local time that the change of clocks skips or repeats; nothing with any other."""
    hour = moment.time()
    there_and_back = moment.replace(tzinfo=zone).astimezone(UTC).astimezone(zone)
    if there_and_back.replace(tzinfo=None) != moment:
        return Doubt(problem(say.HOUR_SKIPPED, hour=hour))
    if moment.replace(tzinfo=zone).utcoffset() != moment.replace(tzinfo=zone, fold=1).utcoffset():
        return Doubt(problem(say.HOUR_TWICE, hour=hour))
    return None
