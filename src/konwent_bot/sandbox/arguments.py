"""The arguments of one Bot API call, wherever they came from: query, form, multipart or JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from konwent_bot.sandbox import bounds
from konwent_bot.sandbox.refusals import Refusal, bad_request
from konwent_bot.sandbox.shapes import Json, load


@dataclass(slots=True)
class Upload:
    """A file that came in a multipart body."""

    name: str
    mime: str
    body: bytes


@dataclass(slots=True)
class Arguments:
    """What a call was given. Forms carry everything as text; JSON carries values: both are read alike."""

    values: Json = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Give a text; missing and null are empty."""
        value = self.values.get(name)
        if value is None:
            return ""
        if isinstance(value, str):
            return value
        if isinstance(value, bool):
            return "true" if value else "false"
        return str(value) if isinstance(value, int | float) else json.dumps(value)

    def integer(self, name: str, default: int = 0) -> int:
        """Give a whole number; what is none counts as ``default``."""
        try:
            return int(self.text(name) or default)
        except ValueError:
            return default

    def flag(self, name: str) -> bool:
        """Give a yes or no, in the spellings the server takes."""
        return self.text(name).lower() in ("true", "yes", "1")

    def value(self, name: str) -> Any:
        """Give a JSON value; a text is parsed. None when missing or unreadable."""
        value = self.values.get(name)
        if isinstance(value, str):
            try:
                return load(value)
            except ValueError:
                return None
        return value

    def has(self, name: str) -> bool:
        """Whether the argument was given (null counts as not given)."""
        return self.values.get(name) is not None


async def read_arguments(request: web.Request) -> Arguments:
    """Read a request's arguments. Refuses an unreadable body as the server does."""
    values: Json = dict(request.query) if request.query_string else {}
    if request.method != "POST" or not request.can_read_body:
        return Arguments(values)
    match request.content_type:
        case "application/json":
            try:
                body = load(await request.read())
            except ValueError:
                raise bad_request("can't parse JSON object") from None
            if not isinstance(body, dict):
                raise bad_request("expected an Object")
            return Arguments(values | body)
        case "multipart/form-data":
            return await _multipart(request, values)
        case _:
            return Arguments(values | dict(await request.post()))


async def _multipart(request: web.Request, values: Json) -> Arguments:
    uploads: dict[str, Upload] = {}
    form = await request.post()
    for name, part in form.items():
        if isinstance(part, web.FileField):
            body = part.file.read()
            part.file.close()
            if len(body) > bounds.UPLOAD_BYTES:
                raise Refusal(413, "Request Entity Too Large")
            uploads[name] = Upload(part.filename, part.content_type, body)
        else:
            values[name] = part if isinstance(part, str) else bytes(part).decode("utf-8", "replace")
    return Arguments(values, uploads)
