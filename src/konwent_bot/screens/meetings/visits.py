"""All visits about meetings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from konwent_bot.screens.intents import Intent
from konwent_bot.screens.meetings import (
    agenda,
    agenda_item,
    answering,
    attendance,
    changing,
    guests,
    i_am_here,
    ledger,
    materials,
    meeting,
    plan,
    polls,
    proposals,
    reminding,
    status_report,
    who,
    working_groups,
)
from konwent_bot.screens.visiting import Visit

VISITS: Final[Mapping[type[Intent], Visit]] = {
    **meeting.VISITS,
    **answering.VISITS,
    **changing.VISITS,
    **who.VISITS,
    **reminding.VISITS,
    **ledger.VISITS,
    **plan.VISITS,
    **polls.VISITS,
    **proposals.VISITS,
    **working_groups.VISITS,
    **agenda.VISITS,
    **agenda_item.VISITS,
    **status_report.VISITS,
    **attendance.VISITS,
    **i_am_here.VISITS,
    **guests.VISITS,
    **materials.VISITS,
}
