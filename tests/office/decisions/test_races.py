"""Several programs on one database at the same moment: no vote twice, none after the close, nothing opened or numbered twice."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text
from tests.office.decisions.deciding import Deciding, gather
from tests.office.decisions.network import NAMES, entered, objected
from tests.office.decisions.racing import Do, Racers

from konwent_bot.clock import FixedClock
from konwent_bot.office.decisions import ballot_opening, ballots, facts
from konwent_bot.office.decisions.ballots import Ballot
from konwent_bot.office.door import Door
from konwent_bot.office.rights import Actor
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import BALLOT, DECISION, PAPER, TURNOUT, VOTE

CHOICES = ("for", "against", "abstain")


@pytest.fixture(scope="module")
def racers() -> Iterator[Racers]:
    """Four programs."""
    with Racers() as running:
        yield running


def do(when: datetime, who: Actor, act: str, *given: object, update: int | None = None) -> Do:
    """Write down one thing to be done."""
    return [when.isoformat(), update, who.person, act, *given]


def dealt(things: list[Do], programs: int = 4) -> list[list[Do]]:
    """Deal things out to programs, in an order of chance."""
    random.Random(1).shuffle(things)
    return [things[number::programs] for number in range(programs)]


async def votes_of(made: Deciding, ballot: Ballot) -> list[tuple[int, str, int]]:
    """Give the votes as stored: institution, choice, rank."""
    found = select(VOTE.c.membership_id, VOTE.c.choice, VOTE.c.rank).where(VOTE.c.ballot_id == ballot.id)
    return [tuple(row) for row in await made.door.look(lambda uow: uow.execute(found).all())]


def require_one_each(found: list[tuple[int, str, int]], institutions: int) -> None:
    """Fail unless each institution has one vote."""
    twice = [whose for whose, number in Counter(whose for whose, *_ in found).items() if number > 1]
    assert not twice, f"institutions that voted more than once: {twice}"
    assert len(found) == institutions


def hundred_votes(made: Deciding, ballot: Ballot) -> list[list[Do]]:
    """Give each of ten institutions ten votes, dealt out to four programs."""
    return dealt(
        [
            do(made.clock.now(), made.heads[name], "vote", ballot.id, made.memberships[name], CHOICES[number % 3])
            for name in NAMES
            for number in range(10)
        ]
    )


async def test_a_hundred_votes_of_ten_institutions(door: Door, clock: FixedClock, database_url: str, racers: Racers) -> None:
    """All are taken, and one of each institution stands."""
    made = await gather(door, clock)
    ballot = await made.opened()
    ended = await racers.run(database_url, hundred_votes(made, ballot))
    assert Counter(ended) == {"done": 100}
    require_one_each(await votes_of(made, ballot), 10)
    done = await made.ended(ballot)
    assert done.result is not None
    assert done.result.counts.cast == 10


async def test_without_the_key_the_race_finds_double_votes(
    door: Door, clock: FixedClock, database_url: str, racers: Racers, engine_name: str
) -> None:
    """The test above would see it: with the key dropped, and nothing for the upsert to hold on to, institutions vote more than once."""
    made = await gather(door, clock)
    ballot = await made.opened()
    for statement in (
        ["alter table vote drop constraint pk_vote"]
        if engine_name == "postgresql"
        else ["create table loose as select * from vote", "drop table vote", "alter table loose rename to vote"]
    ):
        await door.act(lambda uow, s=statement: uow.connection.execute(text(s)) and None)  # type: ignore[misc]  # mypy sees no default
    await racers.run(database_url, hundred_votes(made, ballot), without_key=True)
    with pytest.raises(AssertionError, match="voted more than once"):
        require_one_each(await votes_of(made, ballot), 10)


async def test_two_representatives_at_once(door: Door, clock: FixedClock, database_url: str, racers: Racers) -> None:
    """Head and designated person vote at the same moment, again and again: the head's vote stands, in whatever order they came."""
    made = await gather(door, clock)
    ballot = await made.opened()
    now = clock.now()
    things = [do(now, made.heads[name], "vote", ballot.id, made.memberships[name], "for") for name in NAMES for _ in range(3)]
    things += [
        do(now, made.delegates[name], "vote", ballot.id, made.memberships[name], "against") for name in NAMES for _ in range(3)
    ]
    ended = await racers.run(database_url, dealt(things))
    assert ended.count("done") >= 30
    assert set(ended) <= {"done", "Refused"}
    assert sorted(await votes_of(made, ballot)) == sorted((made.memberships[name], "for", 0) for name in NAMES)


async def test_a_hundred_papers_of_ten_institutions(door: Door, clock: FixedClock, database_url: str, racers: Racers) -> None:
    """Ten are taken, ninety refused, and as many papers as institutions are there, whoever of theirs came first."""
    made = await gather(door, clock)
    ballot = await made.opened("secret")
    things = [
        do(clock.now(), people[name], "paper", ballot.id, made.memberships[name], CHOICES[number % 3])
        for name in NAMES
        for people in (made.heads, made.delegates)
        for number in range(5)
    ]
    ended = await racers.run(database_url, dealt(things))
    assert Counter(ended) == {"done": 10, "Refused": 90}
    stored = await door.look(lambda uow: (len(uow.execute(select(TURNOUT)).all()), len(uow.execute(select(PAPER)).all())))
    assert stored == (10, 10)


