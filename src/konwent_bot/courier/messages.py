"""The Telegram lane: a few messages under way at once, one to a reader, as fast as the platform lets us and no faster."""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress
from datetime import timedelta
from typing import Final

import structlog

from konwent_bot.clock import Clock
from konwent_bot.courier.ledger import Ledger, Stops
from konwent_bot.courier.telegram import APART, File, Outcome, Telegram, fingerprint
from konwent_bot.office import channels, dispatch, enclosures, pauses, people
from konwent_bot.office.deliveries import Claim
from konwent_bot.office.dispatch import Prepared
from konwent_bot.office.door import Door
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens import messages
from konwent_bot.screens.telegram import TelegramMessage, render

#: Messages under way at once.
IN_FLIGHT: Final = 4
#: Notices claimed together; more are claimed when half of them are left, so that nobody waits for a batch to end.
BATCH: Final = 40
#: Added to the pause Telegram asks for: it counts in whole seconds, and so may we.
MARGIN: Final = timedelta(seconds=1)

log = structlog.get_logger("konwent_bot.courier")


async def send_messages(door: Door, telegram: Telegram, language: str, stop: asyncio.Event, real: Clock) -> None:
    """Send everything that is due in Telegram now, once; what cannot be sent now rests.

    Args:
        door: the house.
        telegram: the bot.
        language: of people who have not chosen one.
        stop: ends it after the messages under way.
        real: the machine's clock, for leases, rests and pauses.

    Raises:
        Stops: Telegram will not work with us; what was claimed and not begun is put back.
    """
    if await door.look(lambda uow: pauses.until(uow, "telegram", real=real.now())) is not None:
        return
    ledger = Ledger(door, "telegram", real, stop)
    if await ledger.anything():
        await _Round(ledger, telegram, language).run()


class _Round:
    """One going through of what is due."""

    def __init__(self, ledger: Ledger, telegram: Telegram, language: str) -> None:
        self._ledger = ledger
        self._telegram = telegram
        self._language = language
        self._waiting: deque[Claim] = deque()
        #: Readers a message is on its way to, and when others may be written to again, by the loop's clock.
        self._busy: set[str] = set()
        self._free_at: dict[str, float] = {}
        self._changed = asyncio.Event()
        #: Nothing more is begun: Telegram wants a pause, or stops altogether.
        self._halted = False
        self._stops: Stops | None = None

    async def run(self) -> None:
        more = True
        try:
            async with asyncio.TaskGroup() as nursery:
                while not self._ended:
                    if more and len(self._waiting) <= BATCH // 2:
                        more = await self._claim()
                    self._changed.clear()
                    claim = self._next() if len(self._busy) < IN_FLIGHT else None
                    if claim is not None:
                        self._busy.add(claim.toward)
                        nursery.create_task(self._one(claim))
                    elif self._waiting or self._busy:
                        await self._something()
                    else:
                        return
        finally:
            await self._ledger.give_back(list(self._waiting))
        if self._stops is not None:
            raise self._stops

    async def _claim(self) -> bool:
        """Take what is due; tell whether there may be more."""
        try:
            claims = await self._ledger.claim(BATCH)
        except Exception:  # as in _one: nothing that is under way may be broken off because of it
            log.exception("nothing could be claimed; the next round goes on")
            self._halted = True
            return False
        self._waiting += claims
        return bool(claims)

    @property
    def _ended(self) -> bool:
        return self._halted or self._ledger.stop.is_set()

    def _next(self) -> Claim | None:
        """Take the oldest claim whose reader can be written to now."""
        now = asyncio.get_running_loop().time()
        for place, claim in enumerate(self._waiting):
            if claim.toward not in self._busy and self._free_at.get(claim.toward, 0.0) <= now:
                del self._waiting[place]
                return claim
        return None

    async def _something(self) -> None:
        """Wait until a message has arrived, or a reader can be written to again."""
        now = asyncio.get_running_loop().time()
        ahead = [at - now for claim in self._waiting if (at := self._free_at.get(claim.toward, 0.0)) > now]
        with suppress(TimeoutError):
            await asyncio.wait_for(self._changed.wait(), min(ahead, default=APART))

    async def _one(self, claim: Claim) -> None:
        """Send one message and record what came of it."""
        try:
            ready = await self._ledger.prepare(claim, self._write)
            if ready is not None:
                self._free_at[claim.toward] = asyncio.get_running_loop().time() + APART
                await self._send(*ready)
        except Stops as problem:
            self._halted, self._stops = True, problem
        except Exception:  # a database that is away: what is under way elsewhere is finished, then the round ends
            log.exception("a message could not be dealt with; the next round goes on", notice=claim.notice)
            self._halted = True
        finally:
            self._busy.discard(claim.toward)
            self._changed.set()

    def _write(self, uow: UnitOfWork, prepared: Prepared) -> tuple[TelegramMessage, list[File]]:
        t = messages.translator(prepared, self._language)
        files = [File(one, enclosures.known(uow, self._telegram.number, one.sha256)) for one in prepared.enclosures]
        return render(messages.screen(prepared, t), t), files

    async def _send(self, prepared: Prepared, made: tuple[TelegramMessage, list[File]]) -> None:
        message, files = made
        chat = int(prepared.reader.address)
        try:
            outcome = await self._telegram.send(chat, message, files)
            moved_to = outcome.moved_to
            if moved_to is not None:
                outcome = await self._telegram.send(moved_to, message, files)
        except Stops:
            await self._ledger.give_back([prepared.claim])
            raise
        if outcome.pause is not None:
            self._halted = True
        await self._ledger.record(
            lambda uow: _note(
                uow, self._ledger, self._telegram.number, prepared, chat, moved_to, outcome, fingerprint(message, files)
            )
        )
        level = log.info if outcome.ending == "sent" else log.warning
        claim = prepared.claim
        level("a message", notice=claim.notice, attempt=claim.attempt, ending=outcome.ending, reason=outcome.reason)


def _note(
    uow: UnitOfWork, ledger: Ledger, bot: int, prepared: Prepared, chat: int, moved_to: int | None, outcome: Outcome, content_hash: str
) -> None:  # fmt: skip
    """Write down what came of a message, and what it told about its chat."""
    real = ledger.real.now()
    if moved_to is not None:
        channels.group_moved(uow, chat, moved_to)
    if outcome.blocked and chat > 0:
        people.reached(uow, chat, "blocked")
    elif outcome.blocked:
        channels.group_gone(uow, moved_to or chat)
    for sha256, name in outcome.learned:
        enclosures.learn(uow, bot, sha256, name)
    rest = None
    if outcome.pause is not None:
        rest = outcome.pause + MARGIN
        pauses.pause(uow, "telegram", real + rest, outcome.reason)
    dispatch.record(
        uow, prepared.claim, outcome.ending, real=real, message=outcome.message, content_hash=content_hash, reason=outcome.reason, rest=rest
    )  # fmt: skip
