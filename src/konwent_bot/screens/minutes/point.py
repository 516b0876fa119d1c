"""A point of the minutes: what the program wrote from which fact, what people wrote, and what may be done about both."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Final, Literal

from konwent_bot.dialogue.values import GivenFact
from konwent_bot.documents.minutes.draft import DraftPoint
from konwent_bot.errors import NotFound
from konwent_bot.i18n import Translator
from konwent_bot.office import opening
from konwent_bot.office.meetings import facts as meetings
from konwent_bot.office.meetings.facts import NOT_HERE
from konwent_bot.office.minutes import drafts, facts
from konwent_bot.office.minutes.drafts import Current
from konwent_bot.office.minutes.facts import END, Minutes
from konwent_bot.office.minutes.notes import Note
from konwent_bot.office.people import Known
from konwent_bot.office.rights import RIGHTS, Actor, offices
from konwent_bot.office.subjects import Subject
from konwent_bot.office.tasks import MINUTES_TASK
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.agenda_intents import SeeAttendance, SeeItem
from konwent_bot.screens.intents import Intent
from konwent_bot.screens.let_in import let_in
from konwent_bot.screens.meetings.beginning import begun
from konwent_bot.screens.minutes import draft_words as words
from konwent_bot.screens.minutes import pieces
from konwent_bot.screens.minutes.version_words import called
from konwent_bot.screens.minutes_intents import (
    GiveTask,
    MovePoint,
    SeeNote,
    SeePoint,
    WriteNote,
    from_button,
    in_button,
)
from konwent_bot.screens.screen import Action, Row, Screen, Section
from konwent_bot.screens.visiting import Reply, Visit, Visited, Visitor, go_home

#: Characters of paragraphs on one screen, and of a paragraph somebody wrote, which has a screen of its own.
_MOST: Final = 2400
_SHOWN: Final = 160


def show(
    uow: UnitOfWork, person: Known, current: Current, point: DraftPoint, t: Translator, *, page: int = 0, notice: str = ""
) -> Screen:
    """Show a point of a draft: what comes of facts in parts of a page, what people wrote as lines to choose from."""
    minutes = current.minutes
    held = offices(uow, Actor(person.id), minutes.body)
    parts = pieces.pages(_sections(point, t), most=_MOST)
    last = max(0, len(parts) - 1)
    page = min(page, last)
    turns = []
    if page > 0:
        turns.append(Action(t("‹ Previous"), SeePoint(minutes.id, in_button(point.key), page - 1)))
    if page < last:
        turns.append(Action(t("Next ›"), SeePoint(minutes.id, in_button(point.key), page + 1)))
    waiting = {one.note for one in current.rivals}
    mine = [one for one in current.notes if one.point == point.key]
    pages = (t("page {page} of {pages}", page=page + 1, pages=last + 1),) if last else ()
    return Screen(
        point.named,
        context=(*words.below(uow, minutes, t), *pages),
        notice=notice,
        paragraphs=() if point.paragraphs else (t("Nothing is written here yet."),),
        sections=parts[page] if parts else (),
        rows=tuple(_written(one, t, waits=one.id in waiting) for one in mine) if page == last else (),
        actions=(
            *((tuple(turns),) if turns else ()),
            *_writing(minutes, point, t, tasks=not RIGHTS[MINUTES_TASK].isdisjoint(held)),
            *_moving(current, point, t),
            *_mending(minutes, point, t),
        ),
        trail=words.trail(t, minutes),
    )


def _sections(point: DraftPoint, t: Translator) -> list[Section]:
    """Show the paragraphs that come of facts, under these; the text itself is Polish, whoever reads it."""
    facts_only = (one for one in point.paragraphs if one.kind != "note")
    return [
        Section(title, tuple("\n".join(one.lines) for one in found), pieces.LANGUAGE, own_title=True)
        for title, found in groupby(facts_only, lambda one: words.origin(t, one.source))
    ]


def _written(note: Note, t: Translator, *, waits: bool) -> Row:
    """Show what somebody wrote; ``waits``: another text of it waits for a choice."""
    text = note.body if len(note.body) <= _SHOWN else note.body[: _SHOWN - 1].rstrip() + "…"
    return Row(
        t("Added; two texts wait for a choice") if waits else t("Added"), text, Action(t("See or change"), SeeNote(note.id))
    )


def _writing(minutes: Minutes, point: DraftPoint, t: Translator, *, tasks: bool) -> list[tuple[Action, ...]]:
    """Offer to write where people write: under the points of the agenda, and after all of them."""
    if minutes.locked or not takes_text(point.key):
        return []
    rows: list[tuple[Action, ...]] = [(Action(t("Add a paragraph"), WriteNote(minutes.id, in_button(point.key)), weight="main"),)]
    if tasks:
        rows.append((Action(t("Give a task"), GiveTask(minutes.id, in_button(point.key))),))
    return rows


def takes_text(point: str) -> bool:
    """Tell whether people write under a point."""
    return point == END or bool(facts.item_of(point))


def _moving(current: Current, point: DraftPoint, t: Translator) -> list[tuple[Action, ...]]:
    """Offer to move a point of the agenda to where it was really dealt with."""
    order = _order(current)
    if current.minutes.locked or point.key not in order:
        return []
    place = order.index(point.key) + 1
    row = []
    if place > 1:
        row.append(Action(t("Earlier"), MovePoint(current.minutes.id, in_button(point.key), place, "up")))
    if place < len(order):
        row.append(Action(t("Later"), MovePoint(current.minutes.id, in_button(point.key), place, "down")))
    return [tuple(row)] if row else []


def _order(current: Current) -> list[str]:
    return [one.key for one in current.draft.points if facts.item_of(one.key)]


def _mending(minutes: Minutes, point: DraftPoint, t: Translator) -> list[tuple[Action, ...]]:
    """Lead to where the facts are put right: the draft follows by itself."""
    if minutes.locked:
        return []
    if point.key == "attendance":
        return [(Action(t("Correct the attendance"), SeeAttendance(minutes.meeting)),)]
    item = facts.item_of(point.key)
    return [(Action(t("The item of the agenda"), SeeItem(item)),)] if item else []


# --- visits -----------------------------------------------------------------------------------------------------------


def find(uow: UnitOfWork, person: Known, minutes: int, point: str, t: Translator) -> tuple[Current, DraftPoint]:
    """Give a draft and a point of it to somebody who writes it.

    Raises:
        NotFound: there are no such minutes for them, or there is no such point.
    """
    current = drafts.current(uow, Actor(person.id), minutes)
    found = current.draft.point(from_button(point))
    if found is None:
        if from_button(point) != END:
            raise NotFound(NOT_HERE)
        found = DraftPoint(END, t("At the end"), None, ())
    return current, found


def _see(uow: UnitOfWork, _v: Visitor, person: Known, intent: SeePoint, t: Translator) -> Reply:
    current, point = find(uow, person, intent.minutes, intent.point, t)
    return Reply(show(uow, person, current, point, t, page=intent.page), at=intent)


def _move(uow: UnitOfWork, _v: Visitor, person: Known, intent: MovePoint, t: Translator) -> Reply:
    current, point = find(uow, person, intent.minutes, intent.point, t)
    order = _order(current)
    said = t("The points had changed meanwhile, so nothing was moved. This is how it is now.")
    if point.key in order and order.index(point.key) + 1 == intent.place:
        step: Literal[-1, 1] = -1 if intent.way == "up" else 1
        drafts.move_point(uow, Actor(person.id), intent.minutes, point.key, step)
        said = t("Moved.")
    current, point = find(uow, person, intent.minutes, intent.point, t)
    return Reply(show(uow, person, current, point, t, notice=said), at=SeePoint(intent.minutes, intent.point))


def _write(uow: UnitOfWork, visitor: Visitor, person: Known | None, intent: WriteNote, t: Translator) -> Visited:
    if person is None:
        return go_home(uow, visitor, None, t), t
    current, point = find(uow, person, intent.minutes, intent.point, t)
    if not takes_text(point.key):
        raise NotFound(NOT_HERE)
    minutes = current.minutes
    subject = Subject("minutes.write", minutes.body, minutes=minutes.id, item=facts.item_of(point.key))
    talk = opening.begin(uow, person, subject, told(minutes, point.named, t), page=visitor.page)
    return begun(uow, visitor, talk, t, opens=False), t


def told(minutes: Minutes, point: str, t: Translator) -> dict[str, GivenFact]:
    """Give what every conversation about a point of minutes is told."""
    return {"body": minutes.body_name, "minutes": called(t, minutes), "point": point[:200]}


def _task(uow: UnitOfWork, visitor: Visitor, person: Known | None, intent: GiveTask, t: Translator) -> Visited:
    if person is None:
        return go_home(uow, visitor, None, t), t
    current, point = find(uow, person, intent.minutes, intent.point, t)
    if not takes_text(point.key):
        raise NotFound(NOT_HERE)
    minutes = current.minutes
    members = meetings.members_of_body(uow, minutes.body)
    known: dict[str, GivenFact] = {
        **told(minutes, point.named, t),
        "institutions": [{"id": str(one.membership), "label": one.name} for one in members],
        "today": uow.today,
    }
    subject = Subject(MINUTES_TASK, minutes.body, minutes=minutes.id, item=facts.item_of(point.key))
    talk = opening.begin(uow, person, subject, known, page=visitor.page)
    return begun(uow, visitor, talk, t, opens=False), t


VISITS: Final[Mapping[type[Intent], Visit]] = {
    SeePoint: let_in(_see),
    MovePoint: let_in(_move),
    WriteNote: _write,
    GiveTask: _task,
}
