"""What a browser's visit does in the store, in one unit of work: who it is, what they asked for, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from konwent_bot import i18n
from konwent_bot.errors import NotFound
from konwent_bot.i18n import Translator
from konwent_bot.office import dialogues, sessions
from konwent_bot.office.dialogues import Fill, Touch
from konwent_bot.office.people import Known, Reader
from konwent_bot.office.sessions import Session
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens import desk_import, reception
from konwent_bot.screens.intents import Home, Intent
from konwent_bot.screens.visiting import Given, Reply, Visitor


@dataclass(frozen=True, slots=True)
class Browser:
    """Whoever asks, as far as the request tells: nothing of it proves anything but the cookie."""

    #: Its value; empty: none of ours.
    cookie: str
    #: The language of a reader nobody knows.
    language: str
    #: The address it comes from.
    address: str


@dataclass(frozen=True, slots=True)
class Came:
    """What came of a visit."""

    #: The session the answer is for, if anybody is let in.
    session: Session | None
    #: Whose session this was until it expired.
    former: Known | None
    #: ``None``: a press or a form of a conversation that came after the session.
    reply: Reply | None
    t: Translator
    #: The session's last use is to be written down again.
    worn: bool = False
    #: A form that came too late is kept for its writer.
    kept: bool = False


def look(uow: UnitOfWork, browser: Browser, intent: Intent) -> Came:
    """Show the page of an intent (of ``LOOKS``); changes nothing and runs in a read-only snapshot."""
    session = sessions.find(uow, browser.cookie)
    reply, t = reception.answer(uow, _visitor(browser, session, Given()), intent)
    former = None if session is not None else sessions.former(uow, browser.cookie)
    if former is not None and is_personal(intent, reply):
        t = i18n.translator(former.language)
    return Came(session, former, reply, t, worn=session is not None and sessions.needs_touch(uow, session))


def is_slow(intent: Intent, given: Given) -> bool:
    """Tell whether an intent may have a slow part: it comes with a file, or speaks of one that came before."""
    return given.file is not None or "upload" in type(intent).__slots__


def ahead(uow: UnitOfWork, browser: Browser, intent: Intent, given: Given) -> Callable[[], object] | None:
    """Give the slow part of an intent that needs no store (reading a file), if there is one and this browser's person may ask for it.

    It is done on another thread before the unit of work, so that nobody waits for it with the store in hand.
    """
    return desk_import.ahead(uow, _visitor(browser, sessions.find(uow, browser.cookie), given), intent)


def carry_out(uow: UnitOfWork, browser: Browser, intent: Intent, given: Given) -> Came:
    """Carry an intent out with what came in its form. Whoever calls has seen that the form is this browser's own."""
    session = sessions.find(uow, browser.cookie)
    if session is None:
        return _too_late(uow, browser, intent, given)
    session = sessions.touch(uow, session)
    reply, t = reception.answer(uow, _visitor(browser, session, given), intent)
    if reply.session is not None:
        session = sessions.find(uow, reply.session)
    return Came(session, None, reply, t)


def is_personal(intent: Intent, reply: Reply) -> bool:
    """Tell whether a stranger was answered with where strangers begin, or with nothing: what they asked for is somebody's."""
    if reply.refusal is not None:
        return isinstance(reply.refusal, NotFound) and not is_proof(intent)
    return reply.at == Home() and intent != Home() and reply.session is None


def is_proof(intent: Intent) -> bool:
    """Tell whether an intent carries a link's token: whoever holds it may hear why it opens nothing."""
    return "token" in type(intent).__slots__


def _too_late(uow: UnitOfWork, browser: Browser, intent: Intent, given: Given) -> Came:
    """Take a form of somebody who is not let in, or not any more. What they wrote is kept if it is known whose it is."""
    former = sessions.former(uow, browser.cookie)
    t = i18n.translator(browser.language if former is None else former.language)
    if isinstance(intent, Fill) and former is not None:
        return Came(None, former, None, t, kept=dialogues.keep(uow, Reader(former.id), intent, given.written, t.flow))
    if isinstance(intent, Touch | Fill):
        return Came(None, former, None, t)
    reply, strangers = reception.answer(uow, _visitor(browser, None, given), intent)
    if former is None or not is_personal(intent, reply):
        t = strangers
    return Came(sessions.find(uow, reply.session) if reply.session else None, former, reply, t)


def _visitor(browser: Browser, session: Session | None, given: Given) -> Visitor:
    if session is None:
        return Visitor(None, browser.language, given, browser=browser.cookie, address=browser.address)
    person = session.person
    return Visitor(Reader(person.id), person.language, given, person, browser.cookie, browser.address)
