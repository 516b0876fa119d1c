"""Two representatives and one card: whoever opens it second may go on from what the other has answered."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.conversations.house import dump
from tests.conversations.network import Network, make
from tests.screens.personas import GOPS, OPS, let_in

from konwent_bot.clock import FixedClock
from konwent_bot.errors import NotFound
from konwent_bot.office import dialogues, opening, people, seats
from konwent_bot.office.dialogues import Talk, Touch
from konwent_bot.office.door import Door
from konwent_bot.office.people import Reader
from konwent_bot.office.rights import OPERATOR
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens import reception
from konwent_bot.screens.intents import Begin, Intent, OpenCard, Resume, TakeOver
from konwent_bot.screens.visiting import Reply, Visitor

HEAD, DELEGATE, OTHER = 1, 2, 3


async def visit(door: Door, who: int | Reader, intent: Intent) -> Reply:
    """Send an intent."""
    reply, _ = await door.act(lambda uow: reception.answer(uow, Visitor(who, "pl"), intent))
    return reply


async def answered(door: Door, who: int | Reader, made: Network, *values: str) -> Talk:
    """Open the card of GOPS and answer its first questions."""

    def work(uow: UnitOfWork) -> Talk:
        person = people.find(uow, who)
        assert person is not None
        talk = opening.open_card(uow, person, made.round, made.memberships[GOPS])
        assert isinstance(talk, Talk)
        for value in values:
            talk = dialogues.touch(uow, who, Touch(talk.id, talk.state.turn, "answer", value))
        return talk

    return await door.act(work)


@pytest.fixture
async def made(door: Door) -> Network:
    """A network in which both representatives of GOPS and the head of another institution have accepted."""
    network = await make(door)
    await let_in(door, network.tokens[GOPS, "head"], HEAD)
    await let_in(door, network.tokens[GOPS, "delegate"], DELEGATE)
    await let_in(door, network.tokens[OPS, "head"], OTHER)
    return network


def offer(reply: Reply) -> TakeOver | None:
    """Give what leads on from the other's answers, if it is offered."""
    found = [one.intent for row in reply.screen.actions for one in row if isinstance(one.intent, TakeOver)]
    return found[0] if found else None


async def test_the_delegate_goes_on_where_the_head_stopped(door: Door, made: Network) -> None:
    """The head has answered three questions; the designated person opens the card, goes on from them, and the head's stay."""
    theirs = await answered(door, HEAD, made, "5", "4", "3")
    opened = await visit(door, DELEGATE, OpenCard(made.round, made.memberships[GOPS]))
    take = offer(opened)
    assert take is not None
    assert any("3" in paragraph for paragraph in opened.screen.paragraphs)
    reply = await visit(door, DELEGATE, take)
    assert reply.talk is not None
    assert reply.talk.state.answers == theirs.state.answers
    assert reply.talk.state.cursor == theirs.state.cursor
    kept = await visit(door, HEAD, Resume(theirs.id))
    assert kept.talk is not None
    assert kept.talk.state.answers == theirs.state.answers


async def test_the_head_takes_it_back_further_on(door: Door, clock: FixedClock, made: Network) -> None:
    """After the designated person went further, the head opening the card is offered both drafts and loses nothing unasked."""
    first = await answered(door, HEAD, made, "5", "4")
    clock.move(timedelta(minutes=5))
    await answered(door, DELEGATE, made, "1", "2", "3")
    opened = await visit(door, HEAD, OpenCard(made.round, made.memberships[GOPS]))
    take = offer(opened)
    assert take is not None
    assert opened.at == Begin(first.id)
    assert offer(await visit(door, HEAD, Begin(first.id))) == take, "the page shows the same again"
    mine = await visit(door, HEAD, Resume(first.id))
    assert mine.talk is not None
    assert list(mine.talk.state.answers.values()) == [5, 4], "looking replaced nothing"
    reply = await visit(door, HEAD, take)
    assert reply.talk is not None
    assert list(reply.talk.state.answers.values()) == [1, 2, 3]
    again = await visit(door, HEAD, take)
    assert again.talk is not None
    assert again.talk.stale, "a double tap changes nothing more"
    assert offer(await visit(door, HEAD, OpenCard(made.round, made.memberships[GOPS]))) is None, "nothing new to take over"


async def test_a_page_takes_over_as_a_chat_does(door: Door, made: Network) -> None:
    """The same by a browser; a phone that showed the replaced draft takes no typed text for it any more."""
    await answered(door, HEAD, made, "5", "4", "3")
    person = await door.look(lambda uow: people.find(uow, DELEGATE))
    assert person is not None
    reader = Reader(person.id)
    await visit(door, DELEGATE, Resume((await answered(door, DELEGATE, made)).id))
    take = offer(await visit(door, reader, OpenCard(made.round, made.memberships[GOPS])))
    assert take is not None
    reply = await visit(door, reader, take)
    assert reply.talk is not None
    assert len(reply.talk.state.answers) == 3
    found = await door.look(lambda uow: people.find(uow, DELEGATE))
    assert found is not None
    assert found.dialogue is None


async def test_nobody_takes_over_what_is_not_their_institutions(door: Door, made: Network) -> None:
    """Another institution's representative, and one whose seat was handed over, are offered nothing and get nothing."""
    await answered(door, HEAD, made, "5", "4", "3")
    mine = await door.act(
        lambda uow: opening.open_card(uow, people.find(uow, OTHER), made.round, made.memberships[OPS])  # type: ignore[arg-type]
    )
    assert isinstance(mine, Talk)
    before = await dump(door.store)
    assert isinstance((await visit(door, OTHER, TakeOver(mine.id, mine.state.turn))).refusal, NotFound)
    assert await dump(door.store) == before
    delegate = await answered(door, DELEGATE, made)

    def head_seat(uow: UnitOfWork) -> int:
        return next(
            one.id for one in seats.seats_of(uow, OPERATOR, made.body) if one.short_name == GOPS and one.role == "delegate"
        )

    seat = await door.look(head_seat)
    await door.act(lambda uow: seats.hand_over(uow, OPERATOR, seat, name="Nowa", email="nowa@gops.example"))
    assert isinstance((await visit(door, DELEGATE, TakeOver(delegate.id, delegate.state.turn))).refusal, NotFound)
