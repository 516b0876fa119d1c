"""``konwent-bot decision``: how a body comes to its decisions: what it chose, and the rule it decides by."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from konwent_bot.cli import common

if TYPE_CHECKING:
    from konwent_bot.office.decisions.rules import Standing
    from konwent_bot.office.decisions.settings import DecisionSettings
    from konwent_bot.office.unit import UnitOfWork

app = common.group("Say how a body decides, or choose who may propose and whether silence is consent.")


@app.command()
def settings(
    body: str = typer.Option(help="Short word of the body."),
    chosen: list[str] = typer.Option(
        [], "--set", metavar="NAME=VALUE", help="Choose a setting, for example tacit=yes; NAME= goes back to the default."
    ),
) -> None:
    """Say how a body comes to its decisions; with --set choose some of it."""
    from konwent_bot.cli.tables import table
    from konwent_bot.office import bodies
    from konwent_bot.office.decisions import settings as decision_settings
    from konwent_bot.office.rights import OPERATOR

    given = dict(common.named(text) for text in chosen)

    def work(uow: UnitOfWork) -> DecisionSettings:
        number = bodies.find(uow, body).id
        return decision_settings.change(uow, OPERATOR, number, given) if given else decision_settings.of(uow, number)

    found = common.act(work) if given else common.look(work)
    t = common.voice()
    means = {
        "proposers": t("who may enter a proposal: any member, or only whoever coordinates or chairs (coordinator)"),
        "tacit": t(
            "by circulation: who is silent until the deadline agrees (yes), unless a message to somebody entitled has failed"
        ),
        "circulation_days": t("by circulation: days for an answer where a proposal names no other day"),
        "ballot_minutes": t("minutes a ballot in a meeting is open for"),
    }
    rows = [(name, value, means[name]) for name, value in decision_settings.written(found).items()]
    common.tell(table((t("Setting"), t("Value"), t("What it says")), rows, fold_last=True))


@app.command()
def rule(body: str = typer.Option(help="Short word of the body.")) -> None:
    """Say by which rule a body decides. Only a decision of the body changes it."""
    from konwent_bot.documents.decision_words import rule_sentence
    from konwent_bot.office import bodies
    from konwent_bot.office.decisions import register, rules

    def work(uow: UnitOfWork) -> tuple[Standing, str]:
        found = rules.standing(uow, bodies.find(uow, body).id)
        return found, "" if found.decision is None else register.get(uow, found.decision).name

    t = common.voice()
    standing, decision = common.look(work)
    common.tell(rule_sentence(standing.rule, t))
    if decision:
        common.tell(t("Adopted by decision {name}.", name=decision))
    else:
        common.tell(t("The body has adopted no rule of its own, so this one holds."))
