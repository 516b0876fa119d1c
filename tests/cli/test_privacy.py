"""What the operator can do about a person's data: hand it over, erase it, and say how long cards are kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.cli.console import Console, console
from tests.cli.network import accept, seat, settle
from tests.office.rich import fill_in

from konwent_bot.office import invitations, people
from konwent_bot.office.rights import OPERATOR
from konwent_bot.office.rounds import open_round
from konwent_bot.store.tables import PERSON

__all__ = ["console"]

ANNA = 7001


@pytest.fixture
def anna(console: Console) -> int:
    """Anna Nowak, head of the GOPS, who has sent her institution's card."""
    settle(console)
    head = seat(console, "GOPS Modliborzyce", "head")
    issued = console.act(lambda uow: invitations.issue(uow, OPERATOR, seat=head.id))
    person = accept(console, issued.token, ANNA)

    def send(uow):  # type: ignore[no-untyped-def]  # a unit of work
        opened = open_round(uow, OPERATOR, 1)
        held = people.by_telegram(uow, ANNA)
        assert held is not None
        from konwent_bot.store.tables import SEAT

        membership = uow.execute(select(SEAT.c.membership_id).where(SEAT.c.id == head.id)).scalar_one()
        fill_in(uow, ANNA, opened.id, membership, "Wspólny kalendarz")

    console.act(send)
    return person


def answering(monkeypatch: pytest.MonkeyPatch, *answers: str) -> None:
    """Let somebody type these answers."""
    import io

    monkeypatch.setattr("sys.stdin", io.StringIO("".join(answer + "\n" for answer in answers)))


def name_of(console: Console, person: int) -> str:
    """Give what a person is called."""
    return str(console.look(lambda uow: uow.execute(select(PERSON.c.name).where(PERSON.c.id == person)).scalar_one()))


# --- export -----------------------------------------------------------------------------------------------------------


def test_the_document_is_printed_or_written(console: Console, anna: int) -> None:
    """By number or by address, on the screen or into a file that only its owner may read: the same document."""
    printed = json.loads(console.ok("privacy", "export", str(anna)))
    assert printed["person"]["name"] == "Anna Nowak"
    assert printed["person"]["telegram_id"] == ANNA
    path = console.folder / "anna.json"
    said = console.ok("privacy", "export", "--email", "ANNA@gops.example", "--to", str(path))
    assert str(path) in said
    written = json.loads(path.read_text("utf-8"))
    assert written["person"] == printed["person"]
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in console.folder.glob(".*")] == []


def test_a_document_that_cannot_be_written_is_said(console: Console, anna: int) -> None:
    """A folder that is not there: one sentence, no half of a file."""
    console.refused("privacy", "export", str(anna), "--to", str(console.folder / "nie-ma" / "anna.json"))


@pytest.mark.parametrize("words", [(), ("1", "--email", "anna@gops.example")])
def test_a_person_is_named_in_one_way(console: Console, anna: int, words: tuple[str, ...]) -> None:
    """Nobody, or a number and an address at once, is refused by both commands."""
    for command in ("export", "erase"):
        console.refused("privacy", command, *words)


def test_whom_nobody_knows_is_said(console: Console, anna: int) -> None:
    """An address or a number nobody has ends with a sentence, and nothing is erased."""
    assert "nikt@gops.example" in console.refused("privacy", "export", "--email", "nikt@gops.example")
    for command in ("export", "erase"):
        console.refused("privacy", command, "999")


def test_an_address_of_several_people_asks_for_the_number(console: Console, anna: int) -> None:
    """An office address is of many: the sentence says who they are, and the operator chooses."""
    shared = select(PERSON.c.id).where(PERSON.c.name.in_(("Anna Nowak", "Ewa Lis")))
    both = console.look(lambda uow: uow.execute(shared).scalars().all())
    console.act(lambda uow: uow.execute(PERSON.update().where(PERSON.c.id.in_(both)).values(email="biuro@x.example")) and None)
    said = console.refused("privacy", "erase", "--email", "biuro@x.example", "--yes")
    for word in ("Anna Nowak", "Ewa Lis", str(anna)):
        assert word in said
    assert name_of(console, anna) == "Anna Nowak"


