"""Starting and stopping a sandbox: HTTP, mail, the file behind them."""

from __future__ import annotations

import asyncio
import signal
import sys
from dataclasses import dataclass

from aiohttp import web

from konwent_bot.sandbox import bounds
from konwent_bot.sandbox.bells import Nursery
from konwent_bot.sandbox.botapi import BotApi
from konwent_bot.sandbox.faults import Faults
from konwent_bot.sandbox.journal import Journal
from konwent_bot.sandbox.options import BotSpec, SandboxOptions
from konwent_bot.sandbox.phones import Phones
from konwent_bot.sandbox.throttle import Throttle
from konwent_bot.sandbox.world import World

__all__ = ["BotSpec", "Running", "SandboxOptions", "main", "serve"]


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

    async def close(self) -> None:
        """Stop taking requests, stop delivering, write the file."""
        self.world.closing = True
        for bell in [*self.world.bot_bells.values(), *self.world.person_bells.values(), self.world.house_bell]:
            bell.ring()
        await self._api.webhooks.close()
        await self._runner.cleanup()
        await self._nursery.close()
        await self.world.keep.close()


async def serve(options: SandboxOptions) -> Running:
    """Start a sandbox. ``OSError``: port taken or file not writable, in words; ``ValueError``: a malformed bot token."""
    world = World(options)
    nursery = Nursery()
    throttle, faults, journal = Throttle(options.limits), Faults(), Journal(world)
    api = BotApi(world, throttle, faults, journal)
    app = web.Application(client_max_size=bounds.BODY_BYTES)
    api.routes(app.router)
    Phones(world).routes(app.router)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0, keepalive_timeout=75.0)
    nursery.start(world.keep.write_behind(), "sandbox-keep")
    try:
        await runner.setup()
        await web.TCPSite(runner, options.host, options.port, backlog=512).start()
    except OSError as error:
        await runner.cleanup()
        await nursery.close()
        await world.keep.close()
        raise OSError(error.errno, f"the sandbox cannot listen on {options.host}:{options.port}: {error.strerror}") from error
    port = int(runner.addresses[0][1])
    api.webhooks.start_all()
    host = f"[{options.host}]" if ":" in options.host else options.host
    return Running(f"http://{host}:{port}", options.host, port, 0, world, api, runner, nursery)


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
    asyncio.run(_run(options))
