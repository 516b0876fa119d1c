"""What may be asked of the pages: intents that are valid, by whom, and their paths."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.screens.personas import Stage
from tests.screens.test_refusals import ARGUMENTS, HERS, OWN

from konwent_bot.screens import intents
from konwent_bot.screens.intents import Intent


def path(intent: Intent) -> str:
    """Give the path an intent is shown and carried out at."""
    return f"/s/{intents.encode(intent)}"


def own(kind: type[Any]) -> Intent:
    """Give an intent about oneself, with the fields it is tried with."""
    found: Intent = ARGUMENTS.get(kind) or kind()
    return found


def valid(made: Stage, who: int | None = None) -> Iterator[Intent]:
    """Give what may be asked for: by this person, or by anybody."""
    for build, allowed in HERS.values():
        if who is None or who in allowed:
            yield from build(made)
    for kind in OWN:
        yield own(kind)
