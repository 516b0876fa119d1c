"""What is said once a conversation is over: its title and the ways on, by the act it submitted to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from konwent_bot.errors import N_
from konwent_bot.i18n import Translator
from konwent_bot.office.dialogues import Talk
from konwent_bot.office.subjects import CARD, Outcome
from konwent_bot.screens.intents import ChangeCard
from konwent_bot.screens.meeting_intents import SeeMeeting
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


def _meeting(title: str, confirm: str) -> Callable[[Talk, Outcome, Translator], Closing]:
    """Lead back to the meeting it was about."""

    def said(_talk: Talk, outcome: Outcome, t: Translator) -> Closing:
        ways = () if outcome.meeting is None else (Action(t("See the meeting"), SeeMeeting(outcome.meeting)),)
        return Closing(t(title), t(confirm), ways)

    return said


CLOSINGS: Final[Mapping[str, Callable[[Talk, Outcome, Translator], Closing]]] = {
    CARD: _card,
    "meeting.absence": _meeting(N_("Saved"), N_("Save")),
    "meeting.cancel": _meeting(N_("The meeting has been called off"), N_("Call the meeting off")),
    "meeting.change": _meeting(N_("The meeting has been changed"), N_("Change the meeting")),
    "meeting.substitute": _meeting(N_("The substitute has been named"), N_("Name the substitute")),
}


def closing(talk: Talk, t: Translator) -> Closing:
    """Give the words for a conversation, before and after it is submitted."""
    return CLOSINGS[talk.subject.act](talk, talk.outcome or Outcome(talk.subject.body), t)
