"""The reception: takes what a person asks for to its act, and gives the screen that follows. One for chat and pages.

``VISITS`` maps every kind of intent to what is done; tests walk it, so nothing new escapes them. A refusal changes nothing and
is said on a screen with a way out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from konwent_bot import i18n
from konwent_bot.dialogue.engine import Stale
from konwent_bot.dialogue.texts import Texts
from konwent_bot.errors import KonwentError, NotFound
from konwent_bot.i18n import Translator
from konwent_bot.office import dialogues, invitations, opening, people, privacy, rounds
from konwent_bot.office.dialogues import Fill, Talk, Touch
from konwent_bot.office.opening import Standing
from konwent_bot.office.people import Known, Reader
from konwent_bot.office.rights import Actor
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens import card, chat_groups, desk, entering, home, invitation, my_calendar, notices, own_data, task
from konwent_bot.screens.decisions import proposal_typed
from konwent_bot.screens.decisions import typed as votes_typed
from konwent_bot.screens.decisions import visits as decisions
from konwent_bot.screens.intents import (
    AcceptInvitation,
    AcceptNotice,
    Accessibility,
    AskDiscard,
    AskLeave,
    Begin,
    ChangeCard,
    ChooseLanguage,
    DeclineInvitation,
    Discard,
    Help,
    Home,
    Intent,
    Leave,
    OpenCard,
    OpenChat,
    OpenPage,
    Pause,
    Privacy,
    Resume,
    SeeCard,
    SeeCoverage,
    SeeInvitation,
    SeeMonth,
    Settings,
    TakeOver,
)
from konwent_bot.screens.meetings import i_am_here, typed
from konwent_bot.screens.meetings import visits as meetings
from konwent_bot.screens.minutes import note, verifying
from konwent_bot.screens.minutes import typed as minutes_typed
from konwent_bot.screens.minutes import visits as minutes
from konwent_bot.screens.visiting import Reply, Visit, Visited, Visitor, go_home, look_away

__all__ = ["VISITS", "Reply", "Visitor", "amend", "answer", "hear", "unshown"]


def answer(uow: UnitOfWork, visitor: Visitor, intent: Intent) -> tuple[Reply, Translator]:
    """Carry out what a visitor asks for and give what they see next, with the translator it is written in."""
    if isinstance(intent, Touch | Fill) and visitor.caller is not None:
        # The way of nearly every press: the conversation's row tells who the person is.
        try:
            if isinstance(intent, Touch):
                talk = dialogues.touch(uow, visitor.caller, intent)
            else:
                talk = dialogues.fill(uow, visitor.caller, intent, visitor.given.written, _texts(visitor))
        except KonwentError as refusal:
            return _refused(uow, visitor, refusal)
        t = i18n.translator(talk.person.language)
        if talk.submitted and (met := note.clash(uow, talk, t)) is not None:
            return met, t
        reply = _talk(uow, talk, t)
        if visitor.page and talk.submitted:  # the page that follows shows the card as it stands; thanks are said once, above it
            reply = replace(reply, screen=replace(reply.screen, notice=reply.screen.paragraphs[0]))
        return reply, t
    person = _person(uow, visitor)
    t = _translator(visitor, person, intent)
    try:
        with uow.whole():
            reply, t = VISITS[type(intent)](uow, visitor, person, intent, t)
    except KonwentError as refusal:
        return _refused(uow, visitor, refusal)
    return _leading_somewhere(uow, reply), t


def hear(uow: UnitOfWork, visitor: Visitor, text: str, *, message: int | None, written_at: datetime) -> tuple[Reply, Translator]:
    """Take a text typed in a chat: an answer to the question last shown, or to the one call that awaits one, or else a way home. Never silence, never an error."""
    assert isinstance(visitor.caller, int)
    person = people.find(uow, visitor.caller)
    t = _translator(visitor, person, None)
    if person is not None and person.dialogue is not None:
        try:
            talk = dialogues.say(uow, visitor.caller, text, t.flow, message=message, written_at=written_at)
        except KonwentError as refusal:
            return _refused(uow, visitor, refusal)
        if talk is not None:
            return _talk(uow, talk, t), t
    try:
        here = None if person is None else i_am_here.heard(uow, visitor, person, text, t)
    except KonwentError as refusal:
        return _refused(uow, visitor, refusal)
    if here is None and (said := _meant(uow, person, text)) is not None:
        return answer(uow, visitor, said)
    return _leading_somewhere(uow, here or go_home(uow, visitor, person, t)), t


def amend(uow: UnitOfWork, visitor: Visitor, text: str, *, message: int) -> tuple[Reply, Translator] | None:
    """Take an edited message of a chat as a changed answer.

    A message that answered nothing (a text that was refused, for example) changes nothing by being edited: whoever is in a
    conversation is shown where it stands. ``None`` for everybody else.
    """
    assert isinstance(visitor.caller, int)
    person = people.find(uow, visitor.caller)
    if person is None:
        return None
    t = _translator(visitor, person, None)
    try:
        talk = dialogues.correct(uow, visitor.caller, text, t.flow, message=message)
        if talk is None and person.dialogue is not None:
            talk = replace(dialogues.peek(uow, visitor.caller, person.dialogue), effects=(Stale(),))
    except KonwentError as refusal:
        return _refused(uow, visitor, refusal)
    return None if talk is None else (_talk(uow, talk, t), t)


def unshown(uow: UnitOfWork, visitor: Visitor, dialogue: int | None, *, pressed: int | None = None) -> Visited | None:
    """Show a chat once more where a conversation stands, if that may not have reached the phone."""
    assert isinstance(visitor.caller, int)
    try:
        talk = dialogues.unshown(uow, visitor.caller, dialogue, pressed=pressed)
    except KonwentError:
        return None  # the repeated update was answered with this very refusal
    if talk is None:
        return None
    t = i18n.translator(talk.person.language)
    return _talk(uow, talk, t), t


# --- visits -----------------------------------------------------------------------------------------------------------


def _meant(uow: UnitOfWork, person: Known | None, text: str) -> Intent | None:
    """Give what a typed text asks for by itself: the code of a document, an answer to a call or to minutes, a stance, a vote."""
    code = verifying.typed(text)
    if person is None or code is not None:
        return code
    ways = (typed.meant, proposal_typed.meant, votes_typed.meant, minutes_typed.meant)
    return next((said for way in ways if (said := way(uow, person, text)) is not None), None)


def _translator(visitor: Visitor, person: Known | None, intent: Intent | None) -> Translator:
    if person is not None:
        return i18n.translator(person.language)
    chosen = getattr(intent, "language", "") if isinstance(intent, SeeInvitation | AcceptInvitation) else ""
    return i18n.translator(i18n.nearest(chosen or visitor.language))


def _person(uow: UnitOfWork, visitor: Visitor) -> Known | None:
    if visitor.caller is None or visitor.known is not None:
        return visitor.known
    return people.find(uow, visitor.caller)


def _texts(visitor: Visitor) -> Texts:
    """Give the labels a typed answer may be written in: those of the reader's language, and Polish always."""
    return i18n.translator(i18n.nearest(visitor.language)).flow


