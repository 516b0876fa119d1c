"""The table of majorities and quorums (``cases.toml``), read into values."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from konwent_bot.domain.decisions.rule import DEFAULT_RULE, DecisionRule, read, written
from konwent_bot.domain.decisions.tally import Assembly, CastingVote, Counts, Result, decide


@dataclass(frozen=True)
class Case:
    """Votes, the rule and the assembly; what they come to, in a word and in sentences by language."""

    of: str
    rule: DecisionRule
    assembly: Assembly
    counts: Counts
    chair: CastingVote | None
    verdict: str
    sentences: dict[str, str]

    def result(self) -> Result:
        """Decide it."""
        return decide(self.rule, self.assembly, self.counts, self.chair)


def _case(row: dict[str, Any]) -> Case:
    rule = read({**written(DEFAULT_RULE), **row.get("rule", {})})
    entitled, present, *closing = row["there"]
    assembly = Assembly(entitled, present, closing[0] if closing else None, by_circulation=row.get("by_circulation", False))
    sentences: dict[str, str] = {language: row[language] for language in ("pl", "en", "uk") if language in row}
    return Case(row["of"], rule, assembly, Counts(*row["votes"]), row.get("chair"), row["verdict"], sentences)


def _cases() -> tuple[Case, ...]:
    with Path(__file__).with_name("cases.toml").open("rb") as file:
        return tuple(map(_case, tomllib.load(file)["case"]))


CASES: Final = _cases()
