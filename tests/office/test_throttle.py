"""How often anybody may try something, on both engines: counted across restarts and processes, for a while, by a hash."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, select
from sqlalchemy.pool import StaticPool
from sqlmodel import SQLModel
from tests.conftest import NOW

from konwent_bot import i18n
from konwent_bot.clock import FixedClock
from konwent_bot.dialogue.loading import Shelf
from konwent_bot.errors import Refused
from konwent_bot.office import throttle
from konwent_bot.office.door import Door
from konwent_bot.office.unit import House, UnitOfWork
from konwent_bot.store.engines import open_store
from konwent_bot.store.tables import THROTTLE

HOUR = timedelta(hours=1)


async def tries(door: Door, times: int, who: str = "anna@gops.example", *, what: str = "link-to", most: int = 3) -> list[bool]:
    """Try several times, one after another."""
    return [await door.act(lambda uow: throttle.count(uow, what, who, most=most, within=HOUR)) for _ in range(times)]


async def test_tries_pass_up_to_the_limit_and_again_after_the_window(door: Door, clock: FixedClock) -> None:
    """Three requests an hour pass, the fourth does not; an hour after the first the count begins anew."""
    assert await tries(door, 2) == [True, True]
    clock.move(timedelta(minutes=59, seconds=59))
    assert await tries(door, 2) == [True, False]
    clock.move(timedelta(seconds=1))
    assert await tries(door, 4) == [True, True, True, False]


async def test_whoever_goes_on_trying_waits_no_longer(door: Door, clock: FixedClock) -> None:
    """Tries that were refused do not move the end of the window: an impatient person is not locked out for ever."""
    await tries(door, 3)
    for _ in range(6):
        clock.move(timedelta(minutes=9))
        assert await tries(door, 5) == [False] * 5
    clock.move(timedelta(minutes=6))
    assert await tries(door, 1) == [True]


async def test_a_restart_forgets_no_try(door: Door, database_url: str, clock: FixedClock, house: House) -> None:
    """Starting the program again gives nobody new tries; a second program on the same database counts along."""
    assert await tries(door, 2) == [True, True]
    await door.store.close()
    for _ in range(2):
        again = open_store(database_url)
        answers = await tries(Door(again, clock, house), 1)
        await again.close()
    assert answers == [False]


async def test_tries_at_once_are_all_counted(door: Door, database_url: str, clock: FixedClock, house: House) -> None:
    """Twenty requests at the same moment through two programs: exactly as many pass as may."""
    other = open_store(database_url)
    second = Door(other, clock, house)
    done = await asyncio.gather(
        *((second if n % 2 else door).act(lambda uow: throttle.count(uow, "x", "y", most=7, within=HOUR)) for n in range(20))
    )
    await other.close()
    assert sorted(done) == [False] * 13 + [True] * 7


async def test_everybody_is_counted_alone(door: Door) -> None:
    """One person's tries, and tries of another kind, take nothing from others."""
    await tries(door, 4)
    assert await tries(door, 1, "jan@gops.example") == [True]
    assert await tries(door, 1, what="link-from") == [True]
    assert await tries(door, 1) == [False]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Anna@GOPS.example", "anna@gops.EXAMPLE ", True),
        ("2001:db8:1:2::7", "2001:db8:1:2:ffff:ffff:ffff:ffff", True),
        ("2001:DB8:1:2::7", "2001:0db8:0001:0002:0000::1", True),
        ("2001:db8:1:2::7", "2001:db8:1:3::7", False),
        ("::ffff:192.0.2.7", "192.0.2.7", True),
        ("192.0.2.7", "192.0.2.8", False),
        ("::ffff:192.0.2.7", "::ffff:192.0.2.8", False),
        ("fe80::1%eth0", "fe80::2%eth1", True),
        ("", "192.0.2.7", False),
        ("anna@gops.example\udcff", "anna@gops.example", False),
    ],
)
async def test_who_tries_is_known_under_any_spelling(door: Door, one: str, other: str, same: bool) -> None:
    """Capital letters and another machine of the same site do not make somebody else; a neighbour is somebody else."""
    await tries(door, 1, one, most=1)
    assert await tries(door, 1, other, most=1) == [not same]