def _refused(uow: UnitOfWork, visitor: Visitor, refusal: KonwentError) -> Visited:
    person = _person(uow, visitor)
    t = _translator(visitor, person, None)
    problem = t.say(refusal)
    shown = home.stranger(t, uow.house, problem=problem) if person is None else home.refusal(t, problem)
    return Reply(shown, refusal=refusal), t


def _talk(uow: UnitOfWork, talk: Talk, t: Translator, *, month: int | None = None) -> Reply:
    now = uow.now.astimezone(uow.house.zone).replace(tzinfo=None)
    return _leading_somewhere(uow, Reply(card.conversation(talk, t, now, month=month), talk, at=Resume(talk.id)))


def _leading_somewhere(uow: UnitOfWork, reply: Reply) -> Reply:
    """Leave out the ways into a channel this installation has not: pages without an address, a chat without a name."""
    shut = {kind for kind, way in ((OpenPage, uow.house.public_url), (OpenChat, uow.house.bot_username)) if not way}
    if not shut:
        return reply
    rows = (tuple(one for one in row if type(one.intent) not in shut) for row in reply.screen.actions)
    return replace(reply, screen=replace(reply.screen, actions=tuple(row for row in rows if row)))


def _visit_home(uow: UnitOfWork, visitor: Visitor, person: Known | None, _i: Home, t: Translator) -> Visited:
    return go_home(uow, visitor, person, t), t


def _visit_help(uow: UnitOfWork, visitor: Visitor, person: Known | None, _i: Help, t: Translator) -> Visited:
    look_away(uow, visitor, person)
    return Reply(home.help_screen(t, uow.house, known=person is not None, page=visitor.page), at=Help()), t


def _visit_privacy(uow: UnitOfWork, visitor: Visitor, person: Known | None, _i: Privacy, t: Translator) -> Visited:
    look_away(uow, visitor, person)
    return Reply(home.privacy(t, uow.house, stale=person is not None and people.notice_is_stale(uow, person)), at=Privacy()), t


