"""The reception: takes what a person asks for to its act, and gives the screen that follows. One for chat and pages.

``VISITS`` maps every kind of intent to what is done; tests walk it, so nothing new escapes them. A refusal changes nothing and
is said on a screen with a way out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from konwent_bot import i18n
from konwent_bot.dialogue.engine import Stale
from konwent_bot.errors import KonwentError
from konwent_bot.i18n import Translator
from konwent_bot.office import dialogues, invitations, opening, people, rounds
from konwent_bot.office.dialogues import Talk, Touch
from konwent_bot.office.opening import Standing
from konwent_bot.office.people import Known
from konwent_bot.office.rights import Actor
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens import card, home, invitation
from konwent_bot.screens.intents import (
    AcceptInvitation,
    AskDiscard,
    AskLeave,
    ChangeCard,
    ChooseLanguage,
    DeclineInvitation,
    Discard,
    Help,
    Home,
    Intent,
    Leave,
    OpenCard,
    Pause,
    Privacy,
    Resume,
    SeeCoverage,
    SeeInvitation,
    Settings,
)
from konwent_bot.screens.screen import Screen


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whoever is at the door: an account of Telegram, and the language its app says it speaks."""

    telegram: int
    language: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the visitor sees next. ``talk`` is set when it is a conversation, so that the channel can keep its message."""

    screen: Screen
    talk: Talk | None = None


def answer(uow: UnitOfWork, visitor: Visitor, intent: Intent) -> tuple[Reply, Translator]:
    """Carry out what a visitor asks for and give what they see next, with the translator it is written in."""
    if isinstance(intent, Touch):  # the way of nearly every press: the conversation's row tells who the person is
        try:
            talk = dialogues.touch(uow, visitor.telegram, intent)
        except KonwentError as refusal:
            return _refused(uow, visitor, refusal)
        t = i18n.translator(talk.person.language)
        return _talk(talk, t), t
    person = people.by_telegram(uow, visitor.telegram)
    t = _translator(visitor, person, intent)
    try:
        return VISITS[type(intent)](uow, visitor, person, intent, t)
    except KonwentError as refusal:
        return _refused(uow, visitor, refusal)


def hear(uow: UnitOfWork, visitor: Visitor, text: str, *, message: int | None, written_at: datetime) -> tuple[Reply, Translator]:
    """Take a typed text: an answer to the question last shown, or else a way home. Never silence, never an error."""
    person = people.by_telegram(uow, visitor.telegram)
    t = _translator(visitor, person, None)
    if person is not None and person.dialogue is not None:
        try:
            talk = dialogues.say(uow, visitor.telegram, text, t.flow, message=message, written_at=written_at)
        except KonwentError as refusal:
            return _refused(uow, visitor, refusal)
        if talk is not None:
            return _talk(talk, t), t
    return _home(uow, person, t), t


def amend(uow: UnitOfWork, visitor: Visitor, text: str, *, message: int) -> tuple[Reply, Translator] | None:
    """Take an edited message as a changed answer.

    A message that answered nothing (a text that was refused, for example) changes nothing by being edited: whoever is in a
    conversation is shown where it stands. ``None`` for everybody else.
    """
    person = people.by_telegram(uow, visitor.telegram)
    if person is None:
        return None
    t = _translator(visitor, person, None)
    try:
        talk = dialogues.correct(uow, visitor.telegram, text, t.flow, message=message)
        if talk is None and person.dialogue is not None:
            talk = replace(dialogues.peek(uow, visitor.telegram, person.dialogue), effects=(Stale(),))
    except KonwentError as refusal:
        return _refused(uow, visitor, refusal)
    return None if talk is None else (_talk(talk, t), t)


# --- visits -----------------------------------------------------------------------------------------------------------

Visited = tuple[Reply, Translator]
Visit = Callable[[UnitOfWork, Visitor, Known | None, Any, Translator], Visited]


def _translator(visitor: Visitor, person: Known | None, intent: Intent | None) -> Translator:
    if person is not None:
        return i18n.translator(person.language)
    chosen = getattr(intent, "language", "") if isinstance(intent, SeeInvitation | AcceptInvitation) else ""
    return i18n.translator(i18n.nearest(chosen or visitor.language))


def _home(uow: UnitOfWork, person: Known | None, t: Translator, *, notice: str = "") -> Reply:
    if person is None:
        return Reply(home.stranger(t, uow.house, notice=notice))
    people.now_sees(uow, person, None)
    return Reply(home.home(uow, person, t, notice=notice))


def _refused(uow: UnitOfWork, visitor: Visitor, refusal: KonwentError) -> Visited:
    person = people.by_telegram(uow, visitor.telegram)
    t = _translator(visitor, person, None)
    problem = t.say(refusal)
    return Reply(home.stranger(t, uow.house, problem=problem) if person is None else home.refusal(t, problem)), t


def _talk(talk: Talk, t: Translator) -> Reply:
    return Reply(card.conversation(talk, t), talk)


def _visit_home(uow: UnitOfWork, _v: Visitor, person: Known | None, _i: Home, t: Translator) -> Visited:
    return _home(uow, person, t), t


def _visit_help(uow: UnitOfWork, _v: Visitor, person: Known | None, _i: Help, t: Translator) -> Visited:
    _look_away(uow, person)
    return Reply(home.help_screen(t, uow.house, known=person is not None)), t


def _visit_privacy(uow: UnitOfWork, _v: Visitor, person: Known | None, _i: Privacy, t: Translator) -> Visited:
    _look_away(uow, person)
    return Reply(home.privacy(t, uow.house)), t


def _visit_settings(uow: UnitOfWork, _v: Visitor, person: Known | None, _i: Settings | AskLeave, t: Translator) -> Visited:
    if person is None:
        return _home(uow, None, t), t
    _look_away(uow, person)
    return Reply(home.ask_leave(t) if isinstance(_i, AskLeave) else home.settings(t)), t


def _visit_language(uow: UnitOfWork, _v: Visitor, person: Known | None, intent: ChooseLanguage, t: Translator) -> Visited:
    if person is None:
        return _home(uow, None, t), t
    chosen = people.choose_language(uow, person, intent.language)
    t = i18n.translator(chosen.language)
    return Reply(replace(home.settings(t), notice=t("Saved."))), t


def _visit_leave(uow: UnitOfWork, _v: Visitor, person: Known | None, _i: Leave, t: Translator) -> Visited:
    if person is not None:
        people.leave_telegram(uow, person)
    return Reply(home.stranger(t, uow.house, notice=t("This account has been forgotten."))), t


def _visit_invitation(uow: UnitOfWork, _v: Visitor, _p: Known | None, intent: SeeInvitation, t: Translator) -> Visited:
    if intent.language:
        t = i18n.translator(i18n.nearest(intent.language))
    offer = invitations.look(uow, intent.token)
    return Reply(invitation.invitation(t, uow.house, offer, intent.token)), t


def _visit_accept(uow: UnitOfWork, visitor: Visitor, _p: Known | None, intent: AcceptInvitation, t: Translator) -> Visited:
    invitations.accept(uow, intent.token, telegram=visitor.telegram, language=intent.language)
    person = people.by_telegram(uow, visitor.telegram)
    assert person is not None
    t = i18n.translator(person.language)
    return _home(uow, person, t, notice=t("Welcome. Your place in the network is confirmed.")), t


def _visit_decline(_u: UnitOfWork, _v: Visitor, _p: Known | None, _i: DeclineInvitation, t: Translator) -> Visited:
    return Reply(invitation.declined(t)), t


def _visit_card(uow: UnitOfWork, _v: Visitor, person: Known | None, intent: OpenCard | ChangeCard, t: Translator) -> Visited:
    if person is None:
        return _home(uow, None, t), t
    opened = opening.open_card(uow, person, intent.round, intent.membership, change=isinstance(intent, ChangeCard))
    if isinstance(opened, Standing):
        return Reply(card.standing(uow, opened, t)), t
    if opened.state.turn == 1 and opened.state.mode == "ask":
        # Nothing has been said yet; typed text answers nothing before the first question is shown.
        _look_away(uow, opened.person)
        return Reply(card.beginning(opened, t)), t
    return _talk(opened, t), t


def _visit_pause(uow: UnitOfWork, _v: Visitor, person: Known | None, _i: Pause, t: Translator) -> Visited:
    if person is None:
        return _home(uow, None, t), t
    dialogues.pause(uow, person)
    return Reply(card.paused(person.dialogue, t)), t


def _visit_resume(uow: UnitOfWork, visitor: Visitor, _p: Known | None, intent: Resume, t: Translator) -> Visited:
    talk = dialogues.peek(uow, visitor.telegram, intent.dialogue)
    if talk.state.mode == "done":
        return _visit_card(uow, visitor, talk.person, OpenCard(talk.round_id, talk.membership_id), t)
    return _talk(talk, t), t


def _visit_ask_discard(uow: UnitOfWork, visitor: Visitor, _p: Known | None, intent: AskDiscard, t: Translator) -> Visited:
    talk = dialogues.peek(uow, visitor.telegram, intent.dialogue)
    if talk.state.turn != intent.turn or talk.state.mode == "done":
        return _talk(replace(talk, effects=(Stale(),)), t), t
    return Reply(card.ask_discard(talk, t)), t


def _visit_discard(uow: UnitOfWork, visitor: Visitor, person: Known | None, intent: Discard, t: Translator) -> Visited:
    talk = dialogues.discard(uow, visitor.telegram, intent.dialogue, intent.turn)
    if talk.stale:
        return _talk(talk, t), t
    return _home(uow, person, t, notice=t("The draft has been deleted.")), t


def _visit_coverage(uow: UnitOfWork, _v: Visitor, person: Known | None, intent: SeeCoverage, t: Translator) -> Visited:
    if person is None:
        return _home(uow, None, t), t
    found = rounds.coverage(uow, Actor(person.id), intent.round)
    _look_away(uow, person)
    return Reply(card.coverage(uow, found, intent.page, t)), t


def _look_away(uow: UnitOfWork, person: Known | None) -> None:
    """The person is shown something that is no question: typed text answers nothing now."""
    if person is not None:
        people.now_sees(uow, person, None)


VISITS: Final[Mapping[type[Intent], Visit]] = {
    Home: _visit_home,
    Help: _visit_help,
    Privacy: _visit_privacy,
    Settings: _visit_settings,
    AskLeave: _visit_settings,
    ChooseLanguage: _visit_language,
    Leave: _visit_leave,
    SeeInvitation: _visit_invitation,
    AcceptInvitation: _visit_accept,
    DeclineInvitation: _visit_decline,
    OpenCard: _visit_card,
    ChangeCard: _visit_card,
    Pause: _visit_pause,
    Resume: _visit_resume,
    AskDiscard: _visit_ask_discard,
    Discard: _visit_discard,
    SeeCoverage: _visit_coverage,
}
