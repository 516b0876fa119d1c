"""The aiohttp application: routes, security headers, one shape for errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import structlog
from aiohttp import hdrs, web
from aiohttp.typedefs import Handler, Middleware

from konwent_bot.errors import KonwentError
from konwent_bot.office.door import Door
from konwent_bot.web.cookies import Jar
from konwent_bot.web.health import Health
from konwent_bot.web.pages import Pages
from konwent_bot.web.visits import Visits

#: Largest body of a request that is read whole by aiohttp (Telegram's updates are a few kilobytes); forms have bounds of their own.
BODY_BYTES: Final = 1024 * 1024
#: No script, no frame, nothing from elsewhere; the style is ours and so is every form's address.
POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    # The address of a page may hold a link's token; it must not travel on.
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    # aiohttp would tell its version.
    "Server": "konwent-bot",
}
#: A browser that has once come by https comes by nothing else for a year (RFC 6797).
HTTPS_ONLY: Final = {"Strict-Transport-Security": "max-age=31536000"}
#: How soon a browser may try again after the store could not be reached, in seconds.
AGAIN: Final = "10"

log = structlog.get_logger("konwent_bot.web")


def application(door: Door, *, language: str = "pl", pages: bool = True, trusted_proxies: int = 0) -> web.Application:
    """Make the application.

    Links and cookies follow ``door.house.public_url``, never what a request says about the address it was sent to.

    Args:
        door: the door of the house.
        language: of pages for browsers that ask for none of ours.
        pages: ``False``: health only.
        trusted_proxies: how many reverse proxies of ours stand in front (``Settings.trusted_proxies``).

    The caller may add routes of its own (a messenger's webhook) before it starts the application.
    """
    secure = door.house.public_url.startswith("https://")
    visits = None
    if pages:
        shown = Pages(language)
        visits = Visits(door, shown, Jar(secure), trusted_proxies=trusted_proxies)
    app = web.Application(client_max_size=BODY_BYTES, middlewares=[_guard(visits, secure=secure)])
    Health(door).routes(app.router)
    if visits is not None:
        shown.routes(app.router)
        visits.routes(app.router)
    return app


def _guard(visits: Visits | None, *, secure: bool) -> Middleware:
    """Answer every request with the same headers, and a mistake of ours without telling what it was."""
    headers = {**HEADERS, **(HTTPS_ONLY if secure else {})}

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            response = await handler(request)
        except web.HTTPException as error:  # no such address, another method
            response = await _no_such(visits, request, error)
        except KonwentError as problem:  # the store is not well; acts' own refusals have become screens before
            log.error("the store could not be used", reason=problem.msgid)
            response = _fault(visits, request, 503, problem)
            response.headers[hdrs.RETRY_AFTER] = AGAIN
        except Exception:
            log.exception("a request failed", route=getattr(request.match_info.route.resource, "canonical", None))
            response = _fault(visits, request, 500)
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        return response

    return guard


async def _no_such(visits: Visits | None, request: web.Request, error: web.HTTPException) -> web.StreamResponse:
    if visits is None or error.status not in (404, 405):
        response = _short(error.status, error.reason)
    else:
        try:
            response = await visits.plain(request, error.status)
        except KonwentError:  # the store is not well, and there is nothing to show anyway
            response = _short(error.status, error.reason)
    if allow := error.headers.get(hdrs.ALLOW):
        response.headers[hdrs.ALLOW] = allow
    return response


def _fault(visits: Visits | None, request: web.Request, status: int, problem: KonwentError | None = None) -> web.Response:
    if visits is not None:
        try:
            return visits.fault(request, status, problem)
        except Exception:
            log.exception("a page about a fault could not be made")
    return _short(status, "Internal Server Error" if status == 500 else "Service Unavailable")


def _short(status: int, reason: str) -> web.Response:
    return web.Response(status=status, text=f"{status} {reason}\n")
