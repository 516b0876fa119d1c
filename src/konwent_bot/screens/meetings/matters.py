"""What meetings ask of people at home: an answer to a call, a word whether a meeting took place; and the next date."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from konwent_bot.documents import meeting_words
from konwent_bot.i18n import Translator
from konwent_bot.office.meetings import facts, matters
from konwent_bot.office.meetings.matters import Unanswered
from konwent_bot.office.people import Known
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.matter import Matter
from konwent_bot.screens.meeting_intents import CloseMeeting, SeeMeeting
from konwent_bot.screens.meetings.words import named, when
from konwent_bot.screens.screen import Action


def calls(uow: UnitOfWork, person: Known, t: Translator) -> list[Matter]:
    """Give the meetings a person's institution is called to and has not answered, and the nearest one with nothing to answer."""
    asked = matters.unanswered(uow, person.id)
    return [*(_asks(one, uow.today, t) for one in asked), *_next(uow, person, {one.meeting.id for one in asked}, t)]


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


# --- inside -----------------------------------------------------------------------------------------------------------


def _asks(one: Unanswered, today: date, t: Translator) -> Matter:
    meeting = one.meeting
    text = t(
        "{institution}, {body}: {meeting}, {when}. Please say whether you will be there.",
        institution=one.name, body=meeting.body_name, meeting=named(t, meeting), when=when(t, meeting, today),
    )  # fmt: skip
    label = t("Answer: {meeting}, {day}", meeting=meeting_words.kind(t, meeting.kind), day=t.short_day(meeting.day))
    return Matter(meeting.starts_at, text, (Action(label, SeeMeeting(meeting.id), weight="main"),))


def _next(uow: UnitOfWork, person: Known, asked: Collection[int], t: Translator) -> list[Matter]:
    """Give the nearest meeting a person has nothing to answer about, so that home names the next date."""
    known = (one for one in facts.future_of(uow, person.id) if one.id not in asked and one.status in ("planned", "convened"))
    meeting = next(known, None)
    if meeting is None:
        return []
    text = t(
        "Next: {body}, {meeting}, {when}.", body=meeting.body_name, meeting=named(t, meeting), when=when(t, meeting, uow.today)
    )
    label = t("See: {meeting}, {day}", meeting=meeting_words.kind(t, meeting.kind), day=t.short_day(meeting.day))
    return [Matter(meeting.starts_at, text, (Action(label, SeeMeeting(meeting.id)),), asked=False)]
