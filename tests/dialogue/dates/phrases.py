"""The phrases of ``phrases-*.toml``, with who says them and when."""

from __future__ import annotations

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from konwent_bot.dialogue.dates import Reading, read

WARSAW: Final = ZoneInfo("Europe/Warsaw")
LANGUAGES: Final = ("pl", "en", "uk")


class Phrase(NamedTuple):
    """What somebody types, and what they mean by it ("" for no day, no hour)."""

    language: str
    now: datetime
    text: str
    status: str
    day: str
    hour: str


def speaking(language: str) -> tuple[str, ...]:
    """Give the languages in the order in which somebody's words are tried."""
    return (language, *(other for other in LANGUAGES if other != language))


def phrases() -> list[Phrase]:
    """Give all phrases."""
    found = []
    for language in LANGUAGES:
        for said in tomllib.loads((Path(__file__).parent / f"phrases-{language}.toml").read_text("utf-8"))["said"]:
            found += [Phrase(language, said["now"], *phrase) for phrase in said["phrases"]]
    return found


def understood(phrase: Phrase, text: str | None = None) -> Reading:
    """Read a phrase, or another text in its place."""
    return read(phrase.text if text is None else text, phrase.now, speaking(phrase.language), zone=WARSAW)


def shown(reading: Reading) -> tuple[str, str, str]:
    """Give a reading as it is written in the files."""
    day = "" if reading.day is None else reading.day.isoformat()
    return reading.status, day, "" if reading.hour is None else f"{reading.hour:%H:%M}"
