"""Taking a copy: every table of one snapshot, row by row, into a zip."""

from __future__ import annotations

import hashlib
import json
import zipfile
from datetime import datetime
from typing import IO, Any, Final

from sqlalchemy import Connection, Text, cast, func, literal, select, text

from konwent_bot.errors import N_, Misconfigured, Refused
from konwent_bot.store.backup.format import LINE_BYTES, MANIFEST, Kind, Manifest, TableFacts, as_table, encode, tables_of
from konwent_bot.store.migrate import revision_of, standing_of

#: Rows in memory at a time, and of tables that hold files (a row may then be some megabytes).
ROWS: Final = 200
ROWS_OF_FILES: Final = 8
#: Speed before size: text like ours shrinks to a tenth at the lowest level already.
_LEVEL: Final = 3


def write(connection: Connection, file: IO[bytes], *, now: datetime, program: str) -> Manifest:
    """Write the snapshot that ``connection`` sees into ``file`` (seekable), and give the manifest.

    Raises:
        Refused: there is nothing to copy.
        Misconfigured: the database is of a newer program, whose tables we do not know.
    """
    match standing_of(connection):
        case "empty":
            raise Refused(N_("There is no database of this program yet, so there is nothing to back up."))
        case "newer":
            raise Misconfigured(N_("The database was prepared by a newer version of this program. Install that version."))
    revision = revision_of(connection)
    assert revision is not None
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        tables = tuple(_table(connection, archive, name, columns) for name, columns in tables_of(connection).items())
        manifest = Manifest(
            program=program,
            engine="sqlite" if connection.dialect.name == "sqlite" else "postgresql",
            revision=revision,
            created_at=now,
            tables=tables,
        )
        archive.writestr(MANIFEST, manifest.model_dump_json(indent=1))
    return manifest


def _table(connection: Connection, archive: zipfile.ZipFile, name: str, columns: tuple[tuple[str, Kind], ...]) -> TableFacts:
    table = as_table(name, columns)
    kinds = [kind for _, kind in columns]
    statement = select(*(cast(table.c[column], Text) if kind == "json" else table.c[column] for column, kind in columns))
    at_a_time = ROWS_OF_FILES if "bytes" in kinds else ROWS
    rows, size, digest = 0, 0, hashlib.sha256()
    with (
        archive.open(f"tables/{name}.jsonl", "w", force_zip64=True) as member,
        # Streamed: on PostgreSQL by a cursor of the server, or the driver would take in the whole table at once.
        connection.execute(statement.execution_options(yield_per=at_a_time)) as found,
    ):
        for some in found.partitions():
            lines = b"".join(_line(kinds, row) for row in some)
            member.write(lines)
            digest.update(lines)
            rows, size = rows + len(some), size + len(lines)
    return TableFacts(
        name=name, columns=columns, rows=rows, size=size, sha256=digest.hexdigest(), counter=_counter(connection, name, columns)
    )


def _line(kinds: list[Kind], row: Any) -> bytes:
    values = [encode(kind, value) for kind, value in zip(kinds, row, strict=True)]
    line = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    assert len(line) <= LINE_BYTES, "a row that no reader would take"
    return line


def _counter(connection: Connection, name: str, columns: tuple[tuple[str, Kind], ...]) -> int | None:
    """Give the highest id a table has ever given, ``None`` when it counts nothing."""
    if connection.dialect.name == "sqlite":
        made = connection.execute(text("select sql from sqlite_master where type = 'table' and name = :name"), {"name": name})
        if "AUTOINCREMENT" not in str(made.scalar_one()).upper():
            return None
        return connection.execute(text("select seq from sqlite_sequence where name = :name"), {"name": name}).scalar() or 0
    if ("id", "integer") not in columns:
        return None
    sequence = connection.execute(select(func.pg_get_serial_sequence(literal(name), literal("id")))).scalar()
    if sequence is None:
        return None
    # The name comes from the server, which quotes it as it must be.
    last, called = connection.execute(text(f"select last_value, is_called from {sequence}")).one()  # noqa: S608
    return int(last) if called else int(last) - 1
