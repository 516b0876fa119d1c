"""The desk's invitations: a link to copy, a letter, letters to all who wait, a sheet to print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from konwent_bot.errors import N_, NotFound, Refused
from konwent_bot.i18n import Translator
from konwent_bot.office import desk, invitations, notices
from konwent_bot.office.desk import Place
from konwent_bot.office.invitations import Issued
from konwent_bot.office.people import Known
from konwent_bot.office.rights import Actor
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens import desk_places, words
from konwent_bot.screens.desk_words import PAGE, called, heading, holder, see, standing, trail
from konwent_bot.screens.intents import (
    AskPrint,
    Intent,
    IssueInvitation,
    PrintInvitations,
    SeeInvitations,
    SendInvitation,
    SendInvitations,
)
from konwent_bot.screens.let_in import let_in
from konwent_bot.screens.screen import Action, Document, Row, Screen
from konwent_bot.screens.visiting import Reply, Visit, Visitor

#: Whoever was written to is left in peace for so long by "send to all".
AGAIN_AFTER: Final = timedelta(days=7)
PDF: Final = "application/pdf"

_NO_LINKS = N_("Links have nowhere to lead yet. Ask the operator of this installation.")


# --- who waits --------------------------------------------------------------------------------------------------------


def to_write_to(uow: UnitOfWork, places: Sequence[Place]) -> list[Place]:
    """Give those "send to all" writes to: with an address, no letter on its way, none in the last days, none sent back."""
    return [place for place in places if place.email and _may_be_written_to(uow, place)]


def _may_be_written_to(uow: UnitOfWork, place: Place) -> bool:
    told = place.letter
    if told is None or told.outcome == "failed":
        return True
    if told.settled_at is None or told.outcome == "refused":  # refused: by the address, and it would be again
        return False
    return told.settled_at <= uow.now - AGAIN_AFTER


def waiting(uow: UnitOfWork, actor: Actor, body: int, page: int, t: Translator, *, notice: str = "") -> Screen:
    """Show the places nobody has accepted yet."""
    name = desk.body_name(uow, actor, body)
    found = desk.vacant(uow, actor, body)
    last = max(0, (len(found) - 1) // PAGE)
    page = min(page, last)
    turns = []
    if page > 0:
        turns.append(Action(t("‹ Previous"), SeeInvitations(body, page - 1)))
    if page < last:
        turns.append(Action(t("Next ›"), SeeInvitations(body, page + 1)))
    letters = len(to_write_to(uow, found))
    actions: list[tuple[Action, ...]] = [tuple(turns)] if turns else []
    if letters:
        send = t.plural("Send {n} letter with an invitation", "Send {n} letters with invitations", letters)
        actions.append((Action(send, SendInvitations(body), weight="main"),))
    if found:
        actions.append((Action(t("Print a sheet with links and QR codes"), AskPrint(body)),))
    return Screen(
        t("Invitations"),
        context=(name, *((t("page {page} of {pages}", page=page + 1, pages=last + 1),) if last else ())),
        notice=notice,
        paragraphs=() if found else (t("Nobody is waiting for an invitation: every seat and post has been accepted."),),
        facts=(
            (t("Places nobody has accepted yet"), str(len(found))),
            (t("Of them without an e-mail address"), str(_without_address(found))),
        )
        if found
        else (),
        rows=tuple(
            Row(f"{called(t, place)} – {holder(t, place)}", standing(uow, place, t), Action(t("See"), see(place)))
            for place in found[page * PAGE : (page + 1) * PAGE]
        ),
        actions=tuple(actions),
        trail=trail(t, body),
    )


def _without_address(places: Sequence[Place]) -> int:
    return sum(not place.email for place in places)


# --- screens ----------------------------------------------------------------------------------------------------------


def link(place: Place, issued: Issued, t: Translator) -> Screen:
    """Show a link just made: here and now only, because it is stored nowhere."""
    facts = [(t("For whom"), holder(t, place))]
    if issued.page:
        facts.append((t("Link to the page"), issued.page))
    if issued.link:
        facts.append((t("Link to the chat"), issued.link))
    facts.append((t("Valid until"), t.day(issued.expires_at)))
    return Screen(
        t("A link to copy"),
        context=(called(t, place), place.body_name),
        paragraphs=(
            t("Copy the link now: it is shown only once. It works once, and any earlier link to this place has stopped working."),
            t("Give it to this person alone: whoever opens it takes the place."),
        ),
        facts=tuple(facts),
        trail=trail(t, place.body, Action(heading(t, place), see(place))),
    )


def ask_print(uow: UnitOfWork, actor: Actor, body: int, t: Translator) -> Screen:
    """Warn before a sheet is made."""
    name = desk.body_name(uow, actor, body)
    count = len(desk.vacant(uow, actor, body))
    return Screen(
        t("Print invitations?"),
        context=(name,),
        paragraphs=(
            t("The sheet will have a card with a link and a QR code for each place nobody has accepted yet."),
            t("Links given out earlier stop working, also those in letters. Print only if you will hand the cards over."),
        )
        if count
        else (t("Nobody is waiting for an invitation: every seat and post has been accepted."),),
        facts=((t("Cards"), str(count)),) if count else (),
        actions=((Action(t("Make the sheet (PDF)"), PrintInvitations(body), weight="main"),),) if count else (),
        trail=trail(t, body, Action(t("Invitations"), SeeInvitations(body))),
    )


# --- visits -----------------------------------------------------------------------------------------------------------


def _place(uow: UnitOfWork, actor: Actor, intent: IssueInvitation | SendInvitation) -> Place:
    if intent.seat and not intent.post:
        return desk.seat(uow, actor, intent.seat)
    if intent.post and not intent.seat:
        return desk.post(uow, actor, intent.post)
    raise NotFound(N_("There is no such matter here, or it is not open to you."))


def _require_links(uow: UnitOfWork) -> None:
    if not (uow.house.bot_username or uow.house.public_url):
        raise Refused(_NO_LINKS)


def _issue(uow: UnitOfWork, _v: Visitor, person: Known, intent: IssueInvitation, t: Translator) -> Reply:
    actor = Actor(person.id)
    place = _place(uow, actor, intent)
    _require_links(uow)
    return Reply(link(place, invitations.issue(uow, actor, seat=place.seat, post=place.post), t))


def _send(uow: UnitOfWork, _v: Visitor, person: Known, intent: SendInvitation, t: Translator) -> Reply:
    actor = Actor(person.id)
    place = _place(uow, actor, intent)
    if place.letter is not None and place.letter.settled_at is None:
        said = t("A letter to this person is already waiting to be sent.")
    else:
        notices.invite(uow, actor, seat=place.seat, post=place.post)
        said = t("The invitation to {email} is waiting to be sent. Here you will see what became of it.", email=place.email)
        if not place.email:
            said = t(
                "There is no address for this place, so the letter goes to whoever coordinates the network, to be handed over."
            )
    now = _place(uow, actor, intent)
    return Reply(desk_places.screen(uow, actor, now, t, notice=said), at=see(now))


def _see_waiting(uow: UnitOfWork, _v: Visitor, person: Known, intent: SeeInvitations, t: Translator) -> Reply:
    return Reply(waiting(uow, Actor(person.id), intent.body, intent.page, t), at=intent)


def _send_all(uow: UnitOfWork, _v: Visitor, person: Known, intent: SendInvitations, t: Translator) -> Reply:
    actor = Actor(person.id)
    found = desk.vacant(uow, actor, intent.body)
    sent = 0
    for place in to_write_to(uow, found):
        try:
            notices.invite(uow, actor, seat=place.seat, post=place.post)
        except Refused:  # accepted at this very moment: nothing to be sent
            continue
        sent += 1
    said = t.plural(
        "{n} letter with an invitation is waiting to be sent.", "{n} letters with invitations are waiting to be sent.", sent
    )
    if not sent:
        said = t("No letter was sent: everybody who has an address has been written to in the last days.")
    if missing := _without_address(found):
        said += " " + t.plural(
            "{n} place has no e-mail address: print its invitation or copy its link.",
            "{n} places have no e-mail address: print their invitations or copy their links.",
            missing,
        )
    return Reply(waiting(uow, actor, intent.body, 0, t, notice=said), at=SeeInvitations(intent.body))


def _ask_print(uow: UnitOfWork, _v: Visitor, person: Known, intent: AskPrint, t: Translator) -> Reply:
    return Reply(ask_print(uow, Actor(person.id), intent.body, t), at=intent)


def _print(uow: UnitOfWork, visitor: Visitor, person: Known, intent: PrintInvitations, t: Translator) -> Reply:
    actor = Actor(person.id)
    asked = ask_print(uow, actor, intent.body, t)
    if not visitor.page:  # a chat hands over no file, and links must not be ended for nothing
        return Reply(asked)
    _require_links(uow)
    issued = []
    for place in desk.vacant(uow, actor, intent.body):
        try:
            issued.append(invitations.issue(uow, actor, seat=place.seat, post=place.post))
        except Refused:  # accepted at this very moment
            continue
    if not issued:
        return Reply(asked, at=AskPrint(intent.body))
    sheet = Document(t("invitations") + ".pdf", PDF, _sheet(desk.body_name(uow, actor, intent.body), issued, t))
    return Reply(asked, at=AskPrint(intent.body), document=sheet)


def _sheet(body: str, issued: Sequence[Issued], t: Translator) -> bytes:
    from konwent_bot.documents import invitation_sheet  # only who prints pays for the typesetter

    cards = [
        invitation_sheet.Invitation(
            institution=one.place.institution, role=words.place(t, one.place.kind), name=one.place.name, link=one.link, page=one.page,
            until=t.day(one.expires_at),
        )
        for one in issued
    ]  # fmt: skip
    return invitation_sheet.make(t, body, cards).pdf


VISITS: Final[Mapping[type[Intent], Visit]] = {
    IssueInvitation: let_in(_issue),
    SendInvitation: let_in(_send),
    SeeInvitations: let_in(_see_waiting),
    SendInvitations: let_in(_send_all),
    AskPrint: let_in(_ask_print),
    PrintInvitations: let_in(_print),
}