@pytest.mark.parametrize("many", [12, pytest.param(50, marks=pytest.mark.soak)])
async def test_votes_against_the_close(door: Door, clock: FixedClock, database_url: str, racers: Racers, many: int) -> None:
    """A dozen ballots, each closed by two programs while two others vote in it: what was taken is counted, what was not is refused.

    Whoever votes believes that there is time, whoever closes that there is none. Each ballot is closed once, and the decisions of the
    body are numbered without a gap.
    """
    made = await gather(door, clock)

    def prepare(uow: UnitOfWork) -> list[int]:
        first = entered(uow, made, made.ewa, None, title="Wniosek 0")
        point = (str(facts.get(uow, first).item),)  # all at one: no agenda takes fifty
        others = [entered(uow, made, made.ewa, None, title=f"Wniosek {number}", item=point) for number in range(1, many)]
        proposals = [objected(uow, made, proposal) for proposal in (first, *others)]
        return [ballot_opening.open_ballot(uow, made.ewa, proposal, "open").id for proposal in proposals]

    numbers = await door.act(prepare)
    before, after = clock.now(), clock.now() + timedelta(minutes=10)

    def vote(name: str, number: int) -> Do:
        return do(before, made.heads[name], "vote", number, made.memberships[name], "for")

    def close(number: int) -> Do:
        return do(after, made.ewa, "close", number)

    each = [[vote(name, number) for number in numbers for name in names] for names in (NAMES[:1], NAMES[1:2])]
    for first, second in (
        (NAMES[6], NAMES[7]),
        (NAMES[8], NAMES[9]),
    ):  # so that some come before and some after, however they mix
        each.append([thing for number in numbers for thing in (vote(first, number), close(number), vote(second, number))])
    ended = list(zip([thing for program in each for thing in program], await racers.run(database_url, each), strict=True))
    assert {end for thing, end in ended if thing[3] == "close"} == {"done"}
    assert {end for thing, end in ended if thing[3] == "vote"} == {"done", "Refused"}
    taken = Counter(thing[4] for thing, end in ended if (thing[3], end) == ("vote", "done"))
    closed = await door.look(lambda uow: {number: ballots.get(uow, number) for number in numbers})
    stored = Counter(await door.look(lambda uow: list(uow.execute(select(VOTE.c.ballot_id)).scalars())))
    for number, ballot in closed.items():
        assert ballot.result is not None
        assert ballot.result.counts.cast == taken[number] == stored[number], number
    numbered = await door.look(lambda uow: sorted(uow.execute(select(DECISION.c.number)).scalars()))
    assert numbered == list(range(1, many + 1))


async def test_opening_against_settings_and_itself(door: Door, clock: FixedClock, database_url: str, racers: Racers) -> None:
    """Four programs open a ballot on one proposal while its body's minutes change: one is opened, with the minutes of one moment."""
    made = await gather(door, clock)
    proposals = [await made.objected(f"Wniosek {number}") for number in range(5)]
    now = clock.now()
    things = [
        do(now, made.ewa, "open", proposal, method) for proposal in proposals for method in ("open", "secret", "open", "secret")
    ]
    things += [do(now, made.ewa, "minutes", made.body, minutes) for minutes in ("25", "10") * 5]
    ended = await racers.run(database_url, dealt(things))
    assert Counter(ended) == {"done": 5 + 10, "Refused": 15}
    rows = await door.look(lambda uow: uow.execute(select(BALLOT)).all())
    assert sorted(row.proposal_id for row in rows) == sorted(proposals)
    assert {row.closes_at - row.opened_at for row in rows} <= {timedelta(minutes=10), timedelta(minutes=25)}


async def test_votes_against_becoming_secret(door: Door, clock: FixedClock, database_url: str, racers: Racers) -> None:
    """An open ballot turns secret only before any vote: of each, either the votes stand and it is open, or it is secret without one."""
    made = await gather(door, clock)
    opened = [await made.opened() for _ in range(12)]
    now = clock.now()
    each: list[list[Do]] = [[], [], [], []]
    for place, ballot in enumerate(opened):
        each[place % 4].append(do(now, made.ewa, "tighten", ballot.id))
        for program, name in ((1, NAMES[0]), (2, NAMES[1])):
            each[(place + program) % 4].append(do(now, made.heads[name], "vote", ballot.id, made.memberships[name], "for"))
    ended = await racers.run(database_url, each)
    assert set(ended) <= {"done", "Refused"}
    for ballot in opened:
        stands = await door.look(lambda uow, b=ballot: ballots.get(uow, b.id))  # type: ignore[misc]  # mypy sees no default
        assert stands.secret == (not await votes_of(made, ballot))


async def test_a_tap_that_is_delivered_twice(door: Door, clock: FixedClock, database_url: str, racers: Racers) -> None:
    """Telegram delivers each update to four programs, also late ones of a ballot that is over: each is handled once, none counts late."""
    made = await gather(door, clock)
    ballot = await made.opened("secret")
    things = [
        do(when, made.heads[name], "paper", ballot.id, made.memberships[name], "for", update=number + late * 100)
        for late, when in enumerate((clock.now(), ballot.closes_at))
        for number, name in enumerate(NAMES)
        for _ in range(4)
    ]
    ended = await racers.run(database_url, dealt(things))
    # whoever refuses an update inside a real conversation says so on a screen; here the refusal is given back, so it may be tried again
    assert ended.count("done") == 10
    assert set(ended) == {"done", "repeated", "Refused"}
    done = await made.ended(ballot)
    assert done.result is not None
    assert (done.result.counts.in_favour, done.result.counts.cast) == (10, 10)
