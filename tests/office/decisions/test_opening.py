"""Opening a ballot: after an objection and no other way, with a quorum, by whoever leads, and never laxer afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from tests.office.decisions.deciding import Deciding, gather
from tests.office.decisions.network import NAMES
from tests.office.rosters import dump, enter

from konwent_bot.clock import FixedClock
from konwent_bot.errors import Invalid, NotFound, Refused
from konwent_bot.office import seats
from konwent_bot.office.decisions import ballot_opening, ballots, by_hand, changing, consensus, settings, votes
from konwent_bot.office.door import Door
from konwent_bot.office.rights import OPERATOR, Actor
from konwent_bot.office.subjects import Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import BALLOT, CONSENSUS_ROUND, PROPOSAL, SEAT
from konwent_bot.store.tables.decisions import PROPOSAL_STATES


async def becomes(made: Deciding, proposal: int, state: str) -> None:
    """Let a proposal stand where a mistake of the program put it: no act leads from an objection there."""
    await made.door.act(lambda uow: uow.execute(update(PROPOSAL).where(PROPOSAL.c.id == proposal).values(state=state)) and None)


async def tightened(made: Deciding, ballot: int, **given: object) -> ballots.Ballot:
    """Make a ballot stricter."""
    return await made.door.act(lambda uow: ballot_opening.tighten(uow, made.ewa, ballot, **given))  # type: ignore[arg-type]  # named by each test


async def test_a_ballot_freezes_who_may_vote_and_the_rule(door: Door, clock: FixedClock) -> None:
    """Seven institutions are there and may vote; who comes later, and a rule adopted later, change nothing for this ballot."""
    made = await gather(door, clock, present=NAMES[:7])
    ballot = await made.opened(minutes=15)
    assert (ballot.entitled, ballot.present, ballot.closes_at - ballot.opened_at) == (10, 7, timedelta(minutes=15))
    await made.come(NAMES[7:])
    await made.rule(majority="two_thirds")
    found = await door.look(lambda uow: ballots.get(uow, ballot.id))
    assert (found.present, found.rule) == (7, ballot.rule)
    assert {one.name for one in await door.look(lambda uow: ballots.roll(uow, ballot))} == set(NAMES[:7])
    assert await made.state(ballot.proposal.id) == "ballot"
    with pytest.raises(Refused, match="was not there when this ballot was opened"):
        await made.vote(ballot, NAMES[8], "for")


async def test_there_is_no_ballot_without_a_recorded_objection(door: Door, clock: FixedClock) -> None:
    """Before the check of consensus, after a decision, and while another ballot is open there is none to be opened (R6)."""
    made = await gather(door, clock)
    proposal = await made.objected()
    for state in PROPOSAL_STATES:
        if state not in ("objected", "undecided"):
            await becomes(made, proposal, state)
            with pytest.raises(Refused):
                await made.opened(proposal=proposal)
            assert await made.state(proposal) == state
            assert await door.look(lambda uow: ballots.of(uow, proposal)) == ()
    await becomes(made, proposal, "undecided")
    assert (await made.opened(proposal=proposal)).open


async def test_an_objection_to_a_former_text_is_none_to_this_one(door: Door, clock: FixedClock) -> None:
    """After an amendment the objection is to be made anew, whatever state the proposal is in."""
    made = await gather(door, clock)
    proposal = await made.objected()

    said = changing.Amended(title="Inny", text="Inny", reason="x")
    subject = Subject("proposal.amend", made.body, proposal=proposal)
    await made.act(lambda uow: changing.amend(uow, made.ewa, subject, said) and None)
    for state in ("discussion", "objected", "undecided"):
        await becomes(made, proposal, state)
        with pytest.raises(Refused, match="somebody objected"):
            await made.opened(proposal=proposal)


async def test_the_store_itself_refuses_a_ballot_without_an_objection(door: Door, clock: FixedClock) -> None:
    """Even a mistake of the program cannot write one: the ballot names the round and what it came to."""
    made = await gather(door, clock)
    ballot, other = await made.opened(), await made.objected("Inny wniosek")

    def forge(uow: UnitOfWork, outcome: str) -> None:
        row = dict(uow.execute(select(BALLOT).where(BALLOT.c.id == ballot.id)).mappings().one())
        uow.execute(update(CONSENSUS_ROUND).where(CONSENSUS_ROUND.c.proposal_id == other).values(outcome=outcome))
        round_ = uow.execute(select(CONSENSUS_ROUND.c.id).where(CONSENSUS_ROUND.c.proposal_id == other)).scalar_one()
        uow.execute(insert(BALLOT).values(**row | {"id": 10**6, "proposal_id": other, "round_id": round_}))

    for outcome in ("adopted", "void", "called_off"):
        with pytest.raises(IntegrityError):
            await door.act(lambda uow, outcome=outcome: forge(uow, outcome))  # type: ignore[misc]  # mypy sees no default
    await door.act(lambda uow: forge(uow, "objected"))


async def test_no_quorum_no_ballot(door: Door, clock: FixedClock) -> None:
    """Four of ten are there: the ballot is refused, and the refusal says that one is missing."""
    made = await gather(door, clock)
    proposal = await made.objected()
    await made.leave(*NAMES[4:])
    with pytest.raises(Refused) as refused:
        await made.opened(proposal=proposal)
    assert refused.value.facts == {"present": 4, "entitled": 10, "needed": 5, "missing": 1}
    await made.come(NAMES[4:5])
    assert (await made.opened(proposal=proposal)).present == 5


async def test_nothing_is_decided_at_a_meeting_that_is_over(door: Door, clock: FixedClock) -> None:
    """Nobody was seen leaving, and yet nobody is there the day after, or once it was called off: no check of consensus, no ballot, no hands."""
    made = await gather(door, clock)
    proposal = await made.objected()
    discussed = await made.discussed()
    made.wait(hours=5)
    for act in (
        lambda uow: ballot_opening.open_ballot(uow, made.ewa, proposal, "open"),
        lambda uow: by_hand.note(uow, made.ewa, proposal, by_hand.ByTotals(6, 0, 0)),
        lambda uow: consensus.open_round(uow, made.ewa, discussed),
    ):
        with pytest.raises(Refused, match="not under way"):
            await door.act(act)


async def test_nobody_there_is_said_plainly(door: Door, clock: FixedClock) -> None:
    """Once everybody has left there is nobody who could vote."""
    made = await gather(door, clock)
    proposal = await made.objected()
    await made.leave(*NAMES)
    with pytest.raises(Refused, match="Nobody who may vote is here yet"):
        await made.opened(proposal=proposal)


async def test_by_circulation_everybody_may_vote(door: Door, clock: FixedClock) -> None:
    """Outside meetings the roll is all members, and the ballot lasts as the body chose: to the end of the seventh local day."""
    made = await gather(door, clock, meets=False)
    ballot = await made.opened()
    assert (ballot.entitled, ballot.present) == (10, 10)
    assert ballot.closes_at.astimezone(door.house.zone).isoformat() == "2026-12-23T00:00:00+01:00"


async def test_how_long_a_ballot_may_last(door: Door, clock: FixedClock) -> None:
    """At a meeting between a minute and four hours; by circulation at least an hour, at most sixty days."""
    made = await gather(door, clock)
    for minutes in (0, -5, 241, 10**6):
        with pytest.raises(Invalid):
            await made.opened(minutes=minutes)
    made.meeting = None
    for step in (timedelta(minutes=59), timedelta(days=-1), timedelta(days=70)):
        with pytest.raises(Invalid):
            await made.opened(until=clock.now() + step)


async def test_only_whoever_leads_opens(door: Door, clock: FixedClock) -> None:
    """Members, people of other networks and strangers open nothing and change nothing; whoever chairs may."""
    made = await gather(door, clock)
    other = await enter(door, "lsr-ilawa")
    proposal, ballot = await made.objected(), await made.opened()
    head = made.heads["GOPS"]

    def elsewhere(uow: UnitOfWork) -> None:
        seat = uow.execute(select(SEAT.c.id).where(SEAT.c.person_id == made.heads["Policja"].person)).scalar_one()
        seats.give_post(uow, OPERATOR, made.body, "chair", seat=seat)

    await door.act(elsewhere)
    assert other != made.body
    before = await dump(door)
    for who in (head, made.delegates["GOPS"], Actor(10**6)):
        with pytest.raises(NotFound):
            await door.act(lambda uow, who=who: ballot_opening.open_ballot(uow, who, proposal, "open"))  # type: ignore[misc]  # mypy sees no default
        with pytest.raises(NotFound):
            await door.act(lambda uow, who=who: ballot_opening.tighten(uow, who, ballot.id, secret=True))  # type: ignore[misc]  # mypy sees no default
    for number, method in ((10**6, "open"), (proposal, "by_hand"), (proposal, "")):
        with pytest.raises(NotFound):
            await made.opened(method, proposal=number)
    assert await dump(door) == before
    chair = made.heads["Policja"]
    assert (await door.act(lambda uow: ballot_opening.open_ballot(uow, chair, proposal, "open"))).open


# --- stricter, never laxer --------------------------------------------------------------------------------------------


async def test_an_open_ballot_may_become_secret_before_anybody_voted(door: Door, clock: FixedClock) -> None:
    """Once a vote was cast, its choice has been seen: then the ballot stays open to the end."""
    made = await gather(door, clock)
    ballot = await made.opened()
    assert (await tightened(made, ballot.id, secret=True)).secret
    with pytest.raises(Refused, match="secret"):  # a button of the open one
        await door.act(lambda uow: votes.cast(uow, made.heads["GOPS"], ballot.id, made.memberships["GOPS"], "for"))
    other = await made.opened()
    await made.vote(other, "GOPS", "for")
    with pytest.raises(Refused, match="Somebody has voted"):
        await tightened(made, other.id, secret=True)


async def test_a_deadline_only_comes_nearer_and_not_under_people_who_vote(door: Door, clock: FixedClock) -> None:
    """Putting it off is refused, and so is cutting it short: below a minute from now, or once somebody has voted."""
    made = await gather(door, clock)
    ballot = await made.opened(minutes=30)
    nearer = ballot.closes_at - timedelta(minutes=10)
    with pytest.raises(Refused, match="cannot be put off"):
        await tightened(made, ballot.id, until=ballot.closes_at + timedelta(seconds=1))
    for too_soon in (clock.now() - timedelta(hours=1), clock.now(), clock.now() + timedelta(seconds=59)):
        with pytest.raises(Invalid):
            await tightened(made, ballot.id, until=too_soon)
    assert (await tightened(made, ballot.id, until=nearer)).closes_at == nearer
    assert (await tightened(made, ballot.id, until=nearer)).closes_at == nearer
    await made.vote(ballot, "GOPS", "for")
    with pytest.raises(Refused, match="Somebody has voted"):
        await tightened(made, ballot.id, until=nearer - timedelta(minutes=1))
    assert (await made.ended(await door.look(lambda uow: ballots.get(uow, ballot.id)))).closed_at == nearer


async def test_the_deadline_of_a_secret_ballot_tells_nothing(door: Door, clock: FixedClock) -> None:
    """Whether anybody has voted cannot be found out by trying to change it: the answer is the same before and after."""
    made = await gather(door, clock)
    ballot = await made.opened("secret", minutes=30)
    said = []
    for _ in range(2):
        with pytest.raises(Refused) as refused:
            await tightened(made, ballot.id, until=clock.now() + timedelta(minutes=5))
        said.append(str(refused.value))
        await made.vote(ballot, "GOPS" if not said[1:] else "Policja", "for")
    assert said[0] == said[1]


async def test_a_ballot_that_is_over_is_not_changed(door: Door, clock: FixedClock) -> None:
    """Between its deadline and the tick that closes it, and afterwards, nothing is tightened."""
    made = await gather(door, clock)
    ballot = await made.opened()
    made.at(ballot.closes_at)
    with pytest.raises(Refused, match="over"):
        await tightened(made, ballot.id, secret=True)
    await made.tick()
    with pytest.raises(Refused, match="over"):
        await tightened(made, ballot.id, secret=True)


async def test_the_body_chooses_how_long_a_ballot_lasts(door: Door, clock: FixedClock) -> None:
    """Without a word of whoever opens it, a ballot at a meeting lasts as many minutes as the body chose."""
    made = await gather(door, clock)
    await door.act(lambda uow: settings.change(uow, made.ewa, made.body, {"ballot_minutes": "25"}) and None)
    ballot = await made.opened()
    assert ballot.closes_at - ballot.opened_at == timedelta(minutes=25)