def _visit_settings(uow: UnitOfWork, visitor: Visitor, person: Known | None, _i: Settings | AskLeave, t: Translator) -> Visited:
    if person is None:
        return go_home(uow, visitor, None, t), t
    look_away(uow, visitor, person)
    return Reply(home.ask_leave(t) if isinstance(_i, AskLeave) else home.settings(t), at=_i), t


def _visit_language(uow: UnitOfWork, visitor: Visitor, person: Known | None, intent: ChooseLanguage, t: Translator) -> Visited:
    if person is None:
        return go_home(uow, visitor, None, t), t
    chosen = people.choose_language(uow, person, intent.language)
    t = i18n.translator(chosen.language)
    return Reply(replace(home.settings(t), notice=t("Saved.")), at=Settings()), t


def _visit_leave(uow: UnitOfWork, _v: Visitor, person: Known | None, _i: Leave, t: Translator) -> Visited:
    if person is not None:
        privacy.leave(uow, person.id)
    shown = home.stranger(t, uow.house, notice=t("You have left. Nothing will be sent to you and nothing opens for you here."))
    return Reply(shown, at=Home(), session=""), t


def _visit_invitation(uow: UnitOfWork, visitor: Visitor, person: Known | None, intent: SeeInvitation, t: Translator) -> Visited:
    if intent.language:
        t = i18n.translator(i18n.nearest(intent.language))
    try:
        offer = invitations.look(uow, intent.token)
    except NotFound:
        if visitor.page:
            raise
        return entering.see_connection(uow, visitor, person, intent.token, t)  # the other links that open a chat
    signed_in = people.named(uow, person) if visitor.page and person is not None else ""
    return Reply(invitation.invitation(t, uow.house, offer, intent.token, signed_in=signed_in), at=intent), t


def _visit_accept(uow: UnitOfWork, visitor: Visitor, _p: Known | None, intent: AcceptInvitation, t: Translator) -> Visited:
    taken, session = entering.accept(uow, visitor, intent)
    person = people.find(uow, Reader(taken))
    assert person is not None
    t = i18n.translator(person.language)
    reply = go_home(uow, visitor, person, t, notice=t("Welcome. Your place in the network is confirmed."))
    return replace(reply, session=session), t


def _visit_decline(_u: UnitOfWork, _v: Visitor, _p: Known | None, _i: DeclineInvitation, t: Translator) -> Visited:
    return Reply(invitation.declined(t), at=DeclineInvitation()), t


def _visit_card(uow: UnitOfWork, visitor: Visitor, person: Known | None, intent: OpenCard | ChangeCard, t: Translator) -> Visited:
    if person is None:
        return go_home(uow, visitor, None, t), t
    opened = opening.open_card(
        uow, person, intent.round, intent.membership, change=isinstance(intent, ChangeCard), page=visitor.page
    )
    if isinstance(opened, Standing):
        return _standing(uow, opened, t), t
    return _before(uow, visitor, opened, t), t


def _before(uow: UnitOfWork, visitor: Visitor, talk: Talk, t: Translator) -> Reply:
    """Show what stands before a conversation: its opening, the other representative's draft; else the conversation itself."""
    theirs = opening.colleague(uow, talk)
    first = talk.state.turn == 1 and talk.state.mode == "ask"
    if not first and theirs is None:
        return _talk(uow, talk, t)
    look_away(uow, visitor, talk.person)  # no question is shown, so typed text answers nothing
    if first:
        return Reply(card.beginning(talk, theirs, t), at=Begin(talk.id))
    assert theirs is not None
    return Reply(card.two_drafts(talk, theirs, t), at=Begin(talk.id))


def _standing(uow: UnitOfWork, stands: Standing, t: Translator, notice: str = "") -> Reply:
    shown = replace(card.standing(uow, stands, t), notice=notice)
    return Reply(shown, at=SeeCard(stands.round_id, stands.membership_id))


def _visit_see_card(uow: UnitOfWork, visitor: Visitor, person: Known | None, intent: SeeCard, t: Translator) -> Visited:
    if person is None:
        return go_home(uow, visitor, None, t), t
    stands = opening.see_card(uow, person, intent.round, intent.membership)
    look_away(uow, visitor, person)
    return _standing(uow, stands, t), t


def _visit_begin(uow: UnitOfWork, visitor: Visitor, person: Known | None, intent: Begin, t: Translator) -> Visited:
    if person is None or visitor.caller is None:
        return go_home(uow, visitor, None, t), t
    return _before(uow, visitor, dialogues.peek(uow, visitor.caller, intent.dialogue), t), t


