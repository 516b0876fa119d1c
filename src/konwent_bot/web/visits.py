"""Visits by a browser: an intent's page is looked at by GET and changes nothing; anything is carried out by POST, from a form of ours.

What may not be seen, what is not there and what never was are answered with the same bytes. A stranger who asks for anything
personal is led to where one signs in, whether it exists or not. What somebody wrote is never lost to an answer of ours: it is kept,
or shown again, or given back to be copied.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from aiohttp import hdrs, web

from konwent_bot import i18n
from konwent_bot.errors import N_, Invalid, KonwentError, NotFound
from konwent_bot.i18n import Translator
from konwent_bot.office import dialogues, sessions
from konwent_bot.office.dialogues import Fill, Touch
from konwent_bot.office.door import Door
from konwent_bot.office.people import Known, Reader
from konwent_bot.office.sessions import Session
from konwent_bot.office.throttle import TooOften
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens import entering, intents, reception
from konwent_bot.screens.intents import Home, Intent, SeeEmailLink, SeeEntry, SeeInvitation, SeeSignIn, decode
from konwent_bot.screens.screen import Screen
from konwent_bot.screens.visiting import Given, Reply, Visitor
from konwent_bot.web import addresses, files, forms
from konwent_bot.web.cookies import Jar
from konwent_bot.web.forms import Received, Unfit
from konwent_bot.web.frames import Frame
from konwent_bot.web.pages import Pages
from konwent_bot.web.paths import path_of

#: What a browser says of a form it sends from one of our own pages, or again when a page is reloaded. Old ones say nothing.
_OWN_SITE: Final = frozenset({"same-origin", "none"})
#: A token that cannot be one is looked up like any other wrong one, and so answered like it.
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{1,40}\Z")
_NEVER_ISSUED: Final = "x"

#: What was typed into a form under way: given back if nothing comes of it.
TYPED: Final = web.RequestKey("typed", str)

_ENDED: Final = N_("The session has ended")
_NOTHING_DONE: Final = N_("The session had ended, so nothing was done. Sign in again to go on.")
_IS_KEPT: Final = N_("The session had ended. Your answer is kept: sign in again and it will be in the form, ready to be sent.")
_NOT_KEPT: Final = N_("The session had ended and your answer could not be kept. Copy it from below before you sign in again.")


@dataclass(frozen=True, slots=True)
class Browser:
    """Whoever asks, as far as the request tells: nothing of it proves anything but the cookie."""

    cookie: str
    #: The language of a reader nobody knows.
    language: str
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


class Visits:
    """Handlers of everything a person looks at or sends."""

    def __init__(self, door: Door, pages: Pages, jar: Jar, *, trusted_proxies: int) -> None:
        self._door = door
        self._pages = pages
        self._jar = jar
        self._trusted = trusted_proxies

    def routes(self, router: web.UrlDispatcher) -> None:
        """Put the addresses into a router."""
        router.add_get("/", self.home)
        router.add_get("/s/{code:[^/]+}", self.look)
        router.add_post("/s/{code:[^/]+}", self.carry_out)
        router.add_get("/z/{token:[^/]+}", self.invitation)
        router.add_get("/e/{token:[^/]+}", self.entry)
        router.add_get("/p/{token:[^/]+}", self.email)

    async def home(self, request: web.Request) -> web.Response:
        """``GET /``: what awaits the reader, or who we are."""
        return await self._show(request, Home())

    async def invitation(self, request: web.Request) -> web.Response:
        """``GET /z/{token}``: an invitation, in the language chosen there."""
        chosen = request.query.get("lang", "")
        return await self._show(request, SeeInvitation(_token(request), chosen if chosen in i18n.LANGUAGES else ""))

    async def entry(self, request: web.Request) -> web.Response:
        """``GET /e/{token}``: whom a personal link lets in. Programs that preview links use nothing up."""
        return await self._show(request, SeeEntry(_token(request)))

    async def email(self, request: web.Request) -> web.Response:
        """``GET /p/{token}``: which address of e-mail a link confirms."""
        return await self._show(request, SeeEmailLink(_token(request)))

    async def look(self, request: web.Request) -> web.Response:
        """``GET /s/{code}``: the page of an intent; for what is not to be looked at, the page it belongs to."""
        intent = decode(request.match_info["code"])
        if intent is None:
            return await self.missing(request)
        if type(intent) not in intents.LOOKS:
            return _see_other(intent)
        return await self._show(request, intent)

    async def carry_out(self, request: web.Request) -> web.Response:
        """``POST /s/{code}``: an intent with its form, if the form is one of ours."""
        intent = decode(request.match_info["code"])
        if intent is None:
            return await self.missing(request)
        browser = self._browser(request)
        if request.headers.get("Sec-Fetch-Site", "none") not in _OWN_SITE:
            return await self.plain(request, 403)
        try:
            received = await forms.read(request)
            request[TYPED] = received.text
            if not forms.is_ours(received, browser.cookie):
                return await self.plain(request, 403)
            given = forms.given(received, intent, browser.cookie)
        except Unfit as unfit:
            return await self.plain(request, unfit.status, unfit)
        came = await self._door.act(lambda uow: _carry_out(uow, browser, intent, given))
        return self._after(browser, intent, received, given, came)

    async def missing(self, request: web.Request) -> web.Response:
        """Answer for what is not there, or is not the reader's to see: the same bytes for the same reader, whatever was asked for."""
        return await self.plain(request, 404)

    async def plain(self, request: web.Request, status: int, problem: KonwentError | None = None) -> web.Response:
        """Say that nothing can be shown or done, in the reader's language, and give back what was typed."""
        browser = self._browser(request)
        session = await self._door.look(lambda uow: sessions.find(uow, browser.cookie)) if browser.cookie else None
        return self._plain(browser, session, status, problem, typed=request.get(TYPED, ""))

    def fault(self, request: web.Request, status: int, problem: KonwentError | None = None) -> web.Response:
        """Do the same without asking the store, which may be what is at fault."""
        return self._plain(self._browser(request), None, status, problem, typed=request.get(TYPED, ""))

    # --- inside -------------------------------------------------------------------------------------------------------

    def _browser(self, request: web.Request) -> Browser:
        language = self._pages.translator(request).language
        return Browser(self._jar.value(request), language, addresses.client(request, self._trusted))

    async def _touch(self, session: Session) -> Session:
        """Reading is a use too. It is written down now and then, apart from what was looked at."""
        return await self._door.act(lambda uow: sessions.touch(uow, session))

    async def _show(self, request: web.Request, intent: Intent) -> web.Response:
        browser = self._browser(request)
        came = await self._door.look(lambda uow: _look(uow, browser, intent))
        reply, session = came.reply, came.session
        assert reply is not None
        if session is not None and came.worn and request.method == hdrs.METH_GET:
            session = await self._touch(session)
        if session is None and _is_personal(intent, reply):
            return self._to_sign_in(request, browser, came)
        if reply.refusal is not None:
            return self._refused(browser, session, intent, reply, came.t, None)
        if reply.document is not None:
            return files.attachment(reply.document)
        flash = self._jar.flash(request, browser.cookie)
        response = self._page(browser, session, reply.screen, came.t, Frame(here=intent, flash=flash))
        if self._jar.has_flash(request) and request.method == hdrs.METH_GET:
            self._jar.drop_flash(response)
        return response

    def _after(self, browser: Browser, intent: Intent, received: Received, given: Given, came: Came) -> web.Response:
        """Answer a form that has been carried out, or was not."""
        reply, t = came.reply, came.t
        if reply is None or (came.session is None and _is_personal(intent, reply)):
            return self._too_late(browser, came, received.text)
        renewed = replace(browser, cookie=reply.session or sessions.new_cookie()) if reply.session is not None else browser
        here = addresses.belongs_to(reply.at or intent)
        if reply.refusal is not None:
            response = self._refused(renewed, came.session, intent, reply, t, given)
        elif reply.talk is not None and reply.talk.problem is not None:
            response = self._page(renewed, came.session, reply.screen, t, Frame(here=here, given=given), status=422)
        elif reply.document is not None:
            response = files.attachment(reply.document)
        elif reply.at is not None:
            response = _see_other(reply.at)
            if reply.screen.notice and renewed.cookie:
                self._jar.carry(response, renewed.cookie, reply.screen.notice)
        else:
            response = self._page(renewed, came.session, reply.screen, t, Frame(here=here))
        if renewed is not browser:
            self._jar.give(response, renewed.cookie, let_in=bool(reply.session))
        return response

    def _refused(
        self, browser: Browser, session: Session | None, intent: Intent, reply: Reply, t: Translator, given: Given | None
    ) -> web.Response:
        refusal = reply.refusal
        if isinstance(refusal, NotFound) and not _is_proof(intent):
            return self._plain(browser, session, 404)
        match refusal:
            case NotFound():
                status = 404
            case TooOften():
                status = 429
            case Invalid():
                status = 422
            case _:
                status = 404 if _is_proof(intent) else 409
        here = addresses.belongs_to(intent if reply.screen.form is None else reply.screen.form.at)
        response = self._page(browser, session, reply.screen, t, Frame(here=here, given=given), status=status)
        if isinstance(refusal, TooOften):
            response.headers[hdrs.RETRY_AFTER] = str(refusal.retry_after)
        return response

    def _too_late(self, browser: Browser, came: Came, typed: str) -> web.Response:
        """Answer a form of somebody who is not let in, or not any more: nothing was done, and what they wrote is not lost."""
        t = came.t
        screen = entering.sign_in(t)
        if came.former is not None:
            said = _IS_KEPT if came.kept else _NOT_KEPT if typed else _NOTHING_DONE
            screen = replace(screen, title=t(_ENDED), notice=t(said))
        frame = Frame(here=SeeSignIn(), kept="" if came.kept else typed)
        response = self._page(browser, None, screen, t, frame, status=401)
        response.headers[hdrs.WWW_AUTHENTICATE] = f'Cookie realm="konwent", form-action="{path_of(SeeSignIn())}"'
        return response

    def _to_sign_in(self, request: web.Request, browser: Browser, came: Came) -> web.Response:
        """Lead a stranger to where one signs in; the same for what exists and what does not."""
        response = _see_other(SeeSignIn(), language=request.query.get("lang", ""))
        if came.former is not None:
            self._jar.carry(response, browser.cookie, came.t(_NOTHING_DONE))
        return response

    def _plain(
        self, browser: Browser, session: Session | None, status: int, problem: KonwentError | None = None, *, typed: str = ""
    ) -> web.Response:
        t = i18n.translator(browser.language if session is None else session.person.language)
        frame = self._frame(browser, session, Frame(kept=typed), None)
        shown = {405: 404, 408: 400, 503: 500}.get(status, status)
        response = self._pages.plain(shown, t, frame, sentence="" if problem is None else t.say(problem))
        response.set_status(status)
        return response

    def _page(
        self, browser: Browser, session: Session | None, screen: Screen, t: Translator, frame: Frame, *, status: int = 200
    ) -> web.Response:
        """Show a screen. A browser without a cookie gets one with its first form."""
        cookie = browser.cookie
        if not cookie and _has_form(screen):
            cookie = sessions.new_cookie()
        if session is None and "language" not in type(frame.here).__slots__:
            path = path_of(frame.here)
            frame = replace(frame, switch=tuple((code, f"{path}?lang={code}") for code in i18n.languages()))
        response = self._pages.show(
            screen, t, self._frame(replace(browser, cookie=cookie), session, frame, screen), status=status
        )
        if cookie != browser.cookie:
            self._jar.give(response, cookie, let_in=False)
        return response

    def _frame(self, browser: Browser, session: Session | None, frame: Frame, screen: Screen | None) -> Frame:
        return replace(
            frame,
            csrf=forms.token_for(browser.cookie, None if screen is None else screen.form) if browser.cookie else "",
            signed_in=session is not None,
            ends_at=None if session is None else session.ends_at,
        )


