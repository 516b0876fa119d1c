"""Logs: nothing secret and nothing personal leaves the process, whoever logged it."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from textwrap import dedent

import aiohttp
import httpx
import pydantic
import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError
from yarl import URL

from konwent_bot import logs

# Shaped like real ones, and nobody's.
TOKEN = "7012345678:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw_"
INVITATION = "Zk3q9XyTt0bWmA7vLr2c"
PESEL = "44051401359"
Lines = Callable[[], list[dict[str, object]]]


@pytest.fixture
def restored() -> Iterator[None]:
    """Leave the process's logging as it was found."""
    root = logging.getLogger()
    handlers, level, hooks, show = root.handlers[:], root.level, (sys.excepthook, threading.excepthook), warnings.showwarning
    yield
    logging.captureWarnings(capture=False)
    warnings.showwarning = show
    root.handlers[:] = handlers
    root.setLevel(level)
    sys.excepthook, threading.excepthook = hooks
    structlog.reset_defaults()


@pytest.fixture
def lines(restored: None, capsys: pytest.CaptureFixture[str]) -> Lines:
    """Log as JSON and give what was written since."""
    logs.configure("debug", "json")
    return lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def caught(act: Callable[[], object]) -> Exception:
    """Give the error an act ends with, traceback included."""
    try:
        act()
    except Exception as error:  # noqa: BLE001 - whatever it is, the test looks at it
        return error
    raise AssertionError("nothing was raised")


def bot_api(method: str = "getUpdates") -> str:
    return f"https://api.telegram.org/bot{TOKEN}/{method}"


def test_a_record_of_ours_keeps_what_happened_and_the_ids(lines: Lines) -> None:
    """The operator still reads what happened, to which update and when."""
    structlog.get_logger("konwent_bot.chat").info("update handled", update_id=912345678, took=0.004, body="janow")
    (line,) = lines()
    assert (line["event"], line["update_id"], line["took"], line["body"]) == ("update handled", 912345678, 0.004, "janow")
    assert (line["level"], line["logger"]) == ("info", "konwent_bot.chat")
    assert datetime.fromisoformat(str(line["timestamp"])).tzinfo is not None


def test_values_under_telling_keys_are_hidden(lines: Lines) -> None:
    """Whatever stands under "token", "answer" or "name" is nobody's business."""
    personal = "text answer answers value name first_name email message_text caption payload"
    hidden = dict.fromkeys(personal.split(), "Anna Kowalska")
    secrets = "token webhook_secret password Authorization X-Telegram-Bot-Api-Secret-Token"
    secret = dict.fromkeys(secrets.split(), "s3cret")
    structlog.get_logger("t").info("x", **hidden, **secret, phone=600123456, absent_token=None)
    (line,) = lines()
    assert {line[key] for key in (*hidden, *secret, "phone")} == {"***"}
    assert line["absent_token"] is None


def test_an_update_is_cleaned_at_every_depth(lines: Lines) -> None:
    """An update logged whole shows its ids, and not what the person wrote or is called."""
    update = {
        "update_id": 7,
        "message": {"text": "Mam dość", "from": {"id": 5, "first_name": "Anna"}, "entities": [{"value": "w"}]},
    }
    structlog.get_logger("t").info("update", update=update, raw=json.dumps(update).encode())
    (line,) = lines()
    assert line["update"] == {
        "update_id": 7,
        "message": {"text": "***", "from": {"id": 5, "first_name": "***"}, "entities": [{"value": "***"}]},
    }
    assert "Mam" not in str(line["raw"])
    assert "Anna" not in str(line["raw"])
    assert '"update_id": 7' in str(line["raw"])


