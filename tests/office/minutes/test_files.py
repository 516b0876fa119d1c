"""Files that go with minutes: only what may go to everybody, and nothing half-done where one may not."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from tests.office.minutes.network import Minuting, gather

from konwent_bot.clock import FixedClock
from konwent_bot.errors import Invalid, NotFound, Refused
from konwent_bot.office.door import Door
from konwent_bot.office.minutes import files
from konwent_bot.office.minutes.facts import Minutes
from konwent_bot.store.tables import AUDIT_ENTRY, MINUTES_FILE

PICTURE = b"\x89PNG\r\n\x1a\n" + b"tablica" * 20


@pytest.fixture
async def net(door: Door, clock: FixedClock) -> Minuting:
    """The network at its meeting."""
    return await gather(door, clock)


@pytest.fixture
async def minutes(net: Minuting) -> Minutes:
    """The minutes of the meeting."""
    return await net.closed()


async def attach(net: Minuting, minutes: Minutes, name: str, content: bytes) -> int:
    """Let the minute-taker attach a file."""
    return await net.act(lambda uow: files.attach(uow, net.maria, minutes.id, name, content))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("program.exe", b"MZ\x90\x00" + b"\x00" * 100),
        ("protokol.pdf", b"MZ\x90\x00" + b"\x00" * 100),
        ("strona.html", b"<script>alert(1)</script>"),
        ("stary.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 512),
        ("pusty.pdf", b""),
        ("wielki.pdf", b"%PDF-" + b"\x00" * (30 * 1024 * 1024)),
    ],
    ids=["program", "program by another name", "page", "old office", "empty", "30 MB"],
)
async def test_what_may_not_go_to_everybody_leaves_nothing_behind(
    net: Minuting, minutes: Minutes, name: str, content: bytes
) -> None:
    """It is refused with a sentence: no file, no other edition, no entry of the record."""
    before = await net.count(AUDIT_ENTRY)
    with pytest.raises(Invalid):
        await attach(net, minutes, name, content)
    assert (await net.count(MINUTES_FILE), await net.count(AUDIT_ENTRY)) == (0, before)
    assert await net.minutes(minutes.id) == minutes


async def test_a_file_stands_in_the_draft(net: Minuting, minutes: Minutes) -> None:
    """It has a safe name, the same bytes again are the same file, another one by the same name gets its own; and it can go."""
    number = await attach(net, minutes, "../../tablica.png", PICTURE)
    assert await attach(net, minutes, "kopia.png", PICTURE) == number
    other = await attach(net, minutes, "tablica.png", PICTURE + b"2")
    names = [one.name for one in (await net.current(minutes)).facts.files]
    assert names == ["tablica.png", "tablica (2).png"]
    assert (await net.minutes(minutes.id)).edition == minutes.edition + 2
    await net.act(lambda uow: files.remove(uow, net.ewa, other))
    assert [one.id for one in await net.look(lambda uow: files.of(uow, minutes.id))] == [number]
    assert await net.look(lambda uow: [row.id for row in uow.execute(select(MINUTES_FILE))]) == [number]
    with pytest.raises(NotFound):
        await net.act(lambda uow: files.remove(uow, net.ewa, other))


async def test_there_is_an_end_of_files(net: Minuting, minutes: Minutes) -> None:
    """Ten go with minutes, an eleventh is refused; and all together may have so many bytes."""
    for number in range(3):
        await attach(net, minutes, f"{number}.png", PICTURE + bytes([number]) * (9 * 1024 * 1024 if number < 2 else 1))
    with pytest.raises(Refused):
        await attach(net, minutes, "za-duzo.png", PICTURE + b"x" * (9 * 1024 * 1024))
    for number in range(3, 10):
        await attach(net, minutes, f"{number}.png", PICTURE + bytes([number]))
    with pytest.raises(Refused):
        await attach(net, minutes, "jedenasty.png", PICTURE + b"x")
    assert await net.count(MINUTES_FILE) == 10


async def test_accepted_minutes_take_no_file(net: Minuting, minutes: Minutes) -> None:
    """Once they are final nothing is attached or taken away."""
    number = await attach(net, minutes, "tablica.png", PICTURE)
    await net.circulate(minutes)
    await net.accepted(minutes)
    with pytest.raises(Refused):
        await attach(net, minutes, "inna.png", PICTURE + b"2")
    with pytest.raises(Refused):
        await net.act(lambda uow: files.remove(uow, net.ewa, number))
