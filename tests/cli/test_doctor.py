"""``konwent-bot doctor``: what is right, what is wrong, what to do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from tests.cli.program import konwent
from tests.courier.office import PostOffice, post_office

from konwent_bot import i18n, resources
from konwent_bot.clock import SystemClock
from konwent_bot.dialogue.loading import Shelf
from konwent_bot.office import dispatch, notices, pauses
from konwent_bot.office.door import Door
from konwent_bot.office.unit import House
from konwent_bot.store.engines import open_store

TOKEN = "7000000001:sandbox-token-for-the-demo-bot"


class FakeTelegram:
    """Answers getMe and getWebhookInfo; what it says can be changed, and its clock may be wrong."""

    def __init__(self) -> None:
        self.webhook: dict[str, object] = {"url": "", "pending_update_count": 0}
        self.drift = 0.0
        self.url = ""

    async def answer(self, request: web.Request) -> web.Response:
        date = format_datetime(SystemClock().now() + timedelta(seconds=self.drift), usegmt=True)
        if request.match_info["token"] != TOKEN:
            return web.json_response({"ok": False, "error_code": 401, "description": "Unauthorized"}, status=401)
        result = {"getMe": {"id": 7000000001, "is_bot": True, "username": "konwent_demo_bot"}, "getWebhookInfo": self.webhook}
        return web.json_response({"ok": True, "result": result[request.match_info["method"]]}, headers={"Date": date})


#: What the line about the mail server begins with.
LETTERS = i18n.translator("pl")("Letters")


@pytest.fixture
async def post() -> AsyncIterator[PostOffice]:
    """A mail server that takes everything."""
    async with post_office() as opened:
        yield opened


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    """Telegram, as far as a doctor asks it."""
    fake = FakeTelegram()
    app = web.Application()
    app.router.add_get("/bot{token}/{method}", fake.answer)
    async with TestServer(app) as server:
        fake.url = str(server.make_url("")).rstrip("/")
        yield fake


async def _doctor(folder: Path, **given: str) -> tuple[int, list[str]]:
    ran = await asyncio.to_thread(konwent, "doctor", folder=folder, **given)
    assert ran.stderr == ""
    return ran.returncode, ran.stdout.splitlines()


def _line(lines: list[str], name: str) -> str:
    (found,) = [line for line in lines if line[2:].startswith(f"{name} - ")]
    return found


async def test_a_healthy_installation(telegram: FakeTelegram, post: PostOffice, tmp_path: Path) -> None:
    """Everything that matters is named, with a mark and a word."""
    code, lines = await _doctor(
        tmp_path, KONWENT_TELEGRAM_API=telegram.url, KONWENT_TELEGRAM_TOKEN=TOKEN, KONWENT_PUBLIC_URL="https://konwent.example",
        KONWENT_CONTROLLER="KIS", KONWENT_CONTROLLER_CONTACT="iod@kis.example",
        KONWENT_SMTP_URL=f"smtp://127.0.0.1:{post.port}", KONWENT_MAIL_FROM="sekretariat@kis.example",
    )  # fmt: skip
    assert code == 0
    assert [line for line in lines[:-2] if not line.startswith("✓")] == []
    assert _line(lines, "Token") == "✓ Token - w porządku: Telegram zna tego bota jako @konwent_demo_bot."
    for name in ("Ustawienia", "Folder", "Strefa czasowa", "Ankiety", "Tłumaczenia", "Adres publiczny", "Administrator danych",
                 "Baza danych", "Zegar", "Webhook", LETTERS):  # fmt: skip
        assert " - w porządku: " in _line(lines, name)
    assert lines[-1] == "Wszystko, co potrzebne, jest w porządku."


async def test_a_wrong_token_is_said_and_never_shown(telegram: FakeTelegram, tmp_path: Path) -> None:
    """The operator learns that the token is wrong, and it stands nowhere."""
    code, lines = await _doctor(
        tmp_path, KONWENT_TELEGRAM_API=telegram.url, KONWENT_TELEGRAM_TOKEN="1234567:nie-ten-token-tylko-calkiem-inny-zly"
    )
    assert code == 1
    assert _line(lines, "Token").startswith("✗ Token - źle: Telegram nie zna tego tokenu bota.")
    assert "nie-ten-token" not in "".join(lines)
    assert lines[-1] == "1 rzecz jest do naprawienia."


async def test_notices_that_do_not_leave_are_named(telegram: FakeTelegram, tmp_path: Path, database_url: str) -> None:
    """What has been due for long is told by its channel, and so is a pause Telegram asked for; neither is the installation's fault."""
    store = open_store(database_url)
    house = House(Shelf.load(resources.flows()), ZoneInfo("Europe/Warsaw"))
    door, now = Door(store, SystemClock(), house), SystemClock().now()
    await door.act(
        lambda uow: notices.announce(uow, recipient="seat:1", occasion="invitation", due_at=now - timedelta(minutes=90)) and None
    )
    await door.act(lambda uow: dispatch.sort(uow, real=now))
    await door.act(lambda uow: pauses.pause(uow, "telegram", now + timedelta(hours=1), "too_many"))
    await store.close()
    _, lines = await _doctor(
        tmp_path, KONWENT_TELEGRAM_API=telegram.url, KONWENT_TELEGRAM_TOKEN=TOKEN, KONWENT_DATABASE_URL=database_url
    )
    found = [line for line in lines if line[2:].startswith("Powiadomienia - ")]
    assert found == [
        "! Powiadomienia - do sprawdzenia: Telegram prosi o przerwę: jeszcze przez 60 min nic tam nie wychodzi.",
        "! Powiadomienia - do sprawdzenia: List czeka już 90 min. Proszę zajrzeć do dziennika kuriera.",
    ]


