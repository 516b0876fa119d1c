"""Votes in an open ballot: one an institution, of the right person, until the close, and nothing known of them before."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from tests.office.decisions.deciding import Deciding, gather
from tests.office.decisions.network import NAMES
from tests.office.rosters import accept, bring_in, dump, enter, seat_of

from konwent_bot.clock import FixedClock
from konwent_bot.errors import NotFound, Refused
from konwent_bot.office.decisions import ballots, papers, votes
from konwent_bot.office.decisions.ballots import Ballot
from konwent_bot.office.door import Door
from konwent_bot.office.meetings import substitutes
from konwent_bot.office.meetings.substitutes import SubstituteNamed
from konwent_bot.office.rights import OPERATOR, Actor
from konwent_bot.office.subjects import Subject
from konwent_bot.store.tables import AUDIT_ENTRY, MEMBERSHIP, VOTE


async def stored(made: Deciding, ballot: Ballot) -> dict[str, tuple[str, int]]:
    """Give the votes as they are stored: institution -> choice and rank."""
    names = {number: name for name, number in made.memberships.items()}
    rows = await made.door.look(lambda uow: uow.execute(select(VOTE).where(VOTE.c.ballot_id == ballot.id)).all())
    return {names[row.membership_id]: (row.choice, row.rank) for row in rows}


async def audited(made: Deciding, act: str) -> list[Any]:
    """Give what was written down of an act."""
    found = select(AUDIT_ENTRY).where(AUDIT_ENTRY.c.act == act).order_by(AUDIT_ENTRY.c.id)
    return list(await made.door.look(lambda uow: uow.execute(found).all()))


async def test_a_later_vote_takes_the_place_of_the_earlier(door: Door, clock: FixedClock) -> None:
    """GOPS changes its mind twice; one vote of it stands, the last one, and each is written down."""
    made = await gather(door, clock)
    ballot = await made.opened()
    for choice in ("for", "against", "abstain"):
        await made.vote(ballot, "GOPS", choice)
    assert await stored(made, ballot) == {"GOPS": ("abstain", 0)}
    entries = await audited(made, "ballot.cast")
    assert [one.subject for one in entries] == [
        f"ballot:{ballot.id} membership:{made.memberships['GOPS']} rank:0 choice:{number}" for number in (1, 2, 3)
    ]
    assert {one.person_id for one in entries} == {made.heads["GOPS"].person}


async def test_the_same_vote_again_changes_nothing(door: Door, clock: FixedClock) -> None:
    """A second tap, or a second delivery of the same one, leaves everything as it was."""
    made = await gather(door, clock)
    ballot = await made.opened()
    await made.vote(ballot, "GOPS", "for")
    before = await dump(door)
    made.wait(seconds=5)
    await made.vote(ballot, "GOPS", "for")
    assert await dump(door) == before


async def test_the_proper_person_prevails(door: Door, clock: FixedClock) -> None:
    """At a strategic meeting the head's vote replaces the designated person's, and not the other way round."""
    made = await gather(door, clock)
    ballot = await made.opened()
    head, second = made.heads["GOPS"], made.delegates["GOPS"]
    await made.vote(ballot, "GOPS", "for", by=second)
    assert await stored(made, ballot) == {"GOPS": ("for", 1)}
    await made.vote(ballot, "GOPS", "against", by=second)
    await made.vote(ballot, "GOPS", "against", by=head)
    assert await stored(made, ballot) == {"GOPS": ("against", 0)}
    with pytest.raises(Refused, match="in the first place has voted"):
        await made.vote(ballot, "GOPS", "for", by=second)
    await made.vote(ballot, "Policja", "abstain", by=made.delegates["Policja"])
    assert await stored(made, ballot) == {"GOPS": ("against", 0), "Policja": ("abstain", 1)}


async def test_a_named_substitute_comes_first(door: Door, clock: FixedClock) -> None:
    """An institution that said who comes instead votes through them: their vote prevails over the head's."""
    made = await gather(door, clock)
    ballot = await made.opened()
    subject = Subject("meeting.substitute", made.body, meeting=made.meeting, membership=made.memberships["GOPS"])
    said = SubstituteNamed(name="Zofia Zastępcza", email="zofia@gops.example", term="once")
    named = await door.act(lambda uow: substitutes.name(uow, made.heads["GOPS"], subject, said))
    zofia = Actor(await accept(door, 77, seat=named.made))
    await made.vote(ballot, "GOPS", "for", by=zofia)
    with pytest.raises(Refused):
        await made.vote(ballot, "GOPS", "against")
    assert await stored(made, ballot) == {"GOPS": ("for", 0)}


