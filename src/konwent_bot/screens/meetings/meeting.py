"""A meeting's own screen, and the list of those ahead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from konwent_bot.documents import meeting_words
from konwent_bot.i18n import Translator
from konwent_bot.office.meetings import agenda, answers, belonging, calendar_files, convening, facts, matters
from konwent_bot.office.meetings.answers import Answered
from konwent_bot.office.meetings.facts import Meeting
from konwent_bot.office.people import Known
from konwent_bot.office.rights import Actor, offices
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens import words
from konwent_bot.screens.archive_intents import SeeArchive
from konwent_bot.screens.home import to_home
from konwent_bot.screens.intents import Intent
from konwent_bot.screens.let_in import let_in
from konwent_bot.screens.meeting_intents import (
    AnswerMeeting,
    AskSubstitute,
    CloseMeeting,
    SeeMeeting,
    SeeMeetings,
    TakeCalendar,
)
from konwent_bot.screens.meetings.agenda_words import called, headed
from konwent_bot.screens.meetings.ways import offered
from konwent_bot.screens.meetings.words import answered, named, quorum, when, where
from konwent_bot.screens.plan_intents import SeePlan
from konwent_bot.screens.proposal_intents import SeeMotions
from konwent_bot.screens.screen import Action, Document, Row, Screen
from konwent_bot.screens.visiting import Reply, Visit, Visitor

#: Meetings on one page of the list.
PAGE: Final = 8


def show(uow: UnitOfWork, person: Known, meeting: Meeting, t: Translator, *, notice: str = "") -> Screen:
    """Show a meeting to somebody who may see it: what it is, what their institution has answered, what they may do."""
    held = offices(uow, Actor(person.id), meeting.body)
    said = answers.of(uow, meeting.id)
    members = facts.members(uow, meeting)
    mine = [one.membership for one in members if one.holds(person.id)]
    asked = meeting.status == "convened" and meeting.ends_at > uow.now
    names = {one.membership: one.name for one in members}
    lines = describe(uow, meeting, t)
    if meeting.convened_at is not None:
        lines += [(names[one], answered(t, said.get(one))) for one in mine]
        if meeting.status == "convened":
            lines.append((t("Quorum"), quorum(t, answers.foreseen(uow, meeting, members, said))))
    rows: list[tuple[Action, ...]] = []
    if asked:
        for one in mine:
            rows += _answering(meeting, one, names[one] if len(mine) > 1 else "", said.get(one), t)
    rows += offered(uow, person, meeting, held, t)
    on_it = agenda.lines(uow, meeting)
    return Screen(
        named(t, meeting),
        context=(meeting.body_name,),
        notice=notice,
        facts=(*lines, *headed(t, on_it)),
        items=tuple(called(t, line) for line in on_it),
        numbered=True,
        actions=(*rows, (Action(t("All meetings"), SeeMeetings()), to_home(t))),
    )


def describe(uow: UnitOfWork, meeting: Meeting, t: Translator) -> list[tuple[str, str]]:
    """Give what a meeting is, label by label: for its screen, and for letters."""
    date = when(t, meeting, uow.today) if meeting.poll_until is None else t("a date is being looked for")
    lines = [(t("When"), date)]
    if meeting.moved_from is not None:
        lines.append((t("Moved from"), t.instant(meeting.moved_from)))
    lines.append((t("Where"), where(t, meeting)))
    if meeting.link:
        lines.append((t("Online room"), meeting.link))
    lines.append((t("Chaired by"), words.place(t, meeting.chair)))
    if meeting.topic:
        lines.append((t("About"), meeting.topic))
    if meeting.status != "convened":
        lines.append((t("State"), meeting_words.status(t, meeting.status)))
    if meeting.reason:
        lines.append((t("Reason"), meeting.reason))
    return lines


def _answering(
    meeting: Meeting, membership: int, name: str, said: answers.Answered | None, t: Translator
) -> list[tuple[Action, ...]]:
    """Offer the three answers; the one that stands is ticked. ``name``: where somebody speaks for several institutions."""
    now = said.answer if said is not None else ""

    def label(text: str, answer: str) -> str:
        return ("✓ " if answer == now else "") + (f"{name}: {text}" if name else text)

    return [
        (
            Action(
                label(t("We will be there"), "yes"), AnswerMeeting(meeting.id, membership, "yes"), weight="" if said else "main"
            ),
        ),
        (Action(label(t("We will not be there"), "no"), AnswerMeeting(meeting.id, membership, "no")),),
        (Action(label(t("A substitute will come"), "substitute"), AskSubstitute(meeting.id, membership)),),
    ]


def _see(uow: UnitOfWork, _v: Visitor, person: Known, intent: SeeMeeting, t: Translator) -> Reply:
    meeting = facts.see(uow, Actor(person.id), intent.meeting)
    return Reply(show(uow, person, meeting, t), at=intent)


def _list(uow: UnitOfWork, _v: Visitor, person: Known, intent: SeeMeetings, t: Translator) -> Reply:
    found = facts.future_of(uow, person.id)
    last = max(0, (len(found) - 1) // PAGE)
    page = min(intent.page, last)
    turns = []
    if page > 0:
        turns.append(Action(t("‹ Previous"), SeeMeetings(page - 1)))
    if page < last:
        turns.append(Action(t("Next ›"), SeeMeetings(page + 1)))
    several = len({one.body for one in found}) > 1
    shown = found[page * PAGE : (page + 1) * PAGE]
    said = matters.answered(uow, person.id, [one.id for one in shown])
    rows = tuple(
        Row(
            t("{day}, {hour}", day=t.day(one.day), hour=t.time(one.hour)),
            _in_the_list(one, said.get(one.id, ()), uow.now, t, several=several),
            Action(t("See"), SeeMeeting(one.id)),
        )
        for one in shown
    )
    screen = Screen(
        t("Meetings"),
        context=(t("page {page} of {pages}", page=page + 1, pages=last + 1),) if last else (),
        paragraphs=() if found else (t("No meeting is planned now."),),
        rows=rows,
        actions=(
            *((tuple(turns),) if turns else ()),
            *(row for body, name in belonging.bodies(uow, person.id) for row in _of_body(body, name, t)),
        ),
        trail=(to_home(t),),
    )
    return Reply(screen, at=SeeMeetings(page))


def _of_body(body: int, name: str, t: Translator) -> tuple[tuple[Action, ...], ...]:
    """Lead to what a body plans, what it decides, and what it has met about and written down."""
    return (
        (Action(t("Plan of the year: {body}", body=name), SeePlan(body, 0)),),
        (Action(t("Proposals: {body}", body=name), SeeMotions(body)),),
        (Action(t("Archive: {body}", body=name), SeeArchive(body)),),
    )


def _in_the_list(meeting: Meeting, said: Sequence[Answered | None], now: datetime, t: Translator, *, several: bool) -> str:
    """Say which meeting it is, and what the reader's institutions have answered, or how far the meeting has come."""
    parts = [named(t, meeting)] + ([meeting.body_name] if several else [])
    if meeting.status == "convened" and meeting.starts_at > now and said:
        parts += dict.fromkeys(answered(t, one) for one in said)
    else:
        parts.append(meeting_words.status(t, meeting.status))
    return ", ".join(parts)


def _calendar(uow: UnitOfWork, _v: Visitor, person: Known, intent: TakeCalendar, t: Translator) -> Reply:
    meeting = facts.see(uow, Actor(person.id), intent.meeting)
    content = calendar_files.taken(uow, meeting, t.language)
    file = Document(calendar_files.NAME, calendar_files.MEDIA_TYPE, content)
    return Reply(show(uow, person, meeting, t), at=SeeMeeting(meeting.id), document=file)


def _close(uow: UnitOfWork, _v: Visitor, person: Known, intent: CloseMeeting, t: Translator) -> Reply:
    meeting = convening.close(uow, Actor(person.id), intent.meeting, held=intent.held == 1)
    said = t("Noted: the meeting took place.") if meeting.status == "held" else t("Noted: the meeting did not take place.")
    return Reply(replace(show(uow, person, meeting, t), notice=said), at=SeeMeeting(meeting.id))


VISITS: Final[Mapping[type[Intent], Visit]] = {
    SeeMeetings: let_in(_list),
    SeeMeeting: let_in(_see),
    TakeCalendar: let_in(_calendar),
    CloseMeeting: let_in(_close),
}
