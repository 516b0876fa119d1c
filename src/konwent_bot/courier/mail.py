"""The mail server as the operator names it, and a letter as bytes.

A letter of words alone is one part. With a meeting for the calendar it is ``mixed { alternative { text, HTML, calendar }, invite.ics,
files }``: Outlook looks for the invitation in the first child of ``mixed`` only, shows the last alternative it understands, and
other programs offer the file. The same try gives the same bytes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage, MIMEPart
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

from konwent_bot.documents import plain
from konwent_bot.errors import N_, Misconfigured
from konwent_bot.screens.enclosed import Attachment
from konwent_bot.screens.mail import MailMessage, one_line
from konwent_bot.settings import Settings

#: Ports that go without saying: submission with STARTTLS, submission inside TLS (RFC 8314 §3).
PORTS = {"smtp": 587, "smtps": 465}
#: What the file of a meeting is called; Outlook's own name for it.
INVITATION = "invite.ics"
#: Types of files that are what they say; any other is "a file". The insides of a letter's own structure are never a file.
_MEDIA = re.compile(r"(?!message/|multipart/)[a-z0-9][a-z0-9.+-]{0,60}/[a-z0-9][a-z0-9.+-]{0,100}")
#: An address that can stand in a header as it is.
_WEB = re.compile(r"https?://[!-;=?-~]{1,900}")


@dataclass(frozen=True, slots=True)
class Server:
    """Where letters go out, and as whom."""

    host: str
    port: int
    #: TLS from the first byte (``smtps://``); otherwise STARTTLS where it is offered.
    tls: bool
    #: Address letters come from.
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)
    #: Seconds it may take to connect and to answer each command; four times as long once a letter's content has gone out.
    seconds: float = 30.0

    @property
    def domain(self) -> str:
        """What we call ourselves to the server, and the right side of our Message-IDs."""
        return self.sender.rpartition("@")[2]

    def message_id(self, name: str) -> str:
        """Give the Message-ID of a try: the same try gives the same one, so a copy can be told from a second letter."""
        return f"<{name}@{self.domain}>"


def server_of(settings: Settings) -> Server | None:
    """Read the mail server from the settings; ``None`` when there is none.

    Raises:
        Misconfigured: there is one, but not whom letters come from, or its address is not one. The sentence never shows it.
    """
    if settings.smtp_url is None:
        return None
    try:
        parts = urlsplit(settings.smtp_url.get_secret_value())
        host, port = parts.hostname, parts.port
    except ValueError:  # never "from error": the error may hold the address, and the address a password
        host, port = None, None
    else:
        if parts.path not in ("", "/") or parts.query or parts.fragment:
            host = None  # a password with an unencoded "/", "?" or "#" would be cut there
    if not host:
        raise Misconfigured(
            N_(
                "KONWENT_SMTP_URL is not the address of a mail server. Signs such as @, / and # in a password must be percent-encoded."
            )
        )
    if settings.mail_from is None:
        raise Misconfigured(
            N_("Letters need an address they come from. Set KONWENT_MAIL_FROM, for example sekretariat@kis.example.")
        )
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Server(host, port or PORTS[parts.scheme], parts.scheme == "smtps", settings.mail_from, user, password)


class NoAddress(Exception):
    """The address of a letter cannot be one."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A letter ready for the wire."""

    #: Address of the envelope.
    to: str
    #: Its Message-ID, with its angle brackets.
    message: str
    content: bytes
    #: The local part of the address needs a server that takes UTF-8 (RFC 6531).
    utf8: bool


