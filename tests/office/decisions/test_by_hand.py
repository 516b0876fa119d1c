"""A show of hands: noted by whoever leads, through the same rules as any other ballot."""

from __future__ import annotations

from typing import Any, Final

import pytest
from tests.office.decisions.deciding import Deciding, gather
from tests.office.decisions.network import NAMES
from tests.office.rosters import dump

from konwent_bot.clock import FixedClock
from konwent_bot.errors import Invalid, NotFound, Refused
from konwent_bot.office.decisions import ballots, by_hand, register, votes
from konwent_bot.office.decisions.ballots import Ballot
from konwent_bot.office.decisions.by_hand import ByInstitution, ByTotals
from konwent_bot.office.door import Door
from konwent_bot.office.rights import OPERATOR, Actor

PASSED: Final = ByTotals(5, 3, 1)


async def noted(made: Deciding, hands: Any, *, proposal: int | None = None, by: Actor | None = None, chair: Any = "") -> Ballot:
    """Note a show of hands on a proposal to which somebody objected."""
    number = proposal if proposal is not None else await made.objected()
    return await made.door.act(lambda uow: by_hand.note(uow, by or made.ewa, number, hands, chair=chair))


async def test_totals_are_noted(door: Door, clock: FixedClock) -> None:
    """Five for, three against, one abstained: adopted, and it stands who entered it."""
    made = await gather(door, clock)
    ballot = await noted(made, PASSED)
    assert ballot.result is not None
    assert (ballot.method, ballot.verdict, ballot.open, ballot.early, ballot.person) == (
        "by_hand",
        "passed",
        False,
        False,
        made.ewa.person,
    )
    assert (ballot.result.counts.in_favour, ballot.result.counts.against, ballot.result.counts.abstain) == (5, 3, 1)
    assert await made.state(ballot.proposal.id) == "adopted"
    (entry,) = await door.look(lambda uow: register.of_proposal(uow, ballot.proposal.id))
    assert (entry.method, entry.verdict) == ("by_hand", "passed")
    assert await door.look(lambda uow: votes.of(uow, made.ewa, ballot.id)) == ()


async def test_hands_are_noted_by_institution(door: Door, clock: FixedClock) -> None:
    """Who raised their hand for what is kept and shown; whoever raised none is on the roll without a vote."""
    made = await gather(door, clock, present=NAMES[:6])
    said: dict[int, Any] = {
        made.memberships[NAMES[0]]: "against",
        made.memberships[NAMES[1]]: "for",
        made.memberships[NAMES[2]]: "against",
    }
    ballot = await noted(made, ByInstitution(said))
    assert ballot.verdict == "failed"
    shown = {one.name: one.choice for one in await door.look(lambda uow: votes.of(uow, made.heads["GOPS"], ballot.id))}
    assert shown == {NAMES[0]: "against", NAMES[1]: "for", NAMES[2]: "against"} | dict.fromkeys(NAMES[3:6], "")


async def test_a_tie_of_hands(door: Door, clock: FixedClock) -> None:
    """Without a casting vote the proposal may be put again; with one, where the rule knows it, the chair decides."""
    made = await gather(door, clock)
    first = await noted(made, ByTotals(4, 4, 0), chair="for")
    assert (first.verdict, first.chair_choice, await made.state(first.proposal.id)) == ("failed", "", "undecided")
    await made.rule(tie="chair")
    again = await noted(made, ByTotals(4, 4, 0), proposal=first.proposal.id, chair="for")
    assert (again.verdict, again.chair_choice) == ("passed", "for")


async def test_hands_that_cannot_be(door: Door, clock: FixedClock) -> None:
    """More hands than institutions, fewer than none, hands of nobody here, hands for nothing: nothing is kept."""
    made = await gather(door, clock)
    proposal = await made.objected()
    before = await dump(door)
    forged: Any = {1: "maybe"}
    for hands, error in (
        (ByTotals(5, 5, 1), Invalid), (ByTotals(-1, 3, 0), Invalid), (ByTotals(11, 0, 0), Invalid), (ByInstitution({10**6: "for"}), NotFound),
        (ByInstitution(forged), NotFound),
    ):  # fmt: skip
        with pytest.raises(error):
            await noted(made, hands, proposal=proposal)
    assert await dump(door) == before


async def test_hands_of_who_has_left_do_not_count(door: Door, clock: FixedClock) -> None:
    """An institution that is not here has no hand to raise."""
    made = await gather(door, clock, present=NAMES[:6])
    proposal = await made.objected()
    await made.leave(NAMES[0])
    with pytest.raises(NotFound):
        await noted(made, ByInstitution({made.memberships[NAMES[0]]: "for"}), proposal=proposal)


async def test_hands_need_all_that_a_ballot_needs(door: Door, clock: FixedClock) -> None:
    """An objection, a meeting, a quorum, and whoever leads."""
    made = await gather(door, clock)
    proposal = await made.objected()
    await made.leave(*NAMES[4:])
    with pytest.raises(Refused, match="There is no quorum"):
        await noted(made, ByTotals(1, 0, 0), proposal=proposal)
    await made.come(NAMES[4:])
    for who in (made.heads["GOPS"], made.delegates["GOPS"], Actor(10**6)):
        with pytest.raises(NotFound):
            await noted(made, PASSED, proposal=proposal, by=who)
        with pytest.raises(NotFound):
            await door.look(lambda uow, who=who: by_hand.may_note(uow, who, proposal))  # type: ignore[misc]  # mypy sees no default
    _, here = await door.look(lambda uow: by_hand.may_note(uow, OPERATOR, proposal))
    assert {place.name for place in here} == set(NAMES)
    ballot = await noted(made, PASSED, proposal=proposal, by=OPERATOR)
    assert ballot.person is None
    with pytest.raises(Refused, match="has been decided"):
        await noted(made, PASSED, proposal=proposal)


async def test_hands_are_shown_at_meetings(door: Door, clock: FixedClock) -> None:
    """By circulation nobody sees a hand."""
    made = await gather(door, clock, meets=False)
    with pytest.raises(Refused, match="at a meeting"):
        await noted(made, PASSED)


async def test_while_a_ballot_is_open_no_hands_are_noted(door: Door, clock: FixedClock) -> None:
    """One way of voting at a time."""
    made = await gather(door, clock)
    ballot = await made.opened()
    with pytest.raises(Refused, match="open already"):
        await noted(made, PASSED, proposal=ballot.proposal.id)
    assert len(await door.look(lambda uow: ballots.of(uow, ballot.proposal.id))) == 1
