"""Health, for whoever watches the installation: is the program alive, can it work, and do its letters leave."""

from __future__ import annotations

from aiohttp import web

from konwent_bot.errors import KonwentError
from konwent_bot.office import notices
from konwent_bot.office.door import Door
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.migrate import require_current, revision_of


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
        """``GET /readyz``: 200, or 503 with the reason in English (it is read by machines and operators).

        ``revision``: the database's. ``oldest_due_notice_seconds``: for how long the oldest notice has been waiting to be sent, 0
        when none is due. Letters that do not leave are told and not made a 503: taking the program out of service mends no mail
        server, and stops everything that still works.
        """
        try:
            await require_current(self._door.store)
            revision, waiting = await self._door.look(_standing)
        except KonwentError as problem:
            return web.json_response({"status": "unavailable", "reason": str(problem)}, status=503)
        return web.json_response({"status": "ok", "revision": revision, "oldest_due_notice_seconds": waiting})


def _standing(uow: UnitOfWork) -> tuple[str | None, int]:
    due = notices.oldest_due(uow)
    return revision_of(uow.connection), 0 if due is None else int((uow.now - due).total_seconds())
