"""``konwent-bot demo``: what a newcomer starts, walks through, kills and starts again."""

from __future__ import annotations

import re
import signal
import socket
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.cli.program import PATIENCE, Started, konwent, started
from tests.sandbox.phone import Phone, Sandbox

from konwent_bot.demo.stage import into_working_hours

COORDINATOR, HEAD = 500_000_102, 500_000_106
#: Places nobody has accepted, each with its letter; and heads among the called whom only a letter reaches.
INVITED, CALLED_BY_MAIL = 16, 9
CALL = "Zaproszenie: Spotkanie strategiczne"


async def _opened(program: Started) -> Sandbox:
    sandbox = Sandbox(await program.line())
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", sandbox.url)
    assert await program.line() == "Pokaz jest gotowy."
    return sandbox


async def _letter(sandbox: Sandbox, subject: str) -> dict[str, Any]:
    (head,) = [letter for letter in await sandbox.letters() if letter["subject"] == subject]
    return await sandbox.ask("GET", f"/mail/{head['id']}")


def _link(letter: dict[str, Any]) -> str:
    return str(re.findall(r"https://t\.me/\S+", letter["text"])[0])


async def _bodies(folder: Path) -> str:
    return konwent("body", "list", folder=folder, KONWENT_DATA_DIR=str(folder / "d")).stdout


async def test_a_newcomer_finds_everything(tmp_path: Path) -> None:
    """One address opens: phones of the whole network, half of it at home already and called to a meeting, letters for all others."""
    async with started("demo", "--port", "0", "--headless", folder=tmp_path) as program:
        sandbox = await _opened(program)
        people = (await sandbox.ask("GET", "/phone"))["people"]
        notes = [person["note"] for person in people]
        assert len(people) == 28  # two heads have e-mail only
        assert "GOPS Modliborzyce, osoba kierująca (kierownik). Zaproszenie już przyjęte." in notes
        assert sum("Zaproszenie czeka w Poczcie." in note for note in notes) == 15
        assert sum("Zaproszenie już przyjęte." in note for note in notes) == 13
        home = await Phone(sandbox, HEAD).wait_for(lambda said: "Moje sprawy" in said.text, PATIENCE)
        assert "GOPS Modliborzyce, LSR Janów Lubelski: Spotkanie strategiczne" in home.text
        called = await Phone(sandbox, HEAD).wait_for(lambda said: said.text.startswith(CALL), PATIENCE)
        assert called.labels[:3] == ("Będziemy", "Nie będzie nas", "Będzie zastępstwo")
        assert called.raw["document"]["name"] == "spotkanie.ics"
        watch = await Phone(sandbox, COORDINATOR).wait_for(lambda said: "LSR Janów Lubelski" in said.text, PATIENCE)
        assert "0 z 16" in watch.text

        letters = await sandbox.letters()
        assert len(letters) == len({(letter["subject"], *letter["to"]) for letter in letters}) == INVITED + CALLED_BY_MAIL
        (library,) = [one for one in letters if one["to"] == ["biblioteka@modliborzyce.example"]]
        assert library["subject"].startswith(CALL), "this head has accepted, and reads nothing but e-mail"
        assert re.findall(
            r"^http://127\.0\.0\.1:\d+/e/\S+", (await sandbox.ask("GET", f"/mail/{library['id']}"))["text"], re.MULTILINE
        )
        letter = await _letter(sandbox, "Zaproszenie: PUP Janów Lubelski, osoba kierująca")
        assert letter["to"] == ["dyrektor@pup-janow.example"]
        assert "Proszę nie przekazywać go dalej." in letter["text"]
        (page,) = re.findall(r"http://127\.0\.0\.1:\d+/z/\S+", letter["text"])
        async with sandbox.session.get(page, headers={"Accept-Language": "pl"}) as response:
            assert response.status == 200
            assert "PUP Janów Lubelski" in await response.text()
        handed = await _letter(sandbox, "Zaproszenie: GOPS Godziszów, osoba wskazana")
        assert handed["to"] == ["koordynator@kis-janow.example"]
        assert "Proszę przekazać jej to zaproszenie." in handed["text"]

        someone = Phone(sandbox, people[9]["id"])
        await someone.open(_link(letter))
        offer = await someone.wait_for(lambda said: "PUP Janów Lubelski" in said.text, PATIENCE)
        assert offer.labels
        await sandbox.disconnect()
        assert await program.end() == 0
    assert "Traceback" not in program.errors.read_text("utf-8")


