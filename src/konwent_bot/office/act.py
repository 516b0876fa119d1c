"""An act a conversation ends in: what it takes, who may, and what it does. The registry of them is ``acts``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from konwent_bot.dialogue.values import Answers
from konwent_bot.office.rights import Actor
from konwent_bot.office.subjects import Outcome, Subject
from konwent_bot.office.unit import UnitOfWork


@dataclass(frozen=True, slots=True)
class Act:
    """An act a conversation ends in.

    ``Any`` in ``do``: each act takes its own model, and ``submit`` makes it.
    """

    #: The flow that is asked, by its id.
    flow: str
    #: What the act takes.
    model: type[BaseModel]
    #: Refuses (``NotFound``, ``Refused``) unless this actor may do it to this subject now.
    may: Callable[[UnitOfWork, Actor, Subject], None]
    #: Does it.
    do: Callable[[UnitOfWork, Actor, Subject, Any], Outcome]

    def submit(self, uow: UnitOfWork, actor: Actor, subject: Subject, answers: Answers) -> Outcome:
        """Do it with the answers of a conversation.

        Raises:
            NotFound, Refused, Invalid: as the act does.
        """
        self.may(uow, actor, subject)
        return self.do(uow, actor, subject, self.model.model_validate(dict(answers)))
