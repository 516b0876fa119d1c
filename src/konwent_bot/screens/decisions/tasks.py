"""Tasks of a body, listed; and one given to an institution because of a decision, by a conversation. Each by itself: ``screens.task``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from konwent_bot.dialogue.values import GivenFact
from konwent_bot.i18n import Translator
from konwent_bot.office import opening, tasks
from konwent_bot.office.decisions import register
from konwent_bot.office.meetings import facts as meetings
from konwent_bot.office.people import Known
from konwent_bot.office.rights import Actor, offices
from konwent_bot.office.subjects import Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.ballot_intents import AttachTask, SeeRegister, SeeTasks
from konwent_bot.screens.decisions import task_words
from konwent_bot.screens.home import to_home
from konwent_bot.screens.intents import Intent
from konwent_bot.screens.let_in import let_in
from konwent_bot.screens.meetings.beginning import begun
from konwent_bot.screens.screen import Action, Screen
from konwent_bot.screens.visiting import Reply, Visit, Visited, Visitor, go_home

#: Tasks on one page of the list.
PAGE: Final = 8


def _list(uow: UnitOfWork, _v: Visitor, person: Known, intent: SeeTasks, t: Translator) -> Reply:
    actor = Actor(person.id)
    found = tasks.open_of(uow, actor, intent.body)
    last = max(0, (len(found) - 1) // PAGE)
    page = min(intent.page, last)
    turns = []
    if page > 0:
        turns.append(Action(t("‹ Previous"), SeeTasks(intent.body, page - 1)))
    if page < last:
        turns.append(Action(t("Next ›"), SeeTasks(intent.body, page + 1)))
    held = offices(uow, actor, intent.body)
    names = (found[0].body_name,) if found else ()
    pages = (t("page {page} of {pages}", page=page + 1, pages=last + 1),) if last else ()
    screen = Screen(
        t("Tasks to be done"),
        context=(*names, *pages),
        paragraphs=() if found else (t("No task is open."),),
        rows=tuple(
            task_words.row(uow, person, task, held, t, of=True) for task in found[page * PAGE : (page + 1) * PAGE]
        ),
        actions=(tuple(turns),) if turns else (),
        trail=(to_home(t), Action(t("Register of decisions"), SeeRegister(intent.body))),
    )  # fmt: skip
    return Reply(screen, at=SeeTasks(intent.body, page))


def _attach(uow: UnitOfWork, visitor: Visitor, person: Known | None, intent: AttachTask, t: Translator) -> Visited:
    if person is None:
        return go_home(uow, visitor, None, t), t
    entry = register.see(uow, Actor(person.id), intent.decision)
    members = meetings.members_of_body(uow, entry.body)
    known: dict[str, GivenFact] = {
        "body": entry.body_name,
        "decision": f"{entry.name}, {entry.title}",
        "institutions": [{"id": str(one.membership), "label": one.name} for one in members],
        "today": uow.today,
    }
    talk = opening.begin(uow, person, Subject(tasks.DECISION_TASK, entry.body, decision=entry.id), known, page=visitor.page)
    return begun(uow, visitor, talk, t), t


VISITS: Final[Mapping[type[Intent], Visit]] = {
    SeeTasks: let_in(_list),
    AttachTask: _attach,
}
