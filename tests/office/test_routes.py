"""Which channel a notice takes next: one after another, or both; nothing twice, and never without an end."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import NOW

from konwent_bot.office.occasion import Channel
from konwent_bot.office.routes import INTERRUPTIONS, TRIES, Ending, Goes, Past, onward

ENDINGS: tuple[Ending, ...] = ("sent", "refused", "failed", "uncertain")
ways_ = st.permutations(("telegram", "mail")).flatmap(lambda both: st.integers(0, 2).map(lambda most: both[:most]))
#: So many tries are more than any notice may come to.
ENOUGH = 2 * (TRIES + INTERRUPTIONS + 2) + 1


@given(ways_, st.booleans(), st.booleans(), st.data())
def test_every_notice_comes_to_an_end(ways: list[Channel], every: bool, repeat: bool, data: st.DataObject) -> None:
    """However channels answer, a notice is told once in each, tried again only where nothing arrived for sure, and settled at last."""
    past: list[Past] = []
    while (goes := onward(past, ways, every=every, repeat=repeat)).channel:
        assert goes.channel in ways
        here = [one for one in past if one.channel == goes.channel]
        assert all(one.state not in ("sent", "refused") for one in here), (
            "what was taken, or refused for good, is not tried again"
        )
        assert every or all(one.state != "sent" for one in past), "one channel is enough, unless both are wanted"
        assert repeat or all(one.state != "uncertain" for one in here), "what may have arrived is not sent again"
        reason = data.draw(st.sampled_from(["", "interrupted"]))
        past.append(Past(goes.channel, data.draw(st.sampled_from(ENDINGS)), reason, NOW + timedelta(minutes=len(past))))
        assert len(past) < ENOUGH
    states = {one.state for one in past}
    assert goes.outcome in states if past else goes.outcome == ""
    assert (goes.outcome == "sent") == ("sent" in states), "what was taken anywhere was told"
    if every:
        assert {one.channel for one in past} == set(ways)


def test_what_came_too_soon_is_not_counted() -> None:
    """A pause Telegram asks for says nothing of the notice: it is not given up for it."""
    past = [Past("telegram", "failed", "too_many", NOW)] * (2 * TRIES)
    assert onward(past, ["telegram"], every=False, repeat=False) == Goes("telegram")
    assert onward([Past("telegram", "failed", "server", NOW)] * TRIES, ["telegram"], every=False, repeat=False) == Goes(
        outcome="failed"
    )


def test_after_a_day_of_trying_the_next_channel_is_used() -> None:
    """A channel that failed for a day has failed; the other one may still work."""
    past = [Past("telegram", "failed", "server", NOW)] * TRIES
    assert onward(past, ["telegram", "mail"], every=False, repeat=False) == Goes("mail")


def test_a_power_cut_does_not_lose_what_must_arrive() -> None:
    """Two kills in the middle of the same message: it is sent once more; a message that kills its courier each time is left in the end."""
    cut = Past("telegram", "uncertain", "interrupted", NOW)
    assert onward([cut] * INTERRUPTIONS, ["telegram"], every=False, repeat=True) == Goes("telegram")
    assert onward([cut] * (INTERRUPTIONS + 1), ["telegram"], every=False, repeat=True) == Goes(outcome="uncertain")
    assert onward([cut], ["telegram", "mail"], every=False, repeat=False) == Goes(outcome="uncertain")
