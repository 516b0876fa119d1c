"""Conversations in the store: which text answers which question, and what was begun is finished as it began."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.conversations.house import dump
from tests.conversations.network import JANOW, Network, make

from konwent_bot import resources
from konwent_bot.clock import FixedClock
from konwent_bot.dialogue.loading import Shelf
from konwent_bot.errors import NotFound
from konwent_bot.office import dialogues, invitations, opening, people
from konwent_bot.office.dialogues import Talk, Touch
from konwent_bot.office.door import Door
from konwent_bot.office.unit import House, UnitOfWork
from konwent_bot.store.engines import Store
from konwent_bot.store.tables import DIALOGUE_EVENT

ANNA, BOGDAN = 3001, 3002


def polish(_: str, text: str) -> str:
    return text


async def begun(door: Door) -> tuple[Network, int]:
    """Let Anna open her card; message 10 shows it."""
    network = await make(door)

    def work(uow: UnitOfWork) -> int:
        for telegram, role in ((ANNA, "head"), (BOGDAN, "delegate")):
            invitations.accept(uow, network.tokens[JANOW[0], role], caller=telegram, language="pl")
        talk = opened(uow, network)
        dialogues.shown(uow, talk.id, 1, 10, anew=False)
        return talk.id

    return network, await door.act(work)


def opened(uow: UnitOfWork, network: Network, name: str = JANOW[0]) -> Talk:
    person = people.by_telegram(uow, ANNA)
    assert person is not None
    talk = opening.open_card(uow, person, network.round, network.memberships[name])
    assert isinstance(talk, Talk)
    return talk


async def said(door: Door, text: str, *, message: int, ago: float = 0) -> Talk:
    """Let Anna have typed a text so many seconds ago."""

    def work(uow: UnitOfWork) -> Talk:
        talk = dialogues.say(uow, ANNA, text, polish, message=message, written_at=uow.now - timedelta(seconds=ago))
        assert talk is not None
        return talk

    return await door.act(work)


async def pressed(door: Door, dialogue: int, turn: int, value: str) -> Talk:
    return await door.act(lambda uow: dialogues.touch(uow, ANNA, Touch(dialogue, turn, "answer", value)))


def outcome(talk: Talk) -> str:
    if talk.stale:
        return "stale"
    return "asked about" if talk.problem is not None else "taken"


@pytest.mark.parametrize(
    ("shown", "waited", "message", "ago", "expected"),
    [
        # shown in place of the question before, in the same message
        ("in place", 0, 11, 0, "asked about"),
        ("in place", 1, 11, 0, "asked about"),
        ("in place", 1, 11, 1, "asked about"),
        ("in place", 3, 11, 0, "taken"),
        ("in place", 60, 11, 0, "taken"),
        ("in place", 60, 11, 59, "asked about"),
        ("in place", 60, 11, 90, "stale"),
        ("in place", 60, 9, 0, "stale"),
        # shown by a message of its own: its number decides
        ("anew", 0, 21, 0, "taken"),
        ("anew", 60, 21, 60, "taken"),
        ("anew", 60, 19, 0, "stale"),
        # nobody knows what the phone shows
        ("lost", 0, 11, 0, "asked about"),
        ("lost", 3600, 11, 0, "asked about"),
    ],
)
async def test_a_text_counts_for_the_question_it_was_typed_under(
    door: Door, clock: FixedClock, shown: str, waited: float, message: int, ago: float, expected: str
) -> None:
    """A number typed after a press: taken when it plainly belongs to the new question, asked about when it might not, else stale."""
    _, dialogue = await begun(door)
    clock.move(timedelta(minutes=5))
    await pressed(door, dialogue, 1, "2")
    match shown:
        case "anew":
            await door.act(lambda uow: dialogues.shown(uow, dialogue, 2, 20, anew=True))
        case "lost":
            await door.act(lambda uow: dialogues.shown(uow, dialogue, 2, None, anew=True))
        case _:
            pass  # a press answered in place costs no second commit
    clock.move(timedelta(seconds=waited))
    talk = await said(door, "5", message=message, ago=ago)
    assert outcome(talk) == expected
    assert talk.state.answers == ({"goals": 2, "composition": 5} if expected == "taken" else {"goals": 2})


async def test_after_being_asked_the_same_text_is_taken(door: Door) -> None:
    """Whoever is asked what they meant sees the question again in a message of its own, and answers it at once."""
    _, dialogue = await begun(door)
    await pressed(door, dialogue, 1, "2")
    assert outcome(await said(door, "5", message=11)) == "asked about"
    await door.act(lambda uow: dialogues.shown(uow, dialogue, 2, 12, anew=True))
    assert outcome(await said(door, "5", message=13)) == "taken"


async def test_a_text_after_a_reply_that_was_never_sent_is_asked_about(door: Door, clock: FixedClock) -> None:
    """We went down between storing a typed answer and showing the next question: the same text again is not the next answer."""
    await begun(door)
    clock.move(timedelta(minutes=5))
    assert outcome(await said(door, "4", message=11)) == "taken"
    clock.move(timedelta(minutes=1))
    talk = await said(door, "4", message=12)
    assert outcome(talk) == "asked about"
    assert talk.state.answers == {"goals": 4}


async def test_what_can_be_nothing_else_is_taken_at_once(door: Door) -> None:
    """A text that answers no other question is an answer to this one, however soon it comes."""
    network, dialogue = await begun(door)
    turn = 1
    for _ in range(15):
        turn = (await pressed(door, dialogue, turn, "4")).state.turn
    talk = await said(door, "telefon", message=11)
    assert outcome(talk) == "taken"
    assert talk.state.answers["contact_forms"] == ("phone",)
    assert network


async def test_a_message_noted_too_late_is_forgotten(door: Door) -> None:
    """Which message shows a question is not noted once the conversation has gone on."""
    _, dialogue = await begun(door)
    await pressed(door, dialogue, 1, "2")
    before = await dump(door.store)
    await door.act(lambda uow: dialogues.shown(uow, dialogue, 1, 99, anew=True))
    assert await dump(door.store) == before


async def test_editing_anothers_message_corrects_nothing(door: Door) -> None:
    """Message numbers are counted for each person: an edited message of the same number by somebody else is not hers."""
    await begun(door)
    await said(door, "4", message=11)
    before = await dump(door.store)
    corrected = await door.act(lambda uow: dialogues.correct(uow, BOGDAN, "1", polish, message=11))
    assert corrected is None
    assert await dump(door.store) == before


async def test_nobody_elses_conversation_can_be_looked_at(door: Door) -> None:
    """A conversation is one person's, even beside the other representative of the same institution."""
    _, dialogue = await begun(door)
    for act in (
        lambda uow: dialogues.peek(uow, BOGDAN, dialogue),
        lambda uow: dialogues.touch(uow, BOGDAN, Touch(dialogue, 1, "answer", "4")),
        lambda uow: dialogues.discard(uow, BOGDAN, dialogue, 1),
    ):
        with pytest.raises(NotFound):
            await door.act(act)


