"""What minutes hold of people: shown to them, and what stays of it when they are erased."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select, update
from tests.office.rich import NAME, NOTED, REMARKED, RIVAL, Rich, settle

from konwent_bot.clock import FixedClock
from konwent_bot.office import housekeeping, own_data, privacy
from konwent_bot.office.door import Door
from konwent_bot.office.rights import Actor
from konwent_bot.store.tables import (
    MINUTES,
    MINUTES_FILE,
    MINUTES_NOTE,
    MINUTES_PLACE,
    MINUTES_REMARK,
    MINUTES_RIVAL,
    MINUTES_VERSION,
    PERSON,
    TASK,
)

#: Everything of minutes, but for what one person wrote and nobody took up.
KEPT = (MINUTES, MINUTES_NOTE, MINUTES_FILE, MINUTES_VERSION, MINUTES_PLACE, MINUTES_REMARK, TASK)


async def rows(door: Door) -> list[list[tuple[object, ...]]]:
    """Give all that is kept."""
    return await door.look(lambda uow: [[tuple(row) for row in uow.execute(select(table))] for table in KEPT])


async def unsaved(door: Door) -> int:
    """Count the texts nobody took up."""
    found = select(func.count()).select_from(MINUTES_RIVAL)
    return int(await door.look(lambda uow: uow.execute(found).scalar_one()))


async def test_people_see_what_minutes_hold_of_them(door: Door) -> None:
    """Żaneta finds all she did about minutes, each under its number, with her institution where it spoke; Bogdan finds nothing."""
    made = await settle(door)
    held = (await door.look(lambda uow: privacy.held(uow, made.person))).minutes
    assert [one.kind for one in held] == ["begun", "note", "unsaved", "file", "version", "answer", "remark", "settled", "task"]
    assert {one.minutes for one in held} == {"1/2026"}
    assert [one.kind for one in held if one.institution] == ["answer", "remark", "settled", "task"]
    said = {one.kind: one.said for one in held}
    assert said["note"] == {"point": "end", "text": NOTED}
    assert said["unsaved"] == {"text": RIVAL}
    assert said["file"] == {"name": "lista.pdf", "bytes": 8}
    assert said["answer"] == {"version": 1, "answer": "remarks"}
    assert said["remark"] == {"version": 1, "point": "attendance", "text": REMARKED}
    assert said["settled"] == {"version": 1, "state": "declined", "reason": "Lista mówi inaczej"}
    assert said["task"]["what"] == "Napisać do wójta"
    assert (await door.look(lambda uow: privacy.held(uow, made.bogdan))).minutes == ()


async def test_an_erasure_takes_what_nobody_took_up_and_leaves_the_record(door: Door) -> None:
    """Minutes, remarks and tasks stay word for word and name a number nothing tells the name of; her text beside another's goes."""
    made = await settle(door)
    before = await rows(door)
    assert own_data.REMAINS_MINUTES in (await door.look(lambda uow: privacy.remains(uow, made.person))).why
    assert await door.act(lambda uow: privacy.erase(uow, Actor(made.person), made.person))
    assert await rows(door) == before
    assert await unsaved(door) == 0
    name = await door.look(lambda uow: uow.execute(select(PERSON.c.name).where(PERSON.c.id == made.person)).scalar_one())
    assert name == "" != NAME


async def test_who_leaves_takes_what_nobody_took_up(door: Door) -> None:
    """It was theirs alone, as an unfinished card is; others do not have to choose between it and what stands."""
    made = await settle(door)
    before = await rows(door)
    await door.act(lambda uow: privacy.leave(uow, made.person))
    assert (await rows(door), await unsaved(door)) == (before, 0)


async def test_only_an_unsaved_text_does_not_remain(door: Door) -> None:
    """Somebody who only wrote beside another's text is told of nothing about minutes that would stay."""
    made = await settle(door)

    async def why(person: int) -> tuple[str, ...]:
        return (await door.look(lambda uow: privacy.remains(uow, person))).why

    await door.act(lambda uow: uow.execute(update(MINUTES_RIVAL).values(person_id=made.bogdan)))
    assert own_data.REMAINS_MINUTES not in await why(made.bogdan)


async def test_the_clock_forgets_nothing_of_minutes(door: Door, clock: FixedClock) -> None:
    """Nine years later guests and reasons are gone, and the record of what was decided and minuted is as it was."""
    made: Rich = await settle(door)
    before = await rows(door)
    clock.move(timedelta(days=9 * 365))
    while (await door.act(housekeeping.tick)).more:
        pass
    assert made.meeting
    assert await rows(door) == before
