"""Forms: reading what a browser sends, within bounds, and holding it to the form it was shown.

What a form may send back travels with it: ``k`` holds the browser's token and, where a screen has a form of its own, the names of
its fields under an HMAC. So a new form of any screen is read without a word about it here, and nothing but its fields is taken.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from email.message import Message
from typing import Final
from urllib.parse import unquote_to_bytes

from aiohttp import hdrs, web

from konwent_bot.errors import N_, Fact, Invalid
from konwent_bot.office.dialogues import Fill, Written
from konwent_bot.screens import agenda_intents, archive_intents
from konwent_bot.screens.intents import Intent, encode
from konwent_bot.screens.screen import Form
from konwent_bot.screens.visiting import Given
from konwent_bot.web import cookies

#: Largest form without a file, in bytes: a text of 20,000 characters is still told that it is too long by its own question, and one
#: character takes up to 12 bytes here.
FORM_BYTES: Final = 512 * 1024
#: Largest file, unless its intent takes larger ones, and what surrounds it in a form.
FILE_BYTES: Final = 2_000_000
AROUND_BYTES: Final = 500_000
#: Most fields of a form.
MOST_FIELDS: Final = 60
#: Longest a form may take to arrive, in seconds: an office's line is slow, but whoever drips bytes holds a connection.
PATIENCE: Final = 30.0
#: Name of the field that proves a form to be ours.
PROOF: Final = "k"

#: The fields of a conversation's form that come once; ``choice`` may come often.
_SINGLE: Final = frozenset({"text", "day", "month", "year", "hour", "minute"})
_CHOICE: Final = "choice"
_TEXT: Final = "text"
#: A file's name is told apart by this in the list of names, and by this a choice's, which a browser leaves out if nothing was chosen.
_FILE: Final = "~"
_OF_CHOICE: Final = "*"
_MARKS: Final = {"file": _FILE, "choice": _OF_CHOICE}

#: Intents that take larger files than ``FILE_BYTES``.
_LARGE_FILES: Final = {**agenda_intents.LARGE_FILES, **archive_intents.LARGE_FILES}

_UNREADABLE: Final = N_("The form could not be read, so nothing was done. Go back, reload the page and send it again.")
_TOO_LARGE: Final = N_("This is too large: a form may have {most} KB, and a file {file} MB. Nothing was done.")
_TOO_SLOW: Final = N_("The form took too long to arrive, so nothing was done. Please send it again.")
_DISPOSITION: Final = re.compile(
    rb'content-disposition:\s*form-data;\s*name="([^"\r\n]*)"(\s*;\s*filename\*?=(?:"([^"\r\n]*)")?)?', re.IGNORECASE
)


class Unfit(Invalid):
    """A form nothing is done about. ``status`` is the answer's (RFC 9110 §15.5)."""

    def __init__(self, msgid: str, /, *, status: int, **facts: Fact) -> None:
        super().__init__(msgid, **facts)
        self.status = status


@dataclass(frozen=True, slots=True)
class Received:
    """A form as it came: its fields in order, its files by name, and what the device calls each."""

    fields: Sequence[tuple[str, str]]
    files: Mapping[str, bytes] = field(default_factory=dict)
    file_names: Mapping[str, str] = field(default_factory=dict)

    @property
    def token(self) -> str:
        """Give ``k``; empty when it is missing or comes twice."""
        found = [value for name, value in self.fields if name == PROOF]
        return found[0] if len(found) == 1 else ""

    @property
    def text(self) -> str:
        """Give what its writer would not like to lose."""
        return "\n".join(value for name, value in self.fields if name == _TEXT)


def token_for(cookie: str, form: Form | None) -> str:
    """Give ``k`` for the forms of a page: the browser's token, and the fields that the page's own form may send back."""
    token = cookies.form_token(cookie)
    if form is None:
        return token
    names = ",".join(_MARKS.get(one.kind, "") + one.name for one in form.fields)
    return f"{token}.{cookies.signature(cookie, encode(form.intent), names)}.{names}"


def is_ours(received: Received, cookie: str) -> bool:
    """Tell whether a form was made for the browser with this cookie."""
    return cookies.is_form_token(cookie, received.token.partition(".")[0])


async def read(request: web.Request, intent: Intent) -> Received:
    """Read a form to its end; how large its file may be depends on what it is sent for.

    Raises:
        Unfit: it is too large (413), too slow (408), of another kind, or not well-formed (400).
    """
    files = request.content_type == "multipart/form-data"
    if not files and request.content_type != "application/x-www-form-urlencoded":
        raise Unfit(_UNREADABLE, status=400)
    file = _LARGE_FILES.get(type(intent), FILE_BYTES)
    body = await _body(request, file + AROUND_BYTES if files else FORM_BYTES, file)
    return _parts(body, _boundary(request.headers.get(hdrs.CONTENT_TYPE, ""))) if files else _pairs(body)


