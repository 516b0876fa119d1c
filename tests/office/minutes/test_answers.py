"""Answers to minutes: what each state allows, what silence is, who may speak, and until when."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Final

import pytest
from tests.office.decisions.network import NAMES
from tests.office.minutes.answering import REASON, Answering, accepted, declined, gather, remarked
from tests.office.minutes.network import said
from tests.office.rosters import accept, bring_in, dump, enter, seat_of

from konwent_bot.clock import FixedClock
from konwent_bot.errors import KonwentError, NotFound, Refused
from konwent_bot.office.door import Door
from konwent_bot.office.meetings.facts import members_of_body
from konwent_bot.office.minutes import annexes, answers, circulating, notes, remarks
from konwent_bot.office.minutes.facts import Minutes
from konwent_bot.office.rights import Actor
from konwent_bot.office.subjects import Subject
from konwent_bot.office.unit import UnitOfWork

#: What each state of minutes makes of each move; ``done``: it is allowed. GOPS has a remark, but in a draft.
MOVES: Final = {
    #              draft       circulated  settle      amend       final
    "accept":     ("NotFound", "done",     "done",     "done",     "Refused"),
    "remark":     ("NotFound", "done",     "done",     "done",     "Refused"),
    "take back":  ("NotFound", "done",     "done",     "Refused",  "Refused"),
    "take up":    ("NotFound", "done",     "done",     "done",     "Refused"),
    "decline":    ("NotFound", "done",     "done",     "Refused",  "Refused"),
    "write":      ("done",     "done",     "done",     "done",     "Refused"),
    "circulate":  ("done",     "Refused",  "Refused",  "done",     "Refused"),
    "annex":      ("Refused",  "Refused",  "Refused",  "Refused",  "done"),
}  # fmt: skip
STATES: Final = ("draft", "circulated", "settle", "amend", "final")


@pytest.fixture
async def net(door: Door, clock: FixedClock) -> Answering:
    """Ten institutions, nine of them at a meeting."""
    return await gather(door, clock)


async def brought_to(net: Answering, state: str) -> tuple[Minutes, int]:
    """Bring minutes to a state; give them, and the remark of GOPS (0: it has none)."""
    if state == "draft":
        return await net.closed(), 0
    minutes = await net.sent()
    remark = await net.remark(minutes, "GOPS")
    if state != "circulated":
        await net.accept_all(minutes, but=["GOPS"])
    if state == "amend":
        await net.take_up(remark)
    if state == "final":
        await net.decline(remark)
    return await net.minutes(minutes.id), remark


@pytest.mark.parametrize("state", STATES)
async def test_what_each_state_allows(net: Answering, state: str) -> None:
    """Nobody answers a draft; nothing goes out anew while somebody may answer or a remark waits; what is final is put right by an annex only."""
    minutes, remark = await brought_to(net, state)
    about = Subject("-", net.body, minutes=minutes.id, item=0)

    def annexed(uow: UnitOfWork) -> None:
        annexes.annex(uow, net.ewa, about, annexes.Annexed(text="Było nas dziewięcioro."))

    moves = {
        "accept": lambda uow: accepted(uow, net, minutes.id, "GOPS", version=1),
        "remark": lambda uow: remarked(uow, net, minutes.id, "GOPS"),
        "take back": lambda uow: remarks.take_back(uow, net.heads["GOPS"], remark),
        "take up": lambda uow: remarks.accept(uow, net.ewa, remark),
        "decline": lambda uow: declined(uow, net, remark),
        "write": lambda uow: notes.write(uow, net.maria, about, notes.Written(text="Jeszcze jedno.")),
        "circulate": lambda uow: circulating.circulate(uow, net.ewa, minutes.id, minutes.edition),
        "annex": annexed,
    }
    ended = {name: await net.tried(move) for name, move in moves.items()}
    assert ended == {name: expected[STATES.index(state)] for name, expected in MOVES.items()}
    assert (await net.minutes(minutes.id)) == minutes


async def test_silence_until_the_deadline_is_acceptance(net: Answering) -> None:
    """Two have accepted, eight are silent: at the deadline the version is final, and says who did which."""
    minutes = await net.sent()
    for name in ("GOPS", "Szkoła"):
        await net.accept(minutes, name)
    net.till_deadline(minutes, minutes=1)
    await net.tick()
    assert (await net.minutes(minutes.id)).state == "circulated"
    done = await net.over(minutes)
    assert (done.state, done.version, done.next_step_at) == ("final", 2, None)
    answered = await net.said(minutes, 1)
    assert answered == {name: "accepted" if name in ("GOPS", "Szkoła") else "deemed" for name in NAMES}
    assert {one.answered_at for one in (await net.roll(minutes, 1)).deemed} == {minutes.answer_until}
    first, last = await net.versions(minutes)
    assert (first.kind, last.kind) == ("circulated", "final")
    text = said(last.content)
    assert "GOPS" in text
    assert "Szkoła" in text
    assert last.content.draft == first.content.draft


async def test_when_all_have_accepted_nobody_waits_for_the_day(net: Answering) -> None:
    """The last of ten accepts: the minutes are final at once; until then they are not."""
    minutes = await net.sent()
    await net.accept_all(minutes, but=["Szkoła"])
    assert (await net.minutes(minutes.id)).state == "circulated"
    await net.accept(minutes, "Szkoła", by=net.delegates["Szkoła"])
    done = await net.minutes(minutes.id)
    assert (done.state, done.final_at) == ("final", net.clock.now())


async def test_accepting_twice_is_once(net: Answering) -> None:
    """A second press, of one's own or of a colleague's, changes nothing; nor does one after it was final."""
    minutes = await net.sent()
    await net.accept(minutes, "GOPS")
    before = await dump(net.door)
    await net.accept(minutes, "GOPS")
    await net.accept(minutes, "GOPS", by=net.delegates["GOPS"])
    assert await dump(net.door) == before
    await net.accept_all(minutes, but=["GOPS"])
    final = await dump(net.door)
    await net.accept(minutes, "Szkoła", version=1)
    assert await dump(net.door) == final


async def test_an_answer_may_be_changed_until_the_deadline(net: Answering) -> None:
    """Who accepted may have a remark after all; who had remarks and accepts takes back those that are open, and those only."""
    minutes = await net.sent()
    await net.accept(minutes, "GOPS")
    declined_one = await net.remark(minutes, "GOPS", by=net.delegates["GOPS"])
    await net.remark(minutes, "GOPS", "I skończyło o 12:00.")
    assert await net.said(minutes, 1) == {"GOPS": "remarks"}
    await net.decline(declined_one)
    await net.accept(minutes, "GOPS")
    found = await net.roll(minutes, 1)
    assert [(one.id, one.state, one.reason) for one in found.remarks] == [(declined_one, "declined", REASON)]
    assert found.place(net.memberships["GOPS"]).answer == "accepted"


async def test_a_remark_can_be_taken_back(net: Answering) -> None:
    """With its last remark taken back an institution has not answered; it may begin anew, or be silent."""
    minutes = await net.sent()
    one, other = await net.remark(minutes, "GOPS"), await net.remark(minutes, "GOPS")
    take_back = partial(remarks.take_back, actor=net.heads["GOPS"])
    await net.act(lambda uow: take_back(uow, number=one) and None)
    assert await net.said(minutes, 1) == {"GOPS": "remarks"}
    assert await net.tried(lambda uow: remarks.take_back(uow, net.heads["Szkoła"], other)) == "NotFound"
    await net.act(lambda uow: take_back(uow, number=other) and None)
    assert await net.said(minutes, 1) == {}
    assert (await net.over(minutes)).state == "final"


async def test_after_the_deadline_nobody_answers(net: Answering) -> None:
    """A correction at the very moment of the deadline comes too late, with the day said; also while the clock has not looked yet."""
    minutes = await net.sent()
    kept = await net.remark(minutes, "GOPS")
    net.till_deadline(minutes)
    for work in (
        lambda: net.remark(minutes, "Szkoła"), lambda: net.accept(minutes, "Szkoła"), lambda: net.accept(minutes, "GOPS"),
        lambda: net.act(lambda uow: remarks.take_back(uow, net.heads["GOPS"], kept)),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            await work()
        assert f"{refused.value.facts['day']:%Y-%m-%d}" == "2026-12-22"
    assert await net.said(minutes, 1) == {"GOPS": "remarks"}
    await net.tick()
    with pytest.raises(Refused):
        await net.remark(minutes, "Szkoła")


async def test_whoever_handed_their_place_over_answers_no_more(net: Answering) -> None:
    """A minute ago the head of GOPS was somebody else: neither accepts nor remarks; the designated person still does."""
    minutes = await net.sent()
    await net.hand_over("GOPS", "head")
    net.wait(minutes=1)
    for work in (net.accept, net.remark):
        with pytest.raises(NotFound):
            await work(minutes, "GOPS")
    assert await net.said(minutes, 1) == {}
    await net.accept(minutes, "GOPS", by=net.delegates["GOPS"])
    assert await net.said(minutes, 1) == {"GOPS": "accepted"}


async def test_only_an_institutions_own_people_answer_for_it(net: Answering) -> None:
    """Neither another member, nor who coordinates, nor who sits in another network; and nobody settles remarks but who coordinates."""
    minutes = await net.sent()
    other = await enter(net.door, "lsr-ilawa")
    await bring_in(net.door, other, "Dom Dziecka;Dom Dziecka;B;;Iława;zwierzchnik;;Ida Bór;ida@dom.example")
    seat = (await seat_of(net.door, other, "Dom Dziecka", "head")).id
    ida = Actor(await accept(net.door, 9001, seat=seat))
    for actor in (net.heads["Szkoła"], net.ewa, ida, Actor(10**6)):
        for work in (net.accept, net.remark):
            with pytest.raises(NotFound):
                await work(minutes, "GOPS", by=actor)
    (home,) = await net.look(lambda uow: members_of_body(uow, other))
    assert await net.tried(lambda uow: answers.may(uow, ida, minutes.id, home.membership)) == "NotFound"
    remark = await net.remark(minutes, "GOPS")
    for actor in (net.heads["GOPS"], net.maria, ida):
        with pytest.raises(NotFound):
            await net.take_up(remark, by=actor)
        with pytest.raises(NotFound):
            await net.decline(remark, by=actor)


async def test_an_institution_may_have_five_remarks(net: Answering) -> None:
    """The sixth is refused; each names a point of the version that went out."""
    minutes = await net.sent()
    for number in range(remarks.MOST):
        await net.remark(minutes, "GOPS", f"Uwaga {number}")
    with pytest.raises(Refused, match="remarks"):
        await net.remark(minutes, "GOPS")
    with pytest.raises(NotFound):
        await net.remark(minutes, "Szkoła", point="item:999999")
    assert {one.body for one in (await net.roll(minutes, 1)).remarks_of(net.memberships["GOPS"])} == {
        f"Uwaga {n}" for n in range(5)
    }


async def test_two_of_an_institution_at_once_give_one_answer(net: Answering) -> None:
    """The head accepts while the designated person has a remark, in five institutions: one answer each, and it fits its remarks."""
    minutes = await net.sent()
    names = NAMES[:5]

    async def outcome(work: object) -> str:
        try:
            await work  # type: ignore[misc]  # a coroutine of either
        except KonwentError as refused:
            return type(refused).__name__
        return "done"

    both = [work for name in names for work in (net.accept(minutes, name), net.remark(minutes, name, by=net.delegates[name]))]
    assert set(await asyncio.gather(*(outcome(one) for one in both))) == {"done"}
    found = await net.roll(minutes, 1)
    assert {one.name for one in found.places if one.answer} == set(names)
    for name in names:
        membership = net.memberships[name]
        assert (found.place(membership).answer == "remarks") == bool(found.remarks_of(membership))


async def test_looking_at_minutes_is_noted_once(net: Answering) -> None:
    """The first of an institution to open them is noted, with the hour; who belongs to none leaves no trace."""
    minutes = await net.sent()
    net.wait(hours=2)
    opened_at = net.clock.now()
    for actor in (net.delegates["GOPS"], net.heads["GOPS"], net.ewa):
        await net.act(lambda uow, actor=actor: answers.opened(uow, actor, minutes.id))  # type: ignore[misc]  # mypy sees no default
        net.wait(hours=1)
    await net.look(lambda uow: answers.opened(uow, net.heads["Szkoła"], minutes.id))
    assert {one.name: one.opened_at for one in (await net.roll(minutes, 1)).places if one.opened_at} == {"GOPS": opened_at}
