"""The page one holds a phone with: files of the package folder ``page``, under a strict policy, nothing else."""

from __future__ import annotations

from importlib import resources

from aiohttp import web

from konwent_bot.sandbox.bodies import spoken

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_TYPES = {
    "html": "text/html",
    "css": "text/css",
    "js": "text/javascript",
    "json": "application/json",
    "svg": "image/svg+xml",
    "png": "image/png",
    "woff2": "font/woff2",
}


class Pages:
    """Handlers of ``/`` and ``/page/<file>``. Files are read as they are asked for, by names found in the folder only."""

    def __init__(self) -> None:
        self.folder = resources.files("konwent_bot.sandbox") / "page"

    def routes(self, router: web.UrlDispatcher) -> None:
        """Put the addresses into a router."""
        router.add_get("/", spoken(self.index))
        router.add_get("/page/{name}", spoken(self.file))
        router.add_get("/favicon.ico", spoken(self.no_icon))

    async def index(self, _request: web.Request) -> web.Response:
        """``GET /``."""
        return self._give("index.html")

    async def file(self, request: web.Request) -> web.Response:
        """``GET /page/<file>``."""
        return self._give(request.match_info["name"])

    async def no_icon(self, _request: web.Request) -> web.Response:
        """Browsers ask for it; there is none."""
        return web.Response(status=204)

    def _give(self, name: str) -> web.Response:
        found = (
            next((item for item in self.folder.iterdir() if item.name == name and item.is_file()), None)
            if self.folder.is_dir()
            else None
        )
        kind = _TYPES.get(name.rpartition(".")[2])
        if found is None or kind is None:
            return web.Response(status=404, text="no such page", headers={"Content-Security-Policy": POLICY})
        headers = {
            "Content-Security-Policy": POLICY,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-cache",
        }
        charset = "utf-8" if kind.startswith("text/") else None
        return web.Response(body=found.read_bytes(), content_type=kind, charset=charset, headers=headers)
