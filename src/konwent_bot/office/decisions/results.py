"""What a ballot came to, as it is kept: the numbers of that day, never counted anew."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

from konwent_bot.domain.decisions.rule import DecisionRule
from konwent_bot.domain.decisions.tally import Assembly, Counts, Result


def written(result: Result) -> str:
    """Write the numbers of a result as JSON; its rule and its assembly stand in the ballot's row."""
    numbers: dict[str, Any] = {
        "for": result.counts.in_favour, "against": result.counts.against, "abstain": result.counts.abstain,
        "verdict": result.verdict, "reason": result.reason, "chair": result.chair, "base": result.base,
        "threshold": str(result.threshold), "needed": result.needed, "missing": result.missing,
        "quorum_needed": result.quorum_needed, "quorum_there": result.quorum_there, "quorum_missing": result.quorum_missing,
    }  # fmt: skip
    return json.dumps(numbers, separators=(",", ":"))


def read(text: str, rule: DecisionRule, assembly: Assembly) -> Result:
    """Read what ``written`` wrote."""
    kept = json.loads(text)
    return Result(
        verdict=kept["verdict"], reason=kept["reason"], rule=rule, assembly=assembly,
        counts=Counts(kept["for"], kept["against"], kept["abstain"]), chair=kept["chair"], base=kept["base"],
        threshold=Fraction(kept["threshold"]), needed=kept["needed"], missing=kept["missing"],
        quorum_needed=kept["quorum_needed"], quorum_there=kept["quorum_there"], quorum_missing=kept["quorum_missing"],
    )  # fmt: skip
