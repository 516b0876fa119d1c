"""The coordinator's desk: one body at a time, always named in the heading; its institutions, places and posts.

Changes are in ``desk_changes``, invitations in ``desk_invitations``, the roster in ``desk_import``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from konwent_bot.i18n import Translator
from konwent_bot.office import bodies, desk
from konwent_bot.office.desk import Member
from konwent_bot.office.people import Known
from konwent_bot.office.rights import Actor
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens import desk_changes, desk_import, desk_invitations, desk_places, words
from konwent_bot.screens.archive_intents import SeeArchive
from konwent_bot.screens.ballot_intents import SeeRegister
from konwent_bot.screens.desk_places import row
from konwent_bot.screens.desk_words import PAGE, trail
from konwent_bot.screens.group_intents import SeeChat
from konwent_bot.screens.home import to_home
from konwent_bot.screens.intents import (
    Intent,
    SeeCoverage,
    SeeDesk,
    SeeImport,
    SeeInstitution,
    SeeInvitations,
    SeeMembers,
    SeePosts,
)
from konwent_bot.screens.let_in import let_in
from konwent_bot.screens.plan_intents import SeePlan
from konwent_bot.screens.proposal_intents import SeeMotions
from konwent_bot.screens.screen import Action, Row, Screen
from konwent_bot.screens.visiting import Reply, Visit, Visitor


def _see_desk(uow: UnitOfWork, _v: Visitor, person: Known, intent: SeeDesk, t: Translator) -> Reply:
    found = desk.desk(uow, Actor(person.id), intent.body)
    facts = [
        (t("Institutions"), str(found.institutions)),
        (t("Places accepted"), t("{accepted} of {places}", accepted=found.accepted, places=found.places)),
    ]
    actions = [
        (Action(t("Plan of the year"), SeePlan(found.body, 0)),),
        (Action(t("Proposals to decide"), SeeMotions(found.body)), Action(t("Register of decisions"), SeeRegister(found.body))),
        (Action(t("Archive"), SeeArchive(found.body)),),
        (Action(t("Institutions and people"), SeeMembers(found.body)),),
        (Action(t("Posts of the network"), SeePosts(found.body)),),
        (Action(t("Invitations"), SeeInvitations(found.body)),),
        (Action(t("Import a roster"), SeeImport(found.body)),),
        (Action(t("Group chat of the network"), SeeChat(found.body)),),
    ]
    if found.round is not None:
        period = words.period(t, found.round.period)
        facts.append(
            (
                t("Cards, {period}", period=period),
                t("received {received} of {asked}, until {until}", received=found.round.received, asked=found.round.asked,
                  until=words.until(t, found.round.closes_on, uow.today)),
            )
        )  # fmt: skip
        actions.insert(0, (Action(t("Who has answered: {period}", period=period), SeeCoverage(found.round.id)),))
    others = tuple(
        Row(t("Another network of yours"), name, Action(t("Go to its desk"), SeeDesk(body)))
        for body, name in bodies.coordinated(uow, person.id)
        if body != found.body
    )
    screen = Screen(
        t("Desk of the network: {body}", body=found.body_name),
        facts=tuple(facts),
        rows=others,
        actions=tuple(actions),
        trail=(to_home(t),),
    )
    return Reply(screen, at=intent)


def _see_members(uow: UnitOfWork, _v: Visitor, person: Known, intent: SeeMembers, t: Translator) -> Reply:
    actor = Actor(person.id)
    name = desk.body_name(uow, actor, intent.body)
    found = desk.members(uow, actor, intent.body)
    last = max(0, (len(found) - 1) // PAGE)
    page = min(intent.page, last)
    turns = []
    if page > 0:
        turns.append(Action(t("‹ Previous"), SeeMembers(intent.body, page - 1)))
    if page < last:
        turns.append(Action(t("Next ›"), SeeMembers(intent.body, page + 1)))
    screen = Screen(
        t("Institutions and people"),
        context=(name, *((t("page {page} of {pages}", page=page + 1, pages=last + 1),) if last else ())),
        paragraphs=() if found else (t("There is no institution yet. Import a roster."),),
        rows=tuple(
            Row(one.short_name, _accepted(one, t), Action(t("See"), SeeInstitution(one.membership)))
            for one in found[page * PAGE : (page + 1) * PAGE]
        ),
        actions=((tuple(turns),) if turns else ()) + ((Action(t("Import a roster"), SeeImport(intent.body)),),),
        trail=trail(t, intent.body),
    )
    return Reply(screen, at=SeeMembers(intent.body, page))


def _accepted(one: Member, t: Translator) -> str:
    if not one.places:
        return t("no seats")
    if not one.accepted:
        return t("nobody has accepted an invitation")
    return t("{accepted} of {places} seats accepted", accepted=one.accepted, places=one.places)


def _see_institution(uow: UnitOfWork, _v: Visitor, person: Known, intent: SeeInstitution, t: Translator) -> Reply:
    found = desk.institution(uow, Actor(person.id), intent.membership)
    facts = [(t("Full name"), found.name)] if found.name != found.short_name else []
    facts += [(label, said) for label, said in ((t("Place of its seat"), found.town), (t("Sector"), found.sector)) if said]
    facts.append((t("Type of stakeholder"), found.stakeholder_type))
    screen = Screen(
        found.short_name,
        context=(found.body_name,),
        facts=tuple(facts),
        paragraphs=() if found.seats else (t("This institution has no seats. Import a roster that names its people."),),
        rows=tuple(row(uow, place, t) for place in found.seats),
        trail=trail(t, found.body, Action(t("Institutions and people"), SeeMembers(found.body))),
    )
    return Reply(screen, at=intent)


def _see_posts(uow: UnitOfWork, _v: Visitor, person: Known, intent: SeePosts, t: Translator) -> Reply:
    actor = Actor(person.id)
    name = desk.body_name(uow, actor, intent.body)
    screen = Screen(
        t("Posts of the network"),
        context=(name,),
        rows=tuple(row(uow, place, t) for place in desk.posts(uow, actor, intent.body)),
        trail=trail(t, intent.body),
    )
    return Reply(screen, at=intent)


VISITS: Final[Mapping[type[Intent], Visit]] = {
    SeeDesk: let_in(_see_desk),
    SeeMembers: let_in(_see_members),
    SeeInstitution: let_in(_see_institution),
    SeePosts: let_in(_see_posts),
    **desk_places.VISITS,
    **desk_changes.VISITS,
    **desk_invitations.VISITS,
    **desk_import.VISITS,
}
