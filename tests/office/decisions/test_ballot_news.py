"""What is said of ballots: to whom, when, once; and never who voted what."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import pytest
from sqlalchemy import select
from tests.office.decisions.deciding import Deciding, gather
from tests.office.decisions.network import MORNING, NAMES
from tests.office.rosters import accept, seat_of

from konwent_bot.clock import FixedClock
from konwent_bot.office import desk, notices
from konwent_bot.office.decisions import ballot_news, ballot_opening, register
from konwent_bot.office.decisions.ballot_news import BallotNews, DecisionNews
from konwent_bot.office.decisions.ballots import Ballot
from konwent_bot.office.door import Door
from konwent_bot.office.meetings import ledger
from konwent_bot.office.occasion import Due, Message, Reader
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import INSTITUTION, MEMBERSHIP, NOTICE, PERSON, SEAT

#: Through what a message would go.
READER: Final = Reader(None, "", "pl", "mail", "x@example.org", False)
BY_NAME: Final = {one.name: one for one in ballot_news.OCCASIONS}
#: What an institution is told on the way to a ballot by circulation, but for a reminder.
NOT_REMINDED: Final = {"proposal.entered", "consensus.opened", "ballot.opened"}


async def told(made: Deciding, subject: str, occasion: str) -> list[str]:
    """Give whom something was announced to that is still wanted: "GOPS head"."""

    def work(uow: UnitOfWork) -> list[str]:
        found = select(SEAT.c.id, SEAT.c.role, INSTITUTION.c.short_name).select_from(SEAT.join(MEMBERSHIP).join(INSTITUTION))
        names = {f"seat:{row.id}": f"{row.short_name} {row.role}" for row in uow.execute(found)}
        return sorted(names[one.recipient] for one in _due(uow, subject, occasion) if BY_NAME[occasion].wanted(uow, one))

    return await made.door.look(work)


def _due(uow: UnitOfWork, subject: str, occasion: str) -> list[Due]:
    rows = uow.execute(
        select(NOTICE).where(NOTICE.c.subject == subject, NOTICE.c.occasion == occasion, NOTICE.c.settled_at.is_(None))
    )
    return [
        Due(row.id, row.recipient, row.occasion, row.subject, row.revision, row.body_id, row.address, row.created_at, row.due_at) for row in rows
    ]  # fmt: skip


async def said(made: Deciding, subject: str, occasion: str) -> list[Any]:
    """Give what those messages say."""

    def work(uow: UnitOfWork) -> list[Message | str | None]:
        return [BY_NAME[occasion].make(uow, one, READER) for one in _due(uow, subject, occasion)]

    return await made.door.look(work)


def heads(*names: str) -> list[str]:
    """Give the heads of institutions as ``told`` names them."""
    return sorted(f"{name} head" for name in names)


async def test_the_roll_is_told_that_a_ballot_is_open(door: Door, clock: FixedClock) -> None:
    """Whoever is on the roll, through its proper person; who has voted need not be told any more, and after the close nobody."""
    made = await gather(door, clock, present=NAMES[:6])
    ballot = await made.opened()
    assert await told(made, ballot.subject, "ballot.opened") == heads(*NAMES[:6])
    await made.vote(ballot, NAMES[0], "for", by=made.delegates[NAMES[0]])
    assert await told(made, ballot.subject, "ballot.opened") == heads(*NAMES[1:6])
    (one, *_) = await said(made, ballot.subject, "ballot.opened")
    assert isinstance(one, BallotNews)
    assert (one.what, one.ballot.id, one.ballot.result) == ("opened", ballot.id, None)
    made.at(ballot.closes_at)
    assert await told(made, ballot.subject, "ballot.opened") == []


async def test_the_opening_of_a_secret_ballot_is_told_to_all_alike(door: Door, clock: FixedClock) -> None:
    """How a notice ended can be looked up, so it must not depend on who has voted."""
    made = await gather(door, clock)
    ballot = await made.opened("secret")
    await made.vote_all(ballot, ["for"] * 5)
    assert await told(made, ballot.subject, "ballot.opened") == heads(*NAMES)


async def test_a_ballot_of_one_day_is_told_at_night_too(door: Door, clock: FixedClock) -> None:
    """What closes today cannot wait for the morning; what closes in a week can."""
    made = await gather(door, clock, meets=False)
    today, later = await made.opened(until=clock.now() + timedelta(hours=3)), await made.opened()

    def urgent(uow: UnitOfWork, ballot: Ballot) -> set[bool]:
        return {BY_NAME["ballot.opened"].urgent(uow, one) for one in _due(uow, ballot.subject, "ballot.opened")}

    assert await door.look(lambda uow: (urgent(uow, today), urgent(uow, later))) == ({True}, {False})


@pytest.mark.parametrize("method", ["open", "secret"])
async def test_the_silent_are_reminded_once(door: Door, clock: FixedClock, method: str) -> None:
    """A day before the deadline, both people of each institution that has not voted; and no more once one of them has."""
    made = await gather(door, clock, meets=False)
    ballot = await made.opened(method)
    await made.vote_all(ballot, ["for"] * 7)
    made.at(ballot.closes_at - timedelta(days=1, seconds=1))
    await made.tick()
    assert await told(made, ballot.subject, "ballot.reminder") == []
    made.wait(seconds=1)
    for _ in range(3):
        await made.tick()
    both = [f"{name} {role}" for name in NAMES[7:] for role in ("delegate", "head")]
    assert await told(made, ballot.subject, "ballot.reminder") == sorted(both)
    await made.vote(ballot, NAMES[7], "against")
    assert await told(made, ballot.subject, "ballot.reminder") == sorted(both[2:])
    made.wait(hours=12)
    await made.tick()
    assert len(await door.look(lambda uow: _due(uow, ballot.subject, "ballot.reminder"))) == 6
    await made.ended(ballot)
    assert await told(made, ballot.subject, "ballot.reminder") == []


@pytest.mark.parametrize(
    ("hours", "reminded"), [(3, None), (24, None), (30, 15), (72, 48)], ids=["three hours", "a day", "thirty hours", "three days"]
)
def test_when_a_ballot_is_reminded_of(hours: int, reminded: int | None) -> None:
    """A day before the deadline, but not in the first half of the time; and not at all within a day."""
    step = ballot_opening.first_step(MORNING, MORNING + timedelta(hours=hours))
    assert step - MORNING == timedelta(hours=hours if reminded is None else reminded)


async def test_a_reminder_is_seen_by_nobody_else(door: Door, clock: FixedClock) -> None:
    """Who was reminded has not voted: the lists a coordinator looks at do not hold it, while they hold everything else."""
    made = await gather(door, clock, meets=False)
    ballot = await made.opened("secret")
    made.at(ballot.closes_at - timedelta(days=1))
    await made.tick()
    whose = made.memberships["GOPS"]
    entries = (await door.look(lambda uow: ledger.of_institution(uow, made.ewa, whose))).entries
    assert {one.told.occasion for one in entries} == NOT_REMINDED

    def letters(uow: UnitOfWork) -> set[str]:
        seat = uow.execute(select(SEAT.c.id).where(SEAT.c.membership_id == whose, SEAT.c.role == "head")).scalar_one()
        return {one.occasion for one in desk.letters(uow, made.ewa, desk.seat(uow, made.ewa, seat))}

    assert await door.look(letters) == NOT_REMINDED
    assert any(one.occasion == "ballot.reminder" for one in await door.look(lambda uow: notices.of_subject(uow, ballot.subject)))


async def test_a_stricter_ballot_is_told_anew(door: Door, clock: FixedClock) -> None:
    """The former news that was not sent is not sent any more; the new one says secret."""
    made = await gather(door, clock)
    ballot = await made.opened()
    await door.act(lambda uow: ballot_opening.tighten(uow, made.ewa, ballot.id, secret=True) and None)
    news = await said(made, ballot.subject, "ballot.opened")
    assert len(news) == 10
    assert all(one.ballot.secret for one in news)


async def test_the_result_is_told_with_its_numbers(door: Door, clock: FixedClock) -> None:
    """Everybody reads the same: which decision, by what numbers; of a secret ballot not one name."""
    made = await gather(door, clock)
    ballot = await made.opened("secret")
    await made.vote_all(ballot, ["for"] * 4 + ["against"] * 2)
    await made.ended(ballot)
    (entry,) = await door.look(lambda uow: register.of_proposal(uow, ballot.proposal.id))
    news = await said(made, entry.subject, "decision.taken")
    assert len(news) == 11
    assert set(news) == {DecisionNews(entry, news[0].result)}
    assert news[0].result.counts.in_favour == 4
    assert not any(name in repr(news[0]) for name in NAMES)


async def test_whoever_holds_several_places_is_told_once(door: Door, clock: FixedClock) -> None:
    """Two institutions give their first place to the coordinator: she gets one message of a decision, and not three."""
    made = await gather(door, clock)
    of_ewa = select(PERSON.c.telegram_id).where(PERSON.c.id == made.ewa.person)
    account = await door.look(lambda uow: uow.execute(of_ewa).scalar_one())
    for name in ("Parafia", "Policja"):
        await made.hand_over(name, "head")
        await accept(door, account, seat=(await seat_of(door, made.body, name, "head")).id)
    proposal = await made.enter(post=True)
    await made.adopt(proposal)
    (entry,) = await door.look(lambda uow: register.of_proposal(uow, proposal))
    told = await door.look(lambda uow: notices.of_subject(uow, entry.subject))
    assert [one.recipient.partition(":")[0] for one in told] == ["seat"] * 9
