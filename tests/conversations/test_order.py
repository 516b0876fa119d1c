"""Messages and presses of one person overtake one another; no answer ever lands on a question it was not given to."""

from __future__ import annotations

from itertools import permutations

import pytest
from sqlalchemy import select

from konwent_bot.chat import Chat
from konwent_bot.office.door import Door
from konwent_bot.screens.intents import Home, Pause
from konwent_bot.store.tables import DIALOGUE
from tests.conversations.answers import MEANT, SCALES, already, draft, give
from tests.conversations.house import answering
from tests.conversations.network import ILAWA, Network, make
from tests.conversations.people import Member, touches, verb
from tests.conversations.updates import handled, hold, let_go, quiet
from tests.sandbox.phone import Said, Sandbox


async def current(member: Member, door: Door) -> Said:
    """Wait until the newest message of the bot shows where the conversation stands."""
    turn = await door.look(lambda uow: uow.execute(select(DIALOGUE.c.turn)).scalar_one())
    await member.phone.wait_for(lambda said: any(touch.turn == turn for touch in touches(said)))
    said = await member.look()
    assert {touch.turn for touch in touches(said)} == {turn}, "an older question stands below the current one"
    return said


@pytest.mark.parametrize("together", [True, False], ids=["all-at-once", "one-by-one"])
async def test_a_text_and_two_presses_in_any_order_answer_one_question(
    sandbox: Sandbox, live_door: Door, network: Network, way: str, together: bool
) -> None:
    """Two phones and a typed text answer the same question at the same moment, in each order: one counts, the next question stays open."""
    async with answering(sandbox, live_door, way) as chat:
        anna = await Member.make(sandbox, "Anna", "pl")
        await anna.accept(network.tokens["GOPS Modliborzyce", "head"])
        said = await anna.open_card()
        for question, order in zip(SCALES, permutations((0, 1, 2)), strict=False):
            await hold(sandbox)
            numbers = []
            for value in ("2", "3"):
                _, button = await anna.find(verb("answer", value), said)
                numbers.append(int((await anna.phone.tap_data(said.message_id, button.data))["update_id"]))
            numbers.append(int((await anna.phone.send("5"))["update_id"]))
            released = [numbers[place] for place in order]
            if together:
                await let_go(sandbox, released)
            else:
                for number in released:
                    await sandbox.ask("POST", "/updates/release", {"order": [number]})
                    await handled(sandbox, live_door, [number])
                await let_go(sandbox)
            await handled(sandbox, live_door, numbers)
            await quiet(sandbox, chat)  # a message that has just lost its buttons is followed by another
            answers = await draft(live_door)
            assert list(answers) == list(SCALES[: SCALES.index(question) + 1]), "nothing landed on the next question"
            assert answers[question] == {0: 2, 1: 3, 2: 5}[order[0]], "the one that came first counts"
            said = await current(anna, live_door)


async def test_an_old_keyboard_never_acts(anna: Member, sandbox: Sandbox, live_door: Door) -> None:
    """A button of a question answered long ago changes nothing; the sentence says so and the current question stands below."""
    said = await anna.open_card()
    _, old = await anna.find(verb("answer", "1"), said)
    await anna.type("4")
    await give(anna, 3)
    await sandbox.move_clock(5)
    await anna.type("2")
    before = await draft(live_door)
    shown = await anna.press_data(old.data, said.message_id)
    assert (
        anna.t("That button or message belongs to an earlier question, so nothing was changed. This is where you are now.")
        in shown.text
    )
    assert await draft(live_door) == before == {"goals": 4, "composition": 3, "engagement": 2}
    await current(anna, live_door)


async def test_a_double_tap_acts_once(anna: Member, sandbox: Sandbox, live_door: Door) -> None:
    """An impatient second tap on the same button answers nothing else."""
    said = await anna.open_card()
    for number, question in enumerate(SCALES[:4], start=1):
        _, button = await anna.find(verb("answer", "4"), said)
        taps = [int((await anna.phone.tap_data(said.message_id, button.data, forged=True))["update_id"]) for _ in range(3)]
        await handled(sandbox, live_door, taps)
        assert await draft(live_door) == dict.fromkeys(SCALES[:number], 4), question
        said = await current(anna, live_door)


