"""The desk's changes of people: a seat or a post goes to somebody else, a seat is left empty."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from konwent_bot.domain.contacts import LONGEST_NAME, email_address, person_name
from konwent_bot.errors import N_, Invalid, NotFound, Refused
from konwent_bot.i18n import Translator
from konwent_bot.office import desk, people, seats
from konwent_bot.office.desk import Place
from konwent_bot.office.people import Known
from konwent_bot.office.rights import Actor
from konwent_bot.office.seats import Changed
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens import desk_places, home
from konwent_bot.screens.desk_words import called, change, heading, see, trail
from konwent_bot.screens.intents import AskGivePost, AskHandOver, AskVacate, GivePost, HandOver, Home, Intent, Vacate
from konwent_bot.screens.let_in import let_in
from konwent_bot.screens.screen import Action, Field, Form, Screen
from konwent_bot.screens.visiting import Reply, Visit, Visitor, go_home

_MEANWHILE = N_("Since this form was opened the place has gone to somebody else. Nothing was changed now; see who has it.")
_NO_NAME = N_("Write the first and last name of the person.")


# --- screens ----------------------------------------------------------------------------------------------------------


def ask(
    place: Place, person: Known, t: Translator, *, given: Mapping[str, str] | None = None, wrong: Mapping[str, str] | None = None
) -> Screen:
    """Ask who is to have a place from now on. ``given`` is what was written, ``wrong`` what was wrong with it, by field."""
    given, wrong = given or {}, wrong or {}
    seat = place.seat is not None
    take, at = (
        (HandOver(place.seat or 0), AskHandOver(place.seat or 0))
        if seat
        else (GivePost(place.post or 0), AskGivePost(place.post or 0))
    )
    return Screen(
        change(t, place),
        context=(called(t, place), place.body_name),
        problem=" ".join(wrong.values()),
        facts=((t("Has it now"), place.name or place.email),) if place.name or place.email else (),
        paragraphs=(
            t("Write whom the place goes to. Then send that person an invitation."),
            *_what_ends(place, t),
            *_about_oneself(place, person, t),
        ),
        form=Form(
            take,
            (
                Field("was", "was", kind="hidden", value=_was(place)),
                Field("name", t("First and last name"), value=given.get("name", ""), problem=wrong.get("name", ""), most_chars=LONGEST_NAME),
                Field("email", t("E-mail address"), kind="email", value=given.get("email", ""), problem=wrong.get("email", ""),
                      hint=t("Without an address the invitation has to be handed over on paper."), required=False, most_chars=254),
            ),
            t("Give it to this person"),
            at,
        ),
        trail=_trail(place, t),
    )  # fmt: skip


def ask_vacate(place: Place, person: Known, t: Translator) -> Screen:
    """Ask before a seat is left empty."""
    return Screen(
        t("Leave this seat empty?"),
        context=(called(t, place), place.body_name),
        facts=((t("Has it now"), place.name or place.email),) if place.name or place.email else (),
        paragraphs=(
            *_what_ends(place, t),
            t("The name and the address are removed from the roster here. The next roster that names somebody for this seat fills it again."),
            *_about_oneself(place, person, t),
        ),
        actions=((Action(t("Yes, leave it empty"), Vacate(place.seat or 0), weight="danger"),), (Action(t("No, leave it as it is"), see(place)),)),
        trail=_trail(place, t),
    )  # fmt: skip


def _was(place: Place) -> str:
    """Say who has a place, for the form that changes it: sent twice, or sent late, it must take the place from nobody else."""
    return str(place.person or 0)


def _what_ends(place: Place, t: Translator) -> tuple[str, ...]:
    """Say what a change of holder takes from the present one."""
    if place.accepted_at is None:
        return (t("The invitation made for this place so far stops working."),) if place.link is not None else ()
    if place.seat is None:
        return (t("Whoever has it now loses the rights of this post at once."),)
    return (
        t("Whoever has it now loses access at once, and their unfinished answers for this institution are deleted. Cards that were sent stay."),
    )  # fmt: skip


def _about_oneself(place: Place, person: Known, t: Translator) -> tuple[str, ...]:
    if place.person != person.id:
        return ()
    if place.kind == "coordinator":
        return (t("This is your own post. Without it you no longer have this desk, and you will be signed out in browsers."),)
    return (t("This is your own place. You will be signed out in browsers; with your other places you can sign in again."),)


def _trail(place: Place, t: Translator) -> tuple[Action, ...]:
    return trail(t, place.body, Action(heading(t, place), see(place)))


# --- visits -----------------------------------------------------------------------------------------------------------


def _ask_hand_over(uow: UnitOfWork, _v: Visitor, person: Known, intent: AskHandOver, t: Translator) -> Reply:
    return Reply(ask(desk.seat(uow, Actor(person.id), intent.seat), person, t), at=intent)


def _ask_give_post(uow: UnitOfWork, _v: Visitor, person: Known, intent: AskGivePost, t: Translator) -> Reply:
    return Reply(ask(desk.post(uow, Actor(person.id), intent.post), person, t), at=intent)


def _ask_vacate(uow: UnitOfWork, _v: Visitor, person: Known, intent: AskVacate, t: Translator) -> Reply:
    return Reply(ask_vacate(desk.seat(uow, Actor(person.id), intent.seat), person, t), at=intent)


def _hand_over(uow: UnitOfWork, visitor: Visitor, person: Known, intent: HandOver, t: Translator) -> Reply:
    place = desk.seat(uow, Actor(person.id), intent.seat)
    return _given(uow, visitor, person, place, t)


def _give_post(uow: UnitOfWork, visitor: Visitor, person: Known, intent: GivePost, t: Translator) -> Reply:
    place = desk.post(uow, Actor(person.id), intent.post)
    return _given(uow, visitor, person, place, t)


def _vacate(uow: UnitOfWork, visitor: Visitor, person: Known, intent: Vacate, t: Translator) -> Reply:
    place = desk.seat(uow, Actor(person.id), intent.seat)
    changed = seats.vacate(uow, Actor(person.id), intent.seat)
    said = t("The seat is empty now.")
    if place.accepted_at is not None:
        said = t("The seat is empty now. Whoever had it has no access any more.")
    return _changed(uow, visitor, person, place, changed, t, said)


def _given(uow: UnitOfWork, visitor: Visitor, person: Known, place: Place, t: Translator) -> Reply:
    """Give a place to whom the form names. Without a form (a press in a chat cannot bring one) the form is shown."""
    if not visitor.page:
        return Reply(ask(place, person, t), at=None)
    given = visitor.given.fields
    if "was" in given and given["was"] != _was(place):
        late = Refused(_MEANWHILE)
        return Reply(ask(place, person, t, given=given, wrong={"was": t.say(late)}), refusal=late)
    wrong: dict[str, str] = {}
    refusal = None
    name = email = ""
    try:
        name = person_name(given.get("name", ""))
        if not name:
            raise Invalid(_NO_NAME)
    except Invalid as error:
        wrong["name"], refusal = t.say(error), error
    try:
        email = email_address(given.get("email", ""))
    except Invalid as error:
        wrong["email"], refusal = t.say(error), refusal or error
    if refusal is not None:
        return Reply(ask(place, person, t, given=given, wrong=wrong), refusal=refusal)
    actor = Actor(person.id)
    if place.seat is not None:
        changed = seats.hand_over(uow, actor, place.seat, name=name, email=email)
    else:
        changed = seats.give_post(uow, actor, place.body, place.kind, number=place.number, name=name, email=email)
    said = t("Saved. Now send the new person an invitation.")
    if place.accepted_at is not None:
        said = t("Saved. The person who had it has no access any more. Now send the new person an invitation.")
    return _changed(uow, visitor, person, place, changed, t, said)


def _changed(uow: UnitOfWork, visitor: Visitor, person: Known, place: Place, changed: Changed, t: Translator, said: str) -> Reply:
    """Show the place as it is now. Who gave away a place of their own is signed out in browsers, and may have lost the desk."""
    actor = Actor(person.id)
    if changed.former == person.id and visitor.page:
        return Reply(home.stranger(t, uow.house, notice=said), at=Home(), session="")
    try:
        now = desk.seat(uow, actor, place.seat) if place.seat is not None else desk.post(uow, actor, place.post or 0)
    except NotFound:
        return go_home(uow, visitor, people.find(uow, visitor.caller) if visitor.caller is not None else None, t, notice=said)
    return Reply(desk_places.screen(uow, actor, now, t, notice=said), at=see(now))


VISITS: Final[Mapping[type[Intent], Visit]] = {
    AskHandOver: let_in(_ask_hand_over),
    HandOver: let_in(_hand_over),
    AskVacate: let_in(_ask_vacate),
    Vacate: let_in(_vacate),
    AskGivePost: let_in(_ask_give_post),
    GivePost: let_in(_give_post),
}
