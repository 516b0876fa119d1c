"""The form of a backup: its manifest, and how each kind of value is written so that both engines get the very same back."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any, Final, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    inspect,
)  # fmt: skip
from sqlalchemy.types import TypeEngine

from konwent_bot.store.columns import UtcInstant

#: What the manifest says it is; anything else is somebody else's zip.
WHAT: Final = "konwent-bot backup"
#: Version of this form. A reader knows its own and those before it.
FORMAT: Final = 1
#: Name of the manifest in the zip.
MANIFEST: Final = "manifest.json"
#: Longest line of a table, in bytes: many times the largest file anybody may upload, and a bound on what a reader holds in memory.
LINE_BYTES: Final = 32 * 1024 * 1024
#: Where alembic keeps the revision; it is in the manifest, not among the tables.
REVISION_TABLE: Final = "alembic_version"

#: Kinds of values. A column of any other type is not silently mangled: ``columns_of`` refuses it (and a test looks at every table).
Kind = Literal["integer", "text", "boolean", "instant", "date", "json", "bytes"]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,62}$")]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True)


class TableFacts(_Model):
    """What the backup holds of one table."""

    #: Name of the table.
    name: Name
    #: Its columns in the order of the values of a line, each with its kind.
    columns: tuple[tuple[Name, Kind], ...] = Field(min_length=1)
    #: How many rows, one a line.
    rows: int = Field(ge=0)
    #: Size of its file before compression, in bytes.
    size: int = Field(ge=0)
    #: SHA-256 of its file, in hexadecimal.
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    #: The highest id ever given; ids of deleted rows are not given again after a restore. ``None``: the table counts nothing.
    counter: int | None = Field(default=None, ge=0)

    @property
    def member(self) -> str:
        """Name of its file in the zip."""
        return f"tables/{self.name}.jsonl"


class Manifest(_Model):
    """What a backup says of itself."""

    what: Literal["konwent-bot backup"] = WHAT
    format: Literal[1] = FORMAT
    #: Version of the program that made it.
    program: str
    #: Engine it was taken from: ``sqlite`` or ``postgresql``.
    engine: Literal["sqlite", "postgresql"]
    #: Revision of its tables.
    revision: str = Field(min_length=1, max_length=32)
    #: Instant of the snapshot, in civil time.
    created_at: AwareDatetime
    tables: tuple[TableFacts, ...]

    @model_validator(mode="after")
    def _each_table_once(self) -> Manifest:
        if len({table.name for table in self.tables}) != len(self.tables):
            raise ValueError("a table twice")
        return self

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(table.rows for table in self.tables)


# --- kinds of columns -------------------------------------------------------------------------------------------------

#: The first that fits is taken. An instant is looked for before anything else it could be mistaken for.
_KINDS: tuple[tuple[type[TypeEngine[Any]], Kind], ...] = (
    (DateTime, "instant"),
    (Date, "date"),
    (JSON, "json"),
    (Boolean, "boolean"),
    (Integer, "integer"),
    (LargeBinary, "bytes"),
    (String, "text"),
)

#: How a kind is spoken to the drivers. JSON goes as its text: decoded and encoded on the way, NULL and ``null`` would be one.
_TYPES: Mapping[Kind, Callable[[], TypeEngine[Any]]] = {
    "integer": BigInteger,
    "text": Text,
    "boolean": Boolean,
    "instant": UtcInstant,
    "date": Date,
    "json": Text,
    "bytes": LargeBinary,
}


def kind_of(name: str, type_: TypeEngine[Any]) -> Kind:
    """Give the kind of a column's type. Raises ``TypeError`` for one that no backup could hold."""
    for candidate, kind in _KINDS:
        if isinstance(type_, candidate):
            return kind
    raise TypeError(f"{name}: a backup cannot hold {type_!r}; add a kind to store.backup.format")


def tables_of(connection: Connection) -> dict[str, tuple[tuple[str, Kind], ...]]:
    """Give the tables of a database, by name in order, each with its columns and their kinds; without alembic's own."""
    seen = inspect(connection)
    return {
        name: tuple((str(c["name"]), kind_of(f"{name}.{c['name']}", c["type"])) for c in seen.get_columns(name))
        for name in sorted(seen.get_table_names())
        if name != REVISION_TABLE
    }


def as_table(name: str, columns: tuple[tuple[str, Kind], ...]) -> Table:
    """Give a table to write statements with, typed by our kinds and not by what the engine calls them."""
    return Table(name, MetaData(), *(Column(column, _TYPES[kind]()) for column, kind in columns))


# --- values -----------------------------------------------------------------------------------------------------------


def encode(kind: Kind, value: Any) -> Any:
    """Give a value as JSON can hold it."""
    if value is None:
        return None
    match kind:
        case "bytes":
            return base64.b64encode(value).decode("ascii")
        case "instant" | "date":
            return value.isoformat()
        case _:
            return value


def decode(kind: Kind, value: Any) -> Any:
    """Give a value back from JSON. Raises ``ValueError`` when it is not of its kind."""
    match kind, value:
        case _, None:
            return None
        case "integer", int() if not isinstance(value, bool) and -(2**63) <= value < 2**63:
            return value
        case "boolean", bool():
            return value
        case "text" | "json", str():
            return value
        case "bytes", str():
            return base64.b64decode(value, validate=True)
        case "date", str():
            return date.fromisoformat(value)
        case "instant", str():
            instant = datetime.fromisoformat(value)
            if instant.tzinfo is None:
                raise ValueError("an instant without a time zone")
            return instant.astimezone(UTC)
        case _:
            raise ValueError(f"no {kind}")
