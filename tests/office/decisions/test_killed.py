"""A program killed in the middle of a secret ballot, or of its close: no paper without its turnout, none lost, none twice, one result."""

from __future__ import annotations

import contextlib
import random
from collections import Counter
from typing import Final

from sqlalchemy import select
from tests.office.decisions.deciding import Deciding, gather
from tests.office.decisions.network import NAMES
from tests.office.decisions.racing import Do, Racers
from tests.office.decisions.test_races import do

from konwent_bot.clock import FixedClock
from konwent_bot.errors import Refused
from konwent_bot.office.decisions import ballots
from konwent_bot.office.decisions.ballots import Ballot
from konwent_bot.office.door import Door
from konwent_bot.store.tables import DECISION, PAPER, TURNOUT

#: What each institution votes: six for, four against.
CHOICES: Final = dict(zip(NAMES, ["for", "against"] * 4 + ["for", "for"], strict=True))
KILLS: Final = 4


async def _stored(made: Deciding, ballot: Ballot) -> tuple[Counter[str], set[int]]:
    """Give what was voted and who has voted, as stored."""
    choices = await made.look(
        lambda uow: uow.execute(select(PAPER.c.choice).where(PAPER.c.ballot_id == ballot.id)).scalars().all()
    )
    who = select(TURNOUT.c.membership_id).where(TURNOUT.c.ballot_id == ballot.id)
    return Counter(choices), set(await made.look(lambda uow: uow.execute(who).scalars().all()))


def _things(made: Deciding, ballot: Ballot) -> list[Do]:
    """Write down every paper, and the close."""
    papers = [
        do(made.clock.now(), made.heads[name], "paper", ballot.id, made.memberships[name], choice)
        for name, choice in CHOICES.items()
    ]
    return [*papers, *(do(made.clock.now(), made.ewa, "close", ballot.id) for _ in range(3))]


async def test_a_killed_program_leaves_every_paper_whole(
    door: Door, clock: FixedClock, database_url: str, engine_name: str
) -> None:
    """Whatever moment it was: as many papers as institutions that voted. Then the rest vote, it is closed, and the numbers are right."""
    made = await gather(door, clock)
    chance = random.Random(5)
    met: set[str] = set()
    with Racers(1) as whole:
        ballot = await made.opened("secret")
        things = _things(made, ballot)
        assert await whole.run(database_url, [things]) == ["done"] * len(things)
        assert await _carried_on(made, ballot) == "closed"
    with Racers(KILLS) as programs:
        for _ in range(KILLS):
            ballot = await made.opened("secret")
            await programs.cut_off(database_url, _things(made, ballot), chance.uniform(0.1, 1.0) * whole.took)
            met.add(await _carried_on(made, ballot))
    assert met != {"none"}, "every program was killed before it had done anything: the moments are chosen badly"


async def _carried_on(made: Deciding, ballot: Ballot) -> str:
    """See that nothing is half done, carry the ballot to its end, and see the numbers; say how far the program had come."""
    choices, voted = await _stored(made, ballot)
    assert choices.total() == len(voted), "a paper without its turnout, or the other way round"
    assert choices <= Counter(CHOICES.values())
    left = await made.look(lambda uow: ballots.get(uow, ballot.id))
    came = "closed" if left.result is not None else "all" if len(voted) == len(NAMES) else "some" if voted else "none"
    if left.result is None:
        for name, choice in CHOICES.items():
            with contextlib.suppress(Refused):  # who has voted has voted
                await made.vote(ballot, name, choice)
        left = await made.ended(ballot)
        choices, voted = await _stored(made, ballot)
        assert choices == Counter(CHOICES.values())
    assert left.result is not None
    assert (left.result.counts.in_favour, left.result.counts.against) == (choices["for"], choices["against"])
    assert len(voted) == choices.total()
    decided = select(DECISION.c.id).where(DECISION.c.ballot_id == ballot.id)
    assert len(await made.look(lambda uow: uow.execute(decided).all())) == 1
    return came
