"""Calling people to a meeting, changing it and calling it off, as its coordinator."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from konwent_bot.i18n import Translator
from konwent_bot.office.meetings import convening, facts
from konwent_bot.office.meetings.convening import CallOne, Preview
from konwent_bot.office.people import Known
from konwent_bot.office.rights import Actor
from konwent_bot.office.subjects import Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens import words
from konwent_bot.screens.intents import Intent
from konwent_bot.screens.let_in import let_in
from konwent_bot.screens.meeting_intents import AskConvene, CancelMeeting, ChangeMeeting, Convene, SeeMeeting
from konwent_bot.screens.meetings import meeting as screens
from konwent_bot.screens.meetings.beginning import begin
from konwent_bot.screens.meetings.words import named
from konwent_bot.screens.screen import Action, Screen
from konwent_bot.screens.visiting import Reply, Visit, Visited, Visitor, go_home


def _ask_convene(uow: UnitOfWork, _v: Visitor, person: Known, intent: AskConvene, t: Translator) -> Reply:
    found = convening.preview(uow, Actor(person.id), intent.meeting)
    meeting = found.meeting
    called = [one for one in found.callings if one.calling.place is not None]
    screen = Screen(
        t("Call people to it?"),
        context=(f"{named(t, meeting)} · {meeting.body_name}",),
        paragraphs=(
            *_warnings(found, t),
            t.plural("{n} institution will be called.", "{n} institutions will be called.", len(called)),
        ),
        facts=tuple(screens.describe(uow, meeting, t)),
        items=tuple(_calling(one, t) for one in found.callings if one.calling.because != "outside_group"),
        notes=(t("Everybody called gets one message, by the channel they chose, with an entry for the calendar."),),
        actions=(
            (Action(t("Yes, call them"), Convene(meeting.id), weight="main"),),
            (Action(t("Back to the meeting"), SeeMeeting(meeting.id)),),
        ),
    )
    return Reply(screen, at=intent)


def _warnings(found: Preview, t: Translator) -> list[str]:
    said = []
    if found.notice.short_by:
        said.append(
            t("Short notice: {given} working days instead of {required}. It is allowed; please think of those who plan ahead.",
              given=found.notice.given, required=found.notice.required)
        )  # fmt: skip
    if not found.callings:
        said.append(t("This network has no institutions yet."))
    if found.guests:
        said.append(t.plural("{n} guest will be informed too.", "{n} guests will be informed too.", found.guests))
    return said


def _calling(one: CallOne, t: Translator) -> str:
    place = one.calling.place
    if place is None:
        return t("{institution}: nobody can be reached, so nobody will be called", institution=one.name)
    role, proper = words.place(t, place.role), words.place(t, one.calling.proper)
    match one.calling.because:
        case "vacancy":
            return t("{institution}: {role} (the place “{proper}” is vacant)", institution=one.name, role=role, proper=proper)
        case "unreachable":
            return t("{institution}: {role} (“{proper}” cannot be reached)", institution=one.name, role=role, proper=proper)
        case _:
            return t("{institution}: {role}", institution=one.name, role=role)


def _convene(uow: UnitOfWork, _v: Visitor, person: Known, intent: Convene, t: Translator) -> Reply:
    meeting = convening.convene(uow, Actor(person.id), intent.meeting)
    said = t("Everybody is being called. You will see here who has answered.")
    return Reply(screens.show(uow, person, meeting, t, notice=said), at=SeeMeeting(meeting.id))


def _change(uow: UnitOfWork, visitor: Visitor, person: Known | None, intent: ChangeMeeting, t: Translator) -> Visited:
    if person is None:
        return go_home(uow, visitor, None, t), t
    meeting = facts.see(uow, Actor(person.id), intent.meeting)
    subject = Subject("meeting.change", meeting.body, meeting=meeting.id)
    return begin(uow, visitor, person, subject, t, today=uow.today), t


def _cancel(uow: UnitOfWork, visitor: Visitor, person: Known | None, intent: CancelMeeting, t: Translator) -> Visited:
    if person is None:
        return go_home(uow, visitor, None, t), t
    meeting = facts.see(uow, Actor(person.id), intent.meeting)
    return begin(uow, visitor, person, Subject("meeting.cancel", meeting.body, meeting=meeting.id), t), t


VISITS: Final[Mapping[type[Intent], Visit]] = {
    AskConvene: let_in(_ask_convene),
    Convene: let_in(_convene),
    ChangeMeeting: _change,
    CancelMeeting: _cancel,
}
