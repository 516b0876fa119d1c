"""Deciding by circulation: everybody is asked until a day, the silent are reminded once, and the clock closes the round."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update
from tests.office.decisions.consenting import Consenting, gather, wanted
from tests.office.decisions.network import NAMES

from konwent_bot.clock import FixedClock
from konwent_bot.errors import Refused
from konwent_bot.office.decisions import changing, consensus, discussion, facts
from konwent_bot.office.door import Door
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import CONSENSUS_ROUND, PROPOSAL

HEADS = sorted(f"{name} head" for name in NAMES)


@pytest.fixture
async def net(door: Door, clock: FixedClock) -> Consenting:
    """Ten institutions that do not meet."""
    return await gather(door, clock, meets=False)


async def test_everybody_is_told_of_it_and_asked(net: Consenting) -> None:
    """A proposal by circulation is told to everybody but who entered it; the round asks all ten, until the day it names."""
    proposal = await net.enter(until=date(2026, 12, 22))
    assert await net.notices("proposal.entered") == sorted([*(one for one in HEADS if one != "GOPS head"), "post"])
    await net.act(lambda uow: discussion.close(uow, net.ewa, proposal))
    round_ = await net.open(proposal)
    assert [one.name for one in round_.places] == sorted(NAMES)
    assert await net.notices("consensus.opened") == HEADS
    assert round_.closes_at == datetime(2026, 12, 22, 23, 0, tzinfo=UTC)  # midnight in Warsaw


async def test_the_body_says_how_many_days_there_are(net: Consenting) -> None:
    """Without a day of its own a proposal has as many as the body chose; today is too soon, and three months are too long."""
    await net.choose(circulation_days="14")
    found = await net.proposal(await net.enter())
    assert found.answer_until is not None
    assert (found.answer_until - net.clock.now()).days == 14
    today = net.clock.now().date()
    for until in (today, today - timedelta(days=1), today + timedelta(days=90)):
        with pytest.raises(Refused):
            await net.enter(until=until)


async def test_a_day_that_has_come_too_near_is_another_one(net: Consenting) -> None:
    """The discussion took until the last evening: institutions get the usual days from now on, not one night."""
    proposal = await net.discussed(until=date(2026, 12, 17))
    net.wait(days=2, hours=10)
    round_ = await net.open(proposal)
    assert round_.closes_at is not None
    assert round_.closes_at - net.clock.now() > timedelta(days=6)
    assert (await net.proposal(proposal)).answer_until == round_.closes_at


async def test_the_clock_closes_it(net: Consenting) -> None:
    """Six agree, four say nothing: at the deadline, and not before, the clock adopts it by consensus."""
    round_ = await net.asked()
    await net.take_all(round_, ["agree"] * 6)
    with pytest.raises(Refused):
        await net.close(round_)
    net.before_deadline(round_, seconds=1)
    await net.tick()
    assert (await net.round(round_.id)).open
    done = await net.until_deadline(round_)
    assert done.outcome == "adopted"
    assert await net.decisions(round_.proposal) == [("consensus", "passed")]
    await net.tick()
    assert await net.round(round_.id) == done


async def test_nobody_answers_after_the_deadline(net: Consenting) -> None:
    """The clock has not come yet, but the time is over: what is pressed now does not count."""
    round_ = await net.asked()
    await net.take_all(round_, ["agree"] * 9)
    net.before_deadline(round_)
    with pytest.raises(Refused):
        await net.take(round_, "Szkoła", "object")
    assert (await net.until_deadline(round_)).outcome == "adopted"


async def test_once_all_have_answered_it_may_be_closed(net: Consenting) -> None:
    """The tenth institution answers on the first day: the coordinator need not wait."""
    round_ = await net.asked()
    await net.take_all(round_, ["agree"] * 10)
    assert (await net.close(round_)).outcome == "adopted"


async def test_silence_is_no_answer(net: Consenting) -> None:
    """Four of ten answer: without a quorum the round is void, the proposal is as it was before it, and whoever leads is told."""
    round_ = await net.asked()
    await net.take_all(round_, ["agree"] * 4)
    done = await net.until_deadline(round_)
    assert done.outcome == "void"
    assert done.result is not None
    assert done.result.quorum_missing == 1
    assert (await net.proposal(round_.proposal)).state == "discussed"
    assert await net.notices("consensus.ended") == ["GOPS head", "post"]
    assert (await net.open(round_.proposal)).number == 2


async def test_one_objection_ends_it_at_the_deadline(net: Consenting) -> None:
    """The library objects on the first day, nine agree: there is no consensus, and there may be a ballot."""
    round_ = await net.asked()
    await net.take_all(round_, ["object"] + ["agree"] * 8)
    assert (await net.until_deadline(round_)).outcome == "objected"
    assert (await net.proposal(round_.proposal)).state == "objected"


async def test_there_is_no_final_call_and_no_next_meeting(net: Consenting) -> None:
    """By circulation the deadline is the final call, and there is no meeting to put a proposal off to."""
    round_ = await net.asked()
    with pytest.raises(Refused):
        await net.call(round_)
    with pytest.raises(Refused):
        await net.act(lambda uow: changing.postpone(uow, net.ewa, round_.proposal))


# --- reminders --------------------------------------------------------------------------------------------------------


async def test_the_silent_are_reminded_once(net: Consenting) -> None:
    """A day before the end only who has not answered is reminded, both people of each; who answers meanwhile is not."""
    round_ = await net.asked()
    await net.take_all(round_, ["agree"] * 8)
    net.before_deadline(round_, hours=30)
    await net.tick()
    await net.tick()
    told = ["Stowarzyszenie delegate", "Stowarzyszenie head", "Szkoła delegate", "Szkoła head"]
    assert await net.notices("consensus.reminder") == told

    async def still_wanted(name: str) -> bool:
        proposal = await net.proposal(round_.proposal)

        def work(uow: UnitOfWork) -> bool:
            member = next(one for one in facts.entitled(uow, proposal) if one.name == name)
            return wanted(uow, "consensus.reminder", f"seat:{member.places[0].id}")

        return await net.look(work)

    assert await still_wanted("Szkoła")
    await net.take(round_, "Szkoła")
    assert not await still_wanted("Szkoła")
    assert await still_wanted("Stowarzyszenie")


# --- silence as consent -----------------------------------------------------------------------------------------------


async def test_silence_is_consent_where_the_body_chose_so(net: Consenting) -> None:
    """The body lets silence be consent, and everybody was told: two agree, nobody objects, it is adopted tacitly."""
    await net.choose(tacit="yes")
    round_ = await net.asked()
    await net.delivered()
    await net.take_all(round_, ["agree"] * 2)
    done = await net.until_deadline(round_)
    assert (done.outcome, done.unreached) == ("adopted", ())
    assert done.result is not None
    assert not done.result.unanimous
    assert await net.decisions(round_.proposal) == [("tacit", "passed")]


async def test_nobody_agrees_by_silence_to_what_never_reached_them(net: Consenting) -> None:
    """The parish was not reached: its silence is no consent, the round is void, and it says because of whom."""
    await net.choose(tacit="yes")
    round_ = await net.asked()
    await net.delivered(but=["Parafia"])
    await net.take_all(round_, ["agree"] * 5)
    done = await net.until_deadline(round_)
    assert (done.outcome, done.unreached) == ("void", (net.memberships["Parafia"],))
    assert await net.decisions(round_.proposal) == []


async def test_whoever_was_not_reached_but_answered_all_the_same_counts(net: Consenting) -> None:
    """No message reached the parish, but it answered on a page: nothing stands against it."""
    await net.choose(tacit="yes")
    round_ = await net.asked()
    await net.delivered(but=["Parafia"])
    await net.take(round_, "Parafia")
    assert (await net.until_deadline(round_)).outcome == "adopted"


async def test_an_objection_is_one_whatever_reached_whom(net: Consenting) -> None:
    """The library objects, the parish was never reached: it is the objection that counts."""
    await net.choose(tacit="yes")
    round_ = await net.asked()
    await net.delivered(but=["Parafia"])
    await net.take(round_, "Biblioteka", "object")
    assert (await net.until_deadline(round_)).outcome == "objected"


async def test_what_was_chosen_later_changes_no_round_under_way(net: Consenting) -> None:
    """The body lets silence be consent while a round is open: for that one it is not."""
    round_ = await net.asked()
    await net.choose(tacit="yes")
    await net.delivered()
    assert (await net.until_deadline(round_)).outcome == "void"


# --- the clock --------------------------------------------------------------------------------------------------------


async def test_a_round_that_cannot_be_closed_stops_no_other(net: Consenting, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistake of ours about one round: the other one is closed all the same, and this one is tried again later."""
    broken, sound = await net.asked(title="Zepsuty"), await net.asked("Parafia", title="Dobry")
    by_deadline = consensus.by_deadline

    def fails(uow: UnitOfWork, number: int) -> None:
        if number == broken.id:
            raise RuntimeError("a mistake of ours")
        by_deadline(uow, number)

    monkeypatch.setattr(consensus, "by_deadline", fails)
    assert (await net.until_deadline(sound)).outcome == "void"
    assert (await net.round(broken.id)).open
    monkeypatch.undo()
    net.wait(hours=2)
    await net.tick()
    assert (await net.round(broken.id)).outcome == "void"


async def test_a_round_called_off_is_closed_by_no_clock(net: Consenting) -> None:
    """The proposal is withdrawn: at the deadline nothing happens any more."""
    round_ = await net.asked()
    await net.act(lambda uow: changing.withdraw(uow, net.ewa, round_.proposal))
    assert (await net.until_deadline(round_)).outcome == "called_off"
    assert (await net.proposal(round_.proposal)).state == "withdrawn"
    # Even if a clock of another version had left it on the list.
    late = update(CONSENSUS_ROUND).where(CONSENSUS_ROUND.c.id == round_.id).values(next_step_at=net.clock.now())
    await net.act(lambda uow: uow.execute(late) and None)
    await net.tick()
    assert (await net.round(round_.id)).outcome == "called_off"
    assert await net.count(PROPOSAL) == 1
