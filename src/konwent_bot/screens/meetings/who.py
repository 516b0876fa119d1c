"""Who will be there: every institution, what it answered, and whether the call reached anybody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from konwent_bot.i18n import Translator
from konwent_bot.office.meetings import answers
from konwent_bot.office.meetings import who as office
from konwent_bot.office.meetings.who import Standing
from konwent_bot.office.people import Known
from konwent_bot.office.rights import Actor, offices
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens import words
from konwent_bot.screens.home import to_home
from konwent_bot.screens.intents import Intent
from konwent_bot.screens.let_in import let_in
from konwent_bot.screens.meeting_intents import AnswerFor, AskRemind, SeeMeeting, SeeTold, SeeWho, SeeWhoOne
from konwent_bot.screens.meetings.offering import may
from konwent_bot.screens.meetings.told import went
from konwent_bot.screens.meetings.words import answered, heading, quorum
from konwent_bot.screens.screen import Action, Row, Screen
from konwent_bot.screens.visiting import Reply, Visit, Visitor

#: Institutions on one page.
PAGE: Final = 18


def _who(uow: UnitOfWork, _v: Visitor, person: Known, intent: SeeWho, t: Translator) -> Reply:
    found = office.who(uow, Actor(person.id), intent.meeting)
    meeting = found.meeting
    held = offices(uow, Actor(person.id), meeting.body)
    last = max(0, (len(found.standings) - 1) // PAGE)
    page = min(intent.page, last)
    turns = []
    if page > 0:
        turns.append(Action(t("‹ Previous"), SeeWho(meeting.id, page - 1)))
    if page < last:
        turns.append(Action(t("Next ›"), SeeWho(meeting.id, page + 1)))
    ask = meeting.status == "convened" and meeting.starts_at > uow.now and may(held, "meeting.remind")
    silent = found.forecast.silent
    screen = Screen(
        t("Who will be there"),
        context=(f"{heading(t, meeting)} · {meeting.body_name}",),
        facts=(
            (t("Quorum"), quorum(t, found.forecast)),
            (t("No answer"), t.plural("{n} institution", "{n} institutions", silent)),
        ),
        rows=tuple(
            Row(one.name, _line(one, t), Action(t("See"), SeeWhoOne(meeting.id, one.membership)))
            for one in found.standings[page * PAGE : (page + 1) * PAGE]
        ),
        actions=(
            *((tuple(turns),) if turns else ()),
            *(
                ((Action(t("Remind those who have not answered"), AskRemind(meeting.id), weight="main"),),)
                if ask and silent
                else ()
            ),
            (Action(t("Back to the meeting"), SeeMeeting(meeting.id)), to_home(t)),
        ),
    )
    return Reply(screen, at=SeeWho(meeting.id, page))


def _line(one: Standing, t: Translator) -> str:
    """Say what an institution answered; of a silent one also whether the call reached anybody."""
    if one.answered is not None:
        return answered(t, one.answered)
    if one.calling.place is None:
        return t("nobody can be reached")
    newest = max((each.told for each in one.reached if each.told is not None), key=lambda told: told.notice, default=None)
    return t("no answer yet; {went}", went=went(t, newest))


def _one(uow: UnitOfWork, _v: Visitor, person: Known, intent: SeeWhoOne, t: Translator) -> Reply:
    meeting, found = office.one(uow, Actor(person.id), intent.meeting, intent.membership)
    held = offices(uow, Actor(person.id), meeting.body)
    lines = [(t("Answer"), answered(t, found.answered))]
    if found.answered is not None:
        lines.append((t("Answered on"), t.instant(found.answered.answered_at)))
    lines += [(t("Told: {role}", role=words.place(t, one.role)), went(t, one.told)) for one in found.reached]
    lines += [(t("Vacant"), words.place(t, role)) for role in found.calling.vacant]
    lines += [(t("Cannot be reached"), words.place(t, role)) for role in found.calling.unreachable]
    rows: list[tuple[Action, ...]] = []
    if meeting.status == "convened" and meeting.ends_at > uow.now and may(held, "meeting.answer_for"):
        rows += [
            (Action(t("They say they will be there"), AnswerFor(meeting.id, found.membership, "yes")),),
            (Action(t("They say they will not be there"), AnswerFor(meeting.id, found.membership, "no")),),
        ]
    if may(held, "meeting.ledger"):
        rows.append((Action(t("Everything that was sent to this institution"), SeeTold(found.membership)),))
    screen = Screen(
        found.name,
        context=(f"{heading(t, meeting)} · {meeting.body_name}",),
        facts=tuple(lines),
        actions=(*rows, (Action(t("Back to the list"), SeeWho(meeting.id)), to_home(t))),
    )
    return Reply(screen, at=SeeWhoOne(meeting.id, found.membership))


def _answer_for(uow: UnitOfWork, visitor: Visitor, person: Known, intent: AnswerFor, t: Translator) -> Reply:
    answers.answer_for(uow, Actor(person.id), intent.meeting, intent.membership, "yes" if intent.answer == "yes" else "no")
    return _one(uow, visitor, person, SeeWhoOne(intent.meeting, intent.membership), t)


VISITS: Final[Mapping[type[Intent], Visit]] = {SeeWho: let_in(_who), SeeWhoOne: let_in(_one), AnswerFor: let_in(_answer_for)}
