"""Working groups: what they are to do, until when, who belongs to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from konwent_bot.dialogue import limits
from konwent_bot.dialogue.values import GivenFact
from konwent_bot.i18n import Translator
from konwent_bot.office import opening
from konwent_bot.office.meetings import working_groups
from konwent_bot.office.meetings.working_groups import EXTENSIONS, GroupFacts, GroupPlace
from konwent_bot.office.people import Known
from konwent_bot.office.rights import RIGHTS, Actor, offices
from konwent_bot.office.subjects import Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens import words
from konwent_bot.screens.home import to_home
from konwent_bot.screens.intents import Intent, SeeMembers
from konwent_bot.screens.let_in import let_in
from konwent_bot.screens.meetings.beginning import begun
from konwent_bot.screens.meetings.plan import to_plan
from konwent_bot.screens.plan_intents import AskCloseGroup, CloseGroup, ExtendGroup, SeeGroup, SeeGroups, SetUpGroup
from konwent_bot.screens.screen import Action, Row, Screen
from konwent_bot.screens.visiting import Reply, Visit, Visited, Visitor, go_home


def _sets_up(uow: UnitOfWork, person: Known, body: int) -> bool:
    return bool(RIGHTS["working_group.set_up"] & offices(uow, Actor(person.id), body))


def _term(t: Translator, group: GroupFacts, uow: UnitOfWork) -> str:
    if group.term_on < uow.today:
        return t("its work ended on {day}", day=t.day(group.term_on))
    return t("works until {day}", day=t.day(group.term_on))


def one(
    uow: UnitOfWork, person: Known, group: GroupFacts, places: tuple[GroupPlace, ...], t: Translator, notice: str = ""
) -> Screen:
    """Show a working group; its coordinator may extend its term or end it."""
    acts: list[tuple[Action, ...]] = []
    if _sets_up(uow, person, group.body):
        acts = [
            (Action(t.plural("Extend by {n} month", "Extend by {n} months", months), ExtendGroup(group.id, months)),)
            for months in EXTENSIONS
        ]
        if group.term_on >= uow.today:
            acts.append((Action(t("End its work"), AskCloseGroup(group.id), weight="danger"),))
    return Screen(
        group.name,
        context=(group.body_name,),
        notice=notice,
        paragraphs=tuple(group.scope.split("\n\n")),
        facts=(
            (t("Term"), _term(t, group, uow)),
            (t("Meets every month"), t("yes") if group.monthly else t("no")),
        ),
        items=tuple(label(t, place) for place in places),
        actions=tuple(acts),
        trail=(to_home(t), to_plan(t, group.body, 0), Action(t("Working groups"), SeeGroups(group.body))),
    )  # fmt: skip


def label(t: Translator, place: GroupPlace) -> str:
    """Name a place of an institution with its role and who holds it."""
    role = words.place(t, place.role)
    return f"{place.institution}: {role} ({place.holder})" if place.holder else f"{place.institution}: {role}"


def _short(t: Translator, place: GroupPlace) -> str:
    said = label(t, place)
    return said if len(said) <= limits.MAX_LABEL else said[: limits.MAX_LABEL - 1].rstrip() + "…"


# --- visits -----------------------------------------------------------------------------------------------------------


def _see_groups(uow: UnitOfWork, _v: Visitor, person: Known, intent: SeeGroups, t: Translator) -> Reply:
    actor = Actor(person.id)
    found = working_groups.of_body(uow, actor, intent.body)
    acts = ((Action(t("Set up a working group"), SetUpGroup(intent.body)),),) if _sets_up(uow, person, intent.body) else ()
    screen = Screen(
        t("Working groups"),
        context=(working_groups.body_of(uow, actor, intent.body),),
        paragraphs=() if found else (t("There is no working group yet."),),
        rows=tuple(Row(group.name, _term(t, group, uow), Action(t("See"), SeeGroup(group.id))) for group in found),
        actions=acts,
        trail=(to_home(t), to_plan(t, intent.body, 0)),
    )
    return Reply(screen, at=intent)


def _see_group(uow: UnitOfWork, _v: Visitor, person: Known, intent: SeeGroup, t: Translator) -> Reply:
    return _shown(uow, person, intent.group, t)


def _shown(uow: UnitOfWork, person: Known, number: int, t: Translator, notice: str = "") -> Reply:
    group, places = working_groups.see(uow, Actor(person.id), number)
    return Reply(one(uow, person, group, places, t, notice), at=SeeGroup(number))


def _set_up(uow: UnitOfWork, visitor: Visitor, person: Known | None, intent: SetUpGroup, t: Translator) -> Visited:
    if person is None:
        return go_home(uow, visitor, None, t), t
    places = working_groups.places(uow, Actor(person.id), intent.body)
    name = working_groups.body_of(uow, Actor(person.id), intent.body)
    if not places:
        screen = Screen(
            t("Set up a working group"),
            context=(name,),
            problem=t("There is no institution with seats yet. Import a roster first."),
            actions=((Action(t("Institutions and people"), SeeMembers(intent.body)),),),
            trail=(to_home(t),),
        )
        return Reply(screen, at=SeeGroups(intent.body)), t
    # As many as can be offered; designated persons do the work of groups, so they come first where not all fit.
    offered = sorted(places, key=lambda place: place.role != "delegate")[: limits.MAX_CHOICES]
    slots = [{"id": str(place.seat), "label": _short(t, place)} for place in places if place in offered]
    facts: dict[str, GivenFact] = {"body": name, "today": uow.today, "places": slots}
    talk = opening.begin(uow, person, Subject("working_group.set_up", intent.body), facts, page=visitor.page)
    return begun(uow, visitor, talk, t, opens=False), t


def _extend(uow: UnitOfWork, _v: Visitor, person: Known, intent: ExtendGroup, t: Translator) -> Reply:
    group = working_groups.extend(uow, Actor(person.id), intent.group, intent.months)
    return _shown(uow, person, intent.group, t, t("The group works until {day}.", day=group.term_on))


def _ask_close(uow: UnitOfWork, _v: Visitor, person: Known, intent: AskCloseGroup, t: Translator) -> Reply:
    group = working_groups.steer(uow, Actor(person.id), intent.group)
    screen = Screen(
        t("End the work of this group?"),
        context=(group.body_name, group.name),
        paragraphs=(t("No further meetings of the group can be planned. Those on the plan stay until they are taken off."),),
        actions=(
            (Action(t("Yes, end it"), CloseGroup(group.id), weight="danger"),),
            (Action(t("No, keep it"), SeeGroup(group.id)),),
        ),
    )
    return Reply(screen, at=intent)


def _close(uow: UnitOfWork, _v: Visitor, person: Known, intent: CloseGroup, t: Translator) -> Reply:
    working_groups.close(uow, Actor(person.id), intent.group)
    return _shown(uow, person, intent.group, t, t("The work of this group has ended."))


VISITS: Final[Mapping[type[Intent], Visit]] = {
    SeeGroups: let_in(_see_groups),
    SeeGroup: let_in(_see_group),
    SetUpGroup: _set_up,
    ExtendGroup: let_in(_extend),
    AskCloseGroup: let_in(_ask_close),
    CloseGroup: let_in(_close),
}
