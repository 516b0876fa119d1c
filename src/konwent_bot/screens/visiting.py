"""What a visit is made of: who comes, with what, and what they are shown. Shared by the reception and the rooms it leads to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from konwent_bot.errors import KonwentError
from konwent_bot.i18n import Translator
from konwent_bot.office import people
from konwent_bot.office.dialogues import Talk, Written
from konwent_bot.office.people import Caller, Known
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens import home
from konwent_bot.screens.intents import Home, Intent
from konwent_bot.screens.screen import Document, Screen


@dataclass(frozen=True, slots=True)
class Given:
    """What came with an intent in a form of a page. All of it comes from outside."""

    #: An answer to a question.
    written: Written = field(default_factory=Written)
    #: Fields of a ``screen.Form`` by name.
    fields: Mapping[str, str] = field(default_factory=dict)
    #: The file of a form that takes one, and what the device calls it.
    file: bytes | None = None
    file_name: str = ""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whoever is at the door."""

    #: An account of Telegram, a reader of pages, or nobody in particular (a browser nobody has been let in by yet).
    caller: Caller | None
    #: The language their app or browser says it speaks.
    language: str = ""
    given: Given = field(default_factory=Given)
    #: Who the caller is, where whoever let them in has just looked that up.
    known: Known | None = None
    #: The cookie of the browser (its plain value), and the address it comes from; empty in a chat.
    browser: str = ""
    address: str = ""

    @property
    def page(self) -> bool:
        """Whether they come by a browser."""
        return not isinstance(self.caller, int)


@dataclass(frozen=True, slots=True)
class Reply:
    """What the visitor sees next."""

    screen: Screen
    #: Set when it is a conversation, so that a chat can keep its message.
    talk: Talk | None = None
    #: It shows the very turn that stood there before: a chat edits its message, even where one may type.
    same_question: bool = False
    #: The intent that shows (nearly) the same again: where a page leads after a form was taken. ``None``: only here and now.
    at: Intent | None = None
    #: The cookie's token of a session that begins; empty: the session ends; ``None``: it stays as it is.
    session: str | None = None
    #: A file that goes with it.
    document: Document | None = None
    #: Why nothing was done, when nothing was.
    refusal: KonwentError | None = None
    #: What looking leaves behind, where it was shown out of a snapshot: done afterwards, in a unit of work of its own.
    noting: Callable[[UnitOfWork], None] | None = None


Visited: TypeAlias = tuple[Reply, Translator]
#: What is done for a kind of intent. ``Any``: the registry gives each visit intents of its own kind only.
Visit: TypeAlias = Callable[[UnitOfWork, Visitor, Known | None, Any, Translator], Visited]


def go_home(uow: UnitOfWork, visitor: Visitor, person: Known | None, t: Translator, *, notice: str = "") -> Reply:
    """Show what awaits a person, or who we are to a stranger."""
    if person is None:
        return Reply(home.stranger(t, uow.house, notice=notice), at=Home())
    look_away(uow, visitor, person)
    return Reply(home.home(uow, person, t, notice=notice), at=Home())


def look_away(uow: UnitOfWork, visitor: Visitor, person: Known | None) -> None:
    """The person is shown something that is no question: what they type on the phone answers nothing now. Pages change nothing."""
    if person is not None and not visitor.page:
        people.now_sees(uow, person, None)
