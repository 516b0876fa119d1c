"""Any order of what anybody may try with minutes: what went out never changes, nothing is final over a remark, and all are told once."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.office.decisions.network import NAMES
from tests.office.minutes.answering import Answering, accepted, declined, gather, remarked

from konwent_bot.clock import FixedClock
from konwent_bot.errors import KonwentError
from konwent_bot.office import notices
from konwent_bot.office.door import Door
from konwent_bot.office.minutes import annexes, circulating, facts, notes, remarks, roll, versions
from konwent_bot.office.minutes.versions import Version
from konwent_bot.office.rights import Actor
from konwent_bot.office.subjects import Subject
from konwent_bot.office.unit import UnitOfWork

#: Whoever tries: who coordinates, who takes the minutes, members (two of GOPS), and somebody who is nobody here.
PERSONAS: Final = ("ewa", "maria", "GOPS", "GOPS 2", "Szkoła", "nobody")
INSTITUTIONS: Final = ("GOPS", "Szkoła", "Policja")
VERBS: Final = ("accept", "remark", "take back", "take up", "decline", "circulate", "write", "annex", "wait")


@dataclass
class Way:
    """The minutes of one meeting, and everything that was frozen of them so far."""

    net: Answering
    minutes: int
    frozen: dict[str, Any] = field(default_factory=dict)

    def actor(self, persona: str) -> Actor:
        """Give somebody as who acts."""
        named = {"ewa": self.net.ewa, "maria": self.net.maria, "nobody": Actor(10**6), "GOPS 2": self.net.delegates["GOPS"]}
        return named.get(persona) or self.net.heads[persona]

    async def attempt(self, verb: str, persona: str, number: int) -> None:
        """Let somebody try something, or time pass; what is refused is no matter."""
        if verb == "wait":
            self.net.wait(hours=number)
            await self.net.tick()
        else:
            with suppress(KonwentError):
                await self.net.act(lambda uow: self._do(uow, verb, self.actor(persona), number))
        await self.net.look(self.check)

    async def onward(self, number: int) -> None:
        """Let what leads on happen: the draft goes out, all who are silent accept (or one has a remark), remarks are settled."""
        found = await self.net.minutes(self.minutes)
        if found.state == "draft":
            await self.attempt("circulate", "ewa", 0)
            return
        if found.state == "final":
            await self.attempt("annex", "ewa", number)
            return
        for place in (await self.net.roll(found, found.version)).silent:
            if place.name == "Policja" and number % 2:
                await self.net.remark(found, place.name)
            else:
                await self.net.accept(found, place.name, version=found.version)
        for one in (await self.net.roll(found, found.version)).open:
            await (self.net.take_up(one.id) if number % 4 == 1 else self.net.decline(one.id))
        await self.attempt("circulate", "ewa", 0)

    def _do(self, uow: UnitOfWork, verb: str, actor: Actor, number: int) -> None:
        name, minutes = INSTITUTIONS[number % 3], self.minutes
        found = facts.get(uow, minutes)
        there = roll.of(uow, minutes, found.version).remarks
        remark = there[number % len(there)].id if there else 0
        about = Subject("-", self.net.body, minutes=minutes, item=0)
        ways: dict[str, Callable[[], object]] = {
            "accept": lambda: accepted(uow, self.net, minutes, name, by=actor, version=found.version - number % 2),
            "remark": lambda: remarked(uow, self.net, minutes, name, by=actor),
            "take back": lambda: remarks.take_back(uow, actor, remark),
            "take up": lambda: remarks.accept(uow, actor, remark),
            "decline": lambda: declined(uow, self.net, remark, by=actor),
            "circulate": lambda: circulating.circulate(uow, actor, minutes, found.edition),
            "write": lambda: notes.write(uow, actor, about, notes.Written(text=f"Zapis {number}")),
            "annex": lambda: annexes.annex(uow, actor, about, annexes.Annexed(text=f"Sprostowanie {number}")),
        }
        ways[verb]()

    def check(self, uow: UnitOfWork) -> None:
        """Hold everything that stands against what must be true whatever was tried."""
        minutes = facts.get(uow, self.minutes)
        sent = versions.of(uow, minutes.id)
        kinds = [one.kind for one in sent]
        assert [one.version for one in sent] == list(range(1, len(sent) + 1))
        assert kinds == sorted(kinds, key=("circulated", "final", "annex").index)
        assert kinds.count("final") == (minutes.state == "final")
        assert (minutes.state == "draft") == (not sent)
        for one in sent:
            self._check_version(uow, one, answered=minutes.version == one.version)
        if minutes.state == "final":
            last = roll.of(uow, minutes.id, minutes.version - 1)
            assert (last.silent, last.open, last.taken) == ((), (), ())
        frozen = {f"version {one.version}": (one.text, one.code, one.pdf_sha256, one.created_at) for one in sent}
        assert self.frozen.items() <= frozen.items()
        self.frozen = frozen

    def _check_version(self, uow: UnitOfWork, version: Version, *, answered: bool) -> None:
        found = roll.of(uow, version.minutes, version.version)
        assert {one.name for one in found.places} == (set(NAMES) if version.kind == "circulated" else set())
        for place in found.places:
            theirs = found.remarks_of(place.membership)
            assert len(theirs) <= remarks.MOST
            assert place.answer == "remarks" or not any(one.state == "open" for one in theirs)
            assert theirs or place.answer != "remarks"
        assert answered or not found.open
        told = [
            one.recipient
            for one in notices.of_subject(uow, f"minutes:{version.minutes}")
            if one.occasion == f"minutes.{version.kind}" and one.revision == version.version
        ]
        assert len(told) == len(set(told)) == len(NAMES) + (1 if version.kind == "circulated" else 2)


@pytest.fixture
async def net(door: Door, clock: FixedClock) -> Answering:
    """Ten institutions, nine of them at a meeting."""
    return await gather(door, clock)


TRIES: Final = st.lists(
    st.integers(0, 99) | st.tuples(st.sampled_from(VERBS), st.sampled_from(PERSONAS), st.integers(0, 99)), min_size=4, max_size=14
)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tries=TRIES)
async def test_no_order_makes_final_what_somebody_objects_to(net: Answering, tries: list[tuple[str, str, int] | int]) -> None:
    """Whoever tries what, in whatever order, with time passing: final is only what nobody has an open or accepted remark about."""
    begins = net.clock.now() + timedelta(days=1)
    await net.meet(begins)
    await net.come(NAMES[:7])
    way = Way(net, (await net.closed()).id)
    for one in tries:
        if isinstance(one, int):
            await way.onward(one)
        else:
            await way.attempt(*one)
