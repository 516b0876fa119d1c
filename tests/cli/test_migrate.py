"""``konwent-bot migrate``, on both engines, and what a program does with a database of another revision."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text
from tests.cli.program import konwent

from konwent_bot.store.engines import open_store


def test_it_prepares_a_database_once(empty_database_url: str, tmp_path: Path) -> None:
    """The first time everything is made, the second time nothing is left to do."""
    first = konwent("migrate", folder=tmp_path, KONWENT_DATABASE_URL=empty_database_url)
    assert (first.returncode, first.stdout, first.stderr) == (0, "Baza danych jest gotowa do tej wersji.\n", "")
    second = konwent("migrate", folder=tmp_path, KONWENT_DATABASE_URL=empty_database_url)
    assert (second.returncode, second.stdout) == (0, "Baza danych była już gotowa; nic się nie zmieniło.\n")


def test_an_unprepared_database_is_refused_with_the_way_out(empty_database_url: str, tmp_path: Path) -> None:
    """A database named by the operator is never changed without being asked."""
    ran = konwent("body", "list", folder=tmp_path, KONWENT_DATABASE_URL=empty_database_url)
    assert ran.returncode == 1
    assert ran.stderr == "Baza danych nie jest przygotowana do tej wersji. Proszę uruchomić: konwent-bot migrate\n"


async def test_a_newer_database_is_left_alone(database_url: str, tmp_path: Path) -> None:
    """A database of a newer program is neither changed nor used."""
    store = open_store(database_url)
    await store.write(lambda connection: connection.execute(text("update alembic_version set version_num = '9999'")) and None)
    await store.close()
    for command in (["migrate"], ["body", "list"]):
        ran = konwent(*command, folder=tmp_path, KONWENT_DATABASE_URL=database_url)
        assert ran.returncode == 1
        assert "nowsz" in ran.stderr
        assert ran.stderr.count("\n") == 1


def test_the_embedded_database_is_made_by_itself(tmp_path: Path) -> None:
    """Whoever names no database needs no preparation at all."""
    assert konwent("body", "list", folder=tmp_path).returncode == 0
    assert (tmp_path / "konwent-data" / "konwent.sqlite3").exists()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://nikt:tajne@127.0.0.1:1/baza", "Nie można połączyć się z serwerem bazy danych."),
        ("mysql://a/b", "KONWENT_DATABASE_URL musi zaczynać się od"),
        ("sqlite:////dev/null/x.sqlite3", "Nie można otworzyć pliku bazy danych."),
    ],
)
def test_a_database_that_cannot_be_reached_is_named(url: str, said: str, tmp_path: Path) -> None:
    """A wrong address gives a sentence, never a password."""
    ran = konwent("migrate", folder=tmp_path, KONWENT_DATABASE_URL=url)
    assert ran.returncode == 1
    assert said in ran.stderr
    assert "tajne" not in ran.stderr
    assert ran.stderr.count("\n") == 1
