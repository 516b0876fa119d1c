"""What the tests of rosters, seats and their commands share: files made of rows, dumps of the store, people who accept."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select
from sqlmodel import SQLModel

from konwent_bot.documents.tables import read_table
from konwent_bot.domain.roster import Roster, read_roster
from konwent_bot.domain.roster_preview import Preview
from konwent_bot.office import bodies, invitations, rosters, seats
from konwent_bot.office.door import Door
from konwent_bot.office.rights import OPERATOR

#: The real-shaped roster of the local network in Janów Lubelski, as Polish Excel writes it.
SAMPLE = Path(__file__).parents[1] / "data" / "lsr-janow-lubelski.csv"
HEADINGS = "Nazwa instytucji;Skrót;Typ;Sektor;Miejscowość;Rola;Stanowisko;Imię i nazwisko;E-mail"
GOPS = "Gminny Ośrodek Pomocy Społecznej w Modliborzycach;GOPS Modliborzyce;B;pomoc społeczna;Modliborzyce"
KIS = "Klub Integracji Społecznej w Janowie Lubelskim;KIS Janów;A;pomoc społeczna;Janów Lubelski"
SCHOOL = "Zespół szkół w Modliborzycach;Zespół szkół;C;edukacja;Modliborzyce"

#: Tables and their rows, whole: two equal dumps are two equal stores.
Dump = dict[str, list[tuple[object, ...]]]


def csv(*rows: str) -> bytes:
    """Make a file of a roster from its rows."""
    return "\r\n".join((HEADINGS, *rows)).encode("cp1250")


def roster(*rows: str) -> Roster:
    """Read a roster of these rows."""
    return read_roster(read_table(csv(*rows)))


def sample() -> Roster:
    """Read the roster of Janów Lubelski."""
    return read_roster(read_table(SAMPLE.read_bytes()))


async def enter(door: Door, slug: str = "lsr-janow") -> int:
    """Enter a body."""
    return await door.act(lambda uow: bodies.create(uow, OPERATOR, slug=slug, name=f"Lokalna Sieć {slug}"))


async def bring_in(door: Door, body: int, *rows: str) -> Preview:
    """Import a roster of these rows."""
    return await door.act(lambda uow: rosters.import_roster(uow, OPERATOR, body, roster(*rows)))


async def dump(door: Door) -> Dump:
    """Give everything the store holds."""
    tables = SQLModel.metadata.sorted_tables
    return await door.look(
        lambda uow: {t.name: [tuple(row) for row in uow.execute(select(t).order_by(*t.primary_key.columns))] for t in tables}
    )


async def seat_of(door: Door, body: int, short_name: str, role: str, number: int = 1) -> seats.SeatFacts:
    """Find a seat by what people call it."""
    found = await door.look(lambda uow: seats.seats_of(uow, OPERATOR, body))
    return next(one for one in found if (one.short_name, one.role, one.number) == (short_name, role, number))


async def holder(door: Door, seat: int) -> int | None:
    """Give who holds a seat."""
    from konwent_bot.store.tables import SEAT

    return await door.look(lambda uow: uow.execute(select(SEAT.c.person_id).where(SEAT.c.id == seat)).scalar_one())


async def accept(door: Door, telegram: int, *, seat: int | None = None, post: int | None = None) -> int:
    """Invite somebody to a place and let them accept from a Telegram account; give their number."""
    from konwent_bot.office import people

    issued = await door.act(lambda uow: invitations.issue(uow, OPERATOR, seat=seat, post=post))
    await door.act(lambda uow: invitations.accept(uow, issued.token, caller=telegram, language="pl"))
    known = await door.look(lambda uow: people.by_telegram(uow, telegram))
    assert known is not None
    return known.id
