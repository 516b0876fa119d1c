"""``konwent-bot minutes``: the minutes of a body, and how it deals with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from konwent_bot.cli import common

if TYPE_CHECKING:
    from konwent_bot.office.minutes.facts import Minutes
    from konwent_bot.office.minutes.settings import MinutesSettings
    from konwent_bot.office.unit import UnitOfWork

app = common.group("List the minutes of a body, or choose how long its institutions have for an answer.")


@app.command("list")
def list_(body: str = typer.Option(help="Short word of the body.")) -> None:
    """List the minutes of a body, drafts too, the latest first."""
    from konwent_bot.cli.tables import table
    from konwent_bot.office import bodies
    from konwent_bot.office.minutes import facts
    from konwent_bot.screens.minutes import draft_words

    def work(uow: UnitOfWork) -> tuple[Minutes, ...]:
        return facts.of_body(uow, bodies.find(uow, body).id)

    t = common.voice()
    found = common.look(work)
    if not found:
        common.tell(t("There are no minutes yet."))
        return
    rows = [(one.name, str(one.meeting), draft_words.state(t, one), str(one.version)) for one in found]
    common.tell(table((t("Number"), t("Meeting"), t("State"), t("Version")), rows))


@app.command()
def settings(
    body: str = typer.Option(help="Short word of the body."),
    chosen: list[str] = typer.Option(
        [], "--set", metavar="NAME=VALUE", help="Choose a setting, for example days=10; NAME= goes back to the default."
    ),
) -> None:
    """Say how a body deals with its minutes; with --set choose some of it."""
    from konwent_bot.cli.tables import table
    from konwent_bot.office import bodies
    from konwent_bot.office.minutes import settings as minutes_settings
    from konwent_bot.office.rights import OPERATOR

    given = dict(common.named(text) for text in chosen)

    def work(uow: UnitOfWork) -> MinutesSettings:
        number = bodies.find(uow, body).id
        return minutes_settings.change(uow, OPERATOR, number, given) if given else minutes_settings.of(uow, number)

    found = common.act(work) if given else common.look(work)
    t = common.voice()
    means = {"days": t("days institutions have to accept minutes or ask for a correction; then silence is acceptance")}
    rows = [(name, value, means[name]) for name, value in minutes_settings.written(found).items()]
    common.tell(table((t("Setting"), t("Value"), t("What it says")), rows, fold_last=True))
