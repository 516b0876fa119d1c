"""What the clock asks for, on both engines: old updates forgotten, acts sealed, tampering found, two schedulers harmless."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from sqlalchemy import text

from konwent_bot.clock import FixedClock
from konwent_bot.office import audit_chain, bodies, housekeeping
from konwent_bot.office.door import REPEATED, Door, UpdateId
from konwent_bot.office.rights import OPERATOR
from konwent_bot.office.unit import UnitOfWork


async def _body(door: Door, slug: str = "lsr-janow") -> int:
    return await door.act(lambda uow: bodies.create(uow, OPERATOR, slug=slug, name="Lokalna Sieć"))


async def _acts(door: Door, body: int | None, count: int) -> None:
    def work(uow: UnitOfWork) -> None:
        for number in range(count):
            uow.audit("card.submit", body=body, person=7, card=number)

    await door.act(work)


async def _seen(door: Door) -> int:
    return int(await door.look(lambda uow: uow.execute(text("select count(*) from seen_update")).scalar_one()))


async def _spoil(door: Door, statement: str) -> None:
    await door.act(lambda uow: uow.execute(text(statement)) and None)


async def test_updates_are_forgotten_after_two_days_and_not_before(door: Door, clock: FixedClock) -> None:
    """What Telegram could still repeat is remembered, what it cannot is not kept for ever."""
    await door.handle(UpdateId(1, 10), lambda uow: None)
    clock.move(timedelta(hours=47))
    await door.handle(UpdateId(1, 11), lambda uow: None)
    assert (await door.act(housekeeping.tick)).forgotten == 0
    assert await door.handle(UpdateId(1, 10), lambda uow: None) is REPEATED
    clock.move(timedelta(hours=1, seconds=1))
    assert (await door.act(housekeeping.tick)).forgotten == 1
    assert await _seen(door) == 1
    assert await door.handle(UpdateId(1, 11), lambda uow: None) is REPEATED


async def test_much_that_is_old_is_forgotten_in_batches(door: Door, clock: FixedClock) -> None:
    """After a long absence the program catches up in pieces, and says when it is done."""
    rows = housekeeping.BATCH + 20

    def many(uow: UnitOfWork) -> None:
        statement = text("insert into seen_update (bot_id, update_id, at) values (1, :n, :at)")
        at = uow.now.replace(tzinfo=None) if uow.dialect == "sqlite" else uow.now
        if uow.dialect == "sqlite":
            uow.connection.execute(statement, [{"n": n, "at": at.isoformat(" ", "microseconds")} for n in range(rows)])
        else:
            uow.connection.execute(statement, [{"n": n, "at": at} for n in range(rows)])

    await door.act(many)
    clock.move(timedelta(days=3))
    first, second = await door.act(housekeeping.tick), await door.act(housekeeping.tick)
    assert (first.forgotten, first.more) == (housekeeping.BATCH, True)
    assert (second.forgotten, second.more) == (20, False)
    assert await _seen(door) == 0


async def test_acts_are_sealed_in_order_and_the_chain_holds(door: Door) -> None:
    """Everything that was done stands in a chain that anybody can compute anew."""
    body, other = await _body(door), await _body(door, "lsr-inna")
    await _acts(door, body, 3)
    await _acts(door, None, 2)
    assert (await door.look(lambda uow: audit_chain.verify(uow, body))).waiting == 4
    assert (await door.act(housekeeping.tick)).sealed == 7
    chain = await door.look(lambda uow: audit_chain.verify(uow, body))
    assert (chain.sealed, chain.waiting, chain.broken_at) == (4, 0, None)
    assert (await door.look(lambda uow: audit_chain.verify(uow, other))).sealed == 1
    assert (await door.look(lambda uow: audit_chain.verify(uow, None))).sealed == 2


async def test_sealing_again_changes_nothing_and_goes_on_where_it_stopped(door: Door) -> None:
    """A second tick finds nothing to do; later acts are chained to the earlier ones."""
    body = await _body(door)
    await door.act(housekeeping.tick)
    head = (await door.look(lambda uow: audit_chain.verify(uow, body))).head
    assert (await door.act(housekeeping.tick)).sealed == 0
    await _acts(door, body, 1)
    assert (await door.act(housekeeping.tick)).sealed == 1
    chain = await door.look(lambda uow: audit_chain.verify(uow, body, head))
    assert (chain.sealed, chain.broken_at) == (2, None)
    assert chain.head != head


async def test_a_changed_entry_is_found(door: Door) -> None:
    """Whoever rewrites what was done is found out, at the very entry."""
    body = await _body(door)
    await _acts(door, body, 4)
    await door.act(housekeeping.tick)
    await _spoil(door, "update audit_entry set person_id = 8 where number = 3")
    assert (await door.look(lambda uow: audit_chain.verify(uow, body))).broken_at == 3


async def test_an_entry_taken_away_is_found(door: Door) -> None:
    """A gap in the middle is found; the end cut off is found by whoever kept the head."""
    body = await _body(door)
    await _acts(door, body, 4)
    await door.act(housekeeping.tick)
    head = (await door.look(lambda uow: audit_chain.verify(uow, body))).head
    await _spoil(door, "delete from audit_entry where number = 5")
    assert (await door.look(lambda uow: audit_chain.verify(uow, body))).broken_at is None
    assert (await door.look(lambda uow: audit_chain.verify(uow, body, head))).broken_at == 5
    await _spoil(door, "delete from audit_entry where number = 2")
    assert (await door.look(lambda uow: audit_chain.verify(uow, body))).broken_at == 2


async def test_two_schedulers_make_one_chain(door: Door) -> None:
    """Two programs that tick at the same moment seal every act once, in one chain."""
    body = await _body(door)
    await _acts(door, body, 60)
    ticks = await asyncio.gather(*(door.act(housekeeping.tick) for _ in range(6)))
    assert sum(done.sealed for done in ticks) == 61
    chain = await door.look(lambda uow: audit_chain.verify(uow, body))
    assert (chain.sealed, chain.waiting, chain.broken_at) == (61, 0, None)


async def test_acts_go_on_while_the_chain_is_sealed(door: Door) -> None:
    """Nobody waits for the seal: acts and ticks at the same time leave nothing out."""
    body = await _body(door)
    await asyncio.gather(*(_acts(door, body, 5) if turn % 2 else door.act(housekeeping.tick) for turn in range(20)))
    await door.act(housekeeping.tick)
    chain = await door.look(lambda uow: audit_chain.verify(uow, body))
    assert (chain.sealed, chain.waiting, chain.broken_at) == (51, 0, None)
