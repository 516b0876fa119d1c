"""What is said once a conversation is over: its title and the ways on, by the act it submitted to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from konwent_bot.i18n import Translator
from konwent_bot.office.dialogues import Talk
from konwent_bot.office.subjects import CARD, Outcome
from konwent_bot.screens.intents import ChangeCard
from konwent_bot.screens.screen import Action


@dataclass(frozen=True, slots=True)
class Closing:
    """The words of an act."""

    #: Heading once it is done.
    title: str
    #: Label of the button that does it.
    confirm: str
    #: Ways on, each on a row of its own.
    actions: tuple[Action, ...] = ()


def _card(talk: Talk, _o: Outcome, t: Translator) -> Closing:
    subject = talk.subject
    change = Action(t("Change the answers"), ChangeCard(subject.round or 0, subject.membership or 0))
    return Closing(t("The card has been sent"), t("Confirm and send"), (change,))


CLOSINGS: Final[Mapping[str, Callable[[Talk, Outcome, Translator], Closing]]] = {CARD: _card}


def closing(talk: Talk, t: Translator) -> Closing:
    """Give the words for a conversation, before and after it is submitted."""
    return CLOSINGS[talk.subject.act](talk, talk.outcome or Outcome(talk.subject.body), t)
