"""Asking Telegram for updates: the next batch is asked for, and the last one thereby confirmed, only when it is committed."""

from __future__ import annotations

import asyncio
import contextlib

import structlog
from aiogram.exceptions import (
    AiogramError,
    TelegramConflictError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.methods import TelegramMethod

from konwent_bot.chat.chat import Chat
from konwent_bot.chat.incoming import ALLOWED, known_update
from konwent_bot.errors import N_, Misconfigured

log = structlog.get_logger(__name__)

#: How long Telegram may keep a request open waiting for updates, in seconds (it allows 50).
LONG_POLL = 30
#: Pauses after a fault, in seconds, doubling up to the last.
FIRST_PAUSE, LAST_PAUSE = 0.5, 30.0

#: One update as Telegram wrote it.
Raw = dict[str, object]


class _GetUpdates(TelegramMethod[list[Raw]]):
    """``getUpdates``, unread: the library would refuse a whole batch for one update of a shape it does not know."""

    __returning__ = list[Raw]
    __api_method__ = "getUpdates"

    offset: int | None
    timeout: int
    allowed_updates: list[str]


async def poll(chat: Chat, stop: asyncio.Event) -> None:
    """Take updates until ``stop`` is set; then return without waiting for more.

    Raises:
        Misconfigured: the token is refused, or somebody else polls with it.
    """
    offset: int | None = None
    pause = FIRST_PAUSE
    await chat.bot.delete_webhook()
    while not stop.is_set():
        try:
            updates = await _ask(chat, offset, stop)
        except (TelegramUnauthorizedError, TelegramNotFound) as refusal:
            raise Misconfigured(
                N_("Telegram refuses the token in KONWENT_TELEGRAM_TOKEN. Copy it again from BotFather.")
            ) from refusal
        except TelegramConflictError as refusal:
            raise Misconfigured(
                N_("Another program takes this bot's updates. Stop it, or remove its webhook, then start again.")
            ) from refusal
        except AiogramError as fault:  # Telegram's fault, the network's, or something between us that answers with a page
            seconds = float(fault.retry_after) if isinstance(fault, TelegramRetryAfter) else pause
            log.warning("chat.poll_failed", kind=type(fault).__name__, again_in=seconds)
            await _wait(stop, seconds)
            pause = min(pause * 2, LAST_PAUSE)
            continue
        known = [update for update in (known_update(chat.bot, raw) for raw in updates) if update is not None]
        taken = [(update.update_id, chat.take(update)) for update in known]
        outcomes = await asyncio.gather(*(committed for _, committed in taken), return_exceptions=True)
        failed = [number for (number, _), outcome in zip(taken, outcomes, strict=True) if isinstance(outcome, BaseException)]
        if failed:
            # Ask again from the first that failed: the others are known by their ids and will change nothing.
            offset = min(failed)
            log.error("chat.not_committed", updates=len(failed), again_in=pause)
            await _wait(stop, pause)
            pause = min(pause * 2, LAST_PAUSE)
        elif updates:
            offset, pause = max(_number(raw) for raw in updates) + 1, FIRST_PAUSE


def _number(raw: Raw) -> int:
    """Give an update's number: it is confirmed by that, whether or not the rest can be read."""
    number = raw.get("update_id")
    return number if isinstance(number, int) else -1


async def _ask(chat: Chat, offset: int | None, stop: asyncio.Event) -> list[Raw]:
    """Ask for a batch, or give an empty one when told to stop meanwhile: what was not handed to us is not confirmed either."""
    async with asyncio.TaskGroup() as group:
        stopping = group.create_task(stop.wait())
        asking = group.create_task(_fetch(chat, offset))
        await asyncio.wait((stopping, asking), return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if not asking.done():
            asking.cancel()
            return []
    return _result(asking)


async def _fetch(chat: Chat, offset: int | None) -> list[Raw] | AiogramError:
    """Fetch, giving a refusal as a value: raised inside a task group it would come out wrapped."""
    asked = _GetUpdates(offset=offset, timeout=LONG_POLL, allowed_updates=list(ALLOWED))
    try:
        return await chat.bot(asked, request_timeout=LONG_POLL + 10)
    except AiogramError as fault:
        return fault


def _result(asking: asyncio.Task[list[Raw] | AiogramError]) -> list[Raw]:
    result = asking.result()
    if isinstance(result, AiogramError):
        raise result
    return result


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
