"""The plan of the year: from which ruled day a meeting comes, since when members know it, when it was changed after that."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.add_column("meeting", sa.Column("ruled_on", sa.Date(), nullable=True))
    op.add_column("meeting", sa.Column("planned_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("meeting", sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_body_checked_on", "body", ["checked_on"], unique=False)


def downgrade() -> None:
    """Take the tables back."""
    op.drop_index("ix_body_checked_on", "body")
    for name in ("changed_at", "planned_at", "ruled_on"):
        op.drop_column("meeting", name)
