"""The mail server: takes every letter (or refuses it as a script ordered) and shows what came."""

from __future__ import annotations

import asyncio
from email import message_from_bytes, policy
from email.message import EmailMessage
from itertools import islice

from aiohttp import web
from aiosmtpd.smtp import SMTP, Envelope, Session

from konwent_bot.sandbox import bounds
from konwent_bot.sandbox.acts import PhoneError
from konwent_bot.sandbox.bodies import answer, number_of, spoken
from konwent_bot.sandbox.calendars import meeting_in
from konwent_bot.sandbox.faults import Faults
from konwent_bot.sandbox.records import Letter
from konwent_bot.sandbox.shapes import Json
from konwent_bot.sandbox.world import World


class MailHandler:
    """What aiosmtpd asks when a letter has come."""

    def __init__(self, world: World, faults: Faults) -> None:
        self.world = world
        self.faults = faults

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802 the library's name and arguments
        """Keep a letter and say so once it is on file."""
        fault = self.faults.take("mail", None) if self.faults.orders else None
        if fault is not None:
            return f"{fault.code} scripted by the sandbox"
        body = envelope.content if isinstance(envelope.content, bytes) else str(envelope.content or "").encode("utf-8", "replace")
        add_letter(self.world, envelope.mail_from or "", list(envelope.rcpt_tos), body)
        await self.world.keep.settled()
        return "250 kept by the sandbox, goes no further"


def add_letter(world: World, sender: str, recipients: list[str], body: bytes) -> Letter:
    """Keep a letter; the oldest go above the bound."""
    world.last_letter += 1
    subject = _header(parsed(body), "subject")
    letter = Letter(world.last_letter, world.clock.now(), sender, recipients, subject, body)
    world.letters[letter.id] = letter
    world.save("letter", letter.id, letter)
    world.keep.mark_body("letter", letter.id, body)
    for old in list(world.letters)[: max(0, len(world.letters) - bounds.MAILS)]:
        drop_letter(world, old)
    world.house_changed("mail")
    return letter


def drop_letter(world: World, number: int) -> None:
    """Forget a letter."""
    del world.letters[number]
    world.keep.mark("letter", number, None)
    world.keep.mark_body("letter", number, None)


def parsed(body: bytes) -> EmailMessage:
    """Read a letter; a broken one is read as far as it goes."""
    return message_from_bytes(body, policy=policy.default)


def _header(message: EmailMessage, name: str) -> str:
    try:
        return str(message.get(name, "")).replace("\n", " ").replace("\r", "").strip()
    except (ValueError, LookupError, IndexError, AttributeError):  # headers the parser cannot take apart
        return ""


def _words(message: EmailMessage, kind: str) -> str:
    try:
        part = message.get_body((kind,))
        return "" if part is None else str(part.get_content())
    except (LookupError, ValueError, KeyError, AttributeError):  # an unknown charset, a multipart without parts
        return ""


def _attachments(message: EmailMessage) -> list[EmailMessage]:
    try:
        return list(islice(message.iter_attachments(), bounds.ATTACHMENTS))
    except (ValueError, KeyError, AttributeError):
        return []


def _bytes(part: EmailMessage) -> bytes:
    payload = part.get_payload(decode=True)
    if isinstance(payload, bytes):
        return payload
    return part.as_bytes() if part.is_multipart() else b""


class Mailbox:
    """Handlers of ``/mail``."""

    def __init__(self, world: World) -> None:
        self.world = world

    def routes(self, router: web.UrlDispatcher) -> None:
        """Put the addresses into a router."""
        router.add_get("/mail", spoken(self.listing))
        router.add_delete("/mail", spoken(self.clear))
        router.add_get("/mail/{letter}", spoken(self.show))
        router.add_get("/mail/{letter}/attachments/{number}", spoken(self.attachment))
        router.add_get("/mail/{letter}/raw", spoken(self.raw))

    def _find(self, request: web.Request) -> Letter:
        letter = self.world.letters.get(number_of(request.match_info["letter"], "the letter's id"))
        if letter is None:
            raise PhoneError(404, "there is no such letter")
        return letter

    def _head(self, letter: Letter) -> Json:
        return {
            "id": letter.id,
            "date": self.world.clock.iso(letter.at),
            "from": letter.sender,
            "to": letter.recipients,
            "subject": letter.subject,
        }

    async def listing(self, _request: web.Request) -> web.Response:
        """``GET /mail``: the heads of all letters, newest first."""
        heads = [
            self._head(letter) | {"attachments": len(_attachments(parsed(letter.body)))}
            for letter in reversed(self.world.letters.values())
        ]
        return answer({"mail": heads})

    async def show(self, request: web.Request) -> web.Response:
        """``GET /mail/{id}``: one letter with its words, the meeting it brings, and what hangs on it."""
        letter = self._find(request)
        message = parsed(letter.body)
        attachments = [
            {
                "name": part.get_filename() or f"part-{number}",
                "mime": part.get_content_type(),
                "size": len(_bytes(part)),
                "href": f"/mail/{letter.id}/attachments/{number}",
            }
            for number, part in enumerate(_attachments(message))
        ]
        headers = [[str(name), _header(message, str(name))] for name in message]
        words: Json = {"text": _words(message, "plain"), "html": _words(message, "html"), "headers": headers}
        return answer(self._head(letter) | words | {"calendar": meeting_in(message), "attachments": attachments})

    async def attachment(self, request: web.Request) -> web.Response:
        """``GET /mail/{id}/attachments/{n}``: the body of one attachment, to be saved."""
        parts = _attachments(parsed(self._find(request).body))
        number = number_of(request.match_info["number"], "the attachment's number")
        if not 0 <= number < len(parts):
            raise PhoneError(404, "the letter has no such attachment")
        return download(_bytes(parts[number]), parts[number].get_filename() or f"part-{number}")

    async def raw(self, request: web.Request) -> web.Response:
        """``GET /mail/{id}/raw``: the letter as it came."""
        letter = self._find(request)
        return download(letter.body, f"letter-{letter.id}.eml")

    async def clear(self, _request: web.Request) -> web.Response:
        """``DELETE /mail``: forget all letters."""
        count = len(self.world.letters)
        for number in list(self.world.letters):
            drop_letter(self.world, number)
        self.world.house_changed("mail")
        await self.world.keep.settled()
        return answer({"deleted": count})


def download(body: bytes, name: str) -> web.Response:
    """A file to be saved, never shown: what is in it was written by somebody else."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "._- ") else "_" for c in name)[:120]
    headers = {
        "Content-Disposition": f'attachment; filename="{plain}"',
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return web.Response(body=body, content_type="application/octet-stream", headers=headers)


async def serve_mail(world: World, faults: Faults, host: str, port: int) -> asyncio.Server:
    """Listen for letters; ``OSError`` when the port is taken."""
    loop = asyncio.get_running_loop()
    handler = MailHandler(world, faults)

    def protocol() -> SMTP:
        return SMTP(
            handler,
            hostname="sandbox",
            ident="konwent sandbox",
            enable_SMTPUTF8=True,
            data_size_limit=bounds.MAIL_BYTES,
            loop=loop,
        )

    return await loop.create_server(protocol, host, port)
