"""The wheel: what is built works on its own, from any folder, with everything the program shows inside it."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import urllib.request
from pathlib import Path

import pytest

from konwent_bot import resources
from konwent_bot.errors import Misconfigured
from tests import packaging


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this tree."""
    return packaging.build(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel installed in it, and nothing else."""
    folder = tmp_path_factory.mktemp("installed")
    command: list[str | Path] = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "-q",
        "--no-deps",
        "--no-index",
        "--no-compile",
        "--target",
        folder,
        wheel,
    ]
    subprocess.run([*command, "--disable-pip-version-check"], check=True, timeout=300)
    return folder


def environment(installed: Path) -> dict[str, str]:
    """Give an environment in which the installed wheel and its dependencies are found, and this checkout is not."""
    path = os.pathsep.join((str(installed), sysconfig.get_path("purelib")))
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("KONWENT_", "PYTHON"))}
    return environ | {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}


#: The installed command, without its script.
KONWENT = "import sys; sys.argv[0] = 'konwent-bot'; from konwent_bot.cli import main; sys.exit(main())"


def run(installed: Path, cwd: Path, program: str, *args: str) -> subprocess.CompletedProcess[str]:
    """Run a program on the installed wheel (``-S``: no editable install)."""
    command = [sys.executable, "-S", "-c", program, *args]
    return subprocess.run(command, cwd=cwd, env=environment(installed), capture_output=True, text=True, timeout=120, check=False)


def test_the_wheel_holds_all_that_the_tree_does_and_nothing_more(wheel: Path) -> None:
    """Flows, translations, fonts and pages travel with the program; caches and tests do not."""
    assert list(packaging.faults(wheel)) == []


def test_a_missing_and_a_stray_file_of_a_wheel_are_named(wheel: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The check above would see a flow left behind and a cache packed."""
    files = packaging.wanted()
    stray = next(iter(sorted(files)))
    monkeypatch.setattr(packaging, "wanted", lambda: files - {stray} | {"konwent_bot/_data/flows/new.toml"})
    assert list(packaging.faults(wheel)) == [
        "the wheel lacks konwent_bot/_data/flows/new.toml",
        f"the wheel should not hold {stray}",
    ]


def test_the_installed_program_finds_its_files_from_any_folder(installed: Path, tmp_path: Path) -> None:
    """Installed somewhere and started elsewhere, it still knows its flows and speaks three languages."""
    ran = run(
        installed,
        tmp_path,
        "import konwent_bot; from konwent_bot import i18n, resources\n"
        "print(konwent_bot.__file__, resources.flows(), resources.locales(), sep='\\n')\n"
        "print(*(path.name for path in resources.flows().glob('*.toml')))\n"
        "print(*(i18n.translator(language).language for language in i18n.languages()))\n",
    )
    assert ran.returncode == 0, ran.stderr
    *places, flows, languages = ran.stdout.splitlines()
    assert all(Path(place).is_relative_to(installed) for place in places)
    assert "karta-wspolpracy.toml" in flows
    assert languages == "pl en uk"


@pytest.mark.parametrize("args", [("--help",), ("flows", "check")])
def test_the_installed_command_works_from_any_folder(args: tuple[str, ...], installed: Path, tmp_path: Path) -> None:
    """The command answers without the checkout, and leaves nothing behind in the folder it was started from."""
    ran = run(installed, tmp_path, KONWENT, *args)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_installed_demo_answers_from_any_folder(installed: Path, tmp_path: Path) -> None:
    """From the wheel alone, in an empty folder, the demo opens with its page, its people and their letters."""
    command = [sys.executable, "-S", "-c", KONWENT, "demo", "--headless", "--port", "0"]
    with subprocess.Popen(command, cwd=tmp_path, env=environment(installed), stdout=subprocess.PIPE, text=True) as demo:
        try:
            assert demo.stdout is not None
            address, ready = demo.stdout.readline().strip(), demo.stdout.readline().strip()
            assert ready == "Pokaz jest gotowy."
            answers = {}
            for path in ("/", "/phone", "/mail"):
                with urllib.request.urlopen(address + path, timeout=60) as answer:
                    answers[path] = answer.read().decode()
        finally:
            demo.terminate()
    assert demo.returncode == 0
    assert 'lang="pl"' in answers["/"]
    assert "GOPS Modliborzyce" in answers["/phone"]
    assert "Zaproszenie" in answers["/mail"]
    assert list(tmp_path.iterdir()) == []


def test_an_incomplete_installation_says_what_is_missing() -> None:
    """Half an installation is told from a program that does not work."""
    with pytest.raises(Misconfigured, match=r"incomplete: .*konwent_bot/store/no-such-file is missing") as caught:
        resources.of_room("store", "no-such-file")
    assert caught.value.facts["path"] == Path(resources.__file__).parent / "store" / "no-such-file"
