"""What a person decides about themselves, and what is known of reaching them."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from tests.conversations.house import dump
from tests.conversations.network import JANOW, make

from konwent_bot.errors import Invalid
from konwent_bot.office import invitations, people, privacy
from konwent_bot.office.door import Door
from konwent_bot.office.people import Known
from konwent_bot.store.tables import PERSON, SEAT


async def anna(door: Door) -> Known:
    network = await make(door)
    await door.act(lambda uow: invitations.accept(uow, network.tokens[JANOW[0], "head"], caller=1, language="pl"))
    known = await door.look(lambda uow: people.by_telegram(uow, 1))
    assert known is not None
    return known


async def test_a_stranger_is_nobody(door: Door) -> None:
    """An account that accepted nothing is not known, and blocking or unblocking leaves no trace of it."""
    await anna(door)
    before = await dump(door.store)
    assert await door.look(lambda uow: people.by_telegram(uow, 2)) is None
    await door.act(lambda uow: people.reached(uow, 2, "blocked"))
    assert await dump(door.store) == before


async def test_reach_is_of_one_person(door: Door) -> None:
    """A block is noted for whoever blocked, once."""
    known = await anna(door)
    await door.act(lambda uow: people.reached(uow, 1, "blocked"))
    assert (
        await door.look(lambda uow: uow.execute(select(PERSON.c.reach).where(PERSON.c.id == known.id)).scalar_one()) == "blocked"
    )
    before = await dump(door.store)
    await door.act(lambda uow: people.reached(uow, 1, "blocked"))
    assert await dump(door.store) == before


async def test_a_language_we_do_not_speak_is_refused(door: Door) -> None:
    """A forged choice of language changes nothing."""
    known = await anna(door)
    before = await dump(door.store)
    for code in ("de", "", "PL", "xx"):
        with pytest.raises(Invalid):
            await door.act(lambda uow, code=code: people.choose_language(uow, known, code))  # type: ignore[misc]
    assert await dump(door.store) == before
    assert (await door.act(lambda uow: people.choose_language(uow, known, "uk"))).language == "uk"


async def test_who_leaves_keeps_the_seat_on_paper_only(door: Door) -> None:
    """After leaving, the account opens nothing; the roster still says whose seat it was, and the place can be invited to anew."""
    known = await anna(door)
    seat = await door.look(lambda uow: uow.execute(select(SEAT.c.id).where(SEAT.c.person_id == known.id)).scalar_one())
    await door.act(lambda uow: privacy.leave(uow, known.id))
    assert await door.look(lambda uow: people.by_telegram(uow, 1)) is None
    vacant = await door.look(lambda uow: [place.seat for place in invitations.vacant(uow, 1)])
    assert seat in vacant
