"""Any order of what anybody may try on the way to a decision: no ballot without a recorded objection, and nothing frozen ever changes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.office.decisions.consenting import Consenting, gather
from tests.office.decisions.network import TITLE

from konwent_bot.clock import FixedClock
from konwent_bot.domain.decisions.consensus import STANCES, StanceWord
from konwent_bot.errors import KonwentError
from konwent_bot.office.decisions import (
    ballot_opening,
    ballots,
    changing,
    closing,
    consensus,
    discussion,
    facts,
    proposals,
    register,
    rounds,
    votes,
)
from konwent_bot.office.door import Door
from konwent_bot.office.meetings import facts as meetings
from konwent_bot.office.rights import Actor
from konwent_bot.office.subjects import Subject
from konwent_bot.office.unit import UnitOfWork

#: Whoever tries: who coordinates, members (two of the library), and somebody who is nobody here.
PERSONAS: Final = ("ewa", "GOPS", "Biblioteka", "Biblioteka 2", "Parafia", "nobody")
INSTITUTIONS: Final = ("GOPS", "Biblioteka", "Parafia")
CHOICES: Final = ("for", "against", "abstain")
VERBS: Final = (
    "comment", "discussed", "reopen", "amend", "withdraw", "postpone", "open", "say", "note", "call", "close", "ballot", "vote", "count",
)  # fmt: skip
#: What leads on from where a proposal stands is tried as often as all the rest, by who may: else hardly anything would ever be decided.
ONWARD: Final = {"discussion": "discussed", "discussed": "open", "objected": "ballot", "undecided": "reopen"}


@dataclass
class Way:
    """One proposal, and everything that was frozen about it so far."""

    net: Consenting
    proposal: int
    frozen: dict[str, Any] = field(default_factory=dict)

    def actor(self, persona: str) -> Actor:
        """Give somebody as who acts."""
        if persona == "ewa":
            return self.net.ewa
        if persona == "nobody":
            return Actor(10**6)
        people = self.net.delegates if persona.endswith("2") else self.net.heads
        return people[persona.removesuffix(" 2")]

    async def attempt(self, verb: str, persona: str, number: int) -> None:
        """Let somebody try something; what is refused is no matter."""
        actor = self.actor(persona)
        with suppress(KonwentError):
            await self.net.act(lambda uow: self._do(uow, verb, actor, number))
        await self.net.look(self.check)

    async def onward(self, number: int) -> None:
        """Let whoever may do what comes next; of a round that is open an odd number makes an objection, of a ballot it says who votes what."""
        found = await self.net.proposal(self.proposal)
        if found.state == "consensus":
            if number % 2:
                await self.attempt("say", "Biblioteka", 7)  # the library objects
            await self.attempt("call", "ewa", 0)
            await self.attempt("close", "ewa", 0)
        elif found.state == "ballot":
            for place, (name, whose) in enumerate(self.net.memberships.items()):
                await self.net.act(partial(self._vote, name, whose, CHOICES[(number + place) % 3 if number % 5 else number % 3]))
            await self.attempt("count", "ewa", 0)
        elif found.state in ONWARD:
            await self.attempt(ONWARD[found.state], "ewa", 0)

    def _vote(self, name: str, whose: int, choice: str, uow: UnitOfWork) -> None:
        ballot = ballots.current(uow, self.proposal)
        assert ballot is not None
        votes.cast(uow, self.net.heads[name], ballot.id, whose, choice)

    def _do(self, uow: UnitOfWork, verb: str, actor: Actor, number: int) -> None:
        body, proposal = self.net.body, self.proposal
        whose = self.net.memberships[INSTITUTIONS[number % 3]]
        asked, voted = rounds.current(uow, proposal), ballots.current(uow, proposal)
        consensus_id, ballot = (asked.id if asked else 0), (voted.id if voted else 0)
        about = Subject("-", body, proposal=proposal, consensus=consensus_id, membership=whose)
        stance = STANCES[number % 4]
        words = changing.Amended(title=TITLE, text=f"Treść {number}", reason="x")
        ways: dict[str, Callable[[], object]] = {
            "comment": lambda: discussion.comment(uow, actor, about, discussion.Comment(text="Tak")),
            "discussed": lambda: discussion.close(uow, actor, proposal),
            "reopen": lambda: discussion.reopen(uow, actor, proposal),
            "amend": lambda: changing.amend(uow, actor, about, words),
            "withdraw": lambda: changing.withdraw(uow, actor, proposal) if number > 90 else None,
            "postpone": lambda: changing.postpone(uow, actor, proposal),
            "open": lambda: consensus.open_round(uow, actor, proposal),
            "note": lambda: consensus.note(uow, actor, consensus_id, whose, stance, "Bo tak", "Inaczej"),
            "call": lambda: consensus.call(uow, actor, consensus_id),
            "close": lambda: consensus.close(uow, actor, consensus_id),
            "ballot": lambda: ballot_opening.open_ballot(uow, actor, proposal, "open"),
            "vote": lambda: votes.cast(uow, actor, ballot, whose, CHOICES[number % 3]),
            "count": lambda: closing.by_deadline(uow, ballot) if number % 2 else closing.close(uow, actor, ballot),
            "say": lambda: _say(uow, actor, about, stance),
        }
        ways[verb]()

    def check(self, uow: UnitOfWork) -> None:
        """Hold everything that stands against what must be true whatever was tried."""
        found = facts.get(uow, self.proposal)
        all_rounds, all_ballots = rounds.of(uow, found.id), ballots.of(uow, found.id)
        entries = register.of_proposal(uow, found.id)
        objected = {(one.id, one.version) for one in all_rounds if one.outcome == "objected"}
        assert {(one.round, one.proposal.version) for one in all_ballots} <= objected
        assert found.state != "ballot" or any(one.open for one in all_ballots)
        assert (found.state == "consensus") == any(one.open for one in all_rounds)
        assert (found.state == "discussion") <= (found.discussed_at is None)
        assert (found.state == "adopted") == any(one.verdict == "passed" for one in entries)
        assert [one.number for one in all_rounds] == list(range(1, len(all_rounds) + 1))
        for asked in all_rounds:
            assert asked.stances.taken <= len(asked.places) <= asked.entitled
            assert asked.outcome != "adopted" or not asked.objections
        for ballot in all_ballots:
            assert ballot.result is None or ballot.result.counts.cast <= ballot.present
        frozen: dict[str, Any] = {f"round {one.id}": one for one in all_rounds if not one.open}
        frozen |= {f"ballot {one.id}": (one.verdict, one.result, one.closed_at) for one in all_ballots if not one.open}
        frozen |= {f"decision {one.id}": (one.name, one.verdict, one.text, one.taken_at) for one in entries}
        assert self.frozen.items() <= frozen.items()
        self.frozen = frozen


def _say(uow: UnitOfWork, actor: Actor, about: Subject, stance: StanceWord) -> object:
    match stance:
        case "object":
            return consensus.object_(uow, actor, about, consensus.Objection(reason="Bo tak", remedy="Inaczej"))
        case "reserve":
            return consensus.reserve(uow, actor, about, consensus.Reservation(reason="Bo tak"))
        case _:
            return consensus.take(uow, actor, about.consensus or 0, about.membership or 0, stance)


@pytest.fixture
async def net(door: Door, clock: FixedClock) -> Consenting:
    """Ten institutions at a meeting."""
    return await gather(door, clock)


TRIES: Final = st.lists(
    st.integers(0, 99) | st.tuples(st.sampled_from(VERBS), st.sampled_from(PERSONAS), st.integers(0, 99)), min_size=6, max_size=24
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tries=TRIES)
async def test_no_order_leads_to_a_ballot_without_an_objection(net: Consenting, tries: list[tuple[str, str, int] | int]) -> None:
    """Whoever tries what, in whatever order: discussion, then consensus, and only after an objection to this text a ballot."""
    matters = await net.look(lambda uow: proposals.items(uow, meetings.get(uow, net.meeting or 0)))
    way = Way(net, await net.enter(post=True, item=[str(number) for number, _ in matters[:1]]))
    for one in tries:
        if isinstance(one, int):
            await way.onward(one)
        else:
            await way.attempt(*one)


async def test_two_of_an_institution_at_once_are_one_stance(net: Consenting) -> None:
    """Head and second person of five institutions press at the same moment: one stance each, and it is the head's."""
    round_ = await net.asked()
    names = ("GOPS", "Biblioteka", "Parafia", "Policja", "PCPR")

    async def press(name: str, stance: str, actor: Actor) -> str:
        try:
            await net.take(round_, name, stance, by=actor)
        except KonwentError as refused:
            return type(refused).__name__
        return "done"

    presses = [
        press(name, stance, people[name])
        for name in names
        for stance, people in (("agree", net.delegates), ("object", net.heads))
    ]
    ended = await asyncio.gather(*presses)
    assert set(ended[1::2]) == {"done"}
    assert set(ended[::2]) <= {"done", "Refused"}
    found = await net.round(round_.id)
    assert sorted(one.name for one in found.objections) == sorted(names)
    assert found.stances.taken == len(names)


async def test_a_stance_and_the_close_at_once(net: Consenting) -> None:
    """An objection comes at the moment of the close: it either counts, or is refused; what was counted is what stands."""
    round_ = await net.asked()
    await net.call(round_)

    async def object_() -> str:
        try:
            await net.take(round_, "Parafia", "object")
        except KonwentError:
            return "refused"
        return "done"

    said, _ = await asyncio.gather(object_(), net.close(round_))
    done = await net.round(round_.id)
    assert done.outcome == ("objected" if said == "done" else "adopted")
    assert done.result is not None
    assert done.result.stances == done.stances


async def test_an_amendment_and_a_new_round_at_once(net: Consenting) -> None:
    """The text is amended at the moment the round is opened: no round asks about a text that is not the present one and stays open."""
    proposal = await net.discussed()

    async def ask() -> None:
        with suppress(KonwentError):
            await net.open(proposal)

    await asyncio.gather(ask(), net.amend(proposal, "Co innego."))
    found = await net.proposal(proposal)
    asked = await net.look(lambda uow: rounds.of(uow, proposal))
    assert (found.state, found.version) == ("discussion", 2)
    assert [one.outcome for one in asked] in ([], ["called_off"])
