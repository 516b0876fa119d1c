"""The composition root: builds the house from settings, and runs the parts a process was asked for.

It is the only place that knows which clock, which store and which channel there are. One nursery owns every task; a signal
sets one event, everybody finishes what is in hand, and the program exits 0.
"""

from __future__ import annotations

import asyncio
import errno
import gc
import json
import logging
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import structlog

from konwent_bot import resources
from konwent_bot.clock import Clock, ShiftedClock, SystemClock
from konwent_bot.dialogue.acts import Acts, compare
from konwent_bot.dialogue.loading import FlowInvalid, Shelf
from konwent_bot.errors import N_, Misconfigured
from konwent_bot.office.door import Door
from konwent_bot.office.rounds import CARD_FLOW
from konwent_bot.office.unit import House
from konwent_bot.settings import Settings
from konwent_bot.store.engines import open_store
from konwent_bot.store.migrate import migrate, require_current

if TYPE_CHECKING:  # a fifth of a second that commands without a server should not pay
    from aiohttp.web import Request, Response

#: How long we wait for an answer of Telegram while setting up, and how much of it we read.
ANSWER_SECONDS = 10
ANSWER_BYTES = 64 * 1024
#: How long requests under way may take to finish when the program stops.
LEAVE_SECONDS = 15.0
#: Who was erased, for whoever restores a backup made before (in ``data_dir``, whatever database there is).
ERASURES = "erasures.jsonl"

_NO_TOKEN = N_("There is no bot token. Get one from BotFather and set KONWENT_TELEGRAM_TOKEN.")

log = structlog.get_logger("konwent_bot")


#: Takes updates until the event is set.
Taking = Callable[[asyncio.Event], Coroutine[None, None, None]]


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where Telegram calls, and who answers."""

    path: str
    handler: Callable[[Request], Awaitable[Response]]


def clock_of(settings: Settings) -> Clock:
    """Give the clock the settings ask for."""
    return ShiftedClock(settings.clock_file) if settings.clock_file else SystemClock()


def acts() -> Acts:
    """Give the registry of acts a flow may submit to: name -> the model of what it takes."""
    from konwent_bot.office.acts import MODELS

    return MODELS


def shelf_of(settings: Settings) -> Shelf:
    """Read the flows, and hold them to the acts they submit to.

    Raises:
        FlowInvalid: naming the first file that cannot be used.
        Misconfigured: one we cannot work without is missing.
    """
    shelf = Shelf.load(settings.flows_dir or resources.flows())
    problems = [*shelf.problems, *(found for flow in shelf.flows.values() for found in compare(flow, acts(), f"{flow.id}.toml"))]
    if broken := tuple(one for one in problems if not one.warning):
        raise FlowInvalid(broken)
    from konwent_bot.office.acts import ACTS

    if missing := sorted({CARD_FLOW, *(act.flow for act in ACTS.values())} - set(shelf.flows)):
        folder = settings.flows_dir or resources.flows()
        raise Misconfigured(N_("The folder {path} lacks the flows {flows}. Check KONWENT_FLOWS_DIR."), path=folder, flows=missing)
    return shelf


@asynccontextmanager
async def open_house(settings: Settings, *, named: bool = False) -> AsyncIterator[Door]:
    """Open the store and give the door to it.

    The embedded default database is brought to this revision by itself; any other must be (``konwent-bot migrate``).
    ``named``: ask Telegram for the bot's user name first, for links to the chat; without a token it stays empty.

    Raises:
        Misconfigured: the database, its folder or a flow is not fit to work with; or, with ``named``, Telegram is not reached.
    """
    shelf = shelf_of(settings)
    house = house_of(settings, shelf)
    if named and settings.telegram_token is not None:
        house = replace(house, bot_username=await bot_username(settings))
    if settings.embedded:
        make_folder(settings.data_dir)
    store = open_store(settings.database.get_secret_value())
    try:
        logging.getLogger("alembic").setLevel(logging.WARNING)  # it tells of itself whenever anybody asks for the revision
        if not settings.embedded:
            await require_current(store)
        elif await migrate(store):
            log.info("the database was brought to this version")
        yield Door(store, clock_of(settings), house)
    finally:
        await store.close()


def make_folder(path: Path) -> None:
    """Make a folder unless it is there. Raises ``Misconfigured`` when nothing can be written into it."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=path):  # asking for rights says nothing of a read-only disk; writing does
            return
    except OSError as error:
        raise Misconfigured(
            N_("Nothing can be written into the folder {path} ({reason}). Check the rights, or choose another one."),
            path=path, reason=error.strerror or type(error).__name__,
        ) from error  # fmt: skip


