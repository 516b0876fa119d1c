"""Groups and choices: links that link a group chat or end reminders by e-mail, and whether somebody wants those."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.add_column("person", sa.Column("mail_reminders", sa.Boolean(), server_default=sa.true(), nullable=False))
    _purposes("'enter', 'connect', 'email', 'group', 'stop'")


def downgrade() -> None:
    """Take this revision back; the former program knows no link of the new kinds."""
    op.execute("delete from personal_link where purpose in ('group', 'stop')")
    _purposes("'enter', 'connect', 'email'")
    op.drop_column("person", "mail_reminders")


def _purposes(purposes: str) -> None:
    """Say what links may be for. No table refers to a link, so theirs may be made anew."""
    name = op.f("ck_personal_link_purpose")
    with op.batch_alter_table("personal_link", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.drop_constraint(name, type_="check")
        table.create_check_constraint(name, f"purpose in ({purposes})")
