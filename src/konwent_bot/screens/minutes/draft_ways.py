"""Where a meeting's own screen leads to its minutes."""

from __future__ import annotations

from collections.abc import Collection

from konwent_bot.i18n import Translator
from konwent_bot.office.meetings.facts import Meeting
from konwent_bot.office.minutes import facts
from konwent_bot.office.people import Known
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.archive_intents import SeeMinutes
from konwent_bot.screens.meetings.offering import may
from konwent_bot.screens.minutes_intents import OpenDraft, SeeDraft
from konwent_bot.screens.screen import Action


def way(uow: UnitOfWork, _p: Known, meeting: Meeting, held: Collection[str], t: Translator) -> list[tuple[Action, ...]]:
    """Lead to the minutes of a meeting that took place: whoever writes them to the draft, members to what went out."""
    if meeting.status != "held":
        return []
    minutes = facts.of_meeting(uow, meeting.id)
    if may(held, facts.WRITE):
        draft = OpenDraft(meeting.id) if minutes is None else SeeDraft(minutes.id)
        return [(Action(t("The minutes"), draft, weight="main" if minutes is None or not minutes.version else ""),)]
    if minutes is None or not minutes.version:
        return []
    return [(Action(t("The minutes"), SeeMinutes(minutes.id)),)]
