"""Answers to a browser: a page, a redirect to one of ours, a file, or a "no" that tells nothing it should not."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from aiohttp import hdrs, web

from konwent_bot import i18n
from konwent_bot.errors import N_, Invalid, KonwentError, NotFound
from konwent_bot.i18n import Translator
from konwent_bot.office import sessions
from konwent_bot.office.sessions import Session
from konwent_bot.office.throttle import TooOften
from konwent_bot.screens import entering, intents
from konwent_bot.screens.intents import Intent, SeeSignIn
from konwent_bot.screens.screen import Screen
from konwent_bot.screens.visiting import Given, Reply
from konwent_bot.web import addresses, files, forms
from konwent_bot.web.cookies import Jar
from konwent_bot.web.frames import Frame
from konwent_bot.web.pages import Pages
from konwent_bot.web.paths import path_of
from konwent_bot.web.units import Browser, Came, is_personal, is_proof

_ENDED: Final = N_("The session has ended")
_NOTHING_DONE: Final = N_("The session had ended, so nothing was done. Sign in again to go on.")
_IS_KEPT: Final = N_("The session had ended. Your answer is kept: sign in again and it will be in the form, ready to be sent.")
_NOT_KEPT: Final = N_("The session had ended and your answer could not be kept. Copy it from below before you sign in again.")
#: Statuses without a page of their own -> whose words fit.
_LIKE: Final = {405: 404, 408: 400, 503: 500}


class Answers:
    """Makes answers; knows the templates and the cookies, and never the store."""

    def __init__(self, pages: Pages, jar: Jar) -> None:
        self._pages = pages
        self._jar = jar

    def looked(self, request: web.Request, browser: Browser, intent: Intent, came: Came) -> web.Response:
        """Answer a look at a page."""
        reply = came.reply
        assert reply is not None
        if came.session is None and is_personal(intent, reply):
            return self._to_sign_in(request, browser, came)
        if reply.refusal is not None:
            return self._refused(browser, intent, came, reply, reply.refusal, Given(), "")
        if reply.document is not None:
            return files.attachment(reply.document)
        flash = self._jar.flash(request, browser.cookie)
        response = self._page(browser, came.session, reply.screen, came.t, Frame(here=intent, flash=flash))
        if self._jar.has_flash(request) and request.method == hdrs.METH_GET:
            self._jar.drop_flash(response)
        return response

    def carried_out(self, browser: Browser, intent: Intent, given: Given, came: Came, typed: str) -> web.Response:
        """Answer a form that has been carried out, or was not; ``typed`` is what its writer would not like to lose."""
        reply = came.reply
        if reply is None or (came.session is None and is_personal(intent, reply)):
            return self._too_late(browser, came, typed)
        if reply.session is None:
            return self._done(browser, intent, given, came, reply, typed)
        # Somebody was let in or went out: from now on the browser has another cookie.
        renewed = replace(browser, cookie=reply.session or sessions.new_cookie())
        response = self._done(renewed, intent, given, came, reply, typed)
        self._jar.give(response, renewed.cookie, let_in=bool(reply.session))
        return response

    def plain(
        self, browser: Browser, session: Session | None, status: int, problem: KonwentError | None = None, *, typed: str = ""
    ) -> web.Response:
        """Say that nothing can be shown or done; nothing in it but ``typed`` depends on what was asked for."""
        t = i18n.translator(browser.language if session is None else session.person.language)
        frame = _framed(browser, session, Frame(kept=typed), None)
        response = self._pages.plain(_LIKE.get(status, status), t, frame, sentence="" if problem is None else t.say(problem))
        response.set_status(status)
        return response

    # --- inside -------------------------------------------------------------------------------------------------------

    def _done(self, browser: Browser, intent: Intent, given: Given, came: Came, reply: Reply, typed: str) -> web.Response:
        form = reply.screen.form  # what is only here and now belongs to the page that holds its form
        here = addresses.belongs_to(reply.at or (intent if form is None else form.at))
        if reply.refusal is not None:
            return self._refused(browser, intent, came, reply, reply.refusal, given, typed)
        if reply.talk is not None and reply.talk.problem is not None:
            return self._page(browser, came.session, reply.screen, came.t, Frame(here=here, given=given), status=422)
        if reply.talk is not None and reply.talk.heard is not None:  # read back: it counts once it is confirmed
            return self._page(browser, came.session, reply.screen, came.t, Frame(here=here, given=given))
        if reply.document is not None:
            return files.attachment(reply.document)
        if reply.at is None:
            return self._page(browser, came.session, reply.screen, came.t, Frame(here=here))
        response = see_other(reply.at)
        if reply.screen.notice:
            self._jar.carry(response, browser.cookie, reply.screen.notice)
        return response

    def _refused(
        self, browser: Browser, intent: Intent, came: Came, reply: Reply, refusal: KonwentError, given: Given, typed: str
    ) -> web.Response:
        if isinstance(refusal, NotFound) and not is_proof(intent):
            return self.plain(browser, came.session, 404, typed=typed)
        match refusal:
            case TooOften():
                status = 429
            case Invalid():
                status = 422
            case _:
                status = 404 if is_proof(intent) else 409
        form = reply.screen.form
        here = addresses.belongs_to(intent if form is None else form.at)
        frame = Frame(here=here, given=given, kept=typed if form is None and reply.screen.question is None else "")
        response = self._page(browser, came.session, reply.screen, came.t, frame, status=status)
        if isinstance(refusal, TooOften):
            response.headers[hdrs.RETRY_AFTER] = str(refusal.retry_after)
        return response

    def _too_late(self, browser: Browser, came: Came, typed: str) -> web.Response:
        """Answer somebody who is not let in, or not any more: nothing was done, and what they wrote is not lost."""
        t = came.t
        screen = entering.sign_in(t)
        if came.former is not None:
            said = _IS_KEPT if came.kept else _NOT_KEPT if typed else _NOTHING_DONE
            screen = replace(screen, title=t(_ENDED), notice=t(said))
        response = self._page(browser, None, screen, t, Frame(here=SeeSignIn(), kept="" if came.kept else typed), status=401)
        # RFC 9110 §15.5.2 asks for a challenge; browsers know none for forms and pass this one over.
        response.headers[hdrs.WWW_AUTHENTICATE] = f'Cookie realm="konwent", form-action="{path_of(SeeSignIn())}"'
        return response

    def _to_sign_in(self, request: web.Request, browser: Browser, came: Came) -> web.Response:
        """Lead a stranger to where one signs in; the same for what exists and what does not."""
        response = see_other(SeeSignIn(), language=request.query.get("lang", ""))
        if came.former is not None:
            self._jar.carry(response, browser.cookie, came.t(_NOTHING_DONE))
        return response

    def _page(
        self, browser: Browser, session: Session | None, screen: Screen, t: Translator, frame: Frame, *, status: int = 200
    ) -> web.Response:
        """Show a screen. A browser without a cookie gets one with its first form."""
        shown = replace(browser, cookie=sessions.new_cookie()) if not browser.cookie and _has_form(screen) else browser
        if session is None and "language" not in type(frame.here).__slots__:
            path = path_of(frame.here)
            frame = replace(frame, switch=tuple((code, f"{path}?lang={code}") for code in i18n.languages()))
        response = self._pages.show(screen, t, _framed(shown, session, frame, screen), status=status)
        if shown is not browser:
            self._jar.give(response, shown.cookie, let_in=False)
        return response


def see_other(intent: Intent, *, language: str = "") -> web.Response:
    """Lead to the page of an intent. The path is made of the intent, so it can lead nowhere but to a page of ours."""
    path = path_of(addresses.belongs_to(intent))
    if language in i18n.LANGUAGES and "?" not in path:
        path += f"?lang={language}"
    return web.Response(status=303, headers={hdrs.LOCATION: path})


def _framed(browser: Browser, session: Session | None, frame: Frame, screen: Screen | None) -> Frame:
    return replace(
        frame,
        csrf=forms.token_for(browser.cookie, None if screen is None else screen.form) if browser.cookie else "",
        signed_in=session is not None,
        ends_at=None if session is None else session.ends_at,
    )


def _has_form(screen: Screen) -> bool:
    """Tell whether the page of a screen can be sent."""
    actions = [action for row in screen.actions for action in row]
    actions += [row.action for row in screen.rows if row.action is not None]
    sends = any(action.intent is not None and type(action.intent) not in intents.LOOKS for action in actions)
    return sends or screen.form is not None or screen.question is not None
