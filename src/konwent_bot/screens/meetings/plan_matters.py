"""What the plan asks of a coordinator at home: proposals to confirm, meetings that are owed and not planned."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from konwent_bot.i18n import Translator
from konwent_bot.office.meetings import cadence, plans
from konwent_bot.office.people import Known
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.matter import Matter
from konwent_bot.screens.meetings.plan_messages import missing_title
from konwent_bot.screens.meetings.plan_words import period
from konwent_bot.screens.plan_intents import SeePlan, SeeProposals
from konwent_bot.screens.screen import Action


def proposed(uow: UnitOfWork, person: Known, t: Translator) -> list[Matter]:
    """Give the years whose proposals wait for the coordinator."""
    found = []
    for one in plans.waiting(uow, person.id):
        text = t.plural(
            "{body}: {n} proposal of a meeting in {year} waits for your confirmation.",
            "{body}: {n} proposals of meetings in {year} wait for your confirmation.",
            one.proposals, body=one.body_name, year=str(one.year),
        )  # fmt: skip
        see = Action(t("Proposals for {year}", year=str(one.year)), SeeProposals(one.body, one.year))
        found.append(Matter(one.first, text, (see,)))
    return found


def owed(uow: UnitOfWork, person: Known, t: Translator) -> list[Matter]:
    """Give what is owed soon in the bodies a person coordinates and nothing is planned for."""
    found = []
    for one in cadence.coordinated(uow, person.id):
        obligation = one.obligation
        over = datetime.combine(obligation.end + timedelta(days=1), time(), tzinfo=uow.house.zone)
        text = t(
            "{body}: {missing}. {period} ends on {day} ({away}).",
            body=one.body_name, missing=missing_title(t, obligation.kind, one.group_name),
            period=period(t, obligation.kind, obligation.start), day=obligation.end,
            away=t.relative_days((obligation.end - uow.today).days),
        )  # fmt: skip
        see = Action(t("Plan of the year: {body}", body=one.body_name), SeePlan(one.body, obligation.start.year))
        found.append(Matter(over, text, (see,)))
    return found
