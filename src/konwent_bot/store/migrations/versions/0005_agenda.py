"""The agenda: why a proposal was declined; a standing item stands once, and a matter is carried over once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

STANDING = sa.text("kind not in ('own', 'carried')")
CARRIED = sa.text("from_id is not null")


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.add_column("agenda_item", sa.Column("reason", sa.Text(), server_default="", nullable=False))
    op.create_index(
        "uq_agenda_item_standing",
        "agenda_item",
        ["meeting_id", "kind"],
        unique=True,
        sqlite_where=STANDING,
        postgresql_where=STANDING,
    )
    op.create_index(
        "uq_agenda_item_carried", "agenda_item", ["from_id"], unique=True, sqlite_where=CARRIED, postgresql_where=CARRIED
    )


def downgrade() -> None:
    """Take this revision back; reasons are lost."""
    op.drop_index("uq_agenda_item_carried", "agenda_item", sqlite_where=CARRIED, postgresql_where=CARRIED)
    op.drop_index("uq_agenda_item_standing", "agenda_item", sqlite_where=STANDING, postgresql_where=STANDING)
    op.drop_column("agenda_item", "reason")