def test_bottomless_data_ends(lines: Lines) -> None:
    """A structure that contains itself does not take the program down."""
    endless: dict[str, object] = {}
    endless["self"] = endless
    structlog.get_logger("t").info("x", data=endless)
    (line,) = lines()
    assert str(line["data"]).count("self") == 8


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        (bot_api("sendMessage"), "https://api.telegram.org/bot***/sendMessage"),
        (f"url=https%3A%2F%2Fh%2Fbot{TOKEN.replace(':', '%3A')}%2FgetMe", "url=https%3A%2F%2Fh%2Fbot***%2FgetMe"),
        ("postgresql+asyncpg://konwent:ha:s/ł@o@db:5432/konwent", "postgresql+asyncpg://***@db:5432/konwent"),
        ("host=db password=hasło123 user=konwent", "host=db password=*** user=konwent"),
        ("X-Telegram-Bot-Api-Secret-Token: abc_DEF-123", "X-Telegram-Bot-Api-Secret-Token: ***"),
        ("{'Authorization': 'Bearer abc.def'}", "{'Authorization': 'Bearer ***'}"),
        (f"https://t.me/konwent_bot?start={INVITATION}", "https://t.me/konwent_bot?start=***"),
        (f"/start {INVITATION}", "/start ***"),
        (f"GET /z/{INVITATION} 200", "GET /z/*** 200"),
        (f"GET /kalendarz/{INVITATION}.ics 200", "GET /kalendarz/***.ics 200"),
        (f"POST /wypisz/{INVITATION} 200", "POST /wypisz/*** 200"),
        (f"https://t.me/konwent_bot?startgroup={INVITATION}", "https://t.me/konwent_bot?startgroup=***"),
        (f"GET /e/{INVITATION} 200", "GET /e/*** 200"),
        (f"https://siec.example/p/{INVITATION}?lang=pl", "https://siec.example/p/***?lang=pl"),
        (f"POST /s/ia:{INVITATION}:pl", "POST /s/ia:***:pl"),
        (f"data ia%3A{INVITATION}%3Apl", "data ia%3A***%3Apl"),
        (f"pesel {PESEL}!", "pesel ***!"),
        ("pisać: anna.kowalska@gops-modliborzyce.pl.", "pisać: ***."),
        ("tel. +48 600 123 456, 600-123-456, 600123456", "tel. ***, ***, ***"),
        ("600 123 456", "***"),
        ("0048 600 123 456", "***"),
        ("Message(message_id=5, text='nie \\'tak\\'', chat=9)", "Message(message_id=5, text=***, chat=9)"),
    ],
)
def test_shapes_of_secrets_and_of_people_are_hidden_in_text(said: str, heard: str, lines: Lines) -> None:
    """A secret is hidden wherever it stands: in an address, a header, a sentence, an exception, in bytes."""
    assert logs.redact_text(said) == heard
    logging.getLogger("library").warning("it said %s", said)
    structlog.get_logger("t").info("x", said=said, raw=said.encode(), path=Path(said), error=ValueError(said))
    library, ours = lines()
    assert library["event"] == f"it said {heard}"
    assert ours["said"] == ours["raw"] == heard
    assert ours["error"] == f"ValueError: {heard}"
    assert str(ours["path"]).rsplit("/", 1)[-1] == heard.rsplit("/", 1)[-1]


@pytest.mark.parametrize(
    "said",
    [
        "2026-01-13T10:00:00.123456+00:00",
        "port 8080",
        "update 912345 of 120 in 3.25 s",
        "d5be440a12345678901f",
        "chat -1001234567890",
    ],
)
def test_what_is_no_secret_stays_readable(said: str) -> None:
    """Times, counts and ids are left alone: a log that hides everything helps nobody."""
    assert logs.redact_text(said) == said


PIECES = [
    *"0123456789 +-:@=%/&?.a'",
    "/start ",
    "/z/",
    "/wypisz/",
    "/kalendarz/",
    "text",
    "token",
    "[parameters: ",
    "DETAIL:  ",
    "600123456",
]


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_no_line_is_passed_over_too_quickly(said: str) -> None:
    """The quick look that lets harmless lines through never lets a harmful one through."""
    slowly = said
    for shape, instead in logs._SHAPES:
        slowly = shape.sub(instead, slowly)
    assert logs.redact_text(said) == slowly


def test_tracebacks_of_http_clients_hide_the_token(lines: Lines) -> None:
    """The bot's token stands in every Bot API address; it must not come out with the clients' errors."""
    info = aiohttp.RequestInfo(URL(bot_api()), "POST", None, URL(bot_api()))  # type: ignore[arg-type]  # headers play no part
    errors = [
        caught(httpx.Response(401, request=httpx.Request("POST", bot_api())).raise_for_status),
        aiohttp.ClientResponseError(info, (), status=401, message=f"Unauthorized {bot_api()}"),
        aiohttp.InvalidURL(bot_api()),
    ]
    try:
        try:
            raise errors[0]
        except httpx.HTTPStatusError as first:
            raise ExceptionGroup("polling failed", [errors[1], errors[2]]) from first
    except ExceptionGroup:
        structlog.get_logger("t").exception("ours")
        logging.getLogger("aiogram").exception("theirs %s", bot_api())
    ours, theirs = lines()
    for line in (ours, theirs):
        trace = str(line["exception"])
        assert trace.count("bot***/getUpdates") >= 3
        assert "HTTPStatusError" in trace
        assert "ClientResponseError" in trace
    assert TOKEN.split(":")[1] not in json.dumps([ours, theirs])


