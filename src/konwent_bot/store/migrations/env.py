"""Alembic's entry. It is only ever run by ``store.migrate`` inside a transaction that is already open."""

from alembic import context
from sqlmodel import SQLModel

import konwent_bot.store.tables  # noqa: F401 - fills the metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,  # SQLite alters a table by making it anew
    compare_type=True,
)
context.run_migrations()
