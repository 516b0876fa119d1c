"""The files of a meeting: for whoever may see it to take, for its coordinator to attach and remove."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from konwent_bot.documents.materials import LARGEST
from konwent_bot.errors import N_, Invalid, NotFound, Refused
from konwent_bot.i18n import Translator
from konwent_bot.office.meetings import facts, materials
from konwent_bot.office.meetings.facts import Meeting
from konwent_bot.office.meetings.materials import ATTACH, MOST_BYTES, MOST_FILES, Attached
from konwent_bot.office.people import Known
from konwent_bot.office.rights import Actor, offices, require
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.agenda_intents import AttachMaterial, RemoveMaterial, SeeMaterials, TakeMaterial
from konwent_bot.screens.intents import Intent
from konwent_bot.screens.let_in import let_in
from konwent_bot.screens.meetings.agenda_words import trail
from konwent_bot.screens.meetings.offering import may
from konwent_bot.screens.meetings.words import heading
from konwent_bot.screens.screen import Action, Document, Field, Form, Row, Screen
from konwent_bot.screens.visiting import Reply, Visit, Visitor
from konwent_bot.screens.words import short

ACCEPT: Final = ".pdf,.docx,.xlsx,.pptx,.odt,.ods,.odp,.png,.jpg,.jpeg,.txt"


def size(t: Translator, count: int) -> str:
    """Say how large a file is."""
    if count < 1024**2:
        return t("{n} kB", n=max(1, round(count / 1024)))
    return t("{n} MB", n=round(count / 1024**2, 1))


def show(
    uow: UnitOfWork, person: Known, meeting: Meeting, found: list[Attached], t: Translator, *, notice: str = "", problem: str = ""
) -> Screen:
    """Show the files of a meeting."""
    attaches = may(offices(uow, Actor(person.id), meeting.body), ATTACH)
    room = attaches and meeting.status != "cancelled" and len(found) < MOST_FILES
    return Screen(
        t("Materials"),
        context=(heading(t, meeting), meeting.body_name),
        notice=notice,
        problem=problem,
        paragraphs=() if found else (t("There are no files for this meeting yet."),),
        rows=tuple(Row(one.name, size(t, one.size), Action(t("Take the file"), TakeMaterial(one.id))) for one in found),
        form=_form(meeting, t, problem) if room else None,
        actions=tuple((Action(t("Remove: {name}", name=short(one.name)), RemoveMaterial(one.id)),) for one in found) if attaches else (),
        trail=trail(t, meeting),
    )  # fmt: skip


def _form(meeting: Meeting, t: Translator, problem: str) -> Form:
    hint = t(
        "PDF, document, sheet, presentation, picture or text without macros; at most {one} MB, and {all} MB together. Everybody who is called can take it.",
        one=LARGEST // 1024**2, all=MOST_BYTES // 1024**2,
    )  # fmt: skip
    file = Field("file", t("File for the meeting"), kind="file", hint=hint, problem=problem, accept=ACCEPT)
    return Form(AttachMaterial(meeting.id), (file,), t("Attach the file"), SeeMaterials(meeting.id))


def way(uow: UnitOfWork, person: Known, meeting: Meeting, held: Collection[str], t: Translator) -> list[tuple[Action, ...]]:
    """Lead from a meeting's own screen to its files: with how many there are, or to whoever may attach some."""
    found = len(materials.of(uow, Actor(person.id), meeting.id)[1])
    if not found and not may(held, ATTACH):
        return []
    return [(Action(t("Materials ({n})", n=found) if found else t("Materials"), SeeMaterials(meeting.id)),)]


# --- visits -----------------------------------------------------------------------------------------------------------


def _see(uow: UnitOfWork, _v: Visitor, person: Known, intent: SeeMaterials, t: Translator) -> Reply:
    meeting, found = materials.of(uow, Actor(person.id), intent.meeting)
    return Reply(show(uow, person, meeting, found, t), at=intent)


def _attach(uow: UnitOfWork, visitor: Visitor, person: Known, intent: AttachMaterial, t: Translator) -> Reply:
    actor, given = Actor(person.id), visitor.given
    meeting = facts.see(uow, actor, intent.meeting)
    require(uow, actor, ATTACH, body=meeting.body)
    try:
        if visitor.page:  # files come by pages only
            if not given.file:
                raise Invalid(N_("Choose the file first."))
            materials.attach(uow, actor, meeting.id, given.file_name, given.file)
    except (Invalid, Refused) as wrong:
        if isinstance(wrong, NotFound):
            raise
        shown = show(uow, person, *materials.of(uow, actor, meeting.id), t, problem=t.say(wrong))
        return Reply(shown, at=SeeMaterials(meeting.id), refusal=wrong)
    notice = t("The file is attached.") if visitor.page else ""
    return Reply(show(uow, person, *materials.of(uow, actor, meeting.id), t, notice=notice), at=SeeMaterials(meeting.id))


def _take(uow: UnitOfWork, _v: Visitor, person: Known, intent: TakeMaterial, t: Translator) -> Reply:
    actor = Actor(person.id)
    meeting, file = materials.take(uow, actor, intent.material)
    shown = show(uow, person, *materials.of(uow, actor, meeting.id), t)
    return Reply(shown, at=SeeMaterials(meeting.id), document=Document(file.name, file.media_type, file.content))


def _remove(uow: UnitOfWork, _v: Visitor, person: Known, intent: RemoveMaterial, t: Translator) -> Reply:
    actor = Actor(person.id)
    meeting = materials.remove(uow, actor, intent.material)
    shown = show(uow, person, *materials.of(uow, actor, meeting.id), t, notice=t("The file is removed."))
    return Reply(shown, at=SeeMaterials(meeting.id))


VISITS: Final[Mapping[type[Intent], Visit]] = {
    SeeMaterials: let_in(_see),
    AttachMaterial: let_in(_attach),
    TakeMaterial: let_in(_take),
    RemoveMaterial: let_in(_remove),
}
