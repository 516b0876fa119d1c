"""One institution, one card: whoever sends it, and however many at once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import func, select
from tests.conversations.answers import MEANT
from tests.conversations.network import JANOW, Network, make

from konwent_bot.clock import FixedClock
from konwent_bot.dialogue.values import Answers
from konwent_bot.office import cards, dialogues, invitations, opening, people
from konwent_bot.office.dialogues import Talk, Touch
from konwent_bot.office.door import Door
from konwent_bot.office.opening import Standing
from konwent_bot.office.unit import House, UnitOfWork
from konwent_bot.store.engines import open_store
from konwent_bot.store.tables import AUDIT_ENTRY, CARD, CARD_VERSION, DIALOGUE

HEAD, DELEGATE = 2001, 2002


@pytest.fixture
async def second_door(database_url: str, clock: FixedClock, house: House) -> AsyncIterator[Door]:
    """A second process's door: a store of its own on the same database."""
    store = open_store(database_url)
    yield Door(store, clock, house)
    await store.close()


def _enter(uow: UnitOfWork, network: Network, name: str, offset: int) -> None:
    for telegram, role in ((HEAD + offset, "head"), (DELEGATE + offset, "delegate")):
        invitations.accept(uow, network.tokens[name, role], caller=telegram, language="pl")


def _to_review(uow: UnitOfWork, network: Network, name: str, telegram: int, goals: int) -> tuple[int, int]:
    """Answer the whole card up to its review; give the conversation and its turn."""
    person = people.by_telegram(uow, telegram)
    assert person is not None
    talk = opening.open_card(uow, person, network.round, network.memberships[name])
    assert isinstance(talk, Talk)
    turn = talk.state.turn
    for question, value in {**MEANT, "goals": goals}.items():
        marks = value if isinstance(value, list) else []
        for choice in marks:
            turn = dialogues.touch(uow, telegram, Touch(talk.id, turn, "mark", choice)).state.turn
        match question:
            case "conclusion":
                last = Touch(talk.id, turn, "skip")
            case _ if marks:
                last = Touch(talk.id, turn, "done")
            case _:
                last = Touch(talk.id, turn, "answer", str(value))
        turn = dialogues.touch(uow, telegram, last).state.turn
    return talk.id, turn


async def _at_once(*doings: tuple[Door, int, int, int]) -> list[Talk]:
    """Confirm on several doors through a barrier."""
    barrier = asyncio.Barrier(len(doings))

    async def confirm(door: Door, telegram: int, dialogue: int, turn: int) -> Talk:
        await barrier.wait()
        return await door.act(lambda uow: dialogues.touch(uow, telegram, Touch(dialogue, turn, "confirm")))

    return list(await asyncio.gather(*(confirm(*doing) for doing in doings)))


async def test_two_processes_sending_for_one_institution_make_one_card(door: Door, second_door: Door) -> None:
    """Head and delegate send at the same moment through two processes: one card, two versions, no error, for each institution."""
    network = await make(door)
    for offset, name in enumerate(JANOW):
        await door.act(lambda uow, name=name, offset=offset: _enter(uow, network, name, 10 * offset))  # type: ignore[misc]
        head, delegate = HEAD + 10 * offset, DELEGATE + 10 * offset
        mine = await door.act(lambda uow, name=name, head=head: _to_review(uow, network, name, head, 1))  # type: ignore[misc]
        theirs = await second_door.act(lambda uow, name=name, delegate=delegate: _to_review(uow, network, name, delegate, 5))  # type: ignore[misc]
        sent = await _at_once((door, head, *mine), (second_door, delegate, *theirs))
        assert all(talk.submitted for talk in sent)
        assert sorted(talk.card.version for talk in sent if talk.card is not None) == [1, 2]
        membership = network.memberships[name]
        card = await door.look(lambda uow, membership=membership: cards.find(uow, network.round, membership))  # type: ignore[misc]
        assert card is not None
        assert card.version == 2
        last = next(talk for talk in sent if talk.card is not None and talk.card.version == 2)
        assert last.card is not None
        assert card.role == last.card.role
        assert card.answers["goals"] == (1 if card.role == "head" else 5)
    counted = await door.look(lambda uow: (uow.execute(select(func.count()).select_from(CARD)).scalar_one(),
                                           uow.execute(select(func.count()).select_from(CARD_VERSION)).scalar_one()))  # fmt: skip
    assert counted == (3, 6)


async def test_changing_at_once_keeps_every_version(door: Door, second_door: Door) -> None:
    """Ten times both representatives change the card at once: versions 1 to 21 are all kept, each with the answers it was sent with."""
    network = await make(door)
    name = JANOW[0]
    await door.act(lambda uow: _enter(uow, network, name, 0))
    first = await door.act(lambda uow: _to_review(uow, network, name, HEAD, 3))
    await door.act(lambda uow: dialogues.touch(uow, HEAD, Touch(*first, "confirm")))

    def reopen(uow: UnitOfWork, telegram: int) -> tuple[int, int]:
        person = people.by_telegram(uow, telegram)
        assert person is not None
        talk = opening.open_card(uow, person, network.round, network.memberships[name], change=True)
        assert isinstance(talk, Talk)
        assert talk.state.mode == "review"
        return talk.id, talk.state.turn

    for _ in range(10):
        mine = await door.act(lambda uow: reopen(uow, HEAD))
        theirs = await second_door.act(lambda uow: reopen(uow, DELEGATE))
        await _at_once((door, HEAD, *mine), (second_door, DELEGATE, *theirs))
    kept = await door.look(
        lambda uow: uow.execute(select(CARD_VERSION.c.version).order_by(CARD_VERSION.c.version)).scalars().all()
    )
    assert list(kept) == list(range(1, 22))
    entries = await door.look(
        lambda uow: uow.execute(select(AUDIT_ENTRY.c.subject).where(AUDIT_ENTRY.c.act == "card.submit")).scalars().all()
    )
    assert sorted(entries) == sorted(f"card:1 version:{number}" for number in range(1, 22))


