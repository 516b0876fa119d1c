"""Consensus at a meeting: a round after the discussion, a stance of each institution, the final call, and what follows."""

from __future__ import annotations

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from tests.office.decisions.consenting import Consenting, gather
from tests.office.decisions.network import NAMES, TEXT

from konwent_bot.clock import FixedClock
from konwent_bot.errors import Invalid, NotFound, Refused
from konwent_bot.office.decisions import consensus, discussion, register, rounds
from konwent_bot.office.decisions.rounds import Round
from konwent_bot.office.door import Door
from konwent_bot.office.subjects import Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import BALLOT, CONSENSUS_ROUND, STANCE


@pytest.fixture
async def net(door: Door, clock: FixedClock) -> Consenting:
    """Ten institutions at a meeting."""
    return await gather(door, clock)


async def test_nobody_objects_so_it_is_adopted(net: Consenting) -> None:
    """Seven agree, one with a reservation, one stands aside, one says nothing: adopted by consensus, and it is in the register."""
    round_ = await net.asked()
    await net.take_all(round_, ["agree"] * 7 + ["reserve", "stand_aside"])
    done = await net.ended(round_)
    assert done.outcome == "adopted"
    assert done.result is not None
    assert (done.result.stances.agree, done.result.stances.reserve, done.result.silent, done.result.unanimous) == (7, 1, 1, False)
    assert (await net.proposal(round_.proposal)).state == "adopted"
    assert await net.decisions(round_.proposal) == [("consensus", "passed")]


async def test_all_agree_is_noted(net: Consenting) -> None:
    """All ten say that they agree: the decision is unanimous."""
    round_ = await net.asked()
    await net.take_all(round_, ["agree"] * 9 + ["reserve"])
    done = await net.ended(round_)
    assert done.result is not None
    assert done.result.unanimous


async def test_one_objection_is_enough(net: Consenting) -> None:
    """Nine agree and the library objects: no consensus, nothing is decided, and its reason stands with its name."""
    round_ = await net.asked()
    await net.take_all(round_, ["object"] + ["agree"] * 9)
    done = await net.ended(round_)
    assert done.outcome == "objected"
    assert [(one.name, one.reason, one.remedy) for one in done.objections] == [("Biblioteka", "Za drogo", "Raz w miesiącu")]
    assert (await net.proposal(round_.proposal)).state == "objected"
    assert await net.decisions(round_.proposal) == []


async def test_no_round_before_the_discussion_is_closed(net: Consenting) -> None:
    """While people still discuss, nobody is asked."""
    proposal = await net.enter()
    with pytest.raises(Refused):
        await net.open(proposal)
    await net.act(lambda uow: discussion.close(uow, net.ewa, proposal))
    assert (await net.open(proposal)).number == 1


async def test_a_round_opened_twice_is_one(net: Consenting) -> None:
    """Two presses of the coordinator: one round, one roll, one question to each."""
    proposal = await net.discussed()
    first, second = await net.open(proposal), await net.open(proposal)
    assert first.id == second.id
    assert await net.count(CONSENSUS_ROUND) == 1
    assert await net.notices("consensus.opened") == sorted(f"{name} head" for name in NAMES)


async def test_too_few_for_a_quorum_and_how_many_are_missing(door: Door, clock: FixedClock) -> None:
    """Three of ten are there: no round, and the sentence says that two are missing. With two more there is one."""
    net = await gather(door, clock, present=NAMES[:3])
    proposal = await net.discussed()
    with pytest.raises(Refused) as refused:
        await net.open(proposal)
    assert refused.value.facts["missing"] == 2
    await net.come(NAMES[3:5])
    assert [one.name for one in (await net.open(proposal)).places] == list(NAMES[:5])


async def test_who_comes_late_joins_the_next_round(door: Door, clock: FixedClock) -> None:
    """The school comes after the round was opened: it is not on this roll, and on the next one it is."""
    net = await gather(door, clock, present=NAMES[:9])
    round_ = await net.asked()
    await net.come(["Szkoła"])
    with pytest.raises(Refused, match="next round"):
        await net.take(round_, "Szkoła")
    await net.take(round_, "Biblioteka", "object")
    assert (await net.ended(round_)).entitled == 10
    await net.amend(round_.proposal, "Raz w miesiącu.")
    await net.act(lambda uow: discussion.close(uow, net.ewa, round_.proposal))
    second = await net.open(round_.proposal)
    assert (second.number, second.version, len(second.places)) == (2, 2, 10)
    await net.take(second, "Szkoła")


