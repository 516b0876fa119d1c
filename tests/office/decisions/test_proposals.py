"""Proposals: who enters one, where it is decided, what changes it, and what was said about it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from tests.office.decisions.consenting import Consenting, gather
from tests.office.decisions.network import TEXT, TITLE
from tests.office.meetings.calling import IGOR, Calling, elsewhere

from konwent_bot.clock import FixedClock
from konwent_bot.errors import NotFound, Refused
from konwent_bot.office.decisions import changing, discussion, facts, proposals, reading, rounds
from konwent_bot.office.door import Door
from konwent_bot.office.meetings import agenda, agenda_items, convening, entering
from konwent_bot.office.meetings import facts as meetings
from konwent_bot.office.rights import OPERATOR
from konwent_bot.office.subjects import Subject
from konwent_bot.store.tables import AGENDA_ITEM, PROPOSAL_TEXT


@pytest.fixture
async def net(door: Door, clock: FixedClock) -> Consenting:
    """Ten institutions at a meeting."""
    return await gather(door, clock)


# --- entering ---------------------------------------------------------------------------------------------------------


async def test_a_proposal_has_its_place_on_the_agenda(net: Consenting) -> None:
    """GOPS proposes at the meeting: the proposal stands with its institution, and as a matter of its own on the agenda."""
    found = await net.proposal(await net.enter())
    assert (found.title, found.text, found.proposer, found.state, found.version) == (TITLE, TEXT, "GOPS", "discussion", 1)
    meeting = await net.look(lambda uow: meetings.get(uow, found.meeting or 0))
    lines = await net.look(lambda uow: [(one.title, one.institution) for one in agenda.lines(uow, meeting)])
    assert (TITLE, "GOPS") in lines


async def test_several_proposals_belong_to_one_matter(net: Consenting) -> None:
    """A second proposal for the same matter makes no second one; a matter of another meeting, or none, is not found."""
    first = await net.proposal(await net.enter())
    second = await net.proposal(await net.enter("Parafia", title="Inaczej", item=(str(first.item),)))
    assert second.item == first.item
    with pytest.raises(NotFound):
        await net.enter("Parafia", item=("999999",))


async def test_whoever_coordinates_proposes_for_no_institution(net: Consenting) -> None:
    """The coordinator's proposal names no institution; a head may not enter one so."""
    assert (await net.proposal(await net.enter(post=True))).membership is None
    with pytest.raises(NotFound):
        await net.enter(post=True, by=net.heads["GOPS"])


async def test_a_body_may_let_only_its_coordinator_propose(net: Consenting) -> None:
    """Once the body chose so, members are told whom to ask, and are offered nothing."""

    async def offered() -> tuple[int | None, ...]:
        anna = net.heads["GOPS"].person or 0
        return await net.look(lambda uow: proposals.may_enter_for(uow, anna, net.body, net.meeting))

    assert await offered() == (net.memberships["GOPS"],)
    await net.choose(proposers="coordinator")
    with pytest.raises(Refused, match="coordinat"):
        await net.enter()
    assert await offered() == ()
    await net.enter(post=True)


async def test_nobody_proposes_for_another_institution_or_body(net: Consenting) -> None:
    """Neither for a neighbour, nor as a stranger, nor for a meeting of another network."""
    with pytest.raises(NotFound):
        await net.enter("Parafia", by=net.heads["GOPS"])
    other = await elsewhere(Calling(net.door, net.clock, net.body, net.ewa))
    with pytest.raises(NotFound):
        await net.enter("Parafia", by=other.by(IGOR))
    said = proposals.Entered(title=TITLE, text=TEXT)
    subject = Subject("proposal.enter", other.body, meeting=net.meeting)
    with pytest.raises(NotFound):
        await net.act(lambda uow: proposals.enter(uow, OPERATOR, subject, said) and None)
    number = await net.enter()
    with pytest.raises(NotFound):
        await net.look(lambda uow: facts.see(uow, other.by(IGOR), number))


async def test_nothing_is_proposed_for_a_meeting_that_is_over(net: Consenting) -> None:
    """The meeting is noted as held; what is proposed now belongs to the next one."""
    await held(net)
    with pytest.raises(Refused):
        await net.enter()


async def test_an_institution_has_so_many_proposals_open(net: Consenting) -> None:
    """Ten of one institution may be open; another one may still propose."""
    item = str((await net.proposal(await net.enter())).item)
    for number in range(proposals.MOST_OPEN - 1):
        await net.enter(title=f"Wniosek {number}", item=(item,))
    with pytest.raises(Refused):
        await net.enter(item=(item,))
    await net.enter("Parafia", item=(item,))


# --- the discussion ---------------------------------------------------------------------------------------------------


