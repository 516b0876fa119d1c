"""Answering a call: we will, we will not (and why), a substitute will."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, get_args

from konwent_bot.domain.meetings.words import Answer
from konwent_bot.errors import NotFound
from konwent_bot.i18n import Translator
from konwent_bot.office.meetings import answers, facts, substitutes
from konwent_bot.office.meetings.facts import NOT_HERE, Meeting, Member
from konwent_bot.office.people import Known
from konwent_bot.office.rights import Actor
from konwent_bot.office.subjects import Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.intents import Intent
from konwent_bot.screens.let_in import let_in
from konwent_bot.screens.meeting_intents import (
    AnswerMeeting,
    AskSubstitute,
    ChooseSubstitute,
    ExplainAbsence,
    NameSubstitute,
    SeeMeeting,
)
from konwent_bot.screens.meetings import meeting as screens
from konwent_bot.screens.meetings.beginning import begin
from konwent_bot.screens.meetings.words import named
from konwent_bot.screens.screen import Action, Screen
from konwent_bot.screens.visiting import Reply, Visit, Visited, Visitor, go_home


def _answer(uow: UnitOfWork, _v: Visitor, person: Known, intent: AnswerMeeting, t: Translator) -> Reply:
    said: Answer = intent.answer if intent.answer in get_args(Answer) else "substitute"  # type: ignore[assignment]  # just looked
    meeting = answers.answer(uow, Actor(person.id), intent.meeting, intent.membership, said)
    shown = screens.show(uow, person, meeting, t, notice=_noted(uow, meeting, intent.membership, said, t))
    if said == "no":
        why = Action(t("Say why (you need not)"), ExplainAbsence(meeting.id, intent.membership))
        shown = replace(shown, actions=((why,), *shown.actions))
    return Reply(shown, at=SeeMeeting(meeting.id))


def _noted(uow: UnitOfWork, meeting: Meeting, membership: int, said: Answer, t: Translator) -> str:
    name = _member(uow, meeting, membership).name
    match said:
        case "yes":
            return t("Saved. {institution} will be there.", institution=name)
        case "no":
            return t("Saved. {institution} will not be there.", institution=name)
        case "substitute":
            return t("Saved. A substitute will be there for {institution}.", institution=name)


def _explain(uow: UnitOfWork, visitor: Visitor, person: Known | None, intent: ExplainAbsence, t: Translator) -> Visited:
    if person is None:
        return go_home(uow, visitor, None, t), t
    meeting = facts.see(uow, Actor(person.id), intent.meeting)
    subject = Subject("meeting.absence", meeting.body, meeting=meeting.id, membership=intent.membership)
    return begin(uow, visitor, person, subject, t, institution=_member(uow, meeting, intent.membership).name), t


def _ask_substitute(uow: UnitOfWork, _v: Visitor, person: Known, intent: AskSubstitute, t: Translator) -> Reply:
    meeting = facts.see(uow, Actor(person.id), intent.meeting)
    names_somebody = facts.speaks_for(uow, Actor(person.id), meeting, intent.membership) != "substitute"
    member = _member(uow, meeting, intent.membership)
    known = substitutes.of(member)
    ask = Action(t("Name somebody"), NameSubstitute(meeting.id, member.membership), weight="" if known else "main")
    choices = [
        (Action(t("{name} will come", name=one.name), ChooseSubstitute(meeting.id, member.membership, one.seat)),)
        for one in known
    ]
    screen = Screen(
        t("Who will come instead?"),
        context=(f"{named(t, meeting)} · {meeting.body_name}", member.name),
        paragraphs=(
            t("A substitute speaks for your institution at this meeting. The institution still has one vote."),
            *(() if known else (t("Your institution has named no substitute yet."),)),
        ),
        actions=(
            *choices,
            *(((ask,),) if names_somebody else ()),
            (Action(t("Back to the meeting"), SeeMeeting(meeting.id)),),
        ),
    )
    return Reply(screen, at=intent)


def _choose(uow: UnitOfWork, _v: Visitor, person: Known, intent: ChooseSubstitute, t: Translator) -> Reply:
    meeting = answers.answer(uow, Actor(person.id), intent.meeting, intent.membership, "substitute", seat=intent.seat)
    said = _noted(uow, meeting, intent.membership, "substitute", t)
    return Reply(screens.show(uow, person, meeting, t, notice=said), at=SeeMeeting(meeting.id))


def _name(uow: UnitOfWork, visitor: Visitor, person: Known | None, intent: NameSubstitute, t: Translator) -> Visited:
    if person is None:
        return go_home(uow, visitor, None, t), t
    meeting = facts.see(uow, Actor(person.id), intent.meeting)
    subject = Subject("meeting.substitute", meeting.body, meeting=meeting.id, membership=intent.membership)
    return begin(uow, visitor, person, subject, t, institution=_member(uow, meeting, intent.membership).name), t


def _member(uow: UnitOfWork, meeting: Meeting, membership: int) -> Member:
    found = next((one for one in facts.members(uow, meeting) if one.membership == membership), None)
    if found is None:
        raise NotFound(NOT_HERE)
    return found


VISITS: Final[Mapping[type[Intent], Visit]] = {
    AnswerMeeting: let_in(_answer),
    ExplainAbsence: _explain,
    AskSubstitute: let_in(_ask_substitute),
    ChooseSubstitute: let_in(_choose),
    NameSubstitute: _name,
}
