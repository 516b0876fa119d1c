"""Pages: links, sessions, notices."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "throttle",
        sa.Column("key", sa.String(length=90), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.CheckConstraint("tries >= 1", name=op.f("ck_throttle_tries")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_throttle")),
    )
    op.create_index("ix_throttle_since", "throttle", ["since"], unique=False)
    op.create_table(
        "notice",
        sa.Column("id", ID, nullable=False),
        sa.Column("recipient", sa.String(length=80), nullable=False),
        sa.Column("occasion", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("body_id", ID, nullable=True),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.CheckConstraint(
            "outcome is null or outcome in ('sent', 'refused', 'failed', 'unwanted', 'uncertain')", name=op.f("ck_notice_outcome")
        ),
        sa.CheckConstraint("(settled_at is null) = (outcome is null)", name=op.f("ck_notice_settled_with_outcome")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_notice_body_id_body")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint(
            "recipient", "occasion", "subject", "revision", name=op.f("uq_notice_recipient_occasion_subject_revision")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_notice_due_at",
        "notice",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("settled_at is null"),
        postgresql_where=sa.text("settled_at is null"),
    )
    op.create_table(
        "personal_link",
        sa.Column("id", ID, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=10), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(purpose = 'email') = (email <> '')", name=op.f("ck_personal_link_address_to_confirm")),
        sa.CheckConstraint("purpose in ('enter', 'connect', 'email')", name=op.f("ck_personal_link_purpose")),
        sa.CheckConstraint("length(token_hash) = 64", name=op.f("ck_personal_link_hash_only")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_personal_link_person_id_person"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_personal_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_personal_link_token_hash")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_personal_link_expires_at", "personal_link", ["expires_at"], unique=False)
    op.create_index("ix_personal_link_person_id", "personal_link", ["person_id"], unique=False)
    op.create_table(
        "upload",
        sa.Column("id", ID, nullable=False),
        sa.Column("body_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_upload_sha256")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_upload_body_id_body")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_upload_person_id_person"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_upload_at", "upload", ["at"], unique=False)
    op.create_table(
        "web_session",
        sa.Column("id", ID, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("grown_from", sa.String(length=64), nullable=False),
        sa.Column("came_by", sa.String(length=40), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("expires_at > begun_at", name=op.f("ck_web_session_expires_after_beginning")),
        sa.CheckConstraint("length(token_hash) = 64", name=op.f("ck_web_session_hash_only")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_web_session_person_id_person"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_web_session_token_hash")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_web_session_expires_at", "web_session", ["expires_at"], unique=False)
    op.create_index("ix_web_session_person_id", "web_session", ["person_id"], unique=False)
    op.create_table(
        "delivery",
        sa.Column("id", ID, nullable=False),
        sa.Column("notice_id", ID, nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("message", sa.String(length=200), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("channel in ('mail')", name=op.f("ck_delivery_channel")),
        sa.CheckConstraint("state in ('sending', 'sent', 'refused', 'failed', 'uncertain')", name=op.f("ck_delivery_state")),
        sa.CheckConstraint("attempt >= 1", name=op.f("ck_delivery_attempt")),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_delivery_notice_id_notice"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("notice_id", "channel", "attempt", name=op.f("uq_delivery_notice_id_channel_attempt")),
        sqlite_autoincrement=True,
    )
    op.add_column("dialogue", sa.Column("kept", sa.Text(), nullable=True))
    op.add_column("person", sa.Column("email_confirmed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("person", sa.Column("notice_version", sa.Integer(), server_default="0", nullable=False))
    op.add_column("person", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("person", sa.Column("placeless_since", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Go back to the former revision."""
    op.drop_column("person", "placeless_since")
    op.drop_column("person", "erased_at")
    op.drop_column("person", "notice_version")
    op.drop_column("person", "email_confirmed_at")
    op.drop_column("dialogue", "kept")
    op.drop_table("delivery")
    op.drop_index("ix_web_session_person_id", "web_session")
    op.drop_index("ix_web_session_expires_at", "web_session")
    op.drop_table("web_session")
    op.drop_index("ix_upload_at", "upload")
    op.drop_table("upload")
    op.drop_index("ix_personal_link_person_id", "personal_link")
    op.drop_index("ix_personal_link_expires_at", "personal_link")
    op.drop_table("personal_link")
    op.drop_index(
        "ix_notice_due_at", "notice", sqlite_where=sa.text("settled_at is null"), postgresql_where=sa.text("settled_at is null")
    )
    op.drop_table("notice")
    op.drop_index("ix_throttle_since", "throttle")
    op.drop_table("throttle")
