"""What members answer: every question of the card with an answer of its own, given by the button or the words a person would use."""

from __future__ import annotations

import json
from typing import Final

from sqlalchemy import select

from konwent_bot.office import dialogues
from konwent_bot.office.dialogues import Touch
from konwent_bot.office.door import Door
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import CARD, CARD_VERSION, DIALOGUE, PERSON
from tests.conversations.people import Member, kind, touches, verb
from tests.sandbox.phone import Said

SCALES: Final = (
    "goals", "composition", "engagement", "trust", "management", "plan", "communication", "resources", "openness", "contribution",
    "offer", "strategic_meetings", "operational_meetings", "decisions", "minutes",
)  # fmt: skip
SHORT_SCALES: Final = SCALES[:8]
#: Distinct where the scale allows it; one "I do not know".
MEANT: Final[dict[str, object]] = {
    **{question: 1 + number % 5 for number, question in enumerate(SCALES)},
    "offer": "unknown",
    "contact_forms": ["phone", "regular"],
    "barriers": ["time", "staff"],
    "conclusion": "Wspólny kalendarz spotkań na całe półrocze",
}
SHORT: Final[dict[str, object]] = {name: MEANT[name] for name in (*SHORT_SCALES, "barriers", "conclusion")}


async def give(member: Member, value: object) -> Said:
    """Answer the question on the screen as a person would: scales by one press, lists by marks and Done, texts by typing."""
    if isinstance(value, list):
        for choice in value:
            await member.press(verb("mark", choice))
        return await member.press(verb("done"))
    if isinstance(value, int) or value == "unknown":
        return await member.press(verb("answer", str(value)))
    said = await member.look()
    assert not any(touch.verb in ("answer", "mark") for touch in touches(said)), "a text is asked for"
    return await member.type(str(value))


async def fill_in(member: Member, meant: dict[str, object]) -> Said:
    """Answer every question in the order it is asked; ends in the review."""
    said = await member.look()
    for value in meant.values():
        said = await give(member, value)
    return said


async def already(member: Member, door: Door, meant: dict[str, object]) -> Said:
    """Let the first questions have been answered already, on another day; gives the question that comes now.

    The conversation must have been opened on this phone (so that there is one).
    """

    def work(uow: UnitOfWork) -> None:
        mine = select(DIALOGUE.c.id, DIALOGUE.c.turn).join(PERSON, PERSON.c.id == DIALOGUE.c.person_id)
        row = uow.execute(mine.where(PERSON.c.telegram_id == member.phone.id, DIALOGUE.c.status == "open")).one()
        turn = row.turn
        for value in meant.values():
            marks = value if isinstance(value, list) else []
            for choice in marks:
                dialogues.touch(uow, member.phone.id, Touch(row.id, turn, "mark", choice))
                turn += 1
            last = Touch(row.id, turn, "done") if marks else Touch(row.id, turn, "answer", str(value))
            assert not dialogues.touch(uow, member.phone.id, last).stale
            turn += 1

    await door.act(work)
    await member.type("/sprawy")
    return await member.open_card()


def in_review(said: Said) -> bool:
    """Whether a message is the review."""
    return any(touch.verb == "confirm" for touch in touches(said))


async def draft(door: Door, dialogue: int | None = None) -> dict[str, object]:
    """Give the answers of the one open conversation (or of this one)."""
    found = select(DIALOGUE.c.state).where(DIALOGUE.c.status == "open")
    if dialogue is not None:
        found = found.where(DIALOGUE.c.id == dialogue)
    return dict(json.loads(await door.look(lambda uow: uow.execute(found).scalar_one()))["answers"])


async def cards(door: Door) -> list[tuple[int, str, dict[str, object]]]:
    """Give version, role and answers of every card."""
    found = select(CARD.c.version, CARD.c.role, CARD.c.answers).order_by(CARD.c.id)
    return [(row.version, row.role, json.loads(row.answers)) for row in await door.look(lambda uow: uow.execute(found).all())]


async def versions(door: Door) -> list[tuple[int, str, dict[str, object]]]:
    """Give number, role and answers of every version kept."""
    found = select(CARD_VERSION.c.version, CARD_VERSION.c.role, CARD_VERSION.c.answers).order_by(CARD_VERSION.c.version)
    return [(row.version, row.role, json.loads(row.answers)) for row in await door.look(lambda uow: uow.execute(found).all())]


__all__ = ["MEANT", "SCALES", "SHORT", "already", "cards", "draft", "fill_in", "give", "in_review", "kind", "versions"]
