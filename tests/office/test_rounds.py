"""Rounds of cards: when they open and close, whom they ask, and who has answered."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update
from tests.conversations.house import dump
from tests.conversations.network import ILAWA, JANOW, make

from konwent_bot.clock import FixedClock
from konwent_bot.errors import Invalid, NotFound, Refused
from konwent_bot.office import bodies, cards, invitations, people, rounds
from konwent_bot.office.door import Door
from konwent_bot.office.rights import OPERATOR, Actor
from konwent_bot.office.unit import House, UnitOfWork
from konwent_bot.store.engines import open_store
from konwent_bot.store.tables import CARD_ROUND, MEMBERSHIP, ROUND_ROLL

ANSWERS = dict.fromkeys(("goals", "composition", "engagement", "trust", "management", "plan", "communication", "resources"), 3) | {"barriers": ("time",)}  # fmt: skip


def test_half_years_are_those_of_the_calendar() -> None:
    """The first half ends with June."""
    assert [rounds.period_of(date(2026, *day)) for day in ((1, 1), (6, 30), (7, 1), (12, 31))] == [
        "2026-H1", "2026-H1", "2026-H2", "2026-H2",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("last", "instant"),
    [
        (date(2026, 12, 22), datetime(2026, 12, 22, 23, tzinfo=UTC)),
        (date(2026, 7, 1), datetime(2026, 7, 1, 22, tzinfo=UTC)),
        # the nights on which the clocks are changed
        (date(2026, 10, 24), datetime(2026, 10, 24, 22, tzinfo=UTC)),
        (date(2026, 10, 25), datetime(2026, 10, 25, 23, tzinfo=UTC)),
        (date(2027, 3, 28), datetime(2027, 3, 28, 22, tzinfo=UTC)),
    ],
)
async def test_the_last_day_ends_at_local_midnight(door: Door, last: date, instant: datetime) -> None:
    """A card may be sent until midnight in Poland, in summer and in winter time."""
    assert await door.look(lambda uow: rounds.end_of_day(uow, last)) == instant


async def test_a_card_may_be_sent_on_the_last_day_and_not_after(door: Door, clock: FixedClock) -> None:
    """At 23:59:59 of the last day the card still awaits; at midnight it is gone from the list."""
    network = await make(door)
    await door.act(lambda uow: invitations.accept(uow, network.tokens[JANOW[0], "head"], caller=1, language="pl"))
    person = await door.look(lambda uow: people.by_telegram(uow, 1))
    assert person is not None
    closes = await door.look(lambda uow: uow.execute(select(CARD_ROUND.c.closes_at)).scalar_one())
    clock.move(closes - clock.now() - timedelta(seconds=1))
    assert len(await door.look(lambda uow: rounds.matters(uow, person.id))) == 1
    clock.move(timedelta(seconds=1))
    assert await door.look(lambda uow: rounds.matters(uow, person.id)) == []


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        ({"closes_on": date(2026, 11, 21)}, Invalid),
        ({"closes_on": date(2027, 11, 22)}, Invalid),
        ({"period": "2026"}, Invalid),
        ({"period": "2026-H3"}, Invalid),
        ({"period": "2026-H2\n"}, Invalid),
        ({"period": "1999-H1"}, Invalid),
        ({"period": "2026-H2"}, Refused),
        ({}, Refused),
    ],
)
async def test_a_round_that_cannot_be_is_refused(door: Door, asked: dict[str, object], refusal: type[Exception]) -> None:
    """A last day in the past or too far, a half-year that is none or has a round already: a sentence, and nothing changed."""
    network = await make(door)
    before = await dump(door.store)
    with pytest.raises(refusal):
        await door.act(lambda uow: rounds.open_round(uow, OPERATOR, network.body, **asked))  # type: ignore[arg-type]
    assert await dump(door.store) == before


async def test_a_body_without_institutions_has_nobody_to_ask(door: Door) -> None:
    """Opening a round before the roster is imported says what to do first."""
    body = await door.act(lambda uow: bodies.create(uow, OPERATOR, slug="pusta", name="Pusta sieć"))
    with pytest.raises(Refused, match="Import its roster first"):
        await door.act(lambda uow: rounds.open_round(uow, OPERATOR, body))
    with pytest.raises(NotFound):
        await door.act(lambda uow: rounds.open_round(uow, OPERATOR, 4711))


async def test_the_roll_is_frozen_when_the_round_opens(door: Door) -> None:
    """Who had left before is not asked; who leaves afterwards stays on the roll, and their people are not asked any more."""
    network = await make(door)
    gone, leaving = network.memberships[JANOW[2]], network.memberships[JANOW[0]]
    await door.act(lambda uow: invitations.accept(uow, network.tokens[JANOW[0], "head"], caller=1, language="pl"))

    def leave(uow: UnitOfWork, membership: int) -> None:
        uow.execute(update(MEMBERSHIP).where(MEMBERSHIP.c.id == membership).values(left_on=uow.today))

    await door.act(lambda uow: leave(uow, gone))
    opened = await door.act(lambda uow: rounds.open_round(uow, OPERATOR, network.body, period="2027-H1"))
    assert opened.roll_size == 2
    roll = select(ROUND_ROLL.c.membership_id).where(ROUND_ROLL.c.round_id == opened.id)
    assert gone not in set(await door.look(lambda uow: uow.execute(roll).scalars().all()))
    await door.act(lambda uow: leave(uow, leaving))
    person = await door.look(lambda uow: people.by_telegram(uow, 1))
    assert person is not None
    assert await door.look(lambda uow: rounds.matters(uow, person.id)) == []
    found = await door.look(lambda uow: rounds.coverage(uow, OPERATOR, opened.id))
    assert found.watch.asked == 2


async def test_coverage_counts_what_was_sent(door: Door) -> None:
    """Received of asked, institution by institution, with the seat it came from and whether anybody can be reached at all."""
    network = await make(door)
    await make(door, slug="ilawa", names=ILAWA)
    await door.act(lambda uow: invitations.accept(uow, network.tokens[JANOW[1], "delegate"], caller=1, language="pl"))
    await door.act(lambda uow: invitations.accept(uow, network.tokens["", "coordinator"], caller=2, language="pl"))

    def send(uow: UnitOfWork) -> int:
        sender, coordinator = people.by_telegram(uow, 1), people.by_telegram(uow, 2)
        assert sender is not None
        assert coordinator is not None
        cards.submit(uow, round_id=network.round, membership=network.memberships[JANOW[1]], body=network.body, person=sender.id,
                     role="delegate", answers=ANSWERS)  # fmt: skip
        return coordinator.id

    kinga = await door.act(send)
    found = await door.look(lambda uow: rounds.coverage(uow, Actor(kinga), network.round))
    assert (found.watch.received, found.watch.asked) == (1, 3)
    assert [(row.institution, row.submitted_role, row.reachable) for row in found.rows] == [
        ("Biblioteka Modliborzyce", None, False), ("GOPS Modliborzyce", None, False), ("OPS Janów Lubelski", "delegate", True),
    ]  # fmt: skip
    assert [watch.round_id for watch in await door.look(lambda uow: rounds.watched(uow, kinga))] == [network.round]


async def test_two_people_opening_a_round_at_once_open_one(
    door: Door, database_url: str, clock: FixedClock, house: House
) -> None:
    """Two coordinators, two processes, the same half-year: one round, and the other reads that there is one already."""
    network = await make(door)
    store = open_store(database_url)
    second, barrier = Door(store, clock, house), asyncio.Barrier(2)

    async def begin(by: Door) -> object:
        await barrier.wait()
        return await by.act(lambda uow: rounds.open_round(uow, OPERATOR, network.body, period="2027-H1"))

    done = await asyncio.gather(begin(door), begin(second), return_exceptions=True)
    await store.close()
    assert sorted(type(one).__name__ for one in done) == ["Refused", "RoundOpened"]
