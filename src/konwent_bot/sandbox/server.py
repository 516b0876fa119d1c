"""Starting and stopping a sandbox: HTTP, mail, the file behind them."""

from __future__ import annotations

import asyncio
import errno
import gc
import signal
import sys
from collections.abc import Awaitable, Collection
from dataclasses import dataclass
from typing import TypeVar

from aiohttp import web

from konwent_bot.sandbox import bounds
from konwent_bot.sandbox.bells import Nursery
from konwent_bot.sandbox.botapi import BotApi
from konwent_bot.sandbox.controls import Controls
from konwent_bot.sandbox.events import Events
from konwent_bot.sandbox.faults import Faults
from konwent_bot.sandbox.journal import Journal
from konwent_bot.sandbox.mail import Mailbox, serve_mail
from konwent_bot.sandbox.options import BotSpec, SandboxOptions
from konwent_bot.sandbox.pages import Pages
from konwent_bot.sandbox.phones import Phones
from konwent_bot.sandbox.throttle import Throttle
from konwent_bot.sandbox.world import World

__all__ = ["BotSpec", "Running", "SandboxOptions", "main", "serve"]

T = TypeVar("T")


@dataclass
class Running:
    """A sandbox that runs. ``url`` has no slash at its end; ``close`` writes what is left and frees the ports."""

    url: str
    host: str
    port: int
    mail_port: int
    world: World
    _api: BotApi
    _runner: web.AppRunner
    _nursery: Nursery
    _mail: asyncio.Server

    def routes(self) -> Collection[web.AbstractRoute]:
        """Give every address that is served."""
        return self._runner.app.router.routes()

    async def close(self) -> None:
        """Stop taking requests, stop delivering, write the file."""
        self.world.closing = True
        for bell in [*self.world.bot_bells.values(), *self.world.person_bells.values(), self.world.house_bell]:
            bell.ring()
        self._mail.close()
        await self._api.webhooks.close()
        await self._runner.cleanup()
        await self._nursery.close()
        await self.world.keep.close()


async def serve(options: SandboxOptions) -> Running:
    """Start a sandbox. ``OSError``: port taken or file not writable, in words; ``ValueError``: a malformed bot token."""
    world = World(options)
    try:
        world.clock.publish()
    except OSError:
        await world.keep.close()
        raise
    nursery = Nursery()
    throttle, faults, journal = Throttle(options.limits), Faults(), Journal(world)
    api = BotApi(world, throttle, faults, journal)
    runner = web.AppRunner(_application(world, api), access_log=None, shutdown_timeout=1.0, keepalive_timeout=75.0)
    nursery.start(world.keep.write_behind(), "sandbox-keep")
    try:
        await runner.setup()
        await _listen(web.TCPSite(runner, options.host, options.port, backlog=512).start(), options.host, options.port)
        mail = await _listen(serve_mail(world, faults, options.host, options.mail_port), options.host, options.mail_port)
    except OSError:
        await runner.cleanup()
        await nursery.close()
        await world.keep.close()
        raise
    api.webhooks.start_all()
    host = f"[{options.host}]" if ":" in options.host else options.host
    port, mail_port = int(runner.addresses[0][1]), int(mail.sockets[0].getsockname()[1])
    return Running(f"http://{host}:{port}", options.host, port, mail_port, world, api, runner, nursery, mail)


def _application(world: World, api: BotApi) -> web.Application:
    app = web.Application(client_max_size=bounds.BODY_BYTES)
    api.routes(app.router)
    controls = Controls(world, api.throttle, api.faults, api.journal, api.polling)
    for part in (Phones(world), Events(world), Mailbox(world), controls, Pages()):
        part.routes(app.router)
    return app


async def _listen(opening: Awaitable[T], host: str, port: int) -> T:
    """Open a port, or say in words why not."""
    try:
        return await opening
    except OSError as error:
        reason = "the port is taken" if error.errno == errno.EADDRINUSE else error.strerror or str(error)
        raise OSError(error.errno, f"the sandbox cannot listen on {host}:{port}: {reason}") from error


async def _run(options: SandboxOptions) -> None:
    running = await serve(options)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    sys.stdout.write(f"sandbox {running.url} mail {running.host}:{running.mail_port}\n")
    sys.stdout.flush()
    await stop.wait()
    await running.close()


def main(options: SandboxOptions) -> None:
    """Run a sandbox until SIGTERM or Ctrl-C; its first line on standard output is ``sandbox <url> mail <host>:<port>``."""
    gc.collect()
    gc.freeze()  # what is imported never becomes garbage
    gc.set_threshold(50_000, 20, 50)  # a sandbox holds very many small objects; looking at all of them costs more than they weigh
    asyncio.run(_run(options))