def _look(uow: UnitOfWork, browser: Browser, intent: Intent) -> Came:
    session = sessions.find(uow, browser.cookie)
    reply, t = reception.answer(uow, _visitor(browser, session), intent)
    former = None if session is not None else sessions.former(uow, browser.cookie)
    if former is not None and _is_personal(intent, reply):
        t = i18n.translator(former.language)
    return Came(session, former, reply, t, worn=session is not None and sessions.needs_touch(uow, session))


def _carry_out(uow: UnitOfWork, browser: Browser, intent: Intent, given: Given) -> Came:
    session = sessions.find(uow, browser.cookie)
    if session is None:
        former = sessions.former(uow, browser.cookie)
        t = i18n.translator(browser.language if former is None else former.language)
        if isinstance(intent, Touch | Fill):
            kept = (
                isinstance(intent, Fill)
                and former is not None
                and dialogues.keep(uow, Reader(former.id), intent, given.written, t.flow)
            )
            return Came(None, former, None, t, kept=kept)
        reply, strangers = reception.answer(uow, replace(_visitor(browser, None), given=given), intent)
        return Came(
            sessions.find(uow, reply.session) if reply.session else None, former, reply,
            t if former is not None and _is_personal(intent, reply) else strangers,
        )  # fmt: skip
    session = sessions.touch(uow, session)
    reply, t = reception.answer(uow, replace(_visitor(browser, session), given=given), intent)
    if reply.session is not None:
        session = sessions.find(uow, reply.session)
    return Came(session, None, reply, t)


