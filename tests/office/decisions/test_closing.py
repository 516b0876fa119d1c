"""Closing: by the deadline, or early where nothing can change any more; what it came to is frozen and told."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction

import pytest
from sqlalchemy import select, update
from tests.office.decisions.deciding import Deciding, gather
from tests.office.decisions.network import NAMES, objected
from tests.office.rosters import dump
from tests.test_logs import restored

from konwent_bot import logs
from konwent_bot.clock import FixedClock
from konwent_bot.domain.decisions.rule import written
from konwent_bot.domain.decisions.tally import decide
from konwent_bot.errors import NotFound, Refused
from konwent_bot.office import housekeeping, notices
from konwent_bot.office.decisions import ballot_steps, ballots, closing, register, rules
from konwent_bot.office.decisions.ballots import Ballot
from konwent_bot.office.door import Door
from konwent_bot.office.rights import Actor
from konwent_bot.store.tables import BALLOT

__all__ = ["restored"]


async def entries(made: Deciding, ballot: Ballot) -> tuple[register.Entry, ...]:
    """Give what the proposal of a ballot came to."""
    return await made.door.look(lambda uow: register.of_proposal(uow, ballot.proposal.id))


@pytest.mark.parametrize("method", ["open", "secret"])
async def test_the_deadline_closes_by_itself(door: Door, clock: FixedClock, method: str) -> None:
    """The clock closes it, freezes the numbers, enters the decision and says what becomes of the proposal."""
    made = await gather(door, clock)
    for number, (said, verdict, state) in enumerate(
        (
            (["for"] * 5 + ["against"] * 3 + ["abstain"], "passed", "adopted"), (["for"] * 3 + ["against"] * 5, "failed", "rejected"),
            (["for"] * 3 + ["against"] * 3 + ["abstain"], "failed", "undecided"), ([], "failed", "rejected"),
        ), 1,
    ):  # fmt: skip
        ballot = await made.opened(method)
        await made.vote_all(ballot, said)
        done = await made.ended(ballot)
        assert done.result is not None
        assert (done.verdict, done.result.verdict, done.early, done.closed_at) == (verdict, verdict, False, ballot.closes_at)
        counts = done.result.counts
        assert [counts.in_favour, counts.against, counts.abstain] == [said.count(one) for one in ("for", "against", "abstain")]
        (entry,) = await entries(made, ballot)
        assert (entry.method, entry.verdict, entry.ballot, entry.name) == (method, verdict, ballot.id, f"{number}/2026")
        assert await made.state(ballot.proposal.id) == state


async def test_a_late_clock_closes_at_the_deadline(door: Door, clock: FixedClock) -> None:
    """The machine was off over the end of the year: the ballot ended when it was to end, with those who were there then."""
    made = await gather(door, clock, meets=False)
    ballot = await made.opened(until=clock.now() + timedelta(days=10))
    await made.vote_all(ballot, ["for"] * 6)
    made.wait(days=30)
    await made.tick()
    (entry,) = await entries(made, ballot)
    assert (entry.name, entry.taken_at, entry.verdict) == ("1/2026", ballot.closes_at, "passed")


async def test_closing_twice_is_once(door: Door, clock: FixedClock) -> None:
    """The coordinator and the clock, one after the other, in whichever order: one decision, one message a recipient."""
    made = await gather(door, clock)
    ballot = await made.opened()
    await made.vote_all(ballot, ["for"] * 10)
    await made.close(ballot)
    before = await dump(door)
    await made.close(ballot)
    made.at(ballot.closes_at)
    await door.act(lambda uow: closing.by_deadline(uow, ballot.id) and None)
    await door.act(lambda uow: ballot_steps.STEPS.tick(uow) and None)
    assert await dump(door) == before
    assert len(await entries(made, ballot)) == 1


async def test_after_the_deadline_anybody_who_leads_may_close_too(door: Door, clock: FixedClock) -> None:
    """A press between the deadline and the tick closes what is over; it is no early close, and ended at its deadline."""
    made = await gather(door, clock)
    ballot = await made.opened()
    await made.vote_all(ballot, ["for"] * 3)
    made.at(ballot.closes_at + timedelta(seconds=20))
    done = await made.close(ballot)
    assert (done.verdict, done.early, done.closed_at) == ("passed", False, ballot.closes_at)


async def test_no_quorum_at_the_close_is_void(door: Door, clock: FixedClock) -> None:
    """Six of ten were there when it opened, two have left: the ballot is void, whatever was voted, and may be put again."""
    made = await gather(door, clock, present=NAMES[:6])
    ballot = await made.opened()
    await made.vote_all(ballot, ["for"] * 6)
    await made.leave(NAMES[4], NAMES[5])
    done = await made.ended(ballot)
    assert done.result is not None
    assert (done.verdict, done.present_at_close, done.result.quorum_missing) == ("void", 4, 1)
    assert await made.state(ballot.proposal.id) == "undecided"
    await made.come([NAMES[4]])
    again = await made.opened(proposal=ballot.proposal.id)
    await made.vote_all(again, ["for"] * 5)
    assert (await made.ended(again)).verdict == "passed"
    assert [one.verdict for one in await entries(made, again)] == ["void", "passed"]


async def test_whoever_left_after_the_deadline_was_there(door: Door, clock: FixedClock) -> None:
    """Who counts for the quorum is who was there at the deadline, even if the clock comes a little later."""
    made = await gather(door, clock, present=NAMES[:5])
    ballot = await made.opened()
    await made.vote_all(ballot, ["for"] * 5)
    made.at(ballot.closes_at + timedelta(minutes=2))
    await made.leave(NAMES[0])
    await made.tick()
    assert (await door.look(lambda uow: ballots.get(uow, ballot.id))).verdict == "passed"


async def test_by_circulation_the_quorum_is_who_votes(door: Door, clock: FixedClock) -> None:
    """Four of ten have voted: void. Five: it counts."""
    made = await gather(door, clock, meets=False)
    for many, verdict in ((4, "void"), (5, "passed")):
        ballot = await made.opened()
        await made.vote_all(ballot, ["for"] * many)
        done = await made.ended(ballot)
        assert (done.verdict, done.present_at_close) == (verdict, many)


# --- early ------------------------------------------------------------------------------------------------------------


async def test_an_open_ballot_closes_early_once_it_is_certain(door: Door, clock: FixedClock) -> None:
    """Five for of ten leave it open; with the sixth nobody can change the verdict any more."""
    made = await gather(door, clock)
    ballot = await made.opened()
    await made.vote_all(ballot, ["for"] * 5)
    with pytest.raises(Refused, match="cannot be closed yet"):
        await made.close(ballot)
    await made.vote(ballot, NAMES[5], "for")
    done = await made.close(ballot)
    assert (done.verdict, done.early, done.closed_at) == ("passed", True, clock.now())


async def test_a_secret_ballot_closes_early_once_all_have_voted(door: Door, clock: FixedClock) -> None:
    """However certain the result is, nobody may see that before every institution of the roll has voted."""
    made = await gather(door, clock, present=NAMES[:6])
    ballot = await made.opened("secret")
    await made.vote_all(ballot, ["for"] * 5)
    with pytest.raises(Refused, match="cannot be closed yet"):
        await made.close(ballot)
    await made.vote(ballot, NAMES[5], "against")
    assert (await made.close(ballot)).early


async def test_an_early_close_is_refused_in_one_sentence(door: Door, clock: FixedClock) -> None:
    """Why it is too early cannot be told from the refusal, nor what anybody voted."""
    made = await gather(door, clock)
    said = set()
    for method, choices in (("open", []), ("open", ["for"] * 5), ("open", ["for", "against"]), ("secret", ["for"] * 9)):
        ballot = await made.opened(method)
        await made.vote_all(ballot, choices)
        before = await dump(door)
        with pytest.raises(Refused) as refused:
            await made.close(ballot)
        assert await dump(door) == before
        said.add(str(refused.value))
    assert len(said) == 1


async def test_an_early_verdict_is_that_of_every_completion(door: Door, clock: FixedClock) -> None:
    """Chance votes under chance rules: where it closes early, no way to go on would have given another verdict."""
    made = await gather(door, clock, present=NAMES[:6])
    chance = random.Random(3)
    closed = 0
    for _ in range(6):
        await made.rule(
            majority=chance.choice(["simple", "absolute", "two_thirds"]),
            base=chance.choice(["cast", "for_and_against", "present", "entitled"]), reach=chance.choice(["at_least", "more"]),
        )  # fmt: skip
        ballot = await made.opened()
        said = [chance.choice(["for", "for", "against", "abstain"]) for _ in range(chance.randint(3, 6))]
        await made.vote_all(ballot, said)
        try:
            done = await made.close(ballot)
        except Refused:
            continue
        closed += 1
        assert done.result is not None
        for more in _completions(6 - len(said)):
            counts = type(done.result.counts)(*(  # the same votes, and everything the others could have said
                said.count(one) + more.count(one) for one in ("for", "against", "abstain")
            ))  # fmt: skip
            assert decide(ballot.rule, done.result.assembly, counts).verdict == done.verdict
    assert closed, "some of them must close"


def _completions(left: int) -> list[list[str]]:
    found: list[list[str]] = [[]]
    for _ in range(left):
        found = [[*one, word] for one in found for word in ("for", "against", "abstain", "")]
    return found


# --- the chair --------------------------------------------------------------------------------------------------------


async def test_a_tie_is_decided_by_the_chair_where_the_rule_says_so(door: Door, clock: FixedClock) -> None:
    """The casting vote is said before anybody knows that it will matter; the last word counts, and only on a tie."""
    made = await gather(door, clock)
    await made.rule(tie="chair")
    for last, said, verdict, reason in (
        ("for", ["for", "against"], "passed", "casting_vote"), ("against", ["for", "against"], "failed", "casting_vote"),
        ("against", ["for", "for", "against"], "passed", "majority"), ("", ["for", "against"], "failed", "tie"),
    ):  # fmt: skip
        ballot = await made.opened()
        await made.vote_all(ballot, said)
        for choice in ("for", last) if last else ():
            await door.act(lambda uow, b=ballot, c=choice: closing.casting_vote(uow, made.ewa, b.id, c) and None)  # type: ignore[misc]  # mypy sees no default
        done = await made.ended(ballot)
        assert done.result is not None
        assert (done.verdict, done.result.reason) == (verdict, reason)
        assert await made.state(ballot.proposal.id) == {"casting_vote": {"passed": "adopted", "failed": "rejected"}[verdict]}.get(
            reason, "undecided" if reason == "tie" else "adopted"
        )


async def test_the_casting_vote_closes_a_tie_of_everybody(door: Door, clock: FixedClock) -> None:
    """All have voted, five to five: it is certain once the chair has said which way."""
    made = await gather(door, clock)
    await made.rule(tie="chair")
    ballot = await made.opened()
    await made.vote_all(ballot, ["for"] * 5 + ["against"] * 5)
    with pytest.raises(Refused, match="cannot be closed yet"):
        await made.close(ballot)
    await door.act(lambda uow: closing.casting_vote(uow, made.ewa, ballot.id, "for") and None)
    assert (await made.close(ballot)).verdict == "passed"


async def test_a_casting_vote_is_refused_where_there_is_none(door: Door, clock: FixedClock) -> None:
    """By the default rule nobody decides a tie; and nobody but whoever chairs says anything, before the deadline only."""
    made = await gather(door, clock)
    plain = await made.opened()
    await made.rule(tie="chair")
    ballot = await made.opened()
    with pytest.raises(Refused, match="nobody decides a tie"):
        await door.act(lambda uow: closing.casting_vote(uow, made.ewa, plain.id, "for"))
    for who, choice in ((made.heads["GOPS"], "for"), (Actor(None), "for"), (made.ewa, "abstain")):
        with pytest.raises(NotFound):
            await door.act(lambda uow, a=who, c=choice: closing.casting_vote(uow, a, ballot.id, c))  # type: ignore[misc]  # mypy sees no default
    made.at(ballot.closes_at)
    with pytest.raises(Refused, match="over"):
        await door.act(lambda uow: closing.casting_vote(uow, made.ewa, ballot.id, "for"))


async def test_only_whoever_leads_closes(door: Door, clock: FixedClock) -> None:
    """Members and strangers close nothing, and learn nothing by trying."""
    made = await gather(door, clock)
    ballot = await made.opened()
    await made.vote_all(ballot, ["for"] * 10)
    before = await dump(door)
    for who in (made.heads["GOPS"], made.delegates["GOPS"], Actor(10**6)):
        with pytest.raises(NotFound):
            await made.close(ballot, by=who)
    with pytest.raises(NotFound):
        await door.act(lambda uow: closing.close(uow, made.ewa, 10**6))
    assert await dump(door) == before


# --- what follows -----------------------------------------------------------------------------------------------------


async def test_an_adopted_rule_is_in_force_from_now_on(door: Door, clock: FixedClock) -> None:
    """A ballot that is open keeps the rule it was opened with; the next one has the new rule; a rejected one changes nothing."""
    made = await gather(door, clock)

    async def rule_objected() -> int:
        proposal = await made.choose_rule(majority="two_thirds", base="cast")
        return await made.act(lambda uow: objected(uow, made, proposal))

    refused = await made.opened(proposal=await rule_objected())
    await made.vote_all(refused, ["against"] * 6)
    running = await made.opened(minutes=60)
    await made.ended(refused)
    assert await door.look(lambda uow: rules.of(uow, made.body)) == running.rule
    change = await made.opened(proposal=await rule_objected())
    await made.vote_all(change, ["for"] * 6)
    await made.ended(change)
    assert (await door.look(lambda uow: rules.of(uow, made.body))).majority == Fraction(2, 3)
    assert (await door.look(lambda uow: ballots.get(uow, running.id))).rule == running.rule
    assert (await made.opened()).rule.majority == Fraction(2, 3)


async def test_everybody_is_told_once(door: Door, clock: FixedClock) -> None:
    """Every entitled institution, voting or not, through its proper person, and whoever coordinates."""
    made = await gather(door, clock, present=NAMES[:6])
    ballot = await made.opened()
    await made.vote_all(ballot, ["for"] * 4)
    await made.ended(ballot)
    (entry,) = await entries(made, ballot)
    told = await door.look(lambda uow: notices.of_subject(uow, entry.subject))
    kinds = [one.recipient.partition(":")[0] for one in told]
    assert (kinds.count("seat"), kinds.count("post")) == (10, 1)


async def test_what_is_frozen_stays(door: Door, clock: FixedClock) -> None:
    """The result is read as it was that day, not counted anew from what stands now."""
    made = await gather(door, clock)
    ballot = await made.opened()
    await made.vote_all(ballot, ["for"] * 6)
    done = await made.ended(ballot)
    await door.act(lambda uow: uow.connection.exec_driver_sql("update vote set choice = 'against'") and None)
    assert (await door.look(lambda uow: ballots.get(uow, ballot.id))).result == done.result


async def test_one_ballot_that_fails_does_not_keep_the_others_open(
    door: Door, clock: FixedClock, restored: Iterator[None], capsys: pytest.CaptureFixture[str]
) -> None:
    """A ballot whose rule cannot be read any more is left for later and logged; the one behind it is closed on time."""
    logs.configure("info", "json")
    made = await gather(door, clock)
    broken, sound = await made.opened(), await made.opened()

    async def has_rule(words: str) -> None:
        await door.act(lambda uow: uow.execute(update(BALLOT).where(BALLOT.c.id == broken.id).values(rule=words)) and None)

    await has_rule("{")
    made.at(sound.closes_at)
    await door.act(lambda uow: housekeeping.tick(uow) and None)
    rows = await door.look(lambda uow: {row.id: row.verdict for row in uow.execute(select(BALLOT.c.id, BALLOT.c.verdict))})
    assert rows == {broken.id: "", sound.id: "failed"}
    (said,) = [json.loads(line) for line in capsys.readouterr().err.splitlines() if "a step failed" in line]
    assert (said["of"], said["number"]) == ("ballot", broken.id)
    await has_rule(json.dumps(written(sound.rule)))
    made.wait(minutes=11)
    await made.tick()
    assert (await door.look(lambda uow: ballots.get(uow, broken.id))).verdict == "failed"
