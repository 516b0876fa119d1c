"""Words that are an answer to minutes by themselves (conversation.md, rule 10): "przyjmuję". Only where nothing else can be meant."""

from __future__ import annotations

from typing import Final

from konwent_bot.office.minutes import facts, roll
from konwent_bot.office.people import Known
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.archive_intents import AcceptMinutes, WriteRemark
from konwent_bot.screens.meetings.typed import plain

_ACCEPT: Final = frozenset(
    {
        "przyjmuję", "przyjmuje", "przyjmujemy", "przyjmuję protokół", "przyjmuje protokol", "przyjmujemy protokół", "przyjmujemy protokol",
        "i accept", "we accept", "we accept the minutes", "accept", "приймаю", "приймаємо", "приймаю протокол", "приймаємо протокол",
    }
)  # fmt: skip
_REMARK: Final = frozenset(
    {
        "zgłaszam uwagę", "zglaszam uwage", "zgłaszamy uwagę", "zglaszamy uwage", "mam uwagę", "mam uwage", "mamy uwagę", "mamy uwage", "uwaga",
        "i have a remark", "we have a remark", "маю зауваження", "маємо зауваження", "зауваження",
    }
)  # fmt: skip


def meant(uow: UnitOfWork, person: Known, text: str) -> AcceptMinutes | WriteRemark | None:
    """Give the answer a typed text is: where exactly one institution of the person has not answered to exactly one version."""
    said = plain(text)
    if said not in _ACCEPT and said not in _REMARK:
        return None
    waiting = roll.waiting(uow, person.id)
    if len(waiting) != 1:
        return None
    number, place = waiting[0]
    if said in _REMARK:
        return WriteRemark(number, place.membership)
    return AcceptMinutes(number, facts.get(uow, number).version, place.membership)
