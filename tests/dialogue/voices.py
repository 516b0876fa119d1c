"""What the tests of the room share: plain voices, the trial flow and its facts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path

from konwent_bot import resources
from konwent_bot.dialogue.flow import Flow
from konwent_bot.dialogue.loading import load
from konwent_bot.dialogue.terminal import sample_facts
from konwent_bot.dialogue.values import GivenFact

HERE = Path(__file__).parent
TRIAL = HERE / "flows" / "wszystko.toml"

TRIAL_FACTS: dict[str, GivenFact] = {
    "variant": "full",
    "partner": "GOPS Modliborzyce",
    "closes_on": date(2026, 12, 1),
    "closes_at": datetime(2026, 12, 1, 11, 0, tzinfo=UTC),
    "budget": Decimal("150.5"),
    "hosting": True,
    "days": [
        {"id": "d1", "label": "wtorek, 1 grudnia, 10:00"},
        {"id": "d2", "label": "środa, 2 grudnia, 12:00"},
        {"id": "d3", "label": "piątek"},
    ],
}


class PlainVoice:
    """Speaks the msgids as they are and writes days as ISO: what a test expects can be read off the code."""

    def __call__(self, msgid: str, /, **facts: object) -> str:
        return msgid.format_map({name: self._fact(fact) for name, fact in facts.items()}) if facts else msgid

    def _fact(self, fact: object) -> str:
        match fact:
            case tuple():
                return ", ".join(self._fact(item) for item in fact)
            case _:
                return str(fact)

    def flow(self, context: str, polish: str) -> str:
        return polish

    def day(self, day: date) -> str:
        return day.date().isoformat() if isinstance(day, datetime) else day.isoformat()

    def time(self, moment: time | datetime) -> str:
        return f"{moment:%H:%M}"

    def instant(self, moment: datetime) -> str:
        return moment.isoformat()

    def number(self, value: int | float | Decimal) -> str:
        return str(value)


VOICE = PlainVoice()


def trial() -> Flow:
    """The flow that uses every type of question."""
    return load(TRIAL)


def shipped() -> list[Path]:
    """The flow files the product ships."""
    return sorted(resources.flows().glob("*.toml"))


def variants(flow: Flow) -> Iterator[dict[str, GivenFact]]:
    """Facts for every value of every choice and yes/no fact, one at a time varied from the sample."""
    base = TRIAL_FACTS if flow.id == "wszystko" else sample_facts(flow)
    yield dict(base)
    for name, fact in flow.facts.items():
        values: tuple[GivenFact, ...] = (True, False) if fact.type == "yesno" else fact.choices or ()
        for value in values:
            if value != base[name]:
                yield {**base, name: value}


def translated(words: dict[str, str]) -> Callable[[str, str], str]:
    """A catalogue of a few texts by context."""
    return lambda context, polish: words.get(context, polish)