async def test_what_is_said_is_read_by_the_network(net: Consenting) -> None:
    """GOPS and the coordinator speak, each under its name; a member of the parish reads it in order."""
    proposal = await net.enter()
    await net.say(proposal, "Biblioteka", "We wtorki mamy zamknięte.")
    subject = Subject("proposal.comment", net.body, proposal=proposal)
    said = discussion.Comment(text="Może w czwartki?")
    await net.act(lambda uow: discussion.comment(uow, net.ewa, subject, said) and None)
    found = await net.look(lambda uow: discussion.comments(uow, net.heads["Parafia"], proposal))
    assert [(one.institution, one.text, one.version) for one in found] == [
        ("Biblioteka", "We wtorki mamy zamknięte.", 1), ("", "Może w czwartki?", 1),
    ]  # fmt: skip


async def test_a_closed_discussion_takes_no_more_words(net: Consenting) -> None:
    """Nothing is said after the close, until whoever leads opens it again."""
    proposal = await net.discussed()
    with pytest.raises(Refused):
        await net.say(proposal, "Biblioteka", "Jeszcze jedno")
    await net.act(lambda uow: discussion.reopen(uow, net.ewa, proposal))
    await net.say(proposal, "Biblioteka", "Jeszcze jedno")
    with pytest.raises(NotFound):
        await net.act(lambda uow: discussion.close(uow, net.heads["Biblioteka"], proposal))
    with pytest.raises(NotFound):
        await net.say(proposal, "Biblioteka", "Nie moje", by=net.heads["Parafia"])


# --- another text, taken back, put off --------------------------------------------------------------------------------


async def test_an_amendment_makes_a_new_text_and_keeps_the_old(net: Consenting) -> None:
    """GOPS amends its proposal: both texts stand, the second is the one in question, and it is discussed anew."""
    proposal = await net.discussed()
    await net.amend(proposal, "Raz w miesiącu.", by=net.heads["GOPS"])
    found = await net.proposal(proposal)
    assert (found.state, found.version) == ("discussion", 2)
    texts = await net.look(lambda uow: reading.texts(uow, found))
    assert [(one.version, one.text, one.reason) for one in texts] == [(2, "Raz w miesiącu.", "Po dyskusji"), (1, TEXT, "")]
    with pytest.raises(Refused):
        await net.amend(proposal, "Raz w miesiącu.")  # nothing would change
    assert await net.count(PROPOSAL_TEXT) == 2


async def test_only_whose_it_is_and_who_leads_change_it(net: Consenting) -> None:
    """The second person of GOPS may, the parish may not; nor may it take the proposal back."""
    proposal = await net.enter()
    with pytest.raises(NotFound):
        await net.amend(proposal, "Co innego.", by=net.heads["Parafia"])
    with pytest.raises(NotFound):
        await net.act(lambda uow: changing.withdraw(uow, net.heads["Parafia"], proposal))
    await net.amend(proposal, "Co innego.", by=net.delegates["GOPS"])


async def test_a_proposal_taken_back_is_over(net: Consenting) -> None:
    """It is withdrawn while institutions are asked: the round ends, nobody is asked any more, and nothing of it changes again."""
    round_ = await net.asked()
    anna = net.heads["GOPS"]
    for _ in range(2):
        assert (await net.act(lambda uow: changing.withdraw(uow, anna, round_.proposal))).state == "withdrawn"
    assert (await net.round(round_.id)).outcome == "called_off"
    for act in (discussion.close, discussion.reopen, changing.postpone):
        with pytest.raises(Refused):
            await net.act(lambda uow, act=act: act(uow, net.ewa, round_.proposal))  # type: ignore[misc]  # mypy sees no default
    with pytest.raises(Refused):
        await net.amend(round_.proposal, "Co innego.")
    assert await net.look(lambda uow: reading.of_body(uow, anna, net.body)) == []


async def next_meeting(net: Consenting) -> int:
    """Enter a meeting four weeks later and call everybody to it."""
    when = net.clock.now() + timedelta(days=28)
    given = entering.MeetingEntered.model_validate(
        {"kind": "strategic", "when": f"{when:%Y-%m-%d}T10:00", "length": "m120", "mode": "in_person", "place": "Sala 7"}
    )
    subject = Subject("meeting.enter", net.body)
    done = await net.act(lambda uow: entering.enter(uow, net.ewa, subject, given))
    await net.act(lambda uow: convening.convene(uow, net.ewa, done.meeting or 0))
    return done.meeting or 0


async def held(net: Consenting) -> None:
    """Note that the meeting took place: what it left open goes on."""
    await net.act(lambda uow: convening.close(uow, net.ewa, net.meeting or 0, held=True))