def test_tracebacks_of_database_and_validation_hide_the_answers(lines: Lines) -> None:
    """A failed statement and a failed validation quote what a person wrote; the log does not."""

    class Card(pydantic.BaseModel):
        people: int

    said = " ".join(("Zofia", "z", "Branwi"))  # in pieces: a traceback quotes the lines of the program
    engine = create_engine("sqlite://")

    def insert() -> None:
        with engine.connect() as connection:
            connection.execute(text("INSERT INTO card VALUES (:said)"), {"said": said})

    failed = caught(insert)
    assert isinstance(failed, SQLAlchemyError)
    assert "Zofia" in str(failed)
    invalid = caught(lambda: Card.model_validate({"people": said}))
    engine.dispose()
    for error in (failed, invalid):
        logging.getLogger("library").error("failed", exc_info=error)
    first, second = lines()
    assert "INSERT INTO card" in str(first["exception"])
    assert "valid integer" in str(second["exception"])
    assert "Zofia" not in json.dumps([first, second], ensure_ascii=False)


def test_objects_are_named_and_not_shown(lines: Lines) -> None:
    """An object's own description may hold a whole message, so only its kind is logged."""

    @dataclass
    class Draft:
        words: str

    class Kind(Enum):
        HEAD = "head"

    structlog.get_logger("t").info("x", draft=Draft("Mam dość"), kind=Kind.HEAD, at=datetime(2026, 1, 13, tzinfo=UTC), ids={3})
    (line,) = lines()
    assert (line["draft"], line["kind"], line["at"], line["ids"]) == ("<Draft>", "head", "2026-01-13T00:00:00+00:00", [3])


def test_the_console_form_is_one_line_a_record_and_takes_no_orders(restored: None, capsys: pytest.CaptureFixture[str]) -> None:
    """A forged line break or a terminal command in a text stays a text."""
    logs.configure("info", "console")
    logging.getLogger("library").warning("a\nlevel=info b\x1b[2J \x9b31m")
    written = capsys.readouterr().err
    assert written.count("\n") == 1
    assert "a\\x0alevel=info b\\x1b[2J \\x9b31m" in written


def test_the_level_decides_for_us_and_for_libraries(restored: None, capsys: pytest.CaptureFixture[str]) -> None:
    """Set up twice, a record is still written once, and only from its level up."""
    logs.configure("debug", "json")
    logs.configure("warning", "json")
    for say in (structlog.get_logger("konwent_bot").info, logging.getLogger("library").info, logging.getLogger("httpx").info):
        say("quiet")
    structlog.get_logger("konwent_bot").warning("loud")
    assert [json.loads(line)["event"] for line in capsys.readouterr().err.splitlines()] == ["loud"]


def test_the_last_words_of_a_dying_process_are_redacted_too(tmp_path: Path) -> None:
    """An error nobody caught, in a thread or in the program itself, reaches the terminal without the token."""
    died = run(
        tmp_path,
        """
        import sys, threading
        def fail():
            raise OSError("https://api.telegram.org/bot" + sys.argv[1] + "/getUpdates")
        thread = threading.Thread(target=fail)
        thread.start()
        thread.join()
        fail()
        """,
    )
    written = [json.loads(line) for line in died.stderr.splitlines()]
    assert died.returncode == 1
    assert [line["event"] for line in written] == ["uncaught exception"] * 2
    assert all("OSError: https://api.telegram.org/bot***/getUpdates" in line["exception"] for line in written)
    assert TOKEN not in died.stderr


def test_a_record_that_cannot_be_written_is_reported_without_its_arguments(tmp_path: Path) -> None:
    """A slip in a library's log call must not print what it was about."""
    ended = run(tmp_path, """import sys; logging.getLogger("library").warning("%d cards", sys.argv[1])""")
    assert ended.returncode == 0
    assert ended.stderr.startswith("a log record of library (")
    assert ended.stderr.count("\n") == 1
    assert TOKEN not in ended.stderr


def run(folder: Path, program: str) -> subprocess.CompletedProcess[str]:
    """Run a program that logs as JSON, with the token as its argument."""
    script = folder / "program.py"
    script.write_text(
        f"import logging\nfrom konwent_bot import logs\nlogs.configure('info', 'json')\n{dedent(program)}\n", "utf-8"
    )
    return subprocess.run([sys.executable, script, TOKEN], capture_output=True, text=True, timeout=60, check=False)
