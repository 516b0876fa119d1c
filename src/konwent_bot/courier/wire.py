"""The wire: one connection to the mail server, and what came of each letter on it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from ipaddress import ip_address
from typing import Final

import aiosmtplib

from konwent_bot.courier.mail import Packed, Server
from konwent_bot.office.routes import Ending

#: Seconds for everything about one letter, from the first command to the last answer: well within the lease of its claim
#: (``office.dispatch.LEASE``), so that nobody can take the notice while its letter is under way.
LETTER_SECONDS: Final = 200.0

_ENHANCED: Final = re.compile(r"5\.\d{1,3}\.\d{1,3}(?!\d)")
#: No such mailbox, no such host, not an address, moved, takes no mail (RFC 7505); a mailbox that is switched off.
_ABOUT_THE_ADDRESS: Final = frozenset({"5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})


class NotReached(Exception):
    """The mail server cannot be used now. ``why`` is a word for logs and the ledger; it never holds an address or a password."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a letter."""

    ending: Ending
    #: A code or a class of what the server said.
    reason: str = ""
    #: The connection is of no use any more.
    broken: bool = False
    #: The server says that there is no such mailbox (and not only that it wants nothing of us).
    unknown: bool = False


class Wire:
    """An open connection, logged in where there is somebody to log in as."""

    def __init__(self, client: aiosmtplib.SMTP, server: Server) -> None:
        self._client = client
        self._sender = server.sender
        self._seconds = server.seconds

    async def send(self, letter: Packed) -> Outcome:
        """Send one letter. Raises nothing that a server can cause."""
        # Up to DATA nothing has been sent, whatever happens; from there on only an answer of the server tells.
        begun = False
        try:
            async with asyncio.timeout(LETTER_SECONDS):
                if letter.utf8 and not self._client.supports_extension("SMTPUTF8"):
                    return Outcome("refused", "no_smtputf8")
                try:
                    await self._client.mail(
                        self._sender, options=["SMTPUTF8", "BODY=8BITMIME"] if letter.utf8 else None, encoding="utf-8"
                    )
                except aiosmtplib.SMTPResponseException as error:
                    # Whoever refuses our own address refuses us, not this reader: that is for the operator to mend.
                    return await self._clear(Outcome("failed", f"sender_{error.code}"))
                try:
                    await self._client.rcpt(letter.to, encoding="utf-8")
                except aiosmtplib.SMTPResponseException as error:
                    outcome = replace(_answered("recipient", error.code), unknown=_no_mailbox(error))
                    return await self._clear(outcome)
                begun = True
                try:
                    await self._client.data(letter.content, timeout=4 * self._seconds)
                except aiosmtplib.SMTPResponseException as error:
                    return await self._clear(_answered("content", error.code))
                return Outcome("sent")
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            return Outcome("uncertain" if begun else "failed", _class(error), broken=True)

    async def _clear(self, outcome: Outcome) -> Outcome:
        """Let the server forget a letter it did not take, so that the next one can begin."""
        if outcome.reason.endswith("_421"):  # "closing transmission channel" (RFC 5321 §3.8)
            return replace(outcome, broken=True)
        try:
            await self._client.rset()
        except (aiosmtplib.SMTPException, OSError, TimeoutError):
            return replace(outcome, broken=True)
        return outcome


def _answered(where: str, code: int) -> Outcome:
    """Read an answer that is not "yes": 5xx is for good, 4xx for now (RFC 5321 §4.2.1)."""
    return Outcome("refused" if code // 100 == 5 else "failed", f"{where}_{code}")


def _no_mailbox(error: aiosmtplib.SMTPResponseException) -> bool:
    """Tell whether a refusal is about the address: by the enhanced code where there is one (RFC 3463 §3.2, §3.3), else by the code.

    A server that refuses us (5.7.x: our address, our network, our letter) says nothing about its reader.
    """
    if error.code // 100 != 5:
        return False
    enhanced = _ENHANCED.match(error.message)
    if enhanced is not None:
        return enhanced[0] in _ABOUT_THE_ADDRESS
    return error.code in (550, 551, 553)


def _class(error: Exception) -> str:
    """Name an error without its words: a server's words may quote an address."""
    match error:
        case aiosmtplib.SMTPTimeoutError() | TimeoutError():
            return "timeout"
        case aiosmtplib.SMTPServerDisconnected():
            return "disconnected"
        case aiosmtplib.SMTPResponseException():
            return f"answer_{error.code}"
        case aiosmtplib.SMTPConnectError():
            return "failed"
        case _:
            return type(error).__name__


@asynccontextmanager
async def reach(server: Server) -> AsyncIterator[Wire]:
    """Connect, encrypt where possible, log in where needed; say goodbye at the end.

    Raises:
        NotReached: nobody answers, the certificate is wrong, the name or the password is not accepted, or a password would travel
            in the open.
    """
    client = aiosmtplib.SMTP(
        hostname=server.host, port=server.port, use_tls=server.tls, start_tls=False, timeout=server.seconds, local_hostname=server.domain
    )  # fmt: skip
    try:
        await _connect(client, server)
        yield Wire(client, server)
    finally:
        with suppress(aiosmtplib.SMTPException, OSError, TimeoutError):
            if client.is_connected:
                await client.quit(timeout=5)
        client.close()


async def _connect(client: aiosmtplib.SMTP, server: Server) -> None:
    step = "connect"
    try:
        async with asyncio.timeout(LETTER_SECONDS):
            await client.connect()
            await client.ehlo()
            encrypted = server.tls
            if not encrypted and client.supports_extension("STARTTLS"):
                step = "tls"
                await client.starttls()
                await client.ehlo()
                encrypted = True
            if server.user:
                step = "login"
                if not encrypted and not _own(server.host):
                    raise NotReached("no_tls")
                await client.login(server.user, server.password)
    except aiosmtplib.SMTPAuthenticationError as error:
        raise NotReached(f"login_{error.code}") from None
    except (aiosmtplib.SMTPException, OSError, TimeoutError, ValueError) as error:
        # ``from None``: what a server answers to a password has been seen to hold it.
        raise NotReached(f"{step}_{_class(error)}") from None


def _own(host: str) -> bool:
    """Tell whether a host is this very machine, where nobody listens on the wire."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
