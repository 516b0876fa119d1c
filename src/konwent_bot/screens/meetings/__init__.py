"""What people see of meetings. One module a noun; each has its ``VISITS``, and this is where they come together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from konwent_bot.screens.intents import Intent
from konwent_bot.screens.visiting import Visit

VISITS: Final[Mapping[type[Intent], Visit]] = {}
