"""All occasions on which the secretariat says something of its own accord."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from konwent_bot.office import chat_groups, task_news, ways_in
from konwent_bot.office.decisions import ballot_news, proposal_news
from konwent_bot.office.meetings import agenda_items, duties, plan_news, poll_news, status_reports
from konwent_bot.office.meetings import occasions as meetings
from konwent_bot.office.minutes import news as minutes
from konwent_bot.office.occasion import Occasion

#: By name. Whoever has something to tell adds its occasions here, and their words in ``screens.messages``.
OCCASIONS: Final[Mapping[str, Occasion]] = {
    one.name: one
    for one in (
        *ways_in.OCCASIONS, *meetings.OCCASIONS, *plan_news.OCCASIONS, *duties.OCCASIONS, *agenda_items.OCCASIONS,
        *status_reports.OCCASIONS, *chat_groups.OCCASIONS, *poll_news.OCCASIONS, *proposal_news.OCCASIONS, *ballot_news.OCCASIONS,
        *task_news.OCCASIONS, *minutes.OCCASIONS,
    )
}  # fmt: skip


def digestible() -> tuple[str, ...]:
    """Name those that may wait for a daily message."""
    return tuple(one.name for one in OCCASIONS.values() if one.digestible)
