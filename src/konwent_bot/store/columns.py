"""Column types and names shared by all tables."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Integer
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel

#: Every constraint has a name that migrations on both engines can refer to.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
SQLModel.metadata.naming_convention = NAMING

#: Ids and counters: 64 bits on PostgreSQL; SQLite must see INTEGER to make the column its row id.
Id = BigInteger().with_variant(Integer(), "sqlite")


class UtcInstant(TypeDecorator[datetime]):
    """What happened: an instant, always timezone-aware and in UTC on the Python side (SQLite would return naive values)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive value; store UTC (without the zone on SQLite, whose driver would write it into the text)."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant without a time zone cannot be stored")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give a UTC-aware value."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def one_of(column: str, *values: str) -> str:
    """Write the SQL of a CHECK that ``column`` holds one of ``values`` (text, not a native enum: new values are a migration of one line)."""
    return f"{column} in ({', '.join(repr(v) for v in values)})"


#: Table arguments that keep SQLite from giving a deleted row's id to a new one: old buttons must not point at new rows.
NEVER_REUSE_IDS: dict[str, Any] = {"sqlite_autoincrement": True}
