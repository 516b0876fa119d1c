"""Getting in by a browser and out again, and from one channel to the other: personal links, sessions, the messenger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from konwent_bot import i18n
from konwent_bot.errors import N_, Invalid, NotFound, Refused
from konwent_bot.i18n import Translator
from konwent_bot.office import connecting, invitations, links, people, sessions
from konwent_bot.office.people import Known, Reader
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens import home
from konwent_bot.screens.intents import (
    AcceptInvitation,
    AskLink,
    Connect,
    Enter,
    Home,
    Intent,
    OpenChat,
    OpenPage,
    Privacy,
    SeeEntry,
    SeeSignIn,
    SignOut,
    Stay,
    at_place,
)
from konwent_bot.screens.screen import Action, Field, Form, Screen
from konwent_bot.screens.visiting import Reply, Visit, Visited, Visitor, go_home, look_away

#: How long a link made at a press in the chat may be used, in minutes: the browser opens at once.
AT_ONCE: Final = 15
_NO_PAGES = N_("This installation has no pages yet. Ask its operator.")
_NO_CHAT = N_("The chat cannot be reached at the moment. Please try again later, or ask the coordinator.")


# --- screens ----------------------------------------------------------------------------------------------------------


def sign_in(t: Translator, *, email: str = "", wrong: str = "", notice: str = "") -> Screen:
    """Show the form that asks for a personal link."""
    return Screen(
        t("Sign in by e-mail"),
        notice=notice,
        problem=wrong,
        paragraphs=(
            t("There is no password here. Write the e-mail address your coordinator has for you, and a letter with a personal link will come."),
            t("No letter within a few minutes? Look among unwanted mail, then ask the coordinator which address is on record."),
        ),
        form=Form(
            AskLink(),
            (Field("email", t("E-mail address"), kind="email", value=email, autocomplete="email", problem=wrong),),
            t("Send me a link"),
            SeeSignIn(),
        ),
        actions=((Action(t("Privacy"), Privacy()),),),
    )  # fmt: skip


def entry(t: Translator, offered: links.OfferedLink, token: str) -> Screen:
    """Show whom a link lets in, before it is used up."""
    return Screen(
        t("You are about to enter"),
        facts=((t("Person"), offered.name),) if offered.name else (),
        items=offered.places,
        notes=(
            t("The link works once. You stay signed in on this device for {hours} h of quiet, at most {most} h.",
              hours=str(sessions.IDLE.seconds // 3600), most=str(int(sessions.ABSOLUTE.total_seconds()) // 3600)),
            t("On a computer used by others, sign out at the end."),
        ),
        actions=((Action(t("Enter"), Enter(token), weight="main"),),),
    )  # fmt: skip


def to_page(t: Translator, url: str) -> Screen:
    """Give the way into a browser."""
    return Screen(
        t("Go on in the browser"),
        paragraphs=(t("The button opens a page on this device. The link is yours alone, works once and for {minutes} minutes.", minutes=str(AT_ONCE)),),
        actions=((Action(t("Open the page"), url=url),), (home.to_home(t),)),
    )  # fmt: skip


def to_chat(t: Translator, url: str, *, known: bool) -> Screen:
    """Give the way into the messenger."""
    return Screen(
        t("Go on in Telegram"),
        paragraphs=(
            t("The chat opens at the same question.")
            if known
            else t(
                "The chat opens and asks whether to join this Telegram account to you. The link is yours alone and works once."
            ),
        ),
        actions=((Action(t("Open in Telegram"), url=url, weight="main"),), (home.to_home(t),)),
    )


def connection(t: Translator, offered: links.OfferedLink, token: str) -> Screen:
    """Ask before a Telegram account is joined to a person."""
    return Screen(
        t("Join this Telegram account?"),
        facts=((t("Person"), offered.name),) if offered.name else (),
        items=offered.places,
        paragraphs=(t("Matters of these places will also come to this chat. The pages stay open to you as before."),),
        actions=((Action(t("Yes, join"), Connect(token)),), (Action(t("Privacy"), Privacy()),)),
    )


# --- visits -----------------------------------------------------------------------------------------------------------


def accept(uow: UnitOfWork, visitor: Visitor, intent: AcceptInvitation) -> tuple[int, str | None]:
    """Take an invitation; give the person, and the session that begins if a browser has just been let in by it.

    Raises:
        NotFound, Refused: as ``invitations.accept``.
    """
    came_by = f"invitation:{invitations.number(uow, intent.token)}"
    try:
        taken = invitations.accept(uow, intent.token, caller=visitor.caller, language=intent.language)
    except Refused:
        session = sessions.again(uow, browser=visitor.browser, came_by=came_by) if visitor.caller is None else None
        found = None if session is None else sessions.find(uow, session)
        if found is None:
            raise
        return found.person.id, session
    if taken.crosses:
        sessions.end_all(uow, taken.person)
    elif visitor.caller is not None:
        return taken.person, None
    if not visitor.page:
        return taken.person, None
    return taken.person, sessions.begin(uow, taken.person, browser=visitor.browser, came_by=came_by)


def see_connection(uow: UnitOfWork, visitor: Visitor, person: Known | None, token: str, t: Translator) -> Visited:
    """Show a chat which person a link of theirs would join it to. Raises as ``links.look``."""
    offered = links.look(uow, token, "connect")
    look_away(uow, visitor, person)
    return Reply(connection(t, offered, token)), t


def _sign_in(uow: UnitOfWork, visitor: Visitor, person: Known | None, intent: SeeSignIn, t: Translator) -> Visited:
    return (go_home(uow, visitor, person, t) if person is not None else Reply(sign_in(t), at=intent)), t


def _ask_link(uow: UnitOfWork, visitor: Visitor, person: Known | None, _i: AskLink, t: Translator) -> Visited:
    if not visitor.page:
        return go_home(uow, visitor, person, t), t
    email = visitor.given.fields.get("email", "")
    try:
        sessions.ask_link(uow, email, address=visitor.address)
    except Invalid as wrong:
        return Reply(sign_in(t, email=email, wrong=t.say(wrong)), refusal=wrong), t
    said = t("If this address is on record here, a letter with a link is on its way. It works once and for an hour.")
    return Reply(sign_in(t, notice=said), at=SeeSignIn()), t


def _see_entry(uow: UnitOfWork, visitor: Visitor, _p: Known | None, intent: SeeEntry, t: Translator) -> Visited:
    _in_a_browser(visitor)
    offered = links.look(uow, intent.token, "enter")
    return Reply(entry(t, offered, intent.token), at=intent), t


def _enter(uow: UnitOfWork, visitor: Visitor, _p: Known | None, intent: Enter, t: Translator) -> Visited:
    _in_a_browser(visitor)
    entered = sessions.enter(uow, intent.token, browser=visitor.browser)
    found = sessions.find(uow, entered.token)
    assert found is not None
    t = i18n.translator(found.person.language)
    reply = go_home(uow, Visitor(Reader(found.person.id)), found.person, t)
    return Reply(reply.screen, at=at_place(entered.place), session=entered.token), t


def _sign_out(uow: UnitOfWork, visitor: Visitor, _p: Known | None, _i: SignOut, t: Translator) -> Visited:
    if visitor.page:
        sessions.end(uow, visitor.browser)
    return Reply(home.stranger(t, uow.house, notice=t("You have signed out on this device.")), at=Home(), session=""), t


def _stay(uow: UnitOfWork, visitor: Visitor, person: Known | None, intent: Stay, t: Translator) -> Visited:
    found = sessions.find(uow, visitor.browser) if visitor.page else None
    if found is not None:
        sessions.touch(uow, found)
    reply = go_home(uow, visitor, person, t)
    return Reply(reply.screen, at=at_place(intent.place)), t


def _open_page(uow: UnitOfWork, visitor: Visitor, person: Known | None, intent: OpenPage, t: Translator) -> Visited:
    if person is None or visitor.page:
        return Reply(go_home(uow, visitor, person, t).screen, at=at_place(intent.place)), t
    if not uow.house.public_url:
        raise Refused(_NO_PAGES)
    issued = links.issue(uow, person.id, "enter", place=intent.place, minutes=AT_ONCE)
    look_away(uow, visitor, person)
    return Reply(to_page(t, issued.url)), t


def _open_chat(uow: UnitOfWork, visitor: Visitor, person: Known | None, intent: OpenChat, t: Translator) -> Visited:
    if person is None or not visitor.page:
        return go_home(uow, visitor, person, t), t
    if not uow.house.bot_username:
        raise Refused(_NO_CHAT)
    if people.has_telegram(uow, person):
        start = f"?start=r_{intent.dialogue}" if intent.dialogue else "?start=r_0"
        return Reply(to_chat(t, f"https://t.me/{uow.house.bot_username}{start}", known=True)), t
    issued = links.issue(uow, person.id, "connect")
    return Reply(to_chat(t, issued.url, known=False)), t


def _connect(uow: UnitOfWork, visitor: Visitor, person: Known | None, intent: Connect, t: Translator) -> Visited:
    if not isinstance(visitor.caller, int):
        raise NotFound(N_("There is no such matter here, or it is not open to you."))
    connecting.connect(uow, intent.token, telegram=visitor.caller)
    person = people.find(uow, visitor.caller)
    assert person is not None
    t = i18n.translator(person.language)
    return go_home(uow, visitor, person, t, notice=t("This Telegram account is yours here now.")), t


def _in_a_browser(visitor: Visitor) -> None:
    """Refuse in a chat what lets a browser in: the link would be used up for nothing."""
    if not visitor.page:
        raise NotFound(N_("There is no such matter here, or it is not open to you."))


VISITS: Final[Mapping[type[Intent], Visit]] = {
    SeeSignIn: _sign_in,
    AskLink: _ask_link,
    SeeEntry: _see_entry,
    Enter: _enter,
    SignOut: _sign_out,
    Stay: _stay,
    OpenPage: _open_page,
    OpenChat: _open_chat,
    Connect: _connect,
}
