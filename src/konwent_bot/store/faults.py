"""What the drivers say when a database is not well, turned into sentences an operator can act on."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError, OperationalError

from konwent_bot.errors import N_, KonwentError, Misconfigured


class StoreBusy(KonwentError):
    """The database is held by somebody else for too long; nothing has changed and trying again may help."""


INTERRUPTED = N_("The work was interrupted before it was finished. Nothing has been changed; please try again.")
_UNREACHABLE = N_("The database server cannot be reached. Check KONWENT_DATABASE_URL and whether the server runs.")

#: Part of the driver's message (both engines, lower case) -> the sentence. The first that fits is taken.
_KNOWN: tuple[tuple[str, type[KonwentError], str], ...] = (
    ("readonly database", Misconfigured, N_("The database cannot be written to. Check the rights to its file and folder.")),
    (
        "read-only transaction",
        Misconfigured,
        N_("The database accepts no changes (it is read-only). Connect to the main server."),
    ),
    (
        "database is locked",
        StoreBusy,
        N_("Another program holds the database. Nothing has been changed; please try again in a moment."),
    ),
    (
        "lock timeout",
        StoreBusy,
        N_("Another program holds the database. Nothing has been changed; please try again in a moment."),
    ),
    (
        "unable to open database file",
        Misconfigured,
        N_("The database file cannot be opened. Check that its folder exists and may be written to."),
    ),
    ("file is not a database", Misconfigured, N_("The database file is something else than a database of this program.")),
    ("database disk image is malformed", Misconfigured, N_("The database file is damaged. Restore it from a backup.")),
    ("database or disk is full", Misconfigured, N_("There is no room left on the disk of the database.")),
    ("disk i/o error", Misconfigured, N_("The disk of the database reports an error.")),
    (
        "password authentication failed",
        Misconfigured,
        N_("The database server refuses the name or the password in KONWENT_DATABASE_URL."),
    ),
    # "is starting up", "is in recovery mode", "is shutting down": a server that is being started again.
    ("the database system is", Misconfigured, _UNREACHABLE),
    ("does not exist", Misconfigured, N_("The database server knows no such database or user. Check KONWENT_DATABASE_URL.")),
)


def explain(error: BaseException) -> KonwentError | None:
    """Give the sentence for a database fault, or ``None`` for an error that is a mistake of ours and must be seen as such."""
    if isinstance(error, OSError):
        return Misconfigured(_UNREACHABLE)
    if not isinstance(error, DBAPIError):
        return None
    words = str(error.orig).lower()
    for part, kind, sentence in _KNOWN:
        if part in words and (part != "does not exist" or words.startswith(("<class", 'database "', 'role "'))):
            return kind(sentence)
    return Misconfigured(_UNREACHABLE) if error.connection_invalidated or "connection" in words else None


def is_conflict(error: BaseException) -> bool:
    """Tell whether PostgreSQL rolled a unit of work back only because another one was in the way (40001, 40P01): run it again."""
    state = getattr(getattr(error, "orig", None), "sqlstate", None)
    return isinstance(error, OperationalError | DBAPIError) and state in {"40001", "40P01"}
