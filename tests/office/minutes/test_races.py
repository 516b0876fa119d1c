"""Several programs on one database at the same moment: minutes are made final once, and an answer counts or is refused, nothing between."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from tests.office.decisions.network import NAMES
from tests.office.decisions.racing import Racers
from tests.office.decisions.test_races import do
from tests.office.minutes.answering import Answering, gather

from konwent_bot.clock import FixedClock
from konwent_bot.office.door import Door


@pytest.fixture(scope="module")
def racers() -> Iterator[Racers]:
    """Two programs."""
    with Racers(2) as running:
        yield running


@pytest.fixture
async def net(door: Door, clock: FixedClock) -> Answering:
    """Ten institutions, nine of them at a meeting."""
    return await gather(door, clock)


async def test_two_clocks_at_the_deadline_make_one_final_version(net: Answering, database_url: str, racers: Racers) -> None:
    """Each ticks three times at the moment the time for answers is over: one final version, one notice to each."""
    minutes = await net.sent()
    net.till_deadline(minutes)
    ended = await racers.run(database_url, [[do(net.clock.now(), net.ewa, "tick")] * 3] * 2)
    assert set(ended) == {"done"}
    assert [one.kind for one in await net.versions(minutes)] == ["circulated", "final"]
    assert len(await net.told("minutes.final")) == len(NAMES) + 2
    assert len((await net.roll(minutes, 1)).deemed) == len(NAMES)


async def test_the_last_answers_make_one_final_version(net: Answering, database_url: str, racers: Racers) -> None:
    """Heads in one program, designated persons in another accept for ten institutions at once: each stands once, and so does the end."""
    minutes = await net.sent()
    people = (net.heads, net.delegates)
    each = [
        [do(net.clock.now(), theirs[name], "accept", minutes.id, 1, net.memberships[name]) for name in NAMES] for theirs in people
    ]
    assert set(await racers.run(database_url, each)) == {"done"}
    assert set((await net.said(minutes, 1)).values()) == {"accepted"}
    assert [one.kind for one in await net.versions(minutes)] == ["circulated", "final"]
    assert len(await net.told("minutes.final")) == len(NAMES) + 2


async def test_an_answer_and_the_deadline_at_once(net: Answering, database_url: str, racers: Racers) -> None:
    """An acceptance that comes a second before the deadline meets the clock of another program: it stands, or silence does."""
    minutes = await net.sent()
    assert minutes.answer_until is not None
    in_time = minutes.answer_until - timedelta(seconds=1)
    answer = do(in_time, net.heads["GOPS"], "accept", minutes.id, 1, net.memberships["GOPS"])
    ended = await racers.run(database_url, [[answer], [do(minutes.answer_until, net.ewa, "tick")]])
    assert ended[0] in ("done", "Refused")
    assert ended[1] == "done"
    assert (await net.over(minutes)).state == "final"  # a clock passes over what somebody is at, and comes again
    assert (await net.said(minutes, 1))["GOPS"] == ("accepted" if ended[0] == "done" else "deemed")
