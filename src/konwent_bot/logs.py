"""Logs without secrets and without people: structlog set up once, the standard library's records bridged into it.

We log what happened and opaque ids, never what a person wrote. Libraries are less careful: a bot token stands in every Bot API
address, a database error quotes its parameters, a validation error its input. So everything that leaves, tracebacks included,
passes one redaction, which prefers to hide too much: values under telling keys, shapes of secrets and of personal data, and any
object that is not plain data (its ``repr`` may hold a whole message). A name in the middle of a sentence is beyond it.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
from collections.abc import Mapping
from datetime import date, time, timedelta
from decimal import Decimal
from enum import Enum
from pathlib import PurePath
from types import TracebackType
from typing import IO, Literal
from uuid import UUID

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

MASK = "***"
#: Keys whose value is hidden whatever it is, when the key contains one of these...
_SECRET_KEY = re.compile(r"token|secret|passw|authori[sz]ation|api_?key|cookie|database_url|dsn", re.IGNORECASE)
#: ...or is one of these: what people write and are called.
_PERSONAL = "text|message_text|caption|answers?|value|payload|(?:first_|last_|full_|user)?name|e?mail|phone|phone_number|pesel"
_PERSONAL_KEY = re.compile(_PERSONAL, re.IGNORECASE)
#: Nested values are followed this far; deeper ones are not worth a log line.
_DEPTH = 8

_QUOTED = r"""(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
#: What is hidden inside text, in this order: addresses first, since an e-mail pattern would keep half a password.
_SHAPES: tuple[tuple[re.Pattern[str], str], ...] = (
    # bot token, also with its colon percent-encoded
    (re.compile(r"(?<!\d)\d{6,12}(?::|%3[Aa])[\w-]{30,}"), MASK),
    # scheme://user:password@host; a password may hold unencoded @ or /, and then it is the very reason of the error
    (re.compile(r"://[^\s:/@'\"]*:[^\s'\"]+@"), f"://{MASK}@"),
    # invitations and personal links: t.me/bot?start=..., /start ...
    (re.compile(r"([?&]start(?:app|group)?=|/start(?:@\w+)? +)[\w%-]{6,}"), rf"\1{MASK}"),
    # the same as paths of pages and in what buttons carry: https://.../z/..., /s/ia:...:pl
    (re.compile(r"(/(?:[a-z]|kalendarz|wypisz)/|(?<!\w)[a-z]{1,3}(?::|%3[Aa]))[\w-]{16,}"), rf"\1{MASK}"),
    # password=..., X-Telegram-Bot-Api-Secret-Token: ..., 'authorization': 'Bearer ...'
    (
        re.compile(
            r"((?:token|secret|password|passwd|authorization|api_?key)[\"']?\s*[:=]\s*b?[\"']?(?:(?:bearer|basic) +)?)"
            r"[^\s&\"',;)}\]]+",
            re.IGNORECASE,
        ),
        rf"\1{MASK}",
    ),
    # text='...', "first_name": "..." in the repr or JSON of a message
    (re.compile(rf"(?i)(\b(?:{_PERSONAL})[\"']?\s*[:=]\s*){_QUOTED}"), rf"\1{MASK}"),
    # pydantic's errors quote the input, SQLAlchemy's the parameters
    (re.compile(r"input_value=.*?(?=, input_type=)", re.DOTALL), f"input_value={MASK}"),
    (re.compile(r"\[parameters: .*\]"), f"[parameters: {MASK}]"),
    (re.compile(r"DETAIL:  .*"), f"DETAIL:  {MASK}"),
    # e-mail address
    (re.compile(r"(?<![\w.+-])[\w.+-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+"), MASK),
    # telephone with a country code, in groups of three, or as nine digits; PESEL and other runs of eleven
    (
        re.compile(r"(?<![\w+])(?:\+|00)\d(?:[ -]?\d){8,13}(?!\w)|(?<![\w.-])\d{3}([ -]?)\d{3}\1\d{3}(?!\w)|(?<!\w)\d{11}(?!\w)"),
        MASK,
    ),
)
#: A text with none of these holds none of the shapes; most log lines are such, and cost nothing.
_SUSPECT = re.compile(r"[:=@%+]|\d{3}|/start|/[a-z]/|/kalendarz/|/wypisz/")
_CONTROL = {code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) != "\t"}


