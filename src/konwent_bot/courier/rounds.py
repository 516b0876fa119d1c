"""The courier's rounds: a look every few real seconds, then one batch after another until nothing is due."""

from __future__ import annotations

import asyncio
import hashlib
from contextlib import suppress
from functools import partial
from typing import Final

import structlog

from konwent_bot.clock import Clock, SystemClock
from konwent_bot.courier.mail import NoAddress, Server, pack, server_of
from konwent_bot.courier.wire import NotReached, Outcome, Wire, reach
from konwent_bot.office import dispatch
from konwent_bot.office.dispatch import Claim
from konwent_bot.office.door import Door
from konwent_bot.screens.letters import write
from konwent_bot.screens.mail import lay_out
from konwent_bot.settings import Settings

#: Real seconds between two looks: how long somebody who asked for a way in waits at most before their letter leaves.
SECONDS: Final = 2.0
#: Letters claimed together and sent over one connection.
BATCH: Final = 20

log = structlog.get_logger("konwent_bot.courier")


async def keep_sending(
    door: Door, settings: Settings, stop: asyncio.Event, *, seconds: float = SECONDS, real: Clock | None = None
) -> None:
    """Send what is due until ``stop`` is set; a letter under way is finished first, what was claimed and not begun is put back.

    Without a mail server this only waits: notices stay due until there is one (``/readyz`` and ``doctor`` say so).

    Raises:
        Misconfigured: the mail server's settings cannot be understood.
    """
    server, real = server_of(settings), real or SystemClock()
    if server is None:
        log.warning("there is no mail server, so letters wait", setting="KONWENT_SMTP_URL")
        await stop.wait()
        return
    while not stop.is_set():
        try:
            await send_due(door, server, settings.language, stop, real)
        except Exception:  # a database that is away for a minute must not end the program
            log.exception("a round of letters failed; the next one tries again")
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), seconds)


async def send_due(door: Door, server: Server, language: str, stop: asyncio.Event, real: Clock) -> None:
    """Send everything that is due now, once; what cannot be sent now rests.

    Args:
        door: the house.
        server: the mail server.
        language: of people who have not chosen one.
        stop: ends it after the letter under way.
        real: the machine's clock, for leases and rests.
    """
    # Every claim ends in a record, and what is recorded rests or is settled, so this comes to an end.
    while not stop.is_set() and await door.look(lambda uow: dispatch.anything(uow, real=real.now())):
        claims = await door.act(lambda uow: dispatch.claim(uow, real=real.now(), most=BATCH))
        if not claims:
            return
        await _batch(door, server, language, claims, stop, real)


async def _batch(door: Door, server: Server, language: str, claims: list[Claim], stop: asyncio.Event, real: Clock) -> None:
    """Send claimed letters over one connection; whatever happens, none of them stays claimed."""
    left = list(claims)
    try:
        async with reach(server) as wire:
            while left and not stop.is_set():
                outcome = await _one(door, server, wire, language, left.pop(0), real)
                if outcome is not None and outcome.broken:
                    return
    except NotReached as problem:
        log.warning("the mail server cannot be used now; letters rest and are tried again", why=problem.why, letters=len(left))
        for claim in left:
            await door.act(partial(dispatch.record, claimed=claim, ending="failed", real=real.now(), reason=problem.why))
        left = []
    finally:
        if left:
            await door.act(lambda uow: dispatch.give_back(uow, left))


async def _one(door: Door, server: Server, wire: Wire, language: str, claim: Claim, real: Clock) -> Outcome | None:
    """Send one letter and record what came of it; ``None`` when it was not wanted any more."""
    wanted = await door.act(lambda uow: dispatch.prepare(uow, claim, real=real.now()))
    if wanted is None:
        return None
    message, content_hash = "", ""
    try:
        packed = pack(lay_out(write(wanted, language)), server, name=claim.name, at=door.clock.now())
    except NoAddress:
        outcome = Outcome("refused", "bad_address")
    else:
        message, content_hash = packed.message, hashlib.sha256(packed.content).hexdigest()
        outcome = await wire.send(packed)
    await door.act(
        partial(
            dispatch.record, claimed=claim, ending=outcome.ending, real=real.now(), message=message, content_hash=content_hash,
            reason=outcome.reason,
        )
    )  # fmt: skip
    level = log.info if outcome.ending == "sent" else log.warning
    level("a letter", notice=claim.notice, attempt=claim.attempt, ending=outcome.ending, reason=outcome.reason)
    return outcome
