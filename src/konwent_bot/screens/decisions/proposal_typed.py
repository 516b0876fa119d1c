"""Words that are a stance by themselves (conversation.md, rule 10): "zgadzam się", "sprzeciw". Only where nothing else can be meant."""

from __future__ import annotations

from typing import Final

from konwent_bot.office.decisions import rounds
from konwent_bot.office.people import Known
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.meetings.typed import plain
from konwent_bot.screens.proposal_intents import ObjectStance, TakeStance

_AGREE: Final = frozenset(
    {
        "zgadzam się", "zgadzam sie", "zgadzamy się", "zgadzamy sie", "zgoda", "tak zgadzam się", "tak zgadzamy się", "nie zgłaszam sprzeciwu",
        "nie zgłaszamy sprzeciwu", "bez sprzeciwu", "brak sprzeciwu",
        "i agree", "we agree", "no objection", "no objections",
        "погоджуюся", "погоджуємося", "згода", "без заперечень", "не заперечую", "не заперечуємо",
    }
)  # fmt: skip
_OBJECT: Final = frozenset(
    {
        "sprzeciw", "zgłaszam sprzeciw", "zglaszam sprzeciw", "zgłaszamy sprzeciw", "zglaszamy sprzeciw",
        "i object", "we object", "objection",
        "заперечення", "заперечую", "заперечуємо",
    }
)  # fmt: skip


def meant(uow: UnitOfWork, person: Known, text: str) -> TakeStance | ObjectStance | None:
    """Give the stance a typed text is: where exactly one institution of the person has not answered in exactly one round."""
    said = plain(text)
    if said not in _AGREE and said not in _OBJECT:
        return None
    waiting = rounds.waiting(uow, person.id)
    if len(waiting) != 1:
        return None
    _, found, place = waiting[0]
    return TakeStance(found.id, place.membership, "agree") if said in _AGREE else ObjectStance(found.id, place.membership)
