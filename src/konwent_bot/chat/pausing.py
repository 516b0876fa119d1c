"""The pause Telegram has asked this bot for, kept by whoever answers people as by whoever sends of our own accord (``office.pauses``)."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Final

import structlog

from konwent_bot.clock import Clock, SystemClock
from konwent_bot.errors import KonwentError
from konwent_bot.office import pauses
from konwent_bot.office.door import Door

#: Seconds what was read of a pause is believed: a reply must not cost a question to the database.
BELIEVED: Final = 1.0

log = structlog.get_logger(__name__)


class Pausing:
    """Knows the pause that stands in the store."""

    def __init__(self, door: Door, real: Clock | None = None) -> None:
        self._door = door
        self._real = real or SystemClock()
        self._seen_at = -BELIEVED
        self._until = self._real.now()

    async def left(self) -> float:
        """Give how many seconds nothing may be sent yet; 0 when something may."""
        if time.monotonic() - self._seen_at >= BELIEVED:
            self._seen_at = time.monotonic()
            real = self._real.now()
            try:
                found = await self._door.look(lambda uow: pauses.until(uow, "telegram", real=real))
                self._until = found or real
            except KonwentError as fault:  # a database that is away says nothing of Telegram
                log.debug("chat.pause_unknown", reason=fault.msgid)
        return max(0.0, (self._until - self._real.now()).total_seconds())

    async def asked(self, seconds: float) -> None:
        """Note that Telegram asked for a pause, for everybody who sends."""
        until = self._real.now() + timedelta(seconds=seconds)
        self._until, self._seen_at = max(self._until, until), time.monotonic()
        try:
            await self._door.act(lambda uow: pauses.pause(uow, "telegram", until, "too_many"))
        except KonwentError as fault:
            log.warning("chat.note_lost", reason=fault.msgid)