async def test_who_tried_cannot_be_read(door: Door) -> None:
    """The store keeps no address, neither of a letter nor of a browser."""
    await tries(door, 1)
    await tries(door, 1, "192.0.2.7")
    keys = await door.look(lambda uow: uow.execute(select(THROTTLE.c.key)).scalars().all())
    assert len(keys) == 2
    for key in keys:
        assert key.startswith("link-to:")
        assert len(key) == len("link-to:") + 64
        assert "anna" not in key
        assert "192.0" not in key


async def test_the_one_that_is_too_many_is_told_when_to_come_back(door: Door, clock: FixedClock) -> None:
    """The sentence names the hour in the local zone; whoever comes at that hour is let through."""
    clock.move(timedelta(seconds=1))

    def work(uow: UnitOfWork) -> None:
        throttle.limit(uow, "link-from", "192.0.2.7", most=1, within=HOUR)

    await door.act(work)
    clock.move(timedelta(minutes=20))
    with pytest.raises(throttle.TooOften) as caught:
        await door.act(work)
    assert isinstance(caught.value, Refused)
    assert caught.value.retry_after == 40 * 60
    said = i18n.Catalogues().translator("en").say(caught.value)
    assert said == "There were too many tries in a short time. You can try again at 11:01."
    clock.move(timedelta(minutes=39, seconds=58, microseconds=500_000))
    with pytest.raises(throttle.TooOften) as caught:
        await door.act(work)
    assert caught.value.retry_after == 2
    clock.move(timedelta(seconds=1, microseconds=500_000))
    await door.act(work)


async def test_a_refused_try_is_rolled_back_and_the_window_stays_full(door: Door, clock: FixedClock) -> None:
    """A refusal undoes what its unit of work did, the count too; that opens nothing before the window ends."""
    await tries(door, 3)
    for _ in range(3):
        with pytest.raises(throttle.TooOften):
            await door.act(lambda uow: throttle.limit(uow, "link-to", "anna@gops.example", most=3, within=HOUR))
    counted = await door.look(lambda uow: uow.execute(select(THROTTLE.c.tries)).scalar_one())
    assert counted == 3


async def test_a_clock_set_back_locks_nobody_out_for_days(door: Door, clock: FixedClock) -> None:
    """A window opened while the machine's clock was wrong does not last until that day comes; a slightly slow clock counts along."""
    clock.move(timedelta(days=3))
    assert await tries(door, 4) == [True, True, True, False]
    clock.move(timedelta(minutes=-10))
    assert await tries(door, 1) == [False]
    clock.move(-timedelta(days=3))
    assert await tries(door, 1) == [True]


async def test_a_window_longer_than_counts_are_kept_is_a_slip(door: Door) -> None:
    """Nobody can ask for a window that housekeeping would cut short without anybody noticing."""
    with pytest.raises(ValueError, match="a day at most"):
        await door.act(lambda uow: throttle.count(uow, "x", "y", most=1, within=timedelta(days=1, seconds=1)))


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["a", "b"]), st.integers(min_value=0, max_value=4_000).map(lambda s: timedelta(seconds=s))),
        max_size=40,
    ),
    most=st.integers(min_value=1, max_value=5),
)
def test_windows_hold_whatever_comes(shelf: Shelf, steps: list[tuple[str, timedelta]], most: int) -> None:
    """Whoever tries when: no window lets more pass than it may, no hour twice as many, and somebody who paused is always let through."""
    engine = create_engine("sqlite://", poolclass=StaticPool)
    SQLModel.metadata.create_all(engine, tables=[THROTTLE])
    house = House(flows=shelf, zone=ZoneInfo("Europe/Warsaw"))
    now, opened = NOW, dict.fromkeys("ab", NOW - timedelta(days=9))
    passed: dict[str, list[datetime]] = {"a": [], "b": []}
    with engine.connect() as connection:
        for who, pause in steps:
            now += pause
            if now - opened[who] >= HOUR:
                opened[who] = now
            before = [at for at in passed[who] if at >= opened[who]]
            allowed = throttle.count(UnitOfWork(connection, now, house), "x", who, most=most, within=HOUR)
            assert allowed == (len(before) < most)
            if allowed:
                passed[who].append(now)
            assert sum(1 for at in passed[who] if at > now - HOUR) <= 2 * most
    engine.dispose()
