"""A refusal as data: what is wrong with an answer or with a flow file, not yet said in any language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from konwent_bot.errors import Fact


@dataclass(frozen=True, slots=True)
class Problem:
    """A sentence for a person: English msgid (domain ``messages``) and the facts for its ``{named}`` places.

    A fact may itself be a ``Problem`` (a sentence in a sentence); the translator says it. Facts never hold what a person
    answered in free text.
    """

    msgid: str
    facts: Mapping[str, Fact] = field(default_factory=dict)

    def __str__(self) -> str:
        """Say it in English, for logs of developers and for tests."""
        return self.msgid.format_map({name: str(fact) for name, fact in self.facts.items()}) if self.facts else self.msgid


def problem(msgid: str, /, **facts: Fact) -> Problem:
    """Make a problem; the msgid is marked with ``N_`` at the call."""
    return Problem(msgid, facts)
