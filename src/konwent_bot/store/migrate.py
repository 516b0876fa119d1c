"""Bringing a database to the revision this program was written for. All or nothing: one transaction on both engines."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection, text

from konwent_bot.errors import N_, Misconfigured
from konwent_bot.store.engines import Store

#: State of a database against this program: no tables yet, older, right, or from a newer program.
Standing = Literal["empty", "older", "current", "newer"]
#: Any number; it stands for "somebody migrates" among PostgreSQL's advisory locks.
_LOCK = 2_026_112_201


async def standing(store: Store) -> Standing:
    """Tell how the database stands against this program."""
    return await store.read(standing_of)


async def migrate(store: Store) -> bool:
    """Bring the database to this program's revision; tell whether anything had to be done.

    Raises:
        Misconfigured: the database is of a newer program; it is left as it is.
    """
    return await store.write(_upgrade)


async def require_current(store: Store) -> None:
    """Refuse to work on a database of another revision.

    Raises:
        Misconfigured: with what to do about it.
    """
    match await standing(store):
        case "empty" | "older":
            raise Misconfigured(N_("The database is not prepared for this version. Run: konwent-bot migrate"))
        case "newer":
            raise Misconfigured(_NEWER)
        case "current":
            return


_NEWER = N_("The database was prepared by a newer version of this program. Install that version; nothing has been changed.")


def standing_of(connection: Connection) -> Standing:
    """Tell how the database of a connection stands against this program."""
    current = revision_of(connection)
    if current is None:
        return "empty"
    if current == _revisions()[1]:
        return "current"
    return "older" if knows(current) else "newer"


def revision_of(connection: Connection) -> str | None:
    """Give the revision of a database; ``None`` when it was never prepared."""
    from alembic.migration import MigrationContext

    return MigrationContext.configure(connection).get_current_revision()


def knows(revision: str) -> bool:
    """Tell whether this program knows a revision; one it does not know is of a newer program."""
    return revision in _revisions()[0]


def lock(connection: Connection) -> None:
    """Let nobody else prepare this database until the transaction ends: a second one waits, then finds it done."""
    if connection.dialect.name == "postgresql":  # on SQLite whoever writes is alone
        connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def upgrade_to(connection: Connection, revision: str = "head") -> None:
    """Bring the tables to a revision this program knows, within the transaction of ``connection``."""
    from alembic import command
    from alembic.config import Config

    if not connection.in_transaction():
        connection.begin()  # SQLAlchemy's own notion of it: without it Alembic would open one too, and commit ours with it
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    command.upgrade(config, revision)


def _upgrade(connection: Connection) -> bool:
    lock(connection)
    match standing_of(connection):
        case "current":
            return False
        case "newer":
            raise Misconfigured(_NEWER)
        case "empty" | "older":
            upgrade_to(connection)
            return True


@lru_cache
def _revisions() -> tuple[frozenset[str], str]:
    """Give all revisions this program knows, and the newest."""
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory(Path(__file__).parent / "migrations")
    head = scripts.get_current_head()
    assert head is not None
    return frozenset(script.revision for script in scripts.walk_revisions()), head
