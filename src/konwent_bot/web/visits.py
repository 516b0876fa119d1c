"""Visits by a browser: an intent's page is looked at by GET and changes nothing; anything is carried out by POST, from a form of ours.

What may not be seen, what is not there and what never was are answered with the same bytes. A stranger who asks for anything
personal is led to where one signs in, whether it exists or not. What somebody wrote is never lost to an answer of ours: it is kept,
or shown again, or given back to be copied.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from dataclasses import replace
from typing import Final

from aiohttp import hdrs, web

from konwent_bot import i18n
from konwent_bot.errors import KonwentError, NotFound
from konwent_bot.office import calendar_feeds, sessions
from konwent_bot.office.door import Door
from konwent_bot.office.minutes.versions import VERIFIED_AT
from konwent_bot.office.sessions import Session
from konwent_bot.screens import intents
from konwent_bot.screens.archive_intents import SeeCheck
from konwent_bot.screens.group_intents import SeeStop, StopReminders
from konwent_bot.screens.intents import Home, Intent, SeeEmailLink, SeeEntry, SeeInvitation, decode
from konwent_bot.screens.visiting import Given
from konwent_bot.web import addresses, forms, units
from konwent_bot.web.answers import Answers, see_other
from konwent_bot.web.cookies import Jar
from konwent_bot.web.forms import Unfit
from konwent_bot.web.pages import Pages
from konwent_bot.web.units import Browser

#: What a browser says of a form it sends from one of our own pages, or again when a page is reloaded. Old ones say nothing.
_OWN_SITE: Final = frozenset({"same-origin", "none"})
#: A token that cannot be one is looked up like any other wrong one, and so answered like it.
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{1,40}\Z")
_NEVER_ISSUED: Final = "x"
#: What was typed into a form under way: given back if nothing comes of it.
_TYPED: Final = web.RequestKey("typed", str)


class Visits:
    """Handlers of everything a person looks at or sends."""

    def __init__(self, door: Door, pages: Pages, jar: Jar, *, trusted_proxies: int) -> None:
        self._door = door
        self._pages = pages
        self._jar = jar
        self._answers = Answers(pages, jar)
        self._trusted = trusted_proxies

    def routes(self, router: web.UrlDispatcher) -> None:
        """Put the addresses into a router."""
        router.add_get("/", self.home)
        router.add_get("/s/{code:[^/]+}", self.look)
        router.add_post("/s/{code:[^/]+}", self.carry_out)
        router.add_get("/z/{token:[^/]+}", self.invitation)
        router.add_get("/e/{token:[^/]+}", self.entry)
        router.add_get("/p/{token:[^/]+}", self.email)
        router.add_get(VERIFIED_AT.removesuffix("/"), self.check)
        router.add_get(VERIFIED_AT + "{code:[^/]+}", self.check)
        router.add_get("/wypisz/{token:[^/]+}", self.stop)
        router.add_post("/wypisz/{token:[^/]+}", self.stop_at_once)
        router.add_get("/kalendarz/{token:[^/.]+}.ics", self.calendar)

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

    async def check(self, request: web.Request) -> web.Response:
        """``GET /sprawdz/{code}``: which document the code of a footer belongs to; without one, where anybody has a document checked."""
        code = request.match_info.get("code", "")
        return await self._show(request, SeeCheck(code if not code or _TOKEN.match(code) else _NEVER_ISSUED))

    async def stop(self, request: web.Request) -> web.Response:
        """``GET /wypisz/{token}``: what the link in a reminder ends. Programs that look at links end nothing."""
        return await self._show(request, SeeStop(_token(request)))

    async def stop_at_once(self, request: web.Request) -> web.Response:
        """``POST /wypisz/{token}``: a mail program ends reminders for its reader, by one press (RFC 8058 §3.1).

        It comes without a cookie or a form of ours, and what it sends is not read; the token is the proof. It follows no redirect.
        """
        intent = StopReminders(_token(request))
        nobody = replace(self._browser(request), cookie="")
        came = await self._door.act(lambda uow: units.carry_out(uow, nobody, intent, Given()))
        assert came.reply is not None
        if came.reply.refusal is not None:
            return self._answers.plain(nobody, None, 404)
        return self._answers.looked(request, nobody, SeeStop(intent.token), came)

    async def calendar(self, request: web.Request) -> web.Response:
        """``GET /kalendarz/{token}.ics``: somebody's calendar, for a program. No cookie is read or given; an unknown one is no page."""
        token = _token(request)
        try:
            content = await self._door.look(lambda uow: calendar_feeds.content(uow, token))
        except NotFound:
            raise web.HTTPNotFound from None
        headers = {hdrs.CONTENT_TYPE: "text/calendar; charset=utf-8", hdrs.CACHE_CONTROL: "private, max-age=900"}
        return web.Response(body=content, headers=headers)

    async def look(self, request: web.Request) -> web.Response:
        """``GET /s/{code}``: the page of an intent; for what is not to be looked at, the page it belongs to."""
        intent = decode(request.match_info["code"])
        if intent is None:
            return await self.plain(request, 404)
        if type(intent) not in intents.LOOKS:
            return see_other(intent)
        return await self._show(request, intent)

    async def carry_out(self, request: web.Request) -> web.Response:
        """``POST /s/{code}``: an intent with its form, if the form is one of ours."""
        intent = decode(request.match_info["code"])
        if intent is None:
            return await self.plain(request, 404)
        if request.headers.get("Sec-Fetch-Site", "none") not in _OWN_SITE:
            return await self.plain(request, 403)
        browser = self._browser(request)
        try:
            received = await forms.read(request, intent)
            request[_TYPED] = received.text
            if not forms.is_ours(received, browser.cookie):
                return await self.plain(request, 403)
            given = forms.given(received, intent, browser.cookie)
        except Unfit as unfit:
            return await self.plain(request, unfit.status, unfit)
        if units.is_slow(intent, given):
            slow = await self._door.look(lambda uow: units.ahead(uow, browser, intent, given))
            if slow is not None:
                await asyncio.to_thread(slow)
        came = await self._door.act(lambda uow: units.carry_out(uow, browser, intent, given))
        return self._answers.carried_out(browser, intent, given, came, received.text)

    async def plain(self, request: web.Request, status: int, problem: KonwentError | None = None) -> web.Response:
        """Say that nothing can be shown or done, in the reader's language, and give back what was typed."""
        browser = self._browser(request)
        session = await self._door.look(lambda uow: sessions.find(uow, browser.cookie)) if browser.cookie else None
        return self._answers.plain(browser, session, status, problem, typed=request.get(_TYPED, ""))

    def fault(self, request: web.Request, status: int, problem: KonwentError | None = None) -> web.Response:
        """Do the same without asking the store, which may be what is at fault."""
        return self._answers.plain(self._browser(request), None, status, problem, typed=request.get(_TYPED, ""))

    # --- inside -------------------------------------------------------------------------------------------------------

    def _browser(self, request: web.Request) -> Browser:
        language = self._pages.translator(request).language
        return Browser(self._jar.value(request), language, addresses.client(request, self._trusted))

    async def _show(self, request: web.Request, intent: Intent) -> web.Response:
        browser = self._browser(request)
        came = await self._door.look(lambda uow: units.look(uow, browser, intent))
        if came.worn and came.session is not None and request.method == hdrs.METH_GET:
            came = replace(came, session=await self._touched(came.session))
        if came.reply is not None and came.reply.noting is not None and request.method == hdrs.METH_GET:
            with contextlib.suppress(KonwentError):  # a store that takes no writes still shows pages
                await self._door.act(came.reply.noting)
        return self._answers.looked(request, browser, intent, came)

    async def _touched(self, session: Session) -> Session:
        """Write down now and then that a session is used: reading is a use too. A store that takes no writes still shows pages."""
        try:
            return await self._door.act(lambda uow: sessions.touch(uow, session))
        except KonwentError:
            return session


def _token(request: web.Request) -> str:
    token = request.match_info["token"]
    return token if _TOKEN.match(token) else _NEVER_ISSUED
