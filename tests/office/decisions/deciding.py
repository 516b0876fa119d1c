"""The network at its ballots: somebody has objected, a ballot is opened, everybody votes, it is closed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from tests.office.decisions import network
from tests.office.decisions.network import NAMES, Network, chosen

from konwent_bot.clock import FixedClock
from konwent_bot.office.decisions import ballot_opening, ballots, closing, papers, rules, votes
from konwent_bot.office.decisions.ballots import Ballot
from konwent_bot.office.door import Door
from konwent_bot.office.rights import Actor


class Deciding(Network):
    """The network, and what it does with a proposal somebody objected to."""

    async def opened(self, method: str = "open", *, proposal: int | None = None, **given: Any) -> Ballot:
        """Open a ballot on a proposal to which somebody objected."""
        number = proposal if proposal is not None else await self.objected()
        return await self.act(lambda uow: ballot_opening.open_ballot(uow, self.ewa, number, method, **given))

    async def rule(self, **said: Any) -> None:
        """Let the body agree to decide by a rule from now on, unless it does already."""
        if await self.look(lambda uow: rules.of(uow, self.body)) != chosen(**said).rule:
            await self.adopt(await self.choose_rule(**said))

    async def vote(self, ballot: Ballot, name: str, choice: str, *, by: Actor | None = None) -> None:
        """Let an institution vote, by its head unless somebody else is named."""
        actor, whose = by or self.heads[name], self.memberships[name]
        cast = papers.cast_secret if ballot.secret else votes.cast
        await self.act(lambda uow: cast(uow, actor, ballot.id, whose, choice) and None)

    async def vote_all(self, ballot: Ballot, choices: Iterable[str]) -> None:
        """Let the institutions vote one after another: the first says the first, and so on."""
        for name, choice in zip(NAMES, choices, strict=False):
            await self.vote(ballot, name, choice)

    async def close(self, ballot: Ballot, *, by: Actor | None = None) -> Ballot:
        """Close a ballot."""
        return await self.act(lambda uow: closing.close(uow, by or self.ewa, ballot.id))

    async def ended(self, ballot: Ballot) -> Ballot:
        """Let a ballot's deadline come, and the clock with it."""
        self.at(ballot.closes_at)
        await self.tick()
        return await self.look(lambda uow: ballots.get(uow, ballot.id))


async def gather(door: Door, clock: FixedClock, *, meets: bool = True, present: Collection[str] = NAMES) -> Deciding:
    """Give the network, at a meeting under way or not."""
    return await network.gather(Deciding, door, clock, meets=meets, present=present)
