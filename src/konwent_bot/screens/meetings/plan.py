"""The plan of the year: the strip of what is owed, the meetings, and for its coordinator the ways to plan them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from konwent_bot.dialogue import limits
from konwent_bot.dialogue.values import GivenFact
from konwent_bot.i18n import Translator
from konwent_bot.office import opening
from konwent_bot.office.meetings import plans, working_groups
from konwent_bot.office.meetings.facts import Meeting
from konwent_bot.office.meetings.planning import FIRST_YEAR, LAST_YEAR
from konwent_bot.office.meetings.plans import YearPlan
from konwent_bot.office.people import Known
from konwent_bot.office.rights import Actor
from konwent_bot.office.subjects import Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.group_intents import OpenPoll
from konwent_bot.screens.home import to_home
from konwent_bot.screens.intents import Intent, SeeDesk
from konwent_bot.screens.let_in import let_in
from konwent_bot.screens.meeting_intents import SeeMeeting
from konwent_bot.screens.meetings.beginning import begun
from konwent_bot.screens.meetings.plan_words import gap, period, short_when, stands, what
from konwent_bot.screens.plan_intents import EnterMeeting, PlanYear, SeeGroups, SeePlan, SeeProposal, SeeProposals
from konwent_bot.screens.screen import Action, Row, Screen
from konwent_bot.screens.visiting import Reply, Visit, Visited, Visitor, go_home


def to_plan(t: Translator, body: int, year: int) -> Action:
    """Make the action that leads to a year's plan."""
    return Action(t("Plan of the year {year}", year=str(year)) if year else t("Plan of the year"), SeePlan(body, year))


def screen(uow: UnitOfWork, plan: YearPlan, t: Translator, *, notice: str = "") -> Screen:
    """Show a year."""
    missing = [
        t(
            "Working group {group}, no meeting in: {months}.",
            group=name,
            months=tuple(t.month(one.obligation.start) for one in owed),
        )
        for name, months in plan.owed.groups.items()
        if (owed := [one for one in months if one.met_by is None and one.planned is None])
    ]
    return Screen(
        t("Plan of the year {year}", year=str(plan.year)),
        context=(plan.body_name,),
        notice=notice,
        paragraphs=(*_waiting(plan, t), *missing, *((gap(t, one) for one in plan.owed.gaps) if plan.steers else ())),
        rows=_rows(uow, plan, t),
        notes=_notes(plan, t),
        actions=_actions(uow, plan, t),
        trail=(to_home(t), *((Action(t("Desk of the network: {body}", body=plan.body_name), SeeDesk(plan.body)),) if plan.steers else ())),
    )  # fmt: skip


def _rows(uow: UnitOfWork, plan: YearPlan, t: Translator) -> tuple[Row, ...]:
    """Give the strip: every quarter and month with the meeting it stands by, then the meetings that are beside what is owed."""
    known = {one.id: one for one in (*plan.meetings, *plan.proposed)}
    rows, shown = [], set()
    for one in (*plan.owed.strategic, *plan.owed.operational):
        by = one.met_by or one.planned
        owed = one.obligation
        meeting = known[by.id] if by is not None else next(
            (it for it in plan.proposed if it.kind == owed.kind and owed.start <= it.day <= owed.end), None
        )  # fmt: skip
        see = None
        if meeting is not None:
            shown.add(meeting.id)
            see = _see(plan, meeting, t)
        rows.append(Row(period(t, owed.kind, owed.start), stands(t, one, meeting, uow.today), see))
    rows += [Row(short_when(t, one), what(t, one), _see(plan, one, t)) for one in plan.meetings if one.id not in shown]
    return tuple(rows)


def _see(plan: YearPlan, meeting: Meeting, t: Translator) -> Action:
    early = plan.steers and meeting.status in ("proposed", "planned")
    return Action(t("See"), SeeProposal(meeting.id) if early else SeeMeeting(meeting.id))


def _waiting(plan: YearPlan, t: Translator) -> tuple[str, ...]:
    if plan.proposed:
        return (
            t.plural(
                "{n} proposal waits for your confirmation. Nobody has been told of it.",
                "{n} proposals wait for your confirmation. Nobody has been told of them.",
                len(plan.proposed),
            ),
        )
    return () if plan.meetings else (t("Nothing is planned for this year yet."),)


def _notes(plan: YearPlan, t: Translator) -> tuple[str, ...]:
    if not plan.owed.strategic and not plan.owed.operational:
        return (t("The network did not exist in this year yet."),)
    return (
        t("Quarters: strategic meetings, at least one in each. Months: operational meetings, one in each. Only a meeting that took place counts."),
    )  # fmt: skip


def _actions(uow: UnitOfWork, plan: YearPlan, t: Translator) -> tuple[tuple[Action, ...], ...]:
    years = tuple(
        Action(label, SeePlan(plan.body, year))
        for label, year in ((f"‹ {plan.year - 1}", plan.year - 1), (f"{plan.year + 1} ›", plan.year + 1))
        if FIRST_YEAR <= year <= LAST_YEAR
    )
    own: list[tuple[Action, ...]] = []
    if plan.steers:
        if plan.proposed:
            proposals = t.plural("See {n} proposal", "See {n} proposals", len(plan.proposed))
            own.append((Action(proposals, SeeProposals(plan.body, plan.year), weight="main"),))
        if plan.year >= uow.today.year:
            plan_it = t("Plan the year {year}", year=str(plan.year))
            own.append(
                (Action(plan_it, PlanYear(plan.body, plan.year), weight="" if plan.proposed or plan.meetings else "main"),)
            )
        own.append((Action(t("Add a single meeting"), EnterMeeting(plan.body)),))
        own.append((Action(t("Ask which date suits people"), OpenPoll(plan.body)),))
    return (*own, (Action(t("Working groups"), SeeGroups(plan.body)),), years)


# --- visits -----------------------------------------------------------------------------------------------------------


def _see_plan(uow: UnitOfWork, _v: Visitor, person: Known, intent: SeePlan, t: Translator) -> Reply:
    plan = plans.see(uow, Actor(person.id), intent.body, intent.year)
    return Reply(screen(uow, plan, t), at=SeePlan(plan.body, plan.year))


def _plan_year(uow: UnitOfWork, visitor: Visitor, person: Known | None, intent: PlanYear, t: Translator) -> Visited:
    if person is None:
        return go_home(uow, visitor, None, t), t
    return begun(uow, visitor, plans.begin(uow, person, intent.body, intent.year, page=visitor.page), t), t


def _enter_meeting(uow: UnitOfWork, visitor: Visitor, person: Known | None, intent: EnterMeeting, t: Translator) -> Visited:
    if person is None:
        return go_home(uow, visitor, None, t), t
    name = working_groups.body_of(uow, Actor(person.id), intent.body)
    groups = [{"id": str(one.id), "label": one.name} for one in working_groups.at_work(uow, intent.body)[: limits.MAX_CHOICES]]
    facts: dict[str, GivenFact] = {
        "body": name,
        "today": uow.today,
        "has_groups": bool(groups),
        "groups": groups or [{"id": "0", "label": "–"}],
    }
    talk = opening.begin(uow, person, Subject("meeting.enter", intent.body), facts, page=visitor.page)
    return begun(uow, visitor, talk, t, opens=False), t


VISITS: Final[Mapping[type[Intent], Visit]] = {
    SeePlan: let_in(_see_plan),
    PlanYear: _plan_year,
    EnterMeeting: _enter_meeting,
}
