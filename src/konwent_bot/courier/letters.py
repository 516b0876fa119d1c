"""The mail lane: letters claimed together go out over one connection, one after another."""

from __future__ import annotations

import asyncio
import hashlib
from functools import partial
from typing import Final

import structlog

from konwent_bot.clock import Clock
from konwent_bot.courier.ledger import Ledger
from konwent_bot.courier.mail import NoAddress, Server, pack
from konwent_bot.courier.wire import NotReached, Outcome, Wire, reach
from konwent_bot.office import channels, dispatch
from konwent_bot.office.deliveries import Claim
from konwent_bot.office.dispatch import Prepared
from konwent_bot.office.door import Door
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.letters import write
from konwent_bot.screens.mail import MailMessage, lay_out

#: Letters claimed together and sent over one connection.
BATCH: Final = 20

log = structlog.get_logger("konwent_bot.courier")


async def send_due(door: Door, server: Server, language: str, stop: asyncio.Event, real: Clock) -> None:
    """Send every letter that is due now, once; what cannot be sent now rests.

    Args:
        door: the house.
        server: the mail server.
        language: of people who have not chosen one.
        stop: ends it after the letter under way.
        real: the machine's clock, for leases and rests.
    """
    ledger = Ledger(door, "mail", real, stop)
    # Every claim ends in a record, and what is recorded rests or is settled, so this comes to an end.
    while not stop.is_set() and await ledger.anything():
        claims = await ledger.claim(BATCH)
        if not claims:
            return
        await _batch(ledger, server, language, claims)


async def _batch(ledger: Ledger, server: Server, language: str, claims: list[Claim]) -> None:
    """Send claimed letters over one connection; whatever happens, none of them stays claimed."""
    left = list(claims)
    try:
        async with reach(server) as wire:
            while left and not ledger.stop.is_set():
                outcome = await _one(ledger, server, wire, language, left.pop(0))
                if outcome is not None and outcome.broken:
                    return
    except NotReached as problem:
        log.warning("the mail server cannot be used now; letters rest and are tried again", why=problem.why, letters=len(left))
        while left:
            claim = left[0]
            await ledger.record(
                partial(dispatch.record, claimed=claim, ending="failed", real=ledger.real.now(), reason=problem.why)
            )
            del left[0]
    finally:
        await ledger.give_back(left)


async def _one(ledger: Ledger, server: Server, wire: Wire, language: str, claim: Claim) -> Outcome | None:
    """Send one letter and record what came of it; ``None`` when it was not wanted any more."""

    def words(uow: UnitOfWork, prepared: Prepared) -> MailMessage:
        return lay_out(write(uow, prepared, language))

    ready = await ledger.prepare(claim, words)
    if ready is None:
        return None
    prepared, letter = ready
    message, content_hash = "", ""
    try:
        packed = pack(letter, server, name=prepared.claim.name, at=ledger.door.clock.now())
    except NoAddress:
        outcome = Outcome("refused", "bad_address")
    else:
        message, content_hash = packed.message, hashlib.sha256(packed.content).hexdigest()
        outcome = await wire.send(packed)

    def note(uow: UnitOfWork) -> None:
        if outcome.unknown:
            channels.mail_refused(uow, letter.to)
        dispatch.record(
            uow, prepared.claim, outcome.ending, real=ledger.real.now(), message=message, content_hash=content_hash, reason=outcome.reason
        )  # fmt: skip

    await ledger.record(note)
    level = log.info if outcome.ending == "sent" else log.warning
    level("a letter", notice=claim.notice, attempt=claim.attempt, ending=outcome.ending, reason=outcome.reason)
    return outcome
