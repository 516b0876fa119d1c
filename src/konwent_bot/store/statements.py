"""Statements whose form differs between the engines, written once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Executable, Insert, Table, Update, literal
from sqlalchemy.dialects import postgresql, sqlite


def together(first: Update, then: Insert) -> Mapping[str, tuple[Executable, ...]]:
    """Give, by dialect, the statements that make two writes: PostgreSQL takes both in one round trip, SQLite has no need to.

    The two must not touch the same rows (PostgreSQL runs both on one snapshot), and their parameters need names of their own.
    """
    return {"sqlite": (first, then), "postgresql": (first.add_cte(then.returning(literal(1)).cte("then")),)}


def upsert(table: Table, finish: Callable[[Any], Executable]) -> Mapping[str, Executable]:
    """Give, by dialect, an INSERT with ON CONFLICT: ``finish`` adds values, conflict clause and RETURNING to the bare INSERT.

    Both engines share the clause but not the class; this is the only place that knows.
    """
    return {"sqlite": finish(sqlite.insert(table)), "postgresql": finish(postgresql.insert(table))}
