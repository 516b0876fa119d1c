"""The composition root: builds the house from settings, and runs the parts a process was asked for.

It is the only place that knows which clock, which store and which channel there are. One nursery owns every task; a signal
sets one event, everybody finishes what is in hand, and the program exits 0.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from zoneinfo import ZoneInfo

from konwent_bot import resources
from konwent_bot.clock import Clock, ShiftedClock, SystemClock
from konwent_bot.dialogue.loading import FlowInvalid, Shelf
from konwent_bot.errors import N_, Misconfigured
from konwent_bot.office.door import Door
from konwent_bot.office.unit import House
from konwent_bot.settings import Settings
from konwent_bot.store.engines import open_store
from konwent_bot.store.migrate import migrate, require_current

#: How long we wait for an answer of Telegram while setting up, and how much of it we read.
ANSWER_SECONDS = 10
ANSWER_BYTES = 64 * 1024


def clock_of(settings: Settings) -> Clock:
    """Give the clock the settings ask for."""
    return ShiftedClock(settings.clock_file) if settings.clock_file else SystemClock()


def shelf_of(settings: Settings) -> Shelf:
    """Read the flows. Raises ``FlowInvalid`` for the first file that cannot be used."""
    shelf = Shelf.load(settings.flows_dir or resources.flows())
    broken = tuple(one for one in shelf.problems if not one.warning)
    if broken:
        raise FlowInvalid(broken)
    return shelf


@asynccontextmanager
async def open_house(settings: Settings, *, named: bool = False) -> AsyncIterator[Door]:
    """Open the store and give the door to it.

    The embedded default database is brought to this revision by itself; any other must be (``konwent-bot migrate``).
    ``named``: ask Telegram for the bot's user name.

    Raises:
        Misconfigured: the database or a flow is not fit to work with.
    """
    shelf = shelf_of(settings)
    if settings.embedded:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    store = open_store(settings.database.get_secret_value())
    try:
        if settings.embedded:
            await migrate(store)
        else:
            await require_current(store)
        house = house_of(settings, shelf)
        if named and settings.telegram_token is not None:
            house = replace(house, bot_username=await bot_username(settings))
        yield Door(store, clock_of(settings), house)
    finally:
        await store.close()


def house_of(settings: Settings, shelf: Shelf) -> House:
    """Give what the secretariat knows of itself."""
    return House(
        flows=shelf,
        zone=ZoneInfo(settings.timezone),
        public_url=settings.public_url or "",
        controller=settings.controller or "",
        controller_contact=settings.controller_contact or "",
    )


async def bot_username(settings: Settings) -> str:
    """Ask Telegram for the bot's user name. Raises ``Misconfigured`` for a wrong token or when there is no answer."""
    return str((await ask_telegram(settings, "getMe")).get("username", ""))


async def ask_telegram(settings: Settings, method: str) -> dict[str, object]:
    """Call a method of the Bot API that takes nothing, and give its result. For set-up only: no messenger library is loaded.

    Raises:
        Misconfigured: there is no token, Telegram refuses it, or nobody answers at that address.
    """
    import aiohttp  # a fifth of a second that only those who ask should pay

    if settings.telegram_token is None:
        raise Misconfigured(N_("There is no bot token. Get one from BotFather and set KONWENT_TELEGRAM_TOKEN."))
    address = f"{settings.telegram_api}/bot{settings.telegram_token.get_secret_value()}/{method}"
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ANSWER_SECONDS)) as session,
            session.get(address, allow_redirects=False) as response,
        ):
            answer = json.loads(await response.content.read(ANSWER_BYTES))
            match answer:
                case {"ok": True, "result": dict() as result}:
                    return result
                case {"ok": False, "error_code": 401 | 404}:
                    raise Misconfigured(N_("Telegram does not know this bot token. Check KONWENT_TELEGRAM_TOKEN with BotFather."))
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError):
        # Never "from error": the error holds the address, and the address holds the token.
        raise Misconfigured(
            N_("Telegram does not answer at {address}. Check the connection and KONWENT_TELEGRAM_API."),
            address=settings.telegram_api,
        ) from None
    raise Misconfigured(
        N_("What answers at {address} is not Telegram. Check KONWENT_TELEGRAM_API."), address=settings.telegram_api
    )