async def test_the_final_call_comes_before_the_close(net: Consenting) -> None:
    """Nobody is passed over: the round cannot be closed before it was asked aloud whether anybody objects, and who was silent may still object."""
    round_ = await net.asked()
    with pytest.raises(Refused):
        await net.close(round_)
    called = await net.call(round_)
    assert called.called_at is not None
    assert (await net.call(round_)).called_at == called.called_at
    await net.take(round_, "Parafia", "object")
    assert (await net.close(round_)).outcome == "objected"
    assert (await net.close(round_)).outcome == "objected"  # pressed once more


async def test_an_institution_has_one_stance(net: Consenting) -> None:
    """The library agrees, and then it objects: the later word counts, and there is one."""
    round_ = await net.asked()
    await net.take(round_, "Biblioteka")
    await net.take(round_, "Biblioteka", "object")
    assert await net.count(STANCE) == 1
    assert (await net.take(round_, "Biblioteka", "stand_aside")).place(net.memberships["Biblioteka"]).reason == ""


async def test_the_proper_person_prevails(net: Consenting) -> None:
    """The second person of GOPS agrees, its head objects: that stands, whatever the second says afterwards."""
    round_ = await net.asked()
    await net.take(round_, "GOPS", by=net.delegates["GOPS"])
    await net.take(round_, "GOPS", "object")
    with pytest.raises(Refused):
        await net.take(round_, "GOPS", by=net.delegates["GOPS"])
    assert [one.name for one in (await net.round(round_.id)).objections] == ["GOPS"]


async def test_what_was_said_aloud_never_prevails_over_its_people(net: Consenting) -> None:
    """The coordinator notes what the parish said aloud; the parish enters something else, and then nothing can be noted over it."""
    round_ = await net.asked()
    whose = net.memberships["Parafia"]
    await net.act(lambda uow: consensus.note(uow, net.ewa, round_.id, whose, "agree"))
    await net.take(round_, "Parafia", "object", by=net.delegates["Parafia"])
    with pytest.raises(Refused):
        await net.act(lambda uow: consensus.note(uow, net.ewa, round_.id, whose, "agree"))
    assert (await net.round(round_.id)).place(whose).stance == "object"


async def test_an_objection_says_why_and_what_would_help(net: Consenting) -> None:
    """An objection without a reason, or without a way out, is not taken, whoever enters it."""
    round_ = await net.asked()
    whose, head = net.memberships["Biblioteka"], net.heads["Biblioteka"]
    subject = Subject("stance.object", net.body, proposal=round_.proposal, consensus=round_.id, membership=whose)
    for reason, remedy in (("", "Taniej"), ("Za drogo", "  "), (" ", "")):
        said = consensus.Objection(reason=reason, remedy=remedy)
        with pytest.raises(Invalid):
            await net.act(lambda uow, said=said: consensus.object_(uow, head, subject, said))  # type: ignore[misc]  # mypy sees no default
        words = (reason, remedy)
        with pytest.raises(Invalid):
            await net.act(lambda uow, w=words: consensus.note(uow, net.ewa, round_.id, whose, "object", *w))  # type: ignore[misc]  # mypy sees no default
    assert await net.count(STANCE) == 0


async def test_what_is_noted_holds_no_personal_data(net: Consenting) -> None:
    """A telephone number in a reason that is noted is refused."""
    round_ = await net.asked()
    whose = net.memberships["Biblioteka"]
    with pytest.raises(Invalid):
        await net.act(lambda uow: consensus.note(uow, net.ewa, round_.id, whose, "reserve", "Proszę dzwonić: 601 234 567"))


async def test_nobody_speaks_for_another_institution(net: Consenting) -> None:
    """The head of GOPS cannot speak for the library, a stranger for nobody, and no number that was made up leads anywhere."""
    round_ = await net.asked()
    whose = net.memberships["Biblioteka"]
    for actor in (net.heads["GOPS"], net.ewa):
        with pytest.raises(NotFound):
            await net.take(round_, "Biblioteka", by=actor)
    for number in (0, round_.id + 1, -1):
        with pytest.raises(NotFound):
            await net.act(lambda uow, n=number: consensus.take(uow, net.heads["Biblioteka"], n, whose, "agree"))  # type: ignore[misc]  # mypy sees no default
    for stance in ("object", "reserve", "veto", ""):
        with pytest.raises(NotFound):
            await net.act(
                lambda uow, s=stance: consensus.take(uow, net.heads["Biblioteka"], round_.id, whose, s)  # type: ignore[misc]  # mypy sees no default
            )
    assert await net.count(STANCE) == 0


