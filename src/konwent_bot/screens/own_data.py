"""What the secretariat holds about the reader, and what they may do about it: take it away, correct it, have it erased."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from konwent_bot import i18n
from konwent_bot.domain.contacts import LONGEST_NAME
from konwent_bot.errors import N_, Invalid, Refused
from konwent_bot.i18n import Translator
from konwent_bot.office import bodies, desk, links, privacy
from konwent_bot.office.own_data import Held, HeldPlace
from konwent_bot.office.people import Known
from konwent_bot.office.rights import Actor
from konwent_bot.office.throttle import TooOften
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens import home, words
from konwent_bot.screens.intents import (
    AskEmail,
    AskErase,
    AskLeave,
    AskName,
    ChangeEmail,
    ChangeName,
    ConfirmEmail,
    DownloadMine,
    Erase,
    Home,
    Intent,
    Privacy,
    SeeEmailLink,
    SeeMine,
    Settings,
)
from konwent_bot.screens.let_in import let_in
from konwent_bot.screens.screen import Action, Document, Field, Form, Screen
from konwent_bot.screens.visiting import Reply, Visit, Visited, Visitor

#: Cards named one by one before an erasure.
CARDS: Final = 10


# --- screens ----------------------------------------------------------------------------------------------------------


def mine(held: Held, t: Translator, *, notice: str = "") -> Screen:
    """Show what is held, in figures where it is much: the download has all of it."""
    email = held.email or t("none")
    if held.email:
        email = t("{email} (confirmed)", email=email) if held.email_confirmed_at else t("{email} (from the roster)", email=email)
    telegram = t("not joined")
    if held.telegram_id is not None:
        telegram = (
            t("joined, number {number}; blocked there", number=str(held.telegram_id))
            if held.reach == "blocked"
            else str(held.telegram_id)
        )
    facts = [
        (t("First and last name"), held.name or t("none")),
        (t("E-mail"), email),
        (t("Language"), i18n.own_name(held.language)),
        (t("Telegram"), telegram),
    ]
    if held.accepted_at is not None:
        facts.append((t("Invitation accepted"), t.day(held.accepted_at)))
    if held.sessions:
        last = max(one.seen_at for one in held.sessions)
        facts.append(
            (
                t("Signed in by a browser"),
                t.plural("{n} time, last: {when}", "{n} times, last: {when}", len(held.sessions), when=last),
            )
        )
    counted = (
        (t("Unfinished conversations"), sum(one.open for one in held.talks)),
        (t("Versions of cards you sent"), len(held.cards)),
        (t("Meetings: calls, answers and what you noted"), len(held.meetings)),
        (t("Decisions: what you proposed, said and voted"), len(held.decisions)),
        (t("Minutes: what you wrote, answered and gave others to do"), len(held.minutes)),
        (t("Letters to you"), len(held.letters)),
        (t("Entries in the record of what was done"), len(held.acts)),
        (t("Files being looked over"), len(held.files)),
    )
    facts += [(label, str(count)) for label, count in counted if count]
    if held.calendar_since is not None:
        facts.append((t("Secret address of your calendar"), t("made on {day}", day=t.day(held.calendar_since))))
    return Screen(
        t("My data"),
        notice=notice,
        facts=tuple(facts),
        items=tuple(_place(one, t) for one in held.places),
        notes=(t("The file for download has everything in full: answers, letters, times. It is for you alone."),),
        actions=(
            (Action(t("Download everything"), DownloadMine(), weight="main"),),
            (Action(t("Correct my name"), AskName()),),
            (Action(t("Change my e-mail address"), AskEmail()),),
            (Action(t("Privacy"), Privacy()), Action(t("Leave the secretariat"), AskLeave())),
            (Action(t("Erase my data"), AskErase()),),
        ),
        trail=(home.to_home(t), Action(t("Settings"), Settings())),
    )  # fmt: skip


def _place(one: HeldPlace, t: Translator) -> str:
    only = "" if one.only_on is None else t("only for the meeting on {day}", day=t.day(one.only_on))
    return ", ".join(filter(None, (one.institution, words.place(t, one.kind), only, one.body)))


def ask_name(held: Held, t: Translator, *, name: str | None = None, wrong: str = "") -> Screen:
    """Ask for the right name."""
    value = held.name if name is None else name
    return Screen(
        t("Correct my name"),
        problem=wrong,
        paragraphs=(t("The name is corrected here and in the roster of your places. Documents already made stay as they are."),),
        form=Form(
            ChangeName(),
            (Field("name", t("First and last name"), value=value, autocomplete="name", problem=wrong, most_chars=LONGEST_NAME),),
            t("Save"),
            AskName(),
        ),
        trail=_trail(t),
    )


def ask_email(held: Held, t: Translator, *, email: str = "", wrong: str = "", notice: str = "") -> Screen:
    """Ask for a new address."""
    return Screen(
        t("Change my e-mail address"),
        notice=notice,
        problem=wrong,
        paragraphs=(
            t("A letter with a link will come to the new address. The change counts once you have opened the link and confirmed."),
            t("Letters and links to sign in will then come to the new address."),
        ),
        facts=((t("Now"), held.email or t("none")),),
        form=Form(
            ChangeEmail(),
            (Field("email", t("New e-mail address"), kind="email", value=email, autocomplete="email", problem=wrong, most_chars=254),),
            t("Send the letter"),
            AskEmail(),
        ),
        trail=_trail(t),
    )  # fmt: skip


def email_link(offered: links.OfferedLink, token: str, t: Translator) -> Screen:
    """Show which address a link confirms. Whose it is stands in no word here: a letter may reach a wrong mailbox."""
    return Screen(
        t("Confirm the e-mail address"),
        paragraphs=(t("Letters of the secretariat will come to this address."),),
        facts=((t("E-mail address"), offered.email),),
        notes=(t("If it was not you who asked for this, close this page: the address is not used then."),),
        actions=((Action(t("Yes, this is my address"), ConfirmEmail(token), weight="main"),),),
    )


def ask_erase(held: Held, remains: privacy.Remains, coordinated: tuple[str, ...], t: Translator) -> Screen:
    """Say what goes and what stays, and why, before everything personal is erased."""
    cards = [f"{one.institution}, {words.period(t, one.period)}" for one in remains.cards]
    cards = list(dict.fromkeys(cards))
    more = len(cards) - CARDS
    named = "; ".join(cards[:CARDS]) + (" " + t.plural("and {n} more", "and {n} more", more) if more > 0 else "")
    facts = [(t("Cards that stay"), named)] if cards else []
    if remains.entries:
        facts.append((t("Entries that keep your number"), str(remains.entries)))
    return Screen(
        t("Erase my data?"),
        paragraphs=(
            t("Erased at once and for good: your name, e-mail address, Telegram number, language, unfinished answers, reasons for not coming to meetings, the address of your calendar, sessions and links."),
            *(
                (t("Your places will be empty and will name nobody: {places}.", places=_places(held, t)),)
                if held.places
                else ()
            ),
            *(
                (t("Nobody will coordinate {bodies} until the operator gives the post to somebody else.", bodies=", ".join(coordinated)),)
                if coordinated
                else ()
            ),
            t("This cannot be undone. To come back you will need a new invitation from the coordinator."),
            t("What stays, and why:"),
        ),
        facts=tuple(facts),
        items=tuple(t(why) for why in remains.why),
        actions=(
            (Action(t("Yes, erase my data"), Erase(), weight="danger"),),
            (Action(t("No, keep it"), SeeMine()), Action(t("Download everything"), DownloadMine())),
        ),
        trail=_trail(t),
    )  # fmt: skip


def _places(held: Held, t: Translator) -> str:
    return "; ".join(", ".join(filter(None, (one.institution or one.body, words.place(t, one.kind)))) for one in held.places)


def _trail(t: Translator) -> tuple[Action, ...]:
    return (home.to_home(t), Action(t("My data"), SeeMine()))


# --- visits -----------------------------------------------------------------------------------------------------------


def _see_mine(uow: UnitOfWork, _v: Visitor, person: Known, intent: SeeMine, t: Translator) -> Reply:
    return Reply(mine(privacy.held(uow, person.id), t), at=intent)


def _download(uow: UnitOfWork, visitor: Visitor, person: Known, _i: DownloadMine, t: Translator) -> Reply:
    screen = mine(privacy.held(uow, person.id), t)
    if not visitor.page:  # a chat leads to the page: what was sent to a chat would stay in Telegram's own copy
        return Reply(screen, at=SeeMine())
    content = json.dumps(privacy.export(uow, person.id), ensure_ascii=False, indent=2).encode()
    return Reply(screen, at=SeeMine(), document=Document(t("my-data") + ".json", "application/json; charset=utf-8", content))


def _ask_name(uow: UnitOfWork, _v: Visitor, person: Known, intent: AskName, t: Translator) -> Reply:
    return Reply(ask_name(privacy.held(uow, person.id), t), at=intent)


def _change_name(uow: UnitOfWork, visitor: Visitor, person: Known, _i: ChangeName, t: Translator) -> Reply:
    if not visitor.page:  # a press in a chat brings no form
        return Reply(ask_name(privacy.held(uow, person.id), t))
    name = visitor.given.fields.get("name", "")
    try:
        privacy.correct_name(uow, person.id, name)
    except Invalid as wrong:
        return Reply(ask_name(privacy.held(uow, person.id), t, name=name, wrong=t.say(wrong)), refusal=wrong)
    return Reply(mine(privacy.held(uow, person.id), t, notice=t("Saved.")), at=SeeMine())


def _ask_email(uow: UnitOfWork, _v: Visitor, person: Known, intent: AskEmail, t: Translator) -> Reply:
    return Reply(ask_email(privacy.held(uow, person.id), t), at=intent)


def _change_email(uow: UnitOfWork, visitor: Visitor, person: Known, _i: ChangeEmail, t: Translator) -> Reply:
    held = privacy.held(uow, person.id)
    if not visitor.page:
        return Reply(ask_email(held, t))
    email = visitor.given.fields.get("email", "")
    try:
        privacy.ask_email(uow, person.id, email)
    except TooOften:
        raise
    except (Invalid, Refused) as wrong:
        return Reply(ask_email(held, t, email=email, wrong=t.say(wrong)), refusal=wrong)
    said = t("A letter with a link is on its way to the new address. Until you confirm it there, nothing changes.")
    return Reply(mine(held, t, notice=said), at=SeeMine())


def _see_email_link(uow: UnitOfWork, _v: Visitor, _p: Known | None, intent: SeeEmailLink, t: Translator) -> Visited:
    return Reply(email_link(links.look(uow, intent.token, "email"), intent.token, t), at=intent), t


def _confirm_email(uow: UnitOfWork, _v: Visitor, person: Known | None, intent: ConfirmEmail, t: Translator) -> Visited:
    confirmed = privacy.confirm_email(uow, intent.token)
    if person is None or person.id != confirmed.person:
        # A letter to a mistyped address is read by a stranger; what this visit has done is taken back with the refusal.
        raise Refused(N_("Sign in first as the person who asked for this letter, then open the link in it again."))
    said = t("The address {email} has been confirmed.", email=confirmed.email)
    return Reply(mine(privacy.held(uow, person.id), t, notice=said), at=SeeMine()), t


def _ask_erase(uow: UnitOfWork, _v: Visitor, person: Known, intent: AskErase, t: Translator) -> Reply:
    coordinated = tuple(name for body, name in bodies.coordinated(uow, person.id) if not _others(uow, person, body))
    return Reply(ask_erase(privacy.held(uow, person.id), privacy.remains(uow, person.id), coordinated, t), at=intent)


def _others(uow: UnitOfWork, person: Known, body: int) -> bool:
    """Tell whether somebody else coordinates a body too."""
    posts = desk.posts(uow, Actor(person.id), body)
    return any(one.kind == "coordinator" and one.accepted_at is not None and one.person != person.id for one in posts)


def _erase(uow: UnitOfWork, _v: Visitor, person: Known, _i: Erase, t: Translator) -> Reply:
    privacy.erase(uow, Actor(person.id), person.id)
    said = t("Your data has been erased. Nothing will be sent to you and nothing opens for you here.")
    return Reply(home.stranger(t, uow.house, notice=said), at=Home(), session="")


VISITS: Final[Mapping[type[Intent], Visit]] = {
    SeeMine: let_in(_see_mine),
    DownloadMine: let_in(_download),
    AskName: let_in(_ask_name),
    ChangeName: let_in(_change_name),
    AskEmail: let_in(_ask_email),
    ChangeEmail: let_in(_change_email),
    SeeEmailLink: _see_email_link,
    ConfirmEmail: _confirm_email,
    AskErase: let_in(_ask_erase),
    Erase: let_in(_erase),
}
