"""What a typed text says as an answer: read by the rules of its question, after personal data has been looked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from konwent_bot import i18n
from konwent_bot.dialogue import hearing, typed
from konwent_bot.dialogue.flow import Flow
from konwent_bot.dialogue.hearing import DayHeard, Heard, Now
from konwent_bot.dialogue.model import DateQuestion, MomentQuestion, TimeQuestion
from konwent_bot.dialogue.problem import Problem
from konwent_bot.dialogue.state import State
from konwent_bot.dialogue.texts import Texts
from konwent_bot.dialogue.values import Value
from konwent_bot.domain import personal_data
from konwent_bot.office.unit import UnitOfWork


def hear(
    uow: UnitOfWork, flow: Flow, state: State, question: str, text: str, texts: Texts, *, language: str
) -> Value | Problem | Heard | DayHeard:
    """Give the value of a typed text, what is wrong with it, or what it may mean and is to be confirmed.

    ``texts`` gives labels, ``language`` the words of dates that are tried first.
    """
    asked = flow.question(question)
    if not isinstance(asked, DateQuestion | MomentQuestion | TimeQuestion):
        return typed.read(flow, question, text, state.facts, texts, _GUARDS)
    others = (other for other in i18n.languages() if other != language)
    now = uow.now.astimezone(uow.house.zone).replace(tzinfo=None)
    return hearing.hear(asked, text, state, Now(now, uow.house.zone, (language, *others)))


def _guard(policy: personal_data.Policy) -> typed.Guard:
    def guard(text: str) -> Problem | None:
        found = personal_data.check(text, policy)
        return None if found is None else Problem(personal_data.refusal(found.kind))

    return guard


#: Personal data in free text (conversation.md 13): looked for before anything is stored.
_GUARDS: Final[Mapping[str, typed.Guard]] = {"strict": _guard("strict"), "warn": _guard("organisational")}
