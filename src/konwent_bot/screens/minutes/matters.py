"""What minutes ask of whoever speaks for an institution: to say whether it accepts them."""

from __future__ import annotations

from konwent_bot.i18n import Translator
from konwent_bot.office.meetings import facts as meetings
from konwent_bot.office.minutes import facts, roll
from konwent_bot.office.people import Known
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.archive_intents import SeeMinutes
from konwent_bot.screens.matter import Matter
from konwent_bot.screens.meetings.words import heading
from konwent_bot.screens.minutes import version_words
from konwent_bot.screens.screen import Action


def to_answer(uow: UnitOfWork, person: Known, t: Translator) -> list[Matter]:
    """Give the minutes an institution of the reader has not answered to."""
    found = []
    for number, place in roll.waiting(uow, person.id):
        minutes = facts.get(uow, number)
        assert minutes.answer_until is not None
        name = version_words.called(t, minutes)
        text = t(
            "{institution}, {body}: {minutes} ({meeting}) waits for an answer. Until {until}. It takes a few minutes.",
            institution=place.name, body=minutes.body_name, minutes=name, meeting=heading(t, meetings.get(uow, minutes.meeting)),
            until=version_words.until(t, minutes.answer_until, uow.now),
        )  # fmt: skip
        way = Action(t("Read and answer: {minutes}", minutes=name), SeeMinutes(minutes.id), weight="main")
        found.append(Matter(minutes.answer_until, text, (way,)))
    return found
