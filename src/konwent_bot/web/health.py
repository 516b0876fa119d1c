"""Health, for whoever watches the installation: is the program alive, and can it work."""

from __future__ import annotations

from aiohttp import web

from konwent_bot.errors import KonwentError
from konwent_bot.office.door import Door
from konwent_bot.store.migrate import require_current


class Health:
    """Handlers of ``/healthz`` (alive) and ``/readyz`` (the database answers and is of this program's revision)."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def routes(self, router: web.UrlDispatcher) -> None:
        """Put the addresses into a router."""
        router.add_get("/healthz", self.alive)
        router.add_get("/readyz", self.ready)

    async def alive(self, _request: web.Request) -> web.Response:
        """``GET /healthz``: 200 as long as anything is answered at all."""
        return web.json_response({"status": "ok"})

    async def ready(self, _request: web.Request) -> web.Response:
        """``GET /readyz``: 200, or 503 with the reason in English (it is read by machines and operators)."""
        try:
            await require_current(self._door.store)
        except KonwentError as problem:
            return web.json_response({"status": "unavailable", "reason": str(problem)}, status=503)
        return web.json_response({"status": "ok"})