# --- erase ------------------------------------------------------------------------------------------------------------


def test_the_operator_is_shown_and_asked(console: Console, anna: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes and what stays is said first; any answer but yes changes nothing, and yes erases."""
    for answer in ("nie", "", "anna"):
        answering(monkeypatch, answer)
        printed = console.run("privacy", "erase", str(anna))
        assert printed.code == 1
        for word in ("Anna Nowak", "anna@gops.example", "Gminny Ośrodek"):
            assert word in printed.out
    assert name_of(console, anna) == "Anna Nowak"
    answering(monkeypatch, "tak")
    said = console.ok("privacy", "erase", str(anna))
    assert "erasures.jsonl" in said
    assert name_of(console, anna) == ""
    assert console.look(lambda uow: people.by_telegram(uow, ANNA)) is None


def test_the_erasure_is_written_down_and_backups_are_named(console: Console, anna: int) -> None:
    """The file that outlives a restore gets its line, and the operator learns which backups still hold the data."""
    console.ok("backup")
    data = console.folder / "data"
    (backup,) = [path.name for path in (data / "backups").iterdir()]
    said = console.ok("privacy", "erase", "--email", "anna@gops.example", "--yes")
    assert backup in said
    (line,) = (data / "erasures.jsonl").read_text().splitlines()
    assert json.loads(line)["person"] == anna
    assert b"Nowak" not in (data / "konwent.sqlite3").read_bytes()


def test_a_restored_backup_does_not_bring_the_person_back(console: Console, anna: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Backup, erasure, lost disk, restore: the card is back, Anna is not."""
    path = console.folder / "kopia.zip"
    console.ok("backup", "--to", str(path))
    assert _member(path, "person").count("Anna Nowak") == 1
    console.ok("privacy", "erase", str(anna), "--yes")
    for file in (console.folder / "data").glob("konwent.sqlite3*"):
        file.unlink()
    console.ok("restore", str(path), "--yes")
    assert all(b"Nowak" not in file.read_bytes() for file in (console.folder / "data").iterdir() if file.is_file())
    assert name_of(console, anna) == ""
    assert console.look(lambda uow: people.by_telegram(uow, ANNA)) is None
    console.refused("privacy", "export", str(anna))


def _member(path: Path, table: str) -> str:
    import zipfile

    with zipfile.ZipFile(path) as archive:
        (name,) = [name for name in archive.namelist() if Path(name).name.startswith(f"{table}.")]
        return archive.read(name).decode("utf-8")


def test_no_terminal_means_no(console: Console, anna: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A script without --yes, whose input is at its end, erases nobody."""
    answering(monkeypatch)
    assert console.run("privacy", "erase", str(anna)).code != 0
    assert name_of(console, anna) == "Anna Nowak"


# --- retention --------------------------------------------------------------------------------------------------------


def test_how_long_cards_are_kept_is_said_and_chosen(console: Console) -> None:
    """Sixty months until the operator chooses otherwise; too few, too many and a wrong body are refused."""
    settle(console)
    assert "60" in console.ok("privacy", "retention", "janow")
    assert "24" in console.ok("privacy", "retention", "janow", "--months", "24")
    assert "24" in console.ok("privacy", "retention", "janow")
    for months in ("0", "5", "241"):
        console.refused("privacy", "retention", "janow", "--months", months)
    assert console.run("privacy", "retention", "janow", "--months", "dwa").code == 2
    console.refused("privacy", "retention", "nie-ma")
    assert "24" in console.ok("privacy", "retention", "janow")


def test_help_names_the_commands(console: Console) -> None:
    """Whoever types the word alone, or asks for help, learns what there is."""
    said = console.ok("privacy", "--help")
    for word in ("export", "erase", "retention"):
        assert word in said
