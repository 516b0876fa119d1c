"""The archive of a body: what it met about, wrote down and decided, by year and by words (``year``: to take along)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from konwent_bot import i18n
from konwent_bot.documents import decision_words, meeting_words
from konwent_bot.errors import N_
from konwent_bot.i18n import Translator
from konwent_bot.office import archive, bodies, people
from konwent_bot.office.archive import Hit
from konwent_bot.office.meetings import belonging
from konwent_bot.office.people import Known
from konwent_bot.office.rights import Actor
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.archive_intents import SearchArchive, SeeArchive, SeeMinutes, TakeYear
from konwent_bot.screens.ballot_intents import SeeDecision, SeeRegister
from konwent_bot.screens.home import to_home
from konwent_bot.screens.intents import Intent
from konwent_bot.screens.let_in import let_in
from konwent_bot.screens.meeting_intents import SeeMeeting
from konwent_bot.screens.meetings.words import named
from konwent_bot.screens.screen import Action, Field, Form, Row, Screen, in_rows
from konwent_bot.screens.visiting import Reply, Visit, Visited, Visitor, go_home, look_away

#: Things on one page.
PAGE: Final = 8
#: Years in a row of buttons.
_YEARS: Final = 4
#: Characters of a search.
MOST_CHARS: Final = 100
_STATES: Final = {"circulated": N_("waiting for answers"), "final": N_("final version")}


def shown(uow: UnitOfWork, person: Known, intent: SeeArchive, t: Translator) -> Reply:
    """Show a page of the archive to a member of its body."""
    actor = Actor(person.id)
    years = archive.years(uow, actor, intent.body)
    year = intent.year if intent.year in years else 0
    found = archive.search(uow, actor, intent.body, year=year or None, limit=PAGE, offset=intent.page * PAGE)
    last = max(0, (found.total - 1) // PAGE)
    page = min(intent.page, last)
    if page != intent.page:
        found = archive.search(uow, actor, intent.body, year=year or None, limit=PAGE, offset=page * PAGE)
    at = SeeArchive(intent.body, year, page)
    turns = tuple(
        Action(label, SeeArchive(intent.body, year, page + step))
        for label, step in ((t("‹ Previous"), -1), (t("Next ›"), 1))
        if 0 <= page + step <= last
    )
    by_year = [
        Action(("✓ " if one == year else "") + (str(one) if one else t("All")), SeeArchive(intent.body, one))
        for one in (0, *years)
    ]
    of = (t("page {page} of {pages}", page=page + 1, pages=last + 1),) if last else ()
    screen = Screen(
        t("Archive"),
        context=(bodies.find(uow, intent.body).name, *of),
        paragraphs=() if found.total else (t("Nothing stands in the archive yet."),),
        rows=tuple(_row(one, t) for one in found.hits),
        form=_form(intent.body, "", t) if years else None,
        notes=(t("In the chat you can also type, for example: {example}", example="/szukaj karta"),) if years else (),
        actions=(
            *((turns,) if turns else ()),
            *(in_rows(by_year, _YEARS) if len(years) > 1 else ()),
            *(
                (Action(t("Take the year {year} along (ZIP)", year=str(one)), TakeYear(intent.body, one)),)
                for one in (years[:1] if not year else (year,))
            ),
            (Action(t("Register of decisions"), SeeRegister(intent.body)),),
        ),
        trail=(to_home(t),),
    )  # fmt: skip
    return Reply(screen, at=at)


def _row(hit: Hit, t: Translator, *, body: str = "") -> Row:
    """Show one thing: what it is, when, what became of it, where the words stand in it. ``body``: its network, where there are several."""
    see: Intent
    match hit.kind:
        case "minutes":
            label, became, see = t("Minutes no. {number}", number=hit.name), t(_STATES[hit.state]), SeeMinutes(hit.number)
        case "decision":
            label = t("{name}: {title}", name=t("Decision {number}", number=hit.name), title=hit.title)
            became, see = decision_words.became(hit.state, t), SeeDecision(hit.number)
        case _:
            assert hit.meeting is not None
            label = named(t, hit.meeting)
            label = t("{name}: {title}", name=label, title=hit.title) if hit.title else label
            became, see = meeting_words.status(t, hit.state), SeeMeeting(hit.number)
    said = ", ".join(filter(None, (t.day(hit.day), became, body)))
    return Row(label, f"{said}. {hit.excerpt}" if hit.excerpt else said, Action(t("See"), see))


def _form(body: int, words: str, t: Translator) -> Form:
    field = Field("words", t("Words of a meeting, of minutes or of a decision"), value=words, most_chars=MOST_CHARS)
    return Form(SearchArchive(body), (field,), t("Search"), SeeArchive(body))


def _search(uow: UnitOfWork, visitor: Visitor, person: Known, intent: SearchArchive, t: Translator) -> Reply:
    words = visitor.given.fields.get("words", "")[:MOST_CHARS].strip()
    if not words:
        return shown(uow, person, SeeArchive(intent.body), t)
    found = archive.search(uow, Actor(person.id), intent.body, words=words)
    screen = Screen(
        t("Archive"),
        context=(bodies.find(uow, intent.body).name,),
        paragraphs=_told(found.total, len(found.hits), words, t),
        rows=tuple(_row(one, t) for one in found.hits),
        form=_form(intent.body, words, t),
        actions=((Action(t("All of the archive"), SeeArchive(intent.body)),),),
        trail=(to_home(t),),
    )
    return Reply(screen)


def _told(total: int, shown: int, words: str, t: Translator) -> tuple[str, ...]:
    if not total:
        return (t("Nothing in the archive has these words: {words}. Please try fewer of them.", words=words),)
    said = t.plural("{n} thing has these words: {words}.", "{n} things have these words: {words}.", total, words=words)
    return (said, t("The newest are shown. Please add a word to find fewer.")) if total > shown else (said,)


def heard(uow: UnitOfWork, visitor: Visitor, words: str) -> Visited:
    """Look for words that were typed into a chat after a command, in all networks of whoever typed them."""
    assert visitor.caller is not None
    person = people.find(uow, visitor.caller)
    if person is None:
        t = i18n.translator(i18n.nearest(visitor.language))
        return go_home(uow, visitor, None, t), t
    t = i18n.translator(person.language)
    look_away(uow, visitor, person)
    return Reply(_everywhere(uow, person, words[:MOST_CHARS].strip(), t)), t


def _everywhere(uow: UnitOfWork, person: Known, words: str, t: Translator) -> Screen:
    mine = belonging.bodies(uow, person.id)
    archives = tuple((Action(t("Archive: {body}", body=name), SeeArchive(body)),) for body, name in mine)
    if not words:
        says = (t("Type words after the command, for example: {example}", example="/szukaj karta"),)
        return Screen(t("Archive"), paragraphs=says, actions=(*archives, (to_home(t),)))
    found = [(archive.search(uow, Actor(person.id), body, words=words, limit=PAGE), name) for body, name in mine]
    hits = sorted(((hit, name) for one, name in found for hit in one.hits), key=lambda one: one[0].at, reverse=True)[:PAGE]
    return Screen(
        t("Archive"),
        paragraphs=_told(sum(one.total for one, _ in found), len(hits), words, t),
        rows=tuple(_row(hit, t, body=name if len(mine) > 1 else "") for hit, name in hits),
        actions=(*archives, (to_home(t),)),
    )


def _see(uow: UnitOfWork, _v: Visitor, person: Known, intent: SeeArchive, t: Translator) -> Reply:
    return shown(uow, person, intent, t)


VISITS: Final[Mapping[type[Intent], Visit]] = {
    SeeArchive: let_in(_see),
    SearchArchive: let_in(_search),
}
