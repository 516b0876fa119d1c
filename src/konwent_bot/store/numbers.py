"""Reserving ids before rows are written, so that many rows that refer to one another go in by one statement a table."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, Table, text

_NEXT = {
    # The write lock is held for the whole unit of work, so the numbers after the last one are ours; rows written with them
    # move the sequence (AUTOINCREMENT).
    "sqlite": text("select coalesce((select seq from sqlite_sequence where name = :table), 0)"),
    "postgresql": text("select nextval(pg_get_serial_sequence(:table, 'id')) from generate_series(1, :n)"),
}


def reserve(connection: Connection, table: Table, n: int) -> Sequence[int]:
    """Give ``n`` ids for new rows of ``table`` (with an automatic ``id``), ascending. They must be used in this unit of work.

    Why not RETURNING: it gives no order of its own, and to get one on SQLite SQLAlchemy would send row after row.
    """
    if n == 0:
        return ()
    match connection.dialect.name:
        case "sqlite":
            last = int(connection.execute(_NEXT["sqlite"], {"table": table.name}).scalar_one())
            return range(last + 1, last + n + 1)
        case _:
            return list(connection.execute(_NEXT["postgresql"], {"table": table.name, "n": n}).scalars())
