"""The tree: what must stand in every room, and what must stand nowhere."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "konwent_bot"
#: Ways of running text as a program. Conditions and prompts of flows come from outside and are never run.
RUNNERS = frozenset({"eval", "exec", "compile", "compile_expression", "from_string", "__import__"})
#: Where packages come from at build time is for the builder's own configuration; a path of one machine is true on one machine.
FOREIGN = re.compile(
    r"index-url|find-links|trusted-host|/simple/|https?://[\w.-]*(?:pypi|pythonhosted|artifactory|nexus|devpi)|(?<![\w.$}/-])/(?:home|Users|root|work)/\w"
)


def runners(program: str) -> list[str]:
    """Give the calls of a program that run text, with their lines."""
    found = []
    for node in ast.walk(ast.parse(program)):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in RUNNERS:
                found.append(f"{node.lineno}: {name}")
            # `session.exec`, `re.compile` and the like are other things; these two are not.
            case ast.Attribute(attr="compile_expression" | "from_string" as name):
                found.append(f"{node.lineno}: {name}")
            case ast.Attribute(value=ast.Name(id="builtins"), attr=name) if name in RUNNERS:
                found.append(f"{node.lineno}: {name}")
            case _:
                pass
    return found


def tracked() -> list[Path]:
    """Give the files that git keeps, or would."""
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def test_nothing_that_comes_from_outside_is_ever_run() -> None:
    """A flow file can ask questions; it cannot make the program do anything else."""
    files = sorted(SOURCE.rglob("*.py"))
    assert len(files) > 10
    assert {str(path.relative_to(ROOT)): found for path in files if (found := runners(path.read_text("utf-8")))} == {}


@pytest.mark.parametrize(
    ("program", "found"),
    [
        ("eval('1')", ["1: eval"]),
        ("x = 1\nexec(x)", ["2: exec"]),
        ("import builtins\nrun = builtins.eval", ["2: eval"]),
        ("environment.compile_expression('a')", ["1: compile_expression"]),
        ("environment.from_string('a')", ["1: from_string"]),
        ("session.exec(query); re.compile('a'); evaluate('x')", []),
    ],
)
def test_running_text_is_recognised(program: str, found: list[str]) -> None:
    """The check above sees what it is there for, and leaves a database query alone."""
    assert runners(program) == found


def test_every_room_says_what_it_is_for() -> None:
    """A newcomer opens any room and reads first what it is for and what it must never do."""
    rooms = sorted(path.parent for path in SOURCE.rglob("*.py"))
    for room in {room for room in rooms if "__pycache__" not in room.parts}:
        head = room / "__init__.py"
        assert head.is_file(), f"{room.relative_to(ROOT)} is no package"
        said = ast.get_docstring(ast.parse(head.read_text("utf-8")))
        assert said, f"{head.relative_to(ROOT)} says nothing"
        if room.parent == SOURCE:
            assert len(said.split()) >= 15, f"{head.relative_to(ROOT)} hardly says anything"


def test_every_module_begins_with_a_sentence() -> None:
    """No file has to be guessed from its name."""
    silent = [path for path in SOURCE.rglob("*.py") if not ast.get_docstring(ast.parse(path.read_text("utf-8")))]
    assert silent == []


def test_the_tree_names_no_machine_and_no_registry() -> None:
    """What is true only where somebody happened to work does not belong here."""
    found = []
    for path in tracked():
        if path == Path(__file__):
            continue
        try:
            lines = path.read_text("utf-8").splitlines()
        except UnicodeDecodeError:  # a font, a picture, a spreadsheet
            continue
        found += [
            f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
            for number, line in enumerate(lines, 1)
            if FOREIGN.search(line)
        ]
    assert found == []


@pytest.mark.parametrize(
    ("line", "foreign"),
    [
        ("--extra-index-url https://packages.example/simple/", True),
        ("see https://" + "pypi" + ".org/project/x", True),
        ("cd /home/anna/konwent", True),
        ("open('/" + "work/main/x')", True),
        ("GET /i/token and /rooms/work/7", False),
        ("https://api.telegram.org/file", False),
    ],
)
def test_a_machine_and_a_registry_are_recognised(line: str, foreign: bool) -> None:
    """The check above sees what it is there for."""
    assert bool(FOREIGN.search(line)) == foreign


def test_the_pinned_versions_are_pins() -> None:
    """Whoever sets the program up next year gets what we tested."""
    lines = [line for line in (ROOT / "constraints.txt").read_text("ascii").splitlines() if line and not line.startswith("#")]
    assert len(lines) > 40
    assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", line)] == []


def test_continuous_integration_can_be_run() -> None:
    """One script does in a clean clone what a person does at the desk."""
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    text = script.read_text("utf-8")
    assert text.startswith("#!")
    assert "set -euo pipefail" in text
    assert "\nmake check" in text
    assert "\nmake test" in text
