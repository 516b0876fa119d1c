"""What all pages share: templates, the style, and the language of the reader."""

from __future__ import annotations

from collections.abc import Iterator

from aiohttp import hdrs, web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from konwent_bot import i18n, resources
from konwent_bot.i18n import Translator

#: No browser sends more; the rest of a longer header is not read.
_HEADER_CHARS = 1000


class Pages:
    """Renders templates in the language of whoever asks, and serves the style."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._templates = Environment(
            loader=FileSystemLoader(resources.of_room("web", "templates")), autoescape=True, undefined=StrictUndefined,
            auto_reload=False, trim_blocks=True, lstrip_blocks=True,
        )  # fmt: skip
        self._style = resources.of_room("web", "static", "style.css").read_bytes()

    def routes(self, router: web.UrlDispatcher) -> None:
        """Put the addresses into a router."""
        router.add_get("/static/style.css", self.style)
        router.add_get("/favicon.ico", self.no_icon)

    async def style(self, _request: web.Request) -> web.Response:
        """``GET /static/style.css``."""
        return web.Response(body=self._style, content_type="text/css", charset="utf-8", headers={"Cache-Control": "no-cache"})

    async def no_icon(self, _request: web.Request) -> web.Response:
        """``GET /favicon.ico``: browsers ask for it; there is none."""
        return web.Response(status=204)

    def translator(self, request: web.Request) -> Translator:
        """Give the reader's translator: what they chose on the page, else the first language of theirs that we speak."""
        chosen = request.query.get("lang", "")
        if chosen in i18n.LANGUAGES:
            return i18n.translator(chosen)
        for code in _wanted(request.headers.get(hdrs.ACCEPT_LANGUAGE, "")):
            if code in i18n.LANGUAGES:
                return i18n.translator(code)
        return i18n.translator(self._language)

    def render(self, template: str, t: Translator, *, status: int = 200, title: str, **values: object) -> web.Response:
        """Fill a template. Every sentence comes from here or from the caller: templates hold none of their own."""
        languages = [(code, i18n.own_name(code)) for code in i18n.languages()]
        values |= {"title": title, "language": t.language, "languages": languages, "choose": t("Language")}
        body = self._templates.get_template(template).render(values)
        response = web.Response(text=body, status=status, content_type="text/html", charset="utf-8")
        response.headers[hdrs.CONTENT_LANGUAGE] = t.language
        response.headers[hdrs.VARY] = hdrs.ACCEPT_LANGUAGE
        return response


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
