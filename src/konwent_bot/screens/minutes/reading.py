"""Minutes that went out, for whoever may see them: what they come to, the whole text, the document, what one's institution answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from konwent_bot.documents.minutes import text
from konwent_bot.errors import NotFound
from konwent_bot.i18n import Translator
from konwent_bot.office.meetings import facts as meetings
from konwent_bot.office.meetings.facts import NOT_HERE
from konwent_bot.office.minutes import answers, facts, files, roll, versions
from konwent_bot.office.minutes.facts import Minutes
from konwent_bot.office.minutes.roll import Place, Roll
from konwent_bot.office.minutes.versions import Version
from konwent_bot.office.people import Known
from konwent_bot.office.rights import Actor
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.archive_intents import (
    AcceptMinutes,
    ReadMinutes,
    SeeArchive,
    SeeMinutes,
    TakeBackRemark,
    TakeMinutes,
    TakeMinutesFile,
    WriteRemark,
)
from konwent_bot.screens.home import to_home
from konwent_bot.screens.intents import Intent
from konwent_bot.screens.let_in import let_in
from konwent_bot.screens.meeting_intents import SeeMeeting
from konwent_bot.screens.meetings.words import heading
from konwent_bot.screens.minutes import pieces, version_words
from konwent_bot.screens.minutes.version_words import called
from konwent_bot.screens.minutes_intents import SeeDraft
from konwent_bot.screens.screen import Action, Document, Row, Screen
from konwent_bot.screens.visiting import Reply, Visit, Visitor
from konwent_bot.screens.words import short

#: Characters of a page of a browser: nearly all minutes are one.
OF_A_PAGE: Final = 60_000


def shown(uow: UnitOfWork, person: Known, number: int, t: Translator, *, version: int = 0, notice: str = "") -> Reply:
    """Show minutes that went out to somebody who may see them.

    Raises:
        NotFound: there are none for this person, or no such version.
    """
    minutes, found = _found(uow, person, number, version)
    screen = _screen(uow, person, minutes, found, t, notice=notice)
    return _noted(uow, person, minutes, Reply(screen, at=SeeMinutes(minutes.id, version)))


def _found(uow: UnitOfWork, person: Known, number: int, version: int) -> tuple[Minutes, Version]:
    actor = Actor(person.id)
    if version:
        return versions.see(uow, actor, number, version)
    minutes = facts.see(uow, actor, number)
    return minutes, versions.get(uow, minutes.id, minutes.version)


def _screen(uow: UnitOfWork, person: Known, minutes: Minutes, version: Version, t: Translator, *, notice: str) -> Screen:
    everything = versions.of(uow, minutes.id)
    annexes = [one.version for one in everything if one.kind == "annex"]
    answers_of = _answers_of(uow, person, minutes, [one for one in everything if one.kind == "circulated"])
    asked = next((one for one in answers_of if one.version.version == version.version), None)
    mine = () if asked is None else asked.places
    return Screen(
        called(t, minutes),
        context=(minutes.body_name, *((heading(t, meetings.get(uow, minutes.meeting)),) if version.kind == "annex" else ())),
        notice=notice,
        paragraphs=() if version.kind == "annex" else text.summary(version.content.draft, t),
        facts=tuple(_facts(uow, minutes, version, asked, annexes, t)),
        sections=tuple(pieces.whole(version.content)) if version.kind == "annex" else (),
        rows=tuple(row for one in answers_of for row in _remarks(uow, minutes, one, t)) if version.kind != "annex" else (),
        notes=_notes(uow, minutes, version, t),
        actions=(
            *_answering(uow, minutes, version, mine, t),
            *_reading(version, t),
            *_others(minutes, version, everything, annexes, t),
            *_writing(uow, person, minutes, t),
            (Action(t("See the meeting"), SeeMeeting(minutes.meeting)), Action(t("Archive"), SeeArchive(minutes.body))),
        ),
        trail=(to_home(t),),
    )  # fmt: skip


def _writing(uow: UnitOfWork, person: Known, minutes: Minutes, t: Translator) -> list[tuple[Action, ...]]:
    """Lead whoever writes them to where that is done."""
    if not facts.may_write(uow, Actor(person.id), minutes.body):
        return []
    return [(Action(t("Write and send: {minutes}", minutes=called(t, minutes)), SeeDraft(minutes.id)),)]


@dataclass(frozen=True, slots=True)
class _Answers:
    """What the reader's institutions answered to a version."""

    version: Version
    roll: Roll
    places: tuple[Place, ...]


