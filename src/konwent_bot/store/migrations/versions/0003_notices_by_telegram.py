"""Notices by Telegram: who is reached by what, files that go along, pauses."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WAITING = sa.text("settled_at is null")


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "enclosure",
        sa.Column("id", ID, nullable=False),
        sa.Column("notice_id", ID, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("method", sa.String(length=20), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_enclosure_sha256")),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_enclosure_notice_id_notice"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enclosure")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_enclosure_notice_id", "enclosure", ["notice_id"], unique=False)
    op.create_table(
        "sent_file",
        sa.Column("bot_id", ID, autoincrement=False, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("file_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("bot_id", "sha256", name=op.f("pk_sent_file")),
    )
    op.create_table(
        "sending_pause",
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.CheckConstraint("channel in ('telegram', 'mail')", name=op.f("ck_sending_pause_channel")),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_sending_pause")),
    )
    _ruled("notice", "channel", sa.String(length=10), "", "channel", "channel in ('', 'telegram', 'mail')")
    op.drop_index("ix_notice_due_at", "notice", sqlite_where=WAITING, postgresql_where=WAITING)
    op.create_index(
        "ix_notice_channel_due_at", "notice", ["channel", "due_at"], unique=False, sqlite_where=WAITING, postgresql_where=WAITING
    )
    op.create_index("ix_notice_subject", "notice", ["subject"], unique=False)
    op.add_column("person", sa.Column("mail_refused_at", sa.DateTime(timezone=True), nullable=True))
    _ruled("person", "channel", sa.String(length=10), "telegram", "channel", "channel in ('telegram', 'mail', 'both')")
    op.add_column("person", sa.Column("digest", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("person", sa.Column("quiet_from", sa.Integer(), server_default="20", nullable=False))
    _ruled("person", "quiet_to", sa.Integer(), "7", "quiet_hours", "quiet_from between 0 and 23 and quiet_to between 0 and 23")
    _deliver_by("'telegram', 'mail'")


def downgrade() -> None:
    """Go back to the former revision. What was said of Telegram goes: the former program knows no such channel."""
    op.execute("delete from delivery where channel <> 'mail'")
    _deliver_by("'mail'")
    for column, rule in (("quiet_to", "quiet_hours"), ("quiet_from", ""), ("digest", ""), ("channel", "channel")):
        _drop("person", column, rule)
    op.drop_column("person", "mail_refused_at")
    op.drop_index("ix_notice_subject", "notice")
    op.drop_index("ix_notice_channel_due_at", "notice", sqlite_where=WAITING, postgresql_where=WAITING)
    op.create_index("ix_notice_due_at", "notice", ["due_at"], unique=False, sqlite_where=WAITING, postgresql_where=WAITING)
    _drop("notice", "channel", "channel")
    op.drop_table("sending_pause")
    op.drop_table("sent_file")
    op.drop_index("ix_enclosure_notice_id", "enclosure")
    op.drop_table("enclosure")


def _ruled(table: str, column: str, kind: sa.types.TypeEngine[Any], default: str, name: str, rule: str) -> None:
    """Add a column together with a rule. SQLite adds a rule with a column only; else it would have to make the table anew."""
    check = sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))
    op.add_column(table, sa.Column(column, kind, check, server_default=default, nullable=False))


def _drop(table: str, column: str, rule: str) -> None:
    """Take a column away, and the rule that came with it (on SQLite it stands in the column and goes by itself)."""
    if rule and op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f(f"ck_{table}_{rule}"), table)
    op.drop_column(table, column)


def _deliver_by(channels: str) -> None:
    """Say by what channels something may be delivered. No table refers to a delivery, so it may be made anew."""
    name = op.f("ck_delivery_channel")
    with op.batch_alter_table("delivery", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.drop_constraint(name, type_="check")
        table.create_check_constraint(name, f"channel in ({channels})")
