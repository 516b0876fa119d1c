"""What minutes ask at home of whoever writes them: to be looked over and sent out, remarks to be settled, the next version."""

from __future__ import annotations

from konwent_bot.i18n import Translator
from konwent_bot.office.minutes import drafts, roll
from konwent_bot.office.minutes.facts import CIRCULATE
from konwent_bot.office.people import Known
from konwent_bot.office.rights import Actor, offices
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.matter import Matter
from konwent_bot.screens.meetings.offering import may
from konwent_bot.screens.minutes.version_words import called
from konwent_bot.screens.minutes_intents import SeeDraft, SeeRemarks
from konwent_bot.screens.screen import Action


def to_write(uow: UnitOfWork, person: Known, t: Translator) -> list[Matter]:
    """Give the drafts that have not gone out, and the minutes whose accepted remarks wait for a new version."""
    found = []
    for one in drafts.awaited(uow, person.id):
        minutes, day = one.minutes, t.day(one.day)
        if one.what == "revise":
            text = t(
                "{body}: minutes no. {number} (meeting: {day}). Remarks were accepted: please change the draft and send the next version out.",
                body=minutes.body_name, number=minutes.name, day=day,
            )  # fmt: skip
        elif may(offices(uow, Actor(person.id), minutes.body), CIRCULATE):
            text = t(
                "{body}: minutes no. {number} are drafted (meeting: {day}). Please look them over and send them out.",
                body=minutes.body_name, number=minutes.name, day=day,
            )  # fmt: skip
        else:
            text = t(
                "{body}: minutes no. {number} are drafted (meeting: {day}). Please look them over and add what is missing.",
                body=minutes.body_name, number=minutes.name, day=day,
            )  # fmt: skip
        found.append(Matter(None, text, (Action(called(t, minutes), SeeDraft(minutes.id), weight="main"),)))
    return found


def to_settle(uow: UnitOfWork, person: Known, t: Translator) -> list[Matter]:
    """Give the minutes with remarks that wait for an answer of the coordinator."""
    found = []
    for minutes, count in roll.unsettled(uow, person.id):
        name = called(t, minutes)
        text = t.plural(
            "{body}: {n} remark on {minutes} waits for your answer.", "{body}: {n} remarks on {minutes} wait for your answer.",
            count, body=minutes.body_name, minutes=name,
        )  # fmt: skip
        way = Action(t("Answer the remarks: {number}", number=minutes.name), SeeRemarks(minutes.id), weight="main")
        found.append(Matter(minutes.answer_until, text, (way,)))
    return found