async def test_a_kill_and_a_restart_go_on_where_it_stopped(tmp_path: Path) -> None:
    """With --data nothing is made twice: the same letters, valid links, the moved clock, the same chats."""
    arguments = ("demo", "--port", "0", "--headless", "--data", "d")
    async with started(*arguments, folder=tmp_path) as program:
        sandbox = await _opened(program)
        await Phone(sandbox, HEAD).wait_for(lambda said: said.text.startswith(CALL), PATIENCE)
        moved = (await sandbox.move_clock(86400))["shift_seconds"]
        before = await sandbox.letters()
        link = _link(await _letter(sandbox, "Zaproszenie: OSP Godziszów, osoba kierująca"))
        talk = await Phone(sandbox, HEAD).messages()
        await sandbox.disconnect()
        await program.end(signal.SIGKILL)
    listed = await _bodies(tmp_path)
    async with started(*arguments, folder=tmp_path) as program:
        sandbox = await _opened(program)
        assert (await sandbox.ask("GET", "/clock"))["shift_seconds"] == moved >= 86400
        assert await sandbox.letters() == before
        assert await Phone(sandbox, HEAD).messages() == talk
        phone = await sandbox.phone("Nowa", "Osoba")
        await phone.open(link)
        await phone.wait_for(lambda said: "OSP Godziszów" in said.text, PATIENCE)
        await sandbox.disconnect()
        assert await program.end() == 0
    assert await _bodies(tmp_path) == listed
    assert listed.count("LSR Janów Lubelski") == 1


def test_the_demo_opens_in_working_hours() -> None:
    """Whoever opens it at night or on a day off finds Monday morning, when people are called; by day its clock is the right one."""
    warsaw = ZoneInfo("Europe/Warsaw")
    tuesday, saturday = datetime(2026, 12, 1, 12, 0, tzinfo=warsaw), datetime(2026, 11, 28, 22, 30, tzinfo=warsaw)
    assert into_working_hours(tuesday, warsaw) == timedelta()
    assert saturday + into_working_hours(saturday, warsaw) == datetime(2026, 11, 30, 7, 0, tzinfo=warsaw)


@pytest.mark.parametrize("letters", [0, 1, 9])
async def test_a_kill_while_the_stage_is_set_leaves_nothing_to_repair(tmp_path: Path, letters: int) -> None:
    """Killed after the phones, the first or the ninth letter: the next start ends with one letter of a kind a place, and links that work."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    arguments = ("demo", "--port", port, "--headless", "--data", "d")
    async with started(*arguments, folder=tmp_path) as program:
        sandbox = Sandbox(f"http://127.0.0.1:{port}")
        while True:
            try:
                if len((await sandbox.ask("GET", "/phone"))["people"]) == 28 and len(await sandbox.letters()) >= letters:
                    break
            except OSError:
                assert program.process.returncode is None, program.errors.read_text("utf-8")
        await program.end(signal.SIGKILL)
    await sandbox.disconnect()
    async with started(*arguments, folder=tmp_path) as program:
        sandbox = await _opened(program)
        found = await sandbox.letters()
        assert len(found) == len({(letter["subject"], *letter["to"]) for letter in found}) == INVITED + CALLED_BY_MAIL
        for head in (letter for letter in found if not letter["subject"].startswith(CALL)):
            text = (await sandbox.ask("GET", f"/mail/{head['id']}"))["text"]
            (page,) = re.findall(r"http://127\.0\.0\.1:\d+/z/\S+", text)
            async with sandbox.session.get(page) as response:
                assert response.status == 200, head["subject"]
        await sandbox.disconnect()
        assert await program.end() == 0


async def test_a_real_installation_is_never_touched(tmp_path: Path) -> None:
    """Whatever the environment says of a database and a token, the demo keeps to itself."""
    real = tmp_path / "prawdziwa.sqlite3"
    given = {
        "KONWENT_DATABASE_URL": f"sqlite:///{real}", "KONWENT_TELEGRAM_TOKEN": "1:prawdziwy", "KONWENT_DATA_DIR": str(tmp_path / "real"),
        "KONWENT_TELEGRAM_API": "http://127.0.0.1:1", "KONWENT_ROLES": "web", "KONWENT_TELEGRAM_MODE": "webhook",
    }  # fmt: skip
    async with started("demo", "--port", "0", "--headless", folder=tmp_path, **given) as program:
        sandbox = await _opened(program)
        await sandbox.disconnect()
        assert await program.end() == 0
    assert not real.exists()
    assert not (tmp_path / "real").exists()


async def test_what_stands_in_the_way_is_said_in_one_line(tmp_path: Path) -> None:
    """A taken port, a folder in use, a folder that cannot be written into, a broken flow: one Polish line each, and 1."""
    async with started("demo", "--port", "0", "--headless", "--data", "d", folder=tmp_path) as program:
        sandbox = await _opened(program)
        port = sandbox.url.rpartition(":")[2]
        flows = tmp_path / "flows"
        flows.mkdir()
        (flows / "karta.toml").write_text("to nie jest ankieta", "utf-8")
        (tmp_path / "plik").write_text("x", "utf-8")
        for words, given, said in (
            (["--port", port], {}, f"Port {port} jest zajęty przez inny program."),
            (["--port", "0", "--data", "d"], {}, "korzysta inny pokaz."),
            (["--port", "0", "--data", "/dev/null/x"], {}, "W folderze /dev/null/x nie można nic zapisać"),
            (["--port", "0", "--data", "plik"], {}, "nie można nic zapisać"),
            (["--port", "0"], {"KONWENT_FLOWS_DIR": str(flows)}, "karta.toml"),
        ):
            ran = konwent("demo", "--headless", *words, folder=tmp_path, **given)
            assert ran.returncode == 1, words
            assert said in ran.stderr
            assert (ran.stdout, ran.stderr.count("\n")) == ("", 1)
        await sandbox.disconnect()
        assert await program.end() == 0
