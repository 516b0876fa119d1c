"""What notices about polls say: which dates are asked about, that an answer is missing, how it ended, that it was taken off."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from konwent_bot.documents import meeting_words
from konwent_bot.i18n import Translator
from konwent_bot.office.meetings.poll_news import PollDropped, PollNews
from konwent_bot.office.occasion import Message
from konwent_bot.screens.group_intents import SeePoll
from konwent_bot.screens.meetings import poll_words as words
from konwent_bot.screens.meetings.words import named, where
from konwent_bot.screens.screen import Action, Screen


def news(message: PollNews, t: Translator) -> Screen:
    """Ask about the dates, or remind of them; to whoever coordinates say how it ended."""
    poll = message.poll
    meeting = poll.meeting
    if message.what == "closed":
        return Screen(
            t("The poll is over: {meeting}", meeting=named(t, meeting)),
            context=(meeting.body_name,),
            paragraphs=(words.result(t, poll), t("Please choose the date. Nobody is called before that.")),
            items=tuple(f"{words.date(t, one)}: {words.figures(t, one.tally)}" for one in poll.dates),
            numbered=True,
            actions=((Action(t("Choose the date"), SeePoll(meeting.id), weight="main"),),),
        )
    says = (
        t("There is no date yet. Please say which of these suit your institution. It takes a minute.")
        if message.what == "opened"
        else t("Your institution has not answered about all of these dates yet. It takes a minute.")
    )
    return Screen(
        t("Which date suits you? {meeting}", meeting=named(t, meeting))
        if message.what == "opened"
        else t("Please answer about the dates: {meeting}", meeting=named(t, meeting)),
        context=(" · ".join((meeting.body_name, message.institution)),),
        paragraphs=(says,),
        facts=(
            (t("Where"), where(t, meeting)),
            *(((t("About"), meeting.topic),) if meeting.topic else ()),
            (t("Answers until"), t.day(poll.last_day)),
        ),
        items=tuple(words.date(t, one) for one in poll.dates),
        numbered=True,
        actions=((Action(t("Answer about the dates"), SeePoll(meeting.id), weight="main"),),),
    )


def dropped(message: PollDropped, t: Translator) -> Screen:
    """Say that no date is looked for any more."""
    return Screen(
        t("Called off: {meeting}", meeting=meeting_words.kind(t, message.meeting.kind)),
        context=(message.meeting.body_name,),
        paragraphs=(t("This meeting will not take place, so no date is looked for any more. You need not do anything."),),
    )


SCREENS: Final[Mapping[type[Message], Callable[[Any, Translator], Screen]]] = {PollNews: news, PollDropped: dropped}
