"""What meetings ask of people at home: an answer to a call, a word whether a meeting took place; and the next date."""

from __future__ import annotations

from konwent_bot.documents import meeting_words
from konwent_bot.i18n import Translator
from konwent_bot.office.meetings import facts, matters
from konwent_bot.office.people import Known
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.matter import Matter
from konwent_bot.screens.meeting_intents import CloseMeeting, SeeMeeting
from konwent_bot.screens.meetings.words import named, when
from konwent_bot.screens.screen import Action


def calls(uow: UnitOfWork, person: Known, t: Translator) -> list[Matter]:
    """Give the meetings a person's institution is called to and has not answered."""
    found = []
    for one in matters.unanswered(uow, person.id):
        text = t(
            "{institution}, {body}: {meeting}, {when}. Please say whether you will be there.",
            institution=one.name, body=one.meeting.body_name, meeting=named(t, one.meeting), when=when(t, one.meeting, uow.today),
        )  # fmt: skip
        label = t("Answer: {meeting}, {day}", meeting=meeting_words.kind(t, one.meeting.kind), day=t.short_day(one.meeting.day))
        found.append(Matter(one.meeting.starts_at, text, (Action(label, SeeMeeting(one.meeting.id), weight="main"),)))
    return found


def over(uow: UnitOfWork, person: Known, t: Translator) -> list[Matter]:
    """Give a coordinator's meetings that have had their time, until it is noted whether they took place."""
    found = []
    for meeting in matters.not_closed(uow, person.id):
        text = t(
            "{body}: {meeting}, {day}. Did it take place?",
            body=meeting.body_name,
            meeting=named(t, meeting),
            day=t.day(meeting.day),
        )
        day = t.short_day(meeting.day)
        ways = (
            Action(t("It took place: {day}", day=day), CloseMeeting(meeting.id, 1), weight="main"),
            Action(t("It did not take place: {day}", day=day), CloseMeeting(meeting.id, 0)),
        )
        found.append(Matter(meeting.ends_at, text, ways))
    return found


def ahead(uow: UnitOfWork, person: Known, t: Translator) -> list[Matter]:
    """Give the nearest meeting a person has nothing to answer about, so that home names the next date."""
    asked = {one.meeting.id for one in matters.unanswered(uow, person.id)}
    known = [one for one in facts.future_of(uow, person.id) if one.id not in asked and one.status in ("planned", "convened")]
    return [
        Matter(
            meeting.starts_at,
            t("Next: {body}, {meeting}, {when}.", body=meeting.body_name, meeting=named(t, meeting), when=when(t, meeting, uow.today)),
            (Action(t("See: {meeting}, {day}", meeting=meeting_words.kind(t, meeting.kind), day=t.short_day(meeting.day)), SeeMeeting(meeting.id)),),
            asked=False,
        )
        for meeting in known[:1]
    ]  # fmt: skip
