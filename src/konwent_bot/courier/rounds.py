"""The courier's rounds: a look every few real seconds in each channel, side by side, then one message after another until nothing is due."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack, suppress
from functools import partial
from typing import Final

import structlog

from konwent_bot.clock import Clock, SystemClock
from konwent_bot.courier.ledger import Stops
from konwent_bot.courier.letters import send_due
from konwent_bot.courier.mail import server_of
from konwent_bot.errors import Misconfigured
from konwent_bot.office.door import Door
from konwent_bot.settings import Settings

#: Real seconds between two looks: how long somebody who asked for a way in waits at most before their letter leaves.
SECONDS: Final = 2.0

#: Sends what is due in a channel, once.
Round = Callable[[], Coroutine[None, None, None]]

log = structlog.get_logger("konwent_bot.courier")


async def keep_sending(
    door: Door, settings: Settings, stop: asyncio.Event, *, seconds: float = SECONDS, real: Clock | None = None
) -> None:
    """Send what is due until ``stop`` is set; what is under way is finished first, what was claimed and not begun is put back.

    Without a mail server letters wait, without a token messages do: notices stay due until there is one (``/readyz`` and ``doctor``
    say so). One channel that is away holds up nothing in the other.

    Raises:
        Misconfigured: the mail server's settings cannot be understood.
        Stops: Telegram refuses the token, or somebody else has it.
    """
    server, real = server_of(settings), real or SystemClock()
    halt = asyncio.Event()
    async with AsyncExitStack() as opened, asyncio.TaskGroup() as nursery:
        lanes = []
        if server is None:
            log.warning("there is no mail server, so letters wait", setting="KONWENT_SMTP_URL")
        else:
            once = partial(send_due, door, server, settings.language, halt, real)
            lanes.append(nursery.create_task(_keep("letters", once, halt, seconds), name="letters"))
        if settings.telegram_token is None:
            log.warning("there is no bot token, so messages wait", setting="KONWENT_TELEGRAM_TOKEN")
        else:
            from konwent_bot.courier.messages import send_messages  # the library costs 40 MiB: only who has a token pays
            from konwent_bot.courier.telegram import open_telegram

            telegram = await opened.enter_async_context(open_telegram(settings))
            once = partial(send_messages, door, telegram, settings.language, halt, real)
            lanes.append(nursery.create_task(_keep("messages", once, halt, seconds), name="messages"))
        told = nursery.create_task(stop.wait())
        await asyncio.wait((told, *lanes), return_when=asyncio.FIRST_COMPLETED)
        halt.set()  # also where Telegram has stopped: the other channel finishes what it is at
        told.cancel()
        problems = [problem for lane in lanes if (problem := await lane) is not None]
    if problems:
        raise problems[0]


async def _keep(what: str, once: Round, halt: asyncio.Event, seconds: float) -> Misconfigured | None:
    """Go round until ``halt`` is set. Gives the reason where a channel will never work as it is."""
    while not halt.is_set():
        try:
            await once()
        except Stops as problem:
            return problem
        except Exception:  # a database that is away for a minute must not end the program
            log.exception("a round failed; the next one tries again", of=what)
        with suppress(TimeoutError):
            await asyncio.wait_for(halt.wait(), seconds)
    return None
