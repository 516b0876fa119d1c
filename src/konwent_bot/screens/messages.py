"""What notices say: one screen for a message, whatever carries it to its reader.

Whoever adds an occasion (``office.occasions``) writes its screen and names it in ``SCREENS``. Telegram shows the screen as it shows any
other; a letter is made of the same one (``screens.letters``). What only a chat can do is an action with ``only="chat"``, what only
makes sense in a letter one with ``only="page"``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from konwent_bot import i18n
from konwent_bot.i18n import Translator
from konwent_bot.office.chat_groups import GroupNews
from konwent_bot.office.dispatch import Prepared
from konwent_bot.office.meetings.occasions import MeetingNews
from konwent_bot.office.occasion import Message
from konwent_bot.screens import chat_groups, task_news
from konwent_bot.screens.decisions import ballot_news, proposal_news
from konwent_bot.screens.meetings import agenda_news, plan_messages, poll_news
from konwent_bot.screens.meetings.news import news
from konwent_bot.screens.minutes import news as minutes_news
from konwent_bot.screens.screen import Action, Screen

#: By the class of the message.
SCREENS: Final[Mapping[type[Message], Callable[[Any, Translator], Screen]]] = {
    MeetingNews: news, GroupNews: chat_groups.news, **plan_messages.SCREENS, **agenda_news.SCREENS, **poll_news.SCREENS,
    **proposal_news.SCREENS, **ballot_news.SCREENS, **task_news.SCREENS, **minutes_news.SCREENS,
}  # fmt: skip


def translator(prepared: Prepared, language: str) -> Translator:
    """Give the voice for a message. ``language``: of readers who have not chosen one."""
    return i18n.translator(prepared.reader.language or language)


def screen(prepared: Prepared, t: Translator) -> Screen:
    """Show what is to be said: one message, or those of the day in one."""
    screens = [SCREENS[type(message)](message, t) for message in prepared.messages]
    shown = screens[0] if len(screens) == 1 else _gathered(screens, t)
    if not prepared.repeated:
        return shown
    again = t("This comes again, because it is not known whether it arrived the first time.")
    return replace(shown, notice=" ".join(filter(None, (again, shown.notice))))


def _gathered(screens: list[Screen], t: Translator) -> Screen:
    """Put several messages into one; each keeps its number, and its buttons bear it."""
    paragraphs: list[str] = []
    actions: list[tuple[Action, ...]] = []
    for number, one in enumerate(screens, start=1):
        paragraphs += [f"{number}. {one.title}", *one.context, *one.paragraphs]
        paragraphs += [f"{label}: {value}" for label, value in one.facts]
        paragraphs += [f"• {item}" for item in one.items]
        paragraphs += [said for section in one.sections for said in (section.title, *section.paragraphs)]
        actions += [tuple(replace(action, label=f"{number}. {action.label}") for action in row) for row in one.actions]
    return Screen(
        t("News of the day: {n}", n=len(screens)),
        paragraphs=tuple(paragraphs),
        notes=tuple(dict.fromkeys(note for one in screens for note in one.notes)),
        actions=tuple(actions),
    )
