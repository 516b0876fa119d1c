"""``konwent-bot meeting``: the meetings of a body's year and what is missing in it, and the rules a body chose for its meetings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from konwent_bot.cli import common

if TYPE_CHECKING:
    from konwent_bot.office.meetings.plans import YearPlan
    from konwent_bot.office.meetings.rules import MeetingRules
    from konwent_bot.office.unit import UnitOfWork

app = common.group("List the meetings of a body, or say by which rules it meets.")


@app.command("list")
def list_(
    body: str = typer.Option(help="Short word of the body."),
    year: int = typer.Option(0, metavar="YEAR", help="For example 2027; without it the year that matters now."),
) -> None:
    """List the meetings of a year, and what the body owes that is not planned."""
    from konwent_bot.cli.tables import table
    from konwent_bot.documents import meeting_words
    from konwent_bot.office import bodies
    from konwent_bot.office.meetings import plans
    from konwent_bot.office.rights import OPERATOR
    from konwent_bot.screens.meetings import plan_words

    def work(uow: UnitOfWork) -> tuple[YearPlan, list[str]]:
        found = plans.see(uow, OPERATOR, bodies.find(uow, body).id, year)
        owed = (*found.owed.strategic, *found.owed.operational)
        missing = [
            f"{plan_words.period(t, one.obligation.kind, one.obligation.start)}: {plan_words.stands(t, one, None, uow.today)}"
            for one in owed
            if one.met_by is None and one.planned is None and one.obligation.start <= uow.today
        ]
        return found, missing

    t = common.voice()
    plan, missing = common.look(work)
    meetings = sorted((*plan.meetings, *plan.proposed), key=lambda one: one.starts_at)
    if meetings:
        rows = [
            (str(one.id), t.short_day(one.day), f"{one.hour:%H:%M}", meeting_words.kind(t, one.kind), one.group_name,
             meeting_words.status(t, one.status))
            for one in meetings
        ]  # fmt: skip
        common.tell(table((t("No."), t("Day"), t("Hour"), t("Kind"), t("Working group"), t("State")), rows))
    else:
        common.tell(t("There is no meeting in {year}.", year=str(plan.year)))
    for line in missing:
        common.tell(line)


@app.command()
def rules(
    body: str = typer.Option(help="Short word of the body."),
    chosen: list[str] = typer.Option(
        [], "--set", metavar="NAME=VALUE", help="Choose a rule, for example quorum=2/3; NAME= goes back to the default."
    ),
) -> None:
    """Say by which rules a body meets; with --set choose some of them."""
    from konwent_bot.cli.tables import table
    from konwent_bot.office import bodies
    from konwent_bot.office.meetings import rules as meeting_rules
    from konwent_bot.office.meetings import timing
    from konwent_bot.office.rights import OPERATOR

    given = dict(common.named(text) for text in chosen)

    def work(uow: UnitOfWork) -> MeetingRules:
        number = bodies.find(uow, body).id
        return timing.choose_rules(uow, OPERATOR, number, given) if given else meeting_rules.of(uow, number)

    found = common.act(work) if given else common.look(work)
    t = common.voice()
    means = {
        "notice_days": t("working days between calling and meeting; a shorter notice is warned of"),
        "quorum": t("share of the institutions that makes a quorum; 0: none is needed"),
        "reminders": t("automatic reminders before a meeting, in days (d) and hours (h)"),
        "call_days": t("days before a planned meeting at which people are called by themselves"),
        "agenda_days": t("days before a meeting until when agenda items may be proposed"),
    }
    rows = [(name, value, means[name]) for name, value in meeting_rules.written(found).items()]
    common.tell(table((t("Rule"), t("Value"), t("What it says")), rows, fold_last=True))
