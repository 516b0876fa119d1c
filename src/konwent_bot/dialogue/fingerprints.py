"""Two fingerprints of a flow: its structure, which may change only with the version, and its wording, which may change any time.

The structure is what answers mean: questions, order, types, choices, bounds, conditions (as parsed, so re-bracketing changes
nothing), facts, the act. Texts, headings and the estimated minutes are wording.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from konwent_bot.dialogue import conditions
from konwent_bot.dialogue.conditions import Condition
from konwent_bot.dialogue.model import FlowFile

#: Fields of a question that are wording; ``choices`` lose their labels separately.
_WORDING = {"section", "prompt", "short", "why", "who_sees", "low_label", "high_label", "labels", "unknown_label", "label"}


def structure(file: FlowFile, parsed: Sequence[Condition | None]) -> str:
    """Fingerprint of what the answers mean; ``parsed`` are the conditions of the questions, in order."""
    questions: list[object] = []
    for question, condition in zip(file.questions, parsed, strict=True):
        told = question.model_dump(mode="json", exclude=_WORDING | {"when"}, by_alias=True)
        if "choices" in told:
            told["choices"] = [{key: value for key, value in choice.items() if key != "label"} for choice in told["choices"]]
        for name in ("earliest", "latest"):  # younger than the first flows: where they say nothing, nothing has changed
            if name in told and told[name] is None:
                del told[name]
        told["when"] = None if condition is None else conditions.canonical(condition)
        questions.append(told)
    facts = [fact.model_dump(mode="json") for fact in file.facts]
    return _digest([file.id, file.submit, facts, questions])


def wording(file: FlowFile) -> str:
    """Fingerprint of the whole file but its version: changes with any text."""
    return _digest(file.model_dump(mode="json", by_alias=True, exclude={"version"}))


def _digest(told: object) -> str:
    # 80 bits are plenty: a fingerprint tells versions of our own files apart, it guards against nobody.
    return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:20]
