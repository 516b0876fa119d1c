"""Bodies are entered once, under a word the command line knows them by."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import func, select

from konwent_bot.clock import FixedClock
from konwent_bot.errors import Invalid, NotFound, Refused
from konwent_bot.office import bodies
from konwent_bot.office.door import Door
from konwent_bot.office.rights import OPERATOR, Actor
from konwent_bot.office.unit import House
from konwent_bot.store.engines import open_store
from konwent_bot.store.tables import AUDIT_ENTRY, BODY

NAME = "Lokalna Sieć na rzecz Reintegracji w Janowie Lubelskim"


async def enter(door: Door, slug: str = "lsr-janow", name: str = NAME, **more: str) -> int:
    return await door.act(lambda uow: bodies.create(uow, OPERATOR, slug=slug, name=name, **more))


async def test_a_body_is_found_by_its_word_and_by_its_number(door: Door) -> None:
    """The coordinator's network is entered once, and every command finds it by one short word."""
    number = await enter(door, name=f"  {NAME}\n ")
    for asked in ("lsr-janow", "LSR-Janow ", number, str(number)):
        facts = await door.look(lambda uow, asked=asked: bodies.find(uow, asked))  # type: ignore[misc]  # mypy does not see defaults
        assert facts == bodies.BodyFacts(number, "lsr-janow", NAME, "lsr", "local", "", 0)


async def test_a_body_stands_under_another(door: Door) -> None:
    """A local network belongs to the county's, and the list says so."""
    await enter(door, "ilawa", "Powiatowa sieć w Iławie", kind="pact", level="county")
    await enter(door, "lubawa", "Lokalna Sieć w Lubawie", parent="ilawa")
    listed = await door.look(bodies.everyone)
    assert [(b.slug, b.kind, b.level, b.parent) for b in listed] == [
        ("ilawa", "pact", "county", ""),
        ("lubawa", "lsr", "local", "ilawa"),
    ]


@pytest.mark.parametrize(
    ("given", "error", "sentence"),
    [
        ({"slug": "Janów Lubelski"}, Invalid, "small letters"),
        ({"slug": "12"}, Invalid, "small letters"),
        ({"slug": "a--b"}, Invalid, "small letters"),
        ({"slug": "a\n"}, Invalid, "small letters"),
        ({"slug": "a" * 61}, Invalid, "small letters"),
        ({"slug": ""}, Invalid, "small letters"),
        ({"name": "  "}, Invalid, "1 to 300 characters"),
        ({"name": "x" * 301}, Invalid, "1 to 300 characters"),
        ({"name": "a\u202eb"}, Invalid, "1 to 300 characters"),
        ({"kind": "Sieć lokalna"}, Invalid, "kind of body"),
        ({"level": "village"}, Invalid, "There is no level village"),
        ({"parent": "nobody"}, NotFound, "There is no body nobody"),
    ],
)
async def test_what_is_wrong_with_a_body_is_named(
    door: Door, given: dict[str, str], error: type[Exception], sentence: str
) -> None:
    """A slip in a new body's word, name, kind, level or parent gives a sentence, and nothing is entered."""
    wrong = {"slug": "lsr-janow", "name": NAME} | given
    with pytest.raises(error, match=sentence):
        await enter(door, **wrong)
    for table in (BODY, AUDIT_ENTRY):
        assert await door.look(lambda uow, t=table: uow.execute(select(func.count()).select_from(t)).scalar_one()) == 0  # type: ignore[misc]


async def test_one_word_names_one_body(door: Door) -> None:
    """The same word cannot come to mean another network."""
    await enter(door)
    with pytest.raises(Refused, match="already a body called lsr-janow"):
        await enter(door, name="Inna sieć")
    assert [b.name for b in await door.look(bodies.everyone)] == [NAME]


async def test_the_same_body_entered_by_two_programs_at_once_is_entered_once(
    door: Door, database_url: str, clock: FixedClock, house: House
) -> None:
    """Two consoles enter the same network in the same moment: one body, and one of them is told."""
    other = open_store(database_url)
    doors = (door, Door(other, clock, house))
    done = await asyncio.gather(*(enter(doors[n % 2]) for n in range(6)), return_exceptions=True)
    await other.close()
    assert sum(isinstance(answer, int) for answer in done) == 1
    assert sum(isinstance(answer, Refused) for answer in done) == 5
    assert len(await door.look(bodies.everyone)) == 1


@pytest.mark.parametrize("word", ["", "nobody", "9" * 18, "9" * 40, "0", "²", "%", "lsr%"])
async def test_a_body_that_is_not_there_is_answered_in_words(door: Door, word: str) -> None:
    """A mistyped word gives a sentence with the way out."""
    await enter(door)
    with pytest.raises(NotFound, match="konwent-bot body list"):
        await door.look(lambda uow: bodies.find(uow, word))


async def test_only_the_operator_enters_bodies(door: Door) -> None:
    """No person, whatever post they hold, enters a body through the chat."""
    with pytest.raises(NotFound):
        await door.act(lambda uow: bodies.create(uow, Actor(1), slug="own", name="Own"))
    assert await door.look(bodies.everyone) == []
