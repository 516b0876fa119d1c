"""``konwent-bot run`` against the sandbox, as an operator starts and stops it."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from tests.cli.program import PATIENCE, Started, konwent, started
from tests.office.rosters import GOPS, csv
from tests.sandbox.phone import TOKEN, SandboxProcess


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[SandboxProcess]:
    """A stand-in for Telegram in its own process."""
    running = await SandboxProcess.start(tmp_path)
    yield running
    await running.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _given(sandbox: SandboxProcess, **more: str) -> dict[str, str]:
    return {"KONWENT_TELEGRAM_API": sandbox.url, "KONWENT_TELEGRAM_TOKEN": TOKEN, "KONWENT_PORT": str(_free_port())} | more


async def _get(url: str) -> int:
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        return response.status


async def _answers(program: Started, port: str, path: str) -> None:
    """Wait until the program says it runs; then the address must answer."""
    await program.until("running")
    assert await _get(f"http://127.0.0.1:{port}{path}") == 200


async def test_it_speaks_and_stops_properly(sandbox: SandboxProcess, tmp_path: Path) -> None:
    """Everything runs in one process; a stranger is answered; SIGTERM ends it with 0 and without a complaint."""
    given = _given(sandbox)
    async with started("run", folder=tmp_path, **given) as program:
        await _answers(program, given["KONWENT_PORT"], "/readyz")
        anna = await sandbox.phone("Anna")
        await anna.start()
        assert "zaprosze" in (await anna.wait_for(lambda said: True, PATIENCE)).text.lower()
        assert await program.end() == 0
    log = program.errors.read_text("utf-8")
    assert "stopped" in log
    assert "Traceback" not in log
    assert TOKEN not in log


async def test_what_is_in_hand_is_finished(sandbox: SandboxProcess, tmp_path: Path) -> None:
    """A message sent just before the stop is answered by this process or the next, never lost and never twice."""
    given = _given(sandbox)
    anna = await sandbox.phone("Anna")
    async with started("run", "--roles", "chat", folder=tmp_path, **given) as program:
        await program.until("running")
        await anna.start()
        assert await program.end() == 0
    async with started("run", "--roles", "chat", folder=tmp_path, **given) as program:
        await program.until("running")
        await anna.wait_for(lambda said: True, PATIENCE)
        assert await program.end() == 0
    assert len([said for said in await anna.messages() if said.side == "bot"]) == 1


async def test_telegram_may_call_us(sandbox: SandboxProcess, tmp_path: Path) -> None:
    """With a webhook the same process takes Telegram's calls, and nobody else's."""
    port = str(_free_port())
    given = _given(sandbox, KONWENT_PORT=port, KONWENT_TELEGRAM_MODE="webhook", KONWENT_PUBLIC_URL=f"http://127.0.0.1:{port}")
    async with started("run", folder=tmp_path, **given, KONWENT_WEBHOOK_SECRET="tajne-slowo") as program:
        await _answers(program, port, "/healthz")
        anna = await sandbox.phone("Anna")
        await anna.start()
        await anna.wait_for(lambda said: True, PATIENCE)
        async with aiohttp.ClientSession() as session:
            for headers in ({}, {"X-Telegram-Bot-Api-Secret-Token": "inne"}):
                async with session.post(f"http://127.0.0.1:{port}/telegram", json={"update_id": 1}, headers=headers) as response:
                    assert response.status == 403
        assert await program.end() == 0


async def test_roles_may_be_parted(sandbox: SandboxProcess, tmp_path: Path) -> None:
    """A process with the web alone serves pages, and asks Telegram for its name but never for updates."""
    given = _given(sandbox)
    async with started("run", "--roles", "web, clockwork", folder=tmp_path, **given) as program:
        await _answers(program, given["KONWENT_PORT"], "/healthz")
        assert (await sandbox.calls("getMe")) != []
        assert await sandbox.calls("getUpdates") == []
        assert await program.end(signal.SIGINT) == 0


async def test_letters_leave(sandbox: SandboxProcess, tmp_path: Path) -> None:
    """From the console to the mailbox: an invitation announced by a command is sent by the program that runs, and by it alone."""
    host, port = sandbox.mail
    given = {
        "KONWENT_SMTP_URL": f"smtp://{host}:{port}", "KONWENT_MAIL_FROM": "sekretariat@kis.example", "KONWENT_ROLES": "courier",
        "KONWENT_PUBLIC_URL": "https://siec.example",
    }  # fmt: skip
    roster = tmp_path / "lista.csv"
    roster.write_bytes(csv(f"{GOPS};zwierzchnik;kierownik;Anna Nowak;anna@gops.example"))
    for words in (
        ("body", "create", "Sieć", "--slug", "s"), ("roster", "import", str(roster), "--body", "s"), ("invite", "send", "s"),
    ):  # fmt: skip
        assert (await asyncio.to_thread(konwent, *words, folder=tmp_path, **given)).returncode == 0
    assert await sandbox.letters() == []
    async with started("run", folder=tmp_path, **given) as program:
        await program.until("ending=sent")
        (letter,) = await sandbox.letters()
        assert (letter["to"], letter["from"]) == (["anna@gops.example"], "sekretariat@kis.example")
        assert await program.end() == 0
    log = program.errors.read_text("utf-8")
    assert "anna@" not in log
    assert "siec.example/z/" not in log


def test_only_the_chat_imports_the_messenger() -> None:
    """What commands and pages are made of comes up without aiogram."""
    program = "import sys, konwent_bot.app, konwent_bot.web, konwent_bot.courier, konwent_bot.clockwork; print('aiogram' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout == "False\n"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "Brakuje tokenu bota."),
        ({"KONWENT_TELEGRAM_TOKEN": "niedobry"}, "KONWENT_TELEGRAM_TOKEN nie jest tokenem bota."),
        ({"KONWENT_TELEGRAM_TOKEN": "1:a", "KONWENT_TELEGRAM_API": "http://127.0.0.1:1"}, "KONWENT_TELEGRAM_API"),
        ({"KONWENT_TELEGRAM_TOKEN": "1:a", "KONWENT_TELEGRAM_MODE": "webhook"}, "Do trybu webhook Telegram musi wiedzieć"),
        ({"KONWENT_ROLES": "courier", "KONWENT_SMTP_URL": "smtp://a:tajne@b"}, "KONWENT_MAIL_FROM"),
        ({"KONWENT_ROLES": "kucharz"}, "KONWENT_ROLES musi zawierać"),
        ({"KONWENT_DATA_DIR": "/dev/null/x"}, "W folderze /dev/null/x nie można nic zapisać"),
        ({"KONWENT_FLOWS_DIR": "."}, "brakuje ankiet: aneks, ankieta-terminu,"),
        ({"KONWENT_ROLES": "web", "KONWENT_HOST": "192.0.2.1"}, "Nie można nasłuchiwać pod adresem 192.0.2.1"),
    ],
)
def test_what_is_missing_is_said_in_one_sentence(given: dict[str, str], said: str, tmp_path: Path) -> None:
    """The operator reads one Polish line about what to mend, and no traceback."""
    ran = konwent("run", folder=tmp_path, KONWENT_LOG_LEVEL="warning", **given)
    assert ran.returncode == 1
    assert said in ran.stderr
    assert ran.stderr.count("\n") == 1


async def test_a_wrong_token_and_a_taken_port_are_said(sandbox: SandboxProcess, tmp_path: Path) -> None:
    """Telegram's refusal and a second program on the port are told in words; the token is never shown."""
    wrong = _given(sandbox, KONWENT_TELEGRAM_TOKEN="1234567:zupelnie-inny-token-bota-niczyj-abc")
    ran = await asyncio.to_thread(konwent, "run", folder=tmp_path, KONWENT_LOG_LEVEL="warning", **wrong)
    assert ran.returncode == 1
    assert "Telegram odrzuca token" in ran.stderr
    assert "zupelnie-inny" not in ran.stderr
    taken = _given(sandbox, KONWENT_PORT=sandbox.url.rpartition(":")[2], KONWENT_LOG_LEVEL="warning")
    ran = await asyncio.to_thread(konwent, "run", folder=tmp_path, **taken)
    assert ran.returncode == 1
    assert "jest zajęty przez inny program" in ran.stderr


def test_a_broken_flow_stops_the_start(tmp_path: Path) -> None:
    """Nobody is asked anything by a flow that cannot be used."""
    flows = tmp_path / "flows"
    flows.mkdir()
    (flows / "karta.toml").write_text('schema = 1\nid = "karta', "utf-8")
    ran = konwent("run", folder=tmp_path, KONWENT_FLOWS_DIR=str(flows), KONWENT_ROLES="web", KONWENT_LOG_LEVEL="warning")
    assert ran.returncode == 1
    assert "karta.toml" in ran.stderr
    assert ran.stderr.count("\n") == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_database_is_said(tmp_path: Path) -> None:
    """A database that may not be written to is named before anybody is answered."""
    assert konwent("migrate", folder=tmp_path).returncode == 0
    (tmp_path / "konwent-data").chmod(0o500)
    ran = konwent("run", folder=tmp_path, KONWENT_ROLES="web")
    (tmp_path / "konwent-data").chmod(0o700)
    assert ran.returncode == 1
    assert "nie można" in ran.stderr
