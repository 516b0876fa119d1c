"""Several programs at the same moment: numbers without a gap, one version, and nobody waits for the typesetter who need not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from tests.office.decisions.network import MORNING
from tests.office.minutes.network import Minuting, gather

from konwent_bot.clock import FixedClock
from konwent_bot.documents.minutes import sheet
from konwent_bot.errors import Refused
from konwent_bot.office.door import Door
from konwent_bot.office.meetings import convening, entering
from konwent_bot.office.minutes import beginning, circulating, facts, notes, versions
from konwent_bot.office.minutes.versions import Version
from konwent_bot.office.subjects import Subject
from konwent_bot.office.unit import House, UnitOfWork
from konwent_bot.store.engines import open_store
from konwent_bot.store.tables import MINUTES, MINUTES_RIVAL, MINUTES_VERSION, NOTICE

MANY = 6


@pytest.fixture
async def net(door: Door, clock: FixedClock) -> Minuting:
    """The network at its meeting."""
    return await gather(door, clock)


@pytest.fixture
async def doors(door: Door, database_url: str, clock: FixedClock, house: House) -> AsyncIterator[tuple[Door, ...]]:
    """Three programs on one database."""
    others = [open_store(database_url) for _ in range(2)]
    yield (door, *(Door(store, clock, house) for store in others))
    for store in others:
        await store.close()


def met(uow: UnitOfWork, net: Minuting) -> list[int]:
    """Call everybody to several short meetings of one day; give them."""
    found = []
    for number in range(MANY):
        given = entering.MeetingEntered.model_validate(
            {
                "kind": "operational",
                "when": f"2026-12-17T{9 + number:02}:00",
                "length": "m60",
                "mode": "in_person",
                "place": "Sala",
            }
        )
        made = entering.enter(uow, net.ewa, Subject("meeting.enter", net.body), given).meeting or 0
        found.append(convening.convene(uow, net.ewa, made).id)
    return found


async def test_numbers_follow_one_another_whoever_closes(net: Minuting, doors: tuple[Door, ...]) -> None:
    """Six meetings are closed by three programs at once, each of them twice: six minutes, numbered from 1 to 6."""
    called = await net.act(lambda uow: met(uow, net))
    net.at(MORNING + timedelta(days=3))

    async def close(place: int) -> str:
        meeting = called[place % MANY]

        def work(uow: UnitOfWork) -> str:
            closed = convening.close(uow, net.ewa, meeting, held=True)
            return beginning.begin(uow, closed).name

        return await doors[place % 3].act(work)

    names = await asyncio.gather(*(close(place) for place in (*range(MANY), *range(MANY))))
    assert set(names) == {f"{number}/2026" for number in range(1, MANY + 1)}
    assert await net.count(MINUTES) == MANY


async def test_of_two_who_send_out_at_once_one_prevails(
    net: Minuting, doors: tuple[Door, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three programs send the same minutes out: one version, one document, everybody told once; the others are told that it went."""
    typeset: list[str] = []
    make = sheet.make

    def counted(*given: Any, **more: Any) -> sheet.Sheet:
        typeset.append(more["code"])
        return make(*given, **more)

    monkeypatch.setattr(sheet, "make", counted)
    versions.typeset.cache_clear()
    minutes = await net.closed()

    async def send(door: Door) -> Version | None:
        try:
            return await door.act(lambda uow: circulating.circulate(uow, net.ewa, minutes.id, minutes.edition))
        except Refused:
            return None

    sent = [one for one in await asyncio.gather(*(send(door) for door in doors)) if one is not None]
    assert len(sent) == 1
    assert (await net.count(MINUTES_VERSION), len(typeset)) == (1, 1)
    told = await net.count(NOTICE)
    with pytest.raises(Refused):
        await net.circulate(minutes)
    assert await net.count(NOTICE) == told
    versions.typeset.cache_clear()


async def test_what_is_written_while_minutes_go_out_is_not_lost(net: Minuting, doors: tuple[Door, ...]) -> None:
    """One writes while another sends out: the text is in the version, or in the draft after it."""
    minutes = await net.closed()
    subject = Subject("minutes.write", net.body, minutes=minutes.id, item=0)

    async def write() -> None:
        await doors[1].act(lambda uow: notes.write(uow, net.maria, subject, notes.Written(text="Dopisane")) and None)

    async def send() -> bool:
        try:
            await doors[0].act(lambda uow: circulating.circulate(uow, net.ewa, minutes.id, minutes.edition) and None)
        except Refused:
            return False
        return True

    _, went = await asyncio.gather(write(), send())
    assert await net.notes(minutes) == ["Dopisane"]
    found = await net.minutes(minutes.id)
    assert (found.version, found.edition) == (int(went), 2)


async def test_two_who_change_one_paragraph_at_once(net: Minuting, doors: tuple[Door, ...]) -> None:
    """Both have read the first text and send theirs at the same moment: one stands, the other waits beside it."""
    minutes = await net.closed()
    note = await net.write(minutes)
    subject = Subject("minutes.change", net.body, minutes=minutes.id, item=0, note=note.id, revision=1)

    async def change(door: Door, who: int) -> None:
        actor, text = ((net.ewa, "Wersja Ewy"), (net.maria, "Wersja Marii"))[who]
        await door.act(lambda uow: notes.change(uow, actor, subject, notes.Written(text=text)) and None)

    await asyncio.gather(change(doors[0], 0), change(doors[1], 1))
    [rival] = await net.look(lambda uow: notes.rivals(uow, minutes.id))
    assert {*(await net.notes(minutes)), rival.body} == {"Wersja Ewy", "Wersja Marii"}
    assert await net.count(MINUTES_RIVAL) == 1


async def test_the_typesetter_keeps_nobody_of_the_body_waiting(
    net: Minuting, database_url: str, house: House, monkeypatch: pytest.MonkeyPatch, engine_name: str
) -> None:
    """While the document is made, another program closes a meeting of the same body and takes its lock for the next number."""
    if engine_name == "sqlite":
        pytest.skip("one writes at a time there, whatever it holds")
    minutes = await net.closed()
    called = await net.act(lambda uow: met(uow, net))
    net.at(MORNING + timedelta(days=3))
    make = sheet.make
    names: list[str] = []

    async def close() -> str:
        store = open_store(database_url)
        closing = Door(store, FixedClock(net.clock.now()), house)
        await closing.act(lambda uow: convening.close(uow, net.ewa, called[0], held=True) and None)
        found = await closing.look(lambda uow: facts.of_meeting(uow, called[0]))
        await store.close()
        assert found is not None
        return found.name

    def slow(*given: Any, **more: Any) -> sheet.Sheet:
        with ThreadPoolExecutor(1) as elsewhere:
            names.append(elsewhere.submit(asyncio.run, close()).result(timeout=30))
        return make(*given, **more)

    monkeypatch.setattr(sheet, "make", slow)
    versions.typeset.cache_clear()
    await net.circulate(minutes)
    assert names == ["2/2026"]
