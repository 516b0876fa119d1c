"""Where a meeting's own screen leads to ballots: those on its proposals that are open now."""

from __future__ import annotations

from collections.abc import Collection

from konwent_bot.i18n import Translator
from konwent_bot.office.decisions import ballots, reading
from konwent_bot.office.meetings.facts import Meeting
from konwent_bot.office.people import Known
from konwent_bot.office.rights import Actor
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.ballot_intents import SeeBallot
from konwent_bot.screens.screen import Action
from konwent_bot.screens.words import short


def way(uow: UnitOfWork, person: Known, meeting: Meeting, _held: Collection[str], t: Translator) -> list[tuple[Action, ...]]:
    """Lead to the ballots of a meeting that are open."""
    found = [
        ballots.current(uow, one.id) for one in reading.of_meeting(uow, Actor(person.id), meeting.id) if one.state == "ballot"
    ]
    return [
        (Action(t("Ballot: {title}", title=short(one.proposal.title)), SeeBallot(one.id), weight="main"),)
        for one in found
        if one is not None
    ]
