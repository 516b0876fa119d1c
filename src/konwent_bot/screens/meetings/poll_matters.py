"""What polls ask of a person at home: an answer about dates, and of a coordinator the choice of one."""

from __future__ import annotations

from konwent_bot.documents import meeting_words
from konwent_bot.i18n import Translator
from konwent_bot.office.meetings import polls
from konwent_bot.office.people import Known
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.group_intents import SeePoll
from konwent_bot.screens.matter import Matter
from konwent_bot.screens.meetings.words import named
from konwent_bot.screens.screen import Action
from konwent_bot.screens.words import until


def unanswered(uow: UnitOfWork, person: Known, t: Translator) -> list[Matter]:
    """Give the polls a person's institution has left out a date of."""
    found = []
    for poll, membership in polls.unanswered(uow, person.id):
        meeting = poll.meeting
        text = t(
            "{institution}, {body}: which date suits you? {meeting}. Until {until}. It takes a minute.",
            institution=poll.asked[membership], body=meeting.body_name, meeting=named(t, meeting), until=until(t, poll.last_day, uow.today),
        )  # fmt: skip
        label = t("Answer about the dates: {meeting}", meeting=meeting_words.kind(t, meeting.kind))
        found.append(Matter(meeting.poll_until, text, (Action(label, SeePoll(meeting.id), weight="main"),)))
    return found


def to_choose(uow: UnitOfWork, person: Known, t: Translator) -> list[Matter]:
    """Give the polls that are over and whose date a coordinator is to choose."""
    found = []
    for poll in polls.over(uow, person.id):
        text = t("{body}: the poll is over. {meeting}. Please choose the date.", body=poll.meeting.body_name, meeting=named(t, poll.meeting))  # fmt: skip
        ways = (Action(t("Choose the date: {meeting}", meeting=named(t, poll.meeting)), SeePoll(poll.meeting.id), weight="main"),)
        found.append(Matter(poll.dates[0].starts_at if poll.dates else None, text, ways))
    return found
