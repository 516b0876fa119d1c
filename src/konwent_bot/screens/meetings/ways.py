"""Where a meeting's own screen leads: each room of meetings says what it offers to whom."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from konwent_bot.i18n import Translator
from konwent_bot.office.meetings.facts import Meeting
from konwent_bot.office.people import Known
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.decisions import ballot_ways, motions
from konwent_bot.screens.group_intents import SeePoll
from konwent_bot.screens.meeting_intents import (
    AskConvene,
    AskRemind,
    CancelMeeting,
    ChangeMeeting,
    CloseMeeting,
    SeeLedger,
    SeeWho,
    TakeCalendar,
)
from konwent_bot.screens.meetings import agenda, attendance, guests, materials, status_report
from konwent_bot.screens.meetings.offering import Way, may
from konwent_bot.screens.minutes import draft_ways
from konwent_bot.screens.plan_intents import AdjustMeeting, AskDropMeeting
from konwent_bot.screens.screen import Action


def _steering(uow: UnitOfWork, _p: Known, meeting: Meeting, offices: Collection[str], t: Translator) -> list[tuple[Action, ...]]:
    """Offer what is done with the meeting itself."""
    if meeting.poll_until is not None:
        return _looking_for_a_date(meeting, offices, t)
    rows: list[tuple[Action, ...]] = []
    ahead = meeting.starts_at > uow.now
    if meeting.status in ("proposed", "planned") and ahead and may(offices, "meeting.convene"):
        rows.append((Action(t("Call people to it"), AskConvene(meeting.id), weight="main"),))
    if meeting.convened_at is not None and may(offices, "meeting.who"):
        rows.append((Action(t("Who will be there"), SeeWho(meeting.id)),))
    if meeting.status == "convened" and ahead and may(offices, "meeting.remind"):
        rows.append((Action(t("Remind"), AskRemind(meeting.id)),))
    if meeting.status in ("proposed", "planned") and may(offices, "meeting.plan"):
        rows.append(
            (Action(t("Change"), AdjustMeeting(meeting.id)), Action(t("Take it off the plan"), AskDropMeeting(meeting.id)))
        )
    elif meeting.status == "convened" and ahead and may(offices, "meeting.change"):
        rows.append((Action(t("Change"), ChangeMeeting(meeting.id)), Action(t("Call off"), CancelMeeting(meeting.id))))
    if meeting.convened_at is not None and meeting.ends_at <= uow.now and may(offices, "meeting.close"):
        if meeting.status != "held":
            asked = meeting.status == "convened"  # otherwise it corrects what was noted
            rows.append((Action(t("It took place"), CloseMeeting(meeting.id, 1), weight="main" if asked else ""),))
        if meeting.status != "cancelled":
            rows.append((Action(t("It did not take place"), CloseMeeting(meeting.id, 0)),))
    return rows


def _looking_for_a_date(meeting: Meeting, offices: Collection[str], t: Translator) -> list[tuple[Action, ...]]:
    """Offer what is done while a meeting has no date."""
    rows: list[tuple[Action, ...]] = [(Action(t("See the poll"), SeePoll(meeting.id), weight="main"),)]
    if may(offices, "meeting.plan"):
        rows.append((Action(t("Take it off the plan"), AskDropMeeting(meeting.id)),))
    return rows


def _reading(uow: UnitOfWork, _p: Known, meeting: Meeting, offices: Collection[str], t: Translator) -> list[tuple[Action, ...]]:
    """Offer what is only looked at."""
    rows: list[tuple[Action, ...]] = []
    if meeting.convened_at is not None and may(offices, "meeting.ledger"):
        rows.append((Action(t("What was sent, and how it went"), SeeLedger(meeting.id)),))
    if meeting.status in ("planned", "convened") and meeting.starts_at > uow.now:
        rows.append((Action(t("Add to my calendar"), TakeCalendar(meeting.id)),))
    return rows


def offered(
    uow: UnitOfWork, person: Known, meeting: Meeting, offices: Collection[str], t: Translator
) -> list[tuple[Action, ...]]:
    """Give everything that is offered; neighbours with short labels share a row, so that a coordinator's screen is no endless list."""
    rows: list[tuple[Action, ...]] = []
    for way in WAYS:
        for row in way(uow, person, meeting, offices, t):
            if rows and _is_short(rows[-1]) and _is_short(row):
                rows[-1] += row
            else:
                rows.append(row)
    return rows


def _is_short(row: tuple[Action, ...]) -> bool:
    return len(row) == 1 and not row[0].weight and len(row[0].label) <= _SHORT


#: Characters of a label that leaves room for another one beside it on a phone.
_SHORT: Final = 20
#: In the order in which they stand on the screen.
WAYS: Final[tuple[Way, ...]] = (
    _steering, draft_ways.way, ballot_ways.way, agenda.way, motions.way, status_report.way, attendance.way, materials.way, guests.way, _reading,
)  # fmt: skip
