"""Occasions of the tests: news that is wanted until its reader has answered, told in each of the ways there are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from sqlalchemy import insert, select

from konwent_bot.errors import N_
from konwent_bot.i18n import Translator
from konwent_bot.office.occasion import Due, Message, Occasion, Reader
from konwent_bot.office.occasions import OCCASIONS
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.intents import AskLeave, Home, Leave
from konwent_bot.screens.messages import SCREENS
from konwent_bot.screens.screen import Action, Screen
from konwent_bot.store.tables import THROTTLE

#: A subject that has no words: a mistake of ours.
BROKEN = "news:13"


@dataclass(frozen=True, slots=True)
class News(Message):
    """Something to be told."""

    words: str


def answer(uow: UnitOfWork, recipient: str, subject: str) -> None:
    """Let somebody answer: what was to be told is not wanted any more."""
    uow.execute(insert(THROTTLE).values(key=f"{recipient} {subject}", since=uow.now, tries=1))


def _wanted(uow: UnitOfWork, due: Due) -> bool:
    return uow.execute(select(THROTTLE.c.key).where(THROTTLE.c.key == f"{due.recipient} {due.subject}")).first() is None


def _make(_uow: UnitOfWork, due: Due, reader: Reader) -> Message | str | None:
    if due.subject == BROKEN:
        raise ZeroDivisionError
    return News(f"{due.occasion} {due.subject} {reader.name}")


def _screen(news: News, t: Translator) -> Screen:
    """A heading, a button for the chat, a look for the letter, and one for the chat that a letter must leave out."""
    return Screen(
        f"Wiadomość: {news.words.split()[1]}",
        paragraphs=(news.words,),
        actions=(
            (Action(t(N_("Help")), Leave(), only="chat"),),
            (Action(t(N_("Privacy")), Home(), only="page"), Action("Inna strona", AskLeave(), only="page")),
        ),
    )


TESTS = (
    Occasion("test.reminder", _make, _wanted, quiet=False, unsubscribable=True),
    Occasion("test.convening", _make, _wanted, quiet=False, repeat_uncertain=True),
    Occasion("test.minutes", _make, _wanted, quiet=False, repeat_uncertain=True, digestible=True),
    Occasion("test.quiet", _make, _wanted),
    Occasion("test.urgent", _make, _wanted, urgent=lambda _uow, _due: True),
)


def register(add: Callable[[dict[object, object], object, object], None] = dict.__setitem__) -> None:
    """Make them known. ``add``: as ``monkeypatch.setitem``, so that they are forgotten after a test."""
    for one in TESTS:
        add(cast(dict[object, object], OCCASIONS), one.name, one)
    add(cast(dict[object, object], SCREENS), News, _screen)
