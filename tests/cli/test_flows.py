"""``konwent-bot flows check | show | try``."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from konwent_bot import cli, resources

CARD = "karta-wspolpracy"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped flows, published."""
    place = tmp_path / "flows"
    place.mkdir()
    shutil.copy(resources.flows() / f"{CARD}.toml", place)
    assert cli.main(["flows", "check", str(place), "--update-lock"]) == 0
    return place


def test_shipped_flows_are_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    """What we ship passes our own check."""
    assert cli.main(["flows", "check"]) == 0
    assert "26 ankiet jest w porządku." in capsys.readouterr().out


def test_a_broken_flow_is_named_by_file_line_and_question(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever writes flows is told in Polish what to mend and where."""
    flow = folder / f"{CARD}.toml"
    text = flow.read_text("utf-8").replace('type = "scale"', 'type = "skala"', 1)
    flow.write_text(text, "utf-8")
    capsys.readouterr()
    assert cli.main(["flows", "check", str(flow)]) == 1
    told = capsys.readouterr().out.splitlines()
    line = text.splitlines().index('type = "skala"') + 1
    assert told[0].startswith(f"{CARD}.toml:{line}, pytanie ")
    assert "skala" in told[0]


def test_a_published_flow_cannot_change_unnoticed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A question taken away needs a new version, and publishing does not hide it."""
    flow = folder / f"{CARD}.toml"
    text = flow.read_text("utf-8")
    flow.write_text(text.replace("required = false", "required = true", 1), "utf-8")
    changed = flow.read_text("utf-8") != text
    capsys.readouterr()
    assert changed
    for words in ([], ["--update-lock"]):
        assert cli.main(["flows", "check", str(folder), *words]) == 1
        assert "podn" in capsys.readouterr().out  # "proszę podnieść wersję"


def test_an_unpublished_flow_is_told_to_be_published(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The lock is written by whoever publishes, never by itself."""
    shutil.copy(resources.flows() / f"{CARD}.toml", tmp_path)
    assert cli.main(["flows", "check", str(tmp_path)]) == 1
    assert "--update-lock" in capsys.readouterr().out
    assert not (tmp_path / "flows.lock").exists()


@pytest.mark.parametrize(("words", "code"), [(["nie-ma.toml"], 1), (["."], 1)])
def test_nothing_to_check_is_said(
    words: list[str], code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A path without flows is an answer too."""
    monkeypatch.chdir(tmp_path)
    assert cli.main(["flows", "check", *words]) == code
    assert capsys.readouterr().out.count("\n") == 1


def test_a_flow_is_shown_as_a_sheet(capsys: pytest.CaptureFixture[str]) -> None:
    """The coordinator can read and approve what will be asked."""
    assert cli.main(["flows", "show", CARD]) == 0
    assert "Karta oceny współpracy międzysektorowej" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["show", "nie-ma"], "Nie ma ankiety nie-ma. Są: aneks, ankieta-terminu, gosc,"),
        (["show", "nie-ma.toml"], "Nie ma pliku nie-ma.toml."),
        (["try", CARD, "--fact", "variant"], "Fakt zapisuje się jako NAZWA=WARTOŚĆ."),
        (["try", CARD, "--fact", "pogoda=ładna"], "pogoda=ładna nim nie jest"),
        (["try", CARD, "--fact", "variant=średni"], "średni nie pasuje do faktu variant"),
        (["try", CARD, "--fact", "closes_on=kiedyś"], "kiedyś nie pasuje do faktu closes_on"),
    ],
)
def test_a_slip_is_said_in_one_sentence(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A wrong name or fact is named, with what there is."""
    assert cli.main(["flows", *words]) == 1
    told = capsys.readouterr()
    assert said in told.err
    assert told.err.count("\n") == 1


def test_a_flow_is_tried_in_the_terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever writes a flow goes through it as people will, and a PESEL is refused there too."""
    lines = iter(["5", "99", "przerwij"])
    monkeypatch.setattr("builtins.input", lambda _prompt: next(lines))
    assert cli.main(["flows", "try", CARD, "--fact", "variant=short", "--fact", "closes_on=2026-12-22"]) == 0
    told = capsys.readouterr().out
    assert "wtorek, 22 grudnia 2026" in told
    assert told.count("\n! ") == 1
    assert told.endswith("Przerwano. Nic nie zostało zapisane.\n")
