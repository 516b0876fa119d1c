"""Settings: a wrong variable is named with what would be right; a secret is never shown."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from konwent_bot.errors import Misconfigured
from konwent_bot.settings import SECRETS, Settings, load_settings, unknown_variables, variable

TOKEN = "7012345678:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw_"
PASSWORD = "postgresql://konwent:very-secret@db/konwent"


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No variable of ours is set, and the current folder is empty."""
    for name in [name for name in os.environ if name.upper().startswith("KONWENT_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def test_with_nothing_set_the_program_keeps_one_file_in_one_folder(tmp_path: Path) -> None:
    """A newcomer sets nothing and still gets a working, Polish installation in the folder they stand in."""
    settings = load_settings()
    assert settings.data_dir == tmp_path / "konwent-data"
    assert settings.database.get_secret_value() == f"sqlite:///{tmp_path}/konwent-data/konwent.sqlite3"
    assert settings.embedded
    assert (settings.language, settings.timezone, settings.telegram_mode) == ("pl", "Europe/Warsaw", "polling")
    assert settings.telegram_api == "https://api.telegram.org"
    assert settings.roles == ("chat", "web", "courier", "clockwork")
    assert list(tmp_path.iterdir()) == []


def test_each_setting_has_its_variable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What the operator writes in the environment is what the program uses."""
    said = {
        "TELEGRAM_TOKEN": TOKEN,
        "TELEGRAM_API": "http://127.0.0.1:8081/",
        "TELEGRAM_MODE": "webhook",
        "TELEGRAM_RATE": "12.5",
        "WEBHOOK_SECRET": "abc_DEF-1",
        "DATABASE_URL": PASSWORD,
        "DATA_DIR": "data",
        "PUBLIC_URL": "https://konwent.example/",
        "TRUSTED_PROXIES": "1",
        "SMTP_URL": "smtp://sekretariat:haslo@poczta.example:587",
        "MAIL_FROM": "sekretariat@kis.example",
        "HOST": "0.0.0.0",
        "PORT": "0",
        "LANGUAGE": "uk",
        "TIMEZONE": "Europe/Kyiv",
        "FLOWS_DIR": "~/flows",
        "CLOCK_FILE": str(tmp_path / "clock"),
        "LOG_LEVEL": "debug",
        "LOG_FORMAT": "json",
        "CONTROLLER": "KIS Janów Lubelski",
        "CONTROLLER_CONTACT": "iod@kis.example",
        "ROLES": "chat, clockwork",
    }
    for name, value in said.items():
        monkeypatch.setenv(f"KONWENT_{name}", value)
    settings = load_settings()
    assert {variable(name) for name in Settings.model_fields} == {f"KONWENT_{name}" for name in said}
    assert settings.telegram_token == SecretStr(TOKEN)
    assert settings.database == SecretStr(PASSWORD)
    assert not settings.embedded
    assert settings.smtp_url == SecretStr(said["SMTP_URL"])
    assert settings.telegram_rate == 12.5
    assert (settings.trusted_proxies, settings.mail_from) == (1, "sekretariat@kis.example")
    assert (settings.telegram_api, settings.public_url) == ("http://127.0.0.1:8081", "https://konwent.example")
    assert (settings.data_dir, settings.flows_dir) == (tmp_path / "data", Path.home() / "flows")
    assert (settings.port, settings.language, settings.roles) == (0, "uk", ("chat", "clockwork"))
    assert unknown_variables() == []


def test_an_option_of_the_command_line_wins_and_none_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """``--port 9`` is stronger than the environment; an option that was not given changes nothing."""
    monkeypatch.setenv("KONWENT_PORT", "7000")
    monkeypatch.setenv("KONWENT_HOST", "::1")
    settings = load_settings(port=9, host=None)
    assert (settings.port, settings.host) == (9, "::1")


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compose files pass on empty variables; they mean "not set", not "an empty token"."""
    monkeypatch.setenv("KONWENT_TELEGRAM_TOKEN", "")
    monkeypatch.setenv("KONWENT_PORT", "")
    settings = load_settings()
    assert (settings.telegram_token, settings.port) == (None, 8080)


@pytest.mark.parametrize(
    ("name", "value", "right"),
    [
        ("TELEGRAM_TOKEN", "very-secret", "looks like 123456:ABC-DEF"),
        ("TELEGRAM_API", "api.telegram.org", "http:// or https://"),
        ("TELEGRAM_API", "http://", "http:// or https://"),
        ("TELEGRAM_API", "http://[very-secret", "http:// or https://"),
        ("TELEGRAM_MODE", "pulling", "polling or webhook"),
        ("WEBHOOK_SECRET", "very secret", "1 to 256 characters"),
        ("WEBHOOK_SECRET", "x" * 257, "1 to 256 characters"),
        ("DATABASE_URL", "mysql://u:very-secret@h/d", "sqlite:/// or postgresql://"),
        ("DATABASE_URL", "very-secret", "sqlite:/// or postgresql://"),
        ("PUBLIC_URL", "ftp://konwent.example", "http:// or https://"),
        ("PORT", "65536", "from 0 to 65535"),
        ("PORT", "http", "from 0 to 65535"),
        ("LANGUAGE", "ru", "pl, en or uk"),
        ("TIMEZONE", "Warsaw", "Europe/Warsaw"),
        ("TIMEZONE", "Europe", "Europe/Warsaw"),
        ("TIMEZONE", "../../etc/passwd", "Europe/Warsaw"),
        ("LOG_LEVEL", "loud", "debug, info, warning or error"),
        ("LOG_FORMAT", "xml", "console or json"),
        ("ROLES", "chat,pigeon", "chat, web, courier and clockwork"),
        ("ROLES", " , ", "chat, web, courier and clockwork"),
    ],
)
def test_a_wrong_variable_is_named_with_what_would_be_right(
    name: str, value: str, right: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The operator reads which variable is wrong and what it should be; the value itself, maybe a secret, is not shown."""
    monkeypatch.setenv(f"KONWENT_{name}", value)
    with pytest.raises(Misconfigured) as caught:
        load_settings()
    assert str(caught.value).startswith(f"KONWENT_{name} must ") or str(caught.value).startswith(f"KONWENT_{name} is not ")
    assert right in str(caught.value)
    assert "very" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert not isinstance(caught.value.__context__, ValidationError)


def test_all_wrong_variables_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three mistakes are mended in one go, not in three."""
    for name in ("PORT", "LANGUAGE", "LOG_LEVEL"):
        monkeypatch.setenv(f"KONWENT_{name}", "?")
    with pytest.raises(Misconfigured, match=r"KONWENT_PORT .* KONWENT_LANGUAGE .* KONWENT_LOG_LEVEL "):
        load_settings()


def test_every_field_has_its_sentence() -> None:
    """No wrong value ends in a stack trace."""
    for name in Settings.model_fields:
        with pytest.raises(Misconfigured, match=f"^{variable(name)} "):
            load_settings(**{name: object()})


def test_a_setting_that_does_not_exist_is_our_own_mistake() -> None:
    """A slip in our own code is not blamed on the operator."""
    with pytest.raises(TypeError, match="prot"):
        load_settings(prot=1)


@pytest.mark.parametrize("field", SECRETS)
def test_a_secret_may_come_from_a_file(field: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Container platforms hand secrets over as files; the line break at their end is not part of the secret."""
    secret = {"telegram_token": TOKEN, "webhook_secret": "abc", "database_url": PASSWORD, "smtp_url": "smtp://a:b@c:25"}[field]
    (tmp_path / "secret").write_text(secret + "\n", "utf-8")
    monkeypatch.setenv(f"{variable(field)}_FILE", "secret")
    assert getattr(load_settings(), field) == SecretStr(secret)
    assert unknown_variables() == []


def test_a_secret_given_twice_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nobody should have to guess which of two tokens is used."""
    (tmp_path / "token").write_text(TOKEN, "utf-8")
    monkeypatch.setenv("KONWENT_TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv("KONWENT_TELEGRAM_TOKEN_FILE", str(tmp_path / "token"))
    with pytest.raises(Misconfigured, match=r"^Both KONWENT_TELEGRAM_TOKEN and KONWENT_TELEGRAM_TOKEN_FILE are set"):
        load_settings()


@pytest.mark.parametrize(
    "content", [None, b"", b" \n", b"\xff\xfe", b"1" * 70_000], ids=["missing", "empty", "blank", "binary", "huge"]
)
def test_a_file_that_holds_no_secret_is_named(content: bytes | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A wrong path is told at once, with the variable and the path, not as a refused token an hour later."""
    path = tmp_path / "token"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setenv("KONWENT_TELEGRAM_TOKEN_FILE", str(path))
    with pytest.raises(Misconfigured) as caught:
        load_settings()
    assert str(caught.value).startswith(f"KONWENT_TELEGRAM_TOKEN_FILE names {path}")


def test_no_file_is_read_behind_the_operators_back(tmp_path: Path) -> None:
    """An .env file lying about in the current folder does not change what the program does."""
    (tmp_path / ".env").write_text("KONWENT_PORT=1\n", "utf-8")
    assert load_settings().port == 8080


def test_secrets_do_not_show_when_settings_are_printed() -> None:
    """Somebody will print the settings one day."""
    settings = load_settings(telegram_token=TOKEN, database_url=PASSWORD, webhook_secret="very-secret")
    shown = f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()} {settings.database!r}"
    assert TOKEN not in shown
    assert "very-secret" not in shown


def test_settings_do_not_change_while_the_program_runs() -> None:
    """What was checked at the start is what is used at the end."""
    settings = load_settings()
    with pytest.raises(ValidationError):
        settings.port = 1  # type: ignore[misc]  # the point of the test


def test_a_slip_of_the_pen_in_a_variable_is_found() -> None:
    """KONWENT_TELEGRAM_TOKN sets nothing, and ``doctor`` can say so."""
    environ = {"KONWENT_TELEGRAM_TOKN": "x", "KONWENT_PORT": "1", "KONWENT_PORT_FILE": "x", "PATH": "x", "konwent_host": "x"}
    assert unknown_variables(environ) == ["KONWENT_PORT_FILE", "KONWENT_TELEGRAM_TOKN"]


def test_reading_settings_imports_nothing_heavy() -> None:
    """``konwent-bot --help`` must answer in a blink."""
    program = (
        "import sys, konwent_bot.settings; "
        "print([name for name in ('aiogram', 'sqlalchemy', 'babel', 'aiohttp', 'structlog') if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert ran.stdout.strip() == "[]"
