"""What decisions hold of people: shown to them, and what stays of it when they are erased."""

from __future__ import annotations

from sqlalchemy import select
from tests.office.rich import NAME, OBJECTED, PROPOSED, settle

from konwent_bot.office import privacy
from konwent_bot.office.door import Door
from konwent_bot.office.rights import Actor
from konwent_bot.store.tables import PERSON, PROPOSAL_COMMENT, PROPOSAL_TEXT, STANCE, TASK, VOTE


async def test_people_see_what_decisions_hold_of_them(door: Door) -> None:
    """Żaneta finds her proposal, its text, her comment, objection, ballot, vote and task, each with her institution; Bogdan finds nothing."""
    made = await settle(door)
    held = (await door.look(lambda uow: privacy.held(uow, made.person))).decisions
    assert [one.kind for one in held] == ["proposal", "text", "comment", "stance", "ballot", "vote", "task"]
    assert {one.institution for one in held} == {"Gminny Ośrodek Pomocy Społecznej w Modliborzycach"}
    said = {one.kind: one.said for one in held}
    assert said["stance"] == {"stance": "object", "reason": OBJECTED, "remedy": "Dotacja"}
    assert said["vote"] == {"choice": "against"}
    assert said["text"]["title"] == PROPOSED
    assert (await door.look(lambda uow: privacy.held(uow, made.bogdan))).decisions == ()


async def test_what_decisions_rest_on_stays_and_names_nobody(door: Door) -> None:
    """After her erasure the institution has still objected and voted, in its own words, and nobody can tell whose number stands beside it."""
    made = await settle(door)
    assert await door.act(lambda uow: privacy.erase(uow, Actor(made.person), made.person))
    found = (
        select(STANCE.c.reason, STANCE.c.person_id),
        select(VOTE.c.choice, VOTE.c.person_id),
        select(PROPOSAL_TEXT.c.title, PROPOSAL_TEXT.c.person_id),
        select(PROPOSAL_COMMENT.c.body, PROPOSAL_COMMENT.c.person_id),
        select(TASK.c.what, TASK.c.person_id).where(TASK.c.decision_id.is_not(None)),
    )
    left = [tuple(await door.look(lambda uow, one=one: uow.execute(one).one())) for one in found]  # type: ignore[misc]  # mypy sees no default
    assert left == [(words, made.person) for words in (OBJECTED, "against", PROPOSED, "Kto zapłaci?", "Umowa z gminą")]
    names = await door.look(lambda uow: uow.execute(select(PERSON.c.name).where(PERSON.c.id == made.person)).scalar_one())
    assert names == "" != NAME