def house_of(settings: Settings, shelf: Shelf) -> House:
    """Give what the secretariat knows of itself."""
    return House(
        flows=shelf,
        zone=ZoneInfo(settings.timezone),
        public_url=settings.public_url or "",
        mail_from=settings.mail_from or "",
        controller=settings.controller or "",
        controller_contact=settings.controller_contact or "",
        erasures=settings.data_dir / ERASURES,
    )


# --- running ----------------------------------------------------------------------------------------------------------


async def run(settings: Settings) -> None:
    """Open the house and run the roles of ``settings`` until SIGTERM or Ctrl-C; what is in hand is finished first.

    Raises:
        Misconfigured: something is missing for a role, or does not work.
    """
    stop = stop_on_signals()
    async with open_house(settings) as door:
        await work(settings, door, stop)


def stop_on_signals() -> asyncio.Event:
    """Give an event that SIGTERM or Ctrl-C sets. A second Ctrl-C ends the program at once, as people expect."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def asked(number: signal.Signals) -> None:
        log.info("stopping", signal=number.name)
        stop.set()
        if number is signal.SIGINT:
            loop.remove_signal_handler(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked, number)
    return stop


async def work(
    settings: Settings,
    door: Door,
    stop: asyncio.Event,
    ready: Callable[[str], Awaitable[None]] | None = None,
    *,
    tick_seconds: float | None = None,
) -> None:
    """Run the roles of ``settings`` behind an open door until ``stop`` is set.

    ``ready(address)`` is awaited once everything runs; ``address`` is where the web server listens, or empty without one.
    ``tick_seconds``: real seconds between two looks of the clockwork, where they are not its own.
    On the way out nothing new is taken first; then what is in hand is finished, and only then the caller closes the store.
    """
    if "courier" in settings.roles:
        from konwent_bot.courier import server_of

        server_of(settings)  # what is wrong with it is said before anything runs
    async with AsyncExitStack() as opened:
        webhook = None
        take: Taking | None = None
        if "chat" in settings.roles:
            take, webhook = await _open_chat(settings, door, opened)
        elif {"web", "courier"} & set(settings.roles) and settings.telegram_token is not None:
            await _learn_name(settings, door)
        address = ""
        if "web" in settings.roles or webhook is not None:
            address = await _open_web(settings, door, webhook, opened)
        async with asyncio.TaskGroup() as nursery:
            if take is not None:
                nursery.create_task(take(stop), name="chat")
            if "clockwork" in settings.roles:
                from konwent_bot.clockwork import SECONDS, keep_ticking

                nursery.create_task(keep_ticking(door, stop, seconds=tick_seconds or SECONDS), name="clockwork")
            # What was imported stays for ever: looking through it at every collection would cost a third of the updates.
            gc.collect()
            gc.freeze()
            log.info("running", roles=settings.roles, address=address, bot=door.house.bot_username)
            if ready is not None:
                await ready(address)
            if "courier" in settings.roles:  # last: letters hold links, and only now is it known where links lead
                from konwent_bot.courier import keep_sending

                nursery.create_task(keep_sending(door, settings, stop), name="courier")
            await stop.wait()
    log.info("stopped")


async def _open_chat(settings: Settings, door: Door, opened: AsyncExitStack) -> tuple[Taking, Webhook | None]:
    """Open the chat. Gives what takes updates until an event is set, and, if Telegram is to call us, where and who answers."""
    from konwent_bot.chat import open_chat, polling, webhook  # aiogram costs two seconds: only this role pays

    if settings.telegram_token is None:
        raise Misconfigured(_NO_TOKEN)
    token = settings.telegram_token.get_secret_value()
    if settings.telegram_mode == "polling":
        chat = await opened.enter_async_context(open_chat(token, settings.telegram_api, door))
        await chat.set_menu()
        return partial(polling.poll, chat), None
    if settings.public_url is None or settings.webhook_secret is None:
        raise Misconfigured(
            N_(
                "For a webhook Telegram must know where to call: set KONWENT_PUBLIC_URL, and KONWENT_WEBHOOK_SECRET to a long random word."
            )
        )
    public, secret = settings.public_url, settings.webhook_secret.get_secret_value()
    chat = await opened.enter_async_context(open_chat(token, settings.telegram_api, door))
    await chat.set_menu()

    async def called(stop: asyncio.Event) -> None:
        await webhook.register(chat, public, secret)
        await stop.wait()

    return called, Webhook(webhook.PATH, webhook.handler(chat, secret))


async def _open_web(settings: Settings, door: Door, webhook: Webhook | None, opened: AsyncExitStack) -> str:
    """Start the web server and give its address."""
    from aiohttp import web

    from konwent_bot.web import application

    app = application(door, language=settings.language, pages="web" in settings.roles, trusted_proxies=settings.trusted_proxies)
    if webhook is not None:
        app.router.add_post(webhook.path, webhook.handler)
    runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=LEAVE_SECONDS, keepalive_timeout=75)
    await runner.setup()
    opened.push_async_callback(runner.cleanup)
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
    except OSError as error:
        raise cannot_listen(error, settings.host, settings.port) from error
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{runner.addresses[0][1]}"


def cannot_listen(error: OSError, host: str, port: int) -> Misconfigured:
    """Say why nothing can listen on a port, and what to do."""
    if error.errno == errno.EADDRINUSE:
        msgid = N_("The port {port} is taken by another program. Stop it, or choose another port with --port.")
        return Misconfigured(msgid, port=str(port))
    msgid = N_("Nothing can listen on {host}, port {port} ({reason}). Check the address and the port.")
    return Misconfigured(msgid, host=host, port=str(port), reason=error.strerror or type(error).__name__)


async def _learn_name(settings: Settings, door: Door) -> None:
    """Learn the bot's name for the links of a process without the chat; it works without it too."""
    try:
        door.house = replace(door.house, bot_username=await bot_username(settings))
    except Misconfigured as problem:
        log.warning("the name of the bot is not known, so pages and letters have no link to the chat", reason=str(problem))


