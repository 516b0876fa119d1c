"""A year of a body to take along: all that went out of it, in one file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from konwent_bot.i18n import Translator
from konwent_bot.office import archive_year
from konwent_bot.office.people import Known
from konwent_bot.office.rights import Actor
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.archive_intents import SeeArchive, TakeYear
from konwent_bot.screens.intents import Intent
from konwent_bot.screens.let_in import let_in
from konwent_bot.screens.minutes import archive
from konwent_bot.screens.screen import Document
from konwent_bot.screens.visiting import Reply, Visit, Visitor


def _take(uow: UnitOfWork, visitor: Visitor, person: Known, intent: TakeYear, t: Translator) -> Reply:
    reply = archive.shown(uow, person, SeeArchive(intent.body, intent.year), t)
    if not visitor.page:  # a chat leads to the page: a year is large, and would stay in Telegram's own copy
        return reply
    file = archive_year.make(uow, Actor(person.id), intent.body, intent.year, t)
    return replace(reply, document=Document(file.name, file.media_type, file.content))


VISITS: Final[Mapping[type[Intent], Visit]] = {TakeYear: let_in(_take)}
