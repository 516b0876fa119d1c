"""The files that go with minutes: for whoever writes them to attach and take away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from konwent_bot.documents.materials import LARGEST
from konwent_bot.errors import N_, Invalid, NotFound, Refused
from konwent_bot.i18n import Translator
from konwent_bot.office.meetings.materials import MOST_BYTES, MOST_FILES
from konwent_bot.office.minutes import facts, files
from konwent_bot.office.minutes.facts import Minutes
from konwent_bot.office.people import Known
from konwent_bot.office.rights import Actor
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.intents import Intent
from konwent_bot.screens.let_in import let_in
from konwent_bot.screens.meetings.materials import ACCEPT, size
from konwent_bot.screens.minutes import draft_words as words
from konwent_bot.screens.minutes.draft import written_by
from konwent_bot.screens.minutes_intents import AttachDraftFile, RemoveDraftFile, SeeDraftFiles, TakeDraftFile
from konwent_bot.screens.screen import Action, Document, Field, Form, Row, Screen
from konwent_bot.screens.visiting import Reply, Visit, Visitor
from konwent_bot.screens.words import short


def show(uow: UnitOfWork, minutes: Minutes, t: Translator, *, notice: str = "", problem: str = "") -> Screen:
    """Show the files that go with minutes."""
    found = files.of(uow, minutes.id)
    room = not minutes.locked and len(found) < MOST_FILES
    return Screen(
        t("Files that go with the minutes"),
        context=words.below(uow, minutes, t),
        notice=notice,
        problem=problem,
        paragraphs=() if found else (t("There are no files with these minutes yet."),),
        rows=tuple(Row(one.name, size(t, one.size), Action(t("Take the file"), TakeDraftFile(one.id))) for one in found),
        form=_form(minutes, t, problem) if room else None,
        actions=() if minutes.locked else tuple((Action(t("Remove: {name}", name=short(one.name)), RemoveDraftFile(one.id)),) for one in found),
        trail=words.trail(t, minutes),
    )  # fmt: skip


def _form(minutes: Minutes, t: Translator, problem: str) -> Form:
    hint = t(
        "PDF, document, sheet, presentation, picture or text without macros; at most {one} MB, and {all} MB together. Every institution gets it with the minutes.",
        one=LARGEST // 1024**2, all=MOST_BYTES // 1024**2,
    )  # fmt: skip
    file = Field("file", t("File that goes with the minutes"), kind="file", hint=hint, problem=problem, accept=ACCEPT)
    return Form(AttachDraftFile(minutes.id), (file,), t("Attach the file"), SeeDraftFiles(minutes.id))


def _see(uow: UnitOfWork, _v: Visitor, person: Known, intent: SeeDraftFiles, t: Translator) -> Reply:
    return Reply(show(uow, written_by(uow, person, intent.minutes), t), at=intent)


def _attach(uow: UnitOfWork, visitor: Visitor, person: Known, intent: AttachDraftFile, t: Translator) -> Reply:
    minutes, given = written_by(uow, person, intent.minutes), visitor.given
    try:
        if visitor.page:  # files come by pages only
            if not given.file:
                raise Invalid(N_("Choose the file first."))
            files.attach(uow, Actor(person.id), minutes.id, given.file_name, given.file)
    except (Invalid, Refused) as wrong:
        if isinstance(wrong, NotFound):
            raise
        return Reply(show(uow, minutes, t, problem=t.say(wrong)), at=SeeDraftFiles(minutes.id), refusal=wrong)
    notice = t("The file is attached.") if visitor.page else ""
    return Reply(show(uow, facts.get(uow, minutes.id), t, notice=notice), at=SeeDraftFiles(minutes.id))


def _take(uow: UnitOfWork, _v: Visitor, person: Known, intent: TakeDraftFile, t: Translator) -> Reply:
    minutes, file = files.take(uow, Actor(person.id), intent.file)
    shown = show(uow, written_by(uow, person, minutes.id), t)
    return Reply(shown, at=SeeDraftFiles(minutes.id), document=Document(file.name, file.media_type, file.content))


def _remove(uow: UnitOfWork, _v: Visitor, person: Known, intent: RemoveDraftFile, t: Translator) -> Reply:
    minutes = files.remove(uow, Actor(person.id), intent.file)
    return Reply(show(uow, minutes, t, notice=t("The file is removed.")), at=SeeDraftFiles(minutes.id))


VISITS: Final[Mapping[type[Intent], Visit]] = {
    SeeDraftFiles: let_in(_see),
    AttachDraftFile: let_in(_attach),
    TakeDraftFile: let_in(_take),
    RemoveDraftFile: let_in(_remove),
}