# --- Telegram, as far as setting up needs it --------------------------------------------------------------------------


async def bot_username(settings: Settings) -> str:
    """Ask Telegram for the bot's user name. Raises ``Misconfigured`` for a wrong token or when there is no answer."""
    return str((await ask_telegram(settings, "getMe")).result.get("username", ""))


@dataclass(frozen=True, slots=True)
class Answer:
    """What Telegram answered, and the ``Date`` header it came with."""

    result: dict[str, object]
    date: str


async def ask_telegram(settings: Settings, method: str) -> Answer:
    """Call a method of the Bot API that takes nothing. For set-up only: no messenger library is loaded.

    Raises:
        Misconfigured: there is no token, Telegram refuses it, or nobody answers at that address.
    """
    import aiohttp  # a fifth of a second that only those who ask should pay

    if settings.telegram_token is None:
        raise Misconfigured(_NO_TOKEN)
    address = f"{settings.telegram_api}/bot{settings.telegram_token.get_secret_value()}/{method}"
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ANSWER_SECONDS)) as session,
            session.get(address, allow_redirects=False) as response,
        ):
            answer = json.loads(await response.content.read(ANSWER_BYTES))
            match answer:
                case {"ok": True, "result": dict() as result}:
                    return Answer(result, response.headers.get("Date", ""))
                case {"ok": False, "error_code": 401 | 404}:
                    raise Misconfigured(N_("Telegram does not know this bot token. Check KONWENT_TELEGRAM_TOKEN with BotFather."))
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError, RecursionError):
        # Never "from error": the error holds the address, and the address holds the token.
        raise Misconfigured(
            N_("Telegram does not answer at {address}. Check the connection and KONWENT_TELEGRAM_API."),
            address=settings.telegram_api,
        ) from None
    raise Misconfigured(
        N_("What answers at {address} is not Telegram. Check KONWENT_TELEGRAM_API."), address=settings.telegram_api
    )
