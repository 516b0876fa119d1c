"""Words that answer a call by themselves: understood where nothing else can be meant, and only there."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from tests.office.meetings.calling import ANNA, BOGDAN, GOPS_M, OLGA, Calling, elsewhere, gather
from tests.screens.test_refusals import words

from konwent_bot.clock import FixedClock
from konwent_bot.office.door import Door
from konwent_bot.screens import reception
from konwent_bot.screens.meetings.typed import understood
from konwent_bot.screens.visiting import Visitor
from konwent_bot.store.tables import MEETING_ANSWER


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("będę", "yes"), ("Będę!", "yes"), ("tak, będę", "yes"), ("  będziemy.", "yes"), ("bede", "yes"), ("nie będę", "no"),
        ("Nie będzie nas", "no"), ("nas nie będzie :(", "no"), ("nie, nie będę", "no"), ("I'll be there", "yes"), ("We won’t come", "no"),
        ("Буду", "yes"), ("ні, не буду", "no"), ("нас не буде", "no"),
        ("będę później", None), ("nie wiem, czy będę", None), ("tak", None), ("nie", None), ("", None), ("będę " * 40, None),
        ("czy będę?", None), ("będę i nie będę", None), ("👍", None), ("kto będzie", None),
    ],
)  # fmt: skip
def test_which_words_are_an_answer(text: str, said: str | None) -> None:
    """Whole sentences only: whoever says more than yes or no is not cut short."""
    assert understood(text) == said


@pytest.fixture
async def network(door: Door, clock: FixedClock) -> Calling:
    """A network with institutions of every kind, on a Monday morning."""
    return await gather(door, clock)


async def said(network: Calling, who: int, text: str) -> str:
    """Let somebody type a text in the chat; give what they are shown."""
    reply, t = await network.door.act(
        lambda uow: reception.hear(uow, Visitor(who, "pl"), text, message=10**9, written_at=uow.now)
    )
    return words(reply.screen, t)


async def given(network: Calling) -> int:
    """Count the answers there are."""
    return len(await network.door.look(lambda uow: uow.execute(select(MEETING_ANSWER)).all()))


async def test_a_typed_word_answers_the_one_call_that_awaits_one(network: Calling) -> None:
    """Anna types "będę": her institution will be there, the meeting is shown, and typing it again leads home."""
    meeting = await network.called()
    shown = await said(network, ANNA, "Będę")
    assert f"Zapisano. {GOPS_M}" in shown
    assert "wtorek, 15 grudnia 2026" in shown
    assert await network.answered(meeting) == {GOPS_M: "yes"}
    assert "Moje sprawy" in await said(network, ANNA, "nie będę"), "nothing awaits an answer any more"
    assert await network.answered(meeting) == {GOPS_M: "yes"}
    assert await network.told() == []


async def test_will_not_is_understood_too_and_a_reason_may_follow(network: Calling) -> None:
    """Whoever will not come is offered to say why, as after the button."""
    meeting = await network.called()
    shown = await said(network, OLGA, "nie będzie nas")
    assert "Zapisano." in shown
    assert list((await network.answered(meeting)).values()) == ["no"]


async def test_where_two_calls_await_an_answer_nothing_is_guessed(network: Calling) -> None:
    """Two meetings: the list of matters is shown, and neither is answered."""
    await network.called()
    await network.called("2026-12-17T10:00")
    assert "Moje sprawy" in await said(network, ANNA, "będę")
    assert await given(network) == 0


async def test_a_stranger_and_another_network_answer_nothing(network: Calling) -> None:
    """The same words of somebody who is called to nothing lead to where they belong."""
    await network.called()
    other = await elsewhere(network)
    assert "Moje sprawy" in await said(network, next(iter(other.persons)), "będę")
    assert "Sekretariat" in await said(network, 999, "będę")
    assert await given(network) == 0


async def test_the_second_representative_may_type_it_as_well(network: Calling) -> None:
    """Either of an institution's people speaks for it."""
    meeting = await network.called()
    await said(network, BOGDAN, "będziemy")
    assert await network.answered(meeting) == {GOPS_M: "yes"}
