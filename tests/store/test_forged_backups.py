"""Backups that somebody made or changed by hand: refused in words, at no cost, and nothing is changed."""

from __future__ import annotations

import hashlib
import json
import os
import struct
import tracemalloc
import zipfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from tests.store import full

from konwent_bot.errors import Invalid, KonwentError, Misconfigured
from konwent_bot.store.backup import back_up, check, restore
from konwent_bot.store.engines import Store, open_store
from konwent_bot.store.migrate import migrate, standing

#: A backup taken apart: the manifest, and the lines of each table.
Parts = tuple[dict[str, Any], dict[str, list[Any]]]


@pytest.fixture
async def good(tmp_path: Path) -> Path:
    """A backup of a store in which no table is empty."""
    store = open_store(f"sqlite:///{tmp_path / 'source.sqlite3'}")
    await migrate(store)
    await store.write(full.fill)
    made = await back_up(store, tmp_path / "good.zip", now=full.LATER, program="1")
    await store.close()
    return made.path


@pytest.fixture
async def empty(empty_database_url: str) -> AsyncIterator[Store]:
    """A database to restore into."""
    store = open_store(empty_database_url)
    yield store
    await store.close()


def forged(good: Path, change: Callable[[dict[str, Any], dict[str, list[Any]]], None], *, honest: bool = True) -> Path:
    """Change a backup and, unless told otherwise, make its sums agree again."""
    with zipfile.ZipFile(good) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        tables = {
            table["name"]: [json.loads(line) for line in archive.read(f"tables/{table['name']}.jsonl").splitlines()]
            for table in manifest["tables"]
        }
    change(manifest, tables)
    bad = good.with_name("forged.zip")
    with zipfile.ZipFile(bad, "w", zipfile.ZIP_DEFLATED) as archive:
        for table in manifest["tables"]:
            if table["name"] not in tables:
                continue
            lines = b"".join(json.dumps(line).encode() + b"\n" for line in tables[table["name"]])
            if honest:
                table |= {"rows": len(tables[table["name"]]), "size": len(lines), "sha256": hashlib.sha256(lines).hexdigest()}
            archive.writestr(f"tables/{table['name']}.jsonl", lines)
        archive.writestr("manifest.json", json.dumps(manifest))
    return bad


def column(manifest: dict[str, Any], table: str, name: str) -> int:
    return [column for column, _ in _facts(manifest, table)["columns"]].index(name)


def _facts(manifest: dict[str, Any], table: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in manifest["tables"] if one["name"] == table)
    return found


def test_a_backup_put_together_again_is_good(good: Path) -> None:
    """The forger of these tests can make a good one; what is refused below is refused for what was changed."""
    assert check(forged(good, lambda manifest, tables: None)).rows == check(good).rows


# --- what is no backup ------------------------------------------------------------------------------------------------


def _zip(path: Path, **members: bytes) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("_", "."), data)


def _sqlite(path: Path) -> None:
    import sqlite3

    connection = sqlite3.connect(path)
    connection.execute("create table x (y)")
    connection.close()


FOREIGN: dict[str, Callable[[Path], object]] = {
    "an empty file": lambda path: path.write_bytes(b""),
    "a letter": lambda path: path.write_text("Szanowni Państwo"),
    "a picture": lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n" + os.urandom(5000)),
    "a database": _sqlite,
    "a spreadsheet": lambda path: _zip(path, **{"[Content_Types]_xml": b"<x/>"}),
    "somebody's zip with a manifest": lambda path: _zip(path, manifest_json=b'{"name": "app", "format": 1}'),
    "a manifest that is a list": lambda path: _zip(path, manifest_json=b"[1]"),
    "a folder": lambda path: path.mkdir(),
    "a pipe": os.mkfifo,
    "a device without an end": lambda path: path.symlink_to("/dev/zero"),
    "a zip with a huge directory": lambda path: path.write_bytes(
        b"PK\x03\x04" + bytes(100) + b"PK\x05\x06" + struct.pack("<4H2LH", 0, 0, 9, 9, 0x7FFFFFFF, 4, 0)
    ),
}


@pytest.mark.parametrize("kind", FOREIGN)
def test_what_is_no_backup_is_told_so(kind: str, tmp_path: Path) -> None:
    """Whatever file is named by mistake, the answer is one sentence."""
    path = tmp_path / "plik.zip"
    FOREIGN[kind](path)
    with pytest.raises(Invalid, match="is not a backup"):
        check(path)


def test_a_file_that_is_not_there_is_told_so(tmp_path: Path) -> None:
    """A slip in the name is named."""
    with pytest.raises(Invalid, match="There is no file"):
        check(tmp_path / "nie-ma.zip")


DAMAGED: dict[str, bytes] = {
    "words": b"to nie jest JSON",
    "a well": b"[" * 100_000,
    "a number without an end": b"9" * 10_000,
    "a claim without proof": b'{"what": "konwent-bot backup", "format": 1}',
    "tables in an odd place": b'{"what": "konwent-bot backup", "format": 1, "program": "1", "engine": "sqlite", "revision": "0001", '
    b'"created_at": "2026-01-01T00:00:00Z", "tables": [{"name": "../../etc/passwd", "columns": [["id", "integer"]], "rows": 0, '
    b'"size": 0, "sha256": "' + b"a" * 64 + b'"}]}',
    "more than a manifest": b" " * 3_000_000 + b"{}",
}


@pytest.mark.parametrize("kind", DAMAGED)
def test_a_manifest_that_is_none_is_damage(kind: str, tmp_path: Path) -> None:
    """Nothing a manifest says leads the program astray."""
    path = tmp_path / "plik.zip"
    _zip(path, manifest_json=DAMAGED[kind])
    with pytest.raises(Invalid, match="is damaged"):
        check(path)


