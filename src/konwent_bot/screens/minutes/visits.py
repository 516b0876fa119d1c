"""All visits about minutes, the archive they stand in, and documents to be checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from konwent_bot.screens.intents import Intent
from konwent_bot.screens.minutes import (
    annex,
    answering,
    archive,
    circulating,
    draft,
    draft_files,
    ledger,
    note,
    point,
    reading,
    remarks,
    reminding,
    verifying,
    whole,
    year,
)
from konwent_bot.screens.visiting import Visit

VISITS: Final[Mapping[type[Intent], Visit]] = {
    **draft.VISITS,
    **point.VISITS,
    **note.VISITS,
    **whole.VISITS,
    **draft_files.VISITS,
    **circulating.VISITS,
    **ledger.VISITS,
    **remarks.VISITS,
    **reminding.VISITS,
    **annex.VISITS,
    **reading.VISITS,
    **answering.VISITS,
    **archive.VISITS,
    **year.VISITS,
    **verifying.VISITS,
}