async def test_an_objection_may_be_put_off_to_the_next_meeting(net: Consenting) -> None:
    """The matter is left open, and once the meeting is over it is carried over and the proposal goes with it, to be discussed once more."""
    later = await next_meeting(net)
    proposal = await net.objected(post=False)
    assert (await net.act(lambda uow: changing.postpone(uow, net.ewa, proposal))).state == "discussion"
    await held(net)
    put_off = await net.proposal(proposal)
    assert (put_off.meeting, put_off.state) == (later, "discussion")
    items = await net.look(lambda uow: uow.execute(select(AGENDA_ITEM).where(AGENDA_ITEM.c.title == TITLE)).all())
    assert [(one.meeting_id, one.outcome) for one in items] == [(net.meeting, "carried"), (later, "")]
    assert put_off.item == items[1].id
    with pytest.raises(Refused):
        await net.open(proposal)


async def test_put_off_before_there_is_a_next_meeting(net: Consenting) -> None:
    """No next meeting is called yet: the proposal waits, and goes with its matter as soon as one is."""
    proposal = await net.objected(post=False)
    await net.act(lambda uow: changing.postpone(uow, net.ewa, proposal))
    await held(net)
    assert (await net.proposal(proposal)).meeting == net.meeting
    later = await next_meeting(net)
    found = await net.proposal(proposal)
    assert (found.meeting, found.state) == (later, "discussion")


async def test_a_matter_taken_back_brings_its_proposal_back(net: Consenting) -> None:
    """It was put off by mistake: noted as done after all, the matter leaves the later agenda, and the proposal with it, unless it is decided there."""
    await next_meeting(net)
    proposal = await net.discussed()
    item = (await net.proposal(proposal)).item or 0
    await held(net)
    assert (await net.act(lambda uow: changing.postpone(uow, net.ewa, proposal))).meeting != net.meeting
    await net.act(lambda uow: agenda_items.note(uow, net.ewa, item, "done"))
    found = await net.proposal(proposal)
    assert (found.meeting, found.item) == (net.meeting, item)
    await net.act(lambda uow: changing.postpone(uow, net.ewa, proposal))
    await net.act(lambda uow: changing.withdraw(uow, net.ewa, proposal))
    with pytest.raises(Refused):
        await net.act(lambda uow: agenda_items.note(uow, net.ewa, item, "done"))


async def test_what_is_being_asked_about_is_not_put_off(net: Consenting) -> None:
    """While a round is open the proposal stays where it is, even if its matter is noted as open."""
    await next_meeting(net)
    round_ = await net.asked()
    with pytest.raises(Refused):
        await net.act(lambda uow: changing.postpone(uow, net.ewa, round_.proposal))
    item = (await net.proposal(round_.proposal)).item or 0
    await net.act(lambda uow: agenda_items.note(uow, net.ewa, item, "open"))
    await held(net)
    assert (await net.proposal(round_.proposal)).meeting == net.meeting
    await net.take(round_, "Biblioteka", "object")
    await net.ended(round_)
    await net.act(lambda uow: changing.postpone(uow, net.ewa, round_.proposal))
    assert (await net.proposal(round_.proposal)).meeting != net.meeting


# --- lists ------------------------------------------------------------------------------------------------------------


async def test_what_each_may_do_is_said_as_it_is(net: Consenting) -> None:
    """What screens offer on the way from a proposal to a decision, to the coordinator, to whose it is, and to another member."""
    proposal = await net.enter()

    async def can(who: str = "") -> set[str]:
        actor = net.heads[who] if who else net.ewa
        return set(await net.look(lambda uow: reading.can(uow, actor, facts.get(uow, proposal))))

    assert await can() == {"comment", "amend", "withdraw", "close_discussion", "postpone"}
    assert await can("GOPS") == {"comment", "amend", "withdraw"}
    assert await can("Parafia") == {"comment"}
    await net.act(lambda uow: discussion.close(uow, net.ewa, proposal))
    assert await can() == {"amend", "withdraw", "open_round", "reopen", "postpone"}
    round_ = await net.open(proposal)
    assert await can() == {"amend", "withdraw", "call"}
    assert await can("Parafia") == {"stance"}
    await net.call(round_)
    assert await can() == {"amend", "withdraw", "close_round"}
    await net.take(round_, "Parafia", "object")
    await net.close(round_)
    assert await can() == {"amend", "withdraw", "reopen", "ballot", "postpone"}
    assert await can("Parafia") == set()


async def test_what_awaits_whom(net: Consenting) -> None:
    """A round awaits the institutions that said nothing; what was objected to awaits the coordinator."""
    round_ = await net.asked()
    ewa, celina = net.ewa.person or 0, net.heads["Biblioteka"].person or 0
    found = await net.look(lambda uow: [(one.title, place.name) for one, _, place in rounds.waiting(uow, celina)])
    assert found == [(TITLE, "Biblioteka")]
    await net.take(round_, "Biblioteka", "object")
    assert await net.look(lambda uow: rounds.waiting(uow, celina)) == []
    assert await net.look(lambda uow: reading.to_lead(uow, ewa)) == []
    await net.ended(round_)
    assert [one.id for one in await net.look(lambda uow: reading.to_lead(uow, ewa))] == [round_.proposal]
    assert await net.look(lambda uow: reading.to_lead(uow, celina)) == []