async def test_a_text_typed_while_the_press_was_on_its_way_is_asked_about(
    anna: Member, sandbox: Sandbox, live_door: Door
) -> None:  # fmt: skip
    """Somebody presses 2 and, before the next question shows, types 5: nobody can know what the 5 meant, so it is asked."""
    said = await anna.open_card()
    await hold(sandbox)
    _, button = await anna.find(verb("answer", "2"), said)
    await anna.phone.tap_data(said.message_id, button.data)
    await anna.phone.send("5")
    await let_go(sandbox)
    shown = await anna.phone.wait_for(lambda m: "⚠️" in m.text)
    assert await draft(live_door) == {"goals": 2}
    assert anna.t("question {number}", number=2) in shown.text
    await anna.type("5")
    assert await draft(live_door) == {"goals": 2, "composition": 5}


async def test_a_text_typed_after_reading_the_question_counts(anna: Member, sandbox: Sandbox, live_door: Door) -> None:
    """A few seconds after the press the typed number plainly belongs to the question that then stood there."""
    await anna.open_card()
    await give(anna, 2)
    await sandbox.move_clock(5)
    await anna.type("5")
    assert await draft(live_door) == {"goals": 2, "composition": 5}


async def test_a_text_held_up_for_a_minute_answers_nothing_newer(anna: Member, sandbox: Sandbox, live_door: Door) -> None:
    """A text that Telegram delivers late, after the conversation went on by presses, answers no later question."""
    said = await anna.open_card()
    await hold(sandbox)
    late = int((await anna.phone.send("5"))["update_id"])
    await sandbox.ask("POST", "/updates/hold", {"on": False})
    await sandbox.move_clock(60)
    said = await anna.press(verb("answer", "2"), message=said)
    await sandbox.ask("POST", "/updates/release", {"order": [late]})
    await handled(sandbox, live_door, [late])
    assert await draft(live_door) == {"goals": 2}
    await current(anna, live_door)


async def test_a_text_typed_before_going_back_is_not_taken_for_the_former_question(
    anna: Member, sandbox: Sandbox, live_door: Door
) -> None:  # fmt: skip
    """Typing an answer and pressing Back at the same moment never overwrites the answer one goes back to."""
    await anna.open_card()
    said = await give(anna, 2)
    await hold(sandbox)
    text = int((await anna.phone.send("5"))["update_id"])
    _, back = await anna.find(verb("back"), said)
    tap = int((await anna.phone.tap_data(said.message_id, back.data))["update_id"])
    await let_go(sandbox, [tap, text])
    await handled(sandbox, live_door, [tap, text])
    assert await draft(live_door) == {"goals": 2}


async def test_a_text_for_one_institution_never_answers_for_another(
    sandbox: Sandbox, live_door: Door, network: Network, chat: Chat
) -> None:
    """A text typed for the first institution, delivered after the second one's card was opened, is not taken for the second."""
    other = await make(live_door, slug="ilawa", names=ILAWA)
    ewa = await Member.make(sandbox, "Ewa", "pl")
    await ewa.accept(network.tokens["GOPS Modliborzyce", "head"])
    await ewa.accept(other.tokens["GOPS Iława", "head"])
    theirs = other.memberships["GOPS Iława"]
    await ewa.open_card(theirs)
    await give(ewa, 4)
    await ewa.press(Pause)
    await ewa.type("/sprawy")
    await ewa.open_card(network.memberships["GOPS Modliborzyce"])
    await hold(sandbox)
    late = int((await ewa.phone.send("1"))["update_id"])
    await sandbox.ask("POST", "/updates/hold", {"on": False})
    await ewa.press(Pause)
    await ewa.press(Home, message=await ewa.look())
    await ewa.open_card(theirs)
    await sandbox.ask("POST", "/updates/release", {"order": [late]})
    await handled(sandbox, live_door, [late])
    rows = await live_door.look(lambda uow: uow.execute(select(DIALOGUE.c.id, DIALOGUE.c.membership_id)).all())
    found = {row.membership_id: await draft(live_door, row.id) for row in rows}
    assert found == {theirs: {"goals": 4}, network.memberships["GOPS Modliborzyce"]: {}}


async def test_a_text_in_flight_does_not_become_the_free_text(anna: Member, sandbox: Sandbox, live_door: Door) -> None:
    """Something typed for the list of barriers while Done was pressed does not end up as the free text that is asked next."""
    await anna.open_card()
    await already(anna, live_door, {name: MEANT[name] for name in list(MEANT)[:16]})
    said = await anna.press(verb("mark", "time"))
    await hold(sandbox)
    text = int((await anna.phone.send("biurokracja"))["update_id"])
    _, done = await anna.find(verb("done"), said)
    tap = int((await anna.phone.tap_data(said.message_id, done.data))["update_id"])
    await let_go(sandbox, [tap, text])
    await handled(sandbox, live_door, [tap, text])
    answers = await draft(live_door)
    assert answers["barriers"] == ["time"]
    assert "conclusion" not in answers
