"""The draft of minutes as a whole: its text on one page, and the document as it would be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from konwent_bot import i18n
from konwent_bot.documents.minutes import content as contents
from konwent_bot.documents.minutes import sheet
from konwent_bot.i18n import Translator
from konwent_bot.office.minutes import drafts
from konwent_bot.office.minutes.drafts import Current
from konwent_bot.office.people import Known
from konwent_bot.office.rights import Actor
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.intents import Intent, OpenPage, place_of
from konwent_bot.screens.let_in import let_in
from konwent_bot.screens.minutes import draft_words as words
from konwent_bot.screens.minutes import pieces
from konwent_bot.screens.minutes.draft import show
from konwent_bot.screens.minutes_intents import SeeDraft, SeeWholeDraft, TakeDraft
from konwent_bot.screens.screen import Action, Document, Screen, Section
from konwent_bot.screens.visiting import Reply, Visit, Visitor


def _see(uow: UnitOfWork, visitor: Visitor, person: Known, intent: SeeWholeDraft, t: Translator) -> Reply:
    current = drafts.current(uow, Actor(person.id), intent.minutes)
    page = Action(t("Read it in the browser"), OpenPage(place_of(intent)), only="chat", weight="main")
    screen = Screen(
        t("The whole text of the draft"),
        context=words.below(uow, current.minutes, t),
        paragraphs=() if visitor.page else (t("A long text is cut here. In the browser it stands whole."),),
        sections=sections(current),
        actions=((page,), (Action(t("Take the PDF as it would be"), TakeDraft(intent.minutes)),)),
        trail=words.trail(t, current.minutes),
    )
    return Reply(screen, at=intent)


def sections(current: Current) -> tuple[Section, ...]:
    """Give a draft point by point, as it would be read."""
    head = "\n".join(": ".join(row.cells) for row in current.draft.head)
    first = Section(f"{current.draft.title} {current.draft.subtitle}", (head,), pieces.LANGUAGE)
    return (first, *pieces.sections(current.draft.points))


def _take(uow: UnitOfWork, _v: Visitor, person: Known, intent: TakeDraft, t: Translator) -> Reply:
    current = drafts.current(uow, Actor(person.id), intent.minutes)
    polish = i18n.translator(pieces.LANGUAGE)
    made = contents.content(current.draft, polish, kind="draft", version=current.minutes.version + 1, files=current.facts.files)
    document = Document(sheet.file_name(made), "application/pdf", sheet.make(made, polish).pdf)
    return Reply(show(uow, person, current.minutes, t), at=SeeDraft(intent.minutes), document=document)


VISITS: Final[Mapping[type[Intent], Visit]] = {SeeWholeDraft: let_in(_see), TakeDraft: let_in(_take)}