async def test_one_press_delivered_to_two_processes_counts_once(door: Door, second_door: Door) -> None:
    """The same confirmation reaching two processes at once, or the same answer, is taken by one of them; the other finds it done."""
    network = await make(door)
    name = JANOW[0]
    await door.act(lambda uow: _enter(uow, network, name, 0))
    mine = await door.act(lambda uow: _to_review(uow, network, name, HEAD, 3))
    sent = await _at_once((door, HEAD, *mine), (second_door, HEAD, *mine), (door, HEAD, *mine), (second_door, HEAD, *mine))
    assert [talk.submitted for talk in sent].count(True) == 1
    card = await door.look(lambda uow: cards.find(uow, network.round, network.memberships[name]))
    assert card is not None
    assert card.version == 1


async def test_opening_a_card_twice_at_once_makes_one_conversation(door: Door, second_door: Door) -> None:
    """Two phones of one person open the card at the same moment: one conversation, the same for both."""
    network = await make(door)
    name = JANOW[0]
    await door.act(lambda uow: _enter(uow, network, name, 0))
    barrier = asyncio.Barrier(4)

    async def begin(by: Door) -> Talk | Standing:
        def work(uow: UnitOfWork) -> Talk | Standing:
            person = people.by_telegram(uow, HEAD)
            assert person is not None
            return opening.open_card(uow, person, network.round, network.memberships[name])

        await barrier.wait()
        return await by.act(work)

    begun = await asyncio.gather(*(begin(by) for by in (door, second_door, door, second_door)))
    assert len({talk.id for talk in begun if isinstance(talk, Talk)}) == 1
    assert await door.look(lambda uow: uow.execute(select(func.count()).select_from(DIALOGUE)).scalar_one()) == 1


async def test_one_link_on_two_phones_lets_one_person_in(door: Door, second_door: Door) -> None:
    """Two people open the same invitation at once: one holds the seat, the other reads that it has been used, nobody is left over."""
    network = await make(door)
    token = network.tokens[JANOW[0], "head"]
    barrier = asyncio.Barrier(2)

    async def accept(by: Door, telegram: int) -> object:
        await barrier.wait()
        return await by.act(lambda uow: invitations.accept(uow, token, caller=telegram, language="pl"))

    done = await asyncio.gather(accept(door, 1), accept(second_door, 2), return_exceptions=True)
    assert sorted(type(one).__name__ for one in done) == ["Accepted", "Refused"]
    found = await door.look(lambda uow: [people.by_telegram(uow, telegram) for telegram in (1, 2)])
    assert [one is None for one in found].count(True) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"goals": 6}, {"goals": 0}, {"goals": "yes"}, {"goals": None}, {"surprise": 1}, {"conclusion": "x" * 501}, {"barriers": "time"},
    ],
)  # fmt: skip
async def test_a_card_that_does_not_fit_the_act_is_never_stored(door: Door, wrong: dict[str, object]) -> None:
    """Whatever a flow file lets through, the card takes the items of domain.md §5.2 in their own ranges and nothing else."""
    network = await make(door)
    await door.act(lambda uow: _enter(uow, network, JANOW[0], 0))
    given: dict[str, object] = {
        **{name: tuple(value) if isinstance(value, list) else value for name, value in MEANT.items()},
        **wrong,
    }

    def send(uow: UnitOfWork) -> None:
        person = people.by_telegram(uow, HEAD)
        assert person is not None
        answers: Answers = given  # type: ignore[assignment]  # wrong on purpose
        cards.submit(uow, round_id=network.round, membership=network.memberships[JANOW[0]], body=network.body, person=person.id,
                     role="head", answers=answers)  # fmt: skip

    with pytest.raises(ValueError, match="validation error"):
        await door.act(send)
    assert await door.look(lambda uow: uow.execute(select(CARD.c.id)).all()) == []


async def test_what_was_sent_is_read_as_it_was_given(door: Door) -> None:
    """The answers of a card come back as they were given, lists as lists, "I do not know" as such, missing ones missing."""
    network = await make(door)
    await door.act(lambda uow: _enter(uow, network, JANOW[0], 0))
    mine = await door.act(lambda uow: _to_review(uow, network, JANOW[0], HEAD, 3))
    await door.act(lambda uow: dialogues.touch(uow, HEAD, Touch(*mine, "confirm")))
    card = await door.look(lambda uow: cards.find(uow, network.round, network.memberships[JANOW[0]]))
    assert card is not None
    meant = {name: value for name, value in MEANT.items() if name != "conclusion"} | {"goals": 3}
    assert json.loads(json.dumps(dict(card.answers))) == meant
