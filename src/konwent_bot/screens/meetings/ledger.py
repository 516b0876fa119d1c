"""The ledger as its coordinator reads it: of a meeting, and of an institution."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from konwent_bot.i18n import Translator
from konwent_bot.office.meetings import ledger as office
from konwent_bot.office.meetings.ledger import Entry
from konwent_bot.office.people import Known
from konwent_bot.office.rights import Actor
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.home import to_home
from konwent_bot.screens.intents import Intent, SeeInstitution
from konwent_bot.screens.let_in import let_in
from konwent_bot.screens.meeting_intents import SeeLedger, SeeMeeting, SeeTold
from konwent_bot.screens.meetings.told import occasion, role, went
from konwent_bot.screens.meetings.words import heading
from konwent_bot.screens.screen import Action, Row, Screen
from konwent_bot.screens.visiting import Reply, Visit, Visitor

#: Entries on one page.
PAGE: Final = 15


def _of_meeting(uow: UnitOfWork, _v: Visitor, person: Known, intent: SeeLedger, t: Translator) -> Reply:
    meeting, entries = office.of_meeting(uow, Actor(person.id), intent.meeting)
    page = _page(entries, intent.page)
    screen = Screen(
        t("What was sent, and how it went"),
        context=(f"{heading(t, meeting)} · {meeting.body_name}",),
        paragraphs=() if entries else (t("Nothing has been sent yet."),),
        rows=tuple(
            Row(_who(one, t), f"{occasion(t, one.told.occasion)} – {went(t, one.told)}")
            for one in entries[page * PAGE : (page + 1) * PAGE]
        ),
        actions=(
            *_turns(entries, page, lambda number: SeeLedger(meeting.id, number), t),
            (Action(t("Back to the meeting"), SeeMeeting(meeting.id)), to_home(t)),
        ),
    )
    return Reply(screen, at=SeeLedger(meeting.id, page))


def _of_institution(uow: UnitOfWork, _v: Visitor, person: Known, intent: SeeTold, t: Translator) -> Reply:
    found = office.of_institution(uow, Actor(person.id), intent.membership)
    page = _page(found.entries, intent.page)
    screen = Screen(
        t("What was sent to {institution}", institution=found.institution),
        context=(found.body_name,),
        paragraphs=() if found.entries else (t("Nothing has been sent yet."),),
        rows=tuple(
            Row(_what(one, t), t("{role} – {went}", role=role(t, one.role), went=went(t, one.told)))
            for one in found.entries[page * PAGE : (page + 1) * PAGE]
        ),
        actions=(
            *_turns(found.entries, page, lambda number: SeeTold(intent.membership, number), t),
            (Action(t("Back to the institution"), SeeInstitution(intent.membership)), to_home(t)),
        ),
    )
    return Reply(screen, at=SeeTold(intent.membership, page))


def _what(one: Entry, t: Translator) -> str:
    said = occasion(t, one.told.occasion)
    return f"{said}: {heading(t, one.meeting)}" if one.meeting is not None else said


def _who(one: Entry, t: Translator) -> str:
    return t("{institution}: {role}", institution=one.whose, role=role(t, one.role)) if one.whose else role(t, one.role)


def _page(entries: Sequence[Entry], wanted: int) -> int:
    return min(wanted, max(0, (len(entries) - 1) // PAGE))


def _turns(entries: Sequence[Entry], page: int, to: Callable[[int], Intent], t: Translator) -> tuple[tuple[Action, ...], ...]:
    turns = []
    if page > 0:
        turns.append(Action(t("‹ Previous"), to(page - 1)))
    if (page + 1) * PAGE < len(entries):
        turns.append(Action(t("Next ›"), to(page + 1)))
    return (tuple(turns),) if turns else ()


VISITS: Final[Mapping[type[Intent], Visit]] = {SeeLedger: let_in(_of_meeting), SeeTold: let_in(_of_institution)}