def _answers_of(uow: UnitOfWork, person: Known, minutes: Minutes, asked: Sequence[Version]) -> list[_Answers]:
    """Give what the reader's institutions answered to each version, the newest first."""
    mine = roll.spoken_for(uow, person.id, minutes.body)
    found = [(one, roll.of(uow, minutes.id, one.version)) for one in reversed(asked)] if mine else []
    return [_Answers(one, said, tuple(place for place in said.places if place.membership in mine)) for one, said in found]


def _takes_answers(uow: UnitOfWork, minutes: Minutes, version: Version) -> bool:
    return (
        minutes.state == "circulated"
        and version.version == minutes.version
        and version.answer_until is not None
        and uow.now < version.answer_until
    )


def _facts(
    uow: UnitOfWork, minutes: Minutes, version: Version, asked: _Answers | None, annexes: list[int], t: Translator
) -> list[tuple[str, str]]:
    annex = annexes.index(version.version) + 1 if version.version in annexes else 0
    lines = [(t("Document"), version_words.state(t, version, annex=annex))]
    if version.answer_until is not None:
        open_ = _takes_answers(uow, minutes, version)
        day = (
            version_words.until(t, version.answer_until, uow.now)
            if open_
            else t.day(version_words.last_day(t, version.answer_until))
        )
        lines.append((t("Answers until"), day))
    if asked is not None:
        lines += [(one.name, version_words.answered(t, one, len(asked.roll.remarks_of(one.membership)))) for one in asked.places]
    return lines


def _remarks(uow: UnitOfWork, minutes: Minutes, answers: _Answers, t: Translator) -> list[Row]:
    """Give what the reader's institutions would have otherwise in a version, and what became of each."""
    points = dict(versions.points(answers.version))
    open_ = _takes_answers(uow, minutes, answers.version)
    return [
        Row(
            t("Remark, {point}: {text}", point=points.get(one.point, t("Minutes")), text=one.body),
            version_words.became(t, one),
            Action(t("Take the remark back"), TakeBackRemark(one.id)) if open_ and one.state == "open" else None,
        )
        for place in answers.places
        for one in answers.roll.remarks_of(place.membership)
    ]


def _answering(
    uow: UnitOfWork, minutes: Minutes, version: Version, mine: Sequence[Place], t: Translator
) -> list[tuple[Action, ...]]:
    """Offer the two answers for each of the reader's institutions; the one that stands is ticked."""
    if not _takes_answers(uow, minutes, version):
        return []
    rows: list[tuple[Action, ...]] = []
    for one in mine:
        name = f"{one.name}: " if len(mine) > 1 else ""
        accepts, remarks = (("✓ " if one.answer == answer else "") + name for answer in ("accepted", "remarks"))
        rows.append(
            (
                Action(
                    accepts + t("I accept the minutes"),
                    AcceptMinutes(minutes.id, version.version, one.membership),
                    weight="" if one.answer else "main",
                ),
            )
        )
        rows.append((Action(remarks + t("I have a remark"), WriteRemark(minutes.id, one.membership)),))
    return rows


def _reading(version: Version, t: Translator) -> list[tuple[Action, ...]]:
    read = (Action(t("Read the whole text"), ReadMinutes(version.minutes, version.version)),) if version.kind != "annex" else ()
    rows = [(*read, Action(t("Take the document (PDF)"), TakeMinutes(version.minutes, version.version)))]
    rows += [
        (Action(t("Attachment: {name}", name=short(file.name)), TakeMinutesFile(version.minutes, version.version, number)),)
        for number, file in enumerate(version.content.files)
    ]
    return rows


