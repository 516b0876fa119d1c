"""Screens as pages: one set of templates that shows any Screen, the frame around it, the style sheet.

Templates hold no sentence of their own: every word comes from the screen or from ``frames.words``. What stands on a screen is
plain text and is escaped here, by Jinja, and nowhere else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Final

from aiohttp import hdrs, web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from konwent_bot import i18n, resources
from konwent_bot.i18n import Translator
from konwent_bot.screens.home import to_home
from konwent_bot.screens.screen import Screen
from konwent_bot.web.frames import PLAIN, Frame, around, words
from konwent_bot.web.layout import laid_out

#: No browser sends more; the rest of a longer header is not read.
_HEADER_CHARS: Final = 1000
#: A file whose name tells its content never changes.
_FOREVER: Final = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}


class Pages:
    """Shows screens, and serves the style. Stateless but for what it read at the start."""

    def __init__(self, language: str) -> None:
        """``language``: of pages for browsers that ask for none of ours."""
        self._language = language
        templates = Environment(
            loader=FileSystemLoader(resources.of_room("web", "templates")), autoescape=True, undefined=StrictUndefined,
            auto_reload=False, trim_blocks=True, lstrip_blocks=True,
        )  # fmt: skip
        self._page = templates.get_template("page.html")
        self._files = {}
        for name, media_type in (("style.css", "text/css"), ("icon.svg", "image/svg+xml")):
            content = resources.of_room("web", "static", name).read_bytes()
            stem, _, ending = name.partition(".")
            self._files[f"/static/{stem}.{hashlib.sha256(content).hexdigest()[:12]}.{ending}"] = (content, media_type)
        self._style, self._icon = self._files

    @property
    def style(self) -> str:
        """The path of the style sheet; it names the content, so it may be kept by browsers for ever."""
        return self._style

    def routes(self, router: web.UrlDispatcher) -> None:
        """Put the addresses of the files into a router."""
        for path in self._files:
            router.add_get(path, self._file)
        router.add_get("/favicon.ico", self._no_icon)

    def show(self, screen: Screen, t: Translator, frame: Frame, *, status: int = 200) -> web.Response:
        """Give a screen as a page, complete but for the headers that all answers share."""
        text = self._page.render(
            say=words(t), style=self._style, icon=self._icon, language=t.language, frame=frame, around=around(t, frame, there=status == 200),
            page=laid_out(screen, t, frame),
        )  # fmt: skip
        response = web.Response(text=text, status=status, content_type="text/html", charset="utf-8")
        response.headers[hdrs.CONTENT_LANGUAGE] = t.language
        response.headers[hdrs.VARY] = f"{hdrs.COOKIE}, {hdrs.ACCEPT_LANGUAGE}"
        return response

    def plain(self, status: int, t: Translator, frame: Frame, *, sentence: str = "") -> web.Response:
        """Say that there is nothing to show, why, and the way out. ``status``: a key of ``frames.PLAIN`` (others: as 500).

        ``sentence`` takes the place of the usual one. Nothing here depends on what was asked for but ``frame``.
        """
        title, usual = PLAIN.get(status, PLAIN[500])
        screen = Screen(t(title), paragraphs=(sentence or t(usual),), actions=((to_home(t),),))
        return self.show(screen, t, frame, status=status)

    def translator(self, request: web.Request) -> Translator:
        """Give a stranger's translator: what they chose on the page, else the first language of theirs that we speak."""
        chosen = request.query.get("lang", "")
        if chosen in i18n.LANGUAGES:
            return i18n.translator(chosen)
        for code in _wanted(request.headers.get(hdrs.ACCEPT_LANGUAGE, "")):
            if code in i18n.LANGUAGES:
                return i18n.translator(code)
        return i18n.translator(self._language)

    async def _file(self, request: web.Request) -> web.Response:
        """``GET /static/...``."""
        content, media_type = self._files[request.path]
        return web.Response(body=content, content_type=media_type, charset="utf-8", headers=_FOREVER)

    async def _no_icon(self, _request: web.Request) -> web.Response:
        """``GET /favicon.ico``: browsers ask for it whatever a page says."""
        return web.Response(status=204)


def _wanted(header: str) -> Iterator[str]:
    """Give the languages of an Accept-Language header, the most wanted first (RFC 9110 §12.5.4)."""
    weighed = []
    for place, part in enumerate(header[:_HEADER_CHARS].split(",")):
        name, _, parameter = part.strip().partition(";")
        weight = parameter.strip().removeprefix("q=")
        try:
            quality = float(weight) if parameter else 1.0
        except ValueError:
            continue
        if quality > 0:
            weighed.append((-quality, place, name.split("-")[0].strip().lower()))
    return (name for _, _, name in sorted(weighed))