@pytest.mark.parametrize(
    ("given", "name", "said"),
    [
        ({"KONWENT_TELEGRAM_API": "http://127.0.0.1:1"}, "Token", "✗ Token - źle: Telegram nie odpowiada pod adresem http://127.0.0.1:1."),
        ({"KONWENT_TELEGRAM_TOKEN": ""}, "Token", "✗ Token - źle: Brakuje tokenu bota."),
        ({"KONWENT_DATABASE_URL": "postgresql://a:tajne@127.0.0.1:1/x"}, "Baza danych", "✗ Baza danych - źle: Nie można połączyć się"),
        ({"KONWENT_DATA_DIR": "/dev/null/x"}, "Folder", "✗ Folder - źle: W folderze /dev/null/x nie można nic zapisać"),
        ({"KONWENT_FLOWS_DIR": "."}, "Ankiety", "✗ Ankiety - źle: W folderze"),
        ({"KONWENT_PUBLIC_URL": "http://konwent.example"}, "Adres publiczny", "✗ Adres publiczny - źle: http://konwent.example nie zaczyna się od https://."),
        ({"KONWENT_TIMEZOEN": "Europe/Warsaw"}, "Ustawienia", "! Ustawienia - do sprawdzenia: Te zmienne niczego nie ustawiają, może to literówka: KONWENT_TIMEZOEN."),
        ({"KONWENT_TIMEZONE": "Mars"}, "Ustawienia", "✗ Ustawienia - źle: KONWENT_TIMEZONE musi być nazwą strefy czasowej"),
        ({"KONWENT_TELEGRAM_MODE": "webhook"}, "Adres publiczny", "✗ Adres publiczny - źle: Do trybu webhook trzeba ustawić KONWENT_PUBLIC_URL."),
        ({"KONWENT_TELEGRAM_MODE": "webhook", "KONWENT_PUBLIC_URL": "https://a.example"}, "Webhook", "✗ Webhook - źle: KONWENT_WEBHOOK_SECRET nie jest ustawione."),
        ({"KONWENT_TELEGRAM_MODE": "webhook", "KONWENT_PUBLIC_URL": "https://a.example:9000"}, "Adres publiczny", "✗ Adres publiczny - źle: Telegram łączy się tylko z portami"),
    ],
)  # fmt: skip
async def test_each_ailment_is_named(telegram: FakeTelegram, tmp_path: Path, given: dict[str, str], name: str, said: str) -> None:
    """One thing wrong gives one line that says so, and the exit code says so too; a hint alone does not."""
    code, lines = await _doctor(tmp_path, **({"KONWENT_TELEGRAM_API": telegram.url, "KONWENT_TELEGRAM_TOKEN": TOKEN} | given))
    assert _line(lines, name).startswith(said)
    assert code == int(said.startswith("✗"))
    assert "tajne" not in "".join(lines)