def pack(letter: MailMessage, server: Server, *, name: str, at: datetime) -> Packed:
    """Make the bytes of a letter.

    Args:
        letter: what it says.
        server: whom it comes from.
        name: what this try is called.
        at: the civil instant it is dated.

    Raises:
        NoAddress: the recipient's address cannot stand in a header.
    """
    to = _address(letter.to)
    message = EmailMessage(policy=_POLICY)
    identifier = server.message_id(name)
    message["From"] = server.sender
    message["To"] = to
    if (answered := _reply_to(letter.enclosed.reply_to)) is not None:
        message["Reply-To"] = answered
    message["Subject"] = one_line(letter.subject)
    message["Date"] = format_datetime(at)
    message["Message-ID"] = identifier
    # No holiday notice should answer a program (RFC 3834 §5).
    message["Auto-Submitted"] = "auto-generated"
    _add_unsubscribe(message, letter.enclosed.unsubscribe)
    _fill(message, letter)
    _name_boundaries(message, name)
    utf8 = not to.addr_spec.isascii()
    return Packed(to.addr_spec, identifier, message.as_bytes(policy=_POLICY.clone(utf8=utf8)), utf8)


class _Whole(UnstructuredHeader, BaseHeader):
    """A header of addresses that is written as it is: folding would encode a long one, and nothing reads that (RFC 8058 §3.1)."""

    def fold(self, *, policy: object) -> str:  # noqa: ARG002 the library's argument
        return f"{self.name}: {self}\r\n"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("List-Unsubscribe", _Whole)
_POLICY = SMTP.clone(header_factory=_HEADERS)


def _fill(message: EmailMessage, letter: MailMessage) -> None:
    """Put the words and whatever goes with them into a letter."""
    message.set_content(letter.text, cte="quoted-printable")
    message["Content-Language"] = letter.language  # after the content, which takes away whatever describes it
    if letter.html:
        message.add_alternative(
            letter.html, subtype="html", cte="quoted-printable", headers=[f"Content-Language: {letter.language}"]
        )
    if (meeting := letter.enclosed.calendar) is not None:
        # As bytes: the file has its own line ends. Base64: no server on the way may touch them.
        message.add_alternative(
            meeting.content,
            maintype="text",
            subtype="calendar",
            cte="base64",
            params={"charset": "utf-8", "method": meeting.method},
        )
        _attach(message, Attachment(INVITATION, "application/ics", meeting.content))
    for attachment in letter.enclosed.attachments:
        _attach(message, attachment)


def _attach(message: EmailMessage, attachment: Attachment) -> None:
    media = attachment.media if _MEDIA.fullmatch(attachment.media) else "application/octet-stream"
    main, _, sub = media.partition("/")
    message.add_attachment(
        attachment.content, maintype=main, subtype=sub, cte="base64", filename=plain.file_name(attachment.name)
    )


def _add_unsubscribe(message: EmailMessage, address: str) -> None:
    """Say where one press ends such letters (RFC 2369 §3.2); without TLS no program may press by itself (RFC 8058 §3.1)."""
    if _WEB.fullmatch(address):
        message["List-Unsubscribe"] = f"<{address}>"
        if address.startswith("https:"):
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def _name_boundaries(message: MIMEPart, name: str) -> None:
    """Name what parts the parts of a letter after the try: "=_" stands in no encoded line (RFC 2045 §6.7)."""
    number = 0
    for part in message.walk():
        if part.get_content_maintype() == "multipart":
            number += 1
            part.set_boundary(f"=_{name}.{number}")


def _reply_to(text: str) -> Address | None:
    """Read whom to answer; an address that most servers do not take is left out, the letter goes all the same."""
    try:
        address = _address(text)
    except NoAddress:
        return None
    return address if address.addr_spec.isascii() else None


def _address(text: str) -> Address:
    """Read an address; its domain is written as the wire wants it (RFC 5890)."""
    local, at, domain = one_line(text).rpartition("@")
    try:
        if not (local and at and domain) or " " in text:
            raise ValueError
        domain = domain if domain.isascii() else domain.encode("idna").decode("ascii")
        # The parser knows no letters beyond ASCII (RFC 6531): it judges the shape of the name, with letters of its own.
        judged = Address(addr_spec=f"{''.join(sign if sign.isascii() else 'x' for sign in local)}@{domain}")
        return judged if local.isascii() else Address(username=local, domain=domain)
    except (ValueError, IndexError, HeaderParseError) as error:  # the parser of addresses is known to trip over some
        raise NoAddress from error
