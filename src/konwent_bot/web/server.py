"""The aiohttp application: routes, security headers, one shape for errors."""

from __future__ import annotations

import structlog
from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from konwent_bot.office.door import Door
from konwent_bot.web.health import Health
from konwent_bot.web.invitation import InvitationPage
from konwent_bot.web.pages import Pages

#: Largest body of a request, in bytes. Telegram's updates are a few kilobytes; no page here takes more than a short form.
BODY_BYTES = 1024 * 1024
#: No script, no frame, no form, nothing from elsewhere; the style is ours.
POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    # The address of a page holds the link's token; it must not travel on to t.me.
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}

log = structlog.get_logger("konwent_bot.web")


def application(door: Door, *, language: str = "pl", pages: bool = True) -> web.Application:
    """Make the application. ``language``: of pages for browsers that ask for none of ours; ``pages=False``: health only.

    The caller may add routes of its own (a messenger's webhook) before it starts the application.
    """
    app = web.Application(client_max_size=BODY_BYTES, middlewares=[_guard])
    Health(door).routes(app.router)
    if pages:
        shown = Pages(language)
        shown.routes(app.router)
        InvitationPage(door, shown).routes(app.router)
    return app


@web.middleware
async def _guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer every request with the same headers, and a mistake of ours without telling what it was."""
    try:
        response = await handler(request)
    except web.HTTPException as error:  # 404, 405, 413: short and plain
        response = web.Response(status=error.status, text=f"{error.status} {error.reason}\n")
        if allow := error.headers.get(hdrs.ALLOW):
            response.headers[hdrs.ALLOW] = allow
    except Exception:
        log.exception("a request failed", route=getattr(request.match_info.route.resource, "canonical", None))
        response = web.Response(status=500, text="500 Internal Server Error\n")
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response
