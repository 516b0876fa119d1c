"""To come."""

from __future__ import annotations

from konwent_bot.screens.intents import Intent
from konwent_bot.screens.visiting import Visit

VISITS: dict[type[Intent], Visit] = {}
