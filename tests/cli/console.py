"""A console for tests: one data folder, commands run as typed, what they print."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest

from konwent_bot import i18n
from konwent_bot.cli import common, main
from konwent_bot.office.unit import UnitOfWork

T = TypeVar("T")

PUBLIC = "https://siec.example"


@dataclass(frozen=True)
class Printed:
    """What a command left: exit code, standard output, standard error."""

    code: int
    out: str
    err: str


class Console:
    """Runs commands of one installation."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capsys = capsys

    def run(self, *words: str) -> Printed:
        """Run a command; any exit code."""
        self._capsys.readouterr()
        code = main(words)
        said = self._capsys.readouterr()
        return Printed(code, said.out, said.err)

    def ok(self, *words: str) -> str:
        """Run a command that must succeed; give what it prints."""
        printed = self.run(*words)
        assert (printed.code, printed.err) == (0, "")
        return printed.out

    def refused(self, *words: str) -> str:
        """Run a command that must be refused with one sentence; give the sentence."""
        printed = self.run(*words)
        assert printed.code == 1, printed
        assert printed.err.endswith("\n")
        assert printed.err.count("\n") == 1, printed.err
        assert "Traceback" not in printed.err
        return printed.err.strip()

    def look(self, work: Callable[[UnitOfWork], T]) -> T:
        """Look into the installation's store."""
        return common.look(work)

    def act(self, work: Callable[[UnitOfWork], T]) -> T:
        """Do something in the installation."""
        return common.act(work)

    def file(self, name: str, data: bytes) -> str:
        """Write a file beside the installation; give its path."""
        path = self.folder / name
        path.write_bytes(data)
        return str(path)


@pytest.fixture
def console(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Console]:
    """A console on an installation with pages and no Telegram, whose operator speaks Polish."""
    for name in [name for name in os.environ if name.startswith("KONWENT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("KONWENT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("KONWENT_PUBLIC_URL", PUBLIC)
    monkeypatch.setenv("COLUMNS", "120")
    yield Console(tmp_path, capsys)
    i18n.configure()