async def test_who_handed_over_a_minute_ago_says_nothing_any_more(net: Consenting) -> None:
    """The head of GOPS gave the place away while the round was open: the next press is answered as if there were nothing."""
    round_ = await net.asked()
    former = net.heads["GOPS"]
    await net.hand_over("GOPS", "head")
    with pytest.raises(NotFound):
        await net.take(round_, "GOPS", by=former)
    with pytest.raises(NotFound):
        await net.look(lambda uow: rounds.see(uow, former, round_.id))
    await net.take(round_, "GOPS", by=net.delegates["GOPS"])


async def test_only_who_leads_opens_calls_and_closes(net: Consenting) -> None:
    """A member may do none of it, however they come by the numbers."""
    proposal = await net.discussed()
    anna = net.heads["GOPS"]
    with pytest.raises(NotFound):
        await net.open(proposal, by=anna)
    round_ = await net.open(proposal)
    for act in (consensus.call, consensus.close):
        with pytest.raises(NotFound):
            await net.act(lambda uow, act=act: act(uow, anna, round_.id))  # type: ignore[misc]  # mypy sees no default
    with pytest.raises(NotFound):
        await net.act(lambda uow: consensus.note(uow, anna, round_.id, net.memberships["Parafia"], "agree"))


async def test_nothing_is_said_after_the_close(net: Consenting) -> None:
    """A late tap changes nothing."""
    round_ = await net.asked()
    await net.take(round_, "Biblioteka", "object")
    done = await net.ended(round_)
    for stance in ("agree", "reserve"):
        with pytest.raises(Refused):
            await net.take(round_, "Biblioteka", stance)
    assert await net.round(round_.id) == done


async def test_another_text_calls_the_round_off(net: Consenting) -> None:
    """The text is amended while institutions are being asked: that round ends without a result, and the discussion is open again."""
    round_ = await net.asked()
    await net.take(round_, "Biblioteka", "object")
    await net.amend(round_.proposal, "Raz w miesiącu.")
    off = await net.round(round_.id)
    assert (off.outcome, off.result, off.version) == ("called_off", None, 1)
    proposal = await net.proposal(round_.proposal)
    assert (proposal.state, proposal.version, proposal.text, proposal.discussed_at) == ("discussion", 2, "Raz w miesiącu.", None)
    with pytest.raises(Refused):
        await net.take(round_, "GOPS")
    assert await net.notices("consensus.opened") == []


async def test_there_is_no_ballot_without_an_objection_by_no_route(net: Consenting) -> None:
    """No ballot on a round that is open, or was called off, or objected to another text: the tables themselves take none (R6)."""
    round_ = await net.asked()
    for outcome in ("objected", "", "adopted"):
        with pytest.raises(IntegrityError):
            await net.act(lambda uow, o=outcome: ballot(uow, round_, o))  # type: ignore[misc]  # mypy sees no default
    await net.take(round_, "Biblioteka", "object")
    await net.ended(round_)
    await net.amend(round_.proposal, "Raz w miesiącu.")
    with pytest.raises(IntegrityError):
        await net.act(lambda uow: ballot(uow, round_, "objected", version=2))
    await net.act(lambda uow: ballot(uow, round_, "objected"))  # on the text that was objected to it could be written


def ballot(uow: UnitOfWork, round_: Round, outcome: str, version: int = 1) -> None:
    """Write a ballot straight into the store, as no act would."""
    values = {
        "proposal_id": round_.proposal, "round_id": round_.id, "round_outcome": outcome, "version": version, "method": "open",
        "rule": "{}", "entitled": 10, "present": 10, "opened_at": uow.now, "closes_at": uow.now,
    }  # fmt: skip
    uow.execute(insert(BALLOT).values(**values))


async def test_the_text_that_is_adopted_is_the_one_that_was_asked_about(net: Consenting) -> None:
    """The decision holds the second text, after the first was objected to."""
    proposal = await net.objected(post=False)
    await net.amend(proposal, "Raz w miesiącu.")
    await net.act(lambda uow: discussion.close(uow, net.ewa, proposal))
    await net.ended(await net.open(proposal))
    entry = (await net.look(lambda uow: register.of_proposal(uow, proposal)))[0]
    assert (entry.text, entry.version, entry.method) == ("Raz w miesiącu.", 2, "consensus")
    assert entry.text != TEXT
