"""Statements whose form differs between the engines, written once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Executable, Table
from sqlalchemy.dialects import postgresql, sqlite


def upsert(table: Table, finish: Callable[[Any], Executable]) -> Mapping[str, Executable]:
    """Give, by dialect, an INSERT with ON CONFLICT: ``finish`` adds values, conflict clause and RETURNING to the bare INSERT.

    Both engines share the clause but not the class; this is the only place that knows.
    """
    return {"sqlite": finish(sqlite.insert(table)), "postgresql": finish(postgresql.insert(table))}