def _visitor(browser: Browser, session: Session | None) -> Visitor:
    if session is None:
        return Visitor(None, browser.language, browser=browser.cookie, address=browser.address)
    person = session.person
    return Visitor(Reader(person.id), person.language, browser=browser.cookie, address=browser.address)


def _is_personal(intent: Intent, reply: Reply) -> bool:
    """Tell whether a stranger was answered with where strangers begin, or with nothing: what they asked for is somebody's."""
    if reply.refusal is not None:
        return isinstance(reply.refusal, NotFound) and not _is_proof(intent)
    return reply.at == Home() and intent != Home() and reply.session is None


def _is_proof(intent: Intent) -> bool:
    """Tell whether an intent carries a link's token: whoever holds it may hear why it opens nothing."""
    return "token" in type(intent).__slots__


def _has_form(screen: Screen) -> bool:
    """Tell whether the page of a screen can be sent."""
    actions = [action for row in screen.actions for action in row]
    actions += [row.action for row in screen.rows if row.action is not None]
    sends = any(action.intent is not None and type(action.intent) not in intents.LOOKS for action in actions)
    return sends or screen.form is not None or screen.question is not None


def _token(request: web.Request) -> str:
    token = request.match_info["token"]
    return token if _TOKEN.match(token) else _NEVER_ISSUED


def _see_other(intent: Intent, *, language: str = "") -> web.Response:
    """Lead to the page of an intent. The path is made of the intent, so it can lead nowhere but to a page of ours."""
    path = path_of(addresses.belongs_to(intent))
    if language in i18n.LANGUAGES and "?" not in path:
        path += f"?lang={language}"
    return web.Response(status=303, headers={hdrs.LOCATION: path})
