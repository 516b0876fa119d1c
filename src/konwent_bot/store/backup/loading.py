"""Restoring: a whole backup into an empty database, in one transaction, or nothing at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TypeVar

from sqlalchemy import JSON, Connection, Insert, Text, bindparam, cast, func, insert, inspect, literal, select, text
from sqlalchemy.exc import DataError, IntegrityError

from konwent_bot.errors import N_, Invalid, Refused
from konwent_bot.store.backup.format import REVISION_TABLE, Manifest, TableFacts, as_table, tables_of
from konwent_bot.store.backup.reading import Archive, opened
from konwent_bot.store.engines import Store
from konwent_bot.store.migrate import lock, revision_of, upgrade_to

T = TypeVar("T")

#: Rows, and bytes of them as written, that go to the database at once.
_ROWS: Final = 1000
_BYTES: Final = 4 * 1024 * 1024

_TAKEN_FILE = N_(
    "The database {path} is not empty, and a restore never writes over anything. Stop the program and move that file, with those beside it whose names begin alike, somewhere else. Nothing has been changed."
)
_TAKEN = N_(
    "The database is not empty, and a restore never writes over anything. Make an empty one and name it in KONWENT_DATABASE_URL. Nothing has been changed."
)
_CONTRADICTS = N_(
    "The backup {path} breaks the rules of the database (table {table}), so somebody has changed it. Nothing has been changed here; please take another backup."
)


async def restore(store: Store, path: Path, afterwards: Callable[[Connection, Manifest], T]) -> T:
    """Bring an empty database to what the backup at ``path`` holds, then to this program's revision; give what ``afterwards`` gives.

    ``afterwards(connection, manifest)`` belongs to the same transaction: erasures that came after the backup are repeated there,
    so that there is no moment at which anybody could see what was erased. All of it may run twice (see ``store.engines``).

    Raises:
        Invalid: the file is no backup, is damaged, or breaks a rule of the database.
        Misconfigured: the backup is of a newer program.
        Refused: the database holds something.
    """

    def whole(connection: Connection) -> T:
        with opened(path) as archive:
            load(connection, archive)
            return afterwards(connection, archive.manifest)

    return await store.write(whole)


def load(connection: Connection, archive: Archive) -> None:
    """Do the work of ``restore`` within a transaction that is open."""
    lock(connection)
    _clear(connection)
    manifest = archive.manifest
    upgrade_to(connection, manifest.revision)
    there = {name: dict(columns) for name, columns in tables_of(connection).items()}
    if there != {table.name: dict(table.columns) for table in manifest.tables}:
        raise Invalid(_CONTRADICTS, path=archive.path, table=REVISION_TABLE)
    with _references_at_the_end(connection, archive):
        for table in manifest.tables:
            try:
                _fill(connection, archive, table)
            except (IntegrityError, DataError) as error:
                raise Invalid(_CONTRADICTS, path=archive.path, table=table.name) from error
    upgrade_to(connection)
    kept = set(inspect(connection).get_table_names())
    for table in manifest.tables:
        if table.counter is not None and table.name in kept:
            _count_on(connection, table.name, table.counter)


def _clear(connection: Connection) -> None:
    """Take away the tables of a prepared database that holds nothing. Raises ``Refused`` for any other.

    A prepared database may be of another revision than the backup, so its tables are made anew.
    """
    quote = connection.dialect.identifier_preparer.quote
    in_order = (name for name, _ in inspect(connection).get_sorted_table_and_fkc_names() if name is not None)
    tables = {name: quote(name) for name in in_order}
    if not tables:
        return
    postgres = connection.dialect.name == "postgresql"
    if postgres:  # nobody may write into what we are about to find empty
        connection.execute(text(f"lock table {', '.join(tables.values())} in access exclusive mode"))
    looked_at = [quoted for name, quoted in tables.items() if name != REVISION_TABLE]
    held = any(connection.execute(text(f"select 1 from {quoted} limit 1")).first() for quoted in looked_at)  # noqa: S608 - quoted
    if held or revision_of(connection) is None:  # somebody else's tables are not ours to take away, empty or not
        raise Refused(_TAKEN) if postgres else Refused(_TAKEN_FILE, path=connection.engine.url.database)
    for quoted in reversed(tables.values()):  # SQLite does not let a table go before those that refer to it
        connection.execute(text(f"drop table {quoted}{' cascade' if postgres else ''}"))


def _fill(connection: Connection, archive: Archive, table: TableFacts) -> None:
    statement, names = _insert(connection, table), [name for name, _ in table.columns]
    some: list[dict[str, Any]] = []
    held = 0
    for row, size in archive.rows(table):
        some.append(dict(zip(names, row, strict=True)))
        held += size
        if len(some) >= _ROWS or held >= _BYTES:
            connection.execute(statement, some)
            some, held = [], 0
    if some:
        connection.execute(statement, some)
    stored = connection.execute(select(func.count()).select_from(as_table(table.name, table.columns))).scalar_one()
    assert stored == table.rows, f"{table.name}: {stored} rows of {table.rows}"


def _insert(connection: Connection, table: TableFacts) -> Insert:
    target = as_table(table.name, table.columns)
    values: dict[str, Any] = {name: bindparam(name, type_=target.c[name].type) for name, _ in table.columns}
    if connection.dialect.name == "postgresql":  # text is not taken for JSON there unasked
        values |= {name: cast(bindparam(name, type_=Text()), JSON) for name, kind in table.columns if kind == "json"}
    return insert(target).values(values)


@contextmanager
def _references_at_the_end(connection: Connection, archive: Archive) -> Iterator[None]:
    """Let rows name rows that come later (a body its parent, tables one another), and look at all references afterwards."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("pragma defer_foreign_keys = on"))
        yield
        if broken := connection.execute(text("pragma foreign_key_check")).first():
            raise Invalid(_CONTRADICTS, path=archive.path, table=str(broken[0]))
        connection.execute(text("pragma defer_foreign_keys = off"))
        return
    quote = connection.dialect.identifier_preparer.quote
    references = [
        f"alter table {quote(name)} alter constraint {quote(str(found['name']))}"
        for (_, name), keys in inspect(connection).get_multi_foreign_keys().items()
        for found in keys
    ]
    for reference in references:
        connection.execute(text(f"{reference} deferrable initially deferred"))
    yield
    try:
        connection.execute(text("set constraints all immediate"))
    except IntegrityError as error:
        table = getattr(getattr(error.orig, "__cause__", None), "table_name", None) or REVISION_TABLE
        raise Invalid(_CONTRADICTS, path=archive.path, table=table) from error
    for reference in references:
        connection.execute(text(f"{reference} not deferrable"))


def _count_on(connection: Connection, name: str, counter: int) -> None:
    """Go on counting ids where the former database stopped, so that no old button ever points at a new row."""
    target = as_table(name, (("id", "integer"),))
    highest = max(counter, connection.execute(select(func.max(target.c.id))).scalar() or 0)
    if not highest:
        return
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.setval(func.pg_get_serial_sequence(literal(name), literal("id")), highest)))
        return
    said = {"name": name, "highest": highest}
    if not connection.execute(text("update sqlite_sequence set seq = :highest where name = :name"), said).rowcount:
        connection.execute(text("insert into sqlite_sequence (name, seq) values (:name, :highest)"), said)