async def test_nobody_votes_for_others(door: Door, clock: FixedClock) -> None:
    """Not for another institution, not from another network, not with a made-up ballot or choice; nothing is changed and nothing told."""
    made = await gather(door, clock)
    open_one, secret = await made.opened(), await made.opened("secret")
    other = await enter(door, "lsr-ilawa")
    await bring_in(door, other, "GOPS Iława;GOPS Iława;B;;Iława;zwierzchnik;;Ida Bór;ida@ilawa.example")

    ida = Actor(await accept(door, 77, seat=(await seat_of(door, other, "GOPS Iława", "head")).id))
    ilawa = await door.look(lambda uow: uow.execute(select(MEMBERSHIP.c.id).where(MEMBERSHIP.c.body_id == other)).scalar_one())
    gops, anna = made.memberships["GOPS"], made.heads["GOPS"]
    before = await dump(door)
    said = set()
    for cast, ballot in ((votes.cast, open_one), (papers.cast_secret, secret)):
        for who, number, whose, choice in (
            (anna, ballot.id, made.memberships["Policja"], "for"), (ida, ballot.id, ilawa, "for"), (ida, ballot.id, gops, "for"),
            (anna, ballot.id, ilawa, "for"), (made.ewa, ballot.id, gops, "for"), (OPERATOR, ballot.id, gops, "for"),
            (Actor(10**6), ballot.id, gops, "for"), (anna, 10**6, gops, "for"), (anna, ballot.id, 10**6, "for"),
            (anna, ballot.id, gops, "maybe"), (anna, ballot.id, gops, ""),
        ):  # fmt: skip
            with pytest.raises(NotFound) as refused:
                await door.act(lambda uow, c=cast, a=who, b=number, m=whose, x=choice: c(uow, a, b, m, x) and None)  # type: ignore[misc]  # mypy sees no default
            said.add(str(refused.value))
    assert len(said) == 1
    for look in (votes.live, votes.of, ballots.see):
        with pytest.raises(NotFound):
            await door.look(lambda uow, look=look: look(uow, ida, open_one.id))  # type: ignore[misc]  # mypy sees no default
    assert await dump(door) == before


async def test_a_seat_handed_over_votes_no_more(door: Door, clock: FixedClock) -> None:
    """A minute after the place was given away its former holder is nobody here; what they voted before stays the institution's."""
    made = await gather(door, clock)
    ballot = await made.opened()
    await made.vote(ballot, "GOPS", "for")
    await made.hand_over("GOPS", "head")
    made.wait(minutes=1)
    with pytest.raises(NotFound):
        await made.vote(ballot, "GOPS", "against")
    with pytest.raises(NotFound):
        await door.look(lambda uow: votes.own_vote(uow, made.heads["GOPS"], ballot.id, made.memberships["GOPS"]))
    assert await stored(made, ballot) == {"GOPS": ("for", 0)}


async def test_a_vote_after_the_deadline_is_not_counted(door: Door, clock: FixedClock) -> None:
    """At the very instant of the deadline it is over, whether or not the clock has come to close it; and after the close as well."""
    made = await gather(door, clock)
    ballot = await made.opened()
    await made.vote(ballot, "GOPS", "for")
    made.at(ballot.closes_at)
    for _ in range(2):
        with pytest.raises(Refused, match="over"):
            await made.vote(ballot, "Policja", "against")
        await made.tick()
    assert await stored(made, ballot) == {"GOPS": ("for", 0)}


async def test_only_the_turnout_is_live(door: Door, clock: FixedClock) -> None:
    """While it is open everybody may know that three of ten have voted, each institution its own vote, and nobody anything else."""
    made = await gather(door, clock)
    ballot = await made.opened()
    await made.vote_all(ballot, ["for", "for", "against"])
    live = await door.look(lambda uow: votes.live(uow, made.heads["Policja"], ballot.id))
    assert (live.voted, live.asked, live.ballot.result, live.ballot.verdict) == (3, 10, None, "")
    assert await door.look(lambda uow: votes.of(uow, made.ewa, ballot.id)) == ()
    own = await door.look(lambda uow: votes.own_vote(uow, made.delegates[NAMES[2]], ballot.id, made.memberships[NAMES[2]]))
    assert (own.voted, own.choice) == (True, "against")
    with pytest.raises(NotFound):
        await door.look(lambda uow: votes.own_vote(uow, made.heads["Policja"], ballot.id, made.memberships[NAMES[2]]))
    await made.ended(ballot)
    shown = {one.name: one.choice for one in await door.look(lambda uow: votes.of(uow, made.heads["Policja"], ballot.id))}
    assert shown == dict.fromkeys(NAMES, "") | {NAMES[0]: "for", NAMES[1]: "for", NAMES[2]: "against"}


async def test_who_has_not_voted_is_waited_for(door: Door, clock: FixedClock) -> None:
    """Both people of an institution see the ballot among what awaits them, until one of them has voted, or it is over."""
    made = await gather(door, clock, present=NAMES[:8])
    ballot, secret = await made.opened(), await made.opened("secret", minutes=5)

    async def waits(who: Actor) -> list[int]:
        found = await door.look(lambda uow: ballots.waiting(uow, who.person or 0))
        return [one.id for one, _ in found]

    head, second = made.heads["GOPS"], made.delegates["GOPS"]
    assert await waits(head) == await waits(second) == [secret.id, ballot.id]
    await made.vote(ballot, "GOPS", "for", by=second)
    assert await waits(head) == await waits(second) == [secret.id]
    await made.vote(secret, "GOPS", "for")
    assert await waits(head) == await waits(second) == []
    assert await waits(made.heads[NAMES[9]]) == []  # it was not there when they were opened
    made.at(secret.closes_at)
    assert await waits(made.heads["Policja"]) == [ballot.id]
