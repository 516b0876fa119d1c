"""An annex: what is put right in minutes after they were accepted for good."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from konwent_bot.i18n import Translator
from konwent_bot.office import opening
from konwent_bot.office.people import Known
from konwent_bot.office.subjects import Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.intents import Intent
from konwent_bot.screens.meetings.beginning import begun
from konwent_bot.screens.minutes.draft import written_by
from konwent_bot.screens.minutes.version_words import called
from konwent_bot.screens.minutes_intents import WriteAnnex
from konwent_bot.screens.visiting import Visit, Visited, Visitor, go_home


def _write(uow: UnitOfWork, visitor: Visitor, person: Known | None, intent: WriteAnnex, t: Translator) -> Visited:
    if person is None:
        return go_home(uow, visitor, None, t), t
    minutes = written_by(uow, person, intent.minutes)
    subject = Subject("minutes.annex", minutes.body, minutes=minutes.id)
    talk = opening.begin(
        uow, person, subject, {"body": minutes.body_name, "minutes": called(t, minutes)}, page=visitor.page
    )  # fmt: skip
    return begun(uow, visitor, talk, t), t


VISITS: Final[Mapping[type[Intent], Visit]] = {WriteAnnex: _write}
