"""A post office for tests: a real SMTP server on a socket that answers as it is told, and keeps what it took."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from konwent_bot.courier import Server


@dataclass
class PostOffice:
    """What it was told to answer, and what came."""

    port: int = 0
    #: Answers to the next recipients, and to the next contents; then everything is taken.
    at_recipient: list[str] = field(default_factory=list)
    at_content: list[str] = field(default_factory=list)
    #: Contents are taken and never answered while this is set.
    silent: bool = False
    letters: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    connections: int = 0
    #: A content has been taken that is not answered.
    swallowed: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)

    def server(self, **more: object) -> Server:
        """Give its address, with a sender."""
        values: dict[str, object] = {
            "host": "127.0.0.1",
            "port": self.port,
            "tls": False,
            "sender": "sekretariat@kis.example",
            "seconds": 5.0,
        }
        return Server(**(values | more))  # type: ignore[arg-type]  # fields by name, as dataclasses.replace takes them

    async def handle_EHLO(  # noqa: N802 - the library's names
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.at_recipient and (said := self.at_recipient.pop(0)):
            return said
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.at_content and (said := self.at_content.pop(0)):
            return said
        assert isinstance(envelope.content, bytes)
        letter = message_from_bytes(envelope.content, policy=policy.default)
        self.letters.append(letter)
        self.recipients += envelope.rcpt_tos
        if self.silent:
            self.swallowed.set()
            await self.released.wait()
        return "250 OK"


@asynccontextmanager
async def post_office(*, password: str | None = None, utf8: bool = True) -> AsyncIterator[PostOffice]:
    """Open a post office. ``password``: of the one user, ``kis``."""
    told = PostOffice()
    loop = asyncio.get_running_loop()

    def let_in(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: object) -> AuthResult:
        ok = isinstance(given, LoginPassword) and (given.login, given.password) == (b"kis", (password or "").encode())
        return AuthResult(success=ok, handled=False)

    def protocol() -> SMTP:
        if password is None:
            return SMTP(told, hostname="poczta.example", enable_SMTPUTF8=utf8, loop=loop)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the library warns of a password without encryption: that is what is tried here
            return SMTP(
                told, hostname="poczta.example", authenticator=let_in, auth_require_tls=False, auth_required=True, loop=loop
            )

    listening = await loop.create_server(protocol, "127.0.0.1", 0)
    told.port = listening.sockets[0].getsockname()[1]
    try:
        yield told
    finally:
        told.released.set()
        listening.close()
        await listening.wait_closed()


def text_of(letter: EmailMessage) -> str:
    """Give a letter's words."""
    return str(letter.get_content()).replace("\r\n", "\n")
