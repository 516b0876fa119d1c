"""``konwent-bot round``: opening a round of cooperation cards, and how far each has come."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal

import typer

from konwent_bot.cli import common
from konwent_bot.errors import N_, Invalid

if TYPE_CHECKING:
    from konwent_bot.office.bodies import RoundFacts
    from konwent_bot.office.rounds import RoundOpened
    from konwent_bot.office.unit import UnitOfWork

app = common.group("Open a round of cooperation cards, or see how far it has come.")

_VARIANTS = {"full": N_("full"), "short": N_("short")}


@app.command("open")
def open_(
    body: str = typer.Option(help="Short word of the body."),
    variant: str = typer.Option("full", help="full (18 items) or short (10 items)."),
    closes: str | None = typer.Option(
        None, metavar="DAY", help="Last day for answers, for example 2026-12-22; 30 days without it."
    ),
    period: str | None = typer.Option(None, help="Half-year asked about, for example 2026-H2; the present one without it."),
) -> None:
    """Open a round: every institution that belongs to the body now is asked for its card."""
    from konwent_bot.office import bodies, rounds
    from konwent_bot.office.rights import OPERATOR
    from konwent_bot.screens import words

    t = common.voice()
    chosen, last = _variant(variant), None if closes is None else _day(closes)

    def work(uow: UnitOfWork) -> RoundOpened:
        found = bodies.find(uow, body).id
        return rounds.open_round(uow, OPERATOR, found, variant=chosen, closes_on=last, period=period)

    done = common.act(work)
    half_year = words.period(t, done.period)
    common.tell(
        t.plural(
            "The round for the {period} is open. {n} institution is asked; the last day for answers: {day}.",
            "The round for the {period} is open. {n} institutions are asked; the last day for answers: {day}.",
            done.roll_size,
            period=half_year,
            day=done.closes_on,
        )
    )


@app.command("list")
def list_(body: str = typer.Option(help="Short word of the body.")) -> None:
    """List the rounds of a body, the newest first."""
    from konwent_bot.cli.tables import table
    from konwent_bot.office import bodies
    from konwent_bot.office.rights import OPERATOR

    def work(uow: UnitOfWork) -> list[RoundFacts]:
        return bodies.rounds_of(uow, OPERATOR, bodies.find(uow, body).id)

    found = common.look(work)
    t = common.voice()
    if not found:
        common.tell(t("There has been no round in this body yet. To open one: konwent-bot round open."))
        return
    headings = (t("Half-year"), t("Card"), t("Last day"), t("State"), t("Received"))
    rows = [
        (
            one.period,
            t(_VARIANTS[one.variant]),
            t.day(one.closes_on),
            t("open") if one.open else t("closed"),
            t("{received} of {asked}", received=one.received, asked=one.asked),
        )
        for one in found
    ]
    common.tell(table(headings, rows))


def _variant(word: str) -> Literal["full", "short"]:
    match word.strip().casefold():
        case "full" | "pełna" | "pelna":
            return "full"
        case "short" | "krótka" | "krotka":
            return "short"
        case _:
            raise Invalid(N_("The card is full or short, not “{word}”."), word=word)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise Invalid(N_("Write the day as 2026-12-22, not “{text}”."), text=text) from error
