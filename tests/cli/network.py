"""A console with a small network on it, for the commands that change it."""

from __future__ import annotations

import re

from sqlalchemy import select
from tests.cli.console import PUBLIC, Console
from tests.office.rosters import GOPS, KIS, SCHOOL, csv

from konwent_bot.office import bodies, invitations, people, seats
from konwent_bot.office.rights import OPERATOR, Actor, offices
from konwent_bot.store.tables import SEAT

ROWS = (
    f"{KIS};koordynator;case manager;Ewa Lis;ewa@kis.example",
    f"{GOPS};zwierzchnik;kierownik;Anna Nowak;anna@gops.example",
    f"{GOPS};osoba wskazana;asystent rodziny;;jan@gops.example",
    f"{SCHOOL};zwierzchnik;dyrektor;;",
    f"{SCHOOL};zastępca;;Ola Mak;ola@szkola.example",
    f"{SCHOOL};zastępca;;Adam Bąk;adam@szkola.example",
)
#: A link to a page as printed.
LINK = re.compile(rf"{re.escape(PUBLIC)}/z/([A-Za-z0-9_-]{{24}})")


def settle(console: Console) -> Console:
    """Enter a body and its roster."""
    console.ok("body", "create", "Lokalna Sieć", "--slug", "janow")
    console.ok("roster", "import", console.file("lista.csv", csv(*ROWS)), "--body", "janow")
    return console


def accept(console: Console, token: str, telegram: int) -> int:
    """Accept an invitation from a Telegram account; give the person."""
    console.act(lambda uow: invitations.accept(uow, token, caller=telegram, language="pl"))
    known = console.look(lambda uow: people.by_telegram(uow, telegram))
    assert known is not None
    return known.id


def rights(console: Console, person: int) -> frozenset[str]:
    """Give every office a person holds in the network, at any institution."""
    own = select(SEAT.c.membership_id).where(SEAT.c.person_id == person)
    held = console.look(lambda uow: [offices(uow, Actor(person), 1, m) for m in (0, *uow.execute(own).scalars().all())])
    return frozenset().union(*held)


def seat(console: Console, short_name: str, role: str, number: int = 1) -> seats.SeatFacts:
    """Find a seat."""
    found = console.look(lambda uow: seats.seats_of(uow, OPERATOR, bodies.find(uow, "janow").id))
    return next(one for one in found if (one.short_name, one.role, one.number) == (short_name, role, number))