def given(received: Received, intent: Intent, cookie: str) -> Given:
    """Give what came with an intent, once it is known that the form is ours.

    Raises:
        Unfit: a field is missing, unknown, or comes twice.
    """
    fields = [(name, value) for name, value in received.fields if name != PROOF]
    if isinstance(intent, Fill):
        return _written(fields, received)
    names = _names(received.token, intent, cookie)
    values = dict(fields)
    files, choices = ({name.removeprefix(mark) for name in names if name.startswith(mark)} for mark in (_FILE, _OF_CHOICE))
    texts = {name for name in names if not name.startswith((_FILE, _OF_CHOICE))}
    # Every field of a form is sent, an empty one too, but radios of which none is chosen (HTML, "constructing the entry list").
    if len(fields) != len(values) or values.keys() - choices != texts or received.files.keys() != files:
        raise Unfit(_UNREADABLE, status=400)
    name = next(iter(received.file_names.values()), "")
    return Given(
        fields=dict.fromkeys(choices, "") | values, file=next(iter(received.files.values()), None) or None, file_name=name
    )


# --- inside -----------------------------------------------------------------------------------------------------------


def _names(token: str, intent: Intent, cookie: str) -> frozenset[str]:
    """Give the fields that may come with an intent; a button of a page with a form sends none of the form's."""
    _, _, rest = token.partition(".")
    signed, _, names = rest.partition(".")
    if not names or not cookies.is_signature(cookie, signed, encode(intent), names):
        return frozenset()
    return frozenset(names.split(","))


def _written(fields: list[tuple[str, str]], received: Received) -> Given:
    singles = dict(one for one in fields if one[0] != _CHOICE)
    choices = tuple(value for name, value in fields if name == _CHOICE)
    if received.files or len(singles) + len(choices) != len(fields) or not singles.keys() <= _SINGLE:
        raise Unfit(_UNREADABLE, status=400)
    return Given(Written(choices, singles.get(_TEXT, "").strip() or _joined(singles)), singles)


def _joined(fields: Mapping[str, str]) -> str:
    """Join the three fields of a day, and the two of an hour, as somebody would type them; empty when all are."""
    joined = []
    for names, between in ((("day", "month", "year"), "."), (("hour", "minute"), ":")):
        values = [fields.get(name, "").strip() for name in names]
        if any(values):
            joined.append(between.join(values))
    return " ".join(joined)


async def _body(request: web.Request, most: int, file: int) -> bytes:
    if (request.content_length or 0) > most:
        raise _too_large(file)
    body = bytearray()
    try:
        async with asyncio.timeout(PATIENCE):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > most:
                    raise _too_large(file)
    except TimeoutError:
        raise Unfit(_TOO_SLOW, status=408) from None
    except (web.RequestPayloadError, ConnectionError, ValueError):  # broken chunks, broken compression, a broken line
        raise Unfit(_UNREADABLE, status=400) from None
    return bytes(body)


def _too_large(file: int) -> Unfit:
    return Unfit(_TOO_LARGE, status=413, most=FORM_BYTES // 1024, file=file // 1_000_000)


def _pairs(body: bytes) -> Received:
    """Read ``application/x-www-form-urlencoded`` (URL standard §5.1), strictly."""
    segments = body.split(b"&", MOST_FIELDS)
    if len(segments) > MOST_FIELDS:
        raise Unfit(_UNREADABLE, status=400)
    fields = []
    for segment in segments:
        if segment:
            name, _, value = segment.replace(b"+", b" ").partition(b"=")
            fields.append((_text(unquote_to_bytes(name)), _text(unquote_to_bytes(value))))
    return Received(tuple(fields))


def _boundary(content_type: str) -> bytes:
    message = Message()
    message["Content-Type"] = content_type
    boundary = message.get_boundary("")
    if not 1 <= len(boundary) <= 70 or not boundary.isascii():  # RFC 2046 §5.1.1
        raise Unfit(_UNREADABLE, status=400)
    return boundary.encode("ascii")


def _parts(body: bytes, boundary: bytes) -> Received:
    """Read ``multipart/form-data`` (RFC 7578) as browsers write it: no nesting, no encodings, nothing around the parts."""
    fields: list[tuple[str, str]] = []
    files: dict[str, bytes] = {}
    names: dict[str, str] = {}
    for name, called, content in _split(body, b"\r\n--" + boundary):
        if called is None:
            fields.append((name, _text(content)))
        elif name in files:
            raise Unfit(_UNREADABLE, status=400)
        else:
            files[name], names[name] = content, called
    return Received(tuple(fields), files, names)


def _split(body: bytes, delimiter: bytes) -> Iterator[tuple[str, str | None, bytes]]:
    """Give the parts: field, name of the file (``None``: it is none), content."""
    first, *parts = (b"\r\n" + body).split(delimiter, MOST_FIELDS + 2)
    if first or not parts or parts.pop() not in (b"--", b"--\r\n") or len(parts) > MOST_FIELDS:
        raise Unfit(_UNREADABLE, status=400)
    for part in parts:
        head, between, content = part.partition(b"\r\n\r\n")
        found = [match for line in head.split(b"\r\n") if (match := _DISPOSITION.match(line))]
        if not between or len(found) != 1:
            raise Unfit(_UNREADABLE, status=400)
        # Browsers write a quotation mark in a name as %22 (HTML, "multipart/form-data encoding").
        called = None if found[0][2] is None else _text(found[0][3] or b"").replace("%22", '"')
        yield _text(found[0][1]), called, content


def _text(raw: bytes) -> str:
    """Read UTF-8; a line ends with one character, however the browser wrote it."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Unfit(_UNREADABLE, status=400) from None
    if "\x00" in text:  # no keyboard makes it, and PostgreSQL stores none
        raise Unfit(_UNREADABLE, status=400)
    return text.replace("\r\n", "\n").replace("\r", "\n")
