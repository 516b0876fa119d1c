"""``konwent-bot backup`` and ``restore``: as an operator uses them, and what people do with the restored copy."""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update
from tests.cli.console import Console, console
from tests.cli.network import settle
from tests.cli.program import konwent
from tests.conftest import _database
from tests.conversations.answers import MEANT
from tests.conversations.network import JANOW, Network, make

from konwent_bot.clock import FixedClock
from konwent_bot.office import audit_chain, dialogues, housekeeping, invitations, opening, people, rounds
from konwent_bot.office.dialogues import Talk, Touch
from konwent_bot.office.door import Door
from konwent_bot.office.rights import OPERATOR
from konwent_bot.office.unit import House, UnitOfWork
from konwent_bot.store.engines import open_store
from konwent_bot.store.tables import AUDIT_ENTRY, DIALOGUE_EVENT, PERSON

__all__ = ["console"]

ANNA = 4001
#: How far Anna has come when the backup is made.
ANSWERED = 3


@pytest.fixture(params=["sqlite", "postgresql"])
async def new_machine(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """The address of an empty database of either engine."""
    async with AsyncExitStack() as opened:
        if request.param == "sqlite":
            yield f"sqlite:///{tmp_path / 'new.sqlite3'}"
        else:
            yield await opened.enter_async_context(_database(request.getfixturevalue("postgres_address")))


def answer(uow: UnitOfWork, dialogue: int, turn: int, value: object) -> int:
    """Answer the question of a turn by its buttons (a text is left out); give the next turn."""
    if isinstance(value, str) and value != "unknown":
        return dialogues.touch(uow, ANNA, Touch(dialogue, turn, "skip")).state.turn
    if isinstance(value, list):
        for choice in value:
            turn = dialogues.touch(uow, ANNA, Touch(dialogue, turn, "mark", choice)).state.turn
        return dialogues.touch(uow, ANNA, Touch(dialogue, turn, "done")).state.turn
    return dialogues.touch(uow, ANNA, Touch(dialogue, turn, "answer", str(value))).state.turn


async def begun(door: Door) -> tuple[Network, int, int]:
    """Let Anna accept, open her card and answer the first questions; give the network, the conversation and its turn."""
    network = await make(door)

    def work(uow: UnitOfWork) -> tuple[int, int]:
        invitations.accept(uow, network.tokens[JANOW[0], "head"], caller=ANNA, language="pl")
        anna = people.find(uow, ANNA)
        assert anna is not None
        talk = opening.open_card(uow, anna, network.round, network.memberships[JANOW[0]])
        assert isinstance(talk, Talk)
        turn = talk.state.turn
        for value in list(MEANT.values())[:ANSWERED]:
            turn = answer(uow, talk.id, turn, value)
        return talk.id, turn

    return network, *await door.act(work)


async def test_people_go_on_in_the_restored_copy(
    door: Door, database_url: str, new_machine: str, clock: FixedClock, house: House, tmp_path: Path
) -> None:
    """Anna is in the middle of her card when the machine burns; on the new one she goes on with the same question and sends the card.

    Whoever has not come yet comes by the invitation printed before, and the coordinator sees who has answered.
    """
    network, dialogue, turn = await begun(door)
    await door.act(housekeeping.tick)
    ran = konwent("backup", "--to", "kopia.zip", folder=tmp_path, KONWENT_DATABASE_URL=database_url)
    assert (ran.returncode, ran.stderr) == (0, "")
    # What comes after the backup is lost, and must not come back by halves.
    await door.act(lambda uow: answer(uow, dialogue, turn, list(MEANT.values())[ANSWERED]))
    await door.store.close()
    ran = konwent("restore", "kopia.zip", "--yes", folder=tmp_path, KONWENT_DATABASE_URL=new_machine)
    assert (ran.returncode, ran.stderr) == (0, "")

    store = open_store(new_machine)
    new = Door(store, clock, house)

    def go_on(uow: UnitOfWork) -> None:
        talk = dialogues.peek(uow, ANNA, dialogue)
        assert (talk.state.turn, len(talk.state.answers)) == (turn, ANSWERED)
        at = turn
        for value in list(MEANT.values())[ANSWERED:]:
            at = answer(uow, dialogue, at, value)
        assert dialogues.touch(uow, ANNA, Touch(dialogue, at, "confirm")).card is not None
        invitations.accept(uow, network.tokens[JANOW[1], "head"], caller=ANNA + 1, language="uk")

    def seen(uow: UnitOfWork) -> list[tuple[str, bool]]:
        return [(row.institution, row.submitted_at is not None) for row in rounds.coverage(uow, OPERATOR, network.round).rows]

    await new.act(go_on)
    assert sorted(await new.look(seen)) == sorted((name, name == JANOW[0]) for name in JANOW)
    await new.act(housekeeping.tick)
    chain = await new.look(lambda uow: audit_chain.verify(uow, network.body))
    assert (chain.broken_at, chain.waiting) == (None, 0)
    assert chain.sealed > 5
    turns = await new.look(lambda uow: uow.execute(select(DIALOGUE_EVENT.c.turn).order_by(DIALOGUE_EVENT.c.id)).scalars().all())
    assert turns == sorted(set(turns))
    await store.close()


# --- the commands -----------------------------------------------------------------------------------------------------


@pytest.fixture
def english(console: Console, monkeypatch: pytest.MonkeyPatch) -> Console:
    """A console with a network on it whose operator reads English."""
    settle(console)
    monkeypatch.setenv("KONWENT_LANGUAGE", "en")
    return console


def lose(console: Console) -> None:
    """Go on with an empty database in the same data folder, as after the disk of the database was replaced."""
    for path in (console.folder / "data").glob("konwent.sqlite3*"):
        path.unlink()


def test_a_backup_goes_into_a_closed_folder_of_its_own(english: Console) -> None:
    """Without a word more it lands in the data folder, closed to others, and the operator is told what is in it."""
    said = english.ok("backup")
    (path,) = (english.folder / "data" / "backups").iterdir()
    assert str(path) in said
    assert "names, addresses and answers" in said
    assert re.fullmatch(r"konwent-bot-\d{8}T\d{6}Z\.zip", path.name)
    assert [stat.S_IMODE(one.stat().st_mode) for one in (path, path.parent)] == [0o600, 0o700]


def test_old_backups_go_when_asked(english: Console) -> None:
    """A backup that is kept for ever holds for ever what people asked to erase."""
    folder = english.folder / "kopie"
    folder.mkdir()
    for day in ("20200101", "20200102"):
        (folder / f"konwent-bot-{day}T000000Z.zip").write_bytes(b"x")
    (folder / "lista.zip").write_bytes(b"x")
    assert "2 older backups were deleted." in english.ok("backup", "--to", str(folder), "--keep", "30")
    assert sorted(path.name.split("T")[0] for path in folder.iterdir())[-1] == "lista.zip"
    assert len(list(folder.iterdir())) == 2


def test_a_restore_brings_the_same_network(english: Console) -> None:
    """After the database is gone the newest backup brings back bodies and members; a second restore is refused."""
    path = english.file("kopia.zip", b"")
    Path(path).unlink()
    english.ok("backup", "--to", path)
    before = english.ok("body", "list")
    lose(english)
    said = english.ok("restore", path, "--yes")
    assert said.startswith("Restored: ")
    assert "hand over again" in said
    assert english.ok("body", "list") == before
    assert "is not empty" in english.refused("restore", path, "--yes")
    assert english.ok("body", "list") == before


@pytest.mark.parametrize(("typed", "code"), [("yes\n", 0), ("TAK\n", 0), ("no\n", 1), ("\n", 1), ("", 130)])
def test_it_asks_before_it_restores(typed: str, code: int, english: Console) -> None:
    """Only a plain yes restores; anything else, and silence, changes nothing."""
    path = str(english.folder / "kopia.zip")
    english.ok("backup", "--to", path)
    lose(english)
    ran = konwent(
        "restore", path, folder=english.folder, typed=typed, KONWENT_DATA_DIR=str(english.folder / "data"), KONWENT_LANGUAGE="en"
    )
    assert (ran.returncode, ran.stdout.startswith("The backup is of ")) == (code, True)
    assert (english.folder / "data" / "konwent.sqlite3").exists() == (code == 0)


def test_who_was_erased_after_the_backup_stays_erased(english: Console) -> None:
    """A restore does not bring back the name of somebody who asked to be forgotten; whoever was erased before is none of its business."""
    path = str(english.folder / "kopia.zip")

    def enter(uow: UnitOfWork) -> list[int]:
        values = [{"name": name, "email": f"{name}@x.example", "created_at": uow.now} for name in ("Ala", "Ela", "Ola")]
        return [int(uow.execute(insert(PERSON).values(value).returning(PERSON.c.id)).scalar_one()) for value in values]

    first, second, third = english.act(enter)
    english.ok("backup", "--to", path)
    now = english.look(lambda uow: uow.now)
    lines = [
        {"person": first, "at": (now - timedelta(days=3)).isoformat()},
        {"person": second, "at": (now + timedelta(seconds=5)).isoformat()},
    ]
    torn = json.dumps({"person": third, "at": now.isoformat()})[:-3]
    (english.folder / "data" / "erasures.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines) + torn)
    lose(english)
    assert "1 person erased after the backup was erased again." in english.ok("restore", path, "--yes")
    names = english.look(
        lambda uow: uow.execute(select(PERSON.c.name).where(PERSON.c.id.in_([first, second, third]))).scalars().all()
    )
    assert sorted(name for name in names if name) == ["Ala", "Ola"]


@pytest.mark.parametrize(
    "line",
    [
        "to nie jest JSON",
        '{"person": 1}',
        '{"person": "x", "at": "2026-01-01T00:00:00+00:00"}',
        '{"person": 1, "at": "2026"}',
        "[]",
    ],
)
def test_a_list_of_erased_people_that_cannot_be_read_stops_the_restore(line: str, english: Console) -> None:
    """Rather nobody comes back than somebody who asked to be forgotten."""
    path = str(english.folder / "kopia.zip")
    english.ok("backup", "--to", path)
    good = json.dumps({"person": 1, "at": datetime.now().astimezone().isoformat()})  # noqa: TID251 - any instant
    (english.folder / "data" / "erasures.jsonl").write_text(f"{good}\n{line}\n")
    lose(english)
    assert "(line 2)" in english.refused("restore", path, "--yes")
    assert not (english.folder / "data" / "konwent.sqlite3").exists()


def test_a_chain_that_does_not_hold_is_said_aloud(english: Console) -> None:
    """If somebody had changed the record of what was done, whoever restores learns of it; the data come back all the same."""
    english.act(housekeeping.tick)
    english.act(lambda uow: uow.execute(update(AUDIT_ENTRY).where(AUDIT_ENTRY.c.number == 1).values(act="x")) and None)
    path = str(english.folder / "kopia.zip")
    english.ok("backup", "--to", path)
    lose(english)
    printed = english.run("restore", path, "--yes")
    assert printed.code == 0
    assert "the chain of audit entries of janow does not hold" in printed.err


@pytest.mark.parametrize("what", ["none", "letter", "cut", "newer"])
def test_what_cannot_be_restored_changes_nothing(what: str, english: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong file is refused in one sentence, and no database is made."""
    path = english.folder / "kopia.zip"
    english.ok("backup", "--to", str(path))
    match what:
        case "none":
            path.unlink()
        case "letter":
            path.write_text("Szanowni Państwo")
        case "cut":
            os.truncate(path, path.stat().st_size // 2)
        case "newer":
            monkeypatch.setattr("konwent_bot.store.backup.reading.knows", lambda revision: False)
    lose(english)
    sentence = english.refused("restore", str(path), "--yes")
    assert str(path) in sentence
    assert sorted(one.name for one in (english.folder / "data").iterdir()) == []


def test_a_backup_of_nothing_is_refused(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no database yet nothing is copied, and none is made by asking."""
    monkeypatch.setenv("KONWENT_LANGUAGE", "en")
    assert "nothing to back up" in console.refused("backup")
    assert not (console.folder / "data" / "konwent.sqlite3").exists()


def test_a_backup_never_replaces_a_file(english: Console) -> None:
    """A slip in the name costs nobody a file."""
    there = english.file("lista.zip", b"x")
    assert "never replaces" in english.refused("backup", "--to", there)
    assert Path(there).read_bytes() == b"x"
