"""Whether a document is one of ours, as it was sent: by the code of its footer, or by the file itself. For anybody, signed in or not.

Said is what the document itself says of its origin, and no more: body, meeting, version, day, and whether it is the final one. A file is
looked at and forgotten.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from konwent_bot import i18n
from konwent_bot.documents.minutes import content as contents
from konwent_bot.errors import KonwentError
from konwent_bot.i18n import Translator
from konwent_bot.office import people, throttle
from konwent_bot.office.meetings import facts as meetings
from konwent_bot.office.minutes import versions
from konwent_bot.office.minutes.facts import Minutes
from konwent_bot.office.minutes.versions import Verdict, Version
from konwent_bot.office.people import Known
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.archive_intents import CheckDocument, SeeCheck
from konwent_bot.screens.home import to_home
from konwent_bot.screens.intents import Intent, OpenPage, place_of
from konwent_bot.screens.meetings.words import heading
from konwent_bot.screens.minutes import version_words
from konwent_bot.screens.screen import Action, Field, Form, Screen
from konwent_bot.screens.visiting import Reply, Visit, Visited, Visitor, look_away

#: Largest file Telegram gives to a bot, in bytes (Bot API, getFile).
LARGEST: Final = 20 * 1024 * 1024
#: Files one account, or one address, may have checked in an hour.
MOST_IN_AN_HOUR: Final = 30
_CHECKED: Final = "verify"
_CODE_CHARS: Final = 60


# --- in a chat --------------------------------------------------------------------------------------------------------


def admit(uow: UnitOfWork, visitor: Visitor, size: int) -> Visited | None:
    """Say why a file sent to the chat is not looked at, before it is fetched; ``None``: it may be. ``size``: bytes, 0 where nobody says."""
    person, t = _who(uow, visitor)
    look_away(uow, visitor, person)
    if size > LARGEST:
        said = t("This file is larger than {most} MB, so it is none of ours.", most=LARGEST // 1024**2)
        return Reply(_plain(t, said, t("Documents of the network are never so large. Nothing was downloaded."))), t
    try:
        throttle.limit(uow, _CHECKED, str(visitor.caller), most=MOST_IN_AN_HOUR, within=timedelta(hours=1))
    except throttle.TooOften as refusal:
        return Reply(_plain(t, t.say(refusal)), refusal=refusal), t
    return None


def examined(uow: UnitOfWork, visitor: Visitor, content: bytes | None) -> Visited:
    """Say whether a file that was sent to the chat is one of ours; ``None``: Telegram did not give it."""
    _, t = _who(uow, visitor)
    if content is None:
        return Reply(_plain(t, t("The file could not be fetched from Telegram."), t("Please send it once more."))), t
    return Reply(of_file(uow, content, t)), t


def _who(uow: UnitOfWork, visitor: Visitor) -> tuple[Known | None, Translator]:
    person = None if visitor.caller is None else visitor.known or people.find(uow, visitor.caller)
    return person, i18n.translator(i18n.nearest(visitor.language) if person is None else person.language)


def _plain(t: Translator, *said: str) -> Screen:
    return Screen(t("Check a document"), paragraphs=said, actions=((to_home(t),),))


def typed(text: str) -> SeeCheck | None:
    """Give what somebody asks for who types a code into a chat, and nothing else."""
    code = contents.code_of(text)
    return None if code is None else SeeCheck(code)


# --- what is said -----------------------------------------------------------------------------------------------------


def of_file(uow: UnitOfWork, content: bytes, t: Translator) -> Screen:
    """Say what a file is, to whoever shows it."""
    found = versions.verify(uow, content)
    sha256 = hashlib.sha256(content).hexdigest()
    match found:
        case Verdict(state="known", minutes=Minutes() as minutes, version=Version() as version):
            title = t("This document is genuine")
            says = t("This file is exactly the one that was sent, to the last byte.")
            return _told(uow, minutes, version, t, title, says)
        case Verdict(state="altered", minutes=Minutes() as minutes, version=Version() as version):
            title = t("This file was altered")
            says = t(
                "It bears the code of a document of ours, but it is not the file that was sent. Do not rely on what it says."
            )
            return _told(uow, minutes, version, t, title, says, sha256=sha256)
    return Screen(
        t("This file is unknown"),
        paragraphs=(
            t("No document that was sent from here has this content, and it bears no code of ours."),
            t(
                "A document that was printed and scanned, or saved anew by a program, is another file. Its code can still be checked."
            ),
        ),
        facts=((t("SHA-256 of this file"), sha256),),
        actions=_ways(t),
    )


def _told(
    uow: UnitOfWork, minutes: Minutes, version: Version, t: Translator, title: str, says: str, *, sha256: str = ""
) -> Screen:  # fmt: skip
    meeting = meetings.get(uow, minutes.meeting)
    everything = versions.of(uow, minutes.id)
    annex = (
        sum(1 for one in everything if one.kind == "annex" and one.version <= version.version) if version.kind == "annex" else 0
    )
    return Screen(
        title,
        paragraphs=(says, t("This is what was sent under that code:") if sha256 else _standing(minutes, version, t)),
        facts=(
            (t("Network"), minutes.body_name),
            (t("Document"), f"{version_words.called(t, minutes)}, {version_words.kind(t, version, annex=annex)}"),
            (t("Meeting"), heading(t, meeting)),
            (t("Sent"), t.instant(version.created_at)),
            (t("Code"), version.code),
            *(((t("SHA-256 of this file"), sha256),) if sha256 else ()),
            (t("SHA-256 of the document that was sent"), version.pdf_sha256),
        ),
        actions=_ways(t),
    )


def _standing(minutes: Minutes, version: Version, t: Translator) -> str:
    """Say whether a version is the one that counts."""
    match version.kind:
        case "final":
            return t("It is the final version of the minutes.")
        case "annex":
            return t("It is an annex to minutes that are final.")
        case _ if minutes.state == "final":
            return t("It is not the final version: the minutes were accepted later, and the final version has another code.")
        case _ if version.version < minutes.version:
            return t("It is not the final version, and a newer version was sent after it.")
        case _:
            return t("It is the newest version. It is not final yet: institutions are still answering.")


def _ways(t: Translator) -> tuple[tuple[Action, ...], ...]:
    return ((Action(t("Check another document"), SeeCheck()),), (to_home(t),))


def ask(t: Translator, *, code: str = "", problem: str = "") -> Screen:
    """Ask for the code of a footer, or for the file."""
    return Screen(
        t("Check a document"),
        problem=problem,
        paragraphs=(
            t("Here anybody can check whether minutes of a network were sent from here and have not been altered since."),
            t("Type the code that stands at the foot of every page, or choose the PDF file. The file is not kept."),
        ),
        form=Form(
            CheckDocument(),
            (
                Field(
                    "code", t("Code"), value=code, required=False, problem=problem, most_chars=_CODE_CHARS,
                    hint=t("For example: {example}", example="7PS-2-0123456789AB"),
                ),
                Field("file", t("or the file"), kind="file", required=False, accept=".pdf,application/pdf"),
            ),
            t("Check"),
            SeeCheck(),
        ),
        actions=((to_home(t),),),
    )  # fmt: skip


def in_chat(t: Translator, *, problem: str = "") -> Screen:
    """Say how a document is checked in a chat."""
    return Screen(
        t("Check a document"),
        problem=problem,
        paragraphs=(t("Send the PDF file here, or type the code that stands at the foot of every page. The file is not kept."),),
        actions=((Action(t("Open in the browser"), OpenPage(place_of(SeeCheck())), only="chat"),), (to_home(t),)),
    )


# --- visits -----------------------------------------------------------------------------------------------------------


def _see(uow: UnitOfWork, visitor: Visitor, person: Known | None, intent: SeeCheck, t: Translator) -> Visited:
    look_away(uow, visitor, person)
    if intent.code:
        return _by_code(uow, visitor, intent.code, t), t
    return Reply(ask(t) if visitor.page else in_chat(t), at=intent), t


def _by_code(uow: UnitOfWork, visitor: Visitor, typed: str, t: Translator) -> Reply:
    code = contents.code_of(typed)
    found = None if code is None else versions.by_code(uow, code)
    if found is None:
        says = t("There is no document with this code. Please compare it sign by sign with the foot of the page.")
        return Reply(ask(t, code=typed, problem=says) if visitor.page else in_chat(t, problem=says))
    minutes, version = found
    says = t(
        "A document with this code was sent from here. To see that yours was not altered, compare what it says, or choose the file itself."
    )
    return Reply(_told(uow, minutes, version, t, t("This code is genuine"), says), at=SeeCheck(version.code))


def _check(uow: UnitOfWork, visitor: Visitor, person: Known | None, _i: CheckDocument, t: Translator) -> Visited:
    look_away(uow, visitor, person)
    if not visitor.page:  # a press in a chat brings no form
        return Reply(in_chat(t), at=SeeCheck()), t
    given = visitor.given
    if given.file:
        try:
            throttle.limit(uow, _CHECKED, visitor.address, most=MOST_IN_AN_HOUR, within=timedelta(hours=1))
        except KonwentError as refusal:
            return Reply(ask(t, problem=t.say(refusal)), refusal=refusal), t
        return Reply(of_file(uow, given.file, t)), t
    typed = given.fields.get("code", "").strip()[:_CODE_CHARS]
    if not typed:
        return Reply(ask(t, problem=t("Please type the code, or choose the file."))), t
    return _by_code(uow, visitor, typed, t), t


VISITS: Final[Mapping[type[Intent], Visit]] = {SeeCheck: _see, CheckDocument: _check}
