"""``konwent-bot post``: a function in a body goes to somebody. The first coordinator comes this way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from konwent_bot.cli import common
from konwent_bot.errors import N_, Invalid

if TYPE_CHECKING:
    from konwent_bot.office.invitations import Issued
    from konwent_bot.office.seats import Changed
    from konwent_bot.office.unit import UnitOfWork

app = common.group("Give a post: coordinator, chair, minute-taker.")


@app.callback()
def _top() -> None:
    """Keep ``give`` a word of its own, though it is the only one so far."""


@app.command()
def give(
    body: str = typer.Option(help="Short word of the body."),
    post: str = typer.Option(help="coordinator, case manager, chair, vice-chair or minute-taker, in English or Polish."),
    name: str = typer.Option("", help="First and last name of whoever gets it."),
    email: str = typer.Option("", help="E-mail address of whoever gets it."),
    institution: str = typer.Option("", help="Instead of name and e-mail: the institution whose seat the person holds."),
    role: str = typer.Option("", help="With --institution: head, delegate or substitute."),
    number: int = typer.Option(1, min=1, help="Which one, where there are several of a kind."),
) -> None:
    """Give a post to the holder of a seat, or to somebody by name and e-mail. Whoever had it loses its rights at once."""
    from konwent_bot.cli import choosing, inviting
    from konwent_bot.office import bodies, seats
    from konwent_bot.office.rights import OPERATOR
    from konwent_bot.screens.words import place

    t = common.voice()
    if bool(institution) != bool(role) or (institution and (name or email)):
        raise Invalid(N_("Say who is to have the post in one way: --institution and --role, or --name and --email."))
    kind = choosing.kind(t, post)

    def work(uow: UnitOfWork) -> tuple[Changed, Issued | None]:
        found = bodies.find(uow, body).id
        seat = None
        if institution:
            seat = choosing.seat(t, seats.seats_of(uow, OPERATOR, found), institution, role, None).id
        done = seats.give_post(uow, OPERATOR, found, kind, seat=seat, name=name, email=email, number=number)
        return done, None if done.known else inviting.issue_if_possible(uow, post=done.place)

    done, issued = common.act(work, named=True)
    t = common.voice()  # again: the settings have been read, and with them the zone of dates
    common.tell(t("The post is given: {post}.", post=place(t, kind)))
    if done.former is not None and done.former != done.holder:
        common.tell(t("Whoever had it before has no access through it any more."))
    if not done.known:
        common.tell(inviting.links(t, [issued]) if issued else inviting.no_links_yet(t))