def configure(level: Literal["debug", "info", "warning", "error"] = "info", form: Literal["console", "json"] = "console") -> None:
    """Send every record of this process, ours and the libraries', redacted to standard error. May be called again."""
    before: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.StackInfoRenderer(),
    ]
    renderer: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)
    )
    handler = _StandardError()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=before,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                redact,
                # The machine's clock, not the house's: lines of several programs are compared by it.
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                renderer,
            ],
        )
    )
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *before, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    root = logging.getLogger()
    for old in [old for old in root.handlers if isinstance(old, _StandardError)]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level.upper())
    for chatty in ("httpx", "httpcore", "apscheduler", "aiohttp.access", "asyncio"):
        logging.getLogger(chatty).setLevel(logging.NOTSET if level == "debug" else logging.WARNING)
    logging.captureWarnings(capture=True)
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread


def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Hide secrets and personal text of one record (a structlog processor; tracebacks must be text by now)."""
    clean = {key: redact_value(key, value) for key, value in event.items()}
    if isinstance(message := clean.get("event"), str):
        clean["event"] = message.translate(_CONTROL)  # one record is one line, and no terminal takes orders from a log
    return clean


def redact_value(key: str, value: object, depth: int = 0) -> object:
    """Give what may be logged of a value that stands under a key."""
    if value is None or isinstance(value, bool):
        return value
    if _SECRET_KEY.search(key) or _PERSONAL_KEY.fullmatch(key):
        return MASK
    if isinstance(value, Enum):
        return redact_value(key, value.value, depth)
    if isinstance(value, (Mapping, list, tuple, set, frozenset)):
        if depth >= _DEPTH:
            return "..."
        if isinstance(value, Mapping):
            return {redact_text(str(name)): redact_value(str(name), item, depth + 1) for name, item in value.items()}
        return [redact_value("", item, depth + 1) for item in value]
    return _plain(value)


def _plain(value: object) -> object:
    match value:
        case int() | float():
            return value
        case str():
            return redact_text(value)
        case bytes() | bytearray() | memoryview():
            return redact_text(bytes(value).decode("utf-8", "replace"))
        case date() | time():
            return value.isoformat()
        case Decimal() | UUID() | timedelta():
            return str(value)
        case PurePath():
            return redact_text(str(value))
        case BaseException():
            return redact_text(f"{type(value).__name__}: {value}")
        case _:
            return f"<{type(value).__name__}>"


def redact_text(text: str) -> str:
    """Hide every secret and personal shape inside a text."""
    if not _SUSPECT.search(text):
        return text
    for shape, instead in _SHAPES:
        text = shape.sub(instead, text)
    return text


class _StandardError(logging.StreamHandler[IO[str]]):
    """Writes to whatever standard error is now, and tells of a record it could not write without quoting it."""

    def __init__(self) -> None:
        super().__init__(sys.stderr)

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record."""
        self.stream = sys.stderr  # tests and daemons exchange it
        super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Say that a record was lost: the library's own report would print its arguments as they are."""
        try:
            sys.stderr.write(f"a log record of {record.name} ({record.pathname}:{record.lineno}) could not be written\n")
        except (OSError, ValueError):  # standard error is gone: there is nobody left to tell
            return


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    logging.getLogger("konwent_bot").critical("uncaught exception", exc_info=(kind, error, trace))


def _uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None and not issubclass(args.exc_type, SystemExit):
        _uncaught(args.exc_type, args.exc_value, args.exc_traceback)
