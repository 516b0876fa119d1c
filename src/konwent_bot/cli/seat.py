"""``konwent-bot seat``: an institution's place goes to somebody else, or to nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from konwent_bot.cli import common

if TYPE_CHECKING:
    from konwent_bot.office.invitations import Issued
    from konwent_bot.office.seats import SeatFacts
    from konwent_bot.office.unit import UnitOfWork

app = common.group("Hand over or vacate the seat of an institution.")

_BODY = typer.Option(help="Short word of the body.")
_INSTITUTION = typer.Option(help="Full or short name of the institution, or a part of it.")
_ROLE = typer.Option(help="head (zwierzchnik), delegate (osoba wskazana) or substitute (zastępca).")
_NUMBER = typer.Option(None, min=1, help="Which of several substitutes.")


@app.command("hand-over")
def hand_over(
    body: str = _BODY,
    institution: str = _INSTITUTION,
    role: str = _ROLE,
    number: int | None = _NUMBER,
    name: str = typer.Option("", help="First and last name of the new holder."),
    email: str = typer.Option("", help="E-mail address of the new holder."),
) -> None:
    """Give a seat to somebody else and invite them. The former holder has no access from this moment."""
    from konwent_bot.cli import choosing, inviting
    from konwent_bot.office import bodies, seats
    from konwent_bot.office.rights import OPERATOR

    t = common.voice()

    def work(uow: UnitOfWork) -> tuple[SeatFacts, bool, Issued | None]:
        of_body = seats.seats_of(uow, OPERATOR, bodies.find(uow, body).id)
        chosen = choosing.seat(t, of_body, institution, role, number)
        done = seats.hand_over(uow, OPERATOR, chosen.id, name=name, email=email)
        return chosen, done.former is not None, inviting.issue_if_possible(uow, seat=chosen.id)

    chosen, had, issued = common.act(work, named=True)
    t = common.voice()  # again: the settings have been read, and with them the zone of dates
    words = {"institution": chosen.short_name, "seat": choosing.title(t, chosen)}
    if had:
        common.tell(t("Handed over: {institution}, {seat}. The former holder has no access any more.", **words))
    else:
        common.tell(t("The seat is given: {institution}, {seat}. Nobody held it before.", **words))
    common.tell(inviting.links(t, [issued]) if issued else inviting.no_links_yet(t))


@app.command()
def vacate(body: str = _BODY, institution: str = _INSTITUTION, role: str = _ROLE, number: int | None = _NUMBER) -> None:
    """Leave a seat empty. Its holder has no access from this moment, and links to it stop working."""
    from konwent_bot.cli import choosing
    from konwent_bot.office import bodies, seats
    from konwent_bot.office.rights import OPERATOR

    t = common.voice()

    def work(uow: UnitOfWork) -> SeatFacts:
        of_body = seats.seats_of(uow, OPERATOR, bodies.find(uow, body).id)
        chosen = choosing.seat(t, of_body, institution, role, number)
        seats.vacate(uow, OPERATOR, chosen.id)
        return chosen

    chosen = common.act(work)
    common.tell(
        t(
            "Vacated: {institution}, {seat}. Nobody has access through it, and links to it no longer work.",
            institution=chosen.short_name,
            seat=choosing.title(t, chosen),
        )
    )