# --- newer ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("claim", [{"format": 2}, {"revision": "9999"}, {"format": 99, "tables": "otherwise"}])
async def test_a_backup_of_a_newer_program_is_left_to_it(claim: dict[str, Any], good: Path, empty: Store) -> None:
    """What this version cannot understand it does not guess at; it says which program can."""
    bad = good.with_name("newer.zip")
    with zipfile.ZipFile(good) as archive:
        said = json.loads(archive.read("manifest.json"))
    _zip(bad, manifest_json=json.dumps(said | claim).encode())
    with pytest.raises(Misconfigured, match="newer version"):
        check(bad)
    with pytest.raises(Misconfigured, match="newer version"):
        await restore(empty, bad, lambda _connection, _manifest: None)
    assert await standing(empty) == "empty"


# --- changed by hand --------------------------------------------------------------------------------------------------


def _set(table: str, name: str, value: object) -> Callable[[dict[str, Any], dict[str, list[Any]]], None]:
    def change(manifest: dict[str, Any], tables: dict[str, list[Any]]) -> None:
        tables[table][0][column(manifest, table, name)] = value

    return change


def _rename(manifest: dict[str, Any], tables: dict[str, list[Any]]) -> None:
    manifest["tables"][0]["columns"][1][0] = "drop_table_person"


UNREADABLE: dict[str, Callable[[dict[str, Any], dict[str, list[Any]]], None]] = {
    "a word for a number": _set("seat", "number", "1"),
    "truth for a number": _set("seat", "number", True),
    "a number beyond any": _set("seat", "number", 2**63),
    "half a number": _set("seat", "number", 1.5),
    "a number for a word": _set("person", "name", 5),
    "an hour of no place": _set("person", "created_at", "2026-01-01T00:00:00"),
    "a day that is none": _set("membership", "joined_on", "2026-02-30"),
    "a file that is none": _set("upload", "content", "ążź"),
    "a row that is none": lambda manifest, tables: tables["person"].append({"name": "Anna"}),
    "a row too short": lambda manifest, tables: tables["person"].append([1]),
    "two tables of one name": lambda manifest, tables: manifest["tables"].append(dict(manifest["tables"][0])),
    "no tables at all": lambda manifest, tables: tables.clear(),
}


@pytest.mark.filterwarnings("ignore:Duplicate name:UserWarning")
@pytest.mark.parametrize("kind", UNREADABLE)
def test_values_of_a_wrong_kind_are_damage(kind: str, good: Path) -> None:
    """Sums that agree do not make nonsense true."""
    with pytest.raises(Invalid, match="is damaged"):
        check(forged(good, UNREADABLE[kind]))


@pytest.mark.parametrize("table", ["person", "upload", "audit_entry"])
def test_sums_that_do_not_agree_are_damage(table: str, good: Path) -> None:
    """A row changed, left out or added is noticed by the table's sum."""
    with pytest.raises(Invalid, match="is damaged"):
        check(forged(good, lambda manifest, tables: tables[table].append(tables[table][0]), honest=False))


CONTRADICTING: dict[str, Callable[[dict[str, Any], dict[str, list[Any]]], None]] = {
    "a seat of nobody known": _set("seat", "person_id", 4711),
    "a body under a body that is not there": _set("body", "parent_id", 4711),
    "a role nobody has": _set("seat", "role", "king"),
    "nothing where something must be": _set("person", "created_at", None),
    "the same row twice": lambda manifest, tables: tables["person"].append(tables["person"][0]),
    "other columns": _rename,
    "a table less": lambda manifest, tables: manifest["tables"].remove(_facts(manifest, "throttle")),
}  # fmt: skip


@pytest.mark.parametrize("kind", CONTRADICTING)
async def test_rules_of_the_database_hold_for_backups_too(kind: str, good: Path, empty: Store) -> None:
    """A backup changed by hand so that it breaks a rule is refused as a whole, and the true one can be restored afterwards."""
    bad = forged(good, CONTRADICTING[kind])
    with pytest.raises(Invalid, match="breaks the rules"):
        await restore(empty, bad, lambda _connection, _manifest: None)
    assert await standing(empty) == "empty"
    await restore(empty, good, lambda _connection, _manifest: None)
    assert sum(map(len, (await full.rows(empty)).values())) == check(good).rows


# --- bombs ------------------------------------------------------------------------------------------------------------


def test_names_in_the_zip_lead_nowhere(good: Path, tmp_path: Path) -> None:
    """Nothing is ever unpacked; a member that climbs out of its folder makes the whole file damaged."""
    bad = tmp_path / "evil.zip"
    bad.write_bytes(good.read_bytes())
    with zipfile.ZipFile(bad, "a") as archive:
        archive.writestr("../../climbed.txt", b"x")
        archive.writestr("/tmp/climbed.txt", b"x")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(Invalid, match="is damaged"):
        check(bad)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_bomb_costs_no_memory(good: Path) -> None:
    """A small file that would unpack to half a gigabyte on one line is refused after a part of it."""
    bomb = good.with_name("bomb.zip")
    size = 512 * 1024 * 1024
    with zipfile.ZipFile(good) as there, zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as here:
        said = json.loads(there.read("manifest.json"))
        said["tables"] = [said["tables"][0] | {"size": size}]
        with here.open(f"tables/{said['tables'][0]['name']}.jsonl", "w") as member:
            for _ in range(size // 2**20):
                member.write(bytes(2**20))
        here.writestr("manifest.json", json.dumps(said))
    tracemalloc.start()
    try:
        with pytest.raises(KonwentError, match="is damaged"):
            check(bomb)
        assert tracemalloc.get_traced_memory()[1] < 100_000_000
    finally:
        tracemalloc.stop()
