"""The register of what a body decided: the newest first, by year, found by words, taken along as a workbook or for programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from konwent_bot.documents import decision_words
from konwent_bot.errors import NotFound
from konwent_bot.i18n import Translator
from konwent_bot.office import bodies
from konwent_bot.office.decisions import export, register
from konwent_bot.office.decisions.register import Entry, Found
from konwent_bot.office.meetings.facts import NOT_HERE
from konwent_bot.office.people import Known
from konwent_bot.office.rights import Actor
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.ballot_intents import SearchRegister, SeeDecision, SeeRegister, SeeTasks, TakeRegister
from konwent_bot.screens.home import to_home
from konwent_bot.screens.intents import Intent
from konwent_bot.screens.let_in import let_in
from konwent_bot.screens.proposal_intents import SeeMotions
from konwent_bot.screens.screen import Action, Document, Field, Form, Row, Screen, in_rows
from konwent_bot.screens.visiting import Reply, Visit, Visitor

#: Decisions on one page.
PAGE: Final = 8
#: Years in a row of buttons.
_YEARS: Final = 4
#: Characters of a search.
_MOST_CHARS: Final = 100


def _see(uow: UnitOfWork, _v: Visitor, person: Known, intent: SeeRegister, t: Translator) -> Reply:
    actor = Actor(person.id)
    years = register.years(uow, actor, intent.body)
    year = intent.year if intent.year in years else 0
    found = register.search(uow, actor, intent.body, year=year or None, limit=PAGE, offset=0)
    last = max(0, (found.total - 1) // PAGE)
    page = min(intent.page, last)
    if page:
        found = register.search(uow, actor, intent.body, year=year or None, limit=PAGE, offset=page * PAGE)
    at = SeeRegister(intent.body, year, page)
    turns = []
    if page > 0:
        turns.append(Action(t("‹ Previous"), SeeRegister(intent.body, year, page - 1)))
    if page < last:
        turns.append(Action(t("Next ›"), SeeRegister(intent.body, year, page + 1)))
    by_year = [
        Action(("✓ " if one == year else "") + (str(one) if one else t("All")), SeeRegister(intent.body, one))
        for one in (0, *years)
    ]
    screen = Screen(
        t("Register of decisions"),
        context=(
            bodies.find(uow, intent.body).name,
            *((t("page {page} of {pages}", page=page + 1, pages=last + 1),) if last else ()),
        ),
        paragraphs=() if found.total else (t("Nothing has been decided yet."),),
        rows=tuple(_row(one, t) for one in found.entries),
        form=_form(intent.body, "", t) if years else None,
        actions=(
            *((tuple(turns),) if turns else ()),
            *(in_rows(by_year, _YEARS) if len(years) > 1 else ()),
            *_files(intent.body, t, some=bool(years)),
            (Action(t("Tasks to be done"), SeeTasks(intent.body)), Action(t("Proposals"), SeeMotions(intent.body))),
        ),
        trail=(to_home(t),),
    )  # fmt: skip
    return Reply(screen, at=at)


def _row(entry: Entry, t: Translator) -> Row:
    became = decision_words.became(entry.verdict, t) if entry.superseded_by is None else t("replaced by a later decision")
    said = t("{became}, {day}", became=became, day=t.day(entry.taken_at))
    return Row(f"{entry.name} {entry.title}", said, Action(t("See"), SeeDecision(entry.id)))


def _form(body: int, words: str, t: Translator) -> Form:
    field = Field(
        "words", t("Words of a decision, or its number"), value=words, most_chars=_MOST_CHARS
    )  # fmt: skip
    return Form(SearchRegister(body), (field,), t("Search"), SeeRegister(body))


def _files(body: int, t: Translator, *, some: bool) -> tuple[tuple[Action, ...], ...]:
    if not some:
        return ()
    return (
        (
            Action(t("As a workbook (XLSX)"), TakeRegister(body, "xlsx")),
            Action(t("For programs (JSON)"), TakeRegister(body, "json")),
        ),
    )


def _search(uow: UnitOfWork, visitor: Visitor, person: Known, intent: SearchRegister, t: Translator) -> Reply:
    words = visitor.given.fields.get("words", "")[:_MOST_CHARS].strip()
    found = register.search(uow, Actor(person.id), intent.body, words=words)
    if not words:
        return _see(uow, visitor, person, SeeRegister(intent.body), t)
    screen = Screen(
        t("Register of decisions"),
        context=(bodies.find(uow, intent.body).name,),
        paragraphs=_told(found, words, t),
        rows=tuple(_row(one, t) for one in found.entries),
        form=_form(intent.body, words, t),
        actions=((Action(t("All decisions"), SeeRegister(intent.body)),),),
        trail=(to_home(t),),
    )
    return Reply(screen)


def _told(found: Found, words: str, t: Translator) -> tuple[str, ...]:
    if not found.total:
        return (t("No decision has these words: {words}. Please try fewer of them.", words=words),)
    said = t.plural(
        "{n} decision has these words: {words}.", "{n} decisions have these words: {words}.", found.total, words=words
    )
    rest = found.total - len(found.entries)
    return (said, t("The newest are shown. Please add a word to find fewer.")) if rest else (said,)


def _take(uow: UnitOfWork, visitor: Visitor, person: Known, intent: TakeRegister, t: Translator) -> Reply:
    actor = Actor(person.id)
    match intent.file:
        case "xlsx":
            file = export.register_xlsx(uow, actor, intent.body, t)
        case "json":
            file = export.register_json(uow, actor, intent.body)
        case _:
            raise NotFound(NOT_HERE)
    shown = _see(uow, visitor, person, SeeRegister(intent.body), t)
    return Reply(shown.screen, at=shown.at, document=Document(file.name, file.media_type, file.content))


VISITS: Final[Mapping[type[Intent], Visit]] = {
    SeeRegister: let_in(_see),
    SearchRegister: let_in(_search),
    TakeRegister: let_in(_take),
}
