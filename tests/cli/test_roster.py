"""``konwent-bot roster`` on the operator's console: preview, import, and what is wrong with a file."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from tests.cli.console import Console, console
from tests.office.rosters import GOPS, HEADINGS, SAMPLE, SCHOOL, csv

from konwent_bot.office import bodies, rosters

__all__ = ["console"]

HEAD = f"{GOPS};zwierzchnik;kierownik;Anna Nowak;anna@gops.example"


@pytest.fixture
def network(console: Console) -> Console:
    """A console with a body entered."""
    console.ok("body", "create", "Lokalna Sieć", "--slug", "janow")
    return console


def current(console: Console) -> object:
    return console.look(lambda uow: rosters.current(uow, bodies.find(uow, "janow").id))


def test_the_file_of_janow_is_previewed_and_imported(network: Console) -> None:
    """The coordinator's file: a look, the import, and the same file again, each with its sum in plain words."""
    seen = network.ok("roster", "preview", str(SAMPLE), "--body", "janow")
    assert "KIS Janów Lubelski" in seen
    assert seen.splitlines()[-1].startswith("29 wierszy: ")
    assert network.look(lambda uow: rosters.current(uow, 1)).seats == {}
    done = network.ok("roster", "import", str(SAMPLE), "--body", "janow")
    assert done.splitlines()[-1] == "Zaimportowano."
    assert len(network.look(lambda uow: rosters.current(uow, 1)).seats) == 28
    again = network.ok("roster", "import", str(SAMPLE), "--body", "janow")
    assert again.splitlines()[-1] == "Wszystko z tego pliku jest już zapisane; nic się nie zmieniło."


def test_rows_stand_in_a_table_with_their_number_and_state(network: Console) -> None:
    """Each row: its number in the sheet, new or changed or wrong, the institution, and why."""
    network.ok("roster", "import", network.file("a.csv", csv(HEAD)), "--body", "janow")
    changed = HEAD.replace("kierownik", "dyrektor")
    wrong = f"{SCHOOL};woźny;;;a@szkola.example"
    printed = network.run("roster", "preview", network.file("b.csv", csv(changed, wrong)), "--body", "janow")
    assert printed.code == 1
    head, _rule, *rows = printed.out.splitlines()
    assert head.split() == ["Wiersz", "Stan", "Instytucja", "Uwagi"]
    [first] = [row for row in rows if row.startswith("2  ")]
    assert "GOPS Modliborzyce" in first
    assert "dyrektor" in "".join(rows)
    assert any(row.startswith("3       błąd") for row in rows)
    assert " wiersze: " in rows[-1]
    assert "1 z błędem" in rows[-1]


def test_the_preview_for_programs_has_its_shape(network: Console) -> None:
    """A program reads a summary and rows, and nothing else stands on standard output."""
    printed = network.run("roster", "preview", network.file("a.csv", csv(HEAD, f"{SCHOOL};woźny;;;a@s.example")), "--json")
    assert (printed.code, printed.err) == (1, "")
    found = json.loads(printed.out)
    assert set(found) == {"summary", "rows"}
    assert set(found["summary"]) == {"new", "unchanged", "changed", "warning", "error"}
    assert found["summary"]["error"] == 1
    assert sum(found["summary"].values()) == len(found["rows"])
    assert all(set(row) == {"row", "status", "messages"} for row in found["rows"])
    assert {row["row"]: row["status"] for row in found["rows"]}[3] == "error"
    [message] = next(row["messages"] for row in found["rows"] if row["row"] == 3)
    assert "woźny" in message


def test_a_preview_needs_no_body(console: Console) -> None:
    """A file can be looked at before anything is entered: everything in it is new."""
    found = json.loads(console.ok("roster", "preview", str(SAMPLE), "--json"))
    assert {row["status"] for row in found["rows"]} <= {"new", "warning"}
    assert not (console.folder / "data").exists()


def test_an_import_with_an_error_imports_nothing(network: Console) -> None:
    """One wrong row, and nothing is stored; the sentence says how many are wrong, the table which."""
    file = network.file("a.csv", csv(HEAD, f"{SCHOOL};zwierzchnik;;;nie-adres"))
    before = current(network)
    printed = network.run("roster", "import", file, "--body", "janow")
    assert printed.code == 1
    assert "3       błąd" in printed.out
    assert printed.err.count("\n") == 1
    assert current(network) == before
    printed = network.run("roster", "import", file, "--body", "janow", "--json")
    assert printed.code == 1
    assert json.loads(printed.out)["summary"]["error"] == 1


def test_the_import_for_programs_is_the_preview(network: Console) -> None:
    """A program that imports gets what it would have got from the preview."""
    file = network.file("a.csv", csv(HEAD))
    seen = network.ok("roster", "preview", file, "--body", "janow", "--json")
    assert network.ok("roster", "import", file, "--body", "janow", "--json") == seen


@pytest.mark.parametrize(
    ("data", "part"),
    [
        (b"", ""),
        (HEADINGS.replace("Rola", "Rolka").encode("cp1250") + b"\r\n" + HEAD.encode("cp1250"), "Rolka"),
        (b"%PDF-1.7 x", "PDF"),
        (b"x" * 2_900_000, "2,9 MB"),
        (b"PK\x03\x04 broken", ""),
    ],
)
def test_what_is_no_roster_is_refused_in_one_sentence(network: Console, data: bytes, part: str) -> None:
    """An empty file, a missing column, a PDF, too much: one sentence each, nothing stored."""
    file = network.file("a.csv", data)
    for command in ("preview", "import"):
        assert part in network.refused("roster", command, file, "--body", "janow")
    assert network.look(lambda uow: rosters.current(uow, 1)).seats == {}


def test_a_path_that_is_no_file_is_named(network: Console, tmp_path: Path) -> None:
    """A path that does not exist, and a folder."""
    assert network.refused("roster", "import", "nie-ma.csv", "--body", "janow") == "Nie ma pliku nie-ma.csv."
    assert network.refused("roster", "preview", str(tmp_path)).startswith(f"Nie można odczytać pliku {tmp_path}.")
    if os.geteuid() != 0:  # root may read everything
        locked = Path(network.file("b.csv", csv(HEAD)))
        locked.chmod(0)
        assert network.refused("roster", "preview", str(locked)).startswith("Nie można odczytać")


def test_a_body_that_is_not_there_is_named(network: Console) -> None:
    """A mistyped body gives a sentence, in the preview as in the import."""
    for command in ("preview", "import"):
        said = network.refused("roster", command, str(SAMPLE), "--body", "janów")
        assert said == "Nie ma ciała współpracy janów. Listę wszystkich pokaże polecenie: konwent-bot body list."


def test_names_in_a_file_are_shown_as_they_are(network: Console) -> None:
    """Braces, percent signs and tags in a file are texts, on the screen too."""
    odd = "Szkoła {row} %s <b>;S{0};C;;;zwierzchnik;{};Anna {name};a@s.example"
    network.ok("roster", "import", network.file("a.csv", csv(odd)), "--body", "janow")
    changed = network.ok("roster", "preview", network.file("b.csv", csv(odd.replace("{}", "{x}"))), "--body", "janow")
    assert "S{0}" in changed
    assert "{x}" in changed
    assert network.look(lambda uow: bodies.everyone(uow))[0].institutions == 1
