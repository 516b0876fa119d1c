"""The command as a whole: quick help, lazy rooms, one end for every error."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.program import konwent

from konwent_bot import cli
from konwent_bot.cli import common
from konwent_bot.errors import Misconfigured, Refused

#: What costs a start and has no place in a help text.
HEAVY = ("sqlalchemy", "sqlmodel", "aiogram", "babel", "pydantic", "pydantic_settings", "aiohttp", "structlog", "rich", "typst")


def test_help_names_every_command_and_imports_nothing_heavy() -> None:
    """Whoever asks for help gets it in a blink: no database, no messenger, no catalogue is loaded for it."""
    program = (
        "import sys, json, contextlib, io; from konwent_bot.cli import main; out = io.StringIO()\n"
        "with contextlib.redirect_stdout(out): code = main(['--help'])\n"
        "print(json.dumps([code, out.getvalue(), sorted({name.partition('.')[0] for name in sys.modules}),"
        " sorted(name for name in sys.modules if name.startswith('konwent_bot'))]))"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    code, said, modules, ours = json.loads(ran.stdout)
    assert code == 0
    assert [name for name in cli.COMMANDS if f"\n  {name} " not in said] == []
    assert set(HEAVY) & set(modules) == set()
    assert set(ours) <= {"konwent_bot", "konwent_bot.cli", "konwent_bot.errors"}


@pytest.mark.parametrize("command", cli.COMMANDS)
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Every command has a help of its own, and its module is there."""
    assert cli.main([command, "--help"]) == 0
    assert f"konwent-bot {command}" in capsys.readouterr().out


def test_the_version_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    """The operator can tell which version is installed."""
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out == "konwent-bot 0.1.0\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nonsens"], "Nie ma takiego polecenia. Są: body, roster,"),
        (["flows", "nonsens"], "Nie ma takiego polecenia. Są: check, show, try."),
        (["run", "--nonsens"], "Nie ma opcji --nonsens. Jak to zapisać, pokaże: konwent-bot run --help"),
        (["run", "--port", "osiem"], "Wartość --port jest niezrozumiała."),
        (["demo", "--port", "70000"], "Wartość --port jest niezrozumiała."),
        (["flows", "show"], "Czegoś brakuje: FLOW."),
        (["migrate", "teraz"], "Tych słów jest za dużo albo są niezrozumiałe."),
    ],
)
def test_words_that_are_not_understood_are_named(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A slip of the pen gets one Polish sentence and the way to the help."""
    assert cli.main(words) == common.USAGE
    told = capsys.readouterr()
    assert told.out == ""
    assert said in told.err
    assert told.err.count("\n") == 1


def test_an_expected_error_is_one_sentence(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """What the operator must mend is said in their language, without a traceback."""
    problem = Misconfigured("The translation file {path} cannot be read ({reason}).", path="a.po", reason="x")
    assert common.explain(problem) == 1
    assert capsys.readouterr().err == "Nie można odczytać pliku tłumaczeń a.po (x).\n"
    assert common.explain(ExceptionGroup("nursery", [ExceptionGroup("nursery", [problem])])) == 1
    assert capsys.readouterr().err == "Nie można odczytać pliku tłumaczeń a.po (x).\n"
    monkeypatch.setenv("KONWENT_LANGUAGE", "en")
    assert common.explain(problem) == 1
    assert capsys.readouterr().err == "The translation file a.po cannot be read (x).\n"
    monkeypatch.setenv("KONWENT_LANGUAGE", "klingon")
    assert common.explain(Refused("{a}", a="ą")) == 1
    assert capsys.readouterr().err == "ą\n"


def test_a_mistake_of_ours_is_told_without_secrets(tmp_path: Path) -> None:
    """When the program itself fails, the report shows where, and never the token."""
    program = (
        "import sys\nfrom konwent_bot import cli\nfrom konwent_bot.cli import common\n"
        "def broken(**_): raise ValueError('https://api.telegram.org/bot7000000001:abcdefghijklmnopqrstuvwxyz0123456789/x')\n"
        "common.settings = broken\nsys.exit(cli.main(['run']))"
    )
    ran = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.returncode == common.BUG
    assert "Traceback" in ran.stderr
    assert "abcdefghij" not in ran.stderr
    assert ran.stderr.endswith("proszę go przesłać autorom.\n")


def test_a_reader_who_has_seen_enough_is_no_error(tmp_path: Path) -> None:
    """``konwent-bot flows show ... | head -1`` ends quietly."""
    command = f"{sys.executable} -m konwent_bot.cli flows show karta-wspolpracy | head -1"
    ran = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
    assert ran.stdout.startswith("Karta oceny")
    assert ran.stderr == ""


def test_the_language_of_errors_follows_the_setting(tmp_path: Path) -> None:
    """The same slip is told in Polish by default and in Ukrainian to whoever set it."""
    assert konwent("run", folder=tmp_path, KONWENT_TIMEZONE="Mars").stderr.startswith("KONWENT_TIMEZONE musi być nazwą")
    ran = konwent("run", folder=tmp_path, KONWENT_TIMEZONE="Mars", KONWENT_LANGUAGE="uk")
    assert "KONWENT_TIMEZONE має бути" in ran.stderr
    assert ran.returncode == 1
