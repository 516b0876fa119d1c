"""Health, for whoever watches the installation: is the program alive, can it work, and do its letters leave."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from konwent_bot.clock import Clock, SystemClock
from konwent_bot.errors import KonwentError
from konwent_bot.office import notices, pauses
from konwent_bot.office.door import Door
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.migrate import require_current, revision_of

#: Channels told of one by one.
CHANNELS = ("telegram", "mail")


class Health:
    """Handlers of ``/healthz`` (alive) and ``/readyz`` (the database answers and is of this program's revision)."""

    def __init__(self, door: Door, real: Clock | None = None) -> None:
        self._door = door
        #: The machine's clock, which pauses follow.
        self._real = real or SystemClock()

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
        when none is due; ``oldest_due_by_channel``: the same for ``telegram`` and ``mail``. ``telegram_paused_seconds``: how much is
        left of a pause Telegram asked for. Notices that do not leave are told and not made a 503: taking the program out of service
        mends no server of somebody else's, and stops everything that still works.
        """
        try:
            await require_current(self._door.store)
            standing = await self._door.look(self._standing)
        except KonwentError as problem:
            return web.json_response({"status": "unavailable", "reason": str(problem)}, status=503)
        return web.json_response(
            {
                "status": "ok",
                "revision": standing.revision,
                "oldest_due_notice_seconds": max(standing.waiting.values(), default=0),
                "oldest_due_by_channel": {channel: standing.waiting.get(channel, 0) for channel in CHANNELS},
                "telegram_paused_seconds": standing.paused,
            }
        )

    def _standing(self, uow: UnitOfWork) -> _Standing:
        real = self._real.now()
        waiting = {channel: int((uow.now - since).total_seconds()) for channel, since in notices.oldest_due_by(uow).items()}
        until = pauses.until(uow, "telegram", real=real)
        return _Standing(revision_of(uow.connection), waiting, 0 if until is None else int((until - real).total_seconds()) + 1)


@dataclass(frozen=True, slots=True)
class _Standing:
    revision: str | None
    #: By channel, for how many seconds the oldest notice has been due.
    waiting: dict[str, int]
    #: Seconds left of a pause.
    paused: int
