"""A seat or a post on the coordinator's desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from konwent_bot.i18n import Translator
from konwent_bot.office import desk
from konwent_bot.office.desk import Place
from konwent_bot.office.people import Known
from konwent_bot.office.rights import Actor
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.desk_words import change, heading, holder, letter, named, reached, see, standing, trail
from konwent_bot.screens.intents import (
    AskGivePost,
    AskHandOver,
    AskVacate,
    Intent,
    IssueInvitation,
    SeeInstitution,
    SeePost,
    SeePosts,
    SeeSeat,
    SendInvitation,
)
from konwent_bot.screens.let_in import let_in
from konwent_bot.screens.screen import Action, Row, Screen
from konwent_bot.screens.visiting import Reply, Visit, Visitor

#: Letters told of a place.
LETTERS: Final = 5


def row(uow: UnitOfWork, place: Place, t: Translator) -> Row:
    """Make the line of a place in the list of its institution, or of the body's posts."""
    return Row(f"{heading(t, place)} – {holder(t, place)}", standing(uow, place, t), Action(t("See"), see(place)))


def _see_seat(uow: UnitOfWork, _v: Visitor, person: Known, intent: SeeSeat, t: Translator) -> Reply:
    return Reply(screen(uow, Actor(person.id), desk.seat(uow, Actor(person.id), intent.seat), t), at=intent)


def _see_post(uow: UnitOfWork, _v: Visitor, person: Known, intent: SeePost, t: Translator) -> Reply:
    return Reply(screen(uow, Actor(person.id), desk.post(uow, Actor(person.id), intent.post), t), at=intent)


def screen(uow: UnitOfWork, actor: Actor, found: Place, t: Translator, *, notice: str = "") -> Screen:
    """Show a seat or a post: whom the roster names, whether they have accepted, how they are reached, which letters went out."""
    facts = [(t("First and last name"), found.name or t("nobody is named")), (t("E-mail"), found.email or t("none"))]
    if found.title:
        facts.append((t("Position"), found.title))
    if found.accepted_at is not None:
        facts.append((t("Invitation accepted"), t.day(found.accepted_at)))
        facts.append((t("Can be reached by"), reached(t, found)))
    else:
        facts.append((t("Invitation"), standing(uow, found, t)))
        if found.link is not None and found.link.expires_at > uow.now:
            facts.append((t("The link is valid until"), t.day(found.link.expires_at)))
    seat, post = found.seat or 0, found.post or 0
    actions: list[tuple[Action, ...]] = []
    if found.accepted_at is None:
        if found.letter is None or found.letter.settled_at is not None:
            actions.append((Action(t("Send an invitation by e-mail"), SendInvitation(seat, post), weight="main"),))
        actions.append((Action(t("Make a link to copy"), IssueInvitation(seat, post)),))
    if found.seat is not None:
        actions.append((Action(change(t, found), AskHandOver(seat)),))
        if named(found):
            actions.append((Action(t("Leave the seat empty"), AskVacate(seat)),))
        above = Action(found.institution, SeeInstitution(found.membership or 0))
    else:
        actions.append((Action(change(t, found), AskGivePost(post)),))
        above = Action(t("Posts of the network"), SeePosts(found.body))
    letters = [one for one in desk.letters(uow, actor, found) if one.occasion == "invitation"]
    return Screen(
        heading(t, found),
        context=tuple(filter(None, (found.institution, found.body_name))),
        notice=notice,
        facts=tuple(facts),
        items=tuple(letter(t, one) for one in letters[:LETTERS]),
        actions=tuple(actions),
        trail=trail(t, found.body, above),
    )


VISITS: Final[Mapping[type[Intent], Visit]] = {SeeSeat: let_in(_see_seat), SeePost: let_in(_see_post)}
