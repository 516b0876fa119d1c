"""Notices on both engines: announced once, superseded, forgotten, and what the ledger says of them."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select
from tests.conftest import NOW
from tests.office.rosters import GOPS, KIS, accept, bring_in, enter, seat_of

from konwent_bot.clock import FixedClock
from konwent_bot.errors import NotFound, Refused
from konwent_bot.office import notices, seats
from konwent_bot.office.door import Door
from konwent_bot.office.rights import OPERATOR, Actor
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import NOTICE

HEAD = f"{GOPS};zwierzchnik;kierownik;Anna Nowak;anna@gops.example"
COORDINATOR = f"{KIS};koordynator;case manager;Ewa Lis;ewa@kis.example"


def announce(uow: UnitOfWork, revision: int | None = None, recipient: str = "seat:5") -> int:
    return notices.announce(uow, recipient=recipient, occasion="invitation", revision=revision)


async def test_the_same_notice_is_written_once(door: Door) -> None:
    """Announcing the same revision again, even from many sides at once, gives the one notice that is there."""
    numbers = await asyncio.gather(*(door.act(lambda uow: announce(uow, 1)) for _ in range(20)))
    assert len(set(numbers)) == 1
    assert len(await door.look(lambda uow: notices.ledger(uow, "seat:5"))) == 1


async def test_a_newer_notice_takes_the_place_of_one_not_sent(door: Door) -> None:
    """A coordinator who presses "send" twice sends one letter: the second notice ends the first."""
    first, second = await door.act(announce), await door.act(announce)
    told = await door.look(lambda uow: notices.ledger(uow, "seat:5"))
    assert [(one.notice, one.revision, one.outcome) for one in told] == [(second, 2, None), (first, 1, "unwanted")]


async def test_many_that_ask_for_the_next_one_at_once_leave_one_waiting(door: Door) -> None:
    """However many press "send" in one moment, exactly one notice waits, and revisions are counted without a gap."""
    await asyncio.gather(*(door.act(announce) for _ in range(20)))
    told = await door.look(lambda uow: notices.ledger(uow, "seat:5"))
    assert [one.revision for one in told if one.outcome is None] == [len(told)]
    assert [one.revision for one in told] == list(range(len(told), 0, -1))


async def test_an_address_is_forgotten_when_a_notice_is_settled(door: Door) -> None:
    """What somebody typed is kept only as long as a letter has to go there."""

    def twice(uow: UnitOfWork) -> None:
        for address in ("jan@gops.example", "jan.nowak@gops.example"):
            notices.announce(uow, recipient="person:3", occasion="confirm_email", address=address)

    await door.act(twice)
    kept = await door.look(lambda uow: list(uow.execute(select(NOTICE.c.address).order_by(NOTICE.c.id)).scalars()))
    assert kept == ["", "jan.nowak@gops.example"]


async def test_what_is_due_says_since_when(door: Door, clock: FixedClock) -> None:
    """Whoever watches the installation sees for how long letters have been waiting, and nothing of those to come."""
    await door.act(
        lambda uow: notices.announce(uow, recipient="seat:1", occasion="invitation", due_at=uow.now + timedelta(hours=1))
    )
    assert await door.look(notices.oldest_due) is None
    clock.move(timedelta(hours=3))
    assert await door.look(notices.oldest_due) == NOW + timedelta(hours=1)
    await door.act(lambda uow: announce(uow))
    assert await door.look(notices.oldest_due) == NOW + timedelta(hours=1)


async def test_requests_are_forgotten(door: Door, clock: FixedClock) -> None:
    """Without a mail server an address typed by anybody goes after a day, the request after thirty; invitations wait."""
    await door.act(
        lambda uow: notices.announce(uow, recipient="request:a", occasion="sign_in", revision=1, address="ola@gops.example")
    )
    await door.act(lambda uow: announce(uow))
    clock.move(timedelta(hours=23))
    await door.act(notices.forget)
    addresses = select(NOTICE.c.address, NOTICE.c.outcome).order_by(NOTICE.c.id)
    assert await door.look(lambda uow: uow.execute(addresses).first()) == ("ola@gops.example", None)
    clock.move(timedelta(hours=2))
    assert await door.act(notices.forget) == 0
    assert await door.look(lambda uow: [tuple(row) for row in uow.execute(addresses)]) == [("", "unwanted"), ("", None)]
    clock.move(timedelta(days=30))
    assert await door.act(notices.forget) == 1
    assert await door.look(lambda uow: [tuple(row) for row in uow.execute(addresses)]) == [("", None)]


async def test_only_who_may_invite_can_have_an_invitation_sent(door: Door) -> None:
    """The coordinator of a body may; the head of an institution, and a coordinator of another body, are told it does not exist."""
    body, other = await enter(door), await enter(door, "lsr-inna")
    await bring_in(door, body, COORDINATOR, HEAD)
    await bring_in(door, other, COORDINATOR)
    head = await seat_of(door, body, "GOPS Modliborzyce", "head")
    (own,) = await door.look(lambda uow: seats.posts_of(uow, OPERATOR, body))
    (foreign,) = await door.look(lambda uow: seats.posts_of(uow, OPERATOR, other))
    coordinator, stranger = await accept(door, 1, post=own.id), await accept(door, 2, post=foreign.id)
    for actor in (Actor(stranger), Actor(999)):
        with pytest.raises(NotFound):
            await door.act(partial(notices.invite, actor=actor, seat=head.id))
    with pytest.raises(NotFound):
        await door.act(lambda uow: notices.invite(uow, OPERATOR, seat=987))
    assert await door.look(lambda uow: notices.standing(uow, body)) == {}
    await door.act(lambda uow: notices.invite(uow, Actor(coordinator), seat=head.id))
    assert set(await door.look(lambda uow: notices.standing(uow, body))) == {f"seat:{head.id}"}
    with pytest.raises(Refused, match="hand it over first"):
        await door.act(lambda uow: notices.invite(uow, Actor(coordinator), post=own.id))


async def test_an_invitation_may_be_announced_once_and_for_all(door: Door) -> None:
    """A program that invites everybody at each start writes to nobody twice; a coordinator who asks again does."""
    body = await enter(door)
    await bring_in(door, body, HEAD)
    head = await seat_of(door, body, "GOPS Modliborzyce", "head")
    first = await door.act(lambda uow: notices.invite(uow, OPERATOR, seat=head.id, once=True))
    assert await door.act(lambda uow: notices.invite(uow, OPERATOR, seat=head.id, once=True)) == first
    assert await door.act(lambda uow: notices.invite(uow, OPERATOR, seat=head.id)) != first
