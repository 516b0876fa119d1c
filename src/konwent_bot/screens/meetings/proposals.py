"""Proposals of the plan: looked over, changed date by date, dropped, confirmed. Until then nobody hears of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from konwent_bot.dialogue.values import GivenFact
from konwent_bot.i18n import Translator
from konwent_bot.office import opening
from konwent_bot.office.meetings import confirming, entering, plans
from konwent_bot.office.meetings.confirming import Confirmed
from konwent_bot.office.meetings.plans import Proposal, Proposals
from konwent_bot.office.people import Known
from konwent_bot.office.rights import Actor
from konwent_bot.office.subjects import Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.home import to_home
from konwent_bot.screens.intents import Intent
from konwent_bot.screens.let_in import let_in
from konwent_bot.screens.meeting_intents import SeeMeeting
from konwent_bot.screens.meetings import plan
from konwent_bot.screens.meetings.beginning import begun
from konwent_bot.screens.meetings.meeting import describe
from konwent_bot.screens.meetings.plan_words import capital, gap, short_when, warnings, what
from konwent_bot.screens.meetings.words import heading
from konwent_bot.screens.plan_intents import (
    AdjustMeeting,
    AskDropMeeting,
    AskDropProposals,
    ConfirmPlan,
    ConfirmProposal,
    DropMeeting,
    DropProposals,
    EnterMeeting,
    PlanYear,
    SeePlan,
    SeeProposal,
    SeeProposals,
)
from konwent_bot.screens.screen import Action, Row, Screen
from konwent_bot.screens.visiting import Reply, Visit, Visited, Visitor, go_home

#: Proposals in view: two lines each where something speaks against one.
PAGE: Final = 8


def listed(found: Proposals, page: int, t: Translator, *, notice: str = "") -> Screen:
    """Show the proposals of a year with what speaks against each."""
    last = max(0, (len(found.proposals) - 1) // PAGE)
    page = min(page, last)
    turns = []
    if page > 0:
        turns.append(Action(t("‹ Previous"), SeeProposals(found.body, found.year, page - 1)))
    if page < last:
        turns.append(Action(t("Next ›"), SeeProposals(found.body, found.year, page + 1)))
    ahead = sum(not one.is_over for one in found.proposals)
    acts: list[tuple[Action, ...]] = []
    if ahead:
        confirm = t.plural("Confirm {n} proposal", "Confirm all {n} proposals", ahead)
        acts.append((Action(confirm, ConfirmPlan(found.body, found.year), weight="main"),))
    acts.append((Action(t("Add a single meeting"), EnterMeeting(found.body)),))
    if found.proposals:
        acts.append((Action(t("Drop all proposals"), AskDropProposals(found.body, found.year)),))
    else:
        acts.insert(0, (Action(t("Plan the year {year}", year=str(found.year)), PlanYear(found.body, found.year)),))
    return Screen(
        t("Proposals for {year}", year=str(found.year)),
        context=(found.body_name, *((t("page {page} of {pages}", page=page + 1, pages=last + 1),) if last else ())),
        notice=notice,
        paragraphs=(*_told(found, ahead, t), *(gap(t, one) for one in found.owed.gaps)),
        rows=tuple(
            Row(
                short_when(t, one.meeting),
                "; ".join((what(t, one.meeting), *warnings(t, one))),
                Action(t("See"), SeeProposal(one.meeting.id)),
            )
            for one in found.proposals[page * PAGE : (page + 1) * PAGE]
        ),
        actions=((tuple(turns),) if turns else ()) + tuple(acts),
        trail=(to_home(t), plan.to_plan(t, found.body, found.year)),
    )


def _told(found: Proposals, ahead: int, t: Translator) -> tuple[str, ...]:
    if not found.proposals:
        return (t("There are no proposals for this year."),)
    if not ahead:
        return (t("Nobody has been told of these dates."),)
    return (
        t("Nobody has been told of these dates yet. Each can still be changed or dropped."),
        t.plural(
            "Once they are confirmed, {n} person gets one message with the dates.",
            "Once they are confirmed, {n} people get one message each with their dates.",
            found.told,
        ),
    )


def one_of_them(uow: UnitOfWork, found: Proposal, t: Translator, *, notice: str = "") -> Screen:
    """Show one meeting of the plan and what may be done about it."""
    meeting = found.meeting
    is_proposed = meeting.status == "proposed"
    said = [t("Nobody has been told of this date yet.")] if is_proposed else []
    if found.known:
        said = [t("This date is on the plan members know. If it changes, they are told once.")]
    acts: list[tuple[Action, ...]] = [(Action(t("Change date, place or other details"), AdjustMeeting(meeting.id)),)]
    if is_proposed and not found.is_over:
        acts.insert(0, (Action(t("Confirm this date"), ConfirmProposal(meeting.id), weight="main"),))
    if not is_proposed:
        acts.append((Action(t("Open the meeting"), SeeMeeting(meeting.id)),))
    drop = DropMeeting(meeting.id) if is_proposed else AskDropMeeting(meeting.id)
    acts.append((Action(t("Drop this proposal") if is_proposed else t("Take it off the plan"), drop, weight="danger"),))
    up = SeeProposals(meeting.body, meeting.day.year) if is_proposed else SeePlan(meeting.body, meeting.day.year)
    return Screen(
        heading(t, meeting),
        context=(meeting.body_name,),
        notice=notice,
        facts=tuple(describe(uow, meeting, t)),
        paragraphs=(*said, *(f"{capital(one)}." for one in warnings(t, found))),
        actions=tuple(acts),
        trail=(
            to_home(t),
            Action(t("Proposals for {year}", year=str(meeting.day.year)), up)
            if is_proposed
            else plan.to_plan(t, meeting.body, meeting.day.year),
        ),
    )


def _confirmed(done: Confirmed, t: Translator) -> str:
    said = t.plural("{n} meeting is on the plan now.", "{n} meetings are on the plan now.", done.meetings)
    told = t.plural("{n} person will get a message.", "{n} people will get one message each.", done.told)
    return f"{said} {told}"


# --- visits -----------------------------------------------------------------------------------------------------------


def _see_proposals(uow: UnitOfWork, _v: Visitor, person: Known, intent: SeeProposals, t: Translator) -> Reply:
    found = plans.proposals(uow, Actor(person.id), intent.body, intent.year)
    return Reply(listed(found, intent.page, t), at=replace(intent, year=found.year))


def _see_proposal(uow: UnitOfWork, _v: Visitor, person: Known, intent: SeeProposal, t: Translator) -> Reply:
    found = plans.proposal(uow, Actor(person.id), intent.meeting)
    if found.meeting.status not in ("proposed", "planned"):
        back = plans.see(uow, Actor(person.id), found.meeting.body, found.meeting.day.year)
        return Reply(plan.screen(uow, back, t, notice=_moved_on(found, t)), at=SeePlan(back.body, back.year))
    return Reply(one_of_them(uow, found, t), at=intent)


def _moved_on(found: Proposal, t: Translator) -> str:
    if found.meeting.status == "cancelled":
        return t("This meeting is not on the plan any more.")
    return t("People have been called to this meeting, or it is over. Open the meeting to change it.")


def _adjust(uow: UnitOfWork, visitor: Visitor, person: Known | None, intent: AdjustMeeting, t: Translator) -> Visited:
    if person is None:
        return go_home(uow, visitor, None, t), t
    meeting = plans.proposal(uow, Actor(person.id), intent.meeting).meeting
    subject = Subject("meeting.adjust", meeting.body, meeting=meeting.id)
    facts: dict[str, GivenFact] = {"body": meeting.body_name, "meeting": heading(t, meeting), "today": uow.today}
    talk = opening.begin(uow, person, subject, facts, answers=entering.answers_of(meeting), page=visitor.page)
    return begun(uow, visitor, talk, t, opens=False), t


def _confirm_plan(uow: UnitOfWork, _v: Visitor, person: Known, intent: ConfirmPlan, t: Translator) -> Reply:
    done = confirming.confirm(uow, Actor(person.id), intent.body, intent.year)
    return _plan_now(uow, person, intent.body, intent.year, _confirmed(done, t), t)


def _confirm_proposal(uow: UnitOfWork, _v: Visitor, person: Known, intent: ConfirmProposal, t: Translator) -> Reply:
    done = confirming.confirm_one(uow, Actor(person.id), intent.meeting)
    found = plans.proposal(uow, Actor(person.id), intent.meeting)
    notice = _confirmed(done, t) if done.meetings else t("This meeting is on the plan already.")
    return _next(uow, person, found, notice, t)


def _drop(uow: UnitOfWork, _v: Visitor, person: Known, intent: DropMeeting, t: Translator) -> Reply:
    dropped = entering.drop(uow, Actor(person.id), intent.meeting)
    found = plans.proposal(uow, Actor(person.id), intent.meeting)
    notice = t("{meeting} is not on the plan any more.", meeting=heading(t, dropped))
    if dropped.status == "planned":
        return _plan_now(uow, person, dropped.body, dropped.day.year, notice, t)
    return _next(uow, person, found, notice, t)


def _ask_drop(uow: UnitOfWork, _v: Visitor, person: Known, intent: AskDropMeeting, t: Translator) -> Reply:
    found = plans.proposal(uow, Actor(person.id), intent.meeting)
    said = (
        t("Members know this date from the plan. They will be told that it is off.")
        if found.known
        else t("Nobody was told of it.")
    )
    screen = Screen(
        t("Take this meeting off the plan?"),
        context=(found.meeting.body_name, heading(t, found.meeting)),
        paragraphs=(said,),
        actions=(
            (Action(t("Yes, take it off"), DropMeeting(intent.meeting), weight="danger"),),
            (Action(t("No, keep it"), SeeProposal(intent.meeting)),),
        ),
    )
    return Reply(screen, at=intent)


def _ask_drop_all(uow: UnitOfWork, _v: Visitor, person: Known, intent: AskDropProposals, t: Translator) -> Reply:
    found = plans.proposals(uow, Actor(person.id), intent.body, intent.year)
    screen = Screen(
        t("Drop all proposals for {year}?", year=str(found.year)),
        context=(found.body_name,),
        paragraphs=(
            t.plural("{n} proposal will be gone. Meetings that were confirmed stay.", "{n} proposals will be gone. Meetings that were confirmed stay.", len(found.proposals)),
            t("After that the year can be planned by other rules."),
        ),
        actions=(
            (Action(t("Yes, drop them"), DropProposals(intent.body, found.year), weight="danger"),),
            (Action(t("No, keep them"), SeeProposals(intent.body, found.year)),),
        ),
    )  # fmt: skip
    return Reply(screen, at=intent)


def _drop_all(uow: UnitOfWork, _v: Visitor, person: Known, intent: DropProposals, t: Translator) -> Reply:
    gone = entering.drop_proposals(uow, Actor(person.id), intent.body, intent.year)
    notice = t.plural("{n} proposal has been dropped.", "{n} proposals have been dropped.", gone)
    return _plan_now(uow, person, intent.body, intent.year, notice, t)


def _next(uow: UnitOfWork, person: Known, found: Proposal, notice: str, t: Translator) -> Reply:
    """Go on with the other proposals of that year, if there are any."""
    body, year = found.meeting.body, found.meeting.day.year
    left = plans.proposals(uow, Actor(person.id), body, year)
    if left.proposals:
        return Reply(listed(left, 0, t, notice=notice), at=SeeProposals(body, year))
    return _plan_now(uow, person, body, year, notice, t)


def _plan_now(uow: UnitOfWork, person: Known, body: int, year: int, notice: str, t: Translator) -> Reply:
    now = plans.see(uow, Actor(person.id), body, year)
    return Reply(plan.screen(uow, now, t, notice=notice), at=SeePlan(body, now.year))


VISITS: Final[Mapping[type[Intent], Visit]] = {
    SeeProposals: let_in(_see_proposals),
    SeeProposal: let_in(_see_proposal),
    AdjustMeeting: _adjust,
    ConfirmPlan: let_in(_confirm_plan),
    ConfirmProposal: let_in(_confirm_proposal),
    AskDropMeeting: let_in(_ask_drop),
    DropMeeting: let_in(_drop),
    AskDropProposals: let_in(_ask_drop_all),
    DropProposals: let_in(_drop_all),
}
