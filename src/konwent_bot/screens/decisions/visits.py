"""All visits about decisions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from konwent_bot.screens.decisions import (
    ballot,
    ballot_leading,
    ballot_opening,
    by_hand,
    consensus,
    decision,
    discussing,
    leading,
    motion,
    motions,
    register,
    rule,
    tasks,
    voting,
)
from konwent_bot.screens.intents import Intent
from konwent_bot.screens.visiting import Visit

VISITS: Final[Mapping[type[Intent], Visit]] = {
    **motions.VISITS,
    **motion.VISITS,
    **discussing.VISITS,
    **consensus.VISITS,
    **leading.VISITS,
    **rule.VISITS,
    **ballot.VISITS,
    **voting.VISITS,
    **ballot_opening.VISITS,
    **ballot_leading.VISITS,
    **by_hand.VISITS,
    **decision.VISITS,
    **register.VISITS,
    **tasks.VISITS,
}
