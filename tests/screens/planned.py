"""Anna's network with a plan: proposals, a meeting that is planned, a working group; and in whose hands each button of the plan works."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time
from typing import Final

from sqlalchemy import bindparam, select

from konwent_bot.office.meetings import entering, planning, working_groups
from konwent_bot.office.rights import OPERATOR
from konwent_bot.office.subjects import Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens import plan_intents as p
from konwent_bot.screens.intents import Intent
from konwent_bot.store.tables import MEETING

#: A year well ahead of the tests' own.
YEAR: Final = 2027


PROPOSALS: Final = (
    select(MEETING.c.id)
    .where(MEETING.c.body_id == bindparam("body"), MEETING.c.status == "proposed")
    .order_by(MEETING.c.starts_at)
)


@dataclass(frozen=True)
class Plan:
    """What was made, by number."""

    body: int
    #: Proposals that are left; the first of the year.
    proposal: int
    #: A meeting on the plan, nobody called to it yet.
    planned: int
    group: int


def make_plan(uow: UnitOfWork, body: int, seat: int) -> Plan:
    """Plan a year of a network, enter a meeting, set up a working group of one place."""
    given = planning.PlanAnswers(
        year=YEAR, strategic_nth="second", strategic_weekday="tuesday", strategic_cycle="february", strategic_hour=time(10),
        strategic_length="m120", operational_nth="first", operational_weekday="thursday", operational_hour=time(12, 30),
        operational_length="m90", mode="hybrid", place="KIS Janów, sala 2", link="https://spotkania.example/siec", chair="coordinator",
    )  # fmt: skip
    planning.plan(uow, OPERATOR, Subject("meeting.plan", body), given)
    one = entering.MeetingEntered(
        kind="networking",
        when=datetime.fromisoformat(f"{YEAR}-03-16T10:00"),
        length="m120",
        mode="in_person",
        place="Urząd Miejski",
    )
    planned = entering.enter(uow, OPERATOR, Subject("meeting.enter", body), one).meeting
    terms = working_groups.GroupSetUp.model_validate(
        {"name": "Praca i staże", "scope": "Wspólna lista staży", "term": "2027-06-30", "seats": (str(seat),), "monthly": True}
    )
    group = working_groups.set_up(uow, OPERATOR, Subject("working_group.set_up", body), terms).made
    assert planned is not None
    assert group is not None
    first = uow.execute(PROPOSALS, body=body).scalars().first()
    assert first is not None
    return Plan(body, int(first), planned, group)


#: Button -> as it is valid for Anna's network; only its coordinator may press it, but for those of ``OPEN``. What uses things up
#: stands last.
BUTTONS: Final[dict[type[Intent], Callable[[Plan], list[Intent]]]] = {
    p.SeePlan: lambda s: [p.SeePlan(s.body, YEAR), p.SeePlan(s.body, 0)],
    p.SeeGroups: lambda s: [p.SeeGroups(s.body)],
    p.SeeGroup: lambda s: [p.SeeGroup(s.group)],
    p.PlanYear: lambda s: [p.PlanYear(s.body, YEAR)],
    p.EnterMeeting: lambda s: [p.EnterMeeting(s.body)],
    p.SeeProposals: lambda s: [p.SeeProposals(s.body, YEAR), p.SeeProposals(s.body, 0, 7)],
    p.SeeProposal: lambda s: [p.SeeProposal(s.proposal), p.SeeProposal(s.planned)],
    p.AdjustMeeting: lambda s: [p.AdjustMeeting(s.proposal), p.AdjustMeeting(s.planned)],
    p.AskDropMeeting: lambda s: [p.AskDropMeeting(s.planned)],
    p.AskDropProposals: lambda s: [p.AskDropProposals(s.body, YEAR)],
    p.ConfirmProposal: lambda s: [p.ConfirmProposal(s.proposal)],
    p.DropMeeting: lambda s: [p.DropMeeting(s.planned)],
    p.ConfirmPlan: lambda s: [p.ConfirmPlan(s.body, YEAR)],
    p.DropProposals: lambda s: [p.DropProposals(s.body, YEAR)],
    p.SetUpGroup: lambda s: [p.SetUpGroup(s.body)],
    p.ExtendGroup: lambda s: [p.ExtendGroup(s.group, 3)],
    p.AskCloseGroup: lambda s: [p.AskCloseGroup(s.group)],
    p.CloseGroup: lambda s: [p.CloseGroup(s.group)],
}
#: What everybody who belongs to the network may see.
OPEN: Final[frozenset[type[Intent]]] = frozenset({p.SeePlan, p.SeeGroups, p.SeeGroup})
