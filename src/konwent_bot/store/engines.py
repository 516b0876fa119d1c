"""The two engines behind one door: ``write`` runs a function of a connection in one transaction, ``read`` in a snapshot.

The function is synchronous on both, so an act is written once. It may run more than once (PostgreSQL resolves a deadlock by
rolling one side back), so it must do nothing but speak to the connection it is given.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

from sqlalchemy import Connection
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from konwent_bot.errors import N_, Misconfigured

T = TypeVar("T")
Unit = Callable[[Connection], T]


class Store(Protocol):
    """Where everything is kept."""

    #: ``sqlite`` or ``postgresql``.
    dialect: str

    async def write(self, unit: Unit[T]) -> T:
        """Run ``unit`` in one transaction and give its value once the commit is on disk; an exception rolls back all it did."""

    async def read(self, unit: Unit[T]) -> T:
        """Run ``unit`` in a snapshot that sees only committed work and cannot change anything."""

    async def scrub(self) -> bool:
        """Wipe what committed deletions left behind in the database's files; tell whether all of it is gone.

        Never raises for a database that is busy or away: what was deleted is deleted, and the wiping is tried again later.
        """

    async def close(self) -> None:
        """Finish what is under way and let go of files and connections."""


def open_store(url: str) -> Store:
    """Open the store at ``sqlite:///path`` or ``postgresql://user:password@host/name``.

    Nothing is read or written yet but the path is checked.

    Raises:
        Misconfigured: the address is no database address, or of a database this program does not speak to.
    """
    try:
        parts = make_url(url)
    except ArgumentError as error:
        raise Misconfigured(
            N_("KONWENT_DATABASE_URL is not an address of a database (sqlite:///file or postgresql://...).")
        ) from error
    match parts.get_backend_name():
        case "sqlite" if parts.database and parts.database != ":memory:":
            from konwent_bot.store.sqlite import SqliteStore

            return SqliteStore(Path(parts.database))
        case "postgresql":
            from konwent_bot.store.postgres import PostgresStore

            return PostgresStore(parts)
        case _:
            raise Misconfigured(
                N_("KONWENT_DATABASE_URL must name an SQLite file (sqlite:///file) or a PostgreSQL server (postgresql://...).")
            )