def _visit_take_over(uow: UnitOfWork, visitor: Visitor, person: Known | None, intent: TakeOver, t: Translator) -> Visited:
    if person is None or visitor.caller is None:
        return go_home(uow, visitor, None, t), t
    return _talk(uow, opening.take_over(uow, visitor.caller, intent.dialogue, intent.turn), t), t


def _visit_pause(uow: UnitOfWork, visitor: Visitor, person: Known | None, _i: Pause, t: Translator) -> Visited:
    if person is None:
        return go_home(uow, visitor, None, t), t
    if not visitor.page:
        dialogues.pause(uow, person)
    return Reply(card.paused(person.dialogue, t), at=Pause()), t


def _visit_resume(uow: UnitOfWork, visitor: Visitor, _p: Known | None, intent: Resume, t: Translator) -> Visited:
    if visitor.caller is None:
        return go_home(uow, visitor, None, t), t
    talk = dialogues.peek(uow, visitor.caller, intent.dialogue)
    if talk.state.mode == "done" and (about := talk.subject).round is not None and about.membership is not None:
        return _standing(uow, opening.see_card(uow, talk.person, about.round, about.membership), t), t
    return _talk(uow, talk, t), t


def _visit_month(uow: UnitOfWork, visitor: Visitor, _p: Known | None, intent: SeeMonth, t: Translator) -> Visited:
    if visitor.caller is None:
        return go_home(uow, visitor, None, t), t
    talk = dialogues.peek(uow, visitor.caller, intent.dialogue)
    if talk.state.turn != intent.turn or talk.state.cursor is None:
        return _talk(uow, replace(talk, effects=(Stale(),)), t), t
    return replace(_talk(uow, talk, t, month=intent.month), same_question=True), t


def _visit_ask_discard(uow: UnitOfWork, visitor: Visitor, _p: Known | None, intent: AskDiscard, t: Translator) -> Visited:
    if visitor.caller is None:
        return go_home(uow, visitor, None, t), t
    talk = dialogues.peek(uow, visitor.caller, intent.dialogue)
    if talk.state.turn != intent.turn or talk.state.mode == "done":
        return _talk(uow, replace(talk, effects=(Stale(),)), t), t
    return Reply(card.ask_discard(talk, t), at=intent), t


def _visit_discard(uow: UnitOfWork, visitor: Visitor, person: Known | None, intent: Discard, t: Translator) -> Visited:
    if visitor.caller is None:
        return go_home(uow, visitor, None, t), t
    talk = dialogues.discard(uow, visitor.caller, intent.dialogue, intent.turn)
    if talk.stale:
        return _talk(uow, talk, t), t
    return go_home(uow, visitor, person, t, notice=t("The draft has been deleted.")), t


def _visit_coverage(uow: UnitOfWork, visitor: Visitor, person: Known | None, intent: SeeCoverage, t: Translator) -> Visited:
    if person is None:
        return go_home(uow, visitor, None, t), t
    found = rounds.coverage(uow, Actor(person.id), intent.round)
    look_away(uow, visitor, person)
    return Reply(card.coverage(uow, found, intent.page, t), at=intent), t


def _visit_late_form(uow: UnitOfWork, visitor: Visitor, person: Known | None, _i: Fill | Touch, t: Translator) -> Visited:
    """A press or a form of somebody who is not let in (any more)."""
    return go_home(uow, visitor, person, t), t


def _visit_accessibility(_u: UnitOfWork, _v: Visitor, _p: Known | None, intent: Accessibility, t: Translator) -> Visited:
    return Reply(home.accessibility(t, _u.house), at=intent), t


def _visit_notice(uow: UnitOfWork, visitor: Visitor, person: Known | None, _i: AcceptNotice, t: Translator) -> Visited:
    if person is not None:
        privacy.accept_notice(uow, person.id)
    return go_home(uow, visitor, person, t, notice=t("Saved.")), t


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
    SeeMonth: _visit_month,
    AskDiscard: _visit_ask_discard,
    Discard: _visit_discard,
    SeeCoverage: _visit_coverage,
    SeeCard: _visit_see_card,
    Begin: _visit_begin,
    TakeOver: _visit_take_over,
    Touch: _visit_late_form,
    Fill: _visit_late_form,
    Accessibility: _visit_accessibility,
    AcceptNotice: _visit_notice,
    **entering.VISITS,
    **desk.VISITS,
    **own_data.VISITS,
    **chat_groups.VISITS,
    **my_calendar.VISITS,
    **notices.VISITS,
    **meetings.VISITS,
    **decisions.VISITS,
    **task.VISITS,
    **minutes.VISITS,
}