def _others(
    minutes: Minutes, version: Version, everything: Sequence[Version], annexes: list[int], t: Translator
) -> list[tuple[Action, ...]]:
    """Lead to the other versions and to the annexes."""
    rows: list[tuple[Action, ...]] = []
    for one in reversed(everything):
        if one.version != version.version:
            annex = annexes.index(one.version) + 1 if one.version in annexes else 0
            said = t("See: {version}", version=version_words.kind(t, one, annex=annex))
            rows.append((Action(said, SeeMinutes(minutes.id, one.version)),))
    return rows


def _notes(uow: UnitOfWork, minutes: Minutes, version: Version, t: Translator) -> tuple[str, ...]:
    notes = []
    if _takes_answers(uow, minutes, version):
        notes.append(
            t("An institution that says nothing until the deadline accepts the minutes. The answer can be changed until then.")
        )
    elif version.kind == "circulated" and minutes.version != version.version:
        notes.append(t("A newer version went out after this one."))
    notes.append(version_words.proof(t, version))
    notes.append(t("With the code, or with the file, anybody can check whether a document is genuine."))
    return tuple(notes)


def _noted(uow: UnitOfWork, person: Known, minutes: Minutes, reply: Reply) -> Reply:
    """Note that somebody of an institution has opened the minutes: at once, or after a page, which is made in a snapshot, is given."""
    actor = Actor(person.id)
    if not uow.reads:
        answers.opened(uow, actor, minutes.id)
        return reply
    if all(one.opened_at is not None for one in roll.own(uow, person.id, minutes)):
        return reply
    return replace(reply, noting=lambda later: answers.opened(later, actor, minutes.id))


# --- visits -----------------------------------------------------------------------------------------------------------


def _see(uow: UnitOfWork, _v: Visitor, person: Known, intent: SeeMinutes, t: Translator) -> Reply:
    return shown(uow, person, intent.minutes, t, version=intent.version)


def _read(uow: UnitOfWork, visitor: Visitor, person: Known, intent: ReadMinutes, t: Translator) -> Reply:
    minutes, version = _found(uow, person, intent.minutes, intent.version)
    parts = pieces.whole(version.content)
    parted = pieces.pages(parts, OF_A_PAGE if visitor.page else pieces.OF_A_MESSAGE)
    page = min(intent.page, len(parted) - 1)
    at = ReadMinutes(minutes.id, version.version, page)
    turns = tuple(
        Action(label, replace(at, page=page + step))
        for label, step in ((t("‹ Previous"), -1), (t("Next ›"), 1))
        if 0 <= page + step < len(parted)
    )
    of = (t("page {page} of {pages}", page=page + 1, pages=len(parted)),) if len(parted) > 1 else ()
    screen = Screen(
        called(t, minutes),
        context=(f"{minutes.body_name} · {version_words.kind(t, version)}", *of),
        sections=parted[page],
        actions=(
            *((turns,) if turns else ()),
            (Action(t("Take the document (PDF)"), TakeMinutes(minutes.id, version.version)),),
            (Action(t("Back to the minutes"), SeeMinutes(minutes.id, intent.version)),),
        ),
        trail=(to_home(t), Action(called(t, minutes), SeeMinutes(minutes.id, intent.version))),
    )
    return _noted(uow, person, minutes, Reply(screen, at=at))


def _take(uow: UnitOfWork, _v: Visitor, person: Known, intent: TakeMinutes, t: Translator) -> Reply:
    minutes, version = _found(uow, person, intent.minutes, intent.version)
    file = versions.pdf(uow, version)
    reply = shown(uow, person, minutes.id, t, version=version.version)
    return replace(reply, document=Document(file.name, file.media_type, file.content))


def _take_file(uow: UnitOfWork, _v: Visitor, person: Known, intent: TakeMinutesFile, t: Translator) -> Reply:
    minutes, version = _found(uow, person, intent.minutes, intent.version)
    found = files.of_version(uow, version)
    if intent.file >= len(found):
        raise NotFound(NOT_HERE)
    file = found[intent.file]
    reply = shown(uow, person, minutes.id, t, version=version.version)
    return replace(reply, document=Document(file.name, file.media_type, file.content))


VISITS: Final[Mapping[type[Intent], Visit]] = {
    SeeMinutes: let_in(_see),
    ReadMinutes: let_in(_read),
    TakeMinutes: let_in(_take),
    TakeMinutesFile: let_in(_take_file),
}