@pytest.mark.parametrize(
    "touched",
    [
        ("answer", ""), ("answer", "6"), ("answer", "0"), ("answer", "-1"), ("answer", "٣"), ("answer", "4x"), ("answer", "goals"),
        ("mark", "time"), ("unmark", "phone"), ("done", ""), ("skip", ""), ("back", ""), ("confirm", ""), ("edit", "conclusion"),
        ("edit", "nothing"), ("edit", ""),
    ],
)  # fmt: skip
async def test_a_forged_press_on_the_right_turn_changes_nothing(door: Door, touched: tuple[dialogues.Verb, str]) -> None:
    """Verbs and arguments no button offered on the first question, with its own turn: nothing moves."""
    _, dialogue = await begun(door)
    before = await dump(door.store)
    await door.act(lambda uow: dialogues.touch(uow, ANNA, Touch(dialogue, 1, *touched)))
    assert await dump(door.store) == before


async def test_a_conversation_is_finished_with_the_questions_it_began_with(
    door: Door, store: Store, clock: FixedClock, house: House, tmp_path: Path
) -> None:
    """A flow replaced by one with other questions does not touch a draft: it goes on, and is sent, with the questions it had."""
    _, dialogue = await begun(door)
    await pressed(door, dialogue, 1, "2")
    source = (resources.flows() / "karta-wspolpracy.toml").read_text("utf-8")
    changed = source.replace("\nversion = 1\n", "\nversion = 2\n").replace('id = "composition"', 'id = "composure"')
    assert changed != source
    (tmp_path / "karta-wspolpracy.toml").write_text(changed, "utf-8")
    newer = Door(store, clock, replace(house, flows=Shelf.load(tmp_path), former={}))
    talk = await newer.act(lambda uow: dialogues.touch(uow, ANNA, Touch(dialogue, 2, "answer", "3")))
    assert talk.state.answers == {"goals": 2, "composition": 3}
    assert talk.flow.version == 1
    steps = await newer.look(
        lambda uow: uow.execute(select(DIALOGUE_EVENT.c.question).order_by(DIALOGUE_EVENT.c.turn)).scalars().all()
    )
    assert list(steps) == ["goals", "composition"]
