"""Setting the stage: sandbox, house, network, phones, letters, in an order in which every step may be the last one done."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import SecretStr

from konwent_bot import app, i18n
from konwent_bot.clock import SystemClock
from konwent_bot.courier import send_due, server_of
from konwent_bot.demo import network
from konwent_bot.demo.cast import Player, players
from konwent_bot.demo.phones import Phones, phones
from konwent_bot.domain.meetings.quiet_hours import DEFAULT_QUIET, postponed
from konwent_bot.errors import N_, Misconfigured
from konwent_bot.office import dispatch
from konwent_bot.office.deliveries import Claim
from konwent_bot.office.door import Door
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.sandbox.options import SandboxOptions
from konwent_bot.sandbox.server import Running, serve
from konwent_bot.screens import words
from konwent_bot.settings import Settings, load_settings

#: The language of notes and letters: everybody in the demo network reads Polish, and may choose another language in the chat.
LANGUAGE = "pl"
#: Whom letters come from.
SENDER = "sekretariat@konwent.example"
HOST = "127.0.0.1"
#: The clock is looked at as often as the courier looks round: whoever moves it sees at once what comes of it.
TICK_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Open:
    """The demo, open to be looked at."""

    #: The page with the phones.
    address: str
    #: Where the pages of the house are.
    pages: str


def demo_settings(folder: Path, port: int) -> Settings:
    """Give the settings of a demo that keeps everything in ``folder``: nothing of a real installation counts.

    Of the environment only log and ``KONWENT_FLOWS_DIR`` are left. The pages listen one port above the phones.
    """
    read = load_settings(
        data_dir=folder, host=HOST, port=port + 1 if port else 0, roles=("chat", "web", "courier", "clockwork"), timezone="Europe/Warsaw",
        telegram_token=SandboxOptions().bots[0].token, telegram_mode="polling", clock_file=folder / "clock",
        controller="KIS w Janowie Lubelskim (pokaz)", controller_contact="iod@kis-janow.example",
        language=LANGUAGE, smtp_url=f"smtp://{HOST}", mail_from=SENDER, telegram_api=f"http://{HOST}", public_url=f"http://{HOST}", database_url="sqlite:///demo",
    )  # fmt: skip
    # The embedded default, whatever the environment says: the one database that is ours to prepare.
    return read.model_copy(update={"database_url": None})


async def show(settings: Settings, port: int, opened: Callable[[Open], None]) -> None:
    """Run the demo until SIGTERM or Ctrl-C; ``opened`` is called once everything stands.

    Raises:
        Misconfigured: the folder cannot be used, a port is taken, a flow is broken.
    """
    stop = app.stop_on_signals()
    app.make_folder(settings.data_dir)
    _set_clock(settings)
    async with app.open_house(settings) as door, _sandbox(settings, port) as sandbox:
        found = {
            "telegram_api": sandbox.url,
            "telegram_token": SecretStr(_token(sandbox)),
            "smtp_url": SecretStr(f"smtp://{sandbox.host}:{sandbox.mail_port}"),
        }
        settings = settings.model_copy(update=found)

        async def ready(pages: str) -> None:
            door.house = replace(door.house, public_url=pages)
            await _furnish(door, sandbox, settings, stop)
            opened(Open(sandbox.url, pages))

        await app.work(settings, door, stop, ready, tick_seconds=TICK_SECONDS)


def into_working_hours(now: datetime, zone: ZoneInfo) -> timedelta:
    """Give how far the demo's clock is ahead when it opens: nobody is called to a meeting at night or on a day off."""
    return postponed(now, DEFAULT_QUIET, zone) - now


def _set_clock(settings: Settings) -> None:
    """Set the clock of a demo that has none yet."""
    file = settings.clock_file
    assert file is not None
    ahead = into_working_hours(SystemClock().now(), ZoneInfo(settings.timezone))
    if ahead and not file.exists():
        file.write_text(f"{ahead.total_seconds():.0f}", "ascii")


@asynccontextmanager
async def _sandbox(settings: Settings, port: int) -> AsyncIterator[Running]:
    options = SandboxOptions(host=HOST, port=port, data=settings.data_dir / "sandbox.sqlite3", clock_file=settings.clock_file)
    try:
        running = await serve(options)
    except OSError as error:
        if "locked" in str(error):
            raise Misconfigured(
                N_("The folder {path} is in use by another demo. Stop it first."), path=settings.data_dir
            ) from error
        raise app.cannot_listen(error, HOST, port) from error
    try:
        yield running
    finally:
        await running.close()


def _token(sandbox: Running) -> str:
    return sandbox.world.options.bots[0].token


async def _furnish(door: Door, sandbox: Running, settings: Settings, stop: asyncio.Event) -> None:
    """Give everybody a phone, let the network in, send the invitations. Whatever stands already is left as it is."""
    read = network.roster()
    cast = players(network.places(read))
    numbers = {(player.place.institution, player.place.kind): player.number for player in cast}
    async with phones(sandbox.url, door.house.bot_username) as hands:
        owners = await hands.owners()
        for player in cast:
            if player.number not in owners:
                await hands.give(player, _note(player))
        await door.act(lambda uow: network.build(uow, read, numbers))
        await _send(door, hands, settings, stop)
        welcomed = [numbers[key] for key in sorted(network.WELCOMED & numbers.keys())]
        for number in welcomed:
            await hands.begin(number)
        for number in welcomed:
            await hands.greeted(number)


async def _send(door: Door, hands: Phones, settings: Settings, stop: asyncio.Event) -> None:
    """Send what is announced with the courier everybody has, before anybody looks at the mailbox.

    A kill leaves a letter of which a real mail server would not tell whether it took it, and its lease would have to run out.
    Nobody but us uses this database, and this mailbox can be looked into: so it is known at once, and nothing is sent twice.
    Messages to phones follow when the house is open: by then everybody's chat has begun.
    """
    server, real = server_of(settings), SystemClock()
    assert server is not None
    if open_claims := [claim for claim in await door.look(dispatch.in_flight) if claim.channel == "mail"]:
        came = await hands.letters()
        for claim in open_claims:
            message = server.message_id(claim.name)
            await door.act(partial(_conclude, claim=claim, message=message if message in came else "", real=real.now()))
    await send_due(door, server, LANGUAGE, stop, real)


def _conclude(uow: UnitOfWork, claim: Claim, *, message: str, real: datetime) -> None:
    if message:
        dispatch.record(uow, claim, "sent", real=real, message=message)
    else:
        dispatch.record(uow, claim, "failed", real=real, reason="interrupted", rest=timedelta())


def _note(player: Player) -> str:
    t = i18n.translator(LANGUAGE)
    place = player.place
    facts = {"institution": place.institution, "role": words.place(t, place.kind), "title": place.title}
    if (place.institution, place.kind) in network.WELCOMED:
        return t("{institution}, {role} ({title}). Has accepted already.", **facts)
    return t("{institution}, {role} ({title}). The invitation waits in the mailbox.", **facts)
