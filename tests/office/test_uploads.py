"""A roster that is being looked over is its sender's alone, for one body, for an hour."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from tests.office.rosters import GOPS, KIS, accept, bring_in, enter, seat_of

from konwent_bot.clock import FixedClock
from konwent_bot.errors import NotFound, Refused
from konwent_bot.office import seats, uploads
from konwent_bot.office.door import Door
from konwent_bot.office.rights import OPERATOR, Actor
from konwent_bot.office.throttle import TooOften
from konwent_bot.office.uploads import Kept
from konwent_bot.store.tables import UPLOAD

ROWS = (
    f"{GOPS};zwierzchnik;kierownik;Anna Nowak;anna@gops.example",
    f"{KIS};koordynator;case manager;Ewa Lis;ewa@kis.example",
)
FILE = b"Nazwa;Typ;Rola\r\nSzko\xb3a;C;zwierzchnik\r\n"


async def coordinator(door: Door, body: int, telegram: int, *, number: int = 1) -> Actor:
    """Let a coordinator of a body accept; with ``number`` 2 a second one is given the post first."""
    if number > 1:
        await door.act(lambda uow: seats.give_post(uow, OPERATOR, body, "coordinator", number=number, name="Ola Druga"))
    found = await door.look(lambda uow: seats.posts_of(uow, OPERATOR, body))
    post = next(one.id for one in found if (one.kind, one.number) == ("coordinator", number))
    return Actor(await accept(door, telegram, post=post))


async def network(door: Door, slug: str, telegram: int) -> tuple[int, Actor]:
    """Enter a body with its roster and let its coordinator in."""
    body = await enter(door, slug)
    await bring_in(door, body, *ROWS)
    return body, await coordinator(door, body, telegram)


async def send(door: Door, ewa: Actor, body: int, content: bytes = FILE) -> Kept:
    """Send a file."""
    return await door.act(lambda uow: uploads.keep(uow, ewa, body, content))


async def fetch(door: Door, who: Actor, body: int, upload: int, sha256: str) -> bytes:
    """Ask for a file to confirm it."""
    return await door.look(lambda uow: uploads.find(uow, who, body, upload, sha256).content)


async def files(door: Door) -> int:
    return int(await door.look(lambda uow: uow.execute(select(func.count()).select_from(UPLOAD)).scalar_one()))


async def test_a_sender_gets_the_very_file_back(door: Door) -> None:
    """The coordinator confirms the file she sent, byte for byte, known by its hash."""
    body, ewa = await network(door, "lsr-janow", 1)
    kept = await send(door, ewa, body)
    assert kept.sha256 == hashlib.sha256(FILE).hexdigest()
    assert await fetch(door, ewa, body, kept.id, kept.sha256) == FILE


async def test_nobody_else_gets_it(door: Door) -> None:
    """A second coordinator, a coordinator of another network, the right number with another hash or body: always one answer."""
    body, ewa = await network(door, "lsr-janow", 1)
    other, ida = await network(door, "lsr-ilawa", 2)
    ola = await coordinator(door, body, 3, number=2)
    kept = await send(door, ewa, body)
    hers = await send(door, ida, other, FILE + b"x")
    said = set()
    for who, where, number, sha256 in (
        (ola, body, kept.id, kept.sha256),  # of the same network, but not the sender
        (ida, other, kept.id, kept.sha256),
        (ewa, body, hers.id, hers.sha256),
        (ewa, body, kept.id, hers.sha256),
        (ewa, body, kept.id, ""),
        (ewa, body, kept.id, "ż" * 64),
        (ewa, body, 10**9, kept.sha256),
    ):
        with pytest.raises(Refused) as refusal:
            await fetch(door, who, where, number, sha256)
        said.add(str(refusal.value))
    assert len(said) == 1
    with pytest.raises(NotFound):
        await fetch(door, ida, body, kept.id, kept.sha256)


async def test_who_may_not_import_sends_nothing(door: Door) -> None:
    """A head of an institution, a coordinator of another network and the operator (whose files lie at hand) leave no file here."""
    body, _ = await network(door, "lsr-janow", 1)
    _, ida = await network(door, "lsr-ilawa", 2)
    seat = await seat_of(door, body, "GOPS Modliborzyce", "head")
    anna = Actor(await accept(door, 4, seat=seat.id))
    for who in (anna, ida, Actor(10**6)):
        for act in (uploads.admit, lambda uow, actor, body: uploads.keep(uow, actor, body, FILE)):
            with pytest.raises(NotFound):
                await door.act(lambda uow, act=act, who=who: act(uow, who, body))  # type: ignore[misc]  # bound for the loop
    with pytest.raises(NotFound):
        await door.act(lambda uow: uploads.admit(uow, OPERATOR, body))
    assert await files(door) == 0


async def test_an_hour_and_no_longer(door: Door, clock: FixedClock) -> None:
    """A file left on the screen over lunch has to be sent again."""
    body, ewa = await network(door, "lsr-janow", 1)
    kept = await send(door, ewa, body)
    clock.move(timedelta(minutes=59))
    assert await fetch(door, ewa, body, kept.id, kept.sha256) == FILE
    clock.move(timedelta(minutes=1))
    with pytest.raises(Refused):
        await fetch(door, ewa, body, kept.id, kept.sha256)


async def test_the_newest_file_takes_the_place_of_the_former(door: Door) -> None:
    """Who sends a corrected file can no longer confirm the wrong one; another coordinator's file stays."""
    body, ewa = await network(door, "lsr-janow", 1)
    ola = await coordinator(door, body, 3, number=2)
    theirs = await send(door, ola, body)
    first = await send(door, ewa, body)
    second = await send(door, ewa, body, FILE + b";")
    with pytest.raises(Refused):
        await fetch(door, ewa, body, first.id, first.sha256)
    assert await fetch(door, ewa, body, second.id, second.sha256) == FILE + b";"
    assert await fetch(door, ola, body, theirs.id, theirs.sha256) == FILE
    assert await files(door) == 2


async def test_not_more_than_so_many_files_in_an_hour(door: Door, clock: FixedClock) -> None:
    """Reading spreadsheets is work, so one person sends thirty in an hour at most; another coordinator is not kept waiting."""
    body, ewa = await network(door, "lsr-janow", 1)
    ola = await coordinator(door, body, 3, number=2)
    for _ in range(uploads.MOST_IN_AN_HOUR):
        await door.act(lambda uow: uploads.admit(uow, ewa, body))
    with pytest.raises(TooOften):
        await door.act(lambda uow: uploads.admit(uow, ewa, body))
    assert await door.act(lambda uow: uploads.admit(uow, ola, body)) == ola.person
    clock.move(timedelta(hours=1))
    assert await door.act(lambda uow: uploads.admit(uow, ewa, body)) == ewa.person
