"""All visits about meetings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from konwent_bot.screens.intents import Intent
from konwent_bot.screens.meetings import answering, changing, ledger, meeting, reminding, who
from konwent_bot.screens.visiting import Visit

VISITS: Final[Mapping[type[Intent], Visit]] = {
    **meeting.VISITS,
    **answering.VISITS,
    **changing.VISITS,
    **who.VISITS,
    **reminding.VISITS,
    **ledger.VISITS,
}