async def test_the_mail_server_is_tried(telegram: FakeTelegram, post: PostOffice, tmp_path: Path) -> None:
    """No mail server is a hint; one that is away, refuses the password or lacks a sender is wrong, and the password is never shown."""
    given = {"KONWENT_TELEGRAM_API": telegram.url, "KONWENT_TELEGRAM_TOKEN": TOKEN}
    code, lines = await _doctor(tmp_path, **given)
    assert (code, _line(lines, LETTERS)[0]) == (0, "!")
    url = f"smtp://127.0.0.1:{post.port}"
    given |= {"KONWENT_SMTP_URL": url, "KONWENT_MAIL_FROM": "sekretariat@kis.example"}
    code, lines = await _doctor(tmp_path, **given)
    assert (code, _line(lines, LETTERS)[0]) == (0, "✓")
    assert "sekretariat@kis.example" in _line(lines, LETTERS)
    async with post_office(password="tajne") as locked:
        for wrong, told in (
            ({"KONWENT_SMTP_URL": "smtp://kis:bardzo-tajne@127.0.0.1:1"}, "connect_failed"),
            ({"KONWENT_SMTP_URL": f"smtp://kis:bardzo-tajne@127.0.0.1:{locked.port}"}, "login_535"),
            ({"KONWENT_MAIL_FROM": ""}, "KONWENT_MAIL_FROM"),
        ):
            code, lines = await _doctor(tmp_path, **(given | wrong))
            assert (code, _line(lines, LETTERS)[0]) == (1, "✗")
            assert told in _line(lines, LETTERS)
            assert "bardzo-tajne" not in "".join(lines)
    assert post.letters == []


async def test_an_unprepared_database_is_named(telegram: FakeTelegram, tmp_path: Path, empty_database_url: str) -> None:
    """A database of the operator's own is not changed by the doctor; what to run is said."""
    given = {"KONWENT_TELEGRAM_API": telegram.url, "KONWENT_TELEGRAM_TOKEN": TOKEN, "KONWENT_DATABASE_URL": empty_database_url}
    code, lines = await _doctor(tmp_path, **given)
    assert code == 1
    assert "konwent-bot migrate" in _line(lines, "Baza danych")
    assert konwent("migrate", folder=tmp_path, **given).returncode == 0
    code, lines = await _doctor(tmp_path, **given)
    assert (code, _line(lines, "Baza danych")) == (0, "✓ Baza danych - w porządku: Odpowiada i jest gotowa do tej wersji.")


async def test_the_webhook_is_compared_with_the_settings(telegram: FakeTelegram, tmp_path: Path) -> None:
    """What Telegram calls is held against what we are set to."""
    given = {"KONWENT_TELEGRAM_API": telegram.url, "KONWENT_TELEGRAM_TOKEN": TOKEN}
    telegram.webhook = {"url": "https://ktos.example/x", "pending_update_count": 0}
    assert "! Webhook - do sprawdzenia: Jest ustawiony" in _line((await _doctor(tmp_path, **given))[1], "Webhook")
    given |= {"KONWENT_TELEGRAM_MODE": "webhook", "KONWENT_PUBLIC_URL": "https://a.example", "KONWENT_WEBHOOK_SECRET": "slowo"}
    assert "nie łączy się jeszcze z https://a.example/telegram" in _line((await _doctor(tmp_path, **given))[1], "Webhook")
    telegram.webhook = {"url": "https://a.example/telegram", "pending_update_count": 3}
    assert "✓ Webhook - w porządku: Telegram łączy się z" in _line((await _doctor(tmp_path, **given))[1], "Webhook")
    telegram.webhook |= {"last_error_message": "Connection refused"}
    code, lines = await _doctor(tmp_path, **given)
    assert code == 1
    assert "(Connection refused); czekające zdarzenia: 3." in _line(lines, "Webhook")


async def test_a_wrong_clock_is_pointed_out(telegram: FakeTelegram, tmp_path: Path) -> None:
    """A machine an hour off would close rounds an hour off; the operator is told."""
    telegram.drift = -3600
    code, lines = await _doctor(tmp_path, KONWENT_TELEGRAM_API=telegram.url, KONWENT_TELEGRAM_TOKEN=TOKEN)
    assert code == 0
    assert _line(lines, "Zegar").startswith("! Zegar - do sprawdzenia: Zegar tego komputera różni się od zegara Telegrama o 36")


async def test_what_answers_may_be_somebody_else(tmp_path: Path) -> None:
    """An address where no Telegram is, even one that answers with nonsense without end, is told as that."""

    async def nonsense(_request: web.Request) -> web.Response:
        return web.Response(text="[" * 200_000, content_type="application/json")

    app = web.Application()
    app.router.add_get("/{tail:.*}", nonsense)
    async with TestServer(app) as server:
        url = str(server.make_url("")).rstrip("/")
        code, lines = await _doctor(tmp_path, KONWENT_TELEGRAM_API=url, KONWENT_TELEGRAM_TOKEN=TOKEN)
    assert code == 1
    assert "KONWENT_TELEGRAM_API" in _line(lines, "Token")
